from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmlib.analytics import read_metrics
from smmlib.analytics._csv import SHOWN
from smmlib.analytics._numbers import read_count, read_date, read_decimal
from smmlib.errors import CodecError, ValidationError
from smmlib.model import Network
from smmlib.report import metrics_report

_KAG = Path(__file__).parents[3] / "shared" / "data" / "facebook_ads_kag.csv"
_KAG_HEADER = (
    "Date,ad_id,xyz_campaign_id,fb_campaign_id,age,gender,interest,"
    "Impressions,Clicks,Spent,Total_Conversion,Approved_Conversion"
)
_SMALL = f"""{_KAG_HEADER}
31-08-2023,1,916,103,30-34,M,15,1000,2,1.429999948,2,1
01-09-2023,2,936,104,30-34,F,16,3000,0,2.57,1,0
"""
_META = (
    "Day,Campaign name,Ad set name,Ad name,Platform,Reach,Impressions,"
    "Amount spent (EUR),Link clicks,Landing page views,Reporting ends"
)


@pytest.fixture
def file(tmp_path):
    """
    Write a file of this text.
    """

    def write(text, *, name="export.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def _codes(caught):
    return [issue.code for issue in caught.value.issues]


def test_real_ads_give_the_known_totals():
    """
    1,143 real ads read with their totals, to the last of nine decimals.
    """
    if not _KAG.exists():
        pytest.skip(f"no {_KAG.name} beside the project")

    facts = read_metrics(_KAG, currency="USD")

    (total,) = facts.totals()
    assert 213_434_828 == total["impressions"]
    assert 38_165 == total["clicks"]
    assert Decimal("58705.229958205") == total["spend"]
    assert (3_264, 1_079) == (total["conversions"], total["approved_conversions"])
    assert {"916", "936", "1178"} == {
        t.label("campaign") for t in facts.totals("campaign")
    }
    assert 8 == len(facts.totals(("age", "gender")))


def test_the_known_header_is_read(file):
    """
    Day first dates, nine decimals, ids and breakdowns are read as they stand.
    """
    facts = read_metrics(file(_SMALL), currency="usd")

    first, second = facts.metrics
    assert (date(2023, 8, 31), date(2023, 9, 1)) == (first.on, second.on)
    assert Decimal("1.429999948") == first.spend
    assert ("916", "103", "1") == (first.campaign, first.ad_set, first.ad)
    assert {"age": "30-34", "gender": "F", "interest": "16"} == second.breakdown
    assert "USD" == facts.currency
    assert facts.metrics[0].network is None


def test_a_missing_currency_is_asked_for(file):
    """
    Amounts without currency are refused with the option that states it.
    """
    with pytest.raises(ValidationError) as caught:
        read_metrics(file(_SMALL))

    assert ["metrics.currency"] == _codes(caught)
    assert "--currency" in caught.value.hint


def test_ads_manager_names_are_known(file):
    """
    The export of Meta's Ads Manager is read with its currency, networks and sums.
    """
    path = file(
        f"{_META}\n"
        ',,,,,900,2000,"1,234.50",30,25,\n'
        '2027-03-01,Leads,Baristas,"Taste, first",instagram,900,2000,"1,234.50",30,25,'
        "2027-03-01\n"
        "2027-03-02,Leads,Baristas,Taste,audience_network,,10,,,,2027-03-03\n"
    )

    facts = read_metrics(path)

    first, second = facts.metrics
    assert ("EUR", Network.INSTAGRAM, "Taste, first") == (
        first.currency,
        first.network,
        first.ad,
    )
    assert (30, 30, 25, 900) == (
        first.clicks,
        first.link_clicks,
        first.visits,
        first.reach,
    )
    assert (None, None, Decimal(0)) == (second.network, second.clicks, second.spend)
    codes = {note.code for note in facts.notes}
    assert {
        "metrics.summary",
        "metrics.no_spend",
        "metrics.network",
        "metrics.several_days",
        "metrics.link_clicks",
    } <= codes


def test_german_exports_are_read(file):
    """
    German headers, semicolons, points as thousands and decimal commas are read.
    """
    path = file(
        "Tag;Kampagnenname;Impressionen;Ausgegebener Betrag (EUR);Klicks (alle)\n"
        "01.03.2027;Kaffee;1.234;1.234,56;7\n"
        "02.03.2027;Kaffee;999;12,5;0\n",
        encoding="utf-8-sig",
    )

    (total,) = read_metrics(path).totals()

    assert (Decimal("1247.06"), 2233) == (total["spend"], total["impressions"])


@pytest.mark.parametrize("mark", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separators_and_encodings(file, mark, encoding):
    """
    The usual separators and byte order marks make no difference.
    """
    rows = (
        ("day", "spend", "impressions", "ad name"),
        ("2027-03-01", "1.5", "2", '"a\nb"'),
    )
    text = "".join(f"{mark.join(row)}\n" for row in rows)

    facts = read_metrics(file(text, encoding=encoding), currency="EUR")

    assert ("a\nb", Decimal("1.5")) == (facts.metrics[0].ad, facts.metrics[0].spend)


def test_excels_own_first_line_is_no_header(file):
    """
    `sep=;` names the separator, and lines are still counted from the top.
    """
    text = "sep=;\nday;spend;impressions\n2027-03-01;x;1\n"

    with pytest.raises(ValidationError) as caught:
        read_metrics(file(text), currency="EUR")

    (issue,) = caught.value.issues
    assert (3, 2) == (issue.line, issue.column)


def test_own_names_of_columns(file, tmp_path):
    """
    A mapping or a TOML file names columns that nobody could know.
    """
    path = file("Wann,Views,Geld,Wer\n2027-03-01,5,1.20,x\n")
    columns = {"on": "Wann", "impressions": "views", "spend": "Geld"}
    toml = tmp_path / "map.toml"
    toml.write_text(
        'on = "Wann"\nimpressions = "Views"\nspend = "Geld"\n[breakdown]\nwho = "Wer"\n'
    )

    from_mapping = read_metrics(path, columns=columns, currency="EUR")
    from_file = read_metrics(path, columns=toml, currency="EUR")

    assert 5 == from_mapping.metrics[0].impressions
    assert {"who": "x"} == from_file.metrics[0].breakdown


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"impresions": "A"}, "columns.unknown"),
        ({"impressions": "Nope"}, "metrics.column_missing"),
        ({"impressions": 5}, "columns.value"),
        ({"decimal": ";"}, "columns.option"),
        ({"breakdown": "age"}, "columns.breakdown"),
    ],
    ids=["unknown", "missing", "no-text", "option", "breakdown"],
)
def test_wrong_column_maps_are_refused(file, columns, code):
    """
    A column map that cannot be right is refused before any row is read.
    """
    with pytest.raises(ValidationError) as caught:
        read_metrics(file(_SMALL), columns=columns, currency="EUR")

    assert [code] == _codes(caught)


