"""
From operations to what LinkedIn takes. Pure: nothing is sent here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from smmlib.adapters.linkedin import _tables as tables
from smmlib.adapters.linkedin._little import escaped
from smmlib.adapters.linkedin._media import urn_of
from smmlib.adapters.linkedin._normal import MARKS, MONEY, milliseconds
from smmlib.model._iso import CURRENCY_DECIMALS
from smmlib.ports import Kind

if TYPE_CHECKING:
    from smmlib.ports import Operation

Values = dict[str, Any]

_MARK = re.compile(r" \[smm:([a-z0-9]+)\]\Z")


def marked_name(name: str, marker: str) -> str:
    """
    The name an object gets on LinkedIn, which has no labels: with its marker behind.
    """
    return f"{name} [smm:{marker}]" if marker else name


def split_name(name: str) -> tuple[str, str]:
    """
    Name and marker of an object.
    """
    found = _MARK.search(name)
    return (name[: found.start()], found.group(1)) if found else (name, "")


def plain(value: Any) -> Any:
    """
    Nested values as ordinary dicts and lists.
    """
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def entity(operation: Operation, account: str) -> Values:
    """
    A campaign group or campaign to create: a draft, with its marker in the name.
    """
    return {
        "account": f"{tables.ACCOUNT_URN}{account}",
        "name": marked_name(operation.name, operation.marker),
        "status": "DRAFT",
        **wire(operation.fields),
    }


def wire(fields: Mapping[str, Any]) -> Values:
    """
    Normal form as LinkedIn's fields, for groups and campaigns.
    """
    values: Values = {name: plain(value) for name, value in fields.items()}
    for name in MONEY:
        if name in values:
            values[name] = _money(values[name])
    if "runSchedule" in values:
        values["runSchedule"] = {
            edge: milliseconds(text) for edge, text in values["runSchedule"].items()
        }
    if "campaignGroup" in values:
        number = values["campaignGroup"]
        values["campaignGroup"] = f"{tables.URNS[Kind.CAMPAIGN]}{number}"
    if "targetingCriteria" in values:
        values["targetingCriteria"] = criteria(values["targetingCriteria"])
    return values


def _money(value: Mapping[str, Any]) -> Values:
    currency = str(value["currencyCode"])
    digits = CURRENCY_DECIMALS.get(currency, 2)
    amount = Decimal(str(value["amount"]))
    return {"amount": f"{amount:.{digits}f}", "currencyCode": currency}


def criteria(spec: Mapping[str, Any]) -> Values:
    """
    Targeting in normal form as LinkedIn's record.
    """
    found: Values = {
        "include": {"and": [{"or": _facets(group)} for group in spec["include"]]}
    }
    if spec.get("exclude"):
        found["exclude"] = {"or": _facets(spec["exclude"])}
    return found


def _facets(group: Mapping[str, Any]) -> Values:
    return {f"{tables.FACET_URN}{facet}": list(urns) for facet, urns in group.items()}


def patch(operation: Operation) -> Values:
    """
    What an update sets and takes away.
    """
    given = {k: v for k, v in operation.fields.items() if v is not None}
    gone = [k for k, v in operation.fields.items() if v is None]
    values = {} if operation.kind is Kind.AD else wire(given)
    if operation.name:
        values["name"] = marked_name(operation.name, operation.marker)
    found: Values = {"$set": values} if values else {}
    if gone and operation.kind is not Kind.AD:
        found["$delete"] = gone
    return found


def status_patch(kind: Kind, status: str) -> Values:
    """
    What sets a status.
    """
    return {"$set": {status_field(kind): status}}


def status_field(kind: Kind) -> str:
    """
    Where the status stands that users set.
    """
    return "intendedStatus" if kind is Kind.AD else "status"


# -- ads -------------------------------------------------------------------------------


def creative(operation: Operation) -> Values:
    """
    A creative to create, without what it shows: a draft.
    """
    fields = operation.fields
    values: Values = {
        "campaign": f"{tables.URNS[Kind.AD_SET]}{fields['campaign']}",
        "intendedStatus": "DRAFT",
        "name": marked_name(operation.name, operation.marker),
    }
    if "lead_form" in fields:
        values["leadgenCallToAction"] = {
            "destination": f"{tables.FORM_URN}{fields['lead_form']}",
            "label": fields["lead_button"],
        }
    return values


def inline(operation: Operation, account: str, organisation: str) -> Values:
    """
    A creative together with the post it shows, which no feed shows by itself.
    """
    return {
        "creative": {
            **creative(operation),
            "inlineContent": {"post": post(operation.fields, account, organisation)},
        }
    }


def referring(operation: Operation) -> Values:
    """
    A creative that shows a post that is there already.
    """
    reference = operation.fields["reference"]
    return {**creative(operation), "content": {"reference": reference}}


def post(fields: Mapping[str, Any], account: str, organisation: str) -> Values:
    """
    The post behind an ad.
    """
    values: Values = {
        "author": f"{tables.ORGANISATION_URN}{organisation}",
        "commentary": escaped(str(fields.get("text", ""))),
        "visibility": "PUBLIC",
        "distribution": {
            "feedDistribution": "NONE",
            "targetEntities": [],
            "thirdPartyDistributionChannels": [],
        },
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
        "adContext": {
            "dscAdAccount": f"{tables.ACCOUNT_URN}{account}",
            "dscStatus": "ACTIVE",
        },
        "content": _content(fields),
    }
    marks = [upload.partition("#")[2] for upload in uploads_in(fields)]
    if all(marks) and marks:
        values["adContext"]["dscName"] = f"{MARKS}{','.join(marks)}"
    landing = fields.get("format") != "article" or "button" in fields
    if "link" in fields and landing:
        values["contentLandingPage"] = fields["link"]
    if "button" in fields:
        values["contentCallToActionLabel"] = fields["button"]
    return values


def uploads_in(fields: Mapping[str, Any]) -> list[str]:
    """
    The uploads an ad shows, in order.
    """
    shown = [card.get("media") for card in fields.get("cards", ())]
    return [str(one) for one in (*shown, fields.get("media")) if one]


def _content(fields: Mapping[str, Any]) -> Values:
    if fields.get("format") == "carousel":
        return {"carousel": {"cards": [_card(card) for card in fields["cards"]]}}
    if fields.get("format") == "article":
        article = {
            "source": fields.get("link"),
            "title": fields.get("headline"),
            "description": fields.get("description"),
        }
        return {"article": {k: v for k, v in article.items() if v}}
    return {"media": _media(fields)}


def _card(card: Mapping[str, Any]) -> Values:
    values: Values = {"media": _media(card)}
    if card.get("link"):
        values["landingPage"] = card["link"]
    return values


def _media(fields: Mapping[str, Any]) -> Values:
    media = {
        "id": urn_of(str(fields.get("media") or "")),
        "title": fields.get("headline"),
        "altText": fields.get("alt"),
    }
    return {k: v for k, v in media.items() if v}
