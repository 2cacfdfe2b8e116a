"""
Field selection: `fields=id,name,adsets.limit(5){id,targeting{geo_locations}}`.

Source: Graph API field expansion, 2026-08.
"""

from __future__ import annotations

import json
import re

import attrs

from smmlib.sandbox.meta._errors import GraphError, not_modelled

_DEEPEST = 20
_MOST = 500


@attrs.frozen
class Field:
    """
    One wanted field, with the fields wanted inside it and its edge arguments.
    """

    name: str
    inside: tuple[Field, ...] = ()
    args: dict[str, str] = attrs.field(factory=dict)


def parse_fields(text: str) -> tuple[Field, ...]:
    """
    Read a field selection.

    Raises:
        GraphError: Code 2500, the text is not one.
    """
    stripped = text.strip()
    if stripped.startswith("["):
        stripped = _from_json(stripped)
    if not stripped:
        return ()
    parser = _Parser(stripped)
    fields = parser.fields(0)
    if parser.place != len(stripped):
        raise _syntax(stripped, parser.place)
    return fields


def _from_json(text: str) -> str:
    try:
        names = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _syntax(text, 0) from error
    if not all(isinstance(name, str) for name in names):
        raise _syntax(text, 0)
    return ",".join(names)


def _syntax(text: str, place: int) -> GraphError:
    return GraphError(
        2500,
        f"Syntax error at character {place}: {text[place : place + 20]!r}"
        " is not a valid field selection",
    )


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.count = 0

    def fields(self, depth: int) -> tuple[Field, ...]:
        if depth > _DEEPEST:
            raise _syntax(self.text, self.place)
        found = [self.field(depth)]
        while self.peek() == ",":
            self.place += 1
            if self.peek() in {"", "}"}:  # a trailing comma is tolerated
                break
            found.append(self.field(depth))
        return tuple(found)

    def field(self, depth: int) -> Field:
        self.skip()
        match = re.compile(r"[A-Za-z0-9_:]+").match(self.text, self.place)
        self.count += 1
        if match is None or self.count > _MOST:
            raise _syntax(self.text, self.place)
        self.place = match.end()
        args: dict[str, str] = {}
        inside: tuple[Field, ...] = ()
        while self.peek() == ".":
            name, value = self.modifier()
            if name == "fields":
                inside = parse_fields(value)
            else:
                args[name] = value
        if self.peek() == "{":
            inside = self.block(depth)
        return Field(match.group(), inside, args)

    def block(self, depth: int) -> tuple[Field, ...]:
        self.place += 1
        inside = self.fields(depth + 1)
        if self.peek() != "}":
            raise _syntax(self.text, self.place)
        self.place += 1
        return inside

    def modifier(self) -> tuple[str, str]:
        match = re.compile(r"\.([a-z_]+)\(").match(self.text, self.place)
        if match is None:
            raise _syntax(self.text, self.place)
        name = match.group(1)
        if name not in {"limit", "after", "before", "fields", "filtering", "summary"}:
            raise not_modelled(f"the field modifier .{name}()")
        end = self.closing(match.end())
        value = self.text[match.end() : end]
        self.place = end + 1
        return name, value

    def closing(self, start: int) -> int:
        depth = 1
        for place in range(start, len(self.text)):
            depth += {"(": 1, ")": -1}.get(self.text[place], 0)
            if not depth:
                return place
        raise _syntax(self.text, start)

    def skip(self) -> None:
        while self.text[self.place : self.place + 1].isspace():
            self.place += 1

    def peek(self) -> str:
        self.skip()
        return self.text[self.place : self.place + 1]
