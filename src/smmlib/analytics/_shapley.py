"""
Channels as players of a game: what each adds on average, whoever came before it.
"""

from __future__ import annotations

from math import factorial, sqrt
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.analytics._journeys import numpy
from smmlib.errors import ConfigurationError, Issue, ValidationError

if TYPE_CHECKING:
    from smmlib.analytics._journeys import Journeys, Numbers, Places

EXACT = 12
"""
Up to this many channels every coalition is looked at; beyond, orders are sampled.
"""
GAMES = ("rate", "conversions")
_MOST = 62  # bits of a mask


@attrs.frozen(eq=False)
class Coalitions:
    """
    What journeys brought by the set of channels they touched.

    Attributes:
        masks: Sets of channels: bit n stands for channel n.
        won: Conversions by set.
        worth: What they were worth.
        seen: Journeys by set, converted or not.
        players: How many channels there are.
    """

    masks: Places
    won: Numbers = attrs.field(kw_only=True)
    worth: Numbers = attrs.field(kw_only=True)
    seen: Numbers = attrs.field(kw_only=True)
    players: int = attrs.field(kw_only=True)

    @classmethod
    def of(
        cls, journeys: Journeys, won: Numbers, worth: Numbers, lost: Numbers
    ) -> Coalitions:
        """
        Sum journeys by the set of their channels.
        """
        np = numpy()
        players = len(journeys.channels)
        check_players(players)
        bits = np.left_shift(np.int64(1), journeys.touches)
        found = np.zeros(0, dtype=np.int64)
        if len(journeys):
            found = np.bitwise_or.reduceat(bits, journeys.starts[:-1])
        masks, where = np.unique(found, return_inverse=True)
        sums = [
            np.bincount(where, column, len(masks))
            for column in (won, worth, won + lost)
        ]
        return cls(masks, won=sums[0], worth=sums[1], seen=sums[2], players=players)


def check_players(players: int) -> None:
    """
    Refuse more channels than a mask has bits.
    """
    if players > _MOST:
        text = f"a game of {players:,} channels is too large"
        hint = "credit channels, not campaigns or ads; or use model='markov'"
        issue = Issue(
            "model",
            "attribution.too_many",
            text,
            value=str(players),
            limit=str(_MOST),
            hint=hint,
        )
        raise ValidationError([issue])


@attrs.frozen(eq=False)
class Shapley:
    """
    Shapley values that sum to the total, and how sure they are.

    Attributes:
        conversions: Conversions by channel.
        value: Worth by channel.
        error: Standard error of the conversions; None where every coalition counted.
        value_error: The same for the worth.
        game: Which game was played.
    """

    conversions: Numbers
    value: Numbers
    error: Numbers | None
    value_error: Numbers | None
    game: str


def shapley_values(
    counts: Coalitions, *, game: str = "", samples: int = 2000, seed: int = 0
) -> Shapley:
    """
    Credits by Shapley's rule, exact to 12 channels.

    Args:
        counts: What each set of channels brought.
        game: `rate`: a coalition is worth the share of journeys that convert among
            those that touched no other channel; `conversions`: it is worth these
            conversions themselves. Left out: `rate`, or `conversions` where nothing is
            known of journeys that did not convert.
        samples: Pairs of orders that are drawn beyond 12 channels.
        seed: Where the draw begins.

    Raises:
        ConfigurationError: No such game.
    """
    np = numpy()
    if game and game not in GAMES:
        text = f"there is no game '{game}'"
        raise ConfigurationError(text, hint=f"use one of: {', '.join(GAMES)}")
    lost = counts.seen.sum() > counts.won.sum()
    game = game or ("rate" if lost else "conversions")
    if game == "conversions":
        won, worth = _split_evenly(counts)
        return Shapley(won, worth, None, None, game)
    people = counts.seen.sum()
    if counts.players <= EXACT:
        won, worth = (_exact(counts, brought) for brought in (counts.won, counts.worth))
        return Shapley(won * people, worth * people, None, None, game)
    means, errors = _sampled(counts, samples, np.random.default_rng(seed))
    scale = people
    return Shapley(
        means[0] * scale, means[1] * scale, errors[0] * scale, errors[1] * scale, game
    )


def _members(counts: Coalitions) -> Any:
    np = numpy()
    bits = np.arange(counts.players, dtype=np.int64)
    return (counts.masks[:, None] >> bits) & 1 > 0


def _split_evenly(counts: Coalitions) -> tuple[Numbers, Numbers]:
    """
    The game of conversions is a sum of games that a set wins only as a whole: there
    each member gets the same, however many channels there are.
    """
    np = numpy()
    inside = _members(counts)
    sizes = np.maximum(inside.sum(axis=1), 1)
    return (counts.won / sizes) @ inside, (counts.worth / sizes) @ inside


def _exact(counts: Coalitions, brought: Numbers) -> Numbers:
    """
    All coalitions: sums over subsets first, then every channel's part in each.
    """
    np = numpy()
    players = counts.players
    everything = 1 << players
    won = np.bincount(counts.masks, brought, everything)
    seen = np.bincount(counts.masks, counts.seen, everything)
    for player in range(players):
        for sums in (won, seen):
            pairs = sums.reshape(-1, 2, 1 << player)
            pairs[:, 1] += pairs[:, 0]
    rates = np.divide(won, seen, out=np.zeros(everything), where=seen > 0)
    sizes = np.array([mask.bit_count() for mask in range(everything)])
    weights = np.array(
        [
            factorial(size) * factorial(players - size - 1) / factorial(players)
            for size in range(players)
        ]
    )
    found: Numbers = np.zeros(players)
    for player in range(players):
        added = rates.reshape(-1, 2, 1 << player)
        size = sizes.reshape(-1, 2, 1 << player)[:, 0]
        found[player] = (weights[size] * (added[:, 1] - added[:, 0])).sum()
    return found


def _sampled(counts: Coalitions, samples: int, random: Any) -> tuple[Any, Any]:
    """
    What channels add in random orders, each order with its reverse.
    """
    np = numpy()
    inside = _members(counts)
    sums = np.zeros((2, counts.players))
    squares = np.zeros((2, counts.players))
    for _ in range(samples):
        order = random.permutation(counts.players)
        pair = _added(counts, inside, order) + _added(counts, inside, order[::-1])
        sums += pair / 2
        squares += (pair / 2) ** 2
    means = sums / samples
    spread = np.maximum(squares / samples - means**2, 0.0)
    return means, np.sqrt(spread) / sqrt(max(samples - 1, 1))


def _added(counts: Coalitions, inside: Any, order: Any) -> Any:
    """
    What each channel adds to those before it in one order.
    """
    np = numpy()
    rank = np.empty(counts.players, dtype=np.int64)
    rank[order] = np.arange(counts.players)
    complete = np.where(inside, rank, -1).max(axis=1)
    seen = np.bincount(complete, counts.seen, counts.players).cumsum()
    found = np.empty((2, counts.players))
    for row, brought in enumerate((counts.won, counts.worth)):
        won = np.bincount(complete, brought, counts.players).cumsum()
        rates = np.divide(won, seen, out=np.zeros(counts.players), where=seen > 0)
        found[row, order] = np.diff(rates, prepend=0.0)
    return found
