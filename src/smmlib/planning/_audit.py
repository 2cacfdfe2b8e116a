"""
What is wrong in an ad account that runs, how much money hangs on it, what mends it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from smmlib.model import (
    AdBudget,
    AdCampaign,
    AdSet,
    Audience,
    Creative,
    MediaPlan,
    Money,
    Status,
)
from smmlib.planning._audit_show import audit_data, audit_html, audit_text
from smmlib.planning._decide_places import thing_at, with_thing

_WEEK = 7
KINDS = {
    "no_plan": "live, and no plan knows it",
    "orphan": "holds nothing, or is used by nothing",
    "dates": "its days are over, or never end",
    "budget": "spends without a limit of its own, or more than its line has",
    "utm": "its visits cannot be told apart",
    "naming": "its name says nothing to a report",
    "overlap": "bids against another one for the same people",
}


@attrs.frozen
class AuditedAccount:
    """
    An ad account as it was read, with what is known around it.

    Attributes:
        platform: Which platform.
        plan: The account as a plan.
        ids: The platform's id by path in that plan.
        planned: Path in the real plan by the platform's id, for what a plan made.
        spend: Spend of the last 30 days by the platform's id of an ad.
        currency: Of the account.
        on: The day of the audit.
    """

    platform: str
    plan: MediaPlan = attrs.field(kw_only=True)
    ids: Mapping[str, str] = attrs.field(kw_only=True)
    planned: Mapping[str, str] = attrs.field(factory=dict, kw_only=True)
    spend: Mapping[str, Decimal] = attrs.field(factory=dict, kw_only=True)
    currency: str = attrs.field(kw_only=True)
    on: date = attrs.field(kw_only=True)


@attrs.frozen
class AuditFinding:
    """
    One thing to mend.

    Attributes:
        kind: `no_plan`, `orphan`, `dates`, `budget`, `utm`, `naming` or `overlap`.
        platform: Which platform.
        path: Where it is in the account's plan.
        name: How it is called there.
        id: The platform's id.
        message: What is wrong, in one sentence.
        stake: Money that hangs on it: what it can still spend in a week, or what the
            last 30 days spent.
        fix: What to do.
        action: What the fix plan does: `pause`, or nothing where a person must choose.
    """

    kind: str
    platform: str
    path: str = attrs.field(kw_only=True)
    name: str = attrs.field(kw_only=True)
    id: str = attrs.field(kw_only=True)
    message: str = attrs.field(kw_only=True)
    stake: Money = attrs.field(kw_only=True)
    fix: str = attrs.field(kw_only=True)
    action: str = attrs.field(default="", kw_only=True)


@attrs.frozen
class Audit:
    """
    All findings, the most money at stake first, and plans that mend what can be mended.

    Attributes:
        findings: What was found.
        fixes: By platform, the account's plan with what is to be paused paused. It is
            a plan like any other: `work.plan` shows it, an approval applies it.
        accounts: How many accounts were read.
        notes: What could not be read.
    """

    findings: tuple[AuditFinding, ...]
    fixes: Mapping[str, MediaPlan] = attrs.field(kw_only=True, repr=False)
    accounts: int = attrs.field(kw_only=True)
    notes: tuple[str, ...] = attrs.field(default=(), kw_only=True)

    @property
    def ok(self) -> bool:
        """
        Whether nothing was found.
        """
        return not self.findings

    def of(self, kind: str) -> tuple[AuditFinding, ...]:
        """
        The findings of one kind.
        """
        return tuple(one for one in self.findings if one.kind == kind)

    def __str__(self) -> str:
        return audit_text(self)

    def _repr_html_(self) -> str:
        return audit_html(self)

    def to_dict(self) -> dict[str, Any]:
        """
        JSON-ready data.
        """
        return audit_data(self)


def judge_accounts(
    accounts: Sequence[AuditedAccount],
    *,
    wanted: MediaPlan | None = None,
    notes: Sequence[str] = (),
) -> Audit:
    """
    Judge accounts that were read; sends and asks nothing.

    Args:
        accounts: The accounts.
        wanted: The plan they should follow: its naming, lines and campaigns.
        notes: What could not be read.
    """
    findings: list[AuditFinding] = []
    fixes = {}
    for account in accounts:
        found = list(_Judge(account, wanted).findings())
        findings += found
        if any(one.action for one in found):
            fixes[account.platform] = _fixed(account.plan, found)
    findings.sort(key=lambda one: (-one.stake.amount, one.kind, one.path))
    return Audit(
        tuple(findings), fixes=fixes, accounts=len(accounts), notes=tuple(notes)
    )


def _fixed(plan: MediaPlan, found: Sequence[AuditFinding]) -> MediaPlan:
    for one in found:
        thing = thing_at(plan, one.path) if one.action == "pause" else None
        if thing is not None:
            paused = attrs.evolve(thing, status=Status.PAUSED)
            plan = with_thing(plan, one.path, paused)
    return plan.next_version()


class _Judge:
    """
    All questions put to one account.
    """

    def __init__(self, account: AuditedAccount, wanted: MediaPlan | None) -> None:
        self._account, self._plan, self._wanted = account, account.plan, wanted

    def findings(self) -> Iterator[AuditFinding]:
        """
        Everything that is wrong in it.
        """
        for key, campaign in self._plan.campaigns.items():
            path = f"campaigns.{key}"
            known = self._is_planned(path)
            if not known and self._live(campaign):
                yield self._no_plan(path, campaign)
            yield from self._orphans(path, campaign, known=known)
            yield from self._dates(path, campaign)
            yield from self._budgets(path, campaign)
            yield from self._names(path, campaign)
        yield from self._unused()
        yield from self._untagged()
        yield from self._overlaps()

    # -- what is known -----------------------------------------------------------------

    def _is_planned(self, path: str) -> bool:
        address = self._account.planned.get(self._account.ids.get(path, ""), "")
        if not address:
            return False
        return self._wanted is None or thing_at(self._wanted, address) is not None

    def _live(self, campaign: AdCampaign) -> bool:
        return campaign.status is Status.ACTIVE and any(
            one.status is Status.ACTIVE for one in campaign.ad_sets.values()
        )

    def _found(
        self,
        kind: str,
        path: str,
        message: str,
        *,
        fix: str,
        stake: Decimal | None = None,
        action: str = "",
    ) -> AuditFinding:
        thing = thing_at(self._plan, path) if path.startswith("campaigns.") else None
        money = self._spent(path) if stake is None else stake
        return AuditFinding(
            kind,
            self._account.platform,
            path=path,
            name=getattr(thing, "name", "") or path.rpartition(".")[2],
            id=self._account.ids.get(path, ""),
            message=message,
            stake=Money.rounded(money, self._account.currency),
            fix=fix,
            action=action,
        )

    def _spent(self, path: str) -> Decimal:
        """
        What the ads under a path spent in 30 days.
        """
        ids = self._account.ids
        return sum(
            (
                self._account.spend.get(ids[one], Decimal(0))
                for one in ids
                if one == path or one.startswith(f"{path}.")
            ),
            Decimal(0),
        )

    def _week(self, path: str, campaign: AdCampaign) -> Decimal:
        """
        What a campaign can spend in a week: its budgets, else as much as it did.
        """
        own = [campaign.budget] if campaign.budget else []
        budgets = own or [
            one.budget
            for one in campaign.ad_sets.values()
            if one.budget and one.status is Status.ACTIVE
        ]
        if not budgets:
            return self._spent(path) * _WEEK / 30
        days = self._plan.flight_of(campaign).number_of_days
        return sum((_a_week(budget, days) for budget in budgets), Decimal(0))

    # -- questions ---------------------------------------------------------------------

    def _no_plan(self, path: str, campaign: AdCampaign) -> AuditFinding:
        return self._found(
            "no_plan",
            path,
            "it is live, and no plan knows it",
            fix="pause it, or take it into the plan",
            stake=self._week(path, campaign),
            action="pause",
        )

    def _orphans(
        self, path: str, campaign: AdCampaign, *, known: bool
    ) -> Iterator[AuditFinding]:
        if not campaign.ad_sets and not known:
            fix = "archive it, or give it ad sets"
            yield self._found("orphan", path, "it has no ad sets", fix=fix)
        for key, ad_set in campaign.ad_sets.items():
            if not ad_set.ads:
                yield self._found(
                    "orphan",
                    f"{path}.ad_sets.{key}",
                    "it has no ads",
                    fix="archive it, or give it ads",
                )

    def _dates(self, path: str, campaign: AdCampaign) -> Iterator[AuditFinding]:
        if not self._live(campaign):
            return
        sets = campaign.ad_sets.items()
        for key, ad_set in sets:
            flight = ad_set.flight or campaign.flight
            if ad_set.status is not Status.ACTIVE:
                continue
            where = f"{path}.ad_sets.{key}"
            if flight is None:
                yield self._found(
                    "dates",
                    where,
                    "it has no last day",
                    fix="give it one",
                    stake=self._week(path, campaign),
                )
            elif flight.last_day < self._account.on:
                yield self._found(
                    "dates",
                    where,
                    f"its last day was {flight.last_day}, and it is still switched on",
                    fix="pause it",
                    action="pause",
                )

    def _budgets(self, path: str, campaign: AdCampaign) -> Iterator[AuditFinding]:
        if not self._live(campaign):
            return
        for key, ad_set in campaign.ad_sets.items():
            if campaign.budget is None and ad_set.budget is None:
                yield self._found(
                    "budget",
                    f"{path}.ad_sets.{key}",
                    "neither it nor its campaign has a budget",
                    fix="give one of them a budget",
                )
        yield from self._over(path, campaign)

    def _over(self, path: str, campaign: AdCampaign) -> Iterator[AuditFinding]:
        """
        Campaigns that may spend more than the plan's campaign may.
        """
        address = self._account.planned.get(self._account.ids.get(path, ""), "")
        wanted = thing_at(self._wanted, address) if self._wanted and address else None
        if wanted is None or not wanted.budget or not campaign.budget:
            return
        real, planned = campaign.budget.amount, wanted.budget.amount
        if real.currency == planned.currency and real > planned:
            yield self._found(
                "budget",
                path,
                f"its budget is {campaign.budget}, the plan says {wanted.budget}",
                fix="apply the plan again, or take the new budget into it",
                stake=(real - planned).amount,
            )

    def _names(self, path: str, campaign: AdCampaign) -> Iterator[AuditFinding]:
        pattern = self._wanted.naming if self._wanted else None
        # LinkedIn keeps an empty group of its own; it is in no report.
        unread = pattern is not None and bool(campaign.ad_sets)
        if pattern is not None and unread and pattern.parse(campaign.name) is None:
            yield self._found(
                "naming",
                path,
                f"'{campaign.name}' does not follow {pattern.template}",
                fix=f"rename it as {pattern.template}",
            )
        others = [c for c in self._plan.campaigns.values() if c.name == campaign.name]
        if campaign.name and len(others) > 1 and others[0] is not campaign:
            yield self._found(
                "naming",
                path,
                f"{len(others)} campaigns are called '{campaign.name}'",
                fix="give each a name of its own",
            )

    def _unused(self) -> Iterator[AuditFinding]:
        used = {
            ad_set.audience
            for campaign in self._plan.campaigns.values()
            for ad_set in campaign.ad_sets.values()
            if isinstance(ad_set.audience, str)
        }
        known = self._plan.audiences.values()
        used |= {one for a in known for one in a.excluded if isinstance(one, str)}
        for key, audience in self._plan.audiences.items():
            # Lists of customers and visitors are kept to exclude them, too.
            if key not in used and not audience.retarget:
                yield self._found(
                    "orphan",
                    f"audiences.{key}",
                    "no ad set is for this audience",
                    fix="delete it, or use it",
                    stake=Decimal(0),
                )

    def _untagged(self) -> Iterator[AuditFinding]:
        for address in self._plan.ads():
            creative = self._plan.creative_of(address.ad)
            live = address.ad.status is Status.ACTIVE and self._live(address.campaign)
            if creative is not None and live and _is_untagged(creative):
                yield self._found(
                    "utm",
                    address.path,
                    f"its link {creative.link} carries no UTM tags",
                    fix="add utm_source, utm_medium and utm_campaign",
                )

    def _overlaps(self) -> Iterator[AuditFinding]:
        sets = [
            (f"campaigns.{name}.ad_sets.{key}", ad_set)
            for name, campaign in self._plan.campaigns.items()
            if self._live(campaign)
            for key, ad_set in campaign.ad_sets.items()
            if ad_set.status is Status.ACTIVE
        ]
        for place, (path, ad_set) in enumerate(sets):
            for other, rival in sets[:place]:
                if self._same_people(ad_set, rival):
                    yield self._found(
                        "overlap",
                        path,
                        f"it is for the same people as {other}",
                        fix="join them, or exclude one audience from the other",
                        stake=min(self._spent(path), self._spent(other)),
                    )
                    break

    def _same_people(self, one: AdSet, other: AdSet) -> bool:
        mine, theirs = self._plan.audience_of(one), self._plan.audience_of(other)
        if mine is None or theirs is None or not _at_once(one, other):
            return False
        return _who(mine) == _who(theirs)


def _at_once(one: AdSet, other: AdSet) -> bool:
    if one.flight is None or other.flight is None:
        return True
    return one.flight.overlap(other.flight) is not None


def _who(audience: Audience) -> Audience:
    """
    An audience without its name, so that only its people are compared.
    """
    return attrs.evolve(audience, name="")


def _is_untagged(creative: Creative) -> bool:
    return bool(creative.link) and creative.utm is None and "utm_" not in creative.link


def _a_week(budget: AdBudget, days: int) -> Decimal:
    if budget.daily is not None:
        return budget.daily.amount * _WEEK
    return budget.amount.amount * min(_WEEK, days) / max(days, 1)
