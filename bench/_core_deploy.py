"""
The diff of a large plan, and its change set as a file, without any network in the way.

What is wanted comes from Meta's own adapter; the other side is a mirror that keeps what
it is given in memory and answers at once, so that only the comparison is measured.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs

import smmlib as smm
from smmlib import deploy
from smmlib.errors import Outcome
from smmlib.model import Flight, MediaPlan, MetricRow
from smmlib.ports import (
    Account,
    Action,
    Capabilities,
    Kind,
    Operation,
    Remote,
    Result,
    Wanted,
)

_NOW = datetime(2026, 12, 1, tzinfo=UTC)

Measure = Callable[[dict[str, Callable[[], Any]], int], dict[str, float]]


@attrs.define
class Still:
    """
    A clock that stands.
    """

    def now(self) -> datetime:
        """
        Always the same.
        """
        return _NOW

    def monotonic(self) -> float:
        """
        Always the same.
        """
        return 0.0

    def sleep(self, seconds: float) -> None:
        """
        Waits for nothing.
        """


@attrs.define
class Mirror:
    """
    An ad account in memory.
    """

    wanted_: Wanted
    account_: Account
    capabilities: Capabilities
    name: str = "meta"
    things: dict[str, Remote] = attrs.field(factory=dict)

    def account(self) -> Account:
        """
        The account.
        """
        return self.account_

    def wanted(self, plan: MediaPlan) -> Wanted:  # noqa: ARG002 - the port's shape
        """
        What was worked out before.
        """
        return self.wanted_

    def read(self, kind: Kind, ids: Iterable[str]) -> dict[str, Remote]:  # noqa: ARG002
        """
        From memory.
        """
        return {i: self.things[i] for i in ids if i in self.things}

    def find(self, kind: Kind, markers: Iterable[str]) -> tuple[Remote, ...]:
        """
        From memory.
        """
        marks = set(markers)
        return tuple(
            t for t in self.things.values() if t.kind is kind and t.marker in marks
        )

    def execute(self, operations: Sequence[Operation]) -> tuple[Result, ...]:
        """
        Into memory; the benches only create.
        """
        return tuple(self._create(operation) for operation in operations)

    def _create(self, operation: Operation) -> Result:
        assert operation.action is Action.CREATE  # noqa: S101 - see above
        new = str(len(self.things) + 1)
        self.things[new] = Remote(
            operation.kind,
            new,
            fields=operation.fields,
            marker=operation.marker,
            name=operation.name,
            created_at=_NOW,
        )
        return Result(operation.address, Outcome.APPLIED, new)

    def metrics(self, flight: Flight) -> Iterator[MetricRow]:  # noqa: ARG002
        """
        Nothing ran.
        """
        return iter(())


def measure(plan: MediaPlan, measured: Measure, rounds: int) -> dict[str, Any]:
    """
    Milliseconds for the diff against state and remote, and for the file.
    """
    clock, mirror = Still(), _mirror(plan)
    store = deploy.MemoryStateStore(project_id=plan.project_id, environment="sandbox")
    target = deploy.Target(mirror, mirror.account_, mirror.wanted_)

    def changes() -> Any:
        return deploy.make_changes(
            plan, (target,), store, clock=clock, environment="sandbox"
        )

    fresh = changes()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "changes.json")

        def written_and_read() -> Any:
            fresh.save(path)
            return deploy.ChangeSet.load(path)

        file = measured({"smmlib": written_and_read}, rounds)
    first = measured({"smmlib": changes}, rounds)
    deploy.apply(fresh, plan, (target,), store, clock=clock)
    again = measured({"smmlib": changes}, rounds)
    assert changes().empty  # noqa: S101 - else another thing is measured
    return {
        "diff": again,
        "diff, all new": first,
        "changes": file,
    }


def _mirror(plan: MediaPlan) -> Mirror:
    """
    What Meta's adapter wants of the plan, as an account that could hold it.
    """
    with smm.connect("sandbox", seed=7) as work:
        meta = work.platforms["meta"]
        wanted = meta.wanted(plan)
        capabilities = attrs.evolve(meta.capabilities, batch_size=50, parallel=1)
        account = meta.account()
    resources = tuple(attrs.evolve(r, content=None) for r in wanted.resources)
    return Mirror(Wanted(resources), account, capabilities)
