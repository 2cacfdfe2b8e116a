"""
What a failure of the field is as a test: whose thread, which demand, which input.
"""

from __future__ import annotations

from typing import Any

import attrs


@attrs.frozen(kw_only=True)
class PlanCase:
    """
    A mistake in a plan file, and the place and words it must be answered with.

    Attributes:
        rank: Rank of the demand among what users of advertising APIs ask for.
        thread: Where somebody lost time or money over it: repository#number.
        demand: What they wanted.
        edits: Old and new text in `base.plan.yaml`; every occurrence is replaced.
        code: The rule that must be named.
        path: The field that must be named.
        at: Text of the changed file with `^` before the exact place to be named.
        limit: What is allowed, or a part of it.
        hint: A part of the fix.
    """

    rank: int
    thread: str
    demand: str
    edits: tuple[tuple[str, str], ...]
    code: str
    path: str
    at: str
    limit: Any
    hint: str


@attrs.frozen(kw_only=True)
class TableCase:
    """
    A mistake in an export, and the row and column it must be answered with.

    Attributes:
        rank: Rank of the demand.
        thread: Where it was met.
        demand: What they wanted.
        reader: Which reader gets the file, e.g. `read_metrics`.
        text: The whole file.
        options: What else the reader is told.
        code: The rule that must be named.
        path: The field that must be named.
        at: Line, and number of the column where one cell is wrong.
        limit: A part of what is allowed.
        hint: A part of the fix.
    """

    rank: int
    thread: str
    demand: str
    reader: str = "read_metrics"
    text: str
    options: dict[str, Any] = attrs.field(factory=dict)
    code: str
    path: str
    at: tuple[int, int | None]
    limit: str
    hint: str
