"""
Tables of the state in PostgreSQL: the same records as in the file, for many projects.
"""

from __future__ import annotations

from collections.abc import Sequence

from smmlib.deploy._schema import _OP, _RESOURCE

SCHEMA = 1
LOCK_OF_TABLES = 0x534D4D31  # one at a time makes or upgrades the tables
"""
Advisory lock of whoever makes the tables.
"""

TABLES = (
    "create table smm_schema (version integer not null)",
    """
create table smm_store (
    id bigint generated always as identity primary key,
    project_id text not null,
    environment text not null,
    lineage text not null,
    serial bigint not null default 0,
    run text not null default '',
    holder text not null default '',
    since text not null default '',
    unique (project_id, environment)
)""",
    """
create table smm_op (
    store bigint not null references smm_store,
    seq bigint generated always as identity,
    op_id text not null,
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
    before_image text not null,
    primary key (store, op_id)
)""",
    "create index smm_op_open on smm_op (store) where phase = 'sent'",
    "create index smm_op_seq on smm_op (store, seq)",
    """
create table smm_resource (
    store bigint not null references smm_store,
    key text not null,
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
    applied_at text,
    primary key (store, key)
)""",
    # One object belongs to one address, uploads alone are shared by content.
    """
create unique index smm_resource_remote
    on smm_resource (store, platform, account, kind, remote_id) where kind <> 'media'
""",
    """
create table smm_approval (
    store bigint not null references smm_store,
    change_hash text not null,
    amount text not null,
    by text not null,
    at text not null,
    primary key (store, change_hash)
)""",
    """
create table smm_event (
    store bigint not null references smm_store,
    seq bigint not null,
    at text not null,
    what text not null,
    address text not null,
    detail text not null,
    hash text not null,
    primary key (store, seq)
)""",
    # The log is append-only: the database itself refuses to change a line of it.
    """
create function smm_append_only() returns trigger language plpgsql as
$$ begin raise exception 'the log is append-only'; end $$
""",
    """
create trigger smm_event_is_never_changed before update or delete on smm_event
    for each row execute function smm_append_only()
""",
)

# Steps from one version of the tables to the next; the first version needs none.
MIGRATIONS: dict[int, tuple[str, ...]] = {}


def _insert(table: str, columns: Sequence[str], conflict: str = "") -> str:
    names = ", ".join(("store", *columns))
    marks = ", ".join(f"%({c})s" for c in ("store", *columns))
    return f"insert into {table} ({names}) values ({marks}) {conflict}"  # noqa: S608


INSERT_OP = _insert("smm_op", _OP)
INSERT_SETTLED = _insert("smm_op", _OP, "on conflict (store, op_id) do nothing")
UPDATE_OP = (
    "update smm_op set phase = %(phase)s, remote_id = %(remote_id)s, "
    "error = %(error)s where store = %(store)s and op_id = %(op_id)s"
)
DELETE_SAME_KEY = "delete from smm_resource where store = %(store)s and key = %(key)s"
INSERT_RESOURCE = _insert("smm_resource", _RESOURCE)
INSERT_EVENT = (
    "insert into smm_event (store, seq, at, what, address, detail, hash) "
    "values (%s, %s, %s, %s, %s, %s, %s)"
)
INSERT_APPROVAL = _insert(
    "smm_approval",
    ("change_hash", "amount", "by", "at"),
    "on conflict (store, change_hash) do update "
    "set amount = excluded.amount, by = excluded.by, at = excluded.at",
)
