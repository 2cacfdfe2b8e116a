"""
Returns by channel, line and campaign, conversions credited to their last touch.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from smmlib.analytics._join import (
    META,
    Origin,
    channel_of,
    network_of,
    origins,
    place_of,
)
from smmlib.analytics._returns import ReturnRow, Returns
from smmlib.analytics._spend import counted_spend
from smmlib.analytics._totals import one_currency
from smmlib.errors import ConfigurationError, Issue, Severity
from smmlib.model import ConversionKind, FxRates, LineItem, Managed, Money

if TYPE_CHECKING:
    from datetime import date

    from smmlib.analytics._facts import Facts
    from smmlib.model import Conversion, MediaPlan, MetricRow

MODELS = ("last",)
NO_LINE = "(no line)"
_BOTH = "facebook + instagram"


@attrs.define
class _Sum:
    """
    A row while it is being added up.
    """

    own: bool
    spend: Decimal | None = None
    basis: str = "none"
    planned: Decimal = Decimal(0)
    planned_for: tuple[str, ...] = ()
    started: bool = True
    paid: bool = True
    conversions: int | None = None
    registrations: int | None = None
    value: Decimal | None = None
    kinds: Counter[ConversionKind] = attrs.Factory(Counter)
    revenue: Decimal = Decimal(0)
    unpriced: int = 0

    def add_row(self, row: MetricRow) -> None:
        self.spend = row.spend + (self.spend or 0)
        self.basis = "reported"
        self.conversions = _plus(self.conversions, row.conversions)
        self.registrations = _plus(self.registrations, row.registrations)
        if row.revenue is not None:
            self.value = row.revenue + (self.value or 0)

    def add_planned(self, cost: Decimal, name: str) -> None:
        self.spend = cost + (self.spend or 0)
        self.planned += cost
        self.planned_for += (name,)
        self.basis = "planned" if self.basis == "none" else self.basis

    def add_conversion(self, conversion: Conversion) -> None:
        self.kinds[conversion.kind] += 1
        if conversion.kind not in {ConversionKind.PURCHASE, ConversionKind.REFUND}:
            return
        if conversion.value is None:
            self.unpriced += conversion.kind is ConversionKind.PURCHASE
        elif conversion.kind is ConversionKind.REFUND:
            # Exports write a refund as -20 or as 20; it takes money back either way.
            self.revenue -= abs(conversion.value.amount)
        else:
            self.revenue += conversion.value.amount

    def done(self, key: str, name: str) -> ReturnRow:
        count = self.kinds
        sold = count[ConversionKind.PURCHASE]
        # Purchases without a single price give no revenue, not a revenue of zero.
        priced = self.own and not (sold and self.unpriced == sold)
        return ReturnRow(
            key,
            name,
            spend=self.spend,
            spend_basis=self.basis,
            planned_spend=self.planned,
            planned_for=self.planned_for,
            started=self.started,
            claimed_conversions=self.conversions,
            claimed_registrations=self.registrations,
            claimed_value=self.value,
            leads=count[ConversionKind.LEAD] if self.own else None,
            registrations=count[ConversionKind.REGISTRATION] if self.own else None,
            purchases=sold if self.own else None,
            refunds=count[ConversionKind.REFUND] if self.own else None,
            revenue=self.revenue if priced else None,
            paid=self.paid,
        )


def _plus(known: int | None, more: int | None) -> int | None:
    return known if more is None else more + (known or 0)


@attrs.define
class _Book:
    """
    All sums of one call.
    """

    own: bool
    plan: MediaPlan | None
    merge_meta: bool
    total: _Sum = attrs.field(init=False)
    channels: dict[str, _Sum] = attrs.Factory(dict)
    lines: dict[str, _Sum] = attrs.Factory(dict)
    campaigns: dict[str, _Sum] = attrs.Factory(dict)

    def __attrs_post_init__(self) -> None:
        self.total = _Sum(self.own)
        for key, line in (self.plan.lines if self.plan else {}).items():
            self.lines[key] = _Sum(self.own, paid=line.paid)
        for key in self.plan.campaigns if self.plan else ():
            self.campaigns[key] = _Sum(self.own)

    def at(self, sums: dict[str, _Sum], key: str) -> _Sum:
        return sums.setdefault(key, _Sum(self.own))

    def channel(self, name: str) -> _Sum:
        network, blank, rest = name.partition(" (")
        if self.merge_meta and network in {"facebook", "instagram", META}:
            name = f"{_BOTH}{blank}{rest}"
        return self.at(self.channels, name)

    def line(self, key: str) -> LineItem | None:
        return self.plan.lines.get(key) if self.plan else None

    def add_row(self, row: MetricRow) -> None:
        place = place_of(row, self.plan)
        line = self.line(place.line)
        network = row.network.value if row.network else _lone_network(line)
        sums = [self.total, self.channel(channel_of(network or "not stated", line))]
        if place.line or self.plan:
            sums.append(self.at(self.lines, place.line or NO_LINE))
        if place.campaign:
            sums.append(self.at(self.campaigns, place.campaign))
        for one in sums:
            one.add_row(row)

    def add_planned(self, key: str, line: LineItem, cost: Decimal) -> None:
        name = channel_of(_lone_network(line) or " + ".join(line.networks), line)
        for one in (self.total, self.channel(name), self.lines[key]):
            one.add_planned(cost, line.name or key)

    def add_conversion(self, conversion: Conversion, origin: Origin) -> None:
        lost = self.plan is not None and origin.social and not origin.line
        channel = self.channel(
            f"{origin.channel} {NO_LINE}" if lost else origin.channel
        )
        channel.add_conversion(conversion)
        if not origin.social:
            channel.paid = False
            return
        channel.paid = channel.paid and "(organic)" not in origin.channel
        if lost:
            self.at(self.lines, NO_LINE).add_conversion(conversion)
            return
        self.total.add_conversion(conversion)
        if origin.line:
            self.at(self.lines, origin.line).add_conversion(conversion)
        if origin.campaign:
            self.at(self.campaigns, origin.campaign).add_conversion(conversion)


def _lone_network(line: LineItem | None) -> str:
    return line.networks[0].value if line and len(line.networks) == 1 else ""


def roi(
    facts: Facts,
    plan: MediaPlan | None = None,
    *,
    model: str = "last",
    rates: FxRates | None = None,
    as_of: date | None = None,
) -> Returns:
    """
    What each channel, line and campaign cost and earned, own records beside claims.

    Every conversion is credited to the link it came by last, joined to the plan through
    its tags. Refunds are taken off. Where no cost is recorded there is no ROI.

    Args:
        facts: Numbers of platforms and conversions of the brand's own records.
        plan: Names lines and campaigns, and brings the cost of lines run by hand.
        model: How conversions are credited; `last` is what there is.
        rates: Exchange rates, needed when amounts are in several currencies.
        as_of: Last day that counts; all days when left out.

    Raises:
        ConfigurationError: No such model.
        CurrencyMismatch: Several currencies and no rates.
        ValidationError: A rate of a day is missing.
    """
    if model not in MODELS:
        message = f"there is no attribution model '{model}'"
        known = ", ".join(MODELS)
        raise ConfigurationError(
            message,
            hint=f"use one of: {known}; records that hold the last touch only "
            "cannot be credited in another way",
        )
    known_facts = _in_one_currency(facts.between(last=as_of), plan, rates)
    found = origins(known_facts.conversions, plan)
    merge = any(origin.network == META for origin in found)
    book = _Book(bool(known_facts.conversions), plan, merge)
    for row in known_facts.metrics:
        book.add_row(row)
    if plan is not None:
        _add_planned(book, plan, known_facts, rates, as_of or known_facts.last_day)
    for conversion, origin in zip(known_facts.conversions, found, strict=True):
        book.add_conversion(conversion, origin)
    return _returns(book, known_facts, found)


def _add_planned(
    book: _Book,
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
    facts: Facts, plan: MediaPlan | None, rates: FxRates | None
) -> Facts:
    currencies = {row.currency for row in facts.metrics}
    currencies |= {c.value.currency for c in facts.conversions if c.value}
    if plan is not None:
        by_hand = (v for v in plan.lines.values() if v.managed is Managed.BY_HAND)
        currencies |= {line.cost.currency for line in by_hand if line.cost}
    target = facts.currency or (plan.currency if plan else None)
    if rates is not None and target and len(currencies) > 1:
        return facts.converted(target, rates)
    one_currency(currencies, "facts")
    return facts


def _counted(conversion: Conversion) -> bool:
    wanted = {
        ConversionKind.LEAD,
        ConversionKind.REGISTRATION,
        ConversionKind.PURCHASE,
    }
    return conversion.kind in wanted


def _returns(book: _Book, facts: Facts, found: tuple[Origin, ...]) -> Returns:
    pairs = [
        (c, o) for c, o in zip(facts.conversions, found, strict=True) if _counted(c)
    ]
    unmatched = sum(1 for _, o in pairs if o.social and book.plan and not o.line)
    plan = book.plan
    names = {k: v.name or k for k, v in (plan.lines if plan else {}).items()}
    campaigns = {k: v.name or k for k, v in (plan.campaigns if plan else {}).items()}
    return Returns(
        book.total.done(
            "total", "All lines of the plan" if plan else "All social channels"
        ),
        facts.currency or (plan.currency if plan else None) or "",
        channels=tuple(
            book.channels[key].done(key, key)
            for key in sorted(book.channels, key=lambda k: _channel_order(book, k))
        ),
        lines=tuple(s.done(k, names.get(k, k)) for k, s in book.lines.items()),
        campaigns=tuple(
            s.done(k, campaigns.get(k, k)) for k, s in book.campaigns.items()
        ),
        claimed=facts.claimed,
        conversions=len(pairs),
        unmatched=unmatched,
        elsewhere=sum(1 for _, o in pairs if not o.social),
        notes=_notes(book, facts, pairs, unmatched),
    )


def _channel_order(book: _Book, key: str) -> tuple[int, Decimal, str]:
    """
    Most expensive first, then free ones, then what is not social.
    """
    one = book.channels[key]
    social = network_of(key.partition(" ")[0])[0] and NO_LINE not in key
    group = 0 if one.spend is not None else 1 if social else 2
    return group, -(one.spend or Decimal(0)), key


def _notes(
    book: _Book,
    facts: Facts,
    pairs: list[tuple[Conversion, Origin]],
    unmatched: int,
) -> tuple[Issue, ...]:
    notes = []
    if not book.own:
        text = "no own records of conversions: returns are the platforms' claims only"
        notes.append(_note("roi.no_conversions", text))
    guessed = sum(1 for _, origin in pairs if origin.guessed)
    if guessed:
        text = f"{guessed:,} misspelt utm_source tags were read as the nearest network"
        notes.append(_note("roi.source_guessed", text))
    if unmatched:
        text = f"{unmatched:,} of {len(pairs):,} own records fit no line of the plan"
        notes.append(_note("roi.unmatched", text))
    if book.plan is not None:
        last = book.plan.flight.last_day
        late = sum(1 for c, o in pairs if o.line and facts.day_of(c) > last)
        if late:
            text = f"{late:,} conversions came after the flight's end and are counted"
            notes.append(_note("roi.late", text))
    unpriced = sum(one.unpriced for one in book.channels.values())
    if unpriced:
        text = f"{unpriced:,} purchases have no value and add nothing to revenue"
        notes.append(_note("roi.no_value", text))
    return tuple(notes)


def _note(code: str, message: str) -> Issue:
    return Issue("conversions", code, message, severity=Severity.INFO)
