"""
How patient the HTTP client is: attempts, waits, limits, and what a server asks for.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from random import Random

import attrs

_LONGEST_WAIT = 7  # digits of seconds: more is no hint but nonsense


@attrs.frozen
class RetryPolicy:
    """
    How patient the client is.

    Attributes:
        attempts: Sends of one request at most.
        base: First wait in seconds, doubled each time, shortened at random.
        cap: Longest such wait.
        max_wait: Longest wait a server may ask for; beyond, `RateLimitError` says when
            to come back.
        deadline: Seconds one request may take with all its waits.
    """

    attempts: int = 5
    base: float = 0.5
    cap: float = 20.0
    max_wait: float = 120.0
    deadline: float = 300.0

    def wait(self, attempt: int, random: Random) -> float:
        """
        Full jitter: anything from nothing to the doubled base.
        """
        return random.uniform(0.0, min(self.cap, self.base * 2.0**attempt))


@attrs.frozen
class Limits:
    """
    How large an answer may be, and how long single steps may take.

    Attributes:
        body: Bytes of an answer, decoded.
        ratio: How many times larger it may be than what came over the wire.
        connect: Seconds to connect.
        read: Seconds without a byte.
        whole: Seconds until the whole answer is there.
    """

    body: int = 16 * 1024 * 1024
    ratio: int = 100
    connect: float = 10.0
    read: float = 60.0
    whole: float = 180.0


class RetryQuota:
    """
    Keeps an outage from doubling the load: retries cost, successes earn.
    """

    def __init__(self, tokens: int = 500, *, cost: int = 5, gain: int = 1) -> None:
        self._most = tokens
        self._left = tokens
        self._cost = cost
        self._gain = gain
        self._lock = threading.Lock()

    @property
    def left(self) -> int:
        """
        Tokens that are left.
        """
        return self._left

    def take(self) -> bool:
        """
        Pay for one retry, if there is enough.
        """
        with self._lock:
            if self._left < self._cost:
                return False
            self._left -= self._cost
            return True

    def give(self) -> None:
        """
        A request succeeded.
        """
        with self._lock:
            self._left = min(self._most, self._left + self._gain)


def retry_after(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """
    When a server wants us back: `Retry-After` in seconds or as a date.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit() and len(text) <= _LONGEST_WAIT:
        return now + timedelta(seconds=int(text))
    try:
        then = parsedate_to_datetime(text)
    except ValueError:
        return None
    # Counted from the server's own clock, ours may be wrong.
    aware = then if then.tzinfo else then.replace(tzinfo=UTC)
    try:
        there = parsedate_to_datetime(headers.get("date", ""))
    except ValueError:
        return aware
    there = there if there.tzinfo else there.replace(tzinfo=UTC)
    return now + (aware - there)
