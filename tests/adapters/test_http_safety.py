"""
What keeps the way to the platforms safe: TLS, hosts, threads, pace, and the dry run.
"""

from __future__ import annotations

import inspect
import json
import random
import shutil
import ssl
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

import smmlib as smm
from _cli import EXAMPLES, PLAN
from _meta_adapter import FakeClock
from smmlib.adapters import HttpClient, HttpRequest, ReadOnlyTransport, RetryPolicy
from smmlib.adapters._http import Repeat
from smmlib.adapters._path_token import network_transport
from smmlib.errors import (
    ApplyInterruptedError,
    ConfigurationError,
    Outcome,
    PlatformError,
    ServerError,
    UnreachableError,
    UnsupportedError,
)
from smmlib.ports import Secret
from smmlib.sandbox import Sandbox

TOKEN = "sbx_5ecretsecretsecret"
LOCAL = "http://127.0.0.1:9/api"
_HOST = "https://api.example.com/"


def _judge(request, answer):
    if answer.status >= 500:
        return ServerError("broken", outcome=request.unknown)
    return None


def _client(url=LOCAL, **changes):
    usual = {
        "platform": "test",
        "token": Secret(TOKEN, "a test"),
        "judge": _judge,
        "allowed_hosts": ("api.example.com",),
        "clock": FakeClock(),
        "random": random.Random(1),
    }
    return HttpClient(url, **usual | changes)


# -- TLS ------------------------------------------------------------------------------


def _context(transport):
    return transport._pool._ssl_context


def test_tls_is_always_verified():
    """
    Certificate and host name, at least TLS 1.2, on every way to the network; and there
    is no switch to turn it off.
    """
    direct = _client()._client._transport
    through = network_transport("api.example.com", local=False, most=2)
    dry = ReadOnlyTransport()._way("api.example.com")

    for way in (direct, through, dry):
        context = _context(way)
        assert ssl.CERT_REQUIRED is context.verify_mode
        assert context.check_hostname
        assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    words = {*inspect.signature(HttpClient).parameters}
    assert set() == words & {"verify", "cert", "trust", "insecure"}


@pytest.fixture
def self_signed(tmp_path):
    """
    A server whose certificate nobody vouches for.
    """
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make a certificate with")
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=127.0.0.1", "-keyout", key, "-out", cert),
        ],
        check=True,
        capture_output=True,
    )
    seen = []

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self):
            seen.append(self.path)

        def log_message(self, *_):
            """
            Be quiet.
            """

    server = HTTPServer(("127.0.0.1", 0), Answers)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}", seen
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_certificate_nobody_vouches_for_is_refused(self_signed):
    """
    Nothing is sent, and a write is known not to have happened.
    """
    url, seen = self_signed
    with pytest.raises(UnreachableError) as refused:
        _client(url).send(HttpRequest("POST", "campaigns", repeat=Repeat.CREATE))

    assert Outcome.NOT_APPLIED is refused.value.outcome
    assert [] == seen


# -- threads --------------------------------------------------------------------------


def test_one_client_serves_many_threads():
    """
    Answers go to whoever asked, and the retry quota is kept to the token.
    """
    lock, sent = threading.Lock(), []

    def handler(request):
        with lock:
            sent.append(request.url.path)
            broken = len(sent) % 7 == 0
        return httpx.Response(500 if broken else 200, json={"path": request.url.path})

    clock = FakeClock()
    client = _client(transport=httpx.MockTransport(handler), clock=clock)

    def ask(number):
        try:
            return client.send(HttpRequest("GET", f"thing/{number}")).json()["path"]
        except PlatformError:
            return None

    with ThreadPoolExecutor(16) as pool:
        got = list(pool.map(ask, range(800)))

    assert all(path in {f"/api/thing/{n}", None} for n, path in enumerate(got))
    assert 0 <= client.quota.left <= 500
    retried = len(sent) - 800
    assert retried > 0
    assert got.count(None) <= 5


def test_all_threads_hold_back_together():
    """
    Advice of one answer counts for every thread: nobody runs into the wall.
    """
    clock = FakeClock()
    began = clock.now()
    client = _client(
        transport=httpx.MockTransport(lambda _: httpx.Response(200)),
        clock=clock,
        pace=lambda _: 10.0,
    )
    client.send(HttpRequest("GET", "first"))
    client.send(HttpRequest("GET", "second"))

    assert clock.now() - began >= timedelta(seconds=10)


def test_waits_are_drawn_from_the_given_random():
    """
    The same seed waits the same time: a failure can be replayed.
    """
    waits = []
    for _ in range(2):
        clock = FakeClock()
        client = _client(
            transport=httpx.MockTransport(lambda _: httpx.Response(500)),
            clock=clock,
            random=random.Random(5),
            policy=RetryPolicy(),
        )
        began = clock.now()
        with pytest.raises(ServerError):
            client.send(HttpRequest("GET", "thing"))
        waits.append(clock.now() - began)

    assert waits[0] == waits[1] > timedelta(0)


