"""
What the emulated LinkedIn refuses, and what statuses and holds become.
"""

from __future__ import annotations

from urllib.parse import quote

import pytest

from _linkedin import END_MS, START_MS, Refused

NOW_MS = 1_803_283_200_000


def _money(amount, currency="EUR"):
    return {"amount": str(amount), "currencyCode": currency}


GROUPS = [
    ({"name": None}, "MISSING_FIELD", "name"),
    ({"name": " "}, "INVALID_VALUE_BLANK_FIELD", "name"),
    ({"name": "x" * 101}, "FIELD_LENGTH_TOO_LONG", "name"),
    ({"status": "PAUSED"}, "INVALID_VALUE_FOR_FIELD", "status"),
    ({"runSchedule": {}}, "MISSING_FIELD", "runSchedule/start"),
    (
        {"runSchedule": {"start": END_MS, "end": START_MS}},
        "START_DATE_AFTER_END_DATE",
        "runSchedule/start",
    ),
    ({"runSchedule": {"start": 5}}, "DATE_TOO_EARLY", "runSchedule/start"),
    (
        {"runSchedule": {"start": START_MS}, "totalBudget": _money(500)},
        "CONDITIONAL_MISSING_FIELD",
        "runSchedule/end",
    ),
    (
        {"totalBudget": _money(500, "USD")},
        "CURRENCY_MISMATCH",
        "totalBudget/currencyCode",
    ),
    ({"totalBudget": _money(-1)}, "FIELD_VALUE_TOO_LOW", "totalBudget/amount"),
    ({"dailyBudget": _money(50)}, "CONDITIONAL_FIELD_NOT_ALLOWED", "dailyBudget"),
]


@pytest.mark.parametrize(("changes", "code", "path"), GROUPS, ids=str)
def test_groups_are_refused(linkedin, changes, code, path):
    """
    Status 400, the code at the top and in the field's entry, nothing kept.
    """
    with pytest.raises(Refused) as caught:
        linkedin.group(**changes)
    refused = caught.value
    assert (400, code, [code], [path]) == (
        refused.status,
        refused.code,
        refused.codes,
        refused.paths,
    )
    assert 1 == len(linkedin.get(linkedin.groups(), q="search")["elements"])


CAMPAIGNS = [
    ({"name": None}, "MISSING_FIELD", "name"),
    ({"campaignGroup": None}, "MISSING_CAMPAIGN_GROUP_ID", "campaignGroup"),
    (
        {"campaignGroup": "urn:li:sponsoredCampaignGroup:5"},
        "FIELD_VALUE_DOES_NOT_EXIST",
        "campaignGroup",
    ),
    ({"politicalIntent": None}, "MISSING_FIELD", "politicalIntent"),
    ({"offsiteDeliveryEnabled": None}, "MISSING_FIELD", "offsiteDeliveryEnabled"),
    ({"status": "ARCHIVED"}, "INVALID_VALUE_FOR_FIELD", "status"),
    ({"dailyBudget": None}, "MISSING_FIELD", "dailyBudget"),
    ({"dailyBudget": _money("9.19")}, "FIELD_VALUE_TOO_LOW", "dailyBudget/amount"),
    ({"totalBudget": _money("91")}, "FIELD_VALUE_TOO_LOW", "totalBudget/amount"),
    (
        {"dailyBudget": _money(200), "totalBudget": _money(150)},
        "CONDITIONAL_VALUE_TOO_LOW",
        "totalBudget/amount",
    ),
    (
        {"totalBudget": _money(500), "runSchedule": {"start": START_MS}},
        "CONDITIONAL_MISSING_FIELD",
        "runSchedule/end",
    ),
    (
        {"dailyBudget": _money(50, "USD")},
        "CURRENCY_MISMATCH",
        "dailyBudget/currencyCode",
    ),
    ({"unitCost": _money(5)}, "CONDITIONAL_INVALID_VALUE", "unitCost/amount"),
    ({"optimizationTargetType": "NONE"}, "MISSING_FIELD", "unitCost"),
    (
        {"optimizationTargetType": "NONE", "costType": "CPC", "unitCost": _money(1)},
        "FIELD_VALUE_TOO_LOW",
        "unitCost/amount",
    ),
    (
        {"optimizationTargetType": "NONE", "costType": "CPC", "unitCost": _money(999)},
        "FIELD_VALUE_TOO_HIGH",
        "unitCost/amount",
    ),
    (
        {"optimizationTargetType": "MAX_LEAD"},
        "INVALID_CAMPAIGN_CONFIGURATION",
        "objectiveType",
    ),
    ({"costType": "CPC"}, "INVALID_CAMPAIGN_CONFIGURATION", "objectiveType"),
    ({"costType": "CPV"}, "INVALID_CAMPAIGN_CONFIGURATION", "objectiveType"),
    (
        {"objectiveType": "VIDEO_VIEW", "optimizationTargetType": "MAX_VIDEO_VIEW"},
        "INVALID_CAMPAIGN_CONFIGURATION",
        "objectiveType",
    ),
    (
        {"objectiveType": "TALENT_LEAD"},
        "INVALID_ENTITLEMENT_FOR_TALENT_LEAD",
        "objectiveType",
    ),
    (
        {"locale": {"country": "DE", "language": "en"}},
        "INVALID_VALUE_FOR_FIELD",
        "locale",
    ),
    ({"associatedEntity": None}, "MISSING_FIELD", "associatedEntity"),
    (
        {"associatedEntity": "urn:li:organization:1"},
        "FIELD_VALUE_DOES_NOT_EXIST",
        "associatedEntity",
    ),
    ({"targeting": {}}, "TARGETING_FIELD_DEPRECATED", "targeting"),
    (
        {"runSchedule": {"start": START_MS, "end": START_MS}},
        "START_DATE_AFTER_END_DATE",
        "runSchedule/start",
    ),
]


