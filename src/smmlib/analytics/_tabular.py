"""
Rows of values, handed on to the table of another library.
"""

from __future__ import annotations

from importlib import import_module
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
            ImportError: pandas is not installed.
        """
        return import_module("pandas").DataFrame(self.to_dict())

    def to_polars(self) -> Any:
        """
        The table as a polars DataFrame, where polars is installed.

        Raises:
            ImportError: polars is not installed.
        """
        return import_module("polars").DataFrame(self.to_dict())
