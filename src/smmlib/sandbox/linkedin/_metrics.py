"""
What a day of a creative counts as, metric by metric.

Names: LinkedIn reporting pages at li-lms-2026-02. How much of a click, a view or a
conversion falls to which metric is the simulation's own.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.sandbox.linkedin._tables import PER_USD

if TYPE_CHECKING:
    from smmlib.sandbox import _world as people
    from smmlib.sandbox.linkedin._store import Node, World

COUNTS = (
    "impressions", "clicks", "landingPageClicks", "companyPageClicks",
    "otherEngagements", "totalEngagements", "likes", "reactions", "comments", "shares",
    "follows", "externalWebsiteConversions", "externalWebsitePostClickConversions",
    "externalWebsitePostViewConversions", "oneClickLeads", "oneClickLeadFormOpens",
    "videoStarts", "videoViews", "videoFirstQuartileCompletions",
    "videoMidpointCompletions", "videoThirdQuartileCompletions", "videoCompletions",
)  # fmt: skip
MONEY = ("costInLocalCurrency", "costInUsd", "conversionValueInLocalCurrency")
PEOPLE = ("approximateMemberReach",)
MODELLED = (*COUNTS, *MONEY, *PEOPLE)
_VIRAL = (
    "Impressions Clicks CommentLikes Comments CompanyPageClicks DocumentCompletions"
    " DocumentFirstQuartileCompletions DocumentMidpointCompletions"
    " DocumentThirdQuartileCompletions DownloadClicks ExternalWebsiteConversions"
    " ExternalWebsitePostClickConversions ExternalWebsitePostViewConversions Follows"
    " FullScreenPlays JobApplications JobApplyClicks LandingPageClicks Likes"
    " OneClickLeadFormOpens OneClickLeads OtherEngagements PostClickJobApplications"
    " PostClickJobApplyClicks PostClickRegistrations PostViewJobApplications"
    " PostViewJobApplyClicks PostViewRegistrations Reactions Registrations Shares"
    " SubscriptionClicks TotalEngagements VideoStarts VideoViews"
    " VideoFirstQuartileCompletions VideoMidpointCompletions"
    " VideoThirdQuartileCompletions VideoCompletions CardImpressions CardClicks"
).split()
OTHERS = (
    *(f"viral{name}" for name in _VIRAL),
    *(
        "actionClicks adUnitClicks textUrlClicks headlineClicks headlineImpressions"
        " downloadClicks subscriptionClicks commentLikes opens sends fullScreenPlays"
        " averageDwellTime qualifiedLeads validWorkEmailLeads costPerQualifiedLead"
        " talentLeads leadGenerationMailContactInfoShares"
        " leadGenerationMailInterestedClicks jobApplications jobApplyClicks"
        " postClickJobApplications postClickJobApplyClicks postClickRegistrations"
        " postViewJobApplications postViewJobApplyClicks postViewRegistrations"
        " registrations documentFirstQuartileCompletions documentMidpointCompletions"
        " documentThirdQuartileCompletions documentCompletions cardImpressions"
        " cardClicks approximateUniqueImpressions audiencePenetration"
        " averageDailyReachMetrics averagePreviousSevenDayReachMetrics"
        " averagePreviousThirtyDayReachMetrics"
    ).split(),
)
"""Metrics that LinkedIn has and the sandbox does not."""

_ARRIVED = (0.72, 0.84, 0.91, 0.95, 0.97, 0.985, 0.993)
"""Part of a day's conversions that is attributed after so many days."""

_SALES = ("PURCHASE", "START_CHECKOUT", "ADD_TO_CART", "ADD_BILLING_INFO")
_VISITS = ("KEY_PAGE_VIEW", "VIEW_CONTENT", "OUTBOUND_CLICK")


@attrs.define
class Tally:
    """
    Sums of some days.
    """

    counts: Counter[str] = attrs.field(factory=Counter)
    spend: Decimal = Decimal(0)
    value: Decimal = Decimal(0)
    rows: list[people.AdDay] = attrs.field(factory=list)


def add_conversion(  # noqa: PLR0917 - one row, one rule
    tally: Tally,
    world: World,
    campaign: Node,
    row: people.AdDay,
    today: date,
    conversion_id: str,
) -> None:
    """
    Count what one conversion rule made of one row: nothing else belongs to a rule.
    """
    tally.rows.append(row)
    _conversions(tally, world, campaign, row, today, only=conversion_id)


