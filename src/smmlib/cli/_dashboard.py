"""
`smm dashboard`: the report as a page that is new every morning.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from smmlib.cli._facts import read_kept
from smmlib.cli._kept import facts_file, keep_facts
from smmlib.cli._setup import (
    Setup,
    json_option,
    load_plan,
    pass_setup,
    plan_argument,
    where_options,
)
from smmlib.cli._text import answer, plain

if TYPE_CHECKING:
    from smmlib.report import Report

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@click.command()
@plan_argument
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8765,
    show_default=True,
    help="0 takes a free one.",
)
@click.option(
    "--period",
    type=click.Choice(["week", "month"]),
    help="Also compare the last week or month with the one before.",
)
@click.option(
    "--pull/--no-pull",
    default=True,
    show_default=True,
    help="Read the platforms' numbers once a day; else show what smm pull kept.",
)
@where_options
@json_option
@pass_setup
def dashboard(
    setup: Setup,
    plan: str,
    *,
    host: str,
    port: int,
    period: str | None,
    pull: bool,
    as_json: bool,
) -> None:
    """
    Serve the report, made anew every day.

    Also at /summary, /report.xlsx and /report.json. Only this computer can open it,
    unless --host says otherwise; there is no password, so let others in through a
    server that asks for one.
    """
    from smmlib.report import Dashboard

    zone = load_plan(plan, setup).zone
    served = Dashboard(
        lambda: _made(setup, plan, period, pull=pull),
        lambda: datetime.now(UTC),
        zone,
        tell=lambda text: click.echo(plain(text), err=True),
    )
    if host not in _LOOPBACK:
        served.hosts = frozenset()  # the server in front knows its names
    with served.listen(host, port) as server:
        address = f"http://{host}:{server.server_port}/"
        answer({"url": address}, as_json=as_json, text=f"Open {address}")
        server.serve_forever()


def _made(setup: Setup, plan: str, period: str | None, *, pull: bool) -> Report:
    """
    Today's report, from numbers read now or kept.
    """
    from smmlib.report import report

    if pull:
        media_plan = load_plan(plan, setup)
        with setup.connect(plan) as work:
            facts = work.pull(media_plan)
        keep_facts(facts_file(setup, plan, media_plan), facts)
    else:
        media_plan, facts = read_kept(setup, plan)
    return report(media_plan, facts, period=period)