@pytest.mark.parametrize(("changes", "code", "path"), CAMPAIGNS, ids=str)
def test_campaigns_are_refused(linkedin, changes, code, path):
    """
    Status 400 with code and field, nothing kept.
    """
    group = linkedin.group()
    with pytest.raises(Refused) as caught:
        linkedin.campaign(group, **changes)
    refused = caught.value
    assert (400, [code], [path]) == (refused.status, refused.codes, refused.paths)
    assert [] == linkedin.get(linkedin.campaigns(), q="search")["elements"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"objectiveType": "WEBSITE_VISITS"}, 422),
        ({"optimizationTargetType": "MAX_LUCK"}, 422),
        ({"dailyBudget": {"amount": 50, "currencyCode": "EUR"}}, 422),
        ({"campaignGroup": "17"}, 422),
        ({"servingStatuses": []}, 422),
        ({"targetingCriteria": {"include": {"and": {}}}}, 422),
        ({"type": "TEXT_AD"}, 501),
        ({"format": "SPONSORED_UPDATE_NATIVE_DOCUMENT"}, 501),
        ({"format": "SPONSORED_UPDATE_EVENT"}, 501),
        ({"connectedTelevisionOnly": True}, 501),
        ({"offsitePreferences": {}}, 501),
    ],
    ids=str,
)
def test_campaigns_outside_the_schema_or_the_model(linkedin, changes, status):
    """
    422 for what no record may hold, 501 for what only the real LinkedIn can.
    """
    group = linkedin.group()
    with pytest.raises(Refused) as caught:
        linkedin.campaign(group, **changes)
    assert status == caught.value.status


def test_several_problems_are_told_at_once(linkedin):
    """
    MULTIPLE_VALIDATIONS_FAILED with an entry per field.
    """
    with pytest.raises(Refused) as caught:
        linkedin.group(name="", totalBudget=_money(5, "USD"))
    assert "MULTIPLE_VALIDATIONS_FAILED" == caught.value.code
    assert ["name", "totalBudget/currencyCode"] == caught.value.paths


