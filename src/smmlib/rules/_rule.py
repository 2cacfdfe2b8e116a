"""
What a rule is: a code, a severity, a check over the plan, and the limits it knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.errors import Issue, Severity

if TYPE_CHECKING:
    from smmlib.rules._view import PlanView


@attrs.frozen
class Limit:
    """
    One number or fact a rule goes by, with where it is written down.

    Attributes:
        name: What is limited, e.g. `ads per ad set`.
        value: The limit.
        unit: What the value counts, e.g. `characters`.
        source: Document that says so.
        date: When the document was read, as year and month.
    """

    name: str
    value: Any
    unit: str = attrs.field(default="", kw_only=True)
    source: str = attrs.field(default="", kw_only=True)
    date: str = attrs.field(default="", kw_only=True)

    @property
    def origin(self) -> str:
        """
        Document and date in one text, as issues show it.
        """
        return f"{self.source} ({self.date})" if self.date else self.source


@attrs.frozen
class Found:
    """
    One place where a plan breaks a rule; the rule adds code, severity and source.

    Attributes:
        path: Where in the plan, e.g. `campaigns.leads.budget`.
        message: What is wrong, in one sentence.
        value: What was found.
        limit: What is allowed: a value, or the `Limit` of a table.
        hint: The next step.
        severity: Only where it differs from the rule's own.
    """

    path: str
    message: str
    value: Any = attrs.field(default=None, kw_only=True)
    limit: Any = attrs.field(default=None, kw_only=True)
    hint: str = attrs.field(default="", kw_only=True)
    severity: Severity | None = attrs.field(default=None, kw_only=True)


Check = Callable[["PlanView"], Iterable[Found | Issue]]


def _all(limits: Iterable[Limit]) -> tuple[Limit, ...]:
    return tuple(limits)


@attrs.frozen
class Rule:
    """
    Something a plan must or should keep to.

    Attributes:
        code: Stable name, e.g. `line.outside_flight`; issues carry it.
        title: What it asks for, in one sentence.
        check: Goes through a `PlanView` and yields `Found` or `Issue` for each breach.
        severity: How much a breach matters.
        platform: Platform it belongs to, e.g. `meta`; empty for every plan.
        limits: The numbers and facts it goes by.
    """

    code: str
    title: str
    check: Check = attrs.field(kw_only=True, repr=False)
    severity: Severity = attrs.field(
        default=Severity.ERROR, converter=Severity, kw_only=True
    )
    platform: str = attrs.field(default="", kw_only=True)
    limits: tuple[Limit, ...] = attrs.field(default=(), converter=_all, kw_only=True)

    def issue(self, found: Found) -> Issue:
        """
        What was found, as an issue of this rule.
        """
        limit, origin = found.limit, self.limits[0].origin if self.limits else ""
        if isinstance(limit, Limit):
            limit, origin = limit.value, limit.origin
        return Issue(
            found.path,
            self.code,
            found.message,
            severity=found.severity or self.severity,
            hint=found.hint,
            value=found.value,
            limit=limit,
            source=origin,
        )


def rule(
    code: str,
    title: str,
    *,
    severity: str = "error",
    platform: str = "",
    limits: Iterable[Limit] = (),
) -> Callable[[Check], Rule]:
    """
    Turn a function over a `PlanView` into a `Rule`; nothing is registered anywhere.

    Args:
        code: Stable name of the rule.
        title: What it asks for, in one sentence.
        severity: error, warning or info.
        platform: Platform it belongs to; empty for every plan.
        limits: The numbers and facts it goes by.
    """

    def wrap(check: Check) -> Rule:
        return Rule(
            code,
            title,
            check=check,
            severity=Severity(severity),
            platform=platform,
            limits=limits,
        )

    return wrap
