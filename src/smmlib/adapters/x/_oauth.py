"""
OAuth 1.0a with HMAC-SHA1: every request is signed with four keys, none of which is sent
as it is.

Source: RFC 5849 sections 3.4 and 3.5; X's documentation of creating a signature, read
in November 2026. What is signed are method, address, query and a form; JSON and
multipart bodies are not.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote

import attrs
import httpx

from smmlib.errors import MissingCredentialsError

if TYPE_CHECKING:
    from smmlib.ports import Clock, Connection

Pairs = Iterable[tuple[str, str]]

_PLAIN = re.compile(r"[A-Za-z0-9._~-]*")
_FORM = "application/x-www-form-urlencoded"
_SECRETS = ("consumer_key", "consumer_secret", "access_token_secret")


@attrs.frozen
class Keys:
    """
    The keys of one app and one user, none of them ever shown.
    """

    consumer_key: str = attrs.field(repr=False)
    consumer_secret: str = attrs.field(repr=False)
    token: str = attrs.field(repr=False)
    token_secret: str = attrs.field(repr=False)

    @classmethod
    def of(cls, connection: Connection) -> Keys:
        """
        The keys behind a connection: its token, and the three that sign beside it.

        Raises:
            MissingCredentialsError: One of them is not there.
        """
        missing = [name for name in _SECRETS if not connection.secrets.get(name)]
        if missing:
            raise MissingCredentialsError(
                f"X's requests are signed, and there is no {', '.join(missing)}",
                hint="say in smm.toml, under signing, where each of them comes from",
            )
        key, secret, token_secret = (
            connection.secrets[name].reveal() for name in _SECRETS
        )
        return cls(key, secret, connection.token.reveal(), token_secret)


def coded(text: str) -> str:
    """
    Percent-encoding as RFC 3986 has it, the only one signatures know.
    """
    # Most names and values need no code, and to see that is quick.
    return text if _PLAIN.fullmatch(text) else quote(text, safe="-._~")


def base_string(method: str, address: str, pairs: Pairs) -> str:
    """
    What is signed: method, address without query, all pairs in order of their codes.
    """
    rows = sorted((coded(name), coded(value)) for name, value in pairs)
    joined = "&".join(f"{name}={value}" for name, value in rows)
    return f"{method.upper()}&{coded(address)}&{coded(joined)}"


def signature(base: str, consumer_secret: str, token_secret: str) -> str:
    """
    The signature of a base string.
    """
    key = f"{coded(consumer_secret)}&{coded(token_secret)}"
    digest = hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def header(
    keys: Keys,
    method: str,
    address: str,
    pairs: Pairs,
    *,
    nonce: str,
    timestamp: int,
) -> str:
    """
    The Authorization header of one request.
    """
    own = {
        "oauth_consumer_key": keys.consumer_key,
        "oauth_nonce": nonce,
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": str(timestamp),
        "oauth_token": keys.token,
        "oauth_version": "1.0",
    }
    base = base_string(method, address, [*pairs, *own.items()])
    own["oauth_signature"] = signature(base, keys.consumer_secret, keys.token_secret)
    return "OAuth " + ", ".join(f'{k}="{coded(v)}"' for k, v in sorted(own.items()))


class SigningTransport(httpx.BaseTransport):
    """
    Signs a copy of every request at the last moment before it leaves.

    Nothing that logs, raises or shows a request ever sees keys or signature, and each
    repetition gets a nonce and a time of its own.

    Args:
        inner: What really sends.
        keys: The four keys.
        clock: Time; X refuses signatures whose time is minutes off.
        unsigned: Hosts of result files, which need no signature and get none.
        nonce: Gives a text that was never used before.
    """

    def __init__(
        self,
        inner: httpx.BaseTransport,
        keys: Keys,
        clock: Clock,
        *,
        unsigned: tuple[str, ...] = (),
        nonce: Callable[[], str] = secrets.token_hex,
    ) -> None:
        self._inner = inner
        self._keys = keys
        self._clock = clock
        self._unsigned = unsigned
        self._nonce = nonce

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """
        Send a signed copy.
        """
        headers = request.headers.copy()
        if request.url.host in self._unsigned:
            headers.pop("Authorization", None)
        else:
            headers["Authorization"] = self._header(request)
        sent = httpx.Request(
            request.method,
            request.url,
            headers=headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        answer = self._inner.handle_request(sent)
        # What reads the body on from here must name the request without its keys.
        answer.request = request
        return answer

    def close(self) -> None:
        """
        Close the connections.
        """
        self._inner.close()

    def _header(self, request: httpx.Request) -> str:
        url = request.url
        path = url.raw_path.partition(b"?")[0].decode()
        pairs = _pairs(url.query)
        if request.headers.get("Content-Type", "").startswith(_FORM):
            pairs += _pairs(request.read())
        return header(
            self._keys,
            request.method,
            f"{url.scheme}://{url.netloc.decode().lower()}{path}",
            pairs,
            nonce=self._nonce(),
            timestamp=int(self._clock.now().timestamp()),
        )


def _pairs(text: bytes) -> list[tuple[str, str]]:
    return parse_qsl(text.decode(), keep_blank_values=True)
