"""
The workspace: one place from which a plan is set up, watched and measured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from attrs import evolve

from smmlib.analytics import Facts
from smmlib.deploy import (
    ChangeSet,
    Target,
    activate,
    adopt,
    apply,
    make_changes,
    status,
    stop,
)
from smmlib.errors import ConfigurationError, SpendGuardError
from smmlib.model import Audience, Caps, Flight, MediaPlan, Money, Network
from smmlib.model._checks import is_aware
from smmlib.model._words import as_network
from smmlib.ports import AccountSource
from smmlib.workspace._alert import Alerting, AlertRoute
from smmlib.workspace._approve import approve_posts
from smmlib.workspace._audience import AudienceFits, audience_fits
from smmlib.workspace._boost import with_published
from smmlib.workspace._media import media_folder
from smmlib.workspace._mend import Mending
from smmlib.workspace._networks import Networks
from smmlib.workspace._organic import organic_facts, sources
from smmlib.workspace._past import past_issues
from smmlib.workspace._people import check_approver
from smmlib.workspace._progress import progress_bar
from smmlib.workspace._publish import Desk, published_ids
from smmlib.workspace._pull import pull_facts

if TYPE_CHECKING:
    from types import TracebackType

    from smmlib.deploy import Applied, Progress, Standings
    from smmlib.ports import (
        AdPlatform,
        Clock,
        ImportedAccount,
        PostPublisher,
        StateStore,
    )
    from smmlib.sandbox import Sandbox
    from smmlib.workspace._posts import Publications

_KEPT_PLANS = 16


class Workspace(Mending, Alerting):
    """
    Ad accounts, their state and a clock: plan, apply, activate, pull.

    Made by `smmlib.connect`. Nothing is written but by `apply`, `activate` and `stop`;
    everything `apply` makes is paused.

    Args:
        environment: `sandbox`, `production`, ...
        platforms: Connected ad platforms by name.
        stores: The state store of a project, by its id.
        clock: The present.
        caps: Ceilings of the environment, beside those of the plan.
        allowlist: Ad accounts that may be written to; production refuses others.
        sandbox: The embedded platforms, if this is the sandbox.
        details: What other programs need to use that sandbox: addresses, ids, test
            credentials.
        kill_switch: Says why nothing may be written, or an empty text.
        closers: What to close at the end.
        publishers: What publishes posts, by platform, for a folder of pictures; the
            ad platforms that can, when left out.
        media_root: Folder of pictures; the plan's when left out.
        alerts: Where alerts go, and what is known of tokens.
    """

    def __init__(
        self,
        environment: str,
        platforms: Mapping[str, AdPlatform],
        *,
        stores: Callable[[str], StateStore],
        clock: Clock,
        caps: Caps | None = None,
        allowlist: tuple[str, ...] = (),
        sandbox: Sandbox | None = None,
        details: Mapping[str, Any] | None = None,
        kill_switch: Callable[[], str] = str,
        closers: tuple[Callable[[], object], ...] = (),
        publishers: Callable[[str], Mapping[str, PostPublisher]] | None = None,
        media_root: str = "",
        alerts: AlertRoute | None = None,
    ) -> None:
        self.environment = environment
        self.platforms: dict[str, AdPlatform] = dict(platforms)
        self.sandbox = sandbox
        self.details: dict[str, Any] = dict(details or {})
        self._stores = stores
        self._clock = clock
        self._caps = caps
        self._allowlist = allowlist
        self._kill_switch = kill_switch
        self._closers = closers
        self._media_root = media_root
        self._route = alerts or AlertRoute()
        self._networks = Networks(self.platforms.values(), publishers)
        self._plans: dict[str, MediaPlan] = {}
        self._opened: dict[str, StateStore] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        names = ", ".join(self.platforms) or "no platform"
        return f"<Workspace {self.environment}: {names}>"

    @property
    def publishers(self) -> dict[str, PostPublisher]:
        """
        What publishes posts here, by platform, e.g. `telegram`.
        """
        return self._networks.publishers(self._media_root or ".")

    def now(self) -> datetime:
        """
        The present: the computer's, or the sandbox's.
        """
        return self._clock.now()

    # -- setting up ----------------------------------------------------------------

    def plan(self, plan: MediaPlan) -> ChangeSet:
        """
        Say what an apply would do: reads the platforms, writes nothing.

        Returns:
            Changes with the most they can spend; shows itself as a table. An error
            stands in its issues when what would be set up is over already.
        """
        changes = make_changes(
            plan,
            self._targets(plan),
            self._store(plan),
            clock=self._clock,
            environment=self.environment,
            caps=self._caps,
        )
        self._remember(plan)
        past = past_issues(plan, changes, self.now())
        return evolve(changes, issues=(*changes.issues, *past)) if past else changes

    def apply(
        self,
        changes: ChangeSet,
        plan: MediaPlan | None = None,
        *,
        progress: Callable[[Progress], None] | None = None,
        approve: Money | str | None = None,
        by: str = "",
    ) -> Applied:
        """
        Do what the changes say: parents first, everything new paused, resumable.

        Args:
            changes: What `plan` returned.
            plan: The plan they were made from; remembered when `plan` was called here.
            progress: Called after each step; draws a progress bar when left out.
            approve: The whole amount shown; only needed when something that runs
                already could spend more afterwards.
            by: Who approves: a key of the plan's people, if it has any.

        Raises:
            StaleChangesError: Plan, account or platform moved since.
            SpendGuardError: It would raise the spend of what runs, unapproved.
            OutcomeUnknownError: An answer was lost and cannot be looked up now.
            ApplyInterruptedError: Some of it failed; applying again goes on.
            ValidationError: `by` is none of the plan's people, or the changes have
                errors.
        """
        self._refuse_if_killed()
        found = plan or self._recall(changes)
        check_approver(found, by)
        return apply(
            changes,
            found,
            self._targets_for(changes, found),
            self._store(found),
            clock=self._clock,
            progress=progress or progress_bar(),
            allowlist=self._allowlist,
            approve=approve,
            by=by,
            caps=self._caps,
            blocked=self._kill_switch,
        )

    def activate(
        self,
        changes: ChangeSet,
        plan: MediaPlan | None = None,
        *,
        approve: Money | str | None = None,
        by: str = "",
        progress: Callable[[Progress], None] | None = None,
    ) -> Applied:
        """
        Start delivery, once somebody has approved the amount that was shown.

        Args:
            changes: What `plan` returned.
            plan: The plan they were made from; remembered when `plan` was called here.
            approve: The whole amount the changes can spend, e.g. `16000.00 EUR`.
            by: Who approves: a key of the plan's people, if it has any.
            progress: Called after each step; draws a progress bar when left out.

        Raises:
            SpendGuardError: Another amount, above a cap, or an account that is not
                allowed.
            ValidationError: `by` is none of the plan's people.
        """
        self._refuse_if_killed()
        found = plan or self._recall(changes)
        check_approver(found, by)
        return activate(
            changes,
            found,
            self._targets(found),
            self._store(found),
            clock=self._clock,
            approve=approve,
            by=by,
            caps=self._caps,
            allowlist=self._allowlist,
            progress=progress or progress_bar(),
            blocked=self._kill_switch,
        )

    def import_account(self, platform: str) -> ImportedAccount:
        """
        Read an ad account that exists already as a plan, and take its objects over.

        Nothing is written on the platform; planning the result shows no change.

        Args:
            platform: Which of the connected platforms, e.g. `meta`.

        Returns:
            The plan, the ids of its objects, and what the plan has no words for.

        Raises:
            ConfigurationError: The platform is not connected, or cannot be imported.
        """
        adapter = self.platforms.get(platform)
        if not isinstance(adapter, AccountSource):
            raise ConfigurationError(
                f"accounts of '{platform}' cannot be imported",
                hint=f"connected: {', '.join(self.platforms) or 'none'}; today Meta's "
                "can be imported",
            )
        found = adapter.import_account()
        target = Target(adapter, adapter.account(), adapter.wanted(found.plan))
        adopt(target, found.ids, self._store(found.plan), clock=self._clock)
        return found

    def stop(self, plan: MediaPlan) -> Applied:
        """
        Pause every campaign of the plan now; works even while nothing may be written,
        and without the state.

        Raises:
            ApplyInterruptedError: Some campaigns could not be paused; they are named.
            PlatformError: An account cannot be reached; all others are paused by then.
        """
        store = self._any_store(plan)
        targets, errors = self._reachable(plan)
        done = stop(plan, targets, store, clock=self._clock)
        if errors:
            raise errors[0]
        return done

    # -- posts ---------------------------------------------------------------------

    def publish(self, plan: MediaPlan, *, due: datetime | None = None) -> Publications:
        """
        Publish what is due and approved, each post at most once on each network.

        Run it as often as you like: what stands there is not sent again, and what may
        have been sent is looked up first, or told.

        Args:
            plan: The plan with its posts.
            due: Up to when posts are due; now when left out.

        Returns:
            How every post stands on each of its networks; shows itself as a table.

        Raises:
            StateLockedError: Somebody else publishes or applies right now.
            SpendGuardError: Nothing may be written now.
            ValidationError: `due` has no time zone.
        """
        self._refuse_if_killed()
        is_aware("due", due)
        return self._desk(plan).publish(due or self.now())

    def posts(self, plan: MediaPlan, *, due: datetime | None = None) -> Publications:
        """
        How every post stands on each of its networks. Nothing is sent or asked.
        """
        is_aware("due", due)
        return self._desk(plan).standing(due or self.now())

    def approve_posts(self, plan: MediaPlan, *keys: str, by: str) -> None:
        """
        Keep somebody's word on posts as they are now; an edit voids it.

        Args:
            plan: The plan.
            keys: Which posts.
            by: Who approves: a key of the plan's people.

        Raises:
            ValidationError: No such post, or somebody whose word does not count here.
        """
        approve_posts(plan, keys, self._store(plan), by=by, at=self.now())

    def settle_post(
        self, plan: MediaPlan, key: str, network: Network | str, *, post_id: str = ""
    ) -> None:
        """
        Record what you saw on a network after the answer to a post was lost.

        Args:
            plan: The plan.
            key: Key of the post.
            network: Where you looked.
            post_id: Its id, or its address there; empty when it is not there.

        Raises:
            ValidationError: No outcome of this post is open there.
        """
        self._desk(plan).settle(key, as_network(network), post_id)

    def _desk(self, plan: MediaPlan) -> Desk:
        folder = self._media_root or media_folder(plan)
        where = self._networks.by_network(folder)
        return Desk(plan, where, self._store(plan), self._clock, folder=folder)

    def audience(self, plan: MediaPlan, audience: Audience | str) -> AudienceFits:
        """
        One audience on every connected platform: what each can say of it, as what, and
        what it cannot. Reads names, writes nothing.

        Args:
            plan: The plan.
            audience: Key of one of its audiences, or any audience.

        Returns:
            One table, a row for each part of the audience; shows itself in a notebook.

        Raises:
            ValidationError: The plan has no such audience.
        """
        return audience_fits(plan, audience, self.platforms)

    # -- watching ------------------------------------------------------------------

    def status(self, plan: MediaPlan) -> Standings:
        """
        How every campaign, ad set and ad of the plan stands on its platform.
        """
        return status(plan, self._targets(plan), self._store(plan))

    def advance(self, *, days: float = 0, hours: float = 0) -> datetime:
        """
        Let time pass; only in the sandbox.

        Raises:
            ConfigurationError: Real time cannot be advanced.
        """
        if self.sandbox is None:
            raise ConfigurationError(
                f"time in '{self.environment}' is real and cannot be advanced",
                hint='smmlib.connect("sandbox") has a clock of its own',
            )
        return self.sandbox.advance(seconds=hours * 3600, days=days)

    def pull(
        self,
        plan: MediaPlan,
        *,
        conversions: str | Path | None = None,
        flight: Flight | None = None,
    ) -> Facts:
        """
        Read what happened: the platforms' daily numbers and the brand's own records,
        followers, results of posts, and enquiries.

        Args:
            plan: The plan; numbers are joined to its lines.
            conversions: CSV of registrations, sales and refunds, e.g. from the CRM.
            flight: Which days; the plan's up to now when left out.

        Returns:
            Facts by day and ad, with notes on what could not be matched.
        """
        store, now = self._store(plan), self._clock.now()
        paid = pull_facts(
            plan,
            self.platforms.values(),
            store.snapshot(),
            now=now,
            conversions=conversions,
            flight=flight,
        )
        adapters = sources(self.platforms, self.publishers)
        return paid + organic_facts(plan, adapters, store, now=now, flight=flight)

    def close(self) -> None:
        """
        Release files, connections and servers.
        """
        for store in self._opened.values():
            store.close()
        for platform in (*self.platforms.values(), *self._networks):
            close = getattr(platform, "close", None)
            if close is not None:
                close()
        for closer in self._closers:
            closer()

    # -- inside --------------------------------------------------------------------

    def _targets(self, plan: MediaPlan) -> tuple[Target, ...]:
        ids = published_ids(self._store(plan).snapshot())
        return tuple(
            Target(
                platform,
                platform.account(),
                platform.wanted(
                    with_published(plan, platform.capabilities.networks, ids)
                ),
            )
            for platform in self.platforms.values()
        )

    def _store(self, plan: MediaPlan) -> StateStore:
        if plan.project_id not in self._opened:
            self._opened[plan.project_id] = self._stores(plan.project_id)
        return self._opened[plan.project_id]

    def _remember(self, plan: MediaPlan) -> None:
        self._plans[plan.content_hash] = plan
        while len(self._plans) > _KEPT_PLANS:
            self._plans.pop(next(iter(self._plans)))

    def _recall(self, changes: ChangeSet) -> MediaPlan:
        plan = self._plans.get(changes.plan_hash)
        if plan is None:
            raise ConfigurationError(
                "these changes were not made by this workspace",
                hint="give the plan they were made from as the second argument",
            )
        return plan

    def _refuse_if_killed(self) -> None:
        why = self._kill_switch()
        if why:
            raise SpendGuardError(
                f"nothing is written while {why}",
                hint="remove it when spending may go on; `stop` still works",
            )
