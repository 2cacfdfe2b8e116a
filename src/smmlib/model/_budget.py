"""
What it may cost: the plan's budget and its parts, and what an ad may spend.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from smmlib.model._checks import are, as_tuple, is_optional, is_text, is_type, refuse
from smmlib.model._kpi import as_amount
from smmlib.model._maps import EMPTY, FrozenMap, are_keyed, as_map
from smmlib.model._money import Money
from smmlib.model._value import Value


def as_money(value: Money | str | None) -> Money | None:
    """
    Let a user give `16000.00 EUR` where `Money` is meant.
    """
    return Money.parse(value) if isinstance(value, str) else value


def as_due_money(value: Money | str) -> Money:
    """
    Money that may not be left out.
    """
    return Money.parse(value) if isinstance(value, str) else value


def as_allocations(value: Mapping[str, Money | str]) -> FrozenMap[Money]:
    """
    Money by key.
    """
    if not isinstance(value, Mapping):
        return as_map(value)
    return FrozenMap({key: as_due_money(money) for key, money in value.items()})


def is_spendable(attribute: str, value: Money | None, *, zero: bool = False) -> None:
    """
    Refuse an amount that cannot be spent: negative, or nothing where something is due.
    """
    is_optional(attribute, value, Money)
    if value is not None and (value.amount < 0 or (not zero and not value)):
        refuse(
            attribute,
            f"{attribute} is {value}",
            code="money.not_positive",
            value=str(value),
            expected="zero or more" if zero else "more than zero",
            hint="write what may be spent, e.g. 8000 EUR, or leave it out",
        )


@attrs.frozen(eq=False, repr=False)
class AdBudget(Value):
    """
    What a campaign or ad set may spend: per day, or over its whole life.

    Attributes:
        daily: Per calendar day of the ad account; or
        lifetime: in all.
    """

    daily: Money | None = attrs.field(default=None, converter=as_money)
    lifetime: Money | None = attrs.field(default=None, converter=as_money)

    def __attrs_post_init__(self) -> None:
        is_spendable("daily", self.daily)
        is_spendable("lifetime", self.lifetime)
        if (self.daily is None) is (self.lifetime is None):
            refuse(
                "daily",
                "a budget is either daily or lifetime",
                code="budget.kind",
                expected="one of daily, lifetime",
                hint="keep one of the two: a sum a day, or a sum in all",
            )

    @property
    def amount(self) -> Money:
        """
        The amount, of whichever kind.
        """
        money = self.daily or self.lifetime
        assert money is not None  # noqa: S101 - one of them is set, see above
        return money

    def exposure(self, days: int) -> Money:
        """
        The most it can spend in so many days.
        """
        return self.lifetime or self.amount * days

    def __str__(self) -> str:
        return f"{self.amount} {'a day' if self.daily else 'lifetime'}"


@attrs.frozen(eq=False, repr=False)
class Caps(Value):
    """
    Ceilings no automation may cross.

    Attributes:
        per_day: For the whole plan on one day.
        per_account_day: For one ad account on one day.
        per_campaign_day: For one campaign on one day.
        total: For everything that may go live; None means the plan's own media money.
    """

    per_day: Money | None = attrs.field(default=None, converter=as_money, kw_only=True)
    per_account_day: Money | None = attrs.field(
        default=None, converter=as_money, kw_only=True
    )
    per_campaign_day: Money | None = attrs.field(
        default=None, converter=as_money, kw_only=True
    )
    total: Money | None = attrs.field(default=None, converter=as_money, kw_only=True)

    def __attrs_post_init__(self) -> None:
        for name in ("per_day", "per_account_day", "per_campaign_day", "total"):
            is_spendable(name, getattr(self, name))


@attrs.frozen(eq=False, repr=False)
class Guardrail(Value):
    """
    A line that must not be crossed: when a KPI passes the limit, somebody is told.

    Attributes:
        kpi: Name of the KPI, e.g. `cpc`.
        limit: The worst value that is still fine.
        after: Spend before it counts, so that three clicks do not stop a campaign.
    """

    kpi: str
    limit: Any = attrs.field(converter=as_amount)
    after: Money | None = attrs.field(default=None, converter=as_money, kw_only=True)

    def __attrs_post_init__(self) -> None:
        is_text("kpi", self.kpi, longest=64)
        is_spendable("after", self.after)


@attrs.frozen(eq=False, repr=False)
class Budget(Value):
    """
    The money of a plan: the total, what is kept out of media, and the ceilings.

    Attributes:
        total: Everything the client pays.
        agency_fee: Part of the total for the agency.
        production: Part of the total for texts, pictures and films.
        tax: Part of the total for taxes.
        reserve: Part of the total kept back for surprises.
        allocations: Media money by key of a line, where it is fixed here.
        caps: Ceilings no automation may cross.
        guardrails: KPI limits that raise an alarm.
    """

    total: Money = attrs.field(converter=as_due_money)
    agency_fee: Money | None = attrs.field(
        default=None, converter=as_money, kw_only=True
    )
    production: Money | None = attrs.field(
        default=None, converter=as_money, kw_only=True
    )
    tax: Money | None = attrs.field(default=None, converter=as_money, kw_only=True)
    reserve: Money | None = attrs.field(default=None, converter=as_money, kw_only=True)
    allocations: FrozenMap[Money] = attrs.field(
        default=EMPTY,
        converter=as_allocations,
        kw_only=True,
    )
    caps: Caps | None = attrs.field(default=None, kw_only=True)
    guardrails: tuple[Guardrail, ...] = attrs.field(
        default=(), converter=as_tuple, kw_only=True
    )

    def __attrs_post_init__(self) -> None:
        are("guardrails", self.guardrails, Guardrail)
        are_keyed("allocations", self.allocations, Money)
        for key, money in self.allocations.items():
            is_spendable(f"allocations.{key}", money, zero=True)
        is_type("total", self.total, Money)
        is_spendable("total", self.total)
        is_optional("caps", self.caps, Caps)
        for name in ("agency_fee", "production", "tax", "reserve"):
            is_spendable(name, getattr(self, name), zero=True)

    @property
    def currency(self) -> str:
        """
        The currency of the total.
        """
        return self.total.currency

    @property
    def parts(self) -> dict[str, Money]:
        """
        What is kept out of media, by name; only what is stated.
        """
        names = ("agency_fee", "production", "tax", "reserve")
        return {n: getattr(self, n) for n in names if getattr(self, n) is not None}

    @property
    def media(self) -> Money:
        """
        What is left for the lines of the plan; negative when the parts are too large.

        Raises:
            CurrencyMismatch: A part is in another currency than the total.
        """
        return self.total - sum(self.parts.values(), Money.zero(self.currency))

    def _repr_html_(self) -> str:
        rows = {"total": self.total, **self.parts}
        # Parts in several currencies are an issue of `check`; showing them must work.
        if {money.currency for money in rows.values()} == {self.currency}:
            rows["media"] = self.media
        cells = "".join(
            f"<tr><td>{n}</td><td>{m.amount:,} {m.currency}</td></tr>"
            for n, m in rows.items()
        )
        return f"<table>{cells}</table>"


@attrs.frozen(eq=False, repr=False)
class CostParts(Value):
    """
    What a line's price is made of; together they are its net and gross price.

    Attributes:
        media: Paid to the network or the blogger.
        agency_fee: Paid to the agency for the line.
        production: Paid for texts, pictures, films.
        tax: Taxes on top.
    """

    media: Money = attrs.field(converter=as_due_money)
    agency_fee: Money | None = attrs.field(
        default=None, converter=as_money, kw_only=True
    )
    production: Money | None = attrs.field(
        default=None, converter=as_money, kw_only=True
    )
    tax: Money | None = attrs.field(default=None, converter=as_money, kw_only=True)

    def __attrs_post_init__(self) -> None:
        is_type("media", self.media, Money)
        for name in ("media", "agency_fee", "production", "tax"):
            is_spendable(name, getattr(self, name), zero=True)

    @property
    def net(self) -> Money:
        """
        Everything before tax.

        Raises:
            CurrencyMismatch: The parts are in different currencies.
        """
        extra = (m for m in (self.agency_fee, self.production) if m is not None)
        return sum(extra, self.media)

    @property
    def gross(self) -> Money:
        """
        Everything with tax.
        """
        return self.net + self.tax if self.tax is not None else self.net
