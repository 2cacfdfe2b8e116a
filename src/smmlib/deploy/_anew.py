"""
What can only be had by making an object anew, because its platform never changes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from smmlib.deploy._canonical import normal
from smmlib.deploy._observe import Sight
from smmlib.deploy._target import Target, parents
from smmlib.ports import Resource

CONTENT = "its content cannot be changed"
MOVED = "what it hangs in is new, so it is made anew"
SHARED = "what it holds must agree in what changes, so it is made anew"


def fixed_of(target: Target, resource: Resource, fields: Iterable[str]) -> list[str]:
    """
    Those of these fields that never change once the object is made.
    """
    never = target.platform.capabilities.fixed
    return [field for field in fields if (resource.kind, field) in never]


def outgrown(target: Target, sights: Mapping[str, Sight]) -> frozenset[str]:
    """
    Addresses of parents whose children no longer agree with what stands there.

    While an old child is there a new one with another value would be refused, so both
    get a parent of their own.
    """
    shared = target.platform.capabilities.shared
    by_address = {r.address: r for r in target.wanted.resources}
    return frozenset(
        parent.address
        for resource in (target.wanted.resources if shared else ())
        for field in _others(resource, sights.get(resource.address, Sight()), target)
        if (resource.kind, field) in shared
        for parent in parents(resource, by_address)
        if _hangs_in(sights.get(resource.address), sights.get(parent.address))
    )


def _hangs_in(child: Sight | None, parent: Sight | None) -> bool:
    """
    Whether it stands there in this very parent: after a run that died half-way the
    parent may be the new one already, and the child still in the old.
    """
    if child is None or parent is None or not child.remote or not parent.remote:
        return False
    return parent.remote.id in child.remote.fields.values()


def _others(resource: Resource, sight: Sight, target: Target) -> Iterable[str]:
    """
    Shared fields in which an object differs from what stands there.
    """
    if sight.remote is None:
        return ()
    wanted, there = normal(resource.fields), normal(sight.remote.fields)
    names = (field for _, field in target.platform.capabilities.shared)
    return [name for name in names if wanted.get(name) != there.get(name)]


def why(
    target: Target, resource: Resource, patch: Iterable[str], *, outgrown: bool
) -> str:
    """
    Why something is made anew instead of changed.
    """
    if resource.kind in target.platform.capabilities.immutable:
        return CONTENT
    if outgrown:
        return SHARED
    if fixed := fixed_of(target, resource, patch):
        return f"{', '.join(fixed)} never changes once it is made"
    return MOVED
