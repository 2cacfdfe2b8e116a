"""
Tokens end after 60 days and are renewed; versions end after a year and are told.
"""

from __future__ import annotations

import threading
from datetime import date
from urllib.parse import parse_qs

import httpx
import pytest

from _linkedin_adapter import SandboxClock, a_plan, connection, files, linkedin_of
from _meta_adapter import FakeClock
from smmlib.adapters.linkedin import LinkedInPlatform
from smmlib.adapters.linkedin._errors import sunset_issue
from smmlib.adapters.linkedin._oauth import TokenRefresher
from smmlib.codec import parse_settings
from smmlib.errors import (
    AuthenticationError,
    ConfigurationError,
    MissingCredentialsError,
    PlatformError,
    ServerError,
    UnexpectedResponseError,
    UnreachableError,
)
from smmlib.ports import Secret
from smmlib.sandbox import Sandbox
from smmlib.workspace import connect

_URL = "https://www.linkedin.com/oauth/v2"
_GIVEN = {"client_id": "77abc", "client_secret": "hush-1", "refresh_token": "AQXr-2"}


def _refresher(answer, *, url=_URL, clock=None, **changes):
    secrets = {name: Secret(text) for name, text in {**_GIVEN, **changes}.items()}
    return TokenRefresher(
        secrets,
        url=url,
        clock=clock or FakeClock(),
        transport=httpx.MockTransport(answer),
    )


def _live(sandbox, **changes):
    """
    The adapter with the sandbox's own secrets.
    """
    import attrs

    facts = sandbox.details()["platforms"]["linkedin"]
    secrets = {name: Secret(changes.get(name, facts[name])) for name in _GIVEN}
    return LinkedInPlatform.connect(
        attrs.evolve(connection(facts), secrets=secrets),
        transport=sandbox.transport(),
        clock=SandboxClock(sandbox),
    )


def test_a_token_that_ended_is_renewed_without_a_word():
    """
    Sixty-one days later the account is read all the same, and again after as many.
    """
    sandbox = Sandbox(seed=7)
    live = _live(sandbox)
    for _ in range(3):
        sandbox.advance(days=61)
        assert "EUR" == live.account().currency
    renewals = [r for r in sandbox.log if "accessToken" in r.path]
    assert 3 == len(renewals)


def test_many_threads_renew_once():
    """
    Whoever is refused first renews for all.
    """
    sandbox = Sandbox(seed=7)
    live = _live(sandbox)
    sandbox.advance(days=61)
    crowd = [threading.Thread(target=live.account) for _ in range(8)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert 1 == len([r for r in sandbox.log if "accessToken" in r.path])


def test_a_sandbox_workspace_outlives_its_tokens():
    """
    Two hundred virtual days after it was opened its account is still read.
    """
    with connect(seed=7) as ws:
        ws.sandbox.advance(days=200)
        assert "EUR" == ws.platforms["linkedin"].account().currency


def test_a_fresh_token_may_be_refused_for_some_seconds():
    """
    Two refusals right after the renewal are waited out, and a write is sent once.
    """
    sandbox = Sandbox(seed=7)
    live = _live(sandbox)
    sandbox.advance(days=61)
    sandbox.faults.add("auth_expired", "* /rest/adAccounts", nth=2, count=2)
    assert "EUR" == live.account().currency
    assert 1 == len([r for r in sandbox.log if "accessToken" in r.path])


def test_a_dry_run_may_renew_its_token():
    """
    Renewing changes nothing in an account.
    """
    with connect(seed=7, dry_run=True) as ws:
        ws.sandbox.advance(days=61)
        assert "EUR" == ws.platforms["linkedin"].account().currency


def test_a_dead_refresh_token_says_log_in_again():
    """
    After a year nothing but a person helps.
    """
    sandbox = Sandbox(seed=7)
    live = _live(sandbox)
    sandbox.advance(days=366)
    with pytest.raises(AuthenticationError, match="invalid, expired") as caught:
        live.account()
    assert "log in again" in caught.value.hint
    with pytest.raises(AuthenticationError):
        _live(sandbox, client_secret="sbx_wrong").account()


def test_what_is_sent_is_a_form_without_a_token_in_the_head():
    """
    Secrets travel in the body alone; a new refresh token is used from then on.
    """
    seen = []

    def answer(request):
        seen.append(request)
        return httpx.Response(
            200, json={"access_token": "AQXnew", "refresh_token": "AQXr-3"}
        )

    refresher = _refresher(answer)
    assert "AQXnew" == refresher().reveal()
    refresher()
    assert "authorization" not in seen[0].headers
    assert f"{_URL}/accessToken" == str(seen[0].url)
    forms = [parse_qs(r.content.decode()) for r in seen]
    assert {"grant_type": ["refresh_token"]} | {k: [v] for k, v in _GIVEN.items()} == (
        forms[0]
    )
    assert ["AQXr-3"] == forms[1]["refresh_token"]


@pytest.mark.parametrize(
    ("answers", "kind", "calls"),
    [
        ([500, 500, 200], None, 3),
        ([500, 500, 500], ServerError, 3),
        ([400], AuthenticationError, 1),
        ([401], AuthenticationError, 1),
    ],
    ids=str,
)
def test_failures_are_waited_out_and_refusals_are_not(answers, kind, calls):
    """
    A broken host is asked three times, a refusal is final.
    """
    seen = []

    def answer(_):
        status = answers[len(seen)]
        seen.append(status)
        body = {"access_token": "AQXnew"} if status == 200 else {"error": "invalid"}
        return httpx.Response(status, json=body)

    refresher = _refresher(answer)
    if kind is None:
        assert "AQXnew" == refresher().reveal()
    else:
        with pytest.raises(kind):
            refresher()
    assert calls == len(seen)


def test_no_secret_is_told():
    """
    Neither refusals, nor broken connections, nor the refresher itself show one.
    """

    def echo(request):
        text = request.content.decode()
        return httpx.Response(400, json={"error": "x", "error_description": text})

    def broken(request):
        raise httpx.ConnectError(request.content.decode(), request=request)

    for answer in (echo, broken):
        with pytest.raises(PlatformError) as caught:
            _refresher(answer)()
        told = f"{caught.value!r} {caught.value} {caught.value.__cause__}"
        assert not any(text in told for text in _GIVEN.values())
    assert "<TokenRefresher>" == repr(_refresher(echo))
    with pytest.raises(UnreachableError):
        _refresher(broken)()


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"access_token": 5}'], ids=str)
def test_an_answer_without_a_token_is_an_error(body):
    """
    Nothing is guessed.
    """
    with pytest.raises(UnexpectedResponseError):
        _refresher(lambda _: httpx.Response(200, content=body))()


