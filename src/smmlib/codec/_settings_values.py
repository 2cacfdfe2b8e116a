"""
What `smm.toml` says, as values: environments, their platforms, where tokens are.
"""

from __future__ import annotations

import attrs

from smmlib.model import Caps, FrozenMap

SANDBOX = "sandbox"
"""
The environment that needs no file.
"""


@attrs.frozen
class TokenSource:
    """
    Where a token is kept; never the token itself.

    Attributes:
        kind: `env` (environment variable), `keyring` or `file`.
        name: Name of the variable, the keyring entry, or path of the file.
    """

    kind: str
    name: str


@attrs.frozen
class PlatformSettings:
    """
    One ad account and what belongs to it.

    Attributes:
        account: Id of the ad account; of a platform without ads, the channel.
        token: Where its token is kept.
        options: Page, pixel and the like, by name.
        refresh: Where the secrets are kept that renew the token, or that sign beside
            it; empty for none.
    """

    account: str
    token: TokenSource = attrs.field(kw_only=True)
    options: FrozenMap[str] = attrs.field(factory=FrozenMap, kw_only=True)
    refresh: FrozenMap[TokenSource] = attrs.field(factory=FrozenMap, kw_only=True)


@attrs.frozen
class Environment:
    """
    One set of accounts, such as the client's real ones.

    Attributes:
        name: How commands call it.
        state: Where what was set up is remembered, e.g. `sqlite:///.smm/production.db`.
        state_password: Where the password of that database is kept; never itself.
        caps: Ceilings no automation may cross.
        allowlist: The only ad accounts that may be written to.
        media_root: Folder pictures are in, seen from the file; empty for the plan's.
        platforms: Accounts by platform.
    """

    name: str
    state: str = attrs.field(kw_only=True)
    state_password: TokenSource | None = attrs.field(default=None, kw_only=True)
    caps: Caps | None = attrs.field(default=None, kw_only=True)
    allowlist: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    media_root: str = attrs.field(default="", kw_only=True)
    platforms: FrozenMap[PlatformSettings] = attrs.field(
        factory=FrozenMap, kw_only=True
    )


@attrs.frozen
class Settings:
    """
    Everything `smm.toml` says.

    Attributes:
        environments: Sets of accounts by name.
        default: The environment that is used when none is named.
        media_root: Folder pictures are in, wherever an environment names none.
    """

    environments: FrozenMap[Environment]
    default: str = SANDBOX
    media_root: str = attrs.field(default="", kw_only=True)
