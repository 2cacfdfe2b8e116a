"""
Make a change set: read the platforms, compare, write nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import attrs

from smmlib.deploy._changes import ChangeSet, Purpose
from smmlib.deploy._diff import Comparison, Planned, compare
from smmlib.deploy._exposure import cap_issues, currency_issues, exposure_of
from smmlib.deploy._observe import Identity, observe
from smmlib.deploy._order import write_calls
from smmlib.deploy._target import Target
from smmlib.errors import CurrencyMismatch, Issue, Severity, StateCorruptError
from smmlib.model import Caps, MediaPlan, Money
from smmlib.ports import Clock, State, StateStore


@attrs.frozen
class Survey:
    """
    All accounts, compared, and the change set that comes of it.

    Attributes:
        changes: What a person sees and approves.
        comparisons: The same with all that carrying it out needs, by account.
    """

    changes: ChangeSet
    comparisons: tuple[Comparison, ...]

    @property
    def planned(self) -> tuple[Planned, ...]:
        """
        Everything that would be done.
        """
        return tuple(p for c in self.comparisons for p in c.planned)


def make_changes(
    plan: MediaPlan,
    targets: Sequence[Target],
    store: StateStore,
    *,
    clock: Clock,
    environment: str,
    expires: timedelta = timedelta(hours=24),
    caps: Caps | None = None,
    purpose: Purpose = Purpose.SET_UP,
    undoes: str = "",
) -> ChangeSet:
    """
    Say what an apply would do. Reads the platforms and the state, writes nothing.

    Args:
        plan: The plan.
        targets: The ad accounts, each with what the plan wants there.
        store: What we did before.
        clock: The time.
        environment: `sandbox`, `production`, ...
        expires: How long the result may be applied.
        caps: Ceilings of the environment, beside those of the plan.
        purpose: What for; the targets want what `towards` says of it.
        undoes: For a roll-back: the run it undoes.

    Raises:
        StateCorruptError: The store belongs to another project or environment.
        PlatformError: An account could not be read.
    """
    state = store.snapshot()
    found = survey(
        plan,
        targets,
        state,
        clock=clock,
        environment=environment,
        expires=expires,
        caps=caps,
    ).changes
    return attrs.evolve(found, purpose=purpose, undoes=undoes)


def survey(
    plan: MediaPlan,
    targets: Sequence[Target],
    state: State,
    *,
    clock: Clock,
    environment: str,
    expires: timedelta = timedelta(hours=24),
    caps: Caps | None = None,
) -> Survey:
    """
    Read and compare every account.
    """
    belongs(plan, state, environment)
    who = Identity(plan.project_id, environment)
    comparisons = tuple(
        compare(target, observe(target, state, who, clock=clock), who)
        for target in targets
    )
    now = clock.now()
    changes = ChangeSet(
        tuple(p.change for c in comparisons for p in c.planned),
        issues=(
            *_issues(plan, targets, caps),
            *_open(state, targets),
            *(issue for c in comparisons for issue in c.issues),
        ),
        exposure={t.key: _exposure(t) for t in targets},
        environment=environment,
        plan_hash=plan.content_hash,
        lineage=state.lineage,
        serial=state.serial,
        accounts={t.key: t.account for t in targets},
        unchanged=sum(c.unchanged for c in comparisons),
        calls=write_calls(
            [p for c in comparisons for p in c.planned],
            {t.key: t.platform.capabilities.batch_size for t in targets},
        ),
        created_at=now,
        expires_at=now + expires,
    )
    return Survey(changes, comparisons)


def belongs(plan: MediaPlan, state: State, environment: str) -> None:
    """
    Refuse a state that was made for something else.
    """
    for what, ours, its in (
        ("project", plan.project_id, state.project_id),
        ("environment", environment, state.environment),
    ):
        if ours != its:
            raise StateCorruptError(
                f"the state belongs to {what} {its!r}, not to {ours!r}",
                hint="use a state store of its own for each project and environment",
            )


def _issues(
    plan: MediaPlan, targets: Sequence[Target], caps: Caps | None
) -> list[Issue]:
    found = [issue for target in targets for issue in target.wanted.issues]
    found += [issue for target in targets for issue in _dangling(target)]
    money = currency_issues(plan, targets)
    # Paused objects spend nothing, so a cap stops the activation, not the apply.
    return [
        *found,
        *money,
        *([] if money else cap_issues(plan, targets, caps, Severity.WARNING)),
    ]


def _dangling(target: Target) -> list[Issue]:
    known = {r.address for r in target.wanted.resources}
    found = [
        Issue(
            resource.address,
            "deploy.reference",
            f"refers to {ref!r}, which nothing sets up on {target.key}",
            value=ref,
            hint="this is a fault of the platform's adapter; please report it",
        )
        for resource in target.wanted.resources
        for ref in resource.refs
        if ref not in known
    ]
    if len(known) != len(target.wanted.resources):
        found.append(
            Issue(
                target.key,
                "deploy.address",
                "two objects have the same address",
                hint="this is a fault of the platform's adapter; please report it",
            )
        )
    return found


def _open(state: State, targets: Sequence[Target]) -> list[Issue]:
    keys = {target.key for target in targets}
    return [
        Issue(
            intent.address,
            "deploy.open",
            f"an earlier {intent.action} was sent at {intent.sent_at:%Y-%m-%d %H:%M} "
            "and its outcome is not known",
            severity=Severity.INFO,
            hint="the next apply looks it up before it does anything else",
        )
        for intent in state.open_intents
        if f"{intent.platform}/{intent.account}" in keys
    ]


def _exposure(target: Target) -> Money:
    try:
        return exposure_of(target)
    except CurrencyMismatch:
        # `currency_issues` says it with its path; here only a sum is missing.
        return Money.zero(target.account.currency)
