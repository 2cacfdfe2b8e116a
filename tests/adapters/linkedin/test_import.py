"""
An account that others set up becomes a plan: nothing would change, nothing is lost.
"""

from __future__ import annotations

import attrs
import pytest

from _linkedin import START_MS, Loopback
from _linkedin_adapter import SandboxClock, connection
from smmlib.adapters.linkedin import LinkedInPlatform
from smmlib.adapters.linkedin._build import split_name
from smmlib.adapters.linkedin._overlay import keeping
from smmlib.codec import dumps, loads
from smmlib.deploy import MemoryStateStore, Target, adopt, apply, make_changes
from smmlib.errors import CodecError
from smmlib.model import AgeRange, Status
from smmlib.ports import AccountSource
from smmlib.rules import check

pytestmark = pytest.mark.sdk

pytest.importorskip("linkedin_api")

from linkedin_api.clients.restli.client import RestliClient  # noqa: E402
from linkedin_api.common import constants  # noqa: E402

_GROUPS = "/adAccounts/{account}/adCampaignGroups"
_CAMPAIGNS = "/adAccounts/{account}/adCampaigns"
_CREATIVES = "/adAccounts/{account}/creatives"
_LONG = "A name of a hundred characters that somebody wrote " + "x" * 49


class _Maker:
    """
    LinkedIn's own client, setting up an account with fields smmlib lacks.
    """

    def __init__(self, door):
        self.door = door
        self.client = RestliClient()
        self.groups = [self._group(number) for number in range(3)]
        self.campaigns = [self._campaign(number) for number in range(8)]
        self.creatives = [self._creative(number) for number in range(12)]

    def _call(self, method, path, **options):
        made = getattr(self.client, method)(
            resource_path=path,
            path_keys={"account": int(self.door.act)},
            access_token=self.door.ids["access_token"],
            version_string="202609",
            **options,
        )
        assert made.status_code < 300, made.response.text
        return made

    def _group(self, number):
        changes = [
            {"totalBudget": self.door.money(5000), "name": _LONG},
            {"runSchedule": {"start": START_MS}, "status": "DRAFT"},
            {},
        ][number]
        body = self.door.group_body(**{"name": f"Group {number}", **changes})
        return int(self._call("create", _GROUPS, entity=body).entity_id)

    def _campaign(self, number):
        door = self.door
        changes = [
            {"creativeSelection": "ROUND_ROBIN", "targetingCriteria": self._people(0)},
            {"audienceExpansionEnabled": True, "targetingCriteria": self._people(1)},
            {"offsiteDeliveryEnabled": True, "targetingCriteria": self._people(2)},
            {"totalBudget": door.money(900), "targetingCriteria": self._people(3)},
            {"locale": {"language": "en", "country": "US"}},
            {"format": "CAROUSEL"},
            {"runSchedule": {"start": START_MS}},
            {"optimizationTargetType": "NONE", "costType": "CPC",
             "unitCost": door.money("12.50")},
        ][number]  # fmt: skip
        body = door.campaign_body(
            self.groups[number % 3], **{"name": f"Campaign {number}", **changes}
        )
        return int(self._call("create", _CAMPAIGNS, entity=body).entity_id)

    def _people(self, number):
        door = self.door
        ages = ["urn:li:ageRange:(18,24)", "urn:li:ageRange:(25,34)"]
        apart = ["urn:li:ageRange:(18,24)", "urn:li:ageRange:(35,54)"]
        skill, title = door.entity("skills", "Bud"), door.entity("titles", "Office")
        return [
            door.target({"ageRanges": ages}, {"skills": [skill]}),
            door.target({"ageRanges": apart}, {"genders": ["urn:li:gender:FEMALE"]},
                        exclude={"seniorities": ["urn:li:seniority:3"]}),
            door.target({"titles": [title], "seniorities": ["urn:li:seniority:5"]},
                        {"yearsOfExperienceRanges": ["urn:li:yearsOfExperience:5"]}),
            door.target({"staffCountRanges": ["urn:li:staffCountRange:(51,200)"]},
                        places=[door.germany, door.entity("locations", "Berlin")]),
        ][number]  # fmt: skip

    def _creative(self, number):
        door = self.door
        campaign = number % 8
        text = "w" * 700 if number == 3 else f"Taste {number} first #coffee"
        link = "https://alpenkaffee.example/box"
        article = {"article": {"source": link, "title": "Four roasts"}}
        post = door.ad_post(text, content=article)
        if number == 1:
            post["isReshareDisabledByAuthor"] = True
        if number == 2:
            post["adContext"]["dscName"] = "Spring"
        if campaign == 5:
            post["content"] = self._cards()
        if number == 4:
            media = {"id": door.image(), "title": "T", "altText": "A"}
            post |= {"content": {"media": media}, "contentLandingPage": f"{link}?a=1"}
        if number == 6:
            del post["content"]
        creative = {
            "campaign": f"urn:li:sponsoredCampaign:{self.campaigns[campaign]}",
            "intendedStatus": "ACTIVE" if number % 2 else "DRAFT",
            "name": f"Ad {number}",
            "inlineContent": {"post": post},
        }
        made = self._call(
            "action",
            _CREATIVES,
            action_name="createInline",
            action_params={"creative": creative},
        )
        return made.headers["x-restli-id"].replace("%3A", ":").rpartition(":")[2]

    def _cards(self):
        cards = [
            {"media": {"id": self.door.image(), "title": f"Card {n}"},
             "landingPage": f"https://alpenkaffee.example/{n}"}
            for n in range(2)
        ]  # fmt: skip
        return {"carousel": {"cards": cards}}


