"""
The state file: the whole sandbox as one JSON file, replaced in one step.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from smmlib.errors import SandboxError

FORMAT = 1


def read_state(path: Path) -> dict[str, Any] | None:
    """
    What an earlier process left, or None when there is no file yet.

    Raises:
        SandboxError: The file cannot be read or is not a sandbox state.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise SandboxError(f"cannot read the sandbox state {path}: {error}") from error
    try:
        data = json.loads(text)
    except ValueError as error:
        raise SandboxError(
            f"{path} is not a sandbox state: {error}",
            hint="delete the file to start with an empty platform",
        ) from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        found = data.get("format") if isinstance(data, dict) else type(data).__name__
        raise SandboxError(
            f"{path} holds sandbox state format {found!r}, this version reads {FORMAT}",
            hint="delete the file to start with an empty platform",
        )
    return data


def kept_seed(path: Path | None) -> int:
    """
    The seed a kept world was made from; 0 where none is kept yet.

    Raises:
        SandboxError: The file cannot be read or is not a sandbox state.
    """
    data = None if path is None else read_state(path)
    return int(data["seed"]) if data else 0


def write_state(path: Path, data: dict[str, Any]) -> None:
    """
    Replace the state file; a reader sees the old one or the new one, never a part.

    Raises:
        SandboxError: The file cannot be written.
    """
    text = json.dumps({"format": FORMAT, **data}, separators=(",", ":"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=path.name, dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise SandboxError(f"cannot write the sandbox state {path}: {error}") from error
