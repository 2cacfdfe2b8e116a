"""
One problem as data, and what is known about a write that failed.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import attrs


class Severity(StrEnum):
    """
    How much an issue matters: errors stop a launch, warnings cost money or effect.
    """

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@attrs.frozen
class Issue:
    """
    One problem of a plan: where it is, what is wrong, what to do.

    Attributes:
        path: Where in the plan, e.g. `campaigns.leads.ad_sets.visitors.budget`.
        code: Stable name of the rule, e.g. `text.too_long`.
        message: What is wrong, in one sentence.
        severity: `error` (refused), `warning` (works, but not as meant) or `info`.
        hint: The next step for the person who wrote the plan.
        value: What was found, as text or number.
        limit: What is allowed.
        file: Plan file the value was read from, if any.
        line: Line in that file, counted from 1.
        column: Column in that line, counted from 1.
        source: Where the rule comes from (document and date), for platform rules.
    """

    path: str
    code: str
    message: str
    severity: Severity = attrs.field(
        default=Severity.ERROR, converter=Severity, kw_only=True
    )
    hint: str = attrs.field(default="", kw_only=True)
    value: Any = attrs.field(default=None, kw_only=True)
    limit: Any = attrs.field(default=None, kw_only=True)
    file: str | None = attrs.field(default=None, kw_only=True)
    line: int | None = attrs.field(default=None, kw_only=True)
    column: int | None = attrs.field(default=None, kw_only=True)
    source: str = attrs.field(default="", kw_only=True)

    @property
    def is_error(self) -> bool:
        """
        Whether this problem stops a launch.
        """
        return self.severity is Severity.ERROR

    @property
    def where(self) -> str:
        """
        The place as a person reads it: `file:line:column path`.
        """
        parts = [str(p) for p in (self.file, self.line, self.column) if p is not None]
        return " ".join(p for p in (":".join(parts), self.path) if p)

    def __str__(self) -> str:
        word = "note" if self.severity is Severity.INFO else self.severity
        text = f"{word}: {self.where}: {self.message} [{self.code}]"
        return f"{text}\n  hint: {self.hint}" if self.hint else text

    def to_dict(self) -> dict[str, Any]:
        """
        The issue as JSON-ready data; values that JSON has not are shown as text.
        """
        plain = (str, int, float, bool, type(None))
        data = attrs.asdict(self, recurse=False)
        return {
            k: v.value
            if isinstance(v, Severity)
            else (v if isinstance(v, plain) else str(v))
            for k, v in data.items()
        }


class Outcome(StrEnum):
    """
    What is known about a write after it failed.
    """

    NOT_APPLIED = "not_applied"
    APPLIED = "applied"
    UNKNOWN = "unknown"


class Retry(StrEnum):
    """
    Whether the same call may be made again, and when.
    """

    NEVER = "never"
    NOW = "now"
    LATER = "later"
