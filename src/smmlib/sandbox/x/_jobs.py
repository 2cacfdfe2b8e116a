"""
Statistics by job: queued, worked on, and a packed file to fetch.

Source: X Ads API, asynchronous analytics, 2026-08. A job moves on when it is looked at
and with the clock; the file is kept for two days.
"""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.sandbox.x._audience_size import ages_of
from smmlib.sandbox.x._context import Result
from smmlib.sandbox.x._errors import invalid, missing, not_modelled, refuse
from smmlib.sandbox.x._facts import criteria_of
from smmlib.sandbox.x._limits import JOBS
from smmlib.sandbox.x._resources import Resource, paged
from smmlib.sandbox.x._stats import (
    ASYNC_DAYS,
    DAY_S,
    SEGMENTED_DAYS,
    extras_of,
    figures,
    judged,
)
from smmlib.sandbox.x._typed import stamp

if TYPE_CHECKING:
    from smmlib.sandbox.x._context import Context
    from smmlib.sandbox.x._store import Record

RESULTS = "results"
_WORK_S = 60
_KEPT_S = 2 * DAY_S
_OPEN = ("QUEUED", "PROCESSING")
_AGES = {
    "13-17": 0.06, "18-24": 0.21, "25-34": 0.28, "35-44": 0.20, "45-54": 0.12,
    "55+": 0.13,
}  # fmt: skip
_WEIGHTS = {
    "AGE": _AGES,
    "GENDER": {"MALE": 0.56, "FEMALE": 0.44},
    "PLATFORMS": {"iOS": 0.41, "Android": 0.43, "Desktop": 0.16},
}
_YOUNGEST, _OLDEST = 13, 65


def create(ctx: Context) -> Result:
    """
    Queue a job.
    """
    segmentation = ctx.params.get("segmentation_type")
    judged(ctx, SEGMENTED_DAYS if segmentation else ASYNC_DAYS)
    _check_segmentation(ctx, segmentation)
    if _open_jobs(ctx) >= JOBS:
        text = f"At most {JOBS} jobs can be under way"
        raise refuse("TOO_MANY_JOBS", text)
    fate = {"report_stuck": "stuck", "report_failed": "failed"}.get(ctx.fault, "")
    data = {"params": dict(ctx.params), "looks": 0, "cancelled": False, "fate": fate}
    data["name"] = f"{ctx.now} {len(ctx.store.family(ctx.account.id, 'stats_job'))}"
    record = ctx.store.add("stats_job", ctx.account.id, data, ctx.now)
    return Result(render(ctx, record), headers=_headers(ctx))


def _check_segmentation(ctx: Context, segmentation: str | None) -> None:
    params = ctx.params
    if segmentation == "METROS":
        if not params.get("country"):
            raise missing("country", " for METROS")
        raise not_modelled("statistics by metropolitan area")
    if segmentation == "CONVERSION_TAGS" and params["metric_groups"] != [
        "WEB_CONVERSION"
    ]:
        text = "CONVERSION_TAGS goes with WEB_CONVERSION alone"
        raise invalid("metric_groups", text)
    if segmentation and "LIFE_TIME_VALUE_MOBILE_CONVERSION" in params["metric_groups"]:
        raise invalid("metric_groups", "These metrics have no segments")


def status(record: Record, now: float) -> str:
    """
    How far a job is.
    """
    data = record.data
    if data["cancelled"]:
        return "CANCELLED"
    looks, age = data["looks"], now - record.created
    if looks == 0 and age < _WORK_S:
        return "QUEUED"
    if data["fate"] == "stuck" or (looks <= 1 and age < _WORK_S):
        return "PROCESSING"
    return "FAILED" if data["fate"] == "failed" else "SUCCESS"


