"""
YAML in: from parser events straight to builtins, with the place of every value.

Events instead of a ready-made loader, because a plan file needs what loaders do not
tell: line and column of each value, unquoted words as they were written ("no" stays
text, `007` stays `007`), duplicate keys, and a bound on what aliases expand to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn

import attrs

from smmlib.codec._context import codec_error, file_problem
from smmlib.errors import Issue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DEEPEST = 100
"""
How deep a plan file may nest; the model needs a tenth of it.
"""

_MOST_COPIES = 100_000
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
# What YAML 1.2 would read as something else than text, were it not a key.
_NO_TEXT = re.compile(
    r"[-+]?(\d+|\d*\.\d+|\d+\.\d*)([eE][-+]?\d+)?\Z|0[ox][0-9a-fA-F]+\Z"
    r"|[-+]?\.(inf|Inf|INF)\Z|\.(nan|NaN|NAN)\Z"
    r"|(true|True|TRUE|false|False|FALSE|null|Null|NULL|~|)\Z"
)


class Plain(str):
    """
    An unquoted word: a number where a number is wanted, text where text is wanted.
    """

    __slots__ = ()


@attrs.frozen
class Document:
    """
    A parsed file: builtins, the place of each value, and what is wrong with its form.
    """

    data: Any
    places: Mapping[str, tuple[int, int]]
    issues: tuple[Issue, ...] = ()


@attrs.define
class _Level:
    """
    An open list or mapping.
    """

    value: Any
    path: str
    start: tuple[int, int]
    anchor: str | None
    nodes: int = 1
    key: str | None = None
    waits: bool = False  # for the value of a key that was refused
    key_place: tuple[int, int] = (1, 1)


class _Reader:
    """
    One pass over the events of one document.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.places: dict[str, tuple[int, int]] = {}
        self.issues: list[Issue] = []
        self.levels: list[_Level] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.copies = 0
        self.root: Any = None
        self.documents = 0

    def read(self, events: Iterator[Any]) -> None:
        from ruamel.yaml import events as kinds

        handlers = {
            kinds.ScalarEvent: self.scalar,
            kinds.MappingStartEvent: self.open_mapping,
            kinds.SequenceStartEvent: self.open_list,
            kinds.MappingEndEvent: self.close,
            kinds.SequenceEndEvent: self.close,
            kinds.AliasEvent: self.alias,
            kinds.DocumentStartEvent: self.document,
        }
        for event in events:
            handler = handlers.get(type(event))
            if handler is not None:
                handler(event)

    # -- problems ------------------------------------------------------------------

    def issue(self, code: str, message: str, event: Any, **details: Any) -> None:
        line, column = _place(event)
        path = self.path()
        self.issues.append(
            Issue(
                path, code, message, file=self.file, line=line, column=column, **details
            )
        )

    def stop(self, code: str, message: str, event: Any, **details: Any) -> NoReturn:
        self.issue(code, message, event, **details)
        raise codec_error(self.issues)

    def document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            self.stop(
                "yaml.documents",
                "holds more than one YAML document",
                event,
                hint="remove the line '---' between them; one file is one plan",
            )
        if event.version or event.tags:
            self.issue(
                "yaml.directive",
                "YAML directives (%) are not read",
                event,
                hint="remove the line that starts with %",
            )

    # -- values --------------------------------------------------------------------

    def scalar(self, event: Any) -> None:
        level = self.levels[-1] if self.levels else None
        if level is not None and level.key is None and type(level.value) is dict:
            self.key(level, event)
            return
        self.refuse_tag(event)
        value: Any = event.value
        if event.style is None or event.style == "":
            value = None if value in _NULLS else Plain(value)
        if event.anchor:
            self.anchors[event.anchor] = (value, 1)
        self.place(value, 1, _place(event))

    def key(self, level: _Level, event: Any) -> None:
        self.refuse_tag(event)
        key = event.value
        level.key, level.waits = key, False
        level.key_place = _place(event)
        if event.style in (None, "") and key == "<<":
            self.issue(
                "yaml.merge_key",
                "merge keys (<<) are not read",
                event,
                value="<<",
                hint="write the values out, or use an alias for a whole value",
            )
            level.waits = True
        elif event.style in (None, "") and _NO_TEXT.match(key):
            self.issue(
                "yaml.key",
                f"the key {key or 'null'} is no text",
                event,
                value=key,
                limit="text",
                hint=f'write it in quotes: "{key}"',
            )
            level.waits = True
        elif key in level.value:
            first = self.places.get(self.path(), (0, 0))[0]
            self.issue(
                "key.duplicate",
                f"'{key[:80]}' stands twice, first in line {first}",
                event,
                value=key[:80],
                limit="each key once",
                hint="keep one of them; keys are identity",
            )
            level.waits = True

    def open_mapping(self, event: Any) -> None:
        self.open({}, event)

    def open_list(self, event: Any) -> None:
        self.open([], event)

    def open(self, value: Any, event: Any) -> None:
        level = self.levels[-1] if self.levels else None
        if level is not None and level.key is None and type(level.value) is dict:
            self.stop(
                "yaml.key",
                "a list or mapping cannot be a key",
                event,
                hint="keys are short words",
            )
        self.refuse_tag(event)
        if len(self.levels) >= DEEPEST:
            self.stop(
                "file.too_deep",
                f"nests deeper than {DEEPEST} levels",
                event,
                value=len(self.levels) + 1,
                limit=DEEPEST,
                hint="a plan needs about ten; check the brackets",
            )
        start = level.key_place if level and level.key is not None else _place(event)
        self.levels.append(_Level(value, self.path(), start, event.anchor))

    def close(self, _event: Any) -> None:
        level = self.levels.pop()
        if level.anchor:
            self.anchors[level.anchor] = (level.value, level.nodes)
        self.place(level.value, level.nodes, level.start)

    def alias(self, event: Any) -> None:
        if event.anchor not in self.anchors:
            self.stop(
                "yaml.alias",
                f"the alias *{event.anchor} has no finished anchor before it",
                event,
                value=event.anchor,
                hint="write the value out",
            )
        value, nodes = self.anchors[event.anchor]
        self.copies += nodes
        if self.copies > _MOST_COPIES:
            self.stop(
                "yaml.bomb",
                f"aliases stand for more than {_MOST_COPIES} values",
                event,
                value=self.copies,
                limit=_MOST_COPIES,
                hint="write the values out",
            )
        level = self.levels[-1] if self.levels else None
        if level is not None and level.key is None and type(level.value) is dict:
            self.stop(
                "yaml.key", "an alias cannot be a key", event, hint="write it out"
            )
        self.place(value, nodes, _place(event))

    def path(self) -> str:
        """
        The path of the value that comes next.
        """
        if not self.levels:
            return ""
        level = self.levels[-1]
        if type(level.value) is list:
            return f"{level.path}[{len(level.value)}]"
        if level.key is None:
            return level.path
        return f"{level.path}.{level.key}" if level.path else level.key

    def place(self, value: Any, nodes: int, where: tuple[int, int]) -> None:
        """
        Put a finished value into the list or mapping around it.
        """
        if not self.levels:
            self.root = value
            self.places[""] = where
            return
        level = self.levels[-1]
        level.nodes += nodes
        if type(level.value) is list:
            self.places.setdefault(self.path(), where)
            level.value.append(value)
            return
        key = level.key or ""
        if not level.waits:
            shown = level.key_place if value is None else where
            self.places.setdefault(self.path(), shown)
            level.value[key] = value
        level.key = None

    def refuse_tag(self, event: Any) -> None:
        tag = event.tag
        if tag is not None and event.ctag is not None:
            self.issue(
                "yaml.tag",
                f"the tag {str(tag)[:60]} is not read",
                event,
                value=str(tag)[:60],
                limit="plain values",
                hint="remove the word that starts with !",
            )


