"""
A check finds all problems of a plan at once, in the plan's order, and never fails.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules._cases import SET
from rules._plans import (
    LINK,
    at,
    changed,
    clean_plan,
    days,
    eur,
    large_plan,
    target_plan,
)
from rules._random import plans
from smmlib.errors import ConfigurationError, Issue, Severity, ValidationError
from smmlib.model import (
    AdBudget,
    AdCampaign,
    AdSet,
    AdText,
    AgeRange,
    Audience,
    Creative,
    Goal,
    LineItem,
    Money,
    Place,
    Post,
    Radius,
    SourceMap,
    Task,
)
from smmlib.rules import RULES, Findings, Found, Rule, check, rule

_TWENTY = {
    "budget.reserve": Money("1", "USD"),
    "strategy.goals": [Goal("leads", 5, by=date(2027, 5, 1), owner="nobody")],
    "strategy.brand.advertiser": "",
    "people.Mila": attrs.evolve(clean_plan().people["mila"], name="Another Mila"),
    "audiences.fans.age": AgeRange(25, 70),
    "audiences.fans.excluded": ["byers"],
    "lines.meta.flight": days("2027-02-01..2027-04-11"),
    "lines.meta.minimum": eur(10001),
    "lines.organic.cost": eur(5),
    "campaigns.leads.line": "mta",
    "campaigns.leads.special_ad_categories": None,
    "campaigns.leads.budget": AdBudget(lifetime=eur("5000")),
    f"{SET}.placements": ["facebook.search"],
    f"{SET}.budget": AdBudget(lifetime=eur("5000.01")),
    "creatives.taste.link": "",
    "creatives.taste.cta": "join",
    "creatives.more": Creative(AdText("a", limit=500), image="b.jpg"),
    "posts.open.text": "a" * 4097,
    "tasks.a": Task("A", after=["a"]),
}
_TWENTY_ISSUES = [
    ("budget.reserve", "money.currency_mixed"),
    ("strategy.brand.advertiser", "meta.advertiser_eu"),
    ("strategy.goals[0].by", "goal.after_end"),
    ("strategy.goals[0].owner", "reference.person"),
    ("people.Mila", "key.similar"),
    ("audiences.fans.age", "meta.age_maximum"),
    ("audiences.fans.exclude[0]", "reference.audience"),
    ("lines.meta", "line.no_campaign"),
    ("lines.meta.cost", "line.cost_out_of_bounds"),
    ("lines.meta.flight", "line.outside_flight"),
    ("lines.organic.cost", "line.cost_unpaid"),
    ("campaigns.leads.line", "reference.line"),
    ("campaigns.leads.ad_sets", "ad_set.budgets_over"),
    (f"{SET}.placements[0]", "meta.placement_alone"),
    (f"{SET}.budget", "meta.budget_levels"),
    (
        "campaigns.leads.special_ad_categories",
        "meta.special_category_undeclared",
    ),
    ("creatives.taste.cta", "meta.button"),
    ("creatives.taste.link", "ad.link_missing"),
    ("creatives.more", "creative.unused"),
    ("creatives.more.text", "text.limit_raised"),
    ("posts.open.text", "post.text_too_long"),
    ("tasks.a.after", "task.cycle"),
]


def test_a_plan_that_is_right_has_no_issue():
    """
    Nobody is told anything about a plan without faults.
    """
    assert [] == list(check(clean_plan(), now=at("2027-02-01 08:00")))


def test_the_plan_of_the_readme_can_be_launched():
    """
    The example everybody starts from holds no error.
    """
    found = check(target_plan())

    assert found.ok
    assert ["line.by_hand_untracked"] == [issue.code for issue in found.warnings]


def test_all_problems_come_at_once_and_in_the_order_of_the_plan():
    """
    Whoever corrects a plan sees everything the first time, from top to bottom.
    """
    found = check(changed(_TWENTY))

    assert len(_TWENTY_ISSUES) >= 20
    assert _TWENTY_ISSUES == [(issue.path, issue.code) for issue in found]


def test_the_same_plan_gives_the_same_findings():
    """
    Two checks can be compared line by line.
    """
    plan = changed(_TWENTY)

    assert check(plan) == check(plan)
    assert check(plan).to_dict() == check(plan, rules=list(RULES)).to_dict()


def test_issues_name_the_line_of_the_file():
    """
    A plan read from a file is corrected in that file.
    """
    places = {"": (1, 1), "lines.meta": (7, 3), "lines.meta.cost": (9, 5)}
    plan = changed(
        {"lines.meta.cost": eur(10001), "lines.meta.maximum": eur(10000)},
    )
    plan = attrs.evolve(plan, source=SourceMap("spring.plan.yaml", places))

    found = {i.code: (i.file, i.line, i.column) for i in check(plan)}

    assert ("spring.plan.yaml", 9, 5) == found["line.cost_out_of_bounds"]
    assert ("spring.plan.yaml", 1, 1) == found["budget.lines_over"]


def test_rules_of_a_platform_apply_where_it_is_used():
    """
    Without lines on Meta nobody hears of Meta; by name its rules apply or not.
    """
    undeclared = {"campaigns.leads.special_ad_categories": None}
    on_x = changed(
        {
            **undeclared,
            "lines.meta.networks": ["x"],
            "lines.organic.networks": ["telegram"],
            "posts.open.networks": ["telegram"],
            f"{SET}.placements": ["x.feed"],
            "audiences.fans.age": AgeRange(25, 49),  # an age group X has
        }
    )

    assert [] == list(check(on_x))
    assert [] == list(check(changed(undeclared), platforms=[]))
    assert [] == list(check(changed(undeclared), platforms=["linkedin"]))
    for name in ("meta", "facebook", "Instagram"):
        assert not check(changed(undeclared), platforms=[name]).ok, name


def test_what_is_archived_is_left_in_peace():
    """
    Campaigns that will not run again are not held to rules for campaigns that will.
    """
    old = AdCampaign("meta", {"s": AdSet("fans")}, status="archived")

    assert [] == list(check(changed({"campaigns.old": old})))


def test_a_problem_of_a_shared_creative_is_said_once():
    """
    A thousand ads with one bad creative are one problem, at the creative.
    """
    keys = [f"s{n}" for n in range(40)]
    sets = {key: AdSet("fans", ["taste"], optimise_for="reach") for key in keys}
    plan = changed(
        {"campaigns.leads.ad_sets": sets, "creatives.taste.image": None},
    )

    assert [("creatives.taste.image", "meta.image_missing")] == [
        (i.path, i.code) for i in check(plan)
    ]


def test_what_is_written_inside_an_ad_is_found_there():
    """
    Audiences and creatives without a key of their own are checked in their place.
    """
    plan = changed(
        {
            f"{SET}.audience": Audience(age=AgeRange(70), places=[Place("DE")]),
            f"{SET}.ads.taste.creative": Creative("Text", link="https://a.example/"),
        }
    )

    found = {i.code: i.path for i in check(plan).errors}

    assert f"{SET}.audience.age" == found["meta.age_minimum"]
    assert f"{SET}.ads.taste.creative.image" == found["meta.image_missing"]


def test_a_restricted_topic_lists_everything_that_is_too_narrow():
    """
    Housing ads hear of ages, genders, places, traits and lookalikes in one go.
    """
    narrow = Audience(
        age=AgeRange(25, 44),
        genders=["female"],
        places=[Place("US"), Place("US", city="Austin")],
        exclude_places=[Place("US", region="Texas")],
        professions=["Nurse"],
        behaviours=["Travel"],
    )
    plan = changed(
        {
            "audiences.fans": narrow,
            "campaigns.leads.special_ad_categories": ["employment"],
            "campaigns.leads.special_ad_countries": ["US"],
        }
    )

    parts = [i.path.removeprefix("audiences.fans.") for i in check(plan).errors]

    assert ["age", "genders", "places[1]", "exclude_places"] == parts[:4]
    assert ["professions", "behaviours"] == parts[4:]


def test_credit_in_europe_may_choose_ages():
    """
    The one exception of the restricted topics is kept.
    """
    plan = changed(
        {
            "campaigns.leads.special_ad_categories": ["credit"],
            "campaigns.leads.special_ad_countries": ["DE"],
        }
    )

    assert check(plan).ok


def test_the_least_budget_is_exact_in_dollars_and_rough_elsewhere():
    """
    Only where Meta's own figure is known does a small budget stop a launch.
    """
    small = {
        "campaigns.leads.budget": AdBudget(daily=eur(30)),
        "lines.meta.cost": eur(10000),
    }
    found = [i for i in check(changed(small)) if i.code == "meta.budget_minimum"]

    assert [Severity.WARNING] == [i.severity for i in found]
    assert "about 36.00 EUR" == found[0].limit


def test_links_in_posts_on_x_count_23():
    """
    A long address does not make a short post too long.
    """
    line = LineItem(["x"], paid=False)
    link = "https://alpenkaffee.com/" + "a" * 300
    posts = {
        "fits": Post("x", "a" * 256 + " " + link, networks=["x"]),
        "over": Post("x", "a" * 257 + " " + link, networks=["x"]),
    }
    plan = changed({"lines.x": line, "posts.fits": posts["fits"]})
    over = changed({"posts.over": posts["over"]}, plan)

    assert [] == list(check(plan))
    assert [("posts.over.text", 281, Severity.ERROR)] == [
        (i.path, i.value, i.severity) for i in check(over)
    ]


def test_a_wrong_key_gets_a_suggestion():
    """
    A typing mistake is answered with the key that was meant.
    """
    found = check(changed({"campaigns.leads.line": "mta"})).where(
        "campaigns.leads.line"
    )

    assert "did you mean 'meta'?" == found[0].hint


def test_unknown_objectives_are_read_in_the_words_of_other_tools():
    """
    What other tools call an objective leads to ours.
    """
    found = check(changed({"strategy.objective": "Lead Generation"}))

    assert ["did you mean 'leads'?"] == [i.hint for i in found.where("strategy")]


def test_what_is_over_is_said_once():
    """
    A plan of last year is one problem, not one for each of its ad sets.
    """
    codes = [(i.path, i.code) for i in check(clean_plan(), now=at("2028-01-01 00:00"))]
    short = changed({"campaigns.leads.flight": days("2027-03-01..2027-03-02")})
    later = [
        (i.path, i.severity.value)
        for i in check(short, now=at("2027-03-03 00:00"))
        if "flight.past" == i.code
    ]

    assert [("flight", "flight.past"), ("posts.open.at", "post.past")] == codes
    assert [("campaigns.leads", "warning")] == later


def test_a_moment_without_zone_is_refused():
    """
    "Now" is a different moment everywhere.
    """
    with pytest.raises(ValidationError, match="time zone"):
        check(clean_plan(), now=datetime(2027, 3, 1))  # noqa: DTZ001 - the point


def test_many_wrong_references_stay_cheap():
    """
    A generated plan that is wrong throughout is answered in full, with fewer hints.
    """
    found = check(large_plan(ads=3000, broken=True))
    missing = [i for i in found if i.code == "reference.creative"]

    assert 1000 == len(missing)
    assert missing[0].hint.startswith(("did you mean 'c", "known: c0"))
    assert "look it up among the keys of this plan" == missing[-1].hint


def test_a_published_post_is_boosted_where_it_is():
    """
    A post named by network and id is held to the networks of its ads as well.
    """
    there = changed({"creatives.taste": Creative(boost="fb:1", link=LINK)})
    elsewhere = changed({"creatives.taste": Creative(boost="telegram:1", link=LINK)})

    assert [] == list(check(there))
    assert ["boost.network"] == [i.code for i in check(elsewhere)]


@pytest.mark.parametrize(
    ("radius", "hint"),
    [("3 km", "17 km"), ("99.5 km", "80 km"), ("25.5 km", "26 km"), ("60 mi", "50 mi")],
)
def test_a_radius_that_cannot_be_drawn_gets_the_nearest(radius, hint):
    """
    Whoever draws too small, too large or broken a circle is told the nearest one.
    """
    place = Place("CH", city="Zurich", radius=Radius.parse(radius))
    found = check(changed({"audiences.fans.places": [place]}))

    assert [("meta.radius", f"write {hint}")] == [(i.code, i.hint) for i in found]


# -- rules of other packages -----------------------------------------------------------


@rule("house.name", "Plans are named after the client.", severity="warning")
def _house_rule(view):
    """
    A rule of somebody's own.
    """
    if "Alpen" not in view.plan.name:
        yield Found("name", "the client is not in the name", limit="Alpen...")


def test_rules_of_other_packages_run_beside_ours():
    """
    A rule is a value: whoever wants one more passes it.
    """
    found = check(clean_plan(), rules=[*RULES, _house_rule])

    assert [("name", "house.name", Severity.WARNING)] == [
        (i.path, i.code, i.severity) for i in found
    ]


def test_rules_of_an_unknown_platform_run_when_it_is_named():
    """
    Platforms are open names.
    """
    other = attrs.evolve(_house_rule, platform="billboards")

    assert [] == list(check(clean_plan(), rules=[other]))
    assert 1 == len(check(clean_plan(), rules=[other], platforms=["billboards"]))


def test_a_rule_may_yield_finished_issues():
    """
    Another package may say everything itself.
    """
    issue = Issue("name", "their.code", "their message", severity="info")
    theirs = Rule("their.rule", "Theirs.", check=lambda view: [issue])

    assert Findings([issue]) == check(clean_plan(), rules=[theirs])


@pytest.mark.parametrize("failing", ["before", "within", "nonsense"])
def test_a_rule_that_fails_is_named(failing):
    """
    The fault of another package's rule is told by its code, with its cause.
    """

    def before(view):
        return view.no_such_part

    def within(view):
        yield Found("name", "fine")
        raise KeyError("gone")

    def nonsense(view):
        yield "a text"

    broken = Rule("their.rule", "Theirs.", check=locals()[failing])

    with pytest.raises(ConfigurationError, match=r"their\.rule") as caught:
        check(clean_plan(), rules=[broken])
    assert caught.value.__cause__ is not None


# -- for any plan ----------------------------------------------------------------------


@given(plans())
def test_no_plan_makes_a_check_fail(plan):
    """
    Whatever can be written as a plan can be checked.
    """
    found = check(plan, platforms=["meta"], now=datetime(2027, 3, 5, tzinfo=UTC))

    assert all(issue.path and issue.message and issue.code for issue in found)
    assert str(found)
    assert found._repr_html_()


@given(plans(), st.sampled_from(["meta", "linkedin"]))
def test_a_platform_only_adds_issues(plan, platform):
    """
    What is wrong with a plan for everybody is wrong on each platform.
    """
    always = check(plan, platforms=[])
    with_it = check(plan, platforms=[platform])

    assert set(map(str, always)) <= set(map(str, with_it))
