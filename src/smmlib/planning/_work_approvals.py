"""
Who has agreed to which version: a word counts only for exactly what it was given on.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import attrs

from smmlib.model import MediaPlan, Stage, Verdict, content_hash

if TYPE_CHECKING:
    from smmlib.planning._briefs_words import Wording

OLDER = "older"
WAITING = "waiting"


@attrs.frozen(kw_only=True)
class ApprovalRow:
    """
    How one person's word on one stage stands.

    Attributes:
        stage: What it is about.
        person: Key of the person.
        name: Their name.
        word: `approved`, `changes_wanted` or `rejected` for this version, `older` when
            it was given on another one, `waiting` when there is none.
        at: When it was given.
        content_hash: What it was given on.
    """

    stage: Stage
    person: str
    name: str
    word: str = WAITING
    at: datetime | None = None
    content_hash: str = ""

    @property
    def counts(self) -> bool:
        """
        Whether it is an approval of the version at hand.
        """
        return self.word == Verdict.APPROVED.value

    def at_text(self, words: Wording) -> str:
        """
        When it was given, in the reader's words.
        """
        return words.day(self.at) if self.at else ""


def version_hash(plan: MediaPlan) -> str:
    """
    What an approval of a whole plan binds to: everything but the approvals themselves.

    A word that was written into the plan would else change what it was given on.
    """
    return content_hash(attrs.evolve(plan, approvals=()))


def approval_rows(plan: MediaPlan) -> tuple[ApprovalRow, ...]:
    """
    Everybody who may approve something, stage by stage, with their last word.
    """
    current = {version_hash(plan), plan.content_hash}
    current |= {content_hash(post) for post in plan.posts.values()}
    current |= {content_hash(creative) for creative in plan.creatives.values()}
    return tuple(
        _row(plan, stage, key, current)
        for stage in Stage
        for key, person in plan.people.items()
        if stage in person.approves
    )


def _row(plan: MediaPlan, stage: Stage, key: str, current: set[str]) -> ApprovalRow:
    said = [a for a in plan.approvals if a.stage is stage and a.by == key]
    name = plan.people[key].name
    if not said:
        return ApprovalRow(stage=stage, person=key, name=name)
    last = max(said, key=lambda approval: approval.at)
    word = last.verdict.value if last.content_hash in current else OLDER
    return ApprovalRow(
        stage=stage,
        person=key,
        name=name,
        word=word,
        at=last.at,
        content_hash=last.content_hash,
    )
