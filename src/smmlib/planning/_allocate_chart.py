"""
The response curves with the chosen points: one small drawing per line, in pure SVG.

The same scale everywhere, so that steep and flat can be compared by eye. Colours follow
the page: `currentColor` for ink, one accent that reads on light and on dark.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from smmlib.planning._certificate import LineWorth

if TYPE_CHECKING:
    from smmlib.planning._allocate import Allocation

_WIDE, _HIGH = 220, 130
_LEFT, _TOP, _PLOT_WIDE, _PLOT_HIGH = 12, 26, 196, 78
_ACROSS = 4
_STEPS = 60
_MOST = 24
_ACCENT = "#00897b"


def allocation_svg(allocation: Allocation) -> str:
    """
    Curves of the lines that get most, each with its point and its bounds.
    """
    order = sorted(range(len(allocation.coins)), key=lambda k: -allocation.coins[k])
    shown = sorted(order[:_MOST])
    reach = max([*(allocation.coins[k] for k in shown), 1]) * 1.25
    worths = [
        LineWorth(allocation.problem.entries[k], allocation.problem) for k in shown
    ]
    top = max([*(worth.value(int(reach)) for worth in worths), 1e-300])
    panels = [
        _panel(allocation, k, worth, reach, top)
        for k, worth in zip(shown, worths, strict=True)
    ]
    across = min(_ACROSS, max(len(panels), 1))
    down = -(-len(panels) // across)
    placed = "".join(
        f'<g transform="translate({n % across * _WIDE} {n // across * _HIGH})">{p}</g>'
        for n, p in enumerate(panels)
    )
    words = (
        f"Response curves of {len(shown)} lines, all on one scale; each dot is what "
        f"the line gets of {allocation.total}."
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {across * _WIDE} {down * _HIGH}" '
        f'style="max-width:{across * _WIDE}px" font-family="sans-serif" font-size="11" '
        f'fill="currentColor"><title>Response curves and chosen amounts</title>'
        f"<desc>{escape(words)}</desc>{placed}</svg>"
    )


def _panel(
    allocation: Allocation, place: int, worth: LineWorth, reach: float, top: float
) -> str:
    entry = allocation.problem.entries[place]
    coins = allocation.coins[place]

    def x(at: float) -> float:
        return _LEFT + _PLOT_WIDE * min(at / reach, 1.0)

    def y(value: float) -> float:
        return _TOP + _PLOT_HIGH * (1 - min(value / top, 1.0))

    points = [int(reach * n / _STEPS) for n in range(_STEPS + 1)]
    path = " ".join(f"{x(n):.1f},{y(worth.value(n)):.1f}" for n in points)
    limits = [n for n in (entry.low, entry.high) if 0 < n < reach]
    bounds = "".join(
        f'<line x1="{x(n):.1f}" x2="{x(n):.1f}" y1="{_TOP}" y2="{_TOP + _PLOT_HIGH}" '
        'stroke="currentColor" stroke-opacity=".35" stroke-dasharray="3 3"/>'
        for n in limits
    )
    name = entry.line.key if len(entry.line.key) <= 22 else entry.line.key[:21] + "…"  # noqa: PLR2004 - what fits
    value = worth.value(coins)
    return (
        f'<text x="{_LEFT}" y="16" font-weight="bold">{escape(name)}</text>'
        f'<line x1="{_LEFT}" x2="{_LEFT + _PLOT_WIDE}" y1="{_TOP + _PLOT_HIGH}" '
        f'y2="{_TOP + _PLOT_HIGH}" stroke="currentColor" stroke-opacity=".35"/>'
        f'{bounds}<polyline points="{path}" fill="none" stroke="{_ACCENT}" '
        f'stroke-width="1.8"/><circle cx="{x(coins):.1f}" cy="{y(value):.1f}" r="4" '
        f'fill="{_ACCENT}"/><text x="{_LEFT}" y="{_TOP + _PLOT_HIGH + 15}" '
        f'fill-opacity=".8">{escape(f"{allocation.problem.money(coins):,}")}: '
        f"{value:,.4g}</text>"
    )
