"""
What a message is, how much of a hurry it is in, who answers it, and until when.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

import attrs

from smmlib.community._sentiment import (
    Sentiment,
    SentimentBy,
    language_of,
    languages_for,
    sentiment,
)
from smmlib.community._words import pattern
from smmlib.model import MediaPlan, Message, MessageKind, Role


class Topic(StrEnum):
    """
    What a message is about.
    """

    CRISIS = "crisis"
    COMPLAINT = "complaint"
    LEAD = "lead"
    QUESTION = "question"
    PRAISE = "praise"
    SPAM = "spam"
    OTHER = "other"


class Urgency(StrEnum):
    """
    How soon somebody has to answer.
    """

    NOW = "now"
    TODAY = "today"
    SOON = "soon"
    NONE = "none"


DUE_HOURS: Mapping[Topic, int] = {
    Topic.CRISIS: 1,
    Topic.COMPLAINT: 4,
    Topic.LEAD: 8,
    Topic.QUESTION: 24,
    Topic.PRAISE: 72,
    Topic.OTHER: 72,
}
"""
Hours until an answer is due; spam gets none.
"""
_URGENCY = {
    Topic.CRISIS: Urgency.NOW,
    Topic.COMPLAINT: Urgency.TODAY,
    Topic.LEAD: Urgency.TODAY,
    Topic.QUESTION: Urgency.SOON,
    Topic.PRAISE: Urgency.SOON,
    Topic.OTHER: Urgency.SOON,
    Topic.SPAM: Urgency.NONE,
}
_ESCALATE = {
    Topic.CRISIS: (Role.HEAD_OF_DEPARTMENT, Role.PR, Role.CLIENT),
    Topic.COMPLAINT: (Role.SMM, Role.CONTENT_MANAGER),
    Topic.LEAD: (Role.SMM, Role.TARGETOLOGIST),
}
_URGENT_HOURS = 2


@attrs.frozen(kw_only=True)
class Triage:
    """
    What is known about a message before anybody answers.

    Attributes:
        topic: What it is about.
        urgency: How soon somebody has to answer.
        sentiment: How it sounds.
        language: Its language; empty where nobody can tell.
        due: When an answer is due; None for spam.
        escalate_to: Key of the person who has to know; empty for nobody.
        campaigns: Keys of the campaigns whose ad it came from; several where an ad
            of that key runs in several.
        ads: Paths of those ads.
    """

    topic: Topic
    urgency: Urgency
    sentiment: Sentiment
    language: str = ""
    due: datetime | None = None
    escalate_to: str = ""
    campaigns: tuple[str, ...] = ()
    ads: tuple[str, ...] = ()


def triage(
    message: Message, plan: MediaPlan | None = None, *, by: SentimentBy = sentiment
) -> Triage:
    """
    Sort one message.

    A form that was filled in is a lead whatever it says; else the gravest that its
    words plainly say: crisis, spam, complaint, lead, question, praise.

    Args:
        message: What somebody wrote.
        plan: Whose campaigns and people; None for neither.
        by: How a message sounds; a function of your own replaces the word lists.
    """
    mood = by(message)
    topic = _topic(message, mood)
    hurry = _says(message, "urgent") and topic not in {Topic.SPAM, Topic.PRAISE}
    hours = DUE_HOURS.get(topic)
    if hours is not None and hurry:
        hours = min(hours, _URGENT_HOURS)
    ads = _ads(message, plan) if plan else ()
    known = message.language.partition("-")[0].casefold()
    return Triage(
        topic=topic,
        urgency=Urgency.NOW if hurry else _URGENCY[topic],
        sentiment=mood,
        language=known or language_of(message.text),
        due=None if hours is None else message.at + timedelta(hours=hours),
        escalate_to=_person(plan, *_ESCALATE.get(topic, ())) if plan else "",
        campaigns=tuple(dict.fromkeys(path.split(".")[1] for path in ads)),
        ads=ads,
    )


def _says(message: Message, table: str) -> bool:
    return any(
        pattern(table, language).search(message.text)
        for language in languages_for(message)
    )


def _topic(message: Message, mood: Sentiment) -> Topic:
    if message.kind is MessageKind.LEAD:
        return Topic.LEAD
    for topic in (Topic.CRISIS, Topic.SPAM):
        if _says(message, topic.value):
            return topic
    angry = mood is Sentiment.NEGATIVE
    if angry or (_says(message, "complaint") and mood is not Sentiment.POSITIVE):
        return Topic.COMPLAINT
    if _says(message, "lead"):
        return Topic.LEAD
    if "?" in message.text or "¿" in message.text or _asks(message):
        return Topic.QUESTION
    return Topic.PRAISE if mood is Sentiment.POSITIVE else Topic.OTHER


def _asks(message: Message) -> bool:
    """
    Whether it begins with a question word; elsewhere such words mean little.
    """
    text = message.text.strip()
    return any(
        pattern("question", language).match(text) for language in languages_for(message)
    )


def _ads(message: Message, plan: MediaPlan) -> tuple[str, ...]:
    """
    Ads of the plan a message came from: by the ad's key, or by the post it promotes.
    """
    if not message.post:
        return ()
    found = []
    for ad in plan.ads():
        creative = plan.creative_of(ad.ad)
        boost = creative.boost if creative else ""
        if message.post in {ad.ad_key, boost}:
            found.append(ad.path)
    return tuple(found)


def _person(plan: MediaPlan, *roles: Role) -> str:
    for role in roles:
        for key, person in plan.people.items():
            if person.role is role:
                return key
    return ""
