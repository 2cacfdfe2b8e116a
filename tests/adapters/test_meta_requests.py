from __future__ import annotations

import json
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest

from _meta_adapter import FakeClock, a_plan, creation, marker_of, png, set_up
from smmlib.adapters.meta import MetaPlatform
from smmlib.errors import InvalidRequestError, Outcome, UnexpectedResponseError
from smmlib.model import Flight
from smmlib.ports import Action, Connection, Kind, Operation, Secret

TOKEN = "sbx_goldengolden"
BASE = "http://127.0.0.1:9/meta"


class Wire:
    """
    Answers what it is told to, and keeps every request.
    """

    def __init__(self, *answers):
        self.answers = list(answers)
        self.requests = []

    def __call__(self, request):
        """
        The next answer, or a usual one.
        """
        self.requests.append(request)
        answer = self.answers.pop(0) if self.answers else {"id": "1"}
        if isinstance(answer, httpx.Response):
            return answer
        return httpx.Response(200, json=answer)

    def form(self, place=0):
        """
        The fields of a request's body.
        """
        return dict(parse_qsl(self.requests[place].content.decode()))

    def query(self, place=0):
        """
        The parameters of a request's address.
        """
        return dict(parse_qsl(urlsplit(str(self.requests[place].url)).query))


def _platform(wire, **options):
    connection = Connection(
        "meta",
        "act_42",
        token=Secret(TOKEN),
        base_url=BASE,
        options={"page": "7", "pixel": "8", **options},
    )
    return MetaPlatform.connect(
        connection, transport=httpx.MockTransport(wire), clock=FakeClock()
    )


def _create(kind, fields, **details):
    usual = {"address": "a", "marker": "k3f9abcdef", "name": "Spring"}
    return Operation(Action.CREATE, kind, fields=fields, **usual | details)


GOLDENS = {
    "campaign": (
        Kind.CAMPAIGN,
        {
            "objective": "OUTCOME_LEADS",
            "special_ad_categories": [],
            "lifetime_budget": "1600000",
            "bid_strategy": "LOWEST_COST_WITHOUT_CAP",
        },
        "/meta/v26.0/act_42/campaigns",
        {
            "name": "Spring",
            "objective": "OUTCOME_LEADS",
            "special_ad_categories": "[]",
            "lifetime_budget": "1600000",
            "bid_strategy": "LOWEST_COST_WITHOUT_CAP",
            "status": "PAUSED",
            "adlabels": '[{"name":"smm:k3f9abcdef"}]',
        },
    ),
    "campaign without budget": (
        Kind.CAMPAIGN,
        {
            "objective": "OUTCOME_TRAFFIC",
            "special_ad_categories": ["HOUSING"],
            "special_ad_category_country": ["DE"],
            "is_adset_budget_sharing_enabled": False,
        },
        "/meta/v26.0/act_42/campaigns",
        {
            "name": "Spring",
            "objective": "OUTCOME_TRAFFIC",
            "special_ad_categories": '["HOUSING"]',
            "special_ad_category_country": '["DE"]',
            "is_adset_budget_sharing_enabled": "false",
            "status": "PAUSED",
            "adlabels": '[{"name":"smm:k3f9abcdef"}]',
        },
    ),
    "ad set": (
        Kind.AD_SET,
        {
            "campaign_id": "11",
            "optimization_goal": "OFFSITE_CONVERSIONS",
            "billing_event": "IMPRESSIONS",
            "destination_type": "WEBSITE",
            "promoted_object": {"pixel_id": "8", "custom_event_type": "LEAD"},
            "daily_budget": "5000",
            "bid_strategy": "COST_CAP",
            "bid_amount": "250",
            "start_time": "2027-02-28T23:00:00Z",
            "end_time": "2027-04-11T22:00:00Z",
            "targeting": {
                "age_min": 25,
                "age_max": 44,
                "genders": [2],
                "geo_locations": {"countries": ["DE"]},
                "targeting_automation": {"advantage_audience": 0},
            },
            "dsa_payor": "Müller GmbH",
            "dsa_beneficiary": "Müller GmbH",
        },
        "/meta/v26.0/act_42/adsets",
        {
            "name": "Spring",
            "campaign_id": "11",
            "optimization_goal": "OFFSITE_CONVERSIONS",
            "billing_event": "IMPRESSIONS",
            "destination_type": "WEBSITE",
            "promoted_object": '{"custom_event_type":"LEAD","pixel_id":"8"}',
            "daily_budget": "5000",
            "bid_strategy": "COST_CAP",
            "bid_amount": "250",
            "start_time": "2027-02-28T23:00:00+0000",
            "end_time": "2027-04-11T22:00:00+0000",
            "targeting": '{"age_max":44,"age_min":25,"genders":[2],"geo_locations":'
            '{"countries":["DE"]},"targeting_automation":{"advantage_audience":0}}',
            "dsa_payor": "Müller GmbH",
            "dsa_beneficiary": "Müller GmbH",
            "status": "PAUSED",
            "adlabels": '[{"name":"smm:k3f9abcdef"}]',
        },
    ),
    "carousel": (
        Kind.CREATIVE,
        {
            "object_story_spec": {
                "page_id": "7",
                "link_data": {
                    "link": "https://a.example/",
                    "message": "Grüße",
                    "child_attachments": [
                        {"link": "https://a.example/1", "image_hash": "h1"},
                        {"link": "https://a.example/2", "image_hash": "h2"},
                    ],
                },
            },
            "url_tags": "utm_source=meta",
        },
        "/meta/v26.0/act_42/adcreatives",
        {
            "name": "Spring",
            "object_story_spec": '{"link_data":{"child_attachments":[{"image_hash":"h1"'
            ',"link":"https://a.example/1"},{"image_hash":"h2","link":'
            '"https://a.example/2"}],"link":"https://a.example/","message":'
            '"Gr\\u00fc\\u00dfe","multi_share_end_card":false,'
            '"multi_share_optimized":false},"page_id":"7"}',
            "url_tags": "utm_source=meta",
            "adlabels": '[{"name":"smm:k3f9abcdef"}]',
        },
    ),
    "ad": (
        Kind.AD,
        {"adset_id": "12", "creative_id": "13"},
        "/meta/v26.0/act_42/ads",
        {
            "name": "Spring",
            "adset_id": "12",
            "creative": '{"creative_id":"13"}',
            "status": "PAUSED",
            "adlabels": '[{"name":"smm:k3f9abcdef"}]',
        },
    ),
    "customer list": (
        Kind.AUDIENCE,
        {"customer_file_source": "USER_PROVIDED_ONLY"},
        "/meta/v26.0/act_42/customaudiences",
        {
            "name": "Spring [smm:k3f9abcdef]",
            "customer_file_source": "USER_PROVIDED_ONLY",
            "subtype": "CUSTOM",
        },
    ),
    "lookalike": (
        Kind.AUDIENCE,
        {
            "origin_audience_id": "14",
            "lookalike_spec": {"country": "DE", "ratio": "0.01"},
        },
        "/meta/v26.0/act_42/customaudiences",
        {
            "name": "Spring [smm:k3f9abcdef]",
            "origin_audience_id": "14",
            "lookalike_spec": '{"country":"DE","ratio":0.01}',
            "subtype": "LOOKALIKE",
        },
    ),
}