def test_all_bad_rows_are_listed_and_nothing_is_imported(file):
    """
    Each problem has line, column and value, and one bad row refuses the file.
    """
    path = file(
        f"{_KAG_HEADER}\n"
        "31-08-2023,1,916,103,30-34,M,15,1000,2,1.42,2,1\n"
        '32-08-2023,1,916,"103\n4",30-34,M,15,many,2.5,-1.42,2,1\n'
        "31-08-2023,1,916\n"
    )

    with pytest.raises(ValidationError) as caught:
        read_metrics(path, currency="USD")

    found = [(i.code, i.line, i.column, i.value) for i in caught.value.issues]
    assert [
        ("metrics.date", 3, 1, "32-08-2023"),
        ("metrics.number", 3, 8, "many"),
        ("metrics.number", 3, 9, "2.5"),
        ("metrics.spend", 3, 10, "-1.42"),
        ("metrics.cells", 5, None, "3"),
    ] == found
    assert "nothing was imported" in str(caught.value)


def test_problems_without_end_are_counted(file):
    """
    After a thousand problems the others are only counted.
    """
    rows = "bad,1,1\n" * (SHOWN + 5)

    with pytest.raises(ValidationError) as caught:
        read_metrics(file(f"day,spend,impressions\n{rows}"), currency="EUR")

    assert SHOWN + 1 == len(caught.value.issues)
    assert "5 further problems" in caught.value.issues[-1].message


def test_two_readings_are_never_guessed(file):
    """
    1,234 without anything beside it, and 03/04/2027, are asked about.
    """
    path = file('day,spend,impressions\n03/04/2027,"1,234",5\n')

    with pytest.raises(ValidationError) as caught:
        read_metrics(path, currency="EUR")

    assert ["metrics.date_ambiguous", "metrics.number_ambiguous"] == _codes(caught)
    stated = {"decimal": ",", "dates": "month"}
    (row,) = read_metrics(path, columns=stated, currency="EUR").metrics
    assert (date(2027, 3, 4), Decimal("1.234")) == (row.on, row.spend)


def test_one_clear_row_settles_the_others(file):
    """
    A day above 12 and an amount with two marks show how the file writes.
    """
    path = file(
        'day,spend,impressions\n03/25/2027,"1,234.50",5\n03/04/2027,"1,234",5\n'
    )

    first, second = read_metrics(path, currency="EUR").metrics

    assert (date(2027, 3, 25), date(2027, 3, 4)) == (first.on, second.on)
    assert Decimal(1234) == second.spend