def _targets(door):
    title = door.entity("titles", "Office Manager")
    senior = "urn:li:seniority:5"
    place = door.germany
    return [
        (door.target(places=[]), "MISSING_FIELD"),
        (door.target({"nowhere": [title]}), "INVALID_VALUE_FOR_FIELD"),
        (
            door.target({"titles": ["urn:li:title:999999"]}),
            "FIELD_VALUE_DOES_NOT_EXIST",
        ),
        (door.target({"titles": [senior]}), "INVALID_VALUE_FOR_FIELD"),
        (door.target({"titles": [title, title]}), "INVALID_VALUE_DUPLICATE_EXIST"),
        (
            door.target({"titles": [title]}, {"seniorities": [senior]}),
            "INCOMPATIBLE_TARGETING_COMBINATION",
        ),
        (
            door.target({"titles": [title]}, {"titlesAll": [title]}),
            "INVALID_PAST_ATTRIBUTE_COMBINATION",
        ),
        (
            door.target(exclude={"locations": [place]}),
            "FIELD_CANNOT_BE_BOTH_IN_INCLUDED_AND_EXCLUDED_TARGETING",
        ),
        (door.target(exclude={"genders": ["urn:li:gender:MALE"]}), "FIELD_NOT_ALLOWED"),
        (
            door.target({"audienceMatchingSegments": [door.ids["website_segment"]]}),
            "INVALID_SEGMENT_ID_AND_FACET_COMBINATION_PROVIDED",
        ),
        (
            door.target({"dynamicSegments": ["urn:li:adSegment:7"]}),
            "FIELD_VALUE_DOES_NOT_EXIST",
        ),
    ]


def test_targeting_is_refused_by_campaigns_and_counts_alike(linkedin):
    """
    Facet conflicts, caps, sides and unknown values, the same at both places.
    """
    group = linkedin.group()
    for criteria, code in _targets(linkedin):
        with pytest.raises(Refused) as caught:
            linkedin.campaign(group, targetingCriteria=criteria)
        assert (400, [code]) == (caught.value.status, caught.value.codes)
        with pytest.raises(Refused) as caught:
            linkedin.get(
                "/audienceCounts", q="targetingCriteriaV2", targetingCriteria=criteria
            )
        assert [code] == caught.value.codes


def test_conflicting_facets_may_stand_in_one_or(linkedin):
    """
    Titles or seniorities in the same term are fine; narrower audiences are smaller.
    """
    title = linkedin.entity("titles", "Office Manager")

    def count(*terms):
        criteria = linkedin.target(*terms)
        found = linkedin.get(
            "/audienceCounts", q="targetingCriteriaV2", targetingCriteria=criteria
        )
        return found["elements"][0]["total"]

    either = count({"titles": [title], "seniorities": ["urn:li:seniority:5"]})
    everyone, managers = count(), count({"titles": [title]})
    assert 0 < managers < either < everyone


def test_a_draft_group_takes_drafts_only(linkedin):
    """
    And its campaigns cannot leave DRAFT before it does.
    """
    group = linkedin.group(status="DRAFT")
    campaign = linkedin.campaign(group)
    code = "ONLY_DRAFT_CAMPAIGNS_ALLOWED_IN_DRAFT_CAMPAIGN_GROUPS"
    for act in (
        lambda: linkedin.campaign(group, status="PAUSED"),
        lambda: linkedin.patch(f"{linkedin.campaigns()}/{campaign}", status="ACTIVE"),
    ):
        with pytest.raises(Refused) as caught:
            act()
        assert code == caught.value.code
    linkedin.patch(f"{linkedin.groups()}/{group}", status="ACTIVE")
    linkedin.patch(f"{linkedin.campaigns()}/{campaign}", status="ACTIVE")


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        (["ACTIVE", "DRAFT"], "STATUS_CHANGE_NOT_ALLOWED"),
        (["ARCHIVED"], "STATUS_CHANGE_NOT_ALLOWED"),
        (["ACTIVE", "COMPLETED"], "STATUS_CHANGE_NOT_ALLOWED"),
        (
            ["ACTIVE", "CANCELED", "ACTIVE"],
            "ACTION_NOT_ALLOWED_FOR_CANCELLED_STATUS",
        ),
        (["PAUSED", "PENDING_DELETION", "ACTIVE"], "STATUS_CHANGE_NOT_ALLOWED"),
        (["ACTIVE", "PAUSED", "ARCHIVED", "ACTIVE", "REMOVED"],
         "STATUS_CHANGE_NOT_ALLOWED"),
    ],
)  # fmt: skip
def test_campaigns_become_only_what_they_may(linkedin, steps, code):
    """
    All steps but the last work.
    """
    path = f"{linkedin.campaigns()}/{linkedin.campaign(linkedin.group())}"
    for status in steps[:-1]:
        linkedin.patch(path, status=status)
        assert status == linkedin.get(path)["status"]
    with pytest.raises(Refused) as caught:
        linkedin.patch(path, status=steps[-1])
    assert code == caught.value.code


