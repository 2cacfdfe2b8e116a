"""
`smm pull`, `track`, `roi`, `report`: what came of it, kept between commands.
"""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given

from _cli import EXAMPLES, PLAN, copy_example, run, run_json
from smmlib import Conversion, Facts, Issue, Money, Utm
from smmlib.cli._kept import _converter, keep_facts, kept_facts
from smmlib.testing import strategies


@pytest.fixture(scope="module")
def launched(tmp_path_factory):
    """
    A folder in which the example ran for a fortnight, with its facts pulled.
    """
    plan = copy_example(tmp_path_factory.mktemp("launched"))
    run("apply", plan)
    run("activate", plan, "--approve", "25500.00 EUR", "--by", "eva")
    run("sandbox", "advance", plan, "--days", 21)
    records = plan.with_name("crm.csv")
    records.write_text(run("sandbox", "conversions", plan).stdout, "utf-8")
    run("pull", plan, "--conversions", records)
    return plan


def test_pull_keeps_what_it_read(launched):
    """
    Numbers in short for people and programs, the facts beside the state.
    """
    found = run_json("pull", launched, "--conversions", launched.with_name("crm.csv"))

    assert 100 < found["rows"]
    assert 100 < found["conversions"]
    assert "2027-03-01" == found["first_day"]
    assert Decimal(found["spend"]) > 1000
    facts = kept_facts(
        launched.parent / ".smm" / "facts" / _name(found["file"]), "launch.plan.yaml"
    )
    assert found["rows"] == len(facts.metrics)
    shown = run("pull", launched, "--conversions", launched.with_name("crm.csv")).stdout
    assert f"{found['rows']:,} rows of numbers" in shown


def _name(path):
    return path.replace("\\", "/").rpartition("/")[2]


def test_track_shows_every_target(launched):
    """
    Goals and line targets with status, value and deadline.
    """
    found = run_json("track", launched)
    shown = run("track", launched).stdout

    rows = {row["label"]: row for row in found["targets"]}
    assert 8 == len(rows)
    assert rows["Registrations"]["value"] is not None
    assert "no_data" == rows["Follower growth (telegram)"]["status"]
    assert "Targets as of" in shown
    assert "no data" in shown


def test_roi_shows_channels_and_lines(launched):
    """
    Cost, own records and claims; where no cost is recorded there is no ROI.
    """
    found = run_json("roi", launched)
    shown = run("roi", launched).stdout

    lines = {row["key"]: row for row in found["lines"]}
    assert {"meta-leads", "bloggers", "organic"} <= lines.keys()
    assert lines["meta-leads"]["roi"] is not None
    assert lines["linkedin-office"]["roi"] is not None
    assert lines["organic"]["roi"] is None
    assert "By channel" in shown
    assert "By line of the plan" in shown


def test_an_unknown_attribution_model_is_refused(launched):
    """
    The models there are stand in the hint.
    """
    found = run_json("roi", launched, "--model", "astrology", code=2)

    assert "last" in found["error"]["hint"]


@pytest.mark.parametrize("command", ["track", "roi", "report"])
def test_without_a_pull_there_is_nothing_to_show(tmp_path, command):
    """
    Exit code 2, and the command that is missing.
    """
    found = run_json(command, copy_example(tmp_path), code=2)

    assert "smm pull" in found["error"]["hint"]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": 2}', '{"format": 1, "metrics": [{"on": 1}]}']
)
def test_damaged_facts_are_refused(tmp_path, text):
    """
    A file that is not what pull wrote is named, with the way out.
    """
    from smmlib import ConfigurationError

    path = tmp_path / "facts.json"
    path.write_text(text, "utf-8")

    with pytest.raises(ConfigurationError, match="facts") as caught:
        kept_facts(path, "launch.plan.yaml")

    assert "smm pull" in caught.value.hint


@given(facts=strategies.metric_rows().map(lambda row: Facts([row])))
def test_facts_survive_the_file_exactly(facts):
    """
    No digit, day or label is lost on the way to the file and back.
    """
    converter = _converter()
    text = json.dumps(converter.unstructure(facts))

    assert facts == converter.structure(json.loads(text), Facts)


