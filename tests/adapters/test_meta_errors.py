from __future__ import annotations

import json
import pickle
from datetime import timedelta

import pytest

from _meta_adapter import FakeClock
from smmlib.adapters import HttpRequest, HttpResponse
from smmlib.adapters._http import Repeat
from smmlib.adapters.meta._errors import CLASSES, error_of, error_rows, is_gone
from smmlib.adapters.meta._usage import pause_after
from smmlib.errors import (
    AuthenticationError,
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    Outcome,
    PermissionDeniedError,
    PlatformError,
    RateLimitError,
    Retry,
    ServerError,
    UnexpectedResponseError,
    UnsupportedError,
)

NOW = FakeClock().now()
SPECIAL = {
    (100, 33): NotFoundError,
    (803, None): NotFoundError,
    (506, None): ConflictError,
}


def _answer(error, status=400, **headers):
    body = json.dumps({"error": error}).encode()
    return HttpResponse(
        status, {k.replace("_", "-"): v for k, v in headers.items()}, body
    )


def _error(error, status=400, repeat=Repeat.CREATE, **headers):
    request = HttpRequest("POST", "v26.0/act_1/campaigns", repeat=repeat)
    found = error_of(request, _answer(error, status, **headers), NOW)
    assert found is not None
    return found


def test_the_table_is_whole():
    """
    All 102 known errors are there, each of a class we know.
    """
    rows = error_rows()
    assert 102 == len(rows)
    assert {row.kind for row in rows.values()} <= set(CLASSES)


@pytest.mark.parametrize(
    "row", error_rows().values(), ids=lambda r: f"{r.code}-{r.subcode}"
)
def test_every_known_error_becomes_ours(row):
    """
    Class, codes, trace, blamed parameters and message of each entry of the table.
    """
    data = {"message": "Invalid parameter", "code": row.code, "fbtrace_id": "Atrace"}
    if row.subcode is not None:
        data["error_subcode"] = row.subcode
    found = _error(data)
    expected = SPECIAL.get((row.code, row.subcode), CLASSES[row.kind])
    assert expected is type(found)
    assert (row.code, row.subcode) == (found.code, found.subcode)
    assert ("Atrace", row.blame) == (found.request_id, found.fields)
    assert row.means == found.message
    lasting = expected not in {RateLimitError, ServerError, ConflictError}
    assert lasting is (found.retry is Retry.NEVER)
    unknown = Outcome.UNKNOWN if expected is ServerError else Outcome.NOT_APPLIED
    assert unknown is found.outcome
    again = pickle.loads(pickle.dumps(found))  # noqa: S301 - our own bytes
    assert str(found) == str(again)


def test_a_subcode_decides_where_the_code_is_ambiguous():
    """
    Code 2 is a passing failure, unless its subcode blames the request.
    """
    assert ServerError is type(_error({"code": 2}))
    assert InvalidRequestError is type(_error({"code": 2, "error_subcode": 1504041}))


def test_an_unknown_subcode_falls_back_to_its_code():
    """
    New subcodes appear all the time.
    """
    assert InvalidRequestError is type(_error({"code": 100, "error_subcode": 999999}))


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        ({"code": 250}, 400, PermissionDeniedError),
        ({"code": 80012}, 400, RateLimitError),
        ({"code": 424242, "is_transient": True}, 400, ServerError),
        ({"code": 424242}, 400, InvalidRequestError),
        ({"code": 424242}, 500, ServerError),
        ({"code": "190"}, 400, AuthenticationError),
        ({"code": True}, 400, InvalidRequestError),
        ({}, 401, AuthenticationError),
        ({}, 403, PermissionDeniedError),
        ({}, 404, NotFoundError),
        ({}, 409, ConflictError),
        ({}, 429, RateLimitError),
        ({"code": 501}, 501, UnsupportedError),
        ("a bare text", 400, InvalidRequestError),
        (None, 400, InvalidRequestError),
        ([], 200, InvalidRequestError),
        ({"code": 190}, 200, AuthenticationError),
    ],
)
def test_unknown_errors_are_judged_by_range_hint_and_status(error, status, kind):
    """
    Nothing Meta answers escapes the tree, and an error with status 200 is one.
    """
    assert kind is type(_error(error, status))


@pytest.mark.parametrize(
    "data",
    [
        '{"blame_field_specs":[["targeting","age_min"]]}',
        {"blame_field_specs": [["targeting", "age_min"]]},
    ],
)
def test_blamed_parameters_are_read_in_both_spellings(data):
    """
    Newer answers hold them as JSON text, older ones as an object.
    """
    assert ("targeting.age_min",) == _error({"code": 100, "error_data": data}).fields


@pytest.mark.parametrize("data", ["{", "[" * 9999, 7, [], {"blame_field_specs": 1}])
def test_broken_blame_is_no_error_of_its_own(data):
    """
    What cannot be read is left out.
    """
    assert () == _error({"code": 100, "error_data": data}).fields


