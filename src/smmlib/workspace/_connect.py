"""
Opening a workspace: the embedded platforms, or the accounts `smm.toml` names.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smmlib.adapters import (
    ReadOnlyTransport,
    SystemClock,
    platform_names,
    publisher_names,
)
from smmlib.codec import load_settings
from smmlib.errors import ConfigurationError
from smmlib.model import FrozenMap
from smmlib.model._checks import did_you_mean
from smmlib.ports import Connection, Secret
from smmlib.workspace._alert import TELEGRAM, AlertRoute
from smmlib.workspace._clock import SandboxTime
from smmlib.workspace._doors import Doors
from smmlib.workspace._secrets import read_token
from smmlib.workspace._stores import Stores, state_place
from smmlib.workspace._workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from smmlib.codec import Environment
    from smmlib.ports import Clock

SANDBOX = "sandbox"
_STATE = "sandbox.db"
_FOR_ALERTS = ("alert_chat", "access_until")
_OPTIONS = (
    "page",
    "pixel",
    "instagram_user",
    "organisation",
    "lead_form",
    "api_version",
    "funding_instrument",
    "web_event_tag",
)
# What comes with a token: all of them where the first is there.
_SECRETS = {
    "refresh_token": ("client_id", "client_secret", "refresh_token"),
    "access_token_secret": (
        "consumer_key",
        "consumer_secret",
        "access_token_secret",
    ),
}


def connect(
    environment: str = SANDBOX,
    *,
    seed: int | None = None,
    root: str | Path | None = None,
    config: str | Path = "smm.toml",
    state_dir: str | Path | None = None,
    http: bool = False,
    environ: Mapping[str, str] | None = None,
    dry_run: bool = False,
    media_root: str | Path | None = None,
) -> Workspace:
    """
    Open a workspace: somewhere to plan, apply, activate and pull.

    `sandbox` brings its own ad platforms, people and clock: no account, no network, no
    money. Any other name is an environment of `smm.toml`.

    Args:
        environment: `sandbox`, `production`, ...
        seed: Which world the sandbox is; another seed changes every figure. Left out,
            it is the kept world's, or 0 for a new one.
        root: Folder of `smm.toml`, token files and pictures. Left out, pictures are
            sought beside the plan's file and the rest in the current folder.
        config: Accounts and where their tokens come from.
        state_dir: Where the sandbox keeps its world and state between processes; in
            memory without it.
        http: Talk to the sandbox over a loopback server instead of in this process.
        environ: Environment variables, for tokens; the process's own when left out.
        dry_run: Let nothing but reads leave, and keep nothing: every write is refused
            on its way to the platform.
        media_root: Folder of pictures and films; what `smm.toml` says, then `root`,
            when left out.

    Raises:
        ConfigurationError: The environment is not in the file, or the file is wrong.
        MissingCredentialsError: A token is not where the file says.
        MissingExtraError: The sandbox's packages are not installed.
    """
    found = environ if environ is not None else os.environ
    if environment == SANDBOX:
        return _sandbox(
            seed,
            root,
            state_dir,
            found,
            http=http,
            dry_run=dry_run,
            pictures=media_root or root,
        )
    return _configured(
        environment, root, Path(config), found, dry_run=dry_run, pictures=media_root
    )


# -- the embedded platforms -----------------------------------------------------------


def _sandbox(
    seed: int | None,
    root: str | Path | None,
    state_dir: str | Path | None,
    environ: Mapping[str, str],
    *,
    http: bool,
    dry_run: bool,
    pictures: str | Path | None,
) -> Workspace:
    from smmlib.sandbox import Sandbox, SandboxServer, kept_seed

    folder = None if state_dir is None else Path(state_dir)
    if folder is not None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    world = None if folder is None else folder / "sandbox.json"
    sandbox = Sandbox(seed=kept_seed(world) if seed is None else seed, state=world)
    server = SandboxServer(sandbox) if http else None
    if server is not None:
        server.start()
    clock = SandboxTime(sandbox)
    details = (server or sandbox).details()
    doors = Doors(
        tuple(
            sandbox_connection(name, facts, pictures)
            for name, facts in details["platforms"].items()
            if name in {*platform_names(), *publisher_names()}
        ),
        clock,
        _guarded(None if http else sandbox.transport(), dry_run=dry_run),
    )
    return Workspace(
        SANDBOX,
        doors.platforms(),
        publishers=doors.publishers,
        stores=Stores(
            SANDBOX, clock, path=folder and folder / "sandbox.db", dry=dry_run
        ),
        clock=clock,
        sandbox=sandbox,
        details=details,
        kill_switch=_kill_switch(Path(root or "."), environ),
        media_root=str(pictures or ""),
        closers=() if server is None else (server.stop,),
        alerts=AlertRoute(
            _telegram(doors.connections), transport=doors.transport, clock=clock
        ),
    )


def _telegram(connections: tuple[Connection, ...]) -> Connection | None:
    """
    The sandbox's channel, where nobody but the team reads.
    """
    return next((one for one in connections if one.platform == TELEGRAM), None)


def _guarded(transport: Any, *, dry_run: bool) -> Any:
    return ReadOnlyTransport(transport) if dry_run else transport


def _media_root(root: str | Path | None) -> dict[str, str]:
    return {} if root is None else {"media_root": str(root)}


def sandbox_connection(
    name: str, facts: Mapping[str, Any], root: str | Path | None
) -> Connection:
    """
    How to reach one platform of a sandbox, as the sandbox itself says.
    """
    options = {key: str(facts[key]) for key in _OPTIONS if facts.get(key)}
    if facts.get("website_segment"):
        options["segments.site_visitors"] = str(facts["website_segment"])
    return Connection(
        name,
        str(facts["channel"] if "channel" in facts else facts["ad_account"]),
        token=Secret(str(facts["access_token"]), "the sandbox"),
        options=FrozenMap({**options, **_media_root(root)}),
        base_url=str(facts["base_url"]),
        environment=SANDBOX,
        secrets=FrozenMap(
            {
                key: Secret(str(facts[key]), "the sandbox")
                for known, names in _SECRETS.items()
                for key in names
                if known in facts
            }
        ),
    )


# -- real accounts --------------------------------------------------------------------


def _configured(
    name: str,
    root: str | Path | None,
    config: Path,
    environ: Mapping[str, str],
    *,
    dry_run: bool,
    pictures: str | Path | None,
) -> Workspace:
    path = Path(root or ".") / config
    settings = load_settings(path)
    environment = settings.environments.get(name)
    if environment is None:
        raise ConfigurationError(
            f"{config} has no environment {name!r}",
            hint=did_you_mean(name, [*settings.environments, SANDBOX]),
        )
    clock = SystemClock()
    if environment.media_root and not pictures:
        pictures = path.parent / environment.media_root
    shown = pictures or root
    connections = _connections(environment, path.parent, environ, shown)
    doors = Doors(connections, clock, _guarded(None, dry_run=dry_run))
    return Workspace(
        name,
        doors.platforms(),
        publishers=doors.publishers,
        stores=_stores(environment, path.parent, environ, clock, dry_run=dry_run),
        clock=clock,
        caps=environment.caps,
        allowlist=environment.allowlist,
        kill_switch=_kill_switch(path.parent, environ),
        media_root=str(shown or ""),
        alerts=AlertRoute.of(
            {name: found.options for name, found in environment.platforms.items()},
            connections,
            transport=doors.transport,
            clock=clock,
        ),
    )


def _stores(
    environment: Environment,
    folder: Path,
    environ: Mapping[str, str],
    clock: Clock,
    *,
    dry_run: bool,
) -> Stores:
    path, url = state_place(environment.state, folder)
    source = environment.state_password
    password = None
    if source is not None:
        password = read_token(source, platform="state", environ=environ, root=folder)
    return Stores(
        environment.name, clock, path=path, url=url, password=password, dry=dry_run
    )


def _connections(
    environment: Environment,
    folder: Path,
    environ: Mapping[str, str],
    pictures: str | Path | None,
) -> tuple[Connection, ...]:
    found = []
    for name, settings in environment.platforms.items():
        token = read_token(settings.token, platform=name, environ=environ, root=folder)
        options = dict(settings.options)
        for key in _FOR_ALERTS:
            options.pop(key, None)
        connection = Connection(
            name,
            options.pop("chat", settings.account),
            token=token,
            base_url=options.pop("base_url", ""),
            secrets=FrozenMap(
                {
                    key: read_token(
                        source, platform=f"{name} {key}", environ=environ, root=folder
                    )
                    for key, source in settings.refresh.items()
                }
            ),
            options=FrozenMap({**_media_root(pictures), **_beside(options, folder)}),
            environment=environment.name,
        )
        found.append(connection)
    return tuple(found)


def _beside(options: Mapping[str, str], folder: Path) -> dict[str, str]:
    """
    The options, with files of customer lists and page figures beside `smm.toml`.
    """

    def is_file(key: str) -> bool:
        return key.startswith("customer_lists.") or key.endswith("_csv")

    return {
        key: str(folder / value) if is_file(key) else value
        for key, value in options.items()
    }


def _kill_switch(root: Path, environ: Mapping[str, str]) -> Callable[[], str]:
    """
    Says why nothing may be written: a file `KILL` beside the plan, or `SMM_KILL`.
    """

    def why() -> str:
        if environ.get("SMM_KILL"):
            return "the environment variable SMM_KILL is set"
        return "there is a file KILL" if (root / "KILL").exists() else ""

    return why
