from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from _warehouses import ENGINES, warehouse_place
from smmlib.analytics import Facts, Warehouse, growth
from smmlib.errors import ValidationError
from smmlib.model import GrowthRow

_DAY = date(2027, 3, 1)


def _row(day, network="telegram", followers=None, reach=None, account="a"):
    return GrowthRow(
        _DAY + timedelta(days=day),
        network,
        followers=followers,
        reach=reach,
        account=account,
    )


def _many(seed=3):
    random = Random(seed)
    rows = [
        _row(
            day,
            network,
            random.choice([None, 1000 + 10 * day + random.randint(0, 9)]),
            random.choice([None, random.randint(100, 900)]),
            account,
        )
        for day in range(-9, 30)
        for network, account in (("telegram", "a"), ("x", "b"), ("x", "c"))
    ]
    # One network was looked at once, another only tells its reach.
    rows += [_row(5, "linkedin", 50, None), _row(2, "facebook", None, 10)]
    rows += [_row(20, "facebook", None, 30)]
    return Facts(growth=rows)


@pytest.fixture(scope="module", params=ENGINES)
def warehouse(request, tmp_path_factory):
    """
    The same rows on each engine.
    """
    folder = tmp_path_factory.mktemp(request.param)
    with (
        warehouse_place(request.param, folder) as place,
        Warehouse.connect(place()) as found,
    ):
        found.ingest(_many())
        yield found


@pytest.mark.parametrize("shift", [-20, 0, 4, 25])
def test_databases_and_memory_agree(warehouse, shift):
    """
    Followers, reach and growth of every network are the same, to the last digit.
    """
    first = _DAY + timedelta(days=shift)
    before = warehouse.rows_fetched
    asked = growth(warehouse, first=first)

    assert growth(_many(), first=first) == asked
    assert warehouse.rows_fetched - before <= 1 + 4 + 1


def test_growth_is_a_percentage_by_network():
    """
    1,000 to 1,150 followers are 15 %; the total counts followers of all.
    """
    rows = [_row(0, "telegram", 1000), _row(10, "telegram", 1150)]
    rows += [_row(0, "x", 400), _row(10, "x", 300)]
    found = growth(Facts(growth=rows))

    assert Decimal(15) == found["telegram"].follower_growth
    assert Decimal(-25) == found["x"].follower_growth
    assert (1400, 1450) == (found.total.followers_before, found.total.followers)
    assert "+15.0 %" in str(found)
    assert "<td" in found._repr_html_()
    assert ["telegram", "x"] == found.to_dict()["network"]


def test_coverage_compares_week_with_week():
    """
    A week at 100 a day and a week at 150 are 50 %, whatever lies between.
    """
    rows = [_row(day, reach=100) for day in range(-6, 1)]
    rows += [_row(5, reach=9999)]
    rows += [_row(day, reach=150) for day in range(14, 21)]
    found = growth(Facts(growth=rows), first=_DAY)

    assert Decimal(50) == found["telegram"].coverage_growth


def test_one_look_is_no_growth():
    """
    Undefined is not zero: a page counted once has no growth.
    """
    found = growth(Facts(growth=[_row(3, "telegram", 100)]))["telegram"]

    assert (100, None, None) == (
        found.followers,
        found.follower_growth,
        found.coverage_growth,
    )
    with pytest.raises(ValidationError, match="no followers"):
        growth(Facts())
