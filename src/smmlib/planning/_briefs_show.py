"""
A brief as data, as Markdown and as a page: the same sections in each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import escape
from typing import Any

import attrs

from smmlib.model import Role

# Backslash first: what a name holds must not become a heading, a link or a cell.
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~])")


@attrs.frozen
class BriefSection:
    """
    One part of a brief.

    Attributes:
        title: Its heading, in the reader's language.
        rows: What and how much, one pair for each line.
        text: A paragraph above the rows.
    """

    title: str
    rows: tuple[tuple[str, str], ...] = ()
    text: str = attrs.field(default="", kw_only=True)

    def __bool__(self) -> bool:
        return bool(self.rows or self.text)


@attrs.frozen
class BriefSheet:
    """
    Everything somebody needs to know to start, in their own language.

    Attributes:
        key: Key of the brief in the plan, or the role it was made for.
        title: What it is about.
        role: Who it is for.
        recipient: Name of the person who gets it; empty while nobody has it.
        due: The day it is needed.
        language: Language of its labels.
        locale: Whose days and numbers it shows.
        version: Version of the plan it was made from.
        fingerprint: Content hash of that version.
        sections: Its parts in order.
    """

    key: str
    title: str
    role: Role = attrs.field(kw_only=True)
    recipient: str = attrs.field(default="", kw_only=True)
    due: date | None = attrs.field(default=None, kw_only=True)
    language: str = attrs.field(default="en", kw_only=True)
    locale: str = attrs.field(default="en-GB", kw_only=True)
    version: int = attrs.field(default=1, kw_only=True)
    fingerprint: str = attrs.field(default="", kw_only=True)
    sections: tuple[BriefSection, ...] = attrs.field(default=(), kw_only=True)

    def to_dict(self) -> dict[str, Any]:
        """
        The brief as JSON-ready data.
        """
        return {
            "key": self.key,
            "title": self.title,
            "role": self.role.value,
            "recipient": self.recipient,
            "due": self.due.isoformat() if self.due else None,
            "language": self.language,
            "locale": self.locale,
            "version": self.version,
            "fingerprint": self.fingerprint,
            "sections": [
                {"title": s.title, "text": s.text, "rows": [list(r) for r in s.rows]}
                for s in self.sections
            ],
        }

    def markdown(self) -> str:
        """
        The brief as Markdown.
        """
        lines = [f"# {_marked(self.title)}", ""]
        for section in self.sections:
            lines += [f"## {_marked(section.title)}", ""]
            if section.text:
                lines += [_marked(section.text), ""]
            lines += [_bullet(*row) for row in section.rows]
            lines += [""] if section.rows else []
        return "\n".join(lines).rstrip() + "\n"

    def html(self) -> str:
        """
        The brief as a page of its own that asks nobody for anything.
        """
        return (
            f'<!doctype html>\n<html lang="{escape(self.language)}">\n<head>\n'
            f'<meta charset="utf-8">\n<title>{escape(self.title)}</title>\n'
            '<meta http-equiv="Content-Security-Policy" content="default-src \'none\';'
            " style-src 'unsafe-inline'\">\n"
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n{self._body()}\n</main>"
            "\n</body>\n</html>\n"
        )

    def _body(self, level: int = 1) -> str:
        return "\n".join(
            [f"<h{level}>{escape(self.title)}</h{level}>", *_sections(self, level + 1)]
        )

    def _repr_html_(self) -> str:
        return self._body(level=3)

    def __str__(self) -> str:
        lines = [self.title]
        for section in self.sections:
            lines += ["", section.title]
            lines += [f"  {section.text}"] if section.text else []
            lines += [f"  {name}: {value}" for name, value in section.rows]
        return "\n".join(lines)


_STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;margin:0}
main{max-width:48rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;
border-bottom:1px solid #8884;overflow-wrap:anywhere}
th{width:38%;font-weight:600}
p{white-space:pre-line}
@media print{main{margin:0}section{break-inside:avoid}}
""".strip()


def _sections(sheet: BriefSheet, level: int) -> Iterator[str]:
    for section in sheet.sections:
        yield f"<section><h{level}>{escape(section.title)}</h{level}>"
        if section.text:
            yield f"<p>{escape(section.text)}</p>"
        if section.rows:
            rows = "".join(
                f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>'
                for name, value in section.rows
            )
            yield f"<table>{rows}</table>"
        yield "</section>"


def _marked(text: str) -> str:
    """
    A text that Markdown shows as it is.
    """
    return _MARKS.sub(r"\\\1", text)


def _bullet(name: str, value: str) -> str:
    one_line = " ".join(value.split())
    shown = f"<{one_line}>" if _is_link(one_line) else _marked(one_line)
    return f"- **{_marked(name)}**: {shown}"


def _is_link(text: str) -> bool:
    return text.startswith(("https://", "http://")) and not set(text) & set(" <>")
