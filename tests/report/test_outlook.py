from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import attrs
import pytest

import smmlib as smm
from _launch import launch_facts, launch_plan
from smmlib.analytics import alert
from smmlib.report import report

_EXAMPLE = Path(__file__).parents[2] / "examples" / "launch.plan.yaml"
_LAST = date(2027, 3, 14)


@pytest.fixture(scope="module")
def full():
    """
    The example plan's report with a week to compare.
    """
    return report(smm.load(_EXAMPLE), launch_facts(), period="week")


def test_a_week_stands_beside_the_one_before(full):
    """
    Both weeks are sums of their own days, and nothing else.
    """
    facts = launch_facts()
    rows = {row.name: row for row in full.view.comparison.rows}
    now = facts.between(date(2027, 3, 8), _LAST).totals()[0]
    before = facts.between(date(2027, 3, 1), date(2027, 3, 7)).totals()[0]

    assert (now["spend"], before["spend"]) == (
        rows["spend"].value,
        rows["spend"].previous,
    )
    assert now["clicks"] == rows["clicks"].value
    change = (now["spend"] - before["spend"]) / before["spend"] * 100
    assert abs(change - rows["spend"].change) < Decimal("1e-9")
    assert Decimal(12000) * 7 / 42 == rows["spend"].plan


def test_comments_hold_no_number_that_is_not_in_the_table(full):
    """
    Every number of a sentence stands in its row, rounded as the page rounds.
    """
    text = full.html()
    plain = re.sub(r"<[^>]+>", " ", text)
    rows = plain[plain.index("Plan, even pace") :]

    for sentence in full.view.comparison.comments:
        amounts = re.findall(r"[\d,]+\.\d\d(?= EUR)", sentence)
        assert all(amount in rows for amount in amounts)
    assert full.view.comparison.comments


def test_a_month_is_compared_with_as_many_days():
    """
    Fourteen days of March stand beside fourteen of February, where nothing was.
    """
    found = report(launch_plan(), launch_facts(), period="month").view.comparison

    assert (date(2027, 3, 1), date(2027, 2, 1), date(2027, 2, 14)) == (
        found.first,
        found.previous_first,
        found.previous_last,
    )
    assert "no month before to compare with" in found.comments[0]
    with pytest.raises(smm.ConfigurationError):
        report(launch_plan(), launch_facts(), period="decade")


def test_alerts_are_those_of_the_analysis(full):
    """
    The page says what `smm.alert` says, in its order.
    """
    told = alert(smm.load(_EXAMPLE), launch_facts(), as_of=_LAST)

    assert [one.message for one in told] == [one.message for one in full.view.alerts]
    assert len(full.view.alerts) > 0


def test_ads_are_cut_where_feeds_cut_them():
    """
    A preview is the whole text in two parts, cut behind a word within the limit.
    """
    plan = smm.load(_EXAMPLE)
    text = "Twelve chars " * 30
    creative = attrs.evolve(plan.creatives["box"], text=text.strip())
    plan = attrs.evolve(plan, creatives={**plan.creatives, "box": creative})
    views = [
        v for v in report(plan, launch_facts()).view.previews if v.creative == "box"
    ]

    assert ["facebook", "instagram"] == [view.network for view in views]
    for view in views:
        assert text.strip() == view.shown + view.hidden
        assert 110 < len(view.shown) <= 125 == view.limit
        assert view.hidden.startswith(" ")
        assert len(text.strip()) == view.length


def test_short_texts_are_not_cut(full):
    """
    A text that fits is shown whole, with no word of a limit.
    """
    view = next(v for v in full.view.previews if v.creative == "four-roasts")

    assert ("", None) == (view.hidden, view.limit)


def test_audiences_and_calendar_are_told(full):
    """
    Who is spoken to stands there in the plan's words, and what is published when.
    """
    people = {row.key: row for row in full.view.audiences}

    assert "interests: Espresso, Coffee machines" in people["baristas"].traits
    assert "baristas" in people["baristas"].ad_sets
    posts = [row for row in full.view.calendar if row.kind == "post"]
    assert [("09:00", ("facebook", "telegram"))] == [
        (row.time, row.networks) for row in posts if row.on == date(2027, 3, 1)
    ]
    days = [row.on for row in full.view.calendar]
    assert sorted(days) == days


def test_small_lines_say_what_they_show(full):
    """
    Each sparkline has words for those who do not see it.
    """
    text = full.html()

    assert 3 <= text.count('class="spark"')
    assert text.count('class="spark"') == text.count(" days, from ")


def test_the_summary_sheet_holds_the_same_numbers(full):
    """
    One page, the same view: headline numbers, targets, money and returns.
    """
    sheet = full.summary_sheet()

    assert attrs.evolve(full.view, kind="summary") == sheet.view
    for figure in full.view.figures:
        assert figure.label in sheet.html()
    assert len(sheet.html()) < len(full.html()) / 2
