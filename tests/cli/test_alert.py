"""
`smm alert`: what somebody should look at in a running launch.
"""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

import smmlib as smm
from _cli import copy_example, run, run_json
from smmlib.analytics import Alerts
from smmlib.errors import ConfigurationError, PlatformError
from smmlib.workspace._alert import AlertRoute


@pytest.fixture(scope="module")
def launched(tmp_path_factory):
    """
    The example, two weeks into its flight, with numbers pulled.
    """
    path = copy_example(tmp_path_factory.mktemp("alert"))
    where = ["--seed", 7]
    run("apply", path, *where)
    run("activate", path, *where, "--approve", "25500.00 EUR", "--by", "eva")
    run("sandbox", "advance", path, "--days", 21)
    run("pull", path, *where)
    return path, where


def test_alerts_are_told_with_an_exit_code(launched):
    """
    Sorted by money, as text and as JSON, and exit code 3 while there are any.
    """
    path, where = launched
    text = run("alert", path, *where, code=3).stdout
    found = run_json("alert", path, *where, code=3)
    risks = [
        float(one["at_risk"].split()[0]) if one["at_risk"] else 0.0
        for one in found["alerts"]
    ]

    assert risks
    assert sorted(risks, reverse=True) == risks
    assert found["alerts"][0]["message"] in " ".join(text.split())
    assert found["as_of"] in text


def _channel(path):
    with smm.connect("sandbox", state_dir=path.parent / ".smm") as work:
        return [m.get("text", "") for m in work.sandbox.state()["telegram"]["Message"]]


def test_alerts_are_sent_when_asked_for(launched):
    """
    Exactly one message, only with --send, and nothing else anywhere.
    """
    path, where = launched
    before = _channel(path)
    run("alert", path, *where, code=3)
    assert before == _channel(path)

    found = run_json("alert", path, *where, "--send", "telegram", code=3)
    after = _channel(path)
    assert len(before) + 1 == len(after)
    assert found["alerts"][0]["message"] in after[-1]
    assert found["sent"]


def test_calm_is_exit_code_0(tmp_path):
    """
    Before the first day there is nothing to worry about, and nothing is sent.
    """
    path = copy_example(tmp_path)
    run("pull", path)
    result = run("alert", path, "--send", "telegram")

    assert "Nothing was sent" in result.stdout
    assert [] == json.loads(run("alert", path, "--json").stdout)["alerts"]


def test_nothing_goes_to_the_public_channel():
    """
    Where smm.toml names no chat for alerts, they are not sent at all.
    """
    with pytest.raises(ConfigurationError, match="no chat"):
        AlertRoute().publisher()


_TOML = """
[environments.production]
[environments.production.platforms.telegram]
chat = "@alpenkaffee_roasts"
alert_chat = "-1001234567890"
token = { env = "SMM_TELEGRAM_TOKEN" }
[environments.production.platforms.meta]
account = "act_1"
page = "2"
access_until = 2027-05-01
token = { env = "SMM_META_TOKEN" }
"""


def test_the_teams_chat_and_ends_of_access_come_from_smm_toml(tmp_path):
    """
    Alerts go to the chat of the team, posts to the channel; both keep the one token.
    """
    (tmp_path / "smm.toml").write_text(_TOML, "utf-8")
    environ = {"SMM_TELEGRAM_TOKEN": "1:a", "SMM_META_TOKEN": "b"}
    with smm.connect("production", root=tmp_path, environ=environ) as work:
        route = work._route
        assert "-1001234567890" == route.telegram.account
        assert "2027-05-02" == f"{route.tokens['meta']:%Y-%m-%d}"
        assert "-1001234567890" in repr(route.publisher())
        assert "@alpenkaffee_roasts" in repr(work.publishers["telegram"])
        assert "1:a" not in repr(route)


@pytest.mark.parametrize(
    "day",
    ['"soon"', "7", "2027-05-01T10:00:00Z"],
    ids=["word", "number", "moment"],
)
def test_ends_of_access_are_days(tmp_path, day):
    """
    Anything but a day is refused with its place.
    """
    (tmp_path / "smm.toml").write_text(_TOML.replace("2027-05-01", day), "utf-8")
    with pytest.raises(ConfigurationError, match="day"):
        smm.connect("production", root=tmp_path, environ={})


@pytest.mark.parametrize(
    ("kind", "alerted"), [("auth_expired", True), ("status_500_before", False)], ids=str
)
def test_a_platform_that_does_not_answer_hides_nothing(kind, alerted, tmp_path):
    """
    A refused token is an alert, a platform that is down a note; the rest is told.
    """
    plan = smm.load(copy_example(tmp_path))
    with smm.connect("sandbox", seed=7) as work:
        work.advance(days=14)
        facts = work.pull(plan)
        work.sandbox.faults.add(kind, "GET .*", platform="meta", count=1000)
        found = work.alert(plan, facts)

    assert alerted == ("meta" in {one.where for one in found.of("token")})
    assert alerted != any("meta could not be asked" in note for note in found.notes)
    assert found.of("delivery_stopped")  # nothing was ever set up


def test_a_message_that_failed_is_an_error(launched):
    """
    Alerts that were not sent are never taken for sent.
    """
    path, _ = launched
    plan = smm.load(path)
    with smm.connect("sandbox", seed=7) as work:
        found = smm.alert(
            plan, smm.Facts(), as_of=plan.flight.first_day + timedelta(days=5)
        )
        assert isinstance(found, Alerts)
        assert found
        work.sandbox.faults.add(
            "auth_expired", "POST sendMessage$", platform="telegram"
        )
        with pytest.raises(PlatformError):
            work.send_alerts(found)
