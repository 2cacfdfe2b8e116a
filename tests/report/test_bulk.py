from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import smmlib as smm
from smmlib.report import matrix, read_ads, read_lines
from smmlib.report._lines_in import day_of, money_of

_EXAMPLE = Path(__file__).parents[2] / "examples" / "launch.plan.yaml"
_LINK = "https://alpenkaffee.example/box"
_GOOD = {
    "Campaign": "leads",
    "Audience": "baristas",
    "Ad name": "One",
    "Primary text": "Four roasts, one box.",
    "Headline": "Taste first",
    "Website URL": _LINK,
    "Image": "img/box.png",
    "Call to action": "sign_up",
}


class _Frame:
    """
    A table that speaks like a pandas DataFrame.
    """

    def __init__(self, rows):
        self._rows = rows

    def iterrows(self):
        return enumerate(self._rows)

    def to_dict(self, orient):
        return {"records": self._rows}[orient]


def _sheet(tmp_path, rows):
    book = openpyxl.Workbook()
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    book.save(tmp_path / "ads.xlsx")
    return tmp_path / "ads.xlsx"


def _file(tmp_path, rows):
    lines = [",".join(rows[0])]
    lines += [",".join(f'"{cell}"' for cell in row.values()) for row in rows]
    (tmp_path / "ads.csv").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path / "ads.csv"


@pytest.mark.parametrize("kind", ["csv", "xlsx", "rows", "frame", "arrow"])
def test_ads_are_the_same_wherever_they_stand(tmp_path, kind):
    """
    A file, a workbook, a DataFrame and plain rows give the same ads.
    """
    rows = [_GOOD, {**_GOOD, "Ad name": "Two", "Audience": "curious"}]
    source = {
        "csv": lambda: _file(tmp_path, rows),
        "xlsx": lambda: _sheet(tmp_path, rows),
        "rows": lambda: rows,
        "frame": lambda: _Frame(rows),
        "arrow": lambda: pa.Table.from_pylist(rows),
    }[kind]()

    found = read_ads(source)

    assert () == found.issues
    assert [("One", "baristas"), ("Two", "curious")] == [
        (ad.key, ad.audience) for ad in found.ads
    ]
    creative = smm.Creative(
        _GOOD["Primary text"],
        headline="Taste first",
        cta="sign_up",
        link=_LINK,
        image="img/box.png",
    )
    assert {creative} == {ad.creative for ad in found.ads}


def test_every_problem_names_row_and_column(tmp_path):
    """
    All rows are read, and each mistake is told with its cell and its limit.
    """
    bad = {
        **_GOOD,
        "Ad name": "Bad",
        "Primary text": "y" * 500,
        "Website URL": "nourl",
        "Call to action": "now",
    }
    empty = {**dict.fromkeys(_GOOD, ""), "Ad name": "Empty"}
    path = _file(tmp_path, [_GOOD, bad, empty, _GOOD])

    found = read_ads(path)

    assert {
        ("text.too_long", 3, 4, 480),
        ("link.refused", 3, 6, None),
        ("enum.unknown", 3, 8, None),
        ("bulk.empty", 4, 4, None),
        ("bulk.repeated", 5, 3, None),
    } == {
        (i.code, i.line, i.column, i.limit if i.code == "text.too_long" else None)
        for i in found.issues
    }
    assert {str(path)} == {issue.file for issue in found.issues}
    assert 1 == len(found.ads)


def test_nothing_is_added_unless_all_rows_pass():
    """
    One bad row keeps every row out, until somebody takes the good ones on purpose.
    """
    plan = smm.load(_EXAMPLE)
    found = read_ads([_GOOD, {**_GOOD, "Ad name": "Two", "Primary text": "x" * 481}])

    with pytest.raises(smm.ValidationError) as refused:
        found.into(plan)

    assert "no ad was added" in str(refused.value)
    grown = found.passed().into(plan)
    assert {*plan.creatives, "One"} == set(grown.creatives)
    assert "One" in grown.campaigns["leads"].ad_sets["baristas"].ads
    assert not [i for i in smm.check(grown) if i.is_error and "One" in i.path]


@pytest.mark.parametrize(
    ("change", "column"),
    [({"Campaign": "leeds"}, "Campaign"), ({"Audience": "nobody"}, "Audience")],
)
def test_what_the_plan_has_not_is_told(change, column):
    """
    Unknown campaigns and audiences are problems of their cells, with what was meant.
    """
    with pytest.raises(smm.ValidationError) as refused:
        read_ads([{**_GOOD, **change}]).into(smm.load(_EXAMPLE))

    (issue,) = refused.value.issues
    assert "bulk.unknown" == issue.code
    assert (1, list(_GOOD).index(column) + 1) == (issue.line, issue.column)


def test_rules_of_platforms_are_told_by_row_too():
    """
    What only one platform refuses is told before anything is sent, with its row.
    """
    row = {**_GOOD, "Campaign": "teaser", "Audience": "coffee-talk"}
    long = {**row, "Primary text": "z" * 300, "Call to action": ""}

    with pytest.raises(smm.ValidationError) as refused:
        read_ads([long]).into(smm.load(_EXAMPLE))

    assert 280 in [issue.limit for issue in refused.value.issues]
    assert {1} == {issue.line for issue in refused.value.issues if issue.limit == 280}


