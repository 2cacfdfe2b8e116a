"""
Rest.li 2.0 on the wire: raw queries, keys and projections.

The raw text is split on `&` and `=`, tokenised on literal `( ) : ,` and only then
percent-decoded, so an encoded parenthesis is data and never structure.

Source: linkedin/rest.li framework source, 2026-07.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_to_bytes

from smmlib.sandbox.linkedin._errors import bad_param

if TYPE_CHECKING:
    from collections.abc import Iterator

Value = str | list["Value"] | dict[str, "Value"]
Projection = dict[str, "Projection | None"]

_GRAMMAR = re.compile(r"[(),:]")
_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_DOTTED = re.compile(r"[.\[]")
_DEEPEST = 24


class _BadText(ValueError):
    """
    A text outside the grammar.
    """


def parse_query(raw: str) -> dict[str, Value]:
    """
    Read a raw query string; `fields` stays as it is.

    Raises:
        ApiError: 400 PARAM_INVALID or QUERY_PARAM_NOT_ALLOWED.
    """
    found: dict[str, Value] = {}
    for pair in raw.split("&"):
        if not pair:
            continue
        key, _, text = pair.partition("=")
        name = _name(key)
        if name in found:
            raise bad_param(name, f"{name} is given twice")
        found[name] = text if name == "fields" else parse_param(name, text)
    return found


def parse_param(name: str, text: str) -> Value:
    """
    Read one value of a query.
    """
    try:
        return parse_value(text)
    except _BadText as error:
        raise bad_param(name, str(error)) from error


def _name(key: str) -> str:
    try:
        name = _decoded(key)
    except _BadText as error:
        raise bad_param(key, str(error)) from error
    if _DOTTED.search(name):
        text = f"{name} is protocol 1 spelling"
        raise bad_param(name, text, "QUERY_PARAM_NOT_ALLOWED")
    return name


def parse_value(text: str) -> Value:
    """
    Read a list, a record or a plain value.

    Raises:
        ValueError: The text is outside the grammar.
    """
    reader = _Reader(text)
    value = reader.value(0)
    reader.end()
    return value


class _Reader:
    """
    Reads one value from left to right.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def value(self, depth: int) -> Value:
        if depth > _DEEPEST:
            raise _BadText("nested too deeply")
        if self._text.startswith("List(", self._at):
            self._at += len("List(")
            return list(self._items(depth))
        if self._text.startswith("(", self._at):
            self._at += 1
            return dict(self._pairs(depth))
        return self._plain()

    def end(self) -> None:
        if self._at != len(self._text):
            raise _BadText(f"unexpected {self._text[self._at]!r} at {self._at}")

    def _items(self, depth: int) -> Iterator[Value]:
        if self._took(")"):
            return
        while True:
            yield self.value(depth + 1)
            if self._took(")"):
                return
            self._need(",")

    def _pairs(self, depth: int) -> Iterator[tuple[str, Value]]:
        if self._took(")"):
            return
        while True:
            key = self._plain()
            self._need(":")
            yield key, self.value(depth + 1)
            if self._took(")"):
                return
            self._need(",")

    def _plain(self) -> str:
        match = _GRAMMAR.search(self._text, self._at)
        end = match.start() if match else len(self._text)
        plain, self._at = self._text[self._at : end], end
        if plain == "''":
            return ""
        if "'" in plain:
            raise _BadText("a quote stands inside a value")
        if not plain:
            raise _BadText(f"a value is missing at {end}")
        return _decoded(plain)

    def _took(self, sign: str) -> bool:
        if not self._text.startswith(sign, self._at):
            return False
        self._at += 1
        return True

    def _need(self, sign: str) -> None:
        if not self._took(sign):
            raise _BadText(f"{sign!r} is missing at {self._at}")


def _decoded(token: str) -> str:
    if _ESCAPE.search(token):
        raise _BadText("a % is not followed by two hexadecimal digits")
    try:
        return unquote_to_bytes(token.replace("+", " ")).decode("utf-8")
    except UnicodeDecodeError as error:
        raise _BadText("the bytes are not UTF-8") from error


def parse_key(raw: str) -> Value:
    """
    Read a key of a path: plain, or compound `(a:..,b:..)`.

    Raises:
        ApiError: 400.
    """
    try:
        # In a path a plus is a plus, in a query it is a space.
        plain = raw.replace("+", "%2B")
        return parse_value(plain) if plain.startswith("(") else _decoded(plain)
    except _BadText as error:
        raise bad_param("key", str(error)) from error


def encoded(key: str) -> str:
    """
    A key in reduced encoding, as it stands in headers and batch answers.
    """
    return quote(key, safe=' /?&=+$;@!*~#[]{}|^"\\<>`-_.', encoding="utf-8")


def parse_fields(raw: str) -> Projection:
    """
    Read `a,b,rec:(x,y)`.

    Raises:
        ApiError: 400.
    """
    try:
        found, end = _masked(_decoded(raw), 0, 0)
    except _BadText as error:
        raise bad_param("fields", str(error)) from error
    if end != len(_decoded(raw)):
        raise bad_param("fields", f"unexpected sign at {end}")
    return found


def _masked(text: str, start: int, depth: int) -> tuple[Projection, int]:
    if depth > _DEEPEST:
        raise _BadText("nested too deeply")
    found: Projection = {}
    at = start
    while True:
        match = _GRAMMAR.search(text, at)
        end = match.start() if match else len(text)
        name = text[at:end].strip()
        if not name:
            raise _BadText(f"a field is missing at {at}")
        found[name] = None
        if text.startswith(":(", end):
            found[name], end = _masked(text, end + 2, depth + 1)
            if not text.startswith(")", end):
                raise _BadText(f"')' is missing at {end}")
            end += 1
        if not text.startswith(",", end):
            return found, end
        at = end + 1


def projected(record: object, fields: Projection | None) -> object:
    """
    Only the fields asked for; lists are projected element by element.
    """
    if fields is None or fields == {}:
        return record
    if isinstance(record, list):
        return [projected(one, fields) for one in record]
    if not isinstance(record, dict):
        return record
    if set(fields) == {"$*"} or set(fields) == {"*"}:
        return {key: projected(one, next(iter(fields.values())))
                for key, one in record.items()}  # fmt: skip
    return {
        key: projected(record[key], inner)
        for key, inner in fields.items()
        if key in record
    }
