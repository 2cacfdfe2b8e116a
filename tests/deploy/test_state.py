"""
The state stores: one contract, and what only a file can go wrong with.
"""

from __future__ import annotations

import multiprocessing
import sqlite3
import stat
from pathlib import Path

import pytest

from _flaky import PROJECT, VirtualClock
from deploy.state_suite import StateStoreSuite, a_thing, an_intent, done
from smmlib.deploy import MemoryStateStore, SQLiteStateStore
from smmlib.deploy import _schema as schema
from smmlib.deploy._sqlite import set_aside
from smmlib.errors import DeployError, StateCorruptError, StateLockedError
from smmlib.ports import Event


def _open(path, **changes):
    usual = {"project_id": PROJECT, "environment": "sandbox", "clock": VirtualClock()}
    return SQLiteStateStore(path, **{**usual, **changes})


class TestMemory(StateStoreSuite):
    @pytest.fixture
    def make(self):
        """
        Give a store that lives as long as the test.
        """
        return lambda: MemoryStateStore(project_id=PROJECT, clock=VirtualClock())


class TestSQLite(StateStoreSuite):
    @pytest.fixture
    def make(self, tmp_path):
        """
        Give a store in a file.
        """
        return lambda: _open(tmp_path / "state" / "sandbox.db")


def test_a_file_is_opened_again_with_all_it_knew(tmp_path):
    """
    Lineage, serial, objects, open writes, approvals and log survive the program.
    """
    first = _open(tmp_path / "state.db")
    first.intend([an_intent("op1"), an_intent("op2")])
    first.settle([done(an_intent("op1"))], [a_thing()])
    first.begin("hash1")
    before = first.snapshot()
    log = list(first.events())
    first.close()

    again = _open(tmp_path / "state.db")
    assert before == again.snapshot()
    assert log == list(again.events())
    again.close()


def test_nobody_else_may_read_it(tmp_path):
    """
    File and folder are for their owner only.
    """
    store = _open(tmp_path / "deep" / "state.db")
    with store.lock("mila"):
        store.record(Event(VirtualClock().now(), "looked"))
        modes = {
            path.name: stat.S_IMODE(path.stat().st_mode)
            for path in (tmp_path / "deep").iterdir()
        }
    store.close()

    assert {0o600} == set(modes.values()), modes
    assert 0o700 == stat.S_IMODE((tmp_path / "deep").stat().st_mode)


def test_what_is_recorded_is_on_the_disk(tmp_path):
    """
    Every transaction is synced before the call returns.
    """
    store = _open(tmp_path / "state.db")
    modes = [store._pragma("synchronous"), store._pragma("journal_mode")]
    store.close()

    assert [2, "wal"] == modes


def _break(path, *statements):
    db = sqlite3.connect(path)
    for statement in statements:
        db.execute(statement)
    db.commit()
    db.close()


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        (["pragma user_version = 99"], "version 99"),
        (["pragma application_id = 5"], "another program"),
        (
            [
                "drop trigger event_is_never_changed",
                "update event set detail = 'nothing happened' where seq = 1",
            ],
            "altered",
        ),
        (
            [
                "drop trigger event_is_never_dropped",
                "delete from event where seq = 1",
            ],
            "altered",
        ),
    ],
    ids=["newer", "foreign", "edited log", "shortened log"],
)
def test_a_file_that_cannot_be_trusted_is_refused(tmp_path, statements, words):
    """
    A newer version, another program's file, a log somebody edited.
    """
    path = tmp_path / "state.db"
    store = _open(path)
    for number in range(3):
        store.record(Event(VirtualClock().now(), f"event {number}"))
    store.close()
    _break(path, *statements)

    with pytest.raises(StateCorruptError, match=words):
        _open(path)


@pytest.mark.parametrize(
    "statement", ["update event set detail = 'nothing'", "delete from event"]
)
def test_the_file_itself_refuses_to_change_its_log(tmp_path, statement):
    """
    Append-only is no habit of ours: any program that writes to the file is refused.
    """
    path = tmp_path / "state.db"
    store = _open(path)
    store.record(Event(VirtualClock().now(), "looked"))
    store.close()

    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        _break(path, statement)


def _first_version(path):
    script = Path(__file__).parent / "fixtures" / "state-v1.sql"
    db = sqlite3.connect(path)
    db.executescript(script.read_text("utf-8"))
    db.close()


