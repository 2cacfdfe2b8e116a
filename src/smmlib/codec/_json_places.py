"""
Where in a JSON text each value stands: looked up when somebody asks, and only there.

A plan without problems never asks, and one with a few asks for a few places of a text
of megabytes. So a container is indexed when a path first leads into it, and all that is
not on the way is skipped by the standard library's scanner, which is written in C.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any
from zlib import crc32

from smmlib.codec._files import read_text
from smmlib.errors import CodecError

LARGE = 1_000_000
"""
Characters from which on a text that stands in a file is not kept in memory as well.
"""

_BLANK = re.compile(r"[ \t\n\r]*")
_CUT = re.compile(r"[.\[]")
# Numbers are skipped, not read: `float` takes any length in linear time.
_SKIP = json.JSONDecoder(strict=False, parse_int=float).raw_decode


class Places(Mapping[str, tuple[int, int]]):
    """
    Path to line and column of a JSON text.

    As in YAML, a list or mapping stands where its key is, a scalar where it is itself.
    A large text that came from a file is not kept: it is read again when needed, and
    no place is known once the file holds something else.

    Args:
        text: The JSON text.
        path: The file it came from.
    """

    def __init__(self, text: str, path: Path | None = None) -> None:
        self._kept: str | None = text
        self._file: tuple[Path, int] | None = None
        if path is not None and len(text) >= LARGE:
            self._kept, self._file = None, (path, _sum(text))
        self._inside: dict[str, dict[str, tuple[int, int]]] = {}

    def __getitem__(self, path: str) -> tuple[int, int]:
        if not self._text:
            raise KeyError(path)
        shown, start = self._find(path)
        return self._position(start if shown < 0 else shown)

    def __iter__(self) -> Iterator[str]:
        if not self._text:
            return
        yield ""
        waiting = [("", self._root)]
        while waiting:
            path, start = waiting.pop()
            for inner, (_, value) in self._children(path, start).items():
                yield inner
                waiting.append((inner, value))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getstate__(self) -> dict[str, Any]:
        kept = self._kept if self._file is None else None
        return {"_kept": kept, "_file": self._file, "_inside": {}}

    @property
    def _text(self) -> str:
        """
        The text; empty when its file is gone or holds another.
        """
        if self._kept is None and self._file is not None:
            path, known = self._file
            try:
                text = read_text(path)
            except CodecError:  # gone since: what stood where cannot be said
                text = ""
            self._kept = text if _sum(text) == known else ""
        return self._kept or ""

    @cached_property
    def _root(self) -> int:
        return self._blank(0)

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self._text))]

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def _blank(self, offset: int) -> int:
        found = _BLANK.match(self._text, offset)
        return found.end() if found else offset

    def _find(self, path: str) -> tuple[int, int]:
        """
        Where a path's key (or -1) and its value start.
        """
        at, found = "", (-1, self._root)
        # A key may hold a point itself, so a step may have several ends.
        for end in (*(cut.start() for cut in _CUT.finditer(path)), len(path)):
            inside = self._children(at, found[1])
            if path[:end] in inside:
                at, found = path[:end], inside[path[:end]]
        if at != path:
            raise KeyError(path)
        return found

    def _children(self, path: str, start: int) -> dict[str, tuple[int, int]]:
        if path not in self._inside:
            self._inside[path] = dict(self._scan(path, start))
        return self._inside[path]

    def _scan(self, path: str, start: int) -> Iterator[tuple[str, tuple[int, int]]]:
        """
        What stands directly inside a container.
        """
        text, number = self._text, 0
        is_map = text[start] == "{"
        at = self._blank(start + 1)
        if text[start] not in "{[" or text[at] in "}]":
            return
        while True:
            key, inner = -1, f"{path}[{number}]"
            if is_map:
                key = at
                name, at = _SKIP(text, at)
                inner = f"{path}.{name}" if path else name
                at = self._blank(self._blank(at) + 1)
            yield inner, (key if text[at] in "{[" else -1, at)
            _, at = _SKIP(text, at)
            at = self._blank(at)
            if text[at] in "}]":
                return
            at, number = self._blank(at + 1), number + 1


def _sum(text: str) -> int:
    return crc32(text.encode("utf-8", "surrogatepass"))
