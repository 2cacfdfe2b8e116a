"""
The engine and its two doors: control, log, clock, state file, faults, threads.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from _meta import Loopback, in_process
from smmlib.errors import SandboxError
from smmlib.sandbox import FAULTS, Sandbox, SandboxClient, SandboxServer, coverage

_SERVE = """
from smmlib.sandbox import serve
serve(seed=5, on_ready=lambda line: print(line, flush=True))
"""
_IMPORT = """
import sys, smmlib.sandbox
print(sorted({"werkzeug", "httpx"} & set(sys.modules)))
"""

# Only LinkedIn fails in these ways; tests/sandbox/linkedin looks at them.
LINKEDIN_FAULTS = {"version_retired", "uri_too_long", "partial_batch", "short_page"}


@pytest.fixture
def control(door):
    """
    The control client of whichever door.
    """
    if isinstance(door.http._transport, httpx.HTTPTransport):
        url = door.base.replace("/meta", "/_sandbox")
        with SandboxClient(url) as client:
            yield client
    else:
        url = door.sandbox.details()["control_url"]
        with SandboxClient(url, transport=door.sandbox.transport()) as client:
            yield client


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_server_prints_one_line_and_serves_until_it_is_told_to_stop(number):
    """
    One JSON line, working credentials, a clean end with exit code 0.
    """
    with subprocess.Popen(
        [sys.executable, "-c", _SERVE], stdout=subprocess.PIPE, text=True
    ) as process:
        ready = json.loads(process.stdout.readline())
        meta = ready["platforms"]["meta"]
        answer = httpx.get(
            f"{meta['base_url']}/{meta['api_version']}/{meta['ad_account']}",
            params={"fields": "currency", "access_token": meta["access_token"]},
            trust_env=False,
        )
        process.send_signal(number)
        rest = process.stdout.read()
        assert 0 == process.wait(10)
    assert (True, 5, "virtual") == (ready["ready"], ready["seed"], ready["clock"])
    assert ready["control_url"].startswith("http://127.0.0.1:")
    assert "EUR" == answer.json()["currency"]
    assert "" == rest
    assert {"page", "pixel", "instagram_user", "ad_accounts"} <= set(meta)


def test_the_clock_moves_only_when_told(door, control):
    """
    Virtual time starts at a fixed instant and is advanced by seconds.
    """
    assert "2027-02-22T08:00:00+00:00" == control.clock()["now"]
    assert "2027-02-23T08:00:01+00:00" == control.advance(1, days=1)["now"]
    with pytest.raises(SandboxError):
        control.advance(-1)
    with pytest.raises(SandboxError):
        control._dict("POST", "/clock", json={"advance": 3})


def test_the_log_holds_every_exchange_in_order_and_no_token(door, control):
    """
    Requests, answers and refusals; whatever carried the token is masked.
    """
    door.campaign(name="first")
    door.get("/me", access_token=door.ids["access_token"])
    door.raw("GET", "/nothing")
    rows = control.log()
    assert ["POST", "GET", "GET"] == [row["method"] for row in rows]
    assert [200, 200, 404] == [row["status"] for row in rows]
    assert "first" == rows[0]["form"]["name"]
    assert {"id"} == set(rows[0]["answer"])
    assert [2, 3] == [row["n"] for row in control.log(since=1)]
    text = json.dumps(rows)
    assert door.ids["access_token"] not in text
    assert "***" in text
    assert 1 == len(door.sandbox.log.writes())


def test_a_batch_of_reads_is_no_write(meta):
    """
    `log.writes()` counts what could change something.
    """
    read = {"method": "GET", "relative_url": "me"}
    write = {"method": "POST", "relative_url": f"{meta.campaign()}", "body": "name=x"}
    meta.post("/", batch=[read, read])
    meta.post("/", batch=[read, write])
    assert [1, 3] == [entry.n for entry in meta.sandbox.log.writes()]


def test_the_raw_target_reaches_the_platform(door):
    """
    An encoded slash inside a path segment does not split it.
    """
    door.raw("GET", "/act_1%2Fcampaigns")
    assert door.sandbox.log[0].path.endswith("/act_1%2Fcampaigns")
    assert 803 == door.sandbox.log[0].answer["error"]["code"]


def test_reset_gives_back_the_first_state(door, control):
    """
    Objects, time, log and faults are gone; the credentials stay.
    """
    before = control.state()
    door.tree()
    control.add_fault("slow", "* /", seconds=1)
    control.advance(days=3)
    control.reset()
    assert before == control.state()
    assert ([], []) == (control.log(), control.faults())
    assert "2027-02-22T08:00:00+00:00" == control.clock()["now"]
    door.campaign()


def test_control_refuses_what_it_does_not_know(door, control):
    """
    400 with the list of kinds, 404 with the paths, 405 with the methods.
    """
    with pytest.raises(SandboxError, match="connect_error"):
        control.add_fault("explode")
    with pytest.raises(SandboxError, match="path-regex"):
        control.add_fault("slow", "campaigns")
    with pytest.raises(SandboxError, match="pattern"):
        control.add_fault("slow", "GET /(")
    with pytest.raises(SandboxError, match="option"):
        control.add_fault("slow", "GET /", often=3)
    with pytest.raises(SandboxError, match="clock"):
        control._dict("GET", "/nowhere")
    with pytest.raises(SandboxError, match="POST"):
        control._dict("GET", "/reset")


FAULT_EFFECTS = {
    "connect_error": (False, httpx.TransportError),
    "timeout_before": (False, httpx.TransportError),
    "timeout_after": (True, httpx.TransportError),
    "status_500_before": (False, 500),
    "status_500_after": (True, 500),
    "rate_limit": (False, 400),
    "malformed_body": (True, 200),
    "html_body": (True, 200),
    "empty_body": (True, 200),
    "truncated_body": (True, httpx.RemoteProtocolError),
    "auth_expired": (False, 400),
    "slow": (True, 200),
    "slow_drip": (True, 200),
    "error_in_200": (False, 200),
    # These change answers of their own kind only; a create is none of them.
    "null_item": (True, 200),
    "empty_page": (True, 200),
    "report_stuck": (True, 200),
    "report_failed": (True, 200),
}
UNTOUCHED = {
    "slow", "slow_drip", "null_item", "empty_page", "report_stuck", "report_failed",
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(FAULT_EFFECTS))
def test_each_fault_fails_as_named_and_commits_or_not(door, control, kind):
    """
    The second matching request fails, once; the write is done or not, as documented.
    """
    commits, effect = FAULT_EFFECTS[kind]
    door.campaign(name="before")
    control.add_fault(kind, "POST /campaigns$", nth=2, seconds=0.05, platform="meta")
    door.campaign(name="untouched")
    params = {
        "name": "hit",
        "objective": "OUTCOME_TRAFFIC",
        "special_ad_categories": "[]",
    }
    params["is_adset_budget_sharing_enabled"] = "false"
    path = f"/{door.act}/campaigns"
    if isinstance(effect, int):
        answer = door.raw("POST", path, data=params)
        assert effect == answer.status_code
        _check_body(kind, answer)
    else:
        with pytest.raises(effect):
            door.raw("POST", path, data=params)
    names = {row["name"] for row in door.get(path, fields="name")["data"]}
    assert commits == ("hit" in names)
    assert [(1, 2)] == [(f["fired"], f["seen"]) for f in control.faults()]
    fired = [row["fault"] for row in control.log() if row["fault"]]
    assert [kind] == fired
    door.campaign(name="after")


def _check_body(kind, answer):
    if kind in {"malformed_body", "html_body", "empty_body"}:
        with pytest.raises(ValueError, match=r".*"):
            answer.json()
        return
    codes = {"rate_limit": 80004, "auth_expired": 190}
    expected = None if kind in UNTOUCHED else codes.get(kind, 2)
    assert expected == answer.json().get("error", {}).get("code")


def test_every_kind_of_fault_is_tested():
    """
    A new kind cannot come without a row in the table above.
    """
    other = ("LinkedIn:", "X:")  # kinds of one platform are tested with it
    general = {kind for kind, text in FAULTS.items() if not text.startswith(other)}
    assert general == set(FAULT_EFFECTS)


def test_a_rate_limit_says_how_long_it_lasts_when_asked_to(door, control):
    """
    With regain minutes the usage header holds them, without there is no hint.
    """
    control.add_fault("rate_limit", "GET /me", regain_minutes=7, code=17)
    control.add_fault("rate_limit", "GET /me", nth=2)
    hinted, bare = door.raw("GET", "/me"), door.raw("GET", "/me")
    usage = json.loads(hinted.headers["x-business-use-case-usage"])
    row = next(iter(usage.values()))[0]
    assert (7, 100) == (row["estimated_time_to_regain_access"], row["call_count"])
    assert 17 == hinted.json()["error"]["code"]
    assert "x-business-use-case-usage" not in bare.headers


def test_a_fault_can_go_on_for_several_requests():
    """
    `count` requests in a row fail, then all is well again.
    """
    meta = in_process()
    meta.sandbox.faults.add("status_500_before", "GET /me", nth=2, count=3)
    assert [200, 500, 500, 500, 200] == [
        meta.raw("GET", "/me").status_code for _ in range(5)
    ]


def test_new_objects_stay_invisible_for_the_read_lag():
    """
    By id, in lists and by label; writes see them at once; time makes them visible.
    """
    meta = in_process(read_lag_s=30)
    campaign = meta.campaign(adlabels=[{"name": "m"}])
    adset = meta.adset(campaign)
    assert 33 == meta.raw("GET", f"/{campaign}").json()["error"]["error_subcode"]
    assert [] == meta.get(f"/{meta.act}/adsets")["data"]
    meta.post(f"/{adset}", name="renamed")
    meta.sandbox.advance(29)
    assert [] == meta.get(f"/{meta.act}/campaigns")["data"]
    meta.sandbox.advance(1)
    assert [{"id": campaign}] == meta.get(f"/{meta.act}/campaigns")["data"]
    assert "renamed" == meta.get(f"/{adset}", fields="name")["name"]


def test_the_state_file_carries_the_world_to_the_next_process(tmp_path):
    """
    Objects, labels, time and delivery go on where they stopped; tokens stay valid.
    """
    path = tmp_path / "deep" / "state.json"
    first = in_process(seed=3, state=path)
    campaign, adset, ad = first.tree()
    first.activate(campaign, adset, ad)
    first.sandbox.advance(days=12)
    seen = first.get(f"/{campaign}/insights", fields="spend,reach,actions")
    second = in_process(seed=3, state=path)
    assert first.sandbox.now == second.sandbox.now
    assert seen == second.get(f"/{campaign}/insights", fields="spend,reach,actions")
    assert first.sandbox.state() == second.sandbox.state()
    second.delete(f"/{ad}")
    third = in_process(seed=3, state=path)
    assert "DELETED" == third.get(f"/{ad}", fields="status")["status"]
    assert [path.name] == [one.name for one in path.parent.iterdir()]
    assert first.ids["access_token"] not in path.read_text()


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("{", "not a sandbox state"),
        ("[]", "format"),
        ('{"format": 99}', "99"),
    ],
)
def test_a_broken_state_file_is_refused_and_kept(tmp_path, text, match):
    """
    The message names the file and what to do; the file is not overwritten.
    """
    path = tmp_path / "state.json"
    path.write_text(text)
    with pytest.raises(SandboxError, match=match):
        Sandbox(state=path)
    assert text == path.read_text()


def test_a_state_file_belongs_to_its_seed_and_accounts(tmp_path):
    """
    Another seed would change every figure of a running campaign.
    """
    path = tmp_path / "state.json"
    Sandbox(seed=1, state=path).advance(1)
    with pytest.raises(SandboxError, match="seed 1"):
        Sandbox(seed=2, state=path)
    with pytest.raises(SandboxError, match="accounts"):
        Sandbox(seed=1, state=path, accounts=["USD:America/New_York"])
    with pytest.raises(SandboxError, match="clock"):
        Sandbox(seed=1, state=path, clock="real")


@pytest.mark.parametrize(
    "options",
    [
        {"accounts": []}, {"accounts": ["QQQ:Europe/Berlin"]},
        {"accounts": ["EUR:Mars/Base"]}, {"clock": "sundial"}, {"latency_ms": -1},
        {"read_lag_s": -1},
    ],
)  # fmt: skip
def test_a_sandbox_refuses_settings_that_make_no_sense(options):
    """
    Each with a message that names the value.
    """
    with pytest.raises(SandboxError):
        Sandbox(**options)


def test_ids_and_figures_do_not_depend_on_the_order_of_requests():
    """
    Parallel and patient clients get the same world; another seed another one.
    """

    def build(seed, names):
        meta = in_process(seed=seed)
        campaign = meta.campaign()
        made = {}
        for name in names:
            adset = meta.adset(campaign, name=name)
            made[name] = meta.ad(adset, meta.creative(name=name), name=name)
            meta.activate(adset, made[name])
        meta.activate(campaign)
        meta.sandbox.advance(days=10)
        rows = meta.get(
            f"/{meta.act}/insights",
            level="ad",
            time_increment="1",
            limit=500,
            fields="ad_id,spend,impressions,actions",
        )["data"]
        key = lambda row: (row["date_start"], row["ad_id"])  # noqa: E731
        return made, sorted(rows, key=key), meta.sandbox.conversions_csv()

    one, other, third = build(1, "abc"), build(1, "cab"), build(2, "abc")
    assert one == other
    assert one[1] != third[1]
    assert one[2] != third[2]


def test_many_threads_share_one_server():
    """
    Parallel creates all arrive, once each.
    """
    with Loopback(seed=1) as meta, ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda n: meta.campaign(name=f"c{n}"), range(64)))
        rows = meta.get(f"/{meta.act}/campaigns", limit=100)["data"]
    assert 64 == len(set(ids)) == len(rows)


def test_connections_stay_open_between_requests():
    """
    A client of the loopback server pays for one connection.
    """
    with Loopback() as meta:
        pool = meta.http._transport._pool
        for _ in range(5):
            meta.get("/me")
        assert 1 == len(pool.connections)


def test_latency_is_added_to_every_answer():
    """
    Through door one a client with less patience times out at once.
    """
    meta = in_process(latency_ms=60_000)
    with pytest.raises(httpx.ReadTimeout):
        meta.raw("GET", "/me", timeout=1)


def test_a_port_in_use_is_reported():
    """
    The message says which one.
    """
    with SandboxServer() as server:
        port = int(server.origin.rpartition(":")[2])
        with pytest.raises(SandboxError, match=str(port)):
            SandboxServer(port=port).start()


def test_paths_outside_the_platforms_are_404(door):
    """
    And say what is served.
    """
    answer = door.http.get(door.base.replace("/meta", "/myspace"))
    assert 404 == answer.status_code
    assert "/meta" in answer.json()["error"]


def test_coverage_lists_what_is_modelled_and_what_is_not():
    """
    One row per method and path of the contract, each modelled one with its source.
    """
    rows = coverage()["meta"]
    modelled = [row for row in rows if row["modelled"]]
    assert len({(row["method"], row["path"]) for row in rows}) == len(rows)
    assert 0 < len(modelled) < len(rows)
    assert all(row["source"] and row["features"] for row in modelled)
    paths = {(row["method"], row["path"]) for row in modelled}
    assert ("POST", "/act_{id}/campaigns") in paths


def test_importing_the_package_costs_nothing():
    """
    Importing the package loads neither Werkzeug nor httpx.
    """
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT], capture_output=True, text=True, check=True
    )
    assert "[]" == done.stdout.strip()
