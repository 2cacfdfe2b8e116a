from __future__ import annotations

import gzip
import inspect
import pickle
import random
import traceback
from datetime import timedelta

import httpx
import pytest

from _meta_adapter import FakeClock
from smmlib.adapters import HttpClient, HttpRequest, RetryPolicy
from smmlib.adapters._failures import FAILURES, HTTPX_ERRORS, failure_of
from smmlib.adapters._http import Repeat, parse_json
from smmlib.adapters._patience import Limits, RetryQuota, retry_after
from smmlib.adapters._secrets import scrub
from smmlib.errors import (
    ConfigurationError,
    MissingCredentialsError,
    Outcome,
    PlatformError,
    PlatformTimeoutError,
    RateLimitError,
    Retry,
    ServerError,
    UnexpectedResponseError,
    UnreachableError,
)
from smmlib.ports import Secret

TOKEN = "sbx_5ecretsecretsecret"
LOCAL = "http://127.0.0.1:9/api"


def _judge(request, answer):
    if answer.status == 429:
        return RateLimitError("too many calls")
    if answer.status >= 500:
        return ServerError("broken", outcome=request.unknown)
    return None


def _client(handler, clock=None, **changes):
    usual = {
        "platform": "test",
        "token": Secret(TOKEN, "a test"),
        "judge": _judge,
        "allowed_hosts": ("api.example.com",),
        "transport": httpx.MockTransport(handler),
        "clock": clock or FakeClock(),
        "random": random.Random(1),
    }
    return HttpClient(LOCAL, **usual | changes)


def _every_httpx_error():
    return sorted(
        {
            thing
            for _, thing in inspect.getmembers(httpx, inspect.isclass)
            if issubclass(thing, Exception)
        },
        key=lambda kind: kind.__name__,
    )


def _made(kind):
    error = kind.__new__(kind)
    error.args = ("it went wrong",)
    return error


@pytest.mark.parametrize("kind", _every_httpx_error(), ids=lambda k: k.__name__)
def test_every_error_of_httpx_is_judged_by_its_own_entry(kind):
    """
    No failure of httpx escapes, and none is judged by a parent's entry before its own.
    """
    assert issubclass(kind, HTTPX_ERRORS)
    first = next(row for row in FAILURES if issubclass(kind, row[0]))
    listed = {row[0] for row in FAILURES}
    if kind in listed:
        assert kind is first[0]
    found = failure_of(_made(kind), unknown=Outcome.UNKNOWN)
    assert isinstance(found, PlatformError)


@pytest.mark.parametrize(
    ("kind", "outcome", "ours"),
    [
        (httpx.ConnectError, Outcome.NOT_APPLIED, UnreachableError),
        (httpx.ConnectTimeout, Outcome.NOT_APPLIED, UnreachableError),
        (httpx.PoolTimeout, Outcome.NOT_APPLIED, UnreachableError),
        (httpx.ProxyError, Outcome.NOT_APPLIED, UnreachableError),
        (httpx.ReadTimeout, Outcome.UNKNOWN, PlatformTimeoutError),
        (httpx.WriteTimeout, Outcome.UNKNOWN, PlatformTimeoutError),
        (httpx.ReadError, Outcome.UNKNOWN, ServerError),
        (httpx.WriteError, Outcome.UNKNOWN, ServerError),
        (httpx.RemoteProtocolError, Outcome.UNKNOWN, ServerError),
        (httpx.DecodingError, Outcome.UNKNOWN, UnexpectedResponseError),
    ],
)
def test_a_create_says_whether_it_can_have_happened(kind, outcome, ours):
    """
    Only when no byte can have left is a write known not to be applied.
    """

    def fail(request):
        raise kind("gone", request=request)

    with pytest.raises(ours) as caught:
        _client(fail).send(HttpRequest("POST", "x", form={}, repeat=Repeat.CREATE))
    assert outcome is caught.value.outcome
    if outcome is Outcome.UNKNOWN:
        assert Retry.NEVER is caught.value.retry


@pytest.mark.parametrize("failure", [httpx.ReadTimeout, httpx.ConnectError, 500, 429])
def test_a_create_is_sent_exactly_once(failure):
    """
    Whatever goes wrong, a create never leaves twice.
    """
    sent = []

    def fail(request):
        sent.append(request)
        if isinstance(failure, int):
            return httpx.Response(failure)
        raise failure("gone", request=request)

    with pytest.raises(PlatformError):
        _client(fail).send(HttpRequest("POST", "x", form={}, repeat=Repeat.CREATE))
    assert 1 == len(sent)


@pytest.mark.parametrize("repeat", [Repeat.READ, Repeat.UPDATE])
def test_reads_and_absolute_updates_are_tried_five_times_with_jitter(repeat):
    """
    Waits stay below the doubled base, and the last failure is told.
    """
    clock, sent = FakeClock(), []

    def fail(request):
        sent.append(request)
        return httpx.Response(503)

    with pytest.raises(ServerError):
        _client(fail, clock).send(HttpRequest("POST", "x", form={}, repeat=repeat))
    assert 5 == len(sent)
    assert 4 == len(clock.waits)
    assert all(0 <= wait <= 0.5 * 2**n for n, wait in enumerate(clock.waits)), (
        clock.waits
    )


