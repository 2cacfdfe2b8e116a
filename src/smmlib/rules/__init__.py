"""
What plans and platforms ask for: tables and small checks, all problems at once.

`check(plan)` runs every rule and gives `Findings`. A rule is a value, so another
package brings its own: a function over a `PlanView` that yields `Found`, wrapped by
`rule`.

Examples:
    >>> from smmlib.rules import RULES, Found, check, rule
    >>> @rule("house.short_name", "Plans have short names.", severity="info")
    ... def short_name(view):
    ...     if len(view.plan.name) > 30:
    ...         yield Found("name", "the name is long", limit=30)
    >>> short_name.code
    'house.short_name'
    >>> # check(plan, rules=[*RULES, short_name])
"""

from __future__ import annotations

from smmlib.rules._check import check
from smmlib.rules._findings import Findings
from smmlib.rules._registry import RULES, rules_table
from smmlib.rules._rule import Found, Limit, Rule, rule
from smmlib.rules._telegram_text import (
    FormattedText,
    TextEntity,
    formatted,
    telegram_length,
)
from smmlib.rules._view import (
    AdSetView,
    AdView,
    AudienceView,
    CampaignView,
    CreativeView,
    PlanView,
)
from smmlib.rules._weighted import WeightedText, weigh, weighted_length

__all__ = [
    "RULES",
    "AdSetView",
    "AdView",
    "AudienceView",
    "CampaignView",
    "CreativeView",
    "Findings",
    "FormattedText",
    "Found",
    "Limit",
    "PlanView",
    "Rule",
    "TextEntity",
    "WeightedText",
    "check",
    "formatted",
    "rule",
    "rules_table",
    "telegram_length",
    "weigh",
    "weighted_length",
]
