"""
When conversions are counted, and for which window: figures that still grow.

Source: Marketing API insights attribution and best practices, 2026-09: `value` follows
the ad set's setting (7-day click unless it says otherwise), 7d_view and 28d_view are no
longer returned, days are final after 28 days. The shares are the simulation's own.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.sandbox.meta._errors import not_modelled
from smmlib.sandbox.meta._world_state import stable_digits

if TYPE_CHECKING:
    from datetime import date

    from smmlib.sandbox import _world as people
    from smmlib.sandbox.meta._context import Params

WINDOWS = ("1d_view", "1d_ev", "1d_click", "7d_click", "28d_click")
_REMOVED = {"7d_view", "28d_view"}
USUAL = "7d_click"
_OF_USUAL = {
    "1d_view": 0.14,
    "1d_ev": 0.05,
    "1d_click": 0.78,
    "7d_click": 1.0,
    "28d_click": 1.16,
}
_SEEN_BY_AGE = (0.72, 0.84, 0.9, 0.94, 0.96, 0.98, 0.99)
"""
Share of a day's conversions that is known after so many days; all of them from then on.
"""
_COUNTS = ("registrations", "purchases")


def chosen_windows(params: Params) -> tuple[str, ...]:
    """
    The windows that a report shows beside `value`.
    """
    wanted = params.get("action_attribution_windows", ())
    for window in wanted:
        if window not in {*WINDOWS, *_REMOVED, "default"}:
            raise not_modelled(f"the attribution window {window}")
    return tuple(w for w in dict.fromkeys(wanted) if w in WINDOWS)


def setting_of(adset: dict[str, Any]) -> str:
    """
    An ad set's attribution setting as insights write it, e.g. `7d_click_1d_view`.
    """
    short = {
        "CLICK_THROUGH": "click",
        "VIEW_THROUGH": "view",
        "ENGAGED_VIDEO_VIEW": "ev",
    }
    windows = [
        f"{item['window_days']}d_{short[item['event_type']]}"
        for item in adset.get("attribution_spec") or ()
    ]
    return "_".join(windows) or USUAL


def counted(row: people.AdDay, today: date, setting: str) -> people.AdDay:
    """
    A row as it reads today: late conversions are missing, the setting decides.
    """
    age = max((today - row.day).days, 0)
    known = _SEEN_BY_AGE[age] if age < len(_SEEN_BY_AGE) else 1.0
    parts = [w for w in WINDOWS if w in setting] or [USUAL]
    return _scaled(row, known * sum(_OF_USUAL[part] for part in parts), "counted")


def in_window(row: people.AdDay, setting: str, window: str) -> people.AdDay:
    """
    The same row by one window alone; its conversions only, the rest stays.
    """
    parts = [w for w in WINDOWS if w in setting] or [USUAL]
    whole = sum(_OF_USUAL[part] for part in parts)
    return _scaled(row, _OF_USUAL[window] / whole, window)


def _scaled(row: people.AdDay, factor: float, why: str) -> people.AdDay:
    if factor == 1.0 or not (row.registrations or row.purchases or row.purchase_value):
        return row
    # One draw per row: with a larger factor no count ever becomes smaller.
    draw = int(stable_digits(6, row.ad_id, row.day, row.network, why)) / 10**6
    counts: dict[str, Any] = {
        name: int(getattr(row, name) * factor + draw) for name in _COUNTS
    }
    if factor < 1:
        counts = {name: min(n, getattr(row, name)) for name, n in counts.items()}
    share = Decimal(0)
    if row.purchases:
        share = Decimal(counts["purchases"]) / row.purchases
    value = (row.purchase_value * share).quantize(row.purchase_value)
    return attrs.evolve(row, **counts, purchase_value=value)
