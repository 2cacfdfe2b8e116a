"""
From plan to platform: see what would change, apply it paused, activate it approved.

Nothing is bought twice and nothing is lost. Every write is recorded before it is sent,
every object carries a marker by which it is found again, an answer that got lost is
looked up and never guessed, and money flows only after a second, explicit step that
names the amount.
"""

from __future__ import annotations

from smmlib.deploy._activate import activate
from smmlib.deploy._adopt import adopt
from smmlib.deploy._apply import Applied, apply
from smmlib.deploy._change import Change, FieldChange
from smmlib.deploy._changes import ChangeSet, Purpose, read_saved
from smmlib.deploy._fork import fork
from smmlib.deploy._history import Log
from smmlib.deploy._markers import marker
from smmlib.deploy._memory import MemoryStateStore
from smmlib.deploy._mend import accept, recover, rehearse
from smmlib.deploy._past import RunRecord, find_run, runs, towards
from smmlib.deploy._plan import make_changes
from smmlib.deploy._postgres import PostgresStateStore
from smmlib.deploy._run import Progress
from smmlib.deploy._sqlite import SQLiteStateStore, set_aside, state_owner
from smmlib.deploy._status import Standing, Standings, addresses_by_id, status, stop
from smmlib.deploy._target import Target

__all__ = [
    "Applied",
    "Change",
    "ChangeSet",
    "FieldChange",
    "Log",
    "MemoryStateStore",
    "PostgresStateStore",
    "Progress",
    "Purpose",
    "RunRecord",
    "SQLiteStateStore",
    "Standing",
    "Standings",
    "Target",
    "accept",
    "activate",
    "addresses_by_id",
    "adopt",
    "apply",
    "find_run",
    "fork",
    "make_changes",
    "marker",
    "read_saved",
    "recover",
    "rehearse",
    "runs",
    "set_aside",
    "state_owner",
    "status",
    "stop",
    "towards",
]