@pytest.mark.parametrize("case", GOLDENS.values(), ids=list(GOLDENS))
def test_creates_are_sent_field_by_field_as_documented(case):
    """
    Path, method and every form field of each kind of object.
    """
    kind, fields, path, form = case
    wire = Wire({"id": "99"})
    result = _platform(wire).execute([_create(kind, fields)])[0]
    assert (Outcome.APPLIED, "99") == (result.outcome, result.remote_id)
    request = wire.requests[0]
    assert ("POST", path) == (request.method, request.url.path)
    assert form == wire.form()
    assert "" == urlsplit(str(request.url)).query
    assert f"Bearer {TOKEN}" == request.headers["Authorization"]


def test_pictures_travel_as_files_that_carry_their_marker():
    """
    The file name holds marker and content; the answer's hash is the id.
    """
    wire = Wire({"images": {"x": {"hash": "abc123", "url": "https://x"}}})
    operation = _create(Kind.MEDIA, {}, name="img/größe a.png", content=png())
    result = _platform(wire).execute([operation])[0]
    assert (Outcome.APPLIED, "abc123") == (result.outcome, result.remote_id)
    body = wire.requests[0].content
    assert b'filename="smm-k3f9abcdef-' in body
    assert b'-gr-e-a.png"' in body
    assert png() in body


@pytest.mark.parametrize(
    ("operation", "method", "path", "form"),
    [
        (
            Operation(Action.ACTIVATE, Kind.AD, address="a", remote_id="5"),
            "POST",
            "/meta/v26.0/5",
            {"status": "ACTIVE"},
        ),
        (
            Operation(Action.PAUSE, Kind.AD_SET, address="a", remote_id="5"),
            "POST",
            "/meta/v26.0/5",
            {"status": "PAUSED"},
        ),
        (
            Operation(Action.ARCHIVE, Kind.CAMPAIGN, address="a", remote_id="5"),
            "POST",
            "/meta/v26.0/5",
            {"status": "ARCHIVED"},
        ),
        (
            Operation(Action.ARCHIVE, Kind.CREATIVE, address="a", remote_id="5"),
            "DELETE",
            "/meta/v26.0/5",
            {},
        ),
        (
            Operation(
                Action.UPDATE,
                Kind.AD_SET,
                address="a",
                remote_id="5",
                name="N",
                fields={"end_time": None, "daily_budget": "600"},
            ),
            "POST",
            "/meta/v26.0/5",
            {"end_time": "0", "daily_budget": "600", "name": "N"},
        ),
    ],
)
def test_changes_are_absolute(operation, method, path, form):
    """
    Status and values are set, never moved by an amount.
    """
    wire = Wire({"success": True})
    result = _platform(wire).execute([operation])[0]
    assert Outcome.APPLIED is result.outcome
    assert (method, path) == (wire.requests[0].method, wire.requests[0].url.path)
    assert form == wire.form()


