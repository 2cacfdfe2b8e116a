"""
Usage headers: how much of the hourly allowance an account has used.

Source: Marketing API rate limiting (reads cost 1, writes 3, decay 300 s), 2026-08.
"""

from __future__ import annotations

import json

_ALLOWANCE = 9_000
_DECAY_S = 300
_TIER = "standard_access"
_FULL = 100

Headers = tuple[tuple[str, str], ...]


class Usage:
    """
    The score of each ad account; it rises with use and decays on the sandbox clock.
    """

    def __init__(self) -> None:
        self._scores: dict[str, tuple[float, float]] = {}

    def count(self, account: str, now: float, *, writes: bool) -> Headers:
        """
        Count one call and give the headers that tell of it.
        """
        score, then = self._scores.get(account, (0.0, now))
        score = max(score - (now - then) * _ALLOWANCE / _DECAY_S, 0.0)
        score += 3 if writes else 1
        self._scores[account] = (score, now)
        percent = min(int(score * 100 / _ALLOWANCE), _FULL - 1)
        return _headers(account, percent, 0)

    def throttled(self, account: str, minutes: int) -> Headers:
        """
        The headers of a throttled answer, with the minutes until access returns.
        """
        return _headers(account, _FULL, minutes)


def _headers(account: str, percent: int, minutes: int) -> Headers:
    use = {
        "type": "ads_management",
        "call_count": percent,
        "total_cputime": percent,
        "total_time": percent,
        "estimated_time_to_regain_access": minutes,
        "ads_api_access_tier": _TIER,
    }
    app = {"call_count": percent, "total_cputime": percent, "total_time": percent}
    own = {
        "acc_id_util_pct": percent,
        "reset_time_duration": _DECAY_S,
        "ads_api_access_tier": _TIER,
    }
    return (
        ("X-App-Usage", json.dumps(app)),
        ("X-Ad-Account-Usage", json.dumps(own)),
        ("X-Business-Use-Case-Usage", json.dumps({account: [use]})),
    )
