"""
Sums of returns while they are added up: in total, by channel, line, campaign and ad.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from smmlib.analytics._join import META, Origin, channel_of, place_of
from smmlib.analytics._returns import ReturnRow
from smmlib.analytics._trails import COUNTED
from smmlib.model import ConversionKind, LineItem

if TYPE_CHECKING:
    from smmlib.analytics._join import Place
    from smmlib.analytics._trails import Part
    from smmlib.model import Conversion, MediaPlan, MetricRow, Money, Network

NO_LINE = "(no line)"
BOTH = "facebook + instagram"
_BASES = ("none", "work", "planned", "reported")
_STEP = Decimal("0.000001")


@attrs.define
class Sum:
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
    kinds: dict[ConversionKind, Decimal | int] = attrs.Factory(dict)
    revenue: Decimal = Decimal(0)
    unpriced: Decimal | int = 0

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

    def add_cost(self, cost: Decimal) -> None:
        self.spend = cost + (self.spend or 0)
        self.basis = "work" if self.basis == "none" else self.basis

    def add_conversion(self, conversion: Conversion, part: Part) -> None:
        kind = conversion.kind
        self.kinds[kind] = self.kinds.get(kind, 0) + part.count
        if kind not in {ConversionKind.PURCHASE, ConversionKind.REFUND}:
            return
        if conversion.value is None:
            if kind is ConversionKind.PURCHASE:
                self.unpriced += part.count
        elif kind is ConversionKind.REFUND:
            # Exports write a refund as -20 or as 20; it takes money back either way.
            self.revenue -= abs(conversion.value.amount) * part.worth
        else:
            self.revenue += conversion.value.amount * part.worth

    def done(self, key: str, name: str) -> ReturnRow:
        count = {kind: tidy(self.kinds.get(kind, 0)) for kind in ConversionKind}
        sold = count[ConversionKind.PURCHASE]
        # Purchases without a single price give no revenue, not a revenue of zero.
        priced = self.own and not (sold and tidy(self.unpriced) == sold)
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
            revenue=_amount(self.revenue) if priced else None,
            paid=self.paid,
        )


def tidy(count: Decimal | int) -> Decimal | int:
    """
    A count that is whole as a whole number, parts of one to the millionth.
    """
    if isinstance(count, int):
        return count
    rounded = count.quantize(_STEP)
    whole = rounded == rounded.to_integral_value()
    return int(rounded) if whole else rounded


def _amount(value: Decimal) -> Decimal:
    """
    An amount as it is, or to the millionth where it was shared out.
    """
    exponent = value.as_tuple().exponent
    fine = isinstance(exponent, int) and exponent >= _STEP.as_tuple().exponent  # type: ignore[operator]  # a number's exponent is a number
    return value if fine else value.quantize(_STEP)


def _plus(known: int | None, more: int | None) -> int | None:
    return known if more is None else more + (known or 0)


@attrs.define
class Book:
    """
    All sums of one call.
    """

    own: bool
    plan: MediaPlan | None
    merge_meta: bool
    total: Sum = attrs.field(init=False)
    channels: dict[str, Sum] = attrs.Factory(dict)
    lines: dict[str, Sum] = attrs.Factory(dict)
    campaigns: dict[str, Sum] = attrs.Factory(dict)
    ads: dict[str, Sum] = attrs.Factory(dict)
    unmatched: Decimal | int = 0
    elsewhere: Decimal | int = 0

    def __attrs_post_init__(self) -> None:
        self.total = Sum(self.own)
        for key, line in (self.plan.lines if self.plan else {}).items():
            self.lines[key] = Sum(self.own, paid=line.paid)
        for key in self.plan.campaigns if self.plan else ():
            self.campaigns[key] = Sum(self.own)

    def at(self, sums: dict[str, Sum], key: str, *, paid: bool = True) -> Sum:
        return sums.setdefault(key, Sum(self.own, paid=paid))

    def channel_name(self, name: str) -> str:
        network, blank, rest = name.partition(" (")
        if self.merge_meta and network in {"facebook", "instagram", META}:
            return f"{BOTH}{blank}{rest}"
        return name

    def channel(self, name: str) -> Sum:
        return self.at(self.channels, self.channel_name(name))

    def is_lost(self, origin: Origin) -> bool:
        """
        Whether a line should have paid for it, and none did.
        """
        return self.plan is not None and origin.social and not origin.line

    def node(self, origin: Origin) -> str:
        """
        The channel that a touch is shown under.
        """
        lost = self.is_lost(origin)
        return self.channel_name(
            f"{origin.channel} {NO_LINE}" if lost else origin.channel
        )

    def line(self, key: str) -> LineItem | None:
        return self.plan.lines.get(key) if self.plan else None

    def add_row(self, row: MetricRow) -> None:
        place = place_of(row, self.plan)
        line = self.line(place.line)
        network = row.network.value if row.network else lone_network(line)
        sums = [self.total, self.channel(channel_of(network or "not stated", line))]
        if place.line or self.plan:
            sums.append(self.at(self.lines, place.line or NO_LINE))
        if place.campaign:
            sums.append(self.at(self.campaigns, place.campaign))
        if place.ad:
            sums.append(self.at(self.ads, self.ad_key(place)))
        for one in sums:
            one.add_row(row)

    def add_planned(self, key: str, line: LineItem, cost: Decimal) -> None:
        name = channel_of(lone_network(line) or " + ".join(line.networks), line)
        for one in (self.total, self.channel(name), self.lines[key]):
            one.add_planned(cost, line.name or key)

    def add_cost(self, key: str, cost: Money) -> None:
        """
        Work on a post, or on a line as a whole, shared evenly among its networks.
        """
        post = self.plan.posts.get(key) if self.plan else None
        line_key = post.line if post else key
        line = self.line(line_key)
        networks: tuple[Network, ...] = (post.networks if post else ()) or (
            line.networks if line else ()
        )
        for part, network in zip(
            cost.split(max(len(networks), 1)), networks or (None,), strict=True
        ):
            name = channel_of(network.value if network else key, line)
            one = self.channel(name)
            one.paid = one.paid and line is not None and line.paid
            one.add_cost(part.amount)
        self.total.add_cost(cost.amount)
        if line is not None or self.plan is None:
            self.at(self.lines, line_key).add_cost(cost.amount)
        if post is not None:
            self.at(self.ads, f"posts.{key}", paid=False).add_cost(cost.amount)

    def add_conversion(self, conversion: Conversion, part: Part) -> None:
        origin = part.origin
        lost = self.is_lost(origin)
        channel = self.at(self.channels, self.node(origin))
        channel.add_conversion(conversion, part)
        counted = conversion.kind in COUNTED
        if not origin.social:
            channel.paid = False
            self.elsewhere += part.count if counted else 0
            return
        channel.paid = channel.paid and "(organic)" not in origin.channel
        if lost:
            self.unmatched += part.count if counted else 0
            self.at(self.lines, NO_LINE).add_conversion(conversion, part)
            return
        self.total.add_conversion(conversion, part)
        if origin.line:
            self.at(self.lines, origin.line).add_conversion(conversion, part)
        if origin.campaign:
            self.at(self.campaigns, origin.campaign).add_conversion(conversion, part)
        self._add_to_ad(conversion, part)

    def ad_key(self, place: Place | Origin) -> str:
        """
        An ad within its campaign: the same name may stand in several campaigns.

        Tags name an ad set only where the plan does.
        """
        ad_set = place.ad_set if self.plan else ""
        return " / ".join(part for part in (place.campaign, ad_set, place.ad) if part)

    def _add_to_ad(self, conversion: Conversion, part: Part) -> None:
        origin = part.origin
        if origin.post:
            row = self.at(self.ads, f"posts.{origin.post}", paid=False)
            row.add_conversion(conversion, part)
        elif origin.ad:
            self.at(self.ads, self.ad_key(origin)).add_conversion(conversion, part)


def lone_network(line: LineItem | None) -> str:
    """
    The one network of a line, or an empty text where it has several.
    """
    return line.networks[0].value if line and len(line.networks) == 1 else ""
