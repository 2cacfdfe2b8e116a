"""
The one HTTP client of all adapters: safe by default, patient where that is right.

A request says how it may be repeated: reads and absolute updates are retried, creates
never. What fails becomes a `PlatformError` that says whether a write was applied, was
not, or may have been. Tokens travel in the Authorization header alone, or, where a
platform knows no other way, in a path that nothing ever shows.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import attrs
import httpx

from smmlib.adapters._clock import SystemClock
from smmlib.adapters._failures import HTTPX_ERRORS, failure_of
from smmlib.adapters._path_token import MASK, PathTokenTransport, network_transport
from smmlib.adapters._patience import Limits, RetryPolicy, RetryQuota, retry_after
from smmlib.adapters._secrets import check_token, is_local, scrub
from smmlib.errors import (
    ConfigurationError,
    Outcome,
    PlatformError,
    PlatformTimeoutError,
    RateLimitError,
    Retry,
    UnexpectedResponseError,
)
from smmlib.ports import Secret

if TYPE_CHECKING:
    from smmlib.ports import Clock

_USER_AGENT = "smmlib"
_MOST_CONNECTIONS = 20
# Small bodies may be compressed well; a bomb is large *and* compressed absurdly.
_RATIO_COUNTS_FROM = 1024 * 1024


class Repeat(StrEnum):
    """
    How a request may be repeated.
    """

    READ = "read"
    UPDATE = "update"
    CREATE = "create"


@attrs.frozen
class HttpRequest:
    """
    One request, without host and token.

    Attributes:
        method: GET, POST, DELETE.
        path: Behind the base address, e.g. `v26.0/act_1/campaigns`.
        query: Parameters of the address.
        form: Fields of an urlencoded body; None for no body.
        files: Parts of a multipart body: name to file name and content.
        content: A finished body, where neither form nor files fit.
        headers: Headers of its own; never the token.
        elsewhere: A whole address off the base, as platforms give for uploads; its
            host must be one the token may go to.
        repeat: How it may be repeated.
        title: What it is called in errors; empty for method and path.
        decode: Reads the answer's body, where a form is known; None for any JSON.
    """

    method: str
    path: str
    query: Mapping[str, str] = attrs.field(factory=dict, kw_only=True)
    form: Mapping[str, str] | None = attrs.field(default=None, kw_only=True)
    files: Mapping[str, tuple[str, bytes]] = attrs.field(
        factory=dict, kw_only=True, repr=False
    )
    content: bytes | None = attrs.field(default=None, kw_only=True, repr=False)
    headers: Mapping[str, str] = attrs.field(factory=dict, kw_only=True)
    elsewhere: str = attrs.field(default="", kw_only=True, repr=False)
    repeat: Repeat = attrs.field(default=Repeat.READ, kw_only=True)
    title: str = attrs.field(default="", kw_only=True)
    decode: Callable[[bytes], Any] | None = attrs.field(
        default=None, kw_only=True, repr=False, eq=False
    )

    @property
    def name(self) -> str:
        """
        What it is called in errors: never with parameters.
        """
        return self.title or f"{self.method} {self.path}"

    @property
    def unknown(self) -> Outcome:
        """
        What is known when no readable answer came: reads change nothing.
        """
        return Outcome.NOT_APPLIED if self.repeat is Repeat.READ else Outcome.UNKNOWN


@attrs.frozen
class HttpResponse:
    """
    One answer, whole and decoded.

    Attributes:
        status: HTTP status.
        headers: Headers by lower-case name.
        body: The bytes.
        decode: Reads the body; None for any JSON.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = attrs.field(repr=False)
    decode: Callable[[bytes], Any] | None = attrs.field(
        default=None, repr=False, eq=False
    )
    _read: list[Any] = attrs.field(factory=list, init=False, repr=False, eq=False)

    def json(self) -> Any:
        """
        The body as values; read once, however often it is asked for.

        Raises:
            ValueError: It is no JSON.
        """
        if not self._read:
            self._read.append((self.decode or parse_json)(self.body))
        return self._read[0]


