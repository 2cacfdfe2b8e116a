"""
Take over objects that stood on a platform before there was a plan for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from smmlib.deploy._guard import holder
from smmlib.deploy._observe import Identity, is_live
from smmlib.deploy._run import Run
from smmlib.deploy._settle import taken_over
from smmlib.deploy._target import Target
from smmlib.errors import NotFoundError
from smmlib.ports import Action, Clock, Remote, StateStore, Tracked

_RUN = "import"


def adopt(
    target: Target, ids: Mapping[str, str], store: StateStore, *, clock: Clock
) -> tuple[str, ...]:
    """
    Remember which objects the addresses of a plan stand for. Nothing is written there.

    Args:
        target: The account, and what the plan wants in it.
        ids: The platform's ids by address; addresses that are tracked already keep
            theirs.
        store: The state.
        clock: The time.

    Returns:
        The addresses that were taken over.

    Raises:
        StateLockedError: Somebody is applying.
        NotFoundError: An object is not there (any more).
        PlatformError: The account could not be read.
    """
    with store.lock(holder()):
        state = store.snapshot()
        known = {thing.address for thing in target.tracked(state)}
        new = {address: own for address, own in ids.items() if address not in known}
        remotes = _read(target, new)
        things = [_tracked(target, address, remotes[address]) for address in remotes]
        if things:
            store.begin(_RUN)
            who = Identity(state.project_id, state.environment)
            run = Run(_RUN, store, who, clock, Random(0))  # noqa: S311 - never waits
            run.note(target, things, Action.ADOPT)
        return tuple(remotes)


def _read(target: Target, ids: Mapping[str, str]) -> dict[str, Remote]:
    kinds = {r.address: r.kind for r in target.wanted.resources}
    found: dict[str, Remote] = {}
    for kind in dict.fromkeys(kinds[a] for a in ids if a in kinds):
        mine = {a: own for a, own in ids.items() if kinds.get(a) is kind}
        there = target.platform.read(kind, list(dict.fromkeys(mine.values())))
        for address, own in mine.items():
            if own not in there or not is_live(there[own]):
                raise NotFoundError(
                    f"{address} is not on {target.key} any more",
                    platform=target.platform.name,
                    operation="import",
                    hint="import the account again",
                )
            found[address] = there[own]
    return found


def _tracked(target: Target, address: str, remote: Remote) -> Tracked:
    wanted = {r.address: r for r in target.wanted.resources}[address]
    return taken_over(
        target,
        remote,
        Tracked(
            address,
            target.platform.name,
            account=target.account.id,
            kind=remote.kind,
            remote_id=remote.id,
            marker=remote.marker,
            exposure=wanted.exposure,
        ),
    )
