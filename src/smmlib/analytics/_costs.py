"""
What work on the brand's own pages costs: production, and hours at a rate.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from smmlib.errors import Issue, ValidationError
from smmlib.model import Money
from smmlib.model._budget import as_money
from smmlib.model._checks import did_you_mean
from smmlib.model._money import optional_decimal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smmlib.model import MediaPlan


@attrs.frozen
class WorkCost:
    """
    What a post, or all free work on a line, has cost.

    Attributes:
        production: Paid for texts, pictures and films.
        hours: Hours of the brand's own people.
        rate: What one of these hours costs.
    """

    production: Money | None = attrs.field(default=None, converter=as_money)
    hours: Decimal | None = attrs.field(
        default=None, converter=optional_decimal, kw_only=True
    )
    rate: Money | None = attrs.field(default=None, converter=as_money, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if (self.hours is None) is not (self.rate is None):
            _refuse("hours", "hours and their rate belong together")
        if self.production is None and self.hours is None:
            _refuse("production", "a cost needs production, or hours and a rate")
        if self.hours is not None and self.hours < 0:
            _refuse("hours", f"{self.hours} hours")

    @property
    def total(self) -> Money:
        """
        Production and hours together, to the coin.

        Raises:
            CurrencyMismatch: Production and rate are in two currencies.
        """
        if self.hours is None or self.rate is None:
            # One of both is there: a cost without any is refused.
            return self.production or Money(0, "EUR")
        work = Money.rounded(self.rate.amount * self.hours, self.rate.currency)
        return work if self.production is None else self.production + work


def _refuse(name: str, message: str) -> None:
    raise ValidationError([Issue(name, "cost.incomplete", message)])


def read_costs(
    costs: Mapping[str, WorkCost | Money | str] | None, plan: MediaPlan | None
) -> dict[str, Money]:
    """
    Costs by key of a post or of a line, checked against the plan.

    Raises:
        ValidationError: The plan has neither post nor line of that key.
    """
    found: dict[str, Money] = {}
    known = {*plan.posts, *plan.lines} if plan else set()
    for key, cost in (costs or {}).items():
        if plan is not None and key not in known:
            text = f"the plan has no post and no line '{key}'"
            hint = did_you_mean(key, known)
            raise ValidationError(
                [Issue(f"costs.{key}", "cost.unknown", text, value=key, hint=hint)]
            )
        if isinstance(cost, WorkCost):
            found[key] = cost.total
        else:
            found[key] = as_money(cost) or Money(0, "EUR")
    return found
