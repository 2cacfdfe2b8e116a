"""
Custom audiences: customer lists, site visitors, lookalikes; ready after a while.

Source: Marketing API custom audience and lookalike references, 2026-09.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from smmlib.sandbox import _world as people
from smmlib.sandbox.meta._errors import GraphError, invalid, missing, not_modelled
from smmlib.sandbox.meta._facts import size_of
from smmlib.sandbox.meta._tables import AGE_MAX
from smmlib.sandbox.meta._targeting import check_targeting
from smmlib.sandbox.meta._types import check_value
from smmlib.sandbox.meta._world_state import stable_digits

if TYPE_CHECKING:
    from smmlib.sandbox.meta._context import Context, Params
    from smmlib.sandbox.meta._world_state import Node

CREATE = frozenset(
    "name subtype description customer_file_source rule retention_days pixel_id"
    " prefill origin_audience_id lookalike_spec".split()
)
UPDATE = frozenset({"name", "description"})
LIST_READY_S, SITE_READY_S, LOOKALIKE_READY_S = 30 * 60, 60 * 60, 6 * 60 * 60
_HASH = re.compile(r"[0-9a-f]{64}")
_SCHEMAS = frozenset({"EMAIL", "PHONE", "EMAIL_SHA256", "PHONE_SHA256", "EXTERN_ID"})
_MOST_USERS = 10_000
_MATCHED = 0.6
_SEED_LEAST = 100
_RETENTION = {"pixel": 180, "page": 365, "lead": 90, "app": 180}
_SUBTYPES = {"pixel": "WEBSITE", "app": "APP"}

Data = dict[str, Any]


def create_audience(ctx: Context, account: Node, params: Params) -> Data:
    """
    POST /act_X/customaudiences.
    """
    if not params.get("name", "").strip():
        raise missing("name")
    subtype = params.get("subtype", "WEBSITE" if "rule" in params else "CUSTOM")
    makers = {"CUSTOM": _list, "WEBSITE": _site, "LOOKALIKE": _lookalike}
    if subtype not in makers:
        raise not_modelled(f"custom audiences of subtype {subtype}")
    data = {k: v for k, v in params.items() if k in CREATE}
    data.update(subtype=subtype, content_updated=ctx.now)
    makers[subtype](ctx, account, data)
    return {"id": ctx.world.add("CustomAudience", account.account, data, ctx.now).id}


def update_audience(ctx: Context, audience: Node, params: Params) -> Data:
    """
    POST /{custom audience}.
    """
    ctx.world.touch(audience, ctx.now, dict(params))
    return {"success": True}


def add_users(ctx: Context, audience: Node, params: Params) -> Data:
    """
    POST /{custom audience}/users: hashed people, never plain ones.
    """
    hashes, bad = _users(audience, params)
    known = dict.fromkeys([*audience.data.get("members", ()), *hashes])
    return _store(ctx, audience, list(known), len(hashes) + bad, bad)


def remove_users(ctx: Context, audience: Node, params: Params) -> Data:
    """
    DELETE /{custom audience}/users.
    """
    hashes, bad = _users(audience, params)
    gone = set(hashes)
    left = [h for h in audience.data.get("members", ()) if h not in gone]
    return _store(ctx, audience, left, len(hashes) + bad, bad)


def delivery_estimate(ctx: Context, node: Node, params: Params) -> Data:
    """
    GET /act_X/delivery_estimate and /{ad set}/delivery_estimate.
    """
    low, high = _estimate(ctx, node, params)
    row = {
        "estimate_mau_lower_bound": low,
        "estimate_mau_upper_bound": high,
        "estimate_ready": True,
    }
    return {"data": [row]}


def reach_estimate(ctx: Context, node: Node, params: Params) -> Data:
    """
    GET /act_X/reachestimate.
    """
    low, high = _estimate(ctx, node, params)
    row = {"users_lower_bound": low, "users_upper_bound": high, "estimate_ready": True}
    return {"data": row}


def _estimate(ctx: Context, node: Node, params: Params) -> tuple[int, int]:
    spec = params.get("targeting_spec") or node.data.get("targeting")
    if spec is None:
        raise missing("targeting_spec")
    checked = check_targeting(ctx, node.account, spec, new=False)
    size = max(size_of(ctx.world, checked), 1_000)
    step = 10 ** max(len(str(size)) - 2, 2)
    low = size // step * step
    return low, int(low * 1.18)


def _list(_ctx: Context, _account: Node, data: Data) -> None:
    if "customer_file_source" not in data:
        raise missing("customer_file_source")
    if "rule" in data or "lookalike_spec" in data:
        raise invalid("subtype", "A customer list has neither rule nor lookalike_spec.")
    data.update(members=[], size=0, ready_at=0)


def _site(ctx: Context, _account: Node, data: Data) -> None:
    if "rule" not in data:
        raise missing("rule")
    try:
        rule = json.loads(data["rule"])
    except (ValueError, RecursionError) as error:
        raise invalid("rule", "The rule must be JSON.") from error
    kind, days = _rule_days(ctx, rule)
    longest = _RETENTION[kind]
    if "retention_days" in data and not 1 <= data["retention_days"] <= longest:
        raise invalid("retention_days", f"1 to {longest} days.")
    data["subtype"] = _SUBTYPES.get(kind, "ENGAGEMENT")
    if data.get("pixel_id", ctx.identity.pixel) != ctx.identity.pixel:
        raise invalid("pixel_id", f"No pixel {data['pixel_id']} here.")
    days = data.setdefault("retention_days", days)
    visitors = 200 + int(stable_digits(3, ctx.world.seed, "visitors"))
    data.update(size=visitors * days, ready_at=ctx.now + SITE_READY_S)


def _rule_days(ctx: Context, rule: Any) -> tuple[str, int]:
    """
    Where the people of a rule come from, and for how many days they are kept.
    """
    inclusions = rule.get("inclusions") if isinstance(rule, dict) else None
    rules = inclusions.get("rules") if isinstance(inclusions, dict) else None
    if not isinstance(rules, list) or not rules:
        raise invalid("rule", 'The rule needs {"inclusions": {"rules": [...]}}.')
    found: list[tuple[str, int]] = []
    for item in rules:
        sources = item.get("event_sources") if isinstance(item, dict) else None
        seconds = item.get("retention_seconds") if isinstance(item, dict) else None
        if not isinstance(sources, list) or not sources or not isinstance(seconds, int):
            raise invalid("rule", "A rule has event_sources and retention_seconds.")
        days = -(-seconds // 86_400)
        for source in sources:
            kind = _source(ctx, source)
            if not 1 <= days <= _RETENTION[kind]:
                text = f"retention_seconds is 1 to {_RETENTION[kind]} days."
                raise invalid("rule", text)
            found.append((kind, days))
    return found[0][0], max(days for _, days in found)


def _source(ctx: Context, source: Any) -> str:
    """
    The kind of an event source that is known here.
    """
    given = source if isinstance(source, dict) else {}
    kind, own = str(given.get("type")), str(given.get("id"))
    identity = ctx.identity
    known = {"pixel": identity.pixel, "page": identity.page, "app": identity.app_id}
    form = ctx.world.get(own) if kind == "lead" else None
    right = form.kind == "LeadgenForm" if form else known.get(kind) == own
    if set(given) != {"id", "type"} or not right:
        raise invalid("rule", f"No event source {source} here.")
    return kind


def _lookalike(ctx: Context, account: Node, data: Data) -> None:
    spec = _lookalike_spec(data)
    origin = ctx.owned(
        data.get("origin_audience_id", ""), "CustomAudience", account.account
    )
    if origin is None or origin.data.get("status") == "DELETED":
        raise invalid("origin_audience_id", "No such audience in this account.")
    if origin.data["size"] < _SEED_LEAST:
        raise GraphError(
            200,
            "Invalid parameter",
            subcode=1870047,
            title="Audience too small",
            text=f"A lookalike needs at least {_SEED_LEAST} matched people.",
            blame=["origin_audience_id"],
        )
    countries = [spec["country"]] if "country" in spec else spec["target_countries"]
    for country in countries:
        if people.entry("country", country) is None:
            raise invalid("lookalike_spec", f"{country!r} is not a country here.")
    everyone = people.audience_size(countries=countries, ages=(18, AGE_MAX))
    data["lookalike_spec"] = {
        **spec,
        "origin": [{"id": origin.id, "name": origin.data["name"]}],
    }
    share = spec["ratio"] - spec.get("starting_ratio", 0)
    ready = max(ctx.now, origin.data["ready_at"]) + LOOKALIKE_READY_S
    data.update(size=int(everyone * share), ready_at=ready)


def _lookalike_spec(data: Data) -> Data:
    try:
        raw = json.loads(data.get("lookalike_spec", "null"))
    except (ValueError, RecursionError) as error:
        raise invalid("lookalike_spec", "lookalike_spec must be JSON.") from error
    if raw is None:
        raise missing("lookalike_spec")
    spec: Data = check_value("lookalike_spec", raw, "ref:LookalikeSpec")
    known = {"country", "target_countries", "ratio", "starting_ratio", "type"}
    for key in spec:
        if key not in known:
            raise not_modelled(f"lookalike_spec.{key}")
    if not (spec.get("country") or spec.get("target_countries")):
        raise invalid("lookalike_spec", "A lookalike needs a country.")
    low, high = spec.get("starting_ratio", 0), spec.get("ratio", 0)
    if not (0.01 <= high <= 0.2 and 0 <= low < high):  # noqa: PLR2004 - 1 % to 20 %
        raise invalid("lookalike_spec", "The ratio is 0.01 to 0.20.")
    return spec


def _users(audience: Node, params: Params) -> tuple[list[str], int]:
    if audience.data["subtype"] != "CUSTOM":
        raise invalid("payload", "Only customer lists take people.")
    if "payload" not in params:
        raise missing("payload")
    payload = params["payload"]
    if not isinstance(payload, dict) or not isinstance(payload.get("data"), list):
        raise invalid("payload", "The payload has schema and data.")
    if payload.get("is_raw"):
        raise not_modelled("raw people; hash them before they leave")
    schema = payload.get("schema")
    if schema not in _SCHEMAS:
        raise not_modelled(f"the audience schema {schema}")
    if len(payload["data"]) > _MOST_USERS:
        raise invalid("payload", f"At most {_MOST_USERS} people at once.")
    rows = [row[0] if isinstance(row, list) and row else row for row in payload["data"]]
    right = [row for row in rows if isinstance(row, str) and _HASH.fullmatch(row)]
    return right, len(rows) - len(right)


def _store(
    ctx: Context, audience: Node, members: list[str], received: int, bad: int
) -> Data:
    ctx.world.touch(
        audience,
        ctx.now,
        {
            "members": members,
            "size": int(len(members) * _MATCHED),
            "ready_at": ctx.now + LIST_READY_S,
            "content_updated": ctx.now,
        },
    )
    return {
        "audience_id": audience.id,
        "session_id": stable_digits(16, audience.id, ctx.now, received),
        "num_received": received,
        "num_invalid_entries": bad,
        "invalid_entry_samples": {},
    }
