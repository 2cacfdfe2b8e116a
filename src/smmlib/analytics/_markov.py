"""
Journeys as a chain from touch to touch: what would be lost without a channel, exactly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from smmlib.analytics._journeys import numpy
from smmlib.errors import Issue, ValidationError

if TYPE_CHECKING:
    from smmlib.analytics._journeys import Journeys, Numbers

MOST_STATES = 4000
"""
A chain of more states than this would not fit into a laptop's memory.
"""


@attrs.frozen(eq=False)
class Transitions:
    """
    How often people went from one channel to the next: all a chain needs to know.

    Attributes:
        first: How many journeys begin with each channel.
        steps: How often the column's channel followed the row's.
        won: How many journeys end in a conversion after each channel.
        worth: What these conversions were worth.
        lost: How many journeys end in none after each channel.
    """

    first: Numbers
    steps: Numbers = attrs.field(kw_only=True)
    won: Numbers = attrs.field(kw_only=True)
    worth: Numbers = attrs.field(kw_only=True)
    lost: Numbers = attrs.field(kw_only=True)

    @classmethod
    def of(
        cls, journeys: Journeys, won: Numbers, worth: Numbers, lost: Numbers
    ) -> Transitions:
        """
        Count the steps of journeys, weighted as told.
        """
        np = numpy()
        size, codes, starts = len(journeys.channels), journeys.touches, journeys.starts
        check_size(size)
        seen = won + lost
        heads, tails = codes[starts[:-1]], codes[starts[1:] - 1]
        inside = np.ones(len(codes), dtype=bool)
        inside[starts[1:] - 1] = False
        places = np.flatnonzero(inside)
        weights = np.repeat(seen, np.diff(starts) - 1)
        pairs = codes[places] * size + codes[places + 1]

        def counted(where: Any, what: Any, length: int) -> Numbers:
            sums: Numbers = np.bincount(where, what, length)
            return sums

        return cls(
            counted(heads, seen, size),
            steps=counted(pairs, weights, size * size).reshape(size, size),
            won=counted(tails, won, size),
            worth=counted(tails, worth, size),
            lost=counted(tails, lost, size),
        )


@attrs.frozen(eq=False)
class Removal:
    """
    What part of all conversions would be lost without each channel.

    Attributes:
        conversions: Removal effect by channel, from 0 to 1.
        value: The same for the worth of conversions.
        rate: Probability that a journey converts.
        residual: The largest error left in the solved equations.
    """

    conversions: Numbers
    value: Numbers
    rate: float
    residual: float


def check_size(states: int) -> None:
    """
    Refuse a chain that could not be solved.
    """
    if states > MOST_STATES:
        text = f"a chain of {states:,} channels is too large to be solved"
        hint = "credit channels or campaigns, not single ads"
        issue = Issue(
            "model",
            "attribution.too_many",
            text,
            value=str(states),
            limit=f"{MOST_STATES:,}",
            hint=hint,
        )
        raise ValidationError([issue])


def removal_effects(counts: Transitions) -> Removal:
    """
    Removal effects from the chain's fundamental matrix: solved, never simulated.

    Whoever would have gone on to a removed channel is lost. With visits `N` and the
    chance `x` to convert from each channel, that loses the share
    `P(reach c) * x[c]` of all conversions, where `P(reach c) = (s N)[c] / N[c, c]`.
    """
    np = numpy()
    # A channel after itself only delays; without these steps the sums are exact.
    steps = counts.steps - np.diag(np.diag(counts.steps))
    leaving = steps.sum(axis=1) + counts.won + counts.lost
    rows = np.where(leaving > 0, leaving, 1.0)
    size = len(rows)
    chain = np.eye(size) - steps / rows[:, None]
    begin = counts.first / max(counts.first.sum(), 1e-300)
    ends = np.stack([counts.won / rows, counts.worth / rows], axis=1)
    chances = _solved(chain, ends)
    reached = _solved(chain.T, begin[:, None])[:, 0]
    visits = _solved(chain, np.eye(size))
    residual = max(
        float(np.abs(chain @ chances - ends).max(initial=0.0)),
        float(np.abs(chain.T @ reached - begin).max(initial=0.0)),
    )
    total = begin @ chances
    there = reached / np.diag(visits)
    effects = [
        there * chances[:, which] / total[which] if total[which] else np.zeros(size)
        for which in (0, 1)
    ]
    return Removal(effects[0], effects[1], rate=float(total[0]), residual=residual)


def _solved(matrix: Any, right: Any) -> Any:
    """
    The solution, refined once with its own error.
    """
    np = numpy()
    found = np.linalg.solve(matrix, right)
    return found + np.linalg.solve(matrix, right - matrix @ found)


def split_by(effects: Numbers, total: float) -> Numbers:
    """
    A total shared out in proportion to removal effects.
    """
    whole = effects.sum()
    return effects * (total / whole) if whole else effects * 0.0
