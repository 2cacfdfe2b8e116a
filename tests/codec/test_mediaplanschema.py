"""
mediaplanschema 3.0: another tool's plan comes in, and goes out without a loss.
"""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

from smmlib import codec
from smmlib.errors import CodecError, Severity
from smmlib.model import Money
from smmlib.testing import strategies

_HERE = Path(__file__)
_SHARED = Path(
    os.environ.get("SMMLIB_SHARED_DATA", _HERE.parents[3] / "shared" / "data")
)
_SCHEMAS = _SHARED / "mediaplan_schema"
_LAUNCH = _HERE.with_name("launch.plan.yaml")

_needs_schema = pytest.mark.skipif(
    not _SCHEMAS.is_dir(), reason="the published schema is not beside the project"
)

_DOCUMENT = {
    "meta": {
        "id": "mp-1",
        "schema_version": "v3.0",
        "name": "Spring",
        "created_by_name": "Mila",
        "created_at": "2027-02-01T10:15:00+01:00",
        "is_current": True,
        "dim_custom1": "Q1",
    },
    "campaign": {
        "id": "c-1",
        "name": "Spring campaign",
        "objective": "Brand Awareness",
        "start_date": "2027-03-01",
        "end_date": "2027-03-31",
        "budget_total": 1000.5,
        "workflow_status_name": "In review",
        "advertiser_name": "Alpenkaffee GmbH",
        "product_name": "Box",
        "target_audiences": [
            {
                "name": "Home baristas",
                "description": "They grind",
                "demo_age_start": 25,
                "demo_age_end": 44,
                "demo_gender": "Female",
                "interest_attributes": "Espresso;  Latte art, Espresso",
                "purchase_attributes": "Buys beans",
                "population_size": 1000,
            },
            {"name": "Everybody", "demo_age_start": 5},
        ],
        "target_locations": [
            {
                "name": "DACH",
                "location_type": "Country",
                "location_list": ["Germany", "AT", "Atlantis"],
                "exclusion_type": "Country",
                "exclusion_list": ["UK"],
            },
            {"name": "Cities", "location_type": "DMA", "location_list": ["Berlin"]},
        ],
        "kpi_name1": "metric_leads",
        "kpi_value1": 20,
        "kpi_name2": "brand_love",
        "kpi_value2": 5,
        "kpi_name3": "CPL",
        "kpi_value3": 12.5,
    },
    "lineitems": [
        {
            "id": "li 1",
            "name": "Meta",
            "start_date": "2027-03-01",
            "end_date": "2027-03-31",
            "channel": "Digital",
            "vehicle": "Facebook, Instagram",
            "target_audience": "Home baristas",
            "buy_type": "CPM",
            "cost_total": 600.004,
            "cost_media": 500,
            "cost_buying": 60,
            "cost_creative": 40,
            "cost_minimum": 500,
            "metric_impressions": 90000,
            "metric_signup": 12,
            "metric_likes": 3,
            "kpi": "Leads",
            "kpi_value": 10,
        },
        {
            "id": "tv",
            "name": "Television",
            "start_date": "2027-03-01",
            "end_date": "2027-03-31",
            "vehicle": "ZDF",
            "cost_total": 300,
        },
        {
            "id": "x",
            "name": "Posts",
            "start_date": "2027-03-05",
            "end_date": "2027-03-06",
            "channel": "Organic Social",
            "vehicle": "Twitter",
            "target_audience": "Nobody",
            "cost_total": 0,
        },
        {
            "id": "sum",
            "name": "All of it",
            "start_date": "2027-03-01",
            "end_date": "2027-03-31",
            "vehicle": "Facebook",
            "is_aggregate": True,
            "cost_total": 900,
        },
    ],
    "dictionary": {"custom_costs": {"cost_custom1": {"status": "enabled"}}},
}


def _write(folder, document):
    """
    A document as a file.
    """
    path = folder / "plan.json"
    path.write_text(json.dumps(document, indent=1), "utf-8")
    return path


def _imported(folder, document, **arguments):
    """
    A document after it went through a file.
    """
    return codec.load_mediaplanschema(_write(folder, document), **arguments)


def _validate(document):
    """
    Check a document against the published schemas.
    """
    found = {p.name: json.loads(p.read_text()) for p in _SCHEMAS.glob("*.schema.json")}
    resources = [(name, Resource.from_contents(data)) for name, data in found.items()]
    Draft202012Validator(
        found["mediaplan.schema.json"],
        registry=Registry().with_resources(resources),
        format_checker=FormatChecker(),
    ).validate(document)


