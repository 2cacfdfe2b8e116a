from __future__ import annotations

import json
import pickle
import traceback

import pytest

from _meta_adapter import a_plan, creation, meta_of, set_up
from smmlib.errors import Outcome, PlatformError, RateLimitError, Retry
from smmlib.ports import Action, Kind, Operation
from smmlib.sandbox import Sandbox

CREATES = "POST /campaigns$"
SENT_NOTHING = ["connect_error", "rate_limit", "auth_expired"]
LOST = [
    "timeout_after",
    "status_500_after",
    "malformed_body",
    "html_body",
    "empty_body",
]
OPEN = ["timeout_before", "status_500_before"]


def _campaign(platform, marker="mark"):
    resources = platform.wanted(a_plan()).resources
    resource = next(r for r in resources if r.kind is Kind.CAMPAIGN)
    return creation(resource, {}, marker)


def _posts(sandbox, end="/campaigns"):
    return [
        row
        for row in sandbox.log.to_json()
        if row["method"] == "POST" and row["path"].endswith(end)
    ]


@pytest.mark.parametrize("kind", [*SENT_NOTHING, *LOST, *OPEN, "truncated_body"])
def test_a_failed_create_is_sent_once_and_says_what_is_known(sandbox, platform, kind):
    """
    Refused or never sent: not applied. Anything else: unknown, and found by its marker
    exactly when it happened.
    """
    operation = _campaign(platform)
    sandbox.faults.add(kind, CREATES, count=9)
    result = platform.execute([operation])[0]
    expected = Outcome.NOT_APPLIED if kind in SENT_NOTHING else Outcome.UNKNOWN
    assert expected is result.outcome
    assert isinstance(result.error, PlatformError)
    assert "campaigns.leads" == result.error.address
    if expected is Outcome.UNKNOWN:
        assert Retry.NEVER is result.error.retry
    sandbox.faults.clear()
    found = platform.find(Kind.CAMPAIGN, ["mark"])
    assert (kind in LOST or kind == "truncated_body") is (len(found) == 1)
    assert len(_posts(sandbox)) <= 1


@pytest.mark.parametrize("kind", [*LOST, *OPEN, "connect_error", "truncated_body"])
def test_reads_survive_passing_failures(sandbox, platform, kind):
    """
    Two failures in a row are not seen by the caller.
    """
    own = platform.execute([_campaign(platform)])[0].remote_id
    sandbox.faults.add(kind, f"GET /{own}$", count=2)
    assert own in platform.read(Kind.CAMPAIGN, [own])


@pytest.mark.parametrize(
    "kind", ["timeout_after", "status_500_after", "connect_error", "html_body"]
)
def test_absolute_updates_survive_passing_failures(sandbox, platform, kind):
    """
    The same value set twice is the same value.
    """
    own = platform.execute([_campaign(platform)])[0].remote_id
    change = Operation(
        Action.UPDATE,
        Kind.CAMPAIGN,
        address="campaigns.leads",
        remote_id=own,
        fields={"lifetime_budget": "17000.00 EUR"},
    )
    sandbox.faults.add(kind, f"POST /{own}$", count=2)
    assert Outcome.APPLIED is platform.execute([change])[0].outcome
    remote = platform.read(Kind.CAMPAIGN, [own])[own]
    assert "17000.00 EUR" == remote.fields["lifetime_budget"]


@pytest.mark.parametrize("kind", ["timeout_after", "connect_error", "empty_body"])
def test_a_failed_batch_is_a_failure_of_each_of_its_calls(sandbox, platform, kind):
    """
    One result per operation, each with its own address and error.
    """
    resources = platform.wanted(a_plan()).resources
    audiences = [r for r in resources if r.kind is Kind.AUDIENCE]
    sandbox.faults.add(kind, "POST /v26.0/?$")
    results = platform.execute(
        [creation(r, {}, f"mark{n}") for n, r in enumerate(audiences)]
    )
    sent = kind != "connect_error"
    expected = Outcome.UNKNOWN if sent else Outcome.NOT_APPLIED
    assert [expected] * 2 == [r.outcome for r in results]
    assert [r.address for r in audiences] == [r.error.address for r in results]
    found = platform.find(Kind.AUDIENCE, ["mark0", "mark1"])
    assert (2 if sent else 0) == len(found)


def test_throttling_is_waited_for_as_told(sandbox, folder):
    """
    A minute of Meta's own hint is waited on the clock, and then the read succeeds.
    """
    platform = meta_of(sandbox, folder)
    clock = platform._clock
    sandbox.faults.add("rate_limit", "GET /act_", regain_minutes=1)
    platform.account()
    assert [60] == [int(wait) for wait in clock.waits]


def test_long_throttling_is_told_at_once(sandbox, folder):
    """
    A quarter of an hour is not slept through.
    """
    platform = meta_of(sandbox, folder)
    sandbox.faults.add("rate_limit", "GET /act_", regain_minutes=15)
    with pytest.raises(RateLimitError) as caught:
        platform.account()
    assert [] == platform._clock.waits
    assert 15 * 60 == (caught.value.resume_at - platform._clock.now()).total_seconds()


def test_new_objects_that_reads_do_not_see_yet_are_not_invented(folder):
    """
    While lists lag behind, an object is missing; afterwards it is there.
    """
    sandbox = Sandbox(seed=7, read_lag_s=30)
    platform = meta_of(sandbox, folder)
    own = platform.execute([_campaign(platform)])[0].remote_id
    assert {} == platform.read(Kind.CAMPAIGN, [own])
    sandbox.advance(31)
    assert {own} == set(platform.read(Kind.CAMPAIGN, [own]))


@pytest.mark.parametrize(
    "kind", [*SENT_NOTHING, *LOST, *OPEN, "slow", "truncated_body"]
)
def test_no_error_shows_the_token(sandbox, platform, kind):
    """
    Neither text, traceback nor pickle of any failure holds it.
    """
    token = sandbox.details()["platforms"]["meta"]["access_token"]
    sandbox.faults.add(kind, "* /", count=50, seconds=500.0)
    with pytest.raises(PlatformError) as caught:
        platform.account()
    shown = "".join(traceback.format_exception(caught.value)) + repr(platform)
    assert token not in shown
    assert token.encode() not in pickle.dumps(caught.value)


def test_no_log_line_shows_the_token(door, sandbox, caplog):
    """
    Through both doors, with every logger of the process at its most talkative.
    """
    caplog.set_level(1)
    door.account()
    door.execute([_campaign(door)])
    token = sandbox.details()["platforms"]["meta"]["access_token"]
    assert token not in caplog.text
    assert not any(token in repr(record.__dict__) for record in caplog.records)


def test_requests_are_made_as_the_contract_wants_them(sandbox, platform):
    """
    The token is never in an address or body, everything is created paused and marked.
    """
    set_up(platform, platform.wanted(a_plan()).resources)
    token = sandbox.details()["platforms"]["meta"]["access_token"]
    log = json.dumps(sandbox.log.to_json())
    assert token not in log
    assert "access_token" not in log
