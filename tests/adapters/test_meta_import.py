"""
An account that others set up becomes a plan: nothing would change, nothing is lost.
"""

from __future__ import annotations

import json

import attrs
import pytest

from _meta_adapter import connection
from smmlib.adapters import connect_platform
from smmlib.adapters.meta._overlay import keeping
from smmlib.codec import dumps, loads
from smmlib.deploy import MemoryStateStore, Target, adopt, apply, make_changes
from smmlib.model import AgeRange, Status
from smmlib.sandbox import Sandbox, SandboxServer

pytestmark = pytest.mark.sdk

pytest.importorskip("facebook_business")

_STORY = "https://alpenkaffee.example/box"


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
def account(monkeypatch):
    """
    An account with thirty objects that Meta's own SDK made.
    """
    from facebook_business.adobjects.adaccount import AdAccount
    from facebook_business.api import FacebookAdsApi
    from facebook_business.session import FacebookSession

    sandbox = Sandbox(seed=11)
    with SandboxServer(sandbox) as server:
        details = server.details()
        meta = details["platforms"]["meta"]
        monkeypatch.setattr(FacebookSession, "GRAPH", meta["base_url"])
        FacebookAdsApi.init(
            meta["app_id"], meta["app_secret"], meta["access_token"], crash_log=False
        )
        try:
            yield sandbox, details, _thirty(AdAccount(meta["ad_account"]), meta)
        finally:
            FacebookAdsApi.get_default_api()._session.requests.close()
            FacebookAdsApi.set_default_api(None)


def _thirty(act, meta):
    """
    Four campaigns, seven ad sets, eight creatives, nine ads, two audiences.
    """
    site = {
        "inclusions": {
            "operator": "or",
            "rules": [
                {
                    "event_sources": [{"id": meta["pixel"], "type": "pixel"}],
                    "retention_seconds": 30 * 86_400,
                    "filter": {
                        "operator": "and",
                        "filters": [
                            {"field": "url", "operator": "i_contains", "value": "box"}
                        ],
                    },
                }
            ],
        }
    }
    audiences = [
        act.create_custom_audience(
            params={"name": "Box visitors", "rule": json.dumps(site)}
        ),
        act.create_custom_audience(
            params={
                "name": "Clients",
                "subtype": "CUSTOM",
                "customer_file_source": "USER_PROVIDED_ONLY",
            }
        ),
    ]
    campaigns = [_campaign(act, number) for number in range(4)]
    sets = [_ad_set(act, n, campaigns, audiences, meta) for n in range(7)]
    creatives = [_creative(act, n, meta) for n in range(8)]
    ads = [
        act.create_ad(
            params={
                "name": f"Ad {n}",
                "adset_id": sets[n % 7]["id"],
                "creative": {"creative_id": creatives[n % 8]["id"]},
                "status": "PAUSED",
                "conversion_domain": "alpenkaffee.example",
            }
        )
        for n in range(9)
    ]
    return [*audiences, *campaigns, *sets, *creatives, *ads]


def _campaign(act, number):
    params = {
        "name": f"Campaign {number}",
        "objective": "OUTCOME_TRAFFIC" if number < 3 else "OUTCOME_AWARENESS",
        "status": "ACTIVE" if number else "PAUSED",
        "special_ad_categories": [],
        "spend_cap": 5_000_000,
    }
    if number == 1:
        params |= {"daily_budget": 90_000, "bid_strategy": "LOWEST_COST_WITHOUT_CAP"}
    else:
        params["is_adset_budget_sharing_enabled"] = True
    return act.create_campaign(params=params)


