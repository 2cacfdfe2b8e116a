"""
How money is divided before anything is bought. Pure: no I/O, no clock.
"""

from __future__ import annotations

from smmlib.planning._abtest import (
    SampleSize,
    Variant,
    VariantRow,
    VariantTest,
    compare_variants,
    sample_size,
)
from smmlib.planning._allocate import Allocation, allocate, verify
from smmlib.planning._allocate_arrays import ArrayAllocation, allocate_arrays
from smmlib.planning._allocate_least import LeastBudget, least_budget
from smmlib.planning._allocate_rows import AllocationRow, SensitivityRow
from smmlib.planning._allocate_values import AllocationGroup, AllocationLine
from smmlib.planning._briefs import brief_sheets
from smmlib.planning._briefs_show import BriefSection, BriefSheet
from smmlib.planning._certificate import Certificate, Verification
from smmlib.planning._curves_fit import ResponseFit, fit_response
from smmlib.planning._forecast import Forecast, ForecastRow, Range, forecast
from smmlib.planning._pace import Pace, PaceRow, pace_lines
from smmlib.planning._pace_curve import SpendShape, learn_shape
from smmlib.planning._pace_lines import PaceLine
from smmlib.planning._pace_project import Projection
from smmlib.planning._rates import Rate, rates_of
from smmlib.planning._split import Split, SplitRow, split
from smmlib.planning._work import work_plan
from smmlib.planning._work_approvals import ApprovalRow, approval_rows, version_hash
from smmlib.planning._work_value import (
    LoadRow,
    MilestoneRow,
    TaskRow,
    WorkPlan,
    WorkState,
)

__all__ = [
    "Allocation",
    "AllocationGroup",
    "AllocationLine",
    "AllocationRow",
    "ApprovalRow",
    "ArrayAllocation",
    "BriefSection",
    "BriefSheet",
    "Certificate",
    "Forecast",
    "ForecastRow",
    "LeastBudget",
    "LoadRow",
    "MilestoneRow",
    "Pace",
    "PaceLine",
    "PaceRow",
    "Projection",
    "Range",
    "Rate",
    "ResponseFit",
    "SampleSize",
    "SensitivityRow",
    "SpendShape",
    "Split",
    "SplitRow",
    "TaskRow",
    "Variant",
    "VariantRow",
    "VariantTest",
    "Verification",
    "WorkPlan",
    "WorkState",
    "allocate",
    "allocate_arrays",
    "approval_rows",
    "brief_sheets",
    "compare_variants",
    "fit_response",
    "forecast",
    "learn_shape",
    "least_budget",
    "pace_lines",
    "rates_of",
    "sample_size",
    "split",
    "verify",
    "version_hash",
    "work_plan",
]
