"""
`smm report`: one page for the client, from a plan's facts or from an export.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from smmlib.cli._facts import read_kept
from smmlib.cli._setup import (
    Setup,
    complete_plan,
    json_option,
    only_plan,
    pass_setup,
    where_options,
)
from smmlib.cli._text import answer, at_terminal
from smmlib.errors import ValidationError

if TYPE_CHECKING:
    from smmlib.analytics import Facts

_NO_CURRENCY = "metrics.currency"


@click.command()
@click.argument("plan", metavar="[PLAN]", required=False, shell_complete=complete_plan)
@click.option(
    "--metrics", metavar="FILE", help="Ad-level export as CSV, without a plan."
)
@click.option("--columns", metavar="MAP.toml", help="What its columns are called.")
@click.option("--currency", metavar="CODE", help="Currency of its amounts.")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    help="report.html by default; .xlsx and .json hold the same numbers.",
)
@click.option("--title", help="Title of the page.")
@click.option(
    "--period",
    type=click.Choice(["week", "month"]),
    help="Also compare the last week or month with the one before and the plan.",
)
@click.option(
    "--summary", is_flag=True, help="One sheet for who answers for several campaigns."
)
@where_options
@json_option
@pass_setup
def report(
    setup: Setup,
    plan: str | None,
    *,
    metrics: str | None,
    columns: str | None,
    currency: str | None,
    out: Path | None,
    title: str | None,
    period: str | None,
    summary: bool,
    as_json: bool,
) -> None:
    """
    Write the client's report.

    Of a plan with pulled facts, or of an export alone (--metrics FILE). With --json
    the same numbers go to stdout, and a page is only written with --out.
    """
    from smmlib.report import metrics_report
    from smmlib.report import report as plan_report

    if (plan is None) is (metrics is None):
        plan = _only_plan(metrics)
    if metrics is not None and (summary or period):
        raise click.UsageError("--summary and --period need a PLAN")
    if metrics is not None:
        found = metrics_report(_read(metrics, columns, currency), title=title)
    else:
        media_plan, facts = read_kept(setup, str(plan))
        found = plan_report(media_plan, facts, title=title, period=period)
        found = found.summary_sheet() if summary else found
    target = out or (None if as_json else Path("report.html"))
    if target is not None:
        found.save(target)
    answer(found, as_json=as_json, text=f"Open {target}")


def _only_plan(metrics: str | None) -> str:
    """
    The plan of the folder, where neither plan nor export was given.
    """
    why = "not both"
    if metrics is None:
        try:
            return only_plan()
        except click.UsageError as error:
            why = error.message
    raise click.UsageError(f"give either a PLAN or --metrics FILE; {why}")


def _read(metrics: str, columns: str | None, currency: str | None) -> Facts:
    """
    The rows of an export; asks for the currency where somebody can answer.
    """
    from smmlib.analytics import read_metrics

    try:
        return read_metrics(metrics, columns=columns, currency=currency)
    except ValidationError as error:
        missing = {issue.code for issue in error.issues} == {_NO_CURRENCY}
        if not (missing and currency is None and at_terminal()):
            raise
    code = click.prompt("Currency of the amounts (e.g. EUR)", err=True)
    return read_metrics(metrics, columns=columns, currency=code)
