"""
Reports of every size and part: at once, as runs that are waited for, split by days.
"""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal

import hypothesis.strategies as st
import pytest
from hypothesis import given

from _meta_adapter import FakeClock, a_plan, meta_of, pictures, set_up
from smmlib import Flight
from smmlib.adapters._http import parse_json
from smmlib.adapters.meta import _fast as fast
from smmlib.adapters.meta import _insights as insights
from smmlib.adapters.meta import _tables as tables
from smmlib.adapters.meta._columns import WHOLES, ColumnReader
from smmlib.adapters.meta._insights import EVENTS
from smmlib.adapters.meta._reports import PARTS, TOGETHER, Report
from smmlib.errors import (
    PlatformTimeoutError,
    ServerError,
    UnexpectedResponseError,
    ValidationError,
)
from smmlib.ports import Action, BreakdownSource, Kind, Operation
from smmlib.sandbox import Sandbox

FLIGHT = Flight.parse("2027-03-01..2027-03-14", "Europe/Berlin")


@pytest.fixture(scope="module")
def launch(tmp_path_factory):
    """
    A launch that has run for two weeks.
    """
    folder = pictures(tmp_path_factory.mktemp("launch"))
    sandbox = Sandbox(seed=7)
    platform = meta_of(sandbox, folder)
    ids = set_up(platform, platform.wanted(a_plan()).resources)
    kinds = {"ads": Kind.AD, "ad_sets": Kind.AD_SET, "campaigns": Kind.CAMPAIGN}
    for name, kind in kinds.items():
        for address, own in ids.items():
            if address.split(".")[-2] == name:
                operation = Operation(
                    Action.ACTIVATE, kind, address=address, remote_id=own
                )
                platform.execute([operation])
    sandbox.advance(days=21)
    yield sandbox, platform
    platform.close()


@pytest.fixture
def runs(launch, monkeypatch):
    """
    The same launch, where every report of more than four rows is a run.
    """
    sandbox, platform = launch
    sandbox.faults.clear()
    sandbox.log.clear()
    monkeypatch.setattr(tables, "REPORT_ROWS", 4)
    monkeypatch.setattr(tables, "REPORT_PAGE", 2)
    monkeypatch.setattr(tables, "COLUMN_PAGE", 2)
    monkeypatch.setattr(tables, "FAST_PAGE", 2)
    yield sandbox, platform
    sandbox.faults.clear()


def _asked(sandbox):
    return [f"{e.method} {e.path.rsplit('/', 1)[-1]}" for e in sandbox.log]


def _facts(rows):
    return sorted((str(r.on), r.ad, str(r.network), r.spend) for r in rows)


def test_a_large_report_is_a_run(runs):
    """
    Submitted, polled until it is really done, and read in pages: the same rows.
    """
    sandbox, platform = runs
    large = list(platform.metrics(FLIGHT))
    assert "POST insights" in _asked(sandbox)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "REPORT_ROWS", 10_000)
        small = list(platform.metrics(FLIGHT))
    assert large == small
    assert len(large) > 4


@pytest.mark.parametrize("kind", ["report_failed", "report_stuck"])
def test_a_run_that_comes_to_nothing_is_split(runs, kind):
    """
    Failed or standing still: fewer days are asked for, and no row is lost or doubled.
    """
    sandbox, platform = runs
    usual = list(platform.metrics(FLIGHT))
    sandbox.faults.add(kind, "POST /act_[0-9]+/insights", platform="meta")
    clock = platform._clock
    before = clock.now()
    assert usual == list(platform.metrics(FLIGHT))
    waited = (clock.now() - before).total_seconds()
    assert (kind == "report_stuck") == (waited > tables.RUN_PATIENCE_S)


@pytest.mark.parametrize(
    ("kind", "error"),
    [("report_failed", ServerError), ("report_stuck", PlatformTimeoutError)],
)
def test_a_single_day_that_cannot_be_read_is_told(runs, kind, error):
    """
    With Meta's own words; nothing is left out in silence.
    """
    sandbox, platform = runs
    options = {"code": 2, "subcode": 1504018} if kind == "report_failed" else {}
    sandbox.faults.add(
        kind, "POST /act_[0-9]+/insights", platform="meta", count=99, **options
    )
    day = Flight.parse("2027-03-05..2027-03-05", "Europe/Berlin")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "REPORT_ROWS", 1)
        patch.setattr(tables, "REPORT_PAGE", 1)
        with pytest.raises(error) as caught:
            list(platform.metrics(day))
    assert "meta" == caught.value.platform
    assert "insights" == caught.value.operation


