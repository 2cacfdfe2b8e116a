"""
What somebody should look at today: one question over plan, numbers and statuses.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.analytics import _alerts_shifts as shifts
from smmlib.analytics._alerts_baseline import HISTORY, WEEK
from smmlib.analytics._alerts_plan import (
    Daily,
    Stands,
    days_left,
    line_alerts,
    paused,
    rounded,
    status_alerts,
    token_alerts,
)
from smmlib.analytics._alerts_series import series_of
from smmlib.analytics._alerts_shifts import Found, Sensitivity, odd
from smmlib.analytics._alerts_tone import negativity, sounds_negative
from smmlib.analytics._alerts_value import Alert, Alerts, Urgency, order_of
from smmlib.analytics._facts import Facts
from smmlib.analytics._join import place_of
from smmlib.analytics._show import number
from smmlib.analytics._totals import one_currency
from smmlib.model import MetricRow
from smmlib.model._checks import is_aware
from smmlib.model._flight import zone_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from smmlib.analytics._alerts_series import Series
    from smmlib.analytics._totals import Totals
    from smmlib.analytics._warehouse import Warehouse
    from smmlib.model import FxRates, MediaPlan, Message

_LOOK = HISTORY + 2 * WEEK
_HINTS = {
    shifts.DELIVERY: "See `smm status`: paused, rejected, out of money, or outbid?",
    shifts.SPEND: "Compare budgets and bids with what was agreed: `smm refresh`.",
    shifts.CTR: "Look at its ads: tired, changed, or shown to other people?",
    shifts.CPA: "Open the link and register once: page, form and tag.",
}


def alert(
    plan: MediaPlan | None,
    facts: Facts | Warehouse,
    *,
    as_of: date | None = None,
    now: datetime | None = None,
    standings: Sequence[Stands] | None = None,
    tokens: Mapping[str, datetime] | None = None,
    by: Sequence[str] = ("network", "campaign"),
    limits: Sensitivity | None = None,
    rates: FxRates | None = None,
    negative: Callable[[Message], bool] = sounds_negative,
) -> Alerts:
    """
    What somebody should look at today, the most money at risk first.

    Args:
        plan: The plan; without one, pace and ended flights cannot be seen.
        facts: What was reported, or the warehouse it stands in. Days before the plan's
            flight are of use: they say what is usual.
        as_of: The last day that counts; the last day of the facts when left out.
        now: The present; the running day is then left out, since it is not over.
        standings: What `Workspace.status` says; shows rejected ads, and which campaigns
            rest because somebody wants it so.
        tokens: When the token of each platform expires.
        by: What is looked at: campaigns; `("network", "campaign", "ad_set")` is finer.
        limits: How much it takes until a number is called odd.
        rates: Exchange rates, where facts are in other currencies than the plan.
        negative: Says whether a message is negative; English, German and Russian words
            when left out.

    Raises:
        CurrencyMismatch: The facts mix currencies and no rates are given.
        ValidationError: No row knows a dimension, a rate is missing, or `now` has no
            time zone.
    """
    is_aware("now", now)
    known = facts if isinstance(facts, Facts) else _from_warehouse(facts)
    if rates is not None:
        known = known.converted(_currency(plan, known), rates)
    one_currency({row.currency for row in known.metrics}, "facts")
    day = _last(known, as_of, now)
    if day is None:
        return Alerts((), None, notes=("nothing was reported yet",))
    desk = _Desk(plan, known.between(last=day), day, limits or Sensitivity())
    found = [
        *desk.shifts(tuple(by), paused(standings or ())),
        *(line_alerts(plan, desk.facts, day) if plan else ()),
        *status_alerts(standings or (), desk.daily, desk.currency),
        *(token_alerts(tokens or {}, now, desk.daily, desk.currency) if now else ()),
        *negativity(desk.messages(), day, negative),
    ]
    notes = tuple(_notes(desk, now, standings=standings, tokens=tokens))
    return Alerts(tuple(sorted(_one_each(found), key=order_of)), day, notes=notes)


def _currency(plan: MediaPlan | None, facts: Facts) -> str:
    return (plan.currency if plan else "") or facts.currency or ""


def _last(facts: Facts, as_of: date | None, now: datetime | None) -> date | None:
    day = as_of or facts.last_day
    if day is None or now is None:
        return day
    zone = zone_of(facts.zone) if facts.zone else now.tzinfo
    return min(day, now.astimezone(zone).date() - timedelta(days=1))


def _from_warehouse(warehouse: Warehouse) -> Facts:
    """
    Sums by day and campaign: the database adds up, only days are fetched.
    """
    by = ("on", "network", "platform", "account", "campaign", "line", "currency")
    names = ("impressions", "clicks", "leads", "registrations", "conversions")
    rows = [
        MetricRow(
            date.fromisoformat(total.label("on")),
            total.label("network") or None,
            spend=total["spend"] or 0,
            **_cells(total, by[2:], names),
        )
        for total in warehouse.totals(by, metrics=("spend", *names))
    ]
    return Facts(rows, sources=("warehouse",))


def _cells(total: Totals, by: Sequence[str], names: Sequence[str]) -> dict[str, Any]:
    counts = {n: None if total[n] is None else int(total[n] or 0) for n in names}
    return {**{name: total.label(name) for name in by}, **counts}


def _one_each(found: Iterable[Alert]) -> Iterator[Alert]:
    """
    A campaign that stopped explains why its line is slow: the cause is enough.
    """
    all_of = list(found)
    stopped = {a.where for a in all_of if a.kind in {"delivery_stopped", "rejected"}}
    seen: set[tuple[str, str]] = set()
    for one in all_of:
        key = (one.kind, one.where)
        if key in seen or (one.kind == "pace" and one.where in stopped):
            continue
        seen.add(key)
        yield one


def _notes(
    desk: _Desk,
    now: datetime | None,
    *,
    standings: object | None,
    tokens: object | None,
) -> Iterator[str]:
    if desk.plan is None:
        yield "no plan was given: pace and ended flights were not looked at"
    if standings is None:
        yield "no statuses were given: rejected ads were not looked at"
    if tokens is None or now is None:
        yield "it is not known when tokens expire"
    if desk.facts.until is not None:
        yield "the rows are not daily: odd days cannot be seen"
    for name in desk.young:
        yield f"{name}: too few days yet to say what is usual"


@attrs.define
class _Desk:
    """
    What one call looks at.
    """

    plan: MediaPlan | None
    facts: Facts
    day: date
    limits: Sensitivity
    young: list[str] = attrs.Factory(list)

    @property
    def currency(self) -> str:
        return _currency(self.plan, self.facts)

    @property
    def daily(self) -> Daily:
        return Daily(self.facts, self.plan, self.day)

    def messages(self) -> Iterator[tuple[Message, date]]:
        zone = zone_of(self.facts.zone) if self.facts.zone else None
        for message in self.facts.messages:
            local = message.at.astimezone(zone) if zone else message.at
            yield message, local.date()

    def shifts(self, by: Sequence[str], resting: frozenset[str]) -> Iterator[Alert]:
        """
        Campaigns whose last days are unlike the weeks before.
        """
        if self.facts.until is not None:
            return
        rows = self._due_rows(resting)
        start = self.day - timedelta(days=_LOOK)
        for series in series_of(rows, by, last=self.day, first=start):
            if len(series) <= WEEK:
                self.young.append(series.name)
            for found in odd(series, self.limits, due=self._is_due(series)):
                yield self._alert(found)

    def _due_rows(self, resting: frozenset[str]) -> list[MetricRow]:
        """
        Rows of campaigns that are to run today: neither over nor paused on purpose.
        """
        kept = []
        for row in self.facts.metrics:
            place = place_of(row, self.plan)
            if place.campaign in resting or row.campaign in resting:
                continue
            if self._is_over(place.line):
                continue
            kept.append(row)
        return kept

    def _is_over(self, line: str) -> bool:
        if self.plan is None or line not in self.plan.lines:
            return False
        flight = self.plan.lines[line].flight or self.plan.flight
        return flight.last_day < self.day

    def _is_due(self, series: Series) -> bool:
        """
        Whether the plan says that it runs today.
        """
        line = self._line_of(series.labels.get("campaign", ""))
        return bool(line) and not self._is_over(line)

    def _alert(self, found: Found) -> Alert:
        series, shift = found.series, found.shift
        line = self._line_of(series.labels.get("campaign", ""))
        left = days_left(self.plan, line, self.day) if line else WEEK
        per_day = Decimal(1) / shift.days
        return Alert(
            found.kind,
            series.name,
            message=_words(found),
            hint=_HINTS[found.kind],
            urgency=Urgency.NOW if found.kind == shifts.DELIVERY else Urgency.TODAY,
            at_risk=rounded(found.daily * left, series.currency),
            since=self.day - timedelta(days=shift.days - 1),
            actual=_short(Decimal(shift.actual) * per_day),
            expected=_short(Decimal(shift.expected) * per_day),
            score=_short(Decimal(shift.score)),
        )

    def _line_of(self, campaign: str) -> str:
        if self.plan is None:
            return ""
        known = self.plan.campaigns.get(campaign)
        if known is not None:
            return known.line
        rows = (row for row in self.facts.metrics if row.campaign == campaign)
        return next((place_of(row, self.plan).line for row in rows), "")


def _short(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"))


def _words(found: Found) -> str:
    shift, series = found.shift, found.series
    span = _span(shift.days)
    actual, due = _per_day(found, shift.actual), _per_day(found, shift.expected)
    words: dict[str, Any] = {
        shifts.DELIVERY: f"delivery stopped: {actual} views {span}, {due} are usual",
        shifts.SPEND: f"{actual} {series.currency} spent {span}, {due} are usual",
        shifts.CTR: f"its click rate is {shift.ratio:.0%} of the usual one {span}: "
        f"{number(Decimal(shift.actual))} clicks instead of "
        f"{number(Decimal(shift.expected))}",
        shifts.CPA: f"{_dearer(shift.ratio)} {span}: {number(Decimal(shift.actual))} "
        f"{series.counted} instead of {number(Decimal(shift.expected))} for the same "
        "money",
    }
    return str(words[found.kind])


def _dearer(ratio: float) -> str:
    if not ratio:
        return "no results at all"
    return f"a result costs {1 / ratio:.1f} times as much as usual"


def _span(days: int) -> str:
    return "on the last day" if days == 1 else f"a day in the last {days} days"


def _per_day(found: Found, value: float) -> str:
    places = 2 if found.kind == shifts.SPEND else 0
    return number(Decimal(value) / found.shift.days, places)


__all__ = ["Alert", "Alerts", "alert"]