Judge = Callable[[HttpRequest, HttpResponse], PlatformError | None]
"""
Reads an answer and says which error it is, if any; brought by each adapter.
"""

Pace = Callable[[HttpResponse], float]
"""
Seconds to hold back the next request, as usage headers advise; brought by each adapter.
"""


class HttpClient:
    """
    Sends requests to one platform; safe to use from several threads.

    Args:
        base_url: Where the API is.
        platform: Name of the platform, for errors.
        token: The access token.
        judge: Says which error an answer is.
        pace: Says how long to hold back after an answer.
        allowed_hosts: Hosts the token may go to, besides this computer.
        token_path: For platforms that want the token in the path instead of a header:
            what stands before it, e.g. `bot`. It is put in behind every log.
        transport: An httpx transport; None for the network.
        clock: Time.
        random: Source of jitter.
        policy: How patient it is.
        limits: How large and slow answers may be.

    Raises:
        ConfigurationError: The address is not one the token may go to.
    """

    def __init__(
        self,
        base_url: str,
        *,
        platform: str,
        token: Secret,
        judge: Judge,
        pace: Pace = lambda _: 0.0,
        allowed_hosts: tuple[str, ...],
        token_path: str = "",
        transport: httpx.BaseTransport | None = None,
        clock: Clock | None = None,
        random: Random | None = None,
        policy: RetryPolicy | None = None,
        limits: Limits | None = None,
    ) -> None:
        host = checked_host(base_url, allowed_hosts)
        check_token(token, host)
        self._base = base_url.rstrip("/")
        self._allowed = (*allowed_hosts, host) if is_local(host) else allowed_hosts
        self._platform = platform
        self._token = token
        self._judge = judge
        self._pace = pace
        self._advice: tuple[float, datetime | None] = (0.0, None)
        self._lock = threading.Lock()
        self._clock = clock or SystemClock()
        self._random = random or Random()  # noqa: S311 - jitter, not cryptography
        self._policy = policy or RetryPolicy()
        self._limits = limits or Limits()
        self.quota: RetryQuota = RetryQuota()
        self._in_path = f"{token_path}{MASK}/" if token_path else ""
        if token_path:
            inner = transport or network_transport(
                host, local=is_local(host), most=_MOST_CONNECTIONS
            )
            transport = PathTokenTransport(inner, self._revealed)
        self._client = httpx.Client(
            transport=transport,
            follow_redirects=False,
            # A proxy of the environment must never see what is meant for this computer.
            trust_env=not is_local(host),
            timeout=httpx.Timeout(
                self._limits.read, connect=self._limits.connect, pool=self._limits.read
            ),
            limits=httpx.Limits(
                max_connections=_MOST_CONNECTIONS,
                max_keepalive_connections=_MOST_CONNECTIONS,
            ),
            headers={"User-Agent": _USER_AGENT, "Accept": "application/json"},
        )

    def close(self) -> None:
        """
        Close all connections.
        """
        self._client.close()

    def use(self, token: Secret) -> None:
        """
        Send another token from now on: the old one was renewed.

        Raises:
            MissingCredentialsError: There is no token, or what is there cannot be one.
            ConfigurationError: A sandbox token for a real host, or the other way round.
        """
        check_token(token, urlsplit(self._base).hostname or "")
        self._token = token

    def send(self, request: HttpRequest) -> HttpResponse:
        """
        Send one request, again where that is harmless, and give the good answer.

        Raises:
            PlatformError: The platform refused, failed or was not reached; `outcome`
                says what is known about a write.
        """
        started = self._clock.now()
        attempt = 0
        while True:
            answer, error = self._try(request)
            if error is None:
                self.quota.give()
                return answer
            wait = self._wait(request, error, attempt, started)
            if wait is None:
                raise error
            self._clock.sleep(wait)
            attempt += 1

    def scrub(self, text: str) -> str:
        """
        A text from the platform that can be shown.
        """
        return scrub(text, self._token.reveal())

    def _revealed(self) -> str:
        return self._token.reveal()

    # -- one attempt ---------------------------------------------------------------

    def _try(self, request: HttpRequest) -> tuple[HttpResponse, PlatformError | None]:
        """
        One attempt; errors are given back, so that none carries the request along.
        """
        nothing = HttpResponse(0, {}, b"")
        self._hold_back()
        try:
            answer = self._exchange(request)
        except PlatformError as error:
            return nothing, self._tell(request, error.with_traceback(None))
        except HTTPX_ERRORS as error:
            failed = failure_of(error, unknown=request.unknown)
            text = self.scrub(f"{type(error).__name__}: {error}")
            # httpx errors hold the request and with it the token: only the words stay.
            failed.__cause__ = ConnectionError(text)
            return nothing, self._tell(request, failed)
        self._remember(self._pace(answer))
        error_found = self._judge(request, answer)
        if error_found is None:
            return answer, None
        return answer, self._tell(request, self._hinted(error_found, answer))

    def _hold_back(self) -> None:
        """
        Wait as long as the last answers advised, all threads alike.
        """
        with self._lock:
            advised, until = self._advice
        left = (until - self._clock.now()).total_seconds() if until else 0.0
        if left > 0:
            # Never longer than advised, even when the clock was set back meanwhile.
            self._clock.sleep(min(left, advised))

    def _remember(self, seconds: float) -> None:
        until = self._clock.now() + timedelta(seconds=seconds) if seconds > 0 else None
        with self._lock:
            self._advice = seconds, until

    def _exchange(self, request: HttpRequest) -> HttpResponse:
        token = self._token.reveal()  # once: another thread may renew it meanwhile
        built = self._built(request, token)
        if token in str(built.url):
            raise ConfigurationError(
                f"{request.name}: a token must never stand in an address",
                hint="this is a fault of the adapter; please report it",
            )
        if not self._in_path:
            built.headers["Authorization"] = f"Bearer {token}"
        answer = self._client.send(built, stream=True)
        try:
            body = self._read(request, answer)
        finally:
            answer.close()
        headers = {k.lower(): v for k, v in answer.headers.items()}
        return HttpResponse(answer.status_code, headers, body, request.decode)

    def _built(self, request: HttpRequest, token: str) -> httpx.Request:
        try:
            return self._client.build_request(
                request.method,
                self._address(request, token),
                params=dict(request.query) or None,
                content=request.content,
                data=None if request.form is None else dict(request.form),
                files=dict(request.files) or None,
                headers=dict(request.headers) or None,
            )
        except UnicodeEncodeError:
            # Half a character: only a platform's own answer can have brought it here.
            raise UnexpectedResponseError(
                "the platform gave an id or a cursor that cannot be sent back"
            ) from None

    def _address(self, request: HttpRequest, token: str) -> str:
        """
        Where a request goes; another host must be one the token may go to.
        """
        if not request.elsewhere:
            return f"{self._base}/{self._in_path}{request.path.lstrip('/')}"
        origin, _, _ = request.elsewhere.partition("?")
        host = checked_host(origin, self._allowed)
        check_token(Secret(token), host)
        return request.elsewhere

    def _read(self, request: HttpRequest, answer: httpx.Response) -> bytes:
        """
        The whole body, unless it is too large, too compressed or too slow.
        """
        parts: list[bytes] = []
        size = 0
        late = self._clock.now() + timedelta(seconds=self._limits.whole)
        for part in answer.iter_bytes():
            parts.append(part)
            size += len(part)
            wire = max(1, answer.num_bytes_downloaded)
            if size > self._limits.body:
                raise self._too_large(request, f"over {self._limits.body:,} bytes")
            if size > _RATIO_COUNTS_FROM and size > wire * self._limits.ratio:
                raise self._too_large(
                    request, f"packed over {self._limits.ratio} times"
                )
            if self._clock.now() > late:
                raise PlatformTimeoutError(
                    f"the answer was not complete after {self._limits.whole:g} s",
                    outcome=request.unknown,
                )
        return b"".join(parts)

    def _too_large(self, request: HttpRequest, why: str) -> PlatformError:
        return UnexpectedResponseError(
            f"the answer is too large: {why}", outcome=request.unknown
        )

    # -- after a failure -----------------------------------------------------------

    def _tell(self, request: HttpRequest, error: PlatformError) -> PlatformError:
        """
        Complete an error; one that says "again" for an unsettled create would lie.
        """
        error.platform = error.platform or self._platform
        error.operation = error.operation or request.name
        if request.repeat is Repeat.CREATE and error.outcome is Outcome.UNKNOWN:
            error.retry = Retry.NEVER
        # A server may put anything anywhere: not only messages are cleaned.
        for name in ("message", "code", "subcode", "request_id"):
            value = getattr(error, name)
            if isinstance(value, str):
                setattr(error, name, self.scrub(value))
        error.fields = tuple(self.scrub(name) for name in error.fields)
        error.args = (error.message,)
        return error

    def _hinted(self, error: PlatformError, answer: HttpResponse) -> PlatformError:
        """
        Keep what `Retry-After` says, unless the platform said something better.
        """
        if isinstance(error, RateLimitError) and error.resume_at is None:
            error.resume_at = retry_after(answer.headers, self._clock.now())
        return error

    def _wait(
        self,
        request: HttpRequest,
        error: PlatformError,
        attempt: int,
        started: datetime,
    ) -> float | None:
        """
        How long to wait before the next attempt; None to give up.
        """
        if request.repeat is Repeat.CREATE or error.retry is Retry.NEVER:
            return None
        if attempt + 1 >= self._policy.attempts:
            return None
        now = self._clock.now()
        wait = self._policy.wait(attempt, self._random)
        resume_at = error.resume_at if isinstance(error, RateLimitError) else None
        if resume_at is not None:
            hinted = max(0.0, (resume_at - now).total_seconds())
            if hinted > self._policy.max_wait:
                return None
            # A little later than told: everybody comes back at that very moment.
            wait += hinted
        spent = (now - started).total_seconds()
        if spent + wait > self._policy.deadline or not self.quota.take():
            return None
        return wait


