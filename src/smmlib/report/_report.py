"""
A finished report: look at it, save it, or take its numbers elsewhere.
"""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.errors import ConfigurationError, MissingExtraError
from smmlib.report import _format as fmt
from smmlib.report._excel import write_xlsx
from smmlib.report._excel_report import report_workbook
from smmlib.report._html import html_of
from smmlib.report._metrics import metrics_view
from smmlib.report._plan import plan_view
from smmlib.report._tables import ReportTable, tables_of
from smmlib.report._view import ReportView

if TYPE_CHECKING:
    import os
    from datetime import date

    from smmlib.analytics import Facts
    from smmlib.model import MediaPlan

_SUFFIXES = (".html", ".xlsx", ".json")


@attrs.frozen
class Report:
    """
    A report that can be shown, saved and sent.

    Attributes:
        view: Everything it shows, as data.
    """

    view: ReportView

    def to_dict(self) -> dict[str, Any]:
        """
        The numbers as JSON-ready data; see `ReportView.to_dict`.
        """
        return self.view.to_dict()

    def html(self) -> str:
        """
        The page as text.

        Raises:
            MissingExtraError: The `report` extra is not installed.
        """
        return html_of(self.view)

    @property
    def tables(self) -> dict[str, ReportTable]:
        """
        Its tables by name, e.g. `lines`, `daily`, `channels`, for other libraries.

        Numbers are exact, before any rounding for the eye.
        """
        return tables_of(self.view)

    def summary_sheet(self) -> Report:
        """
        The same on one page, for who answers for several of these: targets, money,
        returns and what needs a decision.
        """
        return Report(attrs.evolve(self.view, kind="summary"))

    def save(self, path: str | os.PathLike[str]) -> Path:
        """
        Write it as `.html` (one self-contained page), `.xlsx` or `.json`.

        The numbers are the same in all of them.

        Returns:
            Where it was written.

        Raises:
            ConfigurationError: Another ending, or the file cannot be written.
            MissingExtraError: The `report` extra is not installed.
        """
        target = Path(path)
        suffix = target.suffix.lower()
        if suffix not in _SUFFIXES:
            message = f"a report cannot be saved as '{target.name}'"
            raise ConfigurationError(
                message, hint=f"end the name with {' or '.join(_SUFFIXES)}"
            )
        if suffix == ".xlsx":
            return write_xlsx(target, report_workbook(self.view))
        if suffix == ".json":
            text = json.dumps(self.to_dict(), indent=2, ensure_ascii=False) + "\n"
        else:
            text = self.html()
        try:
            target.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            message = f"'{path}' cannot be written: {error.strerror}"
            hint = "choose a folder that exists and may be written to"
            raise ConfigurationError(message, hint=hint) from error
        return target

    def _repr_html_(self) -> str:
        """
        The whole page in a frame of its own; headline numbers without the extra.
        """
        try:
            page = self.html()
        except MissingExtraError as error:
            view = self.view
            items = "".join(
                f"<li>{escape(figure.label)}: "
                f"{escape(fmt.measure(figure.value, figure.unit, view.currency))}</li>"
                for figure in view.figures
            )
            return f"<ul>{items}</ul><p>{escape(str(error))}</p>"
        name, style = escape(self.view.title), "width:100%;height:820px;border:0"
        return (
            f'<iframe sandbox title="{name}" style="{style}" '
            f'srcdoc="{escape(page)}"></iframe>'
        )


def report(
    plan: MediaPlan,
    facts: Facts,
    *,
    as_of: date | None = None,
    title: str | None = None,
    period: str | None = None,
) -> Report:
    """
    What a client wants to see: targets, money, trend, funnel and what channels earned.

    Args:
        plan: The media plan.
        facts: What was reported.
        as_of: The last day that counts; the last day of the facts when left out.
        title: Title of the page; the plan's name when left out.
        period: `week` or `month`: compares the last one with the one before and with
            the plan, and says in sentences what changed.

    Raises:
        ConfigurationError: There is no such period.
        CurrencyMismatch: The facts mix currencies.
    """
    return Report(plan_view(plan, facts, as_of, title, period))


def metrics_report(facts: Facts, *, title: str | None = None) -> Report:
    """
    What an export alone tells: totals, campaigns, and people by age and gender.

    Args:
        facts: What was read.
        title: Title of the page.

    Raises:
        CurrencyMismatch: The facts mix currencies.
    """
    return Report(metrics_view(facts, title))
