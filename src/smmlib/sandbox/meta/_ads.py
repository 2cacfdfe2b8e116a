"""
Ads: a creative in an ad set, reviewed on the clock.

Source: Marketing API reference/adgroup and ad review, 2026-09.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.sandbox.meta._campaigns import check_name, is_dry, live_children
from smmlib.sandbox.meta._creatives import (
    NO_FORM,
    add_inline,
    form_of,
    has_cta,
    inline_creative,
    page_of,
    text_of,
)
from smmlib.sandbox.meta._errors import bad_param, invalid, missing
from smmlib.sandbox.meta._labels import check_labels, label_ids
from smmlib.sandbox.meta._status import GONE, check_edit, check_new_status
from smmlib.sandbox.meta._tables import ADS_PER_ADSET, REVIEW_S

if TYPE_CHECKING:
    from smmlib.sandbox.meta._context import Context, Params
    from smmlib.sandbox.meta._world_state import Node

Data = dict[str, Any]

CREATE = frozenset(
    "name adset_id creative status adlabels execution_options tracking_specs"
    " conversion_domain".split()
)
UPDATE = CREATE - {"adset_id"}


def create_ad(ctx: Context, account: Node, params: Params) -> Data:
    """
    POST /act_X/ads.
    """
    check_name(params, required=True)
    if "adset_id" not in params:
        raise missing("adset_id")
    adset = _adset(ctx, account, str(params["adset_id"]))
    data = {k: v for k, v in params.items() if k in CREATE - {"execution_options"}}
    data["status"] = check_new_status(params.get("status", "ACTIVE"))
    spec = _creative(ctx, account, params)
    _check_fit(ctx, adset, spec)
    check_labels(ctx, account.account, data.get("adlabels", []))
    if is_dry(params):
        return {"success": True}
    data.update(_use(ctx, account, spec))
    data.pop("creative")
    data["adset_id"] = adset.id
    data["campaign_id"] = adset.data["campaign_id"]
    data["adlabels"] = label_ids(ctx, account.account, data.get("adlabels", []))
    ad = ctx.world.add("Ad", account.account, data, ctx.now)
    ctx.ledger.note(ctx.world, ad, ctx.now)
    return {"id": ad.id}


def update_ad(ctx: Context, ad: Node, params: Params) -> Data:
    """
    POST /{ad}.
    """
    changes = {k: v for k, v in params.items() if k in UPDATE - {"execution_options"}}
    check_edit(ad, changes)
    check_name(params, required=False)
    account = ctx.world.get(f"act_{ad.account}")
    adset = ctx.world.parent(ad)
    spec = None
    if "creative" in changes and account and adset:
        changes.pop("creative")
        spec = _creative(ctx, account, params)
        _check_fit(ctx, adset, spec, room=False)
    check_labels(ctx, ad.account, changes.get("adlabels", []))
    if is_dry(params):
        return {"success": True}
    if spec is not None and account:
        changes.update(_use(ctx, account, spec))
        if changes["creative_id"] == ad.data["creative_id"]:
            del changes["review_until"]
    if "adlabels" in changes:
        changes["adlabels"] = label_ids(ctx, ad.account, changes["adlabels"])
    ctx.world.touch(ad, ctx.now, changes)
    ctx.ledger.note(ctx.world, ad, ctx.now)
    return {"success": True}


def _adset(ctx: Context, account: Node, adset_id: str) -> Node:
    adset = ctx.owned(adset_id, "AdSet", account.account)
    if adset is None:
        raise invalid("adset_id", f"No ad set {adset_id} in this account.")
    campaign = ctx.world.parent(adset)
    states = {adset.data["status"], campaign.data["status"] if campaign else ""}
    if states & set(GONE):
        raise invalid("adset_id", "The ad set or its campaign is archived or deleted.")
    return adset


def _creative(ctx: Context, account: Node, params: Params) -> Data:
    """
    The content of the wanted creative; `creative_id` is absent for an inline one.
    """
    if "creative" not in params:
        raise missing("creative")
    given = params["creative"]
    if not isinstance(given, dict):
        raise bad_param("creative", "must be an object.")
    if set(given) & {"creative_id", "id"}:
        wanted = str(given.get("creative_id", given.get("id")))
        creative = ctx.owned(wanted, "AdCreative", account.account)
        if creative is None or creative.data["status"] == "DELETED":
            raise invalid("creative", f"No creative {wanted} in this account.")
        return {**creative.data, "creative_id": creative.id}
    return inline_creative(ctx, account, given)


def _check_fit(ctx: Context, adset: Node, spec: Data, *, room: bool = True) -> None:
    if room and len(live_children(ctx, adset, "Ad")) >= ADS_PER_ADSET:
        raise invalid("adset_id", f"An ad set holds {ADS_PER_ADSET} ads.")
    promoted = adset.data.get("promoted_object", {}).get("page_id")
    page = page_of(spec)
    if promoted and str(promoted) != page:
        raise invalid(
            "creative", "The page differs from the ad set's.", subcode=1885029
        )
    billed = adset.data["billing_event"] == "LINK_CLICKS"
    if billed and not has_cta(spec):
        raise invalid("creative", "Billing link clicks needs a call to action.")
    on_ad = adset.data.get("destination_type") == "ON_AD"
    if on_ad and not form_of(spec):
        raise invalid("creative", "The ad needs an instant form.", subcode=NO_FORM)
    if form_of(spec) and not on_ad:
        raise invalid("creative", "Instant forms need the destination ON_AD.")


def _use(ctx: Context, account: Node, spec: Data) -> Data:
    creative_id = spec.get("creative_id") or add_inline(ctx, account, spec)
    return {
        "creative_id": creative_id,
        "text": text_of(spec),
        "review_until": ctx.now + REVIEW_S,
    }
