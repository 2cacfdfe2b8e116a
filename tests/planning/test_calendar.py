"""
The content calendar: what people see and when, paid and free, in every file the same.
"""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import smmlib
from _cli import copy_example, run, run_json
from smmlib import load
from smmlib.errors import ConfigurationError, ValidationError
from smmlib.model import Flight, Network, Post, PostResult, Slot
from smmlib.planning import best_hours, content_calendar, harmless, plan_from_template
from smmlib.planning._calendar_value import COLUMNS
from smmlib.testing import strategies

_EXAMPLE = Path(__file__).parents[2] / "examples" / "launch.plan.yaml"
_BERLIN = ZoneInfo("Europe/Berlin")
icalendar = pytest.importorskip("icalendar")


@pytest.fixture(name="plan")
def _plan():
    return load(_EXAMPLE)


def _slot(**more):
    values = {"networks": ["telegram"], "days": ["tue", "thu"], "at": "17:00"}
    return Slot("organic", "Roast", **{**values, **more})


def test_paid_and_free_stand_in_one_order(plan):
    """
    Posts, ads, hand-managed lines and milestones, the earliest first.
    """
    found = content_calendar(plan)
    days = [row.day for row in found if row.day]

    assert {"post", "ads", "by hand", "milestone"} == {row.kind for row in found}
    assert sorted(days) == days


def test_every_network_has_its_own_text_and_limit(plan):
    """
    The variant is counted as its network counts, marks of Telegram left out.
    """
    rows = {
        r.network: r for r in content_calendar(plan).of("post") if r.key == "opening"
    }

    assert "*We are open.*" in rows[Network.TELEGRAM].text
    assert (45, 1024) == (rows[Network.TELEGRAM].length, rows[Network.TELEGRAM].limit)
    assert 63206 == rows[Network.FACEBOOK].limit
    assert "promoted by opening" == rows[Network.FACEBOOK].note


def test_slots_keep_their_wall_time_over_the_clock_change(plan):
    """
    17:00 in Berlin is 17:00 before and after 28 March.
    """
    changed = attrs.evolve(plan, slots={"roast": _slot()}, posts={})
    rows = content_calendar(changed).of("slot")

    assert 12 == len(rows)
    assert {"17:00"} == {f"{row.at:%H:%M}" for row in rows}
    assert {timedelta(hours=1), timedelta(hours=2)} == {r.at.utcoffset() for r in rows}


def test_a_post_fills_its_slot(plan):
    """
    Room that is taken is not shown as open.
    """
    post = Post(
        "organic",
        "Today: dark.",
        networks=["telegram"],
        at=datetime(2027, 3, 2, 17, tzinfo=_BERLIN),
    )
    changed = attrs.evolve(plan, slots={"roast": _slot()}, posts={"dark": post})
    days = [row.day for row in content_calendar(changed).of("slot")]

    assert 11 == len(days)
    assert date(2027, 3, 2) not in days


def test_slots_leave_holidays_out_where_they_say_so(plan):
    """
    Good Friday is no day for the Friday post.
    """
    free = attrs.evolve(plan, slots={"a": _slot(days=["fri"], skip_holidays="DE")})
    always = attrs.evolve(plan, slots={"a": _slot(days=["fri"])})
    friday = date(2027, 3, 26)

    assert friday not in {row.day for row in content_calendar(free).of("slot")}
    assert friday in {row.day for row in content_calendar(always).of("slot")}


@given(strategies.slots(), st.dates(date(2026, 1, 1), date(2028, 1, 1)))
@settings(max_examples=60, deadline=None)
def test_slots_follow_dateutil(slot, first):
    """
    Every moment is inside, at its hour, and on a day its rhythm names.
    """
    flight = Flight.from_dates(first, first + timedelta(days=90), "Europe/Berlin")
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    for moment in slot.occurrences(flight, "Europe/Berlin"):
        assert moment in flight
        assert slot.at == f"{moment:%H:%M}"
        if slot.every == "week":
            assert names[moment.weekday()] in slot.days
        if slot.every == "month" and slot.days:
            assert str(moment.day) in slot.days


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": "25:00"},
        {"days": ["someday"]},
        {"days": []},
        {"every": "year"},
        {"skip_holidays": "Germany"},
        {"first": date(2027, 3, 2), "last": date(2027, 3, 1)},
        {"every": "month", "days": ["32"]},
    ],
)
def test_slots_that_can_never_be_are_refused(wrong):
    """
    Each with the field and what was expected.
    """
    with pytest.raises(ValidationError) as caught:
        _slot(**wrong)

    assert caught.value.issues[0].limit


