"""
Rules and adapter speak of one fact under one name, at one place.
"""

from __future__ import annotations

import pytest

from rules._cases import CASES as PLAN_CASES
from rules._meta_cases import CASES as META_CASES
from smmlib.rules import RULES, check

# What the account says can only be known once it is connected.
_OF_THE_ACCOUNT = {
    "meta.currency",
    "meta.page_missing",
    "meta.pixel_missing",
    "meta.zone",
    "meta.customer_list",
}
_CASES = [*META_CASES, *PLAN_CASES]


def _facts(issues, code=""):
    return {
        (i.code, i.path, i.severity) for i in issues if i.code.startswith(code or "")
    }


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case.code)
def test_a_fact_both_know_has_one_code_place_and_severity(platform, case):
    """
    Where rules and adapter see the same plan, their issues can be told to be the same.
    """
    known = {rule.code for rule in RULES}
    ours = {
        fact
        for fact in _facts(platform.wanted(case.bad).issues)
        if fact[0] in known and fact[0] not in _OF_THE_ACCOUNT
    }
    told = _facts(check(case.bad, now=case.now, platforms=["meta"]))
    allowed = {"campaign.no_objective"} if case.code == "objective.unknown" else set()
    # The general rule speaks for every platform, Meta's for itself.
    if case.code == "ad.link_missing":
        allowed |= {"meta.link_missing"}
    assert set() == {f for f in ours - told if f[0] not in allowed}
