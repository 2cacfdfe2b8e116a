"""
Reading the pages of large reports with msgspec, where the extra `fast` brings it.

Only what has the expected form is read this way; anything else (an error, numbers where
texts should be) goes the plain way, so both give the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import attrs

from smmlib.adapters._http import parse_json

if TYPE_CHECKING:
    from types import ModuleType

STATS = {"actions": int, "action_values": str}
"""
Fields of a report that hold a list of actions, and what their values are.
"""
NOT_TOLD = -1
"""
What a whole number is where Meta does not tell it.
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


def row_decoder(names: Iterable[str], wholes: Collection[str]) -> RowDecoder | None:
    """
    A decoder for rows with these fields; None without msgspec.

    Args:
        names: The fields: texts, lists of actions, and
        wholes: those of them that are whole numbers (in texts, as Meta writes them).
    """
    try:
        import msgspec
    except ImportError:
        return None
    # A default is not held to its type: no answer of Meta's can be mistaken for it.
    whole = Annotated[int, msgspec.Meta(ge=0)]
    stats: dict[str, Any] = {
        name: msgspec.defstruct(
            name,
            [("action_type", str), ("value", whole if kind is int else kind)],
            gc=False,
        )
        for name, kind in STATS.items()
    }
    return _decoder(msgspec, [_field(n, stats, wholes, whole) for n in names])


def _field(
    name: str, stats: Mapping[str, Any], wholes: Collection[str], whole: Any
) -> tuple[str, Any, Any]:
    if name in wholes:
        return name, whole, NOT_TOLD
    kind: Any = list[stats[name]] if name in stats else str  # type: ignore[valid-type]
    return name, kind | None, None


def _decoder(msgspec: ModuleType, fields: list[tuple[str, Any, Any]]) -> RowDecoder:
    row: Any = msgspec.defstruct("Row", fields, gc=False)
    paging = dict[str, Any] | None
    page: Any = msgspec.defstruct(
        "Page",
        [("data", list[row]), ("paging", paging, None), ("error", Any, None)],
    )
    decode = msgspec.json.Decoder(page, strict=False).decode
    # What is nested too deeply gets the words of the plain way.
    return RowDecoder(row, decode, (msgspec.DecodeError, RecursionError, ValueError))