def add(
    tally: Tally, world: World, campaign: Node, row: people.AdDay, today: date
) -> None:
    """
    Count one row.
    """
    tally.rows.append(row)
    tally.spend += row.spend
    counts = tally.counts
    page_clicks = (row.clicks - row.link_clicks) // 2
    follows = page_clicks // 6
    counts["impressions"] += row.impressions
    counts["clicks"] += row.clicks
    counts["landingPageClicks"] += row.link_clicks
    counts["companyPageClicks"] += page_clicks
    counts["otherEngagements"] += row.clicks - row.link_clicks - page_clicks
    for name in ("likes", "comments", "shares"):
        counts[name] += getattr(row, name)
    counts["reactions"] += row.likes
    counts["follows"] += follows
    counts["totalEngagements"] += (
        row.clicks + row.likes + row.comments + row.shares + follows
    )
    _leads(counts, campaign, row)
    _video(counts, campaign, row)
    _conversions(tally, world, campaign, row, today)


def _leads(counts: Counter[str], campaign: Node, row: people.AdDay) -> None:
    if campaign.data.get("objectiveType") == "LEAD_GENERATION":
        counts["oneClickLeads"] += row.leads
        counts["oneClickLeadFormOpens"] += max(row.leads, row.link_clicks * 6 // 10)


def _video(counts: Counter[str], campaign: Node, row: people.AdDay) -> None:
    if campaign.data.get("format") != "SINGLE_VIDEO":
        return
    views = row.video_views
    counts["videoStarts"] += min(row.impressions, views * 16 // 10)
    counts["videoViews"] += views
    for name, part in (
        ("FirstQuartile", 70), ("Midpoint", 48), ("ThirdQuartile", 34), ("", 25),
    ):  # fmt: skip
        counts[f"video{name}Completions"] += views * part // 100


def _conversions(
    tally: Tally,
    world: World,
    campaign: Node,
    row: people.AdDay,
    today: date,
    *,
    only: str = "",
) -> None:
    age = (today - row.day).days
    arrived = _ARRIVED[age] if 0 <= age < len(_ARRIVED) else 1.0
    for conversion_id, since, until in campaign.inner.get("links", ()):
        if only and conversion_id != only:
            continue
        rule = world.get("conversion", conversion_id)
        if rule is None or not _counted(rule, row.day, since, until):
            continue
        total = int(_results(rule, row) * arrived)
        viewed = total * 8 // 108
        tally.counts["externalWebsiteConversions"] += total
        tally.counts["externalWebsitePostViewConversions"] += viewed
        tally.counts["externalWebsitePostClickConversions"] += total - viewed
        tally.value += _value(rule, row, total)


def _counted(rule: Node, day: date, since: float, until: float | None) -> bool:
    """
    Whether a rule was on and associated when the day ended.
    """
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    end = midnight.timestamp()
    if not since < end or (until is not None and until < end):
        return False
    on = True
    for when, enabled in rule.inner["switches"]:
        if when < end:
            on = enabled
    return bool(on)


def _results(rule: Node, row: people.AdDay) -> int:
    kind = rule.data["type"]
    if kind in _SALES:
        return row.purchases
    return row.landing_page_views if kind in _VISITS else row.registrations


def _value(rule: Node, row: people.AdDay, total: int) -> Decimal:
    fixed = rule.data.get("value")
    if fixed is not None:
        return Decimal(fixed["amount"]) * total
    if rule.data["type"] == "PURCHASE" and row.purchases:
        return row.purchase_value * total / row.purchases
    return Decimal(0)


def shown(tally: Tally, name: str, currency: str, reach: int) -> Any:
    """
    One metric as it stands on the wire: counts are numbers, money is text.
    """
    if name in COUNTS:
        return tally.counts[name]
    if name == "approximateMemberReach":
        return reach
    if name == "conversionValueInLocalCurrency":
        return _plain(tally.value)
    if name == "costInUsd":
        return _plain(tally.spend / Decimal(PER_USD[currency]))
    return _plain(tally.spend)


def _plain(value: Decimal) -> str:
    return f"{value.quantize(Decimal('0.000001')).normalize():f}"
