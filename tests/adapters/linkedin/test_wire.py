"""
What goes over the wire to LinkedIn, and what its answers mean.
"""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime

import httpx
import pytest

from _meta_adapter import FakeClock
from smmlib.adapters.linkedin import LinkedInPlatform
from smmlib.adapters.linkedin._api import Call
from smmlib.errors import (
    AuthenticationError,
    ConfigurationError,
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    Outcome,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
    UnexpectedResponseError,
    UnsupportedError,
    VersionSunsetError,
)
from smmlib.ports import Action, Connection, Kind, Operation, Secret

_TOKEN = "AQX" + "t" * 60
_ACCOUNT = {"id": 512345678, "currency": "EUR", "name": "Alpenkaffee"}


def _platform(answer, *, clock=None, refresh=None, **options):
    """
    The adapter before a service that answers with `answer(request)`.
    """
    return LinkedInPlatform.connect(
        Connection(
            "linkedin",
            "512345678",
            token=Secret(_TOKEN),
            options={"organisation": "90541968", **options},
        ),
        transport=httpx.MockTransport(answer),
        clock=clock or FakeClock(),
        refresh=refresh,
    )


def _always(status, body=None, headers=None):
    def answer(_):
        return httpx.Response(status, json=body or {}, headers=headers)

    return answer


def _creation(number=1, kind=Kind.CAMPAIGN):
    return Operation(
        Action.CREATE,
        kind,
        address=f"campaigns.c{number}",
        marker="abcdefghij",
        name=f"Campaign {number}",
        fields={
            "runSchedule": {
                "start": "2027-03-01T00:00:00Z",
                "end": "2027-03-15T00:00:00Z",
            },
            "totalBudget": {"amount": "1400", "currencyCode": "EUR"},
        },
    )


def test_every_request_says_version_protocol_and_method():
    """
    The three headers without which LinkedIn reads an address otherwise, or not at all.
    """
    seen = []

    def answer(request):
        seen.append(request)
        return httpx.Response(200, json=_ACCOUNT)

    assert "EUR" == _platform(answer, api_version="202603").account().currency
    (request,) = seen
    assert "https://api.linkedin.com/rest/adAccounts/512345678" == str(request.url)
    assert ("202603", "2.0.0", "GET", f"Bearer {_TOKEN}") == tuple(
        request.headers[name]
        for name in (
            "linkedin-version",
            "x-restli-protocol-version",
            "x-restli-method",
            "authorization",
        )
    )


def test_a_campaign_is_created_as_a_draft():
    """
    One record with the marker in its name, exact amounts and milliseconds.
    """
    seen = []

    def answer(request):
        seen.append(json.loads(request.content))
        return httpx.Response(201, headers={"x-restli-id": "604716214"})

    (result,) = _platform(answer).execute([_creation()])

    assert (Outcome.APPLIED, "604716214") == (result.outcome, result.remote_id)
    assert [
        {
            "account": "urn:li:sponsoredAccount:512345678",
            "name": "Campaign 1 [smm:abcdefghij]",
            "status": "DRAFT",
            "runSchedule": {"start": 1803859200000, "end": 1805068800000},
            "totalBudget": {"amount": "1400.00", "currencyCode": "EUR"},
        }
    ] == seen


def test_a_batch_tells_each_apart():
    """
    Created, refused, failed and unanswered elements each keep their own place.
    """
    refused = {"status": 400, "code": "MISSING_FIELD", "message": "no name"}
    rows = [
        {"status": 201, "id": "1"},
        {"status": 400, "error": refused},
        {"status": 500, "error": {"status": 500, "message": "oops"}},
    ]

    def answer(request):
        assert "BATCH_CREATE" == request.headers["x-restli-method"]
        return httpx.Response(200, json={"elements": rows})

    results = _platform(answer).execute([_creation(n) for n in range(4)])

    assert [
        Outcome.APPLIED,
        Outcome.NOT_APPLIED,
        Outcome.UNKNOWN,
        Outcome.UNKNOWN,
    ] == [result.outcome for result in results]


