"""
Charts as SVG inside the page: each answers one question, and none asks the network.
"""

from __future__ import annotations

import json
import re
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any

from smmlib.errors import MissingExtraError
from smmlib.report import _format as fmt
from smmlib.report._columns import conversions_label, cost_label

if TYPE_CHECKING:
    from decimal import Decimal

    from smmlib.report._view import LineView, Numbers, ReportView

# Colours that stand for others: the page's style sheet knows light, dark and print.
_ACCENT, _SECOND, _TRACK = "#0a0b01", "#0a0b02", "#0a0b03"
_GRID, _INK = "#0a0b04", "#0a0b05"
_VARIABLES = {
    _ACCENT: "var(--accent)",
    _SECOND: "var(--second)",
    _TRACK: "var(--track)",
    _GRID: "var(--line)",
    _INK: "var(--muted)",
}
_ID = re.compile(r'id="((?:clip|gradient)[\w-]*)"')
# As wide as the page gives them, so that letters keep their size.
_WIDE, _NARROW = 980, 334
_LONGEST_LABEL = 32
_LETTER = 7  # pixels: readers' fonts are wider than the one the renderer measures
_AXIS = 46  # pixels beside a plot, where several of them stand above each other
_FIT = {"type": "fit", "contains": "padding"}


def charts(view: ReportView) -> dict[str, str]:
    """
    The charts of a report by name, each for wide and for narrow screens.

    Raises:
        MissingExtraError: altair or vl-convert are not installed.
    """
    planned = [line for line in view.lines if line.planned is not None]
    made = {}
    if planned:
        made["spend"] = _both("spend", _spend, planned, *_spend_text(planned, view))
    if len(view.daily) > 1:
        made["trend"] = _both("trend", _trend, view, *_trend_text(view))
    if view.breakdown:
        name, label = breakdown_metric(view)
        text = (
            f"{label} by age and gender in {view.currency}; the table has the values."
        )
        rows = [(row, getattr(row, name)) for row in view.breakdown]
        title = f"{label} by age and gender"
        made["people"] = _both("people", _people, rows, title, text)
    return made


def _both(name: str, draw: Any, data: Any, title: str, text: str) -> str:
    """
    One chart twice, for wide and narrow screens; the style sheet shows one of them.
    """
    return "".join(
        f'<div class="chart {kind}">'
        f"{_svg(draw(data, width), f'{name}-{kind}', title, text)}</div>"
        for kind, width in (("wide", _WIDE), ("narrow", _NARROW))
    )


def _altair() -> Any:
    try:
        import altair as alt
    except ImportError as error:
        raise MissingExtraError("the HTML report", "report") from error
    return alt


def _svg(chart: Any, name: str, title: str, text: str) -> str:
    """
    The drawing with ids of its own, colours of the page, and words for who cannot see.
    """
    try:
        import vl_convert
    except ImportError as error:
        raise MissingExtraError("the HTML report", "report") from error
    raw: str = vl_convert.vegalite_to_svg(chart.to_dict(), allowed_base_urls=[])
    for colour, variable in _VARIABLES.items():
        raw = raw.replace(f'"{colour}"', f'"{variable}"')
    # The renderer counts ids up for as long as the program runs: ours start at 0 in
    # every drawing, so that the same numbers give the same page.
    for place, old in enumerate(dict.fromkeys(_ID.findall(raw))):
        new = f"{name}-{place}"
        raw = raw.replace(f'id="{old}"', f'id="{new}"')
        raw = raw.replace(f"url(#{old})", f"url(#{new})")
    words = (
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(text)}</desc>'
    )
    start = raw.index("<svg")
    body = raw[raw.index(">", start) + 1 :]
    box = re.search(r'viewBox="([^"]+)"', raw)
    assert box is not None  # noqa: S101 - the renderer always writes it
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box[1]}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc">{words}{body}'
    )


def _styled(chart: Any) -> Any:
    return (
        chart.configure(aria=False, background="transparent", font="sans-serif")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=_INK,
            titleColor=_INK,
            gridColor=_GRID,
            domainColor=_GRID,
            tickColor=_GRID,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
        )
        .configure_legend(
            labelColor=_INK, titleColor=_INK, labelFontSize=12, orient="top"
        )
    )


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_LABEL else f"{text[: _LONGEST_LABEL - 1]}…"


def _spend(lines: list[LineView], width: int) -> Any:
    """
    Planned money as a track, spent money on it, a mark where an even pace would be.
    """
    alt = _altair()
    narrow = width < _WIDE
    rows: list[dict[str, Any]] = [
        {
            "line": f"{place:02}",
            "name": _short(line.name),
            "planned": _float(line.planned),
            "spend": _float(line.spend) or 0.0,
            "due": _float(line.expected) if line.spend is not None else None,
        }
        for place, line in enumerate(lines)
    ]
    names = {row["line"]: row["name"] for row in rows}
    above = {
        "labelAlign": "left",
        "labelOffset": -18,
        "labelPadding": 0,
        "maxExtent": 4,
    }
    beside = {"minExtent": max(len(name) for name in names.values()) * _LETTER}
    labels = alt.Axis(
        title=None,
        labelExpr=f"({_lookup(names)})[datum.value]",
        labelLimit=300,
        ticks=False,
        domain=False,
        **(above if narrow else beside),
    )
    base = alt.Chart(alt.Data(values=rows)).encode(y=alt.Y("line:N", axis=labels))
    money = alt.Axis(
        title=None, format="~s" if narrow else ",.0f", tickCount=4 if narrow else 6
    )
    size = 12 if narrow else 16
    track = base.mark_bar(color=_TRACK, size=size, cornerRadius=4).encode(
        x=alt.X("planned:Q", axis=money)
    )
    spent = base.mark_bar(color=_ACCENT, size=size, cornerRadius=4).encode(x="spend:Q")
    due = base.mark_tick(color=_SECOND, thickness=3, size=size + 10, opacity=1).encode(
        x="due:Q"
    )
    step = 52 if narrow else 40
    chart = (track + spent + due).properties(
        width=width, height=step * len(rows) + 30, autosize=_FIT
    )
    return _styled(chart)


