"""
The parts of a brief: what the project is, who it is for, what to make, who agrees.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import attrs

from smmlib.model import (
    Audience,
    Brief,
    Managed,
    MediaPlan,
    Money,
    Network,
    Post,
    Role,
    Stage,
    Unit,
    Video,
    kpi,
)
from smmlib.planning._briefs_show import BriefSection
from smmlib.planning._briefs_specs import (
    NAMES,
    button_rows,
    media_rows,
    place_name,
    post_media_rows,
    post_text_rows,
    text_rows,
)
from smmlib.planning._briefs_view import Piece
from smmlib.planning._briefs_words import Wording
from smmlib.planning._work_approvals import approval_rows

if TYPE_CHECKING:
    from smmlib.model import Goal

Row = tuple[str, str]
WRITERS = (Role.COPYWRITER, Role.EDITOR, Role.TRANSLATOR)
KEEPERS = (Role.SMM, Role.CONTENT_MANAGER)


@attrs.frozen
class Scope:
    """
    What one brief is about: a plan, and the pieces and posts of it that matter.
    """

    plan: MediaPlan
    brief: Brief
    pieces: tuple[Piece, ...]
    posts: tuple[tuple[str, Post], ...]
    words: Wording

    @property
    def networks(self) -> tuple[Network, ...]:
        """
        Every network its ads are on.
        """
        found = (network for piece in self.pieces for network in piece.networks)
        return tuple(dict.fromkeys(found))


def sections(scope: Scope) -> Iterator[BriefSection]:
    """
    All parts that say something, in the order people read them.
    """
    parts = (_about, _task, _voice, _audiences, _items, _buttons, _links, _money)
    for part in (*parts, _approvals):
        found = part(scope)
        if found:
            yield found


def _about(scope: Scope) -> BriefSection:
    plan, words = scope.plan, scope.words
    rows = [(words["project"], plan.name)]
    strategy = plan.strategy
    if strategy:
        rows.append((words["brand"], strategy.brand.name))
        if strategy.brand.advertiser:
            rows.append((words["advertiser"], strategy.brand.advertiser))
        if strategy.objective:
            rows.append((words["objective"], str(strategy.objective)))
        if strategy.summary:
            rows.append((words["idea"], strategy.summary))
    first, last = plan.flight.first_day, plan.flight.last_day
    rows.append((words["flight"], f"{words.day(first)} – {words.day(last)}"))
    person = plan.people.get(scope.brief.owner)
    who = person.name if person else words["nobody"]
    rows.append((words["for"], f"{who} ({words.role(scope.brief.role.value)})"))
    due = scope.brief.due
    rows.append((words["due"], words.day(due) if due else words["no_date"]))
    mark = f"{plan.version} ({plan.content_hash[:12]})"
    return BriefSection(words["about"], (*rows, (words["version"], mark)))


def _task(scope: Scope) -> BriefSection:
    plan, words = scope.plan, scope.words
    goals = plan.strategy.goals if plan.strategy else ()
    rows = [(words["goals"], _goal(goal, plan, words)) for goal in goals]
    rows += [(words["requirements"], text) for text in scope.brief.requirements]
    return BriefSection(words["task"], tuple(rows), text=scope.brief.text)


def _goal(goal: Goal, plan: MediaPlan, words: Wording) -> str:
    measure = kpi(goal.kpi)
    if isinstance(goal.target, Money):
        amount = words.money(goal.target)
    else:
        sign = "\N{NO-BREAK SPACE}%" if measure.unit is Unit.PERCENT else ""
        amount = f"{words.quantity(goal.target)}{sign}"
    where = f" ({NAMES[goal.network]})" if goal.network else ""
    until = words.day(goal.by or plan.flight.last_day)
    name = measure.title or measure.name
    return f"{name}{where}: {amount}, {words['until']} {until}"


def _voice(scope: Scope) -> BriefSection:
    words, strategy = scope.words, scope.plan.strategy
    if strategy is None:
        return BriefSection(words["voice"])
    brand, style = strategy.brand, strategy.brand.style
    voice = (style.voice if style else "") or brand.voice
    rows = [(words["voice"], voice)] if voice else []
    for label in ("do", "dont", "colours", "fonts") if style else ():
        found = getattr(style, label)
        if found:
            rows.append((words[label], ", ".join(found)))
    return BriefSection(words["voice"], tuple(rows))


def _audiences(scope: Scope) -> BriefSection:
    plan, words = scope.plan, scope.words
    found: dict[int, Audience] = {}
    for piece in scope.pieces:
        for use in piece.uses:
            audience = plan.audience_of(use.ad.ad_set)
            if audience:
                found.setdefault(id(audience), audience)
    keys = {id(audience): key for key, audience in plan.audiences.items()}
    rows = tuple(
        (one.name or keys.get(mark, words["audience"]), _people(one, words))
        for mark, one in found.items()
    )
    return BriefSection(words["audience"], rows)


def _people(audience: Audience, words: Wording) -> str:
    parts = []
    if audience.age:
        age = audience.age
        until = f"–{age.maximum}" if age.maximum else f" {words['and_older']}"
        parts.append(f"{words['ages']}: {age.minimum}{until}")
    for label in ("places", "languages", "interests", "professions"):
        values = getattr(audience, label)
        if values:
            parts.append(f"{words[label]}: {', '.join(str(v) for v in values)}")
    return "; ".join(parts) or audience.note or words["audience"]


def _items(scope: Scope) -> BriefSection:
    rows = [*_piece_rows(scope), *_post_rows(scope)]
    if scope.brief.role is Role.TARGETOLOGIST:
        rows = [*_campaign_rows(scope), *rows]
    return BriefSection(scope.words["specs"], tuple(rows))


def _piece_rows(scope: Scope) -> Iterator[Row]:
    words, role = scope.words, scope.brief.role
    for piece in scope.pieces:
        where = ", ".join(place_name(place) for place in piece.placements)
        yield _named(piece.key, piece.creative.name), where or "–"
        rows: list[Row] = []
        if role in WRITERS:
            rows += text_rows(piece, words)
            rows += _present(piece, words)
        film = piece.creative.video or any(c.video for c in piece.creative.cards)
        if role is Role.DESIGNER or (role in KEEPERS and not film):
            rows += media_rows(piece, words, film=False)
        if role is Role.VIDEO or (role in KEEPERS and film):
            rows += media_rows(piece, words, film=True)
        yield from ((f"{piece.key} · {label}", text) for label, text in rows)


def _present(piece: Piece, words: Wording) -> Iterator[Row]:
    """
    What is written already, with its length.
    """
    creative = piece.creative
    if creative.text:
        count = words.number(len(creative.text))
        yield words["text"], f"{creative.text.text} ({count})"
    for label in ("headline", "description"):
        if getattr(creative, label):
            yield words[label], getattr(creative, label)
    if creative.cta:
        yield words["button"], creative.cta.value


def _named(key: str, name: str) -> str:
    return f"{key} ({name})" if name else key


def _post_rows(scope: Scope) -> Iterator[Row]:
    words, role = scope.words, scope.brief.role
    for key, post in scope.posts:
        when = words.moment(post.at) if post.at else words["no_date"]
        where = ", ".join(NAMES[network] for network in post.networks)
        yield f"{words['post']} {key}", f"{where}; {when}"
        rows: list[Row] = []
        if role in (*WRITERS, *KEEPERS):
            rows += post_text_rows(post, words)
        films = any(isinstance(medium, Video) for medium in post.media)
        if role is Role.DESIGNER or (role in KEEPERS and post.media and not films):
            rows += post_media_rows(post, words, film=False)
        if role is Role.VIDEO or (role in KEEPERS and films):
            rows += post_media_rows(post, words, film=True)
        yield from ((f"{key} · {label}", text) for label, text in rows)


def _campaign_rows(scope: Scope) -> Iterator[Row]:
    plan, words = scope.plan, scope.words
    used = {use.ad.campaign_key for piece in scope.pieces for use in piece.uses}
    for key, campaign in plan.campaigns.items():
        if key not in used:
            continue
        parts = [str(campaign.objective)] if campaign.objective else []
        if campaign.budget:
            amount = words.money(campaign.budget.amount)
            daily = f" {words['per_day']}" if campaign.budget.daily else ""
            parts.append(f"{words['budget']}: {amount}{daily}")
        flight = campaign.flight or plan.flight
        first, last = words.day(flight.first_day), words.day(flight.last_day)
        parts.append(f"{words['flight']}: {first} – {last}")
        yield f"{words['campaigns']}: {key}", "; ".join(parts)


def _buttons(scope: Scope) -> BriefSection:
    words = scope.words
    if scope.brief.role not in (*WRITERS, *KEEPERS, Role.TARGETOLOGIST):
        return BriefSection(words["buttons"])
    return BriefSection(words["buttons"], tuple(button_rows(scope.networks, words)))


def _links(scope: Scope) -> BriefSection:
    rows = [row for piece in scope.pieces for row in piece.links()]
    rows += [
        (f"posts.{key}", post.utm.tag(post.link) if post.utm else post.link)
        for key, post in scope.posts
        if post.link
    ]
    return BriefSection(scope.words["links"], tuple(rows))


def _money(scope: Scope) -> BriefSection:
    """
    What is arranged with people, for those who arrange it.
    """
    words = scope.words
    if scope.brief.role is not Role.PR:
        return BriefSection(words["partners"])
    return BriefSection(words["partners"], tuple(_partner_rows(scope)))


def _partner_rows(scope: Scope) -> Iterator[Row]:
    words = scope.words
    for key, line in scope.plan.lines.items():
        if line.managed is not Managed.BY_HAND:
            continue
        parts = [", ".join(NAMES[network] for network in line.networks)]
        if line.cost:
            parts.append(f"{words['cost']}: {words.money(line.cost)}")
        if line.utm:
            parts.append(f"UTM: {line.utm.query()}")
        parts += [line.note] if line.note else []
        yield line.name or key, "; ".join(parts)


def _approvals(scope: Scope) -> BriefSection:
    words = scope.words
    stages = _stages(scope.brief.role)
    rows = [
        (
            f"{row.stage.value}: {row.name}",
            _verdict(row.word, words, row.at_text(words)),
        )
        for row in approval_rows(scope.plan)
        if row.stage in stages
    ]
    return BriefSection(words["approvals"], tuple(rows))


def _stages(role: Role) -> Iterable[Stage]:
    if role is Role.TARGETOLOGIST:
        return (Stage.PLAN, Stage.SPEND)
    return (Stage.PLAN, Stage.CREATIVES, Stage.POSTS)


def _verdict(word: str, words: Wording, when: str) -> str:
    if word == "older":
        return f"{words['approved']}, {words['older_version']} ({when})"
    return f"{words[word]} ({when})" if when else words[word]
