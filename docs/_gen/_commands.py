"""
The reference of the command line, from the commands themselves.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

import click
from _text import code, page, table

from smmlib.cli._app import SECTIONS, smm
from smmlib.cli._exits import Exit

_MEANINGS = {
    Exit.DONE: "Done, and nothing is left to do.",
    Exit.FAILED: "Our own failure: a fault of smmlib, a platform that failed, or "
    "somebody else who applies right now (the state is locked).",
    Exit.BAD_INPUT: "Bad input or usage: the plan, the accounts, an option; or a "
    "platform refused it.",
    Exit.PENDING: "Changes are pending: apply them, or go on where it stopped.",
    Exit.APPROVAL: "Approval is needed: somebody must name the amount.",
    Exit.UNKNOWN: "The outcome of a write is unknown: apply again looks it up.",
    Exit.INTERRUPTED: "Interrupted with Ctrl-C.",
}
_ARGUMENTS = {
    "plan": "The plan file; left out, the only `*.plan.yaml` of the folder.",
    "files": "Plan files; left out, the only `*.plan.yaml` of the folder.",
    "folder": "Where to write; made if it is not there.",
    "old": "The version the client knows.",
    "new": "The version that replaces it.",
    "source": "What is converted: a plan file or a workbook.",
    "target": "What is written: a workbook or a plan file.",
    "shell": "bash, zsh or fish.",
    "platform": "Whose account, e.g. meta.",
    "file": "The plan file to write; it must not be there yet.",
    "kind": "What is sought: interest, city, ...",
    "query": "A word of its name.",
    "audience": "One audience of the plan; all of them when left out.",
    "keys": "Audiences of the plan; all of them when left out.",
}
_INTRO = """
# Command line

`smm` is installed with the extra `cli`: `pip install "smmlib[cli]"`; the sandbox and
reports need `"smmlib[demo]"`.
Answers go to stdout, problems to stderr; `--json` makes every answer JSON.
`smm completion bash|zsh|fish` prints a script that completes commands and plan files.

The options `--env`, `--config`, `--state-dir`, `--seed` and `--json` may stand before
or after the command.
"""


def cli_page() -> str:
    """
    Every command with every option.
    """
    parts = [_INTRO, "## Exit codes", table(("code", "meaning"), map(_exit, Exit))]
    for title, names in SECTIONS.items():
        parts.append(f"## {title}")
        for name in names:
            with click.Context(smm, info_name="smm") as root:
                command = smm.get_command(root, name)
                assert command is not None, name  # noqa: S101
                parts += _command(command, root, name)
    return page(*parts)


def _exit(one: Exit) -> tuple[str, str]:
    return code(int(one)), _MEANINGS[one]


def _command(command: Any, parent: click.Context, name: str) -> Iterator[str]:
    with click.Context(command, info_name=name, parent=parent) as context:
        usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
        yield f"### {context.command_path}"
        yield from _help(command.help or "")
        yield f"```text\n{usage}\n```"
        rows = [row for param in command.params for row in _option(param, context)]
        if rows:
            yield table(("option", "default", "meaning"), rows)
        if isinstance(command, click.Group):
            for inner in command.list_commands(context):
                yield from _command(command.get_command(context, inner), context, inner)


def _help(text: str) -> Iterator[str]:
    for part in inspect.cleandoc(text).split("\n\n"):
        if part.startswith("\b"):
            yield "```text\n" + part.lstrip("\b\n") + "\n```"
        else:
            yield part


def _option(
    param: click.Parameter, context: click.Context
) -> Iterator[tuple[str, ...]]:
    record = param.get_help_record(context)
    if record is None:
        return
    if isinstance(param, click.Argument):
        record = (record[0], _ARGUMENTS[param.name or ""])
    names, text = record
    default = param.to_info_dict().get("default")
    plain = re.sub(r"\s*\[(?:default|x|0<)[^\]]*\]", "", text)
    shown = code(default) if isinstance(default, (str, int, float)) else ""
    yield code(names), "" if isinstance(default, bool) else shown, plain
