"""
From Meta's creatives, ads, ad sets and campaigns to those of a plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from smmlib.adapters.meta import _tables as tables
from smmlib.adapters.meta._findings import major
from smmlib.adapters.meta._parse import moment
from smmlib.errors import SmmError
from smmlib.model import (
    AdBudget,
    AdText,
    Bid,
    Card,
    Creative,
    Flight,
    Image,
    Money,
    Objective,
    OptimiseFor,
    Placement,
    Status,
    Utm,
    Video,
)

if TYPE_CHECKING:
    from smmlib.model import CTA

Raw = Mapping[str, Any]

_USUAL_LENGTH = timedelta(days=365)
_LONGEST_TEXT = 480


def _reversed(table: Mapping[Any, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for ours, theirs in table.items():
        found.setdefault(theirs, ours)
    return found


OBJECTIVES: dict[str, Objective] = _reversed(tables.OBJECTIVES)
CATEGORIES = _reversed(tables.CATEGORIES)
_BUTTONS: dict[str, CTA] = _reversed(tables.BUTTONS)
_STRATEGIES = _reversed(tables.BID_STRATEGIES)


def status_of(raw: Raw) -> Status:
    """
    What is configured.
    """
    return Status.ACTIVE if raw.get("status") == "ACTIVE" else Status.PAUSED


def budget_of(raw: Raw, currency: str) -> AdBudget | None:
    """
    The budget at this level, if it has one.
    """
    for name in ("daily", "lifetime"):
        text = str(raw.get(f"{name}_budget") or "0")
        if text.isdigit() and int(text):
            return AdBudget(**{name: Money(major(text, currency), currency)})
    return None


def bid_of(strategy: Any, amount: Any, currency: str) -> Bid | None:
    """
    How much a result may cost; None for the lowest cost and for what is unknown.
    """
    known = _STRATEGIES.get(str(strategy))
    text = str(amount or "0")
    if known is None or not text.isdigit() or not int(text):
        return None
    try:
        return Bid(known, Money(major(text, currency), currency))
    except SmmError:
        return None


def flight_of(raw: Raw, zone: str) -> Flight | None:
    """
    When an ad set runs; a year where it has no end.
    """
    start, end = moment(raw.get("start_time")), moment(raw.get("end_time"))
    if start is None:
        return None
    return _flight(start, end or start + _USUAL_LENGTH, zone)


def _flight(start: datetime, end: datetime, zone: str) -> Flight | None:
    from zoneinfo import ZoneInfo

    place = ZoneInfo(zone)
    try:
        return Flight(start.astimezone(place), end.astimezone(place))
    except SmmError:
        return None


def goal_of(raw: Raw, objective: Objective) -> OptimiseFor | None:
    """
    What an ad set looks for, where the plan has a word for it.
    """
    event = _map(raw.get("promoted_object")).get("custom_event_type")
    goals = tables.GOALS[objective]
    for ours, (goal, _, promoted) in goals.items():
        same = raw.get("optimization_goal") == goal
        if same and (promoted in {"", "page"} or promoted == event):
            return ours
    return None


def placements_of(targeting: Raw) -> list[Placement]:
    """
    Where its ads stand; empty when the platform chooses.
    """
    found = []
    for network, positions in tables.POSITIONS.items():
        theirs = _reversed(positions)
        found += [
            Placement(network, theirs[name])
            for name in _list(targeting.get(f"{network}_positions"))
            if name in theirs
        ]
    return found


def creative_of(raw: Raw, images: Mapping[str, str]) -> Creative:
    """
    What people see of an ad; one the plan has no words for is kept as its post.

    Args:
        raw: As Meta tells it.
        images: Addresses of the account's pictures by hash.
    """
    story = _map(raw.get("object_story_spec"))
    try:
        if "video_data" in story:
            return _film(raw, _map(story["video_data"]), images)
        if _map(story.get("link_data")).get("link"):
            return _link(raw, _map(story["link_data"]), images)
        return _post(raw)
    except (SmmError, KeyError):
        return _post(raw)


def _post(raw: Raw) -> Creative:
    medium = raw.get("source_instagram_media_id")
    post = raw.get("object_story_id") or raw.get("effective_object_story_id")
    boost = f"instagram:{medium}" if medium else f"facebook:{post or raw['id']}"
    button = _map(raw.get("call_to_action"))
    link = str(_map(button.get("value")).get("link") or "")
    shared = {**_shared(raw), "cta": _cta(button), "link": link}
    return Creative(boost=boost, **shared)


def _shared(raw: Raw) -> dict[str, Any]:
    return {
        "name": str(raw.get("name") or "")[:400],
        "utm": _utm(str(raw.get("url_tags") or "")),
    }


def _link(raw: Raw, data: Raw, images: Mapping[str, str]) -> Creative:
    cards = [_card(_map(c), images) for c in _list(data.get("child_attachments"))]
    shown: dict[str, Any] = (
        {"cards": cards} if cards else {"image": _image(data, images)}
    )
    return Creative(
        _text(data.get("message")),
        str(data.get("name") or ""),
        description=str(data.get("description") or ""),
        cta=_cta(_map(data.get("call_to_action"))),
        link=str(data["link"]),
        **shown,
        **_shared(raw),
    )


def _film(raw: Raw, data: Raw, images: Mapping[str, str]) -> Creative:
    button = _map(data.get("call_to_action"))
    return Creative(
        _text(data.get("message")),
        str(data.get("title") or ""),
        description=str(data.get("link_description") or ""),
        cta=_cta(button),
        link=str(_map(button.get("value"))["link"]),
        video=_video(data, images),
        **_shared(raw),
    )


def _card(raw: Raw, images: Mapping[str, str]) -> Card:
    shown = _image(raw, images) or Image("https://www.facebook.com/")
    return Card(
        None if raw.get("video_id") else shown,
        str(raw.get("name") or ""),
        video=_video(raw, images) if raw.get("video_id") else None,
        description=str(raw.get("description") or ""),
        link=str(raw.get("link") or ""),
    )


def _video(raw: Raw, images: Mapping[str, str]) -> Video:
    own = raw["video_id"]
    return Video(
        f"https://www.facebook.com/watch/?v={own}", thumbnail=_image(raw, images)
    )


def _image(raw: Raw, images: Mapping[str, str]) -> Image | None:
    own = str(raw.get("image_hash") or "")
    address = str(raw.get("picture") or raw.get("image_url") or images.get(own) or "")
    return Image(address) if address else None


def _text(message: Any) -> AdText | None:
    text = str(message or "")
    if not text.strip():
        return None
    return AdText(text, limit=max(_LONGEST_TEXT, len(text)))


def _cta(button: Raw) -> CTA | None:
    return _BUTTONS.get(str(button.get("type")))


def _utm(tags: str) -> Utm | None:
    given = {k.removeprefix("utm_"): v for k, v in parse_qsl(tags)}
    known = ("source", "medium", "campaign", "term", "content")
    found = {name: given[name] for name in known if given.get(name)}
    try:
        return Utm(**found)
    except (SmmError, TypeError):
        return None


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []


def _map(value: Any) -> Raw:
    return value if isinstance(value, Mapping) else {}