def render(ctx: Context, record: Record) -> dict[str, Any]:
    """
    The job as X tells it.
    """
    params, state = record.data["params"], status(record, ctx.now)
    done = state == "SUCCESS"
    expires = record.created + _KEPT_S
    there = done and ctx.now < expires
    url = f"{ctx.url}/{RESULTS}/stats_job_{record.id}.json.gz" if there else None
    return {
        "id": int(record.id),
        "id_str": record.id,
        "account_id": record.account,
        "status": state,
        "url": url,
        "expires_at": stamp(expires) if done else None,
        "start_time": params["start_time"],
        "end_time": params["end_time"],
        **{
            name: params.get(name)
            for name in (
                "entity", "entity_ids", "granularity", "metric_groups", "placement",
                "segmentation_type", "country", "platform",
            )
        },
        "created_at": stamp(record.created),
        "updated_at": stamp(record.updated),
    }  # fmt: skip


JOB = Resource("stats_job", "job_id", "NOT_FOUND", render, filters={"job_ids": "id"})


def list_jobs(ctx: Context) -> Result:
    """
    Look after jobs; the ones looked at move on.
    """
    family = ctx.store.family(ctx.account.id, "stats_job")
    shown = [record for record in family if JOB.shows(ctx, record)]
    for record in shown:
        record.data["looks"] += 1
    result = paged(ctx, family, shown, lambda record: render(ctx, record))
    return Result(result.data, result.extras, headers=_headers(ctx))


def cancel(ctx: Context) -> Result:
    """
    Stop a job that is under way.
    """
    record = JOB.one(ctx)
    if status(record, ctx.now) not in _OPEN:
        raise refuse("ACTION_NOT_ALLOWED", "The job is done")
    ctx.store.touch(record, ctx.now, {"cancelled": True})
    return Result(render(ctx, record), headers=_headers(ctx))


def result_file(ctx: Context, name: str) -> bytes | None:
    """
    The packed figures of a finished job; None when there is no such file.
    """
    job_id = name.removeprefix("stats_job_").removesuffix(".json.gz")
    record = ctx.store.get("stats_job", job_id)
    if record is None or status(record, ctx.now) != "SUCCESS":
        return None
    if ctx.now >= record.created + _KEPT_S:
        return None
    inner = _as_asked(ctx, record)
    query = judged(inner, ASYNC_DAYS)
    data = figures(inner, query, _segments(inner))
    told = {"data": data, "request": {"params": record.data["params"]}}
    return gzip.compress(json.dumps({**told, **extras_of(query)}).encode(), mtime=0)


def _as_asked(ctx: Context, record: Record) -> Context:
    return attrs.evolve(
        ctx, params=record.data["params"], ids={"account_id": record.account}
    )


def _segments(ctx: Context) -> dict[str, float] | None:
    kind = ctx.params.get("segmentation_type")
    if not kind:
        return None
    if kind == "CONVERSION_TAGS":
        return {ctx.identity.web_event_tag: 1.0}
    if kind != "AGE":
        return _WEIGHTS[kind]
    low, high = _ages(ctx)
    known = {
        name: weight for name, weight in _AGES.items() if _overlaps(name, low, high)
    }
    return known or _AGES


def _ages(ctx: Context) -> tuple[int, int]:
    """
    The widest range of ages among the line items asked for.
    """
    lines = [ctx.store.get("line_item", given) for given in ctx.params["entity_ids"]]
    ranges = [ages_of(criteria_of(ctx.store, line)) for line in lines if line]
    if not ranges:
        return _YOUNGEST, _OLDEST
    return min(low for low, _ in ranges), max(high for _, high in ranges)


def _overlaps(name: str, low: int, high: int) -> bool:
    begin, _, end = name.partition("-")
    first = int(begin.removesuffix("+"))
    last = int(end) if end else _OLDEST
    return first <= high and last >= low


def _open_jobs(ctx: Context) -> int:
    family = ctx.store.family(ctx.account.id, "stats_job")
    return sum(status(record, ctx.now) in _OPEN for record in family)


def _headers(ctx: Context) -> tuple[tuple[str, str], ...]:
    left = JOBS - _open_jobs(ctx)
    return (
        ("x-concurrent-job-limit", str(JOBS)),
        ("x-concurrent-job-limit-remaining", str(max(0, left))),
    )
