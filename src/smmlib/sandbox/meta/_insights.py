"""
Insights: what the ads did, by level, period and breakdown.

Source: Marketing API insights reference, breakdowns and best practices, 2026-09.
"""

from __future__ import annotations

import base64
import binascii
import json
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.sandbox.meta._attribution import (
    chosen_windows,
    counted,
    in_window,
    setting_of,
)
from smmlib.sandbox.meta._breakdowns import (
    DEMOGRAPHIC,
    REACH_MONTHS,
    Part,
    chosen,
    parts_of,
    share_of,
)
from smmlib.sandbox.meta._contract import contract
from smmlib.sandbox.meta._delivery import refreshed
from smmlib.sandbox.meta._errors import (
    GraphError,
    bad_param,
    no_field,
    not_modelled,
)
from smmlib.sandbox.meta._listing import (
    OPERATORS,
    compare,
    empty_page,
    link,
    read_limit,
)
from smmlib.sandbox.meta._metrics import METRICS, figures
from smmlib.sandbox.meta._periods import Period, months_before, periods
from smmlib.sandbox.meta._render import fields_of
from smmlib.sandbox.meta._status import GONE, effective_status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smmlib.sandbox import _world as people
    from smmlib.sandbox.meta._context import Context, Params
    from smmlib.sandbox.meta._world_state import Node

PARAMS = frozenset(
    "level date_preset time_range time_ranges time_increment breakdowns filtering sort"
    " action_attribution_windows action_breakdowns action_report_time fields limit"
    " use_unified_attribution_setting use_account_attribution_setting".split()
)
_LEVELS = {"AdAccount": "account", "Campaign": "campaign", "AdSet": "adset", "Ad": "ad"}
_ORDER = ("account", "campaign", "adset", "ad")
_KINDS = {"account": "AdAccount", "campaign": "Campaign", "adset": "AdSet", "ad": "Ad"}
_DEFAULT = ("account_id", "campaign_id", "impressions", "spend")
_NAMES = ("account", "campaign", "adset", "ad")
_ATTRIBUTES = frozenset(
    {
        "account_id", "account_name", "account_currency", "objective", "buying_type",
        "optimization_goal", "attribution_setting", "date_start", "date_stop",
        *(f"{level}_{part}" for level in _NAMES[1:] for part in ("id", "name")),
    }
)  # fmt: skip
_REACH = frozenset({"reach", "frequency", "cpp"})

Row = dict[str, Any]


@attrs.frozen
class _Group:
    """
    One row to be: an object, a period, the values of the breakdowns.
    """

    period: Period
    node: Node = attrs.field(eq=lambda node: node.id)
    part: Part


def read_insights(
    ctx: Context, node: Node, params: Params, *, whole: bool = False
) -> dict[str, Any]:
    """
    GET /{account | campaign | ad set | ad}/insights.

    Args:
        ctx: The request's surroundings.
        node: Whose figures.
        params: The checked parameters.
        whole: An asynchronous report, which tells what a synchronous one does not.
    """
    if not whole and "impression_device" in params.get("breakdowns", ()):
        check_report(ctx, node, params)
        return {"data": []}
    what = {k: v for k, v in params.items() if k not in {"limit", "after", "before"}}
    then = refreshed(ctx.now)
    key = (node.id, ctx.world.version, then, json.dumps(what, sort_keys=True))
    # A large report is read in many pages: computed once, kept until a write.
    rows = ctx.ledger.remembered(key, lambda: _report(ctx, node, what))
    return _page(ctx, rows, params)


def check_report(ctx: Context, node: Node, params: Params) -> None:
    """
    Refuse a report that could not be computed.
    """
    _level(node, params)
    _fields(params)
    chosen(params)
    chosen_windows(params)
    for item in params.get("filtering", ()):
        _filter(item)
    periods(params, _today(ctx, node))
    _sorted([], params)


def _today(ctx: Context, node: Node) -> date:
    return datetime.fromtimestamp(ctx.now, ctx.account(node).zone).date()


def _report(ctx: Context, node: Node, params: Params) -> list[Row]:
    level = _level(node, params)
    names = _fields(params)
    breakdowns = chosen(params)
    windows = chosen_windows(params)
    filters = [_filter(item) for item in params.get("filtering", ())]
    wanted = periods(params, _today(ctx, node))
    groups = _grouped(ctx, node, level, wanted, breakdowns)
    facts: dict[str, list[people.AdFacts]] = {}
    for fact in ctx.ledger.facts(ctx.account(node)):
        facts.setdefault(fact.ad_id, []).append(fact)
    rows = []
    for group, members in groups.items():
        if not _kept(ctx, node, group, filters):
            continue
        told = _audiences(ctx, group, members, facts, breakdowns)
        numbers = figures(members, told, _by_window(ctx, members, windows))
        if breakdowns and group.period[0] < _reach_since(ctx, node):
            numbers = {k: v for k, v in numbers.items() if k not in _REACH}
        if all(_passes(numbers, rule) for rule in filters if rule[0] == ""):
            named = dict(zip(breakdowns, group.part, strict=True))
            row = {**_attributes(ctx, group, members, level), **named, **numbers}
            rows.append((group, row))
    rows.sort(key=lambda item: (item[0].period, -item[0].node.seq, item[0].part))
    shown = _sorted([row for _, row in rows], params)
    return [_select(row, names, breakdowns) for row in shown]


