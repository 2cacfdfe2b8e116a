from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from _meta_adapter import (
    a_campaign,
    a_plan,
    audiences,
    creation,
    evolve,
    marker_of,
    resolve,
    set_up,
)
from smmlib import AdBudget, AdSet, Flight, Money, Network
from smmlib.errors import NotFoundError, Outcome
from smmlib.model import Delivery, Status
from smmlib.ports import Action, Kind, Operation


def _change(action, kind, remote_id, **details):
    usual = {"address": "campaigns.leads", "remote_id": remote_id}
    return Operation(action, kind, **usual | details)


def _many(sets, ads):
    names = {f"ad{n}": "single" for n in range(ads)}
    from smmlib import Ad

    return {
        f"set{n}": AdSet("visitors", {k: Ad(v) for k, v in names.items()})
        for n in range(sets)
    }


def test_what_was_created_reads_back_as_it_was_wanted(door):
    """
    Through both doors: fields, name, marker and a paused status, for every object.
    """
    wanted = door.wanted(a_plan())
    assert [] == [issue for issue in wanted.issues if issue.is_error]
    ids = set_up(door, wanted.resources)
    for resource in wanted.resources:
        own = ids[resource.address]
        remote = door.read(resource.kind, [own])[own]
        assert resolve(resource.fields, ids) == dict(remote.fields)
        assert marker_of(resource) == remote.marker
        if resource.kind is not Kind.MEDIA:
            assert resource.name == remote.name
        if resource.kind in {Kind.CAMPAIGN, Kind.AD_SET, Kind.AD}:
            assert Status.PAUSED is remote.status
        assert remote.created_at is None or remote.created_at.tzinfo is not None


def test_everything_is_found_by_its_marker_alone(door):
    """
    Without any memory of ids each object is found, once, and nothing else.
    """
    wanted = door.wanted(a_plan())
    ids = set_up(door, wanted.resources)
    for resource in wanted.resources:
        found = door.find(resource.kind, [marker_of(resource), "nobodyhasit"])
        assert [ids[resource.address]] == [remote.id for remote in found]
    assert () == door.find(Kind.CAMPAIGN, ["nobodyhasit"])
    assert () == door.find(Kind.CAMPAIGN, [])


def test_one_read_serves_many_objects(platform, sandbox):
    """
    Fifty objects are one request, and unknown ids are simply missing.
    """
    plan = a_plan(campaigns={"leads": a_campaign(ad_sets=_many(1, 30))})
    ids = set_up(platform, platform.wanted(plan).resources)
    ads = [own for address, own in ids.items() if address.split(".")[-2] == "ads"]
    before = len(sandbox.log)
    found = platform.read(Kind.AD, [*ads, "99999999", ads[0]])
    assert set(ads) == set(found)
    # One batch, and nobody else is asked for what does not exist.
    assert 1 == len(sandbox.log) - before
    assert {} == platform.read(Kind.AD, ["99999999"])
    assert {} == platform.read(Kind.AD, [])


def test_creates_go_in_batches_with_sibling_ad_sets_apart(platform, sandbox):
    """
    Ads share requests; ad sets of one campaign never do.
    """
    plan = a_plan(campaigns={"leads": a_campaign(ad_sets=_many(3, 10))})
    wanted = platform.wanted(plan)
    before = len(sandbox.log)
    ids = set_up(platform, wanted.resources)
    assert len(wanted.resources) == len(ids)
    # Audiences in one request, one picture, one campaign, three ad sets, thirty
    # creatives in one request and thirty ads in another.
    assert 1 + 1 + 1 + 3 + 1 + 1 == len(sandbox.log) - before