def test_a_good_answer_after_a_bad_one_is_given():
    """
    A passing failure is not seen by the caller.
    """
    answers = iter([httpx.Response(500), httpx.Response(200, json={"a": 1})])
    answer = _client(lambda _: next(answers)).send(HttpRequest("GET", "x"))
    assert {"a": 1} == parse_json(answer.body)


def test_the_servers_hint_comes_first():
    """
    Retry-After is waited for, plus a little jitter.
    """
    clock = FakeClock()
    answers = iter(
        [
            httpx.Response(429, headers={"Retry-After": "40"}),
            httpx.Response(200, json={}),
        ]
    )
    _client(lambda _: next(answers), clock).send(HttpRequest("GET", "x"))
    assert [40] == [int(wait) for wait in clock.waits]


def test_the_next_request_waits_as_long_as_advised():
    """
    An answer's advice holds back what follows, once, and creates too.
    """
    clock = FakeClock()
    advice = iter([3.0, 0.0, 0.0])
    client = _client(
        lambda _: httpx.Response(200, json={}), clock, pace=lambda _: next(advice)
    )
    for repeat in (Repeat.READ, Repeat.CREATE, Repeat.READ):
        client.send(HttpRequest("POST", "x", form={}, repeat=repeat))
    assert [3.0] == clock.waits


def test_a_clock_that_is_set_back_does_not_stretch_the_advice():
    """
    Three seconds stay three seconds, whatever the clock does.
    """
    clock = FakeClock()
    client = _client(lambda _: httpx.Response(200, json={}), clock, pace=lambda _: 3.0)
    client.send(HttpRequest("GET", "x"))
    clock.present -= timedelta(hours=1)
    client.send(HttpRequest("GET", "x"))
    assert [3.0] == clock.waits


def test_a_long_wait_is_told_instead_of_slept():
    """
    Nobody's notebook sleeps for ten minutes: the error says when to come back.
    """
    clock = FakeClock()
    answer = httpx.Response(429, headers={"Retry-After": "600"})
    with pytest.raises(RateLimitError) as caught:
        _client(lambda _: answer, clock).send(HttpRequest("GET", "x"))
    assert [] == clock.waits
    assert clock.now() + timedelta(seconds=600) == caught.value.resume_at


def test_a_wrong_local_clock_does_not_spoil_a_dated_hint():
    """
    A date to come back is counted from the server's own date.
    """
    now = FakeClock().now()
    headers = {
        "date": "Mon, 22 Feb 2027 10:00:00 GMT",
        "retry-after": "Mon, 22 Feb 2027 10:00:30 GMT",
    }
    assert now + timedelta(seconds=30) == retry_after(headers, now)


@pytest.mark.parametrize("text", ["", "soon", "-5", "9" * 40, "1.5"])
def test_a_senseless_hint_is_none(text):
    """
    What is no number of seconds and no date says nothing.
    """
    assert retry_after({"retry-after": text}, FakeClock().now()) is None


def test_the_deadline_ends_all_patience():
    """
    A request with its waits takes no longer than its deadline.
    """
    clock = FakeClock()
    policy = RetryPolicy(deadline=1.0, base=5.0)
    with pytest.raises(ServerError):
        _client(lambda _: httpx.Response(500), clock, policy=policy).send(
            HttpRequest("GET", "x")
        )
    assert sum(clock.waits) <= 1.0


def test_an_outage_cannot_double_the_load():
    """
    Once the retry quota is used up, requests are sent once, until some succeed.
    """
    sent = []

    def fail(request):
        sent.append(request)
        return httpx.Response(500)

    client = _client(fail)
    for _ in range(40):
        with pytest.raises(ServerError):
            client.send(HttpRequest("GET", "x"))
    assert 40 + 100 == len(sent)
    assert 0 == client.quota.left


def test_the_quota_grows_back_and_no_further():
    """
    One token per success, never more than the quota.
    """
    quota = RetryQuota(10)
    assert [True, True, False] == [quota.take() for _ in range(3)]
    for _ in range(50):
        quota.give()
    assert 10 == quota.left


def test_the_token_is_in_the_header_alone():
    """
    Neither address nor body carry it.
    """
    seen = []

    def keep(request):
        seen.append(request)
        return httpx.Response(200, json={})

    _client(keep).send(HttpRequest("POST", "x", query={"a": "1"}, form={"b": "2"}))
    request = seen[0]
    assert f"Bearer {TOKEN}" == request.headers["Authorization"]
    assert TOKEN not in str(request.url)
    assert TOKEN.encode() not in request.content


