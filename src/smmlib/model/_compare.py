"""
What changed between two versions of a plan, in a client's words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

import attrs

from smmlib.model._mediaplan import MediaPlan
from smmlib.model._money import Money
from smmlib.model._value import Value

_SINGULAR = {
    "people": "person",
    "audiences": "audience",
    "lines": "line",
    "campaigns": "campaign",
    "creatives": "creative",
    "posts": "post",
    "ideas": "idea",
    "slots": "slot",
    "milestones": "milestone",
    "tasks": "task",
    "briefs": "brief",
    "ad_sets": "ad set",
    "ads": "ad",
}
_SHOWN = 60
_SILENT = {"version", "parent", "source", "project_id"}


@attrs.frozen(eq=False, repr=False)
class PlanChange(Value):
    """
    One thing that is different in the new version.

    Attributes:
        path: Where in the plan.
        text: What changed, as one would tell a client.
        before: The old value; None if it is new.
        after: The new value; None if it is gone.
    """

    path: str
    text: str
    before: Any = attrs.field(default=None, kw_only=True, hash=False)
    after: Any = attrs.field(default=None, kw_only=True, hash=False)

    def __str__(self) -> str:
        return self.text


def compare(old: MediaPlan, new: MediaPlan) -> tuple[PlanChange, ...]:
    """
    What changed from one version of a plan to the next, in a client's words.

    Args:
        old: The version the client knows.
        new: The version that replaces it.

    Returns:
        Changes in plan order; empty when nothing a reader would notice changed.
    """
    return tuple(_changes("", "The plan", old, new))


def _changes(path: str, label: str, old: Any, new: Any) -> Iterator[PlanChange]:
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _map_changes(path, label, old, new)
    elif attrs.has(type(old)) and type(old) is type(new) and not _is_value(old):
        yield from _field_changes(path, label, old, new)
    else:
        yield PlanChange(path, _sentence(label, old, new), before=old, after=new)


def _is_value(thing: Any) -> bool:
    """
    Whether a reader sees it as one value, not as a thing with parts.
    """
    return "__str__" in vars(type(thing))


def _field_changes(path: str, label: str, old: Any, new: Any) -> Iterator[PlanChange]:
    for field in attrs.fields(type(old)):
        if field.name in _SILENT or not field.eq:
            continue
        before, after = getattr(old, field.name), getattr(new, field.name)
        name = field.alias or field.name
        where = f"{path}.{name}" if path else name
        words = name.replace("_", " ")
        grouped = isinstance(before, Mapping) and name in _SINGULAR
        inner = label if grouped else f"{label}: {words}"
        yield from _changes(where, inner, before, after)


def _map_changes(
    path: str, label: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[PlanChange]:
    noun = _SINGULAR.get(path.rpartition(".")[2], "")
    prefix = "" if label == "The plan" else f"{label}, "
    for key in [*old, *(k for k in new if k not in old)]:
        title = f"{prefix}{noun} {_title(key, new.get(key, old.get(key)))}".strip()
        title = title[0].upper() + title[1:]
        where = f"{path}.{key}"
        if key not in new:
            yield PlanChange(where, f"{title} was dropped.", before=old[key])
        elif key not in old:
            text = f"{title} is new{_price(new[key])}."
            yield PlanChange(where, text, after=new[key])
        else:
            yield from _changes(where, title, old[key], new[key])


def _title(key: str, thing: Any) -> str:
    name = getattr(thing, "name", "")
    return f"'{name}'" if isinstance(name, str) and name else f"'{key}'"


def _price(thing: Any) -> str:
    cost = getattr(thing, "cost", None)
    return f" ({cost})" if isinstance(cost, Money) else ""


def _sentence(label: str, old: Any, new: Any) -> str:
    if isinstance(old, Money) and isinstance(new, Money):
        return f"{label} goes from {old} to {new}{_difference(old, new)}."
    if old in (None, "", ()):
        return f"{label} is now {_shown(new)}."
    if new in (None, "", ()):
        return f"{label} is no longer set (was {_shown(old)})."
    return f"{label} changes from {_shown(old)} to {_shown(new)}."


def _difference(old: Money, new: Money) -> str:
    if old.currency != new.currency:
        return ""
    step = new - old
    return f" ({'+' if step.amount > 0 else ''}{step})"


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(_shown(item) for item in value) or "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Enum):
        return str(value.value).replace("_", " ")
    if isinstance(value, str):
        return f'"{value if len(value) <= _SHOWN else value[:_SHOWN] + "..."}"'
    if attrs.has(type(value)) and not _is_value(value):
        return type(value).__name__.lower()
    return str(value)
