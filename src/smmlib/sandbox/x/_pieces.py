"""
Uploads in pieces: INIT, APPEND, FINALIZE, STATUS; films need some seconds afterwards.

Source: X API, chunked media upload, 2026-08. Of what is sent only the beginning and the
sizes are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.sandbox.x._errors import invalid, missing, refuse

if TYPE_CHECKING:
    from collections.abc import Callable

    from smmlib.sandbox.x._context import Context
    from smmlib.sandbox.x._store import Record

    Take = Callable[[Context, bytes, int], dict[str, Any]]

_HEAD = 2_000
_LARGEST_PIECE = 5 * 1024 * 1024
_WORK_S = 5


def in_pieces(ctx: Context, files: dict[str, bytes], take: Take) -> dict[str, Any]:
    """
    One command of an upload in pieces.

    Args:
        ctx: The request.
        files: Uploaded parts by name.
        take: Keeps the whole file: its beginning and its size.
    """
    command = ctx.params["command"]
    if command == "INIT":
        return _begin(ctx)
    record = _pending(ctx)
    if command == "APPEND":
        return _append(ctx, record, files)
    if command == "FINALIZE":
        return _finish(ctx, record, take)
    if command == "STATUS":
        return _status(ctx, record)
    raise invalid("command", "Expected INIT, APPEND, FINALIZE or STATUS", command)


def _begin(ctx: Context) -> dict[str, Any]:
    for name in ("total_bytes", "media_type"):
        if not ctx.params.get(name):
            raise missing(name)
    account = next(iter(ctx.store.accounts))
    data = {
        "total": ctx.params["total_bytes"],
        "category": ctx.params.get("media_category"),
        "sizes": {},
        "head": "",
        "done": None,
    }
    record = ctx.store.add("pending_upload", account, data, ctx.now)
    return {
        "media_id_string": record.id,
        "expires_after_secs": 86_400,
    }


def _pending(ctx: Context) -> Record:
    given = str(ctx.params.get("media_id") or "")
    record = ctx.store.get("pending_upload", given)
    if record is None:
        text = f"Upload {given[:40]} was not begun"
        raise refuse("INVALID_MEDIA_ID", text, parameter="media_id", value=given[:40])
    return record


def _append(ctx: Context, record: Record, files: dict[str, bytes]) -> dict[str, Any]:
    """
    Take a piece; the same one again replaces it.
    """
    content = files.get("media")
    number = ctx.params.get("segment_index")
    if not content or number is None:
        raise missing("media" if not content else "segment_index")
    if len(content) > _LARGEST_PIECE:
        raise refuse("INVALID_MEDIA", f"At most {_LARGEST_PIECE} bytes at once")
    changes: dict[str, Any] = {
        "sizes": {**record.data["sizes"], str(number): len(content)}
    }
    if number == 0:
        changes["head"] = content[:_HEAD].hex()
    ctx.store.touch(record, ctx.now, changes)
    return {}


def _finish(ctx: Context, record: Record, take: Take) -> dict[str, Any]:
    data = record.data
    size = sum(data["sizes"].values())
    complete = list(map(str, range(len(data["sizes"])))) == sorted(
        data["sizes"], key=int
    )
    if size != data["total"] or not complete:
        text = f"{size} bytes came, {data['total']} were announced"
        raise refuse("INVALID_MEDIA", text, parameter="media_id")
    ctx.params.setdefault("media_category", data["category"])
    told = take(ctx, bytes.fromhex(data["head"]), size)
    ctx.store.touch(record, ctx.now, {"done": ctx.now + _WORK_S, "told": told})
    return _status(ctx, record)


def _status(ctx: Context, record: Record) -> dict[str, Any]:
    """
    How far the platform is with the file.
    """
    done = record.data["done"]
    if done is None:
        raise invalid("command", "The upload is not finalized", "STATUS")
    info: dict[str, Any] = {"state": "succeeded", "progress_percent": 100}
    if ctx.now < done:
        info = {"state": "in_progress", "check_after_secs": _WORK_S}
    return {**record.data["told"], "processing_info": info}
