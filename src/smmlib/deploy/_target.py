"""
Where things are set up: one ad account, and what the plan wants there.
"""

from __future__ import annotations

import attrs

from smmlib.ports import Account, AdPlatform, Kind, Resource, State, Tracked, Wanted

# What can spend money or lets it flow; the rest only stands by.
DELIVERING = (Kind.CAMPAIGN, Kind.AD_SET, Kind.AD)
ORDER = {kind: place for place, kind in enumerate(Kind)}


@attrs.frozen
class Target:
    """
    One ad account and all that a plan wants in it.

    Attributes:
        platform: The way to the account.
        account: The account as the platform describes it.
        wanted: What should exist, and what stands in the way.
        scope: The only addresses that may be touched; None for all.
        pause_first: Whether what goes and still runs is switched off before anything
            else is done.
    """

    platform: AdPlatform
    account: Account
    wanted: Wanted
    scope: frozenset[str] | None = attrs.field(default=None, kw_only=True)
    pause_first: bool = attrs.field(default=False, kw_only=True)

    @property
    def key(self) -> str:
        """
        Platform and account in one word, e.g. `meta/act_1`.
        """
        return f"{self.platform.name}/{self.account.id}"

    def owns(self, thing: Tracked) -> bool:
        """
        Whether an object we track stands in this account.
        """
        return (thing.platform, thing.account) == (
            self.platform.name,
            self.account.id,
        )

    def tracked(self, state: State) -> tuple[Tracked, ...]:
        """
        What we track in this account, old generations included.
        """
        return tuple(t for t in state.resources.values() if self.owns(t))


def current(tracked: tuple[Tracked, ...]) -> dict[str, Tracked]:
    """
    The newest generation of each address.
    """
    newest: dict[str, Tracked] = {}
    for thing in sorted(tracked, key=lambda t: t.generation):
        newest[thing.address] = thing
    return newest


def parents(resource: Resource, by_address: dict[str, Resource]) -> list[Resource]:
    """
    The campaign and ad set an object hangs in: what it cannot be moved out of.
    """
    if resource.kind not in DELIVERING:
        return []
    above = (by_address[a] for a in resource.refs if a in by_address)
    return [
        parent
        for parent in above
        if parent.kind in DELIVERING and ORDER[parent.kind] < ORDER[resource.kind]
    ]