def test_deletions_take_a_day(linkedin):
    """
    PENDING_DELETION becomes REMOVED on the clock and stays readable.
    """
    group = f"{linkedin.groups()}/{linkedin.group()}"
    linkedin.patch(group, status="PENDING_DELETION")
    assert "PENDING_DELETION" == linkedin.get(group)["status"]
    linkedin.sandbox.advance(days=1)
    assert "REMOVED" == linkedin.get(group)["status"]


def test_running_campaigns_keep_what_is_frozen(linkedin):
    """
    Objective, page, format and a passed start stay; a new bid target needs a bid.
    """
    group = linkedin.group(runSchedule={"start": NOW_MS, "end": END_MS})
    campaign = linkedin.campaign(
        group, runSchedule={"start": NOW_MS, "end": END_MS}, status="PAUSED"
    )
    path = f"{linkedin.campaigns()}/{campaign}"
    for changes, code in (
        ({"objectiveType": "ENGAGEMENT"}, "IMMUTABLE_CAMPAIGN_OBJECTIVE_TYPE"),
        ({"format": "CAROUSEL"}, "FIELD_IMMUTABLE_FOR_NON_DRAFT_CAMPAIGNS"),
        ({"optimizationTargetType": "NONE"}, "CONDITIONAL_MISSING_FIELD"),
        (
            {"runSchedule": {"start": START_MS, "end": END_MS}},
            "DATE_IMMUTABLE_WHEN_PASSED",
        ),
    ):
        with pytest.raises(Refused) as caught:
            linkedin.patch(path, **changes)
        assert code == caught.value.code
    changes = {"optimizationTargetType": "NONE", "costType": "CPC"}
    linkedin.patch(path, unitCost=_money(6), **changes)
    assert _money(6) == linkedin.get(path)["unitCost"]
    assert "2" == linkedin.get(path)["version"]["versionTag"]


def test_groups_hold_back_their_campaigns(linkedin):
    """
    Ceiling, objective, default group.
    """
    group = linkedin.group(totalBudget=_money(1000), objectiveType="WEBSITE_VISIT")
    linkedin.campaign(group, totalBudget=_money(700))
    for changes, code in (
        ({"totalBudget": _money(301)}, "INSUFFICIENT_CAMPAIGN_GROUP_BUDGET"),
        ({"objectiveType": "ENGAGEMENT"}, "MISMATCH_FIELDS"),
    ):
        with pytest.raises(Refused) as caught:
            linkedin.campaign(group, name="Second", **changes)
        assert code == caught.value.code
    linkedin.campaign(group, name="Second", totalBudget=_money(300))
    rows = linkedin.get(linkedin.groups(), q="search")["elements"]
    default = next(row["id"] for row in rows if row["backfilled"])
    with pytest.raises(Refused) as caught:
        linkedin.patch(f"{linkedin.groups()}/{default}", name="Mine")
    assert "CANNOT_UPDATE_BACKFILLED_CAMPAIGN_GROUPS" == caught.value.code


def test_activation_looks_at_what_drafts_may_postpone(linkedin):
    """
    A tiny audience and a missing conversion are fine until a campaign goes live.
    """
    group = linkedin.group()
    skills = [f"urn:li:seniority:{n}" for n in (1, 9)]
    terms = [{"seniorities": [one]} for one in skills]
    terms += [{"skills": [linkedin.entity("skills", "Java")]}] * 1
    terms += [{"industries": [linkedin.entity("industries", "Market Research")]}]
    monaco = linkedin.entity("locations", "Liechtenstein")
    small = linkedin.campaign(
        group, targetingCriteria=linkedin.target(*terms, places=[monaco])
    )
    sales = linkedin.campaign(
        group,
        name="Sales",
        objectiveType="WEBSITE_CONVERSION",
        optimizationTargetType="MAX_CONVERSION",
    )
    for campaign, code in (
        (small, "AUDIENCE_SIZE_TOO_SMALL"),
        (sales, "CONVERSION_CAMPAIGN_MISSING_ASSOCIATED_CONVERSION"),
    ):
        path = f"{linkedin.campaigns()}/{campaign}"
        with pytest.raises(Refused) as caught:
            linkedin.patch(path, status="ACTIVE")
        assert code == caught.value.code
    held = linkedin.get(f"{linkedin.campaigns()}/{small}")["servingStatuses"]
    assert "CAMPAIGN_AUDIENCE_COUNT_HOLD" in held


