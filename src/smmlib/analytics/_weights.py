"""
Rules of thumb: how one conversion is shared out among the touches before it.

Each rule exists twice, exact for a few records and by columns for millions; a test
holds them to each other.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from smmlib.analytics._journeys import numpy
from smmlib.errors import Issue, ValidationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smmlib.analytics._journeys import Journeys, Numbers, Places

HEURISTICS = ("last", "first", "linear", "position_based", "time_decay")
DATA_DRIVEN = ("markov", "shapley")
MODELS = (*HEURISTICS, *DATA_DRIVEN)


@attrs.frozen
class Rule:
    """
    A rule of thumb with its settings.

    Attributes:
        name: `last`, `first`, `linear`, `position_based` or `time_decay`.
        ends: Shares of the first and the last touch (`position_based`).
        half_life: Hours after which a touch counts half (`time_decay`).
    """

    name: str
    ends: tuple[Decimal, Decimal] = (Decimal("0.4"), Decimal("0.4"))
    half_life: float = 168.0

    def __attrs_post_init__(self) -> None:
        if min(self.ends) < 0 or not 0 < sum(self.ends) <= 1:
            self._refuse("ends", str(self.ends), "two shares of together at most 1")
        if self.half_life <= 0:
            self._refuse("half_life", str(self.half_life), "more than no time")

    @staticmethod
    def _refuse(name: str, value: str, limit: str) -> None:
        text = f"{name} cannot be {value}"
        issue = Issue(name, f"attribution.{name}", text, value=value, limit=limit)
        raise ValidationError([issue])

    def shares(self, hours: Sequence[float]) -> list[Decimal]:
        """
        Exact shares of the touches of one journey, the first touch first; together 1.

        Args:
            hours: Hours from each touch to the conversion.
        """
        count = len(hours)
        found = [Decimal(0)] * count
        if self.name == "first" or count == 1:
            found[0] = Decimal(1)
        elif self.name == "last":
            found[-1] = Decimal(1)
        elif self.name == "linear":
            found = [Decimal(1) / count] * count
        elif self.name == "position_based":
            found = self._positions(count)
        else:
            least = min(hours)
            raw = [Decimal(0.5 ** ((age - least) / self.half_life)) for age in hours]
            found = [share / sum(raw) for share in raw]
        found[-1] = 1 - sum(found[:-1], Decimal(0))
        return found

    def _positions(self, count: int) -> list[Decimal]:
        first, last = self.ends
        if count == 2:  # noqa: PLR2004 -- nobody stands between two
            return [first / (first + last), last / (first + last)]
        middle = (1 - first - last) / (count - 2)
        return [first, *[middle] * (count - 2), last]

    def columns(self, journeys: Journeys) -> Numbers:
        """
        The same shares for every touch of all journeys.

        Raises:
            ValidationError: Time decay, and nobody knows when touches were.
        """
        np = numpy()
        starts = journeys.starts
        found: Numbers = np.zeros(len(journeys.touches))
        if self.name == "first":
            found[starts[:-1]] = 1.0
        elif self.name == "last":
            found[starts[1:] - 1] = 1.0
        elif self.name == "linear":
            lengths = np.diff(starts)
            found = np.repeat(1.0 / lengths, lengths)
        elif self.name == "position_based":
            found = self._position_columns(starts)
        elif len(found):
            found = self._decay_columns(journeys)
        return found

    def _position_columns(self, starts: Places) -> Numbers:
        np = numpy()
        first, last = (float(share) for share in self.ends)
        lengths = np.diff(starts)
        between = np.maximum(lengths - 2, 1)
        found: Numbers = np.repeat((1.0 - first - last) / between, lengths)
        pair = np.where(lengths == 2, first + last, 1.0)  # noqa: PLR2004 -- two touches
        found[starts[:-1]] = first / pair
        found[starts[1:] - 1] = last / pair
        found[starts[:-1][lengths == 1]] = 1.0
        return found

    def _decay_columns(self, journeys: Journeys) -> Numbers:
        np = numpy()
        if journeys.hours is None:
            text = "time decay needs the time of every touch, and paths hold none"
            hint = "use position_based, or give journeys with hours"
            raise ValidationError(
                [Issue("model", "attribution.no_times", text, hint=hint)]
            )
        starts, lengths = journeys.starts[:-1], np.diff(journeys.starts)
        # From the last touch and not from the conversion: the same shares, and no
        # power of a half becomes too small to be told from zero.
        least = np.minimum.reduceat(journeys.hours, starts)
        ages = journeys.hours - np.repeat(least, lengths)
        raw = np.exp2(-ages / self.half_life)
        found: Numbers = raw / np.repeat(np.add.reduceat(raw, starts), lengths)
        return found