def test_other_heads_are_named():
    """
    A column of any name is used once it is named; wrong names are told.
    """
    row = {"Copy v2": "Hello there", "Aud": "baristas", "x": "1"}

    found = read_ads([row], columns={"text": "Copy v2", "audience": "Aud"})
    wrong = read_ads([row], columns={"text": "Copy v3", "texts": "Aud"})

    assert "Hello there" == str(found.ads[0].creative.text)
    assert ["bulk.column_ignored"] == [issue.code for issue in found.issues]
    assert {"columns.text", "columns.texts"} <= {issue.path for issue in wrong.issues}


def test_a_matrix_makes_every_ad_once():
    """
    Texts times pictures times audiences, each combination once, the bad ones reported.
    """
    texts = {"short": "One", "long": "x" * 481, "other": "Two"}

    found = matrix(texts, ["img/a.png", "img/b.png"], ["p", "q", "r"], link=_LINK)

    assert 2 * 2 * 3 == len({(ad.key, ad.audience) for ad in found.ads})
    assert [("text.too_long", 2)] == [(i.code, i.line) for i in found.issues]
    assert not found.ok
    assert {"short-a", "short-b", "other-a", "other-b"} == {ad.key for ad in found.ads}


@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 4), st.integers(1, 100))
def test_a_capped_matrix_stays_even(texts, images, audiences, cap):
    """
    Under a cap every text, picture and audience is used about as often as the others.
    """
    found = matrix(
        [f"Text {n}" for n in range(texts)],
        [f"img/{n}.png" for n in range(images)],
        [f"a{n}" for n in range(audiences)],
        cap=cap,
        link=_LINK,
    )

    assert min(cap, texts * images * audiences) == len(found.ads)
    assert len(found.ads) == len({(ad.key, ad.audience) for ad in found.ads})
    used = Counter(str(ad.creative.text) for ad in found.ads)
    assert max(used.values()) - min(used.values() if len(used) == texts else [0]) <= 1


def test_a_cap_leaves_pairs_even():
    """
    Four of eight: no picture is shown to one audience alone.
    """
    found = matrix(["A", "B"], ["i.png", "j.png"], ["p", "q"], cap=4, link=_LINK)

    pairs = Counter((ad.creative.image.path, ad.audience) for ad in found.ads)
    assert {1} == set(pairs.values())


@pytest.mark.parametrize("cap", [0, None])
def test_no_ad_and_too_many_are_refused(cap):
    """
    A matrix of nothing, or of tens of thousands, is a mistake.
    """
    many = [f"Text {n}" for n in range(60)]

    with pytest.raises(smm.ConfigurationError):
        matrix(many, [f"{n}.png" for n in range(60)], list("abcdef"), cap=cap)


def test_an_agencys_plan_becomes_lines():
    """
    Channels, money and dates as agencies write them, under whatever heads.
    """
    rows = [
        {
            "Line item": "Leads",
            "Channel": "FB / Instagram",
            "N/N in EUR": "16.000,00",
            "Start": "01.03.2027",
            "End": "11.04.2027",
            "Cost model": "CPM",
            "CPM": "6,40",
            "CTR": "1.2 %",
        },
        {"Line item": "Posts", "Channel": "Telegram", "N/N in EUR": "1,500.50"},
    ]

    found = read_lines(
        rows,
        zone="Europe/Berlin",
        columns={"cost": "N/N in EUR"},
        currency="EUR",
    )

    assert () == found.issues
    leads, posts = found.lines.values()
    assert (smm.Money("16000", "EUR"), smm.Money("1500.50", "EUR")) == (
        leads.cost,
        posts.cost,
    )
    assert ["facebook", "instagram"] == [n.value for n in leads.networks]
    assert smm.Flight.parse("2027-03-01..2027-04-11", "Europe/Berlin") == leads.flight
    assert smm.Money("6.40", "EUR") == leads.expect["cpm"]
    assert "Leads" in found.into(smm.load(_EXAMPLE)).lines


def test_an_agencys_mistakes_are_told_by_cell():
    """
    What can be read in two ways, or not at all, is told with row and column.
    """
    rows = [
        {"Line": "A", "Channel": "radio", "Cost": "1.234", "Start": "", "End": ""},
        {"Line": "B", "Channel": "x", "Cost": "abc", "Start": "3/4/2027", "End": ""},
        {"Line": "C", "Channel": "", "Cost": "5 EUR", "Start": "", "End": "soon"},
    ]

    found = read_lines(rows, zone="Europe/Berlin", currency="EUR")

    assert {(1, 2), (1, 3), (2, 3), (2, 4), (3, 2), (3, 5)} == {
        (issue.line, issue.column) for issue in found.issues
    }
    with pytest.raises(smm.ValidationError):
        found.into(smm.load(_EXAMPLE))


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("16.000,00 €", "16000 EUR"),
        ("EUR 16,000", None),
        ("16000", "16000 CHF"),
        ("1'250.50", "1250.50 CHF"),
        ("$ 1,000,000", "1000000 USD"),
        ("12,5", "12.50 CHF"),
    ],
)
def test_amounts_of_agencies(text, amount):
    """
    Marks between thousands are understood; what has two meanings is refused.
    """
    if amount is None:
        with pytest.raises(ValueError, match="can be read as"):
            money_of(text, "CHF")
    else:
        assert smm.Money.parse(amount) == money_of(text, "CHF")


@pytest.mark.parametrize(
    "text", ["2027-03-01", "2027-03-01 00:00:00", "01.03.2027", "1 March 2027"]
)
def test_days_of_agencies(text):
    """
    The first of March, as people and programs write it.
    """
    assert date(2027, 3, 1) == day_of(text)
