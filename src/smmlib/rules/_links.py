"""
Rules about links and their tags: visits must be told apart in the shop's own numbers.

smmlib builds UTM tags from the plan's keys, so a missing tag is no problem; half a set,
two sets, or one source under two spellings are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from smmlib.model import Objective, Utm
from smmlib.model._enums import NETWORK_ALIASES
from smmlib.rules._rule import Found, rule
from smmlib.rules._view import CreativeView, PlanView

_NEEDED = ("source", "medium", "campaign")
NEED_LINK = {Objective.TRAFFIC, Objective.LEADS, Objective.SALES}


def _tags(link: str) -> dict[str, str]:
    """
    The UTM tags a link carries, by short name.
    """
    pairs = parse_qsl(urlsplit(link).query, keep_blank_values=True)
    return {
        key.lower().removeprefix("utm_"): value
        for key, value in pairs
        if key.lower().startswith("utm_")
    }


def _is_tagged(link: str, utm: Utm | None) -> bool:
    """
    Whether a link carries tags or has some stated; most links do not.
    """
    return "utm_" in link.casefold() or utm is not None


def _links(view: PlanView) -> Iterator[tuple[str, str, Utm | None]]:
    """
    Path of the owner, link and stated tags of every link that has tags.
    """
    for item in view.creatives:
        creative = item.creative
        utm = creative.utm
        if _is_tagged(creative.link, utm):
            yield item.path, creative.link, utm
        for place, card in enumerate(creative.cards):
            if card.link and _is_tagged(card.link, utm):
                yield f"{item.path}.cards[{place}]", card.link, utm
    for key, post in view.plan.posts.items():
        if _is_tagged(post.link, post.utm):
            yield f"posts.{key}", post.link, post.utm
    for key, line in view.plan.lines.items():
        if line.utm:
            yield f"lines.{key}", "", line.utm


@rule("utm.partial", "A link carries all of its UTM tags or none.", severity="warning")
def utm_partial(view: PlanView) -> Iterator[Found]:
    """
    Links with some tags, which analytics would file under "unassigned".
    """
    for path, link, utm in _links(view):
        tags = _tags(link)
        missing = [f"utm_{name}" for name in _NEEDED if not tags.get(name)]
        if tags and missing and utm is None:
            yield Found(
                f"{path}.link",
                f"the link carries UTM tags, but not {' and '.join(missing)}",
                value=link,
                limit="utm_source, utm_medium and utm_campaign together",
                hint="add what is missing, or drop the tags: smmlib builds them from "
                "the plan's keys",
            )


@rule(
    "utm.conflict",
    "Tags in a link and tags of the plan say the same.",
    severity="warning",
)
def utm_conflict(view: PlanView) -> Iterator[Found]:
    """
    Links that carry other tags than the plan gives them.
    """
    for path, link, utm in _links(view):
        stated = utm.pairs() if utm else {}
        for name, value in _tags(link).items():
            if name in stated and value != stated[name]:
                yield Found(
                    f"{path}.link",
                    f"the link says utm_{name}={value}, the plan says {stated[name]}; "
                    "the plan's tag replaces it",
                    value=value,
                    limit=stated[name],
                    hint="drop the tags from the link",
                )


def _plain(name: str, value: str) -> str:
    word = re.sub(r"[\s_\-.+]+", "", value.casefold())
    return NETWORK_ALIASES.get(word, word) if name == "source" else word


@rule(
    "utm.drift", "One source, medium or campaign has one spelling.", severity="warning"
)
def utm_drift(view: PlanView) -> Iterator[Found]:
    """
    Tags that differ only in case, blanks or abbreviation, and split every report.
    """
    seen: dict[tuple[str, str], str] = {}
    for path, link, utm in _links(view):
        tags = {**_tags(link), **(utm.pairs() if utm else {})}
        for name in _NEEDED:
            value = tags.get(name)
            if not value:
                continue
            first = seen.setdefault((name, _plain(name, value)), value)
            if first != value:
                yield Found(
                    f"{path}.utm.{name}" if utm else f"{path}.link",
                    f"utm_{name} is '{value}' here and '{first}' elsewhere; reports "
                    "would count them as two",
                    value=value,
                    limit=first,
                    hint=f"write '{first}' everywhere",
                )


def _boosted_link(view: PlanView, item: CreativeView) -> bool:
    """
    Whether a boosted post leads somewhere, as far as the plan can know.
    """
    post = view.plan.posts.get(item.creative.boost)
    return post is None or bool(post.link)


@rule("ad.link_missing", "An ad that is to bring visits has a link.")
def link_missing(view: PlanView) -> Iterator[Found]:
    """
    Creatives without a link in campaigns that pay for visits, leads or sales.
    """
    for item in view.creatives:
        creative = item.creative
        wants = [c for c, _ in item.uses if c.objective in NEED_LINK]
        leads = creative.link or (
            creative.cards and all(k.link for k in creative.cards)
        )
        if not wants or leads or (creative.boost and _boosted_link(view, item)):
            continue
        yield Found(
            f"{item.path}.link",
            f"the ad leads nowhere, but campaign '{wants[0].key}' pays for "
            f"{wants[0].objective}",
            limit="a link",
            hint="add the page people should come to",
        )


RULES = (utm_partial, utm_conflict, utm_drift, link_missing)
