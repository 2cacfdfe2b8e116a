"""
Where tokens come from: the environment, the keyring, or a file only its owner reads.
"""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path

from smmlib.codec import TokenSource
from smmlib.errors import MissingCredentialsError, MissingExtraError
from smmlib.ports import Secret

_KEYRING_SERVICE = "smmlib"


def read_token(
    source: TokenSource, *, platform: str, environ: Mapping[str, str], root: Path
) -> Secret:
    """
    The access token of one platform, from where `smm.toml` says it is.

    Args:
        source: Kind and name of the place.
        platform: For the error message.
        environ: Environment variables.
        root: Folder of `smm.toml`; relative token files start there.

    Raises:
        MissingCredentialsError: It is not there, is empty, or others could read it. The
            message names the place, never the value.
        MissingExtraError: The keyring package is not installed.
    """
    readers = {"env": _from_environment, "file": _from_file, "keyring": _from_keyring}
    origin, value = readers[source.kind](source.name, environ, root)
    if not value:
        raise MissingCredentialsError(
            f"the {platform} token is not there: {origin} is missing or empty",
            hint=f"put the access token into {origin}",
        )
    if any(not character.isprintable() or character == " " for character in value):
        raise MissingCredentialsError(
            f"the {platform} token in {origin} holds blanks or line breaks inside",
            hint="paste it again as one line without quotes",
        )
    return Secret(value, origin)


def _from_environment(
    name: str, environ: Mapping[str, str], _root: Path
) -> tuple[str, str]:
    return f"environment variable {name}", environ.get(name, "").strip()


def _from_file(name: str, _environ: Mapping[str, str], root: Path) -> tuple[str, str]:
    path = root / name
    origin = f"file {name}"
    try:
        mode = path.stat().st_mode
        if stat.S_IMODE(mode) & (stat.S_IRWXG | stat.S_IRWXO):
            raise MissingCredentialsError(
                f"{origin} may be read by others (mode {stat.S_IMODE(mode):04o})",
                hint=f"chmod 600 {name}",
            )
        return origin, path.read_text("utf-8").strip()
    except FileNotFoundError:
        return origin, ""
    except (OSError, UnicodeDecodeError) as error:
        raise MissingCredentialsError(
            f"{origin} cannot be read: {type(error).__name__}",
            hint="check the path in smm.toml and who owns the file",
        ) from None


def _from_keyring(
    name: str, _environ: Mapping[str, str], _root: Path
) -> tuple[str, str]:
    try:
        import keyring
    except ModuleNotFoundError as error:
        raise MissingExtraError("reading tokens from the keyring", "keyring") from error
    value = keyring.get_password(_KEYRING_SERVICE, name)
    return f"keyring entry {_KEYRING_SERVICE}/{name}", (value or "").strip()
