"""
From LinkedIn's campaigns, creatives and posts to what a plan calls them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from smmlib.adapters.linkedin import _tables as tables
from smmlib.adapters.linkedin._media import address_of
from smmlib.errors import SmmError
from smmlib.model import (
    CTA,
    AdBudget,
    AdText,
    Bid,
    BidStrategy,
    Card,
    Creative,
    Flight,
    Image,
    Money,
    Objective,
    OptimiseFor,
    Status,
    Video,
)

Fields = Mapping[str, Any]

_USUAL_LENGTH = timedelta(days=365)
_LONGEST_TEXT = 480
_BUTTONS = {label: cta for cta, label in tables.BUTTONS.items()}
_CAPS = {capped: target for target, capped in tables.CAPPED.items()}
_LANGUAGES = {locale: tag for tag, locale in reversed(tables.LOCALES.items())}
_NEEDS_MORE = ("MAX_LEAD", "MAX_CONVERSION")


def status_of(raw: Fields, name: str = "status") -> Status:
    """
    What is configured.
    """
    return Status.ACTIVE if raw.get(name) == "ACTIVE" else Status.PAUSED


def budget_of(fields: Fields) -> AdBudget | None:
    """
    The budget at this level, if it has one; a daily one before a total.
    """
    for ours, theirs in (("daily", "dailyBudget"), ("lifetime", "totalBudget")):
        amount = money_of(fields.get(theirs))
        if amount is not None:
            return AdBudget(**{ours: amount})
    return None


def money_of(value: Any) -> Money | None:
    """
    An amount in normal form; None for none.
    """
    if not isinstance(value, Mapping):
        return None
    try:
        return Money(str(value["amount"]), str(value["currencyCode"]))
    except (SmmError, KeyError):
        return None


def flight_of(
    fields: Fields, zone: str, now: datetime, above: Flight | None = None
) -> Flight | None:
    """
    When it runs; where it has no end, until that of the campaign it stands in, or whole
    years that are not over yet.
    """
    run = fields.get("runSchedule", {})
    if not run.get("start"):
        return None
    place = ZoneInfo(zone)
    try:
        start = datetime.fromisoformat(run["start"]).astimezone(place)
        end = run.get("end")
        years = max(0, (now - start) // _USUAL_LENGTH) + 1
        last = datetime.fromisoformat(end) if end else start + years * _USUAL_LENGTH
        if not end and above is not None and start < above.end:
            last = above.end
        return Flight(start, last.astimezone(place))
    except (SmmError, ValueError):
        return None


def language_of(fields: Fields) -> str:
    """
    The language of a campaign's people; empty for one no plan has a word for.
    """
    locale = fields.get("locale", {})
    return _LANGUAGES.get(f"{locale.get('language')}_{locale.get('country')}", "")


def target_of(fields: Fields) -> tuple[str, str]:
    """
    LinkedIn's objective and automatic target behind whoever bids.
    """
    objective = str(fields.get("objectiveType") or "")
    given = str(fields.get("optimizationTargetType") or "NONE")
    if given in _CAPS:
        return objective, _CAPS[given]
    pair = (given, str(fields.get("costType") or ""))
    usable = {
        target
        for goals in tables.GOALS.values()
        for own, target in goals.values()
        if own == objective
    }
    for target, manual in tables.MANUAL.items():
        if target in usable and manual == pair:
            return objective, target
    return objective, given


def objective_of(campaigns: list[Fields]) -> Objective:
    """
    The plan's objective that says most of what some campaigns are for.
    """
    targets = [target_of(fields) for fields in campaigns]

    def fitting(objective: Objective) -> int:
        return sum(t in tables.GOALS[objective].values() for t in targets)

    usable = [objective for objective, goals in tables.GOALS.items() if goals]
    # The first of equals; for none at all the one that asks for nothing else.
    best = max([Objective.TRAFFIC, *usable], key=fitting)
    return best if targets else Objective.TRAFFIC


def goal_of(fields: Fields, objective: Objective) -> OptimiseFor | None:
    """
    What a campaign looks for, in the plan's words; None when any word is wrong.
    """
    target = target_of(fields)
    goals = tables.GOALS[objective]
    exact = next((ours for ours, pair in goals.items() if pair == target), None)
    if exact is not None:
        return exact
    free = (ours for ours, pair in goals.items() if pair[1] not in _NEEDS_MORE)
    return next(free, None)


def bid_of(fields: Fields) -> Bid | None:
    """
    Who bids; None when LinkedIn does, at the lowest cost.
    """
    amount = money_of(fields.get("unitCost"))
    given = str(fields.get("optimizationTargetType") or "NONE")
    if amount is None:
        return None
    if given in _CAPS:
        return Bid(BidStrategy.COST_CAP, amount)
    by_hand = {kind for kind, _ in tables.MANUAL.values()}
    return Bid(BidStrategy.BID_CAP, amount) if given in by_hand else None


# -- what people see -------------------------------------------------------------------


def creative_of(fields: Fields, post: str, name: str) -> Creative | None:
    """
    What people see of an ad; None where it is nothing a plan can hold.

    Args:
        fields: The ad in normal form.
        post: The URN of its post.
        name: Its shown name.
    """
    try:
        shown = _shown(fields, post)
        if shown is not None and (fields.get("link") or fields.get("lead_form")):
            return Creative(
                _text(fields.get("text")),
                str(fields.get("headline") or ""),
                description=str(fields.get("description") or ""),
                cta=_button(fields),
                link=str(fields.get("link") or ""),
                name=name[:400],
                **shown,
            )
    except SmmError:
        return _boost(fields, post, name)
    return _boost(fields, post, name)


def _boost(fields: Fields, post: str, name: str) -> Creative | None:
    """
    The post itself, where the plan has no words for what it shows.
    """
    if not post:
        return None
    return Creative(boost=f"linkedin:{post}", cta=_button(fields), name=name[:400])


def _shown(fields: Fields, post: str) -> dict[str, Any] | None:
    form = fields.get("format")
    if form == "carousel":
        cards = [
            Card(
                Image(
                    address_of(post, str(card["media"])),
                    alt=str(card.get("alt") or ""),
                ),
                str(card.get("headline") or ""),
                link=str(card.get("link") or ""),
            )
            for card in fields.get("cards", ())
            if card.get("media")
        ]
        return {"cards": cards} if cards else None
    if form == "article":
        return {} if fields.get("link") else None
    if form not in {"image", "video"} or not fields.get("media"):
        return None
    where = address_of(post, str(fields["media"]))
    if form == "video":
        return {"video": Video(where)}
    return {"image": Image(where, alt=str(fields.get("alt") or ""))}


def _text(value: Any) -> AdText | None:
    text = str(value or "")
    if not text.strip():
        return None
    return AdText(text, limit=max(_LONGEST_TEXT, len(text)))


def _button(fields: Fields) -> CTA | None:
    return _BUTTONS.get(str(fields.get("button") or fields.get("lead_button")))
