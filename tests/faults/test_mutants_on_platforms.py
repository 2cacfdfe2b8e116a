"""
The harness on the real adapters has teeth: engines, clients and adapters with one
deliberate flaw do not get through.

Each mutant is a small patch of the real code. It is run under schedules of faults on
the embedded platforms until a rule is broken; one that is never caught fails the test.

Tried, and the same protocol in other clothes, so nobody can catch them:

- *Adopt the youngest of twins instead of the oldest*: the gate compares all of them
  again before money flows, and reads the same answer on every computer.
- *Look up after the settle window only, not at once as well*: slower, never wrong.
- *Find what a lost answer left behind, and do not write its id down*: whatever needs it
  is not sent, and the next run recognises it by its marker.
- *Activate without asking whether all is applied*: the gate looks for every marker, and
  what is not there stops it.
- *Take one digit less for a marker*: 45 instead of 50 bits; no launch is that large.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import mkdtemp

import attrs
import pytest

from _fault_launch import Launch, one_after_the_other
from _fault_wire import FAULTS
from _fault_worlds import WORLDS
from smmlib.adapters import _failures, _http
from smmlib.adapters.meta import _execute as meta_execute
from smmlib.deploy import (
    MemoryStateStore,
    _apply,
    _guard,
    _run,
    _send,
    _settle,
)
from smmlib.errors import Outcome
from smmlib.ports import Action

_FAULT = {name.partition(" ")[0]: name for name in FAULTS}
_MEMORY = Path("/dev/shm")  # noqa: S108 - where there is one: a disk that never waits


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """
    Where states on the disk are kept.
    """
    return (
        Path(mkdtemp(dir=_MEMORY)) if _MEMORY.is_dir() else tmp_path_factory.mktemp("m")
    )


def _schedules():
    """
    Faults, whether in batches, whether with a relaunch: undisturbed runs first, then
    what hurts where most is made.
    """
    yield {}, True, False
    yield {}, False, True
    for place in (19, 22):
        for number in ("F3", "F7", "F8", "F13", "F2", "F14", "F19", "F20", "F24"):
            yield {place: _FAULT[number]}, bool(place % 2), False
    for place in (18, 21):  # while fresh objects stay hidden for half a minute
        for number in ("F3", "F13", "F19"):  # late here by 5 s: within the window
            yield {3: _FAULT["F18"], place: _FAULT[number]}, False, False
    for place in range(75, 80):  # while what is known is old, and shows
        yield {51: _FAULT["F18"], place: _FAULT["F13"]}, True, True
    yield {9: _FAULT["F11"]}, True, False
    for place in (27, 32):
        yield {place: _FAULT["F10"]}, True, True
    for number in ("F24", "F25"):
        for place in (8, 36):
            yield {place: _FAULT[number]}, True, False
    for place in range(59, 64):  # between a plan and its apply
        yield {place: _FAULT["F23"]}, True, True
    # Longer than any client is patient.
    yield dict.fromkeys(range(40, 45), _FAULT["F2"]), True, False


def _problems(name, folder):
    for faults, batched, relaunch in _schedules():
        scenario = Launch(
            WORLDS[name], faults, batched=batched, relaunch=relaunch, folder=folder
        )
        try:
            found = scenario.run()
        except Exception as error:  # noqa: BLE001 - an untyped error is caught too
            found = [repr(error)]
        if found:
            return found
    return []


# -- flaws of the engine --------------------------------------------------------------


def _forgets_what_was_sent(patch):
    """
    After a crash, take every open create for one that never arrived.
    """
    patch.setattr(_settle, "look_up", lambda run, target, intents, until: {})


def _overwrites_edits(patch):
    """
    Do what is due now, whatever was shown before.
    """
    patch.setattr(_apply, "check_covered", lambda fresh, approved: None)


def _takes_unknown_for_done(patch):
    """
    Take a change whose answer was lost for one that was made.
    """
    real = _send._applied
    patch.setattr(
        _send,
        "_applied",
        lambda item: (
            real(item)
            or (
                item.step.operation.action is not Action.CREATE
                and item.result.outcome is Outcome.UNKNOWN
            )
        ),
    )


def _has_no_lock(patch):
    """
    Let two processes apply at once.
    """
    patch.setattr(MemoryStateStore, "lock", lambda self, holder: nullcontext())


def _resumes_nothing(patch):
    """
    Do not note which change set was begun: after a crash it is refused.
    """
    patch.setattr(_apply, "check_state", _refusing(_guard.check_state))
    patch.setattr(MemoryStateStore, "begin", lambda self, run: None)


def _refusing(check):
    def refuse(changes, plan, state):
        check(changes, plan, attrs.evolve(state, run=""))

    return refuse


def _spends_at_once(patch):
    """
    Make everything active.
    """
    patch.setattr(meta_execute, "create_call", _active(meta_execute.create_call))


def _active(build):
    def call(operation, account):
        made = build(operation, account)
        values = {**made.values}
        if "status" in values:
            values["status"] = "ACTIVE"
        return attrs.evolve(made, values=values)

    return call


def _believes_ids_of_changes(patch):
    """
    Take the id in the answer to a change for the id of what was changed.
    """
    patch.setattr(
        _send,
        "_id",
        lambda item: item.result.remote_id or item.step.operation.remote_id,
    )


def _waits_for_nothing(patch):
    """
    Never give a fresh object time to become visible.
    """
    patch.setattr(_send, "wait_until", lambda clock, moment: None)
    patch.setattr(_settle, "wait_until", lambda clock, moment: None)


def _keeps_intents_open(patch):
    """
    Say what was done, and leave the record of the attempt open.
    """
    real = _run.Run.finish

    def finish(self, what):
        real(self, what)
        state = self.store.snapshot()
        if not state.open_intents and state.resources:
            thing = next(iter(state.resources.values()))
            intent = _run.Intent(
                f"open {state.serial}",
                self.name,
                address=thing.address,
                platform=thing.platform,
                account=thing.account,
                kind=thing.kind,
                action=Action.UPDATE,
                marker=thing.marker,
                sent_at=self.clock.now(),
            )
            self.store.intend([intent])

    patch.setattr(_run.Run, "finish", finish)


# -- flaws of the client and of an adapter --------------------------------------------


def _retries_creates(patch):
    """
    Send a create again when its answer is lost, as most clients do.
    """
    real = _http.HttpClient._wait

    def wait(self, request, error, attempt, started):
        update = attrs.evolve(request, repeat=_http.Repeat.UPDATE)
        error.retry = type(error).default_retry
        return real(self, update, error, attempt, started)

    patch.setattr(_http.HttpClient, "_wait", wait)


def _takes_timeouts_for_refusals(patch):
    """
    Say "not applied" when nobody knows.
    """
    real = _failures.failure_of
    patch.setattr(
        _http,
        "failure_of",
        lambda error, unknown: real(error, unknown=Outcome.NOT_APPLIED),
    )


def _shows_the_token(patch):
    """
    Send the token in the address as well.
    """
    real = _http.HttpClient._address

    def address(self, request, token):
        return f"{real(self, request, token)}?access_token={token}"

    patch.setattr(_http.HttpClient, "_address", address)


def _marks_nothing(patch):
    """
    Make objects without our marker.
    """

    def bare(build):
        return lambda operation, account: build(
            attrs.evolve(operation, marker=""), account
        )

    patch.setattr(meta_execute, "create_call", bare(meta_execute.create_call))


def _leaks_in_errors(patch):
    """
    Let texts of the platform and of the network through as they come.
    """
    patch.setattr(
        _http.HttpClient, "scrub", lambda self, text: text + self._token.reveal()
    )


_MUTANTS = {
    _forgets_what_was_sent: "meta",
    _overwrites_edits: "meta",
    _takes_unknown_for_done: "meta",
    _has_no_lock: "meta",
    _resumes_nothing: "meta",
    _spends_at_once: "meta",
    _believes_ids_of_changes: "x",
    _waits_for_nothing: "meta",
    _keeps_intents_open: "meta",
    _retries_creates: "meta",
    _takes_timeouts_for_refusals: "linkedin",
    _shows_the_token: "linkedin",
    _marks_nothing: "meta",
    _leaks_in_errors: "linkedin",
}


@contextmanager
def _mutated(mutant):
    with pytest.MonkeyPatch.context() as patch, one_after_the_other():
        mutant(patch)
        yield


@pytest.mark.parametrize("name", WORLDS)
def test_the_real_code_passes_these_schedules(name, folder):
    """
    What catches the mutants does not catch the code itself.
    """
    with one_after_the_other():
        assert [] == _problems(name, folder)


@pytest.mark.parametrize("mutant", _MUTANTS, ids=lambda m: m.__name__.strip("_"))
def test_a_flawed_launch_is_caught(mutant, folder, record_property):
    """
    Some schedule shows the flaw.
    """
    with _mutated(mutant):
        found = _problems(_MUTANTS[mutant], folder)
    record_property("faults", ("mutants killed", "all", bool(found), 1))
    assert found, f"nobody noticed: {mutant.__doc__.strip()}"