def test_clashes_are_said(plan):
    """
    A post on a holiday, and two posts on one network within an hour.
    """
    at = datetime(2027, 3, 26, 12, tzinfo=_BERLIN)
    posts = {
        "one": Post("organic", "One", networks=["facebook"], at=at),
        "two": Post(
            "organic", "Two", networks=["facebook"], at=at + timedelta(minutes=59)
        ),
        "far": Post(
            "organic", "Far", networks=["telegram"], at=at + timedelta(minutes=30)
        ),
    }
    found = content_calendar(attrs.evolve(plan, posts=posts), holidays=["DE"])
    codes = [issue.code for issue in found.issues]

    assert 3 == codes.count("calendar.holiday")
    assert 1 == codes.count("calendar.close")
    with pytest.raises(ValidationError):
        content_calendar(plan, holidays=["ZZ"])


def test_best_hours_need_more_than_luck():
    """
    Hours with fewer posts than asked for say nothing; the rest is ordered by rate.
    """
    start = datetime(2027, 3, 1, 8, tzinfo=UTC)
    out, results = {}, []
    for n in range(3):
        for hour, likes in ((9, 10), (17, 40)):
            key = f"p{n}-{hour}"
            out[key] = start.replace(hour=hour) + timedelta(weeks=n)
            results.append(
                PostResult(
                    "telegram",
                    key,
                    on=date(2027, 4, 1),
                    post=key,
                    reach=1000,
                    likes=likes,
                )
            )
    out["luck"] = start.replace(hour=12)
    results.append(
        PostResult("telegram", "l", on=date(2027, 4, 1), post="luck", reach=9, likes=9)
    )
    rows = best_hours(out, results, zone="Europe/Berlin")

    assert [18, 10] == [row.hour for row in rows]
    assert ["mon", "mon"] == [row.weekday for row in rows]
    assert "telegram mon 18:00" == str(rows[0])


def test_posts_at_other_hours_get_a_note(plan):
    """
    The note names the best hour of that network.
    """
    at = plan.posts["roast-of-the-week"].at
    out = {f"p{n}": at.replace(hour=20) - timedelta(weeks=n) for n in range(3)}
    results = [
        PostResult("telegram", k, on=date(2027, 3, 1), post=k, likes=5) for k in out
    ]
    hours = best_hours(out, results, zone=plan.zone)
    rows = content_calendar(plan, best=hours).of("post")

    notes = {r.key: r.note for r in rows if r.network is Network.TELEGRAM}
    assert notes["roast-of-the-week"] == "best hour so far: thu 20:00"


# -- files -----------------------------------------------------------------------------


def _events(content):
    parsed = icalendar.Calendar.from_ical(content)
    assert [] == list(getattr(parsed, "errors", []))
    return parsed, list(parsed.walk("VEVENT"))


def test_another_library_reads_the_same_calendar(plan):
    """
    Each post, flight and milestone is one event at the same time; zones come along.
    """
    found = smmlib.calendar(plan, holidays=["DE"])
    parsed, events = _events(found.ics())
    by_uid = {str(event["uid"]): event for event in events}
    name = f"post/opening/{plan.project_id}@smmlib"

    assert len(events) == len(by_uid)
    assert 3 + 5 + 6 + 1 + 2 == len(events)
    assert plan.posts["opening"].at == by_uid[name]["dtstart"].dt
    assert "Europe/Berlin" in {str(z["tzid"]) for z in parsed.walk("VTIMEZONE")}
    ads = by_uid[f"ads/campaigns.teaser.ad_sets.talkers/{plan.project_id}@smmlib"]
    assert (date(2027, 3, 1), date(2027, 3, 15)) == (
        ads["dtstart"].dt,
        ads["dtend"].dt,
    )
    assert found.ics() == smmlib.calendar(plan, holidays=["DE"]).ics()


@given(strategies.plans())
@settings(max_examples=40, deadline=None)
def test_any_plan_gives_a_calendar_that_parses(plan):
    """
    Whatever texts hold, every event comes back whole, and all lines are short enough.
    """
    try:
        found = smmlib.calendar(plan)
    except ValidationError:
        return  # a slot at an hour a clock change skips
    content = found.ics()
    _, events = _events(content)

    assert len(events) == len({str(e["uid"]) for e in events})
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    shown = {(r.kind, r.key, r.at, r.day, r.until, r.title) for r in found if r.day}
    assert len(shown) == len(events)
    assert found._repr_html_()
    assert str(found)
    assert len(found) == len(found.to_dict()["rows"])


