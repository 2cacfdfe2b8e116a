"""
`smm pull`, `smm track`, `smm roi`: what came of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from smmlib.cli._kept import facts_file, keep_facts, kept_facts
from smmlib.cli._setup import (
    Setup,
    json_option,
    load_plan,
    pass_setup,
    plan_argument,
    where_options,
)
from smmlib.cli._tables import returns_rows, show_returns, show_tracking, tracking_rows
from smmlib.cli._text import answer, number, plural

if TYPE_CHECKING:
    from smmlib.analytics import Facts
    from smmlib.model import MediaPlan


def read_kept(setup: Setup, path: str) -> tuple[MediaPlan, Facts]:
    """
    A plan and the facts that were pulled for it last.
    """
    plan = load_plan(path, setup)
    return plan, kept_facts(facts_file(setup, path, plan), path)


@click.command()
@plan_argument
@click.option(
    "--conversions",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="CSV of registrations, sales and refunds, e.g. from the CRM.",
)
@where_options
@json_option
@pass_setup
def pull(setup: Setup, plan: str, conversions: str | None, *, as_json: bool) -> None:
    """
    Read what happened: numbers and own records.

    The platforms' daily numbers and your CSV are kept beside the state, for track,
    roi and report.
    """
    media_plan = load_plan(plan, setup)
    with setup.connect(plan) as work:
        facts = work.pull(media_plan, conversions=conversions)
    path = facts_file(setup, plan, media_plan)
    keep_facts(path, facts)
    data: dict[str, Any] = {**summary(facts), "file": str(path)}
    found = (
        f"{plural(data['rows'], 'row')} of numbers, "
        f"{plural(data['conversions'], 'own record')}, "
        f"{data['first_day'] or 'no day'} to {data['last_day'] or 'no day'}; "
        f"{number(data['spend'], 2)} {facts.currency} spent."
    )
    lines = [
        found,
        *(f"note: {issue.message}" for issue in facts.notes),
        f"Next: smm track {plan}, smm roi {plan}, smm report {plan}",
    ]
    answer(data, as_json=as_json, text="\n".join(lines))


def summary(facts: Facts) -> dict[str, Any]:
    """
    How much there is, in a few numbers.
    """
    total = next(iter(facts.totals()), None)
    return {
        "rows": len(facts.metrics),
        "conversions": len(facts.conversions),
        "first_day": facts.first_day,
        "last_day": facts.last_day,
        "currency": facts.currency,
        "spend": total["spend"] if total else None,
        "impressions": total["impressions"] if total else None,
        "clicks": total["clicks"] if total else None,
        "notes": [issue.to_dict() for issue in facts.notes],
    }


@click.command()
@plan_argument
@where_options
@json_option
@pass_setup
def track(setup: Setup, plan: str, *, as_json: bool) -> None:
    """
    Show how every goal and target stands.
    """
    from smmlib.analytics import track as track_goals

    media_plan, facts = read_kept(setup, plan)
    found = track_goals(media_plan, facts)
    if as_json:
        answer({"as_of": found.as_of, "targets": tracking_rows(found)}, as_json=True)
    else:
        show_tracking(found)


@click.command()
@plan_argument
@click.option(
    "--model",
    default="last",
    show_default=True,
    help="How to credit: last, the last click before it; first, linear, "
    "position_based, time_decay, markov, shapley.",
)
@where_options
@json_option
@pass_setup
def roi(setup: Setup, plan: str, model: str, *, as_json: bool) -> None:
    """
    Show what each channel cost and earned.

    Own records stand beside what the platforms claim.
    """
    from smmlib.analytics import roi as returns_of

    media_plan, facts = read_kept(setup, plan)
    found = returns_of(facts, media_plan, model=model)
    if as_json:
        answer(returns_rows(found), as_json=True)
    else:
        show_returns(found)
