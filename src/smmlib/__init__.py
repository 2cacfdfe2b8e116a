"""
Social media marketing as code: plan it, check it, set it up once, see what it earned.

Every name below is loaded on first use: importing the package loads nothing but the
standard library, and attrs when the first value is touched.

Examples:
    >>> import smmlib as smm
    >>> smm.Money("16000.00", "EUR").split(3)[0]
    Money('5333.34', 'EUR')
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from smmlib.analytics import (
        Alert,
        Alerts,
        Attribution,
        Facts,
        Journeys,
        Warehouse,
        WorkCost,
        alert,
        attribute,
        read_conversions,
        read_metrics,
        read_paths,
        read_touches,
        roi,
        track,
    )
    from smmlib.codec import dump, dumps, load, loads
    from smmlib.deploy import ChangeSet
    from smmlib.errors import *
    from smmlib.model import *
    from smmlib.planning import (
        Allocation,
        AllocationGroup,
        AllocationLine,
        AllocationRow,
        ArrayAllocation,
        BriefSection,
        BriefSheet,
        Certificate,
        LeastBudget,
        ResponseFit,
        SensitivityRow,
        Split,
        Verification,
        allocate,
        allocate_arrays,
        fit_response,
        least_budget,
        split,
        verify,
    )
    from smmlib.report import Briefs, Report, briefs, report
    from smmlib.sandbox import Sandbox, SandboxClient, SandboxServer
    from smmlib.workspace import Workspace, check, connect

    __version__: str

_CALLS = {
    "Alert": "smmlib.analytics",
    "Alerts": "smmlib.analytics",
    "Allocation": "smmlib.planning",
    "AllocationGroup": "smmlib.planning",
    "AllocationLine": "smmlib.planning",
    "AllocationRow": "smmlib.planning",
    "ArrayAllocation": "smmlib.planning",
    "BriefSection": "smmlib.planning",
    "BriefSheet": "smmlib.planning",
    "Briefs": "smmlib.report",
    "Attribution": "smmlib.analytics",
    "Certificate": "smmlib.planning",
    "ChangeSet": "smmlib.deploy",
    "Facts": "smmlib.analytics",
    "Journeys": "smmlib.analytics",
    "LeastBudget": "smmlib.planning",
    "Report": "smmlib.report",
    "ResponseFit": "smmlib.planning",
    "Sandbox": "smmlib.sandbox",
    "SandboxClient": "smmlib.sandbox",
    "SandboxServer": "smmlib.sandbox",
    "SensitivityRow": "smmlib.planning",
    "Split": "smmlib.planning",
    "Verification": "smmlib.planning",
    "Warehouse": "smmlib.analytics",
    "WorkCost": "smmlib.analytics",
    "Workspace": "smmlib.workspace",
    "alert": "smmlib.analytics",
    "allocate": "smmlib.planning",
    "allocate_arrays": "smmlib.planning",
    "attribute": "smmlib.analytics",
    "briefs": "smmlib.report",
    "check": "smmlib.workspace",
    "connect": "smmlib.workspace",
    "dump": "smmlib.codec",
    "dumps": "smmlib.codec",
    "fit_response": "smmlib.planning",
    "least_budget": "smmlib.planning",
    "load": "smmlib.codec",
    "loads": "smmlib.codec",
    "read_conversions": "smmlib.analytics",
    "read_metrics": "smmlib.analytics",
    "read_paths": "smmlib.analytics",
    "read_touches": "smmlib.analytics",
    "report": "smmlib.report",
    "roi": "smmlib.analytics",
    "split": "smmlib.planning",
    "track": "smmlib.analytics",
    "verify": "smmlib.planning",
}
"""
What a user calls, and where it lives; every other name is an error or a value.
"""
_WORDS = ("smmlib.errors", "smmlib.model")

__all__ = [
    "BASE_METRICS",
    "BEFORE_SHOW_MORE",
    "CTA",
    "KPI",
    "Ad",
    "AdAddress",
    "AdBudget",
    "AdCampaign",
    "AdSet",
    "AdText",
    "AgeRange",
    "Alert",
    "Alerts",
    "Allocation",
    "AllocationGroup",
    "AllocationLine",
    "AllocationRow",
    "ApplyInterruptedError",
    "Approval",
    "ArrayAllocation",
    "Attribution",
    "Audience",
    "AuthenticationError",
    "Better",
    "Bid",
    "BidStrategy",
    "Brand",
    "BrandStyle",
    "Brief",
    "BriefSection",
    "BriefSheet",
    "Briefs",
    "Budget",
    "Buying",
    "Caps",
    "Card",
    "Certificate",
    "ChangeSet",
    "Channel",
    "CodecError",
    "ConfigurationError",
    "ConflictError",
    "Conversion",
    "ConversionKind",
    "CostParts",
    "Creative",
    "CurrencyMismatch",
    "CustomAudience",
    "Delivery",
    "DeployError",
    "Facts",
    "Flight",
    "FrozenMap",
    "FxRate",
    "FxRates",
    "Gender",
    "Goal",
    "GrowthRow",
    "Guardrail",
    "HillResponse",
    "Image",
    "InvalidRequestError",
    "Issue",
    "Journeys",
    "KPIResult",
    "KPIStatus",
    "KPITarget",
    "LeastBudget",
    "LineItem",
    "LinearResponse",
    "LogResponse",
    "Lookalike",
    "Managed",
    "MediaPlan",
    "Message",
    "MessageKind",
    "MetricRow",
    "Milestone",
    "MissingCredentialsError",
    "MissingExtraError",
    "Money",
    "MoneyError",
    "NamePattern",
    "Network",
    "NotFoundError",
    "Objective",
    "OptimiseFor",
    "Outcome",
    "OutcomeUnknownError",
    "Pacing",
    "PermissionDeniedError",
    "Person",
    "PiecewiseResponse",
    "Place",
    "Placement",
    "PlanChange",
    "PlanStatus",
    "PlatformError",
    "PlatformTimeoutError",
    "PolicyRejectedError",
    "Position",
    "Post",
    "PostResult",
    "PostState",
    "PowerResponse",
    "Radius",
    "RateLimitError",
    "Report",
    "ResponseFit",
    "RetargetKind",
    "Retry",
    "Role",
    "Sandbox",
    "SandboxClient",
    "SandboxError",
    "SandboxServer",
    "Schedule",
    "Seniority",
    "SensitivityRow",
    "ServerError",
    "Severity",
    "SmmError",
    "SourceMap",
    "SpecialCategory",
    "SpendGuardError",
    "Split",
    "Stage",
    "StaleChangesError",
    "StateCorruptError",
    "StateLockedError",
    "Status",
    "Strategy",
    "Task",
    "TaskState",
    "TextState",
    "TextVariant",
    "Touch",
    "TouchKind",
    "Traits",
    "UnexpectedResponseError",
    "Unit",
    "UnknownPlatformError",
    "UnreachableError",
    "UnsupportedError",
    "Utm",
    "ValidationError",
    "Verdict",
    "Verification",
    "VersionSunsetError",
    "Video",
    "Warehouse",
    "WorkCost",
    "Workspace",
    "__version__",
    "alert",
    "allocate",
    "allocate_arrays",
    "attribute",
    "briefs",
    "check",
    "compare",
    "connect",
    "content_hash",
    "curve_of_formula",
    "dump",
    "dumps",
    "fit_response",
    "kpi",
    "kpi_library",
    "least_budget",
    "load",
    "loads",
    "platform_name",
    "read_conversions",
    "read_metrics",
    "read_paths",
    "read_touches",
    "report",
    "roi",
    "split",
    "track",
    "verify",
    "wall_time",
]


# Hidden from type checkers, so that a mistyped name is an error to them.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """
        Load a public name from its home, once.
        """
        if name == "__version__":
            from importlib.metadata import version

            return version("smmlib")
        homes = (_CALLS[name],) if name in _CALLS else _WORDS
        for home in homes if name in __all__ else ():
            module = import_module(home)
            if hasattr(module, name):
                globals()[name] = value = getattr(module, name)
                return value
        message = f"module 'smmlib' has no attribute {name!r}"
        raise AttributeError(message)


def __dir__() -> list[str]:
    """
    All public names, for tab completion.
    """
    return sorted({*__all__, *globals()})
