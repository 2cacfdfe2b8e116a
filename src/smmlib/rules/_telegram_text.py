"""
What a text for Telegram looks like there: its marks become bold, italic, links.

People mark words as they do in Telegram's own apps: `*bold*`, `_italic_`, `~struck~`,
`||hidden||`, `` `code` `` and `[words](https://link)`; a backslash makes the next mark
plain. A mark without its partner is a plain character, so no text can be wrong.
Telegram counts what is left after that, in UTF-16 units (Bot API 9, read 2026-11).
"""

from __future__ import annotations

import re

import attrs

_KINDS = {
    "*": "bold",
    "_": "italic",
    "~": "strikethrough",
    "||": "spoiler",
    "`": "code",
}
# Marks stand at the edges of words: 2*3*4 and snake_case_names are no marks.
_MARKED = re.compile(
    r"\\[\\*_~|`\[\]()]|(?P<address>https?://[^\s*~|`\[\]\\]+)"
    r"|\[(?P<words>[^\[\]\n]{1,1000})\]\((?P<link>https?://[^\s()\\]{1,2000})\)"
    r"|(?<![^\W_])(?P<mark>\|\||[*_~`])(?=[^\s*_~`|])"
    r"(?P<inner>[^*_~`|\n\\]{0,3999}[^\s*_~`|\\])(?P=mark)(?![^\W_])"
)


@attrs.frozen
class TextEntity:
    """
    A part of a text that is shown otherwise.

    Attributes:
        kind: As Telegram calls it: `bold`, `italic`, `strikethrough`, `spoiler`,
            `code` or `text_link`.
        begin: Place of its first character.
        end: Place behind its last character.
        link: Where it leads, for `text_link`.
    """

    kind: str
    begin: int
    end: int
    link: str = ""


@attrs.frozen
class FormattedText:
    """
    A text without its marks, and what they meant.
    """

    text: str
    entities: tuple[TextEntity, ...] = ()


def formatted(text: str) -> FormattedText:
    """
    Read the marks of a text for Telegram.
    """
    parts: list[str] = []
    entities: list[TextEntity] = []
    at = size = 0
    for match in _MARKED.finditer(text):
        before = text[at : match.start()]
        shown, kind = _shown(match)
        parts += (before, shown)
        size += len(before)
        if kind:
            entities.append(
                TextEntity(kind, size, size + len(shown), match["link"] or "")
            )
        size += len(shown)
        at = match.end()
    parts.append(text[at:])
    return FormattedText("".join(parts), tuple(entities))


def _shown(match: re.Match[str]) -> tuple[str, str]:
    """
    What is shown of a marked part, and as which kind; an escaped mark has none.
    """
    if match["link"]:
        return match["words"], "text_link"
    if match["address"]:
        return match["address"], ""
    if match["mark"]:
        return match["inner"], _KINDS[match["mark"]]
    return match[0][1:], ""


def utf16_units(text: str) -> int:
    """
    Length as Telegram, X and every JavaScript program counts it.
    """
    return len(text) + sum(char > "\uffff" for char in text)


def telegram_length(text: str) -> int:
    """
    How long a text is to Telegram: UTF-16 units of what is shown.

    Example:
        >>> from smmlib.rules import telegram_length
        >>> telegram_length("*We are open.*")
        12
    """
    return utf16_units(formatted(text).text.strip())
