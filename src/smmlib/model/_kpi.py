"""
How success is measured: the trade's KPIs, their targets and how they stand.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

import attrs

from smmlib.model import _formula
from smmlib.model._checks import (
    are_texts,
    as_tuple,
    did_you_mean,
    is_key,
    is_optional,
    is_optional_key,
    is_optional_text,
    is_text,
    is_type,
    nearest,
    refuse,
)
from smmlib.model._enums import Better, KPIStatus, Network, Unit
from smmlib.model._money import Money, decimal_of
from smmlib.model._value import Value
from smmlib.model._words import (
    as_better,
    as_kpi_status,
    as_optional_network,
    as_unit,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

BASE_METRICS = (
    "spend",
    "impressions",
    "reach",
    "reach_before",
    "followers",
    "followers_before",
    "clicks",
    "link_clicks",
    "visits",
    "video_views",
    "engagements",
    "leads",
    "registrations",
    "conversions",
    "approved_conversions",
    "customers",
    "revenue",
)
"""
What can be summed over days, ads and networks; every KPI is built from these.
"""


@attrs.frozen(eq=False, repr=False)
class KPI(Value):
    """
    A key performance indicator: a name and how it follows from summed metrics.

    Ratios are ratios of sums, never averages of ratios, and a ratio by zero is
    undefined (None), never zero.

    Examples:
        >>> KPI("cpc", "spend / clicks", unit="money", better="lower").value(
        ...     {"spend": Decimal("10"), "clicks": Decimal(4)}
        ... )
        Decimal('2.5')

    Attributes:
        name: How plans and reports call it.
        formula: `+ - * /` over base metrics.
        unit: count, money, percent or ratio.
        better: Which way it should move.
        title: How it is shown.
        aliases: Other names people type.
    """

    name: str
    formula: str
    unit: Unit = attrs.field(default=Unit.COUNT, converter=as_unit, kw_only=True)
    better: Better = attrs.field(
        default=Better.HIGHER, converter=as_better, kw_only=True
    )
    title: str = attrs.field(default="", kw_only=True)
    aliases: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, kw_only=True)

    def __attrs_post_init__(self) -> None:
        is_key("name", self.name)
        is_text("formula", self.formula)
        is_optional_text("title", self.title, longest=200)
        are_texts("aliases", self.aliases)
        unknown = [m for m in self.metrics if m not in BASE_METRICS]
        if unknown:
            refuse(
                "formula",
                f"unknown metric '{unknown[0]}'",
                code="kpi.metric",
                value=unknown[0],
                expected=", ".join(BASE_METRICS),
                hint=did_you_mean(unknown[0], BASE_METRICS),
            )

    @property
    def metrics(self) -> tuple[str, ...]:
        """
        The base metrics it needs.
        """
        return _formula.metrics_of(self.formula)

    @property
    def label(self) -> str:
        """
        How it is shown to people.
        """
        return self.title or self.name.replace("_", " ")

    def value(self, totals: Mapping[str, Decimal | int | None]) -> Decimal | None:
        """
        Its value over summed metrics; None where it is undefined.

        Args:
            totals: Sums by name of base metric; a missing one makes it undefined.
        """
        exact = {k: None if v is None else Decimal(v) for k, v in totals.items()}
        return _formula.value_of(self.formula, exact)

    def at_least_as_good(self, value: Decimal, target: Decimal) -> bool:
        """
        Whether a value meets a target, in the direction this KPI should move.
        """
        return value >= target if self.better is Better.HIGHER else value <= target


def _kpi(
    name: str,
    formula: str,
    unit: Unit,
    title: str,
    *aliases: str,
    better: Better = Better.HIGHER,
) -> KPI:
    return KPI(name, formula, unit=unit, title=title, aliases=aliases, better=better)


@lru_cache(maxsize=1)
def kpi_library() -> dict[str, KPI]:
    """
    The trade's KPIs by name: what a plan may set targets for without defining it.
    """
    count, money, percent, ratio = Unit.COUNT, Unit.MONEY, Unit.PERCENT, Unit.RATIO
    low = Better.LOWER
    rows = (
        _kpi("spend", "spend", money, "Spend", "cost", better=low),
        _kpi("reach", "reach", count, "Reach", "coverage"),
        _kpi(
            "coverage_growth",
            "(reach - reach_before) / reach_before * 100",
            percent,
            "Coverage growth",
            "reach_growth",
        ),
        _kpi("followers", "followers", count, "Followers", "subscribers"),
        _kpi(
            "follower_growth",
            "(followers - followers_before) / followers_before * 100",
            percent,
            "Follower growth",
            "subscriber_growth",
        ),
        _kpi("impressions", "impressions", count, "Impressions"),
        _kpi("cpm", "spend / impressions * 1000", money, "CPM", better=low),
        _kpi("clicks", "clicks", count, "Clicks"),
        _kpi("ctr", "clicks / impressions * 100", percent, "CTR"),
        _kpi("cpc", "spend / clicks", money, "CPC", "cost_per_click", better=low),
        _kpi("visits", "visits", count, "Visits", "transitions"),
        _kpi("landing_rate", "visits / clicks * 100", percent, "Landing rate"),
        _kpi("registrations", "registrations", count, "Registrations", "signups"),
        _kpi(
            "cost_per_registration",
            "spend / registrations",
            money,
            "Cost per registration",
            "cpr",
            better=low,
        ),
        _kpi("leads", "leads", count, "Leads", "enquiries"),
        _kpi(
            "cost_per_lead",
            "spend / leads",
            money,
            "Cost per lead",
            "cpl",
            "cost_per_enquiry",
            better=low,
        ),
        _kpi("conversions", "conversions", count, "Conversions"),
        _kpi(
            "cost_per_conversion",
            "spend / conversions",
            money,
            "CPA",
            "cpa",
            "cost_per_action",
            better=low,
        ),
        _kpi("revenue", "revenue", money, "Revenue"),
        _kpi("roas", "revenue / spend", ratio, "ROAS"),
        _kpi("roi", "(revenue - spend) / spend * 100", percent, "ROI", "romi"),
        _kpi(
            "cac",
            "spend / customers",
            money,
            "CAC",
            "customer_acquisition_cost",
            better=low,
        ),
        _kpi(
            "engagement_rate",
            "engagements / impressions * 100",
            percent,
            "Engagement rate",
            "er",
        ),
        _kpi(
            "video_view_rate",
            "video_views / impressions * 100",
            percent,
            "Video view rate",
            "vvr",
        ),
        _kpi("frequency", "impressions / reach", ratio, "Frequency", better=low),
    )
    return {kpi.name: kpi for kpi in rows}


def kpi(name: str) -> KPI:
    """
    A KPI of the trade by name or usual abbreviation, e.g. `cpr`.

    Raises:
        ValidationError: No such KPI.
    """
    library = kpi_library()
    is_type("kpi", name, str)
    word = name.strip().casefold().replace(" ", "_").replace("-", "_")
    for known in library.values():
        if word == known.name or word in known.aliases:
            return known
    return refuse(
        "kpi",
        f"unknown KPI {name!r}",
        code="kpi.unknown",
        value=name,
        expected=", ".join(library),
        hint=_nearest_kpi(word, library),
    )


def _nearest_kpi(word: str, library: dict[str, KPI]) -> str:
    """
    The KPI whose name or abbreviation is nearest to what was typed.
    """
    names = {alias: k.name for k in library.values() for alias in (k.name, *k.aliases)}
    close = nearest(word, names)
    return f"did you mean '{names[close]}'?" if close else ""


def as_amount(value: Money | Decimal | int | str) -> Money | Decimal:
    """
    A KPI's amount: money as `18.00 EUR`, anything else as an exact number.
    """
    if isinstance(value, Money):
        return value
    if isinstance(value, str) and value.strip().endswith("%"):
        return decimal_of(value.strip()[:-1])
    if isinstance(value, str) and " " in value.strip():
        return Money.parse(value)
    return decimal_of(value)


def as_optional_amount(
    value: Money | Decimal | int | str | None,
) -> Money | Decimal | None:
    """
    A KPI's amount, if there is one.
    """
    return None if value is None else as_amount(value)


def is_amount(attribute: str, kpi_name: str, value: Decimal | Money) -> None:
    """
    Refuse a number where the KPI is money, and money where it is a number.
    """
    known = kpi(kpi_name)
    if (known.unit is Unit.MONEY) is not isinstance(value, Money):
        refuse(
            attribute,
            f"{known.label} is counted in {known.unit}, got {value}",
            code="kpi.unit",
            value=str(value),
            expected="money, e.g. 18.00 EUR"
            if known.unit is Unit.MONEY
            else "a number",
        )


def as_kpi_name(value: str) -> str:
    """
    The one name of a KPI, from any name people use.
    """
    return kpi(value).name


@attrs.frozen(eq=False, repr=False)
class KPITarget(Value):
    """
    What a KPI should reach, and by when.

    Attributes:
        kpi: Name of the KPI; usual abbreviations are understood.
        target: A number in the KPI's unit (percent as 15 for 15 %), or `Money`.
        by: Deadline, the day included; None for the end of the plan.
        network: Only there; None for all together.
    """

    kpi: str = attrs.field(converter=as_kpi_name)
    target: Decimal | Money = attrs.field(converter=as_amount)
    by: date | None = attrs.field(default=None, kw_only=True)
    network: Network | None = attrs.field(
        default=None,
        converter=as_optional_network,
        kw_only=True,
    )

    def __attrs_post_init__(self) -> None:
        is_type("kpi", self.kpi, str)
        is_amount("target", self.kpi, self.target)
        is_optional("by", self.by, date)
        number = self.target.amount if isinstance(self.target, Money) else self.target
        if number <= 0:
            refuse(
                "target",
                f"a target of {self.target} can never be missed",
                code="kpi.target",
                value=str(self.target),
                expected="more than zero",
            )

    @property
    def amount(self) -> Decimal:
        """
        The target as a plain number in the KPI's unit.
        """
        return self.target.amount if isinstance(self.target, Money) else self.target


@attrs.frozen(eq=False, repr=False)
class Goal(KPITarget):
    """
    A target somebody owns, with a deadline and where it started from.

    Attributes:
        owner: Key of the person who answers for it.
        baseline: The value before the plan started.
        note: For colleagues.
    """

    owner: str = attrs.field(default="", kw_only=True)
    baseline: Decimal | Money | None = attrs.field(
        default=None,
        converter=as_optional_amount,
        kw_only=True,
    )
    note: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        KPITarget.__attrs_post_init__(self)
        is_optional_text("note", self.note)
        is_optional_key("owner", self.owner)
        if self.baseline is not None:
            is_amount("baseline", self.kpi, self.baseline)


@attrs.frozen(eq=False, repr=False)
class KPIResult(Value):
    """
    How a KPI stands against its target.

    Attributes:
        target: What was wanted.
        value: What was reached; None without data.
        status: on track, at risk, missed, exceeded or no data.
        expected: What should have been reached by now, where that can be said.
        as_of: The day the value belongs to.
        source: Where the value comes from.
    """

    target: KPITarget
    value: Decimal | None = attrs.field(kw_only=True)
    status: KPIStatus = attrs.field(converter=as_kpi_status, kw_only=True)
    expected: Decimal | None = attrs.field(default=None, kw_only=True)
    as_of: date | None = attrs.field(default=None, kw_only=True)
    source: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        is_type("target", self.target, KPITarget)
        is_optional("value", self.value, Decimal)
        is_optional("expected", self.expected, Decimal)
        is_optional("as_of", self.as_of, date)
        is_text("source", self.source, longest=200, empty=True)

    def _repr_html_(self) -> str:
        shown = "no data" if self.value is None else f"{self.value:,.2f}"
        label = kpi(self.target.kpi).label
        return f"<b>{label}</b> {shown} of {self.target.target} ({self.status})"
