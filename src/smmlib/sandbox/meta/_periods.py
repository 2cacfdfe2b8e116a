"""
Which days an insights request means: presets, ranges, increments.

Source: Marketing API insights parameters, 2026-09.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from smmlib.sandbox.meta._errors import GraphError, bad_param

if TYPE_CHECKING:
    from smmlib.sandbox.meta._context import Params

Period = tuple[date, date]

_HISTORY_MONTHS = 37
_LONGEST_INCREMENT = 90
_DAY = timedelta(days=1)


def periods(params: Params, today: date) -> list[Period]:
    """
    The periods of a report, each with its first and last day.
    """
    increment = _increment(params.get("time_increment", "all_days"))
    return [
        part
        for since, until in _ranges(params, today)
        for part in _cut(since, until, increment)
    ]


def _ranges(params: Params, today: date) -> list[Period]:
    given = [name for name in ("time_range", "time_ranges") if name in params]
    if len(given) > 1:
        raise bad_param("time_ranges", "cannot be combined with time_range.")
    if given:
        found = params[given[0]]
        items = found if isinstance(found, list) else [found]
        return [_range(given[0], item, today) for item in items]
    return [preset(params.get("date_preset", "last_30d"), today)]


def _range(name: str, item: dict[str, Any], today: date) -> Period:
    try:
        since = date.fromisoformat(str(item["since"]))
        until = date.fromisoformat(str(item["until"]))
    except (KeyError, ValueError) as error:
        raise bad_param(
            name, "must be {'since':YYYY-MM-DD,'until':YYYY-MM-DD}"
        ) from error
    if since > until:
        raise bad_param(name, "has since after until.")
    if since < _oldest(today):
        raise GraphError(
            3018,
            f"(#3018) The start date of the time range cannot be beyond"
            f" {_HISTORY_MONTHS} months from the current date",
        )
    return since, until


def months_before(today: date, count: int) -> date:
    """
    The same day so many months earlier, at most the 28th.
    """
    months = today.year * 12 + today.month - 1 - count
    return date(months // 12, months % 12 + 1, min(today.day, 28))


def _oldest(today: date) -> date:
    return months_before(today, _HISTORY_MONTHS)


def preset(name: str, today: date) -> Period:
    """
    First and last day of one of Meta's named periods.
    """
    yesterday = today - _DAY
    month = today.replace(day=1)
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    monday = today - _DAY * today.weekday()
    sunday = today - _DAY * ((today.weekday() + 1) % 7)
    last_quarter_end = quarter - _DAY
    fixed = {
        "today": (today, today),
        "yesterday": (yesterday, yesterday),
        "this_month": (month, today),
        "last_month": ((month - _DAY).replace(day=1), month - _DAY),
        "this_quarter": (quarter, today),
        "last_quarter": (
            date(last_quarter_end.year, last_quarter_end.month - 2, 1),
            last_quarter_end,
        ),
        "this_year": (date(today.year, 1, 1), today),
        "last_year": (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
        "this_week_mon_today": (monday, today),
        "this_week_sun_today": (sunday, today),
        "last_week_mon_sun": (monday - 7 * _DAY, monday - _DAY),
        "last_week_sun_sat": (sunday - 7 * _DAY, sunday - _DAY),
        "maximum": (_oldest(today), today),
        "data_maximum": (_oldest(today), today),
    }
    if name in fixed:
        return fixed[name]
    days = int(name.removeprefix("last_").removesuffix("d"))
    return today - days * _DAY, yesterday


def _increment(text: str) -> int | str:
    if text in {"all_days", "monthly"}:
        return text
    plain = text.isascii() and text.isdigit() and len(text) < 4  # noqa: PLR2004
    if plain and 1 <= int(text) <= _LONGEST_INCREMENT:
        return int(text)
    raise bad_param("time_increment", "must be 1 to 90, monthly or all_days.")


def _cut(since: date, until: date, increment: int | str) -> list[Period]:
    if increment == "all_days":
        return [(since, until)]
    parts = []
    start = since
    while start <= until:
        if isinstance(increment, int):
            end = start + (increment - 1) * _DAY
        else:
            end = (start.replace(day=28) + 4 * _DAY).replace(day=1) - _DAY
        parts.append((start, min(end, until)))
        start = end + _DAY
    return parts
