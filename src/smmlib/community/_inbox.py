"""
What people wrote to the brand, sorted, with drafts that wait for somebody's word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from html import escape
from typing import Any

import attrs

from smmlib.community._replies import TEMPLATES, draft
from smmlib.community._sentiment import (
    MoodDay,
    SentimentBy,
    sentiment,
    sudden_negativity,
)
from smmlib.community._sentiment import mood_by_day as _mood
from smmlib.community._triage import Topic, Triage, triage
from smmlib.errors import Issue, ValidationError
from smmlib.model import MediaPlan, Message, Stage
from smmlib.model._checks import did_you_mean, is_aware, is_text

_GRAVE = tuple(Topic)
_SHOWN = 60
COLUMNS = ("due", "topic", "urgency", "sounds", "network", "who", "what they wrote")
"""
Columns of an inbox as people see it.
"""


@attrs.frozen(kw_only=True)
class Reply:
    """
    An answer somebody has agreed to, word by word.

    Attributes:
        message_id: What it answers.
        text: Its words.
        by: Key of the person who agreed.
        at: When.
    """

    message_id: str
    text: str
    by: str
    at: datetime


@attrs.frozen(kw_only=True)
class InboxItem:
    """
    One message, what is known about it, and how an answer might begin.

    Attributes:
        message: What somebody wrote.
        triage: What is known about it.
        draft: How an answer might begin; never sent without somebody's word.
    """

    message: Message
    triage: Triage
    draft: str = ""

    def to_dict(self) -> dict[str, Any]:
        """
        The item as JSON-ready data.
        """
        message, found = self.message, self.triage
        return {
            "id": message.message_id,
            "text": message.text,
            "at": message.at.isoformat(),
            "network": message.network.value,
            "kind": message.kind.value,
            "author": message.author,
            "post": message.post,
            "topic": found.topic.value,
            "urgency": found.urgency.value,
            "sentiment": found.sentiment.value,
            "language": found.language,
            "due": found.due.isoformat() if found.due else None,
            "escalate_to": found.escalate_to,
            "campaigns": list(found.campaigns),
            "ads": list(found.ads),
            "draft": self.draft,
        }


@attrs.frozen(kw_only=True)
class Inbox:
    """
    Messages in the order they should be answered.

    Attributes:
        items: The messages; crises first, then by when an answer is due.
        replies: Answers somebody has agreed to.
        plan: Whose people may agree.
        zone: Zone its times are shown in.
        now: When it is looked at.
        alerts: Days on which suddenly many sounded angry.
    """

    items: tuple[InboxItem, ...] = ()
    replies: tuple[Reply, ...] = ()
    plan: MediaPlan | None = attrs.field(default=None, repr=False)
    zone: str = "UTC"
    now: datetime | None = None
    alerts: tuple[Issue, ...] = ()

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[InboxItem]:
        return iter(self.items)

    def of(self, topic: Topic | str) -> tuple[InboxItem, ...]:
        """
        The items about one topic.
        """
        return tuple(item for item in self.items if item.triage.topic == Topic(topic))

    def overdue(self) -> tuple[InboxItem, ...]:
        """
        What should have been answered by now, and has no agreed answer.
        """
        done = {reply.message_id for reply in self.replies}
        return tuple(
            item
            for item in self.items
            if self.now
            and item.triage.due
            and item.triage.due < self.now
            and item.message.message_id not in done
        )

    def approve(
        self, message_id: str, *, by: str, at: datetime, text: str = ""
    ) -> Inbox:
        """
        The same inbox with somebody's word on exactly these words of an answer.

        Nothing is answered without it, and smmlib itself answers nothing: no platform's
        contract that it knows describes how. `replies` are for those who do.

        Args:
            message_id: Which message.
            by: Key of the person who agrees; of the plan's people, one who approves
                posts.
            at: When.
            text: The answer; its draft when left out.

        Raises:
            ValidationError: No such message, nothing to say, or somebody whose word
                does not count.
        """
        is_aware("at", at)
        item = self._item(message_id)
        self._check_person(by)
        words = text or item.draft
        is_text("text", words, longest=10_000)
        kept = [r for r in self.replies if r.message_id != message_id]
        reply = Reply(message_id=message_id, text=words, by=by, at=at)
        return attrs.evolve(self, replies=(*kept, reply))

    def _item(self, message_id: str) -> InboxItem:
        for item in self.items:
            if message_id and item.message.message_id == message_id:
                return item
        ids = [item.message.message_id for item in self.items]
        raise _refusal(
            "message_id",
            "inbox.unknown",
            f"there is no message '{message_id}'",
            did_you_mean(message_id, [i for i in ids if i]),
        )

    def _check_person(self, by: str) -> None:
        people = self.plan.people if self.plan else {}
        if not by or (people and by not in people):
            hint = did_you_mean(by, people) if people else "by='a name'"
            message = f"nobody of the plan's people is '{by}'"
            raise _refusal("by", "person.unknown", message, hint)
        if people and Stage.POSTS not in people[by].approves:
            raise _refusal(
                "by",
                "person.not_entitled",
                f"{people[by].name} may not approve what is published",
                f"add posts to people.{by}.approves, or ask somebody else",
            )

    def mood(self) -> tuple[MoodDay, ...]:
        """
        How many wrote on each day, and how they sounded.
        """
        sounds = {id(item.message): item.triage.sentiment for item in self.items}
        return _mood(
            (item.message for item in self.items),
            zone=self.zone,
            by=lambda message: sounds[id(message)],
        )

    def summary(self) -> str:
        """
        Counts by topic: 1 crisis, 4 lead.
        """
        counts = {topic: len(self.of(topic)) for topic in _GRAVE}
        return ", ".join(f"{n} {topic.value}" for topic, n in counts.items() if n)

    def to_dict(self) -> dict[str, Any]:
        """
        The inbox as JSON-ready data.
        """
        return {
            "summary": self.summary(),
            "items": [item.to_dict() for item in self.items],
            "overdue": [item.message.message_id for item in self.overdue()],
            "replies": [
                {"id": r.message_id, "text": r.text, "by": r.by, "at": r.at.isoformat()}
                for r in self.replies
            ],
            "mood": [
                {
                    "day": day.day.isoformat(),
                    "messages": day.messages,
                    "negative": day.negative,
                    "positive": day.positive,
                }
                for day in self.mood()
            ],
            "alerts": [issue.to_dict() for issue in self.alerts],
        }

    def cells(self) -> Iterator[tuple[str, ...]]:
        """
        Every item as texts: due, topic, urgency, sounds, network, who, what they wrote.
        """
        from zoneinfo import ZoneInfo

        place = ZoneInfo(self.zone)
        for item in self.items:
            found, words = item.triage, " ".join(item.message.text.split())
            yield (
                f"{found.due.astimezone(place):%Y-%m-%d %H:%M}" if found.due else "",
                found.topic.value,
                found.urgency.value,
                found.sentiment.value,
                item.message.network.value,
                item.message.author,
                words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…",
            )

    def __str__(self) -> str:
        rows = [COLUMNS, *self.cells()]
        wide = [max(len(row[i]) for row in rows) for i in range(len(COLUMNS))]
        lines = [
            "  ".join(c.ljust(w) for c, w in zip(row, wide, strict=True)).rstrip()
            for row in rows
        ]
        alerts = [f"alert  {issue.message}" for issue in self.alerts]
        return "\n".join([*lines, f"Inbox: {self.summary() or 'empty'}.", *alerts])

    def _repr_html_(self) -> str:
        head = "".join(f"<th style='text-align:left'>{name}</th>" for name in COLUMNS)
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in self.cells()
        )
        alerts = "".join(f"<li>{escape(i.message)}</li>" for i in self.alerts)
        below = f"<ul>{alerts}</ul>" if alerts else ""
        caption = f"<caption>Inbox: {escape(self.summary() or 'empty')}</caption>"
        return f"<table>{caption}<tr>{head}</tr>{rows}</table>{below}"


def _refusal(path: str, code: str, message: str, hint: str) -> ValidationError:
    return ValidationError([Issue(path, code, message, hint=hint)])


def inbox(
    messages: Iterable[Message],
    *,
    plan: MediaPlan | None = None,
    now: datetime | None = None,
    sentiment_by: SentimentBy = sentiment,
    templates: Mapping[str, Mapping[Topic, str]] = TEMPLATES,
) -> Inbox:
    """
    What people wrote, sorted by how soon it wants an answer, with drafts; the same
    message from two sources counts once.

    Args:
        messages: `facts.messages` of a pull, `read_messages` of a file, or both.
        plan: Whose campaigns, people and brand; None for none.
        now: When it is looked at, for what is overdue.
        sentiment_by: How a message sounds; a function of your own replaces the lists.
        templates: Beginnings of answers by language and topic.
    """
    known: dict[object, Message] = {}
    for place, message in enumerate(messages):
        known[
            (message.network, message.message_id) if message.message_id else place
        ] = message
    brand = plan.strategy.brand.name if plan and plan.strategy else ""
    items = []
    for message in known.values():
        found = triage(message, plan, by=sentiment_by)
        words = draft(
            found.topic,
            found.language,
            name=message.author,
            brand=brand or "us",
            templates=templates,
        )
        items.append(InboxItem(message=message, triage=found, draft=words))
    sorted_ = tuple(sorted(items, key=_order))
    zone = plan.zone if plan else "UTC"
    sorted_box = Inbox(items=sorted_, plan=plan, zone=zone, now=now)
    alerts = tuple(sudden_negativity(sorted_box.mood()))
    return attrs.evolve(sorted_box, alerts=alerts)


def _order(item: InboxItem) -> tuple[bool, bool, float]:
    due = item.triage.due
    crisis = item.triage.topic is Topic.CRISIS
    return not crisis, due is None, (due or item.message.at).timestamp()
