"""
Rest.li 2.0 on the wire: grammar, gates in their order, tunnelling, methods, batches.
"""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from _linkedin import Refused, encode, tunnelled
from smmlib.sandbox.linkedin._errors import ApiError
from smmlib.sandbox.linkedin._restli import parse_fields, parse_query, parse_value

values = st.recursive(
    st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(min_size=1, max_size=5), inner, max_size=3)
    ),
    max_leaves=10,
)


def _refusal(parse, raw):
    try:
        parse(raw)
    except ApiError as error:
        return error.status
    return None


@given(values)
def test_what_is_encoded_is_read_back(value):
    """
    Any text, list and record survives the way through the grammar.
    """
    assert value == parse_value(encode(value))


@given(st.text(alphabet="(),:'List%0a1&=+[.", max_size=30))
def test_any_raw_query_is_read_or_refused(raw):
    """
    A query outside the grammar is refused with 400, never otherwise.
    """
    assert _refusal(parse_query, raw) in {None, 400}


@given(st.text(alphabet="ab,:()", max_size=20))
def test_any_projection_is_read_or_refused(raw):
    """
    A projection outside the grammar is refused with 400, never otherwise.
    """
    assert _refusal(parse_fields, raw) in {None, 400}


def test_encoded_structure_is_data(linkedin):
    """
    A percent-encoded parenthesis is part of a value, so the record is missing.
    """
    whole = quote("(status:(values:List(ACTIVE)))", safe="")
    answer = linkedin.raw("GET", linkedin.groups(), query=f"q=search&search={whole}")
    refused = Refused(answer)
    assert (400, "", ["PARAM_INVALID"], ["search"]) == (
        refused.status,
        refused.code,
        refused.codes,
        refused.paths,
    )


@pytest.mark.parametrize(
    "query",
    [
        "q=search&search.status.values[0]=ACTIVE",
        "ids[0]=1",
        "q=search&colour=red",
    ],
)
def test_protocol_one_spelling_and_unknown_parameters_are_not_allowed(linkedin, query):
    """
    QUERY_PARAM_NOT_ALLOWED names the parameter.
    """
    refused = Refused(linkedin.raw("GET", linkedin.groups(), query=query))
    assert (400, ["QUERY_PARAM_NOT_ALLOWED"]) == (refused.status, refused.codes)


GATES = [
    ({"Authorization": None}, 401, "EMPTY_ACCESS_TOKEN"),
    ({"Authorization": "Bearer x"}, 401, "INVALID_ACCESS_TOKEN"),
    ({"LinkedIn-Version": None}, 400, "VERSION_MISSING"),
    ({"LinkedIn-Version": "2026"}, 400, "ILLEGAL_ARGUMENT"),
    ({"LinkedIn-Version": "202601"}, 426, "NONEXISTENT_VERSION"),
    ({"LinkedIn-Version": "202612"}, 426, "NONEXISTENT_VERSION"),
    ({"LinkedIn-Version": "202610"}, 426, "NONEXISTENT_VERSION"),
    ({"X-Restli-Protocol-Version": None}, 501, "NOT_IMPLEMENTED"),
    ({"X-Restli-Protocol-Version": "3.0.0"}, 400, "ILLEGAL_ARGUMENT"),
    ({"X-RestLi-Method": "CREATE"}, 400, "ILLEGAL_ARGUMENT"),
]


@pytest.mark.parametrize(("headers", "status", "code"), GATES)
def test_each_gate_refuses_in_its_own_words(door, headers, status, code):
    """
    Token, version, protocol and method are looked at before anything else.
    """
    answer = door.raw("GET", f"/adAccounts/{door.act}", headers=headers)
    refused = Refused(answer)
    assert (status, code) == (refused.status, refused.code)
    assert status == refused.body["status"]
    assert "true" == answer.headers["X-RestLi-Error-Response"]


