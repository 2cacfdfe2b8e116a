"""
Ad platforms of your own: emulated Meta, LinkedIn, X and Telegram, with seeded people.

`Sandbox` runs in this process, `SandboxServer` and `serve` put it behind a loopback
HTTP server that any program can use, `SandboxClient` steers such a server. What is
not modelled answers HTTP 501; `coverage()` lists what is.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from smmlib.errors import MissingExtraError

if TYPE_CHECKING:
    from smmlib.sandbox._client import SandboxClient
    from smmlib.sandbox._coverage import coverage
    from smmlib.sandbox._faults import KINDS as FAULTS
    from smmlib.sandbox._persist import kept_seed
    from smmlib.sandbox._sandbox import Sandbox, SandboxServer, serve

__all__ = [
    "FAULTS",
    "Sandbox",
    "SandboxClient",
    "SandboxServer",
    "coverage",
    "kept_seed",
    "serve",
]

_HOMES = {
    "FAULTS": ("_faults", "KINDS"),
    "Sandbox": ("_sandbox", "Sandbox"),
    "SandboxClient": ("_client", "SandboxClient"),
    "SandboxServer": ("_sandbox", "SandboxServer"),
    "coverage": ("_coverage", "coverage"),
    "kept_seed": ("_persist", "kept_seed"),
    "serve": ("_sandbox", "serve"),
}


def __getattr__(name: str) -> Any:
    """
    Load a public name when it is first used: importing this package costs nothing.
    """
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _HOMES[name]
    try:
        return getattr(import_module(f"{__name__}.{module}"), attribute)
    except ModuleNotFoundError as error:
        if error.name != "werkzeug":
            raise
        raise MissingExtraError("the embedded platforms", "sandbox") from error


def __dir__() -> list[str]:
    return sorted(__all__)
