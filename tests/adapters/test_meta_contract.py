"""
Every parameter the adapter writes is one Meta's reference knows, of the right type.

The reference is kept beside this test as facts: parameters, types and enumerations of
the edges that are written, version 26.0 as of 2026-09.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from _meta_adapter import a_plan, connection, pictures, set_up
from smmlib import AdSet, Creative, Flight
from smmlib.adapters import connect_platform
from smmlib.adapters.meta._api import form_of
from smmlib.adapters.meta._reports import LEVELS, TOGETHER, Report
from smmlib.model import Video
from smmlib.ports import Action, Kind, Operation
from smmlib.sandbox import Sandbox

_CONTRACT = json.loads(
    (Path(__file__).parent / "meta_contract.json").read_text(encoding="utf-8")
)
_EDGES = _CONTRACT["edges"]
_UPDATED = {"campaigns": "Campaign", "ad_sets": "AdSet", "ads": "Ad"}


class _WorldClock:
    """
    The sandbox's own time.
    """

    def __init__(self, sandbox):
        self.sandbox = sandbox

    def now(self):
        return self.sandbox.now

    def sleep(self, seconds):
        self.sandbox.advance(seconds=max(seconds, 0))


def _plan():
    plan = a_plan()
    film = Creative(
        "See.", link="https://a.example/", video=Video("v.mp4", thumbnail="img/a.png")
    )
    campaign = plan.campaigns["leads"]
    sets = {**campaign.ad_sets, "film": AdSet("visitors", ["film"])}
    return a_plan(
        creatives={**plan.creatives, "film": film},
        campaigns={"leads": type(campaign)("meta-leads", sets, **_kept(campaign))},
    )


def _kept(campaign):
    return {
        "special_ad_categories": campaign.special_ad_categories,
        "budget": campaign.budget,
    }


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """
    Everything a launch, its changes and its activation write: edge and parameters.
    """
    folder = pictures(tmp_path_factory.mktemp("plan"))
    (folder / "v.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + b"\0" * 2000)
    (folder / "crm.csv").write_text("email\nada@mail.example\n", encoding="utf-8")
    sandbox = Sandbox(seed=7)
    options = {
        "media_root": str(folder),
        "customer_lists.crm": str(folder / "crm.csv"),
    }
    platform = connect_platform(
        connection(sandbox.details(), options=options),
        transport=sandbox.transport(),
        clock=_WorldClock(sandbox),
    )
    ids = set_up(platform, platform.wanted(_plan()).resources)
    _change(platform, ids)
    platform.close()
    named = {own: address for address, own in ids.items()}
    return [call for entry in sandbox.log.writes() for call in _calls(entry, named)]


def _change(platform, ids):
    kinds = {"campaigns": Kind.CAMPAIGN, "ad_sets": Kind.AD_SET, "ads": Kind.AD}
    for address, own in ids.items():
        kind = kinds.get(address.split(".")[-2])
        for action in (Action.ACTIVATE, Action.PAUSE) if kind else ():
            operation = Operation(action, kind, address=address, remote_id=own)
            assert platform.execute([operation])[0].error is None
    change = Operation(
        Action.UPDATE,
        Kind.CAMPAIGN,
        address="campaigns.leads",
        remote_id=ids["campaigns.leads"],
        name="Other",
        fields={"lifetime_budget": "1700000"},
    )
    assert platform.execute([change])[0].error is None


def _calls(entry, named):
    form = dict(entry.form)
    if "batch" not in form:
        yield _edge(entry.path, named), form
        return
    from urllib.parse import parse_qsl

    for item in json.loads(form["batch"]):
        if item["method"] == "POST":
            yield (
                _edge(item["relative_url"], named),
                dict(parse_qsl(item.get("body", ""), keep_blank_values=True)),
            )


def _edge(path, named):
    """
    The edge a path means, or which kind of object is updated.
    """
    parts = [p for p in path.split("/") if p and p != "meta"]
    parts = parts[1:] if parts[0].startswith("v26") else parts
    if len(parts) == 2:
        return "CustomAudience.users" if parts[1] == "users" else parts[1]
    address = named.get(parts[0], "")
    kind = _UPDATED.get(address.split(".")[-2]) if "." in address else None
    return f"{kind or 'CustomAudience'}.#update"


def _fits(kind, value):
    """
    Whether a text can be a value of a type of the reference.
    """
    if kind.startswith("list<"):
        items = json.loads(value)
        inner = kind[5:-1]
        return isinstance(items, list) and all(_fits(inner, _text(i)) for i in items)
    if kind.startswith("enum:"):
        return value in _CONTRACT["enums"][kind[5:]]
    if kind in {"int", "uint"}:
        return value.lstrip("-").isdigit() and (kind == "int" or value[0] != "-")
    if kind == "bool":
        return value in {"true", "false"}
    if kind.startswith(("ref:", "map<", "object")):
        return isinstance(json.loads(value), (dict, list, str))
    return isinstance(value, str)


def _text(value):
    return value if isinstance(value, str) else json.dumps(value)


def test_all_edges_a_launch_needs_were_written(written):
    """
    The check below means something: every edge is on the wire.
    """
    assert {
        "campaigns",
        "adsets",
        "ads",
        "adcreatives",
        "adimages",
        "advideos",
        "customaudiences",
        "CustomAudience.users",
        "CustomAudience.#update",
        "Campaign.#update",
        "AdSet.#update",
        "Ad.#update",
    } == {edge for edge, _ in written}


def test_every_parameter_is_known_and_of_its_type(written):
    """
    No name and no value that the reference does not have.
    """
    files = {"filename", "source"}
    for edge, form in written:
        known = _EDGES[edge]
        for name, value in form.items():
            if name in files:
                continue
            assert name in known, (edge, name)
            assert _fits(known[name], value), (edge, name, known[name], value)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("by", TOGETHER, ids=" ".join)
def test_every_parameter_of_a_report_is_known_and_of_its_type(level, by):
    """
    At every level and in every combination of parts, asked at once or as a run.
    """
    flight = Flight.parse("2027-03-01..2027-03-31", "Europe/Berlin")
    values = form_of(Report.of(level, by).values(flight, 500))
    for name, value in values.items():
        kind = _EDGES["insights"][name]
        # Lists of words travel with commas, as Meta's own client sends fields.
        words = name in {"fields", "breakdowns"}
        items = value.split(",") if words else [value]
        inner = kind[5:-1] if words else kind
        assert all(_fits(inner, item) for item in items), (name, value)


def test_a_wrong_value_would_be_seen():
    """
    The check itself tells numbers, switches and enumerations apart.
    """
    objective = _EDGES["campaigns"]["objective"]
    assert _fits(objective, "OUTCOME_LEADS")
    assert not _fits(objective, "LEADS")
    assert not _fits("bool", "yes")
    assert not _fits("uint", "-1")
