"""
Failures on demand, tokens, the state file and parallel clients.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from _linkedin import LinkedIn, Refused, in_process
from smmlib.errors import SandboxError
from smmlib.sandbox import Sandbox, coverage

ANSWERS = [
    ({"kind": "rate_limit"}, 429, "APPLICATION DAY"),
    ({"kind": "rate_limit", "reason": "member"}, 429, "MEMBER"),
    ({"kind": "rate_limit", "reason": "analytics"}, 429, "metric values"),
    ({"kind": "version_retired"}, 426, "20260901"),
    ({"kind": "uri_too_long"}, 414, "Too Long"),
    ({"kind": "auth_expired"}, 401, "expired"),
    ({"kind": "auth_expired", "reason": "revoked"}, 401, "revoked"),
    ({"kind": "status_500_before"}, 500, "Internal"),
]


@pytest.mark.parametrize(("fault", "status", "words"), ANSWERS, ids=str)
def test_failures_speak_linkedins_words_and_do_nothing(door, fault, status, words):
    """
    Status and text of each kind, no hint when to come back, nothing created.
    """
    options = dict(fault)
    door.sandbox.faults.add(options.pop("kind"), "POST adCampaignGroups", **options)
    with pytest.raises(Refused, match=words) as caught:
        door.group(name="hit")
    assert status == caught.value.status
    last = door.raw("GET", f"/adAccounts/{door.act}")
    assert "Retry-After" not in last.headers
    rows = door.get(door.groups(), q="search")["elements"]
    assert ["Default Campaign Group"] == [row["name"] for row in rows]
    assert door.group(name="after")


def test_kinds_of_one_platform_leave_the_others_alone(linkedin):
    """
    Meta does not know a retired LinkedIn version.
    """
    linkedin.sandbox.faults.add("version_retired", "* /")
    details = linkedin.sandbox.details()["platforms"]["meta"]
    url = f"{details['base_url']}/v26.0/{details['ad_account']}"
    headers = {"Authorization": f"Bearer {details['access_token']}"}
    assert 200 == linkedin.http.get(url, headers=headers).status_code
    assert 426 == linkedin.raw("GET", f"/adAccounts/{linkedin.act}").status_code


@pytest.mark.parametrize("kind", ["timeout_after", "status_500_after"])
def test_a_lost_answer_may_hide_a_success(linkedin, kind):
    """
    The group is there although the client heard nothing good.
    """
    linkedin.sandbox.faults.add(kind, "POST adCampaignGroups", seconds=0)
    with pytest.raises((Refused, httpx.TransportError)):
        linkedin.group(name="hit")
    search = {"name": {"values": ["hit"]}}
    rows = linkedin.get(linkedin.groups(), q="search", search=search)["elements"]
    assert ["hit"] == [row["name"] for row in rows]


def test_a_partial_batch_does_the_other_half(door):
    """
    Every second element fails, in creations, updates and streams alike.
    """
    door.sandbox.faults.add("partial_batch", "POST adCampaignGroups", count=2)
    bodies = [door.group_body(name=name) for name in "ABCD"]
    made = door.call(
        "POST", door.groups(), body={"elements": bodies}, restli="BATCH_CREATE"
    ).json()["elements"]
    assert [201, 500, 201, 500] == [row["status"] for row in made]
    ids = [made[0]["id"], made[2]["id"]]
    patches = {key: {"patch": {"$set": {"name": "New"}}} for key in ids}
    changed = door.call("POST", door.groups(), body={"entities": patches}, ids=ids)
    assert [ids[0]] == list(changed.json()["results"])
    rows = door.get(door.groups(), q="search")["elements"]
    assert {"Default Campaign Group", "New", "C"} == {row["name"] for row in rows}


@pytest.mark.parametrize("done", [True, False])
def test_an_element_may_stay_without_an_answer(linkedin, done):
    """
    Null in a batch says nothing: the group may be there or not.
    """
    linkedin.sandbox.faults.add(
        "null_item", "POST adCampaignGroups", item=2, after_commit=done
    )
    bodies = [linkedin.group_body(name=name) for name in "ABC"]
    made = linkedin.call(
        "POST", linkedin.groups(), body={"elements": bodies}, restli="BATCH_CREATE"
    ).json()["elements"]
    assert [False, True, False] == [row is None for row in made]
    names = {
        row["name"] for row in linkedin.get(linkedin.groups(), q="search")["elements"]
    }
    assert done == ("B" in names)


@pytest.mark.parametrize("order", ["ASCENDING", "DESCENDING"])
def test_an_empty_page_is_not_the_end(linkedin, order):
    """
    Nothing on it but a token, behind which all the rows stand.
    """
    for number in range(3):
        linkedin.group(name=f"G{number}")
    linkedin.sandbox.faults.add("empty_page", "GET adCampaignGroups")
    asked = {"q": "search", "pageSize": 2, "sortOrder": order}
    page, seen = linkedin.get(linkedin.groups(), **asked), []
    assert [] == page["elements"]
    while token := page["metadata"].get("nextPageToken"):
        page = linkedin.get(linkedin.groups(), pageToken=token, **asked)
        seen += [row["id"] for row in page["elements"]]
    assert 4 == len(set(seen)) == len(seen)


def test_a_short_page_is_not_the_end(door):
    """
    It holds fewer rows than asked for, and still a token that leads on.
    """
    made = {int(door.group(name=f"G{n}")) for n in range(6)}
    door.sandbox.faults.add("short_page", "GET adCampaignGroups")
    first = door.get(door.groups(), q="search", pageSize=6)
    assert 3 == len(first["elements"])
    token = first["metadata"]["nextPageToken"]
    rest = door.get(door.groups(), q="search", pageSize=6, pageToken=token)
    rows = first["elements"] + rest["elements"]
    assert made < {row["id"] for row in rows}
    assert 7 == len(rows)


def test_an_unknown_reason_or_kind_is_refused(linkedin):
    """
    Faults are spelt right or not planned.
    """
    with pytest.raises(SandboxError):
        linkedin.sandbox.faults.add("version_gone", "* /")


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"refresh_token": "x"}, 400, "invalid_request"),
        ({"client_secret": "x"}, 401, "invalid_client"),
    ],
)
def test_the_oauth_host_refuses_in_its_own_shape(door, form, status, error):
    """
    Error and error_description, nothing of the API's shapes.
    """
    ids = door.ids
    names = ("client_id", "client_secret", "refresh_token")
    whole = {"grant_type": "refresh_token", **{n: ids[n] for n in names}, **form}
    answer = door.http.post(f"{_oauth(door)}/accessToken", data=whole)
    assert (status, error) == (answer.status_code, answer.json()["error"])
    assert {"error", "error_description"} == set(answer.json())


def _oauth(door):
    return f"{door.base}/oauth/v2"


def test_the_refresh_token_lives_a_year_and_no_longer(linkedin):
    """
    Refreshing does not extend it; other grants are not modelled.
    """
    names = ("client_id", "client_secret", "refresh_token")
    form = {"grant_type": "refresh_token", **{n: linkedin.ids[n] for n in names}}
    url = f"{_oauth(linkedin)}/accessToken"
    linkedin.sandbox.advance(days=100)
    first = linkedin.http.post(url, data=form).json()
    assert 265 * 86_400 == first["refresh_token_expires_in"]
    linkedin.sandbox.advance(days=266)
    assert 400 == linkedin.http.post(url, data=form).status_code
    other = {**form, "grant_type": "authorization_code"}
    assert 501 == linkedin.http.post(url, data=other).status_code


def test_another_process_goes_on_where_one_stopped(tmp_path):
    """
    Objects, figures, tokens and time come back from the state file.
    """
    file = tmp_path / "world.json"
    first = in_process(seed=5, state=file)
    _, campaign, ad = first.tree()
    first.activate(campaign, ad)
    first.sandbox.advance(days=20)
    before = first.analytics(), first.get(f"{first.campaigns()}/{campaign}")
    sandbox = Sandbox(seed=5, state=file)
    http = httpx.Client(transport=sandbox.transport())
    second = LinkedIn(sandbox, http, sandbox.base_url("linkedin"))
    assert before == (
        second.analytics(),
        second.get(f"{second.campaigns()}/{campaign}"),
    )
    second.sandbox.reset()
    assert [] == second.get(second.campaigns(), q="search")["elements"]


def test_reads_lag_when_asked_to():
    """
    A new group is found by nobody until its time has come.
    """
    door = in_process(seed=5, read_lag_s=10)
    group = door.group()
    path = f"{door.groups()}/{group}"
    with pytest.raises(Refused) as caught:
        door.get(path)
    assert 404 == caught.value.status
    assert 1 == len(door.get(door.groups(), q="search")["elements"])
    door.sandbox.advance(10)
    assert int(group) == door.get(path)["id"]


def test_parallel_clients_make_the_same_world(door):
    """
    Eight threads create what one would, under the same ids.
    """
    patient = in_process(seed=7)
    group, same = door.group(), patient.group()
    _ = door.germany, patient.germany
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda n: door.campaign(group, name=f"C{n}"), range(16)))
    assert group == same
    assert made == {patient.campaign(same, name=f"C{n}") for n in range(16)}


def test_coverage_lists_what_is_modelled_and_what_is_not():
    """
    One row per method and path, each modelled one with its source.
    """
    rows = coverage()["linkedin"]
    modelled = [row for row in rows if row["modelled"]]
    assert len({(row["method"], row["path"]) for row in rows}) == len(rows)
    assert 0 < len(modelled) < len(rows)
    assert all(row["source"] and row["features"] for row in modelled)
    paths = {(row["method"], row["path"]) for row in modelled}
    assert ("POST", "/rest/adAccounts/{id}/creatives?action=createInline") in paths


def test_the_ready_line_has_all_that_a_client_needs(door):
    """
    Addresses, ids and tokens; all secrets look invented.
    """
    ids = door.ids
    assert ids["ad_account"].startswith("urn:li:sponsoredAccount:")
    assert ids["organisation"].startswith("urn:li:organization:")
    for name in ("access_token", "refresh_token", "reader_token", "client_secret"):
        assert ids[name].startswith("sbx_")
    assert ids["base_url"].endswith("/linkedin")
    assert ids["rest_url"] == f"{ids['base_url']}/rest"
