"""
What it costs to write everything down before it is sent: milliseconds per create.

    python bench/journal.py [FOLDER]

The state store on a real file, as `smm apply` uses it: an intent before each send, the
outcome with the object after it, both durable. Once for creates sent one by one, once
for batches of 50. The folder decides the disk; without one it is the current folder's.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import attrs

from smmlib.adapters import SystemClock
from smmlib.deploy import SQLiteStateStore
from smmlib.ports import Action, Intent, Kind, Phase, Tracked

_ROUNDS = 5
_CREATES = 200
_LIMITS = {1: 10.0, 50: 0.5}
_FIELDS = {
    "objective": "OUTCOME_LEADS",
    "lifetime_budget": "1600000",
    "targeting": {"age_min": 25, "age_max": 44, "geo": {"countries": ["DE", "AT"]}},
    "start_time": "2027-03-01T00:00:00+0100",
    "end_time": "2027-04-12T00:00:00+0200",
}


def _intent(number: int) -> Intent:
    return Intent(
        f"op-{number}",
        "run",
        address=f"campaigns.leads.ad_sets.s{number}",
        platform="meta",
        account="act_1",
        kind=Kind.AD_SET,
        action=Action.CREATE,
        marker=f"m{number:09d}",
        payload_hash="0" * 64,
        sent_at=datetime.now(UTC),
    )


def _tracked(intent: Intent, number: int) -> Tracked:
    return Tracked(
        intent.address,
        intent.platform,
        account=intent.account,
        kind=intent.kind,
        remote_id=str(10**17 + number),
        marker=intent.marker,
        fields=_FIELDS,
        name=f"leads / s{number}",
        applied_at=intent.sent_at,
    )


def _per_create(folder: Path, batch: int) -> float:
    """
    Milliseconds of journal for each create.
    """
    path = folder / f"journal-{batch}-{time.monotonic_ns()}.db"
    store = SQLiteStateStore(
        path, project_id="bench", environment="bench", clock=SystemClock()
    )
    parts = [
        [_intent(n) for n in range(first, first + batch)]
        for first in range(0, _CREATES, batch)
    ]
    began = time.perf_counter()
    for number, intents in enumerate(parts):
        store.intend(intents)
        things = [_tracked(i, number * batch + n) for n, i in enumerate(intents)]
        store.settle(
            [
                attrs.evolve(i, phase=Phase.DONE, remote_id=t.remote_id)
                for i, t in zip(intents, things, strict=True)
            ],
            things,
        )
    spent = time.perf_counter() - began
    store.close()
    return spent * 1000 / _CREATES


def main() -> None:
    """
    Measure and print; the median of five rounds counts.
    """
    where = Path(sys.argv[1]) if len(sys.argv) > 1 else Path.cwd()
    with tempfile.TemporaryDirectory(dir=where) as name:
        for batch, limit in _LIMITS.items():
            found = median(_per_create(Path(name), batch) for _ in range(_ROUNDS))
            kept = "kept" if found < limit else "BROKEN"
            print(
                f"creates in batches of {batch:2d}: {found:.3f} ms of journal per "
                f"create (promised: below {limit:g} ms, {kept})"
            )


if __name__ == "__main__":
    main()
