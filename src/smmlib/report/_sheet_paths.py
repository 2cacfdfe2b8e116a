"""
Paths into a plan, as heads of columns: `budget.lifetime`, `places[1].city`.
"""

from __future__ import annotations

import json
import re
from typing import Any

_STEP = re.compile(r"(?:\A|\.)([\w-]+)|\[([0-9]{1,6})\]|\[(\"(?:[^\"\\]|\\.)*\")\]")
_BARE = re.compile(r"[\w-]+\Z")
_HEX = re.compile(r"_x[0-9A-Fa-f]{4}_")  # what spreadsheets read as one character
ITSELF = "itself"
"""
Head of a column whose cells are no part of an entry, but the entry.
"""

Step = str | int


def shown(steps: tuple[Step, ...], reserved: frozenset[str] = frozenset()) -> str:
    """
    Steps into an entry as one head; `parsed` reads it back.

    Args:
        steps: Keys and places in lists.
        reserved: Heads that mean something else in this table.
    """
    if not steps:
        return ITSELF
    text = ""
    for step in steps:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _BARE.match(step) and not _HEX.search(step):
            text += f".{step}" if text else step
        else:
            text += f"[{_quoted(step)}]"
    if text in reserved | {ITSELF}:
        return f"[{_quoted(text)}]"
    return text


def parsed(text: str) -> tuple[Step, ...] | None:
    """
    The steps of a head, or None where it is none.
    """
    if text == ITSELF:
        return ()
    steps: list[Step] = []
    at = 0
    while at < len(text):
        found = _STEP.match(text, at)
        if found is None:
            return None
        key, place, quoted = found.groups()
        try:
            steps.append(key or (int(place) if place else json.loads(quoted)))
        except ValueError:
            return None
        at = found.end()
    return tuple(steps) or None


def joined(steps: tuple[Step, ...]) -> str:
    """
    Steps as problems write their path: `strategy.goals[1].by`.
    """
    text = ""
    for step in steps:
        part = f"[{step}]" if isinstance(step, int) else step
        text += part if not text or isinstance(step, int) else f".{part}"
    return text


def put(tree: Any, steps: tuple[Step, ...], value: Any) -> bool:
    """
    Set a value deep in a tree of mappings; False where something else stands there.

    Lists are mappings from their places until `settled` makes them lists.
    """
    for step in steps[:-1]:
        tree = tree.setdefault(step, {})
        if not isinstance(tree, dict):
            return False
    if steps[-1] in tree:
        return False
    tree[steps[-1]] = value
    return True


def settled(tree: Any) -> Any:
    """
    A tree with lists where places were; gaps of removed cells are closed.
    """
    if isinstance(tree, list):
        return [settled(item) for item in tree]
    if not isinstance(tree, dict):
        return tree
    places = [key for key in tree if isinstance(key, int)]
    if tree and len(places) == len(tree):
        return [settled(tree[place]) for place in sorted(places)]
    return {str(key): settled(item) for key, item in tree.items()}


def _quoted(step: str) -> str:
    text = json.dumps(step)
    return _HEX.sub(lambda found: "\\u005f" + found[0][1:], text)
