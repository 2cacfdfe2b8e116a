"""
What the comparison rests on: fingerprints, differing fields, raised budgets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.deploy._canonical import differences, fingerprint, normal
from smmlib.deploy._change import FieldChange
from smmlib.deploy._target import DELIVERING
from smmlib.model import Status
from smmlib.ports import Remote, Resource, Tracked

if TYPE_CHECKING:
    from smmlib.deploy._observe import Sight


def content_of(resource: Resource) -> str:
    """
    Fingerprint of all that is wanted for one object, uploads included.
    """
    upload = fingerprint(resource.content.hex()) if resource.content else ""
    return fingerprint(
        resource.kind, resource.name, resource.fields, resource.status, upload
    )


def rows(before: Any, after: Any) -> tuple[FieldChange, ...]:
    """
    The leaves in which two sets of fields differ.
    """
    # An object without its Nones on one side only would look like a difference.
    found = differences("", normal(before) or {}, normal(after) or {})
    return tuple(FieldChange(*row) for row in found)


def seen_as(
    remote: Remote | None, resource: Resource | None, tracked: Tracked | None
) -> str:
    """
    Fingerprint of what stands there, as far as it is ours: the name, and the fields
    the plan speaks about or we applied. Status is no part of it: pausing comes first.
    """
    if remote is None:
        return ""
    ours = {
        *(resource.fields if resource else ()),
        *(tracked.fields if tracked else ()),
    }
    there = normal(remote.fields)
    fields = {key: value for key, value in there.items() if not ours or key in ours}
    return fingerprint(remote.name, fields)


def deletion(tracked: Tracked | None) -> tuple[FieldChange, ...]:
    """
    That somebody deleted it is drift as well.
    """
    if tracked is None or tracked.kind not in DELIVERING:
        return ()
    return (FieldChange("status", tracked.status, "deleted"),)


def raises(resource: Resource, sight: Sight) -> bool:
    """
    Whether an update lets something that runs spend more than was approved.
    """
    if sight.remote is None or sight.remote.status is not Status.ACTIVE:
        return False
    # What is paused first cannot spend, whatever its budget says.
    if resource.exposure is None or resource.status is not Status.ACTIVE:
        return False
    before = sight.tracked.exposure if sight.tracked else None
    if before is None or before.currency != resource.exposure.currency:
        return True
    return resource.exposure > before
