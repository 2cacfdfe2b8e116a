"""
Duplicates made and ids lost per 100 faults: smmlib beside other clients, same server.

    python bench/faults.py [--mureo PYTHON]

Every client makes 100 campaigns on its platform's sandbox over real HTTP. Each time
the write happens and its answer is lost in one of five ways. A duplicate is a second
campaign of the same name; an id is lost when the campaign stands there and the client,
told or asked, does not know its id. mureo wants an environment of its own:
`python -m venv env && env/bin/pip install mureo`, then `--mureo env/bin/python`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

from smmlib.sandbox import SandboxServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_FAULTS = 100
_KINDS = (
    "timeout_after", "status_500_after", "malformed_body", "truncated_body",
    "empty_body",
)  # fmt: skip
_CREATES = {
    "meta": "POST /v26.0/act_[0-9]+/campaigns$",
    "linkedin": "POST /rest/adAccounts/[0-9]+/adCampaignGroups$",
    "x": "POST .*/campaigns$",
}

_SDK = {
    "facebook-business": (
        "meta",
        """
from facebook_business.session import FacebookSession
from facebook_business.api import FacebookAdsApi
from facebook_business.adobjects.adaccount import AdAccount
FacebookSession.GRAPH = facts["base_url"]
FacebookAdsApi.init(facts["app_id"], facts["app_secret"], facts["access_token"],
                    crash_log=False)
account = AdAccount(facts["ad_account"])
def create(name):
    return account.create_campaign(params={
        "name": name, "objective": "OUTCOME_TRAFFIC", "status": "PAUSED",
        "special_ad_categories": [], "daily_budget": 5000})["id"]
""",
    ),
    "twitter-ads": (
        "x",
        """
from twitter_ads.http import Request
from twitter_ads.client import Client
from twitter_ads.account import Account
from twitter_ads.campaign import Campaign
Request._DEFAULT_DOMAIN = facts["base_url"]
keys = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
client = Client(*(facts[key] for key in keys), options={
    "handle_rate_limit": False, "retry_max": 3, "retry_delay": 1,
    "retry_on_status": [500, 503], "timeout": 5})
account = Account.load(client, facts["ad_account"])
def create(name):
    campaign = Campaign(account)
    campaign.funding_instrument_id = facts["funding_instrument"]
    campaign.name = name
    campaign.daily_budget_amount_local_micro = 50_000_000
    campaign.entity_status = "PAUSED"
    campaign.save()
    return campaign.id
""",
    ),
    "linkedin-api-client": (
        "linkedin",
        """
from linkedin_api.clients.restli.client import RestliClient
from linkedin_api.common import constants
constants.VERSIONED_BASE_URL = facts["rest_url"]
client = RestliClient()
number = facts["ad_account"].rpartition(":")[2]
def create(name):
    body = {"account": facts["ad_account"], "name": name, "status": "DRAFT",
            "runSchedule": {"start": 1803855600000, "end": 1807480800000},
            "totalBudget": {"amount": "500.00", "currencyCode": "EUR"}}
    return client.create(
        resource_path=f"/adAccounts/{number}/adCampaignGroups", entity=body,
        access_token=facts["access_token"], version_string="202609").entity_id
""",
    ),
    "mureo": (
        "meta",
        """
import asyncio
from mureo.meta_ads import MetaAdsApiClient
MetaAdsApiClient.BASE_URL = facts["base_url"] + "/v26.0"
loop = asyncio.new_event_loop()
client = MetaAdsApiClient(facts["access_token"], facts["ad_account"])
def create(name):
    made = client.create_campaign(name, "OUTCOME_TRAFFIC", daily_budget=5000)
    return loop.run_until_complete(made)["id"]
""",
    ),
}
"""
How each of them makes a campaign, as its documentation says.
"""

_LOOP = """
import json, sys, logging
logging.disable(logging.CRITICAL)
facts = json.loads(sys.stdin.readline())
{setup}
print("ready", flush=True)
for line in sys.stdin:
    try:
        found = create(line.strip())
    except Exception as error:
        print(json.dumps([None, type(error).__name__]), flush=True)
    else:
        print(json.dumps([str(found) if found else None, ""]), flush=True)