def test_holds_follow_parents_dates_review_and_money(door):
    """
    An ad serves when nothing in its line holds it back, and says what does.
    """
    group, campaign, ad = door.tree(dailyBudget=None, totalBudget=door.money(100))
    path = f"{door.creatives()}/{quote(ad, safe='')}"

    def holds():
        return set(door.get(path).get("servingHoldReasons", []))

    assert {"STOPPED", "CAMPAIGN_STOPPED"} < holds()
    assert "review" not in door.get(path)
    door.activate(campaign, ad)
    dates = {"CAMPAIGN_START_DATE_HOLD", "CAMPAIGN_GROUP_START_DATE_HOLD"}
    assert {"UNDER_REVIEW", *dates} == holds()
    door.sandbox.advance(days=1)
    assert dates == holds()
    door.sandbox.advance(days=7)
    assert (True, set()) == (door.get(path)["isServing"], holds())
    door.patch(f"{door.groups()}/{group}", status="PAUSED")
    assert {"CAMPAIGN_GROUP_STATUS_HOLD"} == holds()
    door.patch(f"{door.groups()}/{group}", status="ACTIVE")
    door.sandbox.advance(days=50)
    ended = {"CAMPAIGN_END_DATE_HOLD", "CAMPAIGN_GROUP_END_DATE_HOLD"}
    assert ended <= holds()
    assert "CAMPAIGN_TOTAL_BUDGET_HOLD" in holds()


def test_the_review_refuses_what_it_must(linkedin):
    """
    A text with a miracle cure is rejected and never shown.
    """
    campaign = linkedin.campaign(linkedin.group())
    ad = linkedin.ad(campaign, "A miracle cure.").replace("%3A", ":")
    linkedin.activate(campaign, ad)
    linkedin.sandbox.advance(days=20)
    found = linkedin.get(f"{linkedin.creatives()}/{quote(ad, safe='')}")
    assert ("REJECTED", ["REJECTED"]) == (
        found["review"]["status"],
        found["servingHoldReasons"],
    )
    assert [] == linkedin.analytics()


def test_fifteen_creatives_are_active_and_no_more(linkedin):
    """
    The sixteenth is refused; as a draft it is taken.
    """
    campaign = linkedin.campaign(linkedin.group())
    for number in range(15):
        linkedin.ad(campaign, f"Roast {number}", intendedStatus="ACTIVE")
    with pytest.raises(Refused, match="15"):
        linkedin.ad(campaign, "Roast 16", intendedStatus="ACTIVE")
    linkedin.ad(campaign, "Roast 16")


CREATIVES = [
    ({"intendedStatus": "PAUSED"}, 400),
    ({"intendedStatus": None}, 501),
    ({"intendedStatus": "ON"}, 422),
    ({"campaign": "urn:li:sponsoredCampaign:5"}, 400),
    ({"campaign": "5"}, 422),
    ({"name": "x" * 256}, 400),
    (
        {"leadgenCallToAction": {"destination": "urn:li:adForm:1", "label": "APPLY"}},
        400,
    ),
    ({"isServing": True}, 422),
]


@pytest.mark.parametrize(("changes", "status"), CREATIVES, ids=str)
def test_creatives_are_refused_and_leave_no_post(linkedin, changes, status):
    """
    CreateInline does both or neither; the error has the old shape without a code.
    """
    campaign = linkedin.campaign(linkedin.group())
    creative = {
        "campaign": f"urn:li:sponsoredCampaign:{campaign}",
        "intendedStatus": "DRAFT",
        "inlineContent": {"post": linkedin.ad_post()},
        **changes,
    }
    body = {"creative": {k: v for k, v in creative.items() if v is not None}}
    with pytest.raises(Refused) as caught:
        linkedin.create(linkedin.creatives(), body, action="createInline")
    assert status == caught.value.status
    assert {"message", "status"} <= set(caught.value.body)
    assert {"share", "creative"}.isdisjoint(linkedin.sandbox.state()["linkedin"])


def test_the_post_must_fit_the_campaigns_format(linkedin):
    """
    A picture in a carousel campaign is refused, and a post of no account.
    """
    carousel = linkedin.campaign(linkedin.group(), format="CAROUSEL")
    with pytest.raises(Refused, match="CAROUSEL"):
        linkedin.ad(carousel)
    with pytest.raises(Refused, match="dscAdAccount"):
        linkedin.ad(carousel, post=linkedin.post_body())
    cards = [
        {
            "media": {"id": linkedin.image(), "title": name},
            "landingPage": "https://a.example",
        }
        for name in ("Dark", "Light")
    ]
    one_card = linkedin.ad_post(content={"carousel": {"cards": cards[:1]}})
    with pytest.raises(Refused, match="2 to 10"):
        linkedin.ad(carousel, post=one_card)
    content = {"carousel": {"cards": cards}}
    assert linkedin.ad(carousel, post=linkedin.ad_post(content=content))


