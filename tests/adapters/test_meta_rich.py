from __future__ import annotations

import httpx
import pytest

from _meta_adapter import (
    FakeClock,
    a_campaign,
    a_plan,
    creatives,
    evolve,
    resolve,
    set_up,
)
from smmlib import (
    Ad,
    AdSet,
    AgeRange,
    Audience,
    Card,
    CustomAudience,
    Lookalike,
    Money,
    Place,
    Radius,
)
from smmlib.adapters import SystemClock
from smmlib.adapters._http import Repeat
from smmlib.adapters._patience import retry_after
from smmlib.adapters.meta import MetaPlatform
from smmlib.adapters.meta import _media as media
from smmlib.adapters.meta._parse import remote_of
from smmlib.errors import (
    InvalidRequestError,
    Outcome,
    UnexpectedResponseError,
    UnsupportedError,
    ValidationError,
)
from smmlib.model import AdBudget, Delivery
from smmlib.ports import Action, Connection, Kind, Operation, Secret
from smmlib.sandbox import Sandbox

NOW = FakeClock().now()
SET = "campaigns.leads.ad_sets.one"

RICH = {
    "traits and narrowing": Audience(
        age=AgeRange(30),
        genders=["female"],
        places=[Place("DE")],
        interests=["Espresso", "Coffee machines"],
        professions=["Office Manager"],
        industries=["Software Development"],
        behaviours=["Frequent travellers"],
    ).narrow(interests=["Coffeehouses"]),
    "regions and cities": Audience(
        places=[
            Place("DE", region="Bavaria"),
            Place("US", region="Illinois", city="Springfield", radius=Radius(20, "mi")),
            Place("DE", city="Berlin"),
        ],
        exclude_places=[Place("DE", city="Munich"), Place("CH")],
    ),
    "languages": Audience(places=[Place("DE")], languages=["en", "de-AT"]),
    "both genders": Audience(places=[Place("DE")], genders=["male", "female"]),
    "known people": Audience(
        places=[Place("AT")],
        retarget=[
            CustomAudience("site_visitors", days=7),
            CustomAudience("customer_list", "crm"),
        ],
        exclude=[CustomAudience("site_visitors", days=180)],
    ),
    "lookalike": Audience(
        places=[Place("DE")],
        lookalike=Lookalike("seed", "DE", percent=2),
        exclude=["seed"],
    ),
}


def _plan(audience, creative="single", **changes):
    sets = {"one": AdSet("people", {"ad": Ad(creative)})}
    known = {
        "people": audience,
        "seed": Audience(retarget=[CustomAudience("site_visitors", days=90)]),
    }
    campaigns = {"leads": a_campaign(ad_sets=sets)}
    return a_plan(audiences=known, campaigns=campaigns, **changes)


@pytest.mark.parametrize("audience", RICH.values(), ids=list(RICH))
def test_all_that_an_audience_can_say_reads_back(platform, audience):
    """
    Every kind of targeting, created and read again without a difference.
    """
    wanted = platform.wanted(_plan(audience))
    assert [] == [i for i in wanted.issues if i.is_error]
    ids = set_up(platform, wanted.resources)
    for resource in wanted.resources:
        own = ids[resource.address]
        remote = platform.read(resource.kind, [own])[own]
        assert resolve(resource.fields, ids) == dict(remote.fields)
        assert resource.fields


@pytest.mark.parametrize("count", [2, 5, 6, 10])
def test_carousels_of_any_length_read_back(platform, count):
    """
    Up to five cards in the plan's order, more in the order Meta prefers.
    """
    cards = [Card("img/a.png", f"Card {n}") for n in range(count)]
    long = {"single": evolve(creatives()["taste"], cards=cards)}
    audience = Audience(places=[Place("DE")])
    wanted = platform.wanted(_plan(audience, creatives=long))
    ids = set_up(platform, wanted.resources)
    address = f"{SET}.ads.ad.creative"
    own = ids[address]
    fields = dict(platform.read(Kind.CREATIVE, [own])[own].fields)
    assert resolve(_fields(wanted, address), ids) == fields
    link = fields["object_story_spec"]["link_data"]
    assert count == len(link["child_attachments"])
    assert (count > 5) is link.get("multi_share_optimized", False)


def _fields(wanted, address):
    return next(r.fields for r in wanted.resources if r.address == address)


def test_a_picture_on_the_web_is_named_not_uploaded(platform):
    """
    Meta fetches it itself.
    """
    web = {"single": evolve(creatives()["single"], image="https://a.example/p.png")}
    wanted = platform.wanted(_plan(Audience(places=[Place("DE")]), creatives=web))
    assert Kind.MEDIA not in {r.kind for r in wanted.resources}
    story = _fields(wanted, f"{SET}.ads.ad.creative")["object_story_spec"]
    assert "https://a.example/p.png" == story["link_data"]["picture"]


