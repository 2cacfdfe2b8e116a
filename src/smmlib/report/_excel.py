"""
Media plans as Excel workbooks and back, without losing anything.

This lives here and not among the plan files' readers, because a workbook is a plan and
a report of it in one: sheets with formulas and charts stand beside those that are the
plan, and both are made from one layout.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from smmlib.codec._context import codec_error
from smmlib.errors import ConfigurationError
from smmlib.report._excel_plan import plan_workbook
from smmlib.report._excel_read import read_sheets
from smmlib.report._sheet_build import build
from smmlib.report._sheet_layout import KINDS, PLAN

if TYPE_CHECKING:
    import os

    from smmlib.codec import Reading
    from smmlib.model import MediaPlan


def save_workbook(plan: MediaPlan, path: str | os.PathLike[str]) -> Path:
    """
    Write a plan as an Excel workbook that people edit and `load_workbook` reads back.

    It holds the flowchart (weeks as columns), the budget, the calendar and the KPIs,
    calculated from the sheets behind them, which are the plan itself: nothing is
    hidden, and nothing is lost.

    Args:
        plan: The plan.
        path: Where to; ends with `.xlsx`.

    Returns:
        Where it was written.

    Raises:
        ConfigurationError: Another ending, or the file cannot be written.
        MissingExtraError: The `report` extra is not installed.
    """
    return write_xlsx(path, plan_workbook(plan))


def load_workbook(path: str | os.PathLike[str]) -> MediaPlan:
    """
    The plan a workbook of `save_workbook` holds, with everything that was edited in it.

    Args:
        path: An `.xlsx` file.

    Raises:
        CodecError: The file cannot be read, or holds problems; `.issues` has all of
            them with sheet, row and column.
        MissingExtraError: The `report` extra is not installed.
    """
    reading = read_workbook(path)
    if reading.issues or reading.plan is None:
        raise codec_error(reading.issues, reading.cause)
    return reading.plan


def read_workbook(path: str | os.PathLike[str]) -> Reading:
    """
    A workbook's plan as far as it can be read, and every problem found on the way.

    Args:
        path: An `.xlsx` file that `save_workbook` wrote.

    Raises:
        CodecError: The file is missing, or no workbook.
        MissingExtraError: The `report` extra is not installed.
    """
    names = {PLAN, *(kind.sheet for kind in KINDS)}
    found = read_sheets(path, only=names)
    return build(found.grids, str(path), found.issues)


def write_xlsx(path: str | os.PathLike[str], data: bytes) -> Path:
    """
    Write a workbook's bytes where a user wants them.
    """
    target = Path(path)
    if target.suffix.lower() != ".xlsx":
        message = f"'{target.name}' is no name of a workbook"
        raise ConfigurationError(message, hint="end the name with .xlsx")
    try:
        target.write_bytes(data)
    except OSError as error:
        message = f"'{path}' cannot be written: {error.strerror}"
        hint = "choose a folder that exists, and close the file where it is open"
        raise ConfigurationError(message, hint=hint) from error
    return target
