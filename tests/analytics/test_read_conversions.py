from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from smmlib.analytics import Facts, origin_of, read_conversions
from smmlib.errors import ValidationError
from smmlib.model import Money

_HEADER = (
    "conversion_id,date,time,utm_source,utm_medium,utm_campaign,utm_content,utm_term,"
    "click_id,kind,value,currency,status"
)
_ROWS = """
R1,2027-03-01,10:00:00,fb,paid_social,leads,taste,baristas,Iw1,registration,0.00,EUR,confirmed
P1,2027-03-02,11:00:00,fb,paid_social,leads,taste,baristas,Iw1,purchase,39.00,EUR,paid
P1-R,2027-03-09,11:00:00,fb,paid_social,leads,taste,baristas,Iw1,refund,-39.00,EUR,refunded
P1,2027-03-02,11:00:00,fb,paid_social,leads,taste,baristas,Iw1,purchase,39.00,EUR,paid
R2,2027-03-01,10:00:00,google,organic,,,,,registration,0.00,EUR,confirmed
R3,2027-03-01,10:00:00,,,,,,,registration,0.00,EUR,confirmed
R4,2027-03-01,10:00:00,facebok,paid_social,leads,,,,registration,0.00,EUR,unconfirmed
X9-R,2027-03-01,10:00:00,,,,,,,refund,5.00,EUR,refunded
"""


def _read(tmp_path, text, **more):
    path = tmp_path / "crm.csv"
    path.write_text(text, encoding="utf-8")
    return read_conversions(path, **{"zone": "Europe/Berlin"} | more)


def test_a_crm_export_is_read(tmp_path):
    """
    Registrations, purchases and refunds are read with tags; repeats are dropped.
    """
    found = _read(tmp_path, _HEADER + _ROWS)

    assert ["R1", "P1", "P1-R", "R2", "R3", "X9-R"] == [c.conversion_id for c in found]
    assert datetime(2027, 3, 1, 9, tzinfo=UTC) == found[0].at
    assert "P1" == found[2].refunds
    assert Money("-39.00", "EUR") == found[2].value
    assert Money("-5.00", "EUR") == found[-1].value
    assert found[4].utm is None
    assert ("google", "(not set)") == (found[3].utm.source, found[3].utm.campaign)
    notes = {note.code: note.message for note in found.notes}
    assert notes["conversions.repeated"].startswith("1 ")
    assert notes["conversions.unconfirmed"].startswith("1 ")
    assert notes["conversions.loose_refunds"].startswith("1 ")


def test_notes_come_along(tmp_path):
    """
    Facts take the conversions with the file's name and its notes.
    """
    found = _read(tmp_path, _HEADER + _ROWS)

    facts = Facts(zone="Europe/Berlin").with_conversions(found)

    assert tuple(found) == facts.conversions
    assert found.notes == facts.notes
    assert "crm.csv" in facts.sources[0]
    assert "registration" in found._repr_html_()


def test_order_and_missing_columns_do_not_matter(tmp_path):
    """
    Two columns are enough, in any order; what is missing is not invented.
    """
    (only,) = _read(tmp_path, "date,conversion_id\n2027-03-01,a\n")

    assert (None, None, "other") == (only.value, only.utm, only.kind.value)


def test_the_same_id_with_other_content_is_a_warning(tmp_path):
    """
    Of two records under one id the first is kept, and somebody must look.
    """
    text = "conversion_id,date,kind\na,2027-03-01,lead\na,2027-03-02,lead\n"

    found = _read(tmp_path, text)

    assert 1 == len(found)
    assert ["warning"] == [
        n.severity.value for n in found.notes if n.code == "conversions.contradiction"
    ]


@pytest.mark.parametrize(
    ("row", "path"),
    [
        ("a,yesterday,lead,1,EUR", "date"),
        ("a,2027-03-01,lead,one,EUR", "value"),
        ("a,2027-03-01,purchase,-1,EUR", "value"),
        ("a,2027-03-01,purchase,1,Taler", "currency"),
        ("a,2027-03-01,purchase,1,", "currency"),
        (",2027-03-01,purchase,1,EUR", "conversion_id"),
        ("a,2027-03-01", "conversion_id"),
    ],
    ids=["date", "value", "negative", "currency", "no-currency", "no-id", "short"],
)
def test_bad_records_are_refused(tmp_path, row, path):
    """
    A record that cannot be right refuses the file, with line and column.
    """
    with pytest.raises(ValidationError) as caught:
        _read(tmp_path, f"conversion_id,date,kind,value,currency\n{row}\n")

    (issue,) = caught.value.issues
    assert (path, 2) == (issue.path, issue.line)


def test_a_needed_column_is_named(tmp_path):
    """
    Without ids nothing can be told apart.
    """
    with pytest.raises(ValidationError) as caught:
        _read(tmp_path, "date,kind\n2027-03-01,lead\n")

    assert "conversion_id" == caught.value.issues[0].path


@pytest.mark.parametrize(
    ("source", "network", "guessed"),
    [
        ("fb", "facebook", False),
        ("Facebook ", "facebook", False),
        ("F B", "facebook", False),
        ("facebok", "facebook", True),
        ("instgram", "instagram", True),
        ("META", "meta", False),
        ("msg", "meta", False),
        ("twitter", "x", False),
        ("partner-blog", "", False),
        ("newsletter", "", False),
        ("google", "", False),
    ],
)
def test_sources_are_understood(tmp_path, source, network, guessed):
    """
    Usual spellings and slips of the pen are read; other sites stay what they are.
    """
    head = "conversion_id,date,utm_source,utm_medium,utm_campaign"
    (only,) = _read(tmp_path, f"{head}\na,2027-03-01,{source},paid_social,c\n")

    origin = origin_of(only)

    assert (network, guessed) == (origin.network, origin.guessed)


def test_every_kind_word_is_counted(tmp_path):
    """
    Usual words for a kind are understood, strange ones become 'other' with a note.
    """
    rows = "\n".join(
        f"{n},2027-03-01,{word}"
        for n, word in enumerate(["Sale", "sign up", "lead", "refund", "wedding"])
    )

    found = _read(tmp_path, f"conversion_id,date,kind\n{rows}\n")

    kinds = Counter(c.kind.value for c in found)
    assert {"purchase", "registration", "lead", "refund", "other"} == set(kinds)
    assert "conversions.other_kinds" in {n.code for n in found.notes}
