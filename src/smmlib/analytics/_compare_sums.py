"""
Sums of any source, own records beside claims: what KPI tables are made of.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.analytics._facts import Facts
from smmlib.analytics._join import origins
from smmlib.analytics._totals import one_currency
from smmlib.model import ConversionKind, FxRate, FxRates

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from smmlib.analytics._totals import Totals
    from smmlib.analytics._warehouse import Warehouse
    from smmlib.model import MediaPlan

    Values = dict[str, Decimal | None]
    Where = Mapping[str, str | Collection[str]] | None

OWN = ("leads", "registrations", "visits", "customers", "revenue")
_OWN_BY = ("network", "line", "campaign")
_KINDS = {
    "leads": ConversionKind.LEAD,
    "registrations": ConversionKind.REGISTRATION,
    "visits": ConversionKind.VISIT,
}


@attrs.frozen
class Source:
    """
    Where sums come from, and what they are converted to.

    Attributes:
        facts: Facts, or the warehouse they stand in.
        plan: Joins own records to lines; None to go by their tags alone.
        currency: What amounts are converted to; empty for as they are.
        rates: Exchange rates for facts; a warehouse brings its own.
    """

    facts: Facts | Warehouse
    plan: MediaPlan | None = None
    currency: str = ""
    rates: FxRates | None = None

    def days(self) -> tuple[date, date] | None:
        """
        The first and the last day with numbers.
        """
        if isinstance(self.facts, Facts):
            first, last = self.facts.first_day, self.facts.last_day
            return (first, last) if first and last else None
        t = self.facts.table("metrics")
        asked = self.facts.run(t.agg(first=t.on.min(), last=t.on.max()))
        first, last = asked.rows[0]
        return None if first is None else (first, last)

    def totals(
        self, by: Sequence[str], where: Where, first: date, last: date
    ) -> tuple[Totals, ...]:
        """
        Claimed sums by group.

        Raises:
            CurrencyMismatch: A group mixes currencies, and none is named.
            ValidationError: A rate is missing.
        """
        if isinstance(self.facts, Facts):
            return self._converted(first, last).totals(by, where=where)
        return self.facts.totals(
            by, where=where, first=first, last=last, currency=self.currency
        )

    def _converted(self, first: date, last: date) -> Facts:
        assert isinstance(self.facts, Facts)  # noqa: S101 - its callers asked
        known = self.facts.between(first, last)
        if self.currency:
            return known.converted(self.currency, self.rates or FxRates())
        return known

    def own(
        self, by: Sequence[str], first: date, last: date
    ) -> dict[tuple[str, ...], Values]:
        """
        What the brand's own records hold, by group; empty where they cannot be told
        apart so finely.
        """
        if not set(by) <= set(_OWN_BY):
            return {}
        if isinstance(self.facts, Facts):
            records = _of_facts(self._converted(first, last), self.plan)
        elif "line" in by:
            return {}
        else:
            records = _of_warehouse(self.facts, self.currency, first, last)
        return _own_sums(records, by)

    def rates_used(self, first: date, last: date) -> tuple[FxRate, ...]:
        """
        The dated rates that amounts were converted at.
        """
        if not self.currency:
            return ()
        if not isinstance(self.facts, Facts):
            return _rates_of(self.facts, self.currency, first, last)
        days = {(r.on, r.currency) for r in self.facts.between(first, last).metrics}
        known = self.rates or FxRates()
        return tuple(
            rate
            for rate in sorted(known.rates, key=lambda rate: (rate.on, rate.base))
            if ((rate.on, rate.base) in days and rate.quote == self.currency)
            or ((rate.on, rate.quote) in days and rate.base == self.currency)
        )


@attrs.frozen
class Record:
    """
    Own conversions of one kind and origin.
    """

    kind: ConversionKind
    labels: Mapping[str, str]
    count: int
    value: Decimal


def _of_facts(facts: Facts, plan: MediaPlan | None) -> Iterable[Record]:
    one_currency({c.value.currency for c in facts.conversions if c.value}, "own")
    found = origins(facts.conversions, plan)
    for conversion, origin in zip(facts.conversions, found, strict=True):
        if not origin.social or (plan is not None and not origin.line):
            continue
        labels = {name: getattr(origin, name) for name in _OWN_BY}
        worth = conversion.value.amount if conversion.value else Decimal(0)
        yield Record(conversion.kind, labels, 1, worth)


def _of_warehouse(
    warehouse: Warehouse, currency: str, first: date, last: date
) -> Iterable[Record]:
    from smmlib.analytics._warehouse._queries import own_records

    found = warehouse.run(own_records(first, last, currency))
    one_currency({row[3] for row in found.rows if row[3]}, "own")
    for kind, channel, campaign, _, count, value in found.rows:
        network = channel.partition(" (")[0]
        labels = {"network": network, "campaign": campaign or "", "line": ""}
        worth = Decimal(value) if value is not None else Decimal(0)
        if network in _NETWORKS:
            yield Record(ConversionKind(kind), labels, int(count), worth)


_NETWORKS = frozenset({"facebook", "instagram", "linkedin", "x", "telegram", "meta"})


def _own_sums(
    records: Iterable[Record], by: Sequence[str]
) -> dict[tuple[str, ...], Values]:
    groups: dict[tuple[str, ...], list[Record]] = {}
    kept = set()
    for record in records:
        kept.add(record.kind)
        groups.setdefault(tuple(record.labels[n] for n in by), []).append(record)
    return {key: _values(found, kept) for key, found in groups.items()}


def _values(records: Sequence[Record], kept: Collection[ConversionKind]) -> Values:
    """
    Own sums of one group; kinds that are never kept say nothing.
    """

    def count(kind: ConversionKind) -> int:
        return sum(one.count for one in records if one.kind is kind)

    found: Values = {
        name: Decimal(count(kind)) for name, kind in _KINDS.items() if kind in kept
    }
    if ConversionKind.PURCHASE in kept:
        sold, back = count(ConversionKind.PURCHASE), count(ConversionKind.REFUND)
        found["customers"] = Decimal(max(sold - back, 0))
        found["revenue"] = sum((_worth(one) for one in records), Decimal(0))
    return found


def _worth(record: Record) -> Decimal:
    if record.kind is ConversionKind.PURCHASE:
        return record.value
    return -abs(record.value) if record.kind is ConversionKind.REFUND else Decimal(0)


def _rates_of(
    warehouse: Warehouse, currency: str, first: date, last: date
) -> tuple[FxRate, ...]:
    t, rates = warehouse.table("metrics"), warehouse.table("rates")
    days = t.filter(t.on >= first, t.on <= last).select("on", "currency").distinct()
    known = rates.filter(rates.quote == currency)
    used: Any = known.semi_join(
        days, [known.on == days.on, known.base == days.currency]
    )
    found = warehouse.run(used.select("base", "quote", "rate", "on", "source"))
    return tuple(
        FxRate(base, quote, rate=rate, on=on, source=source or "warehouse")
        for base, quote, rate, on, source in sorted(
            found.rows, key=lambda row: (row[3], row[0])
        )
    )
