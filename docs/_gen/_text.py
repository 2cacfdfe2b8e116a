"""
Small helpers for pages: tables, and what docstrings say about each attribute.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Sequence
from typing import Any

NOTE = "<!-- Made by docs/_gen; edit the code it describes, then run it again. -->"
_SECTION = re.compile(r"^(?:Attributes|Args|Examples?|Returns|Raises):", re.MULTILINE)
_ENTRY = re.compile(r"    (\w+): (.*)")


def cell(value: Any) -> str:
    """
    A text for one cell of a table.
    """
    return " ".join(str(value).split()).replace("|", "\\|")


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """
    A Markdown table.
    """
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(cell, line)) + " |" for line in lines)


def page(*parts: str) -> str:
    """
    A page of paragraphs and tables.
    """
    return "\n\n".join(part.strip("\n") for part in (NOTE, *parts)) + "\n"


def code(value: Any) -> str:
    """
    A text as code; nothing stays nothing.
    """
    return f"`{value}`" if str(value) else ""


def doc(thing: Any) -> str:
    """
    A docstring, unindented.
    """
    return inspect.getdoc(thing) or ""


def first_paragraph(thing: Any) -> str:
    """
    What the docstring says first.
    """
    return " ".join(doc(thing).partition("\n\n")[0].split())


def before_sections(thing: Any) -> str:
    """
    The docstring up to its first section of attributes, arguments or examples.
    """
    return _SECTION.split(doc(thing))[0].strip()


def attributes(thing: Any) -> dict[str, str]:
    """
    What the section "Attributes" says about each of them.
    """
    parents = getattr(thing, "__mro__", (thing,))[1:]
    found = {k: v for p in reversed(parents) for k, v in _own_attributes(p).items()}
    return found | _own_attributes(thing)


def _own_attributes(thing: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    _, _, section = (inspect.cleandoc(thing.__doc__ or "")).partition("Attributes:\n")
    name = ""
    for line in section.splitlines():
        entry = _ENTRY.match(line)
        if entry:
            name = entry.group(1)
            found[name] = entry.group(2)
        elif name and line.startswith("        "):
            found[name] += " " + line.strip()
        elif line.strip():
            break
    return found


def sentence(text: str) -> str:
    """
    The text with a capital first.
    """
    return text[:1].upper() + text[1:]
