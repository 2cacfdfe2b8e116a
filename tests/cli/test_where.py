"""
Where pictures are, and where `--json` may stand.
"""

from __future__ import annotations

import json
import shutil

import pytest

import smmlib as smm
from _cli import copy_example, run, run_json
from smmlib.cli._app import in_order
from smmlib.codec import parse_settings


@pytest.fixture(name="plan")
def _plan(tmp_path):
    """
    The example with its pictures somewhere else.
    """
    (tmp_path / "team").mkdir()
    plan = copy_example(tmp_path / "team")
    (tmp_path / "pictures").mkdir()
    shutil.move(plan.parent / "img", tmp_path / "pictures" / "img")
    return plan


_WHOLE = 'media_root = "../pictures"\n'
_ONE = """
default = "rehearsal"
media_root = "nowhere"
[environments.rehearsal]
media_root = "../pictures"
"""


@pytest.mark.parametrize("toml", [_WHOLE, _ONE])
def test_check_looks_for_pictures_where_smm_toml_says(plan, toml):
    """
    Without it every picture is missing; with it all are there, for check and launch.
    """
    missing = run_json("check", plan, code=2)
    assert "media.missing" in {issue["code"] for issue in missing["issues"]}

    plan.with_name("smm.toml").write_text(toml)

    found = run_json("check", plan)
    assert "media.missing" not in {issue["code"] for issue in found["issues"]}


def test_what_is_set_up_and_published_comes_from_there_too(plan):
    """
    Pictures of ads and of posts are read from the same folder.
    """
    plan.with_name("smm.toml").write_text(_WHOLE)

    run("apply", plan)
    run("sandbox", "advance", plan, "--days", 8)
    run("publish", plan, "--approve", "opening", "--by", "eva", code=3)
    sent = run_json("publish", plan, "--due")

    assert 2 == sum(row["sent"] for row in sent["posts"])


def test_an_environment_inherits_the_folder_of_the_file():
    """
    One line on top is enough for all.
    """
    settings = parse_settings('media_root = "a"\n[environments.one]\n')

    assert ("a", "a") == (settings.media_root, settings.environments["one"].media_root)
    with pytest.raises(smm.ConfigurationError):
        parse_settings('media_root = ""')


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["--json", "check", "a"], ["check", "a", "--json"]),
        (["check", "a", "--json"], ["check", "a", "--json"]),
        (
            ["--env", "production", "--json", "plan", "a"],
            ["--env", "production", "plan", "a", "--json"],
        ),
        (["--json", "check", "--", "a"], ["check", "--json", "--", "a"]),
        (["--json", "sandbox", "advance"], ["sandbox", "advance", "--json"]),
        (["--json"], ["--json"]),
        (["--json", "--help"], ["--json", "--help"]),
        (["--env", "--json", "check"], ["--env", "--json", "check"]),
        ([], []),
    ],
)
def test_json_may_stand_before_the_command(given, expected):
    """
    It means the same on both sides of it, and never the value of another option.
    """
    assert expected == in_order(given)


def test_both_ways_answer_the_same(tmp_path):
    """
    A program may put it where it likes.
    """
    plan = copy_example(tmp_path)

    before = json.loads(run("--json", "check", plan).stdout)

    assert run_json("check", plan) == before
    failed = json.loads(run("--json", "chek", plan, code=2).stdout)
    assert 2 == failed["exit_code"]
