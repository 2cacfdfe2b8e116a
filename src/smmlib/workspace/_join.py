"""
Working with a sandbox that another process serves: its platforms, and its time.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smmlib.adapters import platform_names
from smmlib.workspace._connect import SANDBOX, sandbox_connection
from smmlib.workspace._doors import Doors
from smmlib.workspace._stores import Stores
from smmlib.workspace._workspace import Workspace

if TYPE_CHECKING:
    from smmlib.sandbox import SandboxClient


class ServedTime:
    """
    The calendar of a sandbox that is served elsewhere; waiting lets it pass there.
    """

    def __init__(self, client: SandboxClient) -> None:
        self._client = client

    def now(self) -> datetime:
        """
        The present in the sandbox.
        """
        return datetime.fromisoformat(str(self._client.clock()["now"]))

    def sleep(self, seconds: float) -> None:
        """
        Let that much time pass in the sandbox, at once.
        """
        if seconds > 0:
            self._client.advance(seconds)


def join_sandbox(
    control_url: str,
    *,
    state: Path | None = None,
    root: str | Path | None = None,
    transport: Any = None,
) -> Workspace:
    """
    A workspace on a sandbox that is served already.

    Args:
        control_url: Where it is steered, as it says when it starts.
        state: The file that remembers what was set up; in memory without it.
        root: Folder of pictures.
        transport: An httpx transport; None for the network.
    """
    from smmlib.sandbox import SandboxClient

    client = SandboxClient(control_url)
    details = client.details()
    clock = ServedTime(client)
    connections = tuple(
        sandbox_connection(name, facts, root)
        for name, facts in details["platforms"].items()
        if name in platform_names()
    )
    doors = Doors(connections, clock, transport)
    return Workspace(
        SANDBOX,
        doors.platforms(),
        publishers=doors.publishers,
        stores=Stores(SANDBOX, clock, path=state),
        clock=clock,
        details=details,
        media_root="" if root is None else str(root),
        closers=(client.close,),
    )
