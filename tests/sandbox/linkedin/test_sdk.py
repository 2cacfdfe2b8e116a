"""
LinkedIn's own Python client, unmodified, against the loopback server.

Each scenario creates or changes something, reads it again by another route and
includes a refusal.
"""

from __future__ import annotations

import pytest

from _linkedin import END_MS, PNG, START_MS, Loopback
from _scenarios import missing_of

pytestmark = pytest.mark.sdk

pytest.importorskip("linkedin_api")

from linkedin_api.clients.auth.client import AuthClient  # noqa: E402
from linkedin_api.clients.restli.client import RestliClient  # noqa: E402
from linkedin_api.common import constants  # noqa: E402

ACCOUNTS = "/adAccounts/{account}"
GROUPS = "/adAccounts/{account}/adCampaignGroups"
CAMPAIGNS = "/adAccounts/{account}/adCampaigns"
CREATIVES = "/adAccounts/{account}/creatives"
FACET = "urn:li:adTargetingFacet:"


class _Sdk:
    """
    The client with the arguments that every call repeats.
    """

    def __init__(self, door):
        self.door = door
        self.client = RestliClient()
        self.token = door.ids["access_token"]

    def __getattr__(self, name):
        method = getattr(self.client, name)

        def call(path, **options):
            keys = dict(options.pop("path_keys", {}))
            if "{account}" in path:
                keys["account"] = int(self.door.act)
            return method(
                resource_path=path,
                path_keys=keys or None,
                access_token=options.pop("access_token", self.token),
                version_string=options.pop("version_string", "202609"),
                **options,
            )

        return call

    def group(self, **changes):
        made = self.create(GROUPS, entity=self.door.group_body(**changes))
        assert 201 == made.status_code
        return int(made.entity_id)

    def campaign(self, group, **changes):
        made = self.create(CAMPAIGNS, entity=self.door.campaign_body(group, **changes))
        assert 201 == made.status_code
        return int(made.entity_id)

    def creative(self, campaign, text="Four roasts, one box.", **changes):
        creative = {
            "campaign": f"urn:li:sponsoredCampaign:{campaign}",
            "intendedStatus": "DRAFT",
            "inlineContent": {"post": self.door.ad_post(text)},
            **changes,
        }
        made = self.action(
            CREATIVES, action_name="createInline", action_params={"creative": creative}
        )
        assert 200 == made.status_code
        return made.headers["x-restli-id"].replace("%3A", ":")

    def one(self, path, key):
        return self.get(f"{path}/{{id}}", path_keys={"id": key})

    def patch(self, path, key, **values):
        return self.partial_update(
            f"{path}/{{id}}", path_keys={"id": key}, patch_set_object=values
        )


@pytest.fixture
def sdk(monkeypatch):
    """
    The client as a user sets it up, its addresses turned to the sandbox.
    """
    with Loopback(seed=9) as door:
        monkeypatch.setattr(constants, "VERSIONED_BASE_URL", f"{door.base}/rest")
        oauth = door.server.details()["platforms"]["linkedin"]["oauth_url"]
        monkeypatch.setattr(constants, "OAUTH_BASE_URL", oauth)
        made = _Sdk(door)
        yield made
        made.client.session.close()
        assert [] == missing_of(door.sandbox.log)


def test_account_is_read_and_renamed(sdk):
    """
    GET and the search finder show the new name; an unknown account is 404.
    """
    assert 204 == sdk.patch("/adAccounts", int(sdk.door.act), name="Kaffee").status_code
    assert "Kaffee" == sdk.get(ACCOUNTS).entity["name"]
    search = {"name": {"values": ["Kaffee"]}, "test": False}
    found = sdk.finder("/adAccounts", finder_name="search",
                       query_params={"search": search})  # fmt: skip
    assert [int(sdk.door.act)] == [row["id"] for row in found.elements]
    assert 404 == sdk.one("/adAccounts", 5).status_code


def test_accounts_by_batch(sdk):
    """
    A test account is made once and read in a batch.
    """
    body = {"name": "T", "type": "BUSINESS", "currency": "EUR", "test": True}
    made = sdk.create("/adAccounts", entity=body)
    found = sdk.batch_get("/adAccounts", ids=[int(made.entity_id), 17])
    assert found.results[made.entity_id]["test"]
    assert 404 == found.errors["17"]["status"]
    again = sdk.create("/adAccounts", entity=body)
    assert (400, "TEST_ACCOUNT_LIMIT_REACHED") == (
        again.status_code,
        again.entity["code"],
    )