# -- the dry run ----------------------------------------------------------------------


def _refused(request):
    passed = []

    def handler(sent):
        passed.append(sent)
        return httpx.Response(200)

    outcome = None
    with httpx.Client(transport=ReadOnlyTransport(httpx.MockTransport(handler))) as way:
        try:
            way.send(request)
        except UnsupportedError as error:
            outcome = error.outcome
    assert (outcome is Outcome.NOT_APPLIED) == (not passed)
    return not passed


def _post(**options):
    return httpx.Request("POST", "https://graph.example.com/", **options)


def _batch(*methods):
    calls = [{"method": method, "relative_url": "1"} for method in methods]
    return _post(data={"batch": json.dumps(calls)})


@pytest.mark.parametrize(
    "request_",
    [
        *(
            httpx.Request(m, "https://a.example.com/")
            for m in ("PUT", "PATCH", "DELETE")
        ),
        _post(),
        _post(data={"name": "Launch"}),
        _post(json={"name": "Launch"}),
        _batch("GET", "POST"),
        _batch(),
        _post(data={"batch": "[[[[[["}),
        _post(data={"batch": "[1]"}),
        _post(data={"batch": ['[{"method":"GET"}]', '[{"method":"POST"}]']}),
        _post(content=b"batch=%5B%7B%22method%22%3A%22GET%22%7D%5D"),
        _post(headers={"X-HTTP-Method-Override": "DELETE"}),
    ],
    ids=range(13),
)
def test_a_dry_run_lets_no_write_through(request_):
    """
    Whatever an engine or adapter tries, and however it is dressed.
    """
    assert _refused(request_)


@pytest.mark.parametrize(
    "request_",
    [
        httpx.Request("GET", _HOST),
        _batch("GET", "get"),
        _post(headers={"X-HTTP-Method-Override": "GET"}, data={"ids": "1"}),
    ],
    ids=["read", "batch of reads", "long question"],
)
def test_a_dry_run_lets_questions_through(request_):
    """
    Planning works as ever, also where platforms want long questions as a POST.
    """
    assert not _refused(request_)


def test_an_apply_through_a_dry_run_makes_nothing():
    """
    Even when the engine is told to write: the platform has not seen a write, the state
    file has not changed.
    """
    plan = smm.load(EXAMPLES / PLAN)
    with smm.connect("sandbox", root=EXAMPLES, dry_run=True) as work:
        changes = work.plan(plan)
        with pytest.raises(ApplyInterruptedError):
            work.apply(changes)

        assert 0 == len(work.sandbox.log.writes())


# -- tokens ---------------------------------------------------------------------------


def test_the_sandbox_is_where_everything_happens_unless_told_otherwise():
    """
    Nobody spends by leaving an argument out.
    """
    with smm.connect() as work:
        assert "sandbox" == work.environment
        assert work.sandbox is not None


_TOML = """
[environments.production]
allowlist = ["act_1"]
[environments.production.platforms.meta]
account = "act_1"
token = {{ env = "TOKEN" }}
{address}
"""


@pytest.mark.parametrize(
    ("token", "address"),
    [
        ("sbx_9ab95a8cf4fe9993385f54a4d2db33", ""),
        ("EAAGm0PX4ZCpsBAreal", 'base_url = "http://127.0.0.1:9/meta"'),
    ],
    ids=["sandbox token, real host", "real token, sandbox"],
)
def test_tokens_are_for_their_own_side(tmp_path, token, address):
    """
    A token of the practice platform never reaches a real one, nor the other way round.
    """
    (tmp_path / "smm.toml").write_text(_TOML.format(address=address), "utf-8")
    with pytest.raises(ConfigurationError) as refused:
        smm.connect("production", root=tmp_path, environ={"TOKEN": token})

    assert token not in f"{refused.value}{refused.value.hint}"


@pytest.mark.parametrize(
    ("platform", "path", "headers"),
    [
        ("meta", "/v26.0/me", {"Authorization": "Bearer EAAGm0PX4ZCpsBAreal"}),
        (
            "linkedin",
            "/rest/adAccounts/1",
            {
                "Authorization": "Bearer AQXreal0PX4ZCpsBA",
                "LinkedIn-Version": "202609",
                "X-Restli-Protocol-Version": "2.0.0",
            },
        ),
        ("telegram", "/bot123456789:AAF-real0PX4ZCpsBAreal0PX4ZCpsBA12/getMe", {}),
        ("x", "/12/accounts", {"Authorization": "Bearer AAAAreal0PX4ZCpsBA"}),
    ],
)
def test_the_sandbox_itself_refuses_real_tokens(platform, path, headers):
    """
    Also from a program that is not ours.
    """
    sandbox = Sandbox()
    with httpx.Client(transport=sandbox.transport()) as way:
        answer = way.get(f"{sandbox.base_url(platform)}{path}", headers=headers)

    assert answer.status_code in {400, 401, 403, 404}
    assert "real0PX4" not in answer.text