def test_a_foreign_plan_becomes_ours(tmp_path):
    """
    What both know is translated: money, days, networks, audiences, targets.
    """
    plan = _imported(tmp_path, _DOCUMENT, currency="EUR", zone="Europe/Berlin").plan

    assert ("mp-1", "Spring", "Mila") == (plan.project_id, plan.name, plan.author)
    assert "2027-03-01..2027-03-31" == str(plan.flight)
    assert "Europe/Berlin" == plan.zone
    assert Money("1000.50", "EUR") == plan.budget.total
    assert ("awareness", "in_review") == (plan.strategy.objective, plan.status)
    assert "Alpenkaffee GmbH" == plan.strategy.brand.advertiser
    assert [("leads", Decimal(20)), ("cost_per_lead", Money("12.50", "EUR"))] == [
        (goal.kpi, goal.target) for goal in plan.strategy.goals
    ]
    audience = plan.audiences["Home-baristas"]
    assert ("25-44", ("female",)) == (str(audience.age), audience.genders)
    assert ("Espresso", "Latte art") == audience.interests
    assert ["DE", "AT"] == [place.country for place in audience.places]
    assert ["GB"] == [place.country for place in audience.exclude_places]
    assert {"li-1", "x"} == set(plan.lines)
    line = plan.lines["li-1"]
    assert ("facebook", "instagram") == line.networks
    assert Money("600", "EUR") == line.cost == line.net
    assert {"impressions": 90000, "registrations": 12} == dict(line.expect)
    assert ("cpm", "Home-baristas") == (line.buy, line.audience)
    assert not plan.lines["x"].paid
    assert "2027-03-05..2027-03-06" == str(plan.lines["x"].flight)


def test_every_guess_is_reported_with_its_line(tmp_path):
    """
    Whatever was guessed, split, rounded or kept aside is named with place and line.
    """
    found = _imported(tmp_path, _DOCUMENT, currency="EUR").issues

    text = (tmp_path / "plan.json").read_text().splitlines()
    assert {
        ("meta", "schema.zone"),
        ("campaign.workflow_status_name", "schema.status"),
        ("campaign.objective", "schema.objective"),
        ("campaign.kpi_name2", "schema.kpi"),
        ("campaign.target_audiences[0].interest_attributes", "schema.split"),
        ("campaign.target_audiences[0].purchase_attributes", "schema.kept"),
        ("campaign.target_audiences[1].demo_age_start", "schema.age"),
        ("campaign.target_locations[0].location_list[0]", "schema.place"),
        ("campaign.target_locations[0].location_list[1]", "schema.place"),
        ("campaign.target_locations[0].location_list[2]", "schema.place"),
        ("campaign.target_locations[0].exclusion_list[0]", "schema.place"),
        ("campaign.target_locations[1].location_list[0]", "schema.place"),
        ("lineitems[0].id", "schema.key"),
        ("lineitems[0].cost_total", "schema.rounded"),
        ("lineitems[1].vehicle", "schema.vehicle"),
        ("lineitems[2].target_audience", "schema.audience"),
        ("lineitems[3].is_aggregate", "schema.aggregate"),
    } <= {(issue.path, issue.code) for issue in found}
    assert not any(issue.is_error for issue in found)
    atlantis = next(i for i in found if i.value == "Atlantis")
    assert Severity.WARNING is atlantis.severity
    assert "Atlantis" in text[atlantis.line - 1]


def test_what_smmlib_does_not_use_goes_out_again(tmp_path):
    """
    Fields, lines and dictionaries of the other tool survive import and export.
    """
    plan = _imported(tmp_path, _DOCUMENT, currency="EUR").plan

    out = codec.dump_mediaplanschema(plan)

    assert ["li-1", "tv", "x", "sum"] == [item["id"] for item in out["lineitems"]]
    assert _DOCUMENT["lineitems"][1] == out["lineitems"][1]
    assert _DOCUMENT["dictionary"] == out["dictionary"]
    assert 3 == out["lineitems"][0]["metric_likes"]
    assert "Q1" == out["meta"]["dim_custom1"]
    assert ("brand_love", 5) == (
        out["campaign"]["kpi_name2"],
        out["campaign"]["kpi_value2"],
    )
    raw = out["campaign"]["target_audiences"][0]
    assert "Espresso;  Latte art, Espresso" == raw["interest_attributes"]
    assert "Buys beans" == raw["purchase_attributes"]
    assert (
        _DOCUMENT["campaign"]["target_locations"] == out["campaign"]["target_locations"]
    )
    assert "EUR" == out["campaign"]["budget_currency"]


def test_import_export_import_is_the_identity(tmp_path):
    """
    A plan that came in, went out and came in again is the same plan.
    """
    first = _imported(tmp_path, _DOCUMENT, currency="EUR", zone="Europe/Berlin").plan

    again = _imported(tmp_path, codec.dump_mediaplanschema(first)).plan

    assert first == again


def test_our_whole_plan_survives_the_foreign_format(tmp_path):
    """
    Posts, people, creatives and all else the schema lacks ride along.
    """
    plan = codec.load(_LAUNCH)

    out = codec.dump_mediaplanschema(plan)

    assert plan == _imported(tmp_path, out).plan
    assert 33000 == out["campaign"]["budget_total"]
    assert {"posts", "people"} <= out["meta"]["custom_properties"]["smmlib"].keys()
    assert "lines" not in out["meta"]["custom_properties"]["smmlib"]


