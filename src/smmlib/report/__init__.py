"""
Reports that can be sent to a client: one HTML file, or the same numbers as JSON.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from smmlib.report._briefs import Briefs, briefs
from smmlib.report._bulk import BulkAd, BulkAds, read_ads
from smmlib.report._bulk_matrix import matrix
from smmlib.report._calendar import Calendar, calendar
from smmlib.report._dashboard import Dashboard
from smmlib.report._excel import load_workbook, read_workbook, save_workbook
from smmlib.report._lines_in import SheetLines, read_lines
from smmlib.report._report import Report, metrics_report, report
from smmlib.report._tables import ReportTable

__all__ = [
    "Briefs",
    "BulkAd",
    "BulkAds",
    "Calendar",
    "Dashboard",
    "Report",
    "ReportTable",
    "SheetLines",
    "briefs",
    "calendar",
    "load_workbook",
    "matrix",
    "metrics_report",
    "read_ads",
    "read_lines",
    "read_workbook",
    "report",
    "save_workbook",
]


class _CallablePackage(ModuleType):
    """
    A package that can be called like the function of its own name.

    Importing it puts it at `smmlib.report`, where people look for the call.
    """

    def __call__(self, *args: Any, **named: Any) -> Report:
        return report(*args, **named)


sys.modules[__name__].__class__ = _CallablePackage
