"""
Sixty failures that people of the field met, as bad inputs.

Each is answered before any request, with the field, the rule, what is allowed and the
next step, and with the exact line and column of the file it came from. What was asked
for, and in which public thread, stands beside each in the lists of this folder.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

import httpx
import pytest
from _ads import MONEY, OWNERS, SILENT
from _content import MEDIA, TEXTS, ZONES
from _tables import TABLES

import smmlib
from _cli import EXAMPLES, run
from smmlib.errors import ValidationError

_BASE = Path(__file__).with_name("base.plan.yaml")
_PLANS = (*MONEY, *SILENT, *TEXTS, *ZONES, *OWNERS, *MEDIA)
_RANKS = (3, 4, 14, 18, 19, 21, 27)
_FILES = {
    "page.png": b"<html>not found</html>",
    "scan.tiff": b"II*\0" + bytes(60),
    "empty.png": b"",
    "film.mp4": b"\x00\x00\x00\x18ftypmp42" + bytes(60),
    "picture.mp4": b"\x89PNG\r\n\x1a\n" + bytes(60),
}


def _name(case):
    return f"{case.rank:02} {case.thread}: {case.demand}"


@pytest.fixture
def sent(monkeypatch):
    """
    The requests that left while a test ran.
    """
    requests = []
    send = httpx.Client.send

    def note(client, request, **options):
        requests.append(request)
        return send(client, request, **options)

    monkeypatch.setattr(httpx.Client, "send", note)
    return requests


def _written(folder, edits):
    """
    The plan with these mistakes, and the pictures beside it; gives path and text.
    """
    images = folder / "img"
    images.mkdir()
    picture = EXAMPLES.joinpath("img", "box.png").read_bytes()
    for name in ("light.png", "dark.png", "box.png"):
        images.joinpath(name).write_bytes(picture)
    for name, data in _FILES.items():
        images.joinpath(name).write_bytes(data)
    text = _BASE.read_text("utf-8")
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    path = folder / "sixty.plan.yaml"
    path.write_text(text, "utf-8")
    return path, text


def _place(text, at):
    """
    Line and column of the caret in a part of a text that stands there once.
    """
    before, _, after = at.partition("^")
    assert 1 == text.count(before + after), f"{at} stands there more or less than once"
    start = text.index(before + after) + len(before)
    return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)


def _says_all(issue, case):
    """
    Field, rule, limit and fix, in an error.
    """
    assert issue.is_error
    assert (case.code, case.path) == (issue.code, issue.path)
    assert issue.message
    assert str(case.limit) in str(issue.limit)
    assert case.hint in issue.hint


@pytest.mark.parametrize("case", _PLANS, ids=_name)
def test_a_mistake_in_a_plan_is_answered_before_any_request(case, tmp_path, sent):
    """
    The check names field, rule, limit, fix, line and column; an apply sends nothing.
    """
    path, text = _written(tmp_path, case.edits)

    found = [
        i for i in smmlib.check(path) if (i.code, i.path) == (case.code, case.path)
    ]
    refused = run("apply", path, "--state-dir", tmp_path / "state", code=2)

    assert found, [str(issue) for issue in smmlib.check(path)]
    _says_all(found[0], case)
    assert str(path) == found[0].file
    assert _place(text, case.at) == (found[0].line, found[0].column)
    assert case.code in refused.output
    assert [] == sent


@pytest.mark.parametrize("case", TABLES, ids=_name)
def test_a_mistake_in_an_export_is_answered_with_row_and_column(case, tmp_path, sent):
    """
    Nothing of the file is imported; the answer names the cell, the limit and the fix.
    """
    path = tmp_path / "export.csv"
    path.write_text(case.text, "utf-8")

    with pytest.raises(ValidationError) as caught:
        getattr(smmlib, case.reader)(path, **case.options)

    (issue,) = caught.value.issues
    _says_all(issue, case)
    assert str(path) == str(issue.file)
    assert case.at == (issue.line, issue.column)
    assert [] == sent


def test_the_plan_without_mistakes_is_set_up(tmp_path, sent):
    """
    Only the mistakes stop the plan: without them it is checked, sent and set up.
    """
    path, _ = _written(tmp_path, ())

    assert smmlib.check(path).ok
    run("apply", path, "--state-dir", tmp_path / "state")
    assert sent


def test_sixty_of_sixty():
    """
    At least sixty failures, at least five for each demand, each with its thread.
    """
    cases = (*_PLANS, *TABLES)
    ranks = Counter(case.rank for case in cases)

    assert 60 <= len(cases)
    assert set(_RANKS) == set(ranks)
    assert 5 <= min(ranks.values())
    assert len(cases) == len({(case.thread, case.demand) for case in cases})
    assert all(re.fullmatch(r"[\w.-]+/[\w.-]+#\d+", case.thread) for case in cases)
    sys.stdout.write(f"{len(cases)} failures; by rank: {dict(sorted(ranks.items()))}\n")
