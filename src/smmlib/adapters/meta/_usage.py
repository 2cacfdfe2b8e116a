"""
Meta's usage headers: how full the allowance is, and when calls are allowed again.

Source: Marketing API rate limiting, 2026-08: percentages, throttled at 100; minutes in
the use case header, seconds in the account header; no `Retry-After`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from smmlib.adapters._http import HttpResponse

_SPENDING_LIMIT = frozenset({1885172})
_BUDGET_CHANGES = frozenset({1487632})
_NEARLY_FULL, _FULL = 95.0, 100.0
# The standard tier regains 30 points a second; a write costs three of them.
_BREATH_S = 0.5


def pause_after(answer: HttpResponse) -> float:
    """
    Seconds to hold back the next call, so that the allowance is never used up.

    From 95 percent on each call waits a little; a throttled answer says how long.
    """
    used = max(_percentages(answer.headers), default=0.0)
    if not _NEARLY_FULL <= used < _FULL:
        return 0.0
    return _BREATH_S * (1 + used - _NEARLY_FULL)


def resume_at(
    headers: Mapping[str, str], subcode: int | None, now: datetime
) -> datetime | None:
    """
    When calls are allowed again, as far as Meta says: usage headers, else the rule.
    """
    # The minutes are meant for this call; the other header is the score's whole period.
    waits = [_regain(headers) or _account_reset(headers)]
    if subcode in _BUDGET_CHANGES:
        waits.append(timedelta(hours=1))
    if subcode in _SPENDING_LIMIT:
        waits.append(timedelta(days=1))
    known = [wait for wait in waits if wait]
    return now + max(known) if known else None


def _header(headers: Mapping[str, str], name: str) -> Any:
    try:
        return json.loads(headers.get(name, "null"))
    except (ValueError, RecursionError):
        return None


def _regain(headers: Mapping[str, str]) -> timedelta | None:
    usage = _header(headers, "x-business-use-case-usage")
    minutes = [
        item.get("estimated_time_to_regain_access", 0)
        for items in (usage.values() if isinstance(usage, dict) else ())
        for item in (items if isinstance(items, list) else ())
        if isinstance(item, dict)
    ]
    return _longest(minutes, 60)


def _account_reset(headers: Mapping[str, str]) -> timedelta | None:
    usage = _header(headers, "x-ad-account-usage")
    if not isinstance(usage, dict):
        return None
    used = usage.get("acc_id_util_pct")
    full = isinstance(used, (int, float)) and used >= 100  # noqa: PLR2004 - percent
    return _longest([usage.get("reset_time_duration", 0)], 1) if full else None


def _longest(values: list[Any], unit: int) -> timedelta | None:
    known = [v for v in values if isinstance(v, (int, float)) and 0 < v < 10**6]
    return timedelta(seconds=max(known) * unit) if known else None


def _percentages(headers: Mapping[str, str]) -> Iterator[float]:
    """
    Every percentage of every usage header.
    """
    found = [_header(headers, "x-app-usage"), _header(headers, "x-ad-account-usage")]
    by_case = _header(headers, "x-business-use-case-usage")
    for items in by_case.values() if isinstance(by_case, dict) else ():
        found += items if isinstance(items, list) else []
    names = ("call_count", "total_cputime", "total_time", "acc_id_util_pct")
    for usage in found:
        values = (usage.get(n) for n in names) if isinstance(usage, dict) else ()
        yield from (float(v) for v in values if isinstance(v, (int, float)))
