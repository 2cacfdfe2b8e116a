"""
Facts as rows of the warehouse's tables.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.analytics._join import (
    Origin,
    channel_of,
    network_of,
    origins,
    origins_of,
    place_of,
)
from smmlib.analytics._trails import _tags, person_of
from smmlib.errors import Issue, ValidationError
from smmlib.model._facts import COUNTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from smmlib.analytics._facts import Facts
    from smmlib.model import FxRates, MediaPlan, MetricRow, Touch

    Row = Mapping[str, Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FINEST = Decimal("0.000000001")


def micros(at: datetime) -> int:
    """
    An instant as microseconds since 1970.
    """
    gone = at - _EPOCH
    return (gone.days * 86_400 + gone.seconds) * 1_000_000 + gone.microseconds


def breakdown_text(breakdown: Mapping[str, str]) -> str:
    """
    Breakdowns in one text: `age=25-34|gender=F`.
    """
    return "|".join(
        f"{name}={label.replace('|', '/')}" for name, label in sorted(breakdown.items())
    )


def amount(value: Decimal | None, path: str) -> Decimal | None:
    """
    An amount the tables can hold exactly.

    Raises:
        ValidationError: It has more than nine decimals.
    """
    if value is None:
        return None
    fine = value.quantize(_FINEST)
    if fine != value:
        text = f"{path} of {value} is finer than any platform reports"
        raise ValidationError(
            [Issue(path, "warehouse.decimals", text, value=str(value), limit="9")]
        )
    return fine


def metric_rows(facts: Facts, plan: MediaPlan | None, scope: str) -> list[Row]:
    """
    Daily numbers of ads, with the channel and campaign they count for.
    """
    return [_metric(row, plan, scope) for row in facts.metrics]


def _metric(row: MetricRow, plan: MediaPlan | None, scope: str) -> Row:
    place = place_of(row, plan)
    line = plan.lines.get(place.line) if plan else None
    network = row.network.value if row.network else ""
    if not network and line is not None and len(line.networks) == 1:
        network = line.networks[0].value
    return {
        "scope": scope or f"{row.platform or network or 'export'}:{row.account}",
        "on": row.on,
        "platform": row.platform,
        "network": network,
        "account": row.account,
        "campaign": place.campaign,
        "ad_set": place.ad_set,
        "ad": place.ad,
        "breakdown": breakdown_text(row.breakdown),
        "address": row.address,
        "line": place.line,
        "channel": channel_of(network or "not stated", line),
        "currency": row.currency,
        "source": row.source,
        "spend": amount(row.spend, "spend"),
        **{name: getattr(row, name) for name in COUNTS},
        "revenue": amount(row.revenue, "revenue"),
    }


def growth_rows(facts: Facts, scope: str) -> list[Row]:
    """
    Followers and reach of pages.
    """
    return [
        {
            "scope": scope or f"{row.network}:{row.account}",
            **attrs.asdict(row, recurse=False),
            "network": row.network.value,
        }
        for row in facts.growth
    ]


def _where(origin: Origin, plan: MediaPlan | None) -> dict[str, Any]:
    """
    What a touch or conversion is credited to.
    """
    lost = plan is not None and origin.social and not origin.line
    ad = " / ".join(part for part in (origin.campaign, origin.ad) if part)
    return {
        "channel": f"{origin.channel} (no line)" if lost else origin.channel,
        "campaign": origin.campaign,
        "ad": f"posts.{origin.post}" if origin.post else ad if origin.ad else "",
        "matched": int(origin.social and not lost),
    }


def conversion_rows(facts: Facts, plan: MediaPlan | None, scope: str) -> list[Row]:
    """
    The brand's own records; each day is that of the facts' zone.
    """
    found = origins(facts.conversions, plan)
    rows: list[Row] = []
    for conversion, origin in zip(facts.conversions, found, strict=True):
        tags = conversion.utm.pairs() if conversion.utm else {}
        money = conversion.value
        rows.append(
            {
                "scope": scope or "records",
                "on": facts.day_of(conversion),
                "conversion_id": conversion.conversion_id,
                "kind": conversion.kind.value,
                "at": micros(conversion.at),
                "person": person_of(conversion),
                "value": amount(money.amount, "value") if money else None,
                "currency": money.currency if money else "",
                "refunds": conversion.refunds,
                "click_id": conversion.click_id,
                **{f"utm_{name}": text for name, text in tags.items()},
                **_where(origin, plan),
                "source": conversion.source,
            }
        )
    return rows


def touch_rows(
    touches: Iterable[Touch], facts: Facts, plan: MediaPlan | None, scope: str
) -> list[Row]:
    """
    Clicks and views of people, in order.
    """
    rows = sorted(touches, key=lambda touch: (touch.person, touch.at))
    found = origins_of((_tags(touch) for touch in rows), plan)
    return [
        {
            "scope": scope or "touches",
            "on": facts.day_of(touch),
            "person": touch.person,
            "at": micros(touch.at),
            "seq": place,
            "kind": touch.kind.value,
            **_where(origin, plan),
        }
        for place, (touch, origin) in enumerate(zip(rows, found, strict=True))
        if origin.channel != "direct"
    ]


def plan_rows(plan: MediaPlan) -> list[Row]:
    """
    What each line was to cost, on the first day of its flight.
    """
    return [
        {
            "scope": str(plan.project_id or plan.name),
            "on": (line.flight or plan.flight).first_day,
            "line": key,
            "name": line.name or key,
            "networks": ", ".join(network.value for network in line.networks),
            "paid": int(line.paid),
            "managed": line.managed.value,
            "last_day": (line.flight or plan.flight).last_day,
            "cost": amount(line.cost.amount, "cost") if line.cost else None,
            "currency": line.cost.currency if line.cost else "",
        }
        for key, line in plan.lines.items()
    ]


def rate_rows(rates: FxRates) -> list[Row]:
    """
    Exchange rates, in both directions.
    """
    rows: list[Row] = []
    for known in rates.rates:
        for base, quote, rate in (
            (known.base, known.quote, known.rate),
            (known.quote, known.base, 1 / known.rate),
        ):
            rows.append(
                {
                    "scope": f"{base}/{quote}",
                    "on": known.on,
                    "base": base,
                    "quote": quote,
                    "rate": rate.quantize(_FINEST),
                    "source": known.source,
                }
            )
    return rows


def is_paid(channel: str) -> bool:
    """
    Whether money is spent in a channel, by its name.
    """
    return bool(network_of(channel.partition(" ")[0])[0]) and "(organic)" not in channel
