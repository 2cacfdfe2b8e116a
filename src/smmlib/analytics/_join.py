"""
Which line, campaign and ad a number or a conversion belongs to.

Ads tag their links with `utm_campaign` = key of the campaign, `utm_content` = key of
the ad and `utm_term` = key of the ad set; lines run by hand and creatives may state
tags of their own. Whatever fits nothing is kept and shown as unmatched.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import attrs

from smmlib.model import Managed, Network, Utm
from smmlib.model._enums import NETWORK_ALIASES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from smmlib.model import AdAddress, Conversion, LineItem, MediaPlan, MetricRow

NOT_SET = "(not set)"
"""
Stands for a tag that a link should have and has not, as web analytics show it.
"""

META = "meta"
_SOURCES = {
    **NETWORK_ALIASES,
    "facebook.com": "facebook",
    "fb_ads": "facebook",
    "m.facebook.com": "facebook",
    "instagram.com": "instagram",
    "linkedin.com": "linkedin",
    "t.co": "x",
    "twitter.com": "x",
    "x.com": "x",
    "t.me": "telegram",
    # What Meta writes for its other two places; the money is in the same campaign.
    "an": META,
    "msg": META,
    META: META,
}
_LONG_NAMES = ("facebook", "instagram", "linkedin", "telegram")
_PAID_WORDS = ("paid", "cpc", "cpm", "ppc", "ads")
_FREE_WORDS = ("organic", "social", "post", "bio", "story")


def network_of(source: str) -> tuple[str, bool]:
    """
    The network a `utm_source` means, and whether that is a guess at a slip of the pen.

    Returns:
        A network's name, `meta` where the tag says no more, or an empty text.
    """
    word = source.strip().casefold().replace(" ", "")
    known = {network.value: network.value for network in Network} | _SOURCES
    if word in known:
        return known[word], False
    close = get_close_matches(
        word, ["facebook", "instagram", "linkedin", "telegram"], 1
    )
    # Only near misses: "partner-blog" must not become a network.
    if close and abs(len(close[0]) - len(word)) <= 1:
        return close[0], True
    return "", False


@attrs.frozen
class Origin:
    """
    Where a conversion came from, as far as its tags tell.

    Attributes:
        channel: How it is shown, e.g. `facebook`, `google / organic`, `direct`.
        network: The social network behind it; empty where it is none, `meta` where the
            tag does not say which of Meta's.
        line: Key of the line that paid for it; empty when none is known.
        campaign: Key of the campaign.
        ad_set: Key of the ad set.
        ad: Key of the ad.
        post: Key of the post on a page of the brand's own.
        guessed: Whether the network was read from a misspelt tag.
        social: Whether it came from a social network and should have a line.
    """

    channel: str
    network: str = attrs.field(default="", kw_only=True)
    line: str = attrs.field(default="", kw_only=True)
    campaign: str = attrs.field(default="", kw_only=True)
    ad_set: str = attrs.field(default="", kw_only=True)
    ad: str = attrs.field(default="", kw_only=True)
    post: str = attrs.field(default="", kw_only=True)
    guessed: bool = attrs.field(default=False, kw_only=True)
    social: bool = attrs.field(default=False, kw_only=True)


DIRECT = Origin("direct")


def origin_of(conversion: Conversion, plan: MediaPlan | None = None) -> Origin:
    """
    Where a conversion came from, by the tags of its last touch.

    Args:
        conversion: One record.
        plan: The plan whose keys the tags hold; None to read the tags alone.
    """
    return origins((conversion,), plan)[0]


def origins(
    conversions: Iterable[Conversion], plan: MediaPlan | None
) -> tuple[Origin, ...]:
    """
    The origin of each conversion; a click id alone says which platform, no more.
    """
    return origins_of((conversion.utm for conversion in conversions), plan)


def origins_of(
    links: Iterable[Utm | None], plan: MediaPlan | None
) -> tuple[Origin, ...]:
    """
    The origin that tags name; the same tags are looked up once.
    """
    tags = _tags(plan) if plan else {}
    known: dict[Utm, Origin] = {}
    found = []
    for utm in links:
        if utm is None:
            found.append(DIRECT)
            continue
        if utm not in known:
            known[utm] = _origin(utm, plan, tags)
        found.append(known[utm])
    return tuple(found)


def _origin(utm: Utm, plan: MediaPlan | None, tags: Mapping[str, Origin]) -> Origin:
    network, guessed = network_of(utm.source)
    matched = next((tags[key] for key in _keys(utm) if key in tags), None)
    if matched is None and plan is not None:
        matched = _by_keys(utm, plan) or _by_organic(utm, network, plan)
    if matched is None:
        paid = any(word in utm.medium.casefold() for word in _PAID_WORDS)
        if not network:
            return Origin(f"{utm.source.strip()} / {utm.medium.strip()}", social=paid)
        name = network if paid or not _is_free(utm) else f"{network} (organic)"
        named = {} if plan else {"campaign": _tag(utm.campaign), "ad": utm.content}
        return Origin(name, network=network, guessed=guessed, social=True, **named)
    line = plan.lines.get(matched.line) if plan else None
    if not network and line is not None and len(line.networks) == 1:
        network, guessed = line.networks[0].value, True
    return attrs.evolve(
        matched,
        channel=_channel(network, line, utm),
        network=network,
        guessed=guessed,
        social=True,
    )


def _tag(text: str) -> str:
    return "" if text == NOT_SET else text.strip()


def _is_free(utm: Utm) -> bool:
    medium = utm.medium.casefold()
    return any(word in medium for word in _FREE_WORDS) and "paid" not in medium


def _channel(network: str, line: LineItem | None, utm: Utm) -> str:
    name = network or f"{utm.source.strip()} / {utm.medium.strip()}"
    return channel_of(name, line)


def channel_of(network: str, line: LineItem | None) -> str:
    """
    How a channel is shown: paid, free and hand-managed money is told apart.
    """
    if line is not None and not line.paid:
        return f"{network} (organic)"
    if line is not None and line.managed is Managed.BY_HAND:
        return f"{network} (by hand)"
    return network


def _by_keys(utm: Utm, plan: MediaPlan) -> Origin | None:
    campaign_key = utm.campaign.strip()
    campaign = plan.campaigns.get(campaign_key)
    if campaign is None:
        post = next((k for k in (utm.content, campaign_key) if k in plan.posts), None)
        if post is not None:
            return Origin("", line=plan.posts[post].line, post=post)
        return Origin("", line=campaign_key) if campaign_key in plan.lines else None
    term, content = utm.term.strip(), utm.content.strip()
    sets = campaign.ad_sets
    ad_set = term if term in sets else ""
    if not ad_set:
        ad_set = next((k for k, s in sets.items() if content in s.ads), "")
    ad = content if ad_set and content in sets[ad_set].ads else ""
    return Origin("", line=campaign.line, campaign=campaign_key, ad_set=ad_set, ad=ad)


def _by_organic(utm: Utm, network: str, plan: MediaPlan) -> Origin | None:
    """
    Free traffic of a network belongs to the plan's one free line there.
    """
    if not network or not _is_free(utm):
        return None
    free = [k for k, v in plan.lines.items() if not v.paid and network in v.networks]
    return Origin("", line=free[0]) if len(free) == 1 else None


def _keys(utm: Utm) -> tuple[str, ...]:
    """
    What tags are looked up by, the most exact first.

    People misspell sources more often than they invent campaigns, so campaign and ad,
    and at last the campaign alone, count too.
    """
    source, medium, campaign, content = (
        part.strip().casefold()
        for part in (utm.source, utm.medium, utm.campaign, utm.content)
    )
    exact = (source, medium, campaign, content)
    named = (campaign, content) if content else ()
    parts = (exact, exact[:3], named, (campaign,))
    return tuple("\x1f".join(part) for part in parts if part)


def _tags(plan: MediaPlan) -> dict[str, Origin]:
    """
    Tags that the plan states itself: of hand-managed lines, creatives and posts.
    """
    stated: list[tuple[Utm, Origin]] = [
        (line.utm, Origin("", line=key)) for key, line in plan.lines.items() if line.utm
    ]
    for address in plan.ads():
        creative = plan.creative_of(address.ad)
        if creative is None:
            continue
        # A link that brings tags of its own keeps them as they are.
        utm = creative.utm or (Utm.from_link(creative.link) if creative.link else None)
        if utm is not None:
            utm = attrs.evolve(utm, content=utm.content or address.ad_key)
            stated.append((utm, _ad_origin(address)))
    stated += [
        (post.utm, Origin("", line=post.line, post=key))
        for key, post in plan.posts.items()
        if post.utm
    ]
    return _index(stated)


def _ad_origin(address: AdAddress) -> Origin:
    return Origin(
        "",
        line=address.campaign.line,
        campaign=address.campaign_key,
        ad_set=address.ad_set_key,
        ad=address.ad_key,
    )


def _index(stated: list[tuple[Utm, Origin]]) -> dict[str, Origin]:
    """
    Tags by what they are looked up by; what several things share says only the line,
    and nothing at all where the lines differ.
    """
    shared: dict[str, list[Origin]] = {}
    for utm, origin in stated:
        for key in _keys(utm):
            shared.setdefault(key, []).append(origin)
    found = {}
    for key, group in shared.items():
        lines = {origin.line for origin in group}
        if len(set(group)) == 1:
            found[key] = group[0]
        elif len(lines) == 1:
            campaigns = {origin.campaign for origin in group}
            campaign = campaigns.pop() if len(campaigns) == 1 else ""
            found[key] = Origin("", line=lines.pop(), campaign=campaign)
    return found


@attrs.frozen
class Place:
    """
    Where in the plan a row of numbers belongs; empty texts where that is unknown.
    """

    line: str = ""
    campaign: str = ""
    ad_set: str = attrs.field(default="", kw_only=True)
    ad: str = attrs.field(default="", kw_only=True)


def place_of(row: MetricRow, plan: MediaPlan | None) -> Place:
    """
    Where a row belongs: by its address in the plan, else by what it calls itself.
    """
    parts = row.address.split(".")
    named = dict(zip(parts[::2], parts[1::2], strict=False))
    campaign = named.get("campaigns", "")
    if not campaign and plan is not None:
        campaign = _named_campaign(row.campaign, plan)
    line = row.line
    if not line and plan is not None and campaign in plan.campaigns:
        line = plan.campaigns[campaign].line
    return Place(
        line,
        campaign or row.campaign,
        ad_set=named.get("ad_sets", row.ad_set),
        ad=named.get("ads", row.ad),
    )


def _named_campaign(name: str, plan: MediaPlan) -> str:
    if not name or name in plan.campaigns:
        return name
    return next((k for k, c in plan.campaigns.items() if c.name == name), "")
