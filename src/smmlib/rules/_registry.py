"""
All rules that come with smmlib, in one immutable table.
"""

from __future__ import annotations

from typing import Any

from smmlib.rules import (
    _budgets,
    _creatives,
    _flights,
    _goals,
    _linkedin_campaigns,
    _linkedin_creatives,
    _links,
    _meta_audiences,
    _meta_budgets,
    _meta_campaigns,
    _meta_creatives,
    _meta_restricted,
    _names,
    _posts,
    _references,
    _structure,
    _work,
    _x_campaigns,
    _x_creatives,
)
from smmlib.rules._rule import Rule

RULES: tuple[Rule, ...] = (
    *_flights.RULES,
    *_budgets.RULES,
    *_references.RULES,
    *_structure.RULES,
    *_links.RULES,
    *_names.RULES,
    *_goals.RULES,
    *_work.RULES,
    *_creatives.RULES,
    *_posts.RULES,
    *_meta_campaigns.RULES,
    *_meta_budgets.RULES,
    *_meta_audiences.RULES,
    *_meta_restricted.RULES,
    *_meta_creatives.RULES,
    *_linkedin_campaigns.RULES,
    *_linkedin_creatives.RULES,
    *_x_campaigns.RULES,
    *_x_creatives.RULES,
)
"""
Every built-in rule; other packages bring theirs, nothing is added here at run time.
"""


def rules_table(rules: tuple[Rule, ...] = RULES) -> list[dict[str, Any]]:
    """
    The rules as rows for a page of the docs: one row for each limit of a rule.

    Args:
        rules: Which rules; all built-in ones by default.

    Returns:
        Rows with code, severity, platform, title, what is limited, limit, unit, source
        and date; the last five are empty for rules without a number or document.
    """
    return [row for rule in rules for row in _rows(rule)]


def _rows(rule: Rule) -> list[dict[str, Any]]:
    head = {
        "code": rule.code,
        "severity": rule.severity.value,
        "platform": rule.platform,
        "title": rule.title,
    }
    if not rule.limits:
        empty = dict.fromkeys(("name", "limit", "unit", "source", "date"), "")
        return [head | empty]
    return [
        head
        | {
            "name": limit.name,
            "limit": _shown(limit.value),
            "unit": limit.unit,
            "source": limit.source,
            "date": limit.date,
        }
        for limit in rule.limits
    ]


def _shown(value: Any) -> Any:
    """
    A limit as JSON and a reader have it: ranges as text, numbers as they are.
    """
    if isinstance(value, tuple):
        return " to ".join(str(part) for part in value)
    return value if isinstance(value, (int, str)) else str(value)
