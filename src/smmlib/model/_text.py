"""
The text of an ad, and the 480 rule.
"""

from __future__ import annotations

import unicodedata

import attrs

from smmlib.errors import Issue, ValidationError
from smmlib.model._checks import (
    is_language,
    is_optional,
    is_text,
    is_whole,
    refuse,
)
from smmlib.model._enums import TextState
from smmlib.model._quick import plain_text, quick
from smmlib.model._value import Value
from smmlib.model._words import as_text_state

BEFORE_SHOW_MORE = 480
"""
Characters of an ad that stand before "Show more".
"""

_LONGEST = 100_000


def _characters(count: int) -> str:
    return f"{count} character{'' if count == 1 else 's'}"


def count_characters(text: str) -> int:
    """
    Characters as the 480 rule counts them: code points after Unicode NFC.
    """
    return len(text) if text.isascii() else len(unicodedata.normalize("NFC", text))


@quick(
    f"limit == {BEFORE_SHOW_MORE} and limit.__class__ is int",
    plain_text("text", BEFORE_SHOW_MORE),
    "text and not text.isspace() and (text.isascii() or is_composed('NFC', text))",
    is_composed=unicodedata.is_normalized,
)
@attrs.frozen(eq=False, repr=False)
class AdText(Value):
    """
    The text of an ad; at most 480 characters stand before "Show more".

    Examples:
        >>> len(AdText("Taste first, pay later."))
        23

    Attributes:
        text: What people read.
        limit: How many characters it may have. 480, unless the text was read back from
            a platform with a limit of its own.

    Raises:
        ValidationError: Longer than the limit (`text.too_long`); the message says the
            count, the limit and where the text would be cut.
    """

    text: str
    limit: int = attrs.field(default=BEFORE_SHOW_MORE, kw_only=True)

    def __attrs_post_init__(self) -> None:
        is_text("text", self.text, longest=_LONGEST)
        is_whole("limit", self.limit, low=1, high=_LONGEST)
        count = count_characters(self.text)
        if count <= self.limit:
            return
        shown = unicodedata.normalize("NFC", self.text)[: self.limit]
        issue = Issue(
            "text",
            "text.too_long",
            f'the text has {count} characters, at most {self.limit} stand before "Show '
            f'more"; it would be cut after "...{shown[-24:]}"',
            value=count,
            limit=self.limit,
            hint=f"shorten it by {_characters(count - self.limit)}",
        )
        raise ValidationError([issue])

    def __len__(self) -> int:
        return count_characters(self.text)

    def __str__(self) -> str:
        return self.text

    @property
    def left(self) -> int:
        """
        How many characters may still be added.
        """
        return self.limit - len(self)

    def shown(self, visible: int) -> str:
        """
        What people see before they open the text, if only `visible` characters show.
        """
        plain = unicodedata.normalize("NFC", self.text)
        return plain if len(plain) <= visible else plain[:visible].rstrip() + "…"

    def _repr_html_(self) -> str:
        from html import escape

        return (
            f"<p>{escape(self.text)}</p><small>{len(self)} of {self.limit} "
            "characters</small>"
        )


def ad_text(value: AdText | str | None) -> AdText | None:
    """
    Let a user give plain text where an `AdText` is meant.
    """
    return AdText(value) if isinstance(value, str) else value


@attrs.frozen(eq=False, repr=False)
class TextVariant(Value):
    """
    The same text in another language, and how far it has come.

    Attributes:
        language: BCP 47 tag, e.g. `de-AT`.
        text: The text in that language; None while it is missing.
        state: missing, draft, translated, reviewed or approved.
    """

    language: str
    text: AdText | None = attrs.field(default=None, converter=ad_text)
    state: TextState = attrs.field(
        default=TextState.DRAFT, converter=as_text_state, kw_only=True
    )

    def __attrs_post_init__(self) -> None:
        is_language("language", self.language)
        is_optional("text", self.text, AdText)
        if (self.text is None) is not (self.state is TextState.MISSING):
            refuse(
                "state",
                f"a variant with{'out' if self.text is None else ''} text cannot be "
                f"'{self.state}'",
                code="text.variant_state",
                value=self.state.value,
                expected="missing" if self.text is None else "any other state",
            )