def test_a_picture_that_is_too_large_is_refused(platform, monkeypatch):
    """
    Before it is read into memory.
    """
    monkeypatch.setattr(media, "IMAGE_BYTES", 10)
    found = platform.wanted(_plan(Audience(places=[Place("DE")]))).issues
    assert "media.size" in {i.code for i in found}


def test_engagers_are_described_by_the_page(platform):
    """
    People who engaged with the page, as a rule on its events.
    """
    audience = Audience(places=[Place("DE")], retarget=[CustomAudience("engagers")])
    rule = _fields(platform.wanted(_plan(audience)), "audiences.people")["rule"]
    one = rule["inclusions"]["rules"][0]
    assert "page" == one["event_sources"][0]["type"]
    assert 30 * 86_400 == one["retention_seconds"]


@pytest.mark.parametrize(
    ("kind", "longest"),
    [("site_visitors", 180), ("engagers", 365), ("lead_form", 90), ("app_users", 180)],
)
def test_known_people_come_from_many_sources(platform, kind, longest):
    """
    The site, the page, a form, an app: made, read back, and imported as they were.
    """
    meta = platform._api
    form = meta.write(
        f"{platform._settings.page}/leadgen_forms",
        {
            "name": "Box",
            "questions": [{"type": "EMAIL"}],
            "privacy_policy": {"url": "https://alpenkaffee.example/p"},
            "follow_up_action_url": "https://alpenkaffee.example/",
        },
        repeat=Repeat.UPDATE,
    )["id"]
    app = Sandbox(seed=7).details()["platforms"]["meta"]["app_id"]
    source = {"lead_form": form, "app_users": app}.get(kind, "")
    known = CustomAudience(kind, source, days=longest)
    wanted = platform.wanted(_plan(Audience(places=[Place("DE")], retarget=[known])))
    assert [] == [issue for issue in wanted.issues if issue.is_error]
    ids = set_up(platform, wanted.resources)
    (resource,) = [r for r in wanted.resources if r.kind is Kind.AUDIENCE]
    (remote,) = platform.read(Kind.AUDIENCE, [ids[resource.address]]).values()
    assert resource.fields == remote.fields
    people = platform.import_account().plan.audiences.values()
    found = [one for who in people for one in who.retarget]
    assert [(kind, longest)] * len(found) == [(str(r.kind), r.days) for r in found]
    assert found
    more = CustomAudience(kind, source, days=longest + 1)
    told = platform.wanted(_plan(Audience(places=[Place("DE")], retarget=[more])))
    assert "meta.look_back" in {issue.code for issue in told.issues}


@pytest.mark.parametrize("kind", ["lead_form", "app_users"])
def test_a_form_or_app_has_to_be_named(platform, kind):
    """
    There are many of them; nothing is guessed.
    """
    audience = Audience(places=[Place("DE")], retarget=[CustomAudience(kind)])
    codes = {issue.code for issue in platform.wanted(_plan(audience)).issues}
    assert "meta.retarget_source" in codes


@pytest.mark.parametrize(
    ("currency", "amount"), [("HUF", "5000.50"), ("XAF", "5000"), ("USD", "50")]
)
def test_money_that_cannot_be_sent_is_an_issue(platform, currency, amount):
    """
    Fractions of a forint, currencies Meta does not bill in, other currencies.
    """
    budget = AdBudget(lifetime=Money(amount, currency))
    plan = a_plan(campaigns={"leads": a_campaign(budget=budget)})
    issues = platform.wanted(plan).issues
    codes = {i.code for i in issues if i.path.endswith("budget.lifetime")}
    assert codes & {"meta.currency", "meta.amount_not_payable"}


def test_a_search_for_nothing_or_of_no_kind_is_refused(platform):
    """
    With what can be searched for.
    """
    with pytest.raises(UnsupportedError, match="no search") as caught:
        platform.search("shoe size", "42")
    assert "interest" in caught.value.hint
    with pytest.raises(InvalidRequestError):
        platform.search("interest", " ")


def test_an_estimate_of_what_meta_cannot_target_lists_the_problems(platform):
    """
    The same issues as for a plan.
    """
    with pytest.raises(ValidationError) as caught:
        platform.estimate(Audience(interests=["Qwxzyy"]))
    assert {"meta.places_missing", "meta.interest_unknown"} == {
        issue.code for issue in caught.value.issues
    }


def _answering(body, status=200):
    connection = Connection(
        "meta", "act_1", token=Secret("sbx_richrich"), base_url="http://127.0.0.1:9"
    )
    transport = httpx.MockTransport(lambda _: httpx.Response(status, json=body))
    return MetaPlatform.connect(connection, transport=transport, clock=FakeClock())


