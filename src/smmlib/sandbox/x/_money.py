"""
Amounts in micros: which ones a currency has.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from smmlib.sandbox.x._errors import invalid, refuse
from smmlib.sandbox.x._tables import decimals, denomination

MICRO = 1_000_000
LEAST_CENTS, MOST_UNITS = 1, 1_000
"""
USD bids lie between one cent and 1,000 dollars; other currencies alike.
"""


def check_amount(params: dict[str, Any], name: str, currency: str) -> None:
    """
    Refuse amounts that are not positive or finer than the currency's smallest unit.

    Raises:
        ApiError: INVALID_PARAMETER or INVALID_DENOMINATION.
    """
    amount = params.get(name)
    if amount is None:
        return
    if amount <= 0:
        raise invalid(name, f"{name} must be greater than 0", amount)
    step = denomination(currency)
    if amount % step:
        text = f"{name} must be a multiple of {step} for {currency}"
        raise refuse("INVALID_DENOMINATION", text, parameter=name, value=amount)


def check_bid(amount: int, currency: str) -> None:
    """
    Refuse bids outside the bidding rules.
    """
    low, high = bid_bounds(currency)
    if not low <= amount <= high:
        text = f"bid_amount_local_micro must be between {low} and {high}"
        raise invalid("bid_amount_local_micro", text, amount)


def bid_bounds(currency: str) -> tuple[int, int]:
    """
    Lowest and highest bid in micros.
    """
    step = denomination(currency)
    return LEAST_CENTS * step, MOST_UNITS * 100 * step


def major(micros: int | None, currency: str) -> Decimal | None:
    """
    Micros as units of the currency.
    """
    if micros is None:
        return None
    exact = Decimal(micros) / MICRO
    return exact.quantize(Decimal(1).scaleb(-decimals(currency)))


def micros(amount: Decimal) -> int:
    """
    Units of the currency as micros.
    """
    return int(amount * MICRO)
