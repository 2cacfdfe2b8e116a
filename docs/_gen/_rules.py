"""
Rules, KPIs and platforms as tables.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from _text import code, first_paragraph, page, table

from smmlib import (
    BASE_METRICS,
    CTA,
    Network,
    Objective,
    OptimiseFor,
    Position,
    kpi_library,
    platform_name,
)
from smmlib.adapters import platform_names
from smmlib.adapters.meta import MetaPlatform
from smmlib.adapters.meta import _tables as meta
from smmlib.adapters.meta._platform import _CAPABILITIES
from smmlib.model import BidStrategy
from smmlib.rules import rules_table

_RULES = """
# Rules

`smm check` and `smmlib.check` go through all of these and report every breach at once:
code, place, value, limit and the next step.
An *error* stops a launch, a *warning* works but not as meant, *info* is good to know.
Limits of a platform carry the document they were read from, and when.

Rules for every plan come first, then those of platforms; a platform's rules apply when
a line of the plan uses one of its networks.
[Your own rules](../how-to/add-a-platform-or-rule.md) can take part.
"""


def rules_page() -> str:
    """
    One table for each area of rules.
    """
    parts = [_RULES]
    rows = sorted(rules_table(), key=lambda row: (row["platform"], _area(row)))
    for (platform, area), some in groupby(
        rows, key=lambda row: (row["platform"], _area(row))
    ):
        title = f"{platform}: all rules" if platform else area.replace("_", " ")
        parts.append(f"## {title[0].upper()}{title[1:]}")
        parts.append(
            table(
                ("code", "severity", "what must hold", "limit", "source"),
                [_rule(row) for row in some],
            )
        )
    return page(*parts)


def _area(row: dict[str, Any]) -> str:
    return str(row["code"]).partition(".")[0]


def _rule(row: dict[str, Any]) -> tuple[str, ...]:
    limit = f"{row['limit']} {row['unit']}".strip()
    named = f"{row['name']}: {limit}" if row["name"] and limit else limit
    source = f"{row['source']} ({row['date']})" if row["date"] else row["source"]
    return (code(row["code"]), row["severity"], row["title"], named, source)


def kpis_page() -> str:
    """
    The trade's KPIs.
    """
    head = ("KPI", "shown as", "formula", "unit", "better", "also called")
    rows = [
        (
            code(kpi.name),
            kpi.label,
            code(kpi.formula),
            kpi.unit.value,
            kpi.better.value,
            ", ".join(map(code, kpi.aliases)),
        )
        for kpi in kpi_library().values()
    ]
    return page(
        "# KPIs",
        "What a plan may set targets for without defining it.\n"
        "Ratios are ratios of sums, never averages of ratios, and a ratio by zero is\n"
        "undefined: it is shown as a dash, never as zero.\n"
        "Money KPIs take targets such as `18.00 EUR`, percentages such as `15 %`.",
        table(head, rows),
        "## Base metrics",
        "Every formula is built from numbers that can be summed over days, ads and\n"
        "networks:",
        ", ".join(map(code, BASE_METRICS)) + ".",
        "`reach` is the exception: the same people are seen on several days. It is\n"
        "known only where one row covers the whole group, and so is `frequency`.",
    )


# -- platforms -------------------------------------------------------------------------

_PLATFORMS = """
# Platforms and networks

A **platform** is an API that smmlib talks to; a **network** is where people see the ad.
Wherever a platform is meant you may write a network's name, and `twitter` for `x`.

Lines of a plan on platforms that are not set up yet are planned, counted in budgets and
KPIs, and reported by `smm check` as `platform.not_available`.
[An installed package](../how-to/add-a-platform-or-rule.md) can bring a platform.
"""


def platforms_page() -> str:
    """
    What each platform can do here.
    """
    known = set(platform_names())
    rows = [
        (
            code(network.value),
            code(platform_name(network.value)),
            "yes" if platform_name(network.value) in known else "not set up yet",
        )
        for network in Network
    ]
    return page(
        _PLATFORMS,
        table(("network", "platform", "ads can be set up"), rows),
        "## meta: Facebook and Instagram",
        first_paragraph(MetaPlatform),
        _capabilities(),
        "### Objectives",
        "What a campaign may be paid to reach, and what its ad sets may optimise for;\n"
        "the bold one is taken when the plan says nothing.",
        table(("objective", "optimise for"), map(_goals, Objective)),
        "### Placements",
        table(
            ("placement", *(n.value for n in meta.POSITIONS)), map(_position, Position)
        ),
        "### Buttons and bids",
        "Buttons: " + ", ".join(code(cta.value) for cta in meta.BUTTONS) + ".\n"
        "Not on Meta: "
        + ", ".join(code(c.value) for c in CTA if c not in meta.BUTTONS)
        + ".",
        "Bids: "
        + ", ".join(code(b.value) for b in BidStrategy if b in meta.BID_STRATEGIES)
        + ".",
    )


def _capabilities() -> str:
    able = _CAPABILITIES
    rows = [
        ("API version", code(meta.VERSION)),
        ("networks", ", ".join(n.value for n in able.networks)),
        ("objects", ", ".join(k.value.replace("_", " ") for k in able.kinds)),
        (
            "content that cannot change (a new one replaces it)",
            ", ".join(k.value.replace("_", " ") for k in able.immutable),
        ),
        ("writes in one request", able.batch_size),
        (
            "a new object may stay invisible for",
            f"{able.settle_window.seconds} seconds",
        ),
        ("numbers may still change for", f"{able.metrics_restated} days"),
        ("lost objects are found by their marker", _yes(able.finds_by_marker)),
        ("publishes posts", _yes(able.publishes)),
    ]
    return table(("what", "value"), rows)


def _yes(flag: object) -> str:
    return "yes" if flag else "not yet"


def _goals(objective: Objective) -> tuple[str, str]:
    goals = meta.GOALS[objective]
    usual = meta.USUAL.get(objective)
    shown = [
        f"**{code(goal.value)}**" if goal is usual else code(goal.value)
        for goal in OptimiseFor
        if goal in goals
    ]
    return code(objective.value), ", ".join(shown) or "needs an app: not set up yet"


def _position(position: Position) -> tuple[str, ...]:
    marks = ("yes" if position in some else "–" for some in meta.POSITIONS.values())
    return code(position.value), *marks