def test_secrets_go_to_linkedin_or_the_sandbox_alone():
    """
    Real ones never to this computer, the sandbox's never away, to nobody else at all.
    """
    with pytest.raises(ConfigurationError):
        _refresher(None, url="https://evil.example/oauth/v2")
    with pytest.raises(ConfigurationError):
        _refresher(None, url="http://localhost:1/oauth/v2")
    with pytest.raises(ConfigurationError):
        _refresher(None, refresh_token="sbx_refresh_x")
    with pytest.raises(MissingCredentialsError):
        _refresher(None, refresh_token="")


# -- smm.toml --------------------------------------------------------------------------

_TOML = """
[environments.live.platforms.linkedin]
account = "512345678"
organisation = "90541968"
token = { env = "T" }
refresh = { %s }
"""
_ALL = (
    'client_id = { env = "ID" }, client_secret = { keyring = "li" },'
    ' refresh_token = { file = ".smm/refresh" }'
)


def test_smm_toml_says_where_the_secrets_are():
    """
    Each from the environment, the keyring or a file of its owner's.
    """
    found = parse_settings(_TOML % _ALL).environments["live"].platforms["linkedin"]
    assert {
        "client_id": "env",
        "client_secret": "keyring",
        "refresh_token": "file",
    } == {name: source.kind for name, source in found.refresh.items()}


@pytest.mark.parametrize(
    "text",
    ['client_id = { env = "ID" }', _ALL.replace('{ env = "ID" }', '"77abcdef"')],
    ids=["part", "inside"],
)
def test_half_a_refresh_or_a_secret_inside_is_refused(text):
    """
    All three or none, and never the secret itself.
    """
    with pytest.raises(ConfigurationError) as caught:
        parse_settings(_TOML % text)
    assert "77abcdef" not in str(caught.value)


def test_a_workspace_reads_the_secrets_from_where_they_are(tmp_path):
    """
    A file that others may read is refused; a good one makes a connection that renews.
    """
    (tmp_path / "smm.toml").write_text(
        _TOML % _ALL.replace('keyring = "li"', 'env = "CS"'), "utf-8"
    )
    (tmp_path / ".smm").mkdir()
    file = tmp_path / ".smm" / "refresh"
    file.write_text("AQXr-2\n", "utf-8")
    environ = {"T": "AQX" + "t" * 40, "ID": "77abc", "CS": "hush"}
    file.chmod(0o644)
    with pytest.raises(MissingCredentialsError, match="others"):
        connect("live", root=tmp_path, environ=environ)
    file.chmod(0o600)
    with connect("live", root=tmp_path, environ=environ) as ws:
        assert "linkedin" in ws.platforms
    del environ["CS"]
    with pytest.raises(MissingCredentialsError, match="client_secret"):
        connect("live", root=tmp_path, environ=environ)


# -- versions --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "today", "told"),
    [
        ("202602", date(2026, 11, 1), False),
        ("202602", date(2026, 12, 17), True),
        ("202602", date(2027, 2, 14), True),
        ("202609", date(2027, 3, 1), False),
        ("202609", date(2027, 8, 1), True),
    ],
    ids=str,
)
def test_a_version_that_ends_soon_is_told(version, today, told):
    """
    Sixty days ahead, also where no day was announced yet.
    """
    issue = sunset_issue(version, today)
    assert told == (issue is not None)
    if issue is not None:
        assert not issue.is_error
        assert version in issue.message


def test_a_plan_warns_of_the_end_of_its_version(tmp_path):
    """
    On the clock of the connection, as an issue of what is wanted.
    """
    sandbox = Sandbox(seed=7)
    live = linkedin_of(sandbox, files(tmp_path), api_version="202603")
    codes = {issue.code for issue in live.wanted(a_plan()).issues}
    assert "linkedin.version_sunset" in codes
    live = linkedin_of(sandbox, files(tmp_path))
    codes = {issue.code for issue in live.wanted(a_plan()).issues}
    assert "linkedin.version_sunset" not in codes
