"""
Who works on it and what they do: people, tasks, briefs, milestones, approvals.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import attrs

from smmlib.model._checks import (
    are_texts,
    as_tuple,
    is_aware,
    is_key,
    is_optional,
    is_optional_key,
    is_optional_language,
    is_optional_text,
    is_text,
    is_type,
    refuse,
)
from smmlib.model._enums import Role, Stage, TaskState, Verdict
from smmlib.model._money import optional_decimal
from smmlib.model._value import Value
from smmlib.model._words import as_role, as_stage, as_stages, as_task_state, as_verdict

_WEEK_HOURS = 7 * 24


@attrs.frozen(eq=False, repr=False)
class Person(Value):
    """
    Somebody on the team or at the client.

    Attributes:
        name: Their name.
        role: What they do.
        approves: What they may approve.
        email: Where to reach them.
        language: Language their briefs are written in, as BCP 47 tag.
        hours_per_week: How much of their week the plan may take.
    """

    name: str
    role: Role = attrs.field(converter=as_role)
    approves: tuple[Stage, ...] = attrs.field(
        default=(),
        converter=as_stages,
        kw_only=True,
    )
    email: str = attrs.field(default="", kw_only=True)
    language: str = attrs.field(default="", kw_only=True)
    hours_per_week: Decimal | None = attrs.field(
        default=None,
        converter=optional_decimal,
        kw_only=True,
    )

    def __attrs_post_init__(self) -> None:
        is_text("name", self.name, longest=200)
        is_optional_text("email", self.email, longest=254)
        is_optional_language("language", self.language)
        if self.email and ("@" not in self.email or " " in self.email):
            refuse(
                "email",
                f"{self.email!r} is no e-mail address",
                code="person.email",
                value=self.email,
                expected="name@host",
            )
        hours = self.hours_per_week
        if hours is not None and not 0 <= hours <= _WEEK_HOURS:
            refuse(
                "hours_per_week",
                f"{hours} hours do not fit in a week",
                code="person.hours",
                value=str(hours),
                expected="0..168",
            )


@attrs.frozen(eq=False, repr=False)
class Milestone(Value):
    """
    A date by which something must stand.

    Attributes:
        name: What must stand.
        due: The day, included.
        done: Whether it stands.
        owner: Key of the person who answers for it.
    """

    name: str
    due: date
    done: bool = attrs.field(default=False, kw_only=True)
    owner: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        is_text("name", self.name, longest=200)
        is_type("due", self.due, date)
        is_type("done", self.done, bool)
        is_optional_key("owner", self.owner)


@attrs.frozen(eq=False, repr=False)
class Task(Value):
    """
    A piece of work with an owner and a date.

    Attributes:
        title: What to do.
        owner: Key of the person who does it.
        due: The day, included.
        state: How far it is.
        hours: How long it takes.
        after: Keys of tasks that must be done before.
        note: For colleagues.
    """

    title: str
    owner: str = ""
    due: date | None = attrs.field(default=None, kw_only=True)
    state: TaskState = attrs.field(
        default=TaskState.OPEN, converter=as_task_state, kw_only=True
    )
    hours: Decimal | None = attrs.field(
        default=None,
        converter=optional_decimal,
        kw_only=True,
    )
    after: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, kw_only=True)
    note: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        are_texts("after", self.after)
        is_text("title", self.title, longest=400)
        is_optional("due", self.due, date)
        is_optional_text("note", self.note)
        is_optional_key("owner", self.owner)
        if self.hours is not None and self.hours <= 0:
            refuse(
                "hours",
                f"{self.hours} hours is no work",
                code="task.hours",
                value=str(self.hours),
                expected="more than zero",
            )

    def is_overdue(self, today: date) -> bool:
        """
        Whether it should have been done before today.
        """
        over = self.state in {TaskState.DONE, TaskState.DROPPED}
        return self.due is not None and self.due < today and not over


@attrs.frozen(eq=False, repr=False)
class Brief(Value):
    """
    What a copywriter, designer or targetologist needs to know to start.

    Attributes:
        title: What it is about.
        role: Who it is for.
        text: What is wanted and why.
        owner: Key of the person who gets it; empty while nobody has it.
        due: The day it is needed.
        items: Paths of the plan it covers, e.g. `creatives.taste`.
        requirements: Technical requirements, one per line.
    """

    title: str
    role: Role = attrs.field(converter=as_role)
    text: str = attrs.field(default="", kw_only=True)
    owner: str = attrs.field(default="", kw_only=True)
    due: date | None = attrs.field(default=None, kw_only=True)
    items: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, kw_only=True)
    requirements: tuple[str, ...] = attrs.field(
        default=(), converter=as_tuple, kw_only=True
    )

    def __attrs_post_init__(self) -> None:
        are_texts("items", self.items)
        are_texts("requirements", self.requirements)
        is_text("title", self.title, longest=400)
        is_optional_text("text", self.text, longest=50_000)
        is_optional("due", self.due, date)
        is_optional_key("owner", self.owner)


@attrs.frozen(eq=False, repr=False)
class Approval(Value):
    """
    Somebody's word on a version: it binds person, time and exact content.

    Attributes:
        stage: What was approved.
        by: Key of the person.
        at: When.
        content_hash: Hash of exactly what they saw; an edit voids the approval.
        verdict: What they decided.
        note: What they said.
    """

    stage: Stage = attrs.field(converter=as_stage)
    by: str
    at: datetime = attrs.field(kw_only=True)
    content_hash: str = attrs.field(kw_only=True)
    verdict: Verdict = attrs.field(
        default=Verdict.APPROVED, converter=as_verdict, kw_only=True
    )
    note: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        is_key("by", self.by)
        is_type("at", self.at, datetime)
        is_aware("at", self.at)
        is_text("content_hash", self.content_hash, longest=128)
        is_optional_text("note", self.note)
