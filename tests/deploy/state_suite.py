"""
What every state store must do, wherever it keeps its knowledge.

Subclass it and give a fixture `make`, a function that opens the same store again:

    class TestMine(StateStoreSuite):
        @pytest.fixture
        def make(self, tmp_path): ...
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import attrs
import pytest

from smmlib.deploy import MemoryStateStore
from smmlib.errors import DeployError, StateCorruptError, StateLockedError
from smmlib.model import Money, Status
from smmlib.ports import Action, Event, Intent, Kind, Phase, SpendApproval, Tracked

NOW = datetime(2027, 2, 20, 9, tzinfo=UTC)


def an_intent(op_id="op1", **changes):
    """
    Give a create that is about to be sent.
    """
    usual = {
        "run": "run1",
        "address": "campaigns.leads",
        "platform": "meta",
        "account": "act_1",
        "kind": Kind.CAMPAIGN,
        "action": Action.CREATE,
        "marker": "abcdefghij",
        "payload_hash": "00ff",
        "sent_at": NOW,
        "before": {"daily": 10, "targeting": {"countries": ["DE"]}},
    }
    return Intent(op_id, **{**usual, **changes})


def a_thing(remote_id="101", **changes):
    """
    Give a campaign we made.
    """
    usual = {
        "address": "campaigns.leads",
        "platform": "meta",
        "account": "act_1",
        "kind": Kind.CAMPAIGN,
        "marker": "abcdefghij",
        "fields": {
            "daily": 10,
            "targeting": {"countries": ["DE"], "excluded": []},
            "text": "Käse ☕",
            "end": None,
        },
        "name": "Leads",
        "exposure": Money("16000.00", "EUR"),
        "applied_at": NOW,
    }
    return Tracked(remote_id=remote_id, **{**usual, **changes})


def done(intent, remote_id="101"):
    """
    Give the same write with its outcome.
    """
    return attrs.evolve(intent, phase=Phase.DONE, remote_id=remote_id)


class StateStoreSuite:
    """
    The contract, as tests.
    """

    @pytest.fixture
    def store(self, make):
        """
        Give one store of the kind that is tested.
        """
        store = make()
        yield store
        store.close()

    def test_a_new_store_is_empty(self, store):
        """
        It has an identity, and knows nothing.
        """
        state = store.snapshot()

        assert state.lineage
        assert (0, 0, ()) == (state.serial, len(state.resources), state.open_intents)
        assert "" == state.run

    def test_intents_stay_open_until_they_are_settled(self, store):
        """
        What was sent and not answered is found after a crash, complete.
        """
        first, second = an_intent("op1"), an_intent("op2", address="campaigns.other")
        store.intend([first, second])
        store.settle([done(first)], [a_thing()])

        state = store.snapshot()
        assert (second,) == state.open_intents
        assert {a_thing().key: a_thing()} == dict(state.resources)

    def test_a_failed_write_is_no_longer_open(self, store):
        """
        A refusal is an outcome.
        """
        store.intend([an_intent()])
        store.settle([attrs.evolve(an_intent(), phase=Phase.FAILED, error="refused")])

        assert () == store.snapshot().open_intents

    def test_every_durable_change_moves_the_serial(self, store):
        """
        Somebody who planned before can see that something happened since.
        """
        serials = [store.snapshot().serial]
        store.intend([an_intent()])
        serials.append(store.snapshot().serial)
        store.settle([done(an_intent())], [a_thing()])
        serials.append(store.snapshot().serial)

        assert sorted(set(serials)) == serials

    def test_one_intent_is_recorded_once(self, store):
        """
        Two writes never share a record.
        """
        store.intend([an_intent()])

        with pytest.raises(DeployError):
            store.intend([an_intent()])

    def test_settling_replaces_and_forgets_in_one_step(self, store):
        """
        A new generation comes and the old one goes together.
        """
        store.settle([done(an_intent())], [a_thing()])
        newer = a_thing("102", generation=1)
        store.settle([done(an_intent("op2"), "102")], [newer], forget=[a_thing().key])

        assert {newer.key: newer} == dict(store.snapshot().resources)

    def test_one_object_belongs_to_one_address(self, store):
        """
        An id that is taken is refused, and nothing of the record is kept.
        """
        store.settle([done(an_intent())], [a_thing()])
        before = store.snapshot()

        with pytest.raises(StateCorruptError, match="claim"):
            store.settle(
                [done(an_intent("op2"))], [a_thing("101", address="campaigns.other")]
            )
        assert before == store.snapshot()

    def test_two_addresses_may_swap_their_objects(self, store):
        """
        Only the end of a step counts.
        """
        one, two = a_thing("101"), a_thing("102", address="campaigns.other")
        store.settle([done(an_intent())], [one, two])
        swapped = [
            attrs.evolve(one, remote_id="102"),
            attrs.evolve(two, remote_id="101"),
        ]
        store.settle([done(an_intent("op2"))], swapped)

        ids = {t.address: t.remote_id for t in store.snapshot().resources.values()}
        assert {"campaigns.leads": "102", "campaigns.other": "101"} == ids

    def test_uploads_are_shared_by_content(self, store):
        """
        Two cards with one picture stand on one upload.
        """
        media = [
            a_thing("hash1", kind=Kind.MEDIA, address=f"creatives.c.cards.{i}")
            for i in range(2)
        ]
        store.settle([done(an_intent())], media)

        assert 2 == len(store.snapshot().resources)

    def test_one_address_stands_on_several_platforms(self, store):
        """
        A creative used on two networks is two objects.
        """
        store.settle([done(an_intent())], [a_thing("1"), a_thing("1", platform="x")])

        assert 2 == len(store.snapshot().resources)

    def test_the_lock_is_for_one(self, store):
        """
        The second is refused at once and told who is at work; then it is free again.
        """
        with store.lock("mila@desk process 7"):
            with pytest.raises(StateLockedError) as refused, store.lock("jon"):
                pass
            assert "mila@desk process 7" == refused.value.holder
            assert refused.value.since is not None
        with store.lock("jon"):
            pass

    def test_an_error_frees_the_lock(self, store):
        """
        A run that fails does not shut out the next one.
        """
        with pytest.raises(ZeroDivisionError), store.lock("mila"):
            _ = 1 / 0
        with store.lock("jon"):
            pass

    def test_the_run_is_remembered(self, store):
        """
        Only the change set begun last may be resumed.
        """
        store.begin("hash1")
        store.begin("hash2")

        assert "hash2" == store.snapshot().run

    def test_approvals_are_kept_with_their_amount(self, store):
        """
        An approval binds one change set to one amount, and the log shows it.
        """
        assert store.approved("hash1") is None
        store.approve("hash1", "16000.00 EUR", by="eva", at=NOW)

        assert "16000.00 EUR" == store.approved("hash1")
        assert store.approved("hash2") is None
        last = list(store.events())[-1]
        assert ("approved", True) == (last.what, "eva" in last.detail)

    def test_the_log_has_one_line_for_each_outcome(self, store):
        """
        A client can read what happened, in order.
        """
        store.record(Event(NOW, "apply started", "", "1 to create"))
        store.intend([an_intent()])
        store.settle([done(an_intent())], [a_thing()])
        failed = attrs.evolve(an_intent("op2"), phase=Phase.FAILED, error="refused")
        store.settle([failed])

        events = list(store.events())
        assert ["apply started", "created", "create failed"] == [e.what for e in events]
        assert len(events) == len({event.hash for event in events})

    def test_values_come_back_as_they_went_in(self, store):
        """
        Money, times, nested fields and any script survive.
        """
        thing = a_thing(status=Status.ACTIVE, generation=3, exposure=None)
        store.settle([done(an_intent())], [thing])

        (found,) = store.snapshot().resources.values()
        assert thing == found

    def test_every_write_is_kept_with_its_outcome(self, store):
        """
        The way back is known: what was sent, in order, and what fields held before.
        """
        first, second = an_intent("op1"), an_intent("op2", address="campaigns.other")
        store.intend([first, second])
        store.settle([done(first)], [a_thing()])

        assert [done(first), second] == list(store.writes())

    def test_approvals_are_kept_with_person_and_time(self, store):
        """
        Who approved which amount, when, and for what exactly; the last stands last.
        """
        later = NOW + timedelta(hours=1)
        store.approve("hash1", "16000.00 EUR", by="eva", at=NOW)
        store.approve("hash2", "17000.00 EUR", by="jon", at=later)

        assert (
            SpendApproval("hash1", "16000.00 EUR", by="eva", at=NOW),
            SpendApproval("hash2", "17000.00 EUR", by="jon", at=later),
        ) == store.approvals()

    def test_whatever_a_platform_writes_can_be_kept(self, store):
        """
        NUL and halves of characters in names and messages do not stop a journal.
        """
        odd = "Käse \ud83d and \x00 nothing"
        failed = attrs.evolve(an_intent(), phase=Phase.FAILED, error=odd)
        store.settle([failed], [a_thing(name=odd, fields={"text": odd, "n": [odd]})])
        store.record(Event(NOW, "noted", "", odd))

        assert "Käse" in list(store.events())[-1].detail
        assert "Käse" in list(store.writes())[-1].error
        (thing,) = store.snapshot().resources.values()
        assert odd == thing.fields["text"]

    def test_a_second_handle_sees_what_the_first_one_wrote(self, make, store):
        """
        Two programs, or two colleagues, look at one state, and one of them applies.
        """
        if isinstance(store, MemoryStateStore):
            return  # lives in one program
        other = make()
        store.intend([an_intent()])
        try:
            assert store.snapshot() == other.snapshot()
            with store.lock("mila@desk"):
                with pytest.raises(StateLockedError) as refused, other.lock("jon"):
                    pass
                assert "mila@desk" == refused.value.holder
            with other.lock("jon"):
                pass
        finally:
            other.close()
