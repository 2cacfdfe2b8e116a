"""
From LinkedIn's objects to the world's facts: what the market sees of a creative.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from smmlib.sandbox import _world as people
from smmlib.sandbox.linkedin._posts import landing_of, spelled
from smmlib.sandbox.linkedin._segments_state import MINIMUM_MATCHED
from smmlib.sandbox.linkedin._status import line_of
from smmlib.sandbox.linkedin._store import stable_hex
from smmlib.sandbox.linkedin._tables import BIDDING
from smmlib.sandbox.linkedin._targeting import (
    ages_in,
    audience,
    countries_of,
    genders_in,
    values_of,
)

if TYPE_CHECKING:
    from smmlib.sandbox.linkedin._context import Site
    from smmlib.sandbox.linkedin._store import Node

Data = dict[str, Any]
_GOALS = {
    "BRAND_AWARENESS": "REACH",
    "ENGAGEMENT": "POST_ENGAGEMENT",
    "JOB_APPLICANT": "LINK_CLICKS",
    "LEAD_GENERATION": "LEAD_GENERATION",
    "VIDEO_VIEW": "THRUPLAY",
    "WEBSITE_CONVERSION": "OFFSITE_CONVERSIONS",
    "WEBSITE_VISIT": "LINK_CLICKS",
}
_CLICKS = Decimal("0.0068")
_VIDEO = Decimal("0.21")
_RESULTS = {
    "POST_ENGAGEMENT": Decimal("0.016"), "LINK_CLICKS": Decimal("0.0076"),
    "LEAD_GENERATION": Decimal("0.00055"), "THRUPLAY": Decimal("0.21"),
    "OFFSITE_CONVERSIONS": Decimal("0.00037"),
}  # fmt: skip
"""Results per impression that a bid is converted with; other goals are paid per 1,000
impressions."""


def ad_facts(site: Site, creative: Node, now: float) -> Data:
    """
    The facts of one creative as plain JSON, ready to be kept as a version.
    """
    campaign, group, _ = line_of(site.world, creative)
    post = site.world.by_urn(creative.data["content"]["reference"])
    text = {} if post is None else post.data
    criteria = campaign.data["targetingCriteria"]
    goal = _GOALS.get(campaign.data.get("objectiveType", ""), "LINK_CLICKS")
    size = audience(site, criteria, now)
    networks = ["linkedin"]
    if campaign.data["offsiteDeliveryEnabled"]:
        networks.append("audience_network")
    commentary = text.get("commentary", "")
    return {
        "audience_size": size if size >= MINIMUM_MATCHED else 0,
        "bid": _bid(campaign.data, goal),
        "goal": goal,
        "creative_key": stable_hex(
            16, commentary, spelled(site.world, text.get("content"))
        ),
        "text_length": len(commentary),
        "cards": len(text.get("content", {}).get("carousel", {}).get("cards", ())),
        "networks": networks,
        "countries": countries_of(criteria),
        "ages": _ages(criteria),
        "genders": genders_in(values_of(criteria, "genders")),
        "landing_url": landing_of(text),
        "ad_name": creative.data.get("name", ""),
        "ad_set_name": campaign.data["name"],
        "campaign_name": group.data["name"],
        "group": group.id,
    }


def _ages(criteria: Data) -> list[int]:
    ranges = [ages_in(one) for one in values_of(criteria, "ageRanges")]
    if not ranges:
        return [18, 65]
    return [min(low for low, _ in ranges), max(high for _, high in ranges)]


def _bid(campaign: Data, goal: str) -> str | None:
    """
    What LinkedIn is told to pay, in the world's terms: per result or 1,000 views.
    """
    if BIDDING[campaign["optimizationTargetType"]][0] == "auto":
        return None
    amount = Decimal(campaign["unitCost"]["amount"])
    per_view = {"CPC": _CLICKS, "CPV": _VIDEO, "CPM": Decimal("0.001")}
    price = amount * per_view[campaign["costType"]]
    if campaign["optimizationTargetType"].startswith("CAP_COST"):
        # A cap is what one result may cost, whatever is charged for.
        price = amount * _RESULTS.get(goal, Decimal("0.001"))
    results = _RESULTS.get(goal)
    return str(price * 1000 if results is None else price / results)


def terms_of(owner: Node) -> Data:
    """
    The budget of a campaign, or of a group that shares its own.
    """
    daily, total = owner.data.get("dailyBudget"), owner.data.get("totalBudget")
    return {
        "daily": daily["amount"] if daily else None,
        "total": total["amount"] if total else None,
    }


def as_ad_facts(creative: Node, facts: Data, **extra: Any) -> people.AdFacts:
    """
    A kept version as the value that the simulation reads.
    """
    bid = facts["bid"]
    campaign = next(ref for ref in creative.parents if ref.startswith("campaign:"))
    seen = {name: value for name, value in facts.items() if name != "group"}
    return people.AdFacts(
        creative.id,
        campaign.partition(":")[2],
        campaign_id=facts["group"],
        **{
            **seen,
            "bid": None if bid is None else Decimal(bid),
            "networks": tuple(facts["networks"]),
            "countries": tuple(facts["countries"]),
            "ages": tuple(facts["ages"]),
            "genders": tuple(facts["genders"]),
        },
        **extra,
    )
