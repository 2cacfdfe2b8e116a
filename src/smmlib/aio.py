"""
The same calls, awaitable: for programs that run an event loop of their own.

```python
import asyncio
import smmlib as smm
from smmlib import aio

async def launch():
    plan = smm.load("examples/launch.plan.yaml")
    async with aio.connect("sandbox", root="examples") as work:
        changes = await work.plan(plan)
        await work.apply(changes)

asyncio.run(launch())
```

There is no second body: every call runs the one that is not awaited, in a thread. A
task that is cancelled stops waiting; the call itself goes on to its end, because what
is under way cannot be taken back, and its journal must be kept.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import Callable, Coroutine, Generator, Iterator
from datetime import datetime
from types import TracebackType
from typing import (
    Any,
    Concatenate,
    Generic,
    ParamSpec,
    Protocol,
    Self,
    TypeVar,
    overload,
)

from smmlib.ports import AdPlatform
from smmlib.workspace._connect import connect as connect_now
from smmlib.workspace._workspace import Workspace

__all__ = ["AsyncPlatform", "AsyncWorkspace", "Opening", "awaitable", "connect"]

P = ParamSpec("P")
T = TypeVar("T")
W = TypeVar("W")


class _Wrapper(Protocol):
    """
    Something that stands for a blocking object.
    """

    @property
    def blocking(self) -> Any: ...


def awaitable(function: Callable[P, T]) -> Callable[P, Coroutine[Any, Any, T]]:
    """
    Any blocking call of smmlib as one that can be awaited.

    Args:
        function: The call, e.g. `smmlib.load`.
    """

    @functools.wraps(function)
    async def call(*args: P.args, **named: P.kwargs) -> T:
        return await asyncio.to_thread(_listed(function), *args, **named)

    return call


def _listed(function: Callable[P, T]) -> Callable[P, T]:
    """
    Rows that come one by one are all read in the thread: the loop never waits for one.
    """

    @functools.wraps(function)
    def call(*args: P.args, **named: P.kwargs) -> T:
        found = function(*args, **named)
        rows: Any = iter(tuple(found)) if isinstance(found, Iterator) else found
        return rows  # type: ignore[no-any-return]

    return call


class _Awaited(Generic[W, P, T]):
    """
    A method of the blocking class, awaitable; typed as the method itself.
    """

    def __init__(self, method: Callable[Concatenate[W, P], T]) -> None:
        self._method = method
        self.__doc__ = method.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(
        self, instance: _Wrapper, owner: type
    ) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        return awaitable(getattr(instance.blocking, self._name))

    @property
    def __signature__(self) -> inspect.Signature:
        return inspect.signature(self._method)


class AsyncPlatform:
    """
    An ad platform whose calls are awaited.

    Args:
        platform: The platform.
    """

    def __init__(self, platform: AdPlatform) -> None:
        self.blocking = platform

    @property
    def name(self) -> str:
        """
        Name of the platform, e.g. `meta`.
        """
        return self.blocking.name

    @property
    def capabilities(self) -> Any:
        """
        What it can do.
        """
        return self.blocking.capabilities

    def __getattr__(self, name: str) -> Any:
        """
        What only some platforms do, such as `estimate` or `import_account`.
        """
        return awaitable(getattr(self.blocking, name))

    account = _Awaited(AdPlatform.account)
    wanted = _Awaited(AdPlatform.wanted)
    read = _Awaited(AdPlatform.read)
    find = _Awaited(AdPlatform.find)
    execute = _Awaited(AdPlatform.execute)
    metrics = _Awaited(AdPlatform.metrics)


class AsyncWorkspace:
    """
    A workspace whose calls are awaited; see `smmlib.Workspace` for what they do.

    Args:
        work: The workspace.
    """

    def __init__(self, work: Workspace) -> None:
        self.blocking = work

    def __repr__(self) -> str:
        return f"<Async{repr(self.blocking)[1:]}"

    @property
    def environment(self) -> str:
        """
        `sandbox`, `production`, ...
        """
        return self.blocking.environment

    @property
    def platforms(self) -> dict[str, AsyncPlatform]:
        """
        The connected ad platforms by name, awaitable as well.
        """
        known = self.blocking.platforms.items()
        return {name: AsyncPlatform(platform) for name, platform in known}

    def now(self) -> datetime:
        """
        The present: the computer's, or the sandbox's.
        """
        return self.blocking.now()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    plan = _Awaited(Workspace.plan)
    apply = _Awaited(Workspace.apply)
    activate = _Awaited(Workspace.activate)
    rehearse = _Awaited(Workspace.rehearse)
    import_account = _Awaited(Workspace.import_account)
    stop = _Awaited(Workspace.stop)
    publish = _Awaited(Workspace.publish)
    posts = _Awaited(Workspace.posts)
    approve_posts = _Awaited(Workspace.approve_posts)
    settle_post = _Awaited(Workspace.settle_post)
    audience = _Awaited(Workspace.audience)
    status = _Awaited(Workspace.status)
    refresh = _Awaited(Workspace.refresh)
    accept = _Awaited(Workspace.accept)
    runs = _Awaited(Workspace.runs)
    rollback = _Awaited(Workspace.rollback)
    destroy = _Awaited(Workspace.destroy)
    recover = _Awaited(Workspace.recover)
    fork = _Awaited(Workspace.fork)
    log = _Awaited(Workspace.log)
    snapshot = _Awaited(Workspace.snapshot)
    advance = _Awaited(Workspace.advance)
    pull = _Awaited(Workspace.pull)
    alert = _Awaited(Workspace.alert)
    send_alerts = _Awaited(Workspace.send_alerts)
    close = _Awaited(Workspace.close)


class Opening:
    """
    A workspace that is being opened: `async with` it, or `await` it and close it.

    Args:
        opens: Opens it.
    """

    def __init__(self, opens: Callable[[], Workspace]) -> None:
        self._opens = opens
        self._work: AsyncWorkspace | None = None

    async def _open(self) -> AsyncWorkspace:
        return AsyncWorkspace(await asyncio.to_thread(self._opens))

    def __await__(self) -> Generator[Any, None, AsyncWorkspace]:
        return self._open().__await__()

    async def __aenter__(self) -> AsyncWorkspace:
        self._work = await self._open()
        return self._work

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._work is not None:
            await self._work.close()


def _opening(function: Callable[P, Workspace]) -> Callable[P, Opening]:
    @functools.wraps(function)
    def opens(*args: P.args, **named: P.kwargs) -> Opening:
        return Opening(functools.partial(function, *args, **named))

    return opens


connect = _opening(connect_now)
