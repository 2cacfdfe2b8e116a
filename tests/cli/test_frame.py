"""
What all commands share: help, exit codes, JSON, completion, and no tracebacks.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import click
import pytest

from _cli import EXAMPLES, PLAN, copy_example, run, run_json
from smmlib import errors
from smmlib.cli import _app
from smmlib.cli._exits import Exit, exit_of
from smmlib.cli._text import as_data, plain

_COMMANDS = [name for names in _app.SECTIONS.values() for name in names]
# What `smm --help` may load beside the standard library.
_LIGHT = {"attr", "attrs", "click", "smmlib"}


def _fresh(program, *args, **options):
    """
    Run a program in an interpreter of its own.
    """
    return subprocess.run(
        [sys.executable, "-c", program, *args],
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


def _leaves():
    """
    Every command that does something, with the words that call it.
    """
    with click.Context(_app.smm) as context:
        for name in _COMMANDS:
            command = _app.smm.get_command(context, name)
            if isinstance(command, click.Group):
                for inner, leaf in command.commands.items():
                    yield (name, inner), leaf
            else:
                yield (name,), command


def test_help_lists_every_command_with_a_sentence():
    """
    `smm --help` names all commands, exit codes and how to get completion.
    """
    shown = run("--help").stdout

    for name in _COMMANDS:
        assert f"\n  {name} " in shown
    assert "smm completion bash|zsh|fish" in " ".join(shown.split())
    assert "4 approval needed" in " ".join(shown.split())


def test_the_commands_of_this_version_are_all_there():
    """
    The promised names exist.
    """
    wanted = (
        "init check split plan apply activate stop status pull track alert roi report "
        "sandbox demo log compare completion import search estimate publish "
        "refresh rollback recover destroy fork audience brief calendar convert "
        "dashboard forecast inbox audit pace work"
    )
    assert set(wanted.split()) == set(_COMMANDS)


@pytest.mark.parametrize(
    ("words", "command"),
    [pytest.param(words, leaf, id="-".join(words)) for words, leaf in _leaves()],
)
def test_every_command_explains_itself_and_answers_in_json(words, command):
    """
    Each has a sentence of help and a --json option.
    """
    shown = run(*words, "--help").stdout

    assert command.help
    assert "--json" in shown


def test_help_loads_nothing_heavy():
    """
    `smm --help` needs click and the standard library, and none of the big packages.
    """
    program = (
        "import sys\n"
        "before = set(sys.modules)\n"
        "sys.argv = ['smm', '--help']\n"
        "from smmlib.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "import json\n"
        "print(json.dumps(sorted(set(sys.modules) - before)), file=sys.stderr)\n"
    )
    done = _fresh(program)
    modules = json.loads(done.stderr)

    outside = {name.partition(".")[0] for name in modules} - sys.stdlib_module_names
    assert outside <= _LIGHT
    assert not {"sqlite3", "ssl", "asyncio"} & set(modules)
    assert not {n for n in modules if n.startswith(("smmlib.model", "smmlib.sandbox"))}


def test_without_click_the_command_says_what_to_install():
    """
    A missing extra names the pip command and exits with 2.
    """
    program = (
        "import sys\nsys.modules['click'] = None\nfrom smmlib.cli import main\nmain()\n"
    )
    done = _fresh(program)

    assert 2 == done.returncode
    assert 'pip install "smmlib[cli]"' in done.stderr
    assert "Traceback" not in done.stderr


def test_without_rich_a_table_says_what_to_install(monkeypatch, tmp_path):
    """
    The other half of the extra is asked for in the same words.
    """
    monkeypatch.setitem(sys.modules, "rich.console", None)

    shown = run("check", copy_example(tmp_path), code=2).stderr

    assert 'pip install "smmlib[cli]"' in shown


def test_without_the_report_extra_a_report_says_what_to_install(monkeypatch, tmp_path):
    """
    A page needs its packages; they are named, and nothing is written.
    """
    csv = tmp_path / "ads.csv"
    csv.write_text("date,spend,impressions,clicks\n2027-03-01,1.5,100,3\n", "utf-8")
    monkeypatch.setitem(sys.modules, "jinja2", None)
    monkeypatch.setitem(sys.modules, "altair", None)
    page = tmp_path / "page.html"

    found = run_json(
        "report", "--metrics", csv, "--currency", "EUR", "-o", page, code=2
    )

    assert "MissingExtraError" == found["error"]["type"]
    assert 'pip install "smmlib[report]"' in found["error"]["hint"]
    assert not page.exists()


@pytest.mark.parametrize(
    "args", [["nonsense"], ["plan"], ["check", "--nonsense"], ["demo", "--days", "0"]]
)
def test_wrong_usage_exits_with_2(args):
    """
    Unknown commands and options, missing arguments: usage, not a failure.
    """
    assert "Usage: smm" in run(*args, code=2).stderr
    assert "UsageError" == run_json(*args, code=2)["error"]["type"]


def test_it_runs_as_a_module():
    """
    `python -m smmlib` is `smm`.
    """
    done = subprocess.run(
        [sys.executable, "-m", "smmlib", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("smm, version ")


# -- failures --------------------------------------------------------------------------


_TIMED_OUT = errors.PlatformTimeoutError("no answer", outcome=errors.Outcome.UNKNOWN)
_HALF = errors.ApplyInterruptedError("stopped", failed=["a"])
_OPEN = errors.ApplyInterruptedError("stopped", unknown=["a"])


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.ValidationError("wrong"), Exit.BAD_INPUT),
        (errors.CodecError("wrong"), Exit.BAD_INPUT),
        (errors.MoneyError("wrong"), Exit.BAD_INPUT),
        (errors.CurrencyMismatch("wrong"), Exit.BAD_INPUT),
        (errors.ConfigurationError("wrong"), Exit.BAD_INPUT),
        (errors.MissingCredentialsError("wrong"), Exit.BAD_INPUT),
        (errors.MissingExtraError("x", "cli"), Exit.BAD_INPUT),
        (errors.SandboxError("wrong"), Exit.BAD_INPUT),
        (errors.AuthenticationError("expired"), Exit.BAD_INPUT),
        (errors.InvalidRequestError("no"), Exit.BAD_INPUT),
        (errors.PolicyRejectedError("no"), Exit.BAD_INPUT),
        (errors.UnreachableError("gone"), Exit.FAILED),
        (errors.ServerError("500"), Exit.FAILED),
        (errors.RateLimitError("slow"), Exit.FAILED),
        (errors.StateLockedError("taken"), Exit.FAILED),
        (errors.StateCorruptError("broken"), Exit.FAILED),
        (errors.StaleChangesError("old"), Exit.PENDING),
        (errors.SpendGuardError("no"), Exit.APPROVAL),
        (errors.OutcomeUnknownError("?"), Exit.UNKNOWN),
        (_TIMED_OUT, Exit.UNKNOWN),
        (_HALF, Exit.BAD_INPUT),
        (errors.ApplyInterruptedError("later", pending=["a"]), Exit.PENDING),
        (_OPEN, Exit.UNKNOWN),
    ],
    ids=lambda value: (
        type(value).__name__ if isinstance(value, Exception) else value.name
    ),
)
def test_each_error_has_the_exit_code_a_job_can_act_on(monkeypatch, error, code):
    """
    The code says what kind of failure it is; text and JSON say which.
    """
    monkeypatch.setattr("smmlib.codec.load", lambda _: _raise(error))

    assert code == exit_of(error)
    assert error.message in run("split", "plan.yaml", code=code).stderr
    found = run_json("split", "plan.yaml", code=code)
    assert (type(error).__name__, code) == (found["error"]["type"], found["exit_code"])


def _raise(error):
    raise error


def test_all_issues_of_an_error_are_shown(monkeypatch):
    """
    Message, place, value, limit and hint of each.
    """
    issues = [
        errors.Issue(
            f"lines.l{n}.cost",
            "money.invalid",
            f"wrong {n}",
            value="NaN",
            limit="a number",
            hint=f"correct {n}",
            file="a.yaml",
            line=n,
            column=4,
        )
        for n in (1, 2)
    ]
    wrong = errors.ValidationError(issues)
    monkeypatch.setattr("smmlib.codec.load", lambda _: _raise(wrong))

    shown = run("split", "a.yaml", code=2).stderr

    for n in (1, 2):
        assert f"error: wrong {n}  [money.invalid]" in shown
        assert f"at    a.yaml:{n}:4 lines.l{n}.cost" in shown
        assert f"hint  correct {n}" in shown
    assert "found NaN" in shown
    assert "limit a number" in shown


def test_a_bug_is_admitted_without_a_traceback(monkeypatch):
    """
    A failure of our own exits with 1 and says how to report it.
    """
    monkeypatch.setattr("smmlib.codec.load", lambda _: _raise(RuntimeError("boom")))

    shown = run("split", "plan.yaml", code=1).stderr

    assert "boom" in shown
    assert "SMM_DEBUG=1" in shown
    assert "RuntimeError" == run_json("split", "p.yaml", code=1)["error"]["type"]


def test_a_bug_shows_its_traceback_where_asked_for(monkeypatch):
    """
    SMM_DEBUG=1 adds the traceback, on stderr.
    """
    from click.testing import CliRunner

    monkeypatch.setattr("smmlib.codec.load", lambda _: _raise(RuntimeError("boom")))

    result = CliRunner().invoke(_app.smm, ["split", "p"], env={"SMM_DEBUG": "1"})

    assert "Traceback" in result.stderr
    assert "Traceback" not in result.stdout


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (PermissionError(13, "Permission denied", "plan.yaml"), 2),
        (OSError(28, "No space left on device", "plan.yaml"), 1),
    ],
    ids=["refused", "full"],
)
def test_what_the_computer_refuses_is_said_in_a_sentence(monkeypatch, error, code):
    """
    A path the user can correct exits with 2, a full disk with 1; both name the file.
    """
    monkeypatch.setattr("smmlib.codec.load", lambda _: _raise(error))

    assert "'plan.yaml': " in run("split", "plan.yaml", code=code).stderr
    found = run_json("split", "plan.yaml", code=code)
    assert error.strerror in found["error"]["message"]


def test_an_interrupt_says_how_to_go_on(monkeypatch):
    """
    Ctrl-C exits with 130 and names the command to repeat.
    """
    monkeypatch.setattr("smmlib.codec.load", lambda _: _raise(KeyboardInterrupt()))

    shown = run("split", "plan.yaml", code=130).stderr

    assert "smm split plan.yaml" in shown
    assert "goes on where it stopped" in shown
    found = run_json("split", "plan.yaml", code=130)
    assert "Interrupted" == found["error"]["type"]


def test_texts_from_outside_cannot_steer_the_terminal():
    """
    Escape sequences are made visible instead of obeyed.
    """
    assert "a�[2Jb\n\tc" == plain("a\x1b[2Jb\n\tc")


def test_values_become_json_without_losing_digits():
    """
    Decimals, money, days, enums and values of the model as plain data.
    """
    from datetime import UTC, date, datetime
    from decimal import Decimal

    from smmlib import Money, Network, Utm

    given = {
        "d": Decimal("1.234567891"),
        "m": Money("5", "EUR"),
        "on": date(2027, 3, 1),
        "at": datetime(2027, 3, 1, tzinfo=UTC),
        "n": (Network.X, None, True),
        "u": Utm("a", "b", campaign="c"),
    }
    expected = {
        "d": "1.234567891",
        "m": "5.00 EUR",
        "on": "2027-03-01",
        "at": "2027-03-01T00:00:00+00:00",
        "n": ["x", None, True],
        "u": {"source": "a", "medium": "b", "campaign": "c", "term": "", "content": ""},
    }
    assert expected == as_data(given)


# -- completion ------------------------------------------------------------------------


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_the_shells_script(shell):
    """
    The script names the variable that makes `smm` complete.
    """
    assert "_SMM_COMPLETE" in run("completion", shell).stdout
    found = run_json("completion", shell)
    assert {"shell", "script"} == found.keys()


def _completed(words, cwd):
    """
    What bash would be offered after some words.
    """
    environment = {
        **os.environ,
        "_SMM_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(words),
        "COMP_CWORD": str(len(words) - 1),
    }
    done = subprocess.run(
        [sys.executable, "-m", "smmlib"],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return {line.partition(",")[2] for line in done.stdout.splitlines()}


def test_commands_and_plan_files_are_completed(tmp_path):
    """
    Tab offers commands, and for a plan the files that can be one.
    """
    for name in (PLAN, "launch.json", "notes.txt", ".hidden.yaml"):
        tmp_path.joinpath(name).touch()
    tmp_path.joinpath("launches").mkdir()

    assert {"stop", "status", "split"} - _completed(["smm", "s"], tmp_path) == set()
    found = _completed(["smm", "check", "la"], tmp_path)
    assert {PLAN, "launch.json", "launches/"} == found
    assert ".hidden.yaml" not in _completed(["smm", "plan", ""], tmp_path)


# -- where -----------------------------------------------------------------------------


def test_where_options_stand_before_or_after_the_command(tmp_path):
    """
    `--state-dir` means the same in both places.
    """
    plan = copy_example(tmp_path)

    run("--state-dir", tmp_path / "a", "plan", plan, code=3)
    run("plan", plan, "--state-dir", tmp_path / "b", code=3)

    assert tmp_path.joinpath("a", "sandbox.db").exists()
    assert tmp_path.joinpath("b", "sandbox.db").exists()
    assert not tmp_path.joinpath(".smm").exists()


def test_state_is_kept_beside_the_plan(tmp_path):
    """
    Without --state-dir, `.smm` lies where the plan lies, whatever folder one is in.
    """
    run("plan", copy_example(tmp_path), code=3)

    assert tmp_path.joinpath(".smm", "sandbox.db").exists()


_ACCOUNTS = """
default = "production"
[environments.production.platforms.meta]
account = "act_1"
page = "2"
token = { env = "SMM_TEST_TOKEN" }
"""


def test_the_default_environment_is_read_from_smm_toml(tmp_path, monkeypatch):
    """
    Beside the plan or by --config; a missing token names where it is sought.
    """
    monkeypatch.delenv("SMM_TEST_TOKEN", raising=False)
    plan = copy_example(tmp_path)
    elsewhere = tmp_path / "accounts.toml"
    elsewhere.write_text(_ACCOUNTS.replace("production", "rehearsal"), "utf-8")

    found = run_json("plan", plan, "--config", elsewhere, code=2)
    elsewhere.rename(tmp_path / "smm.toml")
    again = run_json("plan", plan, code=2)

    for answer in (found, again):
        assert "MissingCredentialsError" == answer["error"]["type"]
        assert "SMM_TEST_TOKEN" in answer["error"]["message"]


def test_production_is_never_taken_by_default(tmp_path):
    """
    Real money needs somebody who says so, each time.
    """
    plan = copy_example(tmp_path)
    tmp_path.joinpath("smm.toml").write_text(_ACCOUNTS, "utf-8")

    for command in ("plan", "apply", "activate"):
        answer = run_json(command, plan, code=2)
        assert "--env production" in answer["error"]["hint"]
    # An emergency waits for no such word.
    assert "SMM_TEST_TOKEN" in run_json("stop", plan, code=2)["error"]["message"]


def test_a_token_is_never_printed(tmp_path, monkeypatch):
    """
    Neither a good place nor a failing call shows it, with debugging switched on.
    """
    secret = "EAAsecret0123456789"
    monkeypatch.setenv("SMM_TEST_TOKEN", secret)
    plan = copy_example(tmp_path)
    config = tmp_path / "smm.toml"
    config.write_text(_ACCOUNTS + 'base_url = "http://127.0.0.1:9"\n', "utf-8")
    monkeypatch.setattr("time.sleep", lambda _: None)

    from click.testing import CliRunner

    words = ["plan", str(plan), "--env", "production"]
    result = CliRunner().invoke(_app.smm, words, env={"SMM_DEBUG": "1"})

    assert result.exit_code != 0
    assert "never taken" not in result.output
    assert secret not in result.output


def test_an_unknown_environment_names_the_known_ones(tmp_path):
    """
    A slip in --env is a mistake of the user, with a suggestion.
    """
    plan = copy_example(tmp_path)
    tmp_path.joinpath("smm.toml").write_text(_ACCOUNTS, "utf-8")

    found = run_json("plan", plan, "--env", "producton", code=2)

    assert "production" in found["error"]["hint"]


def test_the_sample_of_accounts_is_a_sample_that_can_be_read():
    """
    examples/smm.toml reads without problems and changes nothing: the sandbox stays.
    """
    from smmlib.codec import load_settings

    settings = load_settings(EXAMPLES / "smm.toml")

    assert "sandbox" == settings.default
