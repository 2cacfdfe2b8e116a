"""
Whatever is sent, the emulated X answers in its own words.
"""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from _x import in_process
from smmlib.sandbox.x._contract import operations
from smmlib.sandbox.x._errors import STATUS

TABLE = sorted(operations().values(), key=lambda one: one.id)
texts = st.text(max_size=20) | st.sampled_from(
    [
        "", "0", "-1", "1e400", "NaN", "[]", "null", "true", "TRUE", "ACTIVE", "EQ",
        "99999999999999999999", "2027-02-22", "2027-03-01T00:00:00Z", "0001-01-01",
        "9999-12-31T23:59:59+0100", "2027-02-22T00:00:00+99:99", "a,b,,c", ",", "\x00",
        "LOCATION", "AGE", "created_at-desc", "CAMPAIGN", "ALL_ON_TWITTER", "DAY",
        "ENGAGEMENT,BILLING", "WEBSITE_CLICKS", "PROMOTED_TWEETS", "\ud83d\ude00",
    ]
)  # fmt: skip
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "operation_type", "params", "name", "components", "slides", "type",
                    "users", "email", "targeting_criteria", "targeting_type",
                    "targeting_value", "campaign_id", "media_key", "destination",
                ]
            ),
            inner | st.sampled_from(["Create", "Update", "Delete", "MEDIA", "DETAILS"]),
            max_size=4,
        )
    ),
    max_leaves=12,
)  # fmt: skip


@pytest.fixture(scope="module")
def world():
    """
    One of each kind, by the name of its id in paths.
    """
    x = in_process(seed=1)
    campaign, line_item, promoted = x.tree()
    media = x.upload()
    x.post(f"{x.act}/media_library", media_key=media)
    ids = {
        "account_id": x.ids["ad_account"],
        "campaign_id": campaign,
        "line_item_id": line_item,
        "promoted_tweet_id": promoted,
        "funding_instrument_id": x.ids["funding_instrument"],
        "custom_audience_id": x.post(f"{x.act}/custom_audiences", name="l")["id"],
        "media_key": media,
        "as_user_id": x.ids["user"],
        "draft_tweet_id": x.post(
            f"{x.act}/draft_tweets", as_user_id=x.ids["user"], text="d"
        )["id"],
    }
    ids["entity_ids"] = ids["campaign_ids"] = campaign
    ids["line_item_ids"] = line_item
    x.sandbox.advance(days=3)
    return x, ids


def _check(answer):
    assert answer.status_code < 500 or answer.status_code == 501, answer.text
    body = answer.json()
    if answer.status_code < 400:
        assert "data" in body
        return
    if "operation_errors" in body:
        flaws = [flaw for errors in body["operation_errors"] for flaw in errors]
    else:
        flaws = body["errors"]
    assert flaws
    assert answer.status_code == STATUS[flaws[0]["code"]]
    assert all(flaw["code"] in STATUS and flaw["message"] for flaw in flaws)


def _sendable(text):
    return text.encode("utf-8", "replace").decode()


@settings(max_examples=500)
@given(data=st.data())
def test_no_request_to_any_operation_fails_otherwise_than_in_xs_words(world, data):
    """
    2xx or errors with known codes; never a 5xx but 501, whatever is sent.
    """
    x, ids = world
    operation = data.draw(st.sampled_from(TABLE))
    path = operation.path
    for name in [part[1:-1] for part in path.split("/") if part.startswith("{")]:
        likely = st.sampled_from([ids.get(name, "zz"), "zz"])
        given_id = data.draw(likely | texts.filter(bool))
        if operation.method == "DELETE" or name not in ids:
            given_id = "zz" if name != "account_id" else ids["account_id"]
        path = path.replace(f"{{{name}}}", quote(_sendable(given_id), safe=""))
    if operation.encoding == "json":
        body = data.draw(json_values.map(json.dumps) | st.text(max_size=9))
        _check(x.raw(operation.method, path, body=body.encode("utf-8", "replace")))
    else:
        names = st.sampled_from(sorted({*operation.params, "x"}))
        params = data.draw(st.dictionaries(names, texts, max_size=8))
        for name in operation.params:
            if name in ids and data.draw(st.booleans()):
                params[name] = ids[name]
            if operation.params[name].enum and data.draw(st.booleans()):
                choice = data.draw(st.sampled_from(operation.params[name].enum))
                params[name] = str(choice)
        pairs = [(name, _sendable(value)) for name, value in params.items()]
        _check(x.raw(operation.method, path, pairs))
    x.sandbox.advance(1)


@settings(max_examples=150)
@given(
    header=st.text(
        st.characters(codec="ascii", categories=("L", "N", "P")), max_size=80
    )
)
def test_no_header_gets_in_by_chance(world, header):
    """
    401 for whatever is not a signature.
    """
    x, _ = world
    for text in (header, f"OAuth {header}", f'OAuth oauth_nonce="{header}"'):
        headers = {"Authorization": text}
        answer = x.http.get(f"{x.base}/12/accounts", headers=headers)
        assert 401 == answer.status_code


@settings(max_examples=60)
@given(path=st.text(max_size=30))
def test_no_path_is_anything_else_than_found_or_not(world, path):
    """
    404, 405 or 501 in X's words.
    """
    x, _ = world
    coded = quote(_sendable(path), safe="/")
    _check(x.raw("GET", f"/{coded.lstrip('/')}"))