def _level(node: Node, params: Params) -> str:
    own = _LEVELS[node.kind]
    level = str(params.get("level", own))
    if _ORDER.index(level) < _ORDER.index(own):
        raise GraphError(
            1, f"An unknown error occurred: level {level} of a {own}", subcode=99
        )
    return level


def _fields(params: Params) -> tuple[str, ...]:
    chosen = fields_of(params)
    known = contract().structs["AdsInsights"]
    for field in chosen:
        if field.name not in known:
            raise no_field(field.name, "AdsInsights")
        if field.name not in METRICS | _ATTRIBUTES or field.inside:
            raise not_modelled(f"the insights field {field.name}")
    return tuple(field.name for field in chosen) or _DEFAULT


def _by_window(
    ctx: Context, rows: Sequence[people.AdDay], windows: tuple[str, ...]
) -> dict[str, list[people.AdDay]]:
    return {
        window: [in_window(row, _setting(ctx, row.ad_id), window) for row in rows]
        for window in windows
    }


def _setting(ctx: Context, ad_id: str) -> str:
    return setting_of(_ancestor(ctx, ad_id, "adset").data)


def _audiences(
    ctx: Context,
    group: _Group,
    rows: Sequence[people.AdDay],
    facts: dict[str, list[people.AdFacts]],
    breakdowns: tuple[str, ...],
) -> dict[str, list[people.AdFacts]]:
    """
    The ads' audiences, as large as the part that a row is about.
    """
    if not DEMOGRAPHIC & set(breakdowns):
        return facts
    told = {}
    for row in rows:
        if row.ad_id not in told:
            share = share_of(ctx, row, breakdowns, group.part)
            told[row.ad_id] = [
                attrs.evolve(
                    fact, audience_size=max(int(fact.audience_size * share), 1)
                )
                for fact in facts[row.ad_id]
            ]
    return told


def _reach_since(ctx: Context, node: Node) -> date:
    return months_before(_today(ctx, node), REACH_MONTHS)


def _grouped(
    ctx: Context,
    node: Node,
    level: str,
    wanted: list[Period],
    breakdowns: tuple[str, ...],
) -> dict[_Group, list[people.AdDay]]:
    own = {node.id} if node.kind == "Ad" else set()
    own |= {ad.id for ad in ctx.world.family(_family(node), "Ad")}
    groups: dict[_Group, list[people.AdDay]] = {}
    today = _today(ctx, node)
    for row in ctx.ledger.rows(ctx.account(node), ctx.now):
        if row.ad_id not in own or not row.impressions:
            continue
        fitting = [period for period in wanted if period[0] <= row.day <= period[1]]
        if not fitting:
            continue
        target = _ancestor(ctx, row.ad_id, level)
        now = counted(row, today, _setting(ctx, row.ad_id))
        for part, told in parts_of(ctx, now, breakdowns):
            for period in fitting:
                groups.setdefault(_Group(period, target, part), []).append(told)
    return groups


def _family(node: Node) -> str:
    return node.account if node.kind == "AdAccount" else node.id


def _ancestor(ctx: Context, ad_id: str, level: str) -> Node:
    ad = ctx.world.get(ad_id)
    if ad is None:  # the ledger only knows ads of this world
        raise not_modelled("insights of a missing ad")
    key = {"ad": ad.id, "account": f"act_{ad.account}"}.get(level)
    found = ctx.world.get(key or ad.data[f"{level}_id"])
    return found or ad


def _attributes(
    ctx: Context, group: _Group, members: Sequence[people.AdDay], level: str
) -> Row:
    account = ctx.account(group.node)
    settings = {_setting(ctx, ad) for ad in {row.ad_id for row in members}}
    owner = ctx.world.get(account.id)
    row: Row = {
        "account_id": account.digits,
        "account_name": owner.data["name"] if owner else "",
        "account_currency": account.currency,
        "date_start": group.period[0].isoformat(),
        "date_stop": group.period[1].isoformat(),
        "attribution_setting": "mixed" if len(settings) > 1 else min(settings),
    }
    node: Node | None = group.node
    while node is not None and level != "account":
        name = _LEVELS[node.kind]
        row[f"{name}_id"], row[f"{name}_name"] = node.id, node.data["name"]
        for key in ("objective", "buying_type", "optimization_goal"):
            if key in node.data:
                row[key] = node.data[key]
        node = ctx.world.parent(node)
    return row