def test_a_long_query_travels_in_the_body():
    """
    Beyond 4,000 characters the query is posted, and still says what it is.
    """
    long = "ids=List(" + ",".join(str(10**9 + n) for n in range(500)) + ")"
    request = Call("BATCH_GET", "adCampaigns", query=long).request("202609")

    assert ("POST", "rest/adCampaigns") == (request.method, request.path)
    assert long.encode() == request.content
    assert "GET" == request.headers["X-HTTP-Method-Override"]
    assert "BATCH_GET" == request.headers["X-RestLi-Method"]
    assert "application/x-www-form-urlencoded" == request.headers["Content-Type"]


def test_a_long_query_with_a_body_travels_in_two_parts():
    """
    Query and JSON stand side by side, each with its type.
    """
    long = "ids=List(" + "1," * 3000 + "2)"
    call = Call("BATCH_PARTIAL_UPDATE", "adCampaigns", query=long, body={"a": 1})
    request = call.request("202609")
    kind = request.headers["Content-Type"]
    parts = request.content.split(f"--{kind.partition('boundary=')[2]}".encode())

    assert kind.startswith("multipart/mixed; boundary=")
    assert [long.encode(), b'{"a":1}'] == [
        part.partition(b"\r\n\r\n")[2].rstrip(b"\r\n") for part in parts[1:-1]
    ]
    assert b"--\r\n" == parts[-1]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, InvalidRequestError),
        (401, AuthenticationError),
        (403, PermissionDeniedError),
        (404, NotFoundError),
        (409, ConflictError),
        (414, InvalidRequestError),
        (422, InvalidRequestError),
        (426, VersionSunsetError),
        (429, RateLimitError),
        (500, ServerError),
        (501, UnsupportedError),
        (503, ServerError),
    ],
)
def test_each_status_is_an_error_of_ours(status, kind):
    """
    Errors are told apart by status, carry code and platform, and can be pickled.
    """
    body = {"status": status, "code": "SOME_CODE", "message": f"about {_TOKEN}"}

    with pytest.raises(kind) as caught:
        _platform(_always(status, body)).account()

    error = caught.value
    assert ("linkedin", status, "SOME_CODE") == (
        error.platform,
        error.status,
        error.code,
    )
    assert error.operation
    assert _TOKEN not in f"{error!s} {error!r} {vars(error)}"
    assert str(error) == str(pickle.loads(pickle.dumps(error)))  # noqa: S301


@pytest.mark.parametrize("status", [500, 503, 504])
def test_a_failed_create_is_open(status):
    """
    After a failure of the server nobody knows whether something was made.
    """
    calls = []

    def answer(request):
        calls.append(request)
        return httpx.Response(status)

    (result,) = _platform(answer).execute([_creation()])

    assert Outcome.UNKNOWN is result.outcome
    assert 1 == len(calls)


def test_validations_name_the_plans_own_fields():
    """
    Each blamed field leads to the part of the plan it comes from.
    """
    inputs = [
        {
            "code": "FIELD_VALUE_TOO_LOW",
            "description": "too little",
            "input": {"inputPath": {"fieldPath": "dailyBudget/amount"}},
        },
        {
            "code": "FIELD_VALUE_DOES_NOT_EXIST",
            "description": "no such title",
            "input": {"inputPath": {"fieldPath": "targetingCriteria/include"}},
        },
    ]
    body = {
        "status": 400,
        "code": "MULTIPLE_VALIDATIONS_FAILED",
        "message": "two problems",
        "errorDetails": {"inputErrors": inputs},
    }

    (result,) = _platform(_always(400, body)).execute([_creation()])

    assert result.error is not None
    assert "two problems; too little; no such title" == result.error.message
    assert ["campaigns.c1.budget", "campaigns.c1.audience"] == [
        issue.path for issue in result.error.issues
    ]


def test_a_schema_error_names_its_field():
    """
    LinkedIn's schema check says where in a sentence only.
    """
    message = 'ERROR :: /objectiveType :: "X" is not an enum symbol'

    with pytest.raises(InvalidRequestError) as caught:
        _platform(_always(422, {"status": 422, "message": message})).account()

    assert ("objectiveType",) == caught.value.fields


