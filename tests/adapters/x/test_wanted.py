"""
What X cannot express is told before anything is sent, and the rest becomes criteria.
"""

from __future__ import annotations

import attrs
import pytest

from _x import X
from _x_adapter import (
    LINK,
    a_plan,
    audiences,
    files,
    issues_of,
    with_audience,
    with_campaign,
    x_of,
)
from smmlib import (
    AdBudget,
    AdCampaign,
    AdSet,
    AgeRange,
    Audience,
    Bid,
    Creative,
    CustomAudience,
    Lookalike,
    Money,
    Place,
    Radius,
    Traits,
)
from smmlib.errors import Severity
from smmlib.ports import Kind
from smmlib.sandbox import Sandbox

HERE = [Place("DE")]


@pytest.fixture
def sandbox():
    """
    A fresh emulated platform.
    """
    return Sandbox(seed=7)


@pytest.fixture
def platform(sandbox, tmp_path):
    """
    The adapter, inside this process.
    """
    adapter = x_of(sandbox, files(tmp_path))
    yield adapter
    adapter.close()


def _only(platform, plan, kind):
    found = [r for r in platform.wanted(plan).resources if r.kind is kind]
    return found[0]


def _targeting(platform, audience, **more):
    plan = with_audience(audience, **more)
    return dict(_only(platform, plan, Kind.AD_SET).fields["targeting"])


def _codes(platform, audience, **more):
    return set(issues_of(platform, with_audience(audience, **more)))


def test_the_whole_launch_fits(platform):
    """
    Every format of the launch can be set up; parents come first.
    """
    wanted = platform.wanted(a_plan())

    assert () == wanted.issues
    kinds = [resource.kind.value for resource in wanted.resources]
    assert ["media"] * 2 + ["campaign"] + ["ad_set"] * 2 + ["ad"] * 3 == kinds


def test_an_audience_becomes_criteria(platform):
    """
    Places, ages, genders, languages, interests and keywords, by type and operator.
    """
    people = Audience(
        age=AgeRange(25, 49),
        genders=["female"],
        places=HERE,
        exclude_places=[Place("DE", region="Bavaria")],
        languages=["de"],
        interests=["Coffee machines", "keyword: espresso", "exact keyword: flat white"],
    )
    found = _targeting(platform, people)

    assert {"AGE EQ": ["AGE_25_TO_49"], "GENDER EQ": ["2"], "LANGUAGE EQ": ["de"]} == {
        key: found[key] for key in ("AGE EQ", "GENDER EQ", "LANGUAGE EQ")
    }
    assert ["espresso"] == found["BROAD_KEYWORD EQ"]
    assert ["flat white"] == found["EXACT_KEYWORD EQ"]
    assert ["1003"] == found["INTEREST EQ"]
    assert 1 == len(found["LOCATION EQ"]) == len(found["LOCATION NE"])


@pytest.mark.parametrize(
    ("ages", "group"),
    [
        (AgeRange(25, 49), ["AGE_25_TO_49"]),
        (AgeRange(25, 44), ["AGE_25_TO_49"]),
        (AgeRange(18), ["AGE_OVER_18"]),
        (AgeRange(30, 60), ["AGE_OVER_25"]),
        (AgeRange(55), ["AGE_OVER_50"]),
        (AgeRange(13, 20), ["AGE_13_TO_24"]),
        (AgeRange(13), None),
        (None, ["AGE_OVER_18"]),
    ],
)
def test_ages_become_the_narrowest_group_that_holds_them(platform, ages, group):
    """
    X takes one age group; nobody who is meant is left out.
    """
    assert group == _targeting(platform, Audience(age=ages, places=HERE)).get("AGE EQ")