def test_a_file_of_the_first_version_is_upgraded_and_kept(tmp_path):
    """
    Everything it knew is there, and a copy as it was stays beside it for its owner.
    """
    path = tmp_path / "state.db"
    _first_version(path)
    store = _open(path)
    state = store.snapshot()
    (open_one,) = state.open_intents

    assert schema.SCHEMA == store._pragma("user_version")
    assert "hash1" == state.run
    assert {a_thing().key: a_thing()} == dict(state.resources)
    assert an_intent("op2", address="campaigns.other") == open_one
    assert "eva" == store.approvals()[0].by
    assert ["apply started", "created", "approved"] == [e.what for e in store.events()]
    store.close()
    backup = tmp_path / "state.db.v1.backup"
    assert 0o600 == stat.S_IMODE(backup.stat().st_mode)
    old = sqlite3.connect(backup)
    kept = (
        old.execute("pragma user_version").fetchone(),
        old.execute("select count(*) from op").fetchone(),
    )
    old.close()
    assert ((1,), (2,)) == kept


def test_upgraded_and_new_files_have_the_same_tables(tmp_path):
    """
    It does not matter with which version somebody started.
    """
    _first_version(tmp_path / "old.db")
    found = []
    for name in ("old.db", "new.db"):
        _open(tmp_path / name).close()
        db = sqlite3.connect(tmp_path / name)
        rows = db.execute("select name, sql from sqlite_master where sql is not null")
        found.append(sorted((n, " ".join(sql.split())) for n, sql in rows))
        db.close()

    assert found[0] == found[1]


def test_an_upgrade_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    """
    All or nothing: a half-way upgrade is no upgrade.
    """
    path = tmp_path / "state.db"
    _first_version(path)
    broken = {1: (*schema.MIGRATIONS[1], "create nonsense")}
    monkeypatch.setattr(schema, "MIGRATIONS", broken)
    with pytest.raises(DeployError):
        _open(path)
    monkeypatch.undo()

    store = _open(path)
    assert 1 == len(store.snapshot().resources)
    store.close()


def test_a_damaged_file_is_set_aside_and_not_lost(tmp_path):
    """
    It can be looked at later; a second one does not overwrite it.
    """
    path = tmp_path / "state.db"
    for text in (b"first", b"second"):
        path.write_bytes(text)
        assert set_aside(path) is not None

    kept = sorted(file.read_bytes() for file in tmp_path.glob("state.db.damaged*"))
    assert [b"first", b"second"] == kept
    assert set_aside(path) is None


@pytest.mark.parametrize("damage", ["text", "cut", "flipped"])
def test_a_damaged_file_is_refused(tmp_path, damage):
    """
    Text, a file cut short, bytes turned over: never read as if nothing had happened.
    """
    path = tmp_path / "state.db"
    store = _open(path)
    for number in range(200):
        store.record(Event(VirtualClock().now(), f"event {number}", detail="x" * 200))
    store.close()
    data = path.read_bytes()
    middle = len(data) // 2
    path.write_bytes(
        {
            "text": b"not a database at all, but long enough to look like one" * 40,
            "cut": data[:middle],
            "flipped": data[:middle] + bytes(2048) + data[middle + 2048 :],
        }[damage]
    )

    with pytest.raises(StateCorruptError):
        _open(path)


@pytest.mark.parametrize(
    "changes", [{"project_id": "another"}, {"environment": "production"}]
)
def test_a_file_belongs_to_one_project_and_environment(tmp_path, changes):
    """
    The sandbox's state never passes for production's.
    """
    _open(tmp_path / "state.db").close()

    with pytest.raises(StateCorruptError, match="belongs to"):
        _open(tmp_path / "state.db", **changes)


def test_a_folder_is_no_file(tmp_path):
    """
    A path that cannot be written is a typed error with a next step.
    """
    with pytest.raises(DeployError) as refused:
        _open(tmp_path)

    assert refused.value.hint


def test_a_full_disk_shows_before_anything_is_sent(tmp_path, monkeypatch):
    """
    The lock is not given when the next records might not fit.
    """
    store = _open(tmp_path / "state.db")
    monkeypatch.setattr("smmlib.deploy._sqlite._LEAST_FREE", 1 << 62)

    with pytest.raises(DeployError, match="cannot be written"), store.lock("mila"):
        pass
    store.close()


def _hold(path, ready, finish):
    store = _open(path)
    with store.lock("the other process"):
        ready.set()
        finish.wait(30)


def test_a_killed_process_frees_the_lock(tmp_path):
    """
    Another process is kept out while the holder lives, and let in once it is killed.
    """
    path = tmp_path / "state.db"
    _open(path).close()
    spawn = multiprocessing.get_context("fork")
    ready, finish = spawn.Event(), spawn.Event()
    other = spawn.Process(target=_hold, args=(path, ready, finish))
    other.start()
    assert ready.wait(30)
    store = _open(path)
    with pytest.raises(StateLockedError, match="the other process"), store.lock("me"):
        pass

    other.kill()
    other.join(30)
    with store.lock("me"):
        pass
    store.close()