def _lookup(names: dict[str, str]) -> str:
    """
    Names as an object of Vega's expression language; JSON is a part of it.
    """
    return json.dumps(names)


def _spend_text(lines: list[LineView], view: ReportView) -> tuple[str, str]:
    parts = [
        f"{line.name}: {fmt.money(line.spend, view.currency)} of "
        f"{fmt.money(line.planned, view.currency)}"
        for line in lines
    ]
    return "Spend versus plan per line", "; ".join(parts)


def _trend(view: ReportView, width: int) -> Any:
    """
    What a day cost above what it brought, on one time axis.
    """
    alt = _altair()
    days = view.daily
    results = _results_of(days)
    rows = [
        {
            "on": day.labels["on"],
            "spend": _float(day.spend),
            "results": _float(getattr(day, results)) if results else None,
        }
        for day in days
    ]
    data = alt.Data(values=rows)
    axis = alt.Axis(
        title=None,
        grid=False,
        format="%-d %b",
        values=[
            _utc(alt, row["on"]) for row in _some(rows, 4 if width < _WIDE else 10)
        ],
    )
    on = alt.X("on:T", axis=axis, scale=alt.Scale(type="utc", padding=20))
    thick = max(3, min(26, int(width / max(len(rows), 1) * 0.6)))
    side = alt.Axis(title=None, tickCount=4, format="~s", minExtent=_AXIS - 12)
    money = alt.Y("spend:Q", axis=side)
    spend = (
        alt.Chart(data)
        .mark_bar(color=_ACCENT, size=thick, cornerRadiusEnd=3)
        .encode(x=on, y=money)
        .properties(width=width - _AXIS, height=150, title=_title("Spend"))
    )
    if not results:
        return _styled(spend)
    counts = alt.Y("results:Q", axis=side)
    line = (
        alt.Chart(data)
        .mark_line(color=_SECOND, strokeWidth=2.5, point={"color": _SECOND, "size": 36})
        .encode(x=on, y=counts)
        .properties(
            width=width - _AXIS, height=120, title=_title(_label_of(results, view))
        )
    )
    return _styled(alt.vconcat(spend, line, spacing=18))


def _some(rows: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """
    So many of the days that their labels stand apart.
    """
    return rows[:: -(-len(rows) // most)]


def _utc(alt: Any, day: str) -> Any:
    year, month, number = (int(part) for part in day.split("-"))
    return alt.DateTime(year=year, month=month, date=number, utc=True)


_RESULTS = {
    "registrations": "Registrations",
    "approved_conversions": "Approved conversions",
    "conversions": "Conversions",
    "clicks": "Clicks",
}


def _results_of(days: tuple[Numbers, ...]) -> str:
    """
    The result nearest to what the money is for, of those that were reported.
    """
    known = (n for n in _RESULTS if any(getattr(day, n) is not None for day in days))
    return next(known, "")


def _label_of(results: str, view: ReportView) -> str:
    """
    What is drawn: conversions by the name the export has for them.
    """
    return conversions_label(view) if results == "conversions" else _RESULTS[results]


def _title(text: str) -> dict[str, Any]:
    return {
        "text": text,
        "anchor": "start",
        "color": _INK,
        "fontSize": 13,
        "fontWeight": "normal",
        "offset": 8,
    }


def _day(row: Numbers) -> str:
    return fmt.day(date.fromisoformat(row.labels["on"]))


def _trend_text(view: ReportView) -> tuple[str, str]:
    results = _results_of(view.daily)
    title = "Spend per day"
    if results:
        title = f"{title} and {_label_of(results, view).lower()} per day"
    highest = max(view.daily, key=lambda day: day.spend or 0)
    text = (
        f"{len(view.daily)} days; most was spent on {_day(highest)}: "
        f"{fmt.money(highest.spend, view.currency)}."
    )
    return title, text


def breakdown_metric(view: ReportView) -> tuple[str, str]:
    """
    What people are compared by: the cost nearest to what the money is for.
    """
    if any(row.cpa is not None for row in view.breakdown):
        return "cpa", cost_label(view)
    if any(row.cost_per_enquiry is not None for row in view.breakdown):
        return "cost_per_enquiry", "Cost per lead"
    return "cpc", "CPC"


def _people(data: list[tuple[Numbers, Decimal | None]], width: int) -> Any:
    """
    Bars per age band, genders side by side.
    """
    alt = _altair()
    rows: list[dict[str, Any]] = [
        {**row.labels, "value": _float(value)}
        for row, value in data
        if value is not None
    ]
    genders = sorted({row["gender"] for row in rows})
    colours = [_ACCENT, _SECOND, _TRACK]
    chosen = [colours[n % 3] for n in range(len(genders))]
    scale = alt.Scale(domain=genders, range=chosen)
    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(cornerRadiusEnd=3)
        .encode(
            x=alt.X("age:N", axis=alt.Axis(title=None, labelAngle=0, ticks=False)),
            xOffset="gender:N",
            y=alt.Y("value:Q", axis=alt.Axis(title=None, tickCount=5)),
            color=alt.Color("gender:N", scale=scale, legend=alt.Legend(title=None)),
        )
        .properties(width=width, height=260, autosize=_FIT)
    )
    return _styled(chart)
