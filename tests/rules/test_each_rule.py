"""
Each rule finds what breaks it, says where and what is allowed, and nothing else.
"""

from __future__ import annotations

import pytest

from rules._cases import CASES as PLAN_CASES
from rules._linkedin_cases import CASES as LINKEDIN_CASES
from rules._meta_cases import CASES as META_CASES
from rules._plans import clean_plan
from rules._x_cases import CASES as X_CASES
from smmlib.rules import RULES, check

_CASES = [*PLAN_CASES, *META_CASES, *LINKEDIN_CASES, *X_CASES]
_BY_CODE = {rule.code: rule for rule in RULES}


def _codes(plan, now=None):
    return [issue.code for issue in check(plan, now=now)]


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case.code)
def test_a_breach_is_found_with_its_place_and_limit(case):
    """
    The plan that breaks one rule gets exactly one issue of it, complete for a reader.
    """
    found = [i for i in check(case.bad, now=case.now) if i.code == case.code]

    assert [(case.path, case.limit)] == [(i.path, i.limit) for i in found]
    assert found[0].message
    rule = _BY_CODE[case.code]
    assert (found[0].source != "") == any(limit.source for limit in rule.limits)


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case.code)
def test_what_only_just_keeps_the_rule_is_left_alone(case):
    """
    The plan beside it, which keeps the rule, gets no issue of it.
    """
    assert case.code not in _codes(case.good, now=case.now)


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case.code)
def test_every_error_and_warning_says_what_to_do(case):
    """
    Whoever reads an issue knows the next step.
    """
    found = next(i for i in check(case.bad, now=case.now) if i.code == case.code)

    assert found.hint


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case.code)
def test_paths_start_at_a_part_of_the_plan(case):
    """
    The place of an issue can be looked up in the plan and in its file.
    """
    plan = clean_plan()

    for issue in check(case.bad, now=case.now):
        head = issue.path.partition(".")[0].partition("[")[0]
        assert hasattr(plan, head), issue.path


def test_no_rule_is_without_a_case():
    """
    A rule that nobody has seen break is not known to work.
    """
    assert {rule.code for rule in RULES} == {case.code for case in _CASES}


def test_codes_are_unique():
    """
    One code is one rule.
    """
    assert len({rule.code for rule in RULES}) == len(RULES)
