"""
Ad creatives: link ads with one image or a carousel; their content never changes.

Source: Marketing API ad creative and link data reference, 2026-09; subcodes as
public clients saw them in 2026.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from smmlib.sandbox.meta._campaigns import is_dry
from smmlib.sandbox.meta._contract import contract
from smmlib.sandbox.meta._errors import (
    GraphError,
    invalid,
    missing,
    not_modelled,
    unknown_param,
)
from smmlib.sandbox.meta._images import has_image
from smmlib.sandbox.meta._labels import check_labels, label_ids
from smmlib.sandbox.meta._types import check_value
from smmlib.sandbox.meta._world_state import stable_digits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smmlib.sandbox.meta._context import Context, Params
    from smmlib.sandbox.meta._world_state import Node

Data = dict[str, Any]

CREATE = frozenset(
    "name object_story_spec url_tags degrees_of_freedom_spec adlabels"
    " execution_options".split()
)
UPDATE = frozenset({"name", "status", "adlabels", "account_id"})
_STORY = {"page_id", "instagram_user_id", "link_data"}
_LINK = {
    "link", "message", "name", "description", "caption", "image_hash", "picture",
    "call_to_action", "child_attachments", "multi_share_optimized",
    "multi_share_end_card",
}  # fmt: skip
_CARD = {
    "link", "name", "description", "caption", "image_hash", "picture", "call_to_action",
}  # fmt: skip
_CTA_VALUE = {"link", "link_caption"}
CARDS_MIN, CARDS_MAX, CARDS_MAX_OPTIMISED = 2, 5, 10
_LONGEST_URL = 8_192


def create_creative(ctx: Context, account: Node, params: Params) -> Data:
    """
    POST /act_X/adcreatives.
    """
    data = _checked(ctx, account, params)
    if is_dry(params):
        return {"success": True}
    return {"id": _add(ctx, account, data).id}


def inline_creative(ctx: Context, account: Node, spec: Data) -> Data:
    """
    Check a creative given inside an ad; the ad adds it once all checks have passed.
    """
    edge = contract().edge("AdAccount", "POST adcreatives")
    known = edge.params if edge else {}
    params: Data = {}
    for key, value in spec.items():
        if key not in known:
            raise unknown_param(f"creative[{key}]")
        if key not in CREATE:
            raise not_modelled(f"creative.{key}")
        params[key] = check_value(f"creative[{key}]", value, known[key])
    return _checked(ctx, account, params)


def add_inline(ctx: Context, account: Node, data: Data) -> str:
    """
    Create a checked inline creative and give its id.
    """
    return _add(ctx, account, data).id


def update_creative(ctx: Context, creative: Node, params: Params) -> Data:
    """
    POST /{creative}: only the name, labels and status change.
    """
    frozen = sorted(set(params) & (CREATE - UPDATE - {"execution_options"}))
    if frozen:
        raise invalid(
            frozen[0],
            "The content of an existing creative cannot change; make a new one.",
            subcode=1815573,
        )
    if params.get("account_id", creative.account) != creative.account:
        raise invalid("account_id", "A creative stays in its account.")
    changes = {k: v for k, v in params.items() if k in {"name", "status", "adlabels"}}
    if changes.get("status") in {"IN_PROCESS", "WITH_ISSUES"}:
        raise invalid("status", "This status is Meta's to set.")
    check_labels(ctx, creative.account, changes.get("adlabels", []))
    if "adlabels" in changes:
        changes["adlabels"] = label_ids(ctx, creative.account, changes["adlabels"])
    ctx.world.touch(creative, ctx.now, changes)
    return {"success": True}


def cards_of(data: Data) -> list[Data]:
    """
    The cards of a carousel, none for a single image.
    """
    link = data.get("object_story_spec", {}).get("link_data", {})
    cards: list[Data] = link.get("child_attachments", [])
    return cards


def text_of(data: Data) -> str:
    """
    The primary text.
    """
    link = data.get("object_story_spec", {}).get("link_data", {})
    return str(link.get("message", ""))


def has_cta(data: Data) -> bool:
    """
    Whether a call to action stands on the ad or its first card.
    """
    link = data.get("object_story_spec", {}).get("link_data", {})
    return any("call_to_action" in part for part in (link, *cards_of(data)[:1]))


def _add(ctx: Context, account: Node, data: Data) -> Node:
    data["adlabels"] = label_ids(ctx, account.account, data.get("adlabels", []))
    node = ctx.world.add("AdCreative", account.account, data, ctx.now)
    page = data["object_story_spec"]["page_id"]
    post = stable_digits(15, ctx.world.seed, "post", node.id)
    data["effective_object_story_id"] = f"{page}_{post}"
    data.setdefault("name", f"Creative {node.id}")
    return node


def _checked(ctx: Context, account: Node, params: Params) -> Data:
    data = {k: v for k, v in params.items() if k in CREATE - {"execution_options"}}
    data["status"] = "ACTIVE"
    if "object_story_spec" not in data:
        raise missing("object_story_spec")
    if "name" in data and not data["name"].strip():
        raise invalid("name", "The name is empty.")
    _check_story(ctx, account.account, data["object_story_spec"])
    _check_freedom(data.get("degrees_of_freedom_spec", {}))
    check_labels(ctx, account.account, data.get("adlabels", []))
    return data


def _bad(text: str, subcode: int | None = None, *path: str) -> GraphError:
    return invalid(("object_story_spec", *path), text, subcode=subcode)


def _check_story(ctx: Context, account: str, story: Data) -> None:
    for key in story:
        if key not in _STORY:
            raise not_modelled(f"object_story_spec.{key}")
    if "page_id" not in story or "link_data" not in story:
        raise _bad("object_story_spec needs page_id and link_data.", 1443048)
    if story["page_id"] != ctx.identity.page:
        raise _bad(f"No page {story['page_id']} here.", 1443048, "page_id")
    user = story.get("instagram_user_id", ctx.identity.instagram_user)
    if user != ctx.identity.instagram_user:
        raise _bad(f"No Instagram user {user} here.", 1443048, "instagram_user_id")
    link = story["link_data"]
    _check_part(ctx, account, link, _LINK, "link_data")
    if "child_attachments" in link:
        _check_cards(ctx, account, link)
    elif link.get("multi_share_optimized"):
        raise _bad("multi_share_optimized needs child_attachments.", 1443048)


def _check_part(
    ctx: Context, account: str, part: Data, known: set[str], at: str
) -> None:
    for key in part:
        if key not in known:
            raise not_modelled(f"object_story_spec.{at}.{key}")
    if not part.get("link"):
        raise _bad("The link is required.", 2061015, at, "link")
    for key in ("link", "picture"):
        if key in part and not _is_url(part[key]):
            raise _bad(f"{key} must be an http(s) address.", 2061015, at, key)
    if "caption" in part and "." not in part["caption"]:
        raise _bad("The caption must be a real address.", 1443048, at, "caption")
    if "image_hash" in part and "picture" in part:
        raise _bad("Give image_hash or picture, not both.", 1443048, at)
    if "image_hash" in part and not has_image(ctx, account, part["image_hash"]):
        raise invalid(
            "image_hash",
            f"No image {part['image_hash']} in this account.",
            subcode=2446388,
        )
    _check_cta(part.get("call_to_action"), at)


def _check_cta(action: Data | None, at: str) -> None:
    if action is None:
        return
    if "type" not in action:
        raise invalid("call_to_action", "A call to action has a type.", subcode=1373054)
    value = action.get("value", {})
    for key in value:
        if key not in _CTA_VALUE:
            raise not_modelled(f"object_story_spec.{at}.call_to_action.value.{key}")
    if "link" in value and not _is_url(value["link"]):
        raise invalid("call_to_action", "The link must be an http(s) address.")


def _check_cards(ctx: Context, account: str, link: Data) -> None:
    cards = link["child_attachments"]
    most = CARDS_MAX_OPTIMISED if link.get("multi_share_optimized") else CARDS_MAX
    if not CARDS_MIN <= len(cards) <= most:
        raise _bad(
            f"A carousel has {CARDS_MIN} to {most} cards, not {len(cards)}"
            " (up to 10 with multi_share_optimized).",
            1443048,
            "link_data",
            "child_attachments",
        )
    for place, card in enumerate(cards):
        at = f"link_data.child_attachments.{place}"
        _check_part(ctx, account, card, _CARD, at)


def _check_freedom(spec: Data) -> None:
    features = spec.get("creative_features_spec", {})
    if not isinstance(features, dict):
        raise invalid("degrees_of_freedom_spec", "creative_features_spec is an object.")
    known = contract().structs["AdCreativeFeaturesSpec"]
    for name, details in features.items():
        if name not in known:
            raise unknown_param(f"degrees_of_freedom_spec[{name}]")
        if name == "standard_enhancements":
            raise invalid(
                "degrees_of_freedom_spec",
                "The bundle standard_enhancements is no longer accepted; set each"
                " feature.",
                subcode=3858504,
            )
        status = details.get("enroll_status") if isinstance(details, dict) else None
        if status not in {"OPT_IN", "OPT_OUT"}:
            raise invalid(
                "degrees_of_freedom_spec", "enroll_status is OPT_IN or OPT_OUT."
            )


def _is_url(text: str) -> bool:
    if len(text) > _LONGEST_URL or any(char.isspace() for char in text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def strings_of(data: Any) -> Iterator[str]:
    """
    Every text in a creative, for its identity.
    """
    if isinstance(data, dict):
        for key in sorted(data):
            yield from strings_of(data[key])
    elif isinstance(data, list):
        for item in data:
            yield from strings_of(item)
    else:
        yield str(data)