def test_group_is_created_and_found_by_name(sdk):
    """
    The id of the header is the id of the finder; a long name is refused.
    """
    group = sdk.group(name="Frühling (2027), Teil 1: 'Start'")
    search = {"name": {"values": ["Frühling (2027), Teil 1: 'Start'"]}}
    found = sdk.finder(GROUPS, finder_name="search", query_params={"search": search})
    assert [group] == [row["id"] for row in found.elements]
    long = sdk.create(GROUPS, entity=sdk.door.group_body(name="x" * 101))
    assert "FIELD_LENGTH_TOO_LONG" == long.entity["code"]


def test_groups_in_a_batch(sdk):
    """
    BATCH_CREATE tells each element's fate; BATCH_GET shows the ones that were made.
    """
    bodies = [sdk.door.group_body(name="A"), sdk.door.group_body(name="B")]
    bodies.append(sdk.door.group_body(status="ARCHIVED"))
    made = sdk.batch_create(GROUPS, entities=bodies)
    assert [201, 201, 400] == [one.status for one in made.elements]
    assert "INVALID_VALUE_FOR_FIELD" == made.elements[2].error["code"]
    found = sdk.batch_get(GROUPS, ids=[int(one.id) for one in made.elements[:2]])
    assert {"A", "B"} == {row["name"] for row in found.results.values()}


def test_group_is_paused_by_partial_update(sdk):
    """
    The finder by status sees the change; the default group is frozen.
    """
    group = sdk.group()
    assert 204 == sdk.patch(GROUPS, group, status="PAUSED").status_code
    search = {"status": {"values": ["PAUSED", "DRAFT"]}}
    found = sdk.finder(GROUPS, finder_name="search", query_params={"search": search})
    assert [group] == [row["id"] for row in found.elements]
    rows = sdk.finder(GROUPS, finder_name="search").elements
    default = next(row["id"] for row in rows if row["backfilled"])
    refused = sdk.patch(GROUPS, default, name="Mine")
    assert "CANNOT_UPDATE_BACKFILLED_CAMPAIGN_GROUPS" == refused.entity["code"]


def test_groups_change_in_a_batch(sdk):
    """
    BATCH_PARTIAL_UPDATE: 204 for the one, an error for the other.
    """
    first, second = sdk.group(name="A"), sdk.group(name="B")
    changed = sdk.batch_partial_update(
        GROUPS,
        ids=[first, second],
        patch_set_objects=[{"name": "New"}, {"status": "CANCELED"}],
    )
    assert {str(first): 204} == {k: v.status for k, v in changed.results.items()}
    error = changed.response.json()["errors"][str(second)]
    assert "STATUS_CHANGE_NOT_ALLOWED" == error["code"]
    assert "New" == sdk.one(GROUPS, first).entity["name"]


def test_only_draft_groups_are_deleted(sdk):
    """
    DELETE and BATCH_DELETE take drafts; a GET finds nothing any more.
    """
    active, *drafts = sdk.group(), *(sdk.group(status="DRAFT") for _ in range(2))
    one = sdk.delete(f"{GROUPS}/{{id}}", path_keys={"id": drafts[0]})
    assert 204 == one.status_code
    both = sdk.batch_delete(GROUPS, ids=[drafts[1], active])
    assert [str(drafts[1])] == list(both.results)
    assert 404 == sdk.one(GROUPS, drafts[0]).status_code
    assert "ACTIVE" == sdk.one(GROUPS, active).entity["status"]


def test_campaign_is_created_and_found_by_group(sdk):
    """
    The draft is found by its group's URN; the plural objective is 422.
    """
    group = sdk.group()
    campaign = sdk.campaign(group)
    search = {"campaignGroup": {"values": [f"urn:li:sponsoredCampaignGroup:{group}"]}}
    found = sdk.finder(
        CAMPAIGNS, finder_name="search",
        query_params={"search": search, "fields": "id,status"},
    )  # fmt: skip
    assert [{"id": campaign, "status": "DRAFT"}] == found.elements
    body = sdk.door.campaign_body(group, objectiveType="WEBSITE_VISITS")
    refused = sdk.create(CAMPAIGNS, entity=body)
    assert 422 == refused.status_code
    assert "enum symbol" in refused.entity["message"]


