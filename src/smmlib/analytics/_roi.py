"""
Returns by channel, line, campaign and ad, conversions credited by a chosen model.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.analytics._attribution import Settings, hours_of, settings
from smmlib.analytics._book import NO_LINE, Book, tidy
from smmlib.analytics._costs import WorkCost, read_costs
from smmlib.analytics._join import META, Origin, network_of, origins
from smmlib.analytics._returns import Returns
from smmlib.analytics._spend import counted_spend
from smmlib.analytics._totals import one_currency
from smmlib.analytics._trails import (
    COUNTED,
    Trails,
    Window,
    parts_of,
    purchases,
    trails_of,
)
from smmlib.errors import Issue, Severity
from smmlib.model import FxRates, Managed, Money

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from smmlib.analytics._facts import Facts
    from smmlib.model import Conversion, MediaPlan


def roi(
    facts: Facts,
    plan: MediaPlan | None = None,
    *,
    model: str = "last",
    lookback: timedelta | float = 30,
    view_lookback: timedelta | float = 1,
    half_life: timedelta | float = 7,
    ends: tuple[Any, Any] = ("0.4", "0.4"),
    game: str = "",
    costs: Mapping[str, WorkCost | Money | str] | None = None,
    bootstrap: int = 0,
    level: float = 0.9,
    seed: int = 0,
    rates: FxRates | None = None,
    as_of: date | None = None,
) -> Returns:
    """
    What each channel, line, campaign and ad cost and earned, own records beside claims.

    Every conversion is credited to the touches of its person before it, or, where none
    is known, to the link it came by last, joined to the plan through its tags. Refunds
    are taken off where their purchase was credited. Where no cost is recorded there is
    no ROI.

    Args:
        facts: Numbers of platforms, conversions of the brand's own records, touches.
        plan: Names lines and campaigns, and brings the cost of lines run by hand.
        model: How conversions are credited: `last`, `first`, `linear`,
            `position_based`, `time_decay`, `markov` or `shapley`.
        lookback: Days before a conversion in which clicks and visits count.
        view_lookback: Days in which an ad that was only seen counts.
        half_life: Days after which a touch counts half (`time_decay`).
        ends: Shares of the first and the last touch (`position_based`).
        game: Which game channels play (`shapley`): `rate` or `conversions`.
        costs: What free work cost, by key of a post or a line.
        bootstrap: How many resamples tell how sure a channel's revenue is; 0 for none.
        level: Part of the resamples that ranges hold.
        seed: Where random draws begin.
        rates: Exchange rates, needed when amounts are in several currencies.
        as_of: Last day that counts; all days when left out.

    Raises:
        ConfigurationError: No such model.
        CurrencyMismatch: Several currencies and no rates.
        ValidationError: A rate of a day is missing, or a setting that cannot be.
        MissingExtraError: `markov`, `shapley` and resamples need the `analytics` extra.
    """
    chosen = settings(
        model,
        half_life=half_life,
        ends=ends,
        game=game,
        bootstrap=bootstrap,
        level=level,
        seed=seed,
    )
    spent = read_costs(costs, plan)
    known = _in_one_currency(facts.between(last=as_of), plan, rates, spent)
    own = origins(known.conversions, plan)
    window = Window(
        timedelta(hours=hours_of(lookback)), timedelta(hours=hours_of(view_lookback))
    )
    trails = trails_of(known, plan, own, window)
    merge = any(o.network == META for trail in trails.found for o in trail.origins)
    book = Book(bool(known.conversions), plan, merge)
    for row in known.metrics:
        book.add_row(row)
    if plan is not None:
        _add_planned(book, plan, known, rates, as_of or known.last_day)
    for key, cost in spent.items():
        book.add_cost(key, _in_currency(cost, known, plan, key, rates))
    parts = parts_of(known, trails, chosen, book.node)
    for conversion, shared in zip(known.conversions, parts, strict=True):
        for part in shared:
            book.add_conversion(conversion, part)
    found = _returns(book, known, chosen, own, trails)
    return _with_ranges(found, known, trails, chosen, book) if bootstrap else found


def _in_currency(
    cost: Money,
    facts: Facts,
    plan: MediaPlan | None,
    key: str,
    rates: FxRates | None,
) -> Money:
    """
    What work cost, at the rate of the day its post went out, or of the first day.
    """
    target = facts.currency or (plan.currency if plan else None) or cost.currency
    if rates is None or cost.currency == target:
        return cost
    post = plan.posts.get(key) if plan else None
    start = plan.flight.first_day if plan else facts.first_day
    day = post.at.date() if post and post.at else start
    return rates.convert(cost, target, day) if day else cost


def _with_ranges(
    found: Returns, facts: Facts, trails: Trails, chosen: Settings, book: Book
) -> Returns:
    """
    The same returns, each channel with where its revenue lies in most resamples.
    """
    table = purchases(facts, trails, chosen, book.node)
    if table is None:
        return found
    ranges = {row.channel: row.value_range for row in table.credits}
    return attrs.evolve(
        found,
        channels=tuple(
            attrs.evolve(row, revenue_range=ranges.get(row.key))
            for row in found.channels
        ),
    )


def _add_planned(
    book: Book,
    plan: MediaPlan,
    facts: Facts,
    rates: FxRates | None,
    day: date | None,
) -> None:
    """
    Prices of lines run by hand that no results file has told.
    """
    for key, line in plan.lines.items():
        flight = line.flight or plan.flight
        book.lines[key].started = day is None or flight.first_day <= day
        cost, basis = counted_spend(line, flight, book.lines[key].spend, day)
        if basis != "planned" or cost is None or line.cost is None:
            continue
        if rates is not None and line.cost.currency != facts.currency:
            target = facts.currency or line.cost.currency
            due = Money(cost, line.cost.currency)
            cost = rates.convert(due, target, flight.first_day).amount
        book.add_planned(key, line, cost)


def _in_one_currency(
    facts: Facts,
    plan: MediaPlan | None,
    rates: FxRates | None,
    costs: Mapping[str, Money],
) -> Facts:
    currencies = {row.currency for row in facts.metrics}
    currencies |= {c.value.currency for c in facts.conversions if c.value}
    if plan is not None:
        by_hand = (v for v in plan.lines.values() if v.managed is Managed.BY_HAND)
        currencies |= {line.cost.currency for line in by_hand if line.cost}
    currencies |= {cost.currency for cost in costs.values()}
    target = facts.currency or (plan.currency if plan else None)
    if rates is not None and target and len(currencies) > 1:
        return facts.converted(target, rates)
    one_currency(currencies, "facts")
    return facts


def _counted(conversion: Conversion) -> bool:
    return conversion.kind in COUNTED


def _returns(
    book: Book,
    facts: Facts,
    chosen: Settings,
    own: tuple[Origin, ...],
    trails: Trails,
) -> Returns:
    pairs = [(c, o) for c, o in zip(facts.conversions, own, strict=True) if _counted(c)]
    plan = book.plan
    names = {k: v.name or k for k, v in (plan.lines if plan else {}).items()}
    campaigns = {k: v.name or k for k, v in (plan.campaigns if plan else {}).items()}
    return Returns(
        book.total.done(
            "total", "All lines of the plan" if plan else "All social channels"
        ),
        facts.currency or (plan.currency if plan else None) or "",
        model=chosen.model,
        channels=tuple(
            book.channels[key].done(key, key)
            for key in sorted(book.channels, key=lambda k: _channel_order(book, k))
        ),
        lines=tuple(s.done(k, names.get(k, k)) for k, s in book.lines.items()),
        campaigns=tuple(
            s.done(k, campaigns.get(k, k)) for k, s in book.campaigns.items()
        ),
        ads=tuple(s.done(k, k) for k, s in sorted(book.ads.items())),
        claimed=facts.claimed,
        conversions=len(pairs),
        unmatched=tidy(book.unmatched) if plan else 0,
        elsewhere=tidy(book.elsewhere),
        level=chosen.level if chosen.bootstrap else None,
        notes=_notes(book, facts, chosen, pairs, trails),
    )


def _channel_order(book: Book, key: str) -> tuple[int, Decimal, str]:
    """
    Most expensive first, then free ones, then what is not social.
    """
    one = book.channels[key]
    social = network_of(key.partition(" ")[0])[0] and NO_LINE not in key
    group = 0 if one.spend is not None else 1 if social else 2
    return group, -(one.spend or Decimal(0)), key


def _notes(
    book: Book,
    facts: Facts,
    chosen: Settings,
    pairs: list[tuple[Conversion, Origin]],
    trails: Trails,
) -> tuple[Issue, ...]:
    notes = []
    if not book.own:
        text = "no own records of conversions: returns are the platforms' claims only"
        notes.append(_note("roi.no_conversions", text))
    elif chosen.model != "last" and not trails.linked:
        text = (
            "every record holds its last touch only: each model gives it all the "
            "credit; touches of people before they convert make the difference"
        )
        notes.append(_note("roi.one_touch", text))
    guessed = sum(1 for _, origin in pairs if origin.guessed)
    if guessed:
        text = f"{guessed:,} misspelt utm_source tags were read as the nearest network"
        notes.append(_note("roi.source_guessed", text))
    unmatched = tidy(book.unmatched)
    if unmatched and book.plan is not None:
        text = f"{unmatched:,} of {len(pairs):,} own records fit no line of the plan"
        notes.append(_note("roi.unmatched", text))
    if book.plan is not None:
        last = book.plan.flight.last_day
        late = sum(1 for c, o in pairs if o.line and facts.day_of(c) > last)
        if late:
            text = f"{late:,} conversions came after the flight's end and are counted"
            notes.append(_note("roi.late", text))
    unpriced = tidy(sum((one.unpriced for one in book.channels.values()), Decimal(0)))
    if unpriced:
        text = f"{unpriced:,} purchases have no value and add nothing to revenue"
        notes.append(_note("roi.no_value", text))
    return tuple(notes)


def _note(code: str, message: str) -> Issue:
    return Issue("conversions", code, message, severity=Severity.INFO)
