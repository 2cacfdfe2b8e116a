"""
What each scenario of an SDK has to hold: a change, a re-read by another route and a
refusal, as the log of the sandbox shows them.
"""

from __future__ import annotations

_GOOD, _BAD = range(200, 300), range(400, 600)


def missing_of(log):
    """
    What a scenario left out, from its requests and answers.
    """
    entries = list(log)
    changes = [
        entry
        for entry in entries
        # Lost after it was done, a change is one nevertheless.
        if entry.writes and (entry.status in _GOOD or entry.fault.endswith("_after"))
    ]
    found = [] if changes else ["a change"]
    own = {(entry.method, entry.path) for entry in changes}
    first = changes[0].n if changes else len(entries)
    again = [
        entry
        for entry in entries
        if entry.n > first
        and entry.status in _GOOD
        and (entry.method, entry.path) not in own
    ]
    found += [] if again else ["a re-read by another route"]
    return found + ([] if any(map(_refused, entries)) else ["a refusal"])


def _refused(entry):
    """
    Refused as a whole, or one of several in its answer.
    """
    answer = entry.answer if isinstance(entry.answer, dict) else {}
    inside = answer.get("errors") or answer.get("operation_errors")
    parts = answer.get("elements")
    some = [p for p in parts if isinstance(p, dict)] if isinstance(parts, list) else []
    return (
        entry.status in _BAD
        or bool(inside)
        or any(part.get("status") in _BAD for part in some if part.get("error"))
    )
