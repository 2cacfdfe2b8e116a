"""
The awaited calls: the same ones, typed the same, in one body.
"""

from __future__ import annotations

import asyncio
import inspect
import threading

import pytest

import smmlib as smm
from _cli import EXAMPLES, PLAN
from conformance.test_meta import TestInProcess as _InProcess
from deploy.test_apply import Desk
from smmlib import aio
from smmlib.errors import SpendGuardError
from smmlib.ports import AdPlatform
from smmlib.workspace import Workspace, connect

_NOT_AWAITED = {"now", "publishers"}


class _Waiting:
    """
    An awaited platform for a suite that does not await: each call on a loop of its own.
    """

    def __init__(self, platform):
        self._awaited = aio.AsyncPlatform(platform)

    @property
    def name(self):
        return self._awaited.name

    @property
    def capabilities(self):
        return self._awaited.capabilities

    def __getattr__(self, name):
        call = getattr(self._awaited, name)

        def wait(*args, **named):
            async def once():
                return await call(*args, **named)

            return asyncio.run(once())

        return wait


for _name in ("account", "wanted", "read", "find", "execute", "metrics"):
    # A protocol looks at the class, not at what it would answer.
    setattr(
        _Waiting,
        _name,
        lambda self, *args, _name=_name, **named: self.__getattr__(_name)(
            *args, **named
        ),
    )


class TestAwaitedMeta(_InProcess):
    """
    The contract of an ad platform, awaited.
    """

    @pytest.fixture
    def platform(self, sandbox):
        """
        The adapter, and every call of it awaited.
        """
        from conformance.test_meta import MetaPlatform, _Clock, _connection

        facts = sandbox.details()["platforms"]["meta"]
        platform = MetaPlatform.connect(
            _connection(facts), transport=sandbox.transport(), clock=_Clock(sandbox)
        )
        yield _Waiting(platform)
        platform.close()


def _public(kind):
    return {
        name
        for name, _ in inspect.getmembers(kind, callable)
        if not name.startswith("_")
    }


def test_no_call_is_missing():
    """
    Everything a workspace and a platform can do can be awaited.
    """
    assert set() == _public(Workspace) - _NOT_AWAITED - _awaited(aio.AsyncWorkspace)
    assert set() == _public(AdPlatform) - _awaited(aio.AsyncPlatform)


def _awaited(kind):
    return {name for name, thing in vars(kind).items() if hasattr(thing, "_method")}


def test_every_call_has_the_signature_and_the_words_of_the_other():
    """
    Arguments, defaults and documentation are those of the call that is not awaited.
    """
    for name in _awaited(aio.AsyncWorkspace):
        mine, theirs = vars(aio.AsyncWorkspace)[name], getattr(Workspace, name)
        assert inspect.signature(theirs) == mine.__signature__, name
        assert theirs.__doc__ == mine.__doc__, name
    assert inspect.signature(connect) == inspect.signature(aio.connect)


def test_a_whole_launch_awaited():
    """
    Plan, apply, activate, wait, pull: the same changes and figures as without a loop.
    """
    plan = smm.load(EXAMPLES / PLAN)

    async def launch():
        async with aio.connect("sandbox", seed=7, root=EXAMPLES) as work:
            changes = await work.plan(plan)
            done = await work.apply(changes)
            await work.activate(changes, approve=str(changes.total), by="eva")
            await work.advance(days=8)
            facts = await work.pull(plan)
            return changes, done, facts, [e.what for e in await work.log(plan)]

    changes, done, facts, told = asyncio.run(launch())
    with smm.connect("sandbox", seed=7, root=EXAMPLES) as work:
        same = work.plan(plan)
        again = work.apply(same)
        work.activate(same, approve=str(same.total), by="eva")
        work.advance(days=8)
        assert same.changes == changes.changes
        assert again.done == done.done
        assert work.pull(plan).metrics == facts.metrics
        assert [e.what for e in work.log(plan)] == told


def test_the_loop_goes_on_while_a_call_waits():
    """
    Nothing blocks the loop: other tasks run meanwhile, calls run in other threads.
    """
    entered, leave = threading.Event(), threading.Event()
    seen = []

    def slow():
        seen.append(threading.current_thread())
        entered.set()
        assert leave.wait(30)
        return "done"

    async def both():
        task = asyncio.create_task(aio.awaitable(slow)())
        await asyncio.to_thread(entered.wait, 30)  # needs the loop, and gets it
        leave.set()
        return await task

    assert "done" == asyncio.run(both())
    assert threading.main_thread() not in seen


def test_errors_are_the_same():
    """
    What a call raises, awaiting it raises.
    """
    plan = smm.load(EXAMPLES / PLAN)

    async def refused():
        async with aio.connect("sandbox", root=EXAMPLES) as work:
            changes = await work.plan(plan)
            await work.apply(changes)
            await work.activate(changes, approve="1.00 EUR", by="eva")

    with pytest.raises(SpendGuardError, match=r"1\.00 EUR was approved"):
        asyncio.run(refused())


def test_a_workspace_can_be_awaited_and_closed():
    """
    For programs whose life is longer than one block.
    """

    async def opened():
        work = await aio.connect("sandbox")
        names = set(work.platforms)
        account = await work.platforms["meta"].account()
        shown = repr(work)
        await work.close()
        return names, account.currency, shown, work.environment, work.now()

    names, currency, shown, environment, now = asyncio.run(opened())
    assert "meta" in names
    assert ("EUR", "sandbox") == (currency, environment)
    assert shown.startswith("<AsyncWorkspace sandbox")
    assert now.tzinfo is not None


def test_a_cancelled_task_leaves_a_whole_journal():
    """
    The task stops waiting; the call goes on to its end, and nothing is made twice.
    """
    desk = Desk()
    started = threading.Event()

    async def cancelled():
        loop = asyncio.get_running_loop()
        begun = asyncio.Event()

        def told(_progress):
            if not started.is_set():
                started.set()
                loop.call_soon_threadsafe(begun.set)

        changes = desk.changes()
        task = asyncio.create_task(aio.awaitable(desk.apply)(changes, progress=told))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())  # waits for the threads of its calls
    assert 0 == desk.apply().writes
    assert 9 == len(desk.server.things)
    assert [] == desk.server.broken