def test_twins_are_told_oldest_first(platform, sandbox):
    """
    Two objects with one marker both show, the elder in front.
    """
    wanted = platform.wanted(a_plan())
    campaign = next(r for r in wanted.resources if r.kind is Kind.CAMPAIGN)
    first = platform.execute([creation(campaign, {}, "twin")])[0].remote_id
    sandbox.advance(60)
    second = platform.execute([creation(campaign, {}, "twin")])[0].remote_id
    assert [first, second] == [r.id for r in platform.find(Kind.CAMPAIGN, ["twin"])]


def test_updates_change_what_they_name_and_nothing_else(door):
    """
    A new budget and name arrive; everything else stays.
    """
    wanted = door.wanted(a_plan())
    ids = set_up(door, wanted.resources)
    own = ids["campaigns.leads"]
    before = door.read(Kind.CAMPAIGN, [own])[own]
    result = door.execute(
        [
            _change(
                Action.UPDATE,
                Kind.CAMPAIGN,
                own,
                name="New name",
                fields={"lifetime_budget": "17000.00 EUR"},
            )
        ]
    )[0]
    after = door.read(Kind.CAMPAIGN, [own])[own]
    assert (Outcome.APPLIED, own) == (result.outcome, result.remote_id)
    assert "New name" == after.name
    assert {**before.fields, "lifetime_budget": "17000.00 EUR"} == dict(after.fields)
    assert before.marker == after.marker


def test_targeting_of_an_ad_set_can_be_replaced(platform):
    """
    Another audience for the same ad set reads back as it was wanted.
    """
    ids = set_up(platform, platform.wanted(a_plan()).resources)
    address = "campaigns.leads.ad_sets.baristas"
    others = audiences()
    others["baristas"] = evolve(others["baristas"], age=None, genders=["female"])
    new = next(
        r
        for r in platform.wanted(a_plan(audiences=others)).resources
        if r.address == address
    )
    fields = resolve(new.fields, ids)
    own = ids[address]
    change = {"targeting": fields["targeting"]}
    result = platform.execute(
        [_change(Action.UPDATE, Kind.AD_SET, own, fields=change)]
    )[0]
    assert result.error is None
    assert fields == dict(platform.read(Kind.AD_SET, [own])[own].fields)


def test_an_ad_takes_a_new_creative(platform):
    """
    Contents never change; the ad is given another creative.
    """
    ids = set_up(platform, platform.wanted(a_plan()).resources)
    base = "campaigns.leads.ad_sets"
    ad = ids[f"{base}.visitors.ads.again"]
    other = ids[f"{base}.baristas.ads.taste.creative"]
    change = _change(Action.UPDATE, Kind.AD, ad, fields={"creative_id": other})
    assert platform.execute([change])[0].error is None
    assert other == platform.read(Kind.AD, [ad])[ad].fields["creative_id"]


def test_ads_run_only_after_activation_and_stop_when_paused(door, sandbox):
    """
    Activation goes children first; what is reported follows.
    """
    ids = set_up(door, door.wanted(a_plan()).resources)
    ad = ids["campaigns.leads.ad_sets.baristas.ads.taste"]
    kinds = {"ads": Kind.AD, "ad_sets": Kind.AD_SET, "campaigns": Kind.CAMPAIGN}
    running = [
        (kind, own)
        for name, kind in kinds.items()
        for address, own in ids.items()
        if address.split(".")[-2] == name
    ]
    for kind, own in running:
        result = door.execute([_change(Action.ACTIVATE, kind, own)])[0]
        assert Outcome.APPLIED is result.outcome
    assert Delivery.IN_REVIEW is door.read(Kind.AD, [ad])[ad].delivery
    sandbox.advance(days=1)
    assert Delivery.DELIVERING is door.read(Kind.AD, [ad])[ad].delivery
    campaign = ids["campaigns.leads"]
    door.execute([_change(Action.PAUSE, Kind.CAMPAIGN, campaign)])
    assert Delivery.PARENT_PAUSED is door.read(Kind.AD, [ad])[ad].delivery
    assert Status.PAUSED is door.read(Kind.CAMPAIGN, [campaign])[campaign].status


