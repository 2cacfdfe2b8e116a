"""
Tables of the state file, and how values are written into them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import attrs

from smmlib.model import FrozenMap, Money, Status
from smmlib.ports import Action, Event, Intent, Kind, Phase, SpendApproval, Tracked

Row = Any
"""
A row whose values are found by the name of their column.
"""

APPLICATION_ID = 0x534D4D31  # "SMM1": a state file can be told from any other database
SCHEMA = 2

TABLES = """
create table meta (key text primary key, value text not null) without rowid;
create table op (
    seq integer primary key,
    op_id text not null unique,
    run text not null,
    address text not null,
    platform text not null,
    account text not null,
    kind text not null,
    action text not null,
    marker text not null,
    payload_hash text not null,
    sent_at text not null,
    generation integer not null,
    phase text not null,
    remote_id text not null,
    error text not null,
    before_image text not null
);
create index op_open on op (phase) where phase = 'sent';
create table resource (
    key text primary key,
    address text not null,
    platform text not null,
    account text not null,
    kind text not null,
    remote_id text not null,
    marker text not null,
    fields text not null,
    name text not null,
    generation integer not null,
    status text not null,
    exposure text,
    applied_at text
) without rowid;
-- One object belongs to one address, uploads alone are shared by content.
create unique index resource_remote
    on resource (platform, account, kind, remote_id) where kind <> 'media';
create table approval (
    change_hash text primary key,
    amount text not null,
    by text not null,
    at text not null
) without rowid;
create table event (
    seq integer primary key,
    at text not null,
    what text not null,
    address text not null,
    detail text not null,
    hash text not null
);
"""

# The log is append-only: the file itself refuses to change or drop a line of it.
_SECOND = (
    "create index op_run on op (run)",
    """
create trigger event_is_never_changed before update on event
begin select raise(abort, 'the log is append-only'); end
""",
    """
create trigger event_is_never_dropped before delete on event
begin select raise(abort, 'the log is append-only'); end
""",
)
MIGRATIONS: dict[int, tuple[str, ...]] = {1: _SECOND}
"""
What makes a file of one version a file of the next.
"""


def statements() -> tuple[str, ...]:
    """
    What makes an empty file one of the present version.
    """
    first = [part for part in TABLES.split(";") if part.strip()]
    later = [part for steps in MIGRATIONS.values() for part in steps]
    return (*first, *later)


_OP = (
    "op_id run address platform account kind action marker payload_hash sent_at "
    "generation phase remote_id error before_image"
).split()
_RESOURCE = (
    "key address platform account kind remote_id marker fields name generation "
    "status exposure applied_at"
).split()


def _insert(table: str, columns: Sequence[str], conflict: str) -> str:
    names, marks = ", ".join(columns), ", ".join(f":{c}" for c in columns)
    return f"insert {conflict} into {table} ({names}) values ({marks})"  # noqa: S608


INSERT_OP = _insert("op", _OP, "or abort")
INSERT_SETTLED = _insert("op", _OP, "or ignore")
UPDATE_OP = (
    "update op set phase = :phase, remote_id = :remote_id, error = :error "
    "where op_id = :op_id"
)
DELETE_SAME_KEY = "delete from resource where key = :key"
INSERT_RESOURCE = _insert("resource", _RESOURCE, "or abort")
INSERT_EVENT = (
    "insert into event (at, what, address, detail, hash) values (?, ?, ?, ?, ?)"
)


def moment(value: datetime) -> str:
    """
    An instant as text that sorts.
    """
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def intent_row(intent: Intent) -> dict[str, Any]:
    """
    An intent as a row.
    """
    return {
        **{n: _clean(getattr(intent, n)) for n in _OP if n != "before_image"},
        "kind": intent.kind.value,
        "action": intent.action.value,
        "phase": intent.phase.value,
        "sent_at": moment(intent.sent_at),
        "before_image": _text(intent.before),
    }


def intent_of(row: Row) -> Intent:
    """
    The intent in a row.
    """
    return Intent(
        row["op_id"],
        row["run"],
        address=row["address"],
        platform=row["platform"],
        account=row["account"],
        kind=Kind(row["kind"]),
        action=Action(row["action"]),
        marker=row["marker"],
        payload_hash=row["payload_hash"],
        sent_at=datetime.fromisoformat(row["sent_at"]),
        generation=row["generation"],
        phase=Phase(row["phase"]),
        remote_id=row["remote_id"],
        error=row["error"],
        before=_map(row["before_image"]),
    )


def tracked_row(thing: Tracked) -> dict[str, Any]:
    """
    A tracked object as a row.
    """
    return {
        **{name: _clean(getattr(thing, name)) for name in _RESOURCE},
        "kind": thing.kind.value,
        "status": thing.status.value,
        "fields": _text(thing.fields),
        "exposure": str(thing.exposure) if thing.exposure is not None else None,
        "applied_at": moment(thing.applied_at) if thing.applied_at else None,
    }


def tracked_of(row: Row) -> Tracked:
    """
    The tracked object in a row.
    """
    made = row["applied_at"]
    return Tracked(
        row["address"],
        row["platform"],
        account=row["account"],
        kind=Kind(row["kind"]),
        remote_id=row["remote_id"],
        marker=row["marker"],
        fields=_map(row["fields"]),
        name=row["name"],
        generation=row["generation"],
        status=Status(row["status"]),
        exposure=Money.parse(row["exposure"]) if row["exposure"] else None,
        applied_at=datetime.fromisoformat(made) if made else None,
    )


def event_row(event: Event) -> tuple[str, ...]:
    """
    A line of the log as a row.
    """
    return (moment(event.at), event.what, event.address, event.detail, event.hash)


def approval_of(row: Row) -> SpendApproval:
    """
    The approval in a row.
    """
    return SpendApproval(
        row["change_hash"],
        row["amount"],
        by=row["by"],
        at=datetime.fromisoformat(row["at"]),
    )


def event_of(row: Row) -> Event:
    """
    The line of the log in a row.
    """
    at = datetime.fromisoformat(row["at"])
    return Event(at, row["what"], row["address"], row["detail"], row["hash"])


def readable(event: Event) -> Event:
    """
    The event in characters every store can keep.
    """
    texts = {
        name: _clean(getattr(event, name)) for name in ("what", "address", "detail")
    }
    return attrs.evolve(event, **texts)


def _clean(value: Any) -> Any:
    """
    A text without what no database keeps: NUL, and halves of characters.

    Platforms put both into their messages; a journal must not stumble over them.
    """
    if not isinstance(value, str) or (value.isascii() and "\0" not in value):
        return value
    whole = value.encode("utf-8", "replace").decode("utf-8")
    return whole.replace("\0", "\ufffd")


def _text(fields: Mapping[str, Any]) -> str:
    """
    Fields as they are, empty ones too: an empty list of exclusions was applied as well.
    """
    text = json.dumps(dict(fields), ensure_ascii=False, default=_plain)
    # Halves of characters cannot be kept; escaped they can.
    return text if _whole(text) else json.dumps(dict(fields), default=_plain)


def _whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else str(value)


def _map(text: str) -> FrozenMap[Any]:
    return FrozenMap(json.loads(text))
