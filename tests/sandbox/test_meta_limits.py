"""
Rate limits, removed features and failures on demand of the emulated Meta.
"""

from __future__ import annotations

import json
import time

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from _meta import Loopback, Refused, in_process, png
from smmlib.errors import SandboxError
from smmlib.sandbox import Sandbox
from smmlib.sandbox.meta._errors import GraphError
from smmlib.sandbox.meta._usage import Usage


def _use(answer):
    own = json.loads(answer.headers["x-ad-account-usage"])
    case = json.loads(answer.headers["x-business-use-case-usage"])
    return own["acc_id_util_pct"], next(iter(case.values()))[0]


def test_the_development_tier_is_blocked_when_its_score_is_used_up():
    """
    Headers rise to 100, the account is blocked for five minutes, then it is free.
    """
    meta = in_process(seed=3, access_tier="development")
    seen = []
    while True:
        answer = meta.raw("GET", f"/{meta.act}")
        seen.append(_use(answer)[0])
        if answer.status_code != 200:
            break
    error = answer.json()["error"]
    assert (17, 2446079, True) == (
        error["code"], error["error_subcode"], error["is_transient"],
    )  # fmt: skip
    assert sorted(seen) == seen
    assert (61, 100) == (len(seen), seen[-1])
    assert 5 == _use(answer)[1]["estimated_time_to_regain_access"]
    meta.sandbox.advance(299)
    assert 400 == meta.raw("GET", f"/{meta.act}").status_code
    meta.sandbox.advance(2)
    assert 0 == _use(meta.raw("GET", f"/{meta.act}"))[0] // 10


def test_the_standard_tier_bears_a_large_launch(meta):
    """
    Two thousand writes stay under the score that the headers tell.
    """
    campaign = meta.campaign()
    item = {"method": "POST", "relative_url": campaign, "body": "name=x"}
    for _ in range(40):
        meta.post("/", batch=[item] * 50)
    percent = _use(meta.raw("GET", f"/{meta.act}"))[0]
    assert 60 <= percent < 100
    meta.sandbox.advance(300)
    assert 0 == _use(meta.raw("GET", f"/{meta.act}"))[0]


def test_one_call_after_the_other_never_ends(meta):
    """
    A clock that stands does not lock an account: each answer takes its tenth of a
    second, and three points fall back in it.
    """
    for number in range(3_200):
        meta.post(f"/{meta.act}/adlabels", name=f"l{number % 7}")
    assert _use(meta.raw("GET", f"/{meta.act}"))[0] < 10


def test_every_item_of_a_batch_counts():
    """
    What is too much is refused item by item.
    """
    meta = in_process(seed=3, access_tier="development")
    rows = meta.post("/", batch=[{"method": "GET", "relative_url": meta.act}] * 50)
    assert {200} == {row["code"] for row in rows}
    rows = meta.post("/", batch=[{"method": "GET", "relative_url": meta.act}] * 50)
    codes = [row["code"] for row in rows]
    assert [200] * 10 + [400] * 40 == codes
    assert 17 == json.loads(rows[-1]["body"])["error"]["code"]


def test_insights_have_an_allowance_of_their_own():
    """
    The hour's calls end with 80000 and the minutes until they are back.
    """
    usage = Usage("development")
    for second in range(600):
        usage.count("1", second * 6.0, writes=False, case="ads_insights", active=0)
    with pytest.raises(GraphError) as caught:
        usage.count("1", 3_599.0, writes=False, case="ads_insights", active=0)
    assert 80000 == caught.value.code
    usage.count("1", 3_599.0, writes=False, case="ads_insights", active=1)
    usage.count("1", 3_599.0, writes=False, case="ads_management", active=0)
    told = dict(usage.headers("1", 3_599.0, case="ads_insights"))
    case = json.loads(told["X-Business-Use-Case-Usage"])["1"][0]
    assert (100, 1) == (case["call_count"], case["estimated_time_to_regain_access"])
    assert 100 == json.loads(told["X-FB-Ads-Insights-Throttle"])["acc_id_util_pct"]


