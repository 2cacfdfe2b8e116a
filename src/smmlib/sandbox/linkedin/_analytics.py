"""
adAnalytics: rows of pivot values and periods, only where something happened.

Source: LinkedIn reporting pages at li-lms-2026-02.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.sandbox import _world as people
from smmlib.sandbox.linkedin import _members as members
from smmlib.sandbox.linkedin._context import Call, Reply, texts_of
from smmlib.sandbox.linkedin._errors import ApiError, bad_param, not_modelled
from smmlib.sandbox.linkedin._metrics import (
    MODELLED,
    OTHERS,
    Tally,
    add,
    add_conversion,
    shown,
)
from smmlib.sandbox.linkedin._restli import parse_fields
from smmlib.sandbox.linkedin._status import line_of
from smmlib.sandbox.linkedin._tables import CAMPAIGN_TYPES, OBJECTIVES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smmlib.sandbox.linkedin._restli import Value
    from smmlib.sandbox.linkedin._store import Node

MOST_METRICS, MOST_ROWS, MOST_PIVOTS = 20, 15_000, 3
THROTTLE_VALUES, THROTTLE_S = 45_000_000, 300
_REACH_DAYS = 92
_KEPT_DAYS = 183
FACETS = ("accounts", "campaignGroups", "campaigns", "creatives", "shares", "companies")
_SHARED = (
    "COMPANY", "ACCOUNT", "SHARE", "CAMPAIGN", "CREATIVE", "CAMPAIGN_GROUP",
    "CONVERSION", "CONVERSATION_NODE", "CONVERSATION_NODE_OPTION_INDEX",
    "SERVING_LOCATION", "CARD_INDEX", "PLACEMENT_NAME", "IMPRESSION_DEVICE_TYPE",
    "EVENT_STAGE",
)  # fmt: skip
PIVOTS = (
    *_SHARED, *members.PIVOTS,
)  # fmt: skip
STATISTICS_PIVOTS = (*_SHARED, "OBJECTIVE_TYPE")
_MODELLED_PIVOTS = (
    "COMPANY", "ACCOUNT", "SHARE", "CAMPAIGN", "CREATIVE", "CAMPAIGN_GROUP",
    "OBJECTIVE_TYPE", "CONVERSION", *members.PIVOTS,
)  # fmt: skip
_NEVER = ("CONVERSATION_NODE", "CONVERSATION_NODE_OPTION_INDEX", "EVENT_STAGE")
"""Pivots of formats that no campaign here can have: what they cut has no rows."""
_RULE = "CONVERSION"
_GRAINS = ("ALL", "DAILY", "MONTHLY", "YEARLY")
_SORTS = {
    "COST_IN_LOCAL_CURRENCY": "costInLocalCurrency", "IMPRESSIONS": "impressions",
    "CLICKS": "clicks", "ONE_CLICK_LEADS": "oneClickLeads",
    "EXTERNAL_WEBSITE_CONVERSIONS": "externalWebsiteConversions",
}  # fmt: skip
_UNSORTED = ("OPENS", "SENDS")

Span = tuple[date, date]


@attrs.frozen
class _Question:
    """
    What is asked: for whom, when, cut how, which figures.
    """

    pivots: list[str]
    span: Span
    grain: str
    facets: dict[str, set[str]]
    metrics: list[str]
    dimensions: list[str]


def analytics(call: Call) -> Reply:
    """
    FINDER analytics: one pivot.
    """
    pivot = call.symbol("pivot", PIVOTS)
    if pivot is None:
        raise bad_param("pivot", "pivot is required")
    return _answer(call, [pivot])


def statistics(call: Call) -> Reply:
    """
    FINDER statistics: up to three pivots.
    """
    pivots = call.texts("pivots")
    if not pivots:
        raise bad_param("pivots", "pivots is required")
    if len(pivots) > MOST_PIVOTS:
        raise bad_param("pivots", f"at most {MOST_PIVOTS} pivots")
    for one in pivots:
        if one not in STATISTICS_PIVOTS:
            raise bad_param("pivots", f"{one} is not a pivot", "FIELD_INVALID")
    return _answer(call, pivots)


def _answer(call: Call, pivots: list[str]) -> Reply:
    for one in pivots:
        if one not in {*_MODELLED_PIVOTS, *_NEVER}:
            raise not_modelled(f"the pivot {one}")
    asked = _question(call, pivots)
    found = _tallies(call, asked)
    if len(found) > MOST_ROWS:
        raise ApiError(400, f"more than {MOST_ROWS} elements; ask for less")
    _throttle(call, len(found) * len(asked.metrics))
    rows = [_row(call, asked, key, tally) for key, tally in sorted(found.items())]
    body = {
        "elements": [row for _, row in _sorted(call, rows)],
        "paging": {"start": 0, "count": 10, "links": []},
    }
    return Reply(200, body)


def _question(call: Call, pivots: list[str]) -> _Question:
    grain = call.symbol("timeGranularity", _GRAINS)
    if grain is None:
        raise bad_param("timeGranularity", "timeGranularity is required")
    today = datetime.fromtimestamp(call.now, UTC).date()
    span = _span(call.params.get("dateRange"), today)
    if grain == "ALL":
        span = _rounded(span, today)
    facets = {name: set(one) for name in FACETS if (one := call.texts(name))}
    if not facets:
        raise bad_param(FACETS[0], f"one of {', '.join(FACETS)} is required")
    for name, urns in facets.items():
        for urn in urns:
            if not urn.startswith("urn:li:"):
                raise bad_param(name, f"Invalid Urn Format: {urn}", "FIELD_INVALID")
    metrics, dimensions = _fields(call)
    for name in metrics if set(pivots) & members.PIVOTS.keys() else ():
        if name in members.NOT_BY_MEMBER:
            text = f"{name} cannot be cut by member"
            raise bad_param("fields", text, "FIELD_INVALID")
    return _Question(pivots, span, grain, facets, metrics, dimensions)


def _fields(call: Call) -> tuple[list[str], list[str]]:
    raw = call.params.get("fields")
    if not isinstance(raw, str) or not raw:
        return ["impressions", "clicks"], []
    names = list(parse_fields(raw))
    metrics = [name for name in names if name not in {"dateRange", "pivotValues"}]
    if len(metrics) > MOST_METRICS:
        raise bad_param("fields", f"{len(metrics)} metrics, at most {MOST_METRICS}")
    for name in metrics:
        if name in OTHERS:
            raise not_modelled(f"the metric {name}")
        if name not in MODELLED:
            raise bad_param("fields", f"{name} is not a metric", "FIELD_INVALID")
    return metrics, [name for name in names if name not in metrics]


def _span(value: Value | None, today: date) -> Span:
    if not isinstance(value, dict) or set(value) - {"start", "end"}:
        raise bad_param("dateRange", "dateRange is (start:(..),end:(..))")
    if "start" not in value:
        raise bad_param("dateRange", "start is required", "FIELD_INVALID")
    start = _day(value["start"])
    end = _day(value["end"]) if "end" in value else today
    if start > end:
        raise bad_param("dateRange", "start is after end", "FIELD_INVALID")
    return start, end


def _day(value: Value) -> date:
    parts = value if isinstance(value, dict) else {}
    numbers = [parts.get(name) for name in ("year", "month", "day")]
    whole = [
        int(one)
        for one in numbers
        if isinstance(one, str) and one.isascii() and one.isdigit() and one[0] != "0"
        if len(one) <= 4  # noqa: PLR2004 - a year
    ]
    if len(whole) != len(parts) or len(whole) != len(numbers):
        text = "a day is (year:2027,month:3,day:1), without leading zeros"
        raise bad_param("dateRange", text, "FIELD_INVALID")
    try:
        return date(*whole)
    except ValueError as error:
        raise bad_param("dateRange", str(error), "FIELD_INVALID") from error


def _rounded(span: Span, today: date) -> Span:
    """
    For ALL, an edge older than six months moves to the edge of its month.
    """
    start, end = span
    if (today - start).days > _KEPT_DAYS:
        start = start.replace(day=1)
    if (today - end).days > _KEPT_DAYS:
        following = (end.replace(day=28) + timedelta(days=4)).replace(day=1)
        end = following - timedelta(days=1)
    return start, end


Key = tuple[str, str, tuple[str, ...], str]


def _tallies(call: Call, asked: _Question) -> dict[Key, Tally]:
    """
    Sums by period and pivot values; the account's currency goes with them.
    """
    today = datetime.fromtimestamp(call.now, UTC).date()
    found: dict[Key, Tally] = {}
    if set(asked.pivots) & set(_NEVER):
        return found
    if _RULE in asked.pivots:
        return _by_rule(call, asked, today)
    for creative, line, row in _rows(call, asked, today):
        campaign, _, account = line
        start, end = _period(asked, row.day)
        period = start.isoformat(), end.isoformat()
        for values, part in _cut(call, asked, creative, line, row):
            key = (*period, values, account.data["currency"])
            add(found.setdefault(key, Tally()), call.world, campaign, part, today)
    return found


def _by_rule(call: Call, asked: _Question, today: date) -> dict[Key, Tally]:
    """
    Conversions by their rules; a rule that counted nothing has no row.
    """
    found: dict[Key, Tally] = {}
    for creative, line, row in _rows(call, asked, today):
        campaign, _, account = line
        start, end = _period(asked, row.day)
        period = start.isoformat(), end.isoformat()
        linked = dict.fromkeys(one for one, _, _ in campaign.inner.get("links", ()))
        for number in linked:
            rule = call.world.get("conversion", number)
            if rule is None:
                continue
            values = tuple(
                rule.urn if one == _RULE else _value(one, creative, line)
                for one in asked.pivots
            )
            tally = found.setdefault(
                (*period, values, account.data["currency"]), Tally()
            )
            add_conversion(tally, call.world, campaign, row, today, number)
    return {key: one for key, one in found.items() if any(one.counts.values())}


def _cut(
    call: Call,
    asked: _Question,
    creative: Node,
    line: tuple[Node, Node, Node],
    row: people.AdDay,
) -> Iterator[tuple[tuple[str, ...], people.AdDay]]:
    """
    A row under its pivot values: whole, or in parts by who the people were.
    """
    pivot = asked.pivots[0]
    if pivot not in members.PIVOTS:
        yield tuple(_value(one, creative, line) for one in asked.pivots), row
        return
    for value, part in members.parts(pivot, call.world.seed, line[0], row, call.now):
        yield (value,), part


def _rows(
    call: Call, asked: _Question, today: date
) -> Iterator[tuple[Node, tuple[Node, Node, Node], people.AdDay]]:
    start, end = asked.span
    for account in call.world.all("account"):
        wanted: dict[str, tuple[Node, tuple[Node, Node, Node]] | None] = {}
        for row in call.site.ledger.rows(account, call.now):
            too_old = asked.grain == "DAILY" and (today - row.day).days > _KEPT_DAYS
            if not start <= row.day <= end or too_old:
                continue
            if row.ad_id not in wanted:
                wanted[row.ad_id] = _chosen(call, asked, row.ad_id)
            chosen = wanted[row.ad_id]
            if chosen is not None:
                yield *chosen, row


def _chosen(
    call: Call, asked: _Question, creative_id: str
) -> tuple[Node, tuple[Node, Node, Node]] | None:
    creative = call.world.get("creative", creative_id)
    if creative is None:
        return None
    line = line_of(call.world, creative)
    campaign, group, account = line
    names = {
        "accounts": account.urn, "campaignGroups": group.urn,
        "campaigns": campaign.urn, "creatives": creative.urn,
        "shares": creative.data["content"]["reference"],
        "companies": campaign.data["associatedEntity"],
    }  # fmt: skip
    if any(names[facet] not in urns for facet, urns in asked.facets.items()):
        return None
    kind = call.symbol("campaignType", CAMPAIGN_TYPES)
    goal = call.symbol("objectiveType", OBJECTIVES)
    if kind not in {None, campaign.data["type"]}:
        return None
    if goal not in {None, campaign.data.get("objectiveType")}:
        return None
    return creative, line


def _period(asked: _Question, day: date) -> Span:
    start, end = asked.span
    if asked.grain == "ALL":
        return start, end
    if asked.grain == "DAILY":
        return day, day
    if asked.grain == "YEARLY":
        first, last = date(day.year, 1, 1), date(day.year, 12, 31)
    else:
        first = day.replace(day=1)
        last = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
        last -= timedelta(days=1)
    return max(first, start), min(last, end)


def _value(pivot: str, creative: Node, line: tuple[Node, Node, Node]) -> str:
    campaign, group, account = line
    found = {
        "COMPANY": campaign.data["associatedEntity"],
        "ACCOUNT": account.urn,
        "SHARE": creative.data["content"]["reference"],
        "CAMPAIGN": campaign.urn,
        "CREATIVE": creative.urn,
        "CAMPAIGN_GROUP": group.urn,
        "OBJECTIVE_TYPE": campaign.data.get("objectiveType", "UNDEFINED"),
    }
    return str(found[pivot])


def _row(
    call: Call, asked: _Question, key: Key, tally: Tally
) -> tuple[Tally, dict[str, Any]]:
    start, end, values, currency = key
    row: dict[str, Any] = {}
    if "dateRange" in asked.dimensions:
        row["dateRange"] = {"start": _parts(start), "end": _parts(end)}
    if "pivotValues" in asked.dimensions:
        row["pivotValues"] = list(values)
    reach = 0
    for name in asked.metrics:
        if name == "approximateMemberReach":
            if (asked.span[1] - asked.span[0]).days >= _REACH_DAYS:
                continue
            reach = people.reach_of(tally.rows, _facts(call, tally))
        row[name] = shown(tally, name, currency, reach)
    return tally, row


def _facts(call: Call, tally: Tally) -> list[people.AdFacts]:
    ids = {row.ad_id for row in tally.rows}
    return [
        fact
        for account in call.world.all("account")
        for fact in call.site.ledger.facts(account)
        if fact.ad_id in ids
    ]


def _parts(day: str) -> dict[str, int]:
    year, month, number = day.split("-")
    return {"year": int(year), "month": int(month), "day": int(number)}


def _sorted(
    call: Call, rows: list[tuple[Tally, dict[str, Any]]]
) -> list[tuple[Tally, dict[str, Any]]]:
    sort = call.params.get("sortBy")
    if sort is None:
        return rows
    if not isinstance(sort, dict) or set(sort) != {"field", "order"}:
        raise bad_param("sortBy", "sortBy is (field:..,order:..)")
    field, order = texts_of("sortBy", [sort["field"], sort["order"]])
    if field in _UNSORTED:
        raise not_modelled(f"sorting by {field}")
    if field not in _SORTS or order not in {"ASCENDING", "DESCENDING"}:
        raise bad_param("sortBy", f"cannot sort by {field} {order}", "FIELD_INVALID")
    name = _SORTS[field]
    if name == "costInLocalCurrency":
        return sorted(rows, key=lambda one: one[0].spend, reverse=order[0] == "D")
    return sorted(rows, key=lambda one: one[0].counts[name], reverse=order[0] == "D")


def _throttle(call: Call, values: int) -> None:
    """
    45 million metric values in five minutes, then a 429 of its own kind.
    """
    recent = call.site.throttle.values
    recent[:] = [(at, n) for at, n in recent if call.now - at < THROTTLE_S]
    if sum(n for _, n in recent) > THROTTLE_VALUES:
        raise throttled_data()
    recent.append((call.now, values))


def throttled_data() -> ApiError:
    """
    The 429 of the data throttle.
    """
    return ApiError(429, "Too many metric values requested in the last 5 minutes")