def test_a_quota_ends_at_midnight_utc():
    """
    Nobody waits a day inside a call: the error says when to come back.
    """
    clock = FakeClock()
    body = {"status": 429, "message": "Resource level throttle APPLICATION DAY limit"}

    with pytest.raises(RateLimitError) as caught:
        _platform(_always(429, body), clock=clock).account()

    assert datetime(2027, 2, 23, tzinfo=UTC) == caught.value.resume_at
    assert [] == clock.waits


def test_a_retired_version_says_which_are_alive():
    """
    The error names versions to choose from.
    """
    body = {"status": 426, "code": "NONEXISTENT_VERSION", "message": "20250101"}

    with pytest.raises(VersionSunsetError) as caught:
        _platform(_always(426, body), api_version="202501").account()

    assert "202603 to 202609" in caught.value.hint


def test_a_token_is_renewed_once_and_given_time():
    """
    A refused token is replaced; the fresh one may be refused for some seconds.
    """
    clock, tokens, seen = FakeClock(), [], []

    def refresh():
        tokens.append("AQX" + "n" * 60)
        return Secret(tokens[-1])

    def answer(request):
        seen.append(request.headers["authorization"].removeprefix("Bearer "))
        body = {"status": 401, "code": "REVOKED_ACCESS_TOKEN"}
        good = len(seen) > 3
        return httpx.Response(200 if good else 401, json=_ACCOUNT if good else body)

    account = _platform(answer, clock=clock, refresh=refresh).account()

    assert "512345678" == account.id
    assert 1 == len(tokens)
    assert [_TOKEN, tokens[0], tokens[0], tokens[0]] == seen
    assert [5.0, 10.0] == clock.waits


def test_without_a_refresh_a_refused_token_is_an_error():
    """
    Where nobody can renew it, one refusal is the answer.
    """
    calls = []

    def answer(request):
        calls.append(request)
        return httpx.Response(401, json={"code": "EXPIRED_ACCESS_TOKEN"})

    with pytest.raises(AuthenticationError):
        _platform(answer).account()

    assert 1 == len(calls)


def test_uploads_go_to_linkedin_alone():
    """
    An upload address on a foreign host gets neither bytes nor token.
    """
    hosts = []

    def answer(request):
        hosts.append(request.url.host)
        value = {"uploadUrl": "https://evil.example/up?x=1", "image": "urn:li:image:C1"}
        return httpx.Response(200, json={"value": value})

    upload = Operation(
        Action.CREATE, Kind.MEDIA, address="media.a", content=b"\xff\xd8\xffx"
    )
    (result,) = _platform(answer).execute([upload])

    assert Outcome.NOT_APPLIED is result.outcome
    assert isinstance(result.error, UnexpectedResponseError)
    assert {"api.linkedin.com"} == set(hosts)


def test_pages_end_where_the_cursor_ends():
    """
    A short page, even an empty one, is not the last while it names a next one.
    """
    pages = {
        None: ([{"id": 1, "name": "a [smm:aaaaaaaaaa]", "status": "DRAFT"}], "p2"),
        "p2": ([], "p3"),
        "p3": ([{"id": 2, "name": "b [smm:bbbbbbbbbb]", "status": "DRAFT"}], None),
    }

    def answer(request):
        query = dict(p.split("=", 1) for p in request.url.query.decode().split("&"))
        rows, token = pages[query.get("pageToken")]
        metadata = {"nextPageToken": token} if token else {}
        return httpx.Response(200, json={"elements": rows, "metadata": metadata})

    found = _platform(answer).find(Kind.CAMPAIGN, ["aaaaaaaaaa", "bbbbbbbbbb"])

    assert ["1", "2"] == [remote.id for remote in found]


@pytest.mark.parametrize(
    ("account", "options"),
    [
        ("act_1", {}),
        ("512345678", {"api_version": "v26"}),
        ("512345678", {"api_version": "202613"}),
        ("512345678", {"page": "1"}),
        ("512345678", {"organisation": "alpenkaffee"}),
    ],
)
def test_settings_that_cannot_be_right_are_refused(account, options):
    """
    Mistakes of smm.toml are told before anything is sent.
    """
    with pytest.raises(ConfigurationError) as caught:
        LinkedInPlatform.connect(
            Connection("linkedin", account, token=Secret(_TOKEN), options=options)
        )

    assert caught.value.hint
