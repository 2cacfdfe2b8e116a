"""
Briefs for everybody who makes something: written in the plan, or made from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from smmlib.errors import Issue, ValidationError
from smmlib.model import (
    Brief,
    Creative,
    Managed,
    MediaPlan,
    Post,
    PostState,
    Role,
    Video,
)
from smmlib.model._words import as_role
from smmlib.planning._briefs_parts import KEEPERS, WRITERS, Scope, sections
from smmlib.planning._briefs_show import BriefSheet
from smmlib.planning._briefs_view import Piece, pieces
from smmlib.planning._briefs_words import LANGUAGES, wording
from smmlib.planning._work_approvals import version_hash

LEAD_DAYS = {
    Role.PR: 14,
    Role.COPYWRITER: 10,
    Role.VIDEO: 7,
    Role.DESIGNER: 7,
    Role.TARGETOLOGIST: 4,
    Role.SMM: 3,
}
"""
How many days before something is shown each role's work is needed.
"""
_OVER = (PostState.PUBLISHED, PostState.ARCHIVED)


def brief_sheets(
    plan: MediaPlan,
    *,
    role: Role | str | None = None,
    key: str = "",
    language: str = "",
    locale: str = "",
) -> tuple[BriefSheet, ...]:
    """
    The briefs of a plan: its own, and one for each role that has none and has work.

    Args:
        plan: The plan.
        role: Only briefs for this role.
        key: Only the brief of this key.
        language: Language of the labels; each reader's own when left out.
        locale: Whose days and numbers; the client's when left out.

    Raises:
        ValidationError: No such brief, or no labels in that language.
    """
    wanted = as_role(role) if role else None
    found = [
        (name, brief)
        for name, brief in _briefs(plan)
        if (not key or name == key) and (wanted is None or brief.role is wanted)
    ]
    if key and not found:
        raise _unknown(plan, key)
    shown = pieces(plan)
    return tuple(
        _sheet(_scope(plan, brief, shown, language, locale), name)
        for name, brief in found
    )


def _unknown(plan: MediaPlan, key: str) -> ValidationError:
    names = ", ".join(name for name, _ in _briefs(plan))
    issue = Issue(
        "briefs",
        "reference.brief",
        f"there is no brief '{key}'",
        value=key,
        limit=names or None,
        hint="name one of them, or leave the key out for all",
    )
    return ValidationError([issue])


def _briefs(plan: MediaPlan) -> Iterator[tuple[str, Brief]]:
    yield from plan.briefs.items()
    written = {brief.role for brief in plan.briefs.values()}
    for role in LEAD_DAYS:
        if role not in written and _has_work(plan, role):
            name = role.value if role.value not in plan.briefs else f"{role.value}-all"
            yield name, _made(plan, role)


def _made(plan: MediaPlan, role: Role) -> Brief:
    """
    A brief for a role that covers all of its work.
    """
    people = [key for key, person in plan.people.items() if person.role is role]
    return Brief(
        plan.name,
        role,
        owner=people[0] if people else "",
        due=due_day(plan, role),
    )


def due_day(plan: MediaPlan, role: Role, shown: date | None = None) -> date:
    """
    The day a role's work is needed: before the first thing is shown, on a weekday.
    """
    day = (shown or plan.flight.first_day) - timedelta(days=LEAD_DAYS.get(role, 3))
    return day - timedelta(days=max(0, day.weekday() - 4))


def _has_work(plan: MediaPlan, role: Role) -> bool:
    if role is Role.PR:
        return any(line.managed is Managed.BY_HAND for line in plan.lines.values())
    if role is Role.TARGETOLOGIST:
        return bool(plan.campaigns)
    return any(_is_for(c, role) for c in plan.creatives.values()) or any(
        _is_post_for(post, role) for post in plan.posts.values()
    )


def _is_for(creative: Creative, role: Role) -> bool:
    """
    Whether a creative is this role's work; a boosted post is made already.
    """
    if role is Role.TARGETOLOGIST or role in KEEPERS:
        return True
    if creative.boost or role is Role.PR:
        return False
    films = bool(creative.video) or any(card.video for card in creative.cards)
    if role is Role.VIDEO:
        return films
    if role is Role.DESIGNER:
        return not creative.video
    return role in WRITERS


def _is_post_for(post: Post, role: Role) -> bool:
    if post.state in _OVER or role in (Role.TARGETOLOGIST, Role.PR):
        return False
    films = any(isinstance(medium, Video) for medium in post.media)
    if role is Role.VIDEO:
        return films
    return not films if role is Role.DESIGNER else True


def _scope(
    plan: MediaPlan, brief: Brief, shown: dict[str, Piece], language: str, locale: str
) -> Scope:
    reader = plan.people.get(brief.owner)
    tongue = language or _known(reader.language if reader else "") or "en"
    return Scope(
        plan,
        brief,
        tuple(_chosen_pieces(brief, shown)),
        tuple(_chosen_posts(brief, plan)),
        wording(tongue, locale or client_locale(plan) or tongue),
    )


def _sheet(scope: Scope, name: str) -> BriefSheet:
    plan, brief, words = scope.plan, scope.brief, scope.words
    reader = plan.people.get(brief.owner)
    return BriefSheet(
        name,
        f"{words['brief']}: {brief.title}",
        role=brief.role,
        recipient=reader.name if reader else "",
        due=brief.due,
        language=words.language,
        locale=words.locale,
        version=plan.version,
        fingerprint=version_hash(plan),
        sections=tuple(sections(scope)),
    )


def _known(language: str) -> str:
    """
    A reader's language, if there are labels in it.
    """
    return language if language.partition("-")[0] in LANGUAGES else ""


def client_locale(plan: MediaPlan) -> str:
    """
    The language tag of the first client among the plan's people; empty for none.
    """
    return next((p.language for p in plan.people.values() if p.role is Role.CLIENT), "")


def _covered(brief: Brief, kind: str) -> set[str]:
    return {
        path.split(".")[1].partition("[")[0]
        for path in brief.items
        if path.startswith(f"{kind}.")
    }


def _chosen_pieces(brief: Brief, shown: dict[str, Piece]) -> Iterable[Piece]:
    covered = _covered(brief, "creatives")
    for key, piece in shown.items():
        if key in covered or (not brief.items and _is_for(piece.creative, brief.role)):
            yield piece


def _chosen_posts(brief: Brief, plan: MediaPlan) -> Iterable[tuple[str, Post]]:
    covered = _covered(brief, "posts")
    for key, post in plan.posts.items():
        if key in covered or (not brief.items and _is_post_for(post, brief.role)):
            yield key, post
