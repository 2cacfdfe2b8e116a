"""
Reading the pages of large reports with msgspec, where the extra `fast` brings it.

Only what has the expected form is read this way; anything else (an error, numbers where
texts should be) goes the plain way, so both give the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.adapters._http import parse_json

if TYPE_CHECKING:
    from types import ModuleType

STATS = frozenset({"actions", "action_values"})
"""
Fields of a report that hold a list of actions with their values.
"""


@attrs.frozen
class RowDecoder:
    """
    Reads one page of a report.

    Attributes:
        row: What its rows are; the named fields are attributes, None where not told.
        page: Reads a body.
        errors: What it raises when the body has another form.
    """

    row: type[Any]
    page: Callable[[bytes], Any] = attrs.field(repr=False)
    errors: tuple[type[Exception], ...] = attrs.field(repr=False)

    def __call__(self, body: bytes) -> Any:
        """
        The body as an object with `data` and `paging`, or plain.

        Raises:
            ValueError: It is no JSON.
        """
        try:
            page = self.page(body)
        except self.errors:
            return parse_json(body)
        if page.error is not None:
            return parse_json(body)
        return {"data": page.data, "paging": page.paging}


def row_decoder(names: Iterable[str]) -> RowDecoder | None:
    """
    A decoder for rows with these fields; None without msgspec.
    """
    try:
        import msgspec
    except ImportError:
        return None
    return _decoder(msgspec, names)


def _decoder(msgspec: ModuleType, names: Iterable[str]) -> RowDecoder:
    action: Any = msgspec.defstruct(
        "Action", [("action_type", str), ("value", str)], gc=False
    )
    stats, text = list[action] | None, str | None
    fields = [(name, stats if name in STATS else text, None) for name in names]
    row: Any = msgspec.defstruct("Row", fields, gc=False)
    paging = dict[str, Any] | None
    page: Any = msgspec.defstruct(
        "Page",
        [("data", list[row]), ("paging", paging, None), ("error", Any, None)],
    )
    decode = msgspec.json.Decoder(page).decode
    # What is nested too deeply gets the words of the plain way.
    return RowDecoder(row, decode, (msgspec.DecodeError, RecursionError, ValueError))
