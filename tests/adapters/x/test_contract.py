"""
Every request of the adapter is one X documents: route, parameters, values, bodies.
"""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlsplit

import attrs
import httpx
import pytest

from _x_adapter import SandboxClock, a_plan, files, x_of
from smmlib import Audience, Flight, Money, Place
from smmlib.deploy import MemoryStateStore, Target, activate, apply, make_changes
from smmlib.model import Network, Post
from smmlib.sandbox import Sandbox
from smmlib.sandbox.x._contract import find, operations
from smmlib.sandbox.x._typed import typed

_BATCHES = {
    "campaigns": ("/accounts/{account_id}/campaigns", "campaign_id"),
    "line_items": ("/accounts/{account_id}/line_items", "line_item_id"),
    "targeting_criteria": (
        "/accounts/{account_id}/targeting_criteria",
        "targeting_criterion_id",
    ),
}
_METHODS = {"Create": "POST", "Update": "PUT"}


class Checking(httpx.BaseTransport):
    """
    Passes requests on, and notes whatever X's contract does not know.
    """

    def __init__(self, inner):
        self._inner = inner
        self.flaws = []
        self.seen = set()

    def handle_request(self, request):
        """
        Look at a request, then pass it on.
        """
        split = urlsplit(str(request.url))
        path = tuple(part for part in split.path.split("/") if part)[1:]
        if path[0] == "12":
            self._check(request, path[1:], parse_qsl(split.query))
        return self._inner.handle_request(request)

    def _check(self, request, path, pairs):
        match, _ = find(request.method, path)
        if match is None:
            self.flaws.append(f"no route {request.method} {'/'.join(path)}")
            return
        operation = match.operation
        self.seen.add(operation.id)
        names = [name for name, _ in pairs]
        if len(names) != len(set(names)):
            self.flaws.append(f"{operation.id}: a name twice in {names}")
        self._names(operation, dict(pairs), names)
        if operation.path.startswith("/batch"):
            self._batch(operation, json.loads(request.read()))

    def _names(self, operation, given, names):
        unknown = set(names) - set(operation.params)
        if unknown:
            self.flaws.append(f"{operation.id}: unknown {sorted(unknown)}")
        if operation.encoding == "query":
            # Raises what X would refuse.
            typed(operation, {name: [value] for name, value in given.items()})

    def _batch(self, operation, items):
        if len(items) > operation.max_batch:
            self.flaws.append(f"{operation.id}: {len(items)} operations")
        path, own = _BATCHES[operation.path.rpartition("/")[2]]
        for item in items:
            verb, params = item["operation_type"], dict(item["params"])
            if verb != "Create":
                assert params.pop(own)
            if verb == "Delete":
                assert {} == params
                continue
            key = path if verb == "Create" else f"{path}/{{{own}}}"
            inner = operations()[_METHODS[verb], key]
            unknown = set(params) - set(inner.params)
            if unknown:
                self.flaws.append(f"{verb} {path}: unknown {sorted(unknown)}")


def _run(platform, plan, clock):
    """
    Plan, apply and activate; what the store knows afterwards.
    """
    store = MemoryStateStore(
        project_id=plan.project_id, environment="sandbox", clock=clock
    )
    _again(platform, plan, store, clock)
    return store


def _again(platform, plan, store, clock):
    target = Target(platform, platform.account(), platform.wanted(plan))
    changes = make_changes(plan, [target], store, clock=clock, environment="sandbox")
    told = {"clock": clock, "approve": changes.total}
    apply(changes, plan, [target], store, **told)
    activate(changes, plan, [target], store, **told)


@pytest.fixture
def sandbox():
    """
    A fresh emulated platform.
    """
    return Sandbox(seed=7)


def test_all_requests_are_in_the_contract(sandbox, tmp_path):
    """
    A launch, a change, numbers, an estimate, a search, a post, an end.
    """
    checking = Checking(sandbox.transport())
    platform = x_of(sandbox, files(tmp_path), transport=checking)
    clock, plan = SandboxClock(sandbox), a_plan()
    store = _run(platform, plan, clock)
    people = attrs.evolve(
        plan.audiences["women"], places=[Place("AT"), Place("CH")], languages=[]
    )
    changed = attrs.evolve(plan, audiences={**plan.audiences, "women": people})
    changed = changed.with_budgets({"teaser": Money("2800", "EUR")})
    _again(platform, changed, store, clock)
    sandbox.advance(days=9)
    list(platform.metrics(plan.flight))
    platform.spent(plan.flight)
    platform.estimate(Audience(places=[Place("DE")], interests=["Espresso"]))
    platform.search("city", "Zurich")
    post = Post("teaser", "Good morning", networks=["x"])
    published = platform.publish(post, Network.X, marker="abcdefghij")
    platform.read_post(published.remote_id, Network.X)
    platform.results([published.remote_id])
    _again(platform, attrs.evolve(changed, campaigns={}), store, clock)

    assert [] == checking.flaws
    assert 20 <= len(checking.seen)


def test_long_reports_are_asked_for_as_jobs(sandbox, tmp_path, monkeypatch):
    """
    Where single questions would be too many, jobs answer with the same figures.
    """
    checking = Checking(sandbox.transport())
    platform = x_of(sandbox, files(tmp_path), transport=checking)
    plan = a_plan()
    _run(platform, plan, SandboxClock(sandbox))
    sandbox.advance(days=20)
    flight = Flight.parse("2027-02-20..2027-03-20", plan.zone)
    short = list(platform.metrics(flight))
    monkeypatch.setattr("smmlib.adapters.x._stats._MOST_QUESTIONS", 1)

    assert short == list(platform.metrics(flight))
    assert ("POST", "/stats/jobs/accounts/{account_id}") in checking.seen
    assert [] == checking.flaws
