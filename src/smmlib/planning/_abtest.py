"""
Which variant wins, and whether that can be said yet, however often one looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from math import ceil, exp, inf, log, sqrt
from statistics import NormalDist
from typing import Any

import attrs

from smmlib.errors import Issue, ValidationError
from smmlib.model._budget import as_money
from smmlib.model._money import Money
from smmlib.planning._abtest_best import best_shares
from smmlib.planning._abtest_show import (
    variants_data,
    variants_html,
    variants_text,
)

RISK = 0.05
EFFECT = 0.2
POWER = 0.8
_LEAST = 20  # results per variant before anything is said
_UNEQUAL = 0.25  # spend further apart than this is told
_LONGEST = 1_000_000_000


@attrs.frozen
class Variant:
    """
    One version of an ad, a text or an audience, with what came of it so far.

    Attributes:
        name: What it is called.
        shown: How many chances it had: impressions, clicks or visits.
        won: How many of them did what was wanted.
        spend: What it cost, to see whether all had the same.
    """

    name: str
    shown: int
    won: int = attrs.field(kw_only=True)
    spend: Money | None = attrs.field(default=None, converter=as_money, kw_only=True)

    @property
    def rate(self) -> float:
        """
        Results per chance.
        """
        return self.won / self.shown if self.shown else 0.0


@attrs.frozen
class VariantRow:
    """
    One variant in a test.

    Attributes:
        variant: Its numbers.
        best: Probability that it is the best of all.
        low: Its rate is at least this
        high: and at most this, at any time one looks.
        lift: How much better it is than the best other one: 0.1 is 10 %.
        p_value: Against the best other one, valid at any time, before correction.
    """

    variant: Variant
    best: float = attrs.field(kw_only=True)
    low: float = attrs.field(kw_only=True)
    high: float = attrs.field(kw_only=True)
    lift: float | None = attrs.field(kw_only=True)
    p_value: float = attrs.field(kw_only=True)


@attrs.frozen
class VariantTest:
    """
    What a test says today.

    Attributes:
        verdict: `winner`, `no difference` or `not enough data`.
        winner: Name of the winner; empty where there is none.
        more: Chances each variant still needs, about; 0 when it is decided.
        days: Days that takes at today's speed; None where the speed is not known.
        difference: The best rate less the second best, with an interval that holds at
            any time.
        notes: What a reader must know: unequal spend, too few results.
        variants: The numbers it was made from.
        risk: How often a winner may be named where there is none.
        effect: The smallest difference that matters, as part of the rate.
    """

    verdict: str
    winner: str = attrs.field(kw_only=True)
    more: int = attrs.field(kw_only=True)
    days: int | None = attrs.field(kw_only=True)
    difference: tuple[float, float, float] = attrs.field(kw_only=True)
    notes: tuple[str, ...] = attrs.field(kw_only=True)
    variants: tuple[Variant, ...] = attrs.field(kw_only=True)
    risk: float = attrs.field(kw_only=True)
    effect: float = attrs.field(kw_only=True)

    @property
    def rows(self) -> tuple[VariantRow, ...]:
        """
        Every variant with its probability to be best and its interval.
        """
        shares = best_shares([(v.won, v.shown) for v in self.variants])
        risk = self.risk / max(len(self.variants) - 1, 1)
        return tuple(
            _row(variant, share, self.variants, risk=risk, effect=self.effect)
            for variant, share in zip(self.variants, shares, strict=True)
        )

    @property
    def answer(self) -> str:
        """
        One sentence: who wins, that nobody does, or how long to wait.
        """
        if self.verdict == "winner":
            return f"{self.winner} wins"
        if self.verdict == "no difference":
            return f"no difference of {self.effect:.0%} or more: take any"
        wait = f"about {self.more:,} more chances each"
        if self.days is not None:
            wait = f"about {self.days:,} more days ({self.more:,} chances each)"
        return f"not enough data: {wait}"

    def __str__(self) -> str:
        return variants_text(self)

    def _repr_html_(self) -> str:
        return variants_html(self)

    def to_dict(self) -> dict[str, Any]:
        """
        JSON-ready data.
        """
        return variants_data(self)


def compare_variants(
    variants: Iterable[Variant],
    *,
    days: float | None = None,
    risk: float = RISK,
    effect: float = EFFECT,
) -> VariantTest:
    """
    Say which variant wins, as often as you like.

    The test is made to be looked at every day: a winner where there is none is named in
    at most `risk` of all tests, over their whole life and over all variants together.

    Args:
        variants: Two or more, with what came of them so far.
        days: How many days they have run, to say how many more it takes.
        risk: How often a winner may be named where there is none.
        effect: The smallest difference that matters, as part of the rate.

    Raises:
        ValidationError: Fewer than two variants, numbers that cannot be; all at once.
    """
    found = tuple(variants)
    _check(found, days=days, risk=risk, effect=effect)
    ranked = sorted(found, key=lambda v: (v.rate, v.shown), reverse=True)
    first, second = ranked[:2]
    each = risk / (len(found) - 1)
    half = _half_width(first, second, risk=each, effect=effect)
    middle = first.rate - second.rate
    ready = all(variant.won >= _LEAST for variant in ranked[:2])
    beaten = ready and all(
        first.rate - other.rate > _half_width(first, other, risk=each, effect=effect)
        for other in ranked[1:]
    )
    same = ready and _all_same(ranked, risk=each, effect=effect)
    verdict = "winner" if beaten else "no difference" if same else "not enough data"
    more = 0 if beaten or same else _more(first, second, risk=each, effect=effect)
    speed = min(v.shown for v in found) / days if days else 0.0
    return VariantTest(
        verdict,
        winner=first.name if beaten else "",
        more=more,
        days=ceil(more / speed) if speed else None,
        difference=(middle - half, middle, middle + half),
        notes=tuple(_notes(found)),
        variants=found,
        risk=risk,
        effect=effect,
    )


def _all_same(ranked: list[Variant], *, risk: float, effect: float) -> bool:
    """
    Whether even the best and the worst differ by less than what matters.
    """
    first, last = ranked[0], ranked[-1]
    if last.won < _LEAST:
        return False
    half = _half_width(first, last, risk=risk, effect=effect)
    return first.rate - last.rate + half < effect * _pooled(first, last)


def _pooled(one: Variant, other: Variant) -> float:
    """
    The rate of both together, never quite zero or one.
    """
    return (one.won + other.won + 0.5) / (one.shown + other.shown + 1)


def _variance(one: Variant, other: Variant) -> float:
    rate = _pooled(one, other)
    return rate * (1 - rate) * (1 / max(one.shown, 1) + 1 / max(other.shown, 1))


def _width(variance: float, tau: float, risk: float) -> float:
    """
    Half of an interval that holds at every look (normal mixture of width tau).

    The mixture over true differences, normal with deviation tau, of the likelihood
    ratio against no difference is a martingale; it passes 1/risk with probability of
    at most risk, however long one looks (Ville). Solved for the difference.
    """
    square = tau * tau
    level = log(1 / risk) + 0.5 * log((variance + square) / variance)
    return sqrt(2 * variance * (variance + square) / square * level)


def _half_width(one: Variant, other: Variant, *, risk: float, effect: float) -> float:
    tau = effect * _pooled(one, other)
    return _width(_variance(one, other), tau, risk)


def _p_value(one: Variant, other: Variant, *, effect: float) -> float:
    variance, tau = _variance(one, other), effect * _pooled(one, other)
    square, difference = tau * tau, one.rate - other.rate
    ratio = 0.5 * log(variance / (variance + square))
    ratio += difference**2 * square / (2 * variance * (variance + square))
    return min(1.0, exp(-min(ratio, 700.0)))


def _more(first: Variant, second: Variant, *, risk: float, effect: float) -> int:
    """
    Chances each still needs, if rates stay as they are, until either the difference is
    proven or one that matters is ruled out, whichever comes first.
    """
    rate = _pooled(first, second)
    seen = first.rate - second.rate
    gap = max(seen, effect * rate - seen)
    now = min(first.shown, second.shown)
    needed = _until(rate, gap, risk=risk, effect=effect, reserve=0.0)
    least = ceil(_LEAST / rate)
    return max(needed, least, now + 1) - now


def _until(
    rate: float, gap: float, *, risk: float, effect: float, reserve: float
) -> int:
    """
    Chances per variant until a gap is wider than its interval, found by halving.
    """

    def proven(chances: int) -> bool:
        variance = 2 * rate * (1 - rate) / chances
        half = _width(variance, effect * rate, risk)
        return gap >= half + reserve * sqrt(variance)

    low, high = 1, 2
    while not proven(high) and high < _LONGEST:
        low, high = high, high * 2
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if proven(middle) else (middle + 1, high)
    return high


def _row(
    variant: Variant,
    share: float,
    variants: tuple[Variant, ...],
    *,
    risk: float,
    effect: float,
) -> VariantRow:
    others = [one for one in variants if one is not variant]
    rival = max(others, key=lambda one: one.rate)
    rate = (variant.won + 0.5) / (variant.shown + 1)
    half = _width(
        rate * (1 - rate) / max(variant.shown, 1), max(effect * rate, 1e-12), risk
    )
    return VariantRow(
        variant,
        best=share,
        low=max(variant.rate - half, 0.0),
        high=min(variant.rate + half, 1.0),
        lift=variant.rate / rival.rate - 1 if rival.rate else None,
        p_value=_p_value(variant, rival, effect=effect),
    )


def _notes(variants: tuple[Variant, ...]) -> Iterator[str]:
    few = [variant.name for variant in variants if variant.won < _LEAST]
    if few:
        yield f"fewer than {_LEAST} results: {', '.join(few)}"
    spends = [v.spend.amount for v in variants if v.spend is not None]
    if len(spends) == len(variants) and max(spends) > min(spends) * Decimal(
        1 + _UNEQUAL
    ):
        yield (
            f"spend is unequal ({min(spends):,} to {max(spends):,}): the platform may "
            "have shown them to different people"
        )


# -- beforehand ------------------------------------------------------------------------


@attrs.frozen
class SampleSize:
    """
    How long a test must be to see what it looks for.

    Attributes:
        each: Chances per variant.
        total: For all variants.
        days: At the speed that was given; None without one.
        fixed: Chances per variant if one looked only once, at the end.
    """

    each: int
    total: int
    days: int | None = attrs.field(kw_only=True)
    fixed: int = attrs.field(kw_only=True)

    def __str__(self) -> str:
        days = "" if self.days is None else f", about {self.days:,} days"
        return (
            f"{self.each:,} chances per variant, {self.total:,} in all{days} "
            f"({self.fixed:,} each if looked at once, at the end)"
        )


def sample_size(
    rate: float,
    effect: float = EFFECT,
    *,
    variants: int = 2,
    a_day: float | None = None,
    risk: float = RISK,
    power: float = POWER,
) -> SampleSize:
    """
    Say before a test how many chances it needs.

    Args:
        rate: The usual rate, e.g. `0.02` for 2 %.
        effect: The smallest difference that matters, as part of it.
        variants: How many compete.
        a_day: Chances of all variants together on one day.
        risk: How often a winner may be named where there is none.
        power: How often a difference of that size is to be found.

    Raises:
        ValidationError: A number no test can be made with; all of it at once.
    """
    issues = [
        *_between("rate", rate, 0, 1),
        *_between("effect", effect, 0, inf),
        *_between("risk", risk, 0, 1),
        *_between("power", power, 0, 1),
        *_between("variants", variants, 1, inf),
    ]
    if a_day is not None:
        issues += _between("a_day", a_day, 0, inf)
    if issues:
        raise ValidationError(issues)
    each_risk = risk / (variants - 1)
    # The best must be seen to beat every other one; rates lie between old and new.
    reserve = NormalDist().inv_cdf(power ** (1 / (variants - 1)))
    gap, rate = rate * effect, min(rate * (1 + effect / 2), (1 + rate) / 2)
    each = _until(rate, gap, risk=each_risk, effect=effect, reserve=reserve)
    each = max(each, ceil(_LEAST / rate))
    sure = NormalDist().inv_cdf(1 - each_risk / 2) + reserve
    total = each * variants
    return SampleSize(
        each,
        total,
        days=ceil(total / a_day) if a_day else None,
        fixed=ceil(2 * rate * (1 - rate) * (sure / gap) ** 2),
    )


def _between(path: str, value: float, low: float, high: float) -> list[Issue]:
    if low < value < high:
        return []
    return [
        Issue(
            path,
            "test.number",
            f"{path} is {value}",
            value=value,
            limit=f"above {low}" + ("" if high == inf else f" and below {high}"),
            hint="rates and effects are parts: 0.02 is 2 %",
        )
    ]


def _check(
    variants: tuple[Variant, ...],
    *,
    days: float | None,
    risk: float,
    effect: float,
) -> None:
    issues = [*_between("risk", risk, 0, 1), *_between("effect", effect, 0, inf)]
    if days is not None:
        issues += _between("days", days, 0, inf)
    if len(variants) < 2:  # noqa: PLR2004 - a test compares
        issues.append(
            Issue(
                "variants",
                "test.variants",
                f"{len(variants)} variants cannot be compared",
                value=len(variants),
                limit="two or more",
                hint="give every variant that ran, also the old one",
            )
        )
    names = [variant.name for variant in variants]
    issues += [
        Issue(
            f"variants.{name}",
            "test.repeated",
            f"the variant '{name}' is there {names.count(name)} times",
            value=name,
            limit="each once",
            hint="add up its numbers",
        )
        for name in dict.fromkeys(n for n in names if names.count(n) > 1)
    ]
    for variant in variants:
        issues += _variant_issues(variant)
    currencies = {v.spend.currency for v in variants if v.spend is not None}
    if len(currencies) > 1:
        issues.append(
            Issue(
                "variants",
                "money.currency_mismatch",
                f"spend in {', '.join(sorted(currencies))} cannot be compared",
                limit="one currency",
                hint="convert it with FxRates at a dated rate first",
            )
        )
    if issues:
        raise ValidationError(issues)


def _variant_issues(variant: Variant) -> list[Issue]:
    if 0 <= variant.won <= variant.shown:
        return []
    return [
        Issue(
            f"variants.{variant.name}.won",
            "test.counts",
            f"{variant.won} results of {variant.shown} chances",
            value=variant.won,
            limit=f"0 to {variant.shown}",
            hint="results are part of the chances: clicks of impressions, "
            "registrations of visits",
        )
    ]
