"""
Files in and out: what is no readable text is refused before anything parses it.
"""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from pathlib import Path
from typing import Any

from smmlib.codec._context import file_problem
from smmlib.errors import CodecError

LARGEST_FILE = 32 * 1024 * 1024
"""
Bytes a plan file may have: more than a hundred thousand ads need.
"""

_FORMATS = {".yaml": "yaml", ".yml": "yaml", ".json": "json"}
_BOMS = {
    b"\xef\xbb\xbf": "UTF-8 with a byte order mark",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


def format_of(path: Path) -> str:
    """
    `yaml` or `json`, by the end of a file's name.
    """
    found = _FORMATS.get(path.suffix.lower())
    if found is None and path.is_dir():
        raise _folder(path)
    if found is None:
        raise file_problem(
            str(path),
            "file.format",
            f"cannot tell the format from the name '{path.name}'",
            value=path.suffix,
            limit=", ".join(_FORMATS),
            hint="name it like launch.plan.yaml",
        )
    return found


def read_text(path: Path) -> str:
    """
    The text of a file, at most 32 MiB of plain UTF-8.

    Raises:
        CodecError: Missing, no file, unreadable, too large, or not UTF-8.
    """
    try:
        state = path.stat()
        _is_readable(path, state)
        data = path.read_bytes()
    except CodecError:
        raise  # it is a ValueError too
    except (OSError, ValueError) as error:  # ValueError: NUL in the name
        raise _no_file(path, error) from error
    return decode(data, str(path))


def _is_readable(path: Path, state: os.stat_result) -> None:
    if stat.S_ISDIR(state.st_mode):
        raise _folder(path)
    if not stat.S_ISREG(state.st_mode):
        raise file_problem(
            str(path),
            "file.special",
            f"'{path}' is a device or pipe, not a file",
            hint="save the plan as a plain file first",
        )
    if state.st_size > LARGEST_FILE:
        raise too_large(str(path), state.st_size)


def _folder(path: Path) -> CodecError:
    return file_problem(
        str(path),
        "file.directory",
        f"'{path}' is a folder, not a file",
        value=str(path),
        limit="a file",
        hint=f"name the file, e.g. {path / 'launch.plan.yaml'}",
    )


def too_large(file: str, size: int) -> CodecError:
    """
    The refusal of a text that is too long to be a plan.
    """
    return file_problem(
        file,
        "file.too_large",
        f"has {size} bytes, at most {LARGEST_FILE} are read",
        value=size,
        limit=LARGEST_FILE,
        hint="split the plan, or check that this is the right file",
    )


def _no_file(path: Path, error: OSError | ValueError) -> CodecError:
    number = error.errno if isinstance(error, OSError) else None
    known: dict[int | None, tuple[str, str, str]] = {
        errno.ENOENT: ("file.missing", "does not exist", _nearest(path)),
        errno.ENOTDIR: ("file.missing", "does not exist", _nearest(path)),
        errno.EACCES: (
            "file.permission",
            "may not be read",
            "ask for the right to read it, or copy it",
        ),
    }
    other = ("file.unreadable", "cannot be read", "check the path")
    code, what, hint = known.get(number, other)
    return file_problem(str(path), code, f"'{path}' {what}", hint=hint, cause=error)


def _nearest(path: Path) -> str:
    """
    The file that was probably meant.
    """
    from difflib import get_close_matches

    try:
        names = [entry.name for entry in os.scandir(path.parent)][:1000]
    except OSError:
        return f"the folder '{path.parent}' does not exist either"
    close = get_close_matches(path.name, names, n=1)
    return f"did you mean '{path.parent / close[0]}'?" if close else "check the path"


def decode(data: bytes, file: str) -> str:
    """
    Bytes as text: UTF-8 without byte order mark and without NUL.
    """
    for mark, name in _BOMS.items():
        if data.startswith(mark):
            raise file_problem(
                file,
                "file.encoding",
                f"is {name}",
                at=(1, 1),
                value=name,
                limit="UTF-8",
                hint="save it as UTF-8 without byte order mark",
            )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise file_problem(
            file,
            "file.encoding",
            f"is not UTF-8: byte 0x{data[error.start]:02x}",
            at=place_of(data[: error.start].decode("utf-8"), error.start),
            value=f"0x{data[error.start]:02x}",
            limit="UTF-8",
            hint="save it as UTF-8",
            cause=error,
        ) from error
    return without_nul(text, file)


def without_nul(text: str, file: str) -> str:
    """
    The text, if it holds no NUL character.
    """
    nul = text.find("\0")
    if nul >= 0:
        raise file_problem(
            file,
            "file.nul",
            "holds a NUL character",
            at=place_of(text, nul),
            value="U+0000",
            hint="this is no text file, or it is damaged",
        )
    return text


def place_of(text: str, offset: int) -> tuple[int, int]:
    """
    Line and column of an offset, both from 1.
    """
    before = text[:offset]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def write_text(path: Path, text: str) -> None:
    """
    Write a whole file or nothing: readers never see half of it.

    Raises:
        CodecError: The folder is missing, or may not be written to.
    """
    try:
        _replace(path, text.encode("utf-8"))
    except (OSError, ValueError) as error:
        raise file_problem(
            str(path),
            "file.unwritable",
            f"'{path}' cannot be written",
            hint="check that the folder exists and may be written to",
            cause=error,
        ) from error


def _replace(path: Path, data: bytes) -> None:
    target = path.resolve()  # a link stays a link, what it points to is replaced
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(_mode(target))
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _mode(target: Path) -> int:
    """
    Permissions of the file that is replaced, or those a new file would get.
    """
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        return 0o644


def as_path(path: Any) -> Path:
    """
    The path a user gave, with `~` for their home.
    """
    return Path(path).expanduser()
