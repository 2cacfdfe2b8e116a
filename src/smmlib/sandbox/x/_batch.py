"""
Batches: up to 40 campaigns or line items, or 500 criteria, all or nothing.

Source: X Ads API, batch requests, 2026-08.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from smmlib.sandbox.x import _campaigns, _criteria, _line_items
from smmlib.sandbox.x._context import Result
from smmlib.sandbox.x._contract import operations
from smmlib.sandbox.x._errors import ApiError, BatchError, Flaw, invalid, refuse
from smmlib.sandbox.x._raw import raw_of_json
from smmlib.sandbox.x._typed import typed

if TYPE_CHECKING:
    from collections.abc import Callable

    from smmlib.sandbox.x._context import Context

_ROOT = "/accounts/{account_id}"


@attrs.frozen
class _Kind:
    """
    What a batch of one kind does for each operation.
    """

    path: str
    id_name: str
    actions: dict[str, Callable[[Context], Result]]


def _add_criterion(ctx: Context) -> Result:
    return Result(_criteria.render(ctx, _criteria.add(ctx, batch=True)))


_KINDS = {
    "campaigns": _Kind(
        f"{_ROOT}/campaigns",
        "campaign_id",
        {
            "Create": _campaigns.create,
            "Update": _campaigns.update,
            "Delete": _campaigns.CAMPAIGNS.delete,
        },
    ),
    "line_items": _Kind(
        f"{_ROOT}/line_items",
        "line_item_id",
        {
            "Create": _line_items.create,
            "Update": _line_items.update,
            "Delete": _line_items.LINE_ITEMS.delete,
        },
    ),
    "targeting_criteria": _Kind(
        f"{_ROOT}/targeting_criteria",
        "targeting_criterion_id",
        {"Create": _add_criterion, "Delete": _criteria.delete},
    ),
}
_METHODS = {"Create": "POST", "Update": "PUT", "Delete": "DELETE"}


def run(ctx: Context) -> Result:
    """
    Do all operations in order; the first doubt about one undoes them all.
    """
    _ = ctx.account
    items = ctx.body
    if not isinstance(items, list) or not items:
        raise invalid("", "The body must be a JSON array of operations")
    most = ctx.operation.max_batch or 0
    if len(items) > most:
        text = f"A batch holds at most {most} operations, this one {len(items)}"
        raise refuse("REQUEST_TOO_COMPLEX", text)
    kind = _KINDS[ctx.operation.path.rpartition("/")[2]]
    told = []
    flaws: list[tuple[Flaw, ...]] = []
    with ctx.store.all_or_nothing():
        for item in items:
            try:
                told.append(_do(ctx, kind, item))
                flaws.append(())
            except ApiError as error:
                flaws.append(error.flaws)
        if any(flaws):
            raise BatchError(flaws)
    return Result([] if ctx.fault == "empty_page" else told)


def _do(ctx: Context, kind: _Kind, item: Any) -> Any:
    if not isinstance(item, dict):
        raise invalid("", "Each operation must be a JSON object")
    verb, params = item.get("operation_type"), item.get("params")
    action = kind.actions.get(verb) if isinstance(verb, str) else None
    if action is None or not isinstance(verb, str):
        text = f"Expected one of {', '.join(kind.actions)}"
        raise invalid("operation_type", text, verb)
    if not isinstance(params, dict):
        raise invalid("params", "params must be a JSON object")
    path, ids = kind.path, dict(ctx.ids)
    if verb != "Create":
        given = params.get(kind.id_name)
        if not isinstance(given, (str, int)) or isinstance(given, bool):
            text = f'"{kind.id_name}" is a required parameter'
            raise refuse("MISSING_PARAMETER", text, parameter=kind.id_name)
        path, ids = f"{path}/{{{kind.id_name}}}", ids | {kind.id_name: str(given)}
    operation = operations()[_METHODS[verb], path]
    lax = ("end_time", "targeting_type")
    values = _typed_item(operation, params, lax)
    inner = attrs.evolve(ctx, operation=operation, ids=ids, params=values, body=None)
    return action(inner).data


def _typed_item(operation: Any, params: dict[str, Any], lax: tuple[str, ...]) -> Any:
    """
    Read an item's parameters; two targeting types are known to batches only.
    """
    raw = raw_of_json(params)
    kind = params.get("targeting_type")
    if kind in _criteria.BATCH_ONLY:
        del raw["targeting_type"]
        return {**typed(operation, raw, lax=lax), "targeting_type": kind}
    return typed(operation, raw, lax=("end_time",))
