"""
Where the state of each project is kept: in memory, in a file, in a team's database.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from smmlib.deploy import (
    MemoryStateStore,
    PostgresStateStore,
    SQLiteStateStore,
    set_aside,
    state_owner,
)
from smmlib.errors import ConfigurationError

if TYPE_CHECKING:
    from smmlib.ports import Clock, Secret, StateStore


@attrs.frozen
class Stores:
    """
    Opens the state of one project of an environment.

    Attributes:
        environment: `sandbox`, `production`, ...
        clock: The present.
        path: The file; None for none.
        url: The database; empty for none.
        password: Of the database, where it needs one that libpq does not find.
        dry: Whether what follows is kept nowhere.
    """

    environment: str
    clock: Clock
    path: Path | None = attrs.field(default=None, kw_only=True)
    url: str = attrs.field(default="", kw_only=True)
    password: Secret | None = attrs.field(default=None, kw_only=True, repr=False)
    dry: bool = attrs.field(default=False, kw_only=True)

    def __call__(self, project_id: str) -> StateStore:
        """
        The state of one project.
        """
        store = self._open(project_id)
        if not self.dry:
            return store
        copy = MemoryStateStore.twin_of(store, clock=self.clock)
        store.close()
        return copy

    def _open(self, project_id: str) -> StateStore:
        who = {"project_id": project_id, "environment": self.environment}
        if self.url:
            return PostgresStateStore(
                self.url, clock=self.clock, password=self.password, **who
            )
        if self.path is None:
            return MemoryStateStore(clock=self.clock, **who)
        return SQLiteStateStore(
            self._file(self.path, project_id), clock=self.clock, **who
        )

    def set_aside(self, project_id: str) -> Path | None:
        """
        Move the damaged state of a project out of the way, so that it can be rebuilt.
        """
        if self.path is None or self.url:
            return None
        return set_aside(self._file(self.path, project_id))

    @staticmethod
    def _file(path: Path, project_id: str) -> Path:
        """
        The file of a project: the first one has the plain name, others their id in it.
        """
        if state_owner(path) in {"", project_id}:
            return path
        return path.with_name(f"{path.stem}-{project_id}{path.suffix}")


def state_place(state: str, root: Path) -> tuple[Path | None, str]:
    """
    What `state` in `smm.toml` means: a file, or the address of a database.

    Raises:
        ConfigurationError: Neither.
    """
    scheme, _, rest = state.partition("://")
    if scheme in {"postgresql", "postgres"} and rest:
        return None, state
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return root / rest[1:], ""
    raise ConfigurationError(
        f"{state!r} is no place for the state",
        hint='write "sqlite:///.smm/production.db" or "postgresql://user@host/name"',
    )
