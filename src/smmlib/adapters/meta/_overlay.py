"""
Values of an imported account that a plan has no words for: kept, and put back until
somebody changes the plan there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.adapters.meta._build import plain
from smmlib.adapters.meta._normal import DETAILED
from smmlib.errors import CodecError
from smmlib.ports import Ref, Resource

if TYPE_CHECKING:
    from smmlib.model import MediaPlan

EXTRA = "meta-kept"
"""
Where a plan's `extra` holds them.
"""

Row = list[Any]
"""
Path inside a resource's fields, what the plan made of it, and what stands there.
"""


def rows_between(
    built: Any, there: Any, ids: Mapping[str, str], path: tuple[str, ...] = ()
) -> Iterator[Row]:
    """
    Where two normal forms differ; lists are one value, absent is None.

    Args:
        built: What the plan makes of it, with references.
        there: What stands on the platform.
        ids: What references stand for, by address.
        path: Where inside the resource's fields.
    """
    if isinstance(built, Mapping) and isinstance(there, Mapping):
        for key in dict.fromkeys([*built, *there]):
            yield from rows_between(built.get(key), there.get(key), ids, (*path, key))
    elif _json(built, ids) != _json(there):
        yield [list(path), _json(built), _json(there)]


@attrs.frozen
class Kept:
    """
    What an import keeps beside the plan.

    Attributes:
        rows: Values by the address of their resource.
        shared: Addresses that stand on the object of another one.
    """

    rows: Mapping[str, list[Row]] = attrs.field(factory=dict)
    shared: Mapping[str, str] = attrs.field(factory=dict)

    def text(self) -> str:
        """
        As a plan's `extra` holds it; empty for nothing.
        """
        if not (self.rows or self.shared):
            return ""
        return json.dumps({"rows": self.rows, "shared": self.shared}, sort_keys=True)

    def over(self, resources: Iterable[Resource]) -> list[Resource]:
        """
        The resources with kept values, those that share an object made one.
        """
        found = [
            laid_over(r, self.rows[r.address]) if r.address in self.rows else r
            for r in resources
        ]
        by_address = {resource.address: resource for resource in found}
        moved = {
            other: own
            for other, own in self.shared.items()
            # Once somebody changed one of them, they are two.
            if {other, own} <= by_address.keys()
            and by_address[other].fields == by_address[own].fields
        }
        if not moved:
            return found
        return [
            attrs.evolve(r, fields=_moved(r.fields, moved))
            for r in found
            if r.address not in moved
        ]


def kept_in(plan: MediaPlan) -> Kept:
    """
    What an import kept beside a plan.

    Raises:
        CodecError: Somebody edited it.
    """
    text = plan.extra.get(EXTRA)
    if not text:
        return Kept()
    try:
        found = json.loads(text)
        rows = {
            str(address): [[list(path), was, there] for path, was, there in some]
            for address, some in found["rows"].items()
        }
        return Kept(rows, {str(a): str(b) for a, b in found["shared"].items()})
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise CodecError(
            f"extra.{EXTRA} of the plan cannot be read",
            hint="import the account again, or delete that entry",
        ) from error


def _moved(value: Any, moved: Mapping[str, str]) -> Any:
    if isinstance(value, Ref):
        return Ref(moved.get(value.address, value.address))
    if isinstance(value, Mapping):
        return {k: _moved(v, moved) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_moved(v, moved) for v in value]
    return value


def laid_over(resource: Resource, rows: list[Row]) -> Resource:
    """
    The resource with kept values, wherever the plan still says what it said.
    """
    fields: dict[str, Any] = plain(resource.fields)
    for path, was, there in rows:
        _put(fields, path, was, there)
    return attrs.evolve(resource, fields=fields)


def keeping(raw: Mapping[str, Any], spec: Mapping[str, Any]) -> dict[str, Any]:
    """
    A new targeting with every part of the present one that smmlib does not speak about.

    An update replaces the whole targeting: what is not sent again would be lost.
    """
    merged: dict[str, Any] = dict(spec)
    for key, value in raw.items():
        if key in DETAILED or key == "flexible_spec":
            continue
        if key in _NESTED and isinstance(value, Mapping):
            strange = {k: v for k, v in value.items() if k not in _NESTED[key]}
            merged[key] = {**strange, **merged.get(key, {})}
        elif key not in _SPOKEN:
            merged[key] = value
    groups = _groups(raw.get("flexible_spec"), merged.get("flexible_spec", []))
    merged["flexible_spec"] = groups
    return {key: value for key, value in merged.items() if value not in ({}, [])}


def _groups(raw: Any, wanted: list[Any]) -> list[Any]:
    groups = [dict(group) for group in wanted]
    place = 0
    for group in raw if isinstance(raw, list) else ():
        strange = {k: v for k, v in group.items() if k not in DETAILED}
        spoken = len(strange) < len(group)
        if strange and spoken and place < len(groups):
            groups[place] |= strange
        elif strange:
            groups.append(strange)
        place += spoken
    return groups


_NESTED = {
    "geo_locations": {"countries", "country_groups", "regions", "cities"},
    "excluded_geo_locations": {"countries", "country_groups", "regions", "cities"},
    "exclusions": set(DETAILED),
    "targeting_automation": {"advantage_audience"},
}
_SPOKEN = frozenset(
    "age_min age_max age_range genders custom_audiences excluded_custom_audiences"
    " locales publisher_platforms device_platforms facebook_positions"
    " instagram_positions messenger_positions audience_network_positions"
    " threads_positions".split()
)


def _put(fields: dict[str, Any], path: list[str], was: Any, there: Any) -> None:
    *above, last = path
    inside: Any = fields
    for key in above:
        inside = inside.setdefault(key, {})
        if not isinstance(inside, dict):
            return
    if _json(inside.get(last)) != was:
        return
    if there is None:
        inside.pop(last, None)
    else:
        inside[last] = there


def _json(value: Any, ids: Mapping[str, str] | None = None) -> Any:
    """
    A value as JSON would give it back; references by their address, or resolved.
    """
    if isinstance(value, Ref):
        known = ids.get(value.address) if ids else None
        return known or {"ref": value.address}
    if isinstance(value, Mapping):
        return {str(k): _json(v, ids) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json(v, ids) for v in value]
    return value
