"""
Who approves: somebody the plan knows, and who may.
"""

from __future__ import annotations

from smmlib.errors import Issue, Severity, ValidationError
from smmlib.model import MediaPlan, Stage
from smmlib.model._checks import did_you_mean


def check_approver(plan: MediaPlan, by: str) -> None:
    """
    Refuse a name that none of the plan's people has; a plan without people takes any.

    Raises:
        ValidationError: With the nearest key as hint.
    """
    if not by or not plan.people or by in plan.people:
        return
    named = [key for key, person in plan.people.items() if person.name == by]
    hint = f"write their key: {named[0]}" if named else did_you_mean(by, plan.people)
    raise ValidationError(
        [
            Issue(
                "by",
                "person.unknown",
                f"nobody of the plan's people is '{by}'",
                value=by,
                limit=", ".join(plan.people),
                hint=hint,
            )
        ]
    )


def approver_doubts(plan: MediaPlan, by: str) -> tuple[Issue, ...]:
    """
    A warning when the plan does not say that this person may approve spending.
    """
    person = plan.people.get(by)
    if person is None or Stage.SPEND in person.approves:
        return ()
    path = f"people.{by}.approves"
    doubt = Issue(
        path,
        "person.not_entitled",
        f"{person.name} approves spending, and the plan does not say that they may",
        severity=Severity.WARNING,
        value=", ".join(person.approves) or "nothing",
        limit=Stage.SPEND.value,
        hint=f"add spend to {path}, or let somebody else approve",
    )
    return (plan.source.place(doubt) if plan.source else doubt,)
