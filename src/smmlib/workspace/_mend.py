"""
What a workspace does when things are not as they were left, or should not stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smmlib.deploy import (
    ChangeSet,
    Log,
    MemoryStateStore,
    Purpose,
    Target,
    accept,
    find_run,
    fork,
    make_changes,
    recover,
    rehearse,
    runs,
    towards,
)
from smmlib.errors import DeployError, PlatformError, StateCorruptError
from smmlib.ports import Wanted
from smmlib.workspace._progress import progress_bar

if TYPE_CHECKING:
    from collections.abc import Callable

    from smmlib.deploy import Applied, Progress, RunRecord
    from smmlib.model import Caps, MediaPlan
    from smmlib.ports import AdPlatform, Clock, State, StateStore


class Mending:
    """
    Drift, ways back, lost journals, copies on purpose: part of every workspace.
    """

    environment: str
    platforms: dict[str, AdPlatform]
    _clock: Clock
    _caps: Caps | None
    _allowlist: tuple[str, ...]
    _stores: Callable[[str], StateStore]
    _opened: dict[str, StateStore]

    if TYPE_CHECKING:

        def _targets(self, plan: MediaPlan) -> tuple[Target, ...]: ...
        def _store(self, plan: MediaPlan) -> StateStore: ...
        def _remember(self, plan: MediaPlan) -> None: ...
        def _recall(self, changes: ChangeSet) -> MediaPlan: ...

    # -- drift ---------------------------------------------------------------------

    def refresh(self, plan: MediaPlan) -> ChangeSet:
        """
        Say what others changed on the platforms since the last apply. Only reads.

        Applying the result reverts exactly that; `accept` takes it over instead.
        """
        return self._towards(plan, Purpose.REVERT)

    def accept(self, changes: ChangeSet, plan: MediaPlan | None = None) -> Applied:
        """
        Take over what a refresh showed; nothing is written on the platforms.

        The plan keeps its opinion: write the new values into it, or the next plan
        proposes to change them, as a plain change and no longer as drift.

        Args:
            changes: What `refresh` returned.
            plan: The plan; remembered when `refresh` was called here.

        Raises:
            StaleChangesError: Something moved since.
        """
        found = plan or self._recall(changes)
        targets, store = self._targets(found), self._store(found)
        return accept(changes, found, targets, store, clock=self._clock)

    # -- ways back -----------------------------------------------------------------

    def runs(self, plan: MediaPlan) -> tuple[RunRecord, ...]:
        """
        Every run that wrote something for a plan, oldest first.
        """
        return runs(self._store(plan))

    def rollback(self, plan: MediaPlan, *, run: str = "") -> ChangeSet:
        """
        Say what it takes to stand as before a run. Only reads; `apply` does it.

        What the run touched is paused first, changed fields get back what they held,
        what it made is archived. It stays paused until it is activated again.

        Args:
            plan: The plan.
            run: Which run, by the beginning of its name; it and all that came after
                is undone. The last one when left out.

        Raises:
            ConfigurationError: There is no such run.
        """
        undoes = find_run(self._store(plan), run)
        return self._towards(plan, Purpose.ROLL_BACK, undoes)

    def destroy(self, plan: MediaPlan) -> ChangeSet:
        """
        Say what it takes to archive all of a plan. Only reads; `apply` does it.

        What runs is paused first. Nothing is deleted for good: what was spent stays in
        the platforms' reports.
        """
        return self._towards(plan, Purpose.DESTROY)

    def rehearse(self, changes: ChangeSet, plan: MediaPlan | None = None) -> ChangeSet:
        """
        Everything an apply does up to its first write, and no further.

        Args:
            changes: What `plan` returned.
            plan: The plan; remembered when it was planned here.

        Returns:
            What would be done now.

        Raises:
            StaleChangesError: It would be refused.
            SpendGuardError: It would need an approval, or another account.
        """
        found = plan or self._recall(changes)
        return rehearse(
            changes,
            found,
            self._targets_for(changes, found),
            self._store(found),
            clock=self._clock,
            allowlist=self._allowlist,
            caps=self._caps,
        )

    # -- lost journals, copies, the log --------------------------------------------

    def recover(
        self,
        plan: MediaPlan,
        *,
        progress: Callable[[Progress], None] | None = None,
    ) -> Applied:
        """
        Rebuild the state from the markers on the platforms. Writes nothing there.

        A state file that cannot be read is moved aside first.

        Args:
            plan: The plan.
            progress: Called after each object; draws a progress bar when left out.

        Returns:
            The addresses that were found again.
        """
        self._readable_store(plan)
        return recover(
            plan,
            self._targets(plan),
            self._store(plan),
            clock=self._clock,
            progress=progress or progress_bar(),
        )

    def fork(self, plan: MediaPlan, *, name: str = "") -> MediaPlan:
        """
        The same plan as another one, for another client or quarter: nothing is shared.

        Args:
            plan: The plan.
            name: Shown name of the new one.
        """
        return fork(plan, name=name)

    def snapshot(self, plan: MediaPlan) -> State:
        """
        What is remembered of a plan: its objects, and writes that were not answered.
        """
        return self._store(plan).snapshot()

    def log(self, plan: MediaPlan) -> Log:
        """
        Everything that was done for a plan, oldest first; it can be saved for a client.
        """
        return Log(self._store(plan).events())

    # -- inside --------------------------------------------------------------------

    def _towards(
        self, plan: MediaPlan, purpose: Purpose, undoes: str = ""
    ) -> ChangeSet:
        store = self._store(plan)
        changes = make_changes(
            plan,
            towards(purpose, self._targets(plan), store, undoes=undoes),
            store,
            clock=self._clock,
            environment=self.environment,
            caps=self._caps,
            purpose=purpose,
            undoes=undoes,
        )
        self._remember(plan)
        return changes

    def _targets_for(self, changes: ChangeSet, plan: MediaPlan) -> tuple[Target, ...]:
        """
        The accounts with what a change set wants of them.
        """
        return towards(
            changes.purpose,
            self._targets(plan),
            self._store(plan),
            undoes=changes.undoes,
            own=changes.hash,
        )

    def _readable_store(self, plan: MediaPlan) -> None:
        try:
            self._store(plan)
        except StateCorruptError:
            move = getattr(self._stores, "set_aside", None)
            if move is None or move(plan.project_id) is None:
                raise

    def _any_store(self, plan: MediaPlan) -> StateStore:
        """
        The state, or for an emergency one in memory where it cannot be opened.
        """
        try:
            return self._store(plan)
        except DeployError:
            spare = MemoryStateStore(
                project_id=plan.project_id,
                environment=self.environment,
                clock=self._clock,
            )
            return self._opened.setdefault(plan.project_id, spare)

    def _reachable(
        self, plan: MediaPlan
    ) -> tuple[tuple[Target, ...], tuple[PlatformError, ...]]:
        """
        Every account that answers, for an emergency: the others must not wait for it.
        """
        found: list[Target] = []
        errors: list[PlatformError] = []
        for platform in self.platforms.values():
            try:
                account = platform.account()
            except PlatformError as error:
                errors.append(error)
                continue
            try:
                wanted = platform.wanted(plan)
            except PlatformError:
                wanted = Wanted(())  # what the state knows can be paused all the same
            found.append(Target(platform, account, wanted))
        return tuple(found), tuple(errors)
