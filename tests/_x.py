"""
A small raw-HTTP client of the emulated X, for tests: it signs for itself.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import struct
import time
from urllib.parse import quote, urlsplit

import httpx

from smmlib.sandbox import Sandbox, SandboxServer

START, END = "2027-02-22T09:00:00Z", "2027-04-12T00:00:00Z"
_NONCES = itertools.count()


def png(width=1200, height=628, *, mark=b""):
    """
    The head of a PNG image: enough for a platform that reads its size only.
    """
    size = struct.pack(">II", width, height)
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + size + b"\x08\x02\0\0\0" + mark


class Refused(Exception):
    """
    An answer with errors, and what tests ask of it.
    """

    def __init__(self, answer):
        self.status = answer.status_code
        self.body = answer.json()
        self.errors = self.body.get("errors", [])
        self.code = self.errors[0]["code"] if self.errors else None
        super().__init__(answer.text)


def code(text):
    """
    A text as OAuth codes it.
    """
    return quote(str(text), safe="-._~")


def sign(keys, method, url, pairs, **changes):
    """
    An Authorization header, from RFC 5849 and nothing of the platform's own code.
    """
    told = {
        "oauth_consumer_key": keys["consumer_key"],
        "oauth_nonce": f"n{next(_NONCES)}",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": str(int(time.time())),
        "oauth_token": keys["access_token"],
        "oauth_version": "1.0",
        **changes,
    }
    told = {name: value for name, value in told.items() if value is not None}
    split = urlsplit(url)
    address = f"{split.scheme}://{split.netloc}{split.path}"
    coded = sorted((code(k), code(v)) for k, v in [*pairs, *told.items()])
    joined = "&".join(f"{k}={v}" for k, v in coded)
    base = f"{method}&{code(address)}&{code(joined)}"
    key = f"{code(keys['consumer_secret'])}&{code(keys['access_token_secret'])}"
    digest = hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()
    told.setdefault("oauth_signature", base64.b64encode(digest).decode())
    return "OAuth " + ", ".join(f'{k}="{code(v)}"' for k, v in told.items())


def pairs_of(params):
    """
    Parameters as a client would write them: lists with commas, lower-case booleans.
    """
    return [(name, _text(value)) for name, value in params.items()]


def _text(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ",".join(str(one) for one in value)
    return str(value)


class X:
    """
    One door to one sandbox.
    """

    def __init__(self, sandbox, http, base):
        self.sandbox = sandbox
        self.http = http
        self.base = base
        self.ids = sandbox.details()["platforms"]["x"]
        self.act = f"/accounts/{self.ids['ad_account']}"
        self.batch = f"/batch{self.act}"

    def raw(self, method, path, query=(), *, form=(), body=None, files=None, **told):
        """
        Send one signed request; *told* changes the oauth_ pairs.
        """
        version = told.pop("version", "/12")
        url = f"{self.base}{version}{path}"
        header = sign(self.ids, method, url, [*query, *form], **told)
        options = {"headers": {"Authorization": header}}
        if form:
            coded = "&".join(f"{code(k)}={code(v)}" for k, v in form)
            options["content"] = coded
            options["headers"]["Content-Type"] = "application/x-www-form-urlencoded"
        if body is not None:
            options["content"] = body if isinstance(body, bytes) else json.dumps(body)
            options["headers"]["Content-Type"] = "application/json"
        if files:
            options["files"] = files
        text = "&".join(f"{code(k)}={code(v)}" for k, v in query)
        return self.http.request(method, f"{url}?{text}" if text else url, **options)

    def call(self, method, path, params=(), **options):
        answer = self.raw(method, path, pairs_of(dict(params)), **options)
        if answer.status_code >= 400:
            raise Refused(answer)
        return answer.json()

    def get(self, path, **params):
        return self.call("GET", path, params)

    def post(self, path, **params):
        return self.call("POST", path, params)["data"]

    def put(self, path, **params):
        return self.call("PUT", path, params)["data"]

    def delete(self, path):
        return self.call("DELETE", path)["data"]

    def json(self, method, path, body):
        return self.call(method, path, body=body)["data"]

    def campaign(self, **changes):
        told = {
            "funding_instrument_id": self.ids["funding_instrument"],
            "name": "Launch",
            "daily_budget_amount_local_micro": 50_000_000,
            "entity_status": "PAUSED",
        }
        return self.post(f"{self.act}/campaigns", **{**told, **changes})["id"]

    def line_item(self, campaign, **changes):
        told = {
            "campaign_id": campaign,
            "name": "Baristas",
            "objective": "WEBSITE_CLICKS",
            "product_type": "PROMOTED_TWEETS",
            "placements": ["ALL_ON_TWITTER"],
            "start_time": START,
            "end_time": END,
            "bid_strategy": "AUTO",
            "entity_status": "PAUSED",
        }
        told = {k: v for k, v in {**told, **changes}.items() if v is not None}
        return self.post(f"{self.act}/line_items", **told)["id"]

    def criterion(self, line_item, kind, value, operator="EQ"):
        return self.post(
            f"{self.act}/targeting_criteria",
            line_item_id=line_item,
            targeting_type=kind,
            targeting_value=value,
            operator_type=operator,
        )["id"]

    def tweet(self, text="Taste it: https://shop.example/beans", **changes):
        told = {"as_user_id": self.ids["user"], "text": text, **changes}
        return self.post(f"{self.act}/tweet", **told)["id_str"]

    def promote(self, line_item, *tweets):
        path = f"{self.act}/promoted_tweets"
        rows = self.post(path, line_item_id=line_item, tweet_ids=tweets)
        return [row["id"] for row in rows]

    def place(self, name="Germany", kind="COUNTRIES"):
        found = self.get("/targeting_criteria/locations", q=name, location_type=kind)
        return found["data"][0]["targeting_value"]

    def tree(self, **changes):
        """
        A campaign that delivers: line item, criteria, promoted post, all switched on.
        """
        campaign = self.campaign(entity_status="ACTIVE")
        line_item = self.line_item(campaign, entity_status="ACTIVE", **changes)
        self.criterion(line_item, "LOCATION", self.place())
        promoted = self.promote(line_item, self.tweet())
        return campaign, line_item, promoted[0]

    def upload(self, content=None, **params):
        url = f"{self.base}/1.1/media/upload.json"
        header = sign(self.ids, "POST", url, pairs_of(params))
        answer = self.http.post(
            url,
            params=params,
            headers={"Authorization": header},
            files={"media": ("a.png", content or png())},
        )
        if answer.status_code != 200:
            raise Refused(answer)
        return answer.json()["media_key"]


def in_process(**options):
    """
    Door one.
    """
    sandbox = Sandbox(**options)
    http = httpx.Client(transport=sandbox.transport())
    return X(sandbox, http, sandbox.base_url("x"))


class Loopback:
    """
    Door two, as a context manager.
    """

    def __init__(self, sandbox=None, **options):
        self.server = SandboxServer(sandbox, **options)

    def __enter__(self):
        self.server.start()
        self.http = httpx.Client(trust_env=False, timeout=10)
        return X(self.server.sandbox, self.http, self.server.base_url("x"))

    def __exit__(self, *_):
        self.http.close()
        self.server.stop()
