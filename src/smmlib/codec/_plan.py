"""
Plan files as media plans, and back.
"""

from __future__ import annotations

import json
from os import PathLike
from pathlib import Path
from typing import Any, Literal

import attrs

from smmlib.codec._context import REFUSALS, Context, UnreadableError, codec_error
from smmlib.codec._emit import write_yaml
from smmlib.codec._fast import read_quickly, write_quickly
from smmlib.codec._files import (
    LARGEST_FILE,
    as_path,
    format_of,
    read_text,
    too_large,
    without_nul,
    write_text,
)
from smmlib.codec._hooks import make_converter
from smmlib.codec._json import read_json
from smmlib.codec._json_places import Places
from smmlib.codec._pause import paused_collector
from smmlib.codec._scalars import text as as_text
from smmlib.codec._scalars import whole
from smmlib.codec._yaml import Document, Plain, read_yaml
from smmlib.errors import CodecError, Issue
from smmlib.model import MediaPlan, SourceMap
from smmlib.model._flight import zone_of

FORMAT = 1
"""
The number in `smmlib: 1`: the shape of plan files this version reads and writes.
"""

Format = Literal["yaml", "json"]
StrPath = str | PathLike[str]


@attrs.frozen
class Reading:
    """
    A plan file as far as it can be read, and every problem found on the way.

    Attributes:
        plan: The plan without what is invalid; None when nothing can be built.
        issues: Problems with path, file, line and column.
        dropped: Paths of what was left out, so that no rule misses it.
    """

    plan: MediaPlan | None
    issues: tuple[Issue, ...] = ()
    dropped: frozenset[str] = frozenset()
    cause: Exception | None = attrs.field(default=None, repr=False, eq=False)


def load(path: StrPath) -> MediaPlan:
    """
    The media plan a file holds.

    Args:
        path: A `.yaml`, `.yml` or `.json` file.

    Raises:
        CodecError: The file cannot be read, or holds problems; `.issues` has all of
            them with path, line and column.
    """
    return _plan_of(read(path))


def loads(text: str, *, format: Format = "yaml", file: str = "<text>") -> MediaPlan:  # noqa: A002 - the word of the trade
    """
    The media plan a text holds.

    Args:
        text: YAML or JSON.
        format: Which of the two.
        file: Name shown in problems.

    Raises:
        CodecError: As `load`.
    """
    return _plan_of(_read_document(text, format, file))


def read(path: StrPath) -> Reading:
    """
    Read a plan file as far as possible: for checking, not for launching.

    What is invalid is left out where it can be, so that the rules can run on the rest
    and all problems of a file appear at once.

    Args:
        path: A `.yaml`, `.yml` or `.json` file.
    """
    where = as_path(path)
    try:
        name = format_of(where)
        return _read_document(read_text(where), name, str(path), where.absolute())
    except CodecError as error:
        return Reading(None, error.issues, cause=error)


def dump(plan: MediaPlan, path: StrPath) -> None:
    """
    Write a plan to a file, whole or not at all; comments of an old file are lost.

    Args:
        plan: The plan.
        path: A `.yaml`, `.yml` or `.json` file.

    Raises:
        CodecError: Another ending, or the file cannot be written.
    """
    where = as_path(path)
    name = format_of(where)
    write_text(where, _text_of(plan, name))


def dumps(plan: MediaPlan, *, format: Format = "yaml") -> str:  # noqa: A002 - as above
    """
    A plan as text, in one canonical layout without comments.

    Args:
        plan: The plan.
        format: `yaml` or `json`.
    """
    return _text_of(plan, format)


# -- reading -----------------------------------------------------------------------


def _plan_of(reading: Reading) -> MediaPlan:
    """
    The plan of a reading without problems.
    """
    if isinstance(reading.cause, CodecError):
        raise reading.cause
    if reading.issues or reading.plan is None:
        raise codec_error(reading.issues, reading.cause)
    return reading.plan


