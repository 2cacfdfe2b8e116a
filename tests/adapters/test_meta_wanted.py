from __future__ import annotations

from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from _meta_adapter import a_campaign, a_plan, audiences, creatives, evolve, meta_of, png
from smmlib import (
    Ad,
    AdBudget,
    AdSet,
    AgeRange,
    Audience,
    Bid,
    Brand,
    Card,
    Creative,
    CustomAudience,
    LineItem,
    Lookalike,
    Money,
    Place,
    Post,
    Radius,
    Strategy,
    Utm,
)
from smmlib.adapters.meta import _tables as tables
from smmlib.adapters.meta._creatives import utm_of
from smmlib.adapters.meta._findings import (
    MONEY,
    major,
    minor,
    offset,
    with_money,
    with_units,
)
from smmlib.errors import Severity
from smmlib.model import (
    CTA,
    Objective,
    OptimiseFor,
    SourceMap,
    SpecialCategory,
)
from smmlib.ports import Kind
from smmlib.sandbox import Sandbox

SET = "campaigns.leads.ad_sets.one"
GONE = frozenset({"BGN", "HRK", "LTL", "LVL", "SKK", "VEF"})


def _one(audience="baristas", creative="single", **changes):
    sets = {"one": AdSet(audience, {"ad": Ad(creative)}, **changes)}
    return {"leads": a_campaign(ad_sets=sets)}


def _audience(**changes):
    return {"baristas": Audience(**{"places": [Place("DE")]} | changes)}


def _creative(**changes):
    return {"single": evolve(creatives()["single"], **changes)}


def _fields(wanted, address):
    return next(r.fields for r in wanted.resources if r.address == address)


