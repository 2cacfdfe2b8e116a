"""
Pages of the API reference: every public name, grouped by what it is for.
"""

from __future__ import annotations

import inspect
from enum import StrEnum
from typing import Any

from _text import page

import smmlib
from smmlib.errors import SmmError

# Title, what it is about, and the modules whose names stand there.
GROUPS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "calls": (
        "Calls",
        "From a plan file to a report.",
        (
            *("codec", "planning", "workspace", "deploy", "analytics", "report"),
            *("reporting", "community"),
        ),
    ),
    "plan": (
        "Plan and strategy",
        "The media plan and everything that hangs on it.",
        ("_mediaplan", "_response", "_strategy", "_people", "_ideas", "_post",
         "_compare", "_source", "_maps", "_hash"),
    ),
    "money-and-time": (
        "Money and time",
        "Exact amounts, and windows that know their zone.",
        ("_money", "_budget", "_flight", "_schedule"),
    ),
    "ads": (
        "Audiences and ads",
        "Who should see what, where.",
        ("_audience", "_place", "_campaign", "_creative", "_text", "_link", "_enums"),
    ),
    "kpis-and-facts": (
        "KPIs and facts",
        "How success is measured, and what happened.",
        ("_kpi", "_formula", "_facts"),
    ),
    "sandbox": ("Sandbox", "Ad platforms of your own.", ("sandbox",)),
}  # fmt: skip
_OTHER = {
    "words": ("Words", "Closed lists: one word for one thing."),
    "errors": ("Errors", "Everything that can go wrong, as one tree."),
}
_CONSTANTS = {"BASE_METRICS": "kpis-and-facts", "BEFORE_SHOW_MORE": "ads"}


def api_pages() -> dict[str, str]:
    """
    Text by name of page.
    """
    titles = {name: row[:2] for name, row in GROUPS.items()} | _OTHER
    grouped: dict[str, list[str]] = {name: [] for name in titles}
    for name in smmlib.__all__:
        if not name.startswith("__"):
            grouped[group_of(name)].append(name)
    return {
        name: page(
            f"# {titles[name][0]}",
            titles[name][1],
            *map(_entry, sorted(names, key=_is_class)),
        )
        for name, names in grouped.items()
    }


def group_of(name: str) -> str:
    """
    The page a public name stands on.
    """
    if name in _CONSTANTS:
        return _CONSTANTS[name]
    thing: Any = getattr(smmlib, name)
    module = thing.__module__.split(".")
    if module[1] == "errors":
        is_error = inspect.isclass(thing) and issubclass(thing, SmmError)
        return "errors" if is_error or name == "Issue" else "words"
    if inspect.isclass(thing) and issubclass(thing, StrEnum):
        return "words"
    part = module[2] if module[1] == "model" else module[1]
    return next(group for group, row in GROUPS.items() if part in row[2])


def _is_class(name: str) -> bool:
    """
    Calls come before the values they give.
    """
    return name[:1].isupper()


def _entry(name: str) -> str:
    # A workspace is put together of parts that are no names of their own.
    whole = "\n      inherited_members: true" if name == "Workspace" else ""
    return f"::: smmlib.{name}\n    options:\n      heading_level: 2{whole}"
