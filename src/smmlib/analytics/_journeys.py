"""
Ways of people to a conversion, as columns: what every attribution model starts from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.analytics._extras import extra
from smmlib.errors import Issue, ValidationError

if TYPE_CHECKING:
    from numpy import float64, int64
    from numpy.typing import NDArray

    Numbers = NDArray[float64]
    Places = NDArray[int64]

FEATURE = "attribution of journeys"


def numpy() -> Any:
    """
    The package that does the sums.
    """
    return extra("numpy", FEATURE)


@attrs.frozen(eq=False, repr=False)
class Journeys:
    """
    Ways of people through channels, each with what it ended in.

    A row is one way, or several people who went the same way: then its conversions and
    its nulls say how many of them converted and how many did not.

    Attributes:
        channels: Names of the channels.
        touches: Number of the channel of every touch, journey after journey.
        starts: Where each journey begins in `touches`, and at last where all end.
        conversions: How often each journey ended in a conversion.
        values: What these conversions were worth together.
        nulls: How often the journey ended in none.
        hours: Hours from every touch to the end of its journey; None when unknown.
        currency: Currency of the values.
        untouched: Conversions that no touch led to; they are credited to nobody.
        untouched_value: What these were worth.
    """

    channels: tuple[str, ...]
    touches: Places
    starts: Places = attrs.field(kw_only=True)
    conversions: Numbers = attrs.field(kw_only=True)
    values: Numbers = attrs.field(kw_only=True)
    nulls: Numbers = attrs.field(kw_only=True)
    hours: Numbers | None = attrs.field(default=None, kw_only=True)
    currency: str = attrs.field(default="", kw_only=True)
    untouched: float = attrs.field(default=0.0, kw_only=True)
    untouched_value: float = attrs.field(default=0.0, kw_only=True)

    @classmethod
    def from_paths(
        cls,
        paths: Iterable[Sequence[str]],
        *,
        conversions: Iterable[float],
        values: Iterable[float] | None = None,
        nulls: Iterable[float] | None = None,
        hours: Iterable[Sequence[float]] | None = None,
        currency: str = "",
    ) -> Journeys:
        """
        Journeys from lists of channels; paths without any channel are left out.

        Args:
            paths: Channels of each journey, the first touch first.
            conversions: How often each ended in a conversion.
            values: What its conversions were worth together; 0 when left out.
            nulls: How often it ended in none; 0 when left out.
            hours: Hours from each touch to the end, as many as the path has touches.
            currency: Currency of the values.

        Raises:
            ValidationError: Columns of different length, or amounts that are none.
            MissingExtraError: The `analytics` extra is not installed.
        """
        np = numpy()
        known: dict[str, int] = {}
        rows = [[known.setdefault(name, len(known)) for name in path] for path in paths]
        counts = {
            "conversions": _numbers("conversions", conversions, len(rows)),
            "values": _numbers("values", values, len(rows)),
            "nulls": _numbers("nulls", nulls, len(rows)),
        }
        ages = None
        if hours is not None:
            ages = np.array([age for path in hours for age in path], dtype=float)
        return _packed(tuple(known), rows, counts, ages, currency)

    def __len__(self) -> int:
        return len(self.conversions)

    def __repr__(self) -> str:
        return f"<Journeys: {self._summary()}>"

    def _summary(self) -> str:
        return (
            f"{len(self):,} with {len(self.touches):,} touches of "
            f"{len(self.channels):,} channels, {self.conversions.sum():,.0f} "
            "conversions"
        )


def _packed(
    channels: tuple[str, ...],
    rows: list[list[int]],
    counts: Mapping[str, Numbers],
    hours: Numbers | None,
    currency: str,
) -> Journeys:
    np = numpy()
    lengths = np.array([len(row) for row in rows], dtype=np.int64)
    touches = np.array([code for row in rows for code in row], dtype=np.int64)
    if hours is not None and len(hours) != len(touches):
        _refuse("hours", f"{len(hours):,} hours for {len(touches):,} touches")
    kept = lengths > 0
    return Journeys(
        channels,
        touches,
        starts=np.concatenate(([0], np.cumsum(lengths[kept]))).astype(np.int64),
        **{name: column[kept] for name, column in counts.items()},
        hours=hours,
        currency=currency,
        untouched=float(counts["conversions"][~kept].sum()),
        untouched_value=float(counts["values"][~kept].sum()),
    )


def _numbers(name: str, column: Iterable[Any] | None, length: int) -> Numbers:
    np = numpy()
    cells = [0.0] * length if column is None else column
    found: Numbers = np.zeros(0)
    try:
        found = np.array([float(cell or 0) for cell in cells], dtype=float)
    except (TypeError, ValueError) as error:
        _refuse(name, f"the column holds something that is no number: {error}")
    if len(found) != length:
        _refuse(name, f"{len(found):,} rows, where there are {length:,} paths")
    wrong = ~np.isfinite(found) | ((found < 0) if name != "values" else False)
    if wrong.any():
        place = int(np.flatnonzero(wrong)[0])
        _refuse(name, f"row {place + 1} holds {found[place]}")
    return found


def _refuse(name: str, message: str, *, limit: str = "", hint: str = "") -> Any:
    issue = Issue(name, "journeys.column", message, limit=limit or None, hint=hint)
    raise ValidationError([issue])


def read_paths(
    source: Any,
    *,
    path: str = "path",
    conversions: str = "total_conversions",
    value: str = "total_conversion_value",
    null: str = "total_null",
    separator: str = ">",
    currency: str = "",
) -> Journeys:
    """
    Read a table of paths: one row per path, with its conversions, value and nulls.

    That is what most tools export and what other attribution packages take:
    `path = "facebook > instagram > google"` and how many people went that way.

    Args:
        source: A CSV file, a mapping of columns, a list of rows, or a table of pandas,
            polars or Arrow.
        path: Column of the path.
        conversions: Column of how many of these journeys converted.
        value: Column of what these conversions were worth; may be missing.
        null: Column of how many did not convert; may be missing.
        separator: What stands between two channels of a path.
        currency: Currency of the values.

    Raises:
        CodecError: The file cannot be read at all.
        ValidationError: A column is missing, or holds what cannot be read.
        MissingExtraError: The `analytics` extra is not installed.
    """
    table = _columns(source)
    wanted = {"path": path, "conversions": conversions, "value": value, "null": null}
    for role, name in wanted.items():
        optional = role in {"value", "null"}
        if name not in table and not optional:
            known = ", ".join(table)
            hint = f'name it: read_paths(..., {role}="...")'
            _refuse(name, f"there is no column '{name}'", limit=known, hint=hint)
    paths = [_split(cell, separator) for cell in table[path]]
    return Journeys.from_paths(
        paths,
        conversions=table[conversions],
        values=table.get(value),
        nulls=table.get(null),
        currency=currency,
    )


def _split(cell: Any, separator: str) -> list[str]:
    parts = (part.strip() for part in str(cell or "").split(separator))
    return [part for part in parts if part]


def _columns(source: Any) -> Mapping[str, list[Any]]:
    """
    Columns by name, from whatever holds a table.
    """
    if isinstance(source, Mapping):
        return {name: list(column) for name, column in source.items()}
    if isinstance(source, (list, tuple)):
        names = list(source[0]) if source else []
        return {name: [row[name] for row in source] for name in names}
    # Arrow says `column_names`, and its `columns` are the columns themselves.
    named = getattr(source, "column_names", getattr(source, "columns", None))
    if named is None:
        return _file_columns(source)
    return {str(name): _listed(source[name]) for name in named}


def _listed(column: Any) -> list[Any]:
    for name in ("to_pylist", "to_list", "tolist"):
        if hasattr(column, name):
            return list(getattr(column, name)())
    return list(column)


def _file_columns(path: Any) -> Mapping[str, list[Any]]:
    from smmlib.analytics._csv import read_csv

    table = read_csv(path)
    return {
        name: [
            record.cells[place] if place < len(record.cells) else ""
            for record in table.records
        ]
        for place, name in enumerate(table.header)
    }
