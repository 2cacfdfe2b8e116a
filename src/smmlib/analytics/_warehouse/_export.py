"""
The warehouse's rows for other tools, and for a report.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from smmlib.analytics._facts import Facts
from smmlib.analytics._warehouse import _queries as q
from smmlib.analytics._warehouse._schema import ibis, table
from smmlib.model import Conversion, FrozenMap, GrowthRow, MetricRow, Money, Utm
from smmlib.model._facts import COUNTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    Ask = Callable[..., tuple[tuple[str, ...], list[tuple[Any, ...]]]]

# The columns of its model `ad_reporting__ad_report` (version 2, read in 2026).
AD_REPORT = (
    "source_relation",
    "date_day",
    "platform",
    "account_id",
    "account_name",
    "campaign_id",
    "campaign_name",
    "ad_group_id",
    "ad_group_name",
    "ad_id",
    "ad_name",
    "clicks",
    "impressions",
    "spend",
    "conversions",
    "conversions_value",
)
_TAGS = ("source", "medium", "campaign", "content", "term")


def ad_report(first: date | None, last: date | None) -> Any:
    """
    Days and ads in these columns; a name stands for an id where only it is known.
    """
    t = q.fitting(table("metrics"), {}, first, last)
    keys = ["scope", "on", "platform", "network", "account", "campaign", "ad_set", "ad"]
    t = t.group_by(keys).agg(
        **{n: t[n].sum() for n in ("clicks", "impressions", "spend", "conversions")},
        conversions_value=t.revenue.sum(),
    )
    named = ibis().ifelse(t.platform == "", t.network, t.platform)
    return t.select(
        source_relation=t.scope,
        date_day=t.on,
        platform=named,
        account_id=t.account,
        account_name=t.account,
        campaign_id=t.campaign,
        campaign_name=t.campaign,
        ad_group_id=t.ad_set,
        ad_group_name=t.ad_set,
        ad_id=t.ad,
        ad_name=t.ad,
        clicks=t.clicks,
        impressions=t.impressions,
        spend=t.spend,
        conversions=t.conversions,
        conversions_value=t.conversions_value,
    ).order_by(["date_day", "source_relation", "campaign_id", "ad_group_id", "ad_id"])


def facts_of(
    ask: Ask,
    where: Mapping[str, Sequence[str]],
    first: date | None,
    last: date | None,
) -> Facts:
    """
    Rows of some days as `Facts`.
    """

    def cells(name: str, kept: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
        names, rows = ask(q.fitting(table(name), kept, first, last))
        return [dict(zip(names, row, strict=True)) for row in rows]

    metrics = [_metric(row) for row in cells("metrics", where)]
    conversions = [_conversion(row) for row in cells("conversions", {})]
    growth = [_growth(row) for row in cells("growth", {})]
    return Facts(
        sorted(metrics, key=lambda row: (row.on, row.campaign, row.ad_set, row.ad)),
        sorted(conversions, key=lambda c: (c.at, c.conversion_id)),
        growth=sorted(growth, key=lambda row: (row.on, row.network)),
        sources=("warehouse",),
    )


def _metric(row: dict[str, Any]) -> MetricRow:
    pairs = (part.partition("=") for part in row["breakdown"].split("|") if part)
    names = ("platform", "account", "campaign", "ad_set", "ad", "address", "line")
    return MetricRow(
        row["on"],
        row["network"] or None,
        spend=row["spend"],
        currency=row["currency"],
        revenue=row["revenue"],
        breakdown=FrozenMap({name: label for name, _, label in pairs}),
        source=row["source"],
        **{name: row[name] for name in (*names, *COUNTS)},
    )


def _conversion(row: dict[str, Any]) -> Conversion:
    tags = {name: row[f"utm_{name}"] or "" for name in _TAGS}
    money = None
    if row["value"] is not None:
        money = Money.rounded(row["value"], row["currency"])
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=row["at"])
    return Conversion(
        row["conversion_id"],
        row["kind"],
        at=at,
        value=money,
        utm=Utm(**tags) if tags["source"] else None,
        click_id=row["click_id"],
        refunds=row["refunds"],
        source=row["source"],
        person=row["person"],
    )


def _growth(row: dict[str, Any]) -> GrowthRow:
    names = ("on", "network", "followers", "reach", "account", "source")
    return GrowthRow(**{name: row[name] for name in names})