def test_archived_objects_are_no_longer_live(door):
    """
    They can be read by id, and are not found by marker; archiving twice is fine.
    """
    wanted = door.wanted(a_plan())
    ids = set_up(door, wanted.resources)
    own = ids["campaigns.leads"]
    marker = marker_of(next(r for r in wanted.resources if r.kind is Kind.CAMPAIGN))
    for _ in range(2):
        result = door.execute([_change(Action.ARCHIVE, Kind.CAMPAIGN, own)])[0]
        assert Outcome.APPLIED is result.outcome
    assert Status.ARCHIVED is door.read(Kind.CAMPAIGN, [own])[own].status
    assert () == door.find(Kind.CAMPAIGN, [marker])


@pytest.mark.parametrize("kind", [Kind.CAMPAIGN, Kind.AD_SET, Kind.AD, Kind.CREATIVE])
def test_archiving_what_is_gone_is_done(platform, kind):
    """
    An object somebody deleted needs no more archiving.
    """
    result = platform.execute([_change(Action.ARCHIVE, kind, "120999")])[0]
    assert (Outcome.APPLIED, None) == (result.outcome, result.error)


def test_a_refusal_names_the_place_in_the_plan(platform):
    """
    Meta blames a parameter; a person gets the part of the plan it came from.
    """
    ids = set_up(platform, platform.wanted(a_plan()).resources)
    address = "campaigns.leads"
    low = {"lifetime_budget": "1"}
    change = _change(Action.UPDATE, Kind.CAMPAIGN, ids[address], fields=low)
    error = platform.execute([change])[0].error
    assert ["campaigns.leads.budget"] == [issue.path for issue in error.issues]
    assert error.issues[0].hint
    assert error.fields


@pytest.mark.parametrize("kind", [Kind.MEDIA, Kind.AUDIENCE])
def test_shared_things_are_left_alone(platform, sandbox, kind):
    """
    Uploads and known people cost nothing and others use them: nothing is sent.
    """
    before = len(sandbox.log)
    result = platform.execute([_change(Action.ARCHIVE, kind, "1")])[0]
    assert Outcome.APPLIED is result.outcome
    assert before == len(sandbox.log)


def test_results_stand_in_the_order_of_operations(platform):
    """
    One that fails leaves its neighbours and their places alone.
    """
    ids = set_up(platform, platform.wanted(a_plan()).resources)
    own = ids["campaigns.leads"]
    results = platform.execute(
        [
            _change(Action.PAUSE, Kind.CAMPAIGN, own, address="a"),
            _change(Action.PAUSE, Kind.CAMPAIGN, "120999", address="b"),
            _change(Action.PAUSE, Kind.CAMPAIGN, own, address="c"),
        ]
    )
    assert ["a", "b", "c"] == [r.address for r in results]
    applied, not_applied = Outcome.APPLIED, Outcome.NOT_APPLIED
    assert [applied, not_applied, applied] == [r.outcome for r in results]
    assert isinstance(results[1].error, NotFoundError)
    assert "b" == results[1].error.address
    assert () == platform.execute([])


def test_the_same_picture_is_uploaded_once(platform, folder):
    """
    Two paths with one content are one upload.
    """
    (folder / "img" / "b.png").write_bytes((folder / "img" / "a.png").read_bytes())
    resources = platform.wanted(a_plan()).resources
    assert ["media.img/a.png"] == [r.address for r in resources if r.kind is Kind.MEDIA]


