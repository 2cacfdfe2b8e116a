"""
Values of an imported account that a plan has no words for: kept beside the plan, and
put back until somebody changes the plan there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.errors import CodecError, Issue, Severity
from smmlib.ports import Ref, Resource

if TYPE_CHECKING:
    from smmlib.model import MediaPlan

EXTRA = "x-kept"
"""
Where a plan's `extra` holds them.
"""

Row = list[Any]
"""
A field of a resource, what the plan made of it, and what stands there.
"""


@attrs.frozen
class Kept:
    """
    What an import keeps beside the plan.

    Attributes:
        rows: Fields by the address of their resource.
        accepted: Path, code and value of what X took although the plan's rules would
            not send it.
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
        return [_laid_over(r, self.rows.get(r.address, [])) for r in resources]

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


def differences(
    built: Mapping[str, Any], there: Mapping[str, Any], ids: Mapping[str, str]
) -> Iterator[Row]:
    """
    Fields that stand on X otherwise than the plan makes them; absent is None.
    """
    for name in dict.fromkeys([*built, *there]):
        now = _json(there.get(name))
        if _json(built.get(name), ids) != now:
            yield [name, _json(built.get(name)), now]


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
            str(address): [[str(name), was, there] for name, was, there in some]
            for address, some in found["rows"].items()
        }
        told = frozenset((str(a), str(b), str(c)) for a, b, c in found["accepted"])
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise CodecError(
            f"extra.{EXTRA} of the plan cannot be read",
            hint="import the account again, or delete that entry",
        ) from error
    return Kept(rows, told)


def _laid_over(resource: Resource, rows: list[Row]) -> Resource:
    due = [row for row in rows if _json(resource.fields.get(row[0])) == row[1]]
    if not due:
        return resource
    fields = {**resource.fields, **{name: there for name, _, there in due}}
    left = {name: value for name, value in fields.items() if value is not None}
    return attrs.evolve(resource, fields=left)


def _json(value: Any, ids: Mapping[str, str] | None = None) -> Any:
    """
    A value as JSON would give it back; references by their address, or resolved.
    """
    if isinstance(value, Ref):
        known = ids.get(value.address) if ids else None
        return known or {"ref": value.address}
    if isinstance(value, Mapping):
        return {str(k): _json(v, ids) for k, v in value.items()} or None
    if isinstance(value, (list, tuple)):
        return [_json(v, ids) for v in value] or None
    return value