def test_the_gates_stand_in_linkedins_order(linkedin):
    """
    With everything wrong at once, the first gate that is repaired shows the next one.
    """
    headers = {
        "Authorization": None,
        "LinkedIn-Version": "202601",
        "X-Restli-Protocol-Version": "9",
    }
    path = "/nowhere"
    seen = []
    reader = f"Bearer {linkedin.ids['reader_token']}"
    for repair in (
        {},
        {"Authorization": reader},
        {"LinkedIn-Version": "202609"},
        {"X-Restli-Protocol-Version": "2.0.0"},
    ):
        headers.update(repair)
        seen.append(linkedin.raw("POST", path, headers=headers, json={}).status_code)
    path = linkedin.groups()
    seen.append(linkedin.raw("POST", path, headers=headers, json={}).status_code)
    body = {"colour": "red"}
    seen.append(linkedin.raw("POST", path, json=body).status_code)
    seen.append(linkedin.raw("POST", path, json={}).status_code)
    assert [401, 426, 400, 404, 403, 422, 400] == seen


def test_versions_end_on_the_clock(linkedin):
    """
    202603 answers until its sunset day and not longer; versions with a part work.
    """
    old = {"LinkedIn-Version": "202603.01"}
    path = f"/adAccounts/{linkedin.act}"
    assert 200 == linkedin.raw("GET", path, headers=old).status_code
    linkedin.sandbox.advance(days=22)
    assert 426 == linkedin.raw("GET", path, headers=old).status_code
    assert 200 == linkedin.raw("GET", path).status_code


def test_a_long_query_travels_in_the_body(door):
    """
    The tunnelled request answers as the plain one, which is too long for a URL.
    """
    ids = [f"urn:li:sponsoredCampaign:{n}" for n in range(400)]
    query = f"q=search&search={encode({'id': {'values': ids}})}"
    assert 414 == door.raw("GET", door.campaigns(), query=query).status_code
    headers, content = tunnelled(query)
    headers["X-HTTP-Method-Override"] = "GET"
    answer = door.raw("POST", door.campaigns(), headers=headers, content=content)
    assert (200, []) == (answer.status_code, answer.json()["elements"])
    assert not door.sandbox.log[-1].writes


def test_a_tunnel_with_a_body_changes_what_it_names(door):
    """
    multipart/mixed carries the ids and the patches of a batch.
    """
    group = door.group()
    patches = {"entities": {group: {"patch": {"$set": {"name": "Tunnel"}}}}}
    headers, content = tunnelled(f"ids=List({group})", patches)
    headers["X-HTTP-Method-Override"] = "POST"
    answer = door.raw("POST", door.groups(), headers=headers, content=content)
    assert {"results": {group: {"status": 204}}, "errors": {}} == answer.json()
    assert "Tunnel" == door.get(f"{door.groups()}/{group}")["name"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/adSupplyForecasts?q=criteriaV2", 501),
        ("GET", "/adAccountUsers?q=authenticatedUser", 501),
        ("GET", "/adAnalytics?q=attributedRevenueMetrics", 501),
        ("GET", "/adAnalytics?q=guess", 400),
        ("GET", "/adAnalytics", 405),
        ("PATCH", "/adAccounts/1", 405),
        ("PUT", "/adAccounts", 400),
        ("GET", "/adAccounts/1", 404),
        ("GET", "/adAccounts/%zz", 400),
    ],
)
def test_paths_and_methods_that_do_not_fit(linkedin, method, path, status):
    """
    Unknown is 404, known but not modelled 501, a wrong method 400 or 405.
    """
    path, _, query = path.partition("?")
    assert status == linkedin.raw(method, path, query=query).status_code


def test_creations_answer_with_headers_alone(door):
    """
    201 has an empty body, the id twice and a Location without /rest.
    """
    body = door.group_body()
    answer = door.call("POST", door.groups(), body=body)
    key = answer.headers["x-restli-id"]
    assert (201, b"") == (answer.status_code, answer.content)
    assert key == answer.headers["x-linkedin-id"]
    assert f"{door.groups()}/{key}" == answer.headers["Location"]
    assert "2.0.0" == answer.headers["X-RestLi-Protocol-Version"]
    changed = door.patch(f"{door.groups()}/{key}", name="Other")
    assert (204, b"") == (changed.status_code, changed.content)