def test_accounts_have_rules_of_their_own(linkedin):
    """
    One test account, no drafts but by choice, deletion of drafts only.
    """
    body = {"name": "Test", "type": "BUSINESS", "currency": "EUR", "test": True}
    test = linkedin.create("/adAccounts", body)
    assert linkedin.get(f"/adAccounts/{test}")["test"]
    for changes, code in (
        ({}, "TEST_ACCOUNT_LIMIT_REACHED"),
        ({"test": False, "name": " "}, "BLANK_ACCOUNT_NAME"),
        ({"test": False, "currency": "XXX"}, "CURRENCY_NOT_SUPPORTED"),
        ({"test": False, "type": "ENTERPRISE"}, "INVALID_VALUE_FOR_FIELD"),
    ):
        with pytest.raises(Refused) as caught:
            linkedin.create("/adAccounts", {**body, **changes})
        assert code == caught.value.code
    with pytest.raises(Refused) as caught:
        linkedin.call("DELETE", f"/adAccounts/{test}")
    assert "DELETE_NOT_ALLOWED" == caught.value.code
    with pytest.raises(Refused) as caught:
        linkedin.patch(f"/adAccounts/{test}", status="DRAFT")
    assert "INVALID_STATUS_TRANSITION" == caught.value.code


@pytest.mark.parametrize(
    ("form", "part", "most"),
    [
        ("STANDARD_UPDATE", "commentary", 600),
        ("STANDARD_UPDATE", "title", 200),
        ("STANDARD_UPDATE", "contentLandingPage", 2000),
        ("SINGLE_VIDEO", "commentary", 600),
        ("CAROUSEL", "commentary", 255),
        ("CAROUSEL", "card", 45),
    ],
    ids=str,
)
@pytest.mark.parametrize("more", [0, 1])
def test_the_review_holds_texts_to_their_format(linkedin, form, part, most, more):
    """
    The API takes a text of any length; one too many characters is rejected later.
    """
    campaign = linkedin.campaign(linkedin.group(), format=form)
    text = "x" * (most + more)
    if part == "contentLandingPage":
        text = f"https://a.example/{text}"[: most + more]
    post = linkedin.ad_post()
    if form == "CAROUSEL":
        media = {"id": linkedin.image(), "title": text if part == "card" else "A"}
        card = {"media": media, "landingPage": "https://a.example/"}
        post["content"] = {"carousel": {"cards": [card, card]}}
    elif form == "SINGLE_VIDEO":
        post["content"] = {"media": {"id": _film(linkedin)}}
    else:
        media = {"id": linkedin.image(), "title": text if part == "title" else "A"}
        post["content"] = {"media": media}
    if part in post:
        post[part] = text
    ad = linkedin.ad(campaign, post=post).replace("%3A", ":")
    linkedin.activate(campaign, ad)
    linkedin.sandbox.advance(days=2)
    path = f"{linkedin.creatives()}/{quote(ad, safe='')}"
    review = linkedin.get(path)["review"]
    assert ("REJECTED" if more else "APPROVED") == review["status"]
    assert bool(more) == bool(review.get("rejectionReasons"))


def _film(door):
    asked = {
        "owner": door.page, "fileSizeBytes": 100_000,
        "uploadCaptions": False, "uploadThumbnail": False,
    }  # fmt: skip
    value = door.call(
        "POST", "/videos", body={"initializeUploadRequest": asked},
        action="initializeUpload",
    ).json()["value"]  # fmt: skip
    url = value["uploadInstructions"][0]["uploadUrl"]
    tag = door.http.put(url, content=bytes(100_000), headers=door.headers)
    done = {
        "video": value["video"], "uploadToken": value["uploadToken"],
        "uploadedPartIds": [tag.headers["etag"]],
    }  # fmt: skip
    door.call("POST", "/videos", body={"finalizeUploadRequest": done},
              action="finalizeUpload")  # fmt: skip
    return value["video"]