class _Desk:
    """
    An imported account with the state it is remembered in.
    """

    def __init__(self, door):
        sandbox = door.sandbox
        facts = door.server.details()["platforms"]["linkedin"]
        self.clock = SandboxClock(sandbox)
        self.sandbox = sandbox
        self.platform = LinkedInPlatform.connect(connection(facts), clock=self.clock)
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
        state = self.sandbox.state()["linkedin"]
        kinds = ("group", "campaign", "creative", "share", "ugcPost")
        return {row["id"]: row for kind in kinds for row in state.get(kind, ())}


@pytest.fixture
def account(monkeypatch):
    """
    An account with 23 objects that LinkedIn's own client made.
    """
    with Loopback(seed=11) as door:
        monkeypatch.setattr(constants, "VERSIONED_BASE_URL", f"{door.base}/rest")
        maker = _Maker(door)
        yield maker
        maker.client.session.close()


@pytest.fixture
def desk(account):
    """
    That account, imported.
    """
    made = _Desk(account.door)
    yield made
    made.platform.close()


def test_import_then_plan_shows_no_change(desk, account):
    """
    All 23 objects are in the plan, and planning it would write nothing.
    """
    made = {*account.groups, *account.campaigns, *account.creatives}
    assert 23 == len(made)
    assert {str(one) for one in made} <= set(desk.imported.ids.values())
    assert isinstance(desk.platform, AccountSource)
    before = len(desk.sandbox.log.writes())
    changes = desk.changes()
    assert () == changes.changes
    assert [] == [issue for issue in changes.issues if issue.is_error]
    assert before == len(desk.sandbox.log.writes())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("creativeSelection", "ROUND_ROBIN"),
        ("audienceExpansionEnabled", "true"),
        ("offsiteDeliveryEnabled", "true"),
        ("targetingCriteria.exclude", "seniority:3"),
        ("totalBudget", "5000"),
        ("totalBudget", "900"),
        ("runSchedule.end", "null"),
        ("isReshareDisabledByAuthor", "true"),
        ("adContext.dscName", "Spring"),
        ("link", "box?a=1"),
    ],
)
def test_each_field_a_plan_lacks_is_listed(desk, field, value):
    """
    By the object's path, with what stands there.
    """
    told = [i for i in desk.imported.issues if "import.kept" == i.code]
    assert any(field in issue.path and value in issue.value for issue in told)


def test_people_are_called_by_their_names(desk):
    """
    Places, ages, titles and skills by name; the rest as facet and URN.
    """
    traits = {
        name
        for audience in desk.plan.audiences.values()
        for part in (audience, *audience.narrow_by)
        for name in (*part.interests, *part.professions)
    }
    assert {"skill: Budgeting", "staff: 51-200"} <= traits
    assert any(name.startswith("yearsOfExperienceRanges: urn:li:") for name in traits)
    assert {AgeRange(18, 34), None} <= {a.age for a in desk.plan.audiences.values()}
    names = {p.region or p.city for a in desk.plan.audiences.values() for p in a.places}
    assert "Berlin" in names


