"""
The group behind `smm`: commands are loaded when they are used.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

import click

from smmlib.cli._exits import (
    Exit,
    tell,
    tell_bug,
    tell_interrupted,
    tell_system,
    tell_usage,
)
from smmlib.cli._setup import Setup, where_options
from smmlib.errors import SmmError

SECTIONS = {
    "Write a plan": {
        "init": "_init",
        "check": "_check",
        "split": "_check",
        "forecast": "_pace",
        "brief": "_brief",
        "work": "_work",
        "calendar": "_calendar",
        "compare": "_check",
        "convert": "_convert",
        "import": "_accounts",
        "search": "_accounts",
        "estimate": "_accounts",
        "audience": "_audience",
    },
    "Set it up": {
        "plan": "_deploy",
        "apply": "_deploy",
        "activate": "_deploy",
        "publish": "_publish",
        "stop": "_deploy",
        "status": "_deploy",
        "log": "_log",
    },
    "Put it right": {
        "refresh": "_mend",
        "rollback": "_mend",
        "recover": "_mend",
        "destroy": "_mend",
        "fork": "_mend",
        "audit": "_audit",
    },
    "See what came of it": {
        "pull": "_facts",
        "track": "_facts",
        "pace": "_pace",
        "alert": "_alert",
        "roi": "_facts",
        "report": "_report",
        "inbox": "_inbox",
        "dashboard": "_dashboard",
    },
    "Practise": {"demo": "_demo", "sandbox": "_sandbox"},
    "Terminal": {"completion": "_completion"},
}
_HOMES = {name: home for names in SECTIONS.values() for name, home in names.items()}


class Smm(click.Group):
    """
    A group that loads commands lazily and turns every failure into an exit code.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """
        All commands in the order a marketer uses them.
        """
        del ctx
        return list(_HOMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """
        Load one command.
        """
        del ctx
        if cmd_name not in _HOMES:
            return None
        module = import_module(f"smmlib.cli.{_HOMES[cmd_name]}")
        # A word of Python, as in `import`, is spelt with a dash below.
        spelt = cmd_name if hasattr(module, cmd_name) else f"{cmd_name}_"
        found: click.Command = getattr(module, spelt)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """
        Find the command that was typed, or name the one that was meant.
        """
        name = args[0]
        if name not in _HOMES and name[:1].isalnum() and not ctx.resilient_parsing:
            from smmlib.model._checks import did_you_mean

            ctx.fail(f"there is no command '{name}': {did_you_mean(name, _HOMES)}")
        return super().resolve_command(ctx, args)

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """
        List the commands by what they are for.
        """
        for title, names in SECTIONS.items():
            rows = []
            for name in names:
                command = self.get_command(ctx, name)
                if command is not None:
                    rows.append((name, command.get_short_help_str(70)))
            with formatter.section(title):
                formatter.write_dl(rows)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: FBT002 - click's own signature
        **extra: Any,
    ) -> NoReturn:
        """
        Run, say what went wrong in one place, exit with the code that tells a program.
        """
        del standalone_mode
        given = list(sys.argv[1:] if args is None else args)
        as_json = "--json" in given
        given = in_order(given)
        code: Any
        try:
            code = super().main(
                given, prog_name or "smm", complete_var, standalone_mode=False, **extra
            )
        except SmmError as error:
            code = tell(error, as_json=as_json)
        except click.Abort:
            code = tell_interrupted(" ".join(["smm", *given]), as_json=as_json)
        except click.ClickException as error:
            code = tell_usage(error, as_json=as_json)
        except OSError as error:
            code = tell_system(error, as_json=as_json)
        except Exception as error:  # noqa: BLE001 - the last line before the user
            code = tell_bug(error, as_json=as_json)
        sys.exit(int(code or Exit.DONE))


_WITH_VALUE = ("--env", "--config", "--state-dir", "--seed")


def in_order(given: Sequence[str]) -> list[str]:
    """
    What was typed, with `--json` behind the command, where each command knows it.
    """
    place, found = 0, []
    while place < len(given) and given[place].startswith("-"):
        if given[place] == "--json":
            found.append(place)
        place += 2 if given[place] in _WITH_VALUE else 1
    rest = list(given[place:])
    if not found or not rest:
        return list(given)
    # Nothing behind a bare `--` is an option any more.
    end = rest.index("--") if "--" in rest else len(rest)
    kept = [word for at, word in enumerate(given[:place]) if at not in found]
    return [*kept, *rest[:end], "--json", *rest[end:]]


@click.group(
    cls=Smm,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96},
    epilog="Exit codes: 0 done, 1 our own failure or somebody else applies right now, "
    "2 bad input or usage or the platform refused, 3 changes are pending, 4 approval "
    "needed, 5 an outcome is unknown, 130 interrupted with Ctrl-C. Completion of "
    "commands and plan files: `smm completion bash|zsh|fish`.",
)
@click.version_option(package_name="smmlib", prog_name="smm")
@where_options
@click.option(
    "--json",
    is_flag=True,
    expose_value=False,
    help="Answer with JSON; also behind the command.",
)
@click.pass_context
def smm(context: click.Context) -> None:
    """
    Social media marketing as code: check a plan, set it up, watch it, report it.

    Without an account everything happens on an embedded platform with a calendar of its
    own: `smm demo` shows the whole way, `smm init` writes a plan to start from.
    """
    context.ensure_object(Setup)
