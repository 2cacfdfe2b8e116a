"""
Creatives: a post in a campaign, reviewed on the clock.

Source: LinkedIn creative pages at li-lms-2026-02.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.sandbox.linkedin._common import Data, doomed, transition
from smmlib.sandbox.linkedin._crud import Kind, created, keep
from smmlib.sandbox.linkedin._errors import (
    ApiError,
    bad_param,
    bad_schema,
    not_modelled,
)
from smmlib.sandbox.linkedin._paging import by_cursor
from smmlib.sandbox.linkedin._posts import POST, content_kind
from smmlib.sandbox.linkedin._posts import RECORD as POST_RECORD
from smmlib.sandbox.linkedin._schema import (
    Field,
    Record,
    one_of,
    text,
    union,
    urn,
)
from smmlib.sandbox.linkedin._status import (
    GONE,
    REJECTED_WORDS,
    creative_holds,
    review_of,
    status_of,
)
from smmlib.sandbox.linkedin._store import URNS, Node, stable_hex
from smmlib.sandbox.linkedin._tables import CREATIVE_STATUSES, LEAD_LABELS
from smmlib.sandbox.linkedin._texts import too_long

if TYPE_CHECKING:
    from smmlib.sandbox.linkedin._context import Call, Reply
    from smmlib.sandbox.linkedin._patch import Patch

_LEAD = Record(
    {
        "destination": Field(urn("adForm"), required=True),
        "label": Field(one_of(*LEAD_LABELS), required=True),
    }
)


def _anything(value: Any, _path: str) -> Any:
    return value


_OTHERS = (
    "textAd", "spotlight", "follow", "jobs", "document", "eventAd",
    "thirdPartyVastTagVideoAd",
)  # fmt: skip
_CONTENT = union(
    reference=urn("share", "ugcPost", "adInMailContent"),
    **dict.fromkeys(_OTHERS, _anything),
)
_PLAIN = {
    "campaign": Field(urn("sponsoredCampaign"), required=True, how="create"),
    "intendedStatus": Field(one_of(*CREATIVE_STATUSES)),
    "name": Field(text),
    "leadgenCallToAction": Field(_LEAD),
}
RECORD = Record(
    {
        **_PLAIN,
        "content": Field(_CONTENT, how="create"),
        **{
            name: Field(text, how="read")
            for name in (
                "id", "account", "review", "isServing", "isTest",
                "servingHoldReasons", "createdAt", "createdBy", "lastModifiedAt",
                "lastModifiedBy",
            )
        },
    }
)  # fmt: skip
NAME_MAX = 255
MOST_ACTIVE, MOST_IN_CAMPAIGN, MOST = 15, 100, 15_000


_INLINE = Record(
    {
        "creative": Field(
            Record(
                {
                    **_PLAIN,
                    "inlineContent": Field(
                        Record({"post": Field(POST_RECORD, required=True)}),
                        required=True,
                    ),
                }
            ),
            required=True,
        )
    }
)


def _find(call: Call, key: str) -> Node | None:
    account = call.account()
    if not key.startswith(URNS["creative"]):
        raise bad_param("key", "Invalid Urn Format")
    node = call.world.get("creative", key.removeprefix(URNS["creative"]))
    return node if node and node.account == account.id else None


def refuse(text_: str) -> ApiError:
    """
    A business refusal in the shape creatives use.
    """
    return ApiError(400, text_)


def _make(call: Call, data: Data) -> Node:
    campaign = _campaign(call, data)
    reference = data.get("content", {}).get("reference")
    if reference is None:
        raise not_modelled("creatives whose content is not a post")
    post = call.world.by_urn(reference)
    if post is None or post.inner.get("deleted"):
        raise refuse(f"content/reference {reference} does not exist")
    return _kept(call, data, campaign, post)


def create_inline(call: Call) -> Reply:
    """
    ACTION createInline: the post and the creative in one step, or neither.
    """
    body = _INLINE.made(call.body, "", version=call.version)["creative"]
    campaign = _campaign(call, body)
    text_of = body["inlineContent"]["post"]
    context = text_of.get("adContext", {})
    if context.get("dscAdAccount") != call.account().urn:
        raise refuse("inlineContent/post/adContext/dscAdAccount is not this account")
    data = {key: value for key, value in body.items() if key != "inlineContent"}
    _check(call, data, campaign, text_of)
    post = POST.make(call, text_of)
    data["content"] = {"reference": post.urn}
    node = _kept(call, data, campaign, post)
    reply = created(CREATIVE, call, node)
    return attrs.evolve(reply, status=200, body={"value": {}})


def _campaign(call: Call, data: Data) -> Node:
    account = call.account()
    campaign = call.world.by_urn(data["campaign"])
    if campaign is None or campaign.account != account.id:
        raise refuse(f"campaign {data['campaign']} does not exist")
    status = status_of(campaign, call.now)
    if status in {*GONE, "ARCHIVED", "CANCELED"}:
        raise refuse(f"the campaign is {status}")
    return campaign


def _kept(call: Call, data: Data, campaign: Node, post: Node) -> Node:
    _check(call, data, campaign, post.data)
    account = call.account()
    form = campaign.data.setdefault("format", content_kind(post.data))
    name = stable_hex(24, post.id, data.get("name", ""), form)
    node = call.world.add(
        "creative", data, call.now, account=account.id,
        parents=[account.ref, campaign.ref, post.ref], name=name,
        inner={
            "test": campaign.inner["test"],
            "refused": _refusals(post.data, form),
        },
    )  # fmt: skip
    _reviewed(node, call.now)
    call.site.ledger.note(node, call.now)
    return node


def _refusals(post: Data, form: str) -> list[str]:
    """
    Why the review will reject an ad.
    """
    bad = REJECTED_WORDS in post["commentary"].casefold()
    return [*(["PROHIBITED_CONTENT"] if bad else []), *too_long(post, form)]


def _reviewed(node: Node, now: float) -> None:
    if node.data["intendedStatus"] == "ACTIVE":
        node.inner.setdefault("review_from", now)


def _check(call: Call, data: Data, campaign: Node, post: Data) -> None:
    status = data.get("intendedStatus")
    if status is None:
        raise not_modelled("a creative without intendedStatus")
    if status not in {"ACTIVE", "DRAFT"}:
        raise refuse(f"a creative cannot be created {status}")
    _check_name(data)
    _check_context(call, post)
    _check_form(call, data, campaign, post)
    siblings = call.world.family(campaign.ref, "creative")
    if len(siblings) >= MOST_IN_CAMPAIGN:
        raise refuse(f"at most {MOST_IN_CAMPAIGN} creatives in a campaign")
    if len(call.world.family(call.account().ref, "creative")) >= MOST:
        raise refuse(f"at most {MOST} creatives in an account")
    if status == "ACTIVE":
        _check_active(siblings)


def _check_name(data: Data) -> None:
    if len(data.get("name", "")) > NAME_MAX:
        raise refuse(f"name has more than {NAME_MAX} characters")


def _check_active(siblings: list[Node]) -> None:
    active = sum(1 for one in siblings if one.data["intendedStatus"] == "ACTIVE")
    if active >= MOST_ACTIVE:
        raise refuse(f"{active} creatives are active, at most {MOST_ACTIVE}")


def _check_context(call: Call, post: Data) -> None:
    context = post.get("adContext", {})
    owner = context.get("dscAdAccount", call.account().urn)
    if owner != call.account().urn:
        raise refuse("the post belongs to another account")
    if post["lifecycleState"] != "PUBLISHED":
        raise refuse("the post is not published")


def _check_form(call: Call, data: Data, campaign: Node, post: Data) -> None:
    wanted, given = campaign.data.get("format"), content_kind(post)
    if wanted is None and given != "STANDARD_UPDATE":
        raise refuse(f"a campaign without a format cannot show {given}")
    if wanted is not None and wanted != given:
        raise refuse(f"the campaign shows {wanted}, the post is {given}")
    form = data.get("leadgenCallToAction")
    leads = campaign.data.get("objectiveType") == "LEAD_GENERATION"
    if leads != (form is not None):
        raise refuse("leadgenCallToAction belongs to LEAD_GENERATION campaigns")
    if form and form["destination"] != call.site.identity.lead_form:
        raise refuse(f"{form['destination']} does not exist")


def _change(call: Call, node: Node, patch: Patch) -> None:
    new, old = patch.data, node.data
    if "intendedStatus" not in new:
        raise bad_schema("intendedStatus", "cannot delete a required field")
    _check_name(new)
    problems = transition(node, new, call.now)
    if problems:
        raise refuse(problems[0].text or problems[0].code)
    if new.get("leadgenCallToAction") != old.get("leadgenCallToAction"):
        _check_lead(call, node, new)
    if new["intendedStatus"] == "ACTIVE" != old["intendedStatus"]:
        campaign = _campaign(call, new)
        _check_active(call.world.family(campaign.ref, "creative"))
    doomed(node, new, call.now)
    node.data = new
    _reviewed(node, call.now)
    keep(call, node, new)


def _check_lead(call: Call, node: Node, new: Data) -> None:
    if status_of(node, call.now) != "DRAFT":
        raise refuse("leadgenCallToAction is frozen outside DRAFT")
    form = new.get("leadgenCallToAction")
    if form is None or form["destination"] != call.site.identity.lead_form:
        raise refuse("leadgenCallToAction needs an existing form")


def _drop(call: Call, node: Node) -> None:
    campaign = call.world.by_urn(node.data["campaign"])
    statuses = {status_of(node, call.now)}
    if campaign is not None:
        statuses.add(status_of(campaign, call.now))
    if "DRAFT" not in statuses:
        raise refuse("only drafts are deleted; set intendedStatus PENDING_DELETION")
    call.world.drop(node)
    call.site.ledger.forget(node)


def view(call: Call, node: Node) -> dict[str, Any]:
    """
    A creative as reads show it.
    """
    holds = creative_holds(call.site, node, call.now)
    actor = call.site.identity.person
    found = {
        "id": node.urn,
        "account": URNS["account"] + node.account,
        **node.data,
        "intendedStatus": status_of(node, call.now),
        "isServing": not holds,
        "isTest": bool(node.inner["test"]),
        "createdAt": int(node.created * 1000),
        "createdBy": actor,
        "lastModifiedAt": int(node.updated * 1000),
        "lastModifiedBy": actor,
    }
    review = review_of(node, call.now)
    if review is not None:
        found["review"] = {"status": review}
        if review == "REJECTED":
            found["review"]["rejectionReasons"] = node.inner["refused"]
    if holds:
        found["servingHoldReasons"] = holds
    return found


CREATIVE = Kind(RECORD, "creatives", _find, _make, _change, view, _drop, urn_key=True)


def _form_of(node: Node) -> str | None:
    form = node.data.get("leadgenCallToAction")
    return None if form is None else str(form["destination"])


_FINDER: dict[str, tuple[str, Callable[[Node], str | None]]] = {
    "campaigns": (URNS["campaign"], lambda one: str(one.data["campaign"])),
    "creatives": (URNS["creative"], lambda one: one.urn),
    "contentReferences": (
        "urn:li:",
        lambda one: str(one.data["content"]["reference"]),
    ),
    "leadgenCreativeCallToActionDestinations": ("urn:li:adForm:", _form_of),
}


def criteria(call: Call) -> Reply:
    """
    FINDER criteria: OR inside a list, AND between lists.
    """
    nodes = call.seen(call.world.family(call.account().ref, "creative"))
    for name, (prefix, value) in _FINDER.items():
        wanted = call.texts(name)
        if wanted is None:
            continue
        for one in wanted:
            if not one.startswith(prefix):
                raise bad_param(name, f"Invalid Urn Format: {one}", "FIELD_INVALID")
        nodes = [node for node in nodes if value(node) in wanted]
    return by_cursor(
        call,
        _by_status(call, nodes),
        view,
        most=100,
        total=bool(call.boolean("isTotalIncluded")),
    )


def _by_status(call: Call, nodes: list[Node]) -> list[Node]:
    test = call.boolean("isTestAccount")
    if test is not None:
        nodes = [node for node in nodes if node.inner["test"] == test]
    statuses = call.texts("intendedStatuses")
    if statuses is None:
        return nodes
    for one in statuses:
        if one not in CREATIVE_STATUSES:
            text_ = f"{one} is not a status"
            raise bad_param("intendedStatuses", text_, "FIELD_INVALID")
    return [node for node in nodes if status_of(node, call.now) in statuses]
