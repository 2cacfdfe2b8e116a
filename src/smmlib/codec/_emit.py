"""
YAML out: one canonical layout that reads like a person wrote it.

Written here instead of by the YAML library's emitter, which is ten times slower, folds
long texts, and cannot put each small thing on one line of its own. What is written is
read back by that library's parser in the tests.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from smmlib.codec._yaml import Plain

_WIDTH = 100
# Words that stay themselves unquoted in every YAML: no marks, no numbers, no dates.
_SAFE = re.compile(r"[A-Za-z\u00c0-\u024f](?:[\w ./@()+=?%&'*!~-]|:(?=[\w/]))*(?<! )\Z")
_PLAIN_SAFE = re.compile(r"[\w.+#-](?:[\w .+%/-]|:(?=[\w/]))*(?<! )\Z")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_RESERVED = frozenset("null true false yes no on off y n".split())
# What YAML readers refuse or change in quotes; always written as an escape.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_SINGLE = re.compile(r"[ -&(-\[\]-~]*\Z")  # printable ASCII without ' and \
_LITERAL = re.compile(r"[^\s\x00-\x1f][^\x00-\x09\x0b-\x1f]*\Z")
# Sections whose entries stand one below the other, however short they are.
_TALL = frozenset(
    "people strategy goals audiences lines campaigns ad_sets creatives posts "
    "ideas slots milestones tasks briefs approvals".split()
)


def write_yaml(data: dict[str, Any]) -> str:
    """
    Builtins as YAML text.
    """
    return "".join(f"{line}\n" for line in _mapping(data, 0))


def _mapping(data: dict[str, Any], indent: int) -> Iterator[str]:
    pad = " " * indent
    for key, value in data.items():
        yield from _entry(f"{pad}{_word(key)}:", value, indent, tall=key in _TALL)


def _entry(head: str, value: Any, indent: int, *, tall: bool) -> Iterator[str]:
    """
    One value behind its key or dash: on the same line if it fits, else below.
    """
    if isinstance(value, str) and _is_literal(value):
        yield f"{head} |-"
        pad = " " * (indent + 2)
        yield from (f"{pad}{line}" if line else "" for line in value.split("\n"))
        return
    flow = None if tall and value else _flow(value, _WIDTH - len(head))
    if flow is not None:
        yield f"{head} {flow}"
    elif isinstance(value, dict):
        yield head
        yield from _mapping(value, indent + 2)
    elif isinstance(value, list):
        yield head
        for item in value:
            yield from _entry(" " * (indent + 2) + "-", item, indent + 2, tall=False)
    else:
        yield f"{head} {_scalar(value)}"


def _is_literal(text: str) -> bool:
    """
    Whether a text of several lines can stand as it is.
    """
    return (
        "\n" in text
        and not text.endswith("\n")
        and not _ESCAPED.search(text)
        and _LITERAL.match(text) is not None
    )


def _flow(value: Any, room: int) -> str | None:
    """
    A value on one line, or None where it does not fit.
    """
    if isinstance(value, dict):
        return _joined("{}", ((f"{_word(k)}: ", v) for k, v in value.items()), room)
    if isinstance(value, list):
        return _joined("[]", (("", item) for item in value), room)
    text = _scalar(value)
    return text if len(text) < room else None


def _joined(brackets: str, parts: Iterator[tuple[str, Any]], room: int) -> str | None:
    found = []
    room -= len(brackets)
    for head, value in parts:
        text = _flow(value, room - len(head))
        if text is None:
            return None
        found.append(head + text)
        room -= len(found[-1]) + 2
    return None if room < 0 else f"{brackets[0]}{', '.join(found)}{brackets[1]}"


def _scalar(value: Any) -> str:
    if isinstance(value, Plain):
        return str(value) if _PLAIN_SAFE.match(value) else quoted(value)
    if isinstance(value, str):
        return _word(value)
    if value is None:
        return "null"
    return str(value).lower()  # true, false and whole numbers


def _word(text: str) -> str:
    """
    Text unquoted where every YAML reads it as that text, else in quotes.
    """
    safe = _SAFE.match(text) and text.lower() not in _RESERVED
    return text if safe or _UUID.match(text) else quoted(text)


def quoted(text: str) -> str:
    """
    Text in double quotes, as JSON has it; in single ones where that saves escapes.
    """
    if '"' in text and _SINGLE.match(text):
        return f"'{text}'"
    return _ESCAPED.sub(_escape, json.dumps(text, ensure_ascii=False))


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found.group()):04x}"
