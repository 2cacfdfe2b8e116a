"""
Texts in the two markups Telegram reads, written so that no text can break them.

Source: Bot API formatting options, 2026-06: HTML needs three characters escaped,
MarkdownV2 eighteen, and others inside code and links.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

import attrs

from smmlib.rules import formatted

if TYPE_CHECKING:
    from collections.abc import Callable

    from smmlib.rules import TextEntity

_TAGS = {
    "bold": "b",
    "italic": "i",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
}
_MARKS = {"bold": "*", "italic": "_", "strikethrough": "~", "spoiler": "||"}
_RESERVED = re.compile(r"([\\_*\[\]()~`>#+\-=|{}.!])")
_IN_CODE = re.compile(r"([\\`])")
_IN_LINK = re.compile(r"([\\)])")


def to_html(text: str) -> str:
    """
    A text with smmlib's marks as Telegram's HTML.
    """
    return _rendered(text, _html_text, _html_part)


def to_markdown(text: str) -> str:
    """
    A text with smmlib's marks as Telegram's MarkdownV2.
    """
    return _rendered(text, _markdown_text, _markdown_part)


def _rendered(
    text: str, plain: Callable[[str], str], part: Callable[[TextEntity, str], str]
) -> str:
    found = formatted(text)
    parts, at = [], 0
    for entity in _joined(found.entities):
        parts.append(plain(found.text[at : entity.begin]))
        parts.append(part(entity, found.text[entity.begin : entity.end]))
        at = entity.end
    parts.append(plain(found.text[at:]))
    return "".join(parts)


def _joined(entities: Iterable[TextEntity]) -> list[TextEntity]:
    """
    Neighbours that are marked alike as one: `_a__b_` would be underlined, not italic.
    """
    found: list[TextEntity] = []
    for entity in entities:
        last = found[-1] if found else None
        alike = last and (last.kind, last.end) == (entity.kind, entity.begin)
        if last and alike and not entity.link:
            found[-1] = attrs.evolve(last, end=entity.end)
        else:
            found.append(entity)
    return found


def _html_text(text: str) -> str:
    return escape(text, quote=False)


def _html_part(entity: TextEntity, text: str) -> str:
    words = _html_text(text)
    if entity.kind == "text_link":
        return f'<a href="{escape(entity.link)}">{words}</a>'
    tag = _TAGS[entity.kind]
    return f"<{tag}>{words}</{tag}>"


def _markdown_text(text: str) -> str:
    return _RESERVED.sub(r"\\\1", text)


def _markdown_part(entity: TextEntity, text: str) -> str:
    if entity.kind == "code":
        words = _IN_CODE.sub(r"\\\1", text)
        return f"`{words}`"
    words = _markdown_text(text)
    if entity.kind == "text_link":
        link = _IN_LINK.sub(r"\\\1", entity.link)
        return f"[{words}]({link})"
    mark = _MARKS[entity.kind]
    return f"{mark}{words}{mark}"
