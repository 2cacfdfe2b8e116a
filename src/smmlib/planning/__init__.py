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
from smmlib.planning._audit import (
    Audit,
    AuditedAccount,
    AuditFinding,
    judge_accounts,
)
from smmlib.planning._briefs import brief_sheets
from smmlib.planning._briefs_show import BriefSection, BriefSheet
from smmlib.planning._calendar import content_calendar, slot_moments
from smmlib.planning._calendar_copy import plan_from_template
from smmlib.planning._calendar_days import BestHour, best_hours, holidays_of
from smmlib.planning._calendar_value import CalendarRow, ContentCalendar, harmless
from smmlib.planning._certificate import Certificate, Verification
from smmlib.planning._curves_fit import ResponseFit, fit_response
from smmlib.planning._decide import (
    Decision,
    Decisions,
    Rehearsal,
    decide,
    rehearse,
)
from smmlib.planning._decide_rules import (
    Condition,
    Rule,
    feed_winners,
    pause_losers,
    read_rules,
    stop_at_cap,
)
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
    "Audit",
    "AuditFinding",
    "AuditedAccount",
    "BestHour",
    "BriefSection",
    "BriefSheet",
    "CalendarRow",
    "Certificate",
    "Condition",
    "ContentCalendar",
    "Decision",
    "Decisions",
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
    "Rehearsal",
    "ResponseFit",
    "Rule",
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
    "best_hours",
    "brief_sheets",
    "compare_variants",
    "content_calendar",
    "decide",
    "feed_winners",
    "fit_response",
    "forecast",
    "harmless",
    "holidays_of",
    "judge_accounts",
    "learn_shape",
    "least_budget",
    "pace_lines",
    "pause_losers",
    "plan_from_template",
    "rates_of",
    "read_rules",
    "rehearse",
    "sample_size",
    "slot_moments",
    "split",
    "stop_at_cap",
    "verify",
    "version_hash",
    "work_plan",
]
