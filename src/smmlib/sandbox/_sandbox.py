"""
The sandbox as a user holds it: in this process, or behind a loopback server.
"""

from __future__ import annotations

import json
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from smmlib.errors import SandboxError
from smmlib.sandbox._clock import START, SandboxClock
from smmlib.sandbox._control import Control
from smmlib.sandbox._engine import CONTROL, Engine
from smmlib.sandbox._server import LoopbackServer
from smmlib.sandbox.linkedin import LinkedInPlatform
from smmlib.sandbox.meta import MetaPlatform
from smmlib.sandbox.telegram import TelegramPlatform
from smmlib.sandbox.x import XPlatform

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from types import FrameType, TracebackType

    import httpx

    from smmlib.sandbox._faults import FaultPlan
    from smmlib.sandbox._log import RequestLog

DEFAULT_ACCOUNTS = ("EUR:Europe/Berlin",)
LOCAL_ORIGIN = "http://sandbox.local"


class Sandbox:
    """
    Ad platforms of your own, in this process: no account, no network, no money.

    Args:
        seed: Decides ids, prices and people; another seed is another world.
        clock: `virtual` moves only by `advance`; `real` follows the computer.
        accounts: One `CURRENCY:Zone` per ad account, the default one first.
        latency_ms: Every answer takes so long.
        read_lag_s: New objects stay invisible to reads for so long on the clock.
        state: File that keeps the whole world between processes.
        start: First instant of the virtual clock.
        access_tier: Rate limits of the `standard` or the `development` tier.
    """

    def __init__(
        self,
        seed: int = 0,
        clock: str = "virtual",
        *,
        accounts: Sequence[str] = DEFAULT_ACCOUNTS,
        latency_ms: float = 0,
        read_lag_s: float = 0,
        state: str | Path | None = None,
        start: datetime = START,
        access_tier: str = "standard",
    ) -> None:
        _check(accounts, latency_ms, read_lag_s)
        self._clock = SandboxClock(clock, start)
        meta = MetaPlatform(
            self._clock,
            seed=seed,
            accounts=accounts,
            read_lag_s=read_lag_s,
            access_tier=access_tier,
        )
        linkedin = LinkedInPlatform(
            self._clock, seed=seed, accounts=accounts, read_lag_s=read_lag_s
        )
        x = XPlatform(self._clock, seed=seed, accounts=accounts, read_lag_s=read_lag_s)
        self.engine: Engine = Engine(
            [meta, linkedin, TelegramPlatform(self._clock, seed=seed), x],
            clock=self._clock,
            seed=seed,
            latency_ms=latency_ms,
            state=None if state is None else Path(state),
        )
        self._control = Control(self.engine, self.details)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.engine.save()

    def __repr__(self) -> str:
        return f"<Sandbox seed={self.engine.seed} at {self.now.isoformat()}>"

    @property
    def control(self) -> Control:
        """
        The control API, for doors.
        """
        return self._control

    @property
    def now(self) -> datetime:
        """
        The present on the sandbox clock.
        """
        return self._clock.now()

    @property
    def faults(self) -> FaultPlan:
        """
        Planned failures: `sandbox.faults.add("timeout_after", "POST /campaigns")`.
        """
        return self.engine.faults

    @property
    def log(self) -> RequestLog:
        """
        Every request and answer in order.
        """
        return self.engine.log

    def transport(self) -> httpx.BaseTransport:
        """
        Door one: give it to `httpx.Client(transport=...)`.
        """
        from smmlib.sandbox._transport import SandboxTransport

        return SandboxTransport(self.engine, self._control.handle)

    def base_url(self, platform: str = "meta") -> str:
        """
        Where a client of door one finds a platform.
        """
        return f"{LOCAL_ORIGIN}/{self._known(platform)}"

    def details(self, origin: str = LOCAL_ORIGIN) -> dict[str, Any]:
        """
        What the server's ready line says: base URLs, ids, credentials.
        """
        return {
            "ready": True,
            "control_url": f"{origin}/{CONTROL}",
            "seed": self.engine.seed,
            "clock": self._clock.kind,
            "now": self.now.isoformat(),
            "platforms": {
                name: platform.details(origin)
                for name, platform in self.engine.platforms.items()
            },
        }

    def advance(self, seconds: float = 0, *, days: float = 0) -> datetime:
        """
        Let time pass at once; reviews end, ads deliver.
        """
        self.engine.advance(seconds + days * 86_400)
        return self.now

    def reset(self) -> None:
        """
        Start again with empty platforms, clock, log and faults.
        """
        self.engine.reset()

    def state(self) -> dict[str, Any]:
        """
        All objects of all platforms as plain JSON.
        """
        with self.engine.lock:
            return {name: p.objects() for name, p in self.engine.platforms.items()}

    def conversions_csv(
        self, account: str | None = None, *, platform: str = "meta"
    ) -> str:
        """
        The shop's own record of registrations, purchases and refunds.
        """
        with self.engine.lock:
            known = self.engine.platforms[self._known(platform)]
            return known.conversions_csv(account)

    def _known(self, platform: str) -> str:
        if platform not in self.engine.platforms:
            raise SandboxError(
                f"the sandbox has no platform {platform!r}",
                hint=f"it has {', '.join(self.engine.platforms)}",
            )
        return platform


