"""
Money that cannot be silently wrong, and exchange rates with a date and a source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal, InvalidOperation
from functools import total_ordering
from typing import Any, NoReturn, overload

import attrs

from smmlib.errors import CurrencyMismatch, Issue, MoneyError, ValidationError
from smmlib.model._checks import are, as_tuple, did_you_mean, is_text, is_type, refuse
from smmlib.model._iso import CURRENCY_DECIMALS
from smmlib.model._value import Value

# Above this nobody plans marketing; it keeps every sum exact in 28-digit decimals.
_LARGEST = Decimal(10) ** 15
_CODE = len("EUR")
_SIGNS = {"€": "EUR", "euro": "EUR", "$": "USD", "dollar": "USD", "£": "GBP"}


def _no_money(
    value: Any, message: str, *, limit: Any = None, hint: str = ""
) -> NoReturn:
    shown = str(value)[:60]
    raise MoneyError(
        [Issue("amount", "money.invalid", message, value=shown, limit=limit, hint=hint)]
    )


def currency_code(value: Any) -> str:
    """
    The ISO 4217 code a person typed, in capitals.

    Raises:
        MoneyError: No such currency.
    """
    if isinstance(value, str) and (code := value.strip().upper()) in CURRENCY_DECIMALS:
        return code
    shown = str(value)[:20]
    issue = Issue(
        "currency",
        "money.currency",
        f"unknown currency {shown!r}",
        value=shown,
        limit="an ISO 4217 code such as EUR",
        hint=_currency_hint(shown),
    )
    raise MoneyError([issue])


def _currency_hint(shown: str) -> str:
    """
    The code behind a sign or a word people use for a currency.
    """
    code = _SIGNS.get(shown.casefold().rstrip("s"), "")
    if code:
        return f"write {code}"
    if len(shown) == _CODE:
        return did_you_mean(shown, CURRENCY_DECIMALS)
    return "write whole units and the three letters of the currency, e.g. 16000 EUR"


def decimal_of(value: Decimal | int | str) -> Decimal:
    """
    A number as an exact decimal; floats are refused, since they are already rounded.

    Raises:
        MoneyError: A float, True or False, text that is no number, NaN or infinity.
    """
    if isinstance(value, float):
        _no_money(
            value,
            f"{value!r} is a float, and floats are inexact",
            limit="Decimal, int or text",
            hint=f'write the amount as text, e.g. "{round(value, 2)}"',
        )
    if isinstance(value, bool) or not isinstance(value, (Decimal, int, str)):
        _no_money(value, f"{value!r} is no amount", limit="Decimal, int or text")
    try:
        number = Decimal(value.strip() if isinstance(value, str) else value)
    except (InvalidOperation, ValueError):
        _no_money(
            value,
            f"{str(value)[:60]!r} is no amount",
            limit="digits with a point, e.g. 1234.56",
            hint="no thousands separators; the decimal mark is a point",
        )
    if not number.is_finite():
        _no_money(
            value,
            f"{value} is no amount",
            limit="a finite number",
            hint="write a plain amount, e.g. 1234.56",
        )
    if isinstance(value, str) and ("_" in value or not value.strip().isascii()):
        _no_money(value, f"{value!r} is no amount", limit="digits with a point")
    return number


def optional_decimal(value: Decimal | int | str | None) -> Decimal | None:
    """
    An exact number, if there is one.
    """
    return None if value is None else decimal_of(value)


def _coins(number: Decimal, currency: str) -> Decimal:
    """
    The amount at the currency's own precision, or an error if it has more decimals.
    """
    decimals = CURRENCY_DECIMALS[currency]
    if number.copy_abs() >= _LARGEST:  # abs() overflows on endless exponents
        _no_money(
            number, f"{number:.3E} {currency} is too large", limit=f"{_LARGEST:f}"
        )
    whole = number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_DOWN)
    if whole != number:
        _no_money(
            number,
            f"{number} {currency} has more than {decimals} decimals",
            limit=f"{decimals} decimals for {currency}",
            hint="use Money.rounded(...) to round on purpose",
        )
    # Minus zero would be shown as -0.00 and compares equal to 0: keep one of them.
    return whole + 0 if whole else abs(whole)


@total_ordering
@attrs.frozen(eq=False, repr=False)
class Money(Value):
    """
    An amount in one currency, exact to its smallest coin.

    Examples:
        >>> Money("12.50", "EUR") + Money("0.50", "EUR")
        Money('13.00', 'EUR')

    Attributes:
        amount: Exact decimal; given as `Decimal`, whole number or text, never float.
        currency: ISO 4217 code.

    Raises:
        MoneyError: No number, too precise for the currency, unknown currency.
        CurrencyMismatch: Sum or comparison of two currencies.
    """

    amount: Decimal = attrs.field(converter=decimal_of)
    currency: str = attrs.field(converter=currency_code)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "amount", _coins(self.amount, self.currency))

    @classmethod
    def parse(cls, text: str) -> Money:
        """
        Read money as plan files write it: `16000.00 EUR`.
        """
        parts = text.split() if isinstance(text, str) else []
        if len(parts) != len(("amount", "currency")):
            _no_money(
                text,
                f"{str(text)[:60]!r} is no money",
                limit="amount and currency, e.g. 16000.00 EUR",
                hint="write digits with a point, then the currency code",
            )
        return cls(parts[0], parts[1])

    @classmethod
    def rounded(cls, amount: Decimal | int | str, currency: str) -> Money:
        """
        Money from a more precise number, rounded half to even, on purpose.
        """
        code = currency_code(currency)
        coin = Decimal(1).scaleb(-CURRENCY_DECIMALS[code])
        number = decimal_of(amount)
        if number.copy_abs() < _LARGEST:  # larger ones are refused below, as they are
            number = number.quantize(coin, rounding=ROUND_HALF_EVEN)
        return cls(number, code)

    @classmethod
    def zero(cls, currency: str) -> Money:
        """
        Nothing, in this currency.
        """
        return cls(Decimal(0), currency)

    @property
    def decimals(self) -> int:
        """
        How many decimals the currency's smallest coin has.
        """
        return CURRENCY_DECIMALS[self.currency]

    @property
    def coin(self) -> Money:
        """
        The smallest amount of this currency.
        """
        return Money(Decimal(1).scaleb(-self.decimals), self.currency)

    def _same(self, other: Money) -> Decimal:
        if other.currency != self.currency:
            message = f"{self} and {other} are different currencies"
            raise CurrencyMismatch(
                [
                    Issue(
                        "currency",
                        "money.currency_mismatch",
                        message,
                        value=other.currency,
                        limit=self.currency,
                        hint="convert with FxRates at a dated rate first",
                    )
                ]
            )
        return other.amount

    def __add__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.amount + self._same(other), self.currency)

    def __radd__(self, other: int) -> Money:
        """
        Nothing plus money is money, so that `sum` works; other numbers are refused.
        """
        return self if other == 0 else NotImplemented

    def __sub__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __abs__(self) -> Money:
        return Money(abs(self.amount), self.currency)

    def __mul__(self, factor: int | Decimal) -> Money:
        """
        Whole multiples stay exact; other factors need `Money.rounded`.
        """
        if isinstance(factor, bool) or not isinstance(factor, (int, Decimal)):
            return NotImplemented
        return Money(self.amount * factor, self.currency)

    __rmul__ = __mul__

    def __truediv__(self, other: Money) -> Decimal:
        """
        How many times one amount holds another: a plain number.
        """
        if not isinstance(other, Money):
            return NotImplemented
        return self.amount / self._same(other)

    def __lt__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.amount < self._same(other)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"

    def __repr__(self) -> str:
        return f"Money('{self.amount:f}', '{self.currency}')"

    def __format__(self, spec: str) -> str:
        if not spec:
            return str(self)
        return f"{format(self.amount, spec)} {self.currency}"

    def _repr_html_(self) -> str:
        return f"<span>{self.amount:,} {self.currency}</span>"

    @overload
    def split(self, parts: int | Sequence[Any]) -> tuple[Money, ...]: ...

    @overload
    def split(self, parts: Mapping[str, Any]) -> dict[str, Money]: ...

    def split(
        self, parts: int | Sequence[Any] | Mapping[str, Any]
    ) -> tuple[Money, ...] | dict[str, Money]:
        """
        Divide without losing a cent: the parts always sum to the whole.

        What cannot be divided goes to the parts with the largest remainder, the
        first of equals first.

        Args:
            parts: A count for equal parts, a list of weights, or weights by name.

        Returns:
            A tuple of `Money`, or a dict of name to `Money` for named weights.

        Raises:
            MoneyError: No parts, a negative weight, or all weights zero.
        """
        if isinstance(parts, int):
            return self._shares([Decimal(1)] * parts)
        if isinstance(parts, Mapping):
            shares = self._shares([decimal_of(weight) for weight in parts.values()])
            return dict(zip(parts, shares, strict=True))
        return self._shares([decimal_of(weight) for weight in parts])

    def _shares(self, weights: list[Decimal]) -> tuple[Money, ...]:
        total = sum(weights, Decimal(0))
        if not weights or min(weights) < 0 or total == 0:
            _no_money(
                weights,
                f"{self} cannot be split by {[str(w) for w in weights][:8]}",
                limit="at least one weight above zero, none below",
            )
        units = int(self.amount.scaleb(self.decimals))
        # Ratios of integers, not decimals: a third has no exact decimal.
        scale = max(0, *(-int(w.as_tuple().exponent) for w in weights))
        whole = [int(w.scaleb(scale)) for w in weights]
        pool = sum(whole)
        sign = -1 if units < 0 else 1
        parts = [divmod(abs(units) * w, pool) for w in whole]
        given = [quotient for quotient, _ in parts]
        order = sorted(range(len(parts)), key=lambda i: (-parts[i][1], i))
        for place in order[: abs(units) - sum(given)]:
            given[place] += 1
        return tuple(
            Money(Decimal(sign * n).scaleb(-self.decimals), self.currency)
            for n in given
        )


@attrs.frozen(eq=False, repr=False)
class FxRate(Value):
    """
    What one unit of a currency was worth in another on one day.

    Attributes:
        base: Currency to convert from.
        quote: Currency to convert to.
        rate: How much `quote` one `base` is worth.
        on: The day the rate is for.
        source: Who published it.
    """

    base: str = attrs.field(converter=currency_code)
    quote: str = attrs.field(converter=currency_code)
    rate: Decimal = attrs.field(converter=decimal_of, kw_only=True)
    on: date = attrs.field(kw_only=True)
    source: str = attrs.field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        is_text("source", self.source, longest=200)
        is_type("on", self.on, date)
        if self.rate <= 0:
            _no_money(
                self.rate, f"a rate of {self.rate} is impossible", limit="above 0"
            )


@attrs.frozen(eq=False, repr=False)
class FxRates(Value):
    """
    Dated exchange rates; a missing day is an error, never a guess.

    Attributes:
        rates: The known rates.
    """

    rates: tuple[FxRate, ...] = attrs.field(default=(), converter=as_tuple)

    def rate(self, base: str, quote: str, on: date) -> Decimal:
        """
        The rate of one day, in either direction of a stated pair.

        Raises:
            ValidationError: No rate for this pair and day.
            MoneyError: An unknown currency.
        """
        base, quote = currency_code(base), currency_code(quote)
        if base == quote:
            return Decimal(1)
        for known in self.rates:
            if known.on == on and (known.base, known.quote) == (base, quote):
                return known.rate
            if known.on == on and (known.quote, known.base) == (base, quote):
                return 1 / known.rate
        raise ValidationError(
            [
                Issue(
                    "rates",
                    "fx.missing",
                    f"no rate {base} to {quote} for {on}",
                    value=str(on),
                    limit=f"{len(self.rates)} rates are known",
                    hint="add an FxRate for this pair and day, with its source",
                )
            ]
        )

    def convert(self, money: Money, currency: str, on: date) -> Money:
        """
        The amount in another currency at the day's rate, rounded to its coin.
        """
        factor = self.rate(money.currency, currency, on)
        return Money.rounded(money.amount * factor, currency)

    def __attrs_post_init__(self) -> None:
        are("rates", self.rates, FxRate)
        seen: set[tuple[date, frozenset[str]]] = set()
        for known in self.rates:
            pair = (known.on, frozenset((known.base, known.quote)))
            if pair in seen:
                refuse(
                    "rates",
                    f"two rates for {known.base} and {known.quote} on {known.on}",
                    code="fx.repeated",
                    value=str(known.on),
                    expected="one rate for each pair and day",
                )
            seen.add(pair)
