"""
The recipes of a paid-social person's week run against the sandbox as they were stored.
"""

from __future__ import annotations

import re

import pytest

from _recipes import CODES, RECIPES, STORED, run, stored

_SECONDS = 60  # on the processor, all recipes together
_LINES = 15


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """
    Every recipe, run once in a folder of its own; gives folder and result by number.
    """
    found = {}
    for number in RECIPES:
        folder = tmp_path_factory.mktemp(f"recipe-{number}")
        found[number] = (folder, run(number, folder))
    return found


@pytest.mark.parametrize("number", RECIPES, ids=RECIPES.get)
def test_a_recipe_gives_its_stored_result(runs, number):
    """
    The same input and seed give the same answer, to the letter.
    """
    _, done = runs[number]

    assert "" == done.errors
    assert CODES.get(number, 0) == done.code
    assert stored(number).read_text("utf-8") == done.output


@pytest.mark.parametrize("number", RECIPES, ids=RECIPES.get)
def test_a_recipe_is_short(runs, number):
    """
    At most fifteen lines, so that it can be read before it is run.
    """
    folder, _ = runs[number]

    text = folder.joinpath(RECIPES[number]).read_text("utf-8")
    assert len(text.splitlines()) <= _LINES


def test_all_recipes_are_quick(runs):
    """
    All of them together take less than a minute of a processor.
    """
    assert sum(done.seconds for _, done in runs.values()) < _SECONDS


def test_the_report_is_a_page_and_a_workbook(runs):
    """
    The client's report leaves both files, and both hold the same money.
    """
    folder, _ = runs[8]
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")

    page = folder.joinpath("client.html").read_text("utf-8")
    book = openpyxl.load_workbook(folder / "client.xlsx", data_only=True)
    cells = [
        c for sheet in book for row in sheet.iter_rows(values_only=True) for c in row
    ]

    revenue = re.search(r"Revenue .*?([0-9,]+\.[0-9]{2}) EUR", stored(8).read_text())[1]
    amount = float(revenue.replace(",", ""))
    assert revenue in page
    assert any(isinstance(c, float) and round(c, 2) == amount for c in cells)


def test_nothing_is_stored_that_nobody_runs():
    """
    Each stored result belongs to a recipe.
    """
    assert {stored(number) for number in RECIPES} == set(STORED.glob("*.txt"))
