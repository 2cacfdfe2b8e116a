"""
Instant forms and leads of the emulated Meta.
"""

from __future__ import annotations

import pytest

from _meta import Refused

POLICY = {"url": "https://alpenkaffee.example/privacy"}
QUESTIONS = [
    {"type": "FULL_NAME"},
    {"type": "EMAIL"},
    {"type": "CUSTOM", "label": "Cups a day", "key": "cups",
     "options": [{"value": "1 to 3"}, {"value": "more"}]},
]  # fmt: skip


def _form(meta, **changes):
    params = {"name": "Tasting", "questions": QUESTIONS, "privacy_policy": POLICY}
    path = f"/{meta.ids['page']}/leadgen_forms"
    return meta.post(path, **{**params, **changes})["id"]


def _story(meta, form):
    value = {"lead_gen_form_id": form}
    return meta.story(call_to_action={"type": "SIGN_UP", "value": value})


def _adset(meta, campaign):
    return meta.adset(
        campaign, destination_type="ON_AD", optimization_goal="LEAD_GENERATION",
        promoted_object={"page_id": meta.ids["page"]}, daily_budget=20_000,
    )  # fmt: skip


@pytest.fixture
def running(meta):
    """
    An ad with an instant form, a week into its flight.
    """
    campaign = meta.campaign(objective="OUTCOME_LEADS")
    adset, form = _adset(meta, campaign), _form(meta)
    ad = meta.ad(adset, meta.creative(_story(meta, form)))
    meta.activate(campaign, adset, ad)
    meta.sandbox.advance(days=14)
    return meta, form, ad


def test_the_leads_of_an_ad_are_those_its_insights_count(running):
    """
    By ad and by form, each with the ad's address; the days that are over agree.
    """
    meta, form, ad = running
    leads, after = [], None
    while True:
        page = meta.get(
            f"/{ad}/leads", fields="created_time,ad_id,form_id,campaign_name",
            limit=7, after=after,
        )  # fmt: skip
        leads += page["data"]
        if "next" not in page["paging"]:
            break
        after = page["paging"]["cursors"]["after"]
    assert {(ad, form, "Launch")} == {
        (row["ad_id"], row["form_id"], row["campaign_name"]) for row in leads
    }
    rows = meta.get(
        f"/{ad}/insights", fields="actions", date_preset="yesterday"
    )["data"]  # fmt: skip
    counts = {a["action_type"]: int(a["value"]) for a in rows[0]["actions"]}
    day = rows[0]["date_start"]
    shown = [row for row in leads if row["created_time"].startswith(day)]
    assert counts["lead"] == counts["onsite_conversion.lead_grouped"] == len(shown)
    assert "offsite_conversion.fb_pixel_lead" not in counts
    assert [r["id"] for r in leads] == [
        r["id"] for r in meta.get(f"/{form}/leads", limit=500)["data"]
    ]
    assert len(leads) == meta.get(f"/{form}", fields="leads_count")["leads_count"]


def test_a_lead_is_one_person_however_it_is_read(running):
    """
    By its id, in a list, later: the same answers to the form's questions.
    """
    meta, _, ad = running
    first = meta.get(f"/{ad}/leads", limit=1)["data"][0]
    assert {"id", "created_time", "field_data"} == set(first)
    assert ["full_name", "email", "cups"] == [a["name"] for a in first["field_data"]]
    assert first["field_data"][2]["values"][0] in {"1 to 3", "more"}
    meta.sandbox.advance(days=3)
    assert first == meta.get(f"/{first['id']}")
    rule = {"field": "time_created", "operator": "GREATER_THAN", "value": 2**31 - 1}
    assert [] == meta.get(f"/{ad}/leads", filtering=[rule])["data"]
    with pytest.raises(Refused):
        meta.delete(f"/{first['id']}")
    with pytest.raises(Refused):
        meta.get("/120400000000000000")


def test_forms_are_archived_and_tested(meta):
    """
    A test lead at a time; an archived form takes no new ads.
    """
    form = _form(meta)
    lead = meta.post(f"/{form}/test_leads")["id"]
    assert [lead] == [r["id"] for r in meta.get(f"/{form}/test_leads")["data"]]
    with pytest.raises(Refused):
        meta.post(f"/{form}/test_leads")
    meta.delete(f"/{lead}")
    wrong = [{"name": "age", "values": ["30"]}]
    with pytest.raises(Refused):
        meta.post(f"/{form}/test_leads", field_data=wrong)
    meta.post(f"/{form}", status="ARCHIVED")
    with pytest.raises(Refused) as caught:
        meta.creative(_story(meta, form))
    assert 3390001 == caught.value.subcode


@pytest.mark.parametrize(
    ("changes", "blamed"),
    [
        ({"privacy_policy": None}, "privacy_policy"),
        ({"privacy_policy": {"url": "nowhere"}}, "privacy_policy"),
        ({"questions": []}, "questions"),
        ({"questions": [{"type": "SHOE_SIZE"}]}, "questions"),
        ({"questions": [{"type": "CUSTOM"}]}, "questions"),
        ({"questions": [{"type": "EMAIL"}] * 2}, "questions"),
        ({"name": " "}, "name"),
    ],
)
def test_forms_that_could_not_be_shown_are_refused(meta, changes, blamed):
    """
    Each names the parameter at fault.
    """
    with pytest.raises(Refused) as caught:
        _form(meta, **changes)
    assert [[blamed]] == caught.value.blame


def test_ads_and_forms_belong_together(meta):
    """
    No form without the destination, no destination without a form.
    """
    form = _form(meta)
    campaign = meta.campaign(objective="OUTCOME_LEADS")
    with pytest.raises(Refused) as caught:
        meta.ad(_adset(meta, campaign), meta.creative())
    assert 3390001 == caught.value.subcode
    with pytest.raises(Refused):
        meta.ad(meta.adset(meta.campaign()), meta.creative(_story(meta, form)))
    with pytest.raises(Refused):
        _form(meta)
