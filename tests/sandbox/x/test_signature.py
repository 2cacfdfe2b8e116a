"""
Who may ask: OAuth 1.0a, checked for real.
"""

from __future__ import annotations

import time

import pytest

from smmlib.sandbox.x._oauth import Credentials, base_string, signature

PUBLISHED_KEYS = Credentials(
    consumer_key="xvz1evFS4wEEPTGEFPHBog",
    consumer_secret="kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
    access_token="370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
    access_token_secret="LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
)


def test_the_example_that_x_publishes_is_signed_as_published():
    """
    The documented request of "creating a signature" gives the documented signature.
    """
    told = {
        "oauth_consumer_key": PUBLISHED_KEYS.consumer_key,
        "oauth_nonce": "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": "1318622958",
        "oauth_token": PUBLISHED_KEYS.access_token,
        "oauth_version": "1.0",
    }
    pairs = [
        ("include_entities", "true"),
        ("status", "Hello Ladies + Gentlemen, a signed OAuth request!"),
    ]
    root, target = "https://api.twitter.com/", "/1.1/statuses/update.json?x=1"
    base = base_string("post", root, target, pairs, told)
    assert base.startswith("POST&https%3A%2F%2Fapi.twitter.com%2F1.1%2Fstatuses%2F")
    assert "hCtSmYh+iHYCEqBWrE7C7hYmtUk=" == signature(base, PUBLISHED_KEYS)


def test_a_signed_request_is_let_in(door):
    """
    Through both doors, with characters that are easily coded wrongly.
    """
    name = "Käffchen, 50 % & more: a/b !*'() ~ + ☕"
    campaign = door.campaign(name=name)
    assert name == door.get(f"{door.act}/campaigns/{campaign}")["data"]["name"]


def test_a_form_is_signed_like_a_query(door):
    """
    POST takes its parameters in a form body as well, and signs them.
    """
    form = [
        ("funding_instrument_id", door.ids["funding_instrument"]),
        ("name", "From a form + more"),
    ]
    answer = door.raw("POST", f"{door.act}/campaigns", form=form)
    assert 201 == answer.status_code
    assert "From a form + more" == answer.json()["data"]["name"]


LONG_AGO = str(int(time.time()) - 3_600)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"oauth_signature": "AAAA"}, "signature"),
        ({"oauth_timestamp": LONG_AGO}, "timestamp"),
        ({"oauth_timestamp": "soon"}, "timestamp"),
        ({"oauth_consumer_key": "sbx_other"}, "consumer key"),
        ({"oauth_token": "sbx_other"}, "access token"),
        ({"oauth_token": None}, "access token"),
        ({"oauth_nonce": None}, "oauth_nonce"),
        ({"oauth_signature_method": "PLAINTEXT"}, "method"),
        ({"oauth_version": "2.0"}, "version"),
    ],
)
def test_what_is_signed_wrongly_is_refused(door, changes, why):
    """
    401 UNAUTHORIZED_ACCESS, and the message says what is wrong.
    """
    answer = door.raw("GET", f"{door.act}/campaigns", **changes)
    error = answer.json()["errors"][0]
    assert (401, "UNAUTHORIZED_ACCESS") == (answer.status_code, error["code"])
    assert why in error["message"]


def test_nothing_is_let_in_without_a_signature(door):
    """
    No header, or one of another scheme.
    """
    for headers in ({}, {"Authorization": "Bearer sbx"}, {"Authorization": "OAuth x"}):
        answer = door.http.get(f"{door.base}/12/accounts", headers=headers)
        assert 401 == answer.status_code


def test_a_nonce_counts_once(door):
    """
    The same signed request again is a replay.
    """
    first = door.raw("GET", f"{door.act}/campaigns", oauth_nonce="once")
    second = door.raw("GET", f"{door.act}/campaigns", oauth_nonce="once")
    assert [200, 401] == [first.status_code, second.status_code]


def test_the_query_is_part_of_what_is_signed(x):
    """
    A parameter added on the way is noticed.
    """
    answer = x.raw("GET", f"{x.act}/campaigns", [("count", "5")])
    request = answer.request
    changed = str(request.url).replace("count=5", "count=6")
    again = x.http.get(
        changed, headers={"Authorization": request.headers["authorization"]}
    )
    assert [200, 401] == [answer.status_code, again.status_code]


def test_clients_may_sign_with_the_sandboxs_clock(x):
    """
    A virtual clock is accepted beside the computer's.
    """
    stamp = str(int(x.sandbox.now.timestamp()))
    answer = x.raw("GET", f"{x.act}/campaigns", oauth_timestamp=stamp)
    assert 200 == answer.status_code


def test_keys_stand_neither_in_the_log_nor_in_objects(door):
    """
    The log masks all four, and the state has none.
    """
    door.campaign()
    keys = [v for v in door.ids.values() if isinstance(v, str) and v.startswith("sbx_")]
    assert 4 == len(keys)
    told = f"{door.sandbox.log.to_json()}{door.sandbox.state()}"
    assert [] == [key for key in keys if key in told]