def test_campaigns_in_a_batch(sdk):
    """
    Elements fail alone; the others are read by BATCH_GET.
    """
    group = sdk.group()
    bodies = [
        sdk.door.campaign_body(group, name=name, dailyBudget=sdk.door.money(amount))
        for name, amount in (("A", 50), ("B", 1), ("C", 60))
    ]
    made = sdk.batch_create(CAMPAIGNS, entities=bodies)
    assert [201, 400, 201] == [one.status for one in made.elements]
    assert "FIELD_VALUE_TOO_LOW" == made.elements[1].error["code"]
    found = sdk.batch_get(CAMPAIGNS, ids=[int(made.elements[2].id)])
    assert "C" == found.results[made.elements[2].id]["name"]


def test_campaign_budget_and_bid_change(sdk):
    """
    A new bid target comes with its bid, or is refused.
    """
    campaign = sdk.campaign(sdk.group())
    target = {"optimizationTargetType": "NONE", "costType": "CPC"}
    refused = sdk.patch(CAMPAIGNS, campaign, **target)
    assert "CONDITIONAL_MISSING_FIELD" == refused.entity["code"]
    money = sdk.door.money("7.50")
    changed = sdk.patch(CAMPAIGNS, campaign, unitCost=money, **target)
    assert 204 == changed.status_code
    rows = sdk.batch_get(CAMPAIGNS, ids=[campaign]).results
    assert money == rows[str(campaign)]["unitCost"]


def test_campaign_targeting_is_replaced_whole(sdk):
    """
    $set of the criteria; conflicting facets are refused and change nothing.
    """
    campaign = sdk.campaign(sdk.group())
    title = _title(sdk)
    good = sdk.door.target({"titles": [title]})
    assert 204 == sdk.patch(CAMPAIGNS, campaign, targetingCriteria=good).status_code
    bad = sdk.door.target({"titles": [title]}, {"jobFunctions": ["urn:li:function:1"]})
    refused = sdk.patch(CAMPAIGNS, campaign, targetingCriteria=bad)
    assert "INCOMPATIBLE_TARGETING_COMBINATION" == refused.entity["code"]
    found = sdk.finder(CAMPAIGNS, finder_name="search").elements
    assert [good] == [row["targetingCriteria"] for row in found]


def _title(sdk):
    found = sdk.finder(
        "/adTargetingEntities", finder_name="typeahead",
        query_params={"facet": f"{FACET}titles", "query": "Office Man"},
    )  # fmt: skip
    return found.elements[0]["urn"]


def test_campaign_runs_and_is_archived(sdk):
    """
    ACTIVE, PAUSED, ARCHIVED; a draft never comes back.
    """
    campaign = sdk.campaign(sdk.group())
    for status in ("ACTIVE", "PAUSED", "ARCHIVED"):
        assert 204 == sdk.patch(CAMPAIGNS, campaign, status=status).status_code
    refused = sdk.patch(CAMPAIGNS, campaign, status="DRAFT")
    assert "STATUS_CHANGE_NOT_ALLOWED" == refused.entity["code"]
    search = {"status": {"values": ["ARCHIVED"]}}
    found = sdk.finder(CAMPAIGNS, finder_name="search", query_params={"search": search})
    assert [campaign] == [row["id"] for row in found.elements]


def test_creative_is_made_inline_and_found(sdk):
    """
    One action makes post and creative; the criteria finder shows the reference.
    """
    campaign = sdk.campaign(sdk.group())
    creative = sdk.creative(campaign)
    query = {"campaigns": [f"urn:li:sponsoredCampaign:{campaign}"]}
    found = sdk.finder(CREATIVES, finder_name="criteria", query_params=query)
    assert [creative] == [row["id"] for row in found.elements]
    post = found.elements[0]["content"]["reference"]
    assert "Four roasts, one box." == sdk.one("/posts", post).entity["commentary"]
    body = {"creative": {"campaign": "urn:li:sponsoredCampaign:5"}}
    refused = sdk.client.action(
        resource_path=CREATIVES,
        action_name="createInline",
        path_keys={"account": int(sdk.door.act)},
        action_params=body,
        access_token=sdk.token,
        version_string="202609",
    )
    assert 422 == refused.status_code