def test_a_batch_holds_its_calls_in_order():
    """
    Relative addresses without version, bodies encoded, answers aligned.
    """
    wire = Wire(
        [
            {"code": 200, "body": '{"id": "21"}', "headers": []},
            {"code": 400, "body": '{"error": {"code": 100, "message": "no"}}'},
            None,
        ]
    )
    operations = [
        _create(Kind.AD, {"adset_id": "1", "creative_id": str(n)}, address=f"a{n}")
        for n in range(4)
    ]
    results = _platform(wire).execute(operations)
    applied, refused, unknown = Outcome.APPLIED, Outcome.NOT_APPLIED, Outcome.UNKNOWN
    assert [applied, refused, unknown, unknown] == [r.outcome for r in results]
    assert ["21", "", "", ""] == [r.remote_id for r in results]
    assert ("POST", "/meta/v26.0/") == (
        wire.requests[0].method,
        wire.requests[0].url.path,
    )
    calls = json.loads(wire.form()["batch"])
    assert ["act_42/ads"] * 4 == [call["relative_url"] for call in calls]
    bodies = [parse_qs(call["body"]) for call in calls]
    assert [[f'{{"creative_id":"{n}"}}'] for n in range(4)] == [
        body["creative"] for body in bodies
    ]
    assert 1 == len(wire.requests)


@pytest.mark.parametrize(
    "item",
    [
        {},
        [],
        "x",
        7,
        {"code": 200},
        {"code": "x", "body": "{}"},
        {"code": 200, "body": "{"},
        {"code": 200, "body": "[]"},
        {"code": 200, "body": "{}"},
        {"code": 500, "body": "{}"},
        {"code": 200, "body": '{"id": ""}'},
        {"code": 200, "body": '{"id": null}', "headers": 4},
    ],
)
def test_an_unreadable_batch_answer_leaves_its_create_open(item):
    """
    Whatever stands there instead of an id: unknown, and the neighbour is fine.
    """
    wire = Wire([item, {"code": 200, "body": '{"id": "22"}'}])
    operations = [
        _create(Kind.AD, {"adset_id": "1", "creative_id": "2"}, address=a) for a in "xy"
    ]
    results = _platform(wire).execute(operations)
    assert [Outcome.UNKNOWN, Outcome.APPLIED] == [r.outcome for r in results]
    assert 1 == len(wire.requests)


def test_lost_changes_of_a_batch_are_sent_again_alone():
    """
    Absolute changes that were not answered are safe to repeat.
    """
    wire = Wire([None, {"code": 200, "body": '{"success": true}'}], {"success": True})
    operations = [
        Operation(Action.PAUSE, Kind.AD, address=a, remote_id=a) for a in ("5", "6")
    ]
    results = _platform(wire).execute(operations)
    assert [Outcome.APPLIED] * 2 == [r.outcome for r in results]
    assert ["/meta/v26.0/", "/meta/v26.0/5"] == [r.url.path for r in wire.requests]


def test_the_report_asks_for_days_ads_networks_and_the_departed():
    """
    Level, increment, breakdown, range, filter and page size of the report.
    """
    wire = Wire({"data": []})
    flight = Flight.parse("2027-03-01..2027-03-14", "Europe/Berlin")
    assert [] == list(_platform(wire).metrics(flight))
    query = wire.query()
    assert "/meta/v26.0/act_42/insights" == wire.requests[0].url.path
    assert ("ad", "1", "publisher_platform") == (
        query["level"],
        query["time_increment"],
        query["breakdowns"],
    )
    assert {"since": "2027-03-01", "until": "2027-03-14"} == json.loads(
        query["time_range"]
    )
    statuses = json.loads(query["filtering"])[0]["value"]
    assert {"ARCHIVED", "DELETED", "PAUSED", "ACTIVE"} <= set(statuses)


def _row(**changes):
    usual = {
        "ad_id": "3",
        "adset_id": "2",
        "campaign_id": "1",
        "account_currency": "EUR",
        "date_start": "2027-03-01",
        "date_stop": "2027-03-01",
        "spend": "12.345678",
        "impressions": "1000",
        "publisher_platform": "facebook",
    }
    return usual | changes


