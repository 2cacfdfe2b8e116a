"""
The warehouse's tables, the same on every engine.

Amounts are exact decimals with nine places, as fine as any platform reports. Instants
are microseconds since 1970 in UTC: engines disagree about zones, not about numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.analytics._extras import extra
from smmlib.model._facts import COUNTS

if TYPE_CHECKING:
    from collections.abc import Mapping

AMOUNT = "decimal(28,9)"
_KEY = {"scope": "string", "on": "date"}
_TAGS = ("source", "medium", "campaign", "content", "term")

TABLES: dict[str, dict[str, str]] = {
    # One row per day, network, account, campaign, ad set, ad and breakdown.
    "metrics": {
        **_KEY,
        **dict.fromkeys(
            (
                *("platform", "network", "account", "campaign", "ad_set", "ad"),
                *("breakdown", "address", "line", "channel", "currency", "source"),
            ),
            "string",
        ),
        "spend": AMOUNT,
        **dict.fromkeys(COUNTS, "int64"),
        "revenue": AMOUNT,
    },
    "growth": {
        **_KEY,
        "network": "string",
        "account": "string",
        "followers": "int64",
        "reach": "int64",
        "source": "string",
    },
    "touches": {
        **_KEY,
        "person": "string",
        "at": "int64",
        "seq": "int64",
        "kind": "string",
        "channel": "string",
        "campaign": "string",
        "ad": "string",
        "matched": "int64",
    },
    "conversions": {
        **_KEY,
        "conversion_id": "string",
        "kind": "string",
        "at": "int64",
        "person": "string",
        "value": AMOUNT,
        "currency": "string",
        "refunds": "string",
        "click_id": "string",
        **{f"utm_{tag}": "string" for tag in _TAGS},
        "channel": "string",
        "campaign": "string",
        "ad": "string",
        "matched": "int64",
        "source": "string",
    },
    "plan": {
        **_KEY,
        "line": "string",
        "name": "string",
        "networks": "string",
        "paid": "int64",
        "managed": "string",
        "last_day": "date",
        "cost": AMOUNT,
        "currency": "string",
    },
    # What the account says it spent in all, to hold the rows against.
    "accounts": {**_KEY, "spend": AMOUNT, "currency": "string"},
    "rates": {
        **_KEY,
        "base": "string",
        "quote": "string",
        "rate": "decimal(18,9)",
        "source": "string",
    },
    # What was taken in, so that the same again is nothing to do.
    "loads": {
        **_KEY,
        "of": "string",
        "digest": "string",
        "rows": "int64",
        "currencies": "string",
    },
    # What leads to journeys, before steps are numbered.
    "ways": {
        **_KEY,
        "journey": "string",
        "kind": "string",
        "worth": "float64",
        "won": "int32",
        "t_at": "int64",
        "seq": "int64",
        "hours": "float64",
        "channel_name": "string",
        "campaign_name": "string",
        "ad_name": "string",
    },
    # One row per touch of a journey, made from touches and conversions.
    "journeys": {
        **_KEY,
        "kind": "string",
        "channel": "int32",
        "next_channel": "int32",
        "campaign": "int32",
        "next_campaign": "int32",
        "ad": "int32",
        "next_ad": "int32",
        "step": "int32",
        "steps": "int32",
        "hours": "float64",
        "journey": "string",
        "won": "int32",
        "worth": "float64",
        "channels": "int64",
    },
    "labels": {**_KEY, "level": "string", "code": "int32", "name": "string"},
}
LEVELS = ("channel", "campaign", "ad")
END = -1
"""
The code of what comes after the last touch.
"""
_SQL = {
    "duckdb": {"string": "VARCHAR", "float64": "DOUBLE"},
    "postgres": {"string": "TEXT", "float64": "DOUBLE PRECISION"},
    "pyspark": {"string": "STRING", "float64": "DOUBLE"},
}
_COMMON = {"int64": "BIGINT", "int32": "INT", "date": "DATE"}


def sql_type(kind: str, dialect: str) -> str:
    """
    A column's type as an engine calls it.
    """
    return _SQL[dialect].get(kind) or _COMMON.get(kind) or kind.upper()


def ibis() -> Any:
    """
    The package that writes one query for every engine.
    """
    return extra("ibis", "the warehouse")


def table(name: str) -> Any:
    """
    A table as an Ibis expression, bound to no engine.
    """
    return ibis().table(TABLES[name], name=name)


def arrow_schema(name: str) -> Any:
    """
    A table's columns as Arrow calls them.
    """
    pa = extra("pyarrow", "the warehouse")
    kinds = {
        "string": pa.string(),
        "date": pa.date32(),
        "int64": pa.int64(),
        "int32": pa.int32(),
        "float64": pa.float64(),
        AMOUNT: pa.decimal128(28, 9),
        "decimal(18,9)": pa.decimal128(18, 9),
    }
    return pa.schema([(column, kinds[kind]) for column, kind in TABLES[name].items()])


def as_arrow(name: str, rows: list[Mapping[str, Any]]) -> Any:
    """
    Rows as an Arrow table; what a row does not say stays empty.
    """
    pa = extra("pyarrow", "the warehouse")
    schema = arrow_schema(name)
    columns = {column: [row.get(column) for row in rows] for column in TABLES[name]}
    return pa.table(columns, schema=schema)
