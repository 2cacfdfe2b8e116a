from __future__ import annotations

import json
import pickle
import re
import subprocess
import sys
from decimal import Decimal
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from _launch import LAST, launch_facts, launch_plan, launch_strategy
from smmlib.analytics import Facts, read_metrics
from smmlib.errors import ConfigurationError, MissingExtraError
from smmlib.model import Brand, BrandStyle, Flight, Image, SourceMap, Strategy
from smmlib.report import _format as fmt
from smmlib.report import metrics_report, report
from smmlib.report._brand import DARK, LIGHT, contrast, font_stack, palette

_KAG = Path(__file__).parents[3] / "shared" / "data" / "facebook_ads_kag.csv"
_EVIL = "</script><img src=x onerror=alert(1)>\"'{{ 7*7 }}"
_LARGEST = 1_500_000
_PIXEL = b"\x89PNG\r\n\x1a\n" + b"0" * 20


class _Page(HTMLParser):
    """
    What a page is made of.
    """

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def page():
    """
    A plan's report, made once.
    """
    return report(launch_plan(), launch_facts()).html()


@pytest.fixture
def kag():
    """
    1,143 real ads.
    """
    if not _KAG.exists():
        pytest.skip(f"no {_KAG.name} beside the project")
    return read_metrics(_KAG, currency="USD")


def test_real_ads_as_json(kag):
    """
    The report of real ads holds the known totals, campaigns and people.
    """
    data = json.loads(json.dumps(metrics_report(kag).to_dict()))

    total = data["totals"]
    assert (213_434_828, 38_165, "58705.23") == (
        total["impressions"],
        total["clicks"],
        total["spend"],
    )
    assert (3_264, 1_079) == (total["conversions"], total["approved_conversions"])
    assert "58705.229958205" == total["spend_exact"]
    assert {"916", "936", "1178"} == {row["campaign"] for row in data["campaigns"]}
    assert 8 == len(data["breakdown"])
    for row in data["breakdown"]:
        spend = Decimal(row["spend_exact"])
        expected = {
            "cpm": spend / row["impressions"] * 1000,
            "ctr": Decimal(row["clicks"]) / row["impressions"] * 100,
            "cpc": spend / row["clicks"],
            "cost_per_enquiry": spend / row["conversions"],
            "cpa": spend / row["approved_conversions"],
        }
        for name, value in expected.items():
            assert abs(value - Decimal(row[name])) <= Decimal("0.00005")


def test_real_ads_as_a_page(kag):
    """
    The page shows the same totals, and no folder of the machine it was made on.
    """
    text = _Page(metrics_report(kag).html()).text

    for shown in ("213,434,828", "38,165", "58,705.23", "3,264", "1,079", "0.018 %"):
        assert shown in text
    assert str(_KAG.parent) not in text


def test_the_page_asks_nobody_for_anything(page):
    """
    One file: no script, no link elsewhere, and a policy that forbids both.
    """
    found = _Page(page)

    assert not {"script", "link", "iframe", "object", "embed"} & {
        tag for tag, _ in found.tags
    }
    policy = found.all("meta")[1]["content"]
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" == policy
    addresses = [
        value for _, a in found.tags for k, value in a.items() if k in {"src", "href"}
    ]
    assert all(address.startswith(("#", "data:")) for address in addresses)
    assert "@import" not in page
    assert not re.findall(r"url\((?!#)", page)
    assert _LARGEST > len(page.encode())


def test_the_page_is_made_for_everyone(page):
    """
    Language, landmarks, headings, table heads and words for every drawing are there.
    """
    found = _Page(page)

    assert "en" == found.all("html")[0]["lang"]
    assert 1 == len(found.all("main")) == len(found.all("h1"))
    assert all("scope" in cell for cell in found.all("th"))
    for drawing in (a for a in found.all("svg")):
        assert "img" == drawing["role"]
        assert 2 == len(drawing["aria-labelledby"].split())
    ids = [a["id"] for _, a in found.tags if "id" in a]
    assert len(ids) == len(set(ids))
    named = [
        a["aria-labelledby"].split() for _, a in found.tags if "aria-labelledby" in a
    ]
    assert {name for names in named for name in names} <= set(ids)


def test_statuses_are_words_not_only_colours(page):
    """
    Every status is written out beside its colour and sign.
    """
    text = _Page(page).text

    assert "on track" in text
    assert "at risk" in text
    assert "better than target" in text


