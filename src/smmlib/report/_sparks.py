"""
Small drawings beside numbers: the last days as a line, returns as bars.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from smmlib.report import _format as fmt

if TYPE_CHECKING:
    from smmlib.report._view import ReportView

_WIDTH, _HEIGHT, _EDGE = 120, 28, 3
_FEWEST = 3
_SERIES = ("spend", "impressions", "clicks", "registrations")


def sparklines(view: ReportView) -> dict[str, str]:
    """
    The days of each headline number as a line, by name of the figure.
    """
    found = {}
    for name in _SERIES:
        days = [getattr(day, name) for day in view.daily]
        if len(days) >= _FEWEST and all(value is not None for value in days):
            found[name] = _line(name, days, view.currency)
    return found


def _line(name: str, days: list[Decimal], currency: str) -> str:
    low, high = min(days), max(days)
    span = high - low or Decimal(1)
    step = Decimal(_WIDTH - 2 * _EDGE) / (len(days) - 1)
    points = [
        (
            _EDGE + step * place,
            _HEIGHT - _EDGE - (value - low) / span * (_HEIGHT - 2 * _EDGE),
        )
        for place, value in enumerate(days)
    ]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    said = fmt.money if name == "spend" else lambda value, _: fmt.count(value)
    text = (
        f"{len(days)} days, from {said(low, currency)} to {said(high, currency)}; "
        f"last {said(days[-1], currency)}."
    )
    end = points[-1]
    return (
        f'<svg class="spark" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-labelledby="s-{name} s-{name}-d"><title id="s-{name}">'
        f'{name.capitalize()} per day</title><desc id="s-{name}-d">{text}</desc>'
        f'<polyline points="{path}"/><circle cx="{end[0]:.1f}" cy="{end[1]:.1f}" '
        'r="2.5"/></svg>'
    )


@attrs.frozen
class Gain:
    """
    What a channel returned, as a bar to the right (gain) or to the left (loss).

    Attributes:
        name: The channel.
        roi: Profit over cost in percent.
        left: Where the bar begins, in percent of the track.
        width: How long it is, in percent of the track.
        zero: Where neither gain nor loss is, in percent of the track.
    """

    name: str
    roi: Decimal
    left: float
    width: float
    zero: float


def gains(view: ReportView) -> tuple[Gain, ...]:
    """
    ROI per channel on one scale, the best first.
    """
    rows = view.returns.channels if view.returns else ()
    known = [(row.name, row.roi) for row in rows if row.roi is not None]
    if not known:
        return ()
    low = min(Decimal(0), *(roi for _, roi in known))
    high = max(Decimal(0), *(roi for _, roi in known))
    span = high - low or Decimal(1)
    zero = float(-low / span * 100)
    found = []
    for name, roi in sorted(known, key=lambda row: -row[1]):
        end = float((roi - low) / span * 100)
        left, width = min(zero, end), abs(end - zero)
        found.append(Gain(name, roi, round(left, 2), round(width, 2), round(zero, 2)))
    return tuple(found)