def _select(row: Row, names: tuple[str, ...], breakdowns: tuple[str, ...]) -> Row:
    wanted = dict.fromkeys((*names, "date_start", "date_stop", *breakdowns))
    return {name: row[name] for name in wanted if name in row}


Rule = tuple[str, str, str, Any]


def _filter(item: Any) -> Rule:
    if not isinstance(item, dict) or not {"field", "operator", "value"} <= set(item):
        raise bad_param("filtering", "must be a list of {field, operator, value}.")
    field, operator = str(item["field"]), str(item["operator"])
    if operator not in OPERATORS:
        raise bad_param("filtering[operator]", f"{operator} is not an operator.")
    prefix, dot, rest = field.rpartition(".")
    if rest in METRICS and rest not in {"actions", "action_values"}:
        return "", rest, operator, item["value"]
    if dot and prefix in _ORDER[1:] and rest in {"id", "name", "effective_status"}:
        return prefix, rest, operator, item["value"]
    if dot and prefix in _ORDER[1:] and rest in contract().fields[_KINDS[prefix]]:
        raise not_modelled(f"filtering insights by {field}")
    raise bad_param("filtering[field]", f"{field} is not a field to filter by.")


def _kept(ctx: Context, node: Node, group: _Group, filters: list[Rule]) -> bool:
    line = {}
    member: Node | None = group.node
    while member is not None:
        line[_LEVELS[member.kind]] = member
        member = ctx.world.parent(member)
    asked = False
    for level, field, operator, value in filters:
        if not level:
            continue
        target = line.get(level)
        if target is None:
            raise not_modelled(f"filtering by {level} on a coarser level")
        asked = asked or field == "effective_status"
        if not compare(_value(ctx, target, field), operator, value, field):
            return False
    # Totals of the object itself include what is gone; rows of its parts do not.
    if asked or group.node.id == node.id or group.node.kind == "AdAccount":
        return True
    return effective_status(ctx.world, group.node, ctx.now) not in GONE


def _value(ctx: Context, node: Node, field: str) -> str:
    if field == "id":
        return node.id
    if field == "name":
        return str(node.data["name"])
    return effective_status(ctx.world, node, ctx.now)


def _passes(numbers: Row, rule: Rule) -> bool:
    _, field, operator, value = rule
    return compare(numbers.get(field, "0"), operator, value, field)


def _sorted(rows: list[Row], params: Params) -> list[Row]:
    for text in reversed(params.get("sort", ())):
        name, _, way = text.rpartition("_")
        if way not in {"ascending", "descending"} or name not in METRICS | _ATTRIBUTES:
            raise bad_param("sort", "must be like spend_descending.")
        if name in {"actions", "action_values", "cost_per_action_type"}:
            raise not_modelled(f"sorting by {name}")
        rows = sorted(
            rows, key=lambda row: _order(row, name), reverse=way == "descending"
        )
    return rows


def _order(row: Row, name: str) -> tuple[Decimal, str]:
    value = row.get(name, "0")
    if name in METRICS and isinstance(value, str):
        return Decimal(value), ""
    return Decimal(0), str(value)


def _page(ctx: Context, rows: Sequence[Row], params: Params) -> dict[str, Any]:
    limit = read_limit(params)
    start = 0
    if "after" in params:
        start = _offset(params["after"]) + 1
    elif "before" in params:
        start = max(_offset(params["before"]) - limit, 0)
    if ctx.fails("empty_page"):
        return empty_page(ctx, _cursor(start - 1))
    part = list(rows[start : start + limit])
    body: dict[str, Any] = {"data": part}
    if part:
        last = start + len(part) - 1
        cursors = {"before": _cursor(start), "after": _cursor(last)}
        body["paging"] = {"cursors": cursors}
        if last + 1 < len(rows):
            body["paging"]["next"] = link(ctx, after=cursors["after"])
        if start:
            body["paging"]["previous"] = link(ctx, before=cursors["before"])
    return body


def _cursor(offset: int) -> str:
    return base64.b64encode(str(offset).encode()).decode().replace("=", "ZD")


def _offset(cursor: str) -> int:
    try:
        text = base64.b64decode(cursor.replace("ZD", "="), validate=True).decode()
        # -1 stands before the first row: where an empty first page leads back to.
        right = text == "-1" or (text.isascii() and text.isdigit())
        number = int(text) if right else None
    except (ValueError, binascii.Error):
        number = None
    if number is None:
        raise GraphError(100, "(#100) Invalid cursors values", blame=["after"])
    return number
