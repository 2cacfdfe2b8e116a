"""
Faults on demand: the nth matching request fails in a chosen way.
"""

from __future__ import annotations

import re
from typing import Any

import attrs

from smmlib.errors import SandboxError

KINDS: dict[str, str] = {
    "connect_error": "no connection is made; nothing reaches the platform",
    "timeout_before": "no answer in time, and nothing was done",
    "timeout_after": "no answer in time, but the write was done",
    "status_500_before": "HTTP 500, and nothing was done",
    "status_500_after": "HTTP 500, but the write was done",
    "rate_limit": "the platform's throttling error (regain_minutes: its own hint)",
    "malformed_body": "HTTP 200 with broken JSON; the write was done",
    "html_body": "HTTP 200 with a web page; the write was done",
    "empty_body": "HTTP 200 without a body; the write was done",
    "truncated_body": "the body ends after `cut` bytes; the write was done",
    "auth_expired": "the token has expired; nothing was done",
    "slow": "the right answer, `seconds` later",
    "slow_drip": "the right answer in small pieces over `seconds`",
    "error_in_200": "HTTP 200 with the platform's error (`code`); nothing was done",
    "null_item": "a batch answers null for one `item`, which was done nevertheless"
    " (`after_commit=False`: was not)",
    "empty_page": "a list's page is empty although more follows",
    "report_stuck": "the report that this request starts never gets done",
    "report_failed": "the report that this request starts fails (`code`, `subcode`)",
    "version_retired": "LinkedIn: HTTP 426, and nothing was done",
    "uri_too_long": "LinkedIn: HTTP 414, and nothing was done",
    "partial_batch": "LinkedIn: every second element of a batch fails, the rest works",
    "short_page": "LinkedIn: a page holds fewer rows than asked, and is not the last",
}
INSIDE = frozenset(
    {
        "null_item",
        "empty_page",
        "report_stuck",
        "report_failed",
        "partial_batch",
        "short_page",
    }
)
"""
Failures inside an answer: the platform itself makes them.
"""

_BEFORE = {"connect_error", "timeout_before", "status_500_before", "error_in_200"}
_REFUSALS = {"rate_limit", "auth_expired", "version_retired", "uri_too_long"}
_ONLY = dict.fromkeys(
    ("version_retired", "uri_too_long", "partial_batch", "short_page"), "linkedin"
)
_DEFAULT_CUT = 10


@attrs.define
class Fault:
    """
    One planned failure.

    Attributes:
        match: `METHOD /path-regex`, e.g. `POST /act_[0-9]+/campaigns$`; the method
            may be `*`; the regex is searched in the path behind the platform's name.
        nth: Which matching request fails first, counted from 1.
        count: How many matching requests in a row fail from there on.
        after_commit: Whether the write happens; None takes what the kind says.
        regain_minutes: Hint of `rate_limit`, None for an answer without a hint.
        item: Which item of a batch is null, counted from 1.
        seconds: Delay of `slow` and `slow_drip`; how long a timed-out connection
            stays open.
        cut: Bytes of the body that `truncated_body` lets through.
        code: The platform's error code where the kind tells of an error.
        subcode: The platform's finer code.
        status: HTTP status where the kind leaves a choice.
        reason: Which of a platform's own cases; LinkedIn: `application`, `member` or
            `analytics` of `rate_limit`, `revoked` of `auth_expired`.
    """

    platform: str
    match: str
    kind: str
    nth: int = 1
    count: int = 1
    after_commit: bool | None = None
    regain_minutes: int | None = None
    seconds: float = 5.0
    cut: int | None = None
    code: int | None = None
    subcode: int | None = None
    status: int | None = None
    reason: str | None = None
    item: int = 1
    id: int = 0
    seen: int = 0
    fired: int = 0

    @property
    def commits(self) -> bool:
        """
        Whether the platform handles the request before it fails.
        """
        if self.kind in _REFUSALS or self.kind == "connect_error":
            return False
        if self.kind in INSIDE:
            return True
        if self.after_commit is not None:
            return self.after_commit
        return self.kind not in _BEFORE

    @property
    def bytes_kept(self) -> int:
        """
        How much of a truncated body arrives.
        """
        return _DEFAULT_CUT if self.cut is None else self.cut

    def concerns(self, platform: str, method: str, path: str) -> bool:
        """
        Whether a request is one of those that are counted.
        """
        wanted, _, pattern = self.match.partition(" ")
        return (
            self.platform in {platform, "*"}
            and platform == _ONLY.get(self.kind, platform)
            and wanted.upper() in {method.upper(), "*"}
            and re.search(pattern, path) is not None
        )