def test_a_token_in_an_address_is_never_sent():
    """
    An adapter's mistake is stopped before it leaves.
    """
    sent = []
    client = _client(sent.append)
    with pytest.raises(ConfigurationError) as caught:
        client.send(HttpRequest("GET", "x", query={"access_token": TOKEN}))
    assert [] == sent
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "token"),
    [
        ("https://api.example.com/v1", TOKEN),
        ("http://127.0.0.1:9/api", "EAAreal"),
        ("http://sandbox.local/meta", "EAAreal"),
        ("http://api.example.com/v1", "EAAreal"),
        ("https://evil.example/v1", "EAAreal"),
        ("https://api.example.com.evil.example/v1", "EAAreal"),
        ("https://api.example.com@evil.example/v1", "EAAreal"),
        ("https://user:pass@api.example.com/v1", "EAAreal"),
        ("https://api.example.com/v1?x=1", "EAAreal"),
        ("ftp://127.0.0.1/x", TOKEN),
        ("", "EAAreal"),
        ("https://[::1", "EAAreal"),
    ],
)
def test_tokens_go_only_where_they_belong(url, token):
    """
    Sandbox tokens stay here, real ones go to the platform's own host, encrypted.
    """
    with pytest.raises(ConfigurationError) as caught:
        HttpClient(
            url,
            platform="test",
            token=Secret(token),
            judge=_judge,
            allowed_hosts=("api.example.com",),
        )
    assert token not in str(caught.value)


@pytest.mark.parametrize("token", ["", "sbx_a b", "sbx_a\n", "'sbx_a'", "sbx_ä"])
def test_what_can_be_no_token_is_refused_without_being_shown(token):
    """
    The message names where it came from, never the value.
    """
    with pytest.raises(MissingCredentialsError) as caught:
        _client(lambda _: None, token=Secret(token, "environment variable META"))
    assert "environment variable META" in str(caught.value)
    assert not token or token not in str(caught.value)


@pytest.mark.parametrize("failure", [httpx.ReadTimeout, httpx.ConnectError, 500])
def test_errors_carry_no_token_in_any_form(failure):
    """
    Neither text, chain, traceback nor pickle of an error holds the token.
    """

    def fail(request):
        if failure == 500:
            return httpx.Response(500, text=f"token {TOKEN}")
        raise failure(f"failed with {TOKEN}", request=request)

    with pytest.raises(PlatformError) as caught:
        _client(fail).send(HttpRequest("GET", "x"))
    error = caught.value
    shown = "".join(traceback.format_exception(error))
    assert TOKEN not in shown
    assert TOKEN.encode() not in pickle.dumps(error)
    assert error.__context__ is None or not hasattr(error.__context__, "request")
    assert not hasattr(error.__cause__, "request")


def test_a_large_answer_is_refused():
    """
    Beyond the limit reading stops.
    """
    with pytest.raises(UnexpectedResponseError, match="too large"):
        _client(
            lambda _: httpx.Response(200, content=b"x" * 2000), limits=Limits(body=1000)
        ).send(HttpRequest("GET", "x"))


def test_a_compression_bomb_is_refused():
    """
    A small body that unpacks to megabytes is not read to its end.
    """
    bomb = gzip.compress(b"0" * 8_000_000)
    answer = httpx.Response(200, content=bomb, headers={"Content-Encoding": "gzip"})
    with pytest.raises(UnexpectedResponseError, match="too large"):
        _client(lambda _: answer).send(HttpRequest("GET", "x"))


def test_a_dripping_answer_ends_at_its_deadline():
    """
    An answer that comes byte by byte is given up, typed.
    """
    clock = FakeClock()

    class _Drip(httpx.SyncByteStream):
        def __iter__(self):
            while True:
                clock.sleep(30)
                yield b" "

    with pytest.raises(PlatformTimeoutError):
        _client(
            lambda _: httpx.Response(200, stream=_Drip()),
            clock,
            policy=RetryPolicy(attempts=1),
        ).send(HttpRequest("GET", "x"))


def test_redirects_are_not_followed():
    """
    The token never travels to another host.
    """
    seen = []

    def away(request):
        seen.append(request.url.host)
        return httpx.Response(302, headers={"Location": "https://evil.example/"})

    answer = _client(away).send(HttpRequest("GET", "x"))
    assert (302, ["127.0.0.1"]) == (answer.status, seen)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"NaN", b"\xff", b"[" * 100_000, b"1" * 5000, b'{"a": Infinity}'],
)
def test_what_is_no_json_is_a_value_error(body):
    """
    Nothing else escapes from reading an answer.
    """
    with pytest.raises(ValueError, match=r".*"):
        parse_json(body)


@pytest.mark.parametrize(
    "text",
    [
        "https://x/y?access_token=EAAabcdefghij&b=1",
        '{"access_token": "qwertyuiop"}',
        "Authorization: Bearer qwertyuiop",
        "the token sbx_0123456789 is wrong",
        "EAAGm0PX4ZCpsBA is expired",
    ],
)
def test_tokens_are_masked_in_any_text(text):
    """
    Whatever a platform echoes, a token is not shown.
    """
    shown = scrub(text)
    assert "***" in shown
    for secret in ("EAAabc", "qwertyuiop", "sbx_0123", "EAAGm0"):
        assert secret not in shown


def test_endless_messages_are_cut():
    """
    Ten megabytes of error text stay readable.
    """
    assert len(scrub("x" * 10_000_000)) < 2_100
