"""
JSON in: values by the standard library, exactly, and what a plan must not hold refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NoReturn

from smmlib.codec._context import codec_error, file_problem
from smmlib.codec._files import place_of
from smmlib.codec._json_places import Places
from smmlib.codec._yaml import DEEPEST, Document
from smmlib.errors import Issue

LONGEST_NUMBER = 40
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+')


class _RefusedError(ValueError):
    """
    The text is JSON, but not what a plan file may hold; the scan says where.
    """


def _values(text: str) -> Iterator[tuple[str, int, str]]:
    """
    Every value's path, offset and first token; keys come under the path they name.
    """
    stack: list[list[Any]] = []  # path, next index or None for objects, current key
    for found in _TOKEN.finditer(text):
        mark = found.group()
        if mark in "]}":
            if stack:
                stack.pop()
        elif mark == ",":
            if stack:
                _step(stack[-1])
        elif mark != ":":
            level = stack[-1] if stack else None
            path = _path(level)
            if level is not None and level[1] is None and level[2] is None:
                if mark.startswith('"'):
                    level[2] = json.loads(mark, strict=False)
                    yield _path(level), found.start(), "key"
                continue
            yield path, found.start(), mark
            if mark in "[{":
                stack.append([path, 0 if mark == "[" else None, None])


def _step(level: list[Any]) -> None:
    if level[1] is None:
        level[2] = None
    else:
        level[1] += 1


def _path(level: list[Any] | None) -> str:
    if level is None:
        return ""
    path, index, key = level
    if index is not None:
        return f"{path}[{index}]"
    if key is None:
        return str(path)
    return f"{path}.{key}" if path else str(key)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _RefusedError
    return found


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise _RefusedError
    return int(digits)


def exact_decimal(digits: str) -> Decimal:
    """
    A number with a point or exponent, exact; numbers without end are refused.
    """
    if len(digits) > LONGEST_NUMBER:
        raise _RefusedError
    return Decimal(digits)


def _constant(_word: str) -> NoReturn:
    raise _RefusedError


DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs,
    parse_int=_whole,
    parse_float=exact_decimal,
    parse_constant=_constant,
)


def read_json(text: str, file: str) -> Document:
    """
    A JSON text as builtins; numbers stay exact.

    Raises:
        CodecError: No JSON, or JSON that no plan needs: duplicate keys, NaN, depth,
            numbers without end.
    """
    try:
        return Document(DECODER.decode(text), Places(text))
    except json.JSONDecodeError as error:
        raise _syntax(error, text, file) from error
    except (_RefusedError, RecursionError) as error:
        issues = list(_refused(text, file))
        raise codec_error(issues, error) from error


def _syntax(error: json.JSONDecodeError, text: str, file: str) -> Exception:
    if not text.strip():
        return file_problem(
            file,
            "file.empty",
            "is empty",
            hint="`smm init` writes a plan to start from",
        )
    trailing = error.msg == "Extra data"
    return file_problem(
        file,
        "json.trailing" if trailing else "json.syntax",
        "goes on after the end of its value"
        if trailing
        else f"no JSON: {error.msg[:1].lower()}{error.msg[1:]}",
        at=(error.lineno, error.colno),
        hint="remove what follows the last bracket"
        if trailing
        else "check commas, quotes and brackets around here",
        cause=error,
    )


def _refused(text: str, file: str) -> Iterator[Issue]:
    """
    Where a text that is JSON by form holds what a plan must not.
    """
    seen: set[str] = set()
    for path, offset, mark in _values(text):
        found = _refusal(path, mark, seen)
        if found is not None:
            code, message, value, limit, hint = found
            line, column = place_of(text, offset)
            yield Issue(
                path[:400],
                code,
                message,
                value=value,
                limit=limit,
                hint=hint,
                file=file,
                line=line,
                column=column,
            )
            if code == "file.too_deep":
                return


def _refusal(
    path: str, mark: str, seen: set[str]
) -> tuple[str, str, Any, Any, str] | None:
    if mark == "key":
        return _duplicate(path, seen)
    if mark in "[{" and path.count(".") + path.count("[") >= DEEPEST:
        return (
            "file.too_deep",
            f"nests deeper than {DEEPEST} levels",
            DEEPEST + 1,
            DEEPEST,
            "a plan needs about ten; check the brackets",
        )
    if mark in {"NaN", "Infinity", "-Infinity"}:
        return (
            "number.not_finite",
            f"{mark} is no number",
            mark,
            "a finite number",
            "write an amount, or leave it out",
        )
    if mark[0] in "-0123456789" and len(mark) > LONGEST_NUMBER:
        return (
            "number.too_long",
            f"a number of {len(mark)} digits",
            f"{mark[:20]}...",
            f"{LONGEST_NUMBER} digits",
            "nothing in marketing is that large; check for a missing quote",
        )
    return None


def _duplicate(path: str, seen: set[str]) -> tuple[str, str, Any, Any, str] | None:
    if path not in seen:
        seen.add(path)
        return None
    key = path.rpartition(".")[2][:80]
    return (
        "key.duplicate",
        f"'{key}' stands twice",
        key,
        "each key once",
        "keep one of them; keys are identity",
    )