"""


def _names(server: SandboxServer, platform: str) -> Counter[str]:
    kinds = {"meta": "Campaign", "linkedin": "group", "x": "campaign"}
    rows = server.sandbox.state()[platform]
    found = next(rows[k] for k in rows if k.lower().startswith(kinds[platform].lower()))
    return Counter(row.get("name", "").partition(" [smm:")[0] for row in found)


def _score(
    server: SandboxServer, platform: str, create: Callable[[str], str | None]
) -> tuple[int, int, int]:
    """
    Faults that struck, campaigns too many, ids lost.
    """
    struck = lost = 0
    for number in range(_FAULTS):
        name = f"bench {number}"
        server.sandbox.faults.clear()
        fault = server.sandbox.faults.add(
            _KINDS[number % len(_KINDS)],
            _CREATES[platform],
            platform=platform,
            seconds=0.05,
        )
        known = create(name)
        struck += fault.fired
        server.sandbox.faults.clear()
        lost += not known and bool(_names(server, platform)[name])
    made = _names(server, platform)
    twins = sum(made[f"bench {n}"] - 1 for n in range(_FAULTS) if made[f"bench {n}"])
    return struck, twins, lost


def _sdk(python: str, name: str) -> tuple[int, int, int]:
    platform, setup = _SDK[name]
    with SandboxServer(seed=7) as server:
        child = subprocess.Popen(
            [python, "-c", _LOOP.format(setup=setup)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert child.stdin is not None  # noqa: S101
        assert child.stdout is not None  # noqa: S101
        facts = server.details()["platforms"][platform]
        child.stdin.write(json.dumps(facts) + "\n")
        child.stdin.flush()
        if child.stdout.readline().strip() != "ready":
            message = f"{name} did not start"
            raise RuntimeError(message)

        def create(campaign: str) -> str | None:
            assert child.stdin is not None  # noqa: S101
            assert child.stdout is not None  # noqa: S101
            child.stdin.write(campaign + "\n")
            child.stdin.flush()
            found: str | None = json.loads(child.stdout.readline())[0]
            return found

        score = _score(server, platform, create)
        child.stdin.close()
        child.wait(20)
    return score


class _Time:
    """
    The sandbox's time: a wait is a jump.
    """

    def __init__(self, server: SandboxServer) -> None:
        self._sandbox = server.sandbox

    def now(self) -> Any:
        """
        The present.
        """
        return self._sandbox.now

    def sleep(self, seconds: float) -> None:
        """
        Jump.
        """
        self._sandbox.advance(max(0.0, seconds))


def _ours(platform: str) -> tuple[int, int, int]:
    from smmlib.adapters import connect_platform
    from smmlib.deploy import MemoryStateStore, Target, apply, make_changes
    from smmlib.errors import SmmError
    from smmlib.ports import Connection, Kind, Resource, Secret, Wanted

    options = {"meta": ("page",), "linkedin": ("organisation",)}.get(platform, ())
    secrets = ("consumer_key", "consumer_secret", "access_token_secret")
    with SandboxServer(seed=7) as server:
        facts = server.details()["platforms"][platform]
        time = _Time(server)
        way = connect_platform(
            Connection(
                platform,
                facts["ad_account"],
                token=Secret(facts["access_token"]),
                secrets={k: Secret(facts[k]) for k in secrets if k in facts},
                options={key: facts[key] for key in options},
                base_url=facts["base_url"],
            ),
            clock=time,
        )
        account = way.account()

        def create(name: str) -> str | None:
            plan = _plan(name)
            (resource,) = (
                r for r in way.wanted(plan).resources if r.kind is Kind.CAMPAIGN
            )
            resource = Resource(
                resource.address, resource.kind, fields=resource.fields, name=name
            )
            targets = [Target(way, account, Wanted((resource,)))]
            store = MemoryStateStore(project_id=plan.project_id, clock=time)
            for _ in range(3):  # as anybody would: run it again
                try:
                    changes = make_changes(
                        plan, targets, store, clock=time, environment="sandbox"
                    )
                    apply(changes, plan, targets, store, clock=time)
                except SmmError:
                    continue
                break
            found = store.snapshot().resources.values()
            return next((thing.remote_id for thing in found), None)

        score = _score(server, platform, create)
        way.close()
    return score


def _plan(name: str) -> Any:
    from uuid import uuid4

    import smmlib as smm

    networks = ["facebook", "linkedin", "x"]
    flight = smm.Flight.parse("2027-03-01..2027-04-11", "Europe/Berlin")
    sets = {"all": smm.AdSet("all", ["text"])}
    return smm.MediaPlan(
        name,
        str(uuid4()),
        zone="Europe/Berlin",
        flight=flight,
        strategy=smm.Strategy(smm.Brand("Bench", advertiser="Bench GmbH"), "traffic"),
        audiences={"all": smm.Audience(places=[smm.Place("DE")])},
        lines={n: smm.LineItem([n], "500 EUR") for n in networks},
        campaigns={
            f"c-{n}": smm.AdCampaign(
                n,
                sets,
                budget=smm.AdBudget(lifetime=smm.Money("500", "EUR")),
                special_ad_categories=[],
            )
            for n in networks
        },
        creatives={"text": smm.Creative("Read on.", link="https://bench.example")},
    )


def _all(mureo: str) -> Iterator[tuple[str, tuple[int, int, int]]]:
    for platform in ("meta", "linkedin", "x"):
        yield f"smmlib ({platform})", _ours(platform)
    for name in ("facebook-business", "linkedin-api-client", "twitter-ads"):
        yield f"{name} ({_SDK[name][0]})", _sdk(sys.executable, name)
    if mureo:
        yield "mureo (meta)", _sdk(mureo, "mureo")


def main() -> None:
    """
    Run all of them and print a table.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mureo", default="", metavar="PYTHON")
    mureo = parser.parse_args().mureo
    print(f"{'client':32} {'faults':>7} {'duplicates':>11} {'ids lost':>9}")
    for name, (struck, twins, lost) in _all(mureo):
        print(f"{name:32} {struck:7d} {twins:11d} {lost:9d}", flush=True)
    if not mureo:
        print("mureo: not measured, it needs --mureo (see above)")


if __name__ == "__main__":
    main()