@given(st.lists(st.tuples(st.floats(0, 40), st.booleans()), max_size=200))
def test_the_score_never_passes_its_limit(steps):
    """
    Whatever the pace, what is accepted stays within 60 points and the rest is refused.
    """
    usage, now = Usage("development"), 0.0
    for pause, writes in steps:
        now += pause
        try:
            usage.count("1", now, writes=writes, case="ads_management", active=0)
        except GraphError as error:
            assert 17 == error.code  # noqa: PT017
        own = json.loads(dict(usage.headers("1", now, case="ads_management"))[
            "X-Ad-Account-Usage"])  # fmt: skip
        assert 0 <= own["acc_id_util_pct"] <= 100


def test_an_unknown_tier_is_refused():
    """
    With the ones that exist.
    """
    with pytest.raises(SandboxError, match="unknown access tier"):
        Sandbox(access_tier="gold")


REMOVED = [
    ("GET", "", {"pretty": "1"}, {}),
    ("GET", "", {"debug": "all"}, {}),
    ("GET", "", {"date_format": "U"}, {}),
    ("GET", "/adsets", {"pretty": "0"}, {}),
    ("GET", "", {}, {"If-None-Match": '"abc"'}),
]


@pytest.mark.parametrize(("method", "path", "params", "headers"), REMOVED)
def test_what_version_26_removed_is_refused(meta, method, path, params, headers):
    """
    Clients that still send it learn so.
    """
    answer = meta.raw(
        method, f"/{meta.act}{path}", params=params,
        headers={**meta.headers, **headers},
    )  # fmt: skip
    assert (400, 100) == (answer.status_code, answer.json()["error"]["code"])


def test_several_ids_at_once_are_refused(meta):
    """
    With or without a version in the path.
    """
    answer = meta.raw("GET", "/", params={"ids": f"{meta.act},1"})
    assert 400 == answer.status_code
    assert "26.0" in answer.json()["error"]["message"]


@pytest.mark.parametrize("code", [4, 17, 32, 613, 80004, 80000, 80003])
@pytest.mark.parametrize("minutes", [None, 9])
def test_each_throttle_has_its_code_and_header(meta, code, minutes):
    """
    With a hint the header at fault is at 100, without one there is none.
    """
    meta.sandbox.faults.add("rate_limit", code=code, regain_minutes=minutes)
    answer = meta.raw("GET", f"/{meta.act}")
    assert code == answer.json()["error"]["code"]
    assert answer.json()["error"]["is_transient"]
    headers = answer.headers
    if minutes is None:
        assert "x-business-use-case-usage" not in headers
        return
    case = json.loads(headers["x-business-use-case-usage"]).popitem()[1][0]
    assert 9 == case["estimated_time_to_regain_access"]
    assert (code == 4) == ("x-app-usage" in headers)
    assert (code in {17, 613}) == ("x-ad-account-usage" in headers)


@pytest.mark.parametrize("subcode", [458, 459, 460, 463, 464, 467, 492])
def test_sessions_end_for_many_reasons(meta, subcode):
    """
    Code 190, each reason with its subcode.
    """
    meta.sandbox.faults.add("auth_expired", subcode=subcode)
    with pytest.raises(Refused) as caught:
        meta.get(f"/{meta.act}")
    assert (190, subcode) == (caught.value.code, caught.value.subcode)


@pytest.mark.parametrize("code", [1, 2])
def test_an_error_may_come_with_200(meta, code):
    """
    The status says nothing; the write did not happen.
    """
    meta.sandbox.faults.add("error_in_200", "POST /act_", code=code)
    answer = meta.raw("POST", f"/{meta.act}/adlabels", data={"name": "x"})
    assert (200, code) == (answer.status_code, answer.json()["error"]["code"])
    assert [] == meta.get(f"/{meta.act}/adlabels")["data"]


