"""
A content calendar that can be saved: iCalendar, CSV, a page, data.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from smmlib.errors import ConfigurationError
from smmlib.planning import ContentCalendar, content_calendar
from smmlib.report._ical import ics_of

if TYPE_CHECKING:
    import os
    from datetime import datetime

    from smmlib.model import MediaPlan
    from smmlib.planning import BestHour

_ENDINGS = (".ics", ".csv", ".html", ".json")


@attrs.frozen(kw_only=True)
class Calendar(ContentCalendar):
    """
    The content calendar of a plan, to be looked at, saved and sent.
    """

    def ics(self, *, stamp: datetime | None = None) -> bytes:
        """
        The calendar as bytes of an `.ics` file, for any calendar program.

        Args:
            stamp: When it was made; a fixed moment when left out.

        Raises:
            MissingExtraError: The `report` extra is not installed.
        """
        return ics_of(self, stamp=stamp)

    def html(self) -> str:
        """
        The calendar as a page of its own that asks nobody for anything.
        """
        return (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            '<meta http-equiv="Content-Security-Policy" content="default-src \'none\';'
            " style-src 'unsafe-inline'\">\n"
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{escape(self.name)}</title>\n<style>{_STYLE}</style>\n</head>\n"
            f"<body>\n<main>\n<h1>{escape(self.name)}</h1>\n"
            f"{self._repr_html_()}\n</main>\n</body>\n</html>\n"
        )

    def save(self, path: str | os.PathLike[str]) -> Path:
        """
        Write it as `.ics`, `.csv`, `.html` or `.json`.

        Returns:
            Where it was written.

        Raises:
            ConfigurationError: Another ending, or the file cannot be written.
            MissingExtraError: `.ics` without the `report` extra.
        """
        target = Path(path)
        suffix = target.suffix.lower()
        if suffix not in _ENDINGS:
            message = f"a calendar cannot be saved as '{target.name}'"
            hint = f"end the name with {', '.join(_ENDINGS[:-1])} or {_ENDINGS[-1]}"
            raise ConfigurationError(message, hint=hint)
        content = self._bytes(suffix)
        try:
            target.write_bytes(content)
        except OSError as error:
            message = f"'{path}' cannot be written: {error.strerror}"
            hint = "choose a folder that exists and may be written to"
            raise ConfigurationError(message, hint=hint) from error
        return target

    def _bytes(self, suffix: str) -> bytes:
        if suffix == ".ics":
            return self.ics()
        if suffix == ".csv":
            # The mark tells spreadsheets that it is UTF-8.
            return ("\ufeff" + self.csv()).encode("utf-8", "replace")
        if suffix == ".html":
            return self.html().encode("utf-8", "replace")
        text = json.dumps(self.to_dict(), ensure_ascii=False, indent=2) + "\n"
        return text.encode("utf-8", "replace")


_STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;margin:0}
main{max-width:72rem;margin:2rem auto;padding:0 1rem;overflow-x:auto}
table{border-collapse:collapse;width:100%}
caption{text-align:left;padding-bottom:.5rem}
th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;
border-bottom:1px solid #8884;overflow-wrap:anywhere}
""".strip()


def calendar(
    plan: MediaPlan,
    *,
    holidays: Iterable[str] = (),
    best: Iterable[BestHour] = (),
) -> Calendar:
    """
    What people see and when, paid and free in one view: posts with their text and limit
    per network, recurring slots nobody has filled, ads, lines run by hand, milestones
    and public holidays.

    Args:
        plan: The plan.
        holidays: Countries (`DE`) or regions (`DE-BY`) whose holidays are shown.
        best: Hours that did well (`best_hours`); posts at others get a note.

    Raises:
        MissingExtraError: Holidays are wanted, and the `report` extra is not installed.
        ValidationError: A country nobody knows; a slot at an hour a clock change skips.
    """
    found = content_calendar(plan, holidays=holidays, best=best)
    names = [field.name for field in attrs.fields(ContentCalendar)]
    return Calendar(**{name: getattr(found, name) for name in names})