def _read_document(
    text: str, name: str, file: str, path: Path | None = None
) -> Reading:
    try:
        if len(text) > LARGEST_FILE:
            raise too_large(file, len(text))
        without_nul(text, file)
        with paused_collector(len(text)):
            if name == "json":
                source = SourceMap(file, Places(text, path))
                plan = read_quickly(text, source, number=FORMAT)
                if plan is not None:
                    return Reading(plan)
            return _read_plan(_PARSERS[name](text, file), file)
    except CodecError as error:
        return Reading(None, error.issues, cause=error)


_PARSERS = {"yaml": read_yaml, "json": read_json}


def _read_plan(document: Document, file: str) -> Reading:
    source = SourceMap(file, document.places)
    context = Context()
    plan = _build(document.data, context)
    found = [source.place(issue) for issue in context.issues]
    issues = sorted(
        [*document.issues, *found], key=lambda i: (i.line or 0, i.column or 0)
    )
    if plan is not None:
        plan = attrs.evolve(plan, source=source)
    return Reading(plan, tuple(issues), frozenset(context.dropped), context.cause)


def read_data(data: Any, file: str) -> Reading:
    """
    Builtins in the shape of a plan file as a plan; places are not known.
    """
    return _read_plan(Document(data, {}), file)


def _build(data: Any, context: Context) -> MediaPlan | None:
    if not isinstance(data, dict):
        context.problem(
            "",
            "type.wrong",
            "a plan file is a mapping of keys",
            limit="a mapping",
            hint="`smm init` writes a plan to start from",
        )
        return None
    if not _format_fits(data, context):
        return None
    rest = {key: value for key, value in data.items() if key != "smmlib"}
    known = _use_zone(rest, context)
    hook = make_converter(context).get_structure_hook(MediaPlan)
    try:
        plan: MediaPlan = hook(rest, MediaPlan)
    except UnreadableError:
        return None
    return plan if known else None


def _format_fits(data: dict[str, Any], context: Context) -> bool:
    """
    Whether this version knows the file's format; a newer one is not even tried.
    """
    if "smmlib" not in data:
        other = "lineitems" in data and "campaign" in data
        context.problem(
            "smmlib",
            "format.missing",
            "the format number is missing",
            limit=FORMAT,
            hint="this is a mediaplanschema file: use load_mediaplanschema"
            if other
            else f"add 'smmlib: {FORMAT}' as the first line",
        )
        return not other
    try:
        number = whole(data["smmlib"])
    except REFUSALS as error:
        context.report(error, "smmlib")
        return True
    if number == FORMAT:
        return True
    newer = number > FORMAT
    context.problem(
        "smmlib",
        "format.newer" if newer else "format.unknown",
        f"the file has format {number}, this smmlib reads format {FORMAT}",
        value=number,
        limit=FORMAT,
        hint="update smmlib: pip install --upgrade smmlib"
        if newer
        else f"write 'smmlib: {FORMAT}'",
    )
    return False


def _use_zone(data: dict[str, Any], context: Context) -> bool:
    """
    Take the plan's zone for every wall time; without one, times are read as UTC so that
    the other problems still show.
    """
    try:
        context.zone = zone_of(as_text(data["zone"])).key
    except KeyError:
        return False  # the missing key is reported with the others
    except REFUSALS as error:
        context.report(error, "zone")
        data["zone"] = Plain(context.zone)
        return False
    return True


# -- writing -----------------------------------------------------------------------


def data_of(plan: MediaPlan) -> dict[str, Any]:
    """
    A plan as builtins in the shape of a plan file.
    """
    return {"smmlib": FORMAT, **make_converter(Context(plan.zone)).unstructure(plan)}


def _text_of(plan: MediaPlan, name: str) -> str:
    data = data_of(plan)
    if name == "json":
        return (write_quickly(data, len(plan.creatives)) or _json_text(data)) + "\n"
    return write_yaml(data)


def _json_text(data: Any) -> str:
    text = json.dumps(data, ensure_ascii=False, indent=2)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(data, indent=2)  # half a surrogate pair: escape it
    return text


__all__ = ["FORMAT", "Reading", "dump", "dumps", "load", "loads", "read"]