@pytest.mark.parametrize(
    ("audience", "code"),
    [
        (Audience(places=HERE, professions=["Barista"]), "x.no_such_trait"),
        (Audience(places=HERE, industries=["Food"]), "x.no_such_trait"),
        (Audience(places=HERE, seniorities=["owner"]), "x.no_such_trait"),
        (Audience(places=HERE, behaviours=["Frequent travellers"]), "x.no_such_trait"),
        (
            Audience(places=[Place("CH", city="Zurich", radius=Radius(25, "km"))]),
            "x.no_radius",
        ),
        (Audience(places=HERE, interests=["Coffee"]), "x.interest_ambiguous"),
        (Audience(places=HERE, interests=["Zorbing on ice"]), "x.interest_unknown"),
        (Audience(places=[Place("DE", city="Nowhere")]), "x.city_unknown"),
        (Audience(places=HERE, languages=["tlh"]), "x.language_unknown"),
        (Audience(age=AgeRange(25, 49)), "x.worldwide"),
        (Audience(), "x.worldwide"),
        (Audience(places=HERE, interests=["followers like: @nasa"]), "x.user_id"),
        (
            Audience(places=HERE, interests=["conversation: Coffee", "Espresso"]),
            "x.and_not_or",
        ),
        (
            Audience(
                places=HERE,
                interests=["Espresso"],
                narrow_by=[Traits(["keyword: latte"])],
            ),
            "x.or_not_and",
        ),
        (
            Audience(places=HERE, retarget=[CustomAudience("customer_list", "crm")]),
            "x.audience_unknown",
        ),
        (Audience(places=HERE, exclude=["nobody"]), "reference.audience"),
    ],
)
def test_what_x_lacks_is_an_error(platform, audience, code):
    """
    Each with a place in the plan and a next step; nothing is sent.
    """
    issue = issues_of(platform, with_audience(audience))[code]

    assert issue.is_error
    assert issue.hint
    assert issue.path.startswith("audiences.people")


def test_ambiguous_names_come_with_candidates(platform):
    """
    Whoever reads the issue can copy one of them, and it is understood.
    """
    people = Audience(places=HERE, interests=["Coffee"])
    limit = issues_of(platform, with_audience(people))["x.interest_ambiguous"].limit

    assert "'Food and drink/Coffee #1001'" in limit
    exact = Audience(places=HERE, interests=["Food and drink/Coffee #1001"])
    assert ["1001"] == _targeting(platform, exact)["INTEREST EQ"]


def test_narrowing_by_another_type_is_an_and(platform):
    """
    Conversations narrow interests on X, as `narrow_by` means it.
    """
    people = Audience(
        places=HERE,
        interests=["Espresso"],
        narrow_by=[Traits(["conversation: Coffee"])],
    )

    assert ["b1"] == _targeting(platform, people)["CONVERSATION EQ"]
    assert "x.or_not_and" not in _codes(platform, people)


def _people(sandbox, platform, name):
    """
    A list of people on X that is matched already.
    """
    import httpx

    http = httpx.Client(transport=sandbox.transport())
    x = X(sandbox, http, sandbox.base_url("x"))
    own = x.post(f"{x.act}/custom_audiences", name=name)["id"]
    users = [{"email": [f"{number:064x}"]} for number in range(500)]
    body = [{"operation_type": "Update", "params": {"users": users}}]
    x.json("POST", f"{x.act}/custom_audiences/{own}/users", body)
    sandbox.advance(days=1)
    return own


def test_known_people_are_found_by_their_lists_name(sandbox, platform):
    """
    In, out, and as the origin of a lookalike.
    """
    own = _people(sandbox, platform, "crm")
    crm = Audience(retarget=[CustomAudience("customer_list", "crm")])

    inside = _targeting(platform, crm)
    outside = _targeting(platform, Audience(places=HERE, exclude=["crm"]), crm=crm)
    alike = Audience(places=HERE, lookalike=Lookalike("crm", "DE", percent=2))
    expanded = _targeting(platform, alike, crm=crm)

    assert [own] == inside["CUSTOM_AUDIENCE EQ"]
    assert [own] == outside["CUSTOM_AUDIENCE NE"]
    assert [own] == expanded["CUSTOM_AUDIENCE_EXPANDED EQ"]


def test_people_who_engaged_are_retargeted(sandbox, platform):
    """
    With the account's own posts; X wants to know how.
    """
    people = Audience(places=HERE, retarget=[CustomAudience("engagers")])
    user = sandbox.details()["platforms"]["x"]["user"]
    found = _targeting(platform, people)

    assert [user] == found["USER_ENGAGEMENT EQ"]
    assert ["ENGAGEMENT"] == found["ENGAGEMENT_TYPE EQ"]


# -- what it is for, what it costs, where it stands -----------------------------------


