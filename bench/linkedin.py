"""
How fast is a launch on LinkedIn, beside LinkedIn's own Python client?

Both clients talk to the same emulated platform: a server of its own process on this
computer that answers every request 50 ms late. Everything happens in one run.

- smmlib plans and applies one campaign group with 70 campaigns of 15 creatives each,
  as many as LinkedIn lets run, and keeps its journal in SQLite: campaigns in one batch,
  one createInline for each ad, at most 16 of them in flight.
- The client makes the same objects as its examples do: one request after the other, a
  post and then the creative that refers to it.

The least number of writes is one for the group, one for each batch of campaigns and one
for each ad: LinkedIn has no batch that makes a creative with its post.

Only ratios within one run mean anything.

Usage: `python bench/linkedin.py [--campaigns 70] [--ads 15] [--json]`
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
from urllib.parse import unquote

LATENCY_MS = 50
BATCH = 100
VERSION = "202609"
LINK = "https://alpenkaffee.example/box"

WRITES = "writes over the least that is possible"
WALL = "times faster than the client, wall time"
GOALS = {WRITES: 1.10, WALL: 8.0}

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
        self.facts = json.loads(self._line())["platforms"]["linkedin"]

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


def least(campaigns: int, ads: int) -> int:
    """
    The fewest write requests the contract allows.
    """
    return 1 + -(-campaigns // BATCH) + campaigns * ads


def measured(platform: Platform, work: Any) -> dict[str, float]:
    """
    Wall and processor time of some work, and the requests it took.
    """
    before = platform.count()
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    spent = time.perf_counter() - wall, time.process_time() - cpu
    after = platform.count()
    writes = after["writes"] - before["writes"]
    reads = after["requests"] - before["requests"] - writes
    return {"wall": spent[0], "cpu": spent[1], "writes": writes, "reads": reads}


# -- smmlib ----------------------------------------------------------------------------


def our_launch(campaigns: int, ads: int) -> dict[str, float]:
    """
    Plan and apply with a journal, as `smm apply` does.
    """
    from smmlib.adapters import SystemClock, connect_platform
    from smmlib.deploy import SQLiteStateStore, Target, apply, make_changes
    from smmlib.ports import Connection, Secret

    platform = Platform()
    facts = platform.facts
    adapter = connect_platform(
        Connection(
            "linkedin",
            facts["ad_account"],
            token=Secret(facts["access_token"]),
            options={"organisation": facts["organisation"]},
            base_url=facts["base_url"],
        )
    )
    plan, clock = _plan(campaigns, ads), SystemClock()
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
        done = measured(
            platform, lambda: apply(changes, plan, [target], store, clock=clock)
        )
        store.close()
    adapter.close()
    platform.close()
    return done


def _plan(campaigns: int, ads: int) -> Any:
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

    creatives = {
        f"c{n}": Creative(_text(n), "At your door", link=LINK, cta="learn_more")
        for n in range(campaigns * ads)
    }
    sets = {
        f"s{n}": AdSet("people", {f"a{m}": Ad(f"c{n * ads + m}") for m in range(ads)})
        for n in range(campaigns)
    }
    campaign = AdCampaign(
        "work",
        sets,
        objective="traffic",
        special_ad_categories=[],
        budget=AdBudget(lifetime=Money("20000", "EUR")),
    )
    return MediaPlan(
        "Bench",
        "0192f3c8-5d7e-7b1a-9c44-2f6d1e0a8b37",
        zone="UTC",
        flight=Flight.parse("2027-03-01..2027-04-11", "UTC"),
        audiences={"people": Audience(places=[Place("DE")], languages=["de"])},
        lines={"work": LineItem(["linkedin"], "20000 EUR")},
        campaigns={"big": campaign},
        creatives=creatives,
    )


def _text(number: int) -> str:
    return f"Roast number {number}. Taste first, pay later."


# -- LinkedIn's client -----------------------------------------------------------------


def sdk_launch(campaigns: int, ads: int) -> dict[str, float]:
    """
    The same objects with LinkedIn's client, one request after the other.
    """
    from linkedin_api.clients.restli.client import RestliClient
    from linkedin_api.common import constants

    platform = Platform()
    constants.VERSIONED_BASE_URL = platform.facts["rest_url"]
    tree = _Tree(RestliClient(), platform.facts)
    done = measured(platform, lambda: tree.make(campaigns, ads))
    platform.close()
    return done


class _Tree:
    """
    Makes the objects through LinkedIn's client.
    """

    def __init__(self, client: Any, facts: dict[str, Any]) -> None:
        self._client = client
        self._facts = facts
        self._account = str(facts["ad_account"])
        self._run = {"start": 1803859200000, "end": 1807488000000}

    def make(self, campaigns: int, ads: int) -> None:
        """
        Group, campaigns, and for every ad a post and a creative.
        """
        geo = self._germany()
        group = self._create("adCampaignGroups", self._group())
        for number in range(campaigns):
            campaign = self._create("adCampaigns", self._campaign(number, group, geo))
            for place in range(number * ads, (number + 1) * ads):
                post = self._create("", self._post(place), path="/posts")
                creative = {
                    "campaign": f"urn:li:sponsoredCampaign:{campaign}",
                    "content": {"reference": post},
                    "intendedStatus": "DRAFT",
                    "name": f"Ad {place}",
                }
                self._create("creatives", creative)

    def _germany(self) -> str:
        found = self._client.finder(
            resource_path="/adTargetingEntities",
            finder_name="typeahead",
            query_params={
                "facet": "urn:li:adTargetingFacet:locations",
                "query": "Germany",
            },
            access_token=self._facts["access_token"],
            version_string=VERSION,
        )
        return str(next(e["urn"] for e in found.elements if e["name"] == "Germany"))

    def _create(self, collection: str, entity: dict[str, Any], path: str = "") -> str:
        number = self._account.rpartition(":")[2]
        made = self._client.create(
            resource_path=path or f"/adAccounts/{number}/{collection}",
            entity=entity,
            access_token=self._facts["access_token"],
            version_string=VERSION,
        )
        if made.status_code >= 300:  # noqa: PLR2004
            raise SystemExit(f"{collection or path}: {made.response.text}")
        return unquote(str(made.entity_id))

    def _group(self) -> dict[str, Any]:
        return {
            "account": self._account,
            "name": "Bench",
            "status": "DRAFT",
            "runSchedule": self._run,
            "totalBudget": {"amount": "20000.00", "currencyCode": "EUR"},
            "budgetOptimization": {
                "budgetOptimizationStrategy": "DYNAMIC",
                "bidStrategy": "MAXIMUM_DELIVERY",
            },
        }

    def _campaign(self, number: int, group: str, geo: str) -> dict[str, Any]:
        where = {"urn:li:adTargetingFacet:locations": [geo]}
        return {
            "account": self._account,
            "campaignGroup": f"urn:li:sponsoredCampaignGroup:{group}",
            "name": f"Campaign {number}",
            "status": "DRAFT",
            "type": "SPONSORED_UPDATES",
            "format": "STANDARD_UPDATE",
            "objectiveType": "WEBSITE_VISIT",
            "optimizationTargetType": "MAX_CLICK",
            "costType": "CPM",
            "locale": {"country": "DE", "language": "de"},
            "runSchedule": self._run,
            "associatedEntity": self._facts["organisation"],
            "audienceExpansionEnabled": False,
            "offsiteDeliveryEnabled": False,
            "politicalIntent": "NOT_POLITICAL",
            "targetingCriteria": {"include": {"and": [{"or": where}]}},
        }

    def _post(self, number: int) -> dict[str, Any]:
        return {
            "author": self._facts["organisation"],
            "commentary": _text(number),
            "visibility": "PUBLIC",
            "distribution": {
                "feedDistribution": "NONE",
                "targetEntities": [],
                "thirdPartyDistributionChannels": [],
            },
            "lifecycleState": "PUBLISHED",
            "content": {"article": {"source": LINK, "title": "At your door"}},
            "contentLandingPage": LINK,
            "contentCallToActionLabel": "LEARN_MORE",
            "adContext": {"dscAdAccount": self._account, "dscStatus": "ACTIVE"},
        }


# -- the verdict -----------------------------------------------------------------------


def judge(
    ours: dict[str, float], theirs: dict[str, float], least_writes: int
) -> list[dict[str, Any]]:
    """
    Each goal with what was reached.
    """
    writes = ours["writes"] / least_writes
    wall = theirs["wall"] / ours["wall"]
    return [
        {"goal": WRITES, "asked": GOALS[WRITES], "ratio": writes,
         "met": writes <= GOALS[WRITES]},
        {"goal": WALL, "asked": GOALS[WALL], "ratio": wall, "met": wall >= GOALS[WALL]},
    ]  # fmt: skip


def main() -> None:
    """
    Measure and tell.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--campaigns", type=int, default=70)
    parser.add_argument("--ads", type=int, default=15)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    ours = our_launch(asked.campaigns, asked.ads)
    theirs = sdk_launch(asked.campaigns, asked.ads)
    verdicts = judge(ours, theirs, least(asked.campaigns, asked.ads))
    if asked.json:
        found = {"smmlib": ours, "linkedin-api-client": theirs, "goals": verdicts}
        print(json.dumps(found, indent=2))
        return
    print(f"{asked.campaigns} campaigns x {asked.ads} ads, {LATENCY_MS} ms latency")
    for name, row in (("smmlib", ours), ("linkedin-api-client", theirs)):
        print(
            f"{name:20} {row['wall']:8.2f} s wall {row['cpu']:7.2f} s CPU "
            f"{row['writes']:6.0f} writes {row['reads']:5.0f} reads"
        )
    for row in verdicts:
        met = "met" if row["met"] else "MISSED"
        print(f"{row['goal']}: {row['ratio']:.2f} (goal {row['asked']}) {met}")


if __name__ == "__main__":
    main()
