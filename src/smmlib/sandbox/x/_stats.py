"""
Statistics: twenty objects, seven days, one placement; in hours, days or as a total.

Source: X Ads API, analytics guide, time zones, 2026-08. The end is exclusive; days
begin at midnight of the account's zone by its present offset; null is not 0.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.sandbox import _world as people
from smmlib.sandbox.x._context import Result
from smmlib.sandbox.x._errors import ApiError, invalid, not_modelled, refuse
from smmlib.sandbox.x._facts import card_of, has_video
from smmlib.sandbox.x._metrics import OF_ENTITY, Piece, Traits, empty, names_of, series
from smmlib.sandbox.x._tables import OBJECTIVES
from smmlib.sandbox.x._typed import moment, stamp

if TYPE_CHECKING:
    from smmlib.sandbox.x._context import Context
    from smmlib.sandbox.x._store import Record

HOUR_S, DAY_S = 3_600, 86_400
SYNC_DAYS, ASYNC_DAYS, SEGMENTED_DAYS, ACTIVE_DAYS = 7, 90, 45, 90
_ABSENT = {
    "CAMPAIGN": "CAMPAIGN_NOT_FOUND",
    "LINE_ITEM": "LINE_ITEM_NOT_FOUND",
    "PROMOTED_TWEET": "PROMOTED_TWEET_NOT_FOUND",
    "FUNDING_INSTRUMENT": "FUNDING_INSTRUMENT_NOT_FOUND",
    "ACCOUNT": "ACCOUNT_NOT_FOUND",
}


@attrs.frozen
class Query:
    """
    What statistics are asked for, judged.
    """

    entity: str
    ids: list[str]
    start: float
    end: float
    granularity: str
    groups: list[str]
    placement: str

    @property
    def buckets(self) -> list[tuple[float, float]]:
        """
        The stretches of time that get one number each.
        """
        if self.granularity == "TOTAL":
            return [(self.start, self.end)]
        step = HOUR_S if self.granularity == "HOUR" else DAY_S
        count = int((self.end - self.start) // step)
        return [
            (self.start + place * step, self.start + (place + 1) * step)
            for place in range(count)
        ]


def sync(ctx: Context) -> Result:
    """
    Figures at once.
    """
    query = judged(ctx, SYNC_DAYS)
    return Result(figures(ctx, query), extras_of(query))


def extras_of(query: Query) -> dict[str, Any]:
    """
    What stands beside the figures.
    """
    return {"data_type": "stats", "time_series_length": len(query.buckets)}


def judged(ctx: Context, most_days: int) -> Query:
    """
    Refuse what cannot be asked for.
    """
    params = ctx.params
    entity = params["entity"]
    if entity not in OF_ENTITY:
        raise not_modelled(f"statistics of {entity}")
    foreign = [g for g in params["metric_groups"] if g not in OF_ENTITY[entity]]
    if foreign:
        text = f"{entity} has no metrics of {', '.join(foreign)}"
        raise invalid("metric_groups", text, foreign[0])
    start, end = window(ctx, most_days)
    if params["granularity"] == "DAY":
        _check_midnight(ctx, start, end)
    for given in params["entity_ids"]:
        known_entity(ctx, entity, given)
    return Query(
        entity,
        list(dict.fromkeys(params["entity_ids"])),
        start,
        end,
        params["granularity"],
        params["metric_groups"],
        params["placement"],
    )


def known_entity(ctx: Context, entity: str, given: str) -> Record:
    """
    The object that statistics are about; deleted ones keep theirs.
    """
    record = ctx.store.get(entity.lower(), given)
    if record is None or record.account != ctx.account.id:
        text = f"{entity} {given[:40]} was not found"
        raise refuse(_ABSENT[entity], text, parameter="entity_ids", value=given[:40])
    return record


def window(ctx: Context, most_days: int) -> tuple[float, float]:
    """
    Start and end in whole hours; a bare date is midnight of the account's zone.
    """
    start, end = (_instant(ctx, name) for name in ("start_time", "end_time"))
    if start % HOUR_S or end % HOUR_S:
        raise _wrong_window("Times must be whole hours")
    if end <= start:
        raise _wrong_window("end_time must be later than start_time")
    if end - start > most_days * DAY_S:
        raise _wrong_window(f"At most {most_days} days can be asked for")
    return start, end


def _instant(ctx: Context, name: str) -> float:
    found = moment(ctx.params[name])
    if found is None:
        raise invalid(name, "Expected an ISO 8601 time", ctx.params[name])
    value, bare = found
    return value.timestamp() - (_offset(ctx) if bare else 0)


def _offset(ctx: Context) -> float:
    """
    Seconds the account's zone is ahead of UTC today, which X takes for every day.
    """
    local = datetime.fromtimestamp(ctx.now, ctx.account.zone)
    return (local.utcoffset() or timedelta()).total_seconds()


def _check_midnight(ctx: Context, start: float, end: float) -> None:
    offset = _offset(ctx)
    if (start + offset) % DAY_S or (end + offset) % DAY_S:
        zone = ctx.account.zone
        raise _wrong_window(f"DAY needs midnight of the account's time zone {zone}")


def _wrong_window(text: str) -> ApiError:
    return refuse("INVALID_TIME_WINDOW", text, parameter="")


def figures(
    ctx: Context, query: Query, segments: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    """
    The rows of the answer: per object its metrics, perhaps by segment.

    Args:
        ctx: The request.
        query: What is asked for.
        segments: Weights by name of the segment; None for no segmentation.
    """
    gathered = Gatherer(ctx)
    told = []
    for entity_id in query.ids:
        rows = gathered.rows(query, entity_id)
        data = []
        for name in segments or [None]:
            parts = rows if name is None else gathered.part(rows, segments or {}, name)
            segment = None if name is None else _segment(name)
            metrics = _metrics(gathered, query, parts)
            data.append({"segment": segment, "metrics": metrics})
        told.append({"id": entity_id, "id_data": data})
    return told


def _segment(name: str) -> dict[str, str]:
    return {"segment_name": name, "segment_value": name}


def _metrics(
    gathered: Gatherer, query: Query, rows: list[people.AdDay]
) -> dict[str, Any]:
    names = names_of(query.entity, query.groups)
    buckets = [gathered.within(rows, low, high) for low, high in query.buckets]
    if query.placement != "ALL_ON_TWITTER" or not any(buckets):
        return {name: empty(name) for name in names}
    # Metrics that the sandbox's shop and app know nothing of are null like unserved.
    return {
        name: empty(name) if name.startswith("mobile_") else series(name, buckets)
        for name in names
    }


class Gatherer:
    """
    Rows of the simulation, cut to hours where an edge does not fall on midnight.
    """

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._rows: dict[str, list[people.AdDay]] = {}
        for row in ctx.ledger.rows(ctx.account, ctx.now):
            self._rows.setdefault(row.ad_id, []).append(row)
        self._traits: dict[str, Traits] = {}

    def rows(self, query: Query, entity_id: str) -> list[people.AdDay]:
        """
        All rows of an account, campaign, line item or promoted post.
        """
        if query.entity == "PROMOTED_TWEET":
            return self._rows.get(entity_id, [])
        owner = entity_id
        if query.entity == "FUNDING_INSTRUMENT":
            owner = self._ctx.account.id
        family = self._ctx.store.family(owner, "promoted_tweet")
        return [row for one in family for row in self._rows.get(one.id, ())]

    def within(self, rows: list[people.AdDay], low: float, high: float) -> list[Piece]:
        """
        What happened between two instants.
        """
        found = []
        for row in rows:
            begin, end = self._span(row)
            if end <= low or begin >= high:
                continue
            if low <= begin and end <= high:
                found.append(self._piece(row, end))
            else:
                hours = self.hours(row)
                found.extend(
                    self._piece(part, end) for at, part in hours if low <= at < high
                )
        return found

    def hours(self, row: people.AdDay) -> list[tuple[float, people.AdDay]]:
        """
        A day's row cut into the hours in which its post was on.
        """
        begin, end = self._span(row)
        promoted = self._ctx.store.get("promoted_tweet", row.ad_id)
        windows = self._ctx.ledger.active(promoted, self._ctx.now) if promoted else ()
        weights = []
        for at in range(int(begin), int(end), HOUR_S):
            on = sum(
                max(0.0, min(w[1].timestamp(), at + HOUR_S) - max(w[0].timestamp(), at))
                for w in windows
            )
            if on:
                weights.append((at, on * _rhythm((at - begin) // HOUR_S)))
        if not weights:
            return [(begin, row)]
        parts = people.split(row, weights, seed=self._ctx.store.seed)
        return [(float(at), part) for at, part in parts]

    def part(
        self, rows: list[people.AdDay], weights: dict[str, Any], name: str
    ) -> list[people.AdDay]:
        """
        The share of the rows that belongs to one segment.
        """
        pairs = list(weights.items())
        found = []
        for row in rows:
            parts = dict(people.split(row, pairs, seed=self._ctx.store.seed))
            if name in parts:
                found.append(parts[name])
        return found

    def _span(self, row: people.AdDay) -> tuple[float, float]:
        zone = self._ctx.account.zone
        begin = datetime.combine(row.day, datetime.min.time(), zone)
        end = datetime.combine(row.day + timedelta(days=1), datetime.min.time(), zone)
        return begin.timestamp(), end.timestamp()

    def _piece(self, row: people.AdDay, end: float) -> Piece:
        if row.ad_id not in self._traits:
            self._traits[row.ad_id] = _traits(self._ctx, row.ad_id)
        age = int((self._ctx.now - end) // DAY_S)
        return Piece(row, self._traits[row.ad_id], age)


def _rhythm(hour: float) -> float:
    """
    How busy an hour of the day is: quiet at night, busiest in the evening.
    """
    return 0.35 + (hour >= 6) * 0.5 + (hour >= 11) * 0.2 + (hour >= 18) * 0.25  # noqa: PLR2004


def _traits(ctx: Context, promoted_id: str) -> Traits:
    promoted = ctx.store.get("promoted_tweet", promoted_id)
    if promoted is None:
        return Traits()
    tweet = ctx.store.get("tweet", promoted.data["tweet_id"])
    line_item = ctx.store.get("line_item", promoted.data["line_item_id"])
    if tweet is None or line_item is None:
        return Traits()
    card = card_of(ctx.store, tweet)
    objective = line_item.data["objective"]
    return Traits(
        card=card is not None,
        carousel=card is not None and "CAROUSEL" in card.data["card_type"],
        video=has_video(ctx.store, tweet),
        app=OBJECTIVES[objective].app,
        objective=objective,
    )


def active_entities(ctx: Context) -> Result:
    """
    Which objects had activity in a stretch of time: ask this before statistics.
    """
    params = ctx.params
    given = [
        name
        for name in ctx.operation.params
        if name.endswith("_ids") and name in params
    ]
    if len(given) > 1:
        text = f"{' and '.join(given)} exclude each other"
        raise refuse("EXCLUSIVE_PARAMETERS", text, parameter=given[1])
    if params["entity"] not in OF_ENTITY:
        raise not_modelled(f"activity of {params['entity']}")
    low, high = window(ctx, ACTIVE_DAYS)
    gathered = Gatherer(ctx)
    found: dict[str, list[float]] = {}
    for row in ctx.ledger.rows(ctx.account, ctx.now):
        promoted = ctx.store.get("promoted_tweet", row.ad_id)
        if promoted is None or not _wanted(ctx, promoted, given):
            continue
        hours = [at for at, _ in gathered.hours(row) if low <= at < high]
        if hours:
            found.setdefault(_entity_of(ctx, promoted), []).extend(hours)
    return Result(
        [
            {
                "entity_id": entity,
                "activity_start_time": stamp(min(hours)),
                "activity_end_time": stamp(max(hours) + HOUR_S),
                "placements": ["ALL_ON_TWITTER"],
            }
            for entity, hours in found.items()
        ]
    )


def _wanted(ctx: Context, promoted: Record, given: list[str]) -> bool:
    if not given:
        return True
    name = given[0]
    if name == "funding_instrument_ids":
        return _funding_of(ctx, promoted) in ctx.params[name]
    return promoted.data[name.removesuffix("s")] in ctx.params[name]


def _entity_of(ctx: Context, promoted: Record) -> str:
    entity = ctx.params["entity"]
    if entity == "PROMOTED_TWEET":
        return promoted.id
    if entity == "FUNDING_INSTRUMENT":
        return _funding_of(ctx, promoted)
    return str(promoted.data[f"{entity.lower()}_id"])


def _funding_of(ctx: Context, promoted: Record) -> str:
    campaign = ctx.store.get("campaign", promoted.data["campaign_id"])
    return str(campaign.data["funding_instrument_id"]) if campaign else ""


def reach(kind: str, parameter: str) -> Any:
    """
    The operation that counts different people per campaign or funding instrument.
    """

    def count(ctx: Context) -> Result:
        low, high = window(ctx, ASYNC_DAYS)
        gathered = Gatherer(ctx)
        facts = ctx.ledger.facts(ctx.account, ctx.now)
        told = []
        for given in ctx.params[parameter]:
            known_entity(ctx, kind, given)
            query = Query(kind, [given], low, high, "TOTAL", [], "ALL_ON_TWITTER")
            rows = [
                p.row for p in gathered.within(gathered.rows(query, given), low, high)
            ]
            people_reached = people.reach_of(rows, facts) if rows else 0
            shown = sum(row.impressions for row in rows)
            often = round(shown / people_reached, 2) if people_reached else None
            told.append(
                {
                    "id": given,
                    "total_audience_reach": people_reached,
                    "average_frequency": often,
                }
            )
        return Result(told)

    return count