def test_a_stated_currency_must_not_contradict(file):
    """
    Dollars cannot be made of a file in euros by an option.
    """
    text = f"{_META}\n2027-03-01,a,b,c,facebook,1,1,1.00,1,1,\n"

    with pytest.raises(ValidationError) as caught:
        read_metrics(file(text), currency="USD")

    assert ["metrics.currency"] == _codes(caught)


def test_rows_may_state_their_currency(file):
    """
    A column of currencies is read row by row, and refused where it holds none.
    """
    text = "day,spend,impressions,currency\n2027-03-01,1,1,EUR\n2027-03-01,1,1,{}\n"

    assert {"EUR", "CHF"} == {
        r.currency for r in read_metrics(file(text.format("CHF"))).metrics
    }
    with pytest.raises(ValidationError) as caught:
        read_metrics(file(text.format("Taler")))
    assert 3 == caught.value.issues[0].line


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file.empty"),
        (b"PK\x03\x04....", "file.format"),
        (b"day,spend\n2027-03-01,\xff\n", "file.encoding"),
        (b"day,spend\n2027-03-01,\0\n", "file.format"),
        (b'day,spend\n"2027-03-01,1\n', "file.csv"),
    ],
    ids=["empty", "workbook", "latin", "zero-bytes", "open-quote"],
)
def test_unreadable_files_say_why(tmp_path, data, code):
    """
    What is no CSV is refused with the reason.
    """
    path = tmp_path / "x.csv"
    path.write_bytes(data)

    with pytest.raises(CodecError) as caught:
        read_metrics(path, currency="EUR")

    assert [code] == _codes(caught)


def test_missing_files_and_directories_say_so(tmp_path):
    """
    A wrong path is a problem of the input, not a crash.
    """
    for path, code in ((tmp_path, "file.directory"), (tmp_path / "no", "file.missing")):
        with pytest.raises(CodecError) as caught:
            read_metrics(path)
        assert [code] == _codes(caught)
        assert caught.value.hint


def test_repeated_rows_and_columns(file):
    """
    A pasted row is counted and warned of; a column that stands twice is refused.
    """
    row = "2027-03-01,1,1\n"
    facts = read_metrics(file(f"day,spend,impressions\n{row}{row}"), currency="EUR")

    assert "metrics.repeated" in {note.code for note in facts.notes}
    with pytest.raises(ValidationError) as caught:
        read_metrics(file(f"day,spend,impressions,spend\n{row}"), currency="EUR")
    assert ["metrics.column_twice"] == _codes(caught)


@given(st.decimals(0, 10**9, places=4), st.sampled_from(".,"))
def test_numbers_read_back(amount, mark):
    """
    A number written with either mark and its thousands is read as the same number.
    """
    text = f"{amount:,.4f}"
    if mark == ",":
        text = text.translate(str.maketrans(".,", ",."))

    assert amount == read_decimal(text, mark)


@given(st.integers(0, 10**12))
def test_counts_read_back(count):
    """
    Thousands separators change nothing, whichever a file uses.
    """
    for mark, thousands in ((".", ","), (",", "."), (".", " "), (".", "'")):
        assert count == read_count(f"{count:,}".replace(",", thousands), mark)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_dates_read_back(day):
    """
    Every known way to write a day gives that day.
    """
    for text, order in (
        (f"{day:%Y-%m-%d}", ""),
        (f"{day:%d-%m-%Y}", ""),
        (f"{day:%d.%m.%Y}", ""),
        (f"{day:%d/%m/%Y}", "day"),
        (f"{day:%m/%d/%Y}", "month"),
        (f"{day:%Y-%m-%d} 00:00:00", ""),
    ):
        assert day == read_date(text, order)


def test_rows_of_several_days_reach_to_the_last_of_them(file):
    """
    The period goes to the last day a row covers, and a report of it says so.
    """
    header = _META.replace("Day", "Reporting starts", 1)
    rows = (
        "2026-10-01,a,b,c,,1,10,1,1,,2026-10-31\n2026-10-08,a,b,c,,1,10,1,1,,2026-10-14"
    )

    facts = read_metrics(file(f"{header}\n{rows}\n"))

    assert (date(2026, 10, 1), date(2026, 10, 31)) == (facts.first_day, facts.last_day)
    assert date(2026, 10, 20) == facts.between(last=date(2026, 10, 20)).last_day
    assert date(2026, 10, 31) == (facts + facts).last_day
    assert any("up to 2026-10-31" in note.message for note in facts.notes)
    view = metrics_report(facts).view
    assert "1 to 31 October 2026" == view.subtitle
    assert facts.last_day == view.imports.last
