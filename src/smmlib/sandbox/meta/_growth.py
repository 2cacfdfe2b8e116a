"""
Insights of the Page and of the Instagram user: followers, views and people, by day.

Source: Page insights and Instagram user insights references, 2026-06: days end at
midnight in California, at most 90 (Page) or 30 (Instagram) of them at once; metrics
that ended in 2024 to 2026 are refused like unknown ones.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import attrs

from smmlib.sandbox import _world as people
from smmlib.sandbox.meta._errors import GraphError, bad_param, missing, not_modelled
from smmlib.sandbox.meta._periods import Period, preset
from smmlib.sandbox.meta._posts import is_out, out_since
from smmlib.sandbox.meta._types import check_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from smmlib.sandbox.meta._context import Context, Params
    from smmlib.sandbox.meta._world_state import Node

PAGE_PARAMS = frozenset({"metric", "period", "since", "until", "date_preset"})
IG_PARAMS = frozenset(
    {"metric", "period", "since", "until", "metric_type", "breakdown"}
)
KINDS = {"since": "string", "until": "string", "metric": "list<string>"}
NO_METRIC = 1504028
_ZONE = ZoneInfo("America/Los_Angeles")
_DAY = timedelta(days=1)
_PAGE_DAYS, _IG_DAYS = 90, 30
_HISTORY = timedelta(days=730)
_SPANS = {"day": 1, "week": 7, "days_28": 28}

Data = dict[str, Any]


@attrs.frozen
class _Metric:
    """
    One metric: its title, how a day's figure is told, how days add up.
    """

    title: str
    value: Callable[[_Day], int]
    level: bool = False


@attrs.frozen
class _Day:
    """
    One day of a page with the followers at its end.
    """

    row: people.OrganicDay
    followers: int
    paid: int


PAGE_METRICS = {
    "page_follows": _Metric("Followers", lambda d: d.followers, level=True),
    "page_daily_follows_unique": _Metric(
        "Daily new followers", lambda d: d.row.follows + d.paid
    ),
    "page_daily_unfollows_unique": _Metric(
        "Daily unfollows", lambda d: d.row.unfollows
    ),
    "page_media_view": _Metric("Views of content", lambda d: d.row.views),
    "page_total_media_view_unique": _Metric("Viewers", lambda d: d.row.reach),
    "page_post_engagements": _Metric("Post engagements", lambda d: d.row.engagements),
    "page_views_total": _Metric("Page views", lambda d: d.row.profile_views),
}
_ENDED = frozenset(
    "page_fans page_fan_adds page_fan_removes page_impressions page_impressions_unique"
    " page_engaged_users page_consumptions page_posts_impressions".split()
)
_SERIES = {
    "follower_count": _Metric("New followers", lambda d: d.row.follows + d.paid),
    "reach": _Metric("Reach", lambda d: d.row.reach),
}
_TOTALS = {
    "reach": _SERIES["reach"],
    "views": _Metric("Views", lambda d: d.row.views),
    "profile_views": _Metric("Profile views", lambda d: d.row.profile_views),
    "accounts_engaged": _Metric(
        "Accounts engaged", lambda d: d.row.engagements * 4 // 5
    ),
    "total_interactions": _Metric("Interactions", lambda d: d.row.engagements),
    "likes": _Metric("Likes", lambda d: d.row.engagements * 17 // 20),
    "comments": _Metric("Comments", lambda d: d.row.engagements // 12),
    "shares": _Metric("Shares", lambda d: d.row.engagements // 20),
    "saves": _Metric("Saves", lambda d: d.row.engagements // 25),
    "website_clicks": _Metric("Website clicks", lambda d: d.row.profile_views // 9),
    "follows_and_unfollows": _Metric(
        "Follows and unfollows", lambda d: d.row.follows + d.paid
    ),
}


def page_insights(ctx: Context, page: Node, params: Params) -> Data:
    """
    GET /{page}/insights.
    """
    wanted = _names(params)
    for name in wanted:
        _check_page_metric(name)
    periods = [params["period"]] if "period" in params else list(_SPANS)
    span = _span(ctx, params, _PAGE_DAYS)
    days = _days(ctx, page, "facebook", (span[0] - 27 * _DAY, span[1]))
    data = []
    for name in wanted:
        metric = PAGE_METRICS[name]
        fitting = [p for p in periods if p == "day" or not metric.level]
        if not all(period in _SPANS for period in fitting):
            raise not_modelled(f"the period {periods[0]} of Page insights")
        data += [
            _row(page, name, metric, period, _values(metric, period, span, days))
            for period in fitting
        ]
    return {"data": [row for row in data if row["values"]]}


def instagram_insights(ctx: Context, user: Node, params: Params) -> Data:
    """
    GET /{Instagram user}/insights.
    """
    if params["period"] != ["day"]:
        raise not_modelled(f"the periods {params['period']} of Instagram insights")
    totals = params.get("metric_type", "default") == "total_value"
    known = _TOTALS if totals else _SERIES
    wanted = _names(params)
    for name in wanted:
        _check_ig_metric(name, totals=totals)
    split = params.get("breakdown", [])
    if split and (split != ["follow_type"] or wanted != ["follows_and_unfollows"]):
        raise not_modelled(f"the breakdown {split} of Instagram insights")
    span = _span(ctx, params, _IG_DAYS)
    days = _days(ctx, user, "instagram", span)
    if totals:
        return {
            "data": [_total(user, name, days, split=bool(split)) for name in wanted]
        }
    return {
        "data": [
            _row(
                user, name, known[name], "day", _values(known[name], "day", span, days)
            )
            for name in wanted
        ]
    }


def followers_now(ctx: Context, node: Node, network: str) -> int:
    """
    How many people follow the Page or the Instagram user at this instant.
    """
    yesterday = _today(ctx) - _DAY
    return _days(ctx, node, network, (yesterday, yesterday))[yesterday].followers


def _names(params: Params) -> list[str]:
    wanted = list(dict.fromkeys(params.get("metric", [])))
    if not wanted:
        raise GraphError(
            3001,
            "(#3001) No metric was specified to be fetched.",
            subcode=NO_METRIC,
        )
    return wanted


def _check_page_metric(name: str) -> None:
    if name in PAGE_METRICS:
        return
    if name in _ENDED or not name.startswith("page_"):
        raise GraphError(
            100, "(#100) The value must be a valid insights metric", blame=["metric"]
        )
    raise not_modelled(f"the Page metric {name}")


def _check_ig_metric(name: str, *, totals: bool) -> None:
    if name in (_TOTALS if totals else _SERIES):
        return
    if name in _TOTALS:
        text = f"must be read with metric_type=total_value for {name}."
        raise bad_param("metric_type", text)
    if name in _SERIES:
        raise bad_param("metric_type", f"must not be total_value for {name}.")
    raise not_modelled(f"the Instagram metric {name}")


def _today(ctx: Context) -> date:
    return datetime.fromtimestamp(ctx.now, _ZONE).date()


def _span(ctx: Context, params: Params, most: int) -> Period:
    """
    First and last day, both over; without a wish the last two.
    """
    today = _today(ctx)
    if "date_preset" in params:
        since, until = preset(params["date_preset"], today)
        until += _DAY
    else:
        since = _date("since", params, today - 2 * _DAY)
        if not today - _HISTORY <= since < today:
            raise bad_param("since", "must be a day of the last two years.")
        until = _date("until", params, min(today, since + most * _DAY))
    if until <= since:
        raise bad_param("until", "must be after since.")
    if (until - since).days > most:
        raise GraphError(
            100, f"(#100) There cannot be more than {most} days between since and until"
        )
    return since, min(until, today) - _DAY


def _date(name: str, params: Params, usual: date) -> date:
    if name not in params:
        return usual
    try:
        return date.fromisoformat(params[name])
    except ValueError:
        seconds = check_value(name, params[name], "datetime")
        return datetime.fromtimestamp(seconds, _ZONE).date()


def _days(ctx: Context, node: Node, network: str, span: Period) -> dict[date, _Day]:
    seed = ctx.world.seed
    posts, paid = _published(ctx, node), _paid(ctx, network)
    # From the first day that anybody changed: the same day reads the same from
    # wherever it is asked for.
    day = min([span[0], *posts, *paid])
    count = people.followers_before(seed, network, day)
    found = {}
    while day <= span[1]:
        row = people.organic_day(seed, network, day, posts=posts.count(day))
        added = paid.get(day, 0)
        count += row.follows - row.unfollows + added
        found[day] = _Day(row, count, added)
        day += _DAY
    return {day: told for day, told in found.items() if day >= span[0]}


def _published(ctx: Context, node: Node) -> list[date]:
    if node.kind == "Page":
        posts = ctx.world.family(node.id, "PagePost")
        moments = [out_since(post) for post in posts if is_out(post, ctx.now)]
    else:
        moments = [medium.created for medium in ctx.world.family(node.id, "IGMedia")]
    return [datetime.fromtimestamp(moment, _ZONE).date() for moment in moments]


def _paid(ctx: Context, network: str) -> dict[date, int]:
    """
    People who followed because of ads: some of those who liked one.
    """
    found: dict[date, int] = {}
    for account in ctx.world.accounts.values():
        for row in ctx.ledger.rows(account, ctx.now):
            if row.network == network:
                found[row.day] = found.get(row.day, 0) + row.likes
    return {day: likes // 12 for day, likes in found.items()}


def _row(
    node: Node, name: str, metric: _Metric, period: str, values: list[Data]
) -> Data:
    return {
        "name": name,
        "period": period,
        "values": values,
        "title": metric.title,
        "description": metric.title,
        "id": f"{node.id}/insights/{name}/{period}",
    }


def _values(
    metric: _Metric, period: str, span: Period, days: dict[date, _Day]
) -> list[Data]:
    width = 1 if metric.level else _SPANS[period]
    values = []
    day = span[0]
    while day <= span[1]:
        value = sum(metric.value(days[day - n * _DAY]) for n in range(width))
        values.append({"value": value, "end_time": _end(day)})
        day += _DAY
    return values


def _total(node: Node, name: str, days: dict[date, _Day], *, split: bool) -> Data:
    metric = _TOTALS[name]
    total: Data = {"value": sum(metric.value(day) for day in days.values())}
    if name == "follows_and_unfollows":
        if not split:
            raise missing("breakdown")
        came = sum(day.row.follows + day.paid for day in days.values())
        went = sum(day.row.unfollows for day in days.values())
        results = [
            {"dimension_values": ["FOLLOWER"], "value": came},
            {"dimension_values": ["NON_FOLLOWER"], "value": went},
        ]
        keys = {"dimension_keys": ["follow_type"], "results": results}
        total = {"breakdowns": [keys]}
    return {
        "name": name,
        "period": "day",
        "title": metric.title,
        "description": metric.title,
        "total_value": total,
        "id": f"{node.id}/insights/{name}/day",
    }


def _end(day: date) -> str:
    midnight = datetime.combine(day + _DAY, datetime.min.time(), _ZONE)
    return midnight.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S%z")
