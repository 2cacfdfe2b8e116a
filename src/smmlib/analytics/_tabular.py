"""
Rows of values, handed on to the table of another library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.analytics._extras import extra

if TYPE_CHECKING:
    from collections.abc import Sequence


class Tabular:
    """
    Something that is a table: names of columns, and rows of cells.
    """

    __slots__ = ()

    def _table(self) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        raise NotImplementedError

    def to_dict(self) -> dict[str, list[Any]]:
        """
        The table as columns by name.
        """
        names, rows = self._table()
        columns = zip(*rows, strict=True) if rows else ([] for _ in names)
        return {name: list(column) for name, column in zip(names, columns, strict=True)}

    def to_arrow(self) -> Any:
        """
        The table as an Arrow table; amounts stay exact decimals.

        Raises:
            MissingExtraError: The `analytics` extra is not installed.
        """
        return extra("pyarrow", "an Arrow table").table(self.to_dict())

    def to_pandas(self) -> Any:
        """
        The table as a pandas DataFrame, where pandas is installed.

        Raises:
            MissingExtraError: pandas is not installed.
        """
        pandas = extra("pandas", "a pandas DataFrame", "pandas")
        return pandas.DataFrame(self.to_dict())

    def to_polars(self) -> Any:
        """
        The table as a polars DataFrame, where polars is installed.

        Raises:
            MissingExtraError: polars is not installed.
        """
        polars = extra("polars", "a polars DataFrame", "polars")
        return polars.DataFrame(self.to_dict())
