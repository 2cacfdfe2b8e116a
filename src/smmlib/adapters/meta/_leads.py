"""
Leads from instant forms: what people wrote, and the ad of the plan they came from.

Source: Marketing API lead ads guides (retrieving), 2026-09. Meta keeps leads 90 days.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import attrs

from smmlib.adapters._http import Repeat
from smmlib.adapters.meta._api import Call
from smmlib.adapters.meta._parse import moment
from smmlib.adapters.meta._tables import BATCH, PAGE, SITE_SOURCE
from smmlib.errors import PlatformError, SmmError
from smmlib.model import Conversion, Message, Network, Utm

if TYPE_CHECKING:
    from smmlib.adapters.meta._api import GraphApi

_FIELDS = "id,created_time,ad_id,form_id,platform,field_data"
_NETWORKS = {"ig": Network.INSTAGRAM, "fb": Network.FACEBOOK}
_NAMES = ("full_name", "first_name", "email", "phone_number", "phone")


@attrs.frozen
class Lead:
    """
    One filled-in form.

    Attributes:
        lead_id: Meta's id.
        at: When.
        network: Where the ad stood.
        answers: What the person wrote, by question.
        ad_id: Meta's id of the ad; empty for leads without one.
        utm: The ad's tags, with the plan's keys; None when it has none.
    """

    lead_id: str
    at: datetime
    network: Network
    answers: Mapping[str, str] = attrs.field(repr=False)
    ad_id: str = ""
    utm: Utm | None = None

    @property
    def address(self) -> str:
        """
        Path of the ad in the plan, as its tags name it; empty when they do not.
        """
        tags = self.utm
        if tags is None or not (tags.term and tags.content):
            return ""
        return f"campaigns.{tags.campaign}.ad_sets.{tags.term}.ads.{tags.content}"

    def message(self) -> Message:
        """
        The lead as words that reached the brand.
        """
        text = "\n".join(f"{name}: {value}" for name, value in self.answers.items())
        author = next((self.answers[n] for n in _NAMES if n in self.answers), "")
        details: dict[str, Any] = {
            "network": self.network,
            "kind": "lead",
            "author": author,
            "message_id": self.lead_id,
        }
        try:
            return Message(
                text, self.at, post=self.utm.content if self.utm else "", **details
            )
        except SmmError:
            # Tags somebody else wrote need not be a key of a plan.
            return Message(text, self.at, **details)

    def conversion(self) -> Conversion:
        """
        The lead as something the brand wanted, tagged like the ad's own link.
        """
        return Conversion(
            self.lead_id, "lead", at=self.at, utm=self.utm, source="meta leads"
        )


def leads(api: GraphApi, page: str, since: datetime) -> Iterator[Lead]:
    """
    Leads of all instant forms of a page since a moment, form by form.
    """
    tags = _Tags(api)
    for form in api.pages(f"{page}/leadgen_forms", fields="id", limit=str(PAGE)):
        rows = [
            row
            for row in api.pages(f"{form['id']}/leads", fields=_FIELDS, limit=str(PAGE))
            if (at := moment(row.get("created_time"))) is not None and at >= since
        ]
        tags.learn(str(row["ad_id"]) for row in rows if row.get("ad_id"))
        for row in rows:
            yield _lead(row, tags)


class _Tags:
    """
    The link tags of ads, each read once.
    """

    def __init__(self, api: GraphApi) -> None:
        self._api = api
        self._known: dict[str, str] = {}

    def learn(self, ad_ids: Iterator[str]) -> None:
        """
        Read the tags of ads that are not known yet, fifty in one request.
        """
        new = [ad for ad in dict.fromkeys(ad_ids) if ad not in self._known]
        for start in range(0, len(new), BATCH):
            part = new[start : start + BATCH]
            calls = [Call("GET", ad, {"fields": "creative{url_tags}"}) for ad in part]
            answers = self._api.batch(calls, repeat=Repeat.READ)
            for ad, answer in zip(part, answers, strict=True):
                # An ad that is gone keeps its leads; they only lose their address.
                body = {} if isinstance(answer, PlatformError) else answer
                creative = body.get("creative")
                given = creative.get("url_tags") if isinstance(creative, dict) else ""
                self._known[ad] = str(given or "")

    def of(self, ad_id: str, platform: str) -> Utm | None:
        """
        The tags a click on this ad carries from one of its networks.
        """
        tags = dict(parse_qsl(self._known.get(ad_id, "")))
        tags = {k.removeprefix("utm_"): v for k, v in tags.items() if k[:4] == "utm_"}
        if not {"source", "medium", "campaign"} <= set(tags):
            return None
        if tags["source"] == SITE_SOURCE:
            tags["source"] = platform or "meta"
        known = {"source", "medium", "campaign", "term", "content"}
        try:
            return Utm(**{k: v for k, v in tags.items() if k in known})
        except SmmError:
            return None


def _lead(row: Mapping[str, Any], tags: _Tags) -> Lead:
    platform, ad_id = str(row.get("platform") or ""), str(row.get("ad_id") or "")
    at = moment(row.get("created_time"))
    assert at is not None  # noqa: S101 - rows without a time were left out before
    return Lead(
        str(row["id"]),
        at,
        _NETWORKS.get(platform, Network.FACEBOOK),
        dict(_answers(row.get("field_data"))),
        ad_id,
        tags.of(ad_id, platform),
    )


def _answers(fields: Any) -> Iterator[tuple[str, str]]:
    for field in fields if isinstance(fields, list) else ():
        if isinstance(field, Mapping):
            values = field.get("values")
            some = values if isinstance(values, list) else []
            yield str(field.get("name", "")), ", ".join(str(v) for v in some)
