"""
How fast is a launch on Meta, and how much does reading its report cost, beside Meta's
own SDK?

Both clients talk to the same emulated platform: a server of its own process on this
computer that answers every request 50 ms late. Everything happens in one run.

- launch: one campaign, 20 ad sets of 50 ads, 1,000 creatives. smmlib plans, applies and
  keeps its journal in SQLite; the SDK sends batches of 50, one after the other, with
  sibling ad sets apart as Meta asks.
- report: 100,000 rows of insights into columns. The rows come from a small server that
  pages like Meta; the SDK keeps its objects, smmlib columns.

Only ratios within one run mean anything.

Usage: `python bench/meta.py [--ad-sets 20] [--ads 50] [--rows 100000] [--json]`
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path
from typing import Any

LATENCY_MS = 50
BATCH = 50

GOALS = {
    "writes over the least that is possible": 1.10,
    "launch, wall time over the SDK's batches": 0.5,
    "report, CPU over the SDK's objects, base install": 0.2,
    "report, CPU over the SDK's objects, with the extra fast": 0.1,
    "report, memory over the SDK's objects": 0.1,
    "report, wall time over the SDK's cursor": 0.2,
}

SERVER = """
import sys, json
from smmlib.sandbox import Sandbox, SandboxServer
sandbox = Sandbox(seed=7, latency_ms=float(sys.argv[1]))
with SandboxServer(sandbox) as server:
    print(json.dumps(server.details()), flush=True)
    for line in sys.stdin:
        if line.strip() == "count":
            log = sandbox.log
            writes = len(log.writes())
            print(json.dumps({"writes": writes, "requests": len(log)}), flush=True)
        else:
            break
"""

# A cursor chain over rows that are made on the way; the client is what is measured.
REPORT = """
import base64, json, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from datetime import date, timedelta
TOTAL, LATENCY = int(sys.argv[1]), float(sys.argv[2]) / 1000
FIRST = date(2027, 3, 1)
DAYS = 100
PER_DAY = TOTAL // DAYS