def test_creative_sponsors_an_existing_post(sdk):
    """
    CREATE with a reference; a post that does not exist is refused.
    """
    post = sdk.create("/posts", entity=sdk.door.post_body("We are open."))
    urn = post.decoded_entity_id
    campaign = sdk.campaign(sdk.group())
    body = {
        "campaign": f"urn:li:sponsoredCampaign:{campaign}",
        "intendedStatus": "DRAFT",
        "content": {"reference": urn},
    }
    made = sdk.create(CREATIVES, entity=body)
    assert 201 == made.status_code
    found = sdk.batch_get(CREATIVES, ids=[made.decoded_entity_id])
    assert urn == found.results[made.entity_id]["content"]["reference"]
    body["content"] = {"reference": "urn:li:share:1"}
    assert 400 == sdk.create(CREATIVES, entity=body).status_code


def test_creatives_are_activated_in_a_batch(sdk):
    """
    BATCH_PARTIAL_UPDATE by URN starts the review; the finder by status agrees.
    """
    campaign = sdk.campaign(sdk.group())
    ads = [sdk.creative(campaign, f"Roast {n}") for n in range(2)]
    patches = [{"intendedStatus": "ACTIVE"}, {"intendedStatus": "REMOVED"}]
    changed = sdk.batch_partial_update(CREATIVES, ids=ads, patch_set_objects=patches)
    assert [204] == [one.status for one in changed.results.values()]
    assert 1 == len(changed.response.json()["errors"])
    query = {"intendedStatuses": ["ACTIVE"]}
    found = sdk.finder(CREATIVES, finder_name="criteria", query_params=query)
    assert [(ads[0], "PENDING")] == [
        (row["id"], row["review"]["status"]) for row in found.elements
    ]


def test_draft_creatives_are_deleted(sdk):
    """
    An active one in an active campaign stays.
    """
    campaign = sdk.campaign(sdk.group())
    ad = sdk.creative(campaign)
    sdk.patch(CREATIVES, ad, intendedStatus="ACTIVE")
    sdk.patch(CAMPAIGNS, campaign, status="ACTIVE")
    path = f"{CREATIVES}/{{id}}"
    assert 400 == sdk.delete(path, path_keys={"id": ad}).status_code
    draft = sdk.creative(campaign, "Second")
    assert 204 == sdk.delete(path, path_keys={"id": draft}).status_code
    found = sdk.finder(CREATIVES, finder_name="criteria").elements
    assert [ad] == [row["id"] for row in found]


def test_post_is_published_changed_and_deleted(sdk):
    """
    The author finder follows; the same text again is 422 and names the first post.
    """
    made = sdk.create("/posts", entity=sdk.door.post_body("We are open."))
    urn = made.decoded_entity_id
    twin = sdk.create("/posts", entity=sdk.door.post_body("We are open."))
    assert 422 == twin.status_code
    assert urn in twin.entity["message"]
    assert 204 == sdk.patch("/posts", urn, commentary="Open now.").status_code
    query = {"author": sdk.door.page}
    found = sdk.finder("/posts", finder_name="author", query_params=query)
    assert [(urn, "Open now.")] == [
        (row["id"], row["commentary"]) for row in found.elements
    ]
    for _ in range(2):
        gone = sdk.delete("/posts/{id}", path_keys={"id": urn})
        assert 204 == gone.status_code
    assert 404 == sdk.one("/posts", urn).status_code


def test_image_is_uploaded(sdk):
    """
    The action's URL takes the bytes; a post with a picture that never came is refused.
    """
    owner = {"initializeUploadRequest": {"owner": sdk.door.page}}
    made = sdk.action("/images", action_name="initializeUpload", action_params=owner)
    image = made.value["image"]
    post = sdk.door.post_body("Look.", content={"media": {"id": image}})
    assert 400 == sdk.create("/posts", entity=post).status_code
    put = sdk.door.http.put(made.value["uploadUrl"], content=PNG)
    assert 201 == put.status_code
    assert "AVAILABLE" == sdk.one("/images", image).entity["status"]
    assert 201 == sdk.create("/posts", entity=post).status_code


