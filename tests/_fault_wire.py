"""
The wire between a real adapter and an embedded platform, and all that breaks on it.

`Wire` is an httpx transport: it hands requests to the sandbox of this process and lets
one of the 26 faults of `FAULTS` strike at a chosen request. Time is virtual, a killed
process is an exception that nobody handles, and every choice a fault leaves open comes
from its number, so that one schedule fails the same way again.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import attrs
import httpx

from _flaky import Killed

if TYPE_CHECKING:
    from datetime import datetime

    from _fault_worlds import Seen, World
    from smmlib.sandbox import Sandbox

_HTML = b"<!DOCTYPE html><html><body><h1>Sorry</h1></body></html>"
_IDS = {"id", "hash", "video_id", "images", "id_str", "success"}


@attrs.define(eq=False)
class Clock:
    """
    The client's clock: the sandbox's time, shown wrong on demand.
    """

    sandbox: Sandbox
    wrong_by: timedelta = timedelta(0)
    waits: list[float] = attrs.field(factory=list)
    landing: Callable[[], None] = attrs.field(default=lambda: None)
    coming: Callable[[], datetime | None] = attrs.field(default=lambda: None)

    def now(self) -> datetime:
        """
        What the client's clock shows.
        """
        return self.sandbox.now + self.wrong_by

    def sleep(self, seconds: float) -> None:
        """
        Let time pass, never backwards; what is late lands meanwhile.
        """
        assert seconds >= 0, f"slept {seconds} s"
        self.waits.append(seconds)
        end = self.sandbox.now + timedelta(seconds=seconds)
        while (moment := self.coming()) is not None and moment <= end:
            self._until(moment)
            self.landing()
        self._until(end)

    def _until(self, moment: datetime) -> None:
        left = (moment - self.sandbox.now).total_seconds()
        self.sandbox.engine.clock.advance(max(left, 0.0))


@attrs.frozen(eq=False)
class Call:
    """
    One request on its way, and what a fault may do with it.
    """

    wire: Wire
    request: httpx.Request
    number: int
    write: bool

    def deliver(self) -> httpx.Response:
        """
        The server's own answer.
        """
        return self.wire.deliver(self.request, self.write)

    def raises(self, kind: type[httpx.TransportError], text: str) -> httpx.Response:
        """
        The network's failure instead of an answer.
        """
        raise kind(text, request=self.request)

    def answers(
        self, status: int, body: Any, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """
        An answer made by hand.
        """
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        usual = {"Content-Type": "application/json"}
        return httpx.Response(
            status,
            headers={**usual, **(headers or {})},
            content=content,
            request=self.request,
        )

    def refusal(self, **fault: Any) -> httpx.Response:
        """
        The platform's own words for a failure.
        """
        from smmlib.sandbox._faults import Fault

        platform = self.wire.sandbox.engine.platforms[self.wire.world.name]
        told = platform.fault(Fault("*", "* /", **fault))
        return httpx.Response(
            told.status,
            headers=[*told.headers],
            content=told.body,
            request=self.request,
        )


# -- the faults -----------------------------------------------------------------------


def _no_connection(call: Call) -> httpx.Response:
    kinds = (
        (httpx.ConnectError, "connection refused"),
        (httpx.ConnectTimeout, "no connection in time"),
        (httpx.ConnectError, "name or service not known"),
        (httpx.ConnectError, "certificate verify failed"),
        (httpx.PoolTimeout, "no free connection"),
    )
    return call.raises(*kinds[call.number % len(kinds)])


def _timeout_before(call: Call) -> httpx.Response:
    kind = (httpx.ReadTimeout, httpx.WriteTimeout)[call.number % 2]
    return call.raises(kind, "no answer in time")


def _answer_lost(call: Call) -> httpx.Response:
    call.deliver()
    kinds = (httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError)
    return call.raises(kinds[call.number % len(kinds)], "the answer is lost")


def _throttled(call: Call) -> httpx.Response:
    answer = call.refusal(kind="rate_limit", regain_minutes=1)
    if call.wire.world.name == "linkedin":  # only a proxy before it gives a hint
        answer.headers["Retry-After"] = "30"
    return answer


def _throttled_without_hint(call: Call) -> httpx.Response:
    return call.refusal(kind="rate_limit")


_BROKEN = (500, 502, 503)


def _server_error_before(call: Call) -> httpx.Response:
    status = _BROKEN[call.number % 3]
    if call.number % 2:
        return call.answers(status, _HTML, {"Content-Type": "text/html"})
    return call.refusal(kind="status_500_before", status=status)


def _server_error_after(call: Call) -> httpx.Response:
    call.deliver()
    return _server_error_before(call)


def _bad_answer(call: Call) -> httpx.Response:
    answer = call.deliver()
    body = answer.content
    ways: tuple[Callable[[], bytes], ...] = (
        lambda: body[:-1] + b", ]",
        lambda: _HTML,
        lambda: b"",
        lambda: b'"ok"' if body.startswith(b"{") else b"{}",
        lambda: _without_ids(body),
        lambda: b"null",
        lambda: b"[]" if body.startswith(b"{") else b"7",
        lambda: b"\xff\xfe" + body,
        lambda: b'{"data": null, "elements": null, "results": null}',
    )
    spoilt = ways[call.number % len(ways)]()
    headers = {k: v for k, v in answer.headers.items() if "restli-id" not in k.lower()}
    headers.pop("content-length", None)
    return httpx.Response(
        answer.status_code, headers=headers, content=spoilt, request=call.request
    )


def _without_ids(body: bytes) -> bytes:
    def strip(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: strip(v) for k, v in value.items() if k not in _IDS}
        if isinstance(value, list):
            return [strip(item) for item in value]
        if isinstance(value, str) and value.startswith("{"):
            return json.dumps(strip(json.loads(value)))
        return value

    return json.dumps(strip(json.loads(body))).encode() if body else b"{}"


def _cut(call: Call) -> httpx.Response:
    answer = call.deliver()
    kept = call.number * 7 % (len(answer.content) or 1)
    if call.number % 2:
        return call.raises(
            httpx.RemoteProtocolError, "peer closed the connection in the body"
        )
    headers = {k: v for k, v in answer.headers.items() if k != "content-length"}
    headers.pop("x-restli-id", None)
    return httpx.Response(
        answer.status_code,
        headers=headers,
        content=answer.content[:kept],
        request=call.request,
    )


def _odd_batch(call: Call) -> httpx.Response:
    answer = call.deliver()
    told = json.loads(answer.content)
    items = told if isinstance(told, list) else _items(told)
    way = call.number % 5
    if way == 0:
        del items[-1]
    elif way == 1:
        items.append({"code": 200, "body": '{"id": "1"}', "id": "1", "status": 201})
    elif way == 2:
        items.reverse()
    elif way == 3:
        items[0] = None
    else:
        items[-1] = {"code": 500, "body": "{}", "status": 500, "error": {"status": 500}}
    told = items if isinstance(told, list) else _put(told, items)
    return call.answers(answer.status_code, told)


def _items(told: dict[str, Any]) -> list[Any]:
    for key in ("elements", "data"):
        if isinstance(told.get(key), list):
            return list(told[key])
    return list(told.get("results", {}).items())


def _put(told: dict[str, Any], items: list[Any]) -> dict[str, Any]:
    for key in ("elements", "data"):
        if isinstance(told.get(key), list):
            return {**told, key: items}
    pairs = [item for item in items if isinstance(item, tuple)]
    return {**told, "results": dict(pairs)}


def _token_expired(call: Call) -> httpx.Response:
    return call.refusal(kind="auth_expired")


def _kill_before(call: Call) -> httpx.Response:
    raise call.wire.dies()


def _kill_after_commit(call: Call) -> httpx.Response:
    call.deliver()
    raise call.wire.dies()


def _kill_before_journal(call: Call) -> httpx.Response:
    call.wire.journal = "die before"
    return call.deliver()


def _kill_inside_journal(call: Call) -> httpx.Response:
    call.wire.journal = "die inside"
    return call.deliver()


def _full_at_intent(call: Call) -> httpx.Response:
    call.wire.journal = "full intent"
    return call.deliver()


def _full_at_outcome(call: Call) -> httpx.Response:
    call.wire.journal = "full outcome"
    return call.deliver()


def _lag(call: Call) -> httpx.Response:
    seconds = (0.1, 2.0, 10.0, 30.0)[call.number % 4]
    platform = call.wire.sandbox.engine.platforms[call.wire.world.name]
    if hasattr(platform, "_site"):
        platform._site.read_lag_s = seconds
    else:
        platform._read_lag_s = seconds
    call.wire.lagging = True
    return call.deliver()


def _zombie(call: Call) -> httpx.Response:
    later = (5.0, 25.0, 40.0)[call.number % 3]
    call.wire.later(call.request, 20.0 + later)
    call.wire.clock.sleep(20.0)
    return call.raises(httpx.ReadTimeout, "no answer for 20 s")


def _twice(call: Call) -> httpx.Response:
    answer = call.deliver()
    way = call.number % 3
    if way == 2:
        call.wire.later(call.request, 15.0)
        return answer
    again = call.wire.deliver(call.request, call.write, by_client=False)
    return again if way and again.status_code < 400 else answer


def _clock_jumps(call: Call) -> httpx.Response:
    jumps = (timedelta(hours=-1), timedelta(hours=1), timedelta(days=3652))
    call.wire.clock.wrong_by = jumps[call.number % 3]
    return call.deliver()


def _hostile(call: Call) -> httpx.Response:
    way = call.number % 5
    if call.number % 2:
        call.deliver()
    if way == 0:
        return _stream(call, call.wire.drip())
    if way == 1:
        call.wire.clock.sleep(60.0)
        return call.raises(httpx.ReadTimeout, "hangs")
    if way == 2:
        return call.answers(302, b"", {"Location": "https://evil.example/steal"})
    if way == 3:
        return _stream(call, iter([_BOMB]), {"Content-Encoding": "gzip"})
    return _stream(call, (b"x" * 1_048_576 for _ in range(100)))


_BOMB = gzip.compress(b"\0" * 3_000_000)


class _Body(httpx.SyncByteStream):
    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts

    def __iter__(self) -> Iterator[bytes]:
        return self._parts


def _stream(
    call: Call, parts: Iterator[bytes], headers: dict[str, str] | None = None
) -> httpx.Response:
    return httpx.Response(
        200, headers=headers or {}, stream=_Body(parts), request=call.request
    )


def _edited_by_hand(call: Call) -> httpx.Response:
    call.wire.edit_by_hand(call.number % 2)
    return call.deliver()


def _second_apply(call: Call) -> httpx.Response:
    call.wire.intrude(other_host=bool(call.number % 2))
    return call.deliver()


def _state_damaged(call: Call) -> httpx.Response:
    call.wire.damage = ("deleted", "truncated", "flipped", "newer")[call.number % 4]
    raise call.wire.dies()


def _sunset(call: Call) -> httpx.Response:
    told = call.wire.world.sunset
    if "body" in told:
        return call.answers(told["status"], told["body"])
    return call.refusal(**told)


FAULTS: dict[str, Callable[[Call], httpx.Response]] = {
    "F1 no connection": _no_connection,
    "F2 timeout before commit": _timeout_before,
    "F3 answer lost after commit": _answer_lost,
    "F4 throttled with a hint": _throttled,
    "F5 throttled without a hint": _throttled_without_hint,
    "F6 5xx before commit": _server_error_before,
    "F7 5xx after commit": _server_error_after,
    "F8 malformed answer": _bad_answer,
    "F9 answer cut off": _cut,
    "F10 odd batch answer": _odd_batch,
    "F11 token expired": _token_expired,
    "F12 killed before the send": _kill_before,
    "F13 killed after the commit": _kill_after_commit,
    "F14 killed before the journal": _kill_before_journal,
    "F15 killed inside the journal": _kill_inside_journal,
    "F16 disk full at the intent": _full_at_intent,
    "F17 disk full at the outcome": _full_at_outcome,
    "F18 reads lag behind": _lag,
    "F19 zombie write": _zombie,
    "F20 delivered twice": _twice,
    "F21 clock jumps": _clock_jumps,
    "F22 hostile answer": _hostile,
    "F23 edited by hand": _edited_by_hand,
    "F24 second apply": _second_apply,
    "F25 state damaged": _state_damaged,
    "F26 version retired": _sunset,
}
# What can only happen to a write, or needs something to be there, waits for the first
# request it can strike at.
WRITES = {"F19 zombie write", "F20 delivered twice"}
BATCHES = {"F10 odd batch answer"}
OBJECTS = {"F23 edited by hand"}
# People and late writes may change things after the launch looked for the last time.
AFTER = {"F19 zombie write", "F23 edited by hand", "F24 second apply"}
# These are about the file the state is in.
ON_DISK = {
    "F14 killed before the journal",
    "F15 killed inside the journal",
    "F16 disk full at the intent",
    "F17 disk full at the outcome",
    "F25 state damaged",
}


# -- the wire -------------------------------------------------------------------------


@attrs.define(eq=False)
class Wire(httpx.BaseTransport):
    """
    Requests in, answers or failures out; every write is looked at by `after_write`.

    Attributes:
        faults: Which fault is due from which request on.
        fired: Fault and number of the request it struck at.
        broken: Rules that were broken, as text.
        journal: What is due at the next write of the state.
        by_server: Markers of which the network itself made another object.
    """

    world: World
    sandbox: Sandbox
    clock: Clock
    tokens: tuple[str, ...]
    faults: dict[int, str]
    check: Callable[[Wire, Counter[str], bool], None]
    intruder: Callable[[bool], None] = attrs.field(default=lambda other_host: None)
    inner: httpx.BaseTransport = attrs.field(init=False)
    fired: list[tuple[str, int]] = attrs.field(factory=list)
    broken: list[str] = attrs.field(factory=list)
    requests: int = 0
    writes: int = 0
    lost: int = 0
    armed: list[tuple[int, str]] = attrs.field(factory=list)
    dead: bool = False
    journal: str = ""
    damage: str = ""
    lagging: bool = False
    quiet: bool = False
    by_server: set[str] = attrs.field(factory=set)
    due: list[tuple[datetime, httpx.Request]] = attrs.field(factory=list)
    by_hand: dict[str, str] = attrs.field(factory=dict)
    intruding: bool = False

    def __attrs_post_init__(self) -> None:
        self.inner = self.sandbox.transport()
        self.inner._sleep = lambda seconds: None
        self.clock.landing = self.land
        self.clock.coming = lambda: min((m for m, _ in self.due), default=None)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """
        One request; a dead process sends nothing any more.
        """
        if self.dead:
            raise Killed
        request.read()
        if any(one in str(request.url) for one in self.tokens):
            self.broken.append(f"a token in the address of {request.method}")
        if self.intruding:
            return self.deliver(request, request.method != "GET")
        number = self.requests
        self.requests += 1
        self.clock.sleep(0.2)
        if number in self.faults:
            self.armed.append((number, self.faults.pop(number)))
        return self._struck(request, number)

    def _struck(self, request: httpx.Request, number: int) -> httpx.Response:
        write = self._writes(request)
        for place, (drawn, name) in enumerate(self.armed):
            if self._fits(name, request, write=write):
                del self.armed[place]
                self.fired.append((name, number))
                self.lost += 1
                return FAULTS[name](Call(self, request, drawn, write))
        return self.deliver(request, write)

    def _writes(self, request: httpx.Request) -> bool:
        if request.method == "GET":
            return False
        if request.headers.get("X-HTTP-Method-Override", "") == "GET":
            return False
        # Meta reads several objects with a batch of GETs.
        return not (
            self.world.name == "meta"
            and request.url.path.endswith("/v26.0/")
            and b"POST" not in request.content
            and b"DELETE" not in request.content
        )

    def _fits(self, name: str, request: httpx.Request, *, write: bool) -> bool:
        if name in WRITES:
            return write
        if name in BATCHES:
            path = request.url.path
            return write and self.world.batch(request.method, path, request.content)
        if name in OBJECTS:
            return bool(self.ours())
        return True

    # -- what the server does ------------------------------------------------------

    def deliver(
        self,
        request: httpx.Request,
        write: bool,  # noqa: FBT001
        *,
        by_client: bool = True,
    ) -> httpx.Response:
        """
        Hand a request to the sandbox and look at what became of it.
        """
        if not write:
            return self.inner.handle_request(request)
        self.writes += by_client
        before = self.marks()
        answer = self.inner.handle_request(request)
        answer.read()
        if not self.quiet:
            self.check(self, before, by_client)
        return answer

    def later(self, request: httpx.Request, seconds: float) -> None:
        """
        Let a request reach the server only after some time.
        """
        self.due.append((self.sandbox.now + timedelta(seconds=seconds), request))

    def land(self) -> None:
        """
        Deliver what was late and is due by now.
        """
        now = self.sandbox.now
        landing = [request for moment, request in self.due if moment <= now]
        self.due = [entry for entry in self.due if entry[0] > now]
        for request in landing:
            self.deliver(request, write=True, by_client=False)

    def living(self) -> list[Seen]:
        """
        Everything that stands on the server and was not archived.
        """
        return [thing for thing in self.world.seen(self.sandbox) if thing.live]

    def marks(self) -> Counter[str]:
        """
        How many living objects each marker has.
        """
        return Counter(t.marker for t in self.living() if t.marker)

    # -- people and processes ------------------------------------------------------

    def dies(self) -> Killed:
        """
        The process ends here: nothing it had begun goes on.
        """
        self.dead = True
        return Killed()

    def drip(self) -> Iterator[bytes]:
        """
        A body that never ends, a byte every minute.
        """
        for _ in range(10):
            self.clock.sleep(60.0)
            yield b" "

    def ours(self) -> list[Seen]:
        """
        Our living objects that somebody can edit on the platform's pages.
        """
        return [t for t in self.living() if t.marker and t.kind in _EDITABLE]

    def edit_by_hand(self, way: int) -> None:
        """
        Somebody changes or deletes one of our objects on the platform's own pages.
        """
        ours = self.ours()
        # What is deleted takes all inside along, so that is an ad, the last one.
        thing = ours[-1] if way else ours[(self.requests // 2) % len(ours)]
        self.by_hand[thing.id] = self.world.edit(self.sandbox, thing.id, way)

    def intrude(self, *, other_host: bool) -> None:
        """
        Somebody else applies the same plan at this very moment.
        """
        self.intruding = True
        try:
            self.intruder(other_host)
        finally:
            self.intruding = False


_EDITABLE = {
    *("Campaign", "AdSet", "Ad"),
    *("group", "campaign", "creative"),
    *("line_item", "tweet"),
}