def row(place):
    day = (FIRST + timedelta(days=place // PER_DAY)).isoformat()
    ad = place % PER_DAY
    action = lambda name, value: {"action_type": name, "value": str(value)}
    return {
        "ad_id": str(120210000000000000 + ad),
        "adset_id": str(120220000000000000 + ad // 50),
        "campaign_id": str(120230000000000000 + ad // 1000),
        "account_currency": "EUR", "spend": f"{place % 977}.{place % 100:02}",
        "impressions": str(place % 9973), "reach": str(place % 8191),
        "clicks": str(place % 331), "inline_link_clicks": str(place % 211),
        "actions": [action("link_click", place % 211),
                    action("landing_page_view", place % 199),
                    action("lead", place % 7)],
        "publisher_platform": "facebook" if place % 2 else "instagram",
        "date_start": day, "date_stop": day,
    }

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *args): pass
    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.give({"report_run_id": "1"})
    def give(self, body):
        data = json.dumps(body, separators=(",", ":")).encode()  # as the Graph API does
        time.sleep(LATENCY)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
    def do_GET(self):
        query = {k: v[0] for k, v in parse_qs(urlsplit(self.path).query).items()}
        if "insights" not in self.path:
            self.give({"id": "act_1", "account_id": "1", "currency": "EUR",
                       "timezone_name": "Europe/Berlin", "name": "bench"})
            return
        span = json.loads(query.get("time_range", "{}"))
        first = (date.fromisoformat(span["since"]) - FIRST).days if span else 0
        last = (date.fromisoformat(span["until"]) - FIRST).days if span else DAYS - 1
        start, end = max(first, 0) * PER_DAY, min(last + 1, DAYS) * PER_DAY
        size = int(query.get("limit", 500))
        at = start
        if "after" in query:
            at = int(base64.b64decode(query["after"]))
        upto = min(at + size, end)
        body = {"data": [row(n) for n in range(at, upto)]}
        if upto < end:
            after = base64.b64encode(str(upto).encode()).decode()
            body["paging"] = {"cursors": {"before": after, "after": after},
                              "next": f"http://127.0.0.1/?after={after}"}
        self.give(body)

server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()
"""

OURS_REPORT = """
import json, sys, time
if sys.argv[2] == "base":
    sys.modules["msgspec"] = None  # as if it were not installed
from smmlib import Flight
from smmlib.adapters import connect_platform
from smmlib.ports import Connection, Secret
port = sys.argv[1]
platform = connect_platform(Connection(
    "meta", "act_1", token=Secret("sbx_bench"),
    options={"page": "1"}, base_url=f"http://127.0.0.1:{port}"))
platform.account()
rss = lambda: int(open("/proc/self/statm").read().split()[1]) * 4096
before, cpu, wall = rss(), time.process_time(), time.perf_counter()
flight = Flight.parse("2027-03-01..2027-06-08", "Europe/Berlin")
columns = platform.metric_columns(flight)
done = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu,
        "memory": rss() - before, "rows": len(columns)}
print(json.dumps(done))
"""

SDK_REPORT = """
import json, sys, time
from facebook_business.adobjects.adaccount import AdAccount
from facebook_business.api import FacebookAdsApi
from facebook_business.session import FacebookSession
FacebookSession.GRAPH = f"http://127.0.0.1:{sys.argv[1]}"
FacebookAdsApi.init("1", "s", "t" * 30, crash_log=False)
account = AdAccount("act_1")
fields = ("ad_id,adset_id,campaign_id,account_currency,spend,impressions,reach,clicks,"
          "inline_link_clicks,actions").split(",")
rss = lambda: int(open("/proc/self/statm").read().split()[1]) * 4096
before, cpu, wall = rss(), time.process_time(), time.perf_counter()
rows = list(account.get_insights(fields=fields, params={"limit": 500, "level": "ad"}))
done = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu,
        "memory": rss() - before, "rows": len(rows)}
print(json.dumps(done))
"""


class Platform:
    """
    The emulated platform in a process of its own.
    """

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(LATENCY_MS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.details = json.loads(self._line())

    def _line(self) -> str:
        return self._process.stdout.readline() if self._process.stdout else ""

    def _say(self, text: str) -> None:
        if self._process.stdin is not None:
            self._process.stdin.write(f"{text}\n")
            self._process.stdin.flush()

    def count(self) -> dict[str, int]:
        """
        How many writes and requests there were.
        """
        self._say("count")
        counts: dict[str, int] = json.loads(self._line())
        return counts

    def close(self) -> None:
        """
        Stop it.
        """
        self._say("stop")
        self._process.wait(10)


# -- the launch -----------------------------------------------------------------------


def least(ad_sets: int, ads: int) -> int:
    """
    The fewest write requests the contract allows.
    """
    whole = ad_sets * ads
    return 1 + ad_sets + 2 * -(-whole // BATCH)


def our_launch(ad_sets: int, ads: int) -> dict[str, Any]:
    """
    Plan and apply with a journal, as `smm apply` does.
    """
    from smmlib.adapters import SystemClock, connect_platform
    from smmlib.deploy import SQLiteStateStore, Target, apply, make_changes
    from smmlib.ports import Connection, Secret

    platform = Platform()
    meta = platform.details["platforms"]["meta"]
    adapter = connect_platform(
        Connection(
            "meta",
            meta["ad_account"],
            token=Secret(meta["access_token"]),
            options={"page": meta["page"]},
            base_url=meta["base_url"],
        )
    )
    plan = _plan(ad_sets, ads)
    clock = SystemClock()
    with tempfile.TemporaryDirectory() as folder:
        store = SQLiteStateStore(
            Path(folder) / "state.db",
            project_id=plan.project_id,
            environment="sandbox",
            clock=clock,
        )
        target = Target(adapter, adapter.account(), adapter.wanted(plan))
        changes = make_changes(
            plan, [target], store, clock=clock, environment="sandbox"
        )
        before = platform.count()
        cpu, wall = time.process_time(), time.perf_counter()
        apply(changes, plan, [target], store, clock=clock)
        spent = time.perf_counter() - wall, time.process_time() - cpu
        after = platform.count()
        store.close()
    adapter.close()
    platform.close()
    writes = after["writes"] - before["writes"]
    requests = after["requests"] - before["requests"]
    return {
        "wall": spent[0],
        "cpu": spent[1],
        "writes": writes,
        "reads": requests - writes,
    }


def _plan(ad_sets: int, ads: int) -> Any:
    from smmlib import (
        Ad,
        AdBudget,
        AdCampaign,
        AdSet,
        Audience,
        Creative,
        Flight,
        LineItem,
        MediaPlan,
        Money,
        Place,
    )

    picture = "https://alpenkaffee.example/img/box.jpg"
    creatives = {
        f"c{n}": Creative(
            f"Roast number {n}. Taste first, pay later.",
            "At your door",
            link="https://alpenkaffee.example/box",
            image=picture,
        )
        for n in range(ad_sets * ads)
    }
    sets = {
        f"s{n}": AdSet("people", {f"a{m}": Ad(f"c{n * ads + m}") for m in range(ads)})
        for n in range(ad_sets)
    }
    campaign = AdCampaign(
        "meta",
        sets,
        objective="traffic",
        special_ad_categories=[],
        budget=AdBudget(daily=Money("500", "EUR")),
    )
    return MediaPlan(
        "Bench",
        "0192f3c8-5d7e-7b1a-9c44-2f6d1e0a8b37",
        zone="Europe/Berlin",
        flight=Flight.parse("2027-03-01..2027-04-11", "Europe/Berlin"),
        audiences={"people": Audience(places=[Place("US")])},
        lines={"meta": LineItem(["facebook", "instagram"], "20000 EUR")},
        campaigns={"big": campaign},
        creatives=creatives,
    )


def sdk_launch(ad_sets: int, ads: int) -> dict[str, Any]:
    """
    The same objects with the SDK's own batches, one after the other.
    """
    from facebook_business.adobjects.adaccount import AdAccount
    from facebook_business.api import FacebookAdsApi
    from facebook_business.session import FacebookSession

    platform = Platform()
    meta = platform.details["platforms"]["meta"]
    FacebookSession.GRAPH = meta["base_url"]
    api = FacebookAdsApi.init(
        meta["app_id"], meta["app_secret"], meta["access_token"], crash_log=False
    )
    account = AdAccount(meta["ad_account"])
    before = platform.count()
    cpu, wall = time.process_time(), time.perf_counter()
    _sdk_tree(api, account, meta["page"], ad_sets, ads)
    spent = time.perf_counter() - wall, time.process_time() - cpu
    after = platform.count()
    platform.close()
    writes = after["writes"] - before["writes"]
    return {"wall": spent[0], "cpu": spent[1], "writes": writes, "reads": 0}


def _sdk_tree(api: Any, account: Any, page: str, ad_sets: int, ads: int) -> None:
    campaign = account.create_campaign(
        params={
            "name": "Bench",
            "objective": "OUTCOME_TRAFFIC",
            "special_ad_categories": [],
            "daily_budget": 50_000,
            "bid_strategy": "LOWEST_COST_WITHOUT_CAP",
            "status": "PAUSED",
        }
    )
    sets = [_sdk_set(account, campaign["id"], n)["id"] for n in range(ad_sets)]
    stories = [_story(page, n) for n in range(ad_sets * ads)]
    creatives = _batched(api, account.create_ad_creative, stories)
    wanted = [
        {
            "name": f"A{n}",
            "adset_id": sets[n // ads],
            "creative": {"creative_id": creative},
            "status": "PAUSED",
        }
        for n, creative in enumerate(creatives)
    ]
    _batched(api, account.create_ad, wanted)


def _sdk_set(account: Any, campaign: str, number: int) -> Any:
    return account.create_ad_set(
        params={
            "name": f"S{number}",
            "campaign_id": campaign,
            "optimization_goal": "LINK_CLICKS",
            "billing_event": "IMPRESSIONS",
            "start_time": "2027-03-01T00:00:00+0100",
            "end_time": "2027-04-12T00:00:00+0200",
            "targeting": {
                "geo_locations": {"countries": ["US"]},
                "targeting_automation": {"advantage_audience": 0},
            },
            "status": "PAUSED",
        }
    )


def _story(page: str, number: int) -> dict[str, Any]:
    return {
        "name": f"C{number}",
        "object_story_spec": {
            "page_id": page,
            "link_data": {
                "link": "https://alpenkaffee.example/box",
                "message": f"Roast number {number}. Taste first, pay later.",
                "name": "At your door",
                "picture": "https://alpenkaffee.example/img/box.jpg",
            },
        },
    }


def _batched(api: Any, create: Any, wanted: list[dict[str, Any]]) -> list[str]:
    found: list[str] = []
    for start in range(0, len(wanted), BATCH):
        batch = api.new_batch()
        for params in wanted[start : start + BATCH]:
            create(
                params=params,
                batch=batch,
                success=lambda answer: found.append(answer.json()["id"]),
            )
        batch.execute()
    if len(found) != len(wanted):
        raise SystemExit(f"{len(wanted) - len(found)} objects were refused")
    return found


# -- the report -----------------------------------------------------------------------


def report(rows: int) -> dict[str, dict[str, Any]]:
    """
    The same rows into columns and into the SDK's objects, each in a fresh process.
    """
    server = subprocess.Popen(
        [sys.executable, "-c", REPORT, str(rows), str(LATENCY_MS)],
        stdout=subprocess.PIPE,
        text=True,
    )
    port = server.stdout.readline().strip() if server.stdout else ""
    try:
        found = {
            "report, smmlib, base install": _client(OURS_REPORT, port, "base"),
            "report, smmlib, extra fast": _client(OURS_REPORT, port, "fast"),
            "report, facebook-business": _client(SDK_REPORT, port),
        }
    finally:
        server.terminate()
        server.wait(10)
    for name, result in found.items():
        if result["rows"] != rows:
            raise SystemExit(f"{name}: {result['rows']} of {rows} rows")
    return found


def _client(code: str, *arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


# -- the verdict ----------------------------------------------------------------------


def run(ad_sets: int, ads: int, rows: int) -> dict[str, Any]:
    """
    Everything once, with the ratios.
    """
    sdk, ours = sdk_launch(ad_sets, ads), our_launch(ad_sets, ads)
    reports = report(rows)
    base, fast, sdk_report = reports.values()
    told = ours["writes"] / least(ad_sets, ads)
    reached = {
        "writes over the least that is possible": told,
        "launch, wall time over the SDK's batches": ours["wall"] / sdk["wall"],
        "report, CPU over the SDK's objects, base install": base["cpu"]
        / sdk_report["cpu"],
        "report, CPU over the SDK's objects, with the extra fast": fast["cpu"]
        / sdk_report["cpu"],
        "report, memory over the SDK's objects": max(base["memory"], fast["memory"])
        / sdk_report["memory"],
        "report, wall time over the SDK's cursor": max(base["wall"], fast["wall"])
        / sdk_report["wall"],
    }
    goals = [
        {"what": k, "ratio": v, "goal": GOALS[k], "met": v <= GOALS[k]}
        for k, v in reached.items()
    ]
    cases = {
        "launch, smmlib": ours,
        "launch, facebook-business": sdk,
        **reports,
    }
    return {"cases": cases, "goals": goals}


def print_table(found: dict[str, Any]) -> None:
    """
    For people.
    """
    for name, case in found["cases"].items():
        parts = [f"wall {case['wall']:.2f} s", f"CPU {case['cpu']:.2f} s"]
        if "writes" in case:
            parts.append(f"{case['writes']} writes, {case['reads']} reads")
        if "memory" in case:
            parts.append(f"{case['memory'] / 1e6:.1f} MB for {case['rows']:,} rows")
        print(f"{name:30}{', '.join(parts)}")
    print("Goals:")
    for goal in found["goals"]:
        outcome = "met" if goal["met"] else "missed"
        print(
            f"  {goal['what']}: {goal['ratio']:.2f} x, at most {goal['goal']}: "
            f"{outcome}"
        )


def main() -> None:
    """
    Read the options, measure, print.
    """
    parser = argparse.ArgumentParser(description="Meta, beside Meta's own SDK.")
    parser.add_argument("--ad-sets", type=int, default=20)
    parser.add_argument("--ads", type=int, default=50)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--json", action="store_true", help="print JSON, no table")
    options = parser.parse_args()
    found = run(options.ad_sets, options.ads, options.rows)
    if options.json:
        print(json.dumps(found, indent=2))
    else:
        print_table(found)


if __name__ == "__main__":
    main()
