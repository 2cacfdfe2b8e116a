"""
Values of an imported account that a plan has no words for: kept beside the plan, and
put back until somebody changes the plan there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.adapters.linkedin import _tables as tables
from smmlib.adapters.linkedin._build import plain
from smmlib.errors import CodecError, Issue, Severity
from smmlib.ports import Ref, Resource

if TYPE_CHECKING:
    from smmlib.model import MediaPlan

EXTRA = "linkedin-kept"
"""
Where a plan's `extra` holds them.
"""

Row = list[Any]
"""
Path inside a resource's fields, what the plan made of it, and what stands there.
"""


def differences(
    built: Any, there: Any, ids: Mapping[str, str], path: tuple[str, ...] = ()
) -> Iterator[Row]:
    """
    Where two normal forms differ; a list is one value, absent is None.

    Args:
        built: What the plan makes of it, with references.
        there: What stands on LinkedIn.
        ids: What references stand for, by address.
        path: Where inside the resource's fields.
    """
    if isinstance(built, Mapping) and isinstance(there, Mapping):
        for key in dict.fromkeys([*built, *there]):
            yield from differences(built.get(key), there.get(key), ids, (*path, key))
    elif _json(built, ids) != _json(there):
        yield [list(path), _json(built), _json(there)]


@attrs.frozen
class Kept:
    """
    What an import keeps beside the plan.

    Attributes:
        rows: Values by the address of their resource.
        accepted: Path, code and value of what LinkedIn took although the plan's rules
            would not send it.
    """

    rows: Mapping[str, list[Row]] = attrs.field(factory=dict)
    accepted: frozenset[tuple[str, str, str]] = frozenset()

    def text(self) -> str:
        """
        As a plan's `extra` holds it; empty for nothing.
        """
        if not (self.rows or self.accepted):
            return ""
        told = sorted(map(list, self.accepted))
        return json.dumps({"rows": self.rows, "accepted": told}, sort_keys=True)

    def over(self, resources: Iterable[Resource]) -> list[Resource]:
        """
        The resources with kept values, wherever the plan still says what it said.
        """
        return [
            _laid_over(r, self.rows[r.address]) if r.address in self.rows else r
            for r in resources
        ]

    def judged(self, issues: Iterable[Issue]) -> tuple[Issue, ...]:
        """
        Problems, with those that stand there already as mere warnings.
        """
        return tuple(
            attrs.evolve(issue, severity=Severity.WARNING)
            if issue.is_error and sign_of(issue) in self.accepted
            else issue
            for issue in issues
        )


def sign_of(issue: Issue) -> tuple[str, str, str]:
    """
    What tells a problem from one of another value.
    """
    return issue.path, issue.code, str(issue.value)


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
        told = frozenset((str(a), str(b), str(c)) for a, b, c in found["accepted"])
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise CodecError(
            f"extra.{EXTRA} of the plan cannot be read",
            hint="import the account again, or delete that entry",
        ) from error
    return Kept(rows, told)


def keeping(raw: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """
    New targeting criteria with every exclusion that smmlib does not speak about.

    An update replaces the whole record: what is not sent again would be lost. What is
    included can be said in a plan in full, whom to leave out cannot.

    Args:
        raw: The criteria as they stand, in LinkedIn's form.
        wanted: The new ones, in LinkedIn's form.
    """
    there = _map(_map(raw.get("exclude")).get("or"))
    strange = {
        facet: list(urns)
        for facet, urns in there.items()
        if str(facet).removeprefix(tables.FACET_URN) not in tables.EXCLUDED
    }
    if not strange:
        return dict(wanted)
    ours = dict(_map(_map(wanted.get("exclude")).get("or")))
    return {**wanted, "exclude": {"or": {**strange, **ours}}}


def _laid_over(resource: Resource, rows: list[Row]) -> Resource:
    fields: dict[str, Any] = plain(resource.fields)
    for path, was, there in rows:
        _put(fields, path, was, there)
    return attrs.evolve(resource, fields=fields)


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


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
