"""
`smm alert`: what somebody should look at today; one line for cron.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from smmlib.cli._text import answer, plain, plural

if TYPE_CHECKING:
    from smmlib.analytics import Alerts


@click.command()
@plan_argument
@click.option(
    "--send",
    type=click.Choice(["telegram"]),
    help="Also send them to the team's chat (alert_chat in smm.toml).",
)
@where_options
@json_option
@pass_setup
def alert(setup: Setup, plan: str, send: str | None, *, as_json: bool) -> int:
    """
    Show what somebody should look at today.

    The most money at risk comes first: delivery, spend, click rate, cost per result,
    pace, rejected ads, ended flights, tokens, angry comments. Looks at the numbers of
    the last pull up to yesterday, and asks the platforms how everything stands. Exit
    code 3 when there are alerts.
    """
    media_plan, facts = read_kept(setup, plan)
    with setup.connect(plan) as work:
        found = work.alert(media_plan, facts)
        sent = work.send_alerts(found) if send else ""
    data = {**found.to_dict(), **({"sent": sent} if send else {})}
    if as_json:
        answer(data, as_json=True)
    else:
        _show(found, sent, send=bool(send))
    return Exit.PENDING if found else Exit.DONE


def _show(found: Alerts, sent: str, *, send: bool) -> None:
    """
    Alerts one below the other: their sentences are too long for a table.
    """
    lines = [found.summary()]
    for one in found:
        risk = f"{one.at_risk} at risk" if one.at_risk else "no sum at risk"
        lines += [
            f"{one.urgency.upper():<6}{one.where}: {one.message}",
            f"      {risk}" + (f", since {one.since}" if one.since else ""),
            *([f"      hint: {one.hint}"] if one.hint else []),
        ]
    lines += [f"note: {note}" for note in found.notes]
    if send:
        told = f"Sent {plural(len(found), 'alert')} to Telegram, message {sent}."
        lines.append(told if sent else "Nothing was sent.")
    click.echo(plain("\n".join(lines)))