class SandboxServer:
    """
    Door two for tests and notebooks: the loopback server in a thread.

    Args:
        sandbox: The sandbox to serve; without one, a new one with *options*.
        port: 0 takes a free one.
        options: Arguments of `Sandbox`.
    """

    def __init__(
        self,
        sandbox: Sandbox | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        **options: Any,
    ) -> None:
        self.sandbox: Sandbox = Sandbox(**options) if sandbox is None else sandbox
        self._address = (host, port)
        self._server: LoopbackServer | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def origin(self) -> str:
        """
        Scheme, host and port.
        """
        if self._server is None:
            raise SandboxError("the sandbox server is not running", hint="call start()")
        return self._server.origin

    @property
    def control_url(self) -> str:
        """
        Where `SandboxClient` connects.
        """
        return f"{self.origin}/{CONTROL}"

    def base_url(self, platform: str = "meta") -> str:
        """
        Where a client finds a platform.
        """
        return f"{self.origin}{self.sandbox.base_url(platform)[len(LOCAL_ORIGIN) :]}"

    def details(self) -> dict[str, Any]:
        """
        The ready line as data.
        """
        return self.sandbox.details(self.origin)

    def start(self) -> None:
        """
        Listen, and serve from a thread of its own.
        """
        try:
            self._server = LoopbackServer(
                self._address, self.sandbox.engine, self._answer_control
            )
        except OSError as error:
            host, port = self._address
            raise SandboxError(
                f"cannot listen on {host}:{port}: {error}",
                hint="choose another port, or 0 for a free one",
            ) from error
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.05},
            daemon=True,
        )
        self._thread.start()

    def stop(self) -> None:
        """
        Stop listening; open connections end.
        """
        if self._server is None or self._thread is None:
            return
        self._server.stopping = True
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._server = self._thread = None
        self.sandbox.engine.save()

    def _answer_control(self, request: Any) -> Any:
        return Control(self.sandbox.engine, self.details).handle(request)


def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    on_ready: Callable[[str], object] = print,
    stop: threading.Event | None = None,
    **options: Any,
) -> None:
    """
    Serve until SIGTERM or SIGINT; `on_ready` gets the ready line, one line of JSON.

    Args:
        host: Address to listen on.
        port: 0 takes a free one.
        on_ready: Gets the ready line as soon as requests are served.
        stop: Ends serving when set; the signals set it too.
        options: Arguments of `Sandbox`: seed, clock, accounts, latency_ms,
            read_lag_s, state, start, access_tier.
    """
    done = threading.Event() if stop is None else stop

    def finish(_number: int, _frame: FrameType | None) -> None:
        done.set()

    main = threading.current_thread() is threading.main_thread()
    before = {}
    if main:
        for number in (signal.SIGTERM, signal.SIGINT):
            before[number] = signal.signal(number, finish)
    try:
        with SandboxServer(host=host, port=port, **options) as server:
            on_ready(json.dumps(server.details()))
            while not done.wait(3600):
                pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _check(accounts: Sequence[str], latency_ms: float, read_lag_s: float) -> None:
    if not accounts:
        raise SandboxError(
            "a sandbox needs at least one ad account", hint="EUR:Europe/Berlin"
        )
    for name, value in (("latency_ms", latency_ms), ("read_lag_s", read_lag_s)):
        if not 0 <= value <= 3_600_000:  # noqa: PLR2004 - an hour
            raise SandboxError(f"{name}={value} is not between 0 and 3600000")