BAD = {
    "objective": (
        {"campaigns": {"leads": a_campaign(objective="app_promotion")}},
        "campaigns.leads.objective",
        "meta.objective_not_available",
    ),
    "no objective": (
        {"strategy": Strategy(Brand("A", advertiser="A"))},
        "campaigns.leads.objective",
        "campaign.no_objective",
    ),
    "undeclared topics": (
        {"campaigns": {"leads": a_campaign(special_ad_categories=None)}},
        "campaigns.leads.special_ad_categories",
        "meta.special_category_undeclared",
    ),
    "goal": (
        {"campaigns": _one(optimise_for="video_views")},
        f"{SET}.optimise_for",
        "meta.objective_goal",
    ),
    "placement": (
        {"campaigns": _one(placements=["facebook.replies"])},
        f"{SET}.placements[0]",
        "meta.placement_unknown",
    ),
    "foreign placement": (
        {"campaigns": _one(placements=["facebook.feed", "x.feed"])},
        f"{SET}.placements[1]",
        "placement.network",
    ),
    "placement the line does not pay": (
        {
            "lines": {"meta-leads": LineItem(["facebook"], "16000 EUR")},
            "campaigns": _one(placements=["instagram.feed"]),
        },
        f"{SET}.placements[0]",
        "placement.network",
    ),
    "audience": (
        {"campaigns": _one("nobody")},
        f"{SET}.audience",
        "reference.audience",
    ),
    "creative": (
        {"campaigns": _one(creative="nothing")},
        f"{SET}.ads.ad.creative",
        "reference.creative",
    ),
    "no place": (
        {"campaigns": _one(), "audiences": {"baristas": Audience()}},
        "audiences.baristas.places",
        "meta.places_missing",
    ),
    "age": (
        {"campaigns": _one(), "audiences": _audience(age=AgeRange(70))},
        "audiences.baristas.age",
        "meta.age_minimum",
    ),
    "radius": (
        {
            "campaigns": _one(),
            "audiences": _audience(
                places=[Place("DE", city="Berlin", radius=Radius(5, "km"))]
            ),
        },
        "audiences.baristas.places[0].radius",
        "meta.radius",
    ),
    "unknown interest": (
        {"campaigns": _one(), "audiences": _audience(interests=["Qwxzyy"])},
        "audiences.baristas.interests[0]",
        "meta.interest_unknown",
    ),
    "unknown city": (
        {
            "campaigns": _one(),
            "audiences": _audience(places=[Place("DE", city="Qwxzyy")]),
        },
        "audiences.baristas.places[0]",
        "meta.city_unknown",
    ),
    "language": (
        {"campaigns": _one(), "audiences": _audience(languages=["tlh"])},
        "audiences.baristas.languages[0]",
        "meta.language",
    ),
    "exclusion by traits": (
        {
            "campaigns": _one(),
            "audiences": {**audiences(), **_audience(exclude=["baristas2"])}
            | {"baristas2": Audience(places=[Place("DE")])},
        },
        "audiences.baristas.exclude[0]",
        "meta.exclude_described",
    ),
    "unknown exclusion": (
        {"campaigns": _one(), "audiences": _audience(exclude=["ghosts"])},
        "audiences.baristas.exclude[0]",
        "reference.audience",
    ),
    "film viewers": (
        {
            "campaigns": _one(),
            "audiences": _audience(retarget=[CustomAudience("video_viewers")]),
        },
        "audiences.baristas.retarget[0].kind",
        "meta.retarget_not_available",
    ),
    "long memory": (
        {
            "campaigns": _one(),
            "audiences": _audience(
                retarget=[CustomAudience("site_visitors", days=365)]
            ),
        },
        "audiences.baristas.retarget[0].days",
        "meta.look_back",
    ),
    "lookalike of itself": (
        {
            "campaigns": _one(),
            "audiences": _audience(lookalike=Lookalike("baristas", "DE")),
        },
        "audiences.baristas.lookalike.of",
        "meta.lookalike_source",
    ),
    "film": (
        {
            "campaigns": _one(),
            "creatives": {
                "single": Creative(
                    "x",
                    link="https://a.example/",
                    cards=[Card("img/a.png"), Card(video="v.mp4")],
                )
            },
        },
        "creatives.single.cards[1].video.thumbnail",
        "meta.thumbnail_missing",
    ),
    "no link": (
        {"campaigns": _one(), "creatives": _creative(link="")},
        "creatives.single.link",
        "meta.link_missing",
    ),
    "button": (
        {"campaigns": _one(), "creatives": _creative(cta="request_demo")},
        "creatives.single.cta",
        "meta.button",
    ),
    "missing picture": (
        {"campaigns": _one(), "creatives": _creative(image="img/none.png")},
        "creatives.single.image",
        "media.missing",
    ),
    "folder as picture": (
        {"campaigns": _one(), "creatives": _creative(image="img")},
        "creatives.single.image",
        "media.missing",
    ),
    "no picture at all": (
        {"campaigns": _one(), "creatives": _creative(image="img/text.png")},
        "creatives.single.image",
        "media.format",
    ),
    "picture outside": (
        {"campaigns": _one(), "creatives": _creative(image="img/away.png")},
        "creatives.single.image",
        "media.path",
    ),
    "unknown post": (
        {"campaigns": _one(), "creatives": {"single": Creative(boost="nothing")}},
        "creatives.single.boost",
        "reference.post",
    ),
    "post of another network": (
        {"campaigns": _one(), "creatives": {"single": Creative(boost="x:17")}},
        "creatives.single.boost",
        "boost.network",
    ),
    "payer": (
        {"campaigns": _one(), "strategy": Strategy(Brand("Alpenkaffee"), "leads")},
        "strategy.brand.advertiser",
        "meta.advertiser_eu",
    ),
    "currency": (
        {
            "lines": {"meta-leads": LineItem(["facebook"], "16000 USD")},
            "campaigns": {
                "leads": a_campaign(budget=AdBudget(lifetime=Money("16000", "USD")))
            },
        },
        "campaigns.leads.budget.lifetime",
        "meta.currency",
    ),
    "bid level": (
        {"campaigns": _one(bid=Bid("cost_cap", Money("2", "EUR")))},
        f"{SET}.bid",
        "meta.bid_level",
    ),
}


@pytest.mark.parametrize("case", BAD.values(), ids=list(BAD))
def test_what_meta_cannot_express_is_an_issue_with_a_way_out(
    sandbox, platform, folder, case
):
    """
    Path, code and hint are there, and nothing was written.
    """
    changes, path, code = case
    (folder / "img" / "text.png").write_text("no picture")
    outside = folder.parent / f"{folder.name}-outside.png"
    outside.write_bytes(png())
    (folder / "img" / "away.png").symlink_to(outside)
    found = platform.wanted(a_plan(**changes)).issues
    matching = [i for i in found if (i.path, i.code) == (path, code)]
    assert 1 == len(matching), [(i.path, i.code) for i in found]
    assert matching[0].is_error
    assert matching[0].hint
    assert 0 == len(sandbox.log.writes())


