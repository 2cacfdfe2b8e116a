"""
What stands in the way of a plan on X, collected while requests are prepared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.errors import Issue, Severity

if TYPE_CHECKING:
    from smmlib.model import SourceMap


class Findings:
    """
    Collects issues with their place in the plan and in its file.

    Args:
        source: Lines of the plan's file, if it was read from one.
    """

    def __init__(self, source: SourceMap | None = None) -> None:
        self._source = source
        self._found: dict[tuple[str, str, str], Issue] = {}

    def add(
        self,
        path: str,
        code: str,
        message: str,
        *,
        hint: str,
        value: Any = None,
        limit: Any = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """
        Note one problem; the same one is noted once.
        """
        issue = Issue(
            path,
            code if "." in code else f"x.{code}",
            message,
            hint=hint,
            value=value,
            limit=limit,
            severity=severity,
        )
        placed = self._source.place(issue) if self._source else issue
        self._found.setdefault((path, code, message), placed)

    @property
    def issues(self) -> tuple[Issue, ...]:
        """
        All problems in the order they were found.
        """
        return tuple(self._found.values())
