"""
What mureo says of simulated campaigns; runs in mureo's environment, for `alerts.py`.

Reads campaigns as JSON from standard input, writes days by kind of alert.
"""

from __future__ import annotations

import json
import sys
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from mureo.analysis.anomaly_detector import (
    CampaignMetrics,
    baseline_from_history,
    detect_anomalies,
)
from mureo.analysis.delivery_collapse import (
    DailyDelivery,
    DeliverySeries,
    detect_delivery_collapse,
)

_KINDS = {"cost": "delivery_stopped", "cpa": "cpa", "ctr": "ctr"}


def main() -> None:
    """
    Every campaign, day by day.
    """
    given = json.load(sys.stdin)
    first = date.fromisoformat(given["first"])
    found = [
        _alarms(one, first, given["watch"], 7 if given["way"] == "week" else 1)
        for one in given["campaigns"]
    ]
    json.dump(found, sys.stdout)


def _alarms(
    one: dict[str, Any], first: date, watch: int, days: int
) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    daily = [
        DailyDelivery(first + timedelta(days=n), views, clicks, spend)
        for n, (views, clicks, spend) in enumerate(
            zip(one["impressions"], one["clicks"], one["spend"], strict=True)
        )
    ]
    for today in range(watch, len(daily)):
        start = max(0, today - 28)
        log = [_entry(one, n) for n in range(start, today)]
        baseline = baseline_from_history(one["name"], log)
        kinds = {
            _KINDS[alert.metric]
            for alert in detect_anomalies(_current(one, today, days), baseline)
        }
        series = DeliverySeries(
            "meta", one["name"], "ACTIVE", tuple(daily[: today + 1])
        )
        tomorrow = first + timedelta(days=today + 1)
        if detect_delivery_collapse(series, as_of=tomorrow):
            kinds.add("delivery_stopped")
        for kind in kinds:
            found.setdefault(kind, []).append(today)
    return found


def _entry(one: dict[str, Any], day: int) -> Any:
    """
    A day as an entry of its log: all that the baseline reads of one.
    """
    metrics = {
        "spend": one["spend"][day],
        "impressions": one["impressions"][day],
        "clicks": one["clicks"][day],
        "conversions": one["results"][day],
        "days": 1,
    }
    return SimpleNamespace(campaign_id=one["name"], metrics_at_action=metrics)


def _current(one: dict[str, Any], today: int, days: int) -> CampaignMetrics:
    def total(name: str) -> Any:
        return sum(one[name][today + 1 - days : today + 1])

    return CampaignMetrics(
        one["name"],
        cost=total("spend"),
        impressions=int(total("impressions")),
        clicks=int(total("clicks")),
        conversions=total("results"),
    )


if __name__ == "__main__":
    main()