def test_a_batch_answers_element_by_element(door):
    """
    The outer status is 200; each element has its own, in the order of the request.
    """
    bodies = [door.group_body(name="A"), door.group_body(name=""), {"colour": 1}]
    answer = door.call(
        "POST", door.groups(), body={"elements": bodies}, restli="BATCH_CREATE"
    )
    rows = answer.json()["elements"]
    assert (200, [201, 400, 422]) == (
        answer.status_code,
        [row["status"] for row in rows],
    )
    assert "INVALID_VALUE_BLANK_FIELD" == rows[1]["error"]["code"]
    found = door.get(door.groups(), ids=[rows[0]["id"], "17"])
    assert "A" == found["results"][rows[0]["id"]]["name"]
    assert 404 == found["errors"]["17"]["status"]
    draft = door.group(status="DRAFT")
    gone = door.call("DELETE", door.groups(), ids=[draft, rows[0]["id"]]).json()
    assert {draft: {"status": 204}} == gone["results"]
    refused = gone["errors"][rows[0]["id"]]["code"]
    assert "DELETE_ALLOWED_ONLY_FOR_DRAFT_STATUS" == refused


def test_patches_set_delete_and_reach_into_records(linkedin):
    """
    $set replaces a record whole, the nested form touches one field of it.
    """
    group = linkedin.group(totalBudget=linkedin.money(900))
    path = f"{linkedin.groups()}/{group}"
    nested = {"patch": {"totalBudget": {"$set": {"amount": "950.00"}}}}
    linkedin.call("POST", path, body=nested)
    assert linkedin.money("950.00") == linkedin.get(path)["totalBudget"]
    linkedin.call("POST", path, body={"patch": {"$delete": ["totalBudget"]}})
    assert "totalBudget" not in linkedin.get(path)


@pytest.mark.parametrize(
    "patch",
    [
        {"$set": {"id": 1}},
        {"$set": {"account": "urn:li:sponsoredAccount:1"}},
        {"$set": {"colour": "red"}},
        {"$set": {"status": "SLEEPING"}},
        {"$set": {"totalBudget": {"amount": 5, "currencyCode": "EUR"}}},
        {"name": {"$set": {}}},
        {"$delete": "name"},
        ["name"],
        {"$set": ["name"]},
    ],
    ids=str,
)
def test_patches_outside_the_schema_are_422(linkedin, patch):
    """
    Read-only, fixed, unknown and misshapen fields never reach the business rules.
    """
    path = f"{linkedin.groups()}/{linkedin.group()}"
    before = linkedin.get(path)
    with pytest.raises(Refused) as caught:
        linkedin.call("POST", path, body={"patch": patch})
    assert 422 == caught.value.status
    assert before == linkedin.get(path)


def test_pages_end_where_the_token_is_missing(linkedin):
    """
    Cursor pages hold every entity once, in order of id, and refuse foreign tokens.
    """
    made = {int(linkedin.group(name=f"G{n}")) for n in range(7)}
    asked = {"q": "search", "search": {"status": {"values": ["ACTIVE"]}}}
    seen, token = [], {}
    while True:
        page = linkedin.get(linkedin.groups(), pageSize=3, **asked, **token)
        seen += [row["id"] for row in page["elements"]]
        if "nextPageToken" not in page["metadata"]:
            break
        token = {"pageToken": page["metadata"]["nextPageToken"]}
    assert sorted(seen) == seen
    assert made < set(seen)
    assert 8 == len(seen)
    for broken in ({"pageToken": "x"}, {**token, "sortOrder": "DESCENDING"}):
        with pytest.raises(Refused, match="page token"):
            linkedin.get(linkedin.groups(), **asked, **broken)
    with pytest.raises(Refused, match="pageSize"):
        linkedin.get(linkedin.creatives(), q="criteria", pageSize=101)


def test_projections_show_what_was_asked_for(linkedin):
    """
    Fields of nested records too.
    """
    group = linkedin.group()
    path = f"{linkedin.groups()}/{group}"
    found = linkedin.get(path, fields="id,runSchedule:(end)")
    assert {"id", "runSchedule"} == set(found)
    assert ["end"] == list(found["runSchedule"])


def test_the_log_keeps_bodies_and_no_tokens(door):
    """
    Requests are found with their JSON; no credential stands anywhere in the log.
    """
    door.group(name="Logged")
    form = {
        "grant_type": "refresh_token",
        "refresh_token": door.ids["refresh_token"],
        "client_id": door.ids["client_id"],
        "client_secret": door.ids["client_secret"],
    }
    door.http.post(f"{door.base}/oauth/v2/accessToken", data=form)
    assert "Logged" == door.sandbox.log[0].body["name"]
    text = json.dumps(door.sandbox.log.to_json())
    for name in ("access_token", "refresh_token", "client_secret"):
        assert door.ids[name] not in text
    assert "sbx_" not in text
