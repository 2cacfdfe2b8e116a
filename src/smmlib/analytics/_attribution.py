"""
Conversions credited to channels by a model, with how sure that is.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_FLOOR, Decimal
from math import fsum
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.analytics._journeys import Journeys, numpy
from smmlib.analytics._markov import Removal, Transitions, removal_effects, split_by
from smmlib.analytics._shapley import Coalitions, Shapley, shapley_values
from smmlib.analytics._show import Grid, number
from smmlib.analytics._tabular import Tabular
from smmlib.analytics._weights import HEURISTICS, MODELS, Rule
from smmlib.errors import ConfigurationError, Issue, Severity, ValidationError
from smmlib.model._checks import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from smmlib.analytics._journeys import Numbers

    Range = tuple[Decimal, Decimal]

_STEP = Decimal("0.000001")
_COLUMNS = (
    "channel",
    "conversions",
    "value",
    "share",
    "removal_effect",
    "value_removal_effect",
    "error",
    "conversions_low",
    "conversions_high",
    "value_low",
    "value_high",
)


@attrs.frozen
class Credit:
    """
    What one channel earned by a model.

    Attributes:
        channel: The channel.
        conversions: Conversions credited to it, in parts of one.
        value: What these are worth.
        share: Its part of all credited conversions, in percent.
        removal_effect: Part of all conversions that would be lost without it (Markov).
        value_removal_effect: The same for their worth.
        error: Standard error of the conversions, where orders were sampled (Shapley).
        value_error: The same for the worth.
        conversions_range: Where the conversions lie in most resamples.
        value_range: Where the value lies in most resamples.
    """

    channel: str
    conversions: Decimal
    value: Decimal
    share: Decimal | None = attrs.field(default=None, kw_only=True)
    removal_effect: float | None = attrs.field(default=None, kw_only=True)
    value_removal_effect: float | None = attrs.field(default=None, kw_only=True)
    error: float | None = attrs.field(default=None, kw_only=True)
    value_error: float | None = attrs.field(default=None, kw_only=True)
    conversions_range: Range | None = attrs.field(default=None, kw_only=True)
    value_range: Range | None = attrs.field(default=None, kw_only=True)


@attrs.frozen(repr=False)
class Attribution(Tabular):
    """
    The credit table: every conversion that touches led to, credited once.

    Attributes:
        model: How conversions were credited.
        credits: One row per channel, most conversions first.
        conversions: Conversions that were credited; the rows sum to it.
        value: What they are worth; the rows sum to it.
        currency: Currency of the values.
        unattributed: Conversions without any touch, credited to nobody.
        unattributed_value: What these are worth.
        residual: The largest error left in the solved chain (Markov).
        level: Part of the resamples that ranges hold.
        notes: What a reader must know.
    """

    model: str
    credits: tuple[Credit, ...]
    conversions: Decimal = attrs.field(kw_only=True)
    value: Decimal = attrs.field(kw_only=True)
    currency: str = attrs.field(default="", kw_only=True)
    unattributed: Decimal = attrs.field(default=Decimal(0), kw_only=True)
    unattributed_value: Decimal = attrs.field(default=Decimal(0), kw_only=True)
    residual: float | None = attrs.field(default=None, kw_only=True)
    level: float | None = attrs.field(default=None, kw_only=True)
    notes: tuple[Issue, ...] = attrs.field(default=(), kw_only=True)

    def credit(self, channel: str) -> Credit | None:
        """
        The row of one channel, or None.
        """
        return next((row for row in self.credits if row.channel == channel), None)

    @property
    def unmatched_share(self) -> Decimal | None:
        """
        Part of all conversions that no touch led to, in percent.
        """
        whole = self.conversions + self.unattributed
        return self.unattributed * 100 / whole if whole else None

    def _table(self) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        rows = [
            (
                *(row.channel, row.conversions, row.value, row.share),
                *(row.removal_effect, row.value_removal_effect, row.error),
                *(row.conversions_range or (None, None)),
                *(row.value_range or (None, None)),
            )
            for row in self.credits
        ]
        return _COLUMNS, rows

    def __repr__(self) -> str:
        return f"<Attribution by {self.model} to {len(self.credits)} channels>"

    def __str__(self) -> str:
        return self._grid().text()

    def _repr_html_(self) -> str:
        return self._grid().html()

    def _grid(self) -> Grid:
        head = ["channel", "conversions", "value", "share", "removal effect", "range"]
        rows = [
            [
                row.channel,
                number(row.conversions, 2),
                number(row.value, 2),
                f"{number(row.share, 1)} %",
                "–" if row.removal_effect is None else f"{row.removal_effect:.4f}",
                _span(row),
            ]
            for row in self.credits
        ]
        caption = (
            f"{number(self.conversions, 0)} conversions credited by {self.model}"
            f"{f', in {self.currency}' if self.currency else ''}; "
            f"{number(self.unattributed, 0)} without any touch"
        )
        return Grid(head, rows, caption=caption)


def _span(row: Credit) -> str:
    if row.conversions_range is not None:
        low, high = row.conversions_range
        return f"{number(low, 1)} to {number(high, 1)}"
    return "–" if row.error is None else f"± {row.error:,.2f}"


@attrs.frozen
class Settings:
    """
    How to credit, checked.

    Attributes:
        rule: The rule of thumb; None for models that learn from the journeys.
        model: Name of the model.
        game: Shapley's game.
        samples: Pairs of orders, beyond twelve channels.
        seed: Where random draws begin.
        bootstrap: How many resamples tell how sure a credit is; 0 for none.
        level: Part of the resamples that ranges hold.
    """

    model: str
    rule: Rule | None = attrs.field(default=None, kw_only=True)
    game: str = attrs.field(default="", kw_only=True)
    samples: int = attrs.field(default=2000, kw_only=True)
    seed: int = attrs.field(default=0, kw_only=True)
    bootstrap: int = attrs.field(default=0, kw_only=True)
    level: float = attrs.field(default=0.9, kw_only=True)

    def __attrs_post_init__(self) -> None:
        checks = {
            "samples": self.samples >= 1,
            "bootstrap": self.bootstrap >= 0,
            "level": 0 < self.level < 1,
        }
        for name, fine in checks.items():
            if not fine:
                value = str(getattr(self, name))
                text = f"{name} cannot be {value}"
                issue = Issue(name, f"attribution.{name}", text, value=value)
                raise ValidationError([issue])


def settings(
    model: str,
    *,
    half_life: timedelta | float = 7,
    ends: tuple[Any, Any] = ("0.4", "0.4"),
    **more: Any,
) -> Settings:
    """
    Check what a user asked for.

    Raises:
        ConfigurationError: No such model.
        ValidationError: A setting that cannot be.
    """
    check_model(model)
    rule = None
    if model in HEURISTICS:
        shares = (Decimal(str(ends[0])), Decimal(str(ends[1])))
        rule = Rule(model, shares, hours_of(half_life))
    return Settings(model, rule=rule, **more)


def check_model(model: str) -> None:
    """
    Refuse a model that does not exist.
    """
    if model not in MODELS:
        text = f"there is no attribution model '{model}'"
        guess = did_you_mean(model, MODELS)
        known = ", ".join(MODELS)
        raise ConfigurationError(
            text, hint=f"{guess + '; ' if guess else ''}use one of: {known}"
        )


def hours_of(days: timedelta | float) -> float:
    """
    A length of time in hours; a bare number is days.
    """
    length = days if isinstance(days, timedelta) else timedelta(days=float(days))
    return length / timedelta(hours=1)


def attribute(
    journeys: Journeys,
    *,
    model: str = "last",
    half_life: timedelta | float = 7,
    ends: tuple[Any, Any] = ("0.4", "0.4"),
    game: str = "",
    samples: int = 2000,
    bootstrap: int = 0,
    level: float = 0.9,
    seed: int = 0,
) -> Attribution:
    """
    Credit the conversions of journeys to channels.

    Args:
        journeys: Ways of people, e.g. from `read_paths`.
        model: `last`, `first`, `linear`, `position_based`, `time_decay`, `markov`
            (what would be lost without a channel) or `shapley` (what it adds on
            average).
        half_life: Days after which a touch counts half (`time_decay`).
        ends: Shares of the first and the last touch (`position_based`); those between
            share the rest.
        game: `rate` or `conversions` (`shapley`); the better founded when left out.
        samples: Pairs of random orders (`shapley` beyond twelve channels).
        bootstrap: How many resamples tell how sure each credit is; 0 for none.
        level: Part of the resamples that ranges hold.
        seed: Where random draws begin; the same seed gives the same answer.

    Raises:
        ConfigurationError: No such model or game.
        ValidationError: Settings that cannot be; time decay without times.
        MissingExtraError: The `analytics` extra is not installed.
    """
    chosen = settings(
        model,
        half_life=half_life,
        ends=ends,
        game=game,
        samples=samples,
        bootstrap=bootstrap,
        level=level,
        seed=seed,
    )
    return attributed(journeys, chosen)


@attrs.frozen(eq=False)
class Credited:
    """
    Conversions and worth by channel, before they are shown.
    """

    conversions: Numbers
    value: Numbers
    removal: Removal | None = None
    shapley: Shapley | None = None


def attributed(journeys: Journeys, chosen: Settings) -> Attribution:
    """
    The credit table of journeys.
    """
    credit = crediting(journeys, chosen)
    found = credit(journeys.conversions, journeys.values, journeys.nulls)
    ranges = None
    if chosen.bootstrap:
        ranges = _resampled(journeys, chosen, credit)
    return shown(
        found,
        chosen,
        channels=journeys.channels,
        totals=(fsum(journeys.conversions), fsum(journeys.values)),
        untouched=(journeys.untouched, journeys.untouched_value),
        currency=journeys.currency,
        ranges=ranges,
    )


def crediting(
    journeys: Journeys, chosen: Settings
) -> Callable[[Numbers, Numbers, Numbers], Credited]:
    """
    How weights of journeys become credits; what does not change is done once.
    """
    np = numpy()
    rule = chosen.rule
    if rule is not None:
        lengths = np.diff(journeys.starts)
        shares = rule.columns(journeys)

        def by_rule(won: Numbers, worth: Numbers, _: Numbers) -> Credited:
            sums = [
                np.bincount(
                    journeys.touches,
                    shares * np.repeat(column, lengths),
                    len(journeys.channels),
                )
                for column in (won, worth)
            ]
            return Credited(sums[0], sums[1])

        return by_rule

    def learnt(won: Numbers, worth: Numbers, lost: Numbers) -> Credited:
        if chosen.model == "markov":
            return by_chain(Transitions.of(journeys, won, worth, lost))
        return by_game(Coalitions.of(journeys, won, worth, lost), chosen)

    return learnt


def by_chain(counts: Transitions) -> Credited:
    """
    Credits in proportion to removal effects.
    """
    removal = removal_effects(counts)
    won = split_by(removal.conversions, float(counts.won.sum()))
    worth = split_by(removal.value, float(counts.worth.sum()))
    return Credited(won, worth, removal=removal)


def by_game(counts: Coalitions, chosen: Settings) -> Credited:
    """
    Credits by Shapley's rule.
    """
    found = shapley_values(
        counts, game=chosen.game, samples=chosen.samples, seed=chosen.seed
    )
    return Credited(found.conversions, found.value, shapley=found)


def _resampled(
    journeys: Journeys,
    chosen: Settings,
    credit: Callable[[Numbers, Numbers, Numbers], Credited],
) -> tuple[Any, Any]:
    """
    Low and high ends of conversions and value, over resamples of the journeys.

    Every person counts 0, 1, 2, ... times (Poisson), which is how often a person is
    drawn when as many are drawn again from a large crowd.
    """
    np = numpy()
    random = np.random.default_rng(chosen.seed)
    won, lost = journeys.conversions, journeys.nulls
    each = np.divide(journeys.values, won, out=np.zeros(len(won)), where=won > 0)
    drawn = []
    for _ in range(chosen.bootstrap):
        again = random.poisson(won).astype(float)
        found = credit(again, again * each, random.poisson(lost).astype(float))
        drawn.append((found.conversions, found.value))
    tail = (1 - chosen.level) / 2
    low, high = np.quantile(np.array(drawn), [tail, 1 - tail], axis=0)
    return low, high


def shown(
    found: Credited,
    chosen: Settings,
    *,
    channels: Sequence[str],
    totals: tuple[float, float],
    untouched: tuple[float, float],
    currency: str,
    ranges: tuple[Any, Any] | None,
) -> Attribution:
    """
    Credits as exact amounts that sum to the totals, most conversions first.
    """
    whole = decimal(totals[0])
    won = exact_shares(found.conversions, whole)
    worth = exact_shares(found.value, decimal(totals[1]))
    rows = [
        Credit(
            name,
            won[place],
            worth[place],
            share=won[place] * 100 / whole if whole else None,
            **_details(found, place, ranges),
        )
        for place, name in enumerate(channels)
    ]
    return Attribution(
        chosen.model,
        tuple(sorted(rows, key=lambda row: (-row.conversions, row.channel))),
        conversions=whole,
        value=decimal(totals[1]),
        currency=currency,
        unattributed=decimal(untouched[0]),
        unattributed_value=decimal(untouched[1]),
        residual=found.removal.residual if found.removal else None,
        level=chosen.level if ranges is not None else None,
        notes=_notes(found),
    )


def _details(
    found: Credited, place: int, ranges: tuple[Any, Any] | None
) -> dict[str, Any]:
    known: dict[str, Any] = {}
    if found.removal is not None:
        known["removal_effect"] = float(found.removal.conversions[place])
        known["value_removal_effect"] = float(found.removal.value[place])
    game = found.shapley
    if game is not None and game.error is not None and game.value_error is not None:
        known["error"] = float(game.error[place])
        known["value_error"] = float(game.value_error[place])
    if ranges is not None:
        for row, name in enumerate(("conversions_range", "value_range")):
            known[name] = tuple(decimal(float(end[row][place])) for end in ranges)
    return known


def _notes(found: Credited) -> tuple[Issue, ...]:
    if found.shapley is None:
        return ()
    text = f"Shapley values of the game of {found.shapley.game}"
    if found.shapley.error is not None:
        text += "; orders were sampled, see the errors"
    return (Issue("", "attribution.game", text, severity=Severity.INFO),)


def decimal(value: float) -> Decimal:
    """
    An amount to the millionth: far below a cent, far above what floats get wrong.
    """
    return Decimal(repr(float(value))).quantize(_STEP)


def exact_shares(
    parts: Numbers, total: Decimal, step: Decimal = _STEP
) -> list[Decimal]:
    """
    Parts to the millionth that sum to the total exactly, by largest remainder.
    """
    raw = [Decimal(repr(float(part))) for part in parts]
    found = [part.quantize(step, ROUND_FLOOR) for part in raw]
    missing = int((total - sum(found, Decimal(0))) / step)
    order = sorted(range(len(raw)), key=lambda place: found[place] - raw[place])
    if not 0 <= missing <= len(order):
        # Sums of floats were off by more than remainders: the largest part bears it.
        largest = max(order, key=lambda place: raw[place], default=None)
        if largest is not None:
            found[largest] += missing * step
        return found
    for place in order[:missing]:
        found[place] += step
    return found
