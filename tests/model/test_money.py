"""
Money is exact: sums, splits and conversions lose nothing and guess nothing.
"""

from __future__ import annotations

import operator
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from smmlib.errors import CurrencyMismatch, MoneyError, ValidationError
from smmlib.model import FxRate, FxRates, Money
from smmlib.testing import strategies

_weights = st.lists(
    st.decimals(0, 1000, places=3) | st.integers(0, 10**9).map(Decimal),
    min_size=1,
    max_size=8,
).filter(any)
_any_money = strategies.money(low=-(10**9), high=10**12)
_euros = strategies.money("EUR", low=-(10**9), high=10**9)


@given(_any_money, _weights)
def test_splits_sum_to_the_whole(money, weights):
    """
    Whatever the weights and the currency, no coin is lost and none is invented.
    """
    parts = money.split(weights)

    assert len(weights) == len(parts)
    assert money == sum(parts, Money.zero(money.currency))


@given(_any_money, _weights)
def test_parts_are_next_to_ideal(money, weights):
    """
    No part differs from its exact share by a whole coin or more.
    """
    total = sum(map(Fraction, weights))
    for part, weight in zip(money.split(weights), weights, strict=True):
        ideal = Fraction(money.amount) * Fraction(weight) / total
        assert abs(Fraction(part.amount) - ideal) < Fraction(money.coin.amount)
        assert weight or not part


@given(_any_money, st.integers(1, 50))
def test_equal_parts_differ_by_one_coin_at_most(money, count):
    """
    Equal parts are as equal as coins allow, the larger ones first.
    """
    parts = money.split(count)

    sizes = [abs(part).amount for part in parts]
    assert max(sizes) - min(sizes) <= money.coin.amount
    assert sorted(sizes, reverse=True) == sizes
    assert money == sum(parts)


@given(strategies.money(), st.dictionaries(strategies.keys(), st.integers(1, 99)))
def test_named_parts_keep_their_names(money, weights):
    """
    Weights by name give money by name.
    """
    assume(weights)
    parts = money.split(weights)

    assert list(weights) == list(parts)
    assert money == sum(parts.values())


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], 0, -2, {}, ["NaN"], [0.5]])
def test_impossible_splits_are_refused(weights):
    """
    Nothing, zeros, negative, undefined or inexact weights divide no money.
    """
    with pytest.raises(MoneyError):
        Money(10, "EUR").split(weights)


@given(_euros, _euros, _euros)
def test_arithmetic_keeps_its_laws(a, b, c):
    """
    Sums commute and associate, differences undo them, negation and order agree.
    """
    zero = Money.zero("EUR")

    assert a + b == b + a
    assert (a + b) + c == a + (b + c)
    assert a + b - b == a
    assert a - b == -(b - a)
    assert a + zero == a == sum([a])
    assert zero - (-a) == a
    assert abs(a) == max(a, -a)
    assert (a < b) is (b > a) is not (a >= b)
    assert (a <= b) is (b >= a)
    assert bool(a) is (a != zero)


@given(_euros, st.integers(-1000, 1000))
def test_multiples_are_repeated_sums(money, factor):
    """
    Whole multiples stay exact, from either side.
    """
    assert money * factor == factor * money
    assert money * factor + money == money * (factor + 1)


@given(_any_money)
def test_money_reads_what_it_writes(money):
    """
    Text and money turn into each other.
    """
    assert money == Money.parse(str(money))
    assert money == eval(repr(money), {"Money": Money})  # noqa: S307 - our own text


def test_a_ratio_is_a_number():
    """
    Money over money is how many times it fits.
    """
    assert Decimal("2.5") == Money("10.00", "EUR") / Money("4", "EUR")


@pytest.mark.parametrize(
    "operation",
    [operator.add, operator.sub, operator.lt, operator.ge, operator.truediv, max],
    ids=lambda operation: operation.__name__,
)
def test_two_currencies_never_meet(operation):
    """
    Euros and dollars are neither added nor compared; equal they are never.
    """
    euros, dollars = Money(1, "EUR"), Money(1, "USD")

    with pytest.raises(CurrencyMismatch) as caught:
        operation(euros, dollars)
    assert {"USD", "EUR"} == {caught.value.value, caught.value.expected}
    assert "FxRates" in caught.value.hint
    assert euros != dollars


