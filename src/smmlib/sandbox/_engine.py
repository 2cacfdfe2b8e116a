"""
The engine behind both doors: one clock, one lock, one log, some platforms.
"""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import attrs
from werkzeug.exceptions import HTTPException

from smmlib.errors import SandboxError
from smmlib.sandbox._faults import INSIDE, FaultPlan
from smmlib.sandbox._log import RequestLog
from smmlib.sandbox._persist import read_state, write_state
from smmlib.sandbox._values import Answer, Exchange, wire_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from smmlib.sandbox._clock import SandboxClock
    from smmlib.sandbox._faults import Fault
    from smmlib.sandbox._values import Platform, WireRequest

CONTROL = "_sandbox"
_HTML = (
    b"<!DOCTYPE html><html><body><h1>Sorry, something went wrong.</h1></body></html>"
)


class Engine:
    """
    Takes requests from a door and says what the door has to do.

    Requests are handled one at a time, so a platform never sees half a write;
    waiting (latency, slow answers) is left to the doors and holds up nobody.
    """

    def __init__(
        self,
        platforms: Iterable[Platform],
        *,
        clock: SandboxClock,
        seed: int,
        latency_ms: float = 0,
        state: Path | None = None,
    ) -> None:
        self.clock = clock
        self.seed = seed
        self.platforms: dict[str, Platform] = {p.name: p for p in platforms}
        self.faults: FaultPlan = FaultPlan()
        self.log: RequestLog = RequestLog(self._secrets)
        self.lock: AbstractContextManager[Any] = threading.RLock()
        self.latency_s: float = latency_ms / 1000
        self._state = state
        if state is not None:
            self._load(state)

    def exchange(
        self,
        method: str,
        target: str,
        headers: Iterable[tuple[str, str]],
        body: bytes,
        control: Callable[[WireRequest], Answer],
    ) -> Exchange:
        """
        Handle one request; *control* answers what belongs to the sandbox itself.
        """
        request = wire_request(method, target, headers, body)
        with request:  # closes uploaded parts
            return self._exchange(request, control)

    def _exchange(
        self, request: WireRequest, control: Callable[[WireRequest], Answer]
    ) -> Exchange:
        first = request.segments[:1]
        if first == (CONTROL,):
            return Exchange(control(request))
        platform = self.platforms.get(first[0]) if first else None
        if platform is None:
            return Exchange(_no_platform(self.platforms))
        with self.lock:
            return self._handle(platform, request)

    def advance(self, seconds: float) -> None:
        """
        Let time pass for all platforms.
        """
        with self.lock:
            self.clock.advance(seconds)
            self.save()

    def reset(self) -> None:
        """
        Start again with empty platforms, clock, log and fault plan.
        """
        with self.lock:
            for platform in self.platforms.values():
                platform.reset()
            self.clock.rewind()
            self.faults.clear()
            self.log.clear()
            self.save()

    def save(self) -> None:
        """
        Write the state file, if there is one.
        """
        if self._state is not None:
            write_state(self._state, self._dump())

    def _handle(self, platform: Platform, request: WireRequest) -> Exchange:
        path = "/" + "/".join(request.segments[1:])
        fault = self.faults.take(platform.name, request.method, path)
        answer = None
        if fault is not None and fault.kind in INSIDE:
            request.fault = fault
        if fault is None or fault.commits:
            answer = _answer(platform, request)
            if request.method not in {"GET", "HEAD"}:
                self.save()
        exchange = self._outcome(platform, fault, answer)
        self.log.add(
            self.clock.now().isoformat(),
            platform.name,
            request,
            exchange,
            fault.kind if fault else "",
        )
        return exchange

    def _outcome(
        self, platform: Platform, fault: Fault | None, answer: Answer | None
    ) -> Exchange:
        if fault is None or fault.kind in INSIDE:
            return Exchange(answer, delay_s=self.latency_s)
        if fault.kind == "connect_error":
            return Exchange(broken="connect")
        if fault.kind.startswith("timeout"):
            return Exchange(broken="timeout", hold_s=fault.seconds)
        if fault.kind.startswith("slow") and answer is not None:
            return self._slow(fault, answer)
        if fault.kind == "truncated_body":
            whole = answer or Answer(200, b"{}")
            return Exchange(whole, cut=fault.bytes_kept, delay_s=self.latency_s)
        return Exchange(_faulty(platform, fault, answer), delay_s=self.latency_s)

    def _slow(self, fault: Fault, answer: Answer) -> Exchange:
        if fault.kind == "slow_drip":
            return Exchange(answer, delay_s=self.latency_s, drip_s=fault.seconds)
        return Exchange(answer, delay_s=self.latency_s + fault.seconds)

    def _secrets(self) -> tuple[str, ...]:
        return tuple(s for p in self.platforms.values() for s in p.secrets())

    def _dump(self) -> dict[str, Any]:
        return {
            "seed": self.seed,
            "clock": self.clock.dump(),
            "platforms": {name: p.dump() for name, p in self.platforms.items()},
        }

    def _load(self, path: Path) -> None:
        data = read_state(path)
        if data is None:
            return
        if data["seed"] != self.seed:
            raise SandboxError(
                f"{path} belongs to seed {data['seed']}, not to seed {self.seed}",
                hint=f"use seed={data['seed']}, or delete the file",
            )
        if data["clock"]["kind"] != self.clock.kind:
            raise SandboxError(
                f"{path} was made with a {data['clock']['kind']} clock",
                hint=f"use clock={data['clock']['kind']!r}, or delete the file",
            )
        self.clock.load(data["clock"])
        for name, platform in self.platforms.items():
            if name in data["platforms"]:
                platform.load(data["platforms"][name])


def _answer(platform: Platform, request: WireRequest) -> Answer:
    try:
        return platform.handle(request)
    except HTTPException as error:  # a body Werkzeug refuses to read
        text = json.dumps({"error": {"message": error.description, "code": 100}})
        return Answer(error.code or 400, text.encode())


def _faulty(platform: Platform, fault: Fault, answer: Answer | None) -> Answer:
    if fault.kind == "malformed_body":
        body = answer.body if answer else b'{"id"}'
        return Answer(fault.status or 200, body[:-1] + b", ]")
    if fault.kind == "html_body":
        headers = (("Content-Type", "text/html; charset=utf-8"),)
        return Answer(fault.status or 200, _HTML, headers)
    if fault.kind == "empty_body":
        return Answer(fault.status or 200, b"")
    if fault.kind in {"slow", "slow_drip"}:
        return Answer(503, b"{}")
    told = platform.fault(fault)
    if fault.kind == "error_in_200":
        return attrs.evolve(told, status=fault.status or 200)
    return told


def _no_platform(platforms: dict[str, Platform]) -> Answer:
    names = ", ".join(f"/{name}" for name in (*platforms, CONTROL))
    text = json.dumps({"error": f"nothing here; the sandbox serves {names}"})
    return Answer(404, text.encode())