def test_segment_is_filled_and_targeted(sdk):
    """
    A streamed audience is ready after a day and then has an id to target.
    """
    body = {
        "name": "Customers",
        "account": sdk.door.urn,
        "type": "USER",
        "sourcePlatform": "API",
        "destinations": [{"destination": "LINKEDIN"}],
    }
    segment = sdk.create("/dmpSegments", entity=body).entity_id
    people = [
        {"action": "ADD",
         "userIds": [{"idType": "SHA256_EMAIL", "idValue": f"{n:064x}"}]}
        for n in range(900)
    ]  # fmt: skip
    people.append({"action": "ADD", "userIds": []})
    path = {"id": int(segment)}
    sent = sdk.batch_create("/dmpSegments/{id}/users", path_keys=path, entities=people)
    assert [201] * 900 + [400] == [one.status for one in sent.elements]
    sdk.door.sandbox.advance(days=2)
    query = {"account": sdk.door.urn}
    rows = sdk.finder("/dmpSegments", finder_name="account", query_params=query)
    target = rows.elements[0]["destinations"][0]["destinationSegmentId"]
    criteria = sdk.door.target({"audienceMatchingSegments": [target]})
    assert sdk.campaign(sdk.group(), targetingCriteria=criteria)
    body["sourcePlatform"] = "LIST_UPLOAD"
    assert 400 == sdk.create("/dmpSegments", entity=body).status_code


def test_conversion_is_linked_and_unlinked(sdk):
    """
    The compound key works for PUT and DELETE; an unknown rule is 404.
    """
    body = {
        "name": "Sign-up",
        "account": sdk.door.urn,
        "conversionMethod": "INSIGHT_TAG_JAVASCRIPT_EVENT",
        "type": "SIGN_UP",
    }
    made = sdk.create("/conversions", entity=body)
    assert "Sign-up" == made.entity["name"]
    rule = f"urn:lla:llaPartnerConversion:{made.entity_id}"
    campaign = f"urn:li:sponsoredCampaign:{sdk.campaign(sdk.group())}"
    pair = {"campaign": campaign, "conversion": rule}
    path = "/campaignConversions/{key}"
    for _ in range(2):
        done = sdk.update(path, path_keys={"key": pair}, entity=pair)
        assert 204 == done.status_code
    query = {"account": sdk.door.urn}
    rows = sdk.finder("/conversions", finder_name="account", query_params=query)
    assert [[campaign]] == [row["campaigns"] for row in rows.elements]
    assert 204 == sdk.delete(path, path_keys={"key": pair}).status_code
    wrong = {**pair, "conversion": "urn:lla:llaPartnerConversion:1"}
    refused = sdk.update(path, path_keys={"key": wrong}, entity=wrong)
    assert 404 == refused.status_code


def test_targeting_is_searched_counted_and_priced(sdk):
    """
    Typeahead, facet list, counts and prices; a facet without the finder is refused.
    """
    facets = sdk.get_all("/adTargetingFacets").elements
    assert 30 == len(facets)
    criteria = sdk.door.target({"titles": [_title(sdk)]})
    query = {"targetingCriteria": criteria}
    count = sdk.finder(
        "/audienceCounts", finder_name="targetingCriteriaV2", query_params=query
    )
    assert count.elements[0]["total"] > 300
    query |= {"account": sdk.door.urn, "bidType": "CPC", "matchType": "EXACT",
              "campaignType": "SPONSORED_UPDATES"}  # fmt: skip
    price = sdk.finder("/adBudgetPricing", finder_name="criteriaV2", query_params=query)
    lowest = price.elements[0]["bidLimits"]["min"]
    bid = {"optimizationTargetType": "NONE", "costType": "CPC", "unitCost": lowest}
    campaign = sdk.campaign(sdk.group(), **bid)
    assert lowest == sdk.one(CAMPAIGNS, campaign).entity["unitCost"]
    query = {"facet": f"{FACET}locations"}
    refused = sdk.finder(
        "/adTargetingEntities", finder_name="adTargetingFacet", query_params=query
    )
    assert (400, None) == (refused.status_code, refused.elements)


def _running(sdk):
    campaign = sdk.campaign(sdk.group())
    ad = sdk.creative(campaign)
    sdk.patch(CREATIVES, ad, intendedStatus="ACTIVE")
    sdk.patch(CAMPAIGNS, campaign, status="ACTIVE")
    sdk.door.sandbox.advance(days=20)
    return campaign, ad


def _report(sdk, campaigns, **changes):
    query = {
        "pivot": "CAMPAIGN",
        "timeGranularity": "DAILY",
        "dateRange": {
            "start": {"year": 2027, "month": 3, "day": 1},
            "end": {"year": 2027, "month": 3, "day": 10},
        },
        "campaigns": [f"urn:li:sponsoredCampaign:{one}" for one in campaigns],
        "fields": "impressions,costInLocalCurrency,pivotValues,dateRange",
        **changes,
    }
    return sdk.finder("/adAnalytics", finder_name="analytics", query_params=query)