@pytest.mark.parametrize(
    ("operation", "other"),
    [
        (operator.add, 1),
        (operator.sub, 1),
        (operator.mul, 1.5),
        (operator.mul, True),
        (operator.mul, Money(5, "EUR")),
        (operator.truediv, 2),
        (operator.lt, 5),
        (operator.add, "1 EUR"),
    ],
    ids=str,
)
def test_money_is_no_number(operation, other):
    """
    Numbers are not money, and floats are no factors.
    """
    with pytest.raises(TypeError):
        operation(Money(5, "EUR"), other)


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        (0.1 + 0.2, "EUR"),
        (12.0, "EUR"),
        ("NaN", "EUR"),
        ("sNaN", "EUR"),
        ("Infinity", "EUR"),
        ("-inf", "EUR"),
        ("12.345", "EUR"),
        ("12.5", "JPY"),
        ("1.2345", "KWD"),
        ("1,000", "EUR"),
        ("1_000", "EUR"),
        ("١٢", "EUR"),
        ("", "EUR"),
        ("twelve", "EUR"),
        (None, "EUR"),
        (True, "EUR"),
        (b"12", "EUR"),
        ([12], "EUR"),
        ("1e40", "EUR"),
        (10**15, "EUR"),
        (Decimal("1e-999999"), "EUR"),
        (1, "ZZZ"),
        (1, "EURO"),
        (1, ""),
        (1, None),
        (1, "XAU"),
        (1, 978),
    ],
)
def test_what_is_no_money_is_refused(amount, currency):
    """
    Floats, NaN, too many decimals, other notations, too much, unknown currencies.
    """
    with pytest.raises(MoneyError) as caught:
        Money(amount, currency)
    assert caught.value.attribute in {"amount", "currency"}
    assert caught.value.expected
    assert caught.value.value is not None


@pytest.mark.parametrize(
    "text",
    ["16000", "16000.00EUR", "EUR 16000.00", "16.000,00 EUR", "", "1 2 EUR", None],
)
def test_what_is_no_money_text_is_refused(text):
    """
    A plan file says amount, blank, currency.
    """
    with pytest.raises(MoneyError):
        Money.parse(text)


@given(st.decimals(-(10**6), 10**6, places=9), strategies.currencies())
def test_rounding_is_on_purpose_and_half_to_even(amount, currency):
    """
    `rounded` is never further than half a coin away.
    """
    money = Money.rounded(amount, currency)

    assert abs(money.amount - amount) * 2 <= money.coin.amount


def test_half_coins_go_to_even():
    """
    Over many roundings nothing drifts up.
    """
    assert Money("0.12", "EUR") == Money.rounded("0.125", "EUR")
    assert Money("0.14", "EUR") == Money.rounded("0.135", "EUR")
    assert "0.00" == f"{Money.rounded('-0.001', 'EUR').amount}"


class TestRates:
    """
    Exchange rates have a date and a source.
    """

    @given(strategies.fx_tables(), strategies.money())
    def test_conversion_is_the_days_rate(self, rates, money):
        """
        Amounts follow the stated rate, in both directions, to half a coin.
        """
        for known in rates.rates:
            base = Money(money.amount.to_integral_value(), known.base)
            there = rates.convert(base, known.quote, known.on)
            assert known.quote == there.currency
            assert there == Money.rounded(base.amount * known.rate, known.quote)
            assert 1 / known.rate == rates.rate(known.quote, known.base, known.on)

    def test_the_same_currency_needs_no_rate(self):
        """
        Euros are euros on every day.
        """
        ten = Money(10, "EUR")

        assert ten == FxRates().convert(ten, "eur", date(2027, 3, 1))

    def test_a_missing_day_is_an_error(self):
        """
        The rate of yesterday is not the rate of today.
        """
        known = FxRate("EUR", "USD", rate="1.1", on=date(2027, 3, 1), source="ECB")

        with pytest.raises(ValidationError, match="no rate EUR to USD") as caught:
            FxRates([known]).rate("EUR", "USD", date(2027, 3, 2))
        assert ["rates", "fx.missing"] == [
            caught.value.attribute,
            caught.value.issues[0].code,
        ]

    def test_currencies_are_read_as_everywhere(self):
        """
        Small letters are fine, and a currency that does not exist is no missing rate.
        """
        known = FxRate("EUR", "USD", rate="1.1", on=date(2027, 3, 1), source="ECB")
        rates = FxRates([known])

        assert Decimal("1.1") == rates.rate("eur", "usd", date(2027, 3, 1))
        with pytest.raises(MoneyError, match="ZZZ"):
            rates.rate("EUR", "ZZZ", date(2027, 3, 1))

    def test_two_rates_for_one_day_are_refused(self):
        """
        Which of them would be meant?
        """
        first = FxRate("EUR", "USD", rate="1.1", on=date(2027, 3, 1), source="ECB")
        second = FxRate("USD", "EUR", rate="0.9", on=date(2027, 3, 1), source="bank")

        with pytest.raises(ValidationError, match="two rates"):
            FxRates([first, second])
