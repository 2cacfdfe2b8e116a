"""
Asynchronous reports: asked for, polled until done, then read in pages.

Source: Marketing API insights best practices, 2026-09. A run is done by the third
poll; like Meta's it says 100 % once while it is still running.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from smmlib.sandbox.meta._errors import GraphError, no_object
from smmlib.sandbox.meta._getters import RUN_DONE, progress
from smmlib.sandbox.meta._insights import check_report, read_insights

if TYPE_CHECKING:
    from smmlib.sandbox.meta._context import Context, Params
    from smmlib.sandbox.meta._world_state import Node

EXPIRES_S = 30 * 86_400


def start_report(ctx: Context, node: Node, params: Params) -> dict[str, Any]:
    """
    POST /{account | campaign | ad set | ad}/insights.
    """
    check_report(ctx, node, params)
    data = {"target": node.id, "params": dict(params), "polls": 0, **_fate(ctx)}
    run = ctx.world.add("AdReportRun", node.account, data, ctx.now)
    return {"report_run_id": run.id}


def _fate(ctx: Context) -> dict[str, Any]:
    fault = ctx.fault
    if fault is None or fault.kind not in {"report_stuck", "report_failed"}:
        return {}
    error = {"code": fault.code or -2, "subcode": fault.subcode or 2490547}
    return {"fate": fault.kind.removeprefix("report_"), "error": error}


def poll(ctx: Context, run: Node) -> None:
    """
    Count one look at a run; every look brings it forward.
    """
    _check_alive(ctx, run)
    run.data["polls"] += 1


def read_report(ctx: Context, run: Node, params: Params) -> dict[str, Any]:
    """
    GET /{report run}/insights: the figures as they were when it was asked for.
    """
    _check_alive(ctx, run)
    if progress(run) != RUN_DONE:
        raise GraphError(100, "(#100) The report is not ready yet; poll its status")
    target = ctx.world.get(run.data["target"])
    if target is None:
        raise no_object(run.id)
    then = attrs.evolve(ctx, now=run.created)
    paging = {k: v for k, v in params.items() if k in {"limit", "after", "before"}}
    stored = {k: v for k, v in run.data["params"].items() if k != "limit"}
    return read_insights(then, target, {**stored, **paging}, whole=True)


def _check_alive(ctx: Context, run: Node) -> None:
    if ctx.now - run.created > EXPIRES_S:
        raise no_object(run.id)
