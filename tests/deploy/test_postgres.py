"""
The state of a team in PostgreSQL: the same contract, and what only a server can do.
"""

from __future__ import annotations

import contextlib
import multiprocessing
from uuid import uuid4

import pytest

from _flaky import PROJECT, VirtualClock
from _postgres import postgres_database, postgres_server
from deploy.state_suite import StateStoreSuite, a_thing, an_intent, done
from smmlib.deploy import PostgresStateStore
from smmlib.errors import (
    ConfigurationError,
    DeployError,
    StateCorruptError,
    StateLockedError,
)
from smmlib.ports import Event, Secret

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def server():
    """
    One server for all tests here.
    """
    with postgres_server() as address:
        yield address


@pytest.fixture
def database(server):
    """
    An empty database.
    """
    with postgres_database(server, f"smm_{uuid4().hex}") as address:
        yield address


def _open(address, **changes):
    usual = {"project_id": PROJECT, "environment": "sandbox", "clock": VirtualClock()}
    return PostgresStateStore(address, **{**usual, **changes})


def _sql(address, *statements):
    import psycopg

    with psycopg.connect(address, autocommit=True) as db:
        for statement in statements:
            db.execute(statement)


class TestPostgres(StateStoreSuite):
    @pytest.fixture
    def make(self, database):
        """
        Give a store in the database.
        """
        return lambda: _open(database)


def test_a_database_is_opened_again_with_all_it_knew(database):
    """
    Lineage, serial, objects, open writes and log survive the program.
    """
    first = _open(database)
    first.intend([an_intent("op1"), an_intent("op2")])
    first.settle([done(an_intent("op1"))], [a_thing()])
    first.begin("hash1")
    before, log = first.snapshot(), list(first.events())
    first.close()

    again = _open(database)
    assert (before, log) == (again.snapshot(), list(again.events()))
    again.close()


def test_projects_and_environments_share_a_database_and_nothing_else(database):
    """
    One database for all clients: neither objects nor locks are shared.
    """
    mine = _open(database)
    others = [
        _open(database, project_id="b"),
        _open(database, environment="production"),
    ]
    mine.settle([done(an_intent())], [a_thing()])

    with mine.lock("mila"):
        for other in others:
            with other.lock("jon"):
                assert {} == dict(other.snapshot().resources)
                assert [] == list(other.events())
    for store in (mine, *others):
        store.close()


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        (["update smm_schema set version = 99"], "version 99"),
        (
            [
                "alter table smm_event disable trigger all",
                "update smm_event set detail = 'nothing happened' where seq = 1",
            ],
            "altered",
        ),
        (
            [
                "alter table smm_event disable trigger all",
                "delete from smm_event where seq = 1",
            ],
            "altered",
        ),
    ],
    ids=["newer", "edited log", "shortened log"],
)
def test_tables_that_cannot_be_trusted_are_refused(database, statements, words):
    """
    A newer version, a log somebody edited.
    """
    store = _open(database)
    for number in range(3):
        store.record(Event(VirtualClock().now(), f"event {number}"))
    store.close()
    _sql(database, *statements)

    with pytest.raises(StateCorruptError, match=words):
        _open(database)


@pytest.mark.parametrize(
    "statement", ["update smm_event set detail = ''", "delete from smm_event"]
)
def test_the_database_itself_refuses_to_change_the_log(database, statement):
    """
    Append-only holds for every program that is connected.
    """
    import psycopg

    store = _open(database)
    store.record(Event(VirtualClock().now(), "looked"))
    store.close()

    with pytest.raises(psycopg.Error, match="append-only"):
        _sql(database, statement)


def test_many_open_it_at_once_for_the_first_time(database):
    """
    Tables are made once, whoever comes first.
    """
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(lambda _: _open(database), range(8)))

    assert 1 == len({store.snapshot().lineage for store in stores})
    for store in stores:
        store.close()


def test_a_lost_connection_is_a_lost_lock_and_ends_all_writing(database):
    """
    Nobody goes on sending while somebody else may believe to be alone.
    """
    store, other = _open(database), _open(database)
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.suppress(DeployError))
        stack.enter_context(store.lock("mila"))
        _sql(database, f"select pg_terminate_backend({store._db.info.backend_pid})")
        for _ in range(2):
            with pytest.raises(DeployError, match="cannot be written"):
                store.intend([an_intent()])
        with other.lock("jon"):
            pass

    store.intend([an_intent()])  # with nothing going on, it connects again
    assert 1 == len(other.snapshot().open_intents)
    store.close()
    other.close()


def _hold(address, ready, finish):
    store = _open(address)
    with store.lock("the other process"):
        ready.set()
        finish.wait(30)


def test_a_killed_process_frees_the_lock(database):
    """
    Another process is kept out while the holder lives, and let in once it is killed.
    """
    _open(database).close()
    context = multiprocessing.get_context("fork")
    ready, finish = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(database, ready, finish))
    other.start()
    assert ready.wait(30)
    store = _open(database)
    with pytest.raises(StateLockedError, match="the other process"), store.lock("me"):
        pass

    other.kill()
    other.join(30)
    _until_free(store)
    store.close()


def _until_free(store, tries=200):
    """
    The server needs a moment to see that a connection is gone.
    """
    from time import sleep

    for _ in range(tries):
        try:
            with store.lock("me"):
                return
        except StateLockedError:
            sleep(0.02)
    pytest.fail("the lock of a killed process was never freed")


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://smm:hunter2secret@127.0.0.1/postgres",
        "postgresql://smm@127.0.0.1/postgres?password=hunter2secret",
        "https://127.0.0.1/postgres",
        "postgresql://127.0.0.1",
        "postgresql://[::1/postgres",
    ],
)
def test_an_address_holds_no_password(address):
    """
    A password in an address ends up in logs: it is refused, and not shown.
    """
    with pytest.raises(ConfigurationError) as refused:
        _open(address)

    assert "hunter2secret" not in f"{refused.value!r}{refused.value.hint}"


def test_no_error_shows_the_password(server):
    """
    Neither message nor chain nor repr, whatever goes wrong.
    """
    import traceback

    secret = Secret("hunter2secret", "environment variable STATE")
    nobody = server.replace("//smm@", "//nobody@")
    with pytest.raises(DeployError) as refused:
        _open(nobody, password=secret)

    shown = "".join(traceback.format_exception(refused.value)) + repr(refused.value)
    assert "hunter2secret" not in shown
    assert refused.value.hint


def test_a_password_reaches_the_database_and_no_text(database):
    """
    It comes from a token source, and repr does not know it.
    """
    store = _open(database, password=Secret("hunter2secret"))

    assert "hunter2secret" == store._db.info.password
    assert "hunter2secret" not in f"{store!r}{store}"
    store.close()
