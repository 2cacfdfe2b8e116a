"""
Send writes: written down first, answered one by one, never sent twice by guessing.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import attrs

from smmlib.deploy._observe import wait_until
from smmlib.deploy._order import chunks
from smmlib.deploy._run import Run, Step
from smmlib.deploy._settle import closed, look_up
from smmlib.deploy._target import Target
from smmlib.errors import (
    AuthenticationError,
    NotFoundError,
    Outcome,
    PlatformError,
    RateLimitError,
    Retry,
    UnexpectedResponseError,
    VersionSunsetError,
)
from smmlib.ports import Action, Intent, Operation, Result, Tracked

_ATTEMPTS = 4
_BASE = 0.5  # seconds; doubled with every attempt
_LONGEST = 20.0
_MAX_WAIT = timedelta(minutes=2)
# With these nothing more can be done in the whole account.
_FATAL = (AuthenticationError, VersionSunsetError)
_GOING = {Action.ARCHIVE, Action.PAUSE}
_YOUNG = {Action.CREATE, Action.UPDATE}


@attrs.frozen
class _Sent:
    """
    One step with its intent and what came back.
    """

    step: Step
    intent: Intent
    result: Result

    @property
    def error(self) -> PlatformError:
        """
        Why it was not applied.
        """
        return self.result.error or UnexpectedResponseError(
            "the platform's answer does not say what became of it",
            platform=self.intent.platform,
            outcome=self.result.outcome,
            address=self.intent.address,
        )


def deliver(run: Run, target: Target, steps: Sequence[Step]) -> None:
    """
    Carry out steps of one kind, as many at once as the platform allows.

    What became of each is noted in the run.

    Raises:
        OutcomeUnknownError: An answer was lost and the platform cannot be asked.
    """
    waiting = list(steps)
    failures: list[_Sent] = []
    for attempt in range(_ATTEMPTS):
        if attempt and not _may_wait(run, failures, attempt):
            break
        failures = _round(run, target, waiting)
        waiting = [failure.step for failure in failures]
        if not waiting or target.key in run.halted:
            break
    _give_up(run, target, failures)


def _give_up(run: Run, target: Target, failures: Sequence[_Sent]) -> None:
    for failure in failures:
        if failure.result.outcome is Outcome.UNKNOWN:
            run.unknown[failure.step.address] = failure.error
        else:
            run.skip(target, failure.step.address, failure.error.message)
        run.halted.setdefault(target.key, failure.error)
        run.troubled.add(target.key)


def _may_wait(run: Run, failures: Sequence[_Sent], attempt: int) -> bool:
    """
    Wait as long as the platform says, or longer with every attempt; not for hours.
    """
    now = run.clock.now()
    told = [
        failure.error.resume_at
        for failure in failures
        if isinstance(failure.error, RateLimitError) and failure.error.resume_at
    ]
    if told and max(told) > now + _MAX_WAIT:
        return False
    jitter = run.random.uniform(0, min(_LONGEST, _BASE * 2**attempt))
    run.tell("waiting before the next try")
    wait_until(run.clock, max([now + timedelta(seconds=jitter), *told]))
    return True


def _round(run: Run, target: Target, steps: Sequence[Step]) -> list[_Sent]:
    """
    Send once, record every outcome in one transaction, return what may be sent again.
    """
    run.refuse_if_blocked(steps)
    intents = [run.intent(step) for step in steps]
    run.store.intend(intents)
    results = _execute_all(target, [step.operation for step in steps])
    sent = [_Sent(*row) for row in zip(steps, intents, results, strict=True)]
    again: list[_Sent] = []
    lost: list[_Sent] = []
    settled: list[Intent] = []
    tracked: list[Tracked] = []
    forget: list[str] = []
    for item in sent:
        if _applied(item):
            settled.append(closed(item.intent, remote_id=_id(item)))
            _after(run, item, _id(item), tracked, forget)
        elif item.result.outcome is not Outcome.NOT_APPLIED and _creates(item):
            lost.append(item)
        else:
            settled.append(closed(item.intent, error=str(item.error)))
            again += _judge(run, target, item)
    if settled:
        run.store.settle(settled, tracked, forget=forget)
    _note(run, [item for item in sent if _applied(item)])
    return again + (_recover(run, target, lost) if lost else [])


def _note(run: Run, items: Sequence[_Sent]) -> None:
    # Only now: what is reported as done must be written down first.
    for item in items:
        run.succeed(item.step.address, item.step.operation.action)


def _execute_all(target: Target, operations: Sequence[Operation]) -> list[Result]:
    """
    Send requests that do not depend on each other at the same time.
    """
    able = target.platform.capabilities
    parts = list(chunks(operations, able))
    if len(parts) == 1 or able.parallel <= 1:
        return [result for part in parts for result in _execute(target, part)]
    workers = min(able.parallel, len(parts))
    with ThreadPoolExecutor(workers, thread_name_prefix="smm-send") as pool:
        answered = pool.map(lambda part: _execute(target, part), parts)
        return [result for part in answered for result in part]


def _execute(target: Target, operations: Sequence[Operation]) -> list[Result]:
    """
    One result for each operation, in order; a missing one is an unknown outcome.
    """
    try:
        results = target.platform.execute(operations)
    except PlatformError as error:
        return [
            Result(operation.address, error.outcome, error=error)
            for operation in operations
        ]
    by_address = {result.address: result for result in results}
    return [
        results[place]
        if place < len(results) and results[place].address == operation.address
        else by_address.get(operation.address)
        or Result(operation.address, Outcome.UNKNOWN)
        for place, operation in enumerate(operations)
    ]


def _creates(item: _Sent) -> bool:
    return item.step.operation.action is Action.CREATE


def _id(item: _Sent) -> str:
    """
    What is changed keeps its id, whatever an answer in disorder says.
    """
    return item.step.operation.remote_id or item.result.remote_id


def _applied(item: _Sent) -> bool:
    """
    Whether it is certain: a create without an id is not; what is gone needs no archive.
    """
    if item.result.outcome is Outcome.APPLIED:
        return bool(_id(item))
    gone = isinstance(item.result.error, NotFoundError)
    return gone and item.step.operation.action in _GOING


def _judge(run: Run, target: Target, item: _Sent) -> list[_Sent]:
    """
    Send it again, note the refusal, or stop the whole account.
    """
    error = item.error
    if isinstance(error, _FATAL):
        run.halt(target, error)
        return [item]
    unknown = item.result.outcome is not Outcome.NOT_APPLIED
    # Everything but a create sets absolute values, so it may be sent again.
    if unknown or error.retry is not Retry.NEVER:
        return [item]
    run.fail(item.step, error)
    return []


def _after(
    run: Run, item: _Sent, remote_id: str, tracked: list[Tracked], forget: list[str]
) -> None:
    step = item.step
    forget.extend(step.drops)
    if step.after is not None:
        young = step.operation.action in _YOUNG
        tracked.append(
            attrs.evolve(
                step.after,
                remote_id=remote_id,
                applied_at=run.clock.now() if young else step.after.applied_at,
            )
        )


def _recover(run: Run, target: Target, lost: Sequence[_Sent]) -> list[_Sent]:
    """
    Adopt what was made although its answer was lost; the rest may be sent again.
    """
    window = target.platform.capabilities.settle_window
    intents = [item.intent for item in lost]
    found = look_up(run, target, intents, run.clock.now() + window)
    settled: list[Intent] = []
    tracked: list[Tracked] = []
    forget: list[str] = []
    for item in lost:
        remote = found.get(item.intent.marker)
        if remote is None:
            settled.append(closed(item.intent, error=f"never arrived: {item.error}"))
        else:
            settled.append(closed(item.intent, remote_id=remote.id))
            _after(run, item, remote.id, tracked, forget)
    run.store.settle(settled, tracked, forget=forget)
    _note(run, [item for item in lost if item.intent.marker in found])
    return [_never_arrived(item) for item in lost if item.intent.marker not in found]


def _never_arrived(item: _Sent) -> _Sent:
    result = attrs.evolve(item.result, outcome=Outcome.NOT_APPLIED, error=item.error)
    return attrs.evolve(item, result=result)
