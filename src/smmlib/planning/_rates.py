"""
Rates a forecast is made of, each with a range, a source and a date.

Own history comes first, then what the plan states, then published benchmarks, and an
assumption where there is nothing, called by that name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from math import exp, log, sqrt
from typing import Protocol

import attrs

from smmlib.errors import CurrencyMismatch, Issue, ValidationError
from smmlib.model import MetricRow, Money, Network

NAMES = ("cpm", "ctr", "landing_rate", "registration_rate")
"""
Price of 1,000 impressions; clicks per 100 impressions; visits per 100 clicks;
registrations per 100 visits.
"""

_DAYS = 7
_LEAST = {"cpm": 5_000, "ctr": 50, "landing_rate": 50, "registration_rate": 20}
_TAIL = 1.2815515655446004
_STATED = 0.15  # what people state is right within so much, as a logarithm
_MOST = 1_000_000
_PARTS = {
    "cpm": ("spend", "impressions", 1000.0),
    "ctr": ("clicks", "impressions", 100.0),
    "landing_rate": ("visits", "clicks", 100.0),
    "registration_rate": ("registrations", "visits", 100.0),
}


class History(Protocol):
    """
    What was reported: facts, or anything that holds daily rows.
    """

    @property
    def metrics(self) -> tuple[MetricRow, ...]:
        """
        Daily numbers of ads.
        """


@attrs.frozen
class Rate:
    """
    A price or rate with what it is likely between, and where it comes from.

    Attributes:
        name: `cpm`, `ctr`, `landing_rate` or `registration_rate`.
        middle: The likeliest.
        low: Four in five cases lie between this
        high: and this.
        basis: `history`, `plan`, `benchmark` or `assumption`.
        source: Where it comes from, with a date.
        currency: Of a price.
    """

    name: str
    middle: float
    low: float = attrs.field(kw_only=True)
    high: float = attrs.field(kw_only=True)
    basis: str = attrs.field(kw_only=True)
    source: str = attrs.field(kw_only=True)
    currency: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not 0 < self.low <= self.middle <= self.high < float("inf"):
            message = f"{self.name} from {self.low} over {self.middle} to {self.high}"
            raise ValidationError(
                [
                    Issue(
                        f"rates.{self.name}",
                        "forecast.rate",
                        message,
                        value=f"{self.low}, {self.middle}, {self.high}",
                        limit="0 < low <= middle <= high",
                        hint="a rate is above zero, its range around it",
                    )
                ]
            )

    def __str__(self) -> str:
        unit = f" {self.currency}" if self.name == "cpm" else " %"
        return (
            f"{self.name} {self.middle:.3g}{unit} ({self.low:.3g} to {self.high:.3g}), "
            f"{self.basis}: {self.source}"
        )


def rates_of(
    history: History, networks: Sequence[Network] = (), *, currency: str = ""
) -> dict[str, Rate]:
    """
    Learn rates from own history, where there is enough of it.

    A rate needs seven days and enough events; its range is how weeks of this account
    really differed, and never narrower than chance alone would make it.

    Args:
        history: Facts.
        networks: Which networks count; all when left out.
        currency: The currency prices must be in.

    Raises:
        CurrencyMismatch: Prices of the history are in another currency.
    """
    rows = [r for r in history.metrics if not networks or r.network in networks]
    found = {}
    for name in NAMES:
        rate = _learned(name, rows, currency)
        if rate is not None:
            found[name] = rate
    return found


def _learned(name: str, rows: Iterable[MetricRow], currency: str) -> Rate | None:
    above, below, scale = _PARTS[name]
    weeks: dict[tuple[int, int], list[float]] = {}
    days: set[date] = set()
    top = bottom = 0.0
    for row in rows:
        upper, lower = getattr(row, above), getattr(row, below)
        if upper is None or not lower:
            continue
        if name == "cpm":
            _same_currency(row.currency, currency)
        year, number, _ = row.on.isocalendar()
        week = weeks.setdefault((year, number), [0.0, 0.0])
        week[0] += float(upper)
        week[1] += float(lower)
        days.add(row.on)
        top, bottom = top + float(upper), bottom + float(lower)
    events = bottom if name == "cpm" else top
    if len(days) < _DAYS or events < _LEAST[name]:
        return None
    middle = top / bottom * scale
    spread = _spread(list(weeks.values()), top / bottom, 0.0 if name == "cpm" else top)
    return Rate(
        name,
        middle,
        low=middle * exp(-spread),
        high=middle * exp(spread),
        basis="history",
        source=f"own numbers of {len(days)} days, {min(days)} to {max(days)}",
        currency=currency if name == "cpm" else "",
    )


def _same_currency(found: str, wanted: str) -> None:
    if wanted and found != wanted:
        raise CurrencyMismatch(
            [
                Issue(
                    "history",
                    "money.currency_mismatch",
                    f"the history's prices are in {found}, the plan is in {wanted}",
                    value=found,
                    limit=wanted,
                    hint="facts.converted(currency, rates) converts each day's amounts",
                )
            ]
        )


def _spread(weeks: Sequence[Sequence[float]], whole: float, events: float) -> float:
    """
    How far a later period may differ, as a logarithm: weeks' differences and chance.
    """
    logs = [log(a / b / whole) ** 2 for a, b in weeks if a > 0 and b > 0]
    # One week shows no difference between weeks: as much as people guess is taken.
    between = sum(logs) / (len(logs) - 1) if len(logs) > 1 else _STATED**2
    chance = 1 / events if events else 0.0
    return max(_TAIL * sqrt(between + chance), 0.01)


def stated(name: str, value: Decimal | Money | float, *, source: str) -> Rate:
    """
    A rate somebody states: right within 15 %, as stated numbers go.

    Args:
        name: Which rate.
        value: Money for prices, percent for rates.
        source: Who says so.
    """
    amount = float(value.amount if isinstance(value, Money) else value)
    spread = exp(_TAIL * _STATED)
    return Rate(
        name,
        amount,
        low=amount / spread,
        high=amount * spread,
        basis="plan",
        source=source,
        currency=value.currency if isinstance(value, Money) else "",
    )


def pooled(rates: Sequence[Rate]) -> Rate:
    """
    One rate for a line on several networks: as wide as they are together.
    """
    if len(rates) == 1:
        return rates[0]
    middle = exp(sum(log(rate.middle) for rate in rates) / len(rates))
    basis = "assumption" if any(r.basis == "assumption" for r in rates) else "benchmark"
    return Rate(
        rates[0].name,
        middle,
        low=min(rate.low for rate in rates),
        high=max(rate.high for rate in rates),
        basis=basis,
        source="; ".join(dict.fromkeys(rate.source for rate in rates)),
        currency=rates[0].currency,
    )


def as_rates(given: Mapping[str, object]) -> dict[str, Rate]:
    """
    Rates a caller gives: values of `Rate`, or plain numbers.

    Raises:
        ValidationError: A name that is none, or a number that is not above zero; all
            of it at once.
    """
    issues: list[Issue] = []
    found = {}
    for name, value in given.items():
        try:
            found[name] = value if isinstance(value, Rate) else _number(name, value)
        except ValidationError as error:
            issues += error.issues
    if issues:
        raise ValidationError(issues)
    return found


def _number(name: str, value: object) -> Rate:
    if name not in NAMES:
        problem, limit = f"'{name}' is no rate of a forecast", ", ".join(NAMES)
    elif isinstance(value, (Money, Decimal, int, float)) and not isinstance(
        value, bool
    ):
        plain = value if isinstance(value, (Money, Decimal)) else float(value)
        amount = plain.amount if isinstance(plain, Money) else plain
        if 0 < amount < _MOST:
            return stated(name, plain, source="given by the caller")
        problem, limit = f"{name} of {value}", "above zero"
    else:
        problem, limit = f"{name} is {value!r}", "a number, Money or Rate"
    raise ValidationError(
        [
            Issue(
                f"rates.{name}",
                "forecast.rate",
                problem,
                value=str(value),
                limit=limit,
                hint="e.g. {'ctr': 1.2} for 1.2 %, {'cpm': Money('6.40', 'EUR')}",
            )
        ]
    )
