"""
Customer lists: hashed here, uploaded once, waited for, targeted and left out.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import attrs
import pytest

from _linkedin_adapter import a_plan, audiences, files, linkedin_of
from smmlib import Audience, CustomAudience, Place
from smmlib.adapters.linkedin._lists import read_lists
from smmlib.deploy import MemoryStateStore, Target, apply, make_changes
from smmlib.errors import ConfigurationError, Outcome, SmmError
from smmlib.ports import Action, Kind, Operation
from smmlib.sandbox import Sandbox
from smmlib.testing._conformance_tools import place


@pytest.fixture
def sandbox():
    """
    A fresh emulated platform.
    """
    return Sandbox(seed=7)


@pytest.fixture
def folder(tmp_path):
    """
    A plan's folder with two lists of customers.
    """
    rows = "\n".join(f" Ada{n}@Mail.Example ,Ada" for n in range(700))
    (tmp_path / "crm.csv").write_text(f"E-Mail,name\n{rows}\nnobody,x\n", "utf-8")
    more = "\n".join(f"eve{n}@mail.example" for n in range(400))
    (tmp_path / "old.csv").write_text(f"email\n{more}\n", "utf-8")
    return files(tmp_path)


def _live(sandbox, folder, *names):
    options = {f"customer_lists.{name}": str(folder / f"{name}.csv") for name in names}
    return linkedin_of(sandbox, folder, **options)


def _plan(*known, excluded=()):
    people = Audience(
        places=[Place("DE")],
        languages=["de"],
        retarget=[CustomAudience("customer_list", name) for name in known],
        exclude=[CustomAudience("customer_list", name) for name in excluded],
    )
    plan = a_plan(audiences={**audiences(), "known": people})
    spring = plan.campaigns["spring"]
    office = attrs.evolve(spring.ad_sets["office"], audience="known", ads=["link"])
    campaign = attrs.evolve(spring, ad_sets={"office": office})
    return attrs.evolve(plan, campaigns={"spring": campaign})


def _upload(live, wanted):
    """
    Have every list uploaded: LinkedIn goes on matching them.
    """
    lists = [one for one in wanted.resources if one.kind is Kind.AUDIENCE]
    for one in lists:
        with pytest.raises(AssertionError, match="still matching"):
            place(live, [one])


def _segments(sandbox):
    return sandbox.state()["linkedin"].get("segment", [])


def _campaign(sandbox):
    (row,) = sandbox.state()["linkedin"]["campaign"]
    return row["targetingCriteria"]


def test_a_list_is_uploaded_and_targeted(sandbox, folder):
    """
    Created, filled with hashes, waited for, and shown ads; a second run does nothing.
    """
    live = _live(sandbox, folder, "crm")
    plan = _plan("crm")
    wanted = live.wanted(plan)
    told = {issue.code: issue.value for issue in wanted.issues}
    assert 1 == told["linkedin.customer_list"]
    _upload(live, wanted)
    sandbox.advance(days=2)
    place(live, wanted.resources)
    (segment,) = _segments(sandbox)
    assert "crm #" in segment["name"]
    assert "USER" == segment["type"]
    assert "audienceMatchingSegments" in str(_campaign(sandbox)["include"])
    assert wanted == live.wanted(plan)


def test_no_plain_address_leaves(sandbox, folder):
    """
    Sixty-four hexadecimal digits for each person, and nothing else of them.
    """
    live = _live(sandbox, folder, "crm")
    _upload(live, live.wanted(_plan("crm")))
    for entry in sandbox.log:
        assert "mail.example" not in str(attrs.asdict(entry)).lower()
    found = read_lists({"crm": str(folder / "crm.csv")})
    assert hashlib.sha256(b"ada5@mail.example").hexdigest() in found.content.decode()
    assert (700, 1) == (found.people, found.unusable)
    assert 700 == len(json.loads(found.content))
    assert "ada" not in repr(found)


def test_lists_side_by_side_are_one_and_may_be_left_out(sandbox, folder):
    """
    Any one of two lists is enough; another may be excluded.
    """
    live = _live(sandbox, folder, "crm", "old")
    wanted = live.wanted(_plan("crm", "old", excluded=["old"]))
    _upload(live, wanted)
    sandbox.advance(days=2)
    place(live, wanted.resources)
    names = sorted(row["name"].partition(" #")[0] for row in _segments(sandbox))
    assert ["crm+old", "old"] == names
    assert "audienceMatchingSegments" in str(_campaign(sandbox)["exclude"])


def test_segments_of_campaign_manager_stand_alone(sandbox, folder):
    """
    What is made there and what is uploaded are not mixed in one list.
    """
    live = _live(sandbox, folder, "crm")
    codes = {issue.code for issue in live.wanted(_plan("crm", "78841235")).issues}
    assert "linkedin.segments_mixed" in codes


@pytest.mark.parametrize(
    "fault", ["timeout_after", "status_500_after", "partial_batch"]
)
def test_a_disturbed_upload_is_repeated(sandbox, folder, fault):
    """
    Adding the same people twice adds them once.
    """
    sandbox.faults.add(fault, "POST /users", seconds=0)
    live = _live(sandbox, folder, "crm")
    _upload(live, live.wanted(_plan("crm")))
    (segment,) = _segments(sandbox)
    assert "crm #" in segment["name"]


def _creation(folder):
    people = read_lists({"crm": str(folder / "crm.csv")})
    return Operation(
        Action.CREATE,
        Kind.AUDIENCE,
        address="customer_lists.crm",
        marker="abcdefghij",
        name="crm",
        fields={"list": people.digest},
        content=people.content,
    )


def test_an_unfinished_list_is_taken_back(sandbox, folder):
    """
    Nothing half full stays, and nothing half full passes for the whole.
    """
    live = _live(sandbox, folder, "crm")
    sandbox.faults.add("status_500_before", "POST /users", count=50)
    (result,) = live.execute([_creation(folder)])
    assert Outcome.NOT_APPLIED is result.outcome
    assert [] == _segments(sandbox)
    assert () == live.find(Kind.AUDIENCE, ["abcdefghij"])


def test_a_list_whose_answer_is_lost_is_found_again(sandbox, folder):
    """
    By its marker, once it holds all of its people and LinkedIn has matched them.
    """
    live = _live(sandbox, folder, "crm")
    sandbox.faults.add("timeout_before", "GET /dmpSegments/", count=50, seconds=0)
    (result,) = live.execute([_creation(folder)])
    assert Outcome.APPLIED is not result.outcome
    sandbox.faults.clear()
    assert () == live.find(Kind.AUDIENCE, ["abcdefghij"])
    sandbox.advance(days=2)
    (found,) = live.find(Kind.AUDIENCE, ["abcdefghij"])
    assert found.id.startswith("urn:li:adSegment:")
    assert {"list": _creation(folder).fields["list"]} == dict(found.fields)
    assert {found.id: found} == dict(live.read(Kind.AUDIENCE, [found.id]))
    assert 1 == len(_segments(sandbox))


def test_an_apply_sets_up_the_rest_while_a_list_is_matched(sandbox, folder):
    """
    Through the engine: what needs no list stands, the rest follows a day later.
    """
    from _linkedin_adapter import SandboxClock
    from _meta_adapter import PROJECT

    live, clock, plan = (
        _live(sandbox, folder, "crm"),
        SandboxClock(sandbox),
        _plan("crm"),
    )
    store = MemoryStateStore(project_id=PROJECT, environment="sandbox", clock=clock)

    def target():
        return Target(live, live.account(), live.wanted(plan))

    def changes():
        return make_changes(plan, [target()], store, clock=clock, environment="sandbox")

    began = sandbox.now
    with pytest.raises(SmmError, match="still matching"):
        apply(changes(), plan, [target()], store, clock=clock)
    assert timedelta(hours=1) > sandbox.now - began
    state = sandbox.state()["linkedin"]
    # Beside the account's own group there is ours.
    assert (2, 0) == (len(state["group"]), len(state.get("campaign", [])))
    sandbox.advance(days=2)
    apply(changes(), plan, [target()], store, clock=clock)
    assert 1 == len(_segments(sandbox))
    assert () == changes().changes


@pytest.mark.parametrize(
    ("text", "words"), [("name\nx\n", "no column email"), (None, "cannot be read")]
)
def test_a_list_that_cannot_be_read_is_told(tmp_path, text, words):
    """
    By its name, never with what is in it.
    """
    file = tmp_path / "crm.csv"
    if text is not None:
        file.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match=words):
        read_lists({"crm": str(file)})