def _ad_set(act, number, campaigns, audiences, meta):
    campaign = number % 4
    targeting = {
        "geo_locations": {"countries": ["US", "CA"]},
        "age_min": 21,
        "age_max": 50 + number,
        "device_platforms": ["mobile"],
        "targeting_automation": {"advantage_audience": 0},
    }
    if number in {2, 5}:
        targeting["custom_audiences"] = [{"id": audiences[0]["id"]}]
    if number == 3:
        targeting |= {
            "publisher_platforms": ["facebook", "audience_network", "messenger"],
            "excluded_custom_audiences": [{"id": audiences[1]["id"]}],
        }
    goal = (
        {"optimization_goal": "REACH", "promoted_object": {"page_id": meta["page"]}}
        if campaign == 3
        else {"optimization_goal": "LINK_CLICKS"}
    )
    params = {
        "name": f"Set {number}",
        "campaign_id": campaigns[campaign]["id"],
        "billing_event": "LINK_CLICKS" if number == 4 else "IMPRESSIONS",
        "status": "PAUSED",
        "start_time": "2027-03-01T00:00:00+0100",
        "targeting": targeting,
        **goal,
    }
    if number != 6:
        params["end_time"] = "2027-04-12T00:00:00+0200"
    if campaign != 1:
        params |= {
            "daily_budget": 20_000,
            "bid_strategy": "LOWEST_COST_WITH_BID_CAP"
            if number == 4
            else "LOWEST_COST_WITHOUT_CAP",
        }
        if number == 4:
            params["bid_amount"] = 300
    if number == 0:
        params["attribution_spec"] = [{"event_type": "CLICK_THROUGH", "window_days": 1}]
    return act.create_ad_set(params=params)


def _creative(act, number, meta):
    link = {
        "link": _STORY,
        "message": f"Taste {number}",
        "name": "Four roasts",
        "picture": "https://a.example/p.jpg",
        "caption": "alpenkaffee.example",
        "call_to_action": {"type": "SEE_MORE" if number == 5 else "SIGN_UP"},
    }
    if number == 1:
        link["child_attachments"] = [
            {"link": f"{_STORY}/{n}", "name": f"Card {n}", "caption": "a.example"}
            for n in (1, 2)
        ]
    params = {
        "name": f"Creative {number}",
        "object_story_spec": {"page_id": meta["page"], "link_data": link},
    }
    if number % 2:
        params["url_tags"] = "utm_source=fb&utm_medium=cpc&utm_campaign=old&x=1"
    if number == 2:
        params["degrees_of_freedom_spec"] = {
            "creative_features_spec": {"image_touchups": {"enroll_status": "OPT_OUT"}}
        }
    return act.create_ad_creative(params=params)


class _Desk:
    """
    An imported account with the state it is remembered in.
    """

    def __init__(self, sandbox, details):
        self.clock = _WorldClock(sandbox)
        self.sandbox = sandbox
        self.platform = connect_platform(connection(details), clock=self.clock)
        self.imported = self.platform.import_account()
        self.plan = self.imported.plan
        self.store = MemoryStateStore(
            project_id=self.plan.project_id, environment="sandbox", clock=self.clock
        )
        self.adopted = adopt(
            self.target(), self.imported.ids, self.store, clock=self.clock
        )

    def target(self):
        return Target(
            self.platform, self.platform.account(), self.platform.wanted(self.plan)
        )

    def changes(self, plan=None):
        self.plan = plan or self.plan
        return make_changes(
            self.plan,
            [self.target()],
            self.store,
            clock=self.clock,
            environment="sandbox",
        )

    def apply(self, plan):
        changes = self.changes(plan)
        apply(changes, plan, [self.target()], self.store, clock=self.clock)
        return changes

    def raw(self):
        state = self.sandbox.state()["meta"]
        return {
            row["id"]: row
            for kind in ("Campaign", "AdSet", "Ad", "AdCreative", "CustomAudience")
            for row in state[kind]
        }


@pytest.fixture
def desk(account):
    """
    That account, imported.
    """
    sandbox, details, _ = account
    made = _Desk(sandbox, details)
    yield made
    made.platform.close()


def test_import_then_plan_shows_no_change(desk, account):
    """
    All thirty objects are in the plan, and planning it would write nothing.
    """
    made = {row["id"] for row in account[2]}
    assert 30 == len(made)
    assert made <= set(desk.imported.ids.values()) | _unused(desk, made)
    before = len(desk.sandbox.log.writes())
    changes = desk.changes()
    assert () == changes.changes
    assert [] == [issue for issue in changes.issues if issue.is_error]
    assert before == len(desk.sandbox.log.writes())


