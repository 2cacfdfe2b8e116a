"""
The reference of plan files: every key of every section, from the classes behind them.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args, get_origin

import attrs
from _limits import limits_of
from _text import attributes, before_sections, code, page, sentence, table
from ruamel.yaml import YAML

from smmlib import model
from smmlib.codec import _hooks as hooks
from smmlib.codec._order import ordered
from smmlib.codec._shapes import LONE

EXAMPLE = Path(__file__).parents[2] / "examples" / "launch.plan.yaml"
_PLAIN: dict[Any, tuple[str, str]] = {
    str: ("text", ""),
    bool: ("true or false", "true"),
    int: ("whole number", "1"),
    Decimal: ("number", "1.5"),
    date: ("date", "2027-03-01"),
    datetime: ("date and time", "2027-03-01 09:00"),
    model.Money: ("money", "16000.00 EUR"),
    model.Flight: ("first..last day", "2027-03-01..2027-04-11"),
    model.AgeRange: ("ages", "25-44"),
    model.Radius: ("distance", "25 km"),
    model.Placement: ("network.position", "facebook.feed"),
    Decimal | model.Money: ("number, percent or money", "18.00 EUR"),
    Any: ("number, percent or money", "18.00 EUR"),
    model.Objective | str: ("objective, or a sentence", "leads"),
}
_SHORT = {
    ("AdSet", "ads"): "A list of creatives is enough: `ads: [taste, box]`.",
    (
        "Audience",
        "retarget",
    ): "Short: `{site_visitors: 30 days}`, `{customer_list: crm}`.",
    (
        "Creative",
        "variants",
    ): "By language: `{de: Text, fr: {text: Texte, state: draft}}`.",
    (
        "Creative",
        "text",
    ): "At most 480 characters: [the 480 rule](../explanation/480-rule.md).",
    ("LineItem", "expect"): "By name of a KPI: `{cpm: 6.40 EUR, ctr: 1.2 %}`.",
    ("LineItem", "managed"): "`api` or `by hand`.",
    (
        "LineItem",
        "response",
    ): "By name of a KPI: `{registrations: {hill: {most: 900, half: 8000}}}`; or "
    "`linear`, `power`, `log`, `piecewise`.",
    ("Post", "media"): "Paths, or `{image: path, alt: text}`, `{video: path}`.",
    ("Post", "variants"): "By network: `{telegram: text}`.",
}
# Keys whose name says it all to a programmer, and not to everybody.
_SAID = {
    "created_at": "When this version was made.",
    "author": "Who made this version.",
}
_LONGEST_EXAMPLE = 48
_INTRO = """
# Plan file

A plan file is YAML (`.yaml`, `.yml`) or JSON (`.json`), in UTF-8.
It begins with its format number, `smmlib: 1`; everything else below is the plan.

- **Keys are identity, names are only shown.**
  Where the type says "by key", you choose short names such as `meta-leads`; other parts
  of the plan refer to them. A key has up to 64 letters, digits, `-` and `_`.
- **Dates include the last day, and times are wall time** in the plan's `zone`.
- **Amounts carry their currency**: `16000 EUR`. Percentages carry their sign: `15 %`.
- Unknown and repeated keys are refused, with a guess at what was meant.
  YAML tags, anchors beyond reason, NaN and endless nesting are refused as well.
- A key that is left out takes its default; `null` is the same as leaving it out.
- Accounts and tokens never stand in a plan; they have
  [a file of their own](settings.md).

