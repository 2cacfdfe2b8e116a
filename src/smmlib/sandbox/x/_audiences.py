"""
Custom audiences: own lists of people, matched after a while.

Source: X Ads API, custom audiences reference and users endpoint, 2026-08.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

from smmlib.sandbox.x._accounts import dates
from smmlib.sandbox.x._audience_size import size_of
from smmlib.sandbox.x._campaigns import CAMPAIGNS
from smmlib.sandbox.x._context import Result
from smmlib.sandbox.x._criteria import PRIMARY, TYPES, check_value
from smmlib.sandbox.x._errors import ApiError, BatchError, Flaw, invalid, missing
from smmlib.sandbox.x._matching import LEAST_MATCHED, matched, ready
from smmlib.sandbox.x._resources import Resource, cut
from smmlib.sandbox.x._status import children, seconds

if TYPE_CHECKING:
    from smmlib.sandbox.x._context import Context
    from smmlib.sandbox.x._store import Record

_HASH = re.compile(r"[0-9a-f]{64}")
_HASHED = ("email", "device_id", "handle", "twitter_id", "phone_number")
_KEYS = (*_HASHED, "partner_user_id")
_MOST_USERS = 2_500
_UNCERTAIN = 0.05


def render(ctx: Context, record: Record) -> dict[str, Any]:
    """
    The audience as X tells it.
    """
    done = ready(record, ctx.now)
    reasons = [] if done else ["PROCESSING"]
    if done and matched(record) < LEAST_MATCHED:
        reasons.append("TOO_SMALL")
    return {
        "id": record.id,
        "name": record.data["name"],
        "description": record.data["description"],
        "audience_type": "CRM",
        "audience_size": matched(record) if done else None,
        "targetable": not reasons,
        "reasons_not_targetable": reasons,
        "targetable_types": ["CRM", "EXCLUDED_CRM"],
        "is_owner": True,
        "owner_account_id": record.account,
        "permission_level": "READ_WRITE",
        "partner_source": "OTHER",
        **dates(record),
    }


AUDIENCES = Resource(
    "custom_audience",
    "custom_audience_id",
    "TAILORED_AUDIENCE_NOT_FOUND",
    render,
    filters={"custom_audience_ids": "id"},
    sortable=("name",),
    condition=lambda ctx, _: ctx.params.get("permission_scope", "OWNER") == "OWNER",
)


def create(ctx: Context) -> Result:
    """
    Create an empty list.
    """
    data = {
        "name": ctx.params["name"],
        "description": ctx.params.get("description"),
        "users": [],
        "filled_at": None,
    }
    record = ctx.store.add("custom_audience", ctx.account.id, data, ctx.now)
    return Result(render(ctx, record))


def update(ctx: Context) -> Result:
    """
    Rename a list or describe it.
    """
    record = AUDIENCES.one(ctx)
    if "name" in ctx.params and ctx.params["name"] is None:
        raise invalid("name", "name cannot be cleared")
    ctx.store.touch(record, ctx.now, dict(ctx.params))
    return Result(render(ctx, record))


def users(ctx: Context) -> Result:
    """
    Add people to a list or remove them; all operations or none.
    """
    record = AUDIENCES.one(ctx)
    operations = ctx.body
    if not isinstance(operations, list) or not operations:
        raise invalid("", "The body must be a JSON array of operations")
    known = dict.fromkeys(record.data["users"])
    flaws: list[tuple[Flaw, ...]] = []
    count = 0
    for operation in operations:
        try:
            adds, keys = _operation(operation)
        except ApiError as error:
            flaws.append(error.flaws)
            continue
        flaws.append(())
        count += len(keys)
        for key in keys:
            if adds:
                known[key] = None
            else:
                known.pop(key, None)
    if any(flaws):
        raise BatchError(flaws)
    if count > _MOST_USERS:
        raise invalid("users", f"At most {_MOST_USERS} users in one request", count)
    changes = {"users": list(known), "filled_at": ctx.now}
    ctx.store.touch(record, ctx.now, changes)
    return Result({"success_count": count, "total_count": count}, status=200)


def _operation(operation: Any) -> tuple[bool, list[str]]:
    """
    Whether an operation adds, and the keys of the people it names.
    """
    if not isinstance(operation, dict):
        raise invalid("", "Each operation must be a JSON object")
    kind = operation.get("operation_type")
    if kind not in {"Update", "Delete"}:
        raise invalid("operation_type", "Expected Update or Delete", kind)
    params = operation.get("params")
    if not isinstance(params, dict):
        raise missing("params")
    for name in ("effective_at", "expires_at"):
        if name in params and seconds(str(params[name])) is None:
            raise invalid(name, "Expected an ISO 8601 time", params[name])
    people = params.get("users")
    if not isinstance(people, list) or not people:
        raise missing("users")
    return kind == "Update", [_person(person) for person in people]


def _person(person: Any) -> str:
    if not isinstance(person, dict) or not any(person.get(key) for key in _KEYS):
        raise invalid("users", f"Each user needs one of {', '.join(_KEYS)}")
    for key in _HASHED:
        values = person.get(key) or []
        if not isinstance(values, list):
            raise invalid(key, f"{key} must be a list of hashes")
        if not all(isinstance(one, str) and _HASH.fullmatch(one) for one in values):
            raise invalid(key, f"{key} must be SHA-256 in lower-case hexadecimal")
    text = json.dumps({key: person.get(key) for key in _KEYS}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def targeted(ctx: Context) -> Result:
    """
    Campaigns and line items that name a list.
    """
    record = AUDIENCES.one(ctx)
    rows = []
    for campaign in children(ctx.store, ctx.account.id, "campaign"):
        named = [
            line
            for line in children(ctx.store, campaign.id, "line_item")
            if _names(ctx, line, record)
        ]
        serves = CAMPAIGNS.render(ctx, campaign)["servable"]
        if named and (serves or not ctx.params.get("with_active", True)):
            rows.append(
                {
                    "campaign_id": campaign.id,
                    "campaign_name": campaign.data["name"],
                    "line_items": [
                        {"id": one.id, "name": one.data["name"], "servable": serves}
                        for one in named
                    ],
                }
            )
    return cut(ctx, rows)


def _names(ctx: Context, line_item: Record, audience: Record) -> bool:
    return any(
        one.data["targeting_type"].startswith("CUSTOM_AUDIENCE")
        and one.data["targeting_value"] == audience.id
        for one in children(ctx.store, line_item.id, "targeting_criterion")
    )


def estimate(ctx: Context) -> Result:
    """
    Between how many people a set of criteria reaches; it needs a primary one.
    """
    _ = ctx.account
    told = ctx.body.get("targeting_criteria") if isinstance(ctx.body, dict) else None
    if not isinstance(told, list) or not told:
        raise missing("targeting_criteria")
    rows = [_criterion(ctx, one) for one in told]
    if not any(kind in PRIMARY for kind, _, _ in rows):
        text = f"At least one criterion of {', '.join(PRIMARY)} is needed"
        raise invalid("targeting_criteria", text)
    size = size_of(ctx.store, rows)
    low, high = int(size * (1 - _UNCERTAIN)), int(size * (1 + _UNCERTAIN))
    return Result({"audience_size": {"min": low, "max": high}}, status=200)


def _criterion(ctx: Context, one: Any) -> tuple[str, str, str]:
    if not isinstance(one, dict):
        raise invalid("targeting_criteria", "Each criterion must be a JSON object")
    kind, value = one.get("targeting_type"), one.get("targeting_value")
    if kind not in TYPES:
        code = Flaw("UNKNOWN_CRITERIA_TYPE", f"{kind} is no type", "targeting_type")
        raise ApiError(code)
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        raise missing("targeting_value")
    operator = one.get("operator_type", "EQ")
    if operator not in {"EQ", "NE"}:
        raise invalid("operator_type", "Expected EQ or NE", operator)
    check_value(ctx, kind, str(value))
    return kind, operator, str(value)
