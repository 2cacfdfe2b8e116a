"""
What the plan's money is likely to bring, per line, with ranges and their sources.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from math import exp, log, sqrt
from typing import Any, Protocol

import attrs

from smmlib.errors import CurrencyMismatch, Issue, ValidationError
from smmlib.model import LineItem, MediaPlan, Money
from smmlib.model._checks import did_you_mean
from smmlib.planning._forecast_show import forecast_data, forecast_html, forecast_text
from smmlib.planning._rates import NAMES, History, Rate, as_rates, rates_of, stated
from smmlib.planning._rates_table import benchmark

MEASURES = ("impressions", "reach", "frequency", "clicks", "visits", "registrations")
_REPEAT = (0.5, 1.0, 4.0)  # how evenly an audience sees ads: unevenly, usual, evenly


class People(Protocol):
    """
    How many people an audience holds, as a platform guesses.
    """

    @property
    def low(self) -> int:
        """
        At least so many.
        """

    @property
    def high(self) -> int:
        """
        At most so many.
        """

    @property
    def source(self) -> str:
        """
        Which platform, on which day.
        """


@attrs.frozen
class Range:
    """
    A number nobody knows yet: four in five cases lie between low and high.
    """

    low: float = attrs.field(kw_only=True)
    middle: float = attrs.field(kw_only=True)
    high: float = attrs.field(kw_only=True)

    def __str__(self) -> str:
        digits = 0 if self.high >= 100 else 1  # noqa: PLR2004 - small ones need them
        low, middle, high = (
            f"{n:,.{digits}f}" for n in (self.low, self.middle, self.high)
        )
        return f"{middle} ({low}–{high})"


@attrs.frozen
class ForecastRow:
    """
    What one line is likely to bring for its money.

    Attributes:
        line: Key of the line.
        cost: Its media money; None for lines that cost nothing yet.
        numbers: A range by name: impressions, reach, frequency, clicks, visits,
            registrations; what nothing is known for is not there.
        rates: The rates it rests on, by name.
        planned: What the plan's own expectations say, by name.
        people: Where the size of its audience comes from; empty when it is not known.
        notes: What a reader must know.
    """

    line: str
    cost: Money | None = attrs.field(kw_only=True)
    numbers: Mapping[str, Range] = attrs.field(kw_only=True)
    rates: Mapping[str, Rate] = attrs.field(kw_only=True)
    planned: Mapping[str, float] = attrs.field(kw_only=True)
    people: str = attrs.field(default="", kw_only=True)
    notes: tuple[str, ...] = attrs.field(default=(), kw_only=True)

    def __getitem__(self, name: str) -> Range:
        """
        The range of a number such as `clicks`.
        """
        return self.numbers[name]


@attrs.frozen
class Forecast:
    """
    All lines of a plan with what they are likely to bring.

    Attributes:
        rows: One per line of the plan, in its order.
        currency: Of every amount.
    """

    rows: tuple[ForecastRow, ...]
    currency: str = attrs.field(kw_only=True)

    def row(self, line: str) -> ForecastRow:
        """
        The row of a line.

        Raises:
            KeyError: There is no such line.
        """
        return {row.line: row for row in self.rows}[line]

    @property
    def total(self) -> dict[str, Range]:
        """
        All lines together. Reach is left out: people are on several networks.
        """
        names = [name for name in MEASURES if name not in {"reach", "frequency"}]
        sums = {
            name: [row.numbers[name] for row in self.rows if name in row.numbers]
            for name in names
        }
        return {name: _added(ranges) for name, ranges in sums.items() if ranges}

    @property
    def sources(self) -> tuple[str, ...]:
        """
        Where the numbers come from, each source once.
        """
        rates = (rate for row in self.rows for rate in row.rates.values())
        people = (row.people for row in self.rows if row.people)
        named = (f"{rate.basis}: {rate.source}" for rate in rates)
        return tuple(dict.fromkeys([*named, *people]))

    def __str__(self) -> str:
        return forecast_text(self)

    def _repr_html_(self) -> str:
        return forecast_html(self)

    def to_dict(self) -> dict[str, Any]:
        """
        JSON-ready data.
        """
        return forecast_data(self)


def _added(ranges: list[Range]) -> Range:
    """
    A sum: not every line is at its worst at once, so distances add up as squares.
    """
    middle = sum(r.middle for r in ranges)
    down = sqrt(sum((r.middle - r.low) ** 2 for r in ranges))
    up = sqrt(sum((r.high - r.middle) ** 2 for r in ranges))
    return Range(low=max(middle - down, 0.0), middle=middle, high=middle + up)


def forecast(
    plan: MediaPlan,
    *,
    history: History | None = None,
    rates: Mapping[str, object] | None = None,
    people: Mapping[str, People] | None = None,
) -> Forecast:
    """
    Say what each line's money is likely to bring, as ranges with sources.

    A rate is taken from what is given here, else from own history, else from the line's
    expectations, else from published benchmarks; each number says which.

    Args:
        plan: The plan.
        history: Facts of earlier campaigns.
        rates: Rates that count for all lines, by name: `cpm`, `ctr` (in percent),
            `landing_rate`, `registration_rate`.
        people: How many people a line's audience holds, by key of line, as platforms
            estimate it; without it there is no reach.

    Raises:
        ValidationError: The plan has no lines, a rate cannot be, or an estimate is for
            no line of the plan; all of it at once.
        CurrencyMismatch: Lines, or the history, are in another currency.
    """
    given = _checked(plan, rates or {}, people or {})
    currency = plan.currency or ""
    rows = [
        _row(
            key,
            line,
            {**_known(line, history, currency), **given},
            people=(people or {}).get(key),
        )
        for key, line in plan.lines.items()
    ]
    return Forecast(tuple(rows), currency=currency)


def _checked(
    plan: MediaPlan, rates: Mapping[str, object], people: Mapping[str, People]
) -> dict[str, Rate]:
    issues = list(_plan_issues(plan))
    mixed = [issue for issue in issues if issue.code == "money.currency_mismatch"]
    given: dict[str, Rate] = {}
    try:
        given = as_rates(rates)
    except ValidationError as error:
        issues += error.issues
    for key, found in people.items():
        issues += _people_issues(plan, key, found)
    if mixed and len(mixed) == len(issues):
        raise CurrencyMismatch(mixed)
    if issues:
        raise ValidationError(issues)
    return given


def _plan_issues(plan: MediaPlan) -> Iterator[Issue]:
    if not plan.lines:
        yield Issue(
            "lines",
            "forecast.no_lines",
            "the plan has no lines to forecast",
            hint="give it at least one line with networks and a cost",
        )
    for key, line in plan.lines.items():
        yield from _expectation_issues(key, line)
        if line.cost is not None and line.cost.currency != plan.currency:
            yield Issue(
                f"lines.{key}.cost",
                "money.currency_mismatch",
                f"{line.cost} in a plan in {plan.currency}",
                value=str(line.cost),
                limit=plan.currency,
                hint="convert it with FxRates at a dated rate first",
            )


_USED = (*NAMES, "cpc", "cost_per_registration")


def _expectation_issues(key: str, line: LineItem) -> Iterator[Issue]:
    for name, value in line.expect.items():
        if name in _USED and not _positive(value):
            yield Issue(
                f"lines.{key}.expect.{name}",
                "forecast.rate",
                f"{name} of {value} brings nothing that could be forecast",
                value=str(value),
                limit="above zero",
                hint="write what is expected, e.g. ctr: 1.2 %, or leave it out",
            )


def _people_issues(plan: MediaPlan, key: str, found: People) -> Iterator[Issue]:
    if key not in plan.lines:
        yield Issue(
            f"people.{key}",
            "reference.line",
            f"the plan has no line '{key}'",
            value=key,
            hint=did_you_mean(key, plan.lines),
        )
    if not 0 <= found.low <= found.high:
        yield Issue(
            f"people.{key}",
            "forecast.people",
            f"an audience of {found.low} to {found.high} people",
            value=f"{found.low} to {found.high}",
            limit="0 <= low <= high",
            hint="swap the two",
        )


def _known(line: LineItem, history: History | None, currency: str) -> dict[str, Rate]:
    """
    Rates of a line by where they come from, the best last.
    """
    found = {name: benchmark(name, line.networks, currency) for name in NAMES[1:]}
    found["cpm"] = benchmark("cpm", line.networks, currency)
    found |= {
        name: stated(name, value, source="the line's own expectations")
        for name, value in line.expect.items()
        if name in NAMES
    }
    if history is not None:
        found |= rates_of(history, line.networks, currency=currency)
    return found


def _positive(value: Decimal | Money) -> bool:
    return (value.amount if isinstance(value, Money) else value) > 0


def _row(
    key: str,
    line: LineItem,
    rates: dict[str, Rate],
    *,
    people: People | None,
) -> ForecastRow:
    cost = line.media
    if cost is None or not cost or not line.paid:
        return ForecastRow(
            key,
            cost=cost,
            numbers={},
            rates={},
            planned={},
            notes=("it costs nothing yet, so nothing is bought",),
        )
    amount = float(cost.amount)
    used, numbers = _funnel(line, amount, rates)
    notes = []
    if people is not None and people.high:
        numbers |= _reach(numbers["impressions"], people)
        if numbers["frequency"].middle > _OFTEN:
            notes.append("the audience is small for this money: the same people again")
    elif people is None:
        notes.append("no reach: nobody said how many people the audience holds")
    return ForecastRow(
        key,
        cost=cost,
        numbers=numbers,
        rates=used,
        planned=_planned(line, amount),
        people="" if people is None else people.source,
        notes=tuple(notes),
    )


_OFTEN = 10.0


def _funnel(
    line: LineItem, amount: float, rates: dict[str, Rate]
) -> tuple[dict[str, Rate], dict[str, Range]]:
    """
    Impressions from the price, then clicks, visits and registrations from rates.
    """
    names = ["cpm", "ctr", "landing_rate", "registration_rate"]
    used = {name: rates[name] for name in names}
    numbers = {}
    impressions = _ranged(amount * 1000, [used["cpm"]], down=True)
    clicks = _per_click(line, amount, used)
    if clicks is not None:
        numbers["clicks"] = clicks
        middle = clicks.middle / used["ctr"].middle * 100
        factor = middle / impressions.middle
        impressions = Range(
            low=impressions.low * factor, middle=middle, high=impressions.high * factor
        )
    numbers["impressions"] = impressions
    start = impressions.middle
    if clicks is None:
        start *= used["ctr"].middle / 100
        numbers["clicks"] = _scaled(start, [used["cpm"], used["ctr"]])
    else:
        start = clicks.middle
    chain = [used["cpm"], used["ctr"], used["landing_rate"]]
    start *= used["landing_rate"].middle / 100
    numbers["visits"] = _scaled(start, chain)
    start *= used["registration_rate"].middle / 100
    numbers["registrations"] = _scaled(start, [*chain, used["registration_rate"]])
    own = line.expect.get("cost_per_registration")
    given = rates["registration_rate"].basis
    if isinstance(own, Money) and own and given in {"benchmark", "assumption"}:
        # The line says what a registration costs: nearer than pages of other trades.
        price = stated("cpm", own, source="the line's own expectations")
        used["cost_per_registration"] = attrs.evolve(
            price, name="cost_per_registration"
        )
        del used["registration_rate"]
        numbers["registrations"] = _ranged(amount, [price], down=True)
    return used, numbers


def _per_click(line: LineItem, amount: float, used: dict[str, Rate]) -> Range | None:
    price = line.expect.get("cpc")
    history = used["cpm"].basis == "history" and used["ctr"].basis == "history"
    if not isinstance(price, Money) or not price or history:
        return None
    rate = used["cpc"] = stated("cpc", price, source="the line's own expectations")
    return _ranged(amount, [rate], down=True)


def _spread(rates: list[Rate]) -> tuple[float, float]:
    """
    How far a product of rates reaches down and up, as logarithms.
    """
    down = sqrt(sum(log(r.middle / r.low) ** 2 for r in rates))
    up = sqrt(sum(log(r.high / r.middle) ** 2 for r in rates))
    return down, up


def _ranged(amount: float, rates: list[Rate], *, down: bool) -> Range:
    """
    Money over prices: a high price buys little.
    """
    middle = amount
    for rate in rates:
        middle /= rate.middle
    below, above = _spread(rates)
    low, high = (above, below) if down else (below, above)
    return Range(low=middle * exp(-low), middle=middle, high=middle * exp(high))


def _scaled(middle: float, rates: list[Rate]) -> Range:
    price, *others = rates
    up_of_price, down_of_price = _spread([price])
    down, up = _spread(others)
    return Range(
        low=middle * exp(-sqrt(down**2 + down_of_price**2)),
        middle=middle,
        high=middle * exp(sqrt(up**2 + up_of_price**2)),
    )


def reached(impressions: float, people: float, *, evenness: float = 1.0) -> float:
    """
    How many different people so many impressions reach: it saturates.

    Impressions fall on people unevenly (gamma-distributed), so that the number of times
    a person sees the ad is negative binomial; those who saw it at least once are
    `people * (1 - (1 + impressions / (evenness * people)) ** -evenness)`.

    Args:
        impressions: How often it is shown.
        people: How many people there are.
        evenness: Shape of the distribution: small is uneven, infinite is Poisson.
    """
    if people <= 0:
        return 0.0
    part: float = 1 - (1 + impressions / (evenness * people)) ** -evenness
    return min(people * part, impressions)


def _reach(impressions: Range, people: People) -> dict[str, Range]:
    uneven, usual, even = _REPEAT
    middle = sqrt(max(people.low, 1) * max(people.high, 1))
    reach = Range(
        low=reached(impressions.low, max(people.low, 1), evenness=uneven),
        middle=reached(impressions.middle, middle, evenness=usual),
        high=reached(impressions.high, people.high, evenness=even),
    )
    often = Range(
        low=max(impressions.middle / max(reach.high, 1e-9), 1.0),
        middle=max(impressions.middle / max(reach.middle, 1e-9), 1.0),
        high=max(impressions.middle / max(reach.low, 1e-9), 1.0),
    )
    return {"reach": reach, "frequency": often}


def _planned(line: LineItem, amount: float) -> dict[str, float]:
    """
    What the line's expectations come to, without a range.
    """

    def of(name: str) -> float:
        value = line.expect.get(name)
        if value is None:
            return 0.0
        return float(value.amount if isinstance(value, Money) else value)

    found = {name: of(name) for name in MEASURES if of(name)}
    if of("cpm"):
        found.setdefault("impressions", amount / of("cpm") * 1000)
    if of("cpc"):
        found.setdefault("clicks", amount / of("cpc"))
    elif of("ctr") and "impressions" in found:
        found.setdefault("clicks", found["impressions"] * of("ctr") / 100)
    if of("cost_per_registration"):
        found.setdefault("registrations", amount / of("cost_per_registration"))
    return found
