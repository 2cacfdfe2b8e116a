"""
`smm.check`: everything that is wrong, at once.
"""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

import smmlib as smm
from _cli import copy_example, edited

_PLAN = Path(__file__).parents[2] / "examples" / "launch.plan.yaml"


def test_the_example_has_no_errors_and_every_network_is_at_hand():
    """
    The example can be launched on all its networks.
    """
    found = smm.check(_PLAN)

    assert () == tuple(found.errors)
    assert "platform.not_available" not in {i.code for i in found}


def test_mistakes_of_the_file_and_of_the_plan_come_together(tmp_path):
    """
    A text of 481 characters and a budget over the total are told in one go.
    """
    text = _PLAN.read_text("utf-8")
    text = text.replace("total: 33000 EUR", "total: 9000 EUR")
    text = text.replace("Four roasts, one", "x" * 481 + " Four roasts, one", 1)
    broken = tmp_path / "broken.plan.yaml"
    broken.write_text(text, "utf-8")

    codes = {issue.code for issue in smm.check(broken).errors}

    assert {"text.too_long", "budget.lines_over"} <= codes


def test_what_was_left_out_causes_no_second_mistake(tmp_path):
    """
    A creative that cannot be read is reported once, not again where it is used.
    """
    text = _PLAN.read_text("utf-8")
    text = text.replace("Four roasts, one", "x" * 481 + " Four roasts, one", 1)
    broken = copy_example(tmp_path)
    broken.write_text(text, "utf-8")

    found = smm.check(broken)

    assert ["text.too_long"] == [issue.code for issue in found.errors]


def test_a_folder_is_no_plan(tmp_path):
    """
    A folder instead of a file is one clear error.
    """
    found = smm.check(tmp_path)

    assert 1 == len(found.errors)
    assert found.errors[0].hint


def test_a_plan_in_memory_is_checked_too():
    """
    A plan that was built in Python needs no file.
    """
    assert smm.check(smm.load(_PLAN)).ok


@pytest.mark.parametrize("name", ["production", "sandbx"])
def test_an_environment_that_is_not_configured_is_refused(tmp_path, name):
    """
    Any other environment than the sandbox must stand in smm.toml.
    """
    with pytest.raises(smm.SmmError) as caught:
        smm.connect(name, root=tmp_path)

    assert caught.value.hint


# What is changed in the example plan, and the only problem that may be told of it.
_FOLLOW_UPS = {
    "text": (
        (
            "text: Light, medium, dark, espresso. Which one are you?",
            f"text: {'a' * 481}",
        ),
        ["text.too_long"],
    ),
    "budget": (("total: 33000 EUR", "total: 33000 EURO"), ["money.currency"]),
    "network": (
        ("networks: [facebook, instagram]", "networks: [Telegrom]"),
        ["enum.unknown", "enum.unknown"],
    ),
    "link": (
        ("link: https://alpenkaffee.example/roasts", "link: javascript:alert(1)"),
        ["link.refused"],
    ),
    "place": (("places: [DE]", "places: [ZZ]"), ["place.country"]),
}


@pytest.mark.parametrize("name", _FOLLOW_UPS)
def test_nothing_is_missed_that_was_given_and_is_wrong(tmp_path, name):
    """
    A wrong value is told once; nobody is told that it is missing as well.
    """
    change, codes = _FOLLOW_UPS[name]
    plan = copy_example(tmp_path)
    before = {(i.path, i.code) for i in smm.check(plan)}

    found = [
        i.code
        for i in smm.check(edited(plan, change))
        if (i.path, i.code) not in before
    ]

    assert codes == found


@pytest.mark.parametrize(
    ("code", "path", "dropped", "follows"),
    [
        ("ad.no_text", "creatives.a.text", "creatives.a.text", True),
        ("ad.no_text", "creatives.b.text", "creatives.a.text", False),
        ("budget.missing", "budget", "budget.total", True),
        ("goal.no_data_source", "strategy.goals[0].kpi", "lines.x", True),
        ("goal.no_data_source", "strategy.goals[0].kpi", "audiences.x", False),
        ("meta.link_missing", "creatives.a.link", "creatives.a.link", True),
        ("meta.places_missing", "audiences.a", "audiences.a.places", True),
        ("meta.places_missing", "audiences.ab", "audiences.a.places", False),
        ("budget.lines_over", "lines", "lines.x.cost", False),
    ],
)
def test_only_what_follows_is_left_out(code, path, dropped, follows):
    """
    A rule that misses something is silent about what was given; others are not.
    """
    from smmlib.errors import Issue
    from smmlib.workspace._follow import follows as does_follow

    issue = Issue(path, code, "something")

    assert follows == does_follow(issue, frozenset({dropped}))


def test_a_line_that_cannot_be_set_up_here_is_one_note(monkeypatch):
    """
    Where no adapter is installed, X is planned and counted: no second note that it has
    no campaign.
    """
    names = "smmlib.workspace._check.platform_names"
    monkeypatch.setattr(names, lambda: ("linkedin", "meta"))
    plan = smm.load(_PLAN)
    rest = {k: c for k, c in plan.campaigns.items() if c.line != "x-teaser"}

    found = smm.check(attrs.evolve(plan, campaigns=rest)).where("lines.x-teaser")

    assert ["platform.not_available"] == [
        i.code
        for i in found
        if i.code in {"platform.not_available", "line.no_campaign"}
    ]


def test_only_the_plans_people_approve(tmp_path):
    """
    Python users meet the same rule; an empty name is allowed.
    """
    plan = smm.load(copy_example(tmp_path))
    with smm.connect("sandbox") as work:
        changes = work.plan(plan)
        with pytest.raises(smm.ValidationError, match="nobody") as caught:
            work.apply(changes, by="eve")
        work.apply(changes)
        with pytest.raises(smm.ValidationError):
            work.activate(work.plan(plan), approve=changes.total, by="Eva")
        work.activate(work.plan(plan), approve=changes.total)

    assert "did you mean 'eva'?" == caught.value.hint
