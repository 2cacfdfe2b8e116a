"""
Tokens: which host may see which, and how they are kept out of every text.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING

from smmlib.errors import ConfigurationError, MissingCredentialsError

if TYPE_CHECKING:
    from smmlib.ports import Secret

SANDBOX_PREFIX = "sbx_"
"""
How tokens of the embedded platforms begin; real ones never do.
"""

_SANDBOX_HOSTS = ("localhost", "sandbox", "sandbox.local", "sandbox.invalid")
_LONGEST_MESSAGE = 2_000
# Names under which platforms carry tokens, in URLs and JSON alike.
_TOKEN_FIELD = re.compile(
    r"(?i)((?:access_token|appsecret_proof|client_secret|authorization|bearer)"
    r"[\"']?\s*[=: ]\s*[\"']?(?:bearer\s+)?)[^\s\"'&,;}<]+"
)
_TOKEN_SHAPE = re.compile(
    r"(?:\b|(?<=bot))(?:(?:sbx_[0-9]*|[0-9]{6,}):[A-Za-z0-9_-]{30,}"  # bots
    r"|(?:sbx_|EAA)[A-Za-z0-9_-]{6,})"
)


def is_local(host: str) -> bool:
    """
    Whether a host is this computer or a sandbox inside this process.
    """
    name = host.strip("[]").rstrip(".").lower()
    if name in _SANDBOX_HOSTS or name.endswith((".localhost", ".sandbox.local")):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        # A name, not an address: it may lead anywhere.
        return False


def check_token(token: Secret, host: str) -> None:
    """
    Refuse a token that would go to the wrong kind of host, or cannot be one at all.

    Raises:
        MissingCredentialsError: There is no token, or what is there cannot be one.
        ConfigurationError: A sandbox token for a real host, or the other way round.
    """
    value = token.reveal()
    origin = f" from {token.origin}" if token.origin else ""
    if not value:
        raise MissingCredentialsError(
            f"there is no access token{origin}",
            hint="say in smm.toml where it comes from",
        )
    if (
        not value.isascii()
        or not value.isprintable()
        or any(c in value for c in " '\"")
    ):
        raise MissingCredentialsError(
            f"the access token{origin} holds blanks, quotes or line ends",
            hint="copy the token alone, without quotes",
        )
    if value.startswith(SANDBOX_PREFIX) and not is_local(host):
        raise ConfigurationError(
            f"a sandbox token{origin} would go to {host}",
            hint="use the token of the real account, or the environment 'sandbox'",
        )
    if not value.startswith(SANDBOX_PREFIX) and is_local(host):
        raise ConfigurationError(
            f"a real token{origin} would go to the sandbox at {host}",
            hint="use the token the sandbox shows when it starts",
        )


def scrub(text: str, *secrets: str) -> str:
    """
    A text that can be shown: tokens masked, and not endless.
    """
    # First far beyond what is kept, so that no token is cut in half where it is shown.
    text = text[: 10 * _LONGEST_MESSAGE]
    for secret in secrets:
        if secret:
            text = text.replace(secret, "***")
    text = _TOKEN_SHAPE.sub("***", _TOKEN_FIELD.sub(r"\1***", text))
    long = len(text) > _LONGEST_MESSAGE
    return text[:_LONGEST_MESSAGE] + " ..." if long else text
