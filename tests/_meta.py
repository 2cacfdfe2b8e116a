"""
A small raw-HTTP client of the emulated Meta, for tests.
"""

from __future__ import annotations

import base64
import json
import struct

import httpx

from smmlib.sandbox import Sandbox, SandboxServer


def png(width=1200, height=628, *, mark=b""):
    """
    The head of a PNG image: enough for a platform that reads its size only.
    """
    size = struct.pack(">II", width, height)
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + size + b"\x08\x02\0\0\0" + mark


TARGETING = {
    "geo_locations": {"countries": ["DE", "AT"]},
    "age_min": 25,
    "age_max": 44,
    "targeting_automation": {"advantage_audience": 0},
}
START, END = "2027-03-01T00:00:00+0100", "2027-04-12T00:00:00+0200"


class Refused(Exception):
    """
    An error envelope, with what tests ask of it.
    """

    def __init__(self, answer):
        self.status = answer.status_code
        self.body = answer.json()["error"]
        self.code = self.body["code"]
        self.subcode = self.body.get("error_subcode")
        specs = json.loads(self.body.get("error_data", "{}"))
        self.blame = specs.get("blame_field_specs", [])
        super().__init__(answer.text)


class Meta:
    """
    One door to one sandbox.
    """

    def __init__(self, sandbox, http, base):
        self.sandbox = sandbox
        self.http = http
        self.base = base
        self.ids = sandbox.details()["platforms"]["meta"]
        self.act = self.ids["ad_account"]
        self.headers = {"Authorization": f"Bearer {self.ids['access_token']}"}

    def raw(self, method, path, **options):
        options.setdefault("headers", self.headers)
        return self.http.request(method, f"{self.base}/v26.0{path}", **options)

    def call(self, method, path, **options):
        answer = self.raw(method, path, **options)
        if answer.status_code != 200:
            raise Refused(answer)
        return answer.json()

    def get(self, path, **params):
        return self.call("GET", path, params=_wire(params))

    def post(self, path, **params):
        return self.call("POST", path, data=_wire(params))

    def delete(self, path, **params):
        return self.call("DELETE", path, params=_wire(params))

    def campaign(self, **changes):
        params = {
            "name": "Launch",
            "objective": "OUTCOME_TRAFFIC",
            "status": "PAUSED",
            "special_ad_categories": [],
            "is_adset_budget_sharing_enabled": False,
            **changes,
        }
        return self.post(f"/{self.act}/campaigns", **params)["id"]

    def adset(self, campaign, **changes):
        params = {
            "name": "Baristas",
            "campaign_id": campaign,
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
        return self.post(f"/{self.act}/adsets", **params)["id"]

    def image(self, mark=b""):
        content = base64.b64encode(png(mark=mark)).decode()
        images = self.post(f"/{self.act}/adimages", bytes=content)["images"]
        return images["bytes"]["hash"]

    def story(self, **link):
        data = {
            "link": "https://alpenkaffee.example/box",
            "message": "Four roasts, one box.",
            "call_to_action": {"type": "SIGN_UP"},
            **link,
        }
        return {"page_id": self.ids["page"], "link_data": data}

    def creative(self, story=None, **changes):
        params = {
            "name": "Taste",
            "object_story_spec": story or self.story(),
            **changes,
        }
        return self.post(f"/{self.act}/adcreatives", **params)["id"]

    def ad(self, adset, creative, **changes):
        params = {
            "name": "Ad",
            "adset_id": adset,
            "creative": {"creative_id": creative},
            "status": "PAUSED",
            **changes,
        }
        return self.post(f"/{self.act}/ads", **params)["id"]

    def tree(self, **campaign):
        """
        A campaign with one ad set and one ad, all paused.
        """
        top = self.campaign(**campaign)
        budget = {} if "lifetime_budget" not in campaign else {"daily_budget": None}
        middle = self.adset(top, **budget)
        return top, middle, self.ad(middle, self.creative())

    def activate(self, *ids):
        for one in ids:
            self.post(f"/{one}", status="ACTIVE")


def _wire(params):
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in params.items()
        if value is not None
    }


def in_process(sandbox=None, **options):
    """
    Door one.
    """
    box = sandbox or Sandbox(**options)
    return Meta(box, httpx.Client(transport=box.transport()), box.base_url())


class Loopback:
    """
    Door two, as a context manager.
    """

    def __init__(self, sandbox=None, **options):
        self.server = SandboxServer(sandbox, **options)

    def __enter__(self):
        self.server.start()
        self.http = httpx.Client(trust_env=False, timeout=10)
        return Meta(self.server.sandbox, self.http, self.server.base_url())

    def __exit__(self, *_):
        self.http.close()
        self.server.stop()
