"""
What people write to the brand: sorted, with drafts, and never answered by itself.
"""

from __future__ import annotations

from smmlib.community._inbox import COLUMNS, Inbox, InboxItem, Reply, inbox
from smmlib.community._read import SOURCES, read_messages
from smmlib.community._replies import TEMPLATES
from smmlib.community._sentiment import (
    MoodDay,
    Sentiment,
    language_of,
    mood_by_day,
    sentiment,
    sounds_negative,
    sudden_negativity,
)
from smmlib.community._triage import Topic, Triage, Urgency, triage

__all__ = [
    "COLUMNS",
    "SOURCES",
    "TEMPLATES",
    "Inbox",
    "InboxItem",
    "MoodDay",
    "Reply",
    "Sentiment",
    "Topic",
    "Triage",
    "Urgency",
    "inbox",
    "language_of",
    "mood_by_day",
    "read_messages",
    "sentiment",
    "sounds_negative",
    "sudden_negativity",
    "triage",
]
