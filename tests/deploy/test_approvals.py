"""
Approvals, raises, the kill switch and Ctrl-C: no money flows that nobody agreed to.
"""

from __future__ import annotations

import attrs
import pytest

from _deploy_desk import Desk
from _flaky import FlakyPlatform, a_campaign
from smmlib.deploy import Target, make_changes
from smmlib.errors import SpendGuardError, StaleChangesError
from smmlib.model import Caps

# -- money ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "free"),
    [
        ((100, 100), (140, 60), True),  # shifted within what was approved
        ((100, 100), (150, 50), True),  # exactly half as much again
        ((100, 100), (151, 49), False),  # more than that
        ((100, 100), (101, 100), False),  # more than was approved in all
        ((100, 100), (90, 80), True),
    ],
)
def test_raising_needs_a_person_beyond_half_or_beyond_the_total(first, second, free):
    """
    Money may be shifted within the approved total; anything else needs approval again.
    """
    desk = Desk()
    desk.platform.resources = []
    names = ("a", "b")
    desk.edit(*(a_campaign(k, daily=d) for k, d in zip(names, first, strict=True)))
    desk.launch()
    desk.clock.sleep(3600)
    desk.edit(*(a_campaign(k, daily=d) for k, d in zip(names, second, strict=True)))
    changes = desk.changes()
    if free:
        desk.apply(changes)
    else:
        with pytest.raises(SpendGuardError):
            desk.apply(changes)
        desk.apply(changes, approve=str(changes.total))

    daily = [desk.thing(f"campaigns.{key}").fields["daily"] for key in names]
    assert list(second) == daily


@pytest.mark.parametrize(
    ("caps", "passed"),
    [
        (Caps(per_account_day="100.00 EUR"), ()),
        (Caps(per_account_day="99.00 EUR"), ("flaky/act_1",)),
        (Caps(per_account_day="19.00 EUR"), ("flaky/act_1", "other/act_1")),
        (Caps(per_day="119.00 EUR"), ("environment.caps.per_day",)),
    ],
    ids=["within", "one account", "both accounts", "all together"],
)
def test_caps_are_held_for_each_account_and_for_all(caps, passed):
    """
    A ceiling per account counts what stands there, per day what stands in all.
    """
    desk = Desk()
    second = FlakyPlatform(desk.server, [a_campaign("x", daily=20)], name="other")
    first = desk.targets()
    both = [*first, Target(second, second.account(), second.wanted(desk.plan))]
    changes = make_changes(
        desk.plan,
        both,
        desk.store,
        clock=desk.clock,
        environment=desk.environment,
        caps=caps,
    )

    told = [i.path for i in changes.issues if "cap" in i.message]
    assert list(passed) == told


def test_a_token_approves_what_it_was_made_for():
    """
    Hash and amount in one word, for programs; it opens nothing else.
    """
    desk = Desk()
    changes = desk.changes()
    desk.apply(changes)
    desk.activate(changes, approve=changes.approval, by="eva")

    (kept,) = desk.store.approvals()
    assert (changes.hash, str(changes.total), "eva") == (
        kept.change_hash,
        kept.amount,
        kept.by,
    )
    assert desk.clock.now() >= kept.at


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token, changes: f"{'0' * 64}:{changes.total}",
        lambda token, changes: f"{changes.hash[:8]}:{changes.total}",
        lambda token, changes: f":{changes.total}",
        lambda token, changes: f"{changes.hash}:1.00 EUR",
    ],
    ids=["another hash", "too short", "no hash", "another amount"],
)
def test_a_token_for_something_else_is_refused(spoil):
    """
    Neither another plan's token nor another amount lets money flow.
    """
    desk = Desk()
    changes = desk.changes()
    desk.apply(changes)

    with pytest.raises(SpendGuardError):
        desk.activate(changes, approve=spoil(changes.approval, changes))
    assert () == desk.store.approvals()


def test_a_later_edit_voids_an_approval():
    """
    What was approved is the content, not the name of the plan.
    """
    desk = Desk()
    changes = desk.changes()
    desk.apply(changes)
    desk.plan = attrs.evolve(desk.plan, note="edited")

    with pytest.raises(StaleChangesError, match="edited"):
        desk.activate(changes, approve=changes.approval)
    with pytest.raises(SpendGuardError):
        desk.activate(desk.changes(), approve=changes.approval)


def test_the_kill_switch_stops_an_apply_in_the_middle():
    """
    Nothing more is sent; later it goes on where it stopped.
    """
    desk = Desk()
    seen = []

    def blocked():
        return "somebody said stop" if len(seen) >= 3 else ""

    changes = desk.changes()
    with pytest.raises(SpendGuardError, match="somebody said stop"):
        desk.apply(changes, blocked=blocked, progress=seen.append)
    made = len(desk.server.things)
    assert 0 < made < 9
    desk.apply(changes)
    assert 9 == len(desk.server.things)


# -- Ctrl-C ---------------------------------------------------------------------------


@pytest.mark.parametrize("batch", [1, 3])
def test_ctrl_c_at_any_request_is_harmless(batch):
    """
    Before or after the platform took the write: the note says how to go on, and
    going on makes nothing twice.
    """
    place, done = 0, False
    while not done:
        for late in (False, True):
            desk = _interrupted_at(place, batch, late=late)
            if desk is None:
                done = True
                continue
            desk.apply()
            marks = [t.marker for t in desk.server.living()]
            assert (9, 9) == (len(marks), len(set(marks))), (place, late)
            assert [] == desk.server.broken, (place, late)
        place += 1
    assert place > 8


class _Interrupting(FlakyPlatform):
    """
    Somebody presses Ctrl-C at one request: before it is sent, or once it has arrived.
    """

    place = 0
    late = False
    fired = False

    def _press(self, *, late):
        due = self.server.requests - self.start >= self.place
        if due and late is self.late and not self.fired:
            self.fired = True
            raise KeyboardInterrupt

    def _reading(self):
        self._press(late=False)
        super()._reading()

    def execute(self, operations):
        self._press(late=False)
        answer = super().execute(operations)
        self._press(late=True)
        return answer


def _interrupted_at(place, batch, *, late):
    desk = Desk()
    changes = desk.changes()
    capabilities = attrs.evolve(desk.platform.capabilities, batch_size=batch)
    desk.platform = _Interrupting(
        desk.server, desk.platform.resources, capabilities=capabilities
    )
    desk.platform.place, desk.platform.late = place, late
    desk.platform.start = desk.server.requests
    notes = []
    try:
        desk.apply(changes)
    except KeyboardInterrupt as stop:
        notes = stop.__notes__
    assert any("Run it again" in note for note in notes) is desk.platform.fired
    return desk if desk.platform.fired else None
