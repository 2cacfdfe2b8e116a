"""
What a report shows, as data: one view for HTML, JSON and everything that follows.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from enum import Enum
from typing import Any

import attrs

from smmlib.model import Unit
from smmlib.model._iso import CURRENCY_DECIMALS
from smmlib.report._view_parts import (
    AlertView,
    AudienceLine,
    PeriodView,
    PostView,
    PreviewView,
)

FORMAT = 1
"""
Counts up when the shape of `to_dict()` changes.
"""


@attrs.frozen
class Figure:
    """
    One headline number with a sentence beside it.

    Attributes:
        name: Stable name.
        label: How it is shown.
        value: The number; None where it is unknown.
        unit: What it is counted in.
        detail: What to compare it with, in words.
    """

    name: str
    label: str
    value: Decimal | None = attrs.field(kw_only=True)
    unit: Unit = attrs.field(kw_only=True)
    detail: str = attrs.field(default="", kw_only=True)


@attrs.frozen
class TargetView:
    """
    One target of the plan and how it stands.

    Attributes:
        kpi: Name of the KPI.
        label: How it is shown, with line or network.
        value: What was reached.
        target: What is wanted.
        expected: What an even pace would have reached by now.
        unit: What it is counted in.
        status: on_track, at_risk, missed, exceeded or no_data.
        deadline: The last day that counts.
        elapsed: Part of the time that is over, from 0 to 1.
        progress: Part of the target that is reached, for sums.
        lower_is_better: Whether the target is a ceiling.
        owner: Who answers for it.
        source: Where the value comes from.
        line: Key of the line; empty for goals of the strategy.
    """

    kpi: str
    label: str
    value: Decimal | None = attrs.field(kw_only=True)
    target: Decimal = attrs.field(kw_only=True)
    expected: Decimal | None = attrs.field(kw_only=True)
    unit: Unit = attrs.field(kw_only=True)
    status: str = attrs.field(kw_only=True)
    deadline: date = attrs.field(kw_only=True)
    elapsed: Decimal = attrs.field(kw_only=True)
    progress: Decimal | None = attrs.field(kw_only=True)
    lower_is_better: bool = attrs.field(kw_only=True)
    owner: str = attrs.field(kw_only=True)
    source: str = attrs.field(kw_only=True)
    line: str = attrs.field(kw_only=True)


@attrs.frozen
class LineView:
    """
    One line of the plan: planned and spent money.

    Attributes:
        line: Key of the line.
        name: How it is shown.
        networks: Where people see it.
        planned: What it may cost.
        spend: What it has cost.
        expected: What an even pace would have cost by now.
        elapsed: Part of its flight that is over, from 0 to 1.
        share_spent: Part of the planned money that is spent.
        basis: What the spend rests on: reported, planned or none.
        state: running, by_hand, free, not_started, waiting or not_set_up.
        state_text: The same in words, with the reason where one is known.
    """

    line: str
    name: str
    networks: tuple[str, ...] = attrs.field(kw_only=True)
    planned: Decimal | None = attrs.field(kw_only=True)
    spend: Decimal | None = attrs.field(kw_only=True)
    expected: Decimal | None = attrs.field(kw_only=True)
    elapsed: Decimal = attrs.field(kw_only=True)
    share_spent: Decimal | None = attrs.field(kw_only=True)
    basis: str = attrs.field(kw_only=True)
    state: str = attrs.field(kw_only=True)
    state_text: str = attrs.field(kw_only=True)


@attrs.frozen
class Numbers:
    """
    Summed numbers of one group: a day, a campaign, an age band.

    Attributes:
        labels: What the group is, by dimension.
        spend: Money, unrounded.
        impressions: How often ads were seen.
        clicks: Clicks of all kinds.
        visits: Visits behind them.
        leads: Enquiries the platform claims.
        registrations: Registrations: the platform's claim, or own records by day.
        conversions: Conversions the platform claims.
        approved_conversions: Conversions that were confirmed afterwards.
        revenue: Value of conversions the platform claims.
        roas: That value over spend.
        cpm: Cost of a thousand impressions.
        ctr: Clicks per impression in percent.
        cpc: Cost of a click.
        cost_per_enquiry: Cost of an enquiry: a conversion where approved ones are
            counted too, a lead otherwise.
        cpa: Cost of an approved conversion where these are counted, of a conversion
            otherwise.
    """

    labels: dict[str, str]
    spend: Decimal | None = attrs.field(kw_only=True)
    impressions: Decimal | None = attrs.field(kw_only=True)
    clicks: Decimal | None = attrs.field(kw_only=True)
    visits: Decimal | None = attrs.field(kw_only=True)
    leads: Decimal | None = attrs.field(kw_only=True)
    registrations: Decimal | None = attrs.field(kw_only=True)
    conversions: Decimal | None = attrs.field(kw_only=True)
    approved_conversions: Decimal | None = attrs.field(kw_only=True)
    revenue: Decimal | None = attrs.field(kw_only=True)
    roas: Decimal | None = attrs.field(kw_only=True)
    cpm: Decimal | None = attrs.field(kw_only=True)
    ctr: Decimal | None = attrs.field(kw_only=True)
    cpc: Decimal | None = attrs.field(kw_only=True)
    cost_per_enquiry: Decimal | None = attrs.field(kw_only=True)
    cpa: Decimal | None = attrs.field(kw_only=True)


@attrs.frozen
class FunnelStep:
    """
    One step from seeing an ad to buying.

    Attributes:
        name: Stable name.
        label: How it is shown.
        count: How many people or views.
        rate: Part of the step before, in percent.
        source: Who counted.
    """

    name: str
    label: str
    count: Decimal = attrs.field(kw_only=True)
    rate: Decimal | None = attrs.field(kw_only=True)
    source: str = attrs.field(kw_only=True)


@attrs.frozen
class ReturnView:
    """
    What one channel, line or campaign cost and brought back.

    Attributes:
        key: Its key.
        name: How it is shown.
        spend: What it cost; None where no cost is recorded.
        claimed_conversions: The platform's claim.
        claimed_registrations: The platform's claim.
        claimed_value: The platform's claim, in money.
        registrations: In the brand's own records.
        purchases: In the brand's own records.
        refunds: How many were taken back.
        revenue: Value of purchases, refunds taken off.
        roi: Profit over cost in percent.
        roas: Revenue over cost.
        cac: Cost of a customer.
        note: What a reader must know about the cost.
    """

    key: str
    name: str
    spend: Decimal | None = attrs.field(kw_only=True)
    claimed_conversions: int | None = attrs.field(kw_only=True)
    claimed_registrations: int | None = attrs.field(kw_only=True)
    claimed_value: Decimal | None = attrs.field(kw_only=True)
    registrations: Decimal | int | None = attrs.field(kw_only=True)
    purchases: Decimal | int | None = attrs.field(kw_only=True)
    refunds: Decimal | int | None = attrs.field(kw_only=True)
    revenue: Decimal | None = attrs.field(kw_only=True)
    roi: Decimal | None = attrs.field(kw_only=True)
    roas: Decimal | None = attrs.field(kw_only=True)
    cac: Decimal | None = attrs.field(kw_only=True)
    note: str = attrs.field(kw_only=True)


@attrs.frozen
class ReturnsView:
    """
    Returns per channel, line and campaign.

    Attributes:
        total: All social channels together.
        channels: One row per channel.
        lines: One row per line.
        campaigns: One row per campaign.
        model: How conversions are credited.
        claimed: What the conversions are that platforms claim, e.g. purchases.
        refunds: Own records that take money back.
        conversions: Own records that count.
        unmatched: Those that should have a line and have none.
        unmatched_share: The same in percent.
        elsewhere: Those that came from no social network.
    """

    total: ReturnView
    channels: tuple[ReturnView, ...]
    lines: tuple[ReturnView, ...] = attrs.field(kw_only=True)
    campaigns: tuple[ReturnView, ...] = attrs.field(kw_only=True)
    model: str = attrs.field(kw_only=True)
    claimed: str = attrs.field(kw_only=True)
    refunds: Decimal | int = attrs.field(kw_only=True)
    conversions: int = attrs.field(kw_only=True)
    unmatched: Decimal | int = attrs.field(kw_only=True)
    unmatched_share: Decimal | None = attrs.field(kw_only=True)
    elsewhere: Decimal | int = attrs.field(kw_only=True)


@attrs.frozen
class GrowthView:
    """
    Followers of one network at the start and now.
    """

    network: str
    before: Decimal | None
    now: Decimal | None = attrs.field(kw_only=True)
    growth: Decimal | None = attrs.field(kw_only=True)
    since: date = attrs.field(kw_only=True)
    until: date = attrs.field(kw_only=True)


@attrs.frozen
class NoteView:
    """
    Something a reader must know.
    """

    severity: str
    message: str
    code: str = attrs.field(kw_only=True)
    where: str = attrs.field(default="", kw_only=True)
    hint: str = attrs.field(default="", kw_only=True)


@attrs.frozen
class ImportView:
    """
    What the report rests on.

    Attributes:
        sources: Where the numbers come from.
        rows: Rows of ad numbers.
        conversions: Own records.
        currency: Currency of every amount.
        zone: Zone the days are counted in.
        first: First day with numbers.
        last: Last day with numbers.
    """

    sources: tuple[str, ...]
    rows: int
    conversions: int = attrs.field(kw_only=True)
    currency: str = attrs.field(kw_only=True)
    zone: str = attrs.field(kw_only=True)
    first: date | None = attrs.field(kw_only=True)
    last: date | None = attrs.field(kw_only=True)


@attrs.frozen
class BrandView:
    """
    Whose report it is, and how it looks.
    """

    name: str = ""
    advertiser: str = ""
    colours: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    fonts: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    logo: str = attrs.field(default="", kw_only=True)


@attrs.frozen
class ReportView:
    """
    Everything a report shows, in the order it is read.

    Attributes:
        kind: `plan` for a media plan's report, `metrics` for an export alone.
        title: What it is about.
        subtitle: The period in words.
        currency: Currency of every amount.
        as_of: The last day that counts.
        first: First day of the period.
        last: Last day of the period.
        brand: Whose it is.
        summary: What matters, in computed sentences.
        figures: Headline numbers.
        targets: Targets with status.
        lines: Planned and spent money.
        daily: One row per day.
        funnel: From impression to purchase.
        returns: What channels earned.
        totals: All ad numbers together.
        claimed: What the conversions are that platforms claim, e.g. purchases.
        campaigns: Ad numbers per campaign and ad set.
        ad_sets: Ad numbers per ad set, the most expensive first; of an export alone.
        ads: Ad numbers per ad, the most expensive first; of an export alone.
        breakdown: Ad numbers per age band and gender, where the export has them.
        growth: Followers per network.
        imports: What it rests on.
        notes: What a reader must know.
        comparison: This period beside the one before and the plan.
        alerts: What somebody should look at.
        calendar: Posts and milestones.
        previews: Ads as networks show them.
        audiences: Who is spoken to.
    """

    kind: str
    title: str
    subtitle: str = attrs.field(kw_only=True)
    currency: str = attrs.field(kw_only=True)
    as_of: date | None = attrs.field(kw_only=True)
    first: date | None = attrs.field(kw_only=True)
    last: date | None = attrs.field(kw_only=True)
    brand: BrandView = attrs.field(factory=BrandView, kw_only=True)
    summary: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    figures: tuple[Figure, ...] = attrs.field(default=(), kw_only=True)
    targets: tuple[TargetView, ...] = attrs.field(default=(), kw_only=True)
    lines: tuple[LineView, ...] = attrs.field(default=(), kw_only=True)
    daily: tuple[Numbers, ...] = attrs.field(default=(), kw_only=True)
    funnel: tuple[FunnelStep, ...] = attrs.field(default=(), kw_only=True)
    returns: ReturnsView | None = attrs.field(default=None, kw_only=True)
    totals: Numbers | None = attrs.field(default=None, kw_only=True)
    campaigns: tuple[Numbers, ...] = attrs.field(default=(), kw_only=True)
    claimed: str = attrs.field(default="conversions", kw_only=True)
    ad_sets: tuple[Numbers, ...] = attrs.field(default=(), kw_only=True)
    ads: tuple[Numbers, ...] = attrs.field(default=(), kw_only=True)
    breakdown: tuple[Numbers, ...] = attrs.field(default=(), kw_only=True)
    growth: tuple[GrowthView, ...] = attrs.field(default=(), kw_only=True)
    imports: ImportView = attrs.field(kw_only=True)
    notes: tuple[NoteView, ...] = attrs.field(default=(), kw_only=True)
    comparison: PeriodView | None = attrs.field(default=None, kw_only=True)
    alerts: tuple[AlertView, ...] = attrs.field(default=(), kw_only=True)
    calendar: tuple[PostView, ...] = attrs.field(default=(), kw_only=True)
    previews: tuple[PreviewView, ...] = attrs.field(default=(), kw_only=True)
    audiences: tuple[AudienceLine, ...] = attrs.field(default=(), kw_only=True)

    def to_dict(self) -> dict[str, Any]:
        """
        The report as JSON-ready data.

        Counts are whole numbers. Other numbers are texts, so that nobody's floats
        change them: money with its coins (the unrounded sum of spend stands beside it
        as `spend_exact`), everything else with up to four decimals.
        """
        coin = Decimal(1).scaleb(-CURRENCY_DECIMALS.get(self.currency, 2))
        data = _fields(self, coin)
        data["brand"].pop("logo", None)
        return {"format": FORMAT, **data}


_SUMS = frozenset({"spend", "planned", "revenue", "claimed_value"})
_COUNTS = frozenset(
    {
        "impressions",
        "clicks",
        "visits",
        "leads",
        "registrations",
        "conversions",
        "approved_conversions",
        "count",
        "before",
        "now",
    }
)
_FINE = Decimal("0.0001")
_OF_UNIT = frozenset({"value", "target", "expected", "previous", "plan"})


def _plain(value: Any, coin: Decimal, name: str = "") -> Any:
    if attrs.has(type(value)):
        return _fields(value, coin)
    if isinstance(value, dict):
        return {key: _plain(item, coin, key) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item, coin) for item in value]
    if isinstance(value, Decimal):
        return _number(value, coin, name)
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _fields(value: Any, coin: Decimal) -> dict[str, Any]:
    # A headline number or a target is counted in whatever its KPI is counted in.
    kinds = {Unit.COUNT: "count", Unit.MONEY: "spend"}
    unit = kinds.get(getattr(value, "unit", Unit.RATIO), "")
    data = {}
    for field in attrs.fields(type(value)):
        own = unit if field.name in _OF_UNIT else field.name
        data[field.name] = _plain(getattr(value, field.name), coin, own)
    if isinstance(value, Numbers):
        labels = data.pop("labels")
        exact = None if value.spend is None else f"{value.spend:f}"
        return {**labels, **data, "spend_exact": exact}
    return data


def _number(value: Decimal, coin: Decimal, name: str) -> int | str:
    if name in _COUNTS and value == value.to_integral_value():
        return int(value)
    step = coin if name in _SUMS else _FINE
    return f"{value.quantize(step, rounding=ROUND_HALF_EVEN):f}"
