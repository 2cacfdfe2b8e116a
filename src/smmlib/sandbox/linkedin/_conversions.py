"""
Conversion rules and the campaigns they are counted for.

Source: LinkedIn's own requests for conversions, checked 2026-08.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.sandbox.linkedin._common import money
from smmlib.sandbox.linkedin._context import Reply
from smmlib.sandbox.linkedin._crud import Kind, created
from smmlib.sandbox.linkedin._errors import (
    ApiError,
    bad_param,
    bad_schema,
    not_found,
    not_modelled,
)
from smmlib.sandbox.linkedin._paging import by_index, sliced
from smmlib.sandbox.linkedin._schema import (
    MONEY,
    Field,
    Record,
    flag,
    many,
    one_of,
    text,
    urn,
    whole,
)
from smmlib.sandbox.linkedin._store import URNS, Node
from smmlib.sandbox.linkedin._tables import CONVERSION_TYPES

if TYPE_CHECKING:
    from smmlib.sandbox.linkedin._context import Call
    from smmlib.sandbox.linkedin._patch import Patch

_WINDOWS = (1, 7, 30, 90)


def _window(value: Any, path: str) -> int:
    days = whole(value, path)
    if days not in _WINDOWS:
        raise ApiError(400, f"{path} must be one of {_WINDOWS}")
    return days


def _anything(value: Any, _path: str) -> Any:
    return value


RECORD = Record(
    {
        "id": Field(whole, how="read"),
        "name": Field(text, required=True),
        "account": Field(urn("sponsoredAccount"), required=True, how="create"),
        "conversionMethod": Field(
            one_of(
                "CONVERSIONS_API",
                "INSIGHT_TAG_URL_MATCH_RULES",
                "INSIGHT_TAG_JAVASCRIPT_EVENT",
            ),
            required=True,
        ),
        "type": Field(one_of(*CONVERSION_TYPES), required=True),
        "attributionType": Field(
            one_of("LAST_TOUCH_BY_CAMPAIGN", "LAST_TOUCH_BY_CONVERSION"),
            default="LAST_TOUCH_BY_CAMPAIGN",
        ),
        "postClickAttributionWindowSize": Field(_window, default=30),
        "viewThroughAttributionWindowSize": Field(_window, default=7),
        "value": Field(MONEY),
        "enabled": Field(flag, default=True),
        "urlRules": Field(many(_anything)),
        **{
            name: Field(text, how="read")
            for name in ("campaigns", "associatedCampaigns", "created", "lastModified")
        },
    }
)
_PAIR = Record(
    {
        "campaign": Field(urn("sponsoredCampaign"), required=True),
        "conversion": Field(urn("llaPartnerConversion"), required=True),
    }
)


def _find(call: Call, key: str) -> Node | None:
    return call.world.get("conversion", key)


def _make(call: Call, data: dict[str, Any]) -> Node:
    account = call.world.by_urn(data["account"])
    if account is None:
        raise ApiError(400, f"{data['account']} does not exist")
    _check(account, data)
    return call.world.add(
        "conversion", data, call.now, account=account.id, parents=[account.ref],
        inner={"switches": [[call.now, data["enabled"]]]}, name=data["name"],
    )  # fmt: skip


def _check(account: Node, data: dict[str, Any]) -> None:
    if not data["name"].strip():
        raise ApiError(400, "name is blank")
    if money(data, ("value",), account.data["currency"]):
        raise ApiError(400, "value is not in the account's currency or negative")


def _change(call: Call, node: Node, patch: Patch) -> None:
    account = call.world.get("account", node.account)
    asked = call.text("account")
    if account is None or asked not in {None, account.urn}:
        raise ApiError(400, "account does not own the conversion")
    new = patch.data
    for name in ("attributionType", "enabled"):
        if name not in new:
            raise bad_schema(name, "cannot delete a field with a default")
    _check(account, new)
    if new["enabled"] != node.data["enabled"] or new["type"] != node.data["type"]:
        if new["type"] != node.data["type"]:
            raise not_modelled("another type for a conversion")
        node.inner["switches"].append([call.now, new["enabled"]])
    node.data = new
    node.updated = call.now


def _view(call: Call, node: Node) -> dict[str, Any]:
    campaigns = [
        campaign.urn
        for campaign in call.world.family(f"account:{node.account}", "campaign")
        if linked(campaign, node)
    ]
    return {
        "id": int(node.id),
        **node.data,
        "campaigns": campaigns,
        "created": int(node.created * 1000),
        "lastModified": int(node.updated * 1000),
    }


CONVERSION = Kind(RECORD, "conversions", _find, _make, _change, _view)


def create(call: Call) -> Reply:
    """
    CREATE: the one creation that answers with the record.
    """
    node = CONVERSION.make(call, RECORD.made(call.body, "", version=call.version))
    reply = created(CONVERSION, call, node)
    return Reply(201, _view(call, node), reply.headers)


def by_account(call: Call) -> Reply:
    """
    FINDER account.
    """
    account = call.world.by_urn(call.text("account") or "")
    if account is None or account.kind != "account":
        raise bad_param("account", "no such account")
    nodes = call.seen(call.world.family(account.ref, "conversion"))
    return by_index(call, nodes, _view)


def linked(campaign: Node, conversion: Node) -> bool:
    """
    Whether a conversion is counted for a campaign now.
    """
    return any(
        one == conversion.id and until is None
        for one, _, until in campaign.inner.get("links", ())
    )


def _pair(call: Call) -> tuple[Node, Node]:
    key = call.keys[-1]
    if not isinstance(key, dict) or set(key) != {"campaign", "conversion"}:
        raise bad_param("key", "the key is (campaign:..,conversion:..)")
    found = []
    for name, kind in (("campaign", "campaign"), ("conversion", "conversion")):
        value = key[name]
        node = call.world.by_urn(value) if isinstance(value, str) else None
        if node is None or node.kind != kind:
            raise not_found(f"{name} {value}")
        found.append(node)
    campaign, conversion = found
    if campaign.account != conversion.account:
        raise ApiError(400, "campaign and conversion belong to different accounts")
    return campaign, conversion


def associate(call: Call) -> Reply:
    """
    UPDATE of an association: the same answer however often it is sent.
    """
    campaign, conversion = _pair(call)
    body = _PAIR.made(call.body, "", version=call.version)
    if body != {"campaign": campaign.urn, "conversion": conversion.urn}:
        raise ApiError(400, "key and body differ")
    if not linked(campaign, conversion):
        links = campaign.inner.setdefault("links", [])
        links.append([conversion.id, call.now, None])
        _note(call, campaign)
    return Reply(204)


def remove(call: Call) -> Reply:
    """
    DELETE of an association.
    """
    campaign, conversion = _pair(call)
    if not linked(campaign, conversion):
        raise not_found("the association")
    for link in campaign.inner["links"]:
        if link[0] == conversion.id and link[2] is None:
            link[2] = call.now
    _note(call, campaign)
    return Reply(204)


def _note(call: Call, campaign: Node) -> None:
    living = [one for one, _, until in campaign.inner["links"] if until is None]
    campaign.inner["conversions"] = living
    call.site.ledger.note(campaign, call.now)


def by_campaigns(call: Call) -> Reply:
    """
    FINDER campaigns.
    """
    asked = call.texts("campaigns")
    if asked is None:
        raise bad_param("campaigns", "campaigns is required")
    rows = []
    for one in asked:
        campaign = call.world.by_urn(one)
        if campaign is not None and campaign.kind == "campaign":
            rows += [
                {"campaign": one, "conversion": URNS["conversion"] + conversion}
                for conversion in campaign.inner.get("conversions", ())
            ]
    return sliced(call, rows, lambda row: row)
