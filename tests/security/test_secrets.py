"""
Twelve planted tokens on every way an error can take: none of them is ever shown.

Servers echo them, networks put them into messages, and everything that could show them
is looked at: texts, tracebacks, pickles, logs, the journal, plan files, pages.
"""

from __future__ import annotations

import json
import logging
import pickle
import traceback
from datetime import UTC, datetime
from random import Random

import httpx
import pytest

import _fault_wire
from _fault_launch import Launch, one_after_the_other
from _fault_worlds import WORLDS
from smmlib.adapters import connect_platform
from smmlib.codec import dumps
from smmlib.errors import SmmError
from smmlib.ports import Action, Connection, Kind, Operation, Secret

_TOKENS = {
    "meta": "EAAB0451plantedZCqLmnoPQRstuVWXyz0123456789",
    "linkedin": "AQXplanted_0451-kLmNoPqRsTuVwXyZ0123456789abcdefgh",
    "x": "1466470231064434950-planted0451kLmNoPqRsTuVwXyZ",
    "telegram": "7104510451:AAplanted_0451-kLmNoPqRsTuVwXyZ012",
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJwbGFudGVkIjoiMDQ1MSJ9.c2lnbmF0dXJl0451",
    "base64": "cGxhbnRlZDA0NTE+/w0451abcd+efgh/ijkl==",
    "hex": "deadbeef0451deadbeef0451deadbeef",
    "short": "pl4nt3d!",
    "marks": "pl%2Bnt{0451}$(x)|&;*?^~`#planted",
    "dots": "planted.0451.planted.0451",
    "long": "planted0451" * 60,
    "digits": "90451904519045190451",
}
_ACCOUNTS = {"meta": "act_1234567890", "linkedin": "512345678", "x": "18ce54d4x5t"}


def _at(*_):
    return datetime(2027, 2, 22, 8, tzinfo=UTC)


class _Clock:
    """
    Time that stands still; nobody waits for it.
    """

    now = _at

    def sleep(self, seconds):
        """
        Not at all.
        """


def _platform(name, token, answer):
    world = WORLDS[name]
    connection = Connection(
        name,
        _ACCOUNTS[name],
        token=Secret(token, "a test"),
        secrets={key: Secret(f"{token}{key}") for key in world.secrets},
        options=dict.fromkeys(world.options, "1234567"),
    )
    return connect_platform(
        connection,
        transport=httpx.MockTransport(answer),
        clock=_Clock(),
        random=Random(0),
    )


def _json(status, body, **headers):
    return lambda request, token: httpx.Response(
        status, json=body(token), headers=headers
    )


def _raises(kind):
    def fail(request, token):
        text = f"failed at {request.url}?access_token={token} with {token}"
        raise kind(text, request=request)

    return fail


def _echo(token):
    message = f"the token {token} of {{'access_token': '{token}'}} is refused"
    error = {"message": message, "code": 190, "type": token, "fbtrace_id": token}
    flaw = {"code": token, "message": message, "parameter": token}
    return {
        "error": error,
        "message": message,
        "serviceErrorCode": token,
        "code": token,
        "status": 401,
        "errors": [flaw],
        "operation_errors": [[flaw]],
    }


def _paged(token):
    row = {"id": "1", "name": token}
    following = f"https://graph.facebook.com/v26.0/x?access_token={token}"
    paging = {"next": following, "cursors": {"after": token}}
    return {"data": [row], "elements": [row], "paging": paging, "next_cursor": token}


_PATHS = {
    "refused 400": _json(400, _echo),
    "expired 401": _json(401, _echo),
    "forbidden 403": _json(403, _echo),
    "gone 404": _json(404, _echo),
    "retired 426": _json(426, _echo),
    "throttled 429": _json(429, _echo),
    "broken 500": _json(500, _echo),
    "error in 200": _json(200, _echo),
    "pages with addresses": _json(200, _paged),
    "a list": _json(200, lambda token: [token]),
    "a text": _json(200, lambda token: token),
    "a page": lambda request, token: httpx.Response(200, html=f"<b>{token}</b>"),
    "cut off": lambda request, token: httpx.Response(200, text='{"id": "' + token),
    "not text": lambda request, token: httpx.Response(
        200, content=b"\xff" + token.encode()
    ),
    "redirect": lambda request, token: httpx.Response(
        302, headers={"Location": f"https://evil.example/?t={token}"}
    ),
    "odd headers": _json(500, _echo, **{"Retry-After": "never", "X-Trace": "t"}),
    **{
        f"raises {kind.__name__}": _raises(kind)
        for kind in (
            httpx.ConnectError,
            httpx.ConnectTimeout,
            httpx.ReadTimeout,
            httpx.ReadError,
            httpx.RemoteProtocolError,
            httpx.DecodingError,
            httpx.ProxyError,
        )
    },
}


