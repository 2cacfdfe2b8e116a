"""
What all commands share: global options, the plan argument, opening a workspace.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import attrs
import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from smmlib.model import MediaPlan
    from smmlib.workspace import Workspace

Command = TypeVar("Command", bound=Callable[..., Any])

_PRODUCTION = "production"
_SUFFIXES = (".yaml", ".yml", ".json")
_NO_PLAN = (
    "give a plan file: there is no *.plan.yaml in this folder (smm init writes one)"
)


@attrs.define
class Setup:
    """
    The answers to "where": environment, accounts, state.

    Attributes:
        environment: `sandbox`, or a name of smm.toml; its default when left out.
        config: The file with accounts; beside the plan when left out.
        state_dir: Where state, facts and the sandbox's world are kept; `.smm` beside
            the plan when left out.
        seed: Which world the sandbox is; the one that is there, or 0 for a new one.
    """

    environment: str = ""
    config: Path | None = None
    state_dir: Path | None = None
    seed: int | None = None

    def folder(self, plan: str) -> Path:
        """
        Where state and facts of a plan are kept.
        """
        return self.state_dir or Path(plan).parent / ".smm"

    def accounts(self, plan: str) -> Path:
        """
        The file with the accounts a plan is set up in.
        """
        return (self.config or Path(plan).parent / "smm.toml").resolve()

    def place(self, plan: str) -> str:
        """
        The environment to work in: as given, else as smm.toml says, else the sandbox.
        """
        if self.environment:
            return self.environment
        path = self.accounts(plan)
        if self.config is None and not path.exists():
            return "sandbox"
        from smmlib.codec import load_settings

        return load_settings(path).default

    def pictures(self, plan: str) -> Path:
        """
        Where a plan's pictures are: as smm.toml says, else beside the plan.
        """
        path = self.accounts(plan)
        if path.exists():
            from smmlib.codec import load_settings

            settings = load_settings(path)
            environment = settings.environments.get(self.place(plan))
            found = environment.media_root if environment else settings.media_root
            if found:
                return path.parent / found
        return Path(plan).parent

    def now(self, plan: str) -> datetime:
        """
        The present where a plan is to run: the sandbox's calendar, or the real one.
        """
        if self.place(plan) != "sandbox":
            return datetime.now(UTC)
        from smmlib.workspace import sandbox_now

        return sandbox_now(self.folder(plan))

    def connect(
        self, plan: str, *, dry_run: bool = False, stopping: bool = False
    ) -> Workspace:
        """
        Open the workspace a plan file belongs to.

        Raises:
            ConfigurationError: It would be production, and nobody said so.
        """
        from smmlib.workspace import connect

        place = self.place(plan)
        if place == _PRODUCTION and not self.environment and not stopping:
            from smmlib.errors import ConfigurationError

            raise ConfigurationError(
                "production is never taken by default",
                hint="name it: add --env production",
            )
        return connect(
            place,
            seed=self.seed,
            root=Path(plan).parent,
            config=self.accounts(plan),
            state_dir=self.folder(plan),
            dry_run=dry_run,
            media_root=self.pictures(plan),
        )


def load_plan(path: str, setup: Setup | None = None) -> MediaPlan:
    """
    The plan of a file, refused with all its problems if it cannot be launched.

    Args:
        path: The file.
        setup: Where pictures are; beside the file when left out.

    Raises:
        CodecError: The file cannot be read; every problem is listed.
        ValidationError: It can be read, and breaks rules that stop a launch.
    """
    from smmlib.codec import load
    from smmlib.workspace import check

    check(path, media_root=setup.pictures(path) if setup else "").raise_if_errors()
    return load(path)


# -- options ---------------------------------------------------------------------------


def _keep(context: click.Context, option: click.Parameter, value: Any) -> None:
    """
    Remember where a global option was given, before or after the command's name.
    """
    setup = context.ensure_object(Setup)
    if value is not None and option.name is not None:
        setattr(setup, option.name, value)


def where_options(command: Command) -> Command:
    """
    Add the options that say where: they may stand before or after the command.
    """
    options = [
        click.option(
            "--env",
            "environment",
            metavar="NAME",
            help="Where to work: sandbox, or a name from smm.toml.",
        ),
        click.option(
            "--config",
            type=click.Path(path_type=Path),
            help="File with the accounts; smm.toml beside the plan by default.",
        ),
        click.option(
            "--state-dir",
            type=click.Path(path_type=Path, file_okay=False),
            help="Folder of state and facts; .smm beside the plan by default.",
        ),
        click.option(
            "--seed",
            type=int,
            help="Which world a new sandbox is; 0 by default.",
        ),
    ]
    for option in reversed(options):
        command = _hidden_value(option)(command)
    return command


def _hidden_value(option: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def decorate(command: Any) -> Any:
        made = option(command)
        params = (
            made.params if isinstance(made, click.Command) else made.__click_params__
        )
        params[-1].expose_value = False
        params[-1].callback = _keep
        return made

    return decorate


def complete_plan(
    _context: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """
    Plan files and folders that begin with what is typed.
    """
    typed = Path(incomplete)
    folder = typed if incomplete.endswith("/") or not incomplete else typed.parent
    start = "" if folder == typed else typed.name
    found = []
    for entry in sorted(folder.glob(f"{start}*")):
        if entry.name.startswith(".") and not start.startswith("."):
            continue
        if entry.is_dir():
            found.append(CompletionItem(f"{entry}/", type="plain"))
        elif entry.suffix in _SUFFIXES:
            found.append(CompletionItem(str(entry)))
    return found


def only_plan() -> str:
    """
    The one plan file of the current folder, for a command that was given none.

    Raises:
        UsageError: There is none, or there are several.
    """
    found = sorted(
        str(path) for path in Path().glob("*.plan.*") if path.suffix in _SUFFIXES
    )
    if len(found) == 1:
        return found[0]
    what = f"which plan? Here are {', '.join(found)}" if found else _NO_PLAN
    raise click.UsageError(what)


def _given_or_only(context: click.Context, _param: click.Parameter, given: Any) -> Any:
    if given or context.resilient_parsing:
        return given
    return (only_plan(),) if isinstance(given, tuple) else only_plan()


plan_argument = click.argument(
    "plan",
    metavar="[PLAN]",
    required=False,
    shell_complete=complete_plan,
    callback=_given_or_only,
)
plans_argument = click.argument(
    "files",
    metavar="[FILE]...",
    nargs=-1,
    shell_complete=complete_plan,
    callback=_given_or_only,
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Answer with JSON on stdout, nothing else."
)
pass_setup = click.make_pass_decorator(Setup, ensure=True)
