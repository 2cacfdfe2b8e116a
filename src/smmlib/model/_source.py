"""
Where in its file each part of a plan stands, so that problems can name the line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smmlib.errors import Issue


@attrs.frozen(eq=False)
class SourceMap:
    """
    Lines and columns of a plan file by path; not part of the plan's value.

    Attributes:
        file: Name of the file, as the user gave it.
        places: Path to line and column, both from 1.
    """

    file: str
    places: Mapping[str, tuple[int, int]]

    def locate(self, path: str) -> tuple[int, int] | None:
        """
        Line and column of a path, or of the nearest part of the plan around it.
        """
        while path:
            if path in self.places:
                return self.places[path]
            cut = max(path.rfind("."), path.rfind("["))
            path = path[:cut] if cut > 0 else ""
        return self.places.get("")

    def place(self, issue: Issue) -> Issue:
        """
        The issue with file, line and column, unless it has them already.
        """
        found = self.locate(issue.path) if issue.line is None else None
        if found is None:
            return issue
        line, column = found
        return attrs.evolve(issue, file=self.file, line=line, column=column)
