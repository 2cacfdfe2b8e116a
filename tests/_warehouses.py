"""
One warehouse per engine, and a set of facts whose answer was worked out by hand.
"""

from __future__ import annotations

import contextlib
import itertools
import shutil
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from _postgres import postgres_database, postgres_server
from smmlib.analytics import Facts
from smmlib.model import Conversion, FxRate, FxRates, MetricRow, Money, Touch, Utm

ENGINES = (
    "duckdb",
    "folder",
    pytest.param("postgres", marks=pytest.mark.postgres),
    pytest.param(
        "spark",
        marks=[
            pytest.mark.spark,
            # pyspark leaves the socket of each answer for the collector to close.
            pytest.mark.filterwarnings(
                "ignore::pytest.PytestUnraisableExceptionWarning"
            ),
            pytest.mark.filterwarnings("ignore::ResourceWarning"),
        ],
    ),
)
BERLIN, NEW_YORK, UTC = map(ZoneInfo, ("Europe/Berlin", "America/New_York", "UTC"))


@contextlib.contextmanager
def warehouse_place(engine, folder):
    """
    A place for warehouses of one engine: gives the address of a new one on each call.

    It skips where the engine is missing.
    """
    numbers = itertools.count()
    with contextlib.ExitStack() as stack:
        if engine == "postgres":
            server = stack.enter_context(postgres_server())
        elif engine == "spark":
            pytest.importorskip("pyspark", reason='pip install "smmlib[spark]"')
            if shutil.which("java") is None:
                pytest.skip("no Java: apt-get install openjdk-17-jre-headless")

        def address():
            name = f"facts{next(numbers)}"
            if engine == "postgres":
                return stack.enter_context(postgres_database(server, name))
            path = folder / name
            return {
                "duckdb": f"duckdb:///{path}.duckdb",
                "folder": f"duckdb:///{path}/",
                # Compiling a query costs more than a few rows are worth.
                "spark": f"spark://local[2]?folder={path}"
                "&spark.sql.codegen.wholeStage=false&spark.sql.adaptive.enabled=false"
                "&spark.sql.codegen.factoryMode=NO_CODEGEN",
            }[engine]

        yield address


def _spend(day, network, amount, currency, **more):
    return MetricRow(
        date(2027, 3, day),
        network,
        spend=amount,
        currency=currency,
        platform=network,
        account=f"{network}-1",
        campaign="leads",
        ad="taste",
        **more,
    )


def _won(key, at, amount, currency, source, **more):
    utm = Utm(source, "paid_social", campaign="leads", content="taste")
    return Conversion(
        key,
        more.pop("kind", "purchase"),
        at=at,
        value=Money(amount, currency),
        utm=utm,
        **more,
    )


def _touch(person, at, source):
    utm = Utm(source, "paid_social", campaign="leads", content="taste")
    return Touch(person, at, utm=utm)


def hand_made():
    """
    Three channels in two currencies and three zones, a refund and a late purchase.

    By hand, in EUR, each day at its own rate:
    spend: facebook 100.10 + 50.05 = 150.15; linkedin 80.00 x 0.90 + 40.40 x 0.92 +
    10.00 x 0.95 = 72.00 + 37.168 + 9.50 = 118.668; telegram 20.00 + 30.00 = 50.00.
    revenue by last touch: linkedin 200.00 USD on March 1 in New York, which is
    March 2 in Berlin: x 0.92 = 184.00; facebook 120.00 - 50.00 USD x 0.96 (48.00) +
    100.00 USD x 0.94 (94.00, late) = 166.00; telegram 60.00.
    linear: the buyer on linkedin had clicked on facebook before: 92.00 each.
    """
    metrics = [
        _spend(1, "facebook", "100.10", "EUR", conversions=2, revenue="260.00"),
        _spend(2, "facebook", "50.05", "EUR", conversions=1, revenue="90.00"),
        _spend(1, "linkedin", "80.00", "USD"),
        _spend(2, "linkedin", "40.40", "USD", conversions=1, revenue="200.00"),
        _spend(3, "linkedin", "10.00", "USD"),
        _spend(1, "telegram", "20.00", "EUR"),
        _spend(3, "telegram", "30.00", "EUR"),
    ]
    late = datetime(2027, 3, 15, 9, tzinfo=UTC)
    conversions = [
        _won(
            "c1",
            datetime(2027, 3, 1, 23, 30, tzinfo=NEW_YORK),
            "200.00",
            "USD",
            "linkedin",
            person="ann",
        ),
        _won(
            "c2",
            datetime(2027, 3, 2, 10, tzinfo=BERLIN),
            "120.00",
            "EUR",
            "facebook",
            person="bob",
        ),
        _won("c3", late, "100.00", "USD", "facebook"),
        _won("c4", datetime(2027, 3, 3, 8, tzinfo=UTC), "60.00", "EUR", "telegram"),
        _won(
            "c2-R",
            datetime(2027, 3, 20, 12, tzinfo=BERLIN),
            "-50.00",
            "USD",
            "facebook",
            kind="refund",
            refunds="c2",
        ),
    ]
    touches = [
        _touch("ann", datetime(2027, 2, 27, 8, tzinfo=NEW_YORK), "facebook"),
        _touch("ann", datetime(2027, 3, 1, 20, tzinfo=NEW_YORK), "linkedin"),
        _touch("bob", datetime(2027, 3, 2, 9, tzinfo=BERLIN), "facebook"),
        _touch("eve", datetime(2027, 3, 2, 9, tzinfo=BERLIN), "telegram"),
    ]
    facts = Facts(
        metrics, conversions, touches=touches, currency="EUR", zone="Europe/Berlin"
    )
    known = {1: "0.90", 2: "0.92", 3: "0.95", 15: "0.94", 20: "0.96"}
    rates = FxRates(
        tuple(
            FxRate("USD", "EUR", rate=rate, on=date(2027, 3, day), source="by hand")
            for day, rate in known.items()
        )
    )
    return facts, rates


HAND_SPEND = {"facebook": "150.15", "linkedin": "118.668", "telegram": "50.00"}
HAND_LAST = {"facebook": "166.00", "linkedin": "184.00", "telegram": "60.00"}
HAND_LINEAR = {"facebook": "258.00", "linkedin": "92.00", "telegram": "60.00"}