def test_the_users_message_is_preferred():
    """
    Meta's words for people come before its words for programs.
    """
    found = _error(
        {
            "code": 100,
            "error_subcode": 1885272,
            "message": "Invalid parameter",
            "error_user_title": "Your budget is too low",
            "error_user_msg": "It must be at least 5.00 EUR.",
        }
    )
    assert "Your budget is too low: It must be at least 5.00 EUR." == found.message
    assert "(code 100/1885272)" in str(found)


def test_throttling_says_when_to_come_back():
    """
    Minutes of the use case header, seconds of the account header, else Meta's rule.
    """
    usage = json.dumps({"1": [{"estimated_time_to_regain_access": 7}, {}], "2": "?"})
    found = _error({"code": 80004}, x_business_use_case_usage=usage)
    assert NOW + timedelta(minutes=7) == found.resume_at
    full = json.dumps({"acc_id_util_pct": 100, "reset_time_duration": 42})
    found = _error({"code": 17, "error_subcode": 2446079}, x_ad_account_usage=full)
    assert NOW + timedelta(seconds=42) == found.resume_at
    found = _error({"code": 613, "error_subcode": 1487632})
    assert NOW + timedelta(hours=1) == found.resume_at
    found = _error({"code": 17, "error_subcode": 1885172})
    assert NOW + timedelta(days=1) == found.resume_at
    assert _error({"code": 4}).resume_at is None


@pytest.mark.parametrize(
    "header", ["", "{", "[]", "7", '{"1": [{"a": 1}]}', '{"1": 2}']
)
def test_broken_usage_headers_say_nothing(header):
    """
    A hint that cannot be read is none.
    """
    found = _error(
        {"code": 4}, x_business_use_case_usage=header, x_ad_account_usage=header
    )
    assert found.resume_at is None


@pytest.mark.parametrize(
    ("headers", "held"),
    [
        ({}, False),
        ({"x-app-usage": '{"call_count": 94}'}, False),
        ({"x-app-usage": '{"call_count": 95}'}, True),
        ({"x-ad-account-usage": '{"acc_id_util_pct": 99.5}'}, True),
        ({"x-business-use-case-usage": '{"1": [{"total_time": 97}]}'}, True),
        ({"x-business-use-case-usage": '{"1": [{"total_time": 100}]}'}, False),
        (
            {"x-app-usage": "[", "x-business-use-case-usage": '{"1": [7], "2": 3}'},
            False,
        ),
        ({"x-app-usage": '{"call_count": "95"}'}, False),
    ],
)
def test_calls_slow_down_before_the_allowance_is_used_up(headers, held):
    """
    From 95 percent on the next call waits; unreadable headers say nothing.
    """
    assert held is (pause_after(HttpResponse(200, headers, b"{}")) > 0)


@pytest.mark.parametrize(
    ("status", "body", "kind", "outcome"),
    [
        (200, b"<html>", UnexpectedResponseError, Outcome.UNKNOWN),
        (200, b"", UnexpectedResponseError, Outcome.UNKNOWN),
        (200, b'{"id": "1', UnexpectedResponseError, Outcome.UNKNOWN),
        (200, b"7", UnexpectedResponseError, Outcome.UNKNOWN),
        (302, b"", UnexpectedResponseError, Outcome.UNKNOWN),
        (502, b"<html>", ServerError, Outcome.UNKNOWN),
        (500, b"{}", ServerError, Outcome.UNKNOWN),
        (429, b"", RateLimitError, Outcome.NOT_APPLIED),
    ],
)
def test_what_is_no_graph_answer_settles_nothing(status, body, kind, outcome):
    """
    Web pages, half bodies and bare statuses leave a write open.
    """
    request = HttpRequest("POST", "v26.0/act_1/ads", repeat=Repeat.CREATE)
    found = error_of(request, HttpResponse(status, {}, body), NOW)
    assert (kind, outcome) == (type(found), found.outcome)


def test_a_good_answer_is_no_error():
    """
    Objects and lists pass.
    """
    request = HttpRequest("GET", "v26.0/me")
    for body in (b'{"id": "1"}', b"[]", b'{"data": []}'):
        assert error_of(request, HttpResponse(200, {}, body), NOW) is None


def test_gone_objects_are_told_from_other_refusals():
    """
    Deleted, archived or never there: archiving them is done.
    """
    for error in (
        {"code": 100, "error_subcode": 33},
        {"code": 803},
        {"code": 100, "error_subcode": 1885088},
    ):
        assert is_gone(_error(error))
    assert not is_gone(_error({"code": 100}))


def test_tokens_in_messages_are_masked():
    """
    Meta quotes tokens in some of its errors.
    """
    from smmlib.adapters._secrets import scrub

    request = HttpRequest("GET", "v26.0/me")
    error = {"code": 190, "message": "Malformed access token EAAabcdefghijk"}
    found = error_of(request, _answer(error), NOW, scrub)
    assert isinstance(found, PlatformError)
    assert "EAAabc" not in str(found)