def _create(kind):
    return Operation(
        Action.CREATE, kind, address="campaigns.a", marker="m" * 10, name="A", fields={}
    )


_CALLS = {
    "account": lambda platform: platform.account(),
    "find": lambda platform: platform.find(Kind.CAMPAIGN, ["m" * 10]),
    "read": lambda platform: platform.read(Kind.AD_SET, ["123"]),
    "create": lambda platform: platform.execute([_create(Kind.CAMPAIGN)]),
    "search": lambda platform: platform.search("interest", "coffee"),
}


def _sinks(thing, platform, records):
    """
    All that could show a token, as bytes, by name.
    """
    shown = {
        "str": str(thing),
        "repr": f"{thing!r} {platform!r} {platform.__dict__!r}",
        "log": "".join(map(logging.Formatter().format, records)),
        "log fields": repr([record.__dict__ for record in records]),
        "pickle": pickle.dumps(thing),
        "html": thing._repr_html_() if hasattr(thing, "_repr_html_") else "",
    }
    if isinstance(thing, BaseException):
        shown["traceback"] = "".join(traceback.format_exception(thing))
        shown["fields"] = repr(vars(thing))
        shown["issues"] = json.dumps([str(issue) for issue in thing.issues])
    return {
        name: value if isinstance(value, bytes) else value.encode()
        for name, value in shown.items()
    }


def _attempt(act, platform):
    try:
        return act(platform)
    except SmmError as error:
        return error


def _things(outcome):
    """
    An error, or what hides errors inside.
    """
    if isinstance(outcome, tuple):
        errors = [r.error for r in outcome if getattr(r, "error", None) is not None]
        return [*errors, outcome]
    return [outcome]


@pytest.mark.parametrize("kind", _TOKENS)
@pytest.mark.parametrize("name", WORLDS)
def test_no_way_of_failing_shows_a_token(name, kind, caplog, record_property):
    """
    Every failure of every call, looked at from every side: no hit.
    """
    caplog.set_level(1)
    token = _TOKENS[kind]
    cells, hits = 0, []
    for path, answer in _PATHS.items():
        platform = _platform(name, token, lambda r, a=answer: a(r, token))
        for call, act in _CALLS.items():
            caplog.clear()
            outcome = _attempt(act, platform)
            # What a platform says of its own objects is data; only failures are judged.
            for thing in _things(outcome):
                if not isinstance(thing, BaseException):
                    continue
                for sink, text in _sinks(thing, platform, caplog.records).items():
                    cells += 1
                    if token.encode() in text:
                        hits.append(f"{call}, {path}: {sink}")
        platform.close()
    record_property("secrets", (cells, len(hits)))
    assert [] == hits
    assert cells > 500


@pytest.mark.parametrize("name", WORLDS)
def test_no_launch_leaves_a_token_behind(name, caplog, monkeypatch, record_property):
    """
    A server that echoes the token at any request: not in journal, events, plan file,
    change set, page or log.
    """
    caplog.set_level(1)

    def echo(call):
        return call.answers(400 if call.number % 2 else 403, _echo(call.wire.tokens[0]))

    monkeypatch.setitem(_fault_wire.FAULTS, "echo", echo)
    cells, hits = 0, []
    with one_after_the_other():
        for place in range(0, 60, 3):
            caplog.clear()
            launch = Launch(WORLDS[name], {place: "echo"})
            hits += [problem for problem in launch.run() if "I9" in problem]
            shown = {
                "journal": repr(launch.store.snapshot()),
                "log of the journal": repr(list(launch.store.events())),
                "errors": repr(launch.errors),
                "plan file": dumps(launch.plan),
                "change set": f"{launch.last}{launch.last!r}",
                "page": launch.last._repr_html_(),
                "log": caplog.text,
            }
            for sink, text in shown.items():
                cells += 1
                hits += [f"{place}: {sink}" for t in launch.wire.tokens if t in text]
    record_property("secrets", (cells, len(hits)))
    assert [] == hits


def test_a_secret_is_shown_by_nothing():
    """
    Texts, formats, pickles and copies of a secret hold none of it.
    """
    import copy

    for token in _TOKENS.values():
        secret = Secret(token, "SMM_TOKEN")
        texts = [
            str(secret),
            repr(secret),
            f"{secret}",
            f"{secret!r:>40}",
            f"{[secret]}",
        ]
        assert not any(token in text for text in texts)
        for pack in (pickle.dumps, json.dumps):
            with pytest.raises(TypeError):
                pack(secret)
        assert token not in repr(copy.copy([secret]))
