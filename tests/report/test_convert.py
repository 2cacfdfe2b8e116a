from __future__ import annotations

import smmlib as smm
from _cli import copy_example, run, run_json


def test_a_plan_file_becomes_a_workbook_and_a_plan_file_again(tmp_path):
    """
    `smm convert` there and back again gives the same plan.
    """
    plan = copy_example(tmp_path)
    book, back = tmp_path / "launch.xlsx", tmp_path / "back.yaml"

    run("convert", plan, book)
    found = run_json("convert", book, back)

    assert {"file": str(back)} == found
    assert smm.load(plan) == smm.load(back)


def test_what_is_no_plan_is_refused(tmp_path):
    """
    A file that is no workbook ends with bad input, and nothing is written.
    """
    (tmp_path / "a.xlsx").write_text("no", encoding="utf-8")

    run("convert", tmp_path / "a.xlsx", tmp_path / "b.yaml", code=2)

    assert not (tmp_path / "b.yaml").exists()
