"""
What people write is sorted by what it wants, and nothing is answered by itself.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from _cli import copy_example, run, run_json
from smmlib import load
from smmlib.community import (
    SOURCES,
    TEMPLATES,
    Sentiment,
    Topic,
    Urgency,
    inbox,
    language_of,
    mood_by_day,
    read_messages,
    sentiment,
    sudden_negativity,
    triage,
)
from smmlib.errors import ValidationError
from smmlib.model import Message, MessageKind, Network
from smmlib.testing import strategies

_EXAMPLE = Path(__file__).parents[2] / "examples" / "launch.plan.yaml"
_AT = datetime(2027, 3, 2, 9, tzinfo=UTC)


def _said(text, **more):
    return Message(text, more.pop("at", _AT), network="facebook", **more)


@pytest.fixture(name="plan")
def _plan():
    return load(_EXAMPLE)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("How much is the box?", "lead"),
        ("Was kostet das Abo?", "lead"),
        ("¿Cuánto vale la caja?", "lead"),
        ("Сколько стоит набор?", "lead"),
        ("When do you open?", "question"),
        ("Wann macht ihr auf?", "question"),
        ("¿Cuándo abrís?", "question"),
        ("Когда вы открываетесь?", "question"),
        ("I love this coffee, thank you!", "praise"),
        ("Der Kaffee ist wunderbar, danke!", "praise"),
        ("El café es excelente, gracias", "praise"),
        ("Отличный кофе, спасибо!", "praise"),
        ("It arrived broken, I want a refund", "complaint"),
        ("Die Box kam kaputt an, ich bin enttäuscht", "complaint"),
        ("La caja llegó rota, qué decepción", "complaint"),
        ("Коробка пришла сломанной, верните деньги", "complaint"),
        ("Earn money with bitcoin, click my link", "spam"),
        ("My son is in hospital after your coffee", "crisis"),
        ("Ich schalte meinen Anwalt ein", "crisis"),
        ("Mi abogado os llamará", "crisis"),
        ("Я подам в суд", "crisis"),
        ("Tuesday.", "other"),
    ],
)
def test_messages_are_sorted_in_four_languages(text, topic):
    """
    What plainly stands there decides.
    """
    assert Topic(topic) is triage(_said(text)).topic


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("not good, awful", "negative"),
        ("not bad at all", "positive"),
        ("nicht schlecht!", "positive"),
        ("no es malo", "positive"),
        ("не плохо", "positive"),
        ("👍", "positive"),
        ("😡😡", "negative"),
        ("It is Tuesday", "neutral"),
        ("", "neutral"),
    ],
)
def test_a_negation_turns_a_word_round(text, mood):
    """
    Not bad is no complaint; faces count as words.
    """
    assert Sentiment(mood) is sentiment(_said(text))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("the box is with me", "en"),
        ("die Box ist bei mir und nicht hier", "de"),
        ("la caja está con el café", "es"),
        ("это наш кофе", "ru"),
        ("12345", ""),
    ],
)
def test_languages_are_told_by_small_words(text, language):
    """
    Where nothing tells, nothing is claimed.
    """
    assert language == language_of(text)


def test_a_function_of_your_own_replaces_the_lists():
    """
    It decides mood, topic, counts per day and alerts.
    """

    def grim(_):
        return Sentiment.NEGATIVE

    box = inbox([_said("I love it")], sentiment_by=grim)

    assert Topic.COMPLAINT is box.items[0].triage.topic
    assert 1 == mood_by_day([_said("I love it")], zone="UTC", by=grim)[0].negative


def test_leads_know_their_campaign(plan):
    """
    By the key of the ad, or by the post that was promoted; several are all named.
    """
    lead = _said("email: a@b.example", kind="lead", post="taste")
    boosted = _said("Hm.", post="opening")
    twice = _said("Hm.", post="morning")

    assert ("leads",) == triage(lead, plan).campaigns
    assert ("campaigns.leads.ad_sets.baristas.ads.taste",) == triage(lead, plan).ads
    assert ("leads",) == triage(boosted, plan).campaigns
    assert ("awareness",) == triage(twice, plan).campaigns
    assert 2 == len(triage(twice, plan).ads)
    assert () == triage(_said("Hm.", post="unknown"), plan).campaigns


def test_due_times_and_who_must_know(plan):
    """
    A crisis within the hour, spam never; urgent words shorten the rest.
    """
    crisis = triage(_said("I call my lawyer"), plan)
    spam = triage(_said("bitcoin casino"), plan)
    hurry = triage(_said("URGENT: where is my parcel?"), plan)

    assert (_AT + timedelta(hours=1), "eva") == (crisis.due, crisis.escalate_to)
    assert (None, Urgency.NONE) == (spam.due, spam.urgency)
    assert (_AT + timedelta(hours=2), Urgency.NOW) == (hurry.due, hurry.urgency)
    assert "mila" == triage(_said("how much?"), plan).escalate_to


def test_the_gravest_comes_first(plan):
    """
    Then what is due next; overdue is said, and the same message counts once.
    """
    messages = [
        _said("Thank you, great!", message_id="p"),
        _said("How much?", message_id="l"),
        _said("My lawyer will call", message_id="c", at=_AT + timedelta(hours=5)),
        _said("How much?", message_id="l"),
    ]
    box = inbox(messages, plan=plan, now=_AT + timedelta(hours=9))

    assert ["c", "l", "p"] == [item.message.message_id for item in box]
    assert ["c", "l"] == [item.message.message_id for item in box.overdue()]
    assert "1 crisis, 1 lead, 1 praise" == box.summary()


def test_nothing_is_answered_without_a_word(plan):
    """
    Drafts are no answers; only entitled people agree, to exactly these words.
    """
    box = inbox([_said("Wie viel kostet es?", message_id="1", author="Ida")], plan=plan)

    assert () == box.replies
    assert "Hallo Ida, danke für dein Interesse an Alpenkaffee" in box.items[0].draft
    for wrong in ({"by": "mila"}, {"by": ""}, {"by": "nobody"}):
        with pytest.raises(ValidationError):
            box.approve("1", at=_AT, **wrong)
    with pytest.raises(ValidationError):
        box.approve("2", by="eva", at=_AT)
    done = box.approve("1", by="eva", at=_AT).approve("1", by="eva", at=_AT, text="Ja.")
    assert ["Ja."] == [reply.text for reply in done.replies]


def test_spam_has_no_draft_and_names_are_no_templates():
    """
    What somebody calls themselves is put in as it is.
    """
    spam, odd = (
        _said("casino bitcoin", author="x"),
        _said("How much is the box?", author="{brand} {0}"),
    )
    drafts = {item.message.author: item.draft for item in inbox([spam, odd])}

    assert "" == drafts["x"]
    assert "Hello {brand} {0}," in drafts["{brand} {0}"]
    assert set(TEMPLATES) == {"en", "de", "es", "ru"}
    assert all(Topic.SPAM not in row for row in TEMPLATES.values())


def test_a_storm_raises_an_alert_and_a_bad_day_does_not():
    """
    Three times as many as usual and five at least.
    """

    def day(n, angry):
        at = _AT + timedelta(days=n)
        return [_said("awful", at=at)] * angry + [_said("great", at=at)]

    calm = [m for n in range(10) for m in day(n, 1)]
    storm = mood_by_day([*calm, *day(10, 6)], zone="UTC")
    dull = mood_by_day([*calm, *day(10, 4)], zone="UTC")
    always = mood_by_day([m for n in range(10) for m in day(n, 6)], zone="UTC")

    assert ["community.negative"] == [i.code for i in sudden_negativity(storm)]
    assert [] == list(sudden_negativity(dull))
    assert 1 == len(list(sudden_negativity(always)))
    assert 11 == len(storm)


def test_quiet_days_count():
    """
    Days between two messages are there, with nothing.
    """
    rows = mood_by_day([_said("a"), _said("b", at=_AT + timedelta(days=3))], zone="UTC")

    assert [1, 0, 0, 1] == [row.messages for row in rows]
    assert () == mood_by_day([], zone="UTC")


@given(st.lists(strategies.messages(), max_size=6))
@settings(max_examples=40, deadline=None)
def test_any_messages_make_an_inbox(messages):
    """
    Every message stands in it once, and it shows itself.
    """
    box = inbox(messages)

    assert {m.text for m in messages} >= {i.message.text for i in box}
    assert len(box) == len(box.to_dict()["items"])
    assert str(box).endswith(".") or box.alerts
    assert "<script" not in box._repr_html_().lower()


def test_what_no_contract_describes_is_never_read():
    """
    Leads of Meta alone are pulled; the rest is imported and says so.
    """
    pulled = {key for key, how in SOURCES.items() if how == "pull"}

    assert {
        (Network.FACEBOOK, MessageKind.LEAD),
        (Network.INSTAGRAM, MessageKind.LEAD),
    } == pulled
    assert {"pull", "never"} == set(SOURCES.values())


# -- files -----------------------------------------------------------------------------


def test_files_are_read_as_people_have_them(tmp_path):
    """
    Semicolons or commas, other names of columns, times with and without offset.
    """
    table = tmp_path / "a.csv"
    table.write_text(
        "\ufeffKommentar;Datum;Plattform;Autor;Type\n"
        '"Toll; wirklich";2027-03-02 10:00;Facebook;Ida;review\n',
        "utf-8",
    )
    text = table.read_text("utf-8").replace("Kommentar", "Nachricht")
    table.write_text(text, "utf-8")
    data = tmp_path / "b.json"
    rows = [{"message": "Hi", "created_at": "2027-03-02T09:00:00+00:00", "id": 7}]
    data.write_text(json.dumps(rows), "utf-8")
    (one,) = read_messages(table, zone="Europe/Berlin")
    (two,) = read_messages(data, network="x")

    assert ("Toll; wirklich", _AT, "review") == (one.text, one.at, one.kind.value)
    assert ("7", Network.X, _AT) == (two.message_id, two.network, two.at)


def test_every_wrong_row_is_named(tmp_path):
    """
    With file, line and column; nothing is taken from a file with mistakes.
    """
    table = tmp_path / "a.csv"
    table.write_text(
        "text,at,network\nHi,2027-03-02,facebook\n,2027-03-02,facebook\n"
        "Hi,yesterday,facebook\nHi,2027-03-02,facebok\n",
        "utf-8",
    )
    with pytest.raises(ValidationError) as caught:
        read_messages(table)

    assert [(3, "text"), (4, "at"), (5, "network")] == [
        (issue.line, issue.path) for issue in caught.value.issues
    ]


@pytest.mark.parametrize("text", ["{", '{"a": 1}', "[1]", ""])
def test_what_is_no_list_of_messages_is_refused(tmp_path, text):
    """
    A broken file is an error of ours, never a traceback.
    """
    path = tmp_path / "a.json"
    path.write_text(text, "utf-8")
    with pytest.raises(ValidationError):
        read_messages(path)


def test_the_command_sorts(tmp_path):
    """
    Text for people, data for programs.
    """
    plan = copy_example(tmp_path)
    table = tmp_path / "a.csv"
    table.write_text(
        "text,at,network,author,id,post\n"
        "How much is the box?,2027-03-02 09:00,facebook,Ida,1,taste\n",
        "utf-8",
    )
    text = run("inbox", plan, "--messages", table, "--drafts").stdout
    assert "Hello Ida" in text
    found = run_json("inbox", plan, "--messages", table)
    assert ["leads"] == found["items"][0]["campaigns"]
    assert [] == found["replies"]
    run("inbox", plan, "--messages", tmp_path / "none.csv", code=2)
