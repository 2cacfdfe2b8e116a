"""
A small raw-HTTP client of the emulated LinkedIn, for tests.
"""

from __future__ import annotations

import json
from urllib.parse import quote

import httpx

from smmlib.sandbox import Sandbox, SandboxServer

ORGANIC = {
    "visibility": "PUBLIC",
    "lifecycleState": "PUBLISHED",
    "distribution": {"feedDistribution": "MAIN_FEED"},
}
START_MS = 1_803_855_600_000  # 2027-03-01 at midnight in Berlin
END_MS = START_MS + 42 * 86_400_000
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


class Refused(Exception):
    """
    An error answer, with what tests ask of it.
    """

    def __init__(self, answer):
        self.status = answer.status_code
        self.body = answer.json()
        self.code = self.body.get("code", "")
        errors = self.body.get("errorDetails", {}).get("inputErrors", [])
        self.codes = [one["code"] for one in errors]
        self.paths = [one["input"]["inputPath"]["fieldPath"] for one in errors]
        super().__init__(answer.text)


def encode(value):
    """
    A value in Rest.li 2.0, written without a look at the server's parser.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        pairs = (f"{encode(k)}:{encode(v)}" for k, v in value.items())
        return f"({','.join(pairs)})"
    if isinstance(value, list):
        return f"List({','.join(encode(one) for one in value)})"
    text = str(value)
    return quote(text, safe="") if text else "''"


class LinkedIn:
    """
    One door to one sandbox.
    """

    def __init__(self, sandbox, http, base):
        self.sandbox = sandbox
        self.http = http
        self.base = base
        self.ids = sandbox.details()["platforms"]["linkedin"]
        self.urn = self.ids["ad_account"]
        self.act = self.urn.rpartition(":")[2]
        self.page = self.ids["organisation"]
        self.headers = {
            "Authorization": f"Bearer {self.ids['access_token']}",
            "LinkedIn-Version": "202609",
            "X-Restli-Protocol-Version": "2.0.0",
        }
        self._germany = None

    def raw(self, method, path, *, query="", headers=None, **options):
        url = f"{self.base}/rest{path}" + (f"?{query}" if query else "")
        told = {**self.headers, **(headers or {})}
        told = {name: value for name, value in told.items() if value is not None}
        return self.http.request(method, url, headers=told, **options)

    def call(self, method, path, *, body=None, restli="", **params):
        options = {}
        if body is not None:
            options["json"] = body
        if restli:
            options["headers"] = {"X-RestLi-Method": restli}
        query = "&".join(
            f"{name}={value if name == 'fields' else encode(value)}"
            for name, value in params.items()
        )
        answer = self.raw(method, path, query=query, **options)
        if answer.is_error:
            raise Refused(answer)
        return answer

    def get(self, path, **params):
        return self.call("GET", path, **params).json()

    def create(self, path, body, **params):
        return self.call("POST", path, body=body, **params).headers["x-restli-id"]

    def patch(self, path, **values):
        return self.call("POST", path, body={"patch": {"$set": values}})

    @property
    def germany(self):
        if self._germany is None:
            self._germany = self.entity("locations", "Germany")
        return self._germany

    def entity(self, facet, words):
        found = self.get(
            "/adTargetingEntities", q="typeahead", query=words,
            facet=f"urn:li:adTargetingFacet:{facet}",
        )  # fmt: skip
        return found["elements"][0]["urn"]

    def target(self, *terms, exclude=None, places=None):
        """
        Criteria from facets by short name.
        """
        anded = [{"locations": [self.germany] if places is None else places}, *terms]
        criteria = {"include": {"and": [{"or": _long(one)} for one in anded]}}
        if exclude is not None:
            criteria["exclude"] = {"or": _long(exclude)}
        return criteria

    def money(self, amount):
        return {"amount": str(amount), "currencyCode": "EUR"}

    def groups(self):
        return f"/adAccounts/{self.act}/adCampaignGroups"

    def campaigns(self):
        return f"/adAccounts/{self.act}/adCampaigns"

    def creatives(self):
        return f"/adAccounts/{self.act}/creatives"

    def group_body(self, **changes):
        return _without_none(
            {
                "account": self.urn,
                "name": "Launch",
                "status": "ACTIVE",
                "runSchedule": {"start": START_MS, "end": END_MS},
                **changes,
            }
        )

    def group(self, **changes):
        return self.create(self.groups(), self.group_body(**changes))

    def campaign_body(self, group, **changes):
        return _without_none(
            {
                "account": self.urn,
                "campaignGroup": f"urn:li:sponsoredCampaignGroup:{group}",
                "name": "Office",
                "type": "SPONSORED_UPDATES",
                "status": "DRAFT",
                "objectiveType": "WEBSITE_VISIT",
                "format": "STANDARD_UPDATE",
                "costType": "CPM",
                "optimizationTargetType": "MAX_CLICK",
                "dailyBudget": self.money("50.00"),
                "locale": {"country": "US", "language": "en"},
                "targetingCriteria": self.target(),
                "runSchedule": {"start": START_MS, "end": END_MS},
                "associatedEntity": self.page,
                "offsiteDeliveryEnabled": False,
                "politicalIntent": "NOT_POLITICAL",
                **changes,
            }
        )

    def campaign(self, group, **changes):
        return self.create(self.campaigns(), self.campaign_body(group, **changes))

    def image(self):
        owner = {"initializeUploadRequest": {"owner": self.page}}
        made = self.call("POST", "/images", body=owner, action="initializeUpload")
        value = made.json()["value"]
        done = self.http.put(value["uploadUrl"], content=PNG, headers=self.headers)
        assert 201 == done.status_code
        return value["image"]

    def post_body(self, text="Four roasts, one box.", **changes):
        return _without_none(
            {"author": self.page, "commentary": text, **ORGANIC, **changes}
        )

    def ad_post(self, text="Four roasts, one box.", **changes):
        return self.post_body(
            text,
            distribution={"feedDistribution": "NONE"},
            adContext={"dscAdAccount": self.urn},
            contentLandingPage="https://alpenkaffee.example/box?utm_source=linkedin",
            contentCallToActionLabel="LEARN_MORE",
            **changes,
        )

    def ad(self, campaign, text="Four roasts, one box.", *, post=None, **changes):
        creative = {
            "campaign": f"urn:li:sponsoredCampaign:{campaign}",
            "intendedStatus": "DRAFT",
            "name": "Taste",
            "inlineContent": {"post": post or self.ad_post(text)},
            **changes,
        }
        body = {"creative": creative}
        return self.create(self.creatives(), body, action="createInline")

    def tree(self, **changes):
        """
        A group, a campaign and an ad in it.
        """
        group = self.group()
        campaign = self.campaign(group, **changes)
        ad = self.ad(campaign, post=self.ad_post(content=self.picture()))
        return group, campaign, ad.replace("%3A", ":")

    def picture(self):
        return {"media": {"id": self.image(), "title": "Dark roast"}}

    def activate(self, campaign, *ads):
        for ad in ads:
            path = f"{self.creatives()}/{quote(ad, safe='')}"
            self.patch(path, intendedStatus="ACTIVE")
        self.patch(f"{self.campaigns()}/{campaign}", status="ACTIVE")

    def analytics(self, pivot="CAMPAIGN", days=(1, 31), **changes):
        params = {
            "q": "analytics",
            "pivot": pivot,
            "timeGranularity": "ALL",
            "dateRange": {
                "start": {"year": 2027, "month": 3, "day": days[0]},
                "end": {"year": 2027, "month": 3, "day": days[1]},
            },
            "accounts": [self.urn],
            "fields": "impressions,clicks,costInLocalCurrency,pivotValues,dateRange",
            **changes,
        }
        return self.get("/adAnalytics", **params)["elements"]


class Loopback(LinkedIn):
    """
    The same through a real socket.
    """

    def __init__(self, **options):
        self.server = SandboxServer(**options)
        self.server.start()
        super().__init__(
            self.server.sandbox,
            httpx.Client(trust_env=False),
            self.server.base_url("linkedin"),
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.http.close()
        self.server.stop()


def in_process(**options):
    """
    A platform in this process.
    """
    sandbox = Sandbox(**options)
    http = httpx.Client(transport=sandbox.transport())
    return LinkedIn(sandbox, http, sandbox.base_url("linkedin"))


def tunnelled(query, body=None):
    """
    Headers and content of a request whose query travels in the body.
    """
    if body is None:
        return {"Content-Type": "application/x-www-form-urlencoded"}, query
    fence = "xXxXx"
    form = "application/x-www-form-urlencoded"
    parts = (
        f"--{fence}\r\nContent-Type: {form}\r\n\r\n{query}\r\n"
        f"--{fence}\r\nContent-Type: application/json\r\n\r\n{json.dumps(body)}\r\n"
        f"--{fence}--"
    )
    return {"Content-Type": f"multipart/mixed; boundary={fence}"}, parts


def _long(facets):
    return {f"urn:li:adTargetingFacet:{name}": urns for name, urns in facets.items()}


def _without_none(body):
    return {name: value for name, value in body.items() if value is not None}
