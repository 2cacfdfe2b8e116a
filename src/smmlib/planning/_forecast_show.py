"""
A forecast as people look at it: a table with ranges, the sources below, and bars.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from smmlib.planning._pace_sheet import Sheet

if TYPE_CHECKING:
    from smmlib.planning._forecast import Forecast, Range

_SHOWN = ("impressions", "reach", "frequency", "clicks", "visits", "registrations")
_WIDE, _HIGH = 320, 22
_ACCENT = "#00897b"


def _sheet(forecast: Forecast) -> Sheet:
    rows = [
        [
            row.line,
            "–" if row.cost is None else f"{row.cost.amount:,}",
            *(str(row.numbers.get(name, "–")) for name in _SHOWN),
            "/".join(dict.fromkeys(rate.basis for rate in row.rates.values())),
        ]
        for row in forecast.rows
    ]
    total = forecast.total
    rows.append(["total", "", *(str(total.get(name, "–")) for name in _SHOWN), ""])
    notes = [f"{row.line}: {note}" for row in forecast.rows for note in row.notes]
    return Sheet(
        ["line", "cost", *_SHOWN, "rates from"],
        rows,
        caption=f"Forecast in {forecast.currency}: likeliest (80 % between)",
        texts=frozenset({0, 8}),
        notes=[*notes, "Sources:", *(f"- {source}" for source in forecast.sources)],
    )


def forecast_text(forecast: Forecast) -> str:
    """
    Aligned lines, and where every rate comes from.
    """
    return _sheet(forecast).text()


def forecast_html(forecast: Forecast) -> str:
    """
    The table with its sources, and a bar per line of registrations with its range.
    """
    return _sheet(forecast).html() + forecast_svg(forecast)


def forecast_svg(forecast: Forecast, measure: str = "registrations") -> str:
    """
    One measure of all lines on one scale, each with its range.
    """
    found = [
        (row.line, row.numbers[measure])
        for row in forecast.rows
        if measure in row.numbers
    ]
    most = max([1e-9, *(number.high for _, number in found)]) * 1.05
    bars = "".join(
        _bar(name, number, most, k * _HIGH) for k, (name, number) in enumerate(found)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_WIDE * 2} '
        f'{_HIGH * max(len(found), 1) + 4}" style="max-width:{_WIDE * 2}px" '
        'font-family="sans-serif" font-size="11" fill="currentColor">'
        f"<title>Forecast of {escape(measure)}</title>{bars}</svg>"
    )


def _bar(name: str, number: Range, most: float, top: int) -> str:
    def x(value: float) -> float:
        return _WIDE + (_WIDE - 10) * value / most

    return (
        f'<text x="4" y="{top + 15}">{escape(name[:44])}</text>'
        f'<rect x="{_WIDE}" y="{top + 5}" height="12" fill="{_ACCENT}" '
        f'width="{x(number.middle) - _WIDE:.1f}"/>'
        f'<line x1="{x(number.low):.1f}" x2="{x(number.high):.1f}" y1="{top + 11}" '
        f'y2="{top + 11}" stroke="currentColor"/>'
    )


def forecast_data(forecast: Forecast) -> dict[str, Any]:
    """
    JSON-ready data.
    """
    return {
        "currency": forecast.currency,
        "total": {name: _range(number) for name, number in forecast.total.items()},
        "lines": [
            {
                "line": row.line,
                "cost": None if row.cost is None else str(row.cost),
                "forecast": {n: _range(r) for n, r in row.numbers.items()},
                "planned": {n: round(value, 2) for n, value in row.planned.items()},
                "rates": [
                    {
                        "name": name,
                        "low": rate.low,
                        "middle": rate.middle,
                        "high": rate.high,
                        "basis": rate.basis,
                        "source": rate.source,
                    }
                    for name, rate in row.rates.items()
                ],
                "people": row.people,
                "notes": list(row.notes),
            }
            for row in forecast.rows
        ],
        "sources": list(forecast.sources),
    }


def _range(number: Range) -> dict[str, float]:
    return {
        "low": round(number.low, 2),
        "middle": round(number.middle, 2),
        "high": round(number.high, 2),
    }