def test_everything_from_outside_is_escaped():
    """
    Names, notes and sources of a hostile account stay text, in tables and in drawings.
    """
    plan = launch_plan(strategy=attrs.evolve(launch_strategy(), brand=Brand(_EVIL)))
    lines = dict(plan.lines)
    lines["meta-leads"] = attrs.evolve(lines["meta-leads"], name=_EVIL)
    plan = attrs.evolve(plan, name=_EVIL, lines=lines)
    facts = launch_facts(sources=(_EVIL,), days=3)
    rows = [attrs.evolve(row, campaign=_EVIL, address="") for row in facts.metrics]

    text = report(plan, attrs.evolve(facts, metrics=rows), title=_EVIL).html()

    assert not {"script", "img"} & {tag for tag, _ in _Page(text).tags}
    assert "onerror=alert(1)&gt;" in text
    assert "{{ 7*7 }}" in text


def test_a_brands_looks_cannot_break_the_page():
    """
    Fonts reach the style sheet only when they are plain names.
    """
    style = BrandStyle(
        colours=("#ffee00",), fonts=("Inter", "x}</style><script>", 'a"b')
    )
    strategy = Strategy(Brand("B", style=style))

    text = report(launch_plan(strategy=strategy), launch_facts(days=2)).html()

    assert '"Inter"' in text
    assert "<script>" not in text
    assert 'a"b' not in text
    assert font_stack(("Inter",)).startswith('"Inter", system-ui')


def test_the_logo_comes_along(tmp_path):
    """
    A picture beside the plan's file is put into the page; anything else is left out.
    """
    (tmp_path / "logo.png").write_bytes(_PIXEL)
    (tmp_path / "page.html").write_bytes(b"<html>")

    def shown(name):
        style = BrandStyle(logo=Image(name))
        plan = launch_plan(
            strategy=Strategy(Brand("B", style=style)),
            source=SourceMap(str(tmp_path / "plan.yaml"), {}),
        )
        return report(plan, Facts()).view.brand.logo

    assert shown("logo.png").startswith("data:image/png;base64,")
    assert ["", "", ""] == [
        shown("page.html"),
        shown("missing.png"),
        shown("https://cdn.example.com/logo.png"),
    ]


@given(st.lists(st.integers(0, 0xFFFFFF), max_size=3))
def test_brand_colours_can_be_seen(colours):
    """
    Whatever a brand's colours are, shapes stand out on light and on dark pages.
    """
    written = tuple(f"#{colour:06x}" for colour in colours)

    for ground in (LIGHT, DARK):
        found = palette(written, ground)
        assert contrast(found.accent, ground) >= 3
        assert contrast(found.second, ground) >= 3


def test_one_view_for_everything(page):
    """
    What the JSON says of money is what the page shows.
    """
    data = report(launch_plan(), launch_facts()).to_dict()
    text = _Page(page).text

    for row in data["returns"]["channels"]:
        if row["spend"] is not None:
            assert f"{Decimal(row['spend']):,}" in text
    assert f"{Decimal(data['totals']['spend']):,}" in text
    shown = {figure["name"]: figure["value"] for figure in data["figures"]}
    assert data["targets"][0]["value"] == shown["registrations"]


def test_lines_say_how_far_they_are():
    """
    Lines that are not set up, run by hand or free say so, with the reason if known.
    """
    lines = {row.line: row for row in report(launch_plan(), launch_facts()).view.lines}

    assert "running" == lines["meta-leads"].state
    assert "no adapter for linkedin" in lines["linkedin-office"].state_text
    assert ("not_set_up", "not set up yet: nothing was reported from X") == (
        lines["x-teaser"].state,
        lines["x-teaser"].state_text,
    )
    assert "by_hand" == lines["bloggers"].state
    assert "free" == lines["organic"].state


def test_planned_cost_is_said_wherever_it_counts():
    """
    The two sums of money on the page explain why they differ.
    """
    plan = launch_plan()
    words = "incl. 1,000.00 EUR planned for Coffee bloggers (by hand)"

    view = report(plan, launch_facts()).view

    details = {figure.name: figure.detail for figure in view.figures}
    assert words in details["roi"]
    assert "reported by the platforms" in details["spend"]
    assert words == view.returns.total.note
    assert any(words in target.source for target in view.targets)
    line = next(row for row in view.lines if row.line == "bloggers")
    assert (1000, "planned") == (line.spend, line.basis)


