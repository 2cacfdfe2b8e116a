"""
What each channel, line and campaign cost and brought back.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.analytics._show import Grid, number
from smmlib.analytics._tabular import Tabular
from smmlib.errors import Issue

if TYPE_CHECKING:
    from collections.abc import Sequence

_COLUMNS = (
    *("level", "key", "name", "paid", "note", "spend", "spend_basis"),
    *("claimed_conversions", "claimed_registrations", "claimed_value"),
    *("leads", "registrations", "purchases", "refunds", "customers", "revenue"),
    *("roi", "roas", "claimed_roas", "cac", "cost_per_registration"),
)
_WORDS = {
    "last": "last touch",
    "first": "first touch",
    "position_based": "by position",
    "time_decay": "time decay",
}


def ratio(above: Decimal | int | None, below: Decimal | int | None) -> Decimal | None:
    """
    A quotient, or None where a side is unknown or the divisor is zero.
    """
    if above is None or not below:
        return None
    return Decimal(above) / Decimal(below)


@attrs.frozen
class ReturnRow:
    """
    One channel, line or campaign: what it cost, what was claimed, what came of it.

    Claimed numbers are the platform's word; registrations, purchases and revenue are
    counted in the brand's own records and credited by a model, in parts of one where
    several touches share a conversion. Both are None where there is no such source at
    all.

    Attributes:
        key: Key of the line or campaign, or the channel itself.
        name: How it is shown.
        spend: What it cost, unrounded; None where no cost is recorded.
        spend_basis: `reported` by a platform or results file, `planned` (a price paid
            by hand, as much of it as of the flight is over), `work` (production and
            hours), or `none`.
        planned_spend: The part of the spend that is planned and not reported.
        planned_for: Names of the lines that part is for.
        started: Whether its flight has begun.
        claimed_conversions: Conversions the platform claims.
        claimed_registrations: Registrations the platform claims.
        claimed_value: Value of conversions the platform claims.
        leads: Own records of enquiries.
        registrations: Own records of registrations.
        purchases: Own records of purchases.
        refunds: How many of them were taken back.
        revenue: Value of purchases, refunds taken off.
        paid: Whether money is spent there at all.
        revenue_range: Where the revenue lies in most resamples, where these were asked
            for.
    """

    key: str
    name: str
    spend: Decimal | None = attrs.field(default=None, kw_only=True)
    spend_basis: str = attrs.field(default="none", kw_only=True)
    planned_spend: Decimal = attrs.field(default=Decimal(0), kw_only=True)
    planned_for: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    started: bool = attrs.field(default=True, kw_only=True)
    claimed_conversions: int | None = attrs.field(default=None, kw_only=True)
    claimed_registrations: int | None = attrs.field(default=None, kw_only=True)
    claimed_value: Decimal | None = attrs.field(default=None, kw_only=True)
    leads: Decimal | int | None = attrs.field(default=None, kw_only=True)
    registrations: Decimal | int | None = attrs.field(default=None, kw_only=True)
    purchases: Decimal | int | None = attrs.field(default=None, kw_only=True)
    refunds: Decimal | int | None = attrs.field(default=None, kw_only=True)
    revenue: Decimal | None = attrs.field(default=None, kw_only=True)
    paid: bool = attrs.field(default=True, kw_only=True)
    revenue_range: tuple[Decimal, Decimal] | None = attrs.field(
        default=None, kw_only=True
    )

    @property
    def customers(self) -> Decimal | int | None:
        """
        Purchases that were not taken back.
        """
        if self.purchases is None or self.refunds is None:
            return None
        return max(self.purchases - self.refunds, 0)

    @property
    def roi(self) -> Decimal | None:
        """
        Profit over cost in percent; None without a cost or without own records.
        """
        share = self.roas
        return None if share is None else (share - 1) * 100

    @property
    def roas(self) -> Decimal | None:
        """
        Revenue per unit of money spent.
        """
        return ratio(self.revenue, self.spend)

    @property
    def roi_range(self) -> tuple[Decimal, Decimal] | None:
        """
        Where the ROI lies in most resamples, in percent.
        """
        if self.revenue_range is None or not self.spend:
            return None
        low, high = ((end / self.spend - 1) * 100 for end in self.revenue_range)
        return low, high

    @property
    def claimed_roas(self) -> Decimal | None:
        """
        The same by the platform's own claim.
        """
        return ratio(self.claimed_value, self.spend)

    @property
    def cac(self) -> Decimal | None:
        """
        Cost of winning one customer.
        """
        return ratio(self.spend, self.customers)

    @property
    def cost_per_registration(self) -> Decimal | None:
        """
        Cost of one registration in the brand's own records.
        """
        return ratio(self.spend, self.registrations)

    @property
    def note(self) -> str:
        """
        What a reader must know about this row's cost.
        """
        if self.spend_basis == "none":
            return "no cost recorded" if self.started else "not started"
        if self.spend_basis == "planned":
            return "cost as planned"
        if self.spend_basis == "work":
            return "own work"
        planned = f"incl. {self.planned_spend:,.2f} as planned"
        return planned if self.planned_spend else ""


@attrs.frozen(repr=False)
class Returns(Tabular):
    """
    What the money brought back: per channel, line, campaign and ad.

    Attributes:
        total: All lines of the plan together, or all social channels without a plan.
            Money that fits no line is in it; conversions that fit none are not.
        currency: Currency of every amount.
        model: How conversions are credited.
        claimed: What the conversions are that platforms claim, e.g. purchases.
        channels: One row per channel; those that are not social come last.
        lines: One row per line of the plan.
        campaigns: One row per campaign.
        ads: One row per ad, and per post on the brand's own pages (`posts.KEY`).
        conversions: Enquiries, registrations and purchases in the brand's own
            records; refunds take money back and are not counted here.
        unmatched: Those among them that came from a social network or from paid links
            and still fit no line.
        elsewhere: Those that came directly, by search, mail and the like.
        level: Part of the resamples that ranges hold; None without resamples.
        notes: What a reader must know.
    """

    total: ReturnRow
    currency: str
    model: str = attrs.field(default="last", kw_only=True)
    claimed: str = attrs.field(default="conversions", kw_only=True)
    channels: tuple[ReturnRow, ...] = attrs.field(default=(), kw_only=True)
    lines: tuple[ReturnRow, ...] = attrs.field(default=(), kw_only=True)
    campaigns: tuple[ReturnRow, ...] = attrs.field(default=(), kw_only=True)
    ads: tuple[ReturnRow, ...] = attrs.field(default=(), kw_only=True)
    conversions: int = attrs.field(default=0, kw_only=True)
    unmatched: Decimal | int = attrs.field(default=0, kw_only=True)
    elsewhere: Decimal | int = attrs.field(default=0, kw_only=True)
    level: float | None = attrs.field(default=None, kw_only=True)
    notes: tuple[Issue, ...] = attrs.field(default=(), kw_only=True)

    @property
    def unmatched_share(self) -> Decimal | None:
        """
        Part of own records that should have a line and have none, in percent.
        """
        share = ratio(self.unmatched, self.conversions)
        return None if share is None else share * 100

    @property
    def credited(self) -> str:
        """
        How conversions are credited, in words.
        """
        return _WORDS.get(self.model, self.model)

    def channel(self, name: str) -> ReturnRow | None:
        """
        The row of one channel, or None.
        """
        return next((row for row in self.channels if row.key == name), None)

    def line(self, key: str) -> ReturnRow | None:
        """
        The row of one line, or None.
        """
        return next((row for row in self.lines if row.key == key), None)

    def campaign(self, key: str) -> ReturnRow | None:
        """
        The row of one campaign, or None.
        """
        return next((row for row in self.campaigns if row.key == key), None)

    def ad(self, key: str) -> ReturnRow | None:
        """
        The row of one ad or post, or None.
        """
        return next((row for row in self.ads if row.key == key), None)

    def _table(self) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        levels = {
            "channel": self.channels,
            "line": self.lines,
            "campaign": self.campaigns,
            "ad": self.ads,
            "total": (self.total,),
        }
        rows = [
            (level, *(getattr(row, name) for name in _COLUMNS[1:]))
            for level, group in levels.items()
            for row in group
        ]
        return _COLUMNS, rows

    def __repr__(self) -> str:
        return f"<Returns of {len(self.channels)} channels in {self.currency}>"

    def __str__(self) -> str:
        return self._grid().text()

    def _repr_html_(self) -> str:
        return self._grid().html()

    def _grid(self) -> Grid:
        head = [
            "channel",
            "note",
            "spend",
            f"claimed {self.claimed}",
            "claimed registrations",
            "registrations",
            "purchases",
            "revenue",
            "ROI",
            "ROAS",
            "CAC",
        ]
        rows = [_cells(row) for row in (*self.channels, self.total)]
        share = number(self.unmatched_share, 1)
        caption = (
            f"Returns in {self.currency}, {self.credited}; unmatched {share} % of "
            f"{self.conversions:,} own records; claimed: by the platforms, all else: "
            "own records"
        )
        return Grid(head, rows, caption=caption, left=2)


def _count(value: Decimal | int | None) -> str:
    """
    A count; with one decimal where touches share a conversion.
    """
    whole = value is None or value == int(value)
    return number(value, 0 if whole else 1)


def _cells(row: ReturnRow) -> list[str]:
    return [
        row.name,
        row.note,
        number(row.spend, 2),
        number(row.claimed_conversions),
        number(row.claimed_registrations),
        _count(row.registrations),
        _count(row.purchases),
        number(row.revenue, 2),
        "–" if row.roi is None else f"{row.roi:,.1f} %",
        number(row.roas, 2),
        number(row.cac, 2),
    ]
