"""
Where the state is: as smm.toml says, for every project, and even when it is not there.
"""

from __future__ import annotations

from uuid import uuid4

import pytest

import smmlib as smm
from _cli import copy_example
from _postgres import postgres_database, postgres_server
from smmlib.deploy import fork
from smmlib.errors import (
    ConfigurationError,
    MissingCredentialsError,
    ServerError,
    SpendGuardError,
)
from smmlib.sandbox import SandboxServer
from smmlib.workspace._stores import state_place

_TOML = """
[environments.rehearsal]
state = "{state}"
{more}
allowlist = ["{account}"]
[environments.rehearsal.platforms.meta]
account = "{account}"
page = "{page}"
pixel = "{pixel}"
instagram_user = "{instagram}"
base_url = "{url}"
token = {{ env = "SMM_TEST_TOKEN" }}
"""


@pytest.fixture
def server():
    """
    The platforms, over HTTP.
    """
    with SandboxServer(seed=7) as server:
        yield server


def _connect(server, plan_file, state, more="", **environ):
    facts = server.details()["platforms"]["meta"]
    text = _TOML.format(
        state=state,
        more=more,
        account=facts["ad_account"],
        page=facts["page"],
        pixel=facts["pixel"],
        instagram=facts["instagram_user"],
        url=facts["base_url"],
    )
    (plan_file.parent / "smm.toml").write_text(text, "utf-8")
    return smm.connect(
        "rehearsal",
        root=plan_file.parent,
        environ={"SMM_TEST_TOKEN": facts["access_token"], **environ},
    )


@pytest.fixture
def database():
    """
    A team's database.
    """
    with (
        postgres_server() as server,
        postgres_database(server, f"smm_{uuid4().hex}") as address,
    ):
        yield address


@pytest.mark.postgres
def test_a_team_works_with_one_database(server, database, tmp_path):
    """
    What one of them set up, the other one finds, and sets nothing up twice.
    """
    plan_file = copy_example(tmp_path)
    more = 'state_password = { env = "SMM_STATE_PASSWORD" }'
    secret = "hunter2secret"
    plan = smm.load(plan_file)
    options = {"SMM_STATE_PASSWORD": secret}
    with _connect(server, plan_file, database, more, **options) as mila:
        changes = mila.plan(plan)
        done = mila.apply(changes)
        assert done.writes == changes.writes > 0
        with _connect(server, plan_file, database, more, **options) as jon:
            assert jon.snapshot(plan) == mila.snapshot(plan)
            assert jon.plan(plan).empty
            assert jon.log(plan) == mila.log(plan)
            assert secret not in repr(jon) + repr(jon._store(plan)) + str(jon.log(plan))
    assert not list(tmp_path.rglob("*.db"))


def test_a_password_that_is_not_there_is_told_by_its_place(server, tmp_path):
    """
    The variable is named, as for any token.
    """
    plan_file = copy_example(tmp_path)
    more = 'state_password = { env = "SMM_STATE_PASSWORD" }'
    with pytest.raises(MissingCredentialsError, match="SMM_STATE_PASSWORD"):
        _connect(server, plan_file, "postgresql://smm@127.0.0.1/db", more)


@pytest.mark.parametrize("state", ["mysql://x", "sqlite://x", "postgresql://", "x"])
def test_other_places_are_refused(tmp_path, state):
    """
    With both that work.
    """
    with pytest.raises(ConfigurationError) as refused:
        state_place(state, tmp_path)

    assert "sqlite:///" in refused.value.hint
    assert "postgresql://" in refused.value.hint


def test_two_plans_share_a_folder_and_no_state(tmp_path):
    """
    The first one has the plain file, the other one its own beside it.
    """
    plan_file = copy_example(tmp_path)
    plan = smm.load(plan_file)
    other = fork(plan)
    for _ in range(2):
        with smm.connect("sandbox", root=tmp_path, state_dir=tmp_path / ".smm") as work:
            for each in (plan, other):
                work.apply(work.plan(each))
                assert each.project_id == work.snapshot(each).project_id

    names = {path.name for path in (tmp_path / ".smm").glob("*.db")}
    assert {"sandbox.db", f"sandbox-{other.project_id}.db"} == names


def test_a_dry_run_knows_everything_and_keeps_nothing(tmp_path):
    """
    Objects, journal, log and approvals are as in the state, and stay so.
    """
    plan = smm.load(copy_example(tmp_path))
    where = {"root": tmp_path, "state_dir": tmp_path / ".smm"}
    with smm.connect("sandbox", **where) as work:
        changes = work.plan(plan)
        work.apply(changes)
        work.activate(changes, approve=str(changes.total), by="eva")
        before = work.snapshot(plan), work.log(plan), work.runs(plan)
        kept = work._store(plan).approvals()
    with smm.connect("sandbox", dry_run=True, **where) as dry:
        assert before == (dry.snapshot(plan), dry.log(plan), dry.runs(plan))
        assert kept == dry._store(plan).approvals()
        dry.recover(plan)
        assert dry.rollback(plan).writes > 0
        assert before[1] != dry.log(plan)
    with smm.connect("sandbox", **where) as work:
        assert before == (work.snapshot(plan), work.log(plan), work.runs(plan))


def test_real_money_needs_an_allowlist(server, tmp_path):
    """
    In every environment but the sandbox, whatever it is called.
    """
    plan_file = copy_example(tmp_path)
    with _connect(server, plan_file, "sqlite:///.smm/r.db") as work:
        work._allowlist = ()
        with pytest.raises(SpendGuardError, match="allowlist of rehearsal"):
            work.apply(work.plan(smm.load(plan_file)))


class _Away:
    """
    A platform that does not answer.
    """

    name = "away"

    def account(self):
        raise ServerError("503")


def test_an_emergency_waits_for_nobody(tmp_path):
    """
    One platform is away: everything on the others is paused, then it is said.
    """
    plan = smm.load(copy_example(tmp_path))
    with smm.connect("sandbox", root=tmp_path) as work:
        changes = work.plan(plan)
        work.apply(changes)
        work.activate(changes, approve=str(changes.total), by="eva")
        work.platforms = {"away": _Away(), **work.platforms}
        with pytest.raises(ServerError):
            work.stop(plan)
        del work.platforms["away"]
        rows = [r for r in work.status(plan) if r.kind == "campaign"]

        assert {"paused"} == {row.status.value for row in rows}
