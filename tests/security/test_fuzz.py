"""
Odd answers and odd plan files: only errors of ours, no hang, no failure of the sandbox.

One number is one input, so a failure names what to run again. `make fuzz` runs all of
it: 100,000 answers, 1,000,000 plan files, 30,000 requests.
"""

from __future__ import annotations

import contextlib
import json
from functools import cache
from random import Random

import attrs
import httpx
import pytest

from _fault_wire import Clock
from _fault_worlds import PROJECT, WORLDS
from _fuzz import FULL, broken_answer, cut, damaged
from smmlib.codec import dumps, loads
from smmlib.deploy import MemoryStateStore, Target, apply, make_changes
from smmlib.errors import SmmError
from smmlib.model import Flight
from smmlib.ports import Kind
from smmlib.sandbox import Sandbox

_ANSWERS = 100_000 if FULL else 900
_FILES = 1_000_000 if FULL else 4_000
_REQUESTS = 30_000 if FULL else 900
_PARTS = 20 if FULL else 2
_MOST_REQUESTS = 3_000  # of one call: more is a hang
_FLIGHT = Flight.parse("2027-03-01..2027-03-07", "Europe/Berlin")


@attrs.define(eq=False)
class _Odd(httpx.BaseTransport):
    """
    The sandbox behind a wire that spoils answers, or requests, now and then.
    """

    sandbox: Sandbox
    random: Random
    often: float = 0.0
    spoils_requests: bool = False
    answers: int = 0
    left: int = _MOST_REQUESTS
    failed: list[str] = attrs.field(factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """
        One request, or an error when there are far too many.
        """
        self.left -= 1
        assert self.left > 0, "it never ends"
        inner = self.sandbox.transport()
        request.read()
        if self.spoils_requests and self.random.random() < self.often:
            self.answers += 1
            answer = self._asked(inner, _spoilt(request, self.random))
        else:
            answer = inner.handle_request(request)
        answer.read()
        if not self.spoils_requests and self.random.random() < self.often:
            self.answers += 1
            return broken_answer(answer, self.random)
        return answer

    def _asked(self, inner, request):
        answer = inner.handle_request(request)
        if answer.status_code >= 500 and answer.status_code != 501:
            self.failed.append(
                f"{answer.status_code} for {request.method} {request.url}"
            )
        return answer


def _spoilt(request, random):
    url, body = str(request.url), request.content
    if random.random() < 0.4:
        head, mark, query = url.partition("?")
        parts = head.split("/")
        parts[-1] = random.choice((parts[-1] + "0", "", "0", "%00", "..", "act_1"))
        url = "/".join(parts) + mark + query
    elif body and random.random() < 0.7:
        text = cut(body.decode("latin-1"), random)
        with contextlib.suppress(ValueError):
            text = json.dumps(damaged(json.loads(body), random))
        body = text.encode("utf-8", "replace")
    else:
        url = httpx.URL(url).copy_with(
            params={
                key: cut(value, random).encode("utf-8", "replace").decode()
                for key, value in httpx.URL(url).params.items()
            }
        )
    method = random.choice((request.method,) * 6 + ("GET", "POST", "PUT", "DELETE"))
    headers = {k: v for k, v in request.headers.items() if k != "content-length"}
    return httpx.Request(method, url, headers=headers, content=body)


def _connected(name, seed, **options):
    sandbox = Sandbox(seed=seed % 3)
    sandbox.engine.log.add = lambda *_: None
    wire = _Odd(sandbox, Random(seed), **options)
    clock = Clock(sandbox)
    platform = WORLDS[name].connect(
        sandbox, transport=wire, clock=clock, random=Random(seed)
    )
    return wire, clock, platform


def _calls(platform, clock, plan):
    """
    Everything that reads or writes, first undisturbed in this order.
    """
    store = MemoryStateStore(project_id=PROJECT, clock=clock)

    def launch():
        account = platform.account()
        targets = [Target(platform, account, platform.wanted(plan))]
        changes = make_changes(plan, targets, store, clock=clock, environment="sandbox")
        apply(changes, plan, targets, store, clock=clock, random=Random(0))

    def found(kind):
        ids = [t.remote_id for t in store.snapshot().resources.values()]
        marks = [t.marker for t in store.snapshot().resources.values()]
        platform.read(kind, ids)
        platform.find(kind, marks)

    return (
        launch,
        *(lambda k=kind: found(k) for kind in (Kind.CAMPAIGN, Kind.AD_SET, Kind.AD)),
        lambda: list(platform.metrics(_FLIGHT)),
        lambda: platform.search("interest", "coffee"),
        lambda: platform.estimate(next(iter(plan.audiences.values()))),
        launch,
    )


def _fuzzed(name, seed, **options):
    """
    One round of all calls over a bad wire; how many answers were odd.
    """
    wire, clock, platform = _connected(name, seed, **options)
    for number, call in enumerate(_calls(platform, clock, WORLDS[name].launch())):
        wire.left = _MOST_REQUESTS
        wire.often = 0.0 if number == 0 and seed % 4 else 0.15
        try:
            call()
        except SmmError:
            continue
        except Exception as error:
            error.add_note(f"{name}, seed {seed}, call {number}")
            raise
    platform.close()
    return wire


@pytest.mark.parametrize("part", range(_PARTS))
@pytest.mark.parametrize("name", WORLDS)
def test_fuzz_answers(name, part, record_property):
    """
    Whatever a platform answers, only errors of ours come out, and always an end.
    """
    goal, count, seed = _ANSWERS // _PARTS // len(WORLDS) + 1, 0, part
    while count < goal:
        count += _fuzzed(name, seed).answers
        seed += _PARTS
    record_property("fuzz", ("answers", count))


@pytest.mark.parametrize("part", range(_PARTS))
@pytest.mark.parametrize("name", WORLDS)
def test_fuzz_requests(name, part, record_property):
    """
    Whatever the sandbox is asked, it never fails itself: 501 at most.
    """
    goal, count, seed = _REQUESTS // _PARTS // len(WORLDS) + 1, 0, part
    while count < goal:
        wire = _fuzzed(name, seed, spoils_requests=True)
        assert [] == wire.failed, f"seed {seed}"
        count += wire.answers
        seed += _PARTS
    record_property("fuzz", ("requests", count))


# -- plan files -----------------------------------------------------------------------


@cache
def _originals():
    """
    Plans as JSON values and texts: whole ones, and one so small that damage hits.
    """
    values, texts = [], []
    for world in WORLDS.values():
        text = dumps(world.launch(), format="json")
        whole = json.loads(text)
        parts = [{**whole, "campaigns": {}, "creatives": {}, "audiences": {}}, whole]
        values += parts
        texts.append(json.dumps(parts[0]))
    small = dumps(WORLDS["meta"].launch(), format="yaml").split("campaigns:")[0]
    return values, texts, small


def _file(number):
    """
    One odd plan file: damaged values, damaged text, or YAML.
    """
    random = Random(number)
    values, texts, small = _originals()
    way = random.random()
    if way < 0.55:
        value = values[0 if random.random() < 0.9 else 1]
        for _ in range(random.randint(1, 3)):
            value = damaged(value, random)
        return json.dumps(value), "json"
    if way < 0.92:
        return cut(random.choice(texts), random), "json"
    if way < 0.94:
        return random.randbytes(random.randrange(120)).decode("latin-1"), "yaml"
    return cut(small, random), "yaml"


@pytest.mark.parametrize("part", range(_PARTS))
def test_fuzz_plan_files(part, record_property):
    """
    Whatever stands in a plan file, it is a plan or a list of problems.
    """
    numbers = range(part, _FILES, _PARTS)
    plans = 0
    for number in numbers:
        text, kind = _file(number)
        try:
            loads(text, format=kind)
        except SmmError:
            continue
        except Exception as error:
            error.add_note(f"plan file {number}")
            raise
        plans += 1
    record_property("fuzz", ("plan files", len(numbers)))
    assert 0 < plans < len(numbers) / 2