@pytest.mark.parametrize(
    ("objective", "goal", "expected"),
    [
        ("awareness", None, ("REACH", "MAX_REACH")),
        ("traffic", None, ("WEBSITE_CLICKS", "LINK_CLICKS")),
        ("traffic", "visits", ("WEBSITE_CLICKS", "SITE_VISITS")),
        ("engagement", None, ("ENGAGEMENTS", "ENGAGEMENT")),
        ("leads", "link_clicks", ("WEBSITE_CLICKS", "LINK_CLICKS")),
    ],
)
def test_objectives_are_xs(platform, objective, goal, expected):
    """
    Each pair of objective and goal is one X has.
    """
    sets = {"women": AdSet("women", ["link"], optimise_for=goal)}
    plan = with_campaign(objective=objective, ad_sets=sets)
    fields = _only(platform, plan, Kind.AD_SET).fields

    assert expected == (fields["objective"], fields["goal"])


def test_conversions_need_a_tag(sandbox, platform):
    """
    X counts them with a web event tag: without one nothing is set up.
    """
    plan = with_campaign(objective="sales")
    assert issues_of(platform, plan)["x.web_event_tag_missing"].is_error

    tag = sandbox.details()["platforms"]["x"]["web_event_tag"]
    tagged = x_of(sandbox, web_event_tag=tag)
    fields = _only(tagged, plan, Kind.AD_SET).fields
    assert (tag, "WEBSITE_CONVERSIONS") == (
        fields["primary_web_event_tag"],
        fields["goal"],
    )


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [("bid_cap", ("MAX", "IMPRESSION")), ("cost_cap", ("TARGET", "LINK_CLICK"))],
)
def test_bids_say_what_is_paid_for(platform, strategy, expected):
    """
    A cap is paid per impression, a target per click.
    """
    plan = with_campaign(bid=Bid(strategy, Money("0.50", "EUR")))
    fields = _only(platform, plan, Kind.AD_SET).fields

    assert expected == (fields["bid_strategy"], fields["pay_by"])
    assert {"amount": "0.5", "currency": "EUR"} == dict(fields["bid"])


def test_reach_takes_no_cap(platform):
    """
    X has no maximum bid for reach.
    """
    plan = with_campaign(
        objective="awareness", bid=Bid("bid_cap", Money("0.50", "EUR"))
    )

    assert issues_of(platform, plan)["x.bid_strategy"].is_error


@pytest.mark.parametrize(
    ("placements", "expected"),
    [
        ([], ["ALL_ON_TWITTER"]),
        (["x.feed"], ["TWITTER_TIMELINE"]),
        (["x.feed", "x.profile"], ["TWITTER_PROFILE", "TWITTER_TIMELINE"]),
        (["x.feed", "x.search"], ["TWITTER_SEARCH", "TWITTER_TIMELINE"]),
    ],
)
def test_placements_are_xs(platform, placements, expected):
    """
    Named positions become X's; none is everywhere on X.
    """
    sets = {"fans": AdSet("baristas", ["link"], placements=placements)}
    plan = with_campaign(ad_sets=sets)

    assert expected == _only(platform, plan, Kind.AD_SET).fields["placements"]


@pytest.mark.parametrize(
    ("placements", "code"),
    [
        (["x.profile"], "x.placements_together"),
        (["x.search"], "x.placements_together"),
        (["x.stories"], "x.placement_unknown"),
    ],
)
def test_placements_x_refuses_are_told(platform, placements, code):
    """
    A profile alone, search without keywords, what X does not have.
    """
    sets = {"women": AdSet("women", ["link"], placements=placements)}

    assert issues_of(platform, with_campaign(ad_sets=sets))[code].is_error


def test_a_lifetime_budget_gets_its_share_of_a_day(platform):
    """
    X wants a daily budget of campaigns: 1400 EUR in 14 days are 100 EUR a day.
    """
    campaign = _only(platform, a_plan(), Kind.CAMPAIGN)

    assert {"amount": "100", "currency": "EUR"} == campaign.fields["daily_budget"]
    assert {"amount": "1400", "currency": "EUR"} == campaign.fields["total_budget"]
    assert Money("1400", "EUR") == campaign.exposure
    assert Money("100", "EUR") == campaign.daily_exposure


def test_budgets_of_ad_sets_add_up_above(platform):
    """
    The campaign never stops its ad sets, and never lets more through than theirs.
    """
    sets = {
        key: AdSet("women", [key], budget=AdBudget(daily=Money("10", "EUR")))
        for key in ("link", "picture")
    }
    plan = with_campaign(ad_sets=sets, budget=None)
    campaign = _only(platform, plan, Kind.CAMPAIGN)

    assert "20" == campaign.fields["daily_budget"]["amount"]
    assert "280" == campaign.fields["total_budget"]["amount"]
    assert campaign.exposure is None


