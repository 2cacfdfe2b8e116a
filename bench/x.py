"""
How fast is a launch on X, beside X's own Python SDK?

Both talk to the same emulated platform: a server of its own process on this computer
that answers every request 50 ms late. Everything happens in one run.

- smmlib plans and applies one campaign, ten line items, 200 targeting criteria, and
  promotes 1,000 posts that exist already, with its journal in SQLite: line items and
  criteria in one batch each, 50 posts of a line item in one request.
- The SDK (twitter-ads) makes the same objects as its examples do: one after the other.

The least number of writes by X's contract is 1 campaign, 1 batch of line items, 1 batch
of criteria, and one request for every 50 posts of a line item. Switching line items and
campaign on afterwards is counted as well: without it a promotion shows nothing.

X lets 450 writes pass in a minute. The emulated minute goes on while the SDK sends its
1,211, or it would have to wait two minutes more.

Only ratios within one run mean anything. It needs the packages of the extra `dev`.

Usage: `python bench/x.py [--ad-sets 10] [--ads 100] [--json]`
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

LATENCY_MS = 50
CRITERIA = 20  # of each line item
PROMOTED = 50
SOME = 400  # requests until the emulated minute moves on
SIGNING = ("consumer_key", "consumer_secret", "access_token_secret")
START, END = "2027-03-01T00:00:00Z", "2027-04-12T00:00:00Z"

WRITES = "writes over the least that is possible"
SECONDS = "seconds over the least writes one after the other"
WALL = "times faster than the SDK, wall time"
GOALS = {WRITES: 1.10, WALL: 20.0}

SERVER = """
import sys, json
from smmlib.sandbox import Sandbox, SandboxServer
sandbox = Sandbox(seed=7, latency_ms=float(sys.argv[1]))
with SandboxServer(sandbox) as server:
    print(json.dumps(server.details()), flush=True)
    for line in sys.stdin:
        word = line.strip()
        if word == "count":
            log = sandbox.log
            writes = len(log.writes())
            print(json.dumps({"writes": writes, "requests": len(log)}), flush=True)
        elif word == "minute":
            sandbox.advance(61)
            print("{}", flush=True)
        else:
            break
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
        self.facts = json.loads(self._line())["platforms"]["x"]

    def _line(self) -> str:
        return self._process.stdout.readline() if self._process.stdout else ""

    def ask(self, word: str) -> dict[str, int]:
        """
        `count` requests, or let a `minute` pass.
        """
        if self._process.stdin is not None:
            self._process.stdin.write(f"{word}\n")
            self._process.stdin.flush()
        told: dict[str, int] = json.loads(self._line())
        return told

    def connect(self) -> Any:
        """
        The adapter, connected.
        """
        from smmlib.adapters import connect_platform
        from smmlib.ports import Connection, Secret

        facts = self.facts
        return connect_platform(
            Connection(
                "x",
                facts["ad_account"],
                token=Secret(facts["access_token"]),
                secrets={name: Secret(facts[name]) for name in SIGNING},
                options={"funding_instrument": facts["funding_instrument"]},
                base_url=facts["base_url"],
            )
        )

    def posts(self, count: int) -> list[str]:
        """
        Publish posts that can be promoted; they are not what is measured.
        """
        from concurrent.futures import ThreadPoolExecutor

        adapter = self.connect()

        def publish(number: int) -> str:
            rows = adapter._api.post(  # noqa: SLF001 - not what is measured
                "tweet", as_user_id=self.facts["user"], text=_text(number)
            )
            return str(rows[0]["id_str"])

        found: list[str] = []
        for start in range(0, count, SOME):
            with ThreadPoolExecutor(16) as pool:
                found += pool.map(publish, range(start, min(count, start + SOME)))
            self.ask("minute")
        adapter.close()
        return found

    def close(self) -> None:
        """
        Stop it.
        """
        if self._process.stdin is not None:
            self._process.stdin.write("stop\n")
            self._process.stdin.flush()
        self._process.wait(10)


