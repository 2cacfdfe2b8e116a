"""
Meta's own Python SDK as a client, and what a scenario of it has to prove.

A scenario creates or changes something, reads it again by another route and includes a
refusal; it names what it covers, and what it names must have been on the wire.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from _meta import END, START, TARGETING
from smmlib.sandbox.meta._contract import contract

HERE = Path(__file__).parent / "sandbox"
TABLE = HERE / "sdk_scenarios.md"
VERBS = ("create", "read", "list", "update", "delete")
_NODE_VERBS = {"GET": "#get", "POST": "#update", "DELETE": "#delete"}
_MADE = {
    "adimages": "AdImage",
    "advideos": "AdVideo",
    "adlabels": "AdLabel",
    "feed": "PagePost",
}
_NAMES = {"#get": "read", "#update": "update", "#delete": "delete"}


def covers(*pairs):
    """
    Say which object and verb a scenario proves: `covers("Campaign create", ...)`.
    """

    def mark(test):
        test.covers = pairs
        return test

    return mark


class Judge:
    """
    Reads the log of a scenario.
    """

    def __init__(self, meta):
        self.meta = meta
        state = meta.sandbox.state()["meta"]
        self.kinds = {row["id"]: kind for kind, rows in state.items() for row in rows}
        calls = [call for entry in meta.sandbox.log for call in _calls(entry)]
        self.good = [c[:2] for c in calls if c[2]]
        self.refused = [c[:2] for c in calls if not c[2]]

    def pairs(self):
        """
        Everything that went well as `Object verb`.
        """
        return {pair for call in self.good if (pair := self._pair(*call))}

    def _pair(self, method, path):
        if not path or path == ["search"]:
            return "TargetingSearch list" if path else "Batch create"
        kind = self.kinds.get(path[0], "Lead" if path[0].startswith("1204") else "")
        edge = _NODE_VERBS[method] if len(path) == 1 else path[1]
        known = contract().edge(kind, f"{method} {edge}")
        if known is None:
            return None
        if edge in _NAMES:
            return f"{kind} {_NAMES[edge]}"
        verb = {"GET": "list", "POST": "create", "DELETE": "delete"}[method]
        if edge in {"users", "copies"} and method != "GET":
            return f"{kind}.{edge} {verb}"
        if edge == "insights" and method == "POST":
            return "AdReportRun create"
        made = known.returns if method == "GET" else _MADE.get(edge, known.returns)
        return f"{made} {verb}"

    def check(self, wanted):
        """
        What a scenario must have done.
        """
        writes = [path for method, path in self.good if method != "GET"]
        reads = [path for method, path in self.good if method == "GET"]
        assert writes, "nothing was created or changed"
        other = [path for path in reads if any(path != write for write in writes)]
        assert other, "nothing read again by another route"
        assert self.refused, "nothing was refused"
        missing = set(wanted) - self.pairs()
        assert not missing, f"never on the wire: {sorted(missing)}"


def _calls(entry):
    path = [part for part in entry.path.split("/") if part and part != "meta"]
    if path and path[0].startswith("v") and path[0][1:2].isdigit():
        path = path[1:]
    body = entry.answer
    failed = not entry.status or entry.status >= 400
    failed = failed or (isinstance(body, dict) and "error" in body)
    yield entry.method, path, not failed
    if path or failed or not isinstance(body, list):
        return
    for item, row in zip(json.loads(entry.form["batch"]), body, strict=True):
        inner = [p for p in item["relative_url"].partition("?")[0].split("/") if p]
        yield item["method"], inner, bool(row and row["code"] == 200)


def declared():
    """
    Every scenario with what it covers, from the sources alone.
    """
    found = {}
    for path in sorted(HERE.glob("test_meta_sdk*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef):
                continue
            for mark in node.decorator_list:
                if (
                    isinstance(mark, ast.Call)
                    and getattr(mark.func, "id", "") == "covers"
                ):
                    pairs = [argument.value for argument in mark.args]
                    found[f"{path.stem}::{node.name}"] = pairs
    return found


def table():
    """
    Object x verb, with how many scenarios prove each.
    """
    counts = {}
    for pairs in declared().values():
        for pair in pairs:
            name, _, verb = pair.rpartition(" ")
            counts.setdefault(name, dict.fromkeys(VERBS, 0))[verb] += 1
    lines = [f"| object | {' | '.join(VERBS)} |", "|---" * (len(VERBS) + 1) + "|"]
    for name in sorted(counts):
        shown = " | ".join(str(counts[name][verb] or "") for verb in VERBS)
        lines.append(f"| {name} | {shown} |".replace("  ", " "))
    return "\n".join(lines) + "\n"


def refused(subcode=None, code=100):
    """
    A context in which the SDK must raise its error with this code and subcode.
    """
    from facebook_business.exceptions import FacebookRequestError

    class _Check:
        def __enter__(self):
            self.raises = pytest.raises(FacebookRequestError)
            self.info = self.raises.__enter__()
            return self.info

        def __exit__(self, *args):
            done = self.raises.__exit__(*args)
            error = self.info.value
            assert (code, subcode) == (
                error.api_error_code(),
                error.api_error_subcode(),
            )
            return done

    return _Check()


def campaign_of(sdk, **changes):
    params = {
        "name": "Launch — Käffchen",
        "objective": "OUTCOME_TRAFFIC",
        "status": "PAUSED",
        "special_ad_categories": [],
        "is_adset_budget_sharing_enabled": False,
        **changes,
    }
    return sdk.account.create_campaign(params=params)


def adset_of(sdk, campaign, **changes):
    params = {
        "name": "Baristas",
        "campaign_id": campaign["id"],
        "status": "PAUSED",
        "optimization_goal": "LINK_CLICKS",
        "billing_event": "IMPRESSIONS",
        "daily_budget": 5000,
        "start_time": START,
        "end_time": END,
        "targeting": TARGETING,
        "dsa_payor": "Alpenkaffee GmbH",
        "dsa_beneficiary": "Alpenkaffee GmbH",
        **changes,
    }
    return sdk.account.create_ad_set(params=params)


def creative_of(sdk, **link):
    story = sdk.story(**link)
    params = {"name": "Taste", "object_story_spec": story}
    return sdk.account.create_ad_creative(params=params)


def ad_of(sdk, adset, creative, **changes):
    params = {
        "name": "Ad",
        "adset_id": adset["id"],
        "creative": {"creative_id": creative["id"]},
        "status": "PAUSED",
        **changes,
    }
    return sdk.account.create_ad(params=params)


def running_of(sdk, days=14, **changes):
    """
    A campaign, ad set and ad that deliver.
    """
    campaign = campaign_of(sdk, status="ACTIVE")
    adset = adset_of(sdk, campaign, status="ACTIVE", **changes)
    ad = ad_of(sdk, adset, creative_of(sdk), status="ACTIVE")
    sdk.sandbox.advance(days=days)
    return campaign, adset, ad


def write_table():
    """
    Write the table anew.
    """
    TABLE.write_text(table(), encoding="utf-8")