# -- what ads show ---------------------------------------------------------------------


def _with(creative, **changes):
    plan = a_plan(creatives={"link": creative})
    return attrs.evolve(
        plan,
        campaigns={
            "spring": AdCampaign(
                "teaser",
                {"women": AdSet("women", ["link"])},
                budget=AdBudget(lifetime=Money("1400", "EUR")),
                **changes,
            )
        },
    )


def test_a_link_stands_in_the_text_or_on_a_card_never_both(platform):
    """
    Without a picture it stands in the text, tagged; with one on the card alone.
    """
    bare = _only(platform, _with(Creative("Taste", link=LINK)), Kind.AD).fields
    card = _only(
        platform, _with(Creative("Taste", link=LINK, image="img/a.png")), Kind.AD
    ).fields

    assert bare["text"].startswith(f"Taste {LINK}?utm_source=x")
    assert "card" not in bare
    assert "Taste" == card["text"]
    assert card["card"]["link"].startswith(f"{LINK}?utm_source=x")


def test_texts_are_weighed_with_their_link(platform):
    """
    Any link weighs 23: 256 characters and one fit, 257 do not.
    """
    good = _with(Creative("a" * 256, link="https://alpenkaffee.de/box"))
    bad = _with(Creative("a" * 257, link="https://alpenkaffee.de/box"))

    assert "x.text_too_long" not in issues_of(platform, good)
    assert 281 == issues_of(platform, bad)["x.text_too_long"].value


def test_what_is_not_shown_is_a_warning(platform):
    """
    X has no button and no second line.
    """
    shown = Creative("Taste", description="Now", cta="learn_more", link=LINK)
    issue = issues_of(platform, _with(shown))["x.not_shown"]

    assert Severity.WARNING is issue.severity


def test_the_same_post_twice_is_told(platform):
    """
    X refuses it, so two ads without links need two texts.
    """
    plan = attrs.evolve(
        a_plan(
            audiences=audiences(),
            creatives={"one": Creative("Hello"), "two": Creative("Hello")},
        ),
        campaigns={
            "spring": AdCampaign(
                "teaser",
                {"women": AdSet("women", ["one", "two"])},
                objective="engagement",
                budget=AdBudget(lifetime=Money("1400", "EUR")),
            )
        },
    )

    assert issues_of(platform, plan)["x.same_post"].is_error


def test_many_new_posts_tell_how_long_they_take(platform):
    """
    450 writes a minute: 1,000 new texts are announced with about 3 minutes.
    """
    many = {f"c{n}": Creative(f"Roast {n}", link=LINK) for n in range(1_000)}
    sets = {
        f"s{n}": AdSet("women", [f"c{n * 100 + m}" for m in range(100)])
        for n in range(10)
    }
    plan = attrs.evolve(with_campaign(ad_sets=sets), creatives=many)
    issue = issues_of(platform, plan)["x.takes_time"]

    assert Severity.INFO is issue.severity
    assert "about 3 minutes" in issue.message


def test_existing_posts_are_promoted_as_they_are(sandbox, platform):
    """
    Their number is all there is to say.
    """
    post = next(platform._lookup.made(), None) or sandbox.state()["x"]["tweet"][0]
    own = str(post["id"])
    ad = _only(platform, _with(Creative(boost=f"x:{own}")), Kind.AD)

    assert own == ad.fields["tweet_id"]
    assert {"line_item_id", "tweet_id"} == set(ad.fields)


def test_posts_that_are_not_there_are_told_before(platform):
    """
    Nobody finds out when the money should flow.
    """
    plan = _with(Creative(boost="x:1466470231064434951"))

    assert issues_of(platform, plan)["x.post_unknown"].is_error


def test_search_lists_and_remembers(sandbox, platform):
    """
    One question answers for every word of a catalogue that is listed as a whole.
    """
    first = platform.search("interest", "espresso")
    before = len(sandbox.log)
    again = platform.search("interest", "ESPRESSO")

    assert first == again
    assert before == len(sandbox.log)
    assert "espresso" in first[0].name.casefold()


def test_an_estimate_needs_interests_or_lists(platform):
    """
    X guesses between two numbers; without a primary criterion it refuses, and says so.
    """
    from smmlib.errors import ValidationError

    size = platform.estimate(Audience(places=HERE, interests=["Espresso"]))

    assert 0 < size.low <= size.high
    with pytest.raises(ValidationError):
        platform.estimate(Audience(places=HERE))
