"""
Credit tables from sums that the database made: nothing but these sums is fetched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.analytics._attribution import (
    Attribution,
    Credited,
    Settings,
    by_chain,
    by_game,
    shown,
)
from smmlib.analytics._journeys import numpy
from smmlib.analytics._markov import Transitions, check_size
from smmlib.analytics._shapley import Coalitions, check_players
from smmlib.analytics._warehouse import _queries as q
from smmlib.analytics._warehouse._schema import END, LEVELS, table
from smmlib.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

    Ask = Callable[..., tuple[tuple[str, ...], list[tuple[Any, ...]]]]

KINDS = ("purchase", "registration", "lead", "refunded")


def credited(ask: Ask, chosen: Settings, *, by: str, kind: str) -> Attribution:
    """
    The credit table of one kind of conversion at one level.
    """
    _check(by, LEVELS, "level")
    _check(kind, KINDS, "kind")
    if chosen.model == "shapley" and by != "channel":
        text = "Shapley values are of channels"
        raise ConfigurationError(text, hint="use by='channel', or model='markov'")
    key = ("labels", by)
    _, names = ask(lambda: _labels(by), key)
    labels = [name for _, name in sorted(names)]
    found = _sums(ask, chosen, by, kind, len(labels))
    totals = (float(found.conversions.sum()), float(found.value.sum()))
    table_of = shown(
        found,
        chosen,
        channels=labels,
        totals=totals,
        untouched=(0.0, 0.0),
        currency="",
        ranges=None,
    )
    return _without_strangers(table_of)


def _without_strangers(found: Attribution) -> Attribution:
    """
    Only channels that this kind of conversion has anything to do with.
    """
    import attrs

    kept = [
        row
        for row in found.credits
        if row.conversions or row.value or row.removal_effect
    ]
    return attrs.evolve(found, credits=tuple(kept))


def _labels(level: str) -> Any:
    t = table("labels")
    return t.filter(t.level == level).select("code", "name")


def _check(value: str, known: tuple[str, ...], what: str) -> None:
    if value not in known:
        text = f"there is no {what} '{value}'"
        raise ConfigurationError(text, hint=f"use one of: {', '.join(known)}")


def _sums(ask: Ask, chosen: Settings, by: str, kind: str, size: int) -> Credited:
    if chosen.rule is not None:
        return _by_rule(ask, chosen, by, kind, size)
    if chosen.model == "markov":
        check_size(size)
        return by_chain(_transitions(ask, by, kind, size))
    check_players(size)
    return by_game(_coalitions(ask, kind, size), chosen)


def _by_rule(ask: Ask, chosen: Settings, by: str, kind: str, size: int) -> Credited:
    np = numpy()
    rule = chosen.rule
    if rule is None:
        return Credited(np.zeros(size), np.zeros(size))
    ends = (float(rule.ends[0]), float(rule.ends[1]))
    key = ("rule", rule.name, kind, by, ends, rule.half_life)
    _, rows = ask(lambda: q.by_rule(rule.name, kind, by, ends, rule.half_life), key)
    won, worth = np.zeros(size), np.zeros(size)
    for code, count, value in rows:
        won[code], worth[code] = float(count), float(value or 0)
    return Credited(won, worth)


def _transitions(ask: Ask, by: str, kind: str, size: int) -> Transitions:
    np = numpy()
    names, rows = ask(lambda: q.transitions(kind, by), ("transitions", kind, by))
    counts = Transitions(
        np.zeros(size),
        steps=np.zeros((size, size)),
        won=np.zeros(size),
        worth=np.zeros(size),
        lost=np.zeros(size),
    )
    for row in rows:
        # Whole sums come as decimals from some engines.
        cells = {name: float(cell) for name, cell in zip(names, row, strict=True)}
        code, following = int(cells["code"]), int(cells["following"])
        counts.first[code] += cells["begun"]
        if following == END:
            counts.won[code] += cells["won"]
            counts.worth[code] += cells["worth"]
            counts.lost[code] += cells["seen"] - cells["won"]
        else:
            counts.steps[code, following] += cells["seen"]
    return counts


def _coalitions(ask: Ask, kind: str, size: int) -> Coalitions:
    np = numpy()
    names, rows = ask(lambda: q.coalitions(kind), ("coalitions", kind))
    columns = {
        name: np.array([row[place] for row in rows]) for place, name in enumerate(names)
    }
    return Coalitions(
        columns["channels"].astype(np.int64),
        won=columns["won"].astype(float),
        worth=columns["worth"].astype(float),
        seen=columns["seen"].astype(float),
        players=size,
    )
