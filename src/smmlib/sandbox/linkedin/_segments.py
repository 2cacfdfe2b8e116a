"""
Matched audiences: lists uploaded as CSV, people and companies streamed.

Source: LinkedIn matched audience pages and integrations, checked 2026-08.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from smmlib.sandbox.linkedin._context import Reply
from smmlib.sandbox.linkedin._crud import Kind, elements_of, interrupted
from smmlib.sandbox.linkedin._errors import (
    ApiError,
    bad_param,
    bad_schema,
    not_found,
    not_modelled,
)
from smmlib.sandbox.linkedin._paging import by_index
from smmlib.sandbox.linkedin._schema import (
    Field,
    Record,
    many,
    one_of,
    text,
    urn,
    whole,
)
from smmlib.sandbox.linkedin._segments_state import ad_segment, ready, status_of
from smmlib.sandbox.linkedin._store import Node, stable_digits, stable_hex

if TYPE_CHECKING:
    from smmlib.sandbox._values import WireRequest
    from smmlib.sandbox.linkedin._context import Call, Site
    from smmlib.sandbox.linkedin._patch import Patch

_LISTS = ("COMPANY_LIST_UPLOAD", "USER_LIST_UPLOAD")
_STREAMS = ("COMPANY", "USER")
_PLATFORMS = ("LIST_UPLOAD", "API")
_DESTINATION = Record(
    {
        "destination": Field(one_of("LINKEDIN"), required=True),
        **{
            name: Field(text, how="read")
            for name in (
                "status", "destinationSegmentId", "audienceSize", "matchedCount",
            )
        },
    }
)  # fmt: skip
RECORD = Record(
    {
        "id": Field(whole, how="read"),
        "name": Field(text, required=True),
        "account": Field(urn("sponsoredAccount"), required=True, how="create"),
        "type": Field(one_of(*_LISTS, *_STREAMS), required=True, how="create"),
        "sourcePlatform": Field(one_of(*_PLATFORMS), required=True, how="create"),
        "accessPolicy": Field(one_of("PRIVATE", "PUBLIC"), default="PRIVATE"),
        "destinations": Field(many(_DESTINATION), required=True, how="create"),
        "inputCount": Field(whole, how="read"),
    }
)
_MATCH_RATE = 0.62
_PER_COMPANY = 420
MOST_ELEMENTS = 5_000
_ID_TYPES = ("SHA256_EMAIL", "GOOGLE_AID", "APPLE_IDFA")
_HASH = re.compile(r"[0-9a-f]{64}")
_LENGTHS = {"firstName": 35, "lastName": 35, "title": 50}
_ACTION = one_of("ADD", "REMOVE")
_USER = Record(
    {
        "action": Field(_ACTION, required=True),
        "userIds": Field(
            many(
                Record(
                    {
                        "idType": Field(one_of(*_ID_TYPES), required=True),
                        "idValue": Field(text, required=True),
                    }
                )
            ),
            required=True,
        ),
        **{
            name: Field(text)
            for name in ("firstName", "lastName", "title", "company", "country")
        },
    }
)
_COMPANY = Record(
    {
        "action": Field(_ACTION, required=True),
        **{
            name: Field(text)
            for name in (
                "companyName", "companyWebsiteDomain", "companyEmailDomain",
                "linkedInCompanyPageUrl", "city", "state", "country",
            )
        },
    }
)  # fmt: skip
_ATTACH = Record({"inputFile": Field(urn("media"), required=True)})
_UPLOAD = Record({"owner": Field(urn("sponsoredAccount"), required=True)})


def _find(call: Call, key: str) -> Node | None:
    return call.world.get("segment", key)


def _make(call: Call, data: dict[str, Any]) -> Node:
    account = call.world.by_urn(data["account"])
    if account is None:
        raise ApiError(400, f"{data['account']} does not exist")
    if account.data["test"]:
        text_ = "SEGMENT_CREATION_NOT_ALLOWED_FOR_TEST_ACCOUNTS"
        raise ApiError(400, text_)
    if not data["name"].strip():
        raise ApiError(400, "name is blank")
    if (data["type"] in _LISTS) != (data["sourcePlatform"] == "LIST_UPLOAD"):
        raise ApiError(400, "type and sourcePlatform do not go together")
    if len(data["destinations"]) != 1:
        raise ApiError(400, "destinations holds LINKEDIN once")
    number = stable_digits(9, call.world.seed, "adSegment", account.id, data["name"],
                           len(call.world.all("segment")))  # fmt: skip
    inner = {"ad_segment": number, "matched": 0, "members": [], "filled": None}
    return call.world.add(
        "segment", data, call.now, parents=[account.ref], account=account.id,
        inner=inner, name=data["name"],
    )  # fmt: skip


def _change(call: Call, node: Node, patch: Patch) -> None:
    if not patch.data["name"].strip():
        raise ApiError(400, "name is blank")
    node.data = patch.data
    node.updated = call.now


def _drop(call: Call, node: Node) -> None:
    target = ad_segment(node)
    for campaign in call.world.all("campaign"):
        if target in str(campaign.data["targetingCriteria"]):
            raise not_modelled("deleting a segment that a campaign targets")
    call.world.drop(node)


def _view(call: Call, node: Node) -> dict[str, Any]:
    destination: dict[str, Any] = {
        "destination": "LINKEDIN",
        "status": status_of(node, call.now),
    }
    if ready(node, call.now):
        matched = node.inner["matched"]
        destination["destinationSegmentId"] = ad_segment(node)
        destination["audienceSize"] = matched
        destination["matchedCount"] = matched
    return {
        "id": int(node.id),
        **node.data,
        "destinations": [destination],
        "inputCount": len(node.inner["members"]),
    }


SEGMENT = Kind(RECORD, "dmpSegments", _find, _make, _change, _view, _drop)


def by_account(call: Call) -> Reply:
    """
    FINDER account.
    """
    account = call.world.by_urn(call.text("account") or "")
    platform = call.symbol("sourcePlatform", _PLATFORMS)
    if account is None or account.kind != "account":
        raise bad_param("account", "no such account")
    nodes = [
        node
        for node in call.seen(call.world.family(account.ref, "segment"))
        if platform in {None, node.data["sourcePlatform"]}
    ]
    return by_index(call, nodes, _view)


def upload_url(call: Call) -> Reply:
    """
    ACTION generateUploadUrl.
    """
    owner = _UPLOAD.made(call.body, "", version=call.version)["owner"]
    account = call.world.by_urn(owner)
    if account is None:
        raise ApiError(400, f"{owner} does not exist")
    return Reply(200, {"value": f"{call.origin}/linkedin/dmp-uploads/{account.id}"})


def upload(
    site: Site, request: WireRequest, path: tuple[str, ...], now: float
) -> Reply:
    """
    POST of a CSV file to an upload URL; the Location header names the media.

    Raises:
        ApiError: 400, 404, 405.
    """
    if request.method != "POST":
        raise ApiError(405, "this upload URL takes POST")
    account = site.world.get("account", path[0]) if len(path) == 1 else None
    if account is None:
        raise not_found("the upload URL")
    if request.mimetype != "text/csv":
        raise ApiError(400, "send text/csv")
    try:
        lines = request.get_data(cache=True).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ApiError(400, "the file is not UTF-8") from error
    rows = [line.strip() for line in lines if line.strip()]
    if len(rows) <= 1:
        raise ApiError(400, "the file holds no rows")
    members = [stable_hex(16, row.casefold()) for row in rows[1:]]
    inner = {"members": members, "owner": account.id}
    media = site.world.add("media", {}, now, inner=inner, name=stable_hex(16, *members))
    return Reply(201, None, (("Location", media.id),))


def attach(call: Call) -> Reply:
    """
    CREATE of a list upload: the uploaded file fills the segment.
    """
    segment = _segment(call, _LISTS)
    name = _ATTACH.made(call.body, "", version=call.version)["inputFile"]
    media = call.world.by_urn(name)
    if media is None or media.inner["owner"] != segment.account:
        raise ApiError(400, f"{name} does not exist")
    _fill(segment, sorted({*segment.inner["members"], *media.inner["members"]}), call)
    return Reply(201, None, (("x-restli-id", stable_digits(8, segment.id, name)),))


def _segment(call: Call, types: tuple[str, ...]) -> Node:
    segment = SEGMENT.located(call, str(call.keys[0]))
    if segment.data["type"] not in types:
        raise ApiError(400, f"a segment of type {segment.data['type']}")
    return segment


def _fill(segment: Node, members: list[str], call: Call) -> None:
    inner = segment.inner
    people = _PER_COMPANY if "COMPANY" in segment.data["type"] else 1
    inner["members"] = members
    inner["matched"] = int(len(members) * people * _MATCH_RATE)
    inner["changed"] = call.now
    if inner["filled"] is None:
        inner["filled"] = call.now
    segment.updated = call.now


def stream_users(call: Call) -> Reply:
    """
    BATCH_CREATE of people.
    """
    return _stream(call, ("USER",), _USER, _user_key)


def stream_companies(call: Call) -> Reply:
    """
    BATCH_CREATE of companies.
    """
    return _stream(call, ("COMPANY",), _COMPANY, _company_key)


def _stream(call: Call, types: tuple[str, ...], record: Record, key: Any) -> Reply:
    segment = _segment(call, types)
    elements = elements_of(call)
    if len(elements) > MOST_ELEMENTS:
        raise ApiError(400, f"at most {MOST_ELEMENTS} elements")
    members, rows = set(segment.inner["members"]), []
    for place, element in enumerate(elements):
        try:
            interrupted(call, place)
            one = record.made(element, "", version=call.version)
            member = key(one)
        except ApiError as error:
            rows.append({"status": error.status, "error": error.body()})
            continue
        (members.add if one["action"] == "ADD" else members.discard)(member)
        rows.append({"status": 201})
    if any(row["status"] == 201 for row in rows):  # noqa: PLR2004
        _fill(segment, sorted(members), call)
    return Reply(200, {"elements": rows})


def _user_key(one: dict[str, Any]) -> str:
    for name, most in _LENGTHS.items():
        if len(one.get(name, "")) > most:
            raise ApiError(400, f"{name} has more than {most} characters")
    for given in one["userIds"]:
        if given["idType"] == "SHA256_EMAIL" and not _HASH.fullmatch(given["idValue"]):
            raise bad_schema("userIds", "idValue is not a lower-case SHA-256")
    if one["userIds"]:
        return stable_hex(16, one["userIds"][0]["idValue"])
    if one.get("firstName") and one.get("lastName"):
        return stable_hex(16, one["firstName"], one["lastName"], one.get("company"))
    raise ApiError(400, "a person needs an id or a first and a last name")


def _company_key(one: dict[str, Any]) -> str:
    names = [one.get(name) for name in (
        "companyName", "companyWebsiteDomain", "companyEmailDomain",
        "linkedInCompanyPageUrl")]  # fmt: skip
    if not any(names):
        raise ApiError(400, "a company needs a name, a domain or a page")
    return stable_hex(16, *names)
