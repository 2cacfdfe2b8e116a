"""
What a report shows beside its numbers: alerts, the calendar, ads as people see them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smmlib.analytics import alert
from smmlib.codec._plan import data_of
from smmlib.model import AdText, Audience, Creative, Network
from smmlib.model._flight import zone_of
from smmlib.report._sheet_cells import cells_of, plain_text
from smmlib.report._view_parts import AlertView, AudienceLine, PostView, PreviewView
from smmlib.rules import _linkedin_tables as linkedin
from smmlib.rules import _meta_tables as meta

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from smmlib.analytics import Facts
    from smmlib.model import MediaPlan

CUT: dict[Network, int] = {
    Network.FACEBOOK: meta.TEXT_SHOWN.value,
    Network.INSTAGRAM: meta.TEXT_SHOWN.value,
    Network.LINKEDIN: linkedin.TEXT_SHOWN.value,
}
"""
Characters a feed shows before "Show more", with source and date in the rules' tables;
screens differ, so a preview shows where a text is likely cut.
"""

_MOST = 12


def alerts_of(plan: MediaPlan, facts: Facts, day: date | None) -> tuple[AlertView, ...]:
    """
    What somebody should look at, the most money at risk first.
    """
    if not facts.metrics:
        return ()
    return tuple(
        AlertView(
            one.urgency.value,
            one.where,
            message=one.message,
            hint=one.hint,
            spend=one.at_risk.amount if one.at_risk else None,
        )
        for one in alert(plan, facts, as_of=day)
    )


def calendar_of(plan: MediaPlan) -> tuple[PostView, ...]:
    """
    Posts and milestones by day.
    """
    zone = zone_of(plan.zone)
    found = []
    for post in plan.posts.values():
        if post.at is not None:
            at = post.at.astimezone(zone)
            view = PostView(
                at.date(),
                f"{at:%H:%M}",
                kind="post",
                text=post.text,
                networks=tuple(network.value for network in post.networks),
                state=post.state.value.replace("_", " "),
            )
            found.append(view)
    found += [
        PostView(
            stone.due,
            "",
            kind="milestone",
            text=stone.name,
            networks=(),
            state="done" if stone.done else "open",
        )
        for stone in plan.milestones.values()
        if stone.due is not None
    ]
    return tuple(sorted(found, key=lambda row: (row.on, row.time, row.text)))


def previews_of(plan: MediaPlan) -> tuple[PreviewView, ...]:
    """
    Each creative on each network its ads run on, in plan order.
    """
    return tuple(dict.fromkeys(_previews(plan)))[:_MOST]


def _previews(plan: MediaPlan) -> Iterator[PreviewView]:
    for address in plan.ads():
        creative = plan.creative_of(address.ad)
        line = plan.line_of(address.campaign)
        if creative is None or creative.text is None or line is None:
            continue
        key = address.ad.creative
        name = key if isinstance(key, str) else address.ad_key
        for network in line.networks:
            yield _preview(name, creative, creative.text, network)


def _preview(
    key: str, creative: Creative, text: AdText, network: Network
) -> PreviewView:
    whole = str(text)
    limit = CUT.get(network)
    end = _cut(whole, limit)
    return PreviewView(
        key,
        network.value,
        shown=whole[:end],
        hidden=whole[end:],
        length=len(whole),
        limit=limit if end < len(whole) else None,
        headline=creative.headline,
        cta=creative.cta.value.replace("_", " ") if creative.cta else "",
    )


def _cut(text: str, limit: int | None) -> int:
    """
    Where a text is cut: behind the last whole word that fits.
    """
    if limit is None or len(text) <= limit:
        return len(text)
    blank = text.rfind(" ", 0, limit + 1)
    return blank if blank > 0 else limit


def audiences_of(plan: MediaPlan) -> tuple[AudienceLine, ...]:
    """
    Who is spoken to, in the plan's own words.
    """
    used: dict[str, list[str]] = {}
    for campaign in plan.campaigns.values():
        for key, ad_set in campaign.ad_sets.items():
            if isinstance(ad_set.audience, str):
                used.setdefault(ad_set.audience, []).append(ad_set.name or key)
    data = data_of(plan).get("audiences", {})
    found = []
    for key, ad_sets in used.items():
        audience = plan.audiences.get(key)
        if audience is not None:
            traits = _traits(data.get(key))
            names = tuple(dict.fromkeys(ad_sets))
            name = _name(audience, key)
            found.append(AudienceLine(key, name, traits=traits, ad_sets=names))
    return tuple(found)


def _name(audience: Audience, key: str) -> str:
    return audience.name or key


def _traits(data: object) -> tuple[str, ...]:
    """
    An audience's fields as words: `age 25-44`, `interests Espresso, Cappuccino`.
    """
    found: dict[str, list[str]] = {}
    for head, cell in cells_of((), data, frozenset()):
        field = head.path.split("[")[0].split(".")[0].replace("_", " ")
        if field != "name":
            found.setdefault(field, []).append(plain_text(cell))
    return tuple(f"{field}: {', '.join(values)}" for field, values in found.items())