@pytest.mark.parametrize("done", [True, False])
def test_a_null_item_was_done_or_not(meta, done):
    """
    Only a look tells: the batch answers null either way.
    """
    options = {} if done else {"after_commit": False}
    meta.sandbox.faults.add("null_item", "POST /v26.0/?$", item=2, **options)
    items = [
        {"method": "POST", "relative_url": f"{meta.act}/adlabels", "body": f"name=l{n}"}
        for n in range(3)
    ]
    rows = meta.post("/", batch=items)
    assert [200, None, 200] == [row and row["code"] for row in rows]
    names = {
        r["name"] for r in meta.get(f"/{meta.act}/adlabels", fields="name")["data"]
    }
    assert done is ("l1" in names)


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("edge", ["campaigns", "insights"])
def test_an_empty_page_loses_nothing(meta, edge, nth):
    """
    Who follows next until there is none finds every row once.
    """
    for number in range(5):
        meta.campaign(name=f"c{number}")
    campaign, adset, ad = meta.tree()
    meta.activate(campaign, adset, ad)
    meta.sandbox.advance(days=14)
    params = {"limit": 2, "fields": "name"}
    if edge == "insights":
        params = {"limit": 2, "time_increment": "1"}
    whole = meta.get(f"/{meta.act}/{edge}", **{**params, "limit": 100})["data"]
    meta.sandbox.faults.add("empty_page", f"GET /{meta.act}/{edge}", nth=nth)
    found, after, pages = [], None, []
    while True:
        page = meta.get(f"/{meta.act}/{edge}", after=after, **params)
        found += page["data"]
        pages.append(len(page["data"]))
        if "next" not in page["paging"]:
            break
        after = page["paging"]["cursors"]["after"]
    assert whole == found
    assert 0 == pages[nth - 1]


def test_reports_get_stuck_or_fail_on_demand(meta):
    """
    Stuck at 100 percent and running, or failed with its error fields.
    """
    path = f"/{meta.act}/insights"
    meta.sandbox.faults.add("report_stuck", f"POST {path}")
    meta.sandbox.faults.add("report_failed", f"POST {path}", nth=2)
    stuck, failed, good = (meta.post(path)["report_run_id"] for _ in range(3))
    fields = "async_status,async_percent_completion,error_code,error_subcode"
    for _ in range(6):
        seen = [meta.get(f"/{run}", fields=fields) for run in (stuck, failed, good)]
    states = [row["async_status"] for row in seen]
    assert ["Job Running", "Job Failed", "Job Completed"] == states
    assert 100 == seen[0]["async_percent_completion"]
    assert (-2, 2490547) == (seen[1]["error_code"], seen[1]["error_subcode"])
    for run in (stuck, failed):
        with pytest.raises(Refused):
            meta.get(f"/{run}/insights")


def test_a_body_may_trickle_in():
    """
    Through both doors the whole answer arrives, late, and no single wait is long.
    """
    with Loopback(seed=1) as meta:
        meta.sandbox.faults.add("slow_drip", seconds=0.4)
        begin = time.monotonic()
        answer = meta.raw("GET", f"/{meta.act}", timeout=0.3)
        assert time.monotonic() - begin >= 0.35
        assert meta.act == answer.json()["id"]
    sandbox, waits = Sandbox(seed=1), []
    transport = sandbox.transport()
    transport._sleep = waits.append
    meta = in_process(sandbox)
    meta.http = httpx.Client(transport=transport)
    sandbox.faults.add("slow_drip", seconds=5.0)
    assert meta.act == meta.get(f"/{meta.act}")["id"]
    assert sum(waits) == pytest.approx(5.0)
    assert max(waits) <= 0.5


def test_files_travel_with_the_items_of_a_batch(meta):
    """
    Each item gets its own; a name without a file is refused.
    """
    item = {"method": "POST", "relative_url": f"{meta.act}/adimages"}
    items = [{**item, "attached_files": name} for name in ("one", "two")]
    files = {
        "one": ("one.png", png(mark=b"1")),
        "two": ("two.png", png(300, 200, mark=b"2")),
    }
    rows = meta.call("POST", "/", data={"batch": json.dumps(items)}, files=files)
    bodies = [json.loads(row["body"])["images"] for row in rows]
    assert ["one.png", "two.png"] == [next(iter(body)) for body in bodies]
    widths = {i["width"] for i in meta.get(
        f"/{meta.act}/adimages", fields="width")["data"]}  # fmt: skip
    assert {1200, 300} == widths
    with pytest.raises(Refused):
        meta.post("/", batch=[{**item, "attached_files": "three"}])
