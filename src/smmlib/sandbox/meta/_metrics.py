"""
The figures of one insights row, written as Meta writes them: text, major units.

Source: Marketing API insights fields and action types, 2026-09.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from smmlib.sandbox import _world as people

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_SIX = Decimal("0.000001")

METRICS = frozenset(
    "impressions reach frequency clicks spend cpm cpc cpp ctr inline_link_clicks"
    " inline_link_click_ctr cost_per_inline_link_click inline_post_engagement actions"
    " action_values cost_per_action_type purchase_roas website_purchase_roas"
    " video_play_actions".split()
)


def figures(
    rows: Sequence[people.AdDay],
    facts: Mapping[str, Sequence[people.AdFacts]],
    windows: Mapping[str, Sequence[people.AdDay]],
) -> dict[str, Any]:
    """
    All modelled metrics of the rows together.

    Args:
        rows: Days of ads that are shown as one.
        facts: Per ad, for counting people once.
        windows: The same rows by each attribution window that is shown apart.

    Returns:
        Texts as on the wire; what would divide by zero is absent.
    """
    spend = sum((row.spend for row in rows), start=Decimal(0))
    told = {"value": _results(rows, facts, spend)}
    for window, counted in windows.items():
        told[window] = _results(counted, facts, spend)
    found: dict[str, Any] = {
        **_basics(rows, facts, spend),
        "inline_post_engagement": str(told["value"]["actions"]["post_engagement"]),
        **{name: _stats(told, name) for name in told["value"]},
    }
    return {name: value for name, value in found.items() if value not in (None, [])}


def _basics(
    rows: Sequence[people.AdDay],
    facts: Mapping[str, Sequence[people.AdFacts]],
    spend: Decimal,
) -> dict[str, str | None]:
    impressions = sum(row.impressions for row in rows)
    clicks = sum(row.clicks for row in rows)
    links = sum(row.link_clicks for row in rows)
    ids = dict.fromkeys(row.ad_id for row in rows)
    reach = people.reach_of(rows, [fact for ad in ids for fact in facts[ad]])
    return {
        "impressions": str(impressions),
        "reach": str(reach),
        "clicks": str(clicks),
        "inline_link_clicks": str(links),
        "spend": plain(spend),
        "frequency": _ratio(impressions, reach),
        "cpm": _ratio(spend * 1000, impressions),
        "cpp": _ratio(spend * 1000, reach),
        "cpc": _ratio(spend, clicks),
        "ctr": _ratio(clicks * 100, impressions),
        "inline_link_click_ctr": _ratio(links * 100, impressions),
        "cost_per_inline_link_click": _ratio(spend, links),
    }


def plain(number: Decimal) -> str:
    """
    A decimal without trailing zeros: `5339.5`.
    """
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _ratio(over: Decimal | int, under: int) -> str | None:
    return plain((Decimal(over) / under).quantize(_SIX)) if under else None


def _actions(
    rows: Sequence[people.AdDay], facts: Mapping[str, Sequence[people.AdFacts]]
) -> dict[str, Decimal]:
    def total(pick: Callable[[people.AdDay], int]) -> Decimal:
        return Decimal(sum(pick(row) for row in rows))

    links, views = total(lambda r: r.link_clicks), total(lambda r: r.video_views)
    likes, comments = total(lambda r: r.likes), total(lambda r: r.comments)
    shares = total(lambda r: r.shares)
    engagement = links + views + likes + comments + shares
    leads = total(lambda r: r.leads)
    # An ad that leads nowhere collects its leads in an instant form.
    forms = total(lambda r: 0 if facts[r.ad_id][0].landing_url else r.leads)
    registrations = total(lambda r: r.registrations)
    purchases = total(lambda r: r.purchases)
    return {
        "link_click": links,
        "landing_page_view": total(lambda r: r.landing_page_views),
        "post_reaction": likes,
        "comment": comments,
        "post": shares,
        "video_view": views,
        "post_engagement": engagement,
        "page_engagement": engagement,
        "lead": leads,
        "onsite_conversion.lead_grouped": forms,
        "offsite_conversion.fb_pixel_lead": leads - forms,
        "complete_registration": registrations,
        "offsite_conversion.fb_pixel_complete_registration": registrations,
        "purchase": purchases,
        "offsite_conversion.fb_pixel_purchase": purchases,
    }


def _values(rows: Sequence[people.AdDay]) -> dict[str, Decimal]:
    value = sum((row.purchase_value for row in rows), start=Decimal(0))
    return {"purchase": value, "offsite_conversion.fb_pixel_purchase": value}


Results = dict[str, dict[str, Decimal]]


def _results(
    rows: Sequence[people.AdDay],
    facts: Mapping[str, Sequence[people.AdFacts]],
    spend: Decimal,
) -> Results:
    """
    Every list of actions by its name, as one attribution window counts it.
    """
    counts, values = _actions(rows, facts), _values(rows)
    costs = {name: spend / count for name, count in counts.items() if count}
    roas = values["purchase"] / spend if spend else Decimal(0)
    return {
        "actions": counts,
        "action_values": values,
        "cost_per_action_type": costs,
        "video_play_actions": {"video_view": counts["video_view"]},
        "purchase_roas": {"omni_purchase": roas},
        "website_purchase_roas": {"offsite_conversion.fb_pixel_purchase": roas},
    }


def _stats(told: Mapping[str, Results], name: str) -> list[dict[str, str]]:
    """
    One list of actions, each with its value and its value in every window.
    """
    rows = []
    for action in told["value"][name]:
        found = {
            window: plain(results[name].get(action, Decimal(0)).quantize(_SIX))
            for window, results in told.items()
            if results[name].get(action)
        }
        if found:
            rows.append({"action_type": action, "value": "0", **found})
    return rows
