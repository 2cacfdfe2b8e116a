"""
Texts with markup: what people see, and which parts of it are shown otherwise.

Source: Bot API 10.1, formatting options, 2026-06; offsets are UTF-16 units, errors name
the byte they were found at. Links and hashtags in plain text are not marked here.
"""

from __future__ import annotations

import html
import re
from typing import Any

import attrs

from smmlib.sandbox.telegram._errors import bad, not_modelled

_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline",
    "ins": "underline", "s": "strikethrough", "strike": "strikethrough",
    "del": "strikethrough", "tg-spoiler": "spoiler", "span": "spoiler",
    "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
}  # fmt: skip
_HTML = re.compile(
    r"<(?P<close>/?)(?P<tag>[A-Za-z][A-Za-z0-9-]*)(?P<rest>[^<>]*)>|(?P<open><)"
    r"|(?P<entity>&(?:lt|gt|amp|quot|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)"
)
_HREF = re.compile(r"""\s*href\s*=\s*("([^"]*)"|'([^']*)'|(\S+))\s*""", re.IGNORECASE)
_SPOILER = re.compile(r"""\s*class\s*=\s*["']?tg-spoiler["']?\s*""")
_MARKS = {
    "*": "bold", "__": "underline", "_": "italic", "~": "strikethrough",
    "||": "spoiler",
}  # fmt: skip
_MARKDOWN = re.compile(
    r"\\(?P<plain>[\x01-\x7e])|```(?:(?P<language>\w+)\n)?(?P<block>(?:\\.|[^`\\])*)```"
    r"|`(?P<code>(?:\\.|[^`\\])*)`|(?P<mark>\|\||__|[*_~])|(?P<link>\[)"
    r"|\]\((?P<url>(?:\\.|[^)\\])*)\)|(?P<reserved>[\]()`>#+\-=|{}.!])",
    re.DOTALL,
)
MOST_ENTITIES = 100
_LINK = re.compile(r"(?:https?|tg|mailto|tel)://\S+|mailto:\S+|tel:\S+")

Entity = dict[str, Any]


@attrs.define
class _Writer:
    """
    The text as far as it is read, the parts that are open, and those that are done.
    """

    text: str = ""
    open: list[tuple[str, int, str]] = attrs.field(factory=list)
    entities: list[Entity] = attrs.field(factory=list)

    def start(self, kind: str, extra: str = "") -> None:
        self.open.append((kind, units(self.text), extra))

    def end(self, url: str = "") -> None:
        kind, offset, extra = self.open.pop()
        length = units(self.text) - offset
        entity: Entity = {"type": kind, "offset": offset, "length": length}
        if kind == "text_link":
            link = url or extra
            if not _LINK.fullmatch(link):
                return  # Telegram shows the words without a link
            entity["url"] = link
        if length:
            self.entities.append(entity)


def units(text: str) -> int:
    """
    Length in UTF-16 units.
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parsed(text: str, mode: str, entities: Any) -> tuple[str, list[Entity]]:
    """
    What is shown, with blanks at the ends dropped, and its entities in order.
    """
    if mode:
        readers = {"html": _from_html, "markdownv2": _from_markdown}
        if mode.lower() == "markdown":
            raise not_modelled("the old Markdown")
        if mode.lower() not in readers:
            raise bad("unsupported parse_mode")
        writer = readers[mode.lower()](text)
        text, found = writer.text, writer.entities
    else:
        found = _checked(entities or [])
    if len(found) > MOST_ENTITIES:
        found = found[:MOST_ENTITIES]
    return _trimmed(text, found)


def _checked(entities: Any) -> list[Entity]:
    kinds = {*_TAGS.values(), "expandable_blockquote"}
    if not isinstance(entities, list):
        raise bad("can't parse entities: expected an Array of MessageEntity")
    for entity in entities:
        if not isinstance(entity, dict) or entity.get("type") not in kinds:
            raise bad("can't parse entities: unsupported type of MessageEntity")
        if not all(isinstance(entity.get(k), int) for k in ("offset", "length")):
            raise bad("can't parse entities: offset and length must be Integer")
    return list(entities)


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    kept = text.strip()
    before = units(text) - units(text.lstrip())
    size = units(kept)
    rows = []
    for entity in entities:
        begin = max(entity["offset"] - before, 0)
        end = min(entity["offset"] + entity["length"] - before, size)
        if end > begin:
            rows.append({**entity, "offset": begin, "length": end - begin})
    rows.sort(key=lambda row: (row["offset"], -row["length"]))
    return kept, rows


def _from_html(source: str) -> _Writer:
    writer, at = _Writer(), 0
    tags: list[str] = []
    for match in _HTML.finditer(source):
        writer.text += source[at : match.start()]
        at = match.end()
        byte = len(source[: match.start()].encode("utf-8", "surrogatepass"))
        if match["entity"]:
            writer.text += html.unescape(match["entity"])
            continue
        tag = (match["tag"] or "").lower()
        if match["open"] or tag not in _TAGS:
            raise _broken(f'Unsupported start tag "{tag}" at byte offset {byte}')
        if match["close"]:
            if not tags or tags.pop() != tag:
                raise _broken(f"Unexpected end tag at byte offset {byte}")
            writer.end()
            continue
        href = _HREF.fullmatch(match["rest"]) if tag == "a" else None
        if tag == "span" and not _SPOILER.fullmatch(match["rest"]):
            raise _broken(f'Tag "span" must have class "tg-spoiler" at {byte}')
        tags.append(tag)
        link = next(filter(None, href.groups()[1:]), "") if href else ""
        writer.start(_TAGS[tag], html.unescape(link))
    if tags:
        raise _broken(f'Can\'t find end tag corresponding to start tag "{tags[-1]}"')
    writer.text += source[at:]
    return writer


def _from_markdown(source: str) -> _Writer:
    writer, at = _Writer(), 0
    for match in _MARKDOWN.finditer(source):
        writer.text += source[at : match.start()]
        at = match.end()
        byte = len(source[: match.start()].encode("utf-8", "surrogatepass"))
        if match["plain"]:
            writer.text += match["plain"]
        elif match["code"] is not None or match["block"] is not None:
            writer.start("code" if match["code"] is not None else "pre")
            writer.text += re.sub(
                r"\\(.)", r"\1", match["code"] or match["block"] or ""
            )
            writer.end()
        elif match["mark"]:
            _mark(writer, _MARKS[match["mark"]])
        elif match["link"]:
            writer.start("text_link")
        elif match["url"] is not None:
            if not writer.open or writer.open[-1][0] != "text_link":
                raise _reserved("]", byte)
            writer.end(re.sub(r"\\(.)", r"\1", match["url"]))
        else:
            raise _reserved(match["reserved"], byte)
    if writer.open:
        kind = writer.open[-1][0]
        raise _broken(f"Can't find end of the entity of type {kind}")
    writer.text += source[at:]
    return writer


def _mark(writer: _Writer, kind: str) -> None:
    if writer.open and writer.open[-1][0] == kind:
        writer.end()
        return
    if kind in {name for name, _, _ in writer.open}:
        raise _broken(f"Can't find end of the entity of type {writer.open[-1][0]}")
    writer.start(kind)


def _reserved(char: str, byte: int) -> Exception:
    return _broken(
        f"Character '{char}' is reserved and must be escaped with the preceding '\\' "
        f"at byte offset {byte}"
    )


def _broken(text: str) -> Exception:
    return bad(f"can't parse entities: {text}")
