"""
`smm sandbox`: the embedded platforms, for practice and for other programs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from smmlib.cli._launch_posts import shop_records
from smmlib.cli._setup import (
    Setup,
    json_option,
    pass_setup,
    plan_argument,
    where_options,
)
from smmlib.cli._text import answer
from smmlib.errors import ConfigurationError

_EUROS = "EUR:Europe/Berlin"


@click.group()
def sandbox() -> None:
    """
    Practise on ad platforms of your own.

    People, prices and clicks come from a seed; no account is needed.
    """


@sandbox.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=0,
    show_default=True,
    help="0 takes a free one.",
)
@click.option("--seed", type=int, help="Which world; the kept one's, or 0.")
@click.option(
    "--clock",
    type=click.Choice(["virtual", "real"]),
    default="virtual",
    show_default=True,
    help="virtual moves only when told, by POST /_sandbox/clock.",
)
@click.option(
    "--latency-ms", type=click.FloatRange(min=0), default=0, help="Delay of answers."
)
@click.option(
    "--read-lag-s",
    type=click.FloatRange(min=0),
    default=0,
    help="For how long new objects stay invisible to reads.",
)
@click.option(
    "--state", type=click.Path(dir_okay=False), help="File that keeps the whole world."
)
@click.option(
    "--account",
    "accounts",
    multiple=True,
    metavar="CUR:ZONE",
    help="One more ad account beside the EUR one; may be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="The ready line is JSON anyway.")
def serve(
    accounts: tuple[str, ...],
    seed: int | None,
    state: str | None,
    *,
    as_json: bool,
    **options: Any,
) -> None:
    """
    Serve other programs until SIGTERM.

    Prints one line of JSON when it is ready: base URLs, ids of a ready ad account, and
    working test credentials.
    """
    from smmlib.sandbox import kept_seed
    from smmlib.sandbox import serve as serve_sandbox

    del as_json
    if seed is None:
        seed = kept_seed(Path(state) if state else None)
    if accounts and not accounts[0].startswith("EUR:"):
        accounts = (_EUROS, *accounts)
    options["accounts"] = accounts or (_EUROS,)
    serve_sandbox(on_ready=click.echo, seed=seed, state=state, **options)


@sandbox.command()
@plan_argument
@click.option("--days", type=click.FloatRange(min=0), default=1, show_default=True)
@where_options
@json_option
@pass_setup
def advance(setup: Setup, plan: str, days: float, *, as_json: bool) -> None:
    """
    Let days pass where a plan is practised.
    """
    with setup.connect(plan) as work:
        now = work.advance(days=days)
    answer({"now": now}, as_json=as_json, text=f"It is {now:%Y-%m-%d %H:%M %Z}.")


@sandbox.command()
@plan_argument
@where_options
@json_option
@pass_setup
def conversions(setup: Setup, plan: str, *, as_json: bool) -> None:
    """
    Print the shop's own records as CSV.

    Registrations, sales and refunds, with the tags of the links people came by; what a
    CRM would export.
    """
    with setup.connect(plan) as work:
        if work.sandbox is None:
            raise ConfigurationError(
                f"'{work.environment}' is no sandbox: its records are your own",
                hint="export them from your CRM or shop",
            )
        text = shop_records(work)
    answer({"csv": text}, as_json=as_json, text=text.rstrip("\n"))