def test_an_ambiguous_name_lists_its_candidates(platform, sandbox):
    """
    Homonyms are never guessed; writing the id settles it.
    """
    names = {}
    for match in platform.search("interest", "java") + platform.search("interest", "a"):
        names.setdefault(match.name, []).append(match)
    name, twins = next((n, m) for n, m in names.items() if len({x.id for x in m}) > 1)
    plan = a_plan(campaigns=_one(), audiences=_audience(interests=[name]))
    issue = next(i for i in platform.wanted(plan).issues if i.is_error)
    assert "meta.interest_ambiguous" == issue.code
    assert all(match.id in issue.hint for match in twins)
    chosen = f"{name} #{twins[0].id}"
    settled = a_plan(campaigns=_one(), audiences=_audience(interests=[chosen]))
    wanted = platform.wanted(settled)
    assert not [i for i in wanted.issues if i.is_error]
    spec = _fields(wanted, SET)["targeting"]["flexible_spec"]
    assert [{"interests": [{"id": twins[0].id}]}] == spec


def test_a_town_of_a_common_name_needs_its_region(platform):
    """
    Several towns of one name in a country are told apart by region.
    """
    found = platform.wanted(
        a_plan(
            campaigns=_one(),
            audiences=_audience(places=[Place("US", city="Springfield")]),
        )
    ).issues
    ambiguous = [i for i in found if i.code == "meta.city_ambiguous"]
    assert ambiguous
    assert "#" in ambiguous[0].hint


def test_what_is_left_out_is_a_warning(platform):
    """
    Seniorities are unknown to Meta, and ages end at 65 and older: told, and done.
    """
    who = _audience(seniorities=["cxo"], age=AgeRange(50, 80))
    wanted = platform.wanted(a_plan(campaigns=_one(), audiences=who))
    found = {issue.code: issue.severity for issue in wanted.issues}
    assert {
        "meta.no_seniority": Severity.WARNING,
        "meta.age_maximum": Severity.WARNING,
    } == found
    assert 65 == _fields(wanted, SET)["targeting"]["age_max"]


def test_a_post_that_waits_is_left_out_and_told(platform):
    """
    An unpublished post is no error: its ad comes with a later apply.
    """
    plan = a_plan(
        campaigns=_one(creative="boosted"),
        creatives={"boosted": Creative(boost="opening")},
        posts={"opening": Post("blog", "We are open.", networks=["telegram"])},
    )
    wanted = platform.wanted(plan)
    waits = [i for i in wanted.issues if i.code == "boost.waits"]
    assert [Severity.INFO] == [i.severity for i in waits]
    assert Kind.AD not in {r.kind for r in wanted.resources}
    assert Kind.AD_SET in {r.kind for r in wanted.resources}


@pytest.mark.parametrize(
    ("boost", "field", "value"),
    [
        ("facebook:555_17", "object_story_id", "555_17"),
        ("instagram:1789", "source_instagram_media_id", "1789"),
    ],
)
def test_a_published_post_can_be_promoted(platform, boost, field, value):
    """
    Facebook's posts and Instagram's media go by their own ids.
    """
    plan = a_plan(
        campaigns=_one(),
        creatives={"single": Creative(boost=boost, link="https://a.example/")},
    )
    fields = _fields(platform.wanted(plan), f"{SET}.ads.ad.creative")
    assert value == fields[field]
    assert "utm_content=ad" in fields["url_tags"]


def test_lines_that_are_not_ours_are_left_alone(platform):
    """
    Hand-managed lines, free lines and other platforms bring nothing.
    """
    for line in (
        LineItem(["facebook"], "100 EUR", managed="by hand"),
        LineItem(["facebook"], paid=False),
        LineItem(["linkedin", "x"], "100 EUR"),
    ):
        wanted = platform.wanted(a_plan(lines={"meta-leads": line}))
        assert ((), ()) == (wanted.resources, wanted.issues)


def test_parents_stand_before_children(platform):
    """
    Every reference points at something earlier in the list.
    """
    seen = set()
    for resource in platform.wanted(a_plan()).resources:
        assert set(resource.refs) <= seen
        seen.add(resource.address)