def test_no_field_is_lost_by_our_update(desk):
    """
    New ages and names: everything else stays what it was.
    """
    before = desk.raw()
    audiences = {
        key: attrs.evolve(who, age=AgeRange(25, 54)) if who.age else who
        for key, who in desk.plan.audiences.items()
    }
    short = {
        key: attrs.evolve(
            campaign,
            ad_sets={
                name: attrs.evolve(ad_set, name=f"{ad_set.name}!")
                for name, ad_set in campaign.ad_sets.items()
            },
        )
        for key, campaign in desk.plan.campaigns.items()
    }
    changes = desk.apply(attrs.evolve(desk.plan, audiences=audiences, campaigns=short))
    assert {"update"} == {str(c.action) for c in changes.changes}
    after = desk.raw()
    assert before.keys() == after.keys()
    for own, row in after.items():
        ours = {"name", "updated"}
        if "ageRange" in str(before[own].get("targetingCriteria", "")):
            ours.add("targetingCriteria")
        old = {k: v for k, v in before[own].items() if k not in ours}
        assert old == {k: v for k, v in row.items() if k not in ours}
        if "objectiveType" in row:
            assert f"{before[own]['name']}!" == split_name(row["name"])[0]
    assert () == desk.changes().changes


def test_excluded_people_stay_excluded(desk):
    """
    Whom no plan can leave out is left out still when the rest of them changes.
    """
    (campaign,) = (r for r in desk.raw().values() if r.get("name") == "Campaign 1")
    assert "urn:li:seniority:3" in str(campaign["targetingCriteria"]["exclude"])
    key = next(
        ad_set.audience
        for group in desk.plan.campaigns.values()
        for ad_set in group.ad_sets.values()
        if ad_set.name == "Campaign 1"
    )
    who = attrs.evolve(desk.plan.audiences[key], genders=["male"])
    plan = attrs.evolve(desk.plan, audiences={**desk.plan.audiences, key: who})
    desk.apply(plan)
    (campaign,) = (r for r in desk.raw().values() if r.get("name") == "Campaign 1")
    assert "gender:MALE" in str(campaign["targetingCriteria"]["include"])
    assert "urn:li:seniority:3" in str(campaign["targetingCriteria"]["exclude"])


def test_an_imported_plan_survives_its_file(desk):
    """
    Written and read again it still changes nothing.
    """
    again = loads(dumps(desk.plan))
    assert desk.plan == again
    assert () == desk.changes(again).changes


def test_long_texts_come_with_a_warning(desk):
    """
    700 characters stand there; the text's own limit holds them, LinkedIn's is told,
    by the check of the plan alone as by the comparison with the account.
    """
    texts = {len(str(c.text or "")) for c in desk.plan.creatives.values()}
    assert 700 in texts
    told = [i for i in desk.changes().issues if "linkedin.text_too_long" == i.code]
    assert [("warning", 700)] == [(str(i.severity), i.value) for i in told]
    alone = [i for i in check(desk.plan) if "linkedin.text_too_long" == i.code]
    assert [("warning", 700)] == [(str(i.severity), i.value) for i in alone]


def test_what_runs_is_wanted_running(desk):
    """
    An import never switches anything off.
    """
    statuses = {c.name: c.status for c in desk.plan.campaigns.values()}
    assert Status.PAUSED is statuses["Group 1"]
    assert Status.ACTIVE is statuses["Group 2"]


def test_importing_twice_adopts_once(desk):
    """
    What is tracked already keeps its history.
    """
    assert desk.adopted
    again = desk.platform.import_account()
    assert desk.plan == again.plan
    assert () == adopt(desk.target(), again.ids, desk.store, clock=desk.clock)


def test_edited_kept_values_are_refused(desk):
    """
    They are read as a whole or not at all.
    """
    plan = attrs.evolve(desk.plan, extra={"linkedin-kept": "{}"})
    with pytest.raises(CodecError, match="import the account again"):
        desk.platform.wanted(plan)


def test_criteria_keep_the_exclusions_we_have_no_words_for():
    """
    Ours replace ours; everything else stays.
    """
    facet = "urn:li:adTargetingFacet:"
    raw = {
        "include": {"and": [{"or": {f"{facet}locations": ["a"]}}]},
        "exclude": {"or": {f"{facet}titles": ["t"], f"{facet}locations": ["x"]}},
    }
    new = {"include": {"and": []}, "exclude": {"or": {f"{facet}locations": ["y"]}}}
    assert {
        "include": {"and": []},
        "exclude": {"or": {f"{facet}titles": ["t"], f"{facet}locations": ["y"]}},
    } == keeping(raw, new)
    assert new == keeping({"include": {}}, new)


def test_what_has_no_end_is_not_over(desk):
    """
    Whole years from its start, so that what runs on is planned to run on.
    """
    ends = [c.flight.end for c in desk.plan.campaigns.values()]
    assert all(end > desk.clock.now() for end in ends)