def test_figures_that_are_none_are_told():
    """
    An estimate, a total or a row without numbers is no answer.
    """
    from smmlib.model import Flight

    flight = Flight.parse("2027-03-01..2027-03-02", "UTC")
    with pytest.raises(UnexpectedResponseError):
        _answering({"data": []}).estimate(Audience(places=[Place("DE")]))
    with pytest.raises(UnexpectedResponseError):
        _answering({"data": [{"spend": "much"}]}).spent(flight)
    with pytest.raises(UnexpectedResponseError):
        list(_answering({"data": [{"ad_id": "1"}]}).metrics(flight))


def test_uploads_without_bytes_or_hash_are_told():
    """
    Nothing to upload is refused; an answer without hash leaves it open.
    """
    upload = Operation(Action.CREATE, Kind.MEDIA, address="media.a", marker="m")
    refused = _answering({}).execute([upload])[0]
    assert Outcome.NOT_APPLIED is refused.outcome
    some = Operation(
        Action.CREATE, Kind.MEDIA, address="media.a", marker="m", content=b"GIF89a"
    )
    assert Outcome.UNKNOWN is _answering({"images": {}}).execute([some])[0].outcome


def test_a_change_without_success_is_not_taken_for_done():
    """
    An empty object says nothing.
    """
    change = Operation(Action.PAUSE, Kind.AD, address="a", remote_id="1")
    assert Outcome.UNKNOWN is _answering({}).execute([change])[0].outcome


def _ad_set(**changes):
    usual = {
        "id": 12,
        "name": "n",
        "status": "ACTIVE",
        "effective_status": "ACTIVE",
        "start_time": "2027-02-01T00:00:00+0100",
        "end_time": "2027-03-01T00:00:00+0100",
    }
    return remote_of(Kind.AD_SET, usual | changes, NOW)


@pytest.mark.parametrize(
    ("changes", "delivery"),
    [
        ({}, Delivery.DELIVERING),
        ({"start_time": "2027-02-27T00:00:00+0100"}, Delivery.SCHEDULED),
        ({"end_time": "2027-02-02T00:00:00+0100"}, Delivery.ENDED),
        ({"effective_status": "CAMPAIGN_PAUSED"}, Delivery.PARENT_PAUSED),
        ({"effective_status": "DISAPPROVED"}, Delivery.REJECTED),
        ({"effective_status": "WITH_ISSUES"}, Delivery.LIMITED),
        ({"effective_status": "SOMETHING_NEW"}, Delivery.UNKNOWN),
        ({"start_time": "whenever"}, Delivery.DELIVERING),
    ],
)
def test_what_is_reported_becomes_a_delivery(changes, delivery):
    """
    Meta's states and the schedule together; what is new is unknown, not an error.
    """
    assert delivery is _ad_set(**changes).delivery


def test_why_it_does_not_run_is_kept():
    """
    Issues and reviewers' words, in Meta's own.
    """
    issues = [{"error_summary": "No payment"}, {"error_code": 7}, "?"]
    feedback = {"global": {"Policy": "No superlatives"}}
    remote = _ad_set(issues_info=issues, ad_review_feedback=feedback)
    assert "No payment; 7; Policy: No superlatives" == remote.reason


def test_deleted_objects_are_not_there():
    """
    They can still be read by id, and count as gone.
    """
    assert _ad_set(status="DELETED") is None
    assert _ad_set(effective_status="DELETED") is None


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (Kind.AD_SET, {}),
        (Kind.MEDIA, {"name": "x"}),
        (
            Kind.AD_SET,
            {
                "id": "1",
                "special_ad_categories": 1,
                "targeting": {
                    "locales": [{}, 1],
                    "publisher_platforms": 3,
                    "targeting_automation": {"advantage_audience": []},
                },
            },
        ),
        (
            Kind.AD_SET,
            {
                "id": "1",
                "targeting": {"targeting_automation": {"advantage_audience": "x"}},
            },
        ),
    ],
)
def test_objects_that_cannot_be_read_are_told(kind, raw):
    """
    Never half a value: a typed error, or a whole object.
    """
    with pytest.raises(UnexpectedResponseError, match=r"cannot be read|without"):
        remote_of(kind, raw, NOW)


def test_real_time_passes():
    """
    The computer's clock is aware, and never waits less than nothing.
    """
    clock = SystemClock()
    before = clock.now()
    clock.sleep(-5)
    assert before <= clock.now()
    assert before.tzinfo is not None


def test_a_date_without_the_servers_own_is_taken_as_it_is():
    """
    Better an inexact hint than none.
    """
    headers = {"retry-after": "Mon, 22 Feb 2027 08:01:00 GMT"}
    assert 60 == (retry_after(headers, NOW) - NOW).total_seconds()
