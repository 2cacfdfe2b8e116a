"""
The view as one HTML page that asks nobody for anything.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from smmlib.errors import MissingExtraError
from smmlib.report import _format as fmt
from smmlib.report._brand import DARK, LIGHT, font_stack, palette
from smmlib.report._charts import breakdown_metric, charts
from smmlib.report._columns import LONGEST, ad_columns
from smmlib.report._sparks import gains, sparklines

if TYPE_CHECKING:
    from smmlib.report._view import ReportView

STATUS = {
    "on_track": ("✓", "on track"),
    "exceeded": ("★", "exceeded"),
    "at_risk": ("!", "at risk"),
    "missed": ("✕", "missed"),
    "no_data": ("–", "no data"),
}
STATES = {
    "running": ("▶", "running"),
    "by_hand": ("✎", "by hand"),
    "free": ("♡", "free"),
    "not_started": ("◔", "not started"),
    "waiting": ("…", "waiting"),
    "not_set_up": ("○", "not set up"),
}
_FULL = 100


def html_of(view: ReportView) -> str:
    """
    The page. Everything that came from outside is escaped.

    Raises:
        MissingExtraError: jinja2, altair or vl-convert are not installed.
    """
    try:
        import jinja2
        from markupsafe import Markup
    except ImportError as error:
        raise MissingExtraError("the HTML report", "report") from error
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("smmlib.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= _filters(view.currency)
    template = environment.get_template(f"{view.kind}.html")
    return template.render(
        view=view,
        charts={
            # Made by our own renderer, which escapes names inside drawings.
            name: Markup(svg)  # noqa: S704
            for name, svg in (charts(view) if view.kind != "summary" else {}).items()
        },
        sparks={
            name: Markup(svg)  # noqa: S704 - our own drawing of numbers
            for name, svg in sparklines(view).items()
        },
        gains=gains(view),
        people=breakdown_metric(view)[1],
        light=palette(view.brand.colours, LIGHT),
        dark=palette(view.brand.colours, DARK),
        # Only checked colours and font names reach the style sheet.
        fonts=Markup(font_stack(view.brand.fonts)),  # noqa: S704
        columns=ad_columns(view),
        longest=LONGEST,
        statuses=STATUS,
        states=STATES,
    )


def _filters(currency: str) -> dict[str, Any]:
    return {
        "count": fmt.count,
        "number": fmt.decimal,
        "amount": partial(fmt.amount, currency=currency),
        "money": partial(fmt.money, currency=currency),
        "percent": fmt.percent,
        "share": fmt.share,
        "day": fmt.day,
        "said": fmt.said,
        "network": fmt.network,
        "measure": partial(fmt.measure, currency=currency),
        "width": _width,
    }


def _width(part: Any) -> str:
    """
    A part of one as a width in percent that never leaves its track.
    """
    return f"{max(0, min(_FULL, float(part) * _FULL)):.1f}"
