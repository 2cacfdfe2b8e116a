"""
Targeting criteria as a set: what is missing is added, what is too much goes.

A criterion never changes on X, and is known by its type, operator and value. Up to 500
fit into one request that is done wholly or not at all; a lost answer is settled by
reading, so that nothing is ever added twice.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.adapters._http import Repeat
from smmlib.adapters.x import _tables as tables
from smmlib.adapters.x._api import Body
from smmlib.adapters.x._build import criterion_item, drop_item
from smmlib.adapters.x._normal import Criterion, criterion_of
from smmlib.errors import ConflictError, Outcome, PlatformError, Retry

if TYPE_CHECKING:
    from smmlib.adapters.x._api import XApi
    from smmlib.adapters.x._lookup import Lookup
    from smmlib.ports import Clock

_There = Mapping[str, Sequence[Mapping[str, Any]]]
_Goals = Mapping[str, Iterable[Criterion]]

_ATTEMPTS = 4
_PAUSE_S = 2.0
_SETTLE_S = 60.0  # until reads are sure to show what was made
# At most one of each on a line item: the old one goes before the new one comes.
_ONE = ("AGE", "GENDER", "EVENT")
# X wants some types on a line item before others.
_LAST = {"ENGAGEMENT_TYPE": 1, "TV_SHOW": 1}


@attrs.frozen
class _Step:
    """
    One operation of a batch, and whose it is.
    """

    line_item: str
    item: Body


class CriteriaWriter:
    """
    Gives line items their criteria.
    """

    def __init__(self, api: XApi, lookup: Lookup, clock: Clock) -> None:
        self._api = api
        self._lookup = lookup
        self._clock = clock

    def put(
        self,
        there: _There | None,
        wanted: _Goals,
    ) -> dict[str, PlatformError]:
        """
        Make the criteria of line items what they should be.

        Args:
            there: Raw criteria that stand now, by line item.
            wanted: All criteria that should stand, by line item.

        Returns:
            Errors of the line items that could not be given theirs.
        """
        failed: dict[str, PlatformError] = {}
        goals = {own: tuple(rows) for own, rows in wanted.items()}
        lost = False
        for attempt in range(_ATTEMPTS):
            open_ = {own: goals[own] for own in goals if own not in failed}
            steps = _steps(there or {}, open_)
            troubled = self._send(steps, failed) if steps else None
            if troubled is None:
                break
            lost = lost or troubled.outcome is Outcome.UNKNOWN
            # Nobody knows what of it was done: what stands there tells.
            there = self._read(open_)
            if there is None or not _again(troubled, attempt):
                return self._missing(open_, there, troubled) | failed
        return self._doubted(goals, failed) if lost else failed

    def _doubted(
        self, goals: _Goals, failed: dict[str, PlatformError]
    ) -> dict[str, PlatformError]:
        """
        Failures that stand: after a lost answer X refuses as twice what is there.
        """
        if not failed:
            return failed
        self._clock.sleep(_SETTLE_S)
        there = self._read(failed)
        return {
            own: error
            for own, error in failed.items()
            if there is None or _steps(there, {own: goals[own]})
        }

    def _missing(
        self, open_: _Goals, there: _There | None, error: PlatformError
    ) -> dict[str, PlatformError]:
        """
        The error of every line item that has not got all it should.
        """
        lacking = [
            own
            for own, goal in open_.items()
            if there is None or _steps(there, {own: goal})
        ]
        return {own: copy.copy(error) for own in lacking}

    def _read(self, line_items: Iterable[str]) -> _There | None:
        """
        What stands after an answer was lost; None where it cannot be read either.
        """
        self._clock.sleep(_PAUSE_S)
        try:
            return self._lookup.criteria(line_items)
        except PlatformError:
            return None

    def _send(
        self, steps: Sequence[_Step], failed: dict[str, PlatformError]
    ) -> PlatformError | None:
        """
        Send all steps; an error that says nothing about single ones is given back.
        """
        left = list(steps)
        while left:
            part = left[: tables.CRITERIA_BATCH]
            try:
                told = self._api.batch(
                    "targeting_criteria",
                    [step.item for step in part],
                    repeat=Repeat.CREATE,
                )
            except PlatformError as error:
                return error
            bad = {
                step.line_item: row
                for step, row in zip(part, told, strict=True)
                if isinstance(row, PlatformError) and row.code is not None
            }
            if not bad:
                refused = next((r for r in told if isinstance(r, ConflictError)), None)
                if refused is not None:
                    return refused
                left = left[len(part) :]
                continue
            failed.update(bad)
            left = [step for step in left if step.line_item not in bad]
        return None


def _steps(there: _There, wanted: _Goals) -> list[_Step]:
    """
    What has to be added and taken away, so that nobody is ever left without criteria.
    """
    found: list[_Step] = []
    for own, goal in wanted.items():
        now = {criterion_of(row): str(row["id"]) for row in there.get(own, ())}
        due = dict.fromkeys(goal)
        new = sorted(
            (one for one in due if one not in now),
            key=lambda one: (one[0] not in _ONE, _LAST.get(one[0], 0)),
        )
        old = [(one, name) for one, name in now.items() if one not in due]
        early = [name for one, name in old if one[0] in _ONE]
        late = [name for one, name in old if one[0] not in _ONE]
        items = [
            *(drop_item(name) for name in early),
            *(criterion_item(own, one) for one in new),
            *(drop_item(name) for name in late),
        ]
        found += [_Step(own, item) for item in items]
    return found


def _again(error: PlatformError, attempt: int) -> bool:
    lost = error.outcome is Outcome.UNKNOWN or error.retry is not Retry.NEVER
    return lost and attempt + 1 < _ATTEMPTS
