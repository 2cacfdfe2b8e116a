"""
Posts, followers and leads through the adapter, held to what the platform itself says.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from _meta_adapter import (
    a_campaign,
    a_plan,
    connection,
    pictures,
    resolve,
    set_up,
)
from smmlib import AdSet, Creative, Flight, Post
from smmlib.adapters import connect_platform
from smmlib.errors import Outcome, UnsupportedError
from smmlib.model import ConversionKind, Image, MessageKind, Network
from smmlib.ports import (
    Action,
    GrowthSource,
    Kind,
    LeadSource,
    Operation,
    PostPublisher,
)
from smmlib.sandbox import Sandbox

_PICTURES = ("https://a.example/1.jpg", "https://a.example/2.jpg")


class _WorldClock:
    """
    The sandbox's own time.
    """

    def __init__(self, sandbox):
        self.sandbox = sandbox

    def now(self):
        return self.sandbox.now

    def sleep(self, seconds):
        self.sandbox.advance(seconds=max(seconds, 0))


@pytest.fixture
def sandbox():
    """
    A fresh emulated platform.
    """
    return Sandbox(seed=7)


@pytest.fixture
def live(sandbox, tmp_path):
    """
    The adapter on the sandbox's own clock.
    """
    pictures(tmp_path)
    return connect_platform(
        connection(sandbox.details(), options={"media_root": str(tmp_path)}),
        transport=sandbox.transport(),
        clock=_WorldClock(sandbox),
    )


@pytest.fixture
def raw(sandbox):
    """
    The platform without the adapter.
    """
    facts = sandbox.details()["platforms"]["meta"]
    client = httpx.Client(
        transport=sandbox.transport(),
        base_url=facts["base_url"],
        headers={"Authorization": f"Bearer {facts['access_token']}"},
    )

    def ask(method, path, **values):
        import json

        texts = {
            k: v if isinstance(v, str) else json.dumps(v) for k, v in values.items()
        }
        where = "params" if method == "GET" else "data"
        answer = client.request(method, f"/v26.0/{path}", **{where: texts}).json()
        assert "error" not in answer, answer
        return answer

    ask.ids = facts
    return ask


def _post(**details):
    return Post("organic", "We are open.", **details)


def test_meta_publishes_tells_growth_and_collects_leads(live):
    """
    The adapter offers the three sockets, and says that it publishes.
    """
    for socket in (PostPublisher, GrowthSource, LeadSource):
        assert isinstance(live, socket)
    assert live.capabilities.publishes


def test_a_post_stands_on_the_page_with_its_own_text(live, raw):
    """
    Facebook's variant, the tagged link, and pictures from file and web.
    """
    plain = _post(
        link="https://alpenkaffee.example/", variants={"facebook": "Come in."}
    )
    shown = _post(media=[Image("img/a.png", alt="A cup"), Image(_PICTURES[0])])
    ids = [
        live.publish(post, Network.FACEBOOK, marker=f"m{n}").remote_id
        for n, post in enumerate((plain, shown))
    ]
    feed = raw("GET", f"{raw.ids['page']}/feed", fields="id,message,full_picture")
    found = {row["id"]: row for row in feed["data"]}
    assert ["Come in.", "We are open."] == [found[i]["message"] for i in ids]
    assert found[ids[1]]["full_picture"]


@pytest.mark.parametrize("count", [1, 2])
def test_a_post_stands_on_instagram(live, raw, count):
    """
    One picture, or several as a carousel.
    """
    post = _post(media=[Image(path) for path in _PICTURES[:count]])
    result = live.publish(post, Network.INSTAGRAM, marker="m")
    assert (Outcome.APPLIED, "m") == (result.outcome, result.address)
    medium = raw("GET", result.remote_id, fields="caption,media_type")
    assert "We are open." == medium["caption"]
    assert ("IMAGE" if count == 1 else "CAROUSEL_ALBUM") == medium["media_type"]


@pytest.mark.parametrize(
    ("post", "network"),
    [
        (_post(), Network.INSTAGRAM),
        (_post(media=[Image("img/a.png")]), Network.INSTAGRAM),
        (_post(media=[Image("img/none.png")]), Network.FACEBOOK),
        (_post(), Network.TELEGRAM),
    ],
)
def test_what_cannot_be_published_is_told_and_nothing_is_sent(
    live, sandbox, post, network
):
    """
    No picture, no web address, no such file, not Meta's network.
    """
    result = live.publish(post, network, marker="m")
    assert Outcome.NOT_APPLIED is result.outcome
    assert isinstance(result.error, UnsupportedError)
    assert 0 == len(sandbox.log.writes())


def test_a_post_whose_answer_is_lost_is_not_published_again(live, sandbox, raw):
    """
    What became of it is unknown, and it is on the page once.
    """
    sandbox.faults.add("timeout_after", "POST /[0-9]+/feed$")
    result = live.publish(_post(), Network.FACEBOOK, marker="m")
    assert Outcome.UNKNOWN is result.outcome
    assert 1 == len(raw("GET", f"{raw.ids['page']}/feed")["data"])


def test_results_of_posts_are_the_platforms_own(live, sandbox, raw):
    """
    Reach, reactions, comments and shares; clicks where the network tells them.
    """
    page = live.publish(_post(), Network.FACEBOOK, marker="a").remote_id
    medium = live.publish(
        _post(media=[Image(_PICTURES[0])]), Network.INSTAGRAM, marker="b"
    ).remote_id
    sandbox.advance(days=3)
    first, second = live.results([page, medium, "18000000000000001"])
    assert (Network.FACEBOOK, page) == (first.network, first.post_id)
    told = raw("GET", medium, fields="like_count,comments_count,shares_count")
    assert tuple(told[n] for n in ("like_count", "comments_count", "shares_count")) == (
        second.likes,
        second.comments,
        second.shares,
    )
    assert None is second.clicks
    assert first.clicks is not None
    assert all(r.reach and r.likes for r in (first, second))


def test_followers_are_told_for_each_day_and_network(live, sandbox, raw):
    """
    What was counted each day at its end is what the rows say later.
    """
    start = sandbox.now.astimezone(UTC).date() + timedelta(days=2)
    seen = {}
    for _ in range(8):
        sandbox.advance(days=1)
        from zoneinfo import ZoneInfo

        on = sandbox.now.astimezone(ZoneInfo("America/Los_Angeles")).date()
        for name in ("page", "instagram_user"):
            row = raw("GET", raw.ids[name], fields="followers_count")
            seen[on - timedelta(days=1), name] = row["followers_count"]
    flight = Flight.parse(f"{start}..{start + timedelta(days=3)}", "Europe/Berlin")
    rows = list(live.growth(flight))
    for network, name in (
        (Network.FACEBOOK, "page"),
        (Network.INSTAGRAM, "instagram_user"),
    ):
        own = {row.on: row for row in rows if row.network is network}
        assert 4 == len(own)
        for on, row in own.items():
            assert seen[on, name] == row.followers
            assert row.reach is not None


def test_days_to_come_have_no_rows(live):
    """
    A flight that has not begun has grown nothing.
    """
    assert [] == list(live.growth(Flight.parse("2030-01-01..2030-02-01", "UTC")))


def _boosted(network, post):
    creative = Creative(
        boost=f"{network}:{post}", cta="learn_more", link="https://a.example/"
    )
    return a_plan(
        campaigns={"leads": a_campaign(ad_sets={"one": AdSet("visitors", ["b"])})},
        creatives={"b": creative},
    )


@pytest.mark.parametrize("network", [Network.FACEBOOK, Network.INSTAGRAM])
def test_an_existing_post_is_boosted(live, sandbox, network):
    """
    A published post becomes an ad, reads back as wanted, and counts what it brings.
    """
    media = [Image(_PICTURES[0])]
    own = live.publish(_post(media=media), network, marker="m").remote_id
    wanted = live.wanted(_boosted(network, own))
    assert [] == [issue for issue in wanted.issues if issue.is_error]
    ids = set_up(live, wanted.resources)
    for resource in wanted.resources:
        remote = live.read(resource.kind, [ids[resource.address]])
        there = remote[ids[resource.address]]
        assert resolve(resource.fields, ids) == dict(there.fields)
    alone = live.results([own])[0].reach
    for kind in (Kind.AD, Kind.AD_SET, Kind.CAMPAIGN):
        for resource in wanted.resources:
            if resource.kind is kind:
                live.execute(
                    [
                        Operation(
                            Action.ACTIVATE,
                            kind,
                            address=resource.address,
                            remote_id=ids[resource.address],
                        )
                    ]
                )
    sandbox.advance(days=14)
    assert live.results([own])[0].reach > alone


def test_a_post_that_is_not_there_cannot_be_boosted(live):
    """
    The refusal names the creative it comes from.
    """
    wanted = live.wanted(_boosted(Network.FACEBOOK, "17"))
    creative = next(r for r in wanted.resources if r.kind is Kind.CREATIVE)
    from _meta_adapter import creation

    error = live.execute([creation(creative, {}, "m")])[0].error
    assert 1885557 == error.subcode
    assert creative.address == error.address


@pytest.fixture
def form_ad(raw, sandbox):
    """
    An ad with an instant form, tagged like ours, two weeks into its flight.
    """
    page, account = raw.ids["page"], raw.ids["ad_account"]
    form = raw(
        "POST",
        f"{page}/leadgen_forms",
        name="Tasting",
        questions=[{"type": "FULL_NAME"}, {"type": "EMAIL"}],
        privacy_policy={"url": "https://a.example/privacy"},
    )["id"]
    campaign = raw(
        "POST",
        f"{account}/campaigns",
        name="C",
        objective="OUTCOME_LEADS",
        special_ad_categories=[],
        is_adset_budget_sharing_enabled=False,
        status="ACTIVE",
    )["id"]
    ad_set = raw(
        "POST",
        f"{account}/adsets",
        name="S",
        campaign_id=campaign,
        optimization_goal="LEAD_GENERATION",
        destination_type="ON_AD",
        billing_event="IMPRESSIONS",
        bid_strategy="LOWEST_COST_WITHOUT_CAP",
        promoted_object={"page_id": page},
        daily_budget="20000",
        targeting={
            "geo_locations": {"countries": ["US"]},
            "targeting_automation": {"advantage_audience": 0},
        },
        status="ACTIVE",
    )["id"]
    creative = raw(
        "POST",
        f"{account}/adcreatives",
        name="K",
        object_story_spec={
            "page_id": page,
            "link_data": {
                "link": "https://a.example/",
                "message": "Taste",
                "picture": "https://a.example/p.jpg",
                "call_to_action": {
                    "type": "SIGN_UP",
                    "value": {"lead_gen_form_id": form},
                },
            },
        },
        url_tags="utm_source={{site_source_name}}&utm_medium=paid_social"
        "&utm_campaign=leads&utm_term=fans&utm_content=taste",
    )["id"]
    ad = raw(
        "POST",
        f"{account}/ads",
        name="A",
        adset_id=ad_set,
        creative={"creative_id": creative},
        status="ACTIVE",
    )["id"]
    sandbox.advance(days=14)
    return ad


def test_leads_come_with_the_ad_they_came_from(live, raw, form_ad):
    """
    Every lead once, as words and as a conversion with the address of its ad.
    """
    since = datetime(2000, 1, 1, tzinfo=UTC)
    told = raw("GET", f"{form_ad}/leads", limit="500")["data"]
    messages = list(live.leads(since))
    assert {row["id"] for row in told} == {m.message_id for m in messages}
    assert len(told) == len(messages) > 0
    assert all(m.kind is MessageKind.LEAD and "taste" == m.post for m in messages)
    assert all("email: " in m.text and m.author for m in messages)
    conversions = list(live.lead_conversions(since))
    assert {m.message_id for m in messages} == {c.conversion_id for c in conversions}
    assert {ConversionKind.LEAD} == {c.kind for c in conversions}
    tags = {(c.utm.campaign, c.utm.term, c.utm.content) for c in conversions}
    assert {("leads", "fans", "taste")} == tags
    assert {c.utm.source for c in conversions} <= {"fb", "ig"}


def test_only_new_leads_are_told(live, sandbox, form_ad):
    """
    What came in before the moment asked for stays out.
    """
    del form_ad
    since = sandbox.now - timedelta(days=3)
    found = list(live.leads(since))
    assert all(message.at >= since for message in found)
    assert len(found) < len(list(live.leads(datetime(2000, 1, 1, tzinfo=UTC))))