def test_the_traps_are_set_explicitly(platform):
    """
    Bid strategy, budget sharing, Advantage audience and platforms are never left open.
    """
    sets = {"one": AdSet("visitors", ["single"], budget=AdBudget(daily="50 EUR"))}
    plan = a_plan(campaigns={"leads": a_campaign(budget=None, ad_sets=sets)})
    wanted = platform.wanted(plan)
    campaign, ad_set = _fields(wanted, "campaigns.leads"), _fields(wanted, SET)
    assert campaign["is_adset_budget_sharing_enabled"] is False
    assert "bid_strategy" not in campaign
    assert "LOWEST_COST_WITHOUT_CAP" == ad_set["bid_strategy"]
    assert "IMPRESSIONS" == ad_set["billing_event"]
    targeting = ad_set["targeting"]
    assert {"advantage_audience": 0} == targeting["targeting_automation"]
    assert ["facebook", "instagram"] == targeting["publisher_platforms"]


@pytest.mark.parametrize(
    ("objective", "goal"),
    [(o, g) for o, goals in tables.GOALS.items() for g in goals],
    ids=lambda v: v.value,
)
def test_every_goal_is_accepted_by_the_platform(platform, objective, goal):
    """
    The whole table of objectives and goals, created and read back.
    """
    from _meta_adapter import resolve, set_up

    sets = {"one": AdSet("baristas", ["single"], optimise_for=goal)}
    plan = a_plan(
        campaigns={"leads": a_campaign(objective=objective, ad_sets=sets)},
        audiences=_audience(),
    )
    wanted = platform.wanted(plan)
    ids = set_up(platform, wanted.resources)
    own = ids[SET]
    remote = platform.read(Kind.AD_SET, [own])[own]
    assert resolve(_fields(wanted, SET), ids) == dict(remote.fields)


@pytest.mark.parametrize("category", list(SpecialCategory))
def test_special_topics_are_declared_with_their_countries(platform, category):
    """
    Each category has Meta's name, and the countries come from the audiences.
    """
    campaign = a_campaign(special_ad_categories=[category])
    fields = _fields(
        platform.wanted(a_plan(campaigns={"leads": campaign})), "campaigns.leads"
    )
    assert [tables.CATEGORIES[category]] == fields["special_ad_categories"]
    assert ["AT", "CH", "DE"] == fields["special_ad_category_country"]


def test_tables_are_whole():
    """
    No objective, button or strategy of ours is forgotten.
    """
    assert set(Objective) == set(tables.OBJECTIVES) == set(tables.GOALS)
    assert set(CTA) == set(tables.BUTTONS) | set(tables.BUTTON_INSTEAD)
    assert not tables.OFFSET_1 & tables.OFFSET_100
    assert 11 == len(tables.OFFSET_1)
    for objective, usual in tables.USUAL.items():
        assert usual in tables.GOALS[objective]
    goals = {g for named in tables.GOALS.values() for g in named}
    assert set(OptimiseFor) == goals


@pytest.mark.parametrize(
    ("networks", "source"),
    [
        (["facebook"], "facebook"),
        (["instagram"], "instagram"),
        (["facebook", "instagram"], "{{site_source_name}}"),
    ],
)
def test_links_are_tagged_with_the_plans_keys(platform, networks, source):
    """
    Source, campaign, ad set and ad can be joined again from the shop's own record.
    """
    line = LineItem(networks, "16000 EUR")
    wanted = platform.wanted(a_plan(lines={"meta-leads": line}, campaigns=_one()))
    tags = _fields(wanted, f"{SET}.ads.ad.creative")["url_tags"]
    assert (
        f"utm_source={source}&utm_medium=paid_social&utm_campaign=leads"
        "&utm_term=one&utm_content=ad"
    ) == tags


def test_own_tags_are_kept_and_completed(platform):
    """
    What the plan says stays; the ad and ad set are added where they are missing.
    """
    utm = Utm("ig", "story", campaign="spring", content="mine")
    plan = a_plan(campaigns=_one(), creatives=_creative(utm=utm))
    tags = _fields(platform.wanted(plan), f"{SET}.ads.ad.creative")["url_tags"]
    assert (
        "utm_source=ig&utm_medium=story&utm_campaign=spring&utm_term=one"
        "&utm_content=mine"
    ) == tags


def test_a_link_that_is_tagged_already_is_left_alone():
    """
    Two sets of tags on one link would be worse than none.
    """
    link = "https://a.example/?utm_source=a&utm_medium=b&utm_campaign=c"
    ad = next(iter(a_plan(campaigns=_one()).ads()))
    assert utm_of(Creative("x", link=link), ad, []) is None


