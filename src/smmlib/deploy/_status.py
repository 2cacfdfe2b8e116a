"""
How things stand: what delivers and what not, and the emergency stop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape
from random import Random
from typing import Any

import attrs

from smmlib.deploy._apply import Applied
from smmlib.deploy._memory import MemoryStateStore
from smmlib.deploy._observe import Identity, find, is_live, read
from smmlib.deploy._order import chunks
from smmlib.deploy._render import html_table
from smmlib.deploy._run import STATUS, Progress, Run, Step
from smmlib.deploy._send import deliver
from smmlib.deploy._target import DELIVERING, Target, current
from smmlib.errors import ApplyInterruptedError, DeployError, PlatformError
from smmlib.model import Delivery, MediaPlan, Status
from smmlib.ports import (
    Action,
    Clock,
    Kind,
    Operation,
    Remote,
    Resource,
    StateStore,
    Tracked,
)


@attrs.frozen
class Standing:
    """
    How one object stands.

    Attributes:
        address: Path in the plan.
        kind: What kind of object.
        wanted: What the plan wants; None for what it does not have any more, and for
            what neither runs nor rests, such as creatives.
        status: What is configured on the platform; None when it does not exist.
        delivery: What the platform reports.
        platform: Which platform.
        account: Which ad account.
        remote_id: The platform's id; empty when it does not exist.
        name: Shown name.
        reason: Why it does not deliver, in the platform's words.
    """

    address: str
    kind: Kind
    wanted: Status | None = attrs.field(default=None, kw_only=True)
    status: Status | None = attrs.field(default=None, kw_only=True)
    delivery: Delivery = attrs.field(default=Delivery.UNKNOWN, kw_only=True)
    platform: str = attrs.field(kw_only=True)
    account: str = attrs.field(kw_only=True)
    remote_id: str = attrs.field(default="", kw_only=True)
    name: str = attrs.field(default="", kw_only=True)
    reason: str = attrs.field(default="", kw_only=True)

    def to_dict(self) -> dict[str, Any]:
        """
        The row as JSON-ready data.
        """
        data = attrs.asdict(self)
        return {k: getattr(v, "value", v) for k, v in data.items()}


def _there(row: Standing) -> str:
    if row.status is None:
        return "not there"
    return row.status.value if row.kind in DELIVERING else "there"


class Standings(tuple[Standing, ...]):
    """
    How all objects of a plan stand: a tuple that shows itself as a table.
    """

    __slots__ = ()

    def _rows(self) -> Iterator[tuple[str, ...]]:
        for row in self:
            yield (
                row.kind.replace("_", " "),
                row.address,
                row.wanted.value if row.wanted else "-",
                _there(row),
                row.delivery.value,
                row.remote_id,
                row.reason,
            )

    def __str__(self) -> str:
        titles = ("kind", "address", "wanted", "status", "delivery", "id", "reason")
        rows = [titles, *self._rows()]
        widths = [max(len(row[i]) for row in rows) for i in range(len(titles))]
        return "\n".join(
            "  ".join(
                cell.ljust(w) for cell, w in zip(row, widths, strict=True)
            ).rstrip()
            for row in rows
        )

    def _repr_html_(self) -> str:
        titles = ("kind", "address", "wanted", "status", "delivery", "id", "reason")
        rows = [
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in self._rows()
        ]
        return html_table("How things stand", titles, rows)


def status(plan: MediaPlan, targets: Sequence[Target], store: StateStore) -> Standings:
    """
    How every object of a plan stands on the platforms. Only reads.

    Objects that the state does not know are looked up by their marker.
    """
    state = store.snapshot()
    who = Identity(plan.project_id, state.environment)
    rows: list[Standing] = []
    for target in targets:
        known = current(target.tracked(state))
        remotes = read(target, known.values())
        lost = [
            r
            for r in target.wanted.resources
            if r.address not in known or known[r.address].key not in remotes
        ]
        found = _found(target, who, lost)
        wanted = {r.address: r for r in target.wanted.resources}
        for address in dict.fromkeys([*wanted, *known]):
            thing = known.get(address)
            remote = remotes.get(thing.key) if thing else None
            rows.append(
                _standing(
                    target, wanted.get(address), thing, remote or found.get(address)
                )
            )
    return Standings(rows)


def _found(
    target: Target, who: Identity, resources: Sequence[Resource]
) -> dict[str, Remote]:
    marks = {who.marker(target, r.kind, r.address, 0): r for r in resources}
    hits = find(target, {mark: r.kind for mark, r in marks.items()})
    return {marks[mark].address: remotes[0] for mark, remotes in hits.items()}


def _standing(
    target: Target,
    resource: Resource | None,
    thing: Tracked | None,
    remote: Remote | None,
) -> Standing:
    named = resource or thing
    assert named is not None  # noqa: S101 - an address is wanted, tracked, or both
    there = remote if remote and is_live(remote) else None
    runs = named.kind in DELIVERING
    return Standing(
        named.address,
        named.kind,
        wanted=resource.status if resource and runs else None,
        status=there.status if there else None,
        delivery=there.delivery if there else Delivery.UNKNOWN,
        platform=target.platform.name,
        account=target.account.id,
        remote_id=there.id if there else "",
        name=named.name,
        reason=there.reason if there else "",
    )


def addresses_by_id(store: StateStore) -> dict[str, str]:
    """
    Path in the plan by remote id: joins the platforms' numbers with the plan.
    """
    return {
        thing.remote_id: thing.address for thing in store.snapshot().resources.values()
    }


def stop(
    plan: MediaPlan,
    targets: Sequence[Target],
    store: StateStore,
    *,
    clock: Clock,
    random: Random | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Applied:
    """
    Emergency stop: pause every campaign of the plan, one write each.

    It waits for no lock and asks no questions first. Campaigns that the state does not
    know are looked up by their marker. Change sets made before cannot be applied or
    activated any more. A state that cannot be written stops nobody: then it goes on
    without one.

    Raises:
        ApplyInterruptedError: Some campaigns could not be paused; they are named.
    """
    name = f"stop {clock.now().isoformat()}"
    state = store.snapshot()
    try:
        store.begin(name)
        run = _stopping(name, plan, targets, store, clock, random, progress)
    except ApplyInterruptedError:
        raise
    except DeployError:
        spare = MemoryStateStore.copy_of(state, clock=clock)
        run = _stopping(name, plan, targets, spare, clock, random, progress)
    return Applied(name, tuple(run.done))


def _stopping(  # noqa: PLR0917 - all that a stop is given, passed on once
    name: str,
    plan: MediaPlan,
    targets: Sequence[Target],
    store: StateStore,
    clock: Clock,
    random: Random | None,
    progress: Callable[[Progress], None] | None,
) -> Run:
    who = Identity(plan.project_id, store.snapshot().environment)
    tools = (clock, random or Random())  # noqa: S311 - spreads waiting times
    run = Run(name, store, who, *tools, progress)
    run.log("stop started")
    known = [[_pause(t, thing) for thing in _campaigns(t, run)] for t in targets]
    for target, steps in zip(targets, known, strict=True):
        _send(run, target, steps)
    # Only now: searching takes time, and may fail.
    for target in targets:
        _send(run, target, _unknown_campaigns(target, run))
    run.finish("stop")
    return run


def _send(run: Run, target: Target, steps: Sequence[Step]) -> None:
    run.total += len(steps)
    for part in chunks(steps, target.platform.capabilities):
        deliver(run, target, part)


def _campaigns(target: Target, run: Run) -> list[Tracked]:
    tracked = target.tracked(run.store.snapshot())
    return [thing for thing in tracked if thing.kind is Kind.CAMPAIGN]


def _unknown_campaigns(target: Target, run: Run) -> list[Step]:
    """
    Campaigns that carry our marker and are not in the state.
    """
    known = {thing.marker for thing in _campaigns(target, run)}
    marks = {
        run.who.marker(target, r.kind, r.address, generation): (r, generation)
        for r in target.wanted.resources
        if r.kind is Kind.CAMPAIGN
        for generation in range(4)
    }
    unknown = {mark: r.kind for mark, (r, _) in marks.items() if mark not in known}
    try:
        hits = find(target, unknown)
    except PlatformError as error:
        # What is known must be paused all the same.
        run.halted.setdefault(f"{target.key} (search)", error)
        return []
    return [
        _pause(target, _taken(target, *marks[mark], mark, remote))
        for mark, remotes in hits.items()
        for remote in remotes[:1]
    ]


def _taken(
    target: Target, resource: Resource, generation: int, mark: str, remote: Remote
) -> Tracked:
    return Tracked(
        resource.address,
        target.platform.name,
        account=target.account.id,
        kind=resource.kind,
        remote_id=remote.id,
        marker=mark,
        fields={k: v for k, v in remote.fields.items() if k in resource.fields},
        name=remote.name,
        generation=generation,
        status=remote.status,
    )


def _pause(target: Target, thing: Tracked) -> Step:
    operation = Operation(
        Action.PAUSE,
        thing.kind,
        address=thing.address,
        marker=thing.marker,
        remote_id=thing.remote_id,
    )
    after = attrs.evolve(thing, status=Status.PAUSED)
    before = {STATUS: thing.status.value}
    return Step(target, operation, thing.generation, after, before=before)
