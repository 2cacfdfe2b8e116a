"""
Whether a post may go out: somebody's word on exactly this content.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from smmlib.errors import Issue, ValidationError
from smmlib.model import PostState, Stage, Verdict, content_hash
from smmlib.model._checks import did_you_mean
from smmlib.workspace._people import check_approver

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from smmlib.model import Approval, MediaPlan, Post
    from smmlib.ports import StateStore

_READY = (PostState.APPROVED, PostState.SCHEDULED)
_WORD = "posts"


def objection(plan: MediaPlan, key: str, store: StateStore) -> tuple[str, str]:
    """
    Why a post may not go out, and what to do; two empty texts when it may.
    """
    post = plan.posts[key]
    doubt = _unchecked(plan, key)
    if doubt is not None:
        return doubt.message, doubt.hint
    if not post.approver:
        if post.state in _READY:
            return "", ""
        state = post.state.value.replace("_", " ")
        return (
            f"nobody has approved it: its state is {state}",
            f"write posts.{key}.state: approved, or name an approver",
        )
    person = plan.people.get(post.approver)
    name = person.name if person else post.approver
    word = _word_in_plan(plan, post)
    if word is not None and word.verdict is not Verdict.APPROVED:
        return f"{name} said {word.verdict.value.replace('_', ' ')}", "change the post"
    if word is not None or store.approved(_mark(key, post)) is not None:
        return "", ""
    return (
        f"{name} has not approved it as it is now",
        f"smm publish --approve {key} --by {post.approver}",
    )


def approve_posts(
    plan: MediaPlan,
    keys: Iterable[str],
    store: StateStore,
    *,
    by: str,
    at: datetime,
) -> None:
    """
    Keep somebody's word on posts as they are now; an edit voids it.

    Raises:
        ValidationError: No such post, or somebody whose word does not count here.
    """
    wanted = list(dict.fromkeys(keys))
    check_approver(plan, by)
    problems = [p for key in wanted for p in _problems(plan, key, by)]
    if problems:
        raise ValidationError(problems)
    for key in wanted:
        store.approve(_mark(key, plan.posts[key]), _WORD, by=by, at=at)


def _problems(plan: MediaPlan, key: str, by: str) -> list[Issue]:
    post = plan.posts.get(key)
    path = f"posts.{key}"
    if post is None:
        hint = did_you_mean(key, plan.posts)
        found = Issue(path, "reference.post", f"there is no post '{key}'", hint=hint)
    elif not by or (post.approver and by != post.approver):
        found = Issue(
            f"{path}.approver",
            "person.not_entitled",
            f"post '{key}' waits for the word of {post.approver or 'somebody'}, "
            f"not of {by or 'nobody'}",
            value=by,
            limit=post.approver or None,
            hint=f"by={post.approver or 'a key of people'}",
        )
    elif by in plan.people and Stage.POSTS not in plan.people[by].approves:
        found = Issue(
            f"people.{by}.approves",
            "person.not_entitled",
            f"{plan.people[by].name} may not approve posts",
            value=", ".join(plan.people[by].approves) or "nothing",
            limit=Stage.POSTS.value,
            hint=f"add posts to people.{by}.approves, or ask somebody else",
        )
    else:
        doubt = _unchecked(plan, key)
        if doubt is None:
            return []
        found = doubt
    return [plan.source.place(found) if plan.source else found]


def _unchecked(plan: MediaPlan, key: str) -> Issue | None:
    """
    The idea behind a post, if nobody made sure that it is true.
    """
    for name, idea in plan.ideas.items():
        if idea.post == key and not idea.is_sound:
            state = idea.fact_check.value
            return Issue(
                f"ideas.{name}.fact_check",
                "idea.unchecked",
                f"the facts of idea '{name}' behind post '{key}' are {state}",
                value=state,
                limit="checked, or not_needed",
                hint=f"check its source, then write ideas.{name}.fact_check: checked",
            )
    return None


def _word_in_plan(plan: MediaPlan, post: Post) -> Approval | None:
    """
    The last word of a post's approver on exactly this content, as the plan keeps it.
    """
    said = [
        approval
        for approval in plan.approvals
        if approval.stage is Stage.POSTS and approval.by == post.approver
    ]
    if not said:
        return None
    # How far a post is says nothing about what people will read.
    hashes = {content_hash(attrs.evolve(post, state=state)) for state in PostState}
    meant = [approval for approval in said if approval.content_hash in hashes]
    return max(meant, key=lambda approval: approval.at, default=None)


def _mark(key: str, post: Post) -> str:
    """
    What an approval binds to: the post, its content and who approves it.
    """
    drafted = attrs.evolve(post, state=PostState.DRAFT)
    return f"posts.{key} {content_hash(drafted)}"