def least(ad_sets: int, ads: int) -> int:
    """
    The fewest write requests the contract allows to set it up.
    """
    criteria = ad_sets * CRITERIA
    return 1 + -(-ad_sets // 40) + -(-criteria // 500) + ad_sets * -(-ads // PROMOTED)


def measured(platform: Platform, work: Any) -> dict[str, float]:
    """
    Wall and processor time of some work, and the requests it took.
    """
    before = platform.ask("count")
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    spent = time.perf_counter() - wall, time.process_time() - cpu
    after = platform.ask("count")
    writes = after["writes"] - before["writes"]
    reads = after["requests"] - before["requests"] - writes
    return {"wall": spent[0], "cpu": spent[1], "writes": writes, "reads": reads}


# -- smmlib ----------------------------------------------------------------------------


def our_launch(ad_sets: int, ads: int) -> dict[str, float]:
    """
    Plan, apply and activate with a journal, as `smm apply` and `smm activate` do.

    The wait of the second key, until reads are sure to show everything, is skipped: it
    is a wait for the network, not work.
    """
    from smmlib.deploy import SQLiteStateStore, Target, activate, apply, make_changes

    platform = Platform()
    posts = platform.posts(ad_sets * ads)
    adapter, clock = platform.connect(), _Patient()
    plan = _plan(ad_sets, ads, posts)
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

        def launch() -> None:
            apply(changes, plan, [target], store, clock=clock)
            activate(changes, plan, [target], store, clock=clock, approve=changes.total)

        done = measured(platform, launch)
        store.close()
    adapter.close()
    platform.close()
    return done


class _Patient:
    """
    The computer's clock, for which waits take no time.
    """

    def __init__(self) -> None:
        from datetime import timedelta

        from smmlib.adapters import SystemClock

        self._clock = SystemClock()
        self._waited = timedelta()
        self._delta = timedelta

    def now(self) -> Any:
        """
        The present, all waits included.
        """
        return self._clock.now() + self._waited

    def sleep(self, seconds: float) -> None:
        """
        Have waited.
        """
        self._waited += self._delta(seconds=max(0.0, seconds))


def _plan(ad_sets: int, ads: int, posts: list[str]) -> Any:
    from smmlib import (
        Ad,
        AdBudget,
        AdCampaign,
        AdSet,
        AgeRange,
        Audience,
        Creative,
        Flight,
        LineItem,
        MediaPlan,
        Money,
        Place,
    )

    creatives = {
        f"c{number}": Creative(boost=f"x:{post}") for number, post in enumerate(posts)
    }
    sets = {
        f"s{n}": AdSet(f"a{n}", {f"a{m}": Ad(f"c{n * ads + m}") for m in range(ads)})
        for n in range(ad_sets)
    }
    audiences = {
        f"a{n}": Audience(
            age=AgeRange(25, 49),
            places=[Place("DE")],
            interests=[f"keyword: {_word(n, m)}" for m in range(CRITERIA - 2)],
        )
        for n in range(ad_sets)
    }
    campaign = AdCampaign(
        "teaser", sets, objective="traffic", budget=AdBudget(lifetime="20000 EUR")
    )
    return MediaPlan(
        "Bench",
        "0192f3c8-5d7e-7b1a-9c44-2f6d1e0a8b37",
        zone="Europe/Berlin",
        flight=Flight.parse("2027-03-01..2027-04-11", "Europe/Berlin"),
        audiences=audiences,
        lines={"teaser": LineItem(["x"], Money("20000", "EUR"))},
        campaigns={"big": campaign},
        creatives=creatives,
    )


def _text(number: int) -> str:
    return f"Roast number {number}. Taste first: https://alpenkaffee.example/{number}"


def _word(ad_set: int, number: int) -> str:
    return f"roast {ad_set} {number}"


# -- X's SDK ---------------------------------------------------------------------------


def sdk_launch(ad_sets: int, ads: int) -> dict[str, float]:
    """
    The same objects with X's SDK, one request after the other.
    """
    from twitter_ads.client import Client
    from twitter_ads.http import Request

    platform = Platform()
    posts = platform.posts(ad_sets * ads)
    # The one place where the SDK's address can be changed.
    Request._DEFAULT_DOMAIN = platform.facts["base_url"]  # noqa: SLF001
    keys = (
        "consumer_key",
        "consumer_secret",
        "access_token",
        "access_token_secret",
    )
    client = Client(*(platform.facts[key] for key in keys))
    account = client.accounts(platform.facts["ad_account"])
    tree = _Tree(platform, account)
    done = measured(platform, lambda: tree.make(ad_sets, ads, posts))
    platform.close()
    return done


class _Tree:
    """
    Makes the objects through X's SDK.
    """

    def __init__(self, platform: Platform, account: Any) -> None:
        self._platform = platform
        self._account = account
        self._sent = 0

    def make(self, ad_sets: int, ads: int, posts: list[str]) -> None:
        """
        Campaign, line items, criteria, promotions; then switch all of them on.
        """
        from twitter_ads.campaign import Campaign, LineItem
        from twitter_ads.creative import PromotedTweet

        facts = self._platform.facts
        campaign = Campaign(self._account)
        campaign.funding_instrument_id = facts["funding_instrument"]
        campaign.name = "Bench"
        campaign.daily_budget_amount_local_micro = 500_000_000
        campaign.entity_status = "PAUSED"
        self._save(campaign)
        for number in range(ad_sets):
            line_item = LineItem.create(
                self._account,
                campaign_id=campaign.id,
                name=f"Line item {number}",
                objective="WEBSITE_CLICKS",
                product_type="PROMOTED_TWEETS",
                placements=["ALL_ON_TWITTER"],
                start_time=START,
                end_time=END,
                bid_strategy="AUTO",
                entity_status="PAUSED",
            )
            self._tick()
            for place in range(CRITERIA):
                self._criterion(line_item, _word(number, place))
            for post in posts[number * ads : (number + 1) * ads]:
                PromotedTweet.attach(
                    self._account, line_item_id=line_item.id, tweet_ids=[post]
                )
                self._tick()
            line_item.entity_status = "ACTIVE"
            self._save(line_item)
        campaign.entity_status = "ACTIVE"
        self._save(campaign)

    def _criterion(self, line_item: Any, word: str) -> None:
        from twitter_ads.campaign import TargetingCriteria

        criterion = TargetingCriteria(self._account)
        criterion.line_item_id = line_item.id
        criterion.targeting_type = "BROAD_KEYWORD"
        criterion.targeting_value = word
        criterion.operator_type = "EQ"
        self._save(criterion)

    def _save(self, thing: Any) -> None:
        thing.save()
        self._tick()

    def _tick(self) -> None:
        self._sent += 1
        if self._sent % SOME == 0:
            self._platform.ask("minute")


# -- the verdict -----------------------------------------------------------------------


def ratios(
    ours: dict[str, float], theirs: dict[str, float], fewest: int
) -> dict[str, float]:
    """
    How the two compare, and how smmlib compares with what X's contract allows.
    """
    alone = fewest * LATENCY_MS / 1_000
    return {
        WRITES: ours["writes"] / fewest,
        SECONDS: ours["wall"] / alone,
        WALL: theirs["wall"] / ours["wall"],
    }


def _met(name: str, value: float) -> bool:
    return value >= GOALS[name] if name == WALL else value <= GOALS[name]


def _beside(name: str, value: float) -> str:
    """
    The goal of a ratio; the reads between writes have none.
    """
    if name not in GOALS:
        return ""
    word = "at least" if name == WALL else "at most"
    mark = "met" if _met(name, value) else "NOT met"
    return f" (goal: {word} {GOALS[name]:g}): {mark}"


def main() -> int:
    """
    Measure, print, and say by the exit code whether all goals are met.
    """
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--ad-sets", type=int, default=10)
    parser.add_argument("--ads", type=int, default=100, help="of each ad set")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    fewest = least(given.ad_sets, given.ads)
    ours = our_launch(given.ad_sets, given.ads)
    theirs = sdk_launch(given.ad_sets, given.ads)
    found = ratios(ours, theirs, fewest)
    if given.json:
        rows = {"smmlib": ours, "twitter-ads": theirs, "least": fewest, "ratios": found}
        print(json.dumps(rows, indent=2))
    else:
        for name, row in (("smmlib", ours), ("twitter-ads", theirs)):
            print(
                f"{name:12} {row['wall']:7.2f} s  {row['cpu']:6.2f} s cpu  "
                f"{row['writes']:5.0f} writes  {row['reads']:4.0f} reads"
            )
        print(f"least        {fewest * LATENCY_MS / 1_000:7.2f} s  {fewest:21} writes")
        for name, value in found.items():
            print(f"{value:7.2f} {name}{_beside(name, value)}")
    return 0 if all(_met(name, found[name]) for name in GOALS) else 1


if __name__ == "__main__":
    sys.exit(main())