def test_report_follows_the_running_ad(sdk):
    """
    Ten days of figures with costs as text; a day that ends before it begins is refused.
    """
    campaign, _ = _running(sdk)
    rows = _report(sdk, [campaign]).elements
    assert 10 == len(rows)
    assert all(isinstance(row["costInLocalCurrency"], str) for row in rows)
    bad = {"start": {"year": 2027, "month": 4, "day": 1},
           "end": {"year": 2027, "month": 3, "day": 1}}  # fmt: skip
    assert 400 == _report(sdk, [campaign], dateRange=bad).status_code


def test_long_report_is_tunnelled(sdk):
    """
    With hundreds of campaigns the client sends the query in the body: the same rows.
    """
    campaign, _ = _running(sdk)
    plain = _report(sdk, [campaign]).elements
    many = _report(sdk, [campaign, *range(1, 200)])
    assert plain == many.elements
    assert "POST" == many.response.request.method
    lost = _report(sdk, [campaign, *range(1, 200)], pivot="MOOD")
    assert 400 == lost.status_code


def test_statistics_have_several_pivots(sdk):
    """
    Values stand in the order of the pivots; a fourth pivot is refused.
    """
    campaign, ad = _running(sdk)
    query = {
        "pivots": ["CREATIVE", "CAMPAIGN"],
        "timeGranularity": "ALL",
        "dateRange": {"start": {"year": 2027, "month": 3, "day": 1}},
        "accounts": [sdk.door.urn],
        "fields": "clicks,pivotValues",
    }
    found = sdk.finder("/adAnalytics", finder_name="statistics", query_params=query)
    names = [ad, f"urn:li:sponsoredCampaign:{campaign}"]
    assert [names] == [row["pivotValues"] for row in found.elements]
    query["pivots"] = ["CREATIVE", "CAMPAIGN", "ACCOUNT", "SHARE"]
    refused = sdk.finder("/adAnalytics", finder_name="statistics", query_params=query)
    assert 400 == refused.status_code


def test_versions_and_tokens_are_refused(sdk):
    """
    426 for a retired version, 401 for a wrong token, 403 for a token without scope.
    """
    group = sdk.group()
    path = f"{GROUPS}/{{id}}"
    old = sdk.get(path, path_keys={"id": group}, version_string="202501")
    assert (426, "NONEXISTENT_VERSION") == (old.status_code, old.entity["code"])
    lost = sdk.get(path, path_keys={"id": group}, access_token="none")
    assert (401, 65600) == (lost.status_code, lost.entity["serviceErrorCode"])
    reader = sdk.door.ids["reader_token"]
    seen = sdk.get(path, path_keys={"id": group}, access_token=reader)
    assert group == seen.entity["id"]
    denied = sdk.partial_update(
        path, path_keys={"id": group}, patch_set_object={"name": "x"},
        access_token=reader,
    )  # fmt: skip
    assert 403 == denied.status_code


def test_tokens_are_refreshed_and_looked_into(sdk):
    """
    A new token works where the old one has expired; a wrong secret is refused.
    """
    ids = sdk.door.ids
    auth = AuthClient(client_id=ids["client_id"], client_secret=ids["client_secret"])
    sdk.door.sandbox.advance(days=61)
    assert 401 == sdk.get(ACCOUNTS).status_code
    fresh = auth.exchange_refresh_token_for_access_token(ids["refresh_token"])
    assert 5_184_000 == fresh.expires_in
    assert 200 == sdk.get(ACCOUNTS, access_token=fresh.access_token).status_code
    told = auth.introspect_access_token(fresh.access_token)
    assert told.active
    assert "rw_ads" in told.scope
    assert not auth.introspect_access_token(sdk.token).active
    wrong = AuthClient(client_id=ids["client_id"], client_secret="none")
    refused = wrong.exchange_refresh_token_for_access_token(ids["refresh_token"])
    assert 401 == refused.status_code
    auth.session.close()
    wrong.session.close()


def test_schedules_are_milliseconds(sdk):
    """
    What is written is read to the millisecond; an end before the start is refused.
    """
    group = sdk.group()
    run = {"start": START_MS, "end": END_MS - 86_400_001}
    assert 204 == sdk.patch(GROUPS, group, runSchedule=run).status_code
    rows = sdk.finder(GROUPS, finder_name="search").elements
    assert run in [row["runSchedule"] for row in rows]
    refused = sdk.patch(GROUPS, group, runSchedule={"start": END_MS, "end": START_MS})
    assert "START_DATE_AFTER_END_DATE" == refused.entity["code"]
