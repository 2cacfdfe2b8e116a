"""
The same audience on every platform: one table of what each can and cannot express.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import smmlib as smm
from _cli import PLAN, copy_example, run, run_json
from smmlib import AgeRange, Audience, CustomAudience, Place, Traits
from smmlib.workspace import Fit

_PLAN = Path(__file__).parents[2] / "examples" / PLAN
_WHOLE = Audience(
    "whole",
    age=AgeRange(25, 44),
    genders=["female"],
    places=[Place("DE")],
    exclude_places=[Place("AT")],
    languages=["de"],
    interests=["Espresso"],
    professions=["Office Manager"],
    industries=["Software Development"],
    seniorities=["director"],
    narrow_by=[Traits(["Coffee machines"])],
    retarget=[CustomAudience("site_visitors", days=30)],
    exclude=["customers"],
)


@pytest.fixture(name="plan", scope="module")
def _plan() -> smm.MediaPlan:
    return smm.load(_PLAN)


@pytest.fixture(name="work", scope="module")
def _work():
    with smm.connect("sandbox", seed=7) as work:
        yield work


@pytest.fixture(name="fits", scope="module")
def _fits(work, plan):
    return work.audience(plan, _WHOLE)


def test_every_part_stands_on_every_platform(work, fits):
    """
    One row for each part the audience has, one cell for each platform.
    """
    assert (
        "age", "genders", "places", "exclude_places", "languages", "interests",
        "professions", "industries", "seniorities", "narrow_by", "retarget", "exclude",
    ) == fits.traits  # fmt: skip
    assert tuple(work.platforms) == fits.platforms
    assert len(fits.traits) * len(fits.platforms) == len(fits)


@pytest.mark.parametrize(
    ("trait", "platform", "fit", "words"),
    [
        ("age", "meta", Fit.YES, "age_min"),
        ("age", "linkedin", Fit.PARTLY, "age groups"),
        ("genders", "meta", Fit.YES, "genders"),
        ("interests", "meta", Fit.YES, "interests"),
        ("interests", "linkedin", Fit.YES, "include.interests"),
        ("professions", "linkedin", Fit.YES, "include.titles"),
        ("professions", "meta", Fit.YES, "work_positions"),
        ("industries", "linkedin", Fit.YES, "include.industries"),
        ("seniorities", "linkedin", Fit.YES, "seniorities"),
        ("seniorities", "meta", Fit.NO, "how high people stand"),
        ("retarget", "meta", Fit.YES, "custom_audiences"),
        ("retarget", "linkedin", Fit.YES, "include.dynamicSegments"),
        ("exclude_places", "meta", Fit.YES, "excluded_geo_locations"),
    ],
)
def test_a_cell_says_as_what_or_why_not(fits, trait, platform, fit, words):
    """
    The platform's own words where it has some, else the reason as its checks tell it.
    """
    cell = fits.at(trait, platform)

    assert fit is cell.fit
    assert words in str(cell)
    assert (cell.fit is Fit.YES) is (cell not in fits.missing)


@pytest.mark.parametrize("trait", ["professions", "industries", "seniorities"])
def test_x_does_not_target_by_work(work, fits, trait):
    """
    What a platform has no words for is a no, with its reason.
    """
    if "x" not in work.platforms:
        pytest.skip("the adapter for X is not installed")
    cell = fits.at(trait, "x")

    assert (Fit.NO, ()) == (cell.fit, cell.expressed_as)
    assert cell.issue is not None


def test_nothing_is_written(work, plan):
    """
    Asking is reading.
    """
    before = len(work.sandbox.log.writes())

    work.audience(plan, "office")

    assert before == len(work.sandbox.log.writes())


def test_one_part_that_is_refused_hides_no_other(work, plan):
    """
    A city nobody knows is a problem of the places alone.
    """
    lost = Audience(places=[Place("DE", city="Nowhere")], interests=["Espresso"])
    fits = work.audience(plan, lost)

    for platform in fits.platforms:
        assert Fit.YES is fits.at("interests", platform).fit
        assert Fit.YES is not fits.at("places", platform).fit


def test_an_audience_the_plan_does_not_have_is_refused(work, plan):
    """
    With the key that was meant.
    """
    with pytest.raises(smm.ValidationError) as caught:
        work.audience(plan, "ofice")

    assert "office" in caught.value.issues[0].hint


def test_text_page_and_data_say_the_same(fits):
    """
    Every cell stands in the text, escaped in the page, and in the data.
    """
    text, page = str(fits), fits._repr_html_()
    data = json.loads(json.dumps(fits.to_dict()))

    assert len(fits) == len(data["rows"])
    for row in fits:
        assert str(row) in text
    assert page.count("<td>") == len(fits.traits) * len(fits.head())


def test_the_command_prints_one_table(tmp_path):
    """
    For people a table for each audience, for programs every cell.
    """
    path = copy_example(tmp_path)

    found = run_json("audience", path, "office", "baristas")
    shown = run("audience", path, "office").stdout

    assert ["office", "baristas"] == [a["audience"] for a in found["audiences"]]
    assert "professions" in shown
    assert "linkedin" in shown
    run("audience", path, "ofice", code=2)
    everything = run_json("audience", path)
    assert 6 == len(everything["audiences"])


def test_an_audience_of_ones_own_may_have_any_name(work, plan):
    """
    A name with blanks and umlauts is shown, not refused as a key of the plan.
    """
    found = work.audience(plan, Audience("Röster, die lernen", places=[Place("DE")]))

    assert ("places",) == found.traits