def test_issues_name_the_line_of_the_plan_file(platform):
    """
    A person finds the place without searching.
    """
    source = SourceMap("launch.yaml", {"audiences.baristas": (7, 3)})
    plan = a_plan(
        campaigns=_one(), audiences=_audience(interests=["Qwxzyy"]), source=source
    )
    issue = next(i for i in platform.wanted(plan).issues if i.is_error)
    assert ("launch.yaml", 7) == (issue.file, issue.line)


def test_pictures_are_read_next_to_the_plan_file(sandbox, folder):
    """
    Without a setting, the plan file's own folder is the root.
    """
    platform = meta_of(sandbox, "")
    plan = a_plan(source=SourceMap(str(folder / "launch.yaml"), {}))
    assert not [i for i in platform.wanted(plan).issues if i.code.startswith("media")]


def test_another_zone_is_a_warning():
    """
    Daily budgets follow the account's days; that is told, not refused.
    """
    from pathlib import Path

    platform = meta_of(Sandbox(seed=7, accounts=["EUR:America/New_York"]), Path())
    plan = a_plan(campaigns=_one(), creatives=_creative(image=None))
    found = {i.code: i.severity for i in platform.wanted(plan).issues}
    assert Severity.WARNING is found["meta.zone"]
    assert Severity.ERROR not in found.values()


def test_missing_page_and_pixel_are_told_before_anything_is_sent(sandbox, folder):
    """
    What the account lacks is named with the setting that brings it.
    """
    from _meta_adapter import connection
    from smmlib.adapters import connect_platform

    options = {"media_root": str(folder), "page": "", "pixel": ""}
    platform = connect_platform(
        connection(sandbox.details(), options=options), transport=sandbox.transport()
    )
    codes = {i.code for i in platform.wanted(a_plan()).issues if i.is_error}
    assert {"meta.page_missing", "meta.pixel_missing"} <= codes


@given(
    amount=st.integers(1, 10**9),
    # Six currencies of Meta's table exist no more.
    currency=st.sampled_from(sorted((tables.OFFSET_1 | tables.OFFSET_100) - GONE)),
)
def test_minor_units_come_back_as_the_same_amount(amount, currency):
    """
    For every currency of Meta's table: to the wire and back is the identity.
    """
    units = offset(currency)
    decimals = Money.zero(currency).decimals
    scale = min(decimals, 2) if units == 100 else 0
    money = Money(Decimal(amount).scaleb(-scale), currency)
    sent = minor(money)
    assert sent is not None
    assert sent.isdigit()
    assert money.amount == major(sent, currency)
    assert int(sent) == money.amount * units


@given(
    units=st.integers(1, 10**12).map(str),
    currency=st.sampled_from(sorted(tables.OFFSET_1 | tables.OFFSET_100)),
    name=st.sampled_from(MONEY),
)
def test_money_is_shown_as_people_write_it_and_sent_as_meta_takes_it(
    units, currency, name
):
    """
    There and back, for every currency of Meta's table, those that are gone included.
    """
    shown = with_money({name: units, "name": units}, currency)
    assert {name: units, "name": units} == with_units(shown)
    assert shown == with_money(shown, currency)
    assert (currency in GONE) == (shown[name] == units)


@pytest.mark.parametrize("text", ["", "much", "10.505 EUR", "10 XAF", "-5", "5.5 HUF"])
def test_what_is_no_money_of_metas_is_sent_as_it_is(text):
    """
    Meta's refusal names it; nothing is rounded in silence.
    """
    assert {"daily_budget": text} == with_units({"daily_budget": text})


def test_a_change_of_a_budget_shows_amounts(platform):
    """
    What a plan wants of money is read as money.
    """
    campaign = platform.wanted(a_plan()).resources
    found = {r.fields.get("lifetime_budget") for r in campaign}
    assert "16000.00 EUR" in found


def test_amounts_meta_cannot_take_are_none():
    """
    Half a forint, a third decimal, a currency it does not bill in.
    """
    assert minor(Money("10.50", "HUF")) is None
    assert minor(Money("10.505", "BHD")) is None
    assert minor(Money("10", "XAF")) is None
    assert "5000" == minor(Money("5000", "JPY"))
    assert "500000" == minor(Money("5000", "EUR"))


def test_resources_are_values(platform):
    """
    Asking twice gives the same answer.
    """
    first, second = platform.wanted(a_plan()), platform.wanted(a_plan())
    assert first == second
    assert attrs.fields_dict(type(first))