def _unused(desk, made):
    """
    Audiences no ad set uses stand in the plan, but a plan wants only what is used.
    """
    return {own for own in made if own in desk.raw() and "rule" in desk.raw()[own]}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("spend_cap", "5000000"),
        ("conversion_domain", "alpenkaffee.example"),
        ("degrees_of_freedom_spec", "OPT_OUT"),
        ("attribution_spec", "CLICK_THROUGH"),
        ("device_platforms", "mobile"),
        ("publisher_platforms", "messenger"),
        ("is_adset_budget_sharing_enabled", "true"),
        ("billing_event", "LINK_CLICKS"),
        ("end_time", "null"),
        ("url_tags", "utm_campaign=old"),
        ("rule", "box"),
    ],
)
def test_each_field_a_plan_lacks_is_listed(desk, field, value):
    """
    By the object's path, with what stands there.
    """
    told = [i for i in desk.imported.issues if "import.kept" == i.code]
    assert any(field in issue.path and value in issue.value for issue in told)


def test_no_field_is_lost_by_our_update(desk):
    """
    New ages, a new budget, a new name: everything else stays what it was.
    """
    before = desk.raw()
    plan = desk.plan
    audiences = {
        key: attrs.evolve(who, age=AgeRange(25, 40)) if who.places else who
        for key, who in plan.audiences.items()
    }
    campaigns = {
        key: attrs.evolve(campaign, name=f"{campaign.name}!")
        for key, campaign in plan.campaigns.items()
    }
    changed = attrs.evolve(plan, audiences=audiences, campaigns=campaigns)
    changes = desk.apply(changed)
    assert {"update"} == {str(c.action) for c in changes.changes}
    after = desk.raw()
    assert before.keys() == after.keys()
    for own, row in after.items():
        old = {k: v for k, v in before[own].items() if k not in _OURS}
        assert old == {k: v for k, v in row.items() if k not in _OURS}
        ages = {"age_min": 25, "age_max": 40}
        if "targeting" in row:
            assert _sorted(before[own]["targeting"] | ages) == _sorted(row["targeting"])
        elif "objective" in row:
            assert f"{before[own]['name']}!" == row["name"]
    assert () == desk.changes().changes


def _sorted(value):
    """
    Sets that travel as lists, in one order.
    """
    if isinstance(value, dict):
        return {k: _sorted(v) for k, v in value.items()}
    return sorted(value, key=str) if isinstance(value, list) else value


_OURS = {"targeting", "name", "updated", "updated_time", "version"}


def test_an_imported_plan_survives_its_file(desk):
    """
    Written and read again it still changes nothing.
    """
    again = loads(dumps(desk.plan))
    assert desk.plan == again
    assert () == desk.changes(again).changes


def test_what_runs_is_wanted_running(desk):
    """
    An import never switches anything off.
    """
    statuses = {c.name: c.status for c in desk.plan.campaigns.values()}
    assert Status.PAUSED is statuses["Campaign 0"]
    assert Status.ACTIVE is statuses["Campaign 1"]


def test_importing_twice_adopts_once(desk):
    """
    What is tracked already keeps its history.
    """
    assert desk.adopted
    again = desk.platform.import_account()
    assert desk.plan == again.plan
    assert () == adopt(desk.target(), again.ids, desk.store, clock=desk.clock)


def test_a_targeting_keeps_what_we_have_no_words_for():
    """
    Unknown parts stay at every depth: beside ours, inside places, inside groups.
    """
    raw = {
        "age_min": 20,
        "user_os": ["iOS"],
        "geo_locations": {"countries": ["US"], "zips": [{"key": "US:94304"}]},
        "flexible_spec": [
            {"interests": [{"id": "1"}], "life_events": [{"id": "7"}]},
            {"family_statuses": [{"id": "8"}]},
        ],
        "interests": [{"id": "3"}],
        "targeting_automation": {"advantage_audience": 0, "individual_setting": {}},
    }
    wanted = {
        "age_min": 30,
        "geo_locations": {"countries": ["CA"]},
        "flexible_spec": [{"interests": [{"id": "2"}]}],
        "targeting_automation": {"advantage_audience": 1},
    }
    assert {
        "age_min": 30,
        "user_os": ["iOS"],
        "geo_locations": {"countries": ["CA"], "zips": [{"key": "US:94304"}]},
        "flexible_spec": [
            {"interests": [{"id": "2"}], "life_events": [{"id": "7"}]},
            {"family_statuses": [{"id": "8"}]},
        ],
        "targeting_automation": {"advantage_audience": 1, "individual_setting": {}},
    } == keeping(raw, wanted)
