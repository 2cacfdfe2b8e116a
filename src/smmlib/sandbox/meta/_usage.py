"""
Rate limits: the score of each ad account and the hourly allowance of each use case.

Source: Marketing API rate limiting, 2026-08: a read costs 1 and a write 3, the score
falls back within 300 s; at 100 percent an account is blocked for 60 s (300 s in the
development tier). Every item of a batch counts. All of it follows the sandbox clock;
where that stands, an answer of the standard tier takes a tenth of a second all the
same, about what it takes on the platform: one call after the other is never too many.
"""

from __future__ import annotations

import json
from math import ceil

import attrs

from smmlib.sandbox.meta._errors import GraphError

HOUR_S = 3_600
_DECAY_S = 300
_FULL = 100
SCORE_CODE, SCORE_SUBCODE = 17, 2446079

Headers = tuple[tuple[str, str], ...]


@attrs.frozen
class Tier:
    """
    How much an app may do: score and seconds of a block, calls per hour by use case,
    and how long an answer takes at least.
    """

    name: str
    score: int
    block_s: int
    hourly: dict[str, int]
    answer_s: float = 0.0


TIERS = {
    "standard": Tier(
        "standard_access",
        9_000,
        60,
        {
            "ads_management": 100_000,
            "ads_insights": 190_000,
            "custom_audience": 190_000,
        },
        answer_s=0.1,
    ),
    "development": Tier(
        "development_access",
        60,
        300,
        {"ads_management": 300, "ads_insights": 600, "custom_audience": 5_000},
    ),
}
CODES = {"ads_management": 80004, "ads_insights": 80000, "custom_audience": 80003}
_CASES = {code: case for case, code in CODES.items()} | {32: "pages"}
_PER_ACTIVE = {"ads_management": 40, "ads_insights": 400, "custom_audience": 40}


@attrs.define
class _Score:
    """
    One account's use: its score at an instant, its block, its calls in this hour.
    """

    points: float = 0.0
    at: float = 0.0
    blocked_until: float = 0.0
    calls: dict[str, tuple[float, int]] = attrs.field(factory=dict)


class Usage:
    """
    Counts calls, refuses them at 100 percent, and tells of both in headers.
    """

    def __init__(self, tier: str = "standard") -> None:
        self._tier = TIERS[tier]
        self._scores: dict[str, _Score] = {}
        self._clock = self._present = 0.0

    def request(self, now: float) -> None:
        """
        A request begins; it takes its time even where the clock stands.
        """
        if now == self._clock:
            self._present += self._tier.answer_s
        else:
            self._clock, self._present = now, max(self._present, now)

    def count(
        self, account: str, now: float, *, writes: bool, case: str, active: int
    ) -> None:
        """
        Count one call.

        Args:
            account: Digits of the ad account.
            now: Seconds on the sandbox clock.
            writes: Whether the call changes something.
            case: Use case: ads_management, ads_insights or custom_audience.
            active: Ads (or audiences) that raise the hourly allowance.

        Raises:
            GraphError: 17/2446079 while the account is blocked, 80000 to 80004 when
                the hour's calls are used up.
        """
        now = max(now, self._present)
        score = self._at(account, now)
        cost = 3 if writes else 1
        if now >= score.blocked_until and score.points + cost > self._tier.score:
            score.blocked_until = now + self._tier.block_s
        if now < score.blocked_until:
            raise _too_many(SCORE_CODE, SCORE_SUBCODE)
        since, calls = score.calls.get(case, (now, 0))
        if now - since >= HOUR_S:
            since, calls = now, 0
        if calls >= self._tier.hourly[case] + _PER_ACTIVE[case] * active:
            raise _too_many(CODES[case], None)
        score.points += cost
        score.calls[case] = since, calls + 1

    def headers(self, account: str, now: float, *, case: str) -> Headers:
        """
        What an answer tells of the account's use.
        """
        now = max(now, self._present)
        score = self._at(account, now)
        blocked = now < score.blocked_until
        percent = int(score.points * _FULL / self._tier.score)
        percent = _FULL if blocked else min(percent, _FULL)
        since, calls = score.calls.get(case, (now, 0))
        hourly = min(int(calls * _FULL / self._tier.hourly[case]), _FULL)
        wait = score.blocked_until - now if blocked else 0.0
        if hourly >= _FULL:
            wait = max(wait, since + HOUR_S - now)
        reset = ceil(score.points * _DECAY_S / self._tier.score)
        busiest = max(percent, hourly)
        found = (
            _app(busiest),
            _own(percent, reset, self._tier.name),
            _case(account, case, busiest, ceil(wait / 60), self._tier.name),
        )
        return found if case != "ads_insights" else (*found, self._insights(hourly))

    def throttled(self, account: str, code: int, minutes: int) -> Headers:
        """
        The headers of a throttled answer, with the minutes until access returns.
        """
        tier = self._tier.name
        case = _CASES.get(code, "ads_management")
        told = _case(account, case, _FULL, minutes, tier)
        if code in {17, 613}:
            return _own(_FULL, minutes * 60, tier), told
        return (_app(_FULL), told) if code == 4 else (told,)  # noqa: PLR2004

    def _at(self, account: str, now: float) -> _Score:
        score = self._scores.setdefault(account, _Score(at=now))
        fallen = max(now - score.at, 0.0) * self._tier.score / _DECAY_S
        score.points = max(score.points - fallen, 0.0)
        score.at = now
        return score

    def _insights(self, percent: int) -> tuple[str, str]:
        use = {
            "app_id_util_pct": percent,
            "acc_id_util_pct": percent,
            "ads_api_access_tier": self._tier.name,
        }
        return "X-FB-Ads-Insights-Throttle", json.dumps(use)


def _too_many(code: int, subcode: int | None) -> GraphError:
    return GraphError(
        code,
        f"(#{code}) There have been too many calls to this ad-account."
        " Wait a bit and try again.",
        subcode=subcode,
        title="Too many calls",
        text="This ad account has made too many calls.",
        transient=True,
    )


def _app(percent: int) -> tuple[str, str]:
    names = ("call_count", "total_cputime", "total_time")
    return "X-App-Usage", json.dumps(dict.fromkeys(names, percent))


def _own(percent: int, reset: int, tier: str) -> tuple[str, str]:
    use = {
        "acc_id_util_pct": percent,
        "reset_time_duration": reset,
        "ads_api_access_tier": tier,
    }
    return "X-Ad-Account-Usage", json.dumps(use)


def _case(
    account: str, case: str, percent: int, minutes: int, tier: str
) -> tuple[str, str]:
    use = {
        "type": case,
        "call_count": percent,
        "total_cputime": percent,
        "total_time": percent,
        "estimated_time_to_regain_access": minutes,
        "ads_api_access_tier": tier,
    }
    return "X-Business-Use-Case-Usage", json.dumps({account: [use]})
