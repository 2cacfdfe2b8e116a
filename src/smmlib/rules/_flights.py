"""
Rules about time: everything inside the flight of what pays for it, and real hours.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from smmlib.errors import Severity
from smmlib.model import Flight, PostState, Status
from smmlib.rules._rule import Found, rule
from smmlib.rules._view import PlanView


def _outside(path: str, what: str, *, inner: Flight, outer: Flight, of: str) -> Found:
    return Found(
        path,
        f"{what} runs {inner}, but {of} runs {outer}",
        value=str(inner),
        limit=str(outer),
        hint="move it inside, or make the other one longer",
    )


@rule("line.outside_flight", "A line runs inside the plan's flight.")
def line_outside(view: PlanView) -> Iterator[Found]:
    """
    Lines that start before or end after the plan.
    """
    whole = view.plan.flight
    for key, line in view.plan.lines.items():
        if line.flight and line.flight not in whole:
            yield _outside(
                f"lines.{key}.flight",
                f"line '{key}'",
                inner=line.flight,
                outer=whole,
                of="the plan",
            )


@rule("campaign.outside_flight", "A campaign runs inside its line's flight.")
def campaign_outside(view: PlanView) -> Iterator[Found]:
    """
    Campaigns that start before or end after their line.
    """
    for item in view.campaigns:
        own, outer = item.campaign.flight, view.flight_of_line(item.line)
        if own and own not in outer:
            yield _outside(
                f"{item.path}.flight",
                f"campaign '{item.key}'",
                inner=own,
                outer=outer,
                of=f"its line '{item.campaign.line}'",
            )


@rule("ad_set.outside_flight", "An ad set runs inside its campaign's flight.")
def ad_set_outside(view: PlanView) -> Iterator[Found]:
    """
    Ad sets that start before or end after their campaign.
    """
    for campaign in view.campaigns:
        for item in campaign.ad_sets:
            own = item.ad_set.flight
            if own and own not in campaign.flight:
                yield _outside(
                    f"{item.path}.flight",
                    f"ad set '{item.key}'",
                    inner=own,
                    outer=campaign.flight,
                    of=f"its campaign '{campaign.key}'",
                )


@rule(
    "post.outside_flight",
    "A post is published while its line runs.",
    severity="warning",
)
def post_outside(view: PlanView) -> Iterator[Found]:
    """
    Posts before the start or after the end of their line.
    """
    for key, post in view.plan.posts.items():
        outer = view.flight_of_line(view.plan.line_of(post))
        if post.at and post.at not in outer:
            early = post.at < outer.start
            yield Found(
                f"posts.{key}.at",
                f"post '{key}' is due {post.at:%Y-%m-%d %H:%M}, "
                f"{'before' if early else 'after'} its line runs ({outer})",
                value=post.at.isoformat(),
                limit=str(outer),
                hint="move the post, or let the line run when it is published",
            )


def _is_gap(moment: datetime) -> bool:
    """
    Whether no clock in its zone ever shows this time: going through UTC changes it.
    """
    back = moment.astimezone(UTC).astimezone(moment.tzinfo)
    return back.replace(tzinfo=None) != moment.replace(tzinfo=None)


def _is_fold(moment: datetime) -> bool:
    other = moment.replace(fold=1 - moment.fold)
    return other.utcoffset() != moment.utcoffset()


def _moments(view: PlanView) -> Iterator[tuple[str, datetime]]:
    plan = view.plan
    flights: list[tuple[str, Flight | None]] = [("flight", plan.flight)]
    flights += [(f"lines.{k}.flight", line.flight) for k, line in plan.lines.items()]
    for campaign in view.campaigns:
        flights.append((f"{campaign.path}.flight", campaign.campaign.flight))
        flights += [(f"{s.path}.flight", s.ad_set.flight) for s in campaign.ad_sets]
    for path, flight in flights:
        if flight:
            yield path, flight.start
            yield path, flight.end
    for key, post in plan.posts.items():
        if post.at:
            yield f"posts.{key}.at", post.at


@rule("time.gap", "A time is one that clocks really show.")
def time_gap(view: PlanView) -> Iterator[Found]:
    """
    Times inside the hour that is left out when the clocks go forward.
    """
    for path, moment in _moments(view):
        if _is_gap(moment):
            yield Found(
                path,
                f"{moment:%Y-%m-%d %H:%M} does not exist in {moment.tzinfo}: "
                "the clocks go forward then",
                value=f"{moment:%Y-%m-%d %H:%M}",
                limit="a time the wall clock shows",
                hint="choose a time an hour earlier or later",
            )


@rule(
    "time.fold",
    "The time of a post is one that clocks show only once.",
    severity="warning",
)
def time_fold(view: PlanView) -> Iterator[Found]:
    """
    Posts inside the hour that comes twice when the clocks go back.
    """
    for key, post in view.plan.posts.items():
        moment = post.at
        if moment and _is_fold(moment) and not _is_gap(moment):
            yield Found(
                f"posts.{key}.at",
                f"{moment:%Y-%m-%d %H:%M} comes twice in {moment.tzinfo}: "
                "the clocks go back then",
                value=f"{moment:%Y-%m-%d %H:%M}",
                limit="a time the wall clock shows once",
                hint="choose a time an hour earlier or later",
            )


def _running(view: PlanView) -> Iterator[tuple[str, str, Flight]]:
    """
    Path, name and flight of what is to run, the outermost that has ended only.
    """
    now, whole = view.now, view.plan.flight
    active = [c for c in view.campaigns if c.campaign.status is Status.ACTIVE]
    paid = any(line.is_deployed for line in view.plan.lines.values())
    if now and whole.end <= now and (active or paid):
        yield "flight", "the plan", whole
        return
    # A line without campaigns was never to run; one that is over speaks for them.
    used = {campaign.campaign.line for campaign in active}
    over = {
        key: line.flight
        for key, line in view.plan.lines.items()
        if key in used and line.is_deployed
        if now and line.flight and line.flight.end <= now
    }
    for key, flight in over.items():
        yield f"lines.{key}.flight", f"line '{key}'", flight
    for campaign in active:
        if campaign.campaign.line in over:
            continue
        if now and campaign.flight.end <= now:
            yield campaign.path, f"campaign '{campaign.key}'", campaign.flight
            continue
        for item in campaign.ad_sets:
            if item.ad_set.status is Status.ACTIVE:
                yield item.path, f"ad set '{item.key}'", item.flight


@rule("flight.past", "What is to run still has time to run.")
def flight_past(view: PlanView) -> Iterator[Found]:
    """
    What has ended at the moment of the check, though it is to be active.

    A plan that is over cannot be launched; a part that ended while the rest goes on is
    how plans run, and only worth a word.
    """
    for path, name, flight in _running(view):
        if view.now and flight.end <= view.now:
            yield Found(
                path,
                f"{name} ended on {flight.last_day}",
                value=str(flight),
                limit=f"an end after {view.now:%Y-%m-%d %H:%M}",
                hint="give it a later end, or set what is over to archived",
                severity=Severity.ERROR if path == "flight" else Severity.WARNING,
            )


@rule(
    "post.past",
    "A post that is not published yet is still to come.",
    severity="warning",
)
def post_past(view: PlanView) -> Iterator[Found]:
    """
    Posts whose time has passed at the moment of the check.
    """
    done = {PostState.PUBLISHED, PostState.ARCHIVED}
    for key, post in view.plan.posts.items():
        if view.now and post.at and post.at <= view.now and post.state not in done:
            yield Found(
                f"posts.{key}.at",
                f"post '{key}' was due {post.at:%Y-%m-%d %H:%M} and is "
                f"'{post.state}', not published",
                value=post.at.isoformat(),
                limit=f"after {view.now:%Y-%m-%d %H:%M}",
                hint="give it a new time, or mark it as published",
            )


RULES = (
    line_outside,
    campaign_outside,
    ad_set_outside,
    post_outside,
    time_gap,
    time_fold,
    flight_past,
    post_past,
)