_NASTY = st.text(st.sampled_from("=+-@\t\r\n ＝＋＠'\"|;,x\u00a0\u200b"), max_size=8)  # noqa: RUF001


@given(_NASTY)
def test_no_cell_is_a_formula(text):
    """
    What a spreadsheet would run is text, whatever stands before it.
    """
    seen = harmless(text).lstrip(" \u00a0\u200b\ufeff")

    assert not seen.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert text in harmless(text)


def test_csv_comes_back_row_by_row(plan):
    """
    The same rows, the same columns; a text that looks like a formula is no formula.
    """
    evil = attrs.evolve(plan.posts["team"], text='=cmd|"/c calc"!A1')
    found = content_calendar(attrs.evolve(plan, posts={**plan.posts, "team": evil}))
    rows = list(csv.DictReader(StringIO(found.csv())))

    assert len(found) == len(rows)
    assert list(COLUMNS) == list(rows[0])
    assert '\'=cmd|"/c calc"!A1' in {row["text"] for row in rows}


def test_saving_goes_by_the_ending(plan, tmp_path):
    """
    Four kinds of file; anything else is refused with the ones there are.
    """
    found = smmlib.calendar(plan)
    for ending in ("ics", "csv", "html", "json"):
        assert found.save(tmp_path / f"a.{ending}").stat().st_size > 100
    assert "<script" not in found.html()
    with pytest.raises(ConfigurationError, match="cannot be saved"):
        found.save(tmp_path / "a.pdf")
    with pytest.raises(ConfigurationError, match="cannot be written"):
        found.save(tmp_path / "nowhere" / "a.csv")


# -- a month as a template -------------------------------------------------------------


def test_next_month_keeps_weekdays_and_hours(plan):
    """
    A Monday post at 9:00 is a Monday post at 9:00; nothing is agreed yet.
    """
    flight = Flight.parse("2027-05-03..2027-06-13", plan.zone)
    found = plan_from_template(plan, flight, project_id="p-2", name="May")
    old, new = plan.posts["opening"].at, found.posts["opening"].at

    assert (0, 9, 0) == (new.weekday(), new.hour, new.minute)
    assert old.weekday() == new.weekday()
    assert {"draft"} == {post.state.value for post in found.posts.values()}
    assert {"open"} == {task.state.value for task in found.tasks.values()}
    assert ("draft", 1, "", "p-2", "May", ()) == (
        found.status.value,
        found.version,
        found.parent,
        found.project_id,
        found.name,
        found.approvals,
    )
    assert not [i for i in smmlib.check(found) if i.is_error and "media" not in i.code]


@given(strategies.plans(), st.integers(1, 400), st.integers(5, 60))
@settings(max_examples=40, deadline=None)
def test_any_plan_is_a_template(plan, later, length):
    """
    Every post of the copy is inside the new flight, on the weekday it had.
    """
    first = plan.flight.first_day + timedelta(days=later)
    try:
        flight = Flight.from_dates(first, first + timedelta(days=length), plan.zone)
        found = plan_from_template(plan, flight, project_id="new")
    except ValidationError:
        return  # an hour that a clock change skips there
    for key, post in found.posts.items():
        if post.at:
            assert post.at in flight
            before = plan.posts[key].at.astimezone(plan.flight.zone)
            assert before.weekday() == post.at.weekday()
            assert (before.hour, before.minute) == (post.at.hour, post.at.minute)


def test_the_command_shows_saves_and_copies(tmp_path):
    """
    A table for people, files for programs, a new plan for the next month.
    """
    path = copy_example(tmp_path)
    assert "roast-of-the-week" in run("calendar", path).stdout
    assert 4 == len(
        [r for r in run_json("calendar", path)["rows"] if r["kind"] == "post"]
    )
    run("calendar", path, "--out", tmp_path / "a.ics", "--holidays", "DE")
    assert 17 == len(_events((tmp_path / "a.ics").read_bytes())[1])
    copy = tmp_path / "may.plan.yaml"
    run("calendar", path, "--copy-to", "2027-05-03..2027-06-13", "--out", copy)
    assert load(copy).project_id != load(path).project_id
    run("calendar", path, "--copy-to", "2027-05-03..2027-06-13", code=2)
    run("calendar", path, "--holidays", "Atlantis", code=2)
