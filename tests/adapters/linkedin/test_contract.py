"""
Every request the adapter sends is one LinkedIn's documents know, and every entity the
emulated platform shows as well.

The documents are kept beside this test as facts: operations with their parameters,
fields with their types and enumerations, at li-lms-2026-02.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote

import attrs
import httpx
import pytest

from _linkedin_adapter import SandboxClock, a_plan, connection, files
from smmlib import Audience, Place, Post
from smmlib.adapters.linkedin import LinkedInPlatform
from smmlib.model import Network
from smmlib.ports import Action, Kind, Operation
from smmlib.sandbox import Sandbox
from smmlib.sandbox.linkedin._operations import LEFT_OUT, OPERATIONS
from smmlib.testing._conformance_tools import place

_CONTRACT = json.loads(
    (Path(__file__).parent / "linkedin_contract.json").read_text(encoding="utf-8")
)
_RESOURCES = _CONTRACT["resources"]
_BELOW = ("adCampaignGroups", "adCampaigns", "creatives")
_SHOWN = {
    "group": "adCampaignGroups", "campaign": "adCampaigns", "creative": "creatives",
    "account": "adAccounts",
}  # fmt: skip
# Inside the simulation's own list of objects, beside LinkedIn's fields.
_OWN = {"created", "updated"}


class _Tap(httpx.BaseTransport):
    """
    Keeps every request on its way.
    """

    def __init__(self, inner):
        self.inner = inner
        self.seen = []

    def handle_request(self, request):
        request.read()
        self.seen.append(request)
        return self.inner.handle_request(request)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """
    A launch, its changes and its end, posts, reports and an import: all requests.
    """
    folder = files(tmp_path_factory.mktemp("plan"))
    sandbox = Sandbox(seed=7)
    tap = _Tap(sandbox.transport())
    facts = sandbox.details()["platforms"]["linkedin"]
    live = LinkedInPlatform.connect(
        connection(facts, media_root=str(folder)),
        transport=tap,
        clock=SandboxClock(sandbox),
    )
    plan = a_plan()
    placed = place(live, live.wanted(plan).resources)
    for action in (Action.ACTIVATE, Action.PAUSE):
        for kind in (Kind.AD, Kind.AD_SET, Kind.CAMPAIGN):
            for resource, _ in placed.of(kind):
                live.execute([placed.order(action, resource)])
    _change(live, placed)
    sandbox.advance(days=12)
    list(live.metrics(plan.flight))
    live.spent(plan.flight)
    live.estimate(Audience(places=[Place("DE")], languages=["de"]))
    live.search("function", "Marketing")
    live.import_account()
    _publish(live)
    _upload(live, sandbox)
    for kind in (Kind.AD, Kind.AD_SET, Kind.CAMPAIGN):
        for resource, _ in placed.of(kind):
            live.execute([placed.order(Action.ARCHIVE, resource)])
    live.close()
    return sandbox, [r for r in tap.seen if "/linkedin/rest/" in str(r.url)]


def _change(live, placed):
    for kind in (Kind.CAMPAIGN, Kind.AD_SET, Kind.AD):
        operations = [
            attrs.evolve(
                placed.order(Action.UPDATE, resource),
                name=f"{resource.name}!",
                fields={},
            )
            for resource, _ in placed.of(kind)
        ]
        for result in live.execute(operations):
            assert result.error is None


def _upload(live, sandbox):
    hashes = [f"{number:064x}" for number in range(400)]
    operation = Operation(
        Action.CREATE,
        Kind.AUDIENCE,
        address="customer_lists.crm",
        marker="abcdefghij",
        name="crm",
        fields={"list": "0123456789abcdef"},
        content=json.dumps(hashes).encode(),
    )
    assert "still matching" in str(live.execute([operation])[0].error)
    sandbox.advance(days=2)
    assert live.execute([operation])[0].error is None
    assert live.find(Kind.AUDIENCE, ["abcdefghij"])


def _publish(live):
    post = Post("organic", "We are open.", link="https://alpenkaffee.example/")
    made = live.publish(post, Network.LINKEDIN, marker="abcdefghij")
    read = live.read_post(made.remote_id, Network.LINKEDIN)
    assert live.find_posts(post, Network.LINKEDIN, since=read.at)
    assert live.edit(made.remote_id, attrs.evolve(post, text="Closed.")).error is None
    assert live.delete(made.remote_id).error is None


# -- reading requests, without a look at the adapter -----------------------------------


def _asked(request):
    """
    Resource, operation and parameters of a request.
    """
    raw = request.url.raw_path.decode()
    path, _, query = raw.partition("?")
    parts = path.split("/linkedin/rest/")[1].split("/")
    resource = parts[0]
    if resource == "adAccounts" and len(parts) > 2:
        resource = parts[2]
    if resource == "dmpSegments" and len(parts) > 2:
        resource = f"dmpSegments/{parts[2]}"
    if request.headers.get("x-http-method-override"):
        query = request.content.decode()
    params = dict(p.split("=", 1) for p in query.split("&") if p)
    method = request.headers["x-restli-method"]
    name = params.get("q") if method == "FINDER" else params.get("action", "")
    return resource, " ".join(p for p in (method, name) if p), params


def _body(request):
    kind = request.headers.get("content-type", "")
    return json.loads(request.content) if kind == "application/json" else None


def _leaves(record, path=""):
    """
    Every value of a record with its dotted name.
    """
    for name, value in record.items():
        here = f"{path}{name}"
        if isinstance(value, dict) and value:
            yield here, value
            yield from _leaves(value, f"{here}.")
        else:
            yield here, value


def _keys(value):
    """
    The names inside a list of records.
    """
    rows = value if isinstance(value, list) else []
    return {key for row in rows if isinstance(row, dict) for key in row}


def _known(fields, name):
    """
    What the documents say of a field, or of the record it stands in.
    """
    while name:
        if name in fields:
            return fields[name], True
        if any(one.startswith((f"{name}.", f"{name}[].")) for one in fields):
            return None, True
        name = name.rpartition(".")[0]
    return None, False


def _fits(fact, value):
    kind = fact["type"]
    if fact.get("enum") and not kind.startswith("array"):
        return value in _CONTRACT["enums"][fact["enum"]]
    if kind == "money":
        exact = re.fullmatch(r"\d+(\.\d+)?", value["amount"])
        return set(value) == {"amount", "currencyCode"} and exact is not None
    if kind in {"long", "epoch ms"}:
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "boolean":
        return isinstance(value, bool)
    if kind.startswith("URN "):
        names = kind.removeprefix("URN ").split("|")
        return value.startswith(tuple(f"urn:li:{name}:" for name in names))
    longest = fact.get("max_length")
    return longest is None or len(value) <= longest


def _created(request):
    """
    Resource and record of everything a request creates.
    """
    resource, operation, _ = _asked(request)
    body = _body(request)
    if operation == "CREATE":
        yield resource, body
    elif operation == "BATCH_CREATE":
        yield from ((resource, one) for one in body["elements"])
    elif operation == "ACTION createInline":
        creative = dict(body["creative"])
        yield "posts", creative["inlineContent"]["post"]
        yield resource, creative


def test_all_that_is_used_was_sent(run):
    """
    The checks below mean something: every resource and way is on the wire.
    """
    used = {_asked(request)[:2] for request in run[1]}
    assert {
        ("adAccounts", "GET"),
        ("adCampaignGroups", "CREATE"),
        ("adCampaignGroups", "PARTIAL_UPDATE"),
        ("adCampaigns", "BATCH_CREATE"),
        ("adCampaigns", "BATCH_PARTIAL_UPDATE"),
        ("adCampaigns", "FINDER search"),
        ("creatives", "ACTION createInline"),
        ("creatives", "BATCH_PARTIAL_UPDATE"),
        ("creatives", "FINDER criteria"),
        ("posts", "CREATE"),
        ("posts", "GET"),
        ("posts", "BATCH_GET"),
        ("posts", "PARTIAL_UPDATE"),
        ("posts", "DELETE"),
        ("posts", "FINDER author"),
        ("images", "ACTION initializeUpload"),
        ("videos", "ACTION finalizeUpload"),
        ("adAnalytics", "FINDER statistics"),
        ("adAnalytics", "FINDER analytics"),
        ("adTargetingEntities", "FINDER typeahead"),
        ("adTargetingEntities", "FINDER urns"),
        ("audienceCounts", "FINDER targetingCriteriaV2"),
        ("dmpSegments", "CREATE"),
        ("dmpSegments", "GET"),
        ("dmpSegments", "FINDER account"),
        ("dmpSegments", "PARTIAL_UPDATE"),
        ("dmpSegments/users", "BATCH_CREATE"),
    } <= used


def test_every_request_is_an_operation_with_its_parameters(run):
    """
    No operation and no parameter the documents lack, and all that are required.
    """
    for request in run[1]:
        resource, operation, params = _asked(request)
        known = _RESOURCES[resource]["operations"]
        assert operation in known, (resource, operation)
        allowed = {**known[operation], "fields": False}
        assert params.keys() <= allowed.keys(), (resource, operation, params)
        needed = {name for name, due in known[operation].items() if due}
        assert needed <= params.keys(), (resource, operation, params)
        assert "2.0.0" == request.headers["x-restli-protocol-version"]
        assert re.fullmatch(r"\d{6}", request.headers["linkedin-version"])


def test_every_created_field_is_known_and_of_its_type(run):
    """
    Nothing read-only, everything required, money as decimal text.
    """
    created = [found for request in run[1] for found in _created(request)]
    assert {
        "adCampaignGroups",
        "adCampaigns",
        "creatives",
        "posts",
        "dmpSegments",
        "dmpSegments/users",
    } == {resource for resource, _ in created}
    for resource, record in created:
        if "dmpSegments/users" == resource:
            assert {"action", "userIds"} == record.keys()
            continue
        fields = _RESOURCES[resource]["fields"]
        for name, value in _leaves(record):
            fact, known = _known(fields, name)
            assert known, (resource, name)
            if fact is not None and fact is fields.get(name):
                assert fact["on_create"] not in {"read-only", "deprecated"}, name
                assert _fits(fact, value), (resource, name, value)
        given = {name for name, _ in _leaves(record)}
        given |= {f"{n}[].{key}" for n, v in record.items() for key in _keys(v)}
        due = {n for n, fact in fields.items() if "required" == fact["on_create"]}
        assert due <= given, (resource, due - given)


def test_every_change_is_allowed(run):
    """
    Neither read-only nor immutable fields are ever set.
    """
    found = 0
    for request in run[1]:
        resource, operation, _ = _asked(request)
        if "PARTIAL_UPDATE" not in operation:
            continue
        body = _body(request)
        patches = [one["patch"] for one in body.get("entities", {}).values()]
        for patch in patches or [body["patch"]]:
            assert patch.keys() <= {"$set", "$delete"}
            for name, value in _leaves(patch.get("$set", {})):
                fact, known = _known(_RESOURCES[resource]["fields"], name)
                assert known, (resource, name)
                assert not fact or "read-only" != fact["on_create"]
                assert not fact or not fact.get("immutable"), (resource, name)
                if fact is _RESOURCES[resource]["fields"].get(name) and fact:
                    assert _fits(fact, value), (resource, name, value)
                found += 1
    assert found > 10


def test_every_figure_and_facet_is_known(run):
    """
    Metrics of reports and facets of targeting are LinkedIn's, at most twenty at once.
    """
    facets = set()
    for request in run[1]:
        resource, _, params = _asked(request)
        if "adAnalytics" == resource:
            names = set(params["fields"].split(",")) - {"dateRange", "pivotValues"}
            assert names <= set(_CONTRACT["metrics"])
            assert len(names) <= 20
        text = unquote(params.get("targetingCriteria", "")) + request.content.decode(
            "utf-8", "replace"
        )
        facets |= set(re.findall(r"urn:li:adTargetingFacet:(\w+)", text))
    assert {"locations", "titles", "skills", "ageRanges"} <= facets
    assert facets <= _CONTRACT["facets"].keys()


# -- the emulated platform -------------------------------------------------------------


def test_every_operation_of_the_documents_is_there_or_left_out_by_name():
    """
    The emulated platform answers it, or says 501 with a reason.
    """
    known = {*OPERATIONS, *LEFT_OUT}
    for resource, facts in _RESOURCES.items():
        parent = "adAccounts/" if resource in _BELOW else ""
        for operation in facts["operations"]:
            method, _, name = operation.partition(" ")
            assert (f"{parent}{resource}", method, name) in known, operation


def test_every_parameter_of_the_documents_is_taken():
    """
    Required and optional ones alike.
    """
    for resource, facts in _RESOURCES.items():
        parent = "adAccounts/" if resource in _BELOW else ""
        for operation, params in facts["operations"].items():
            method, _, name = operation.partition(" ")
            modelled = OPERATIONS.get((f"{parent}{resource}", method, name))
            if modelled is not None:
                assert params.keys() <= modelled.params, (resource, operation)


def test_every_entity_shown_has_known_fields_of_their_types(run):
    """
    Groups, campaigns, creatives and accounts as reads show them.
    """
    rows = run[0].state()["linkedin"]
    for kind, resource in _SHOWN.items():
        fields = _RESOURCES[resource]["fields"]
        for row in rows[kind]:
            for name, value in _leaves({k: v for k, v in row.items() if k not in _OWN}):
                fact, known = _known(fields, name)
                assert known, (resource, name)
                if fact and fact is fields.get(name) and name not in {"id", "account"}:
                    assert _fits(fact, value), (resource, name, value)


def test_the_same_facets_are_there():
    """
    All thirty, with their URNs.
    """
    from smmlib.adapters.linkedin import _tables
    from smmlib.sandbox.linkedin._facets import FACETS

    assert 30 == len(_CONTRACT["facets"])
    assert _CONTRACT["facets"].keys() == set(FACETS) == _tables.FACETS
    for name, fact in _CONTRACT["facets"].items():
        assert fact["exclude"] == FACETS[name].excludes
