"""
Small checks the values share: each refuses with attribute, value, limit and a hint.

Plain functions instead of validator objects: they are called from one
`__attrs_post_init__` per class, which costs half as much to import and to construct.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from smmlib.errors import Issue, ValidationError

if TYPE_CHECKING:
    from enum import StrEnum

_E = TypeVar("_E", bound="StrEnum")

_SHOWN = 12
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\Z")
# BCP 47: language, then script, region and variants (RFC 5646, the parts in use).
_LANGUAGE = re.compile(
    r"[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-[a-z0-9]{5,8})*\Z"
)
# Nothing that a person can type on purpose; newline and tab are allowed in texts.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def refuse(
    attribute: str,
    message: str,
    *,
    code: str = "value.invalid",
    value: Any = None,
    expected: Any = None,
    hint: str = "",
) -> NoReturn:
    """
    Raise the one error a constructor raises: attribute, value, what was expected.
    """
    raise ValidationError(
        [Issue(attribute, code, message, value=value, limit=expected, hint=hint)]
    )


def nearest(word: str, known: Iterable[str]) -> str:
    """
    The known word most like a mistyped one; empty when none is.
    """
    from difflib import get_close_matches

    close = get_close_matches(word.casefold(), sorted(known), n=1, cutoff=0.6)
    return close[0] if close else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """
    The nearest known word as a hint, else the list of known words.
    """
    names = sorted(known)
    close = nearest(word, names)
    if close:
        return f"did you mean '{close}'?"
    shown = ", ".join(names[:_SHOWN]) + (", ..." if names[_SHOWN:] else "")
    return f"known: {shown}" if names else "nothing is defined there yet"


def is_one(value: Any, kinds: tuple[type, ...]) -> bool:
    """
    Whether a value is of one of the kinds; Python's bool and datetime pose as others.
    """
    if not isinstance(value, kinds):
        return False
    if isinstance(value, bool):
        return bool in kinds
    return not isinstance(value, datetime) or datetime in kinds or date not in kinds


def is_type(attribute: str, value: Any, *kinds: type) -> None:
    """
    Refuse a value of another type; True is no number here, and an instant is no day.
    """
    if value.__class__ in kinds or is_one(value, kinds):
        return
    names = " or ".join(k.__name__ for k in kinds)
    refuse(
        attribute,
        f"{attribute} must be {names}, not {type(value).__name__}",
        code="type.wrong",
        value=value,
        expected=names,
    )


def is_optional(attribute: str, value: Any, *kinds: type) -> None:
    """
    Like `is_type`, and None is fine too.
    """
    if value is not None and value.__class__ not in kinds:
        is_type(attribute, value, *kinds)


def is_text(
    attribute: str, value: Any, *, longest: int = 10_000, empty: bool = False
) -> None:
    """
    Refuse what is no readable text: other types, empty, too long, control characters.
    """
    # Most texts are one plain line: Python's own test sees that at once.
    plain = value.__class__ is str and value.isprintable() and len(value) <= longest
    if plain and (empty or value.strip()):
        return
    is_type(attribute, value, str)
    if not empty and not value.strip():
        refuse(
            attribute,
            f"{attribute} is empty",
            code="text.empty",
            value=value,
            expected="a text",
            hint="write one, or leave the field out",
        )
    if len(value) > longest:
        refuse(
            attribute,
            f"{attribute} has {len(value)} characters, at most {longest} are allowed",
            code="text.too_long",
            value=len(value),
            expected=longest,
        )
    found = _CONTROL.search(value)
    if found:
        refuse(
            attribute,
            f"{attribute} holds the unprintable character "
            f"U+{ord(found.group()):04X} at position {found.start()}",
            code="text.control_character",
            value=f"U+{ord(found.group()):04X}",
            expected="characters that can be printed",
            hint="remove the character; it often comes from copying",
        )


def is_optional_text(attribute: str, value: Any, *, longest: int = 10_000) -> None:
    """
    Text that may be left out, as an empty string.
    """
    # As in `is_text`; asked here as well, it spares most texts that call.
    if not (value.__class__ is str and value.isprintable() and len(value) <= longest):
        is_text(attribute, value, longest=longest, empty=True)


def is_key(attribute: str, value: Any) -> None:
    """
    Refuse what cannot name a thing in a plan: keys are identity, so they stay simple.
    """
    is_type(attribute, value, str)
    if not KEY.match(value):
        refuse(
            attribute,
            f"'{value[:80]}' cannot be a key",
            code="key.invalid",
            value=value[:80],
            expected="letters, digits, - and _, at most 64",
            hint="shown names go into `name`; keys are short, like 'spring-sale'",
        )


def is_optional_key(attribute: str, value: Any) -> None:
    """
    A key that may be left out, as an empty string.
    """
    is_type(attribute, value, str)
    if value:
        is_key(attribute, value)


def are_strings(thing: Any, *attributes: str) -> None:
    """
    Refuse what is no text at all. What others wrote is taken as it is: unlike a plan's
    own words, a name in a report may be empty, long or strange.
    """
    for attribute in attributes:
        value = getattr(thing, attribute)
        if not isinstance(value, str):
            is_type(attribute, value, str)


def is_whole(
    attribute: str, value: Any, *, low: int | None = None, high: int | None = None
) -> None:
    """
    Refuse what is no whole number in the range.
    """
    is_type(attribute, value, int)
    if (low is not None and value < low) or (high is not None and value > high):
        span = f"{'' if low is None else low}..{'' if high is None else high}"
        refuse(
            attribute,
            f"{attribute} is {value}, allowed is {span}",
            code="number.range",
            value=value,
            expected=span,
            hint=f"write a whole number in {span}",
        )


def is_aware(attribute: str, value: datetime | None) -> None:
    """
    Refuse an instant without zone: "9 o'clock" is a different moment everywhere.
    """
    if value is not None and (value.tzinfo is None or value.utcoffset() is None):
        refuse(
            attribute,
            f"{attribute} has no time zone",
            code="time.naive",
            value=value.isoformat(),
            expected="an aware datetime",
            hint="give it a zone, e.g. tzinfo=ZoneInfo('Europe/Berlin')",
        )


def is_language(attribute: str, value: str) -> None:
    """
    Refuse what is no BCP 47 language tag such as `de` or `pt-BR`.
    """
    is_type(attribute, value, str)
    if not _LANGUAGE.match(value.lower()):
        refuse(
            attribute,
            f"'{value}' is no language tag",
            code="language.unknown",
            value=value,
            expected="BCP 47, e.g. de, en-GB",
        )


def is_optional_language(attribute: str, value: str) -> None:
    """
    A language that may be left out, as an empty string.
    """
    is_type(attribute, value, str)
    if value:
        is_language(attribute, value)


def one_of(
    attribute: str, kind: type[_E], value: Any, aliases: Mapping[str, str] | None = None
) -> _E:
    """
    The member of a closed list a person means, in any case; or what the list knows.
    """
    if isinstance(value, kind):
        return value
    if isinstance(value, str):
        known = kind._value2member_map_
        if value in known:
            return known[value]  # type: ignore[return-value] # members of `kind`
        word = value.strip().casefold().replace(" ", "_").replace("-", "_")
        word = (aliases or {}).get(word, word)
        if word in known:
            return kind(word)
    words = [member.value for member in kind]
    close = nearest(str(value), words)
    return refuse(
        attribute,
        f"unknown {kind.__name__} {value!r}",
        code="enum.unknown",
        value=value,
        expected=", ".join(words),
        hint=f"did you mean '{close}'?" if close else "choose one of these",
    )


def each_of(
    attribute: str,
    kind: type[_E],
    values: Any,
    aliases: Mapping[str, str] | None = None,
) -> tuple[_E, ...]:
    """
    Members of a closed list, from a list of their names.
    """
    is_list(attribute, values)
    return tuple(
        one_of(f"{attribute}[{place}]", kind, value, aliases)
        for place, value in enumerate(values)
    )


def as_tuple(value: Iterable[Any]) -> tuple[Any, ...]:
    """
    Any list as a tuple. What is no list passes, for `are` to refuse it by name.
    """
    if isinstance(value, (tuple, str, bytes)) or not hasattr(value, "__iter__"):
        return value  # type: ignore[return-value]
    return tuple(value)


def is_list(attribute: str, value: Any) -> None:
    """
    Refuse a single thing where a list is meant.
    """
    if isinstance(value, (str, bytes, Mapping)) or not hasattr(value, "__iter__"):
        refuse(
            attribute,
            f"{attribute} must be a list, not {type(value).__name__}",
            code="type.wrong",
            value=value,
            expected="a list",
            hint=f"write [{value}]" if isinstance(value, str) else "",
        )


def are(attribute: str, values: tuple[Any, ...], *kinds: type) -> None:
    """
    Refuse a list that holds anything else than these kinds.
    """
    if values.__class__ is not tuple:
        is_list(attribute, values)
    for place, item in enumerate(values):
        if item.__class__ not in kinds and not is_one(item, kinds):
            is_type(f"{attribute}[{place}]", item, *kinds)


def are_texts(attribute: str, values: tuple[str, ...]) -> None:
    """
    Refuse empty texts, and the same text twice.
    """
    is_list(attribute, values)
    for place, item in enumerate(values):
        is_text(f"{attribute}[{place}]", item, longest=500)
    are_once(attribute, values)


def are_once(attribute: str, values: tuple[Any, ...]) -> None:
    """
    Refuse the same thing twice; two names of one thing are the same thing.
    """
    if len(set(values)) != len(values):
        twice = next(value for value in values if values.count(value) > 1)
        refuse(
            attribute,
            f"'{twice}' stands twice in {attribute}",
            code="list.repeated",
            value=str(twice),
            expected="each once",
            hint="remove one of the two",
        )
