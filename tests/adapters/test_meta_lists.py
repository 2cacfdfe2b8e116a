"""
Customer lists: hashed in memory, uploaded whole, waited for; nobody's address is kept.
"""

from __future__ import annotations

import hashlib
import json

import pytest

from _meta_adapter import (
    FakeClock,
    a_plan,
    connection,
    creation,
    marker_of,
    pictures,
    set_up,
)
from smmlib.adapters import connect_platform
from smmlib.adapters.meta._lists import payloads, read_list
from smmlib.codec import load_settings
from smmlib.deploy import MemoryStateStore, Target, apply, make_changes
from smmlib.errors import ConfigurationError, Outcome, Severity
from smmlib.model import Audience, Lookalike
from smmlib.ports import Kind
from smmlib.sandbox import Sandbox


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


def _sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def _write(folder, text, name="crm.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def _people(count):
    rows = "\n".join(
        f"Person{n}@Mail.example ,+49 (0)170 00{n:05}" for n in range(count)
    )
    return f"E-Mail,Phone\n{rows}\n"


def _connect(sandbox, folder, path, clock=None):
    options = {"media_root": str(folder), "customer_lists.crm": path}
    return connect_platform(
        connection(sandbox.details(), options=options),
        transport=sandbox.transport(),
        clock=clock or _WorldClock(sandbox),
    )


def _of_lists(wanted):
    return next(r for r in wanted.resources if "list" in r.fields)


def test_addresses_are_normalised_before_they_are_hashed(tmp_path):
    """
    Case, blanks, the trunk's (0) and leading zeros make no other person.
    """
    text = "email;mobile;name\n Ada@Mail.EXAMPLE ;0049 (0)170-123 45 67;Ada\n"
    found = read_list("crm", _write(tmp_path, text))
    assert {
        "EMAIL_SHA256": [_sha("ada@mail.example")],
        "PHONE_SHA256": [_sha("491701234567")],
    } == json.loads(found.content)
    assert (1, 0) == (found.people, found.unusable)


def test_rows_that_name_nobody_are_counted(tmp_path):
    """
    A number without its country and a word are nobody; the same person counts once.
    """
    text = "phone\n0170 1234567\nsoon\n+49 170 1234567\n+49 170 1234567\n"
    found = read_list("crm", _write(tmp_path, text))
    assert (2, 2) == (found.people, found.unusable)
    assert 1 == len(json.loads(found.content)["PHONE_SHA256"])


@pytest.mark.parametrize("text", ["name\nAda\n", "", "\n"])
def test_a_file_without_addresses_is_refused(tmp_path, text):
    """
    What column is meant is never guessed.
    """
    with pytest.raises(ConfigurationError, match="no column"):
        read_list("crm", _write(tmp_path, text))


def test_an_unreadable_file_shows_nothing_of_itself(tmp_path):
    """
    A wrong encoding is told without the bytes it was found in.
    """
    path = tmp_path / "crm.csv"
    path.write_bytes(b"email\nj\xfcrgen@mail.example\n")
    with pytest.raises(ConfigurationError) as caught:
        read_list("crm", str(path))
    assert "mail.example" not in repr(caught.value.__dict__)
    assert caught.value.__cause__ is None


def test_large_lists_travel_in_parts(tmp_path):
    """
    No request holds more than ten thousand people, and none is lost.
    """
    rows = "\n".join(f"p{n}@mail.example" for n in range(20_001))
    found = read_list("crm", _write(tmp_path, f"email\n{rows}"))
    sizes = [len(part["data"]) for part in payloads(found.content)]
    assert [10_000, 10_000, 1] == sizes


def test_a_list_is_uploaded_and_waited_for(tmp_path):
    """
    Once the create is done the audience holds the people and can be used.
    """
    sandbox = Sandbox(seed=7)
    platform = _connect(sandbox, tmp_path, _write(tmp_path, _people(500)))
    resource = _of_lists(platform.wanted(a_plan()))
    before = sandbox.now
    result = platform.execute([creation(resource, {}, marker_of(resource))])[0]
    assert Outcome.APPLIED is result.outcome
    remote = platform.read(Kind.AUDIENCE, [result.remote_id])[result.remote_id]
    assert dict(resource.fields) == dict(remote.fields)
    assert (sandbox.now - before).total_seconds() >= 30 * 60
    sent = "".join(str(entry) for entry in sandbox.log)
    assert "mail.example" not in sent.lower()


def test_people_like_the_list_can_be_made_at_once(tmp_path):
    """
    A lookalike of an uploaded list finds its source filled.
    """
    sandbox = Sandbox(seed=7)
    platform = _connect(sandbox, tmp_path, _write(tmp_path, _people(500)))
    plan = a_plan()
    audiences = dict(plan.audiences) | {
        "baristas": Audience(lookalike=Lookalike("customers", "DE", percent=1))
    }
    pictures(tmp_path)
    wanted = platform.wanted(a_plan(audiences=audiences))
    ids = set_up(platform, wanted.resources)
    assert len(wanted.resources) == len(ids)


def test_a_half_filled_list_is_taken_back(tmp_path, monkeypatch):
    """
    When the upload fails nothing stays behind, and the write may be sent again.
    """
    sandbox = Sandbox(seed=7)
    platform = _connect(sandbox, tmp_path, _write(tmp_path, _people(500)))
    resource = _of_lists(platform.wanted(a_plan()))
    sandbox.faults.add("auth_expired", "POST /users$", count=99)
    result = platform.execute([creation(resource, {}, "m1")])[0]
    assert Outcome.NOT_APPLIED is result.outcome
    assert () == platform.find(Kind.AUDIENCE, ["m1"])


def test_another_content_is_another_list(tmp_path):
    """
    Through the whole engine: nothing to do for the same people, a new list for others;
    and no address or hash in the journal.
    """
    pictures(tmp_path)
    sandbox = Sandbox(seed=7)
    path = _write(tmp_path, _people(500))
    clock = _WorldClock(sandbox)
    platform = _connect(sandbox, tmp_path, path, clock)
    plan = a_plan()
    store = MemoryStateStore(
        project_id=plan.project_id, environment="sandbox", clock=clock
    )

    def look():
        target = Target(platform, platform.account(), platform.wanted(plan))
        return make_changes(
            plan, [target], store, clock=clock, environment="sandbox"
        ), [target]

    changes, targets = look()
    apply(changes, plan, targets, store, clock=clock)
    assert () == look()[0].changes
    kept = repr(store.snapshot()) + repr(list(store.events()))
    assert _sha("person1@mail.example") not in kept
    assert "person1@" not in kept
    _write(tmp_path, _people(600))
    actions = {c.address: str(c.action) for c in look()[0].changes}
    assert "replace" == actions["audiences.customers"]


def test_a_list_nobody_knows_is_a_warning_and_a_missing_file_an_error(
    tmp_path, platform
):
    """
    Without a file the list is empty and told so; a file that is not there stops.
    """
    told = [i for i in platform.wanted(a_plan()).issues if "customer_list" in i.code]
    assert [Severity.WARNING] == [i.severity for i in told]
    missing = _connect(Sandbox(seed=7), tmp_path, str(tmp_path / "no.csv"), FakeClock())
    told = [i for i in missing.wanted(a_plan()).issues if "customer_list" in i.code]
    assert [Severity.ERROR] == [i.severity for i in told]


def test_lists_are_named_in_the_settings(tmp_path):
    """
    `smm.toml` says where a list is, by the name plans call it.
    """
    path = tmp_path / "smm.toml"
    path.write_text(
        '[environments.live]\nstate = "sqlite:///s.db"\n'
        '[environments.live.platforms.meta]\naccount = "act_1"\n'
        'token = { env = "SMM_META_TOKEN" }\n'
        'customer_lists = { crm = "lists/crm.csv" }\n'
    )
    options = load_settings(path).environments["live"].platforms["meta"].options
    assert {"customer_lists.crm": "lists/crm.csv"} == dict(options)