`smm check FILE` finds every problem at once.
[How to write a plan file](../how-to/write-a-plan.md) goes through one in the
usual order.
"""


def plan_file_page() -> str:
    """
    The whole page.
    """
    examples = _examples()
    parts = [_INTRO]
    for cls in _sections():
        limits = limits_of(cls)
        rows = [_row(cls, field, limits, examples) for field in ordered(cls)]
        if cls is model.MediaPlan:
            rows.insert(0, _FORMAT_ROW)
        parts += [
            f"## {_title(cls)} {{ #{_anchor(cls)} }}",
            before_sections(cls),
            _lone(cls),
            table(("key", "type", "due", "example", "meaning"), rows),
        ]
    parts += ["## Words", "Closed lists; capitals and blanks do not matter."]
    parts += [_words(kind) for kind in _enums()]
    return page(*(part for part in parts if part))


_FORMAT_ROW = (
    "`smmlib`",
    "whole number",
    "**due**",
    "`1`",
    "Format of the file; this version reads format 1.",
)


def _title(cls: type) -> str:
    return "The plan itself" if cls is model.MediaPlan else cls.__name__


def _anchor(cls: type) -> str:
    return cls.__name__.lower()


def _lone(cls: type) -> str:
    key = LONE.get(cls)
    return f"A lone text stands for `{{{key}: ...}}`." if key else ""


def _row(
    cls: type, field: Any, limits: dict[str, str], examples: Any
) -> tuple[str, ...]:
    kind = hooks.hints_of(cls)[field.name]
    words, example = _type(kind)
    shown = examples.get((cls, field.alias), example)
    said = attributes(cls).get(field.name) or _SAID.get(field.alias, "")
    meaning = sentence(re.sub(r"\bNone (?=for|where|while|lets)", "left out ", said))
    limit = limits.get(field.name) or limits.get(field.alias, "")
    extra = _SHORT.get((cls.__name__, field.alias), "")
    limit = f"{sentence(limit)}." if limit else ""
    return (
        code(field.alias),
        words,
        "**due**" if field.default is attrs.NOTHING else "",
        code(shown),
        " ".join(part for part in (meaning, limit, extra) if part),
    )


# -- types -----------------------------------------------------------------------------


def _type(kind: Any) -> tuple[str, str]:
    """
    A type in a marketer's words, and an example of it.
    """
    if kind in _PLAIN:
        return _PLAIN[kind]
    if get_origin(kind) is tuple:
        words, example = _type(get_args(kind)[0])
        return f"list of {words}", f"[{example}]" if example else ""
    if get_origin(kind) is model.FrozenMap:
        return f"by key: {_type(get_args(kind)[0])[0]}", ""
    if isinstance(kind, types.UnionType):
        return " or ".join(_union(kind)), ""
    if issubclass(kind, StrEnum):
        return f"[{kind.__name__}](#word-{kind.__name__.lower()})", next(
            iter(kind)
        ).value
    return f"[{kind.__name__}](#{_anchor(kind)})", ""


def _union(kind: Any) -> Iterator[str]:
    for arg in get_args(kind):
        yield "key" if arg is str else _type(arg)[0]


def _inner(kind: Any) -> Iterator[Any]:
    if kind in _PLAIN:
        return
    args = get_args(kind)
    if not args:
        yield kind
    for arg in args:
        yield from _inner(arg)


def _all_kinds() -> list[type]:
    found: list[type] = [model.MediaPlan]
    for cls in found:
        if issubclass(cls, StrEnum):
            continue
        for field in ordered(cls):
            for kind in _inner(hooks.hints_of(cls)[field.name]):
                known = isinstance(kind, type) and kind not in found
                if known and (attrs.has(kind) or issubclass(kind, StrEnum)):
                    found.append(kind)
    return found


def _sections() -> list[type]:
    return [kind for kind in _all_kinds() if attrs.has(kind)]


def _enums() -> list[Any]:
    inside = [
        model.Network,
        model.Position,
    ]  # parts of a placement such as facebook.feed
    found = [kind for kind in _all_kinds() if issubclass(kind, StrEnum)]
    return sorted({*found, *inside}, key=lambda kind: kind.__name__)


def _words(kind: Any) -> str:
    from _text import first_paragraph

    values = ", ".join(f"`{member.value}`" for member in kind)
    head = f"### {kind.__name__} {{ #word-{kind.__name__.lower()} }}"
    return f"{head}\n\n{first_paragraph(kind)}\n\n{values}"


# -- examples --------------------------------------------------------------------------


def _examples() -> dict[tuple[type, str], str]:
    """
    The first short value of each key in the example plan.
    """
    found: dict[tuple[type, str], str] = {}
    yaml = YAML(typ="safe")
    data = yaml.load(EXAMPLE.read_text(encoding="utf-8"))
    _collect(data, model.MediaPlan, found)
    return found


def _collect(value: Any, kind: Any, found: dict[tuple[type, str], str]) -> None:
    if get_origin(kind) is tuple and isinstance(value, list):
        for item in value:
            _collect(item, get_args(kind)[0], found)
    elif get_origin(kind) is model.FrozenMap and isinstance(value, dict):
        for item in value.values():
            _collect(item, get_args(kind)[0], found)
    elif isinstance(kind, types.UnionType) and kind not in _PLAIN:
        for arg in get_args(kind):
            _collect(value, arg, found)
    elif isinstance(kind, type) and attrs.has(kind) and isinstance(value, dict):
        kinds = hooks.hints_of(kind)
        for field in ordered(kind):
            if field.alias in value:
                _note(value[field.alias], (kind, field.alias), found)
                _collect(value[field.alias], kinds[field.name], found)


def _note(value: Any, where: Any, found: dict[tuple[type, str], str]) -> None:
    text = _shown(value)
    if text and len(text) <= _LONGEST_EXAMPLE:
        found.setdefault(where, text)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        parts = [f"{key}: {_shown(item)}" for key, item in value.items()]
        return "{" + ", ".join(parts) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_shown(item) for item in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)
