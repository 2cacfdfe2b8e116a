"""
Parts of a report's view that look beyond one table: periods, alerts, what is to come.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs

from smmlib.model import Unit


@attrs.frozen
class PeriodRow:
    """
    One number in this period, in the one before, and in the plan.

    Attributes:
        name: Stable name.
        label: How it is shown.
        value: This period's.
        previous: That of the period before.
        change: By how many percent it changed.
        plan: What the plan expects of this period at an even pace.
        unit: What it is counted in.
    """

    name: str
    label: str
    value: Decimal | None = attrs.field(kw_only=True)
    previous: Decimal | None = attrs.field(kw_only=True)
    change: Decimal | None = attrs.field(kw_only=True)
    plan: Decimal | None = attrs.field(kw_only=True)
    unit: Unit = attrs.field(kw_only=True)


@attrs.frozen
class PeriodView:
    """
    This period beside the one before and the plan.

    Attributes:
        kind: `week` or `month`.
        first: First day of this period.
        last: Last day of this period.
        previous_first: First day of the one before.
        previous_last: Last day of the one before.
        rows: The numbers.
        comments: Sentences made of these numbers and nothing else.
    """

    kind: str
    first: date
    last: date = attrs.field(kw_only=True)
    previous_first: date = attrs.field(kw_only=True)
    previous_last: date = attrs.field(kw_only=True)
    rows: tuple[PeriodRow, ...] = attrs.field(kw_only=True)
    comments: tuple[str, ...] = attrs.field(kw_only=True)


@attrs.frozen
class AlertView:
    """
    Something somebody should look at.
    """

    urgency: str
    where: str
    message: str = attrs.field(kw_only=True)
    hint: str = attrs.field(kw_only=True)
    spend: Decimal | None = attrs.field(kw_only=True)


@attrs.frozen
class PostView:
    """
    One entry of the calendar.

    Attributes:
        on: The day.
        time: Wall time in the plan's zone, where it has one.
        kind: post or milestone.
        text: What people read, or what is due.
        networks: Where it is published.
        state: How far it is.
    """

    on: date
    time: str
    kind: str = attrs.field(kw_only=True)
    text: str = attrs.field(kw_only=True)
    networks: tuple[str, ...] = attrs.field(kw_only=True)
    state: str = attrs.field(kw_only=True)


@attrs.frozen
class PreviewView:
    """
    An ad as one network shows it: what is read at once, and what behind "Show more".

    Attributes:
        creative: Key of the creative.
        network: Where.
        shown: What is read at once.
        hidden: What is read behind "Show more"; empty where nothing is cut.
        length: Characters of the whole text.
        limit: Characters before "Show more"; None where nothing is cut.
        headline: Title near the button.
        cta: The button.
    """

    creative: str
    network: str
    shown: str = attrs.field(kw_only=True)
    hidden: str = attrs.field(kw_only=True)
    length: int = attrs.field(kw_only=True)
    limit: int | None = attrs.field(kw_only=True)
    headline: str = attrs.field(kw_only=True)
    cta: str = attrs.field(kw_only=True)


@attrs.frozen
class AudienceLine:
    """
    Who is spoken to: an audience in words.
    """

    key: str
    name: str
    traits: tuple[str, ...] = attrs.field(kw_only=True)
    ad_sets: tuple[str, ...] = attrs.field(kw_only=True)