def _metrics(*pages):
    wire = Wire(*pages)
    flight = Flight.parse("2027-03-01..2027-03-02", "Europe/Berlin")
    return wire, list(_platform(wire).metrics(flight))


def test_one_event_under_several_names_counts_once():
    """
    The whole counts; its parts only where there is no whole.
    """
    pixel = "offsite_conversion.fb_pixel_complete_registration"
    actions = [
        {"action_type": "complete_registration", "value": "5"},
        {"action_type": pixel, "value": "5"},
        {"action_type": "offsite_conversion.fb_pixel_lead", "value": "3"},
        {"action_type": "purchase", "value": "2"},
    ]
    values = [{"action_type": "purchase", "value": "79.98"}]
    _, rows = _metrics({"data": [_row(actions=actions, action_values=values)]})
    row = rows[0]
    assert (5, 3, 2) == (row.registrations, row.leads, row.conversions)
    assert ("79.98", "12.345678") == (str(row.revenue), str(row.spend))
    assert (0, 1000, None) == (row.visits, row.impressions, row.reach)


def test_empty_pages_that_have_a_next_one_are_passed():
    """
    A page without rows is not the end of the list.
    """
    following = {
        "cursors": {"after": "b"},
        "next": f"https://x/?after=b&access_token={TOKEN}",
    }
    wire, rows = _metrics(
        {"data": [_row()], "paging": {"cursors": {"after": "a"}, "next": "https://x"}},
        {"data": [], "paging": following},
        {"data": [], "paging": {"next": f"https://x/?access_token={TOKEN}&after=c"}},
        {"data": [_row(ad_id="4")], "paging": {"cursors": {"after": "d"}}},
    )
    assert ["3", "4"] == [row.ad for row in rows]
    assert [None, "a", "b", "c"] == [wire.query(n).get("after") for n in range(4)]
    assert all(TOKEN not in str(request.url) for request in wire.requests)


def test_a_report_that_is_too_large_is_asked_for_in_halves():
    """
    The halves hold the same rows; a single day is left to a run of Meta's, and where
    even that is too large there is an error.
    """
    too_much = httpx.Response(
        400, json={"error": {"code": 100, "error_subcode": 1487534, "message": "big"}}
    )
    wire, rows = _metrics(too_much, {"data": [_row()]}, {"data": [_row(ad_id="4")]})
    assert ["3", "4"] == [row.ad for row in rows]
    ranges = [json.loads(wire.query(n)["time_range"]) for n in range(3)]
    assert [
        ("2027-03-01", "2027-03-02"),
        ("2027-03-01", "2027-03-01"),
        ("2027-03-02", "2027-03-02"),
    ] == [(r["since"], r["until"]) for r in ranges]
    with pytest.raises(InvalidRequestError):
        _metrics(too_much, too_much, too_much)


def test_long_flights_are_reported_piece_by_piece():
    """
    Every day is asked for exactly once, a month or so at a time.
    """
    wire = Wire(*[{"data": []}] * 99)
    flight = Flight.parse("2027-01-15..2027-06-20", "Europe/Berlin")
    assert [] == list(_platform(wire).metrics(flight))
    ranges = [
        json.loads(wire.query(n)["time_range"]) for n in range(len(wire.requests))
    ]
    days = [
        day
        for r in ranges
        for day in Flight.parse(f"{r['since']}..{r['until']}", "UTC").dates()
    ]
    assert list(flight.dates()) == days
    assert 5 == len(ranges)


def test_pages_that_go_round_in_circles_are_left():
    """
    A repeated cursor is an error, not an endless loop.
    """
    page = {"data": [], "paging": {"cursors": {"after": "a"}, "next": "https://x"}}
    with pytest.raises(UnexpectedResponseError, match="circles"):
        _metrics(page, page, page)


def test_a_next_page_nobody_can_reach_is_told():
    """
    Rows are never dropped silently.
    """
    with pytest.raises(UnexpectedResponseError, match="cursor"):
        _metrics({"data": [], "paging": {"next": "https://x"}})


def test_networks_we_do_not_name_are_kept_in_the_breakdown():
    """
    Money spent on the audience network is not lost.
    """
    _, rows = _metrics({"data": [_row(publisher_platform="audience_network")]})
    assert rows[0].network is None
    assert {"publisher_platform": "audience_network"} == dict(rows[0].breakdown)


def test_every_parameter_we_send_is_in_the_contract(platform, sandbox):
    """
    The emulated platform refuses unknown parameters, and it accepted all of ours.
    """
    wanted = platform.wanted(a_plan())
    ids = set_up(platform, wanted.resources)
    assert len(wanted.resources) == len(ids)
    assert all(row["status"] == 200 for row in sandbox.log.to_json())
    assert creation(wanted.resources[0], {}, marker_of(wanted.resources[0]))
