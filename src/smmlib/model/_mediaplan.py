"""
The media plan: every euro and channel, paid or not, and all that hangs on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

import attrs

from smmlib.model._audience import Audience
from smmlib.model._budget import (
    Budget,
    CostParts,
    as_due_money,
    as_money,
    is_spendable,
)
from smmlib.model._campaign import Ad, AdCampaign, AdSet
from smmlib.model._checks import (
    are,
    as_tuple,
    is_aware,
    is_optional,
    is_optional_key,
    is_optional_text,
    is_text,
    is_type,
    is_whole,
    refuse,
)
from smmlib.model._creative import Creative
from smmlib.model._enums import (
    Buying,
    Managed,
    Network,
    Objective,
    Pacing,
    PlanStatus,
    platform_name,
)
from smmlib.model._flight import Flight, zone_of
from smmlib.model._hash import content_hash
from smmlib.model._ideas import Idea, Slot
from smmlib.model._kpi import KPITarget, as_amount, is_amount, kpi
from smmlib.model._link import NamePattern, Utm
from smmlib.model._maps import EMPTY, FrozenMap, are_keyed, as_map
from smmlib.model._money import Money
from smmlib.model._people import Approval, Brief, Milestone, Person, Task
from smmlib.model._post import Post
from smmlib.model._refit import refitted
from smmlib.model._response import RESPONSES, ResponseCurve, as_responses
from smmlib.model._source import SourceMap
from smmlib.model._strategy import Strategy
from smmlib.model._value import Value
from smmlib.model._words import (
    as_buying,
    as_managed,
    as_networks,
    as_pacing,
    as_plan_status,
)


def as_expectations(
    value: Mapping[str, Money | Decimal | int | str],
) -> FrozenMap[Decimal | Money]:
    """
    Expected KPIs under their one name, as exact numbers or money.
    """
    if not isinstance(value, Mapping):
        return as_map(value)
    return FrozenMap(
        {kpi(name).name: as_amount(amount) for name, amount in value.items()}
    )


@attrs.frozen(eq=False, repr=False)
class LineItem(Value):
    """
    One line of a media plan: a channel, what it costs and what it should bring.

    Plan, forecast and actual numbers are joined only through the line's key.

    Attributes:
        networks: Where people see it.
        cost: What it costs in all; None for free lines.
        name: Shown name.
        paid: Whether media is bought; posts on own pages are not paid.
        buy: What one pays for.
        flight: When it runs; None for the whole plan.
        expect: Expected KPIs by name, e.g. `cpm`, `ctr`.
        response: What it brings for its money, as curves by name of a KPI; `split`
            finds the best amounts with them.
        audience: Key of an audience of the plan.
        owner: Key of the person who answers for it.
        managed: `api` (set up by smmlib) or `by_hand` (bloggers, bought posts): counted
            everywhere, never deployed.
        parts: What the cost is made of, for net and gross.
        minimum: The least it should get when the budget is split.
        maximum: The most it should get.
        pacing: How spending spreads over the flight.
        targets: KPI targets of this line.
        utm: Tags of a hand-managed line's link.
        results: CSV file with a hand-managed line's results.
        ad_format: What is bought, in the seller's words.
        note: For colleagues.
        extra: What other tools' files held and smmlib does not use, as JSON texts.
    """

    networks: tuple[Network, ...] = attrs.field(converter=as_networks)
    cost: Money | None = attrs.field(default=None, converter=as_money)
    name: str = attrs.field(default="", kw_only=True)
    paid: bool = attrs.field(default=True, kw_only=True)
    buy: Buying | None = attrs.field(default=None, converter=as_buying, kw_only=True)
    flight: Flight | None = attrs.field(default=None, kw_only=True)
    expect: FrozenMap[Decimal | Money] = attrs.field(
        default=EMPTY,
        converter=as_expectations,
        kw_only=True,
    )
    response: FrozenMap[ResponseCurve] = attrs.field(
        default=EMPTY,
        converter=as_responses,
        kw_only=True,
    )
    audience: str = attrs.field(default="", kw_only=True)
    owner: str = attrs.field(default="", kw_only=True)
    managed: Managed = attrs.field(
        default=Managed.API,
        converter=as_managed,
        kw_only=True,
    )
    parts: CostParts | None = attrs.field(default=None, kw_only=True)
    minimum: Money | None = attrs.field(default=None, converter=as_money, kw_only=True)
    maximum: Money | None = attrs.field(default=None, converter=as_money, kw_only=True)
    pacing: Pacing = attrs.field(default=Pacing.EVEN, converter=as_pacing, kw_only=True)
    targets: tuple[KPITarget, ...] = attrs.field(
        default=(), converter=as_tuple, kw_only=True
    )
    utm: Utm | None = attrs.field(default=None, kw_only=True)
    results: str = attrs.field(default="", kw_only=True)
    ad_format: str = attrs.field(default="", kw_only=True)
    note: str = attrs.field(default="", kw_only=True)
    extra: FrozenMap[str] = attrs.field(default=EMPTY, converter=as_map, kw_only=True)

    def __attrs_post_init__(self) -> None:
        are("targets", self.targets, KPITarget)
        are_keyed("expect", self.expect, Decimal, Money)
        are_keyed("response", self.response, *RESPONSES.values())
        are_keyed("extra", self.extra, str)
        if not self.networks:
            refuse(
                "networks",
                "a line needs a network",
                code="line.network",
                value=self.networks,
                expected="one or more of " + ", ".join(Network),
            )
        is_spendable("cost", self.cost)
        is_type("paid", self.paid, bool)
        is_optional("flight", self.flight, Flight)
        is_optional("parts", self.parts, CostParts)
        is_optional("utm", self.utm, Utm)
        for name in ("name", "results", "ad_format", "note"):
            is_optional_text(name, getattr(self, name))
        for name in ("audience", "owner"):
            is_optional_key(name, getattr(self, name))
        for name in ("minimum", "maximum"):
            is_spendable(name, getattr(self, name), zero=True)
        for name, amount in self.expect.items():
            is_amount(f"expect.{name}", name, amount)
        self._check_bounds()

    def _check_bounds(self) -> None:
        if self.minimum is None or self.maximum is None:
            return
        if self.maximum < self.minimum:
            refuse(
                "maximum",
                f"the most ({self.maximum}) is below the least ({self.minimum})",
                code="line.bounds",
                value=str(self.maximum),
                expected=f"at least {self.minimum}",
            )

    @property
    def platforms(self) -> tuple[str, ...]:
        """
        The APIs behind its networks, each once.
        """
        return tuple(dict.fromkeys(platform_name(n.value) for n in self.networks))

    @property
    def is_deployed(self) -> bool:
        """
        Whether smmlib may set up ads for it.
        """
        return self.paid and self.managed is Managed.API

    @property
    def net(self) -> Money | None:
        """
        Its price before tax.
        """
        return self.parts.net if self.parts else self.cost

    @property
    def gross(self) -> Money | None:
        """
        Its price with tax.
        """
        return self.parts.gross if self.parts else self.cost

    @property
    def media(self) -> Money | None:
        """
        What of its cost reaches the network: the media part, or all of it.
        """
        return self.parts.media if self.parts else self.cost


@attrs.frozen(eq=False, repr=False)
class AdAddress(Value):
    """
    One ad with everything around it, resolved.

    Attributes:
        path: Its path in the plan.
        campaign_key: Key of its campaign.
        campaign: Its campaign.
        ad_set_key: Key of its ad set.
        ad_set: Its ad set.
        ad_key: Its key.
        ad: The ad.
    """

    path: str
    campaign_key: str
    campaign: AdCampaign = attrs.field(kw_only=True)
    ad_set_key: str = attrs.field(kw_only=True)
    ad_set: AdSet = attrs.field(kw_only=True)
    ad_key: str = attrs.field(kw_only=True)
    ad: Ad = attrs.field(kw_only=True)


@attrs.frozen(eq=False, repr=False)
class MediaPlan(Value):
    """
    A whole plan: strategy, money, lines, campaigns, creatives and posts of one flight.

    Attributes:
        name: Shown name.
        project_id: What this plan is, for ever; copies made on purpose get a new one.
        zone: Time zone of every date and time in it.
        flight: When it runs.
        budget: All money of the plan.
        strategy: Why and for whom.
        people: Who works on it, by key.
        audiences: Who should see it, by key.
        lines: Every channel, paid or not, by key.
        campaigns: What is set up on the ad platforms, by key.
        creatives: What people see of ads, by key.
        posts: What is published for free, by key.
        ideas: What could be said, by key.
        slots: Room for posts that comes again and again, by key.
        milestones: Dates by which something must stand, by key.
        tasks: Work to do, by key.
        briefs: Briefs for colleagues, by key.
        approvals: Who agreed to what.
        naming: How campaigns are named.
        version: Counts up with every new version.
        parent: Content hash of the version before.
        status: How far it is.
        note: For colleagues.
        extra: What other tools' files held and smmlib does not use, as JSON texts.
        source: Lines of the file it was read from; not part of its value.
    """

    name: str
    project_id: str
    zone: str = attrs.field(kw_only=True)
    flight: Flight = attrs.field(kw_only=True)
    budget: Budget | None = attrs.field(default=None, kw_only=True)
    strategy: Strategy | None = attrs.field(default=None, kw_only=True)
    people: FrozenMap[Person] = attrs.field(
        default=EMPTY, converter=as_map, kw_only=True
    )
    audiences: FrozenMap[Audience] = attrs.field(
        default=EMPTY, converter=as_map, kw_only=True
    )
    lines: FrozenMap[LineItem] = attrs.field(
        default=EMPTY, converter=as_map, kw_only=True
    )
    campaigns: FrozenMap[AdCampaign] = attrs.field(
        default=EMPTY, converter=as_map, kw_only=True
    )
    creatives: FrozenMap[Creative] = attrs.field(
        default=EMPTY, converter=as_map, kw_only=True
    )
    posts: FrozenMap[Post] = attrs.field(default=EMPTY, converter=as_map, kw_only=True)
    ideas: FrozenMap[Idea] = attrs.field(default=EMPTY, converter=as_map, kw_only=True)
    slots: FrozenMap[Slot] = attrs.field(default=EMPTY, converter=as_map, kw_only=True)
    milestones: FrozenMap[Milestone] = attrs.field(
        default=EMPTY, converter=as_map, kw_only=True
    )
    tasks: FrozenMap[Task] = attrs.field(default=EMPTY, converter=as_map, kw_only=True)
    briefs: FrozenMap[Brief] = attrs.field(
        default=EMPTY, converter=as_map, kw_only=True
    )
    approvals: tuple[Approval, ...] = attrs.field(
        default=(), converter=as_tuple, kw_only=True
    )
    naming: NamePattern | None = attrs.field(default=None, kw_only=True)
    version: int = attrs.field(default=1, kw_only=True)
    parent: str = attrs.field(default="", kw_only=True)
    status: PlanStatus = attrs.field(
        default=PlanStatus.DRAFT, converter=as_plan_status, kw_only=True
    )
    created_at: datetime | None = attrs.field(default=None, kw_only=True)
    author: str = attrs.field(default="", kw_only=True)
    note: str = attrs.field(default="", kw_only=True)
    extra: FrozenMap[str] = attrs.field(default=EMPTY, converter=as_map, kw_only=True)
    source: SourceMap | None = attrs.field(
        default=None, kw_only=True, eq=False, repr=False
    )

    def __attrs_post_init__(self) -> None:
        are("approvals", self.approvals, Approval)
        are_keyed("people", self.people, Person)
        are_keyed("audiences", self.audiences, Audience)
        are_keyed("lines", self.lines, LineItem)
        are_keyed("campaigns", self.campaigns, AdCampaign)
        are_keyed("creatives", self.creatives, Creative)
        are_keyed("posts", self.posts, Post)
        are_keyed("ideas", self.ideas, Idea)
        are_keyed("slots", self.slots, Slot)
        are_keyed("milestones", self.milestones, Milestone)
        are_keyed("tasks", self.tasks, Task)
        are_keyed("briefs", self.briefs, Brief)
        are_keyed("extra", self.extra, str)
        is_text("name", self.name, longest=400)
        is_text("project_id", self.project_id, longest=64)
        zone_of(self.zone)
        is_type("flight", self.flight, Flight)
        is_optional("budget", self.budget, Budget)
        is_optional("strategy", self.strategy, Strategy)
        is_optional("naming", self.naming, NamePattern)
        is_optional("created_at", self.created_at, datetime)
        is_aware("created_at", self.created_at)
        is_whole("version", self.version, low=1)
        for name in ("parent", "author", "note"):
            is_optional_text(name, getattr(self, name), longest=50_000)

    # -- looking things up ---------------------------------------------------------

    @property
    def currency(self) -> str | None:
        """
        The currency of the plan's budget, or of its first priced line.
        """
        if self.budget:
            return self.budget.currency
        costs = (line.cost for line in self.lines.values() if line.cost)
        first = next(costs, None)
        return first.currency if first else None

    @cached_property
    def content_hash(self) -> str:
        """
        Fingerprint of this version; any edit gives another one.
        """
        return content_hash(self)

    def ads(self) -> Iterator[AdAddress]:
        """
        Every ad with its campaign and ad set, in plan order.
        """
        for campaign_key, campaign in self.campaigns.items():
            for set_key, ad_set in campaign.ad_sets.items():
                for ad_key, ad in ad_set.ads.items():
                    yield AdAddress(
                        f"campaigns.{campaign_key}.ad_sets.{set_key}.ads.{ad_key}",
                        campaign_key,
                        campaign=campaign,
                        ad_set_key=set_key,
                        ad_set=ad_set,
                        ad_key=ad_key,
                        ad=ad,
                    )

    def audience_of(self, ad_set: AdSet) -> Audience | None:
        """
        The audience an ad set is for; None when its key leads nowhere.
        """
        if isinstance(ad_set.audience, Audience):
            return ad_set.audience
        return self.audiences.get(ad_set.audience)

    def creative_of(self, ad: Ad) -> Creative | None:
        """
        The creative an ad shows; None when its key leads nowhere.
        """
        if isinstance(ad.creative, Creative):
            return ad.creative
        return self.creatives.get(ad.creative)

    def line_of(self, thing: AdCampaign | Post) -> LineItem | None:
        """
        The line that pays for a campaign or post; None when its key leads nowhere.
        """
        return self.lines.get(thing.line)

    def objective_of(self, campaign: AdCampaign) -> Objective | None:
        """
        What a campaign is paid to reach: its own objective, or the strategy's.
        """
        if campaign.objective or not self.strategy:
            return campaign.objective
        objective = self.strategy.objective
        return objective if isinstance(objective, Objective) else None

    def flight_of(self, campaign: AdCampaign, ad_set: AdSet | None = None) -> Flight:
        """
        When a campaign or ad set runs: the nearest flight above it.
        """
        line = self.lines.get(campaign.line)
        found = (
            ad_set.flight if ad_set else None,
            campaign.flight,
            line.flight if line else None,
        )
        return next((f for f in found if f), self.flight)

    # -- new versions --------------------------------------------------------------

    def next_version(self, **changes: Any) -> MediaPlan:
        """
        A new version with changes; the parent's fingerprint is kept in it.
        """
        return attrs.evolve(
            self, version=self.version + 1, parent=self.content_hash, **changes
        )

    def with_budgets(self, costs: Mapping[str, Money] | Any) -> MediaPlan:
        """
        A new version whose lines cost what a split says.

        Budgets of campaigns and ad sets of a changed line move in proportion, to the
        cent, so that they still fit.

        Args:
            costs: Money by key of line, or the result of `smmlib.split`.

        Raises:
            ValidationError: A key that is no line of this plan.
        """
        amounts = getattr(costs, "amounts", costs)
        unknown = [key for key in amounts if key not in self.lines]
        if unknown:
            from smmlib.model._checks import did_you_mean

            refuse(
                f"lines.{unknown[0]}",
                f"the plan has no line '{unknown[0]}'",
                code="reference.line",
                value=unknown[0],
                hint=did_you_mean(unknown[0], self.lines),
            )
        lines = dict(self.lines)
        campaigns = dict(self.campaigns)
        for key, amount in amounts.items():
            new, old = as_due_money(amount), lines[key].cost
            if old == new:
                continue
            lines[key] = attrs.evolve(lines[key], cost=new, parts=None)
            paid = {n: c for n, c in self.campaigns.items() if c.line == key}
            if old is not None:
                campaigns.update(refitted(paid, old, new))
        return self.next_version(lines=lines, campaigns=campaigns)

    def _repr_html_(self) -> str:
        from html import escape

        rows = "".join(
            f"<tr><td>{escape(key)}</td>"
            f"<td>{escape(', '.join(line.networks))}</td>"
            f"<td>{escape(str(line.flight or self.flight))}</td>"
            f"<td style='text-align:right'>{escape(str(line.cost or 'free'))}</td>"
            f"<td>{escape(line.owner)}</td></tr>"
            for key, line in self.lines.items()
        )
        head = "".join(
            f"<th>{title}</th>"
            for title in ("line", "networks", "flight", "cost", "owner")
        )
        caption = f"{escape(self.name)}, version {self.version}, {self.flight}"
        return f"<table><caption>{caption}</caption><tr>{head}</tr>{rows}</table>"
