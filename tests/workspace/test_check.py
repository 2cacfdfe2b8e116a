"""
`smm.check`: everything that is wrong, at once.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import smmlib as smm
from _cli import copy_example

_PLAN = Path(__file__).parents[2] / "examples" / "launch.plan.yaml"


def test_the_example_has_no_errors_and_says_what_is_not_set_up_yet():
    """
    The example can be launched; lines of other networks are named plainly.
    """
    found = smm.check(_PLAN)

    assert () == tuple(found.errors)
    missing = {i.path for i in found if "platform.not_available" == i.code}
    assert "lines.x-teaser.networks" in missing
    assert "lines.linkedin-office.networks" not in missing


def test_mistakes_of_the_file_and_of_the_plan_come_together(tmp_path):
    """
    A text of 481 characters and a budget over the total are told in one go.
    """
    text = _PLAN.read_text("utf-8")
    text = text.replace("total: 33000 EUR", "total: 9000 EUR")
    text = text.replace("Four roasts, one", "x" * 481 + " Four roasts, one", 1)
    broken = tmp_path / "broken.plan.yaml"
    broken.write_text(text, "utf-8")

    codes = {issue.code for issue in smm.check(broken).errors}

    assert {"text.too_long", "budget.lines_over"} <= codes


def test_what_was_left_out_causes_no_second_mistake(tmp_path):
    """
    A creative that cannot be read is reported once, not again where it is used.
    """
    text = _PLAN.read_text("utf-8")
    text = text.replace("Four roasts, one", "x" * 481 + " Four roasts, one", 1)
    broken = copy_example(tmp_path)
    broken.write_text(text, "utf-8")

    found = smm.check(broken)

    assert ["text.too_long"] == [issue.code for issue in found.errors]


def test_a_folder_is_no_plan(tmp_path):
    """
    A folder instead of a file is one clear error.
    """
    found = smm.check(tmp_path)

    assert 1 == len(found.errors)
    assert found.errors[0].hint


def test_a_plan_in_memory_is_checked_too():
    """
    A plan that was built in Python needs no file.
    """
    assert smm.check(smm.load(_PLAN)).ok


@pytest.mark.parametrize("name", ["production", "sandbx"])
def test_an_environment_that_is_not_configured_is_refused(tmp_path, name):
    """
    Any other environment than the sandbox must stand in smm.toml.
    """
    with pytest.raises(smm.SmmError) as caught:
        smm.connect(name, root=tmp_path)

    assert caught.value.hint
