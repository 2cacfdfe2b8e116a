"""
Any story: plans are edited, applied under faults, crash, drift and lose their state, in
any order. A story that breaks a rule is shrunk to its shortest form.
"""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from _deploy_desk import Desk
from _fault_mix import FULL
from _flaky import FAULTS, FlakyStore, Killed, a_creative, an_ad
from smmlib.errors import SmmError, SpendGuardError
from smmlib.model import Status

_PASSING = [f for f in FAULTS if f not in {"state_lost", "clock_ahead", "read_lag"}]
_FAULTS = st.lists(
    st.tuples(st.sampled_from(_PASSING), st.integers(3, 30)), min_size=1, max_size=4
)


class Story(RuleBasedStateMachine):
    """
    One launch and what may happen to it.
    """

    def __init__(self):
        super().__init__()
        self.desk = Desk()
        self.made = 0
        self.wrap()

    def wrap(self):
        """
        The process can die around any record from now on.
        """
        self.desk.store = FlakyStore(self.desk.store, self.desk.server)

    def run(self, act):
        """
        Run a command as a person does: again after a death, and after a look.
        """
        agreed = None
        for _ in range(12):
            self.desk.server.kill_at_journal = ""
            try:
                changes = self.desk.changes()
                act(changes, agreed)
            except Killed:
                continue
            except SpendGuardError:
                agreed = "yes"
            except SmmError:
                self.desk.clock.sleep(7 * 3600)
            else:
                return
        raise AssertionError("it never came to an end")

    def apply(self, changes, agreed):
        """
        Apply, with the amount that was shown where it is asked for.
        """
        more = {"approve": str(changes.total)} if agreed else {}
        self.desk.apply(changes, **more)

    def bring(self, faults):
        """
        Faults are due at some of the next requests.
        """
        server = self.desk.server
        for fault, place in faults:
            server.faults[server.requests + place] = fault

    @rule(faults=_FAULTS)
    def apply_the_plan(self, faults):
        """
        Somebody applies.
        """
        self.bring(faults)
        self.run(self.apply)

    @rule(faults=_FAULTS)
    def launch(self, faults):
        """
        Somebody applies and activates.
        """

        def both(changes, agreed):
            self.apply(changes, agreed)
            self.desk.activate(changes)

        self.bring(faults)
        self.run(both)

    @rule()
    def add_an_ad(self):
        """
        The plan gets one more ad with a text of its own.
        """
        self.made += 1
        key = f"new{self.made}"
        self.desk.edit(a_creative(key, f"Text {key}"), an_ad(key, "baristas", key))

    @rule(text=st.sampled_from(["Other words.", "More words."]))
    def change_a_text(self, text):
        """
        A text that cannot change in place is another.
        """
        self.desk.edit(a_creative("taste", text))

    @precondition(lambda self: self.made > 0)
    @rule()
    def drop_an_ad(self):
        """
        The plan loses the ad it got last.
        """
        key = f"new{self.made}"
        above = "campaigns.leads.ad_sets.baristas.ads"
        self.desk.edit(drop=(f"{above}.{key}", f"creatives.{key}"))
        self.made -= 1

    @rule(name=st.sampled_from(["By hand", "Also by hand"]))
    def rename_by_hand(self, name):
        """
        Somebody renames the first of our objects on the platform.
        """
        ours = [t for t in self.desk.server.living() if t.marker]
        if ours:
            ours[0].name = name

    @rule()
    def pause_by_hand(self):
        """
        Somebody switches the last of our objects off.
        """
        ours = [t for t in self.desk.server.living() if t.marker]
        if ours and ours[-1].status is Status.ACTIVE:
            ours[-1].status = Status.PAUSED

    @rule()
    def time_passes(self):
        """
        Late writes land.
        """
        self.desk.server.pass_time(200)

    @invariant()
    def no_rule_is_broken(self):
        """
        The server saw nothing that no client may do.
        """
        assert [] == self.desk.server.broken

    def teardown(self):
        """
        In the end one more launch leaves exactly what the plan wants.
        """
        self.desk.server.faults.clear()
        self.desk.server.pass_time(200)
        self.launch([])
        self.desk.server.pass_time(200)
        self.run(self.apply)
        assert [] == self.desk.server.broken
        known = {t.remote_id for t in self.desk.store.snapshot().resources.values()}
        assert known == {t.id for t in self.desk.server.living() if t.marker}
        assert self.desk.changes().empty


TestAnyStory = Story.TestCase
TestAnyStory.settings = settings(
    max_examples=300 if FULL else 25, stateful_step_count=14, deadline=None
)
