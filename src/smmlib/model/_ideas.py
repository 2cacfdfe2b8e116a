"""
What could be said and when there is room for it: ideas with their sources, and slots
that come again every week.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time

import attrs

from smmlib.model._checks import (
    are_texts,
    as_tuple,
    is_key,
    is_optional,
    is_optional_key,
    is_optional_text,
    is_text,
    is_whole,
    refuse,
)
from smmlib.model._enums import FactCheck, IdeaState, Network
from smmlib.model._flight import Flight
from smmlib.model._link import is_optional_link
from smmlib.model._schedule import Schedule
from smmlib.model._value import Value
from smmlib.model._words import as_fact_check, as_idea_state, as_networks

_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])\Z")
_HOLIDAYS = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,6})?\Z")
_MOST_INTERVAL = 366


@attrs.frozen(eq=False, repr=False)
class Idea(Value):
    """
    Something worth telling, with where it comes from; news that nobody has checked
    cannot be approved.

    Attributes:
        title: What it is.
        text: More about it.
        source: Link to where it was found.
        tags: For filtering.
        networks: Where it would fit.
        owner: Key of the person who follows it up.
        fact_check: Whether what it claims is true: `unchecked`, `checked`, `refuted`,
            or `not_needed` where it claims nothing.
        checked_by: Key of the person who checked.
        state: `new`, `approved` or `dropped`.
        post: Key of the post that was made of it.
    """

    title: str
    text: str = ""
    source: str = attrs.field(default="", kw_only=True)
    tags: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, kw_only=True)
    networks: tuple[Network, ...] = attrs.field(
        default=(), converter=as_networks, kw_only=True
    )
    owner: str = attrs.field(default="", kw_only=True)
    fact_check: FactCheck = attrs.field(
        default=FactCheck.UNCHECKED, converter=as_fact_check, kw_only=True
    )
    checked_by: str = attrs.field(default="", kw_only=True)
    state: IdeaState = attrs.field(
        default=IdeaState.NEW, converter=as_idea_state, kw_only=True
    )
    post: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        are_texts("tags", self.tags)
        is_text("title", self.title, longest=400)
        is_optional_text("text", self.text, longest=50_000)
        is_optional_link("source", self.source)
        for name in ("owner", "checked_by", "post"):
            is_optional_key(name, getattr(self, name))
        if self.state is IdeaState.APPROVED and not self.is_sound:
            refuse(
                "state",
                f"it is approved, and its facts are {self.fact_check.value}",
                code="idea.unchecked",
                value=self.fact_check.value,
                expected="fact_check: checked, or not_needed where it claims nothing",
                hint="check it first; or drop it",
            )

    @property
    def is_sound(self) -> bool:
        """
        Whether it may be approved.
        """
        return self.fact_check in {FactCheck.CHECKED, FactCheck.NOT_NEEDED}


def as_days(value: Iterable[str | int]) -> tuple[str, ...]:
    """
    Weekdays in any case, days of the month as numbers or texts.
    """
    found = as_tuple(value)
    if not isinstance(found, tuple):
        return found
    return tuple(
        str(day).strip().casefold() if isinstance(day, (str, int)) else day
        for day in found
    )


@attrs.frozen(eq=False, repr=False)
class Slot(Value):
    """
    Room for a post that comes again and again: every Tuesday and Thursday at 17:00.

    Attributes:
        line: Key of the line its posts belong to.
        title: What it is for.
        networks: Where its posts are published.
        every: `day`, `week` or `month`.
        days: Weekdays (`mon` ... `sun`) for weeks, days of the month for months.
        at: Wall time in the plan's zone, as `17:00`.
        interval: Every how many days, weeks or months.
        first: First day; None for the plan's.
        last: Last day, included; None for the plan's.
        skip_holidays: Country, or country and region, on whose public holidays it is
            left out: `DE`, `DE-BY`.
        owner: Key of the person who fills it.
        approver: Key of the person who must agree to its posts.
    """

    line: str
    title: str = ""
    networks: tuple[Network, ...] = attrs.field(
        default=(), converter=as_networks, kw_only=True
    )
    every: str = attrs.field(default="week", kw_only=True)
    days: tuple[str, ...] = attrs.field(default=(), converter=as_days, kw_only=True)
    at: str = attrs.field(default="09:00", kw_only=True)
    interval: int = attrs.field(default=1, kw_only=True)
    first: date | None = attrs.field(default=None, kw_only=True)
    last: date | None = attrs.field(default=None, kw_only=True)
    skip_holidays: str = attrs.field(default="", kw_only=True)
    owner: str = attrs.field(default="", kw_only=True)
    approver: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        is_key("line", self.line)
        is_optional_text("title", self.title, longest=400)
        are_texts("days", self.days)
        is_whole("interval", self.interval, low=1, high=_MOST_INTERVAL)
        is_optional("first", self.first, date)
        is_optional("last", self.last, date)
        for name in ("owner", "approver"):
            is_optional_key(name, getattr(self, name))
        is_text("at", self.at, longest=5)
        if not _TIME.match(self.at):
            refuse(
                "at",
                f"{self.at!r} is no time of day",
                code="slot.at",
                value=self.at,
                expected="hours and minutes, e.g. 17:00",
            )
        is_optional_text("skip_holidays", self.skip_holidays, longest=9)
        if self.skip_holidays and not _HOLIDAYS.match(self.skip_holidays):
            refuse(
                "skip_holidays",
                f"{self.skip_holidays!r} is no country",
                code="slot.holidays",
                value=self.skip_holidays,
                expected="a country such as DE, or with its region: DE-BY",
            )
        if self.every == "week" and not self.days:
            refuse(
                "days",
                "it names no weekday",
                code="slot.days",
                expected="one or more of mon, tue, wed, thu, fri, sat, sun",
                hint="days: [tue, thu]",
            )
        if self.first and self.last and self.last < self.first:
            refuse(
                "last",
                f"it ends {self.last}, before it begins",
                code="slot.order",
                value=str(self.last),
                expected=f"{self.first} or later",
            )
        self.schedule("UTC")

    def schedule(self, zone: str, skip: Iterable[date] = ()) -> Schedule:
        """
        Its rhythm in a zone, without some days.
        """
        hour, minute = self.at.split(":")
        numbers = self.every == "month"
        days = [int(d) if numbers and d.isdecimal() else d for d in self.days]
        return Schedule(
            self.every,
            days,
            at=time(int(hour), int(minute)),
            zone=zone,
            interval=self.interval,
            skip=tuple(skip),
        )

    def occurrences(
        self, flight: Flight, zone: str, *, skip: Iterable[date] = ()
    ) -> tuple[datetime, ...]:
        """
        Every moment of the slot inside a flight, between its own first and last day.

        A rhythm of two weeks counts from `first`, or from the start of the flight.

        Args:
            flight: Between when.
            zone: Whose wall time `at` is.
            skip: Days left out.

        Raises:
            ValidationError: A moment falls into an hour the clock change skips or
                repeats.
        """
        first = self.first or flight.first_day
        last = min(self.last or flight.last_day, flight.last_day)
        if last < first:
            return ()
        run = Flight.from_dates(first, last, zone)
        found = self.schedule(zone, skip).occurrences(run)
        return tuple(moment for moment in found if moment in flight)
