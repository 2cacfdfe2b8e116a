"""
What all collections share: reading one, listing, paging, filtering, deleting.

Source: X Ads API, pagination, sorting and identifiers, 2026-08.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.sandbox.x._context import Result
from smmlib.sandbox.x._errors import invalid, refuse

if TYPE_CHECKING:
    from collections.abc import Callable

    from smmlib.sandbox.x._context import Context
    from smmlib.sandbox.x._store import Record

_UNBOUND = {"cursor", "count"}
_FLAGS = ("created_at", "updated_at", "deleted")


@attrs.frozen
class Resource:
    """
    One collection.

    Attributes:
        kind: Kind of its records.
        id_name: Name of the id in paths.
        absent: Code of the refusal when there is none.
        render: The answer's object.
        filters: Which list parameters choose by which key; `id` is the id.
        sortable: Fields for `sort_by` beside the usual three.
        query: What `q` looks at.
        drafts: Whether drafts are hidden unless asked for.
        condition: A further condition of lists.
    """

    kind: str
    id_name: str
    absent: str
    render: Callable[[Context, Record], dict[str, Any]]
    filters: dict[str, str] = attrs.field(factory=dict)
    sortable: tuple[str, ...] = ()
    query: str = "name"
    drafts: bool = False
    condition: Callable[[Context, Record], bool] | None = None

    def get(self, ctx: Context) -> Result:
        """
        One object by its id; deleted ones only when they are asked for.
        """
        return Result(self.render(ctx, self.one(ctx)))

    def one(self, ctx: Context) -> Record:
        """
        The record that the path names.
        """
        given = ctx.ids[self.id_name]
        record = ctx.store.get(self.kind, given)
        if (
            record is None
            or record.account != ctx.account.id
            or (record.deleted and not ctx.params.get("with_deleted"))
            or (ctx.operation.method == "GET" and not ctx.seen(record))
        ):
            if not given.replace("_", "").isalnum() or not given.isascii():
                text = f"{given[:40]!r} has characters that ids never have"
                raise refuse("INVALID_ID_ILLEGAL_CHARACTERS", text)
            text = f"{self.kind.replace('_', ' ').capitalize()} {given} was not found"
            raise refuse(self.absent, text, parameter=self.id_name, value=given)
        return record

    def page(self, ctx: Context) -> Result:
        """
        A page of the collection.
        """
        family = ctx.store.family(ctx.account.id, self.kind)
        ordered = self.ordered(ctx, family)
        shown = [record for record in ordered if self.shows(ctx, record)]
        return paged(ctx, ordered, shown, lambda record: self.render(ctx, record))

    def delete(self, ctx: Context) -> Result:
        """
        Delete softly: it stays visible with `with_deleted`.
        """
        record = self.one(ctx)
        ctx.store.bury(record, ctx.now)
        ctx.changed.append(record)
        return Result(self.render(ctx, record))

    def erase(self, ctx: Context) -> Result:
        """
        Delete for good.
        """
        record = self.one(ctx)
        told = self.render(ctx, record)
        ctx.store.remove(record)
        return Result({**told, "deleted": True} if "deleted" in told else told)

    def shows(self, ctx: Context, record: Record) -> bool:
        """
        Whether a list has this record.
        """
        params = ctx.params
        if record.deleted and not params.get("with_deleted"):
            return False
        if self.drafts and not params.get("with_draft") and _is_draft(record):
            return False
        if not ctx.seen(record) or not self._chosen(params, record):
            return False
        begin = params.get("q")
        name = str(record.data.get(self.query) or "")
        if begin and not name.casefold().startswith(begin.casefold()):
            return False
        return self.condition is None or self.condition(ctx, record)

    def _chosen(self, params: dict[str, Any], record: Record) -> bool:
        for name, key in self.filters.items():
            wanted = params.get(name)
            if wanted is None:
                continue
            value = record.id if key == "id" else record.data.get(key)
            allowed = wanted if isinstance(wanted, list) else [wanted]
            if str(value) not in [str(one) for one in allowed]:
                return False
        return True

    def ordered(self, ctx: Context, records: list[Record]) -> list[Record]:
        """
        The records as `sort_by` wants them.
        """
        asked = ctx.params.get("sort_by")
        if not asked:
            return records
        field, _, way = asked.rpartition("-")
        if field not in {*_FLAGS, *self.sortable} or way not in {"asc", "desc"}:
            known = ", ".join((*_FLAGS, *self.sortable))
            raise invalid(
                "sort_by", f"Expected one of {known} with -asc or -desc", asked
            )
        return sorted(
            records, key=lambda one: _sort_key(one, field), reverse=way == "desc"
        )


def paged(
    ctx: Context,
    ordered: list[Record],
    shown: list[Record],
    render: Callable[[Record], Any],
) -> Result:
    """
    Cut a list into pages; the cursor names the last object seen, so that deletions
    between two pages lose nothing.

    Args:
        ctx: The request.
        ordered: All records in order, also those that are not shown.
        shown: The ones to list.
        render: The answer's object.
    """
    params = ctx.params
    if params.get("with_total_count") and params.get("cursor"):
        text = '"cursor" and "with_total_count" exclude each other'
        raise refuse("EXCLUSIVE_PARAMETERS", text, parameter="with_total_count")
    rest = shown
    if params.get("cursor"):
        after = _position(ctx, params["cursor"], ordered)
        places = {id(record): place for place, record in enumerate(ordered)}
        rest = [record for record in shown if places[id(record)] > after]
    count = params.get("count") or ctx.operation.params["count"].default
    page = [] if ctx.fault == "empty_page" else rest[:count]
    more = len(rest) > count
    last = rest[count - 1] if more else None
    extras: dict[str, Any] = {"next_cursor": _cursor(ctx, last) if last else None}
    if params.get("with_total_count"):
        extras["total_count"] = len(shown)
    return Result([render(record) for record in page], extras)


def cut(ctx: Context, rows: list[Any]) -> Result:
    """
    Pages of rows that are no records: the cursor is a position.
    """
    count = ctx.params.get("count") or 200
    begin = 0
    if ctx.params.get("cursor"):
        told = _open(ctx, ctx.params["cursor"])
        begin = int(told) if told.isdigit() else _bad_cursor()
    page = [] if ctx.fault == "empty_page" else rows[begin : begin + count]
    more = begin + count < len(rows)
    cursor = _seal(ctx, str(begin + count)) if more else None
    extras: dict[str, Any] = {"next_cursor": cursor}
    if ctx.params.get("with_total_count"):
        extras["total_count"] = len(rows)
    return Result(page, extras)


def _is_draft(record: Record) -> bool:
    return bool(record.data.get("entity_status") == "DRAFT")


def _sort_key(record: Record, field: str) -> tuple[Any, ...]:
    own = {
        "created_at": record.created,
        "updated_at": record.updated,
        "deleted": record.deleted,
    }
    value = own.get(field, record.data.get(field))
    return (value is not None, value if value is not None else 0, record.seq)


def _position(ctx: Context, cursor: str, ordered: list[Record]) -> int:
    wanted = _open(ctx, cursor)
    for place, record in enumerate(ordered):
        if record.id == wanted:
            return place
    return _bad_cursor()


def _cursor(ctx: Context, record: Record) -> str:
    return _seal(ctx, record.id)


def _seal(ctx: Context, text: str) -> str:
    raw = f"{_bound(ctx)}{text}".encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _open(ctx: Context, cursor: str) -> str:
    """
    What a cursor holds; one of another query is refused.
    """
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError:
        return str(_bad_cursor())
    mark = _bound(ctx)
    return raw[len(mark) :] if raw.startswith(mark) else str(_bad_cursor())


def _bound(ctx: Context) -> str:
    """
    A short mark of the query that a cursor belongs to.
    """
    query = {k: v for k, v in ctx.params.items() if k not in _UNBOUND}
    text = json.dumps([ctx.operation.path, ctx.ids, query], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _bad_cursor() -> int:
    raise invalid("cursor", "The cursor does not belong to this query")
