"""
Rate limits: who may ask how often, counted in windows on the sandbox clock.

Source: X Ads API, rate limiting, 2026-08.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from smmlib.sandbox.x._errors import ApiError, refuse

if TYPE_CHECKING:
    from smmlib.sandbox.x._contract import Match

Headers = tuple[tuple[str, str], ...]

_QUARTER_S, _MINUTE_S = 900, 60
_CORE = (
    "campaigns",
    "line_items",
    "promoted_tweets",
    "promoted_accounts",
    "targeting_criteria",
    "funding_instruments",
)
JOBS = 100


@attrs.frozen
class Rule:
    """
    One allowance: how many calls per window, and whether it belongs to the ad account.
    """

    name: str
    limit: int
    window_s: int
    of_account: bool = False


def rule_for(match: Match, *, counting: bool) -> Rule:
    """
    The allowance a request draws on.

    Args:
        match: What is asked for.
        counting: Whether the list is asked for its total, which has its own limit.
    """
    operation, path = match.operation, match.operation.path
    if "/custom_audiences" in path or "/do_not_reach_lists" in path:
        return Rule(f"audience {operation.method} {path}", 1_500, _MINUTE_S)
    if operation.method != "GET":
        return Rule("write", 450, _MINUTE_S)
    if path.startswith(("/stats", "/targeting_criteria/")):
        return _category(path)
    if "{account_id}" not in path:
        return Rule(path, 5, _QUARTER_S)
    if counting:
        return Rule(f"count {path}", 200, _QUARTER_S, of_account=True)
    core = path.split("/")[3:4]
    many = 10_000 if core and core[0] in _CORE else 2_000
    return Rule(path, many, _QUARTER_S, of_account=True)


def _category(path: str) -> Rule:
    if path.startswith("/stats/jobs"):
        return Rule(path, 2_000, _QUARTER_S, of_account=True)
    if path.startswith("/stats"):
        return Rule("analytics", 250, _QUARTER_S)
    if "/tv_" in path:
        return Rule(path, 2_000, _QUARTER_S)
    return Rule("targeting", 400, _QUARTER_S)


class Counters:
    """
    What was used of each allowance.
    """

    def __init__(self) -> None:
        self._used: dict[str, list[int]] = {}

    def take(self, rule: Rule, account: str, now: float) -> tuple[Headers, bool]:
        """
        Count a request; give the headers, and whether it is still allowed.
        """
        key = f"{rule.name} {account}" if rule.of_account else rule.name
        window = self._used.get(key)
        if window is None or now >= window[0] + rule.window_s:
            window = self._used[key] = [int(now), 0]
        allowed = window[1] < rule.limit
        if allowed:
            window[1] += 1
        left = rule.limit - window[1]
        headers = headers_of(rule, left, window[0] + rule.window_s)
        return headers, allowed

    def dump(self) -> dict[str, Any]:
        """
        The counters as plain JSON.
        """
        return dict(self._used)

    def load(self, data: dict[str, Any]) -> None:
        """
        Take over what another process counted.
        """
        self._used = {key: list(window) for key, window in data.items()}

    def clear(self) -> None:
        """
        Give back all allowances.
        """
        self._used.clear()


def headers_of(rule: Rule, left: int, reset: int) -> Headers:
    """
    The family of the user, and that of the ad account where the limit belongs to it.
    """
    families = ["x-rate-limit"]
    if rule.of_account:
        families.append("x-account-rate-limit")
    values = {"limit": rule.limit, "remaining": left, "reset": reset}
    return tuple(
        (f"{family}-{name}", str(value))
        for family in families
        for name, value in values.items()
    )


def exhausted() -> ApiError:
    """
    The refusal of a request too many.
    """
    text = "You have exceeded the number of requests permitted in this time window"
    return refuse("TOO_MANY_REQUESTS", text)