def _place(event: Any) -> tuple[int, int]:
    mark = event.start_mark
    return mark.line + 1, mark.column + 1


def read_yaml(text: str, file: str) -> Document:
    """
    A YAML text as builtins with the place of every value.

    Raises:
        CodecError: No YAML, or YAML that no plan needs: tags, bombs, depth.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError
    from ruamel.yaml.reader import ReaderError

    reader = _Reader(file)
    try:
        reader.read(YAML(typ="safe", pure=True).parse(text))
    except MarkedYAMLError as error:
        raise _syntax(error, file) from error
    except ReaderError as error:
        raise _unprintable(error, text, file) from error
    if reader.documents == 0:
        raise file_problem(
            file,
            "file.empty",
            "is empty",
            hint="`smm init` writes a plan to start from",
        )
    return Document(reader.root, reader.places, tuple(reader.issues))


def _syntax(error: Any, file: str) -> Exception:
    """
    A syntax error in one sentence, with its place.
    """
    mark = error.problem_mark or error.context_mark
    parts = [str(p) for p in (error.context, error.problem) if p]
    message = ", ".join(parts) or "cannot be read as YAML"
    hint = "check indentation, brackets and quotes around here"
    if "\\t" in message:
        hint = "indent with blanks, not tabs"
    elif "mapping values" in message:
        hint = "put text that holds ': ' into quotes"
    at = (mark.line + 1, mark.column + 1) if mark else None
    return file_problem(
        file, "yaml.syntax", f"no YAML: {message}", at=at, hint=hint, cause=error
    )


def _unprintable(error: Any, text: str, file: str) -> Exception:
    from smmlib.codec._files import place_of

    character = error.character
    code = character if isinstance(character, int) else ord(character)
    found = text.find(chr(code))
    return file_problem(
        file,
        "file.control_character",
        f"holds the unprintable character U+{code:04X}",
        at=place_of(text, found) if found >= 0 else None,
        value=f"U+{code:04X}",
        hint="remove the character; it often comes from copying",
        cause=error,
    )


__all__ = ["DEEPEST", "Document", "Plain", "read_yaml"]
