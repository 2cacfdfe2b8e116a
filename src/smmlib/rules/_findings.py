"""
What a check found: all issues at once, to look at, to count, or to stop at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Any, overload

import attrs

from smmlib.errors import Issue, Severity, ValidationError

_HEAD = ("severity", "place", "problem", "limit", "hint")
_WORDS = {Severity.INFO: "note"}  # as people say
_COLOURS = {
    Severity.ERROR: "#b3261e",
    Severity.WARNING: "#8a5a00",
    Severity.INFO: "#3b5b7a",
}


def _all(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    return tuple(issues)


@attrs.frozen(repr=False)
class Findings(Sequence[Issue]):
    """
    All problems of a plan, in the order of the plan.

    Attributes:
        issues: The problems themselves.
    """

    issues: tuple[Issue, ...] = attrs.field(default=(), converter=_all)

    @overload
    def __getitem__(self, place: int) -> Issue: ...

    @overload
    def __getitem__(self, place: slice) -> Findings: ...

    def __getitem__(self, place: int | slice) -> Issue | Findings:
        if isinstance(place, slice):
            return Findings(self.issues[place])
        return self.issues[place]

    def __len__(self) -> int:
        return len(self.issues)

    def __iter__(self) -> Iterator[Issue]:
        return iter(self.issues)

    @property
    def errors(self) -> Findings:
        """
        What stops a launch.
        """
        return self._of(Severity.ERROR)

    @property
    def warnings(self) -> Findings:
        """
        What works, but not as meant.
        """
        return self._of(Severity.WARNING)

    @property
    def infos(self) -> Findings:
        """
        What is good to know.
        """
        return self._of(Severity.INFO)

    def _of(self, severity: Severity) -> Findings:
        return Findings(i for i in self.issues if i.severity is severity)

    @property
    def ok(self) -> bool:
        """
        Whether nothing stops a launch; warnings may remain.
        """
        return not any(issue.is_error for issue in self.issues)

    def where(self, path_prefix: str) -> Findings:
        """
        Only what lies at a path of the plan or below it.

        Args:
            path_prefix: For example `campaigns.leads`.
        """
        inside = (f"{path_prefix}.", f"{path_prefix}[")
        return Findings(
            issue
            for issue in self.issues
            if not path_prefix
            or issue.path == path_prefix
            or issue.path.startswith(inside)
        )

    def raise_if_errors(self) -> Findings:
        """
        Stop here when something stops a launch; else hand back the findings.

        Raises:
            ValidationError: With every error, and only the errors, in `.issues`.
        """
        if not self.ok:
            raise ValidationError(self.errors)
        return self

    def to_dict(self) -> list[dict[str, Any]]:
        """
        The issues as a JSON-ready list.
        """
        return [issue.to_dict() for issue in self.issues]

    def __str__(self) -> str:
        if not self.issues:
            return "no problems"
        return "\n".join([*map(str, self.issues), self._summary()])

    def __repr__(self) -> str:
        return f"<Findings: {self._summary()}>"

    def _summary(self) -> str:
        counts = (
            (len(self._of(severity)), _WORDS.get(severity, severity.value))
            for severity in Severity
        )
        said = [f"{n} {word}{'s' if n > 1 else ''}" for n, word in counts if n]
        return ", ".join(said) or "no problems"

    def _repr_html_(self) -> str:
        if not self.issues:
            return "<p>no problems</p>"
        head = "".join(f"<th style='text-align:left'>{word}</th>" for word in _HEAD)
        rows = "".join(_row(issue) for issue in self.issues)
        caption = escape(self._summary())
        return f"<table><caption>{caption}</caption><tr>{head}</tr>{rows}</table>"


def _row(issue: Issue) -> str:
    colour = _COLOURS[issue.severity]
    limit = "" if issue.limit is None else str(issue.limit)
    cells = (issue.where, f"{issue.message} [{issue.code}]", limit, issue.hint)
    plain = "".join(
        f"<td style='text-align:left'>{escape(cell)}</td>" for cell in cells
    )
    word = _WORDS.get(issue.severity, issue.severity.value)
    return f"<tr><td style='color:{colour}'>{word}</td>{plain}</tr>"
