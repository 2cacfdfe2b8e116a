"""
What the plan, the platforms' statuses and the tokens say is wrong.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from smmlib.analytics._alerts_value import RISK_DAYS, Alert, AlertKind, Urgency
from smmlib.analytics._join import place_of
from smmlib.analytics._spend import spend_versus_plan
from smmlib.model import Delivery, Managed, MediaPlan, MetricRow, Money, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from smmlib.analytics._facts import Facts
    from smmlib.analytics._spend import LineSpend

_PACE_LOW, _PACE_HIGH = Decimal("0.85"), Decimal("1.15")
_PACE_PART = Decimal("0.03")  # of the planned money: less is a day's chance
_PACE_FROM = Decimal("0.1")  # of the flight: before that a pace says little
_LEFT = Decimal("0.05")
_TOKEN_DAYS, _TOKEN_NOW = 14, 2
_SILENT_DAYS = 2


class Stands(Protocol):
    """
    How one object stands on its platform, as `Workspace.status` says it.
    """

    @property
    def address(self) -> str: ...
    @property
    def platform(self) -> str: ...
    @property
    def wanted(self) -> Status | None: ...
    @property
    def status(self) -> Status | None: ...
    @property
    def delivery(self) -> Delivery: ...
    @property
    def reason(self) -> str: ...


def rounded(amount: Decimal | float, currency: str) -> Money | None:
    """
    Money at risk to the coin; None where it is nothing.
    """
    if not currency or amount <= 0:
        return None
    found = Money.rounded(Decimal(amount), currency)
    return found if found.amount else None


def days_left(plan: MediaPlan | None, line: str, day: date) -> int:
    """
    Days for which something goes on: a week, or what is left of the line's flight.
    """
    if plan is None:
        return RISK_DAYS
    item = plan.lines.get(line)
    last = ((item.flight if item else None) or plan.flight).last_day
    return max(0, min(RISK_DAYS, (last - day).days))


class Daily:
    """
    What lines, campaigns and platforms cost a day.
    """

    def __init__(self, facts: Facts, plan: MediaPlan | None, day: date) -> None:
        self.plan, self.day = plan, day
        self._sums: dict[tuple[str, str], Decimal] = {}
        first = day - timedelta(days=RISK_DAYS - 1)
        for row in facts.metrics:
            if first <= row.on <= day:
                place = place_of(row, plan)
                for key in (
                    ("line", place.line),
                    ("campaign", place.campaign),
                    ("platform", row.platform),
                ):
                    self._sums[key] = self._sums.get(key, Decimal(0)) + row.spend

    def of(self, kind: str, name: str) -> Decimal:
        """
        Money a day in the last week.
        """
        return self._sums.get((kind, name), Decimal(0)) / RISK_DAYS

    def planned(self, campaign: str) -> Decimal:
        """
        Money a day of a campaign: what it costs, else what its line was to cost.
        """
        if self.plan is None or campaign not in self.plan.campaigns:
            return self.of("campaign", campaign)
        key = self.plan.campaigns[campaign].line
        line = self.plan.lines.get(key)
        alike = sum(1 for c in self.plan.campaigns.values() if c.line == key)
        flight = (line.flight if line else None) or self.plan.flight
        if line is None or line.cost is None:
            return self.of("campaign", campaign)
        even = line.cost.amount / flight.number_of_days / max(alike, 1)
        return max(self.of("campaign", campaign), even)


# -- lines ---------------------------------------------------------------------------


def line_alerts(plan: MediaPlan, facts: Facts, day: date) -> Iterator[Alert]:
    """
    Lines that are too fast or too slow, that never began, or that have ended.
    """
    known = _spending(plan, facts, day)
    for row in spend_versus_plan(plan, facts, as_of=day):
        if not row.paid or row.managed is Managed.BY_HAND or not row.started:
            continue
        if row.elapsed >= 1:
            yield from _ended(row, plan, known.get(row.line, ()), day)
        elif row.line not in known:
            yield from _never_began(row, plan, day)
        else:
            yield from _paced(row, plan, day)


def _spending(plan: MediaPlan, facts: Facts, day: date) -> dict[str, list[MetricRow]]:
    """
    Rows that cost something, by line.
    """
    found: dict[str, list[MetricRow]] = {}
    for row in facts.metrics:
        if row.spend and row.on <= day:
            found.setdefault(place_of(row, plan).line, []).append(row)
    return found


def _paced(row: LineSpend, plan: MediaPlan, day: date) -> Iterator[Alert]:
    if row.pace is None or row.planned is None or row.elapsed < _PACE_FROM:
        return
    expected: Decimal = row.expected or Decimal(0)
    spend: Decimal = row.spend or Decimal(0)
    gap, currency = spend - expected, row.planned.currency
    if _PACE_LOW <= row.pace <= _PACE_HIGH:
        return
    if abs(gap) < _PACE_PART * row.planned.amount:
        return
    fast = gap > 0
    final = spend / row.elapsed
    off = abs(final - row.planned.amount)
    word = "more than" if fast else "less than"
    yield Alert(
        AlertKind.PACE,
        f"lines.{row.line}",
        message=f"{Money.rounded(spend, currency)} spent, "
        f"{Money.rounded(expected, currency)} due by now ({row.pace:.0%}); going on "
        f"like this ends {Money.rounded(off, currency)} {word} planned",
        hint="Lower its daily budgets." if fast else "Raise its daily budgets or bids.",
        at_risk=rounded(_week_of(off, row, plan, day), currency),
        since=row.starts,
        actual=spend,
        expected=expected,
    )


def _week_of(off: Decimal, row: LineSpend, plan: MediaPlan, day: date) -> Decimal:
    """
    The part of a final gap that the next days add to it.
    """
    flight = plan.lines[row.line].flight or plan.flight
    ahead = max((flight.last_day - day).days, 1)
    gone = abs((row.spend or Decimal(0)) - (row.expected or Decimal(0)))
    more = max(off - gone, Decimal(0))
    return gone + more * min(RISK_DAYS, ahead) / ahead


def _never_began(row: LineSpend, plan: MediaPlan, day: date) -> Iterator[Alert]:
    waited = (day - row.starts).days + 1
    if waited < _SILENT_DAYS or row.planned is None:
        return
    flight = plan.lines[row.line].flight or plan.flight
    even = row.planned.amount / flight.number_of_days
    yield Alert(
        AlertKind.DELIVERY_STOPPED,
        f"lines.{row.line}",
        message=f"nothing was delivered in the first {waited} days of its flight, "
        f"{rounded(even, row.planned.currency)} a day are planned",
        hint="See `smm status`: is it activated, approved and funded?",
        urgency=Urgency.NOW,
        at_risk=rounded(even * days_left(plan, row.line, day), row.planned.currency),
        since=row.starts,
        actual=Decimal(0),
        expected=row.expected,
    )


def _ended(
    row: LineSpend, plan: MediaPlan, rows: Iterable[MetricRow], day: date
) -> Iterator[Alert]:
    flight = plan.lines[row.line].flight or plan.flight
    late = [one for one in rows if flight.last_day < one.on <= day]
    if late:
        yield _goes_on(row, late, flight.last_day, day)
    elif row.planned is not None and row.spend is not None:
        left = row.planned.amount - row.spend
        if left > _LEFT * row.planned.amount:
            yield Alert(
                AlertKind.ENDED,
                f"lines.{row.line}",
                message=f"its flight ended on {flight.last_day} with "
                f"{rounded(left, row.planned.currency)} of {row.planned} unspent",
                hint="Extend the flight, or give the money to another line.",
                urgency=Urgency.NOTE,
                at_risk=rounded(left, row.planned.currency),
                since=flight.last_day,
                actual=row.spend,
                expected=row.planned.amount,
            )


def _goes_on(row: LineSpend, late: Sequence[MetricRow], end: date, day: date) -> Alert:
    spend = sum((one.spend for one in late), Decimal(0))
    currency = late[0].currency
    even = spend / max((day - end).days, 1)
    return Alert(
        AlertKind.ENDED,
        f"lines.{row.line}",
        message=f"its flight ended on {end}, and {rounded(spend, currency)} were "
        "spent since",
        hint="Stop it: `smm stop`, or end it on the platform.",
        urgency=Urgency.NOW,
        at_risk=rounded(even * RISK_DAYS, currency),
        since=end + timedelta(days=1),
        actual=spend,
        expected=Decimal(0),
    )


# -- statuses and tokens -------------------------------------------------------------


def status_alerts(
    stands: Sequence[Stands], daily: Daily, currency: str
) -> Iterator[Alert]:
    """
    Ads that were rejected, and campaigns that a platform ended before their time.
    """
    ads = Counter(_campaign(s.address) for s in stands if ".ads." in s.address)
    for one in stands:
        key = _campaign(one.address)
        if one.delivery is Delivery.REJECTED:
            share = ads[key] if ".ads." in one.address else 1
            yield _rejected(one, daily, daily.planned(key) / max(share, 1), currency)
        elif one.delivery is Delivery.ENDED and one.wanted is Status.ACTIVE:
            yield from _ended_early(one, daily, key, currency)


def _campaign(address: str) -> str:
    parts = address.split(".")
    return parts[1] if parts[0] == "campaigns" and len(parts) > 1 else ""


def _line(daily: Daily, campaign: str) -> str:
    plan = daily.plan
    known = plan is not None and campaign in plan.campaigns
    return plan.campaigns[campaign].line if known and plan else ""


def _rejected(one: Stands, daily: Daily, even: Decimal, currency: str) -> Alert:
    left = days_left(daily.plan, _line(daily, _campaign(one.address)), daily.day)
    why = f": {one.reason}" if one.reason else ""
    return Alert(
        AlertKind.REJECTED,
        one.address,
        message=f"{one.platform} rejected it{why}",
        hint="Change the ad, or ask the platform to look again.",
        urgency=Urgency.NOW,
        at_risk=rounded(even * left, currency),
        since=daily.day,
    )


def _ended_early(one: Stands, daily: Daily, key: str, currency: str) -> Iterator[Alert]:
    left = days_left(daily.plan, _line(daily, key), daily.day)
    if daily.plan is None or not left or one.address.count(".") != 1:
        return
    yield Alert(
        AlertKind.ENDED,
        one.address,
        message=f"{one.platform} says it has ended, the plan says it runs on",
        hint="Run `smm plan` to see what differs.",
        urgency=Urgency.NOW,
        at_risk=rounded(daily.planned(key) * left, currency),
        since=daily.day,
    )


def token_alerts(
    tokens: Mapping[str, datetime], now: datetime, daily: Daily, currency: str
) -> Iterator[Alert]:
    """
    Tokens that expire within two weeks, or have.
    """
    for platform, expires in sorted(tokens.items()):
        left = expires - now
        if left > timedelta(days=_TOKEN_DAYS):
            continue
        gone = left <= timedelta(0)
        when = f"{expires:%Y-%m-%d %H:%M %Z}".strip()
        yield Alert(
            AlertKind.TOKEN,
            platform,
            message=f"its token {'expired' if gone else 'expires'} on {when}"
            + ("" if gone else f", in {max(left.days, 0)} days"),
            hint="Get a new token and put it where smm.toml says; until then nothing "
            "can be read, changed or stopped.",
            urgency=Urgency.NOW
            if left <= timedelta(days=_TOKEN_NOW)
            else Urgency.TODAY,
            at_risk=rounded(daily.of("platform", platform) * RISK_DAYS, currency),
            since=expires.date() if gone else None,
        )


def paused(stands: Iterable[Stands]) -> frozenset[str]:
    """
    Campaigns that rest because somebody wants it so.
    """
    rests = {Delivery.PAUSED, Delivery.ARCHIVED, Delivery.DELETED, Delivery.SCHEDULED}
    return frozenset(
        _campaign(one.address)
        for one in stands
        if one.address.count(".") == 1
        and (one.delivery in rests or one.status in {Status.PAUSED, Status.ARCHIVED})
    )
