"""
Ad creatives: link ads with one image or a carousel, and video ads; their content never
changes.

Source: Marketing API ad creative and link data reference, 2026-09; subcodes as
public clients saw them in 2026.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
from smmlib.sandbox.meta._links import is_url
from smmlib.sandbox.meta._posts import promoted
from smmlib.sandbox.meta._types import check_value
from smmlib.sandbox.meta._videos import check_video
from smmlib.sandbox.meta._world_state import stable_digits

if TYPE_CHECKING:
    from smmlib.sandbox.meta._context import Context, Params
    from smmlib.sandbox.meta._world_state import Node

Data = dict[str, Any]

CREATE = frozenset(
    "name object_story_spec object_story_id source_instagram_media_id call_to_action"
    " instagram_user_id url_tags degrees_of_freedom_spec adlabels"
    " execution_options".split()
)
UPDATE = frozenset({"name", "status", "adlabels", "account_id"})
_STORIES = ("object_story_spec", "object_story_id", "source_instagram_media_id")
_STORY = {"page_id", "instagram_user_id", "link_data", "video_data"}
_VIDEO = {
    "video_id", "message", "title", "link_description", "image_hash", "image_url",
    "call_to_action",
}  # fmt: skip
_LINK = {
    "link", "message", "name", "description", "caption", "image_hash", "picture",
    "call_to_action", "child_attachments", "multi_share_optimized",
    "multi_share_end_card",
}  # fmt: skip
_CARD = {
    "link", "name", "description", "caption", "image_hash", "picture", "call_to_action",
    "video_id",
}  # fmt: skip
_CTA_VALUE = {"link", "link_caption", "lead_gen_form_id"}
NO_FORM = 3390001
CARDS_MIN, CARDS_MAX, CARDS_MAX_OPTIMISED = 2, 5, 10


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


def content_of(data: Data) -> Data:
    """
    What the ad shows: its own story's link data, or the promoted post.
    """
    spec: Data = data.get("object_story_spec", {})
    story: Data = spec.get("link_data", {})
    if "video_data" in spec:
        story = _as_link(spec["video_data"])
    shown: Data = data.get("promoted", story)
    return shown


def page_of(data: Data) -> str:
    """
    The page that speaks in the ad.
    """
    story: Data = data.get("promoted") or data["object_story_spec"]
    return str(story["page_id"])


def cards_of(data: Data) -> list[Data]:
    """
    The cards of a carousel, none for a single image.
    """
    cards: list[Data] = content_of(data).get("child_attachments", [])
    return cards


def text_of(data: Data) -> str:
    """
    The primary text.
    """
    return str(content_of(data).get("message", ""))


def has_cta(data: Data) -> bool:
    """
    Whether a call to action stands on the ad or its first card.
    """
    parts = (data, content_of(data), *cards_of(data)[:1])
    return any("call_to_action" in part for part in parts)


def form_of(data: Data) -> str:
    """
    The instant form that a click opens, empty for ads that lead to a page.
    """
    parts = (data, content_of(data), *cards_of(data)[:1])
    values = (part.get("call_to_action", {}).get("value", {}) for part in parts)
    return next(
        (str(v["lead_gen_form_id"]) for v in values if v.get("lead_gen_form_id")), ""
    )


def landing_of(data: Data) -> str:
    """
    Where a click leads; nowhere when it opens an instant form.
    """
    if form_of(data):
        return ""
    action = data.get("call_to_action", {}).get("value", {})
    return str(action.get("link") or content_of(data).get("link", ""))


def _add(ctx: Context, account: Node, data: Data) -> Node:
    data["adlabels"] = label_ids(ctx, account.account, data.get("adlabels", []))
    node = ctx.world.add("AdCreative", account.account, data, ctx.now)
    post = stable_digits(15, ctx.world.seed, "post", node.id)
    data["effective_object_story_id"] = data.get(
        "object_story_id", f"{page_of(data)}_{post}"
    )
    data.setdefault("name", f"Creative {node.id}")
    return node


def _checked(ctx: Context, account: Node, params: Params) -> Data:
    data = {k: v for k, v in params.items() if k in CREATE - {"execution_options"}}
    data["status"] = "ACTIVE"
    if sum(name in data for name in _STORIES) != 1:
        raise missing("object_story_spec")
    if "name" in data and not data["name"].strip():
        raise invalid("name", "The name is empty.")
    shown = promoted(ctx, data)
    if shown is not None:
        data["promoted"] = shown
        _check_button(ctx, data)
    else:
        _check_own(data)
        _check_story(ctx, account.account, data["object_story_spec"])
    _check_freedom(data.get("degrees_of_freedom_spec", {}))
    check_labels(ctx, account.account, data.get("adlabels", []))
    return data


def _check_button(ctx: Context, data: Data) -> None:
    if "call_to_action" in data:
        kind = "ref:AdCreativeLinkDataCallToAction"
        action = check_value("call_to_action", data["call_to_action"], kind)
        _check_cta(ctx, action, "call_to_action")
        data["call_to_action"] = action


def _check_own(data: Data) -> None:
    for name in ("call_to_action", "instagram_user_id"):
        if name in data:
            raise not_modelled(f"{name} beside object_story_spec")


def _bad(text: str, subcode: int | None = None, *path: str) -> GraphError:
    return invalid(("object_story_spec", *path), text, subcode=subcode)


def _check_story(ctx: Context, account: str, story: Data) -> None:
    for key in story:
        if key not in _STORY:
            raise not_modelled(f"object_story_spec.{key}")
    told = [key for key in ("link_data", "video_data") if key in story]
    if "page_id" not in story or len(told) != 1:
        raise _bad(
            "object_story_spec needs page_id and link_data or video_data.", 1443048
        )
    if story["page_id"] != ctx.identity.page:
        raise _bad(f"No page {story['page_id']} here.", 1443048, "page_id")
    user = story.get("instagram_user_id", ctx.identity.instagram_user)
    if user != ctx.identity.instagram_user:
        raise _bad(f"No Instagram user {user} here.", 1443048, "instagram_user_id")
    if "video_data" in story:
        _check_video(ctx, account, story["video_data"])
        return
    link = story["link_data"]
    _check_part(ctx, account, link, _LINK, "link_data")
    if "child_attachments" in link:
        _check_cards(ctx, account, link)
    elif link.get("multi_share_optimized"):
        raise _bad("multi_share_optimized needs child_attachments.", 1443048)


def _as_link(video: Data) -> Data:
    names = {"title": "name", "link_description": "description", "image_url": "picture"}
    shown = {names.get(key, key): value for key, value in video.items()}
    link = video.get("call_to_action", {}).get("value", {}).get("link", "")
    return {**shown, "link": link}


def _check_video(ctx: Context, account: str, video: Data) -> None:
    for key in video:
        if key not in _VIDEO:
            raise not_modelled(f"object_story_spec.video_data.{key}")
    if "video_id" not in video:
        raise _bad("video_data needs a video_id.", 1443048, "video_data")
    check_video(ctx, account, video["video_id"])
    if ("image_hash" in video) == ("image_url" in video):
        raise _bad(
            "A video needs a thumbnail: image_hash or image_url.", 1443226, "video_data"
        )
    if "image_url" in video and not is_url(video["image_url"]):
        raise _bad("image_url must be an http(s) address.", 3858258, "video_data")
    _check_image(ctx, account, video)
    _check_cta(ctx, video.get("call_to_action"), "video_data")


def _check_image(ctx: Context, account: str, part: Data) -> None:
    if "image_hash" in part and not has_image(ctx, account, part["image_hash"]):
        raise invalid(
            "image_hash",
            f"No image {part['image_hash']} in this account.",
            subcode=2446388,
        )


def _check_part(
    ctx: Context, account: str, part: Data, known: set[str], at: str
) -> None:
    for key in part:
        if key not in known:
            raise not_modelled(f"object_story_spec.{at}.{key}")
    if not part.get("link"):
        raise _bad("The link is required.", 2061015, at, "link")
    for key in ("link", "picture"):
        if key in part and not is_url(part[key]):
            raise _bad(f"{key} must be an http(s) address.", 2061015, at, key)
    if "caption" in part and "." not in part["caption"]:
        raise _bad("The caption must be a real address.", 1443048, at, "caption")
    if "image_hash" in part and "picture" in part:
        raise _bad("Give image_hash or picture, not both.", 1443048, at)
    _check_image(ctx, account, part)
    _check_cta(ctx, part.get("call_to_action"), at)


def _check_cta(ctx: Context, action: Data | None, at: str) -> None:
    if action is None:
        return
    if "type" not in action:
        raise invalid("call_to_action", "A call to action has a type.", subcode=1373054)
    value = action.get("value", {})
    for key in value:
        if key not in _CTA_VALUE:
            raise not_modelled(f"object_story_spec.{at}.call_to_action.value.{key}")
    if "link" in value and not is_url(value["link"]):
        raise invalid("call_to_action", "The link must be an http(s) address.")
    if "lead_gen_form_id" in value:
        _check_form(ctx, str(value["lead_gen_form_id"]))


def _check_form(ctx: Context, form_id: str) -> None:
    form = ctx.world.get(form_id)
    if form is None or form.kind != "LeadgenForm" or form.data["status"] != "ACTIVE":
        text = f"No instant form {form_id} that is active."
        raise invalid("call_to_action", text, subcode=NO_FORM)


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
        if "video_id" in card:
            _check_card_film(ctx, account, card, at)


def _check_card_film(ctx: Context, account: str, card: Data, at: str) -> None:
    check_video(ctx, account, card["video_id"])
    if "image_hash" not in card and "picture" not in card:
        raise _bad("A video needs a thumbnail: image_hash or picture.", 1443226, at)


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
