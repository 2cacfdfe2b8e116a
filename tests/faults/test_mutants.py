"""
The harness has teeth: protocols with one deliberate flaw do not get through.

Each mutant is a small patch of the real engine. It is run under schedules of faults
until a rule is broken; one that is never caught fails the test.
"""

from __future__ import annotations

import itertools
from datetime import timedelta

import attrs
import pytest

from _fault_runs import Scenario
from _flaky import WINDOW
from smmlib.deploy import (
    _activate,
    _apply,
    _gate,
    _observe,
    _order,
    _run,
    _send,
    _settle,
)
from smmlib.errors import Outcome, PlatformError, ServerError
from smmlib.ports import Action, Result


def _schedules():
    """
    Single faults that hurt most, alone and while reads lag behind.
    """
    sharp = (
        "answer_lost",
        "zombie",
        "delivered_twice",
        "delivered_again_later",
        "kill_after_commit",
        "reordered_answer",
        "partial_answer",
        "state_lost",
    )
    yield {}, 1
    for place, fault in itertools.product((8, 9, 11), sharp):
        yield {place: fault}, 3
        yield {place: fault, place + 1: "unreachable", place + 2: "unreachable"}, 3
        if fault != "state_lost":
            yield {1: "read_lag", place: fault}, 1


def _resends_blindly(patch):
    """
    Treat a lost answer as a failure and send again.
    """
    patch.setattr(_send, "look_up", lambda run, target, intents, until: {})


def _looks_once(patch):
    """
    Believe the first empty look-up, and do not wait for the window.
    """
    real = _settle.look_up

    def hasty(run, target, intents, until):
        return real(run, target, intents, run.clock.now() - timedelta(seconds=1))

    patch.setattr(_send, "look_up", hasty)
    patch.setattr(_settle, "look_up", hasty)


def _trusts_failed_look_ups(patch):
    """
    Take a look-up that failed for one that found nothing.
    """

    def look(target, marks):
        try:
            hits = _observe.find(target, marks)
        except PlatformError:
            return {}
        return {mark: remotes[0] for mark, remotes in hits.items()}

    patch.setattr(_settle, "_look", look)


def _writes_down_nothing_before(patch):
    """
    Send first, record when the answer is there.
    """
    patch.setattr(
        _run.Run, "intent", _without(_run.Run.intent, phase=_run.Phase.FAILED)
    )


def _without(method, **changes):
    def changed(self, step):
        return attrs.evolve(method(self, step), **changes)

    return changed


def _has_no_gate(patch):
    """
    Activate without looking for twins.
    """
    patch.setattr(_activate, "gate", lambda run, comparison: False)


def _gate_does_not_wait(patch):
    """
    Look for twins before everything that was made is visible.
    """
    patch.setattr(_gate, "wait_for_settling", lambda run, target, things: None)


def _forgets_the_fresh(patch):
    """
    Take what a read does not show yet for deleted.
    """
    patch.setattr(
        _observe,
        "_read_settled",
        lambda target, tracked, clock: _observe.read(target, tracked),
    )


def _maps_by_position(patch):
    """
    Believe that answers come in the order of the questions.
    """

    def execute(target, operations):
        try:
            results = list(target.platform.execute(operations))
        except PlatformError as error:
            return [Result(o.address, error.outcome, error=error) for o in operations]
        results += [Result("", Outcome.UNKNOWN)] * (len(operations) - len(results))
        return results

    patch.setattr(_send, "_execute", execute)


def _takes_silence_for_refusal(patch):
    """
    Take a missing answer in a batch for "not applied, try again".
    """
    real = _send._execute
    error = ServerError("no answer")

    def execute(target, operations):
        return [
            attrs.evolve(r, outcome=Outcome.NOT_APPLIED, error=error)
            if r.outcome is Outcome.UNKNOWN and r.error is None
            else r
            for r in real(target, operations)
        ]

    patch.setattr(_send, "_execute", execute)


def _marks_by_chance(patch):
    """
    Make a new marker for every attempt, so that nothing is ever found again.
    """
    count = itertools.count()
    patch.setattr(_observe, "marker", lambda *parts: f"{next(count):010d}")


def _archives_too_early(patch):
    """
    Archive the old creative before the ads have moved to the new one.
    """
    real = _apply._account

    def account(run, comparison):
        replaced = [p for p in comparison.planned if p.change.action is Action.REPLACE]
        for planned in replaced:
            _send.deliver(run, comparison.target, [_apply._archive(planned)])
        real(run, comparison)

    patch.setattr(_apply, "_account", account)


def _children_first(patch):
    """
    Make ads before what they hang in.
    """
    real = _order.waves
    patch.setattr(_apply, "waves", lambda planned: reversed(list(real(planned))))


_MUTANTS = (
    _resends_blindly,
    _looks_once,
    _trusts_failed_look_ups,
    _writes_down_nothing_before,
    _has_no_gate,
    _gate_does_not_wait,
    _forgets_the_fresh,
    _maps_by_position,
    _takes_silence_for_refusal,
    _marks_by_chance,
    _archives_too_early,
    _children_first,
)


def test_the_real_engine_passes_these_schedules():
    """
    What catches the mutants does not catch the engine itself.
    """
    failures = {
        str(faults): problems
        for faults, size in _schedules()
        if (problems := Scenario(faults, batch_size=size).run())
    }

    assert {} == failures


@pytest.mark.parametrize("mutant", _MUTANTS, ids=lambda m: m.__name__.strip("_"))
def test_a_flawed_engine_is_caught(mutant, monkeypatch):
    """
    Some schedule shows the flaw.
    """
    assert WINDOW > timedelta(seconds=30), "reads may lag for less than the window"
    mutant(monkeypatch)
    for faults, size in _schedules():
        try:
            problems = Scenario(faults, batch_size=size).run()
        except Exception as error:  # noqa: BLE001 - an untyped error is a broken rule
            problems = [repr(error)]
        if problems:
            return
    pytest.fail(f"nobody noticed: {mutant.__doc__.strip()}")
