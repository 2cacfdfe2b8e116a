"""
A desk with one account, one plan and one state, so that a test reads like a story.
"""

from __future__ import annotations

from typing import Any

import attrs

from _flaky import (
    PROJECT,
    FlakyPlatform,
    FlakyServer,
    Thing,
    VirtualClock,
    a_launch,
    a_plan,
)
from smmlib.deploy import (
    Applied,
    ChangeSet,
    MemoryStateStore,
    Target,
    activate,
    apply,
    make_changes,
)
from smmlib.model import MediaPlan
from smmlib.ports import Resource


@attrs.define(eq=False)
class Desk:
    """
    Everything one needs to plan, apply and activate.
    """

    clock: VirtualClock = attrs.field(factory=VirtualClock)
    plan: MediaPlan = attrs.field(factory=a_plan)
    environment: str = "sandbox"
    server: FlakyServer = attrs.field(init=False)
    platform: FlakyPlatform = attrs.field(init=False)
    store: Any = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.server = FlakyServer(self.clock)
        self.server.approved = 10**6
        self.platform = FlakyPlatform(self.server, a_launch())
        self.forget()

    def forget(self) -> None:
        """
        Lose the state.
        """
        self.store = MemoryStateStore(
            project_id=PROJECT, environment=self.environment, clock=self.clock
        )

    def targets(self) -> list[Target]:
        """
        Give the one account with what the plan wants there.
        """
        account = self.platform.account()
        return [Target(self.platform, account, self.platform.wanted(self.plan))]

    def edit(self, *resources: Resource, drop: tuple[str, ...] = ()) -> None:
        """
        Replace, add and drop what the plan wants.
        """
        wanted = {r.address: r for r in self.platform.resources}
        wanted |= {r.address: r for r in resources}
        self.platform.resources = [r for a, r in wanted.items() if a not in drop]
        self.plan = attrs.evolve(self.plan, version=self.plan.version + 1)

    def changes(self, **options: Any) -> ChangeSet:
        """
        Plan.
        """
        return make_changes(
            self.plan,
            self.targets(),
            self.store,
            clock=self.clock,
            environment=self.environment,
            **options,
        )

    def apply(self, changes: ChangeSet | None = None, **options: Any) -> Applied:
        """
        Apply.
        """
        return apply(
            changes or self.changes(),
            self.plan,
            self.targets(),
            self.store,
            clock=self.clock,
            **options,
        )

    def activate(self, changes: ChangeSet | None = None, **options: Any) -> Applied:
        """
        Activate, with the amount that was shown unless told otherwise.
        """
        changes = changes or self.changes()
        return activate(
            changes,
            self.plan,
            self.targets(),
            self.store,
            clock=self.clock,
            **{"approve": str(changes.total), **options},
        )

    def launch(self) -> ChangeSet:
        """
        Plan, apply and activate.
        """
        changes = self.changes()
        self.apply(changes)
        self.activate(changes)
        return changes

    def thing(self, address: str) -> Thing:
        """
        Give the object behind an address as it is on the server.
        """
        known = {t.address: t for t in self.store.snapshot().resources.values()}
        return self.server.things[known[address].remote_id]