def test_an_edit_by_another_tool_is_not_overruled(tmp_path):
    """
    The schema's own fields count; smmlib's part only adds what they cannot say.
    """
    out = codec.dump_mediaplanschema(codec.load(_LAUNCH))
    out["campaign"]["budget_total"] = 40000
    out["lineitems"][0]["cost_total"] = 17000
    del out["lineitems"][2]

    plan = _imported(tmp_path, out).plan

    assert Money("40000", "EUR") == plan.budget.total
    assert Money("17000", "EUR") == plan.lines["meta-leads"].cost
    assert "x-teaser" not in plan.lines
    assert Money("3000", "EUR") == plan.budget.agency_fee


def test_places_that_changed_are_not_hidden_by_old_ones(tmp_path):
    """
    The other tool's target locations go out only while they are still true.
    """
    plan = _imported(tmp_path, _DOCUMENT, currency="EUR").plan
    moved = attrs.evolve(
        plan.audiences["Everybody"], places=plan.audiences["Home-baristas"].places[:1]
    )
    plan = attrs.evolve(plan, audiences={**plan.audiences, "Everybody": moved})

    out = codec.dump_mediaplanschema(plan)

    assert ["Germany"] == out["campaign"]["target_locations"][1]["location_list"]
    assert plan == _imported(tmp_path, out).plan


def test_a_missing_currency_is_asked_for_and_never_guessed(tmp_path):
    """
    Amounts without a currency are an error until somebody says which.
    """
    with pytest.raises(CodecError) as caught:
        _imported(tmp_path, _DOCUMENT)

    issue = caught.value.issues[0]
    assert ("campaign.budget_total", "schema.no_currency") == (issue.path, issue.code)
    assert 'currency="EUR"' in issue.hint


def test_a_stated_currency_wins_over_the_argument(tmp_path):
    """
    The file's own word counts, and the contradiction is told.
    """
    campaign = {**_DOCUMENT["campaign"], "budget_currency": "CHF"}
    document = {**_DOCUMENT, "campaign": campaign}

    found = _imported(tmp_path, document, currency="EUR")

    assert "CHF" == found.plan.budget.currency
    assert "schema.currency" in {issue.code for issue in found.issues}


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("meta", "schema_version"), "2.0", "schema.version"),
        (("meta", "id"), None, "key.missing"),
        (("meta",), 5, "type.wrong"),
        (("campaign", "start_date"), "01.03.2027", "time.date"),
        (("campaign", "end_date"), "2026-01-01", "flight.end_before_start"),
        (("campaign", "budget_total"), "1000", "type.wrong"),
        (("campaign", "budget_total"), -5, "money.not_positive"),
        (("campaign", "budget_total"), 1e30, "money.invalid"),
        (("campaign", "budget_currency"), "ZZZ", "money.currency"),
        (("lineitems",), {}, "type.wrong"),
        (("lineitems", 0, "cost_currency"), "ZZZ", "money.currency"),
        (("lineitems", 0, "cost_total"), None, "key.missing"),
        (("campaign", "kpi_value1"), True, "type.wrong"),
    ],
)
def test_a_document_that_cannot_be_a_plan_is_refused_with_its_place(
    path, value, code, tmp_path
):
    """
    Wrong versions, types, days and amounts are errors with path and line.
    """
    document = json.loads(json.dumps(_DOCUMENT))
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value

    with pytest.raises(CodecError) as caught:
        _imported(tmp_path, document, currency="EUR")

    assert code in {issue.code for issue in caught.value.issues}


def test_an_unknown_currency_argument_is_refused(tmp_path):
    """
    The argument is checked like any other currency.
    """
    with pytest.raises(CodecError, match="unknown currency"):
        _imported(tmp_path, _DOCUMENT, currency="ZZZ")


def test_kept_texts_that_are_no_json_are_refused_on_export():
    """
    A broken `extra` is named instead of lost.
    """
    plan = attrs.evolve(codec.load(_LAUNCH), extra={"mediaplanschema_meta": "{"})

    with pytest.raises(CodecError) as caught:
        codec.dump_mediaplanschema(plan)

    assert "extra.mediaplanschema_meta" == caught.value.issues[0].path


@given(plan=strategies.plans())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_plan_survives_the_foreign_format(plan, tmp_path):
    """
    Export then import is the identity for every plan.
    """
    path = tmp_path / "any.json"
    path.write_text(codec.dumps_mediaplanschema(plan), "utf-8")

    assert plan == codec.load_mediaplanschema(path).plan


@_needs_schema
@given(plan=strategies.plans())
@settings(max_examples=15)
def test_any_exported_plan_is_valid(plan):
    """
    Every document that is written follows the published schema.
    """
    _validate(codec.dump_mediaplanschema(plan))


@_needs_schema
def test_the_published_example_comes_in_and_goes_out(tmp_path):
    """
    The schema's own example is imported with a report, exported, valid, and the same.
    """
    path = _SCHEMAS / "example_mediaplan_v3.0.json"
    original = json.loads(path.read_text("utf-8"))

    found = codec.load_mediaplanschema(path)
    out = codec.dump_mediaplanschema(found.plan)

    _validate(out)
    assert original == out
    assert found.plan == _imported(tmp_path, out).plan
    assert {"Google", "YouTube"} <= {issue.value for issue in found.issues}
    assert all(issue.line for issue in found.issues)
