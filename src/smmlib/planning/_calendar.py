"""
The content calendar of a plan: posts with their variants, room for more, ads, dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from smmlib.errors import Issue, Severity
from smmlib.model import Managed, MediaPlan, Network, Post, PostState, Slot, Status
from smmlib.planning._calendar_days import BestHour, holidays_of
from smmlib.planning._calendar_value import CalendarRow, ContentCalendar
from smmlib.rules._posts import post_length, post_limit

_CLOSE = timedelta(hours=1)
_TITLE = 60


def content_calendar(
    plan: MediaPlan,
    *,
    holidays: Iterable[str] = (),
    best: Iterable[BestHour] = (),
) -> ContentCalendar:
    """
    What people see and when: posts with their text per network, open slots, ads, lines
    run by hand, milestones and public holidays, in one order.

    Args:
        plan: The plan.
        holidays: Countries (`DE`) or regions (`DE-BY`) whose holidays are shown.
        best: Hours that did well (`best_hours`); posts at others get a note.

    Raises:
        MissingExtraError: Holidays are wanted, and the `report` extra is not installed.
        ValidationError: A country nobody knows; a slot at an hour a clock change skips.
    """
    years = range(plan.flight.first_day.year, plan.flight.last_day.year + 1)
    countries = tuple(holidays)
    free = holidays_of(countries, years)
    rows = [
        *_posts(plan, tuple(best)),
        *_slots(plan, years),
        *_ads(plan),
        *_by_hand(plan),
        *_milestones(plan),
        *_holidays(plan, free),
    ]
    return ContentCalendar(
        name=plan.name,
        project_id=plan.project_id,
        zone=plan.zone,
        rows=tuple(sorted(rows, key=_order)),
        issues=(*_on_holidays(rows, free), *_too_close(rows)),
    )


_NEVER = datetime.max.replace(tzinfo=ZoneInfo("UTC"))


def _order(row: CalendarRow) -> tuple[object, ...]:
    at = row.at.timestamp() if row.at else 0.0
    network = row.network.value if row.network else ""
    return (row.day is None, row.day or date.max, at, row.kind, row.key, network)


def _posts(plan: MediaPlan, best: tuple[BestHour, ...]) -> Iterator[CalendarRow]:
    zone = ZoneInfo(plan.zone)
    for key, post in plan.posts.items():
        local = post.at.astimezone(zone) if post.at else None
        for network in post.networks or (None,):
            text = post.text_for(network) if network else post.text
            yield CalendarRow(
                day=local.date() if local else None,
                at=local,
                kind="post",
                state=post.state.value,
                network=network,
                key=key,
                title=_title(post),
                text=text,
                length=post_length(network, text) if network else None,
                limit=post_limit(network, post).value if network else None,
                media=tuple(medium.path for medium in post.media),
                link=post.link,
                line=post.line,
                owner=post.owner,
                approver=post.approver,
                note="; ".join(_notes(plan, key, network, local, best)),
            )


def _title(post: Post) -> str:
    line = " ".join(post.text.split())
    return line if len(line) <= _TITLE else f"{line[: _TITLE - 1].rstrip()}…"


def _notes(
    plan: MediaPlan,
    key: str,
    network: Network | None,
    at: datetime | None,
    best: tuple[BestHour, ...],
) -> Iterator[str]:
    boosted = [name for name, c in plan.creatives.items() if c.boost == key]
    if boosted:
        yield f"promoted by {', '.join(boosted)}"
    here = [hour for hour in best if hour.network is network]
    if here and at is not None:
        now = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[at.weekday()]
        if not any((hour.weekday, hour.hour) == (now, at.hour) for hour in here):
            yield f"best hour so far: {here[0].weekday} {here[0].hour:02}:00"


def _slots(plan: MediaPlan, years: range) -> Iterator[CalendarRow]:
    taken = {
        (post.line, post.at) for post in plan.posts.values() if post.at is not None
    }
    for key, slot in plan.slots.items():
        for at in slot_moments(plan, slot, years):
            if (slot.line, at) in taken:
                continue
            for network in slot.networks or (None,):
                yield CalendarRow(
                    day=at.date(),
                    at=at,
                    kind="slot",
                    state="open",
                    network=network,
                    key=key,
                    title=slot.title or key,
                    line=slot.line,
                    owner=slot.owner,
                    approver=slot.approver,
                )


def slot_moments(
    plan: MediaPlan, slot: Slot, years: Iterable[int]
) -> tuple[datetime, ...]:
    """
    Every moment of a slot in a plan, without the holidays it leaves out.
    """
    place = (slot.skip_holidays,) if slot.skip_holidays else ()
    skip = holidays_of(place, years)
    return slot.occurrences(plan.flight, plan.zone, skip=skip)


def _ads(plan: MediaPlan) -> Iterator[CalendarRow]:
    for campaign_key, campaign in plan.campaigns.items():
        line = plan.line_of(campaign)
        for set_key, ad_set in campaign.ad_sets.items():
            if Status.ARCHIVED in {campaign.status, ad_set.status}:
                continue
            flight = ad_set.flight or campaign.flight or (line.flight if line else None)
            flight = flight or plan.flight
            networks = tuple(dict.fromkeys(p.network for p in ad_set.placements))
            for network in networks or (line.networks if line else (None,)):
                yield CalendarRow(
                    day=flight.first_day,
                    until=flight.last_day,
                    kind="ads",
                    state=ad_set.status.value,
                    network=network,
                    key=f"campaigns.{campaign_key}.ad_sets.{set_key}",
                    title=ad_set.name or f"{campaign_key} / {set_key}",
                    line=campaign.line,
                    owner=line.owner if line else "",
                    note=f"{len(ad_set.ads)} ads",
                )


def _by_hand(plan: MediaPlan) -> Iterator[CalendarRow]:
    for key, line in plan.lines.items():
        if line.managed is not Managed.BY_HAND:
            continue
        flight = line.flight or plan.flight
        for network in line.networks:
            yield CalendarRow(
                day=flight.first_day,
                until=flight.last_day,
                kind="by hand",
                network=network,
                key=key,
                title=line.name or key,
                line=key,
                owner=line.owner,
                note=line.note,
            )


def _milestones(plan: MediaPlan) -> Iterator[CalendarRow]:
    for key, item in plan.milestones.items():
        yield CalendarRow(
            day=item.due,
            kind="milestone",
            state="done" if item.done else "open",
            key=key,
            title=item.name,
            owner=item.owner,
        )


def _holidays(plan: MediaPlan, free: Mapping[date, str]) -> Iterator[CalendarRow]:
    for day, name in free.items():
        if plan.flight.first_day <= day <= plan.flight.last_day:
            yield CalendarRow(day=day, kind="holiday", key="", title=name)


# -- clashes ---------------------------------------------------------------------------


def _alive(rows: Iterable[CalendarRow]) -> list[CalendarRow]:
    over = {PostState.ARCHIVED.value, PostState.PUBLISHED.value}
    return [row for row in rows if row.kind == "post" and row.state not in over]


def _on_holidays(
    rows: Iterable[CalendarRow], free: Mapping[date, str]
) -> Iterator[Issue]:
    seen: set[str] = set()
    for row in _alive(rows):
        name = free.get(row.day) if row.day else None
        if name and row.key not in seen:
            seen.add(row.key)
            yield Issue(
                f"posts.{row.key}.at",
                "calendar.holiday",
                f"post '{row.key}' is due {row.day}: {name}",
                severity=Severity.WARNING,
                value=str(row.day),
                hint="fine if it speaks of the day; else choose another",
            )


def _too_close(rows: Iterable[CalendarRow]) -> Iterator[Issue]:
    by_network: dict[Network, list[CalendarRow]] = {}
    for row in _alive(rows):
        if row.network and row.at:
            by_network.setdefault(row.network, []).append(row)
    for network, found in by_network.items():
        for one, other in pairwise(sorted(found, key=lambda r: r.at or _NEVER)):
            if one.at and other.at and other.at - one.at < _CLOSE:
                yield Issue(
                    f"posts.{other.key}.at",
                    "calendar.close",
                    f"posts '{one.key}' and '{other.key}' on {network.value} are less "
                    "than an hour apart",
                    severity=Severity.WARNING,
                    value=f"{other.at:%Y-%m-%d %H:%M}",
                    limit="an hour",
                    hint="move one of them",
                )
