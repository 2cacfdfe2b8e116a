"""
Every code of X is one of our errors, and says what is known about a write.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from smmlib.adapters._http import HttpRequest, HttpResponse, Repeat
from smmlib.adapters.x._errors import CODES, at_address, error_of, told_error
from smmlib.errors import (
    AuthenticationError,
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    Outcome,
    PermissionDeniedError,
    PlatformError,
    PolicyRejectedError,
    RateLimitError,
    Retry,
    ServerError,
    UnexpectedResponseError,
    UnsupportedError,
)
from smmlib.sandbox.x._errors import STATUS

NOW = datetime(2027, 2, 22, 9, tzinfo=UTC)
WRITE = HttpRequest("POST", "12/accounts/a/campaigns", repeat=Repeat.CREATE)


def _answer(status, body=b"", **headers):
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return HttpResponse(
        status, {k.replace("_", "-"): v for k, v in headers.items()}, text
    )


def _errors(*codes, **more):
    return {
        "errors": [{"code": code, "message": f"About {code}", **more} for code in codes]
    }


@pytest.mark.parametrize("code", sorted(STATUS))
def test_every_documented_code_is_known(code):
    """
    No code falls back to its status, and each gives a complete error.
    """
    error = told_error(STATUS[code], _errors(code)["errors"])

    assert CODES[code] is type(error)
    assert (code, STATUS[code]) == (error.code, error.status)
    assert error.message


@pytest.mark.parametrize(
    ("code", "kind", "retry"),
    [
        ("UNAUTHORIZED_ACCESS", AuthenticationError, Retry.NEVER),
        ("UNAUTHORIZED_CLIENT_APPLICATION", PermissionDeniedError, Retry.NEVER),
        ("ACCOUNT_NOT_FOUND", PermissionDeniedError, Retry.NEVER),
        ("CAMPAIGN_NOT_FOUND", NotFoundError, Retry.NEVER),
        ("INVALID_DENOMINATION", InvalidRequestError, Retry.NEVER),
        ("INVALID_IAB_CATEGORY", InvalidRequestError, Retry.NEVER),
        ("TWEET_IS_SPAM", PolicyRejectedError, Retry.NEVER),
        ("LOCK_ACQUISITION_TIMEOUT", ConflictError, Retry.LATER),
        ("TOO_MANY_REQUESTS", RateLimitError, Retry.LATER),
        ("OVER_CAPACITY", ServerError, Retry.NOW),
        ("ROUTE_NOT_FOUND", UnsupportedError, Retry.NEVER),
    ],
)
def test_codes_decide_what_may_be_done_next(code, kind, retry):
    """
    Refusals are final, limits and locks pass, outages may be tried again.
    """
    error = told_error(STATUS[code], _errors(code)["errors"])

    assert (kind, retry) == (type(error), error.retry)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(400, Outcome.NOT_APPLIED), (429, Outcome.NOT_APPLIED), (500, Outcome.UNKNOWN),
     (503, Outcome.UNKNOWN), (408, Outcome.UNKNOWN)],
)  # fmt: skip
def test_a_failed_write_is_open_a_refused_one_is_not(status, outcome):
    """
    Nobody knows what became of a create that ended in a failure of the server.
    """
    assert outcome is error_of(WRITE, _answer(status, b"<html>"), NOW).outcome


@pytest.mark.parametrize("body", [b"", b"<html>Over capacity</html>", b"[]", b"{}"])
def test_bodies_without_errors_leave_the_status(body):
    """
    HTML and empty bodies are told by their status.
    """
    error = error_of(WRITE, _answer(503, body), NOW)

    assert isinstance(error, ServerError)
    assert "503" in error.message


def test_a_redirect_is_no_answer():
    """
    Below 400 there is nothing that X documents.
    """
    assert isinstance(error_of(WRITE, _answer(302), NOW), UnexpectedResponseError)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"x_rate_limit_reset": "{}"}, 60),
        ({"x_rate_limit_reset": "{}", "x_account_rate_limit_reset": "{}"}, 60),
        ({}, None),
    ],
)
def test_limits_say_when_they_end(headers, seconds):
    """
    The account's reset counts before the user's.
    """
    reset = str(int(NOW.timestamp()) + 60)
    told = {name: text.format(reset) for name, text in headers.items()}
    error = error_of(WRITE, _answer(429, _errors("TOO_MANY_REQUESTS"), **told), NOW)

    due = None if seconds is None else NOW + timedelta(seconds=seconds)
    assert due == error.resume_at


def test_a_reset_in_the_past_means_now():
    """
    Clocks differ; nobody waits a negative time.
    """
    past = str(int(NOW.timestamp()) - 500)
    answer = _answer(429, _errors("TOO_MANY_REQUESTS"), x_rate_limit_reset=past)

    assert NOW == error_of(WRITE, answer, NOW).resume_at


def test_all_errors_of_an_answer_are_told_with_their_parameters():
    """
    Several come at once; the plan's part that caused one is named.
    """
    rows = [
        {"code": "INVALID_PARAMETER", "message": "bad name", "parameter": "name"},
        {"code": "MISSING_PARAMETER", "message": "no goal", "attribute": "goal"},
    ]
    error = at_address(told_error(400, rows), "campaigns.a.ad_sets.b")

    assert ("name", "goal") == error.fields
    assert "bad name; no goal" == error.message
    assert ["campaigns.a.ad_sets.b.name", "campaigns.a.ad_sets.b.optimise_for"] == [
        issue.path for issue in error.issues
    ]


def test_keys_are_taken_out_of_what_x_says():
    """
    Whatever X repeats of a request, no key of ours is shown.
    """
    rows = [{"code": "INVALID_PARAMETER", "message": "key sbx_secret is wrong"}]
    error = told_error(400, rows, lambda text: text.replace("sbx_secret", "***"))

    assert "sbx_secret" not in str(error)
    assert isinstance(error, PlatformError)