def test_a_line_that_has_not_begun_says_so():
    """
    Before its flight a line waits for its day, and nobody misses its numbers.
    """
    plan = launch_plan()
    flight = Flight.parse("2027-04-01..2027-04-11", plan.zone)
    late = ("bloggers", "linkedin-office")
    lines = dict(plan.lines)
    lines |= {key: attrs.evolve(lines[key], flight=flight) for key in late}

    found = report(attrs.evolve(plan, lines=lines), launch_facts())

    states = {row.line: row.state_text for row in found.view.lines}
    for key in late:
        assert "not started, begins on 1 April 2027" == states[key]
    assert "linkedin-office" not in " ".join(found.view.summary)
    assert "−100" not in found.html()


def test_claims_and_own_records_cannot_be_confused(page):
    """
    Every column says whose word it is, and what counts as a record.
    """
    text = _Page(page).text

    for head in (
        "Claimed purchases",
        "Claimed registrations",
        "Own registrations",
        "Own purchases",
        "Cost per claimed purchase",
    ):
        assert head in text
    facts, returns = launch_facts(), report(launch_plan(), launch_facts()).view.returns
    kinds = [record.kind.value for record in facts.conversions]
    assert kinds.count("refund") == returns.refunds > 0
    assert len(kinds) == returns.conversions + returns.refunds
    assert f"{returns.refunds} refunds stand beside these records" in text


def test_a_glance_says_nothing_twice(page):
    """
    A number with a goal has a card, and no tile of the same name beside it.
    """
    start = page.index('id="h-glance"')
    glance = page[start : page.index("</section>", start)]

    assert 1 == glance.count('<span class="label">Registrations</span>')
    assert 1 == glance.count('<span class="label">ROI</span>')
    assert re.search(r"<strong>[−\d,]+\.\d %</strong>", glance)


def test_money_of_a_flight_that_is_over_is_called_out():
    """
    A paid line that spent nothing in its whole flight is named with its money, and a
    name with a comma stays one name.
    """
    plan = launch_plan()
    lines = dict(plan.lines)
    flight = Flight.parse("2027-03-01..2027-03-10", plan.zone)
    lines["x-teaser"] = attrs.evolve(
        lines["x-teaser"], name="Teaser, short", flight=flight
    )
    lines["meta-leads"] = attrs.evolve(lines["meta-leads"], name="Box, sign-ups")

    summary = report(attrs.evolve(plan, lines=lines), launch_facts()).view.summary

    over = "Not spent: 1,500.00 EUR of 'Teaser, short', its flight is over."
    assert over in summary
    assert "CPM of 'Box, sign-ups' at risk" in " ".join(summary)


def test_days_and_money_of_others_are_written_like_our_own(page):
    """
    Days of sources and notes read like those of the page; names of files stay.
    """
    assert "1 March 2027 to 14 March 2027, spent 5,720.38 EUR" == fmt.said(
        "2027-03-01..2027-03-14, spent 5720.38 EUR"
    )
    for name in ("spring-2027-03-01.csv", "2027-03-01.csv", "2027-13-41", "v1234.5 X"):
        assert name == fmt.said(name)
    assert not re.search(r"\d{4}-\d\d-\d\d", _Page(page).text)


_EXPORT = (
    "Day,Campaign name,Ad set name,Ad name,Impressions,Clicks (all),"
    "Amount spent (EUR),Results,Result indicator,Purchases conversion value\n"
)


def _export(path, *kinds, ads=1):
    rows = [
        f"2027-03-01,Spring,Set {n % 7},Ad {n:03},1000,10,{n + 2}.50,2,{kind},30.00"
        for kind in kinds
        for n in range(ads)
    ]
    path.write_text(_EXPORT + "\n".join(rows) + "\n", encoding="utf-8")
    return read_metrics(path)


@pytest.mark.parametrize(
    ("kind", "label", "cost"),
    [
        ("actions:offsite_conversion.fb_pixel_lead", "Leads", "Cost per lead"),
        ("actions:onsite_conversion.purchase", "Purchases", "Cost per purchase"),
        ("actions:like", "Results", "Cost per result"),
    ],
)
def test_results_are_called_what_they_are(tmp_path, kind, label, cost):
    """
    The indicator of an export names its results and their cost, revenue beside them.
    """
    found = metrics_report(_export(tmp_path / "a.csv", kind))

    figures = {figure.label: figure.value for figure in found.view.figures}
    assert (2, Decimal("1.25")) == (figures[label], figures[cost])
    assert (30, 12) == (figures["Claimed revenue"], figures["ROAS"])
    assert "CPA" not in _Page(found.html()).text


def test_results_of_several_kinds_are_only_results(tmp_path):
    """
    Leads and purchases in one column give a cost per result, with leads beside it.
    """
    facts = _export(tmp_path / "a.csv", "actions:lead", "actions:purchase")

    labels = {figure.label for figure in metrics_report(facts).view.figures}
    assert {"Results", "Cost per result", "Leads"} <= labels
    assert any(note.code == "metrics.result_kinds" for note in facts.notes)


