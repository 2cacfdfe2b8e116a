"""
OAuth 1.0a with HMAC-SHA1, checked for real.

Source: RFC 5849, and X's documentation of creating a signature, 2026-08. What is signed
are the oauth_ pairs, the query and a form body; JSON and multipart bodies are not.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

import attrs

from smmlib.sandbox.x._errors import ApiError, refuse

if TYPE_CHECKING:
    from collections.abc import Callable

    from smmlib.sandbox._values import WireRequest
    from smmlib.sandbox.x._raw import Pairs

WINDOW_S = 300
"""
So far a client's clock may be off. X does not publish its own tolerance.
"""

_NEEDED = ("oauth_consumer_key", "oauth_nonce", "oauth_signature", "oauth_timestamp")
_PLAIN = re.compile(r"[A-Za-z0-9._~-]*")
_PORTS = {"http": 80, "https": 443}


@attrs.frozen
class Credentials:
    """
    The keys of one app and one user.
    """

    consumer_key: str
    consumer_secret: str = attrs.field(repr=False)
    access_token: str
    access_token_secret: str = attrs.field(repr=False)


class Gate:
    """
    Lets correctly signed requests in, each nonce once.

    Args:
        clocks: A time stamp must be close to one of these: clients sign with the
            computer's clock or with the sandbox's.
    """

    def __init__(
        self, credentials: Credentials, clocks: tuple[Callable[[], float], ...]
    ) -> None:
        self._credentials = credentials
        self._clocks = clocks
        self._nonces: set[tuple[str, int]] = set()

    def check(self, request: WireRequest, pairs: Pairs) -> None:
        """
        Judge the Authorization header.

        Raises:
            ApiError: 401, with what is wrong.
        """
        told = _header(request.headers.get("Authorization", ""))
        self._check_names(told)
        stamp = self._check_time(told["oauth_timestamp"])
        base = base_string(
            request.method, request.url_root, request.target, pairs, told
        )
        right = signature(base, self._credentials)
        if not hmac.compare_digest(right.encode(), told["oauth_signature"].encode()):
            raise _refused("the signature does not fit the request")
        nonce = (told["oauth_nonce"], stamp)
        if nonce in self._nonces:
            raise _refused("the nonce was used before")
        self._remember(nonce)

    def forget(self) -> None:
        """
        Start with an empty memory of nonces.
        """
        self._nonces.clear()

    def _check_names(self, told: dict[str, str]) -> None:
        absent = [name for name in _NEEDED if not told.get(name)]
        if absent:
            raise _refused(f"the header lacks {', '.join(absent)}")
        if told.get("oauth_signature_method") != "HMAC-SHA1":
            raise _refused("the signature method must be HMAC-SHA1")
        if told.get("oauth_version", "1.0") != "1.0":
            raise _refused("the version must be 1.0")
        known = self._credentials
        if told["oauth_consumer_key"] != known.consumer_key:
            raise _refused("the consumer key is unknown")
        if told.get("oauth_token") != known.access_token:
            raise _refused("the access token is unknown")

    def _check_time(self, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= 12):  # noqa: PLR2004
            raise _refused("the timestamp is not a number of seconds")
        if all(abs(clock() - int(text)) > WINDOW_S for clock in self._clocks):
            raise _refused("the timestamp is too far from the present")
        return int(text)

    def _remember(self, nonce: tuple[str, int]) -> None:
        oldest = min(clock() for clock in self._clocks) - WINDOW_S
        if len(self._nonces) > 10_000:  # noqa: PLR2004 - now and then is enough
            self._nonces = {one for one in self._nonces if one[1] >= oldest}
        self._nonces.add(nonce)


def base_string(
    method: str, root: str, target: str, pairs: Pairs, told: dict[str, str]
) -> str:
    """
    What is signed: method, address without query, all pairs in order of their codes.
    """
    split = urlsplit(root)
    host = (split.hostname or "").lower()
    if split.port is not None and split.port != _PORTS.get(split.scheme):
        host += f":{split.port}"
    address = f"{split.scheme}://{host}{target.partition('?')[0]}"
    own = [(k, v) for k, v in told.items() if k not in {"oauth_signature", "realm"}]
    coded = sorted((_coded(name), _coded(value)) for name, value in [*pairs, *own])
    joined = "&".join(f"{name}={value}" for name, value in coded)
    return f"{method.upper()}&{_coded(address)}&{_coded(joined)}"


def signature(base: str, keys: Credentials) -> str:
    """
    The signature of a base string.
    """
    key = f"{_coded(keys.consumer_secret)}&{_coded(keys.access_token_secret)}"
    digest = hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _header(text: str) -> dict[str, str]:
    scheme, _, rest = text.partition(" ")
    if scheme.lower() != "oauth":
        raise _refused("an OAuth 1.0a Authorization header is needed")
    told = {}
    for part in rest.split(","):
        name, _, value = part.strip().partition("=")
        told[unquote(name)] = unquote(value.strip('"'))
    return told


def _coded(text: str) -> str:
    # Most names and values need no code, and to see that is quick.
    return text if _PLAIN.fullmatch(text) else quote(text, safe="-._~")


def _refused(why: str) -> ApiError:
    text = f"This request is not properly authenticated: {why}"
    return refuse("UNAUTHORIZED_ACCESS", text)