def test_too_much_data_is_split_for_columns_too(runs):
    """
    Meta's refusal of a part leads to smaller parts; the columns are those of the rows.
    """
    sandbox, platform = runs
    rows = list(platform.metrics(FLIGHT))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "REPORTS", 1)
        patch.setattr(insights, "slices", lambda flight: iter([flight]))
        sandbox.faults.add(
            "error_in_200",
            "GET /act_[0-9]+/insights",
            platform="meta",
            code=100,
            subcode=1487534,
            count=2,
        )
        columns = platform.metric_columns(FLIGHT)
    assert len(rows) == len(columns)
    assert sum(row.spend for row in rows) == columns.spent()
    told = zip(
        columns.column("on"),
        columns.column("ad"),
        columns.column("network"),
        columns.column("spend"),
        strict=True,
    )
    assert _facts(rows) == sorted(told)


def test_columns_of_runs_are_those_of_rows(runs):
    """
    Every column of a large report, read as runs, beside the rows.
    """
    _, platform = runs
    rows = list(platform.metrics(FLIGHT))
    columns = platform.metric_columns(FLIGHT)
    for name in ("impressions", "clicks", "link_clicks", "visits", "leads"):
        assert sum(getattr(r, name) or 0 for r in rows) == sum(columns.column(name))
    assert sum(r.revenue for r in rows) == sum(columns.column("revenue"))


# -- breakdowns and levels -------------------------------------------------------------


def test_meta_tells_breakdowns(launch):
    """
    As the socket for them says.
    """
    _, platform = launch
    assert isinstance(platform, BreakdownSource)
    assert {name for words in TOGETHER for name in words} == set(PARTS)


@pytest.mark.parametrize("by", TOGETHER[1:], ids=" ".join)
def test_the_parts_sum_to_the_whole(launch, by):
    """
    Spend, impressions and clicks of every part, in every combination Meta has.
    """
    _, platform = launch
    rows = list(platform.metrics_by(FLIGHT, *by))
    whole = list(platform.metrics(FLIGHT))
    for name in ("spend", "impressions", "clicks"):
        assert sum(getattr(r, name) for r in whole) == sum(
            getattr(r, name) for r in rows
        )
    names = {name for name in by if name != "network"}
    assert all(names == set(row.breakdown) for row in rows)
    assert all(all(row.breakdown.values()) for row in rows)
    assert all((row.network is not None) == ("network" in by) for row in rows)


@pytest.mark.parametrize("level", ["account", "campaign", "ad_set", "ad"])
def test_every_level_is_told(launch, level):
    """
    From the account down, with the ids above; each sums to the same spend.
    """
    _, platform = launch
    rows = list(platform.metrics_by(FLIGHT, level=level))
    assert platform.spent(FLIGHT) == sum(row.spend for row in rows)
    depth = ("account", "campaign", "ad_set", "ad").index(level)
    for row in rows:
        told = [bool(row.campaign), bool(row.ad_set), bool(row.ad)]
        assert [True] * depth + [False] * (3 - depth) == told
    columns = platform.metric_columns(FLIGHT, level=level)
    assert columns.spent() == platform.spent(FLIGHT)


def test_a_missing_network_brings_itself_along(launch):
    """
    Meta tells placements and devices within a network only.
    """
    _, platform = launch
    rows = list(platform.metrics_by(FLIGHT, "device"))
    assert {"facebook", "instagram"} >= {str(row.network) for row in rows}
    columns = platform.metric_columns(FLIGHT, "age", "gender")
    assert {"25-34", "35-44"} <= set(columns.column("age"))


@pytest.mark.parametrize(
    ("by", "level"), [(("age", "country"), "ad"), (("mood",), "ad"), ((), "planet")]
)
def test_what_meta_does_not_tell_is_refused_before_anything_is_sent(launch, by, level):
    """
    With what there is instead.
    """
    sandbox, platform = launch
    sandbox.log.clear()
    with pytest.raises(ValidationError) as caught:
        platform.metrics_by(FLIGHT, *by, level=level)
    assert caught.value.issues[0].hint
    assert 0 == len(sandbox.log)


def test_only_the_levels_ids_are_asked_for():
    """
    Meta refuses the id of an ad in a report on campaigns.
    """
    values = Report.of("campaign", ()).values(FLIGHT, 500)
    assert values["fields"].startswith("campaign_id,account_currency")
    assert "breakdowns" not in values
    assert "campaign.effective_status" == values["filtering"][0]["field"]
    assert "filtering" not in Report.of("account", ()).values(FLIGHT, 500)


# -- both ways of reading a page -------------------------------------------------------