def test_own_records_and_notes_survive_too(tmp_path):
    """
    Conversions with money, tags and instants; notes with severity.
    """
    facts = Facts(
        (),
        [
            Conversion(
                "a",
                "purchase",
                at=datetime(2027, 3, 1, 9, tzinfo=UTC),
                value=Money("12.34", "EUR"),
                utm=Utm("x", "cpc", campaign="c"),
            )
        ],
        notes=[Issue("a", "b", "c", severity="info")],
        zone="Europe/Berlin",
    )
    path = tmp_path / "deep" / "facts.json"

    keep_facts(path, facts)

    assert facts == kept_facts(path, "launch.plan.yaml")


# -- report ----------------------------------------------------------------------------


def test_report_of_a_plan_is_one_page(launched, tmp_path):
    """
    HTML for the client; the same numbers as JSON on stdout.
    """
    page = tmp_path / "page.html"

    shown = run("report", launched, "-o", page, "--title", "For Eva").stdout
    found = run_json("report", launched)

    assert f"Open {page}\n" == shown
    assert "For Eva" in page.read_text("utf-8")
    assert "plan" == found["kind"]


def test_report_of_an_export_reads_its_currency(tmp_path):
    """
    The header says EUR; totals and groups come as JSON, no page is written.
    """
    csv = shutil.copyfile(EXAMPLES / "ads_export.csv", tmp_path / "ads.csv")

    found = run_json("report", "--metrics", csv)

    assert "EUR" == found["currency"]
    figures = {figure["name"]: figure["value"] for figure in found["figures"]}
    assert 140443 == figures["impressions"]
    assert [csv] == list(tmp_path.iterdir())


_BARE = "date,spend,impressions,clicks\n01-03-2027,1.500000001,100,3\n"


@pytest.fixture
def bare(tmp_path):
    """
    An export that does not say in which currency its amounts are.
    """
    path = tmp_path / "ads.csv"
    path.write_text(_BARE, "utf-8")
    return path


def test_without_a_currency_an_export_is_refused(bare):
    """
    Non-interactively: exit code 2 and the option that is missing.
    """
    found = run_json("report", "--metrics", bare, code=2)

    (issue,) = found["error"]["issues"]
    assert "metrics.currency" == issue["code"]
    assert "--currency" in issue["hint"]


def test_on_a_terminal_the_currency_is_asked_for(bare, tmp_path, monkeypatch):
    """
    The answer is used, and the question stands on stderr.
    """
    monkeypatch.setattr("smmlib.cli._report.at_terminal", lambda: True)

    result = run("report", "--metrics", bare, "--json", input="USD\n")

    assert "USD" == json.loads(result.stdout)["currency"]
    assert "Currency" in result.stderr


def test_columns_can_be_named(tmp_path):
    """
    A map in TOML says what foreign headers mean.
    """
    csv = tmp_path / "ads.csv"
    csv.write_text("Wann;Geld;Blicke\n2027-03-01;3,50;1000\n", "utf-8")
    columns = tmp_path / "map.toml"
    columns.write_text(
        'separator = ";"\non = "Wann"\nspend = "Geld"\nimpressions = "Blicke"\n',
        "utf-8",
    )

    found = run_json(
        "report", "--metrics", csv, "--columns", columns, "--currency", "EUR"
    )

    figures = {figure["name"]: figure["value"] for figure in found["figures"]}
    assert ("3.50", 1000) == (figures["spend"], figures["impressions"])


@pytest.mark.parametrize("args", [(), (PLAN, "--metrics", "ads.csv")])
def test_a_report_is_of_a_plan_or_of_an_export(args):
    """
    Neither or both is wrong usage.
    """
    assert "either a PLAN or --metrics" in run("report", *args, code=2).stderr


def test_an_unknown_currency_is_refused(bare):
    """
    ZZZ is no currency: exit code 2 with value and limit.
    """
    found = run_json("report", "--metrics", bare, "--currency", "ZZZ", code=2)

    (issue,) = found["error"]["issues"]
    assert "ZZZ" == issue["value"]
