"""
TOML in: values by the standard library, lines by a look at the text.
"""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from typing import Any

from smmlib.errors import Issue

_HEADER = re.compile(r"\s*\[+\s*([^\[\]]+?)\s*\]+")
_KEY = re.compile(r"(\s*)([\w.\"' -]+?)\s*=")


def read_toml(text: str, file: str) -> dict[str, Any] | Issue:
    """
    A TOML text as builtins, or what is wrong with it.

    An issue instead of an exception: Python's own would carry the text along, and with
    it whatever secret somebody put there.
    """
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = re.search(r"at line (\d+), column (\d+)", str(error))
        line, column = (int(n) for n in place.groups()) if place else (None, None)
        message = str(error).partition(" (at ")[0] or "nests too deep"
        return Issue(
            "",
            "toml.syntax",
            f"no TOML: {message[:1].lower()}{message[1:80]}",
            file=file,
            line=line,
            column=column,
            hint="check quotes and brackets around here",
        )


def places_of(text: str) -> dict[str, tuple[int, int]]:
    """
    Lines of tables and keys, as far as a line-wise look can tell.
    """
    places: dict[str, tuple[int, int]] = {"": (1, 1)}
    table, inside = "", False
    for number, line in enumerate(text.splitlines(), 1):
        quotes = line.count('"""') + line.count("'''")
        if not inside:
            header, key = _HEADER.match(line), _KEY.match(line)
            if header:
                table = _dotted(header.group(1))
                places.setdefault(table, (number, 1))
            elif key:
                path = f"{table}.{_dotted(key.group(2))}".lstrip(".")
                places.setdefault(path, (number, len(key.group(1)) + 1))
        inside ^= quotes % 2 == 1
    return places


def _dotted(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))
