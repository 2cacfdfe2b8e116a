"""
Findings can be counted, searched, shown, sent and stopped at.
"""

from __future__ import annotations

import json
import pickle
from decimal import Decimal

import pytest

from rules._plans import changed, eur
from smmlib.errors import Issue, SmmError, ValidationError
from smmlib.rules import RULES, Findings, Limit, check, rules_table

_ERROR = Issue("lines.a.cost", "a.b", "wrong <b>", limit=Decimal("1.5"), hint="do & so")
_WARNING = Issue("lines.a[1]", "c.d", "odd", severity="warning", file="p.yaml", line=3)
_INFO = Issue("lines.ab", "e.f", "by the way", severity="info")
_FOUND = Findings([_ERROR, _WARNING, _INFO])


def test_findings_are_a_sequence_of_issues():
    """
    They are used like any list that nobody can change.
    """
    assert (3, _WARNING, True) == (len(_FOUND), _FOUND[1], _INFO in _FOUND)
    assert Findings([_ERROR, _WARNING]) == _FOUND[:2]
    assert [_ERROR, _WARNING, _INFO] == list(_FOUND)
    assert _FOUND == pickle.loads(pickle.dumps(_FOUND))  # noqa: S301 - our own
    with pytest.raises(AttributeError):
        _FOUND.issues = ()


def test_severities_are_told_apart():
    """
    Errors stop, warnings and infos do not.
    """
    assert [_ERROR] == list(_FOUND.errors)
    assert [_WARNING] == list(_FOUND.warnings)
    assert [_INFO] == list(_FOUND.infos)
    assert (False, True) == (_FOUND.ok, _FOUND[1:].ok)


def test_one_part_of_a_plan_can_be_looked_at():
    """
    A path means what lies at it and below it, not what only starts alike.
    """
    assert Findings([_ERROR, _WARNING]) == _FOUND.where("lines.a")
    assert Findings([_INFO]) == _FOUND.where("lines.ab")
    assert _FOUND == _FOUND.where("")
    assert Findings() == _FOUND.where("line")


def test_errors_can_be_raised():
    """
    A script stops at errors, with all of them in hand, and goes on with warnings.
    """
    with pytest.raises(ValidationError) as caught:
        _FOUND.raise_if_errors()

    assert (_ERROR,) == caught.value.issues
    assert isinstance(caught.value, SmmError)
    assert _FOUND[1:] == _FOUND[1:].raise_if_errors()


def test_a_page_shows_them_without_running_them():
    """
    What a plan says is shown as text, with place, problem, limit and hint.
    """
    page = _FOUND._repr_html_()

    assert "wrong &lt;b&gt; [a.b]" in page
    assert "do &amp; so" in page
    assert "<td style='text-align:left'>1.5</td>" in page
    assert "p.yaml:3 lines.a[1]" in page
    assert "1 error, 1 warning, 1 note" in page


def test_no_problem_is_said_in_words():
    """
    An empty table would look like a fault.
    """
    assert "no problems" == str(Findings())
    assert "<p>no problems</p>" == Findings()._repr_html_()
    assert "<Findings: no problems>" == repr(Findings())


def test_findings_become_json():
    """
    Another program reads them without knowing our types.
    """
    rows = json.loads(json.dumps(_FOUND.to_dict()))

    assert ["error", "warning", "info"] == [row["severity"] for row in rows]
    assert "1.5" == rows[0]["limit"]
    assert json.dumps(check(changed({"lines.meta.cost": eur(99999)})).to_dict())


def test_text_names_place_code_and_hint():
    """
    A terminal shows one problem after the other and counts them.
    """
    lines = str(_FOUND).splitlines()

    assert "error: lines.a.cost: wrong <b> [a.b]" == lines[0]
    assert "  hint: do & so" == lines[1]
    assert "1 error, 1 warning, 1 note" == lines[-1]


def test_the_table_of_rules_is_complete_and_plain():
    """
    The page of the docs lists every rule, and every number with its document.
    """
    rows = rules_table()

    assert [rule.code for rule in RULES] == list(dict.fromkeys(r["code"] for r in rows))
    assert json.dumps(rows)
    assert {
        "code",
        "severity",
        "platform",
        "title",
        "limit",
        "unit",
        "source",
        "date",
    } <= {*rows[0]}
    radius = next(r for r in rows if r["code"] == "meta.radius" and r["unit"] == "km")
    assert ("17 to 80", "2026-09") == (radius["limit"], radius["date"])


@pytest.mark.parametrize("rule", [r for r in RULES if r.platform], ids=lambda r: r.code)
def test_every_rule_of_a_platform_names_its_document(rule):
    """
    What a platform asks for is never hearsay.
    """
    assert rule.limits
    assert all(limit.source for limit in rule.limits)


def test_a_limit_says_where_it_comes_from():
    """
    Document and date stand together.
    """
    assert "Guide (2026-09)" == Limit("a", 1, source="Guide", date="2026-09").origin
    assert "smmlib" == Limit("a", 1, source="smmlib").origin