def checked_host(base_url: str, allowed: tuple[str, ...]) -> str:
    """
    The host of an address a token may go to.

    Raises:
        ConfigurationError: Not an address, not https (this computer excepted), another
            host, or one with a password inside.
    """
    try:
        parts = urlsplit(base_url)
        host, _ = (parts.hostname or "").lower(), parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    if not host or parts.username is not None or parts.query or parts.fragment:
        raise ConfigurationError(
            f"{scrub(base_url)!r} is no address of an API",
            hint="write https://host/path, without user, query or fragment",
        )
    if is_local(host) and parts.scheme in {"http", "https"}:
        return host
    if parts.scheme != "https":
        raise ConfigurationError(
            f"{scrub(base_url)!r} is not encrypted", hint="start it with https://"
        )
    if host not in allowed:
        raise ConfigurationError(
            f"tokens may not be sent to {host}",
            hint=f"allowed: {', '.join(allowed)}, and this computer",
        )
    return host


def parse_json(body: bytes) -> Any:
    """
    JSON as Python values; numbers with a point as exact decimals.

    Raises:
        ValueError: Not JSON, not UTF-8, NaN, or nested too deeply.
    """
    import json
    from decimal import Decimal

    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _no_constant(word: str) -> Any:
    message = f"{word} is no JSON"
    raise ValueError(message)