def test_long_tables_are_cut_with_a_word(tmp_path):
    """
    The page shows the most expensive ads and says of how many; the JSON has them all.
    """
    found = metrics_report(_export(tmp_path / "a.csv", "actions:lead", ads=60))

    text = _Page(found.html()).text
    assert "The first 50 of 60 rows are shown" in text
    assert "Ad 059" in text
    assert "Ad 001" not in text
    data = found.to_dict()
    assert (60, 7, 1) == (
        len(data["ads"]),
        len(data["ad_sets"]),
        len(data["campaigns"]),
    )


def test_the_funnel_narrows():
    """
    Each step names its part of the step before, and who counted it.
    """
    steps = report(launch_plan(), launch_facts()).view.funnel

    assert ["impressions", "clicks", "visits", "registrations", "purchases"] == [
        step.name for step in steps
    ]
    for before, after in pairwise(steps):
        assert after.rate == after.count / before.count * 100
    assert "own records" == steps[-1].source


def test_as_of_closes_the_book():
    """
    A report of an earlier day knows nothing of what came later.
    """
    early = report(launch_plan(), launch_facts(), as_of=LAST.replace(day=3)).view

    assert 3 == len(early.daily)
    assert 3 == early.as_of.day
    assert early.totals.spend < report(launch_plan(), launch_facts()).view.totals.spend


def test_without_numbers_there_is_still_a_report():
    """
    Before anything was reported the page says so, and shows no zeros.
    """
    found = report(launch_plan(), Facts())

    assert ("Nothing was reported yet.",) == found.view.summary
    assert {"no_data"} == {target.status for target in found.view.targets}
    assert "Nothing was reported yet." in _Page(found.html()).text
    assert _Page(metrics_report(Facts()).html()).all("main")


def test_saving(tmp_path):
    """
    The ending says how it is written; other endings and places are refused.
    """
    found = report(launch_plan(), launch_facts(days=2))

    assert found.save(tmp_path / "r.html").read_text(encoding="utf-8") == found.html()
    written = json.loads(found.save(tmp_path / "r.json").read_text(encoding="utf-8"))
    assert found.to_dict() == written
    for name in ("r.docx", "no/such/folder/r.json"):
        with pytest.raises(ConfigurationError):
            found.save(tmp_path / name)


def test_the_same_facts_give_the_same_page(page):
    """
    Nothing in it comes from a clock or by chance.
    """
    assert page == report(launch_plan(), launch_facts()).html()


def test_reports_pickle_and_show_themselves():
    """
    A notebook shows the page in a frame of its own.
    """
    found = report(launch_plan(), launch_facts(days=2))

    assert found == pickle.loads(pickle.dumps(found))  # noqa: S301 - our own bytes
    assert found._repr_html_().startswith("<iframe sandbox")


@pytest.mark.parametrize("missing", ["jinja2", "altair", "vl_convert"])
def test_a_missing_extra_is_named(monkeypatch, missing):
    """
    Without its packages the page is refused with the command that installs them.
    """
    monkeypatch.setitem(sys.modules, missing, None)
    found = report(launch_plan(), launch_facts(days=2))

    with pytest.raises(MissingExtraError) as caught:
        found.html()

    assert 'pip install "smmlib[report]"' == caught.value.hint
    assert "Media spend" in found._repr_html_()
    assert found.to_dict()["figures"]


def test_numbers_need_no_extra():
    """
    Reading, tracking and the view load neither jinja2 nor altair.
    """
    code = (
        "import sys, smmlib.report; "
        "print({'jinja2', 'altair', 'vl_convert', 'httpx'} & set(sys.modules))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert "set()" == done.stdout.strip()


def test_numbers_read_like_numbers():
    """
    Thousands, minus signs, small rates and unknown values are written as people do.
    """
    assert "1,234,568" == fmt.count(Decimal("1234567.6"))
    assert "−69.0 %" == fmt.percent(Decimal(-69))
    assert "0.018 %" == fmt.percent(Decimal("0.0179"), 2)
    assert "1,234.50 EUR" == fmt.money(Decimal("1234.5"), "EUR")
    assert "1,235 JPY" == fmt.money(Decimal("1234.6"), "JPY")
    assert "–" == fmt.money(None, "EUR") == fmt.count(None) == fmt.share(None)
    assert "28 February to 1 March 2027" == fmt.period(
        LAST.replace(month=2, day=28), LAST.replace(day=1)
    )