_TEXTS = st.one_of(
    st.none(),
    st.text(max_size=4),
    st.sampled_from(["null", "true", "5.0", "1e3", "-1", " 7", "+7", "1_0"]),
    st.floats(0, 9),
    st.integers(0, 10**6).map(str),
    st.decimals(0, 10**6, places=9).map(str),
    st.integers(-5, 10**6),
    st.booleans(),
)
_KINDS = st.sampled_from([kind for kinds in EVENTS.values() for kind in kinds] + ["x"])
_ACTIONS = st.one_of(
    st.none(),
    _TEXTS,
    st.lists(
        st.fixed_dictionaries(
            {"action_type": _KINDS},
            optional={"value": _TEXTS, "7d_click": _TEXTS},
        ),
        max_size=4,
    ),
)
_NAMES = ColumnReader(EVENTS).fields
_ROWS = st.fixed_dictionaries(
    {},
    optional={
        name: _ACTIONS if name in fast.STATS else _TEXTS
        for name in (*_NAMES, "date_stop")
    },
)
_GOOD = st.fixed_dictionaries(
    {"ad_id": st.integers(1, 99).map(str), "date_start": st.just("2027-03-01")},
    optional={
        "spend": st.decimals(0, 10**6, places=2).map(str),
        "impressions": st.integers(0, 10**6).map(str),
        "inline_link_clicks": st.integers(0, 10**6).map(str),
        "publisher_platform": st.sampled_from(["facebook", "instagram"]),
        "actions": st.lists(
            st.fixed_dictionaries(
                {"action_type": _KINDS, "value": st.integers(0, 99).map(str)}
            ),
            max_size=4,
        ),
    },
)
_PAGES = st.one_of(
    st.lists(_GOOD, max_size=5),
    st.lists(st.one_of(_GOOD, _ROWS), max_size=5),
    _ROWS,
    st.none(),
)


def _columns(body, decode):
    reader = ColumnReader(EVENTS)
    rows = decode(body)["data"]
    reader.add(rows)
    return reader.columns, [reader.columns.column(name) for name in ("ad", "spend")]


def _outcome(body, decode):
    try:
        return _columns(body, decode)
    except (UnexpectedResponseError, ValueError, KeyError, TypeError, IndexError) as e:
        return type(e)


@given(rows=_PAGES, error=st.booleans())
def test_both_ways_of_reading_give_the_same(rows, error):
    """
    With msgspec and without it: the same columns, or the same kind of error.
    """
    page = {"data": rows, "paging": {"cursors": {"after": "a"}}}
    body = json.dumps(page | ({"error": {"code": 2}} if error else {})).encode()
    decoder = fast.row_decoder(_NAMES, WHOLES)
    assert _outcome(body, parse_json) == _outcome(body, decoder)
    assert parse_json(body)["paging"] == decoder(body)["paging"]
    assert error == ("error" in decoder(body))


@given(body=st.binary(max_size=40))
def test_what_is_no_page_is_read_the_plain_way(body):
    """
    Whatever comes: the same value, or the same refusal.
    """

    def read(decode):
        try:
            return decode(body)
        except ValueError:
            return None

    assert read(parse_json) == read(fast.row_decoder(_NAMES, WHOLES))


def test_a_report_without_msgspec_is_the_same(runs, monkeypatch):
    """
    The extra makes it faster and nothing else.
    """
    _, platform = runs
    quick = platform.metric_columns(FLIGHT)
    monkeypatch.setattr(insights, "row_decoder", lambda *_: None)
    assert quick == platform.metric_columns(FLIGHT)


def test_numbers_that_are_none_are_no_columns():
    """
    Negative counts, money with ten decimals, words: never a wrong number in silence.
    """
    for broken in ({"reach": "-2"}, {"spend": "0.0000000001"}, {"clicks": "many"}):
        with pytest.raises(UnexpectedResponseError):
            ColumnReader(EVENTS).add([broken])
    reader = ColumnReader(EVENTS)
    reader.add([{"spend": "1e-9", "impressions": 5}, {"spend": None}])
    assert [Decimal("1e-9"), Decimal(0)] == reader.columns.column("spend")
    assert [5, None] == reader.columns.column("impressions")


def test_link_clicks_are_told_as_in_rows():
    """
    Meta's own figure before the action of that name.
    """
    action = {"action_type": "link_click", "value": "3"}
    reader = ColumnReader(EVENTS)
    reader.add([{"actions": [action]}, {"actions": [action], "inline_link_clicks": 2}])
    assert [3, 2] == reader.columns.column("link_clicks")
    assert Counter({3: 1, 2: 1}) == Counter(reader.columns.counts["link_clicks"])


def test_a_clock_that_stands_is_enough_for_runs(runs):
    """
    Polls wait on the clock that was handed in, and on no other.
    """
    _, platform = runs
    assert isinstance(platform._clock, FakeClock)
    list(platform.metrics(FLIGHT))
    assert platform._clock.waits
