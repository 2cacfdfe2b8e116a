"""
Growth as one expression of a database: only a row for each network is fetched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.analytics._extras import extra

if TYPE_CHECKING:
    from datetime import date

_WEEK = 7


def growth_query(table: Any, first: date, last: date, *, whole: bool) -> Any:
    """
    Followers and daily reach at the start and at the end, by network.

    Args:
        table: The warehouse's table of growth.
        first: The first day.
        last: The last day.
        whole: All networks as one.
    """
    ibis = extra("ibis", "growth in a database")
    t = table.filter(table.on <= last)
    group = ibis.literal("") if whole else t.network
    t = t.mutate(place=group)
    people = _people(ibis, t, first)
    reach = _reach(ibis, t, first)
    both = reach.outer_join(people, [reach.reach_of == people.people_of])
    return both.mutate(network=both.people_of.fill_null(both.reach_of)).drop(
        "people_of", "reach_of"
    )


def _people(ibis: Any, t: Any, first: date) -> Any:
    """
    Followers of every page at its last count, and at its last one up to the start.
    """
    counts = t.filter(t.followers.notnull())
    counts = counts.group_by(["place", "network", "account", "on"]).agg(
        followers=counts.followers.max()
    )
    page = ibis.window(group_by=["place", "network", "account"])
    nothing = ibis.null("date")
    early = ibis.ifelse(counts.on <= first, counts.on, nothing)
    counts = counts.mutate(
        end=counts.on.max().over(page),
        start=early.max().over(page).fill_null(counts.on.min().over(page)),
        early=early,
    )
    zero = ibis.literal(0, "int64")
    return counts.group_by(people_of="place").agg(
        followers_now=ibis.ifelse(
            counts.on == counts.end, counts.followers, zero
        ).sum(),
        followers_start=ibis.ifelse(
            counts.on == counts.start, counts.followers, zero
        ).sum(),
        last_count=counts.on.max(),
        first_count=counts.early.max().fill_null(counts.on.min()),
    )


def _reach(ibis: Any, t: Any, first: date) -> Any:
    """
    Reach summed over a week of days at the start and over another one at the end.
    """
    days = t.filter(t.reach.notnull())
    days = days.group_by(["place", "on"]).agg(reach=days.reach.sum())
    one, zero = ibis.literal(1, "int64"), ibis.literal(0, "int64")
    before = ibis.ifelse(days.on <= first, one, zero)
    place = ibis.window(group_by="place")
    days = days.mutate(before=before, any_before=before.sum().over(place))
    back = ibis.window(group_by="place", order_by=[days.before.desc(), days.on.desc()])
    ahead = ibis.window(group_by="place", order_by="on")
    days = days.mutate(
        back=ibis.row_number().over(back), ahead=ibis.row_number().over(ahead)
    )
    at_start = (days.before == 1) & (days.back < _WEEK)
    without = (days.any_before == 0) & (days.ahead < _WEEK)
    days = days.mutate(early=ibis.ifelse(at_start | without, one, zero))
    rest = ibis.window(group_by=["place", "early"], order_by=days.on.desc())
    days = days.mutate(rank=ibis.row_number().over(rest))
    late = ibis.ifelse((days.early == 0) & (days["rank"] < _WEEK), one, zero)
    days = days.mutate(late=late)
    return days.group_by(reach_of="place").agg(
        early_reach=(days.reach * days.early).sum(),
        early_days=days.early.sum(),
        late_reach=(days.reach * days.late).sum(),
        late_days=days.late.sum(),
    )
