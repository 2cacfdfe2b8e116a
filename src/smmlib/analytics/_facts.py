"""
All that is known of what happened: one value that every report is made from.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.analytics._show import Grid, number
from smmlib.analytics._tabular import Tabular
from smmlib.analytics._totals import COUNTS, DIMENSIONS, Totals, label_of, summed
from smmlib.errors import Issue
from smmlib.model import (
    Conversion,
    FxRates,
    GrowthRow,
    Message,
    MetricRow,
    PostResult,
    Touch,
)
from smmlib.model._checks import is_type
from smmlib.model._flight import zone_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence


def _metrics(rows: Iterable[MetricRow]) -> tuple[MetricRow, ...]:
    return tuple(rows)


def _conversions(records: Iterable[Conversion]) -> tuple[Conversion, ...]:
    return tuple(records)


def _growth(rows: Iterable[GrowthRow]) -> tuple[GrowthRow, ...]:
    return tuple(rows)


def _touches(touches: Iterable[Touch]) -> tuple[Touch, ...]:
    return tuple(touches)


def _posts(results: Iterable[PostResult]) -> tuple[PostResult, ...]:
    return tuple(results)


def _messages(messages: Iterable[Message]) -> tuple[Message, ...]:
    return tuple(messages)


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _issues(values: Iterable[Issue]) -> tuple[Issue, ...]:
    return tuple(dict.fromkeys(values))


def _earlier(day: date | None, last: date) -> date | None:
    return None if day is None else min(day, last)


def _common(one: Facts, other: Facts) -> str:
    """
    What conversions are in both; results of several kinds are only that.
    """
    kinds = {facts.results for facts in (one, other) if facts.metrics}
    return kinds.pop() if len(kinds) == 1 else "result" if kinds else ""


@attrs.frozen(repr=False)
class Facts(Tabular):
    """
    What platforms, pages and the brand's own records reported, and how it was read.

    Attributes:
        metrics: Daily numbers of ads.
        conversions: Registrations, purchases and refunds of the brand's own records.
        growth: Followers and reach of pages.
        posts: What came of published posts.
        messages: Enquiries people left on the platforms.
        touches: Clicks and views of people before their conversions.
        currency: What amounts are shown in; found in the rows when left out.
        zone: Zone that days are counted in; empty when the source does not say.
        until: The last day that rows of several days reach to; rows stand on the
            first of their days.
        results: What the conversions of the ads are, as an export calls them: `lead`,
            `purchase`, `result`; empty when the source does not say.
        sources: Where it all comes from.
        notes: What was guessed, left out or could not be matched.
    """

    metrics: tuple[MetricRow, ...] = attrs.field(default=(), converter=_metrics)
    conversions: tuple[Conversion, ...] = attrs.field(
        default=(), converter=_conversions
    )
    growth: tuple[GrowthRow, ...] = attrs.field(
        default=(), converter=_growth, kw_only=True
    )
    posts: tuple[PostResult, ...] = attrs.field(
        default=(), converter=_posts, kw_only=True
    )
    messages: tuple[Message, ...] = attrs.field(
        default=(), converter=_messages, kw_only=True
    )
    touches: tuple[Touch, ...] = attrs.field(
        default=(), converter=_touches, kw_only=True
    )
    currency: str = attrs.field(default="", kw_only=True)
    zone: str = attrs.field(default="", kw_only=True)
    until: date | None = attrs.field(default=None, kw_only=True)
    results: str = attrs.field(default="", kw_only=True)
    sources: tuple[str, ...] = attrs.field(default=(), converter=_texts, kw_only=True)
    notes: tuple[Issue, ...] = attrs.field(default=(), converter=_issues, kw_only=True)

    def __attrs_post_init__(self) -> None:
        kinds = {
            "metrics": MetricRow,
            "conversions": Conversion,
            "growth": GrowthRow,
            "posts": PostResult,
            "messages": Message,
            "touches": Touch,
            "notes": Issue,
            "sources": str,
        }
        for name, kind in kinds.items():
            for item in getattr(self, name):
                if not isinstance(item, kind):
                    is_type(name, item, kind)
        if self.zone:
            zone_of(self.zone)
        if not self.currency:
            object.__setattr__(self, "currency", self._found_currency())

    def _found_currency(self) -> str:
        found = {row.currency for row in self.metrics}
        found |= {c.value.currency for c in self.conversions if c.value}
        return next(iter(found)) if len(found) == 1 else ""

    # -- when ------------------------------------------------------------------------

    @property
    def first_day(self) -> date | None:
        """
        The first day anything was reported for.
        """
        # How many followed the day before is read too; it begins no report.
        days = {row.on for row in self.metrics} or self._days()
        return min(days, default=None)

    @property
    def last_day(self) -> date | None:
        """
        The last day anything was reported for.
        """
        last = max(self._days(), default=None)
        if last is None or self.until is None or not self.metrics:
            return last
        return max(last, self.until)

    def _days(self) -> set[date]:
        reported = {row.on for row in self.metrics} | {row.on for row in self.growth}
        # Purchases come weeks after the last ad; they say nothing of how far it ran.
        return reported or {self.day_of(c) for c in self.conversions}

    def day_of(self, record: Conversion | Touch) -> date:
        """
        The day of a conversion or touch in the zone of these facts.
        """
        return self._day(record.at)

    def _day(self, at: datetime) -> date:
        zone = zone_of(self.zone) if self.zone else at.tzinfo
        return at.astimezone(zone).date()

    @property
    def claimed(self) -> str:
        """
        What the conversions are that platforms claim: purchases, leads, results, ...

        Meta's are purchases; where sources differ or do not say, they are conversions.
        """
        if self.results:
            return f"{self.results}s"
        told = {row.platform for row in self.metrics if row.conversions is not None}
        return "purchases" if told == {"meta"} else "conversions"

    def between(self, first: date | None = None, last: date | None = None) -> Facts:
        """
        Only what happened from a first to a last day, both included.
        """

        def fits(day: date) -> bool:
            return (first is None or first <= day) and (last is None or day <= last)

        return attrs.evolve(
            self,
            until=self.until if last is None else _earlier(self.until, last),
            metrics=[row for row in self.metrics if fits(row.on)],
            growth=[row for row in self.growth if fits(row.on)],
            posts=[row for row in self.posts if fits(row.on)],
            messages=[m for m in self.messages if fits(self._day(m.at))],
            conversions=[c for c in self.conversions if fits(self.day_of(c))],
            # What led to a conversion may have come before the first day.
            touches=[t for t in self.touches if last is None or self.day_of(t) <= last],
        )

    # -- together --------------------------------------------------------------------

    def __add__(self, other: Facts) -> Facts:
        """
        Both together; rows that stand in both count twice, so add what differs.
        """
        if not isinstance(other, Facts):
            return NotImplemented
        return attrs.evolve(
            self,
            metrics=self.metrics + other.metrics,
            conversions=self.conversions + other.conversions,
            growth=self.growth + other.growth,
            posts=self.posts + other.posts,
            messages=self.messages + other.messages,
            touches=self.touches + other.touches,
            currency=self.currency or other.currency,
            zone=self.zone or other.zone,
            until=max(filter(None, (self.until, other.until)), default=None),
            results=_common(self, other),
            sources=self.sources + other.sources,
            notes=self.notes + other.notes,
        )

    def with_conversions(self, conversions: Sequence[Conversion]) -> Facts:
        """
        The same facts with the brand's own records and how they were read.
        """
        source = getattr(conversions, "source", "")
        return attrs.evolve(
            self,
            conversions=self.conversions + tuple(conversions),
            notes=self.notes + tuple(getattr(conversions, "notes", ())),
            sources=self.sources + ((source,) if source else ()),
        )

    def with_touches(self, touches: Sequence[Touch]) -> Facts:
        """
        The same facts with what people clicked and saw before they converted.
        """
        source = getattr(touches, "source", "")
        return attrs.evolve(
            self,
            touches=self.touches + tuple(touches),
            notes=self.notes + tuple(getattr(touches, "notes", ())),
            sources=self.sources + ((source,) if source else ()),
        )

    def converted(self, currency: str, rates: FxRates) -> Facts:
        """
        All amounts in one currency, each at the rate of its own day.

        Raises:
            ValidationError: A rate of a day is missing.
        """
        metrics = []
        for row in self.metrics:
            rate = rates.rate(row.currency, currency, row.on)
            revenue = None if row.revenue is None else row.revenue * rate
            metrics.append(
                attrs.evolve(
                    row, spend=row.spend * rate, revenue=revenue, currency=currency
                )
            )
        conversions = [
            attrs.evolve(c, value=rates.convert(c.value, currency, self.day_of(c)))
            if c.value
            else c
            for c in self.conversions
        ]
        return attrs.evolve(
            self, metrics=metrics, conversions=conversions, currency=currency
        )

    # -- sums ------------------------------------------------------------------------

    def totals(
        self,
        by: Sequence[str] = (),
        *,
        where: Mapping[str, str | Collection[str]] | None = None,
    ) -> tuple[Totals, ...]:
        """
        Summed numbers per group: by network, line, campaign, day or age, for example.

        Args:
            by: Dimensions to group by: `network`, `line`, `campaign`, `ad_set`, `ad`,
                `on`, `week`, `month`, `quarter`, `year`, or a breakdown such as `age`;
                none gives one total.
            where: Wanted label, or several, by dimension.

        Raises:
            ValidationError: No row knows such a dimension.
            CurrencyMismatch: A group mixes currencies.
        """
        names = (by,) if isinstance(by, str) else tuple(by)
        return summed(self.metrics, by=names, where=where)

    def daily(
        self, *, where: Mapping[str, str | Collection[str]] | None = None
    ) -> tuple[Totals, ...]:
        """
        One sum per day that has numbers, in order.
        """
        return self.totals(("on",), where=where)

    def _table(self) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        split = sorted({name for row in self.metrics for name in row.breakdown})
        texts = [*DIMENSIONS[1:], *split]
        numbers = ("spend", "reach", *COUNTS, "revenue")
        rows = [
            (
                row.on,
                *(label_of(row, name) for name in texts),
                *(getattr(row, name) for name in numbers),
            )
            for row in self.metrics
        ]
        return ("on", *texts, *numbers), rows

    def __repr__(self) -> str:
        return f"<Facts: {self._summary()}>"

    def __str__(self) -> str:
        return self._grid().text()

    def _repr_html_(self) -> str:
        return self._grid().html()

    def _summary(self) -> str:
        span = f"{self.first_day} to {self.last_day}" if self.first_day else "no days"
        return (
            f"{span}: {len(self.metrics):,} rows of numbers, "
            f"{len(self.conversions):,} conversions, {len(self.notes):,} notes"
        )

    def _grid(self) -> Grid:
        rows = [
            [
                total.label("network") or "not stated",
                total.label("currency"),
                number(total["spend"], 2),
                number(total["impressions"]),
                number(total["clicks"]),
                number(total["conversions"]),
            ]
            for total in self.totals(("network", "currency"))
        ]
        head = ["network", "currency", "spend", "impressions", "clicks", "conversions"]
        return Grid(head, rows, caption=self._summary(), left=2)