def test_daily_numbers_come_per_ad_and_network(door, sandbox):
    """
    Through both doors and many pages: spend adds up, and an archived ad still counts.
    """
    ids = set_up(door, door.wanted(a_plan()).resources)
    _activate(door, ids)
    sandbox.advance(days=21)
    flight = Flight.parse("2027-03-01..2027-03-14", "Europe/Berlin")
    rows = list(door.metrics(flight))
    assert {Network.FACEBOOK, Network.INSTAGRAM} == {row.network for row in rows}
    assert set(flight.dates()) >= {row.on for row in rows}
    assert {ids["campaigns.leads"]} == {row.campaign for row in rows}
    assert all(isinstance(row.spend, Decimal) and row.currency == "EUR" for row in rows)
    assert len(rows) == len({(row.on, row.ad, row.network) for row in rows})
    total = sum(row.spend for row in rows)
    assert 0 < total <= 16000
    assert sum(row.link_clicks for row in rows) >= sum(row.visits for row in rows) > 0
    assert sum(row.registrations for row in rows) > 0
    assert total == door.spent(flight)
    ad = ids["campaigns.leads.ad_sets.baristas.ads.taste"]
    door.execute([_change(Action.ARCHIVE, Kind.AD, ad)])
    assert total == sum(row.spend for row in door.metrics(flight))


def test_numbers_span_pages(platform, sandbox, monkeypatch):
    """
    The same rows come in pages of any size.
    """
    from smmlib.adapters.meta import _tables

    ids = set_up(platform, platform.wanted(a_plan()).resources)
    _activate(platform, ids)
    sandbox.advance(days=14)
    flight = Flight.parse("2027-03-01..2027-03-07", "Europe/Berlin")
    whole = list(platform.metrics(flight))
    monkeypatch.setattr(_tables, "REPORT_PAGE", 3)
    assert whole == list(platform.metrics(flight))
    assert len(whole) > 6


def _activate(platform, ids):
    for kind, name in ((Kind.AD, "ads"), (Kind.AD_SET, "ad_sets")):
        for address, own in ids.items():
            if address.split(".")[-2] == name:
                platform.execute([_change(Action.ACTIVATE, kind, own)])
    own = ids["campaigns.leads"]
    platform.execute([_change(Action.ACTIVATE, Kind.CAMPAIGN, own)])


def test_budgets_of_ad_sets_read_back(platform):
    """
    The other level of budgets, with daily money and a bid cap.
    """
    from smmlib import Bid

    sets = {
        "one": AdSet(
            "baristas",
            ["single"],
            budget=AdBudget(daily=Money("50", "EUR")),
            bid=Bid("cost_cap", Money("2.50", "EUR")),
        )
    }
    plan = a_plan(campaigns={"leads": a_campaign(budget=None, ad_sets=sets)})
    wanted = platform.wanted(plan)
    ids = set_up(platform, wanted.resources)
    for resource in wanted.resources:
        own = ids[resource.address]
        remote = platform.read(resource.kind, [own])[own]
        assert resolve(resource.fields, ids) == dict(remote.fields)
    ad_set = next(r for r in wanted.resources if r.kind is Kind.AD_SET)
    assert Money("50", "EUR") == ad_set.daily_exposure
    assert Money("2100", "EUR") == ad_set.exposure
    assert timedelta(days=42) >= a_plan().flight.duration


def test_the_size_of_an_audience_is_told(platform):
    """
    An estimate while a plan is written; narrower is never larger.
    """
    wide = evolve(audiences()["baristas"], exclude=[], interests=[])
    narrow = evolve(wide, interests=["Espresso"])
    assert platform.estimate(wide).low > platform.estimate(narrow).low > 0


@pytest.mark.parametrize(
    ("kind", "query", "name"),
    [
        ("interest", "espresso", "Espresso"),
        ("city", "Zurich", "Zurich"),
        ("profession", "office manager", "Office Manager"),
        ("country", "Germany", "Germany"),
        ("language", "German", "German"),
    ],
)
def test_names_are_searched_once(platform, sandbox, kind, query, name):
    """
    The first search asks the platform, the second remembers.
    """
    found = platform.search(kind, query)
    assert name.casefold()[:4] in found[0].name.casefold().replace("ü", "u")
    before = len(sandbox.log)
    assert found == platform.search(kind, f" {query.upper()} ")
    assert before == len(sandbox.log)