class FaultPlan:
    """
    All planned failures of a sandbox, in the order they were added.
    """

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._last_id = 0

    def add(self, kind: str, match: str = "* /", **options: Any) -> Fault:
        """
        Plan a failure.

        Args:
            kind: One of `KINDS`.
            match: `METHOD /path-regex`.
            options: The other attributes of `Fault`.

        Raises:
            SandboxError: The kind, the pattern or an option is unknown.
        """
        _check(kind, match, options)
        fields = {"platform": "*", **options}
        self._last_id += 1
        fault = Fault(kind=kind, match=match, id=self._last_id, **fields)
        self._faults.append(fault)
        return fault

    def take(self, platform: str, method: str, path: str) -> Fault | None:
        """
        Count a request and give the failure that is due for it, if any.
        """
        due = None
        for fault in self._faults:
            if not fault.concerns(platform, method, path):
                continue
            fault.seen += 1
            in_turn = fault.nth <= fault.seen < fault.nth + fault.count
            if in_turn and due is None:
                fault.fired += 1
                due = fault
        return due

    def clear(self) -> None:
        """
        Forget all planned failures.
        """
        self._faults.clear()

    def to_json(self) -> list[dict[str, Any]]:
        """
        All failures with how often they were matched and fired.
        """
        return [attrs.asdict(fault) for fault in self._faults]

    def __len__(self) -> int:
        return len(self._faults)


def _check(kind: str, match: str, options: dict[str, Any]) -> None:
    if kind not in KINDS:
        raise SandboxError(
            f"unknown kind of fault {kind!r}", hint=f"choose one of {', '.join(KINDS)}"
        )
    method, space, pattern = match.partition(" ")
    if not (method and space and pattern):
        raise SandboxError(
            f"fault match {match!r} is not 'METHOD /path-regex'",
            hint="for example 'POST /act_[0-9]+/campaigns' or '* /'",
        )
    try:
        re.compile(pattern)
    except re.error as error:
        raise SandboxError(
            f"fault match {match!r} has a broken pattern: {error}"
        ) from error
    internal = {"id", "seen", "fired", "kind", "match"}
    known = {field.name for field in attrs.fields(Fault)} - internal
    unknown = sorted(set(options) - known)
    if unknown:
        raise SandboxError(
            f"unknown fault option {', '.join(unknown)}",
            hint=f"known options: {', '.join(sorted(known))}",
        )
    _check_numbers(options)


def _check_numbers(options: dict[str, Any]) -> None:
    least = {
        "nth": 1,
        "count": 1,
        "regain_minutes": 0,
        "seconds": 0,
        "cut": 0,
        "item": 1,
    }
    whole = {
        "nth",
        "count",
        "item",
        "cut",
        "regain_minutes",
        "code",
        "subcode",
        "status",
    }
    for name, value in options.items():
        if value is None or name in {"platform", "after_commit", "reason"}:
            continue
        kinds = int if name in whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds):
            raise SandboxError(f"fault option {name} must be a number, not {value!r}")
        if name in least and value < least[name]:
            raise SandboxError(
                f"fault option {name}={value} is below {least[name]}",
                hint="requests are counted from 1",
            )
