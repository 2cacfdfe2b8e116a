"""
`smm pace` and `smm forecast`: is the money on track, and what will it bring.
"""

from __future__ import annotations

import click

from smmlib.cli._exits import Exit
from smmlib.cli._facts import read_kept
from smmlib.cli._setup import (
    Setup,
    json_option,
    pass_setup,
    plan_argument,
    where_options,
)
from smmlib.cli._text import answer


@click.command()
@plan_argument
@click.option(
    "--step",
    default="0.2",
    show_default=True,
    help="How far a daily budget may move at once.",
)
@click.option(
    "--keep",
    type=click.Choice(["budget", "daily"]),
    default="budget",
    show_default=True,
    help="What stays the same to the cent: all the money, or the sum of daily budgets.",
)
@where_options
@json_option
@pass_setup
def pace(setup: Setup, plan: str, step: str, keep: str, *, as_json: bool) -> int:
    """
    Show whether each line's money is on track.

    Where it will end, with an 80 % interval, and what to spend a day from now on; the
    total stays as it is. Nothing is set. Exit code 3 when a line is off its pace.
    """
    from smmlib.analytics import pace as pace_of

    media_plan, facts = read_kept(setup, plan)
    found = pace_of(media_plan, facts, step=step, keep=keep)
    answer(found.to_dict(), as_json=as_json, text=str(found))
    return Exit.PENDING if found.behind else Exit.DONE


@click.command()
@plan_argument
@click.option("--people", is_flag=True, help="Ask the platforms for audience sizes.")
@click.option("--history", is_flag=True, help="Use the rates of the last pull first.")
@where_options
@json_option
@pass_setup
def forecast(
    setup: Setup, plan: str, *, people: bool, history: bool, as_json: bool
) -> None:
    """
    Say what each line's money will likely bring.

    Ranges with sources: own history first, then the plan's expectations, then
    published benchmarks.
    """
    from smmlib.cli._kept import facts_file, kept_facts
    from smmlib.codec import load
    from smmlib.planning import forecast as forecast_of

    media_plan = load(plan)
    facts = kept_facts(facts_file(setup, plan, media_plan), plan) if history else None
    sizes = {}
    if people:
        from smmlib.workspace import audience_sizes

        with setup.connect(plan) as work:
            sizes = audience_sizes(work, media_plan)
    found = forecast_of(media_plan, history=facts, people=sizes)
    answer(found.to_dict(), as_json=as_json, text=str(found))
