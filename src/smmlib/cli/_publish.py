"""
`smm publish`: posts that are due and approved go out, once; one line for cron.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from smmlib.cli._exits import Exit
from smmlib.cli._saved import opened
from smmlib.cli._setup import (
    Setup,
    json_option,
    pass_setup,
    plan_argument,
    where_options,
)
from smmlib.cli._text import answer, plain, show_table

if TYPE_CHECKING:
    from smmlib.model import MediaPlan
    from smmlib.workspace import Publications, Workspace

_STYLES = {
    "published": "green",
    "published now": "bold green",
    "due": "cyan",
    "unapproved": "yellow",
    "refused": "bold red",
    "unknown": "bold red",
}


@click.command()
@plan_argument
@click.option("--due", is_flag=True, help="Send what is due and approved.")
@click.option(
    "--approve",
    metavar="POST",
    multiple=True,
    help="Keep a word on a post as it is now; with --by.",
)
@click.option("--by", default="", metavar="PERSON", help="Who approves.")
@click.option(
    "--there",
    metavar="POST:NETWORK=ID",
    multiple=True,
    help="You looked after an answer was lost: the post is there.",
)
@click.option(
    "--not-there",
    metavar="POST:NETWORK",
    multiple=True,
    help="You looked after an answer was lost: the post is not there.",
)
@where_options
@json_option
@pass_setup
def publish(  # noqa: PLR0917 - click hands over each option by name
    setup: Setup,
    plan: str,
    approve: tuple[str, ...],
    by: str,
    there: tuple[str, ...],
    not_there: tuple[str, ...],
    *,
    due: bool,
    as_json: bool,
) -> int:
    """
    Publish posts that are due and approved, once.

    Without --due it only shows how every post stands. Run `smm publish --due` from cron
    as often as you like: what is out is not sent again. Exit code 3 when posts are due
    and were not sent, 4 when one waits for its approver, 2 when one was refused, 5 when
    nobody knows whether one is out.
    """
    with opened(setup, plan) as (work, media_plan):
        for name in (*there, *not_there):
            _settle(work, media_plan, name)
        if approve:
            work.approve_posts(media_plan, *approve, by=by)
        rows = work.publish(media_plan) if due else work.posts(media_plan)
    if as_json:
        answer(rows, as_json=True)
    else:
        _show(rows)
    return exit_of(rows)


def exit_of(rows: Publications) -> Exit:
    """
    The worst that a program has to know.
    """
    for status, code in (
        ("unknown", Exit.UNKNOWN),
        ("refused", Exit.BAD_INPUT),
        ("unapproved", Exit.APPROVAL),
        ("due", Exit.PENDING),
    ):
        if rows.of(status):
            return code
    return Exit.DONE


def _settle(work: Workspace, plan: MediaPlan, given: str) -> None:
    name, equals, post_id = given.partition("=")
    key, colon, network = name.partition(":")
    if not (key and colon and network) or (equals and not post_id):
        raise click.UsageError(
            f"{given!r} names no post and network: write opening:telegram, and =ID "
            "where it is there"
        )
    work.settle_post(plan, key, network, post_id=post_id)


def _show(rows: Publications) -> None:
    columns = ("post", "network", "status", "when", "id", "what to know")
    cells = list(rows.cells())
    show_table("", columns, cells, left=len(columns), styles=_STYLES)
    lines = [f"Posts: {rows.summary()}.", *(f"hint  {h}" for h in rows.hints())]
    click.echo(plain("\n".join(lines)))
