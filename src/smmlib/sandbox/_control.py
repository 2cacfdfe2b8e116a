"""
The control API under `/_sandbox/`: clock, faults, log, state, conversions.

| request | does |
|---|---|
| `GET /_sandbox/` | the same JSON as the ready line |
| `GET /_sandbox/clock` | `{"now", "kind", "elapsed_s"}` |
| `POST /_sandbox/clock` `{"advance_s": N}` | lets N seconds pass at once |
| `POST /_sandbox/faults` `{"kind", "match", "nth", ...}` | plans a failure |
| `GET /_sandbox/faults` | all planned failures with their `seen` and `fired` counts |
| `DELETE /_sandbox/faults` | forgets them |
| `GET /_sandbox/log?since=N` | every request and answer after number N, tokens masked |
| `POST /_sandbox/reset` | empty platforms, clock, log and faults |
| `GET /_sandbox/state` | all objects as plain JSON |
| `GET /_sandbox/conversions.csv?account=` | the shop's own record of conversions |
| `GET /_sandbox/coverage` | what is modelled |

Every refusal is JSON with `error` and `hint`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import attrs
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, Rule

from smmlib.errors import SandboxError
from smmlib.sandbox._values import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from smmlib.sandbox._engine import Engine
    from smmlib.sandbox._values import WireRequest

_ROUTES = Map(
    [
        Rule("/", endpoint="details", methods=["GET"]),
        Rule("/clock", endpoint="clock", methods=["GET"]),
        Rule("/clock", endpoint="advance", methods=["POST"]),
        Rule("/faults", endpoint="faults", methods=["GET"]),
        Rule("/faults", endpoint="add_fault", methods=["POST"]),
        Rule("/faults", endpoint="clear_faults", methods=["DELETE"]),
        Rule("/log", endpoint="log", methods=["GET"]),
        Rule("/reset", endpoint="reset", methods=["POST"]),
        Rule("/state", endpoint="state", methods=["GET"]),
        Rule("/conversions.csv", endpoint="conversions", methods=["GET"]),
        Rule("/coverage", endpoint="coverage", methods=["GET"]),
    ]
)


class Control:
    """
    Answers the control API of one engine.
    """

    def __init__(self, engine: Engine, details: Callable[[], dict[str, Any]]) -> None:
        self._engine = engine
        self._details = details
        self._actions: dict[str, Callable[[WireRequest], Answer]] = {
            "details": lambda _: _json(self._details()),
            "clock": lambda _: self._clock(),
            "advance": self._advance,
            "faults": lambda _: _json(self._engine.faults.to_json()),
            "add_fault": self._add_fault,
            "clear_faults": lambda _: self._clear_faults(),
            "log": self._log,
            "reset": lambda _: self._reset(),
            "state": lambda _: _json(self._state()),
            "conversions": self._conversions,
            "coverage": lambda _: _json(self._coverage()),
        }

    def handle(self, request: WireRequest) -> Answer:
        """
        Answer one request under `/_sandbox/`.
        """
        path = "/" + "/".join(request.segments[1:])
        try:
            endpoint, _ = _ROUTES.bind("sandbox.local").match(path, request.method)
            with self._engine.lock:
                return self._actions[endpoint](request)
        except MethodNotAllowed as error:
            allowed = ", ".join(error.valid_methods or ())
            return _problem(405, f"no {request.method} {path}", f"it takes {allowed}")
        except HTTPException as error:
            known = sorted({rule.rule for rule in _ROUTES.iter_rules()})
            hint = f"known: {', '.join(known)}"
            return _problem(error.code or 400, f"no {path} here", hint)
        except SandboxError as error:
            return _problem(400, error.message, error.hint)

    def _clock(self) -> Answer:
        clock = self._engine.clock
        return _json(
            {
                "now": clock.now().isoformat(),
                "kind": clock.kind,
                "elapsed_s": clock.elapsed().total_seconds(),
            }
        )

    def _advance(self, request: WireRequest) -> Answer:
        body = _body(request)
        seconds = body.pop("advance_s", None)
        if body or isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
            raise SandboxError(
                "the clock takes one number, advance_s",
                hint='for example {"advance_s": 86400} for a day',
            )
        self._engine.advance(seconds)
        return self._clock()

    def _add_fault(self, request: WireRequest) -> Answer:
        body = _body(request)
        kind = str(body.pop("kind", ""))
        match = str(body.pop("match", "* /"))
        fault = self._engine.faults.add(kind, match, **body)
        return _json(attrs.asdict(fault))

    def _clear_faults(self) -> Answer:
        self._engine.faults.clear()
        return _json({"success": True})

    def _log(self, request: WireRequest) -> Answer:
        since = request.args.get("since", "0")
        if not (since.isascii() and since.isdigit()):
            raise SandboxError(f"since={since!r} is not a number")
        return _json(self._engine.log.to_json(int(since)))

    def _reset(self) -> Answer:
        self._engine.reset()
        return _json({"success": True})

    def _state(self) -> dict[str, Any]:
        return {name: p.objects() for name, p in self._engine.platforms.items()}

    def _coverage(self) -> dict[str, Any]:
        return {
            name: [dict(row) for row in p.coverage()]
            for name, p in self._engine.platforms.items()
        }

    def _conversions(self, request: WireRequest) -> Answer:
        name = request.args.get("platform", "meta")
        platform = self._engine.platforms.get(name)
        if platform is None:
            raise SandboxError(f"no platform {name!r} here")
        text = platform.conversions_csv(request.args.get("account"))
        headers = (("Content-Type", "text/csv; charset=utf-8"),)
        return Answer(200, text.encode(), headers)


def _body(request: WireRequest) -> dict[str, Any]:
    try:
        data = json.loads(request.get_data() or b"null")
    except ValueError as error:
        raise SandboxError(f"the body is not JSON: {error}") from error
    if not isinstance(data, dict):
        raise SandboxError("the body must be a JSON object")
    return data


def _json(data: object) -> Answer:
    return Answer(200, json.dumps(data).encode())


def _problem(status: int, message: str, hint: str = "") -> Answer:
    return Answer(status, json.dumps({"error": message, "hint": hint}).encode())
