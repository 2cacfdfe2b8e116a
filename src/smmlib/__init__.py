"""
Social media marketing as code: plan it, check it, set it up once, see what it earned.

Every name below is loaded on first use: importing the package loads nothing but the
standard library, and attrs when the first value is touched.

Example:
    >>> import smmlib as smm
    >>> smm.Money("16000.00", "EUR").split(3)[0]
    Money('5333.34', 'EUR')
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    __version__: str

    from smmlib.analytics import (
        Facts as Facts,
    )
    from smmlib.analytics import (
        read_conversions as read_conversions,
    )
    from smmlib.analytics import (
        read_metrics as read_metrics,
    )
    from smmlib.analytics import (
        roi as roi,
    )
    from smmlib.analytics import (
        track as track,
    )
    from smmlib.codec import (
        dump as dump,
    )
    from smmlib.codec import (
        dumps as dumps,
    )
    from smmlib.codec import (
        load as load,
    )
    from smmlib.codec import (
        loads as loads,
    )
    from smmlib.deploy import (
        ChangeSet as ChangeSet,
    )
    from smmlib.errors import (
        ApplyInterruptedError as ApplyInterruptedError,
    )
    from smmlib.errors import (
        AuthenticationError as AuthenticationError,
    )
    from smmlib.errors import (
        CodecError as CodecError,
    )
    from smmlib.errors import (
        ConfigurationError as ConfigurationError,
    )
    from smmlib.errors import (
        ConflictError as ConflictError,
    )
    from smmlib.errors import (
        CurrencyMismatch as CurrencyMismatch,
    )
    from smmlib.errors import (
        DeployError as DeployError,
    )
    from smmlib.errors import (
        InvalidRequestError as InvalidRequestError,
    )
    from smmlib.errors import (
        Issue as Issue,
    )
    from smmlib.errors import (
        MissingCredentialsError as MissingCredentialsError,
    )
    from smmlib.errors import (
        MissingExtraError as MissingExtraError,
    )
    from smmlib.errors import (
        MoneyError as MoneyError,
    )
    from smmlib.errors import (
        NotFoundError as NotFoundError,
    )
    from smmlib.errors import (
        Outcome as Outcome,
    )
    from smmlib.errors import (
        OutcomeUnknownError as OutcomeUnknownError,
    )
    from smmlib.errors import (
        PermissionDeniedError as PermissionDeniedError,
    )
    from smmlib.errors import (
        PlatformError as PlatformError,
    )
    from smmlib.errors import (
        PlatformTimeoutError as PlatformTimeoutError,
    )
    from smmlib.errors import (
        PolicyRejectedError as PolicyRejectedError,
    )
    from smmlib.errors import (
        RateLimitError as RateLimitError,
    )
    from smmlib.errors import (
        Retry as Retry,
    )
    from smmlib.errors import (
        SandboxError as SandboxError,
    )
    from smmlib.errors import (
        ServerError as ServerError,
    )
    from smmlib.errors import (
        Severity as Severity,
    )
    from smmlib.errors import (
        SmmError as SmmError,
    )
    from smmlib.errors import (
        SpendGuardError as SpendGuardError,
    )
    from smmlib.errors import (
        StaleChangesError as StaleChangesError,
    )
    from smmlib.errors import (
        StateCorruptError as StateCorruptError,
    )
    from smmlib.errors import (
        StateLockedError as StateLockedError,
    )
    from smmlib.errors import (
        UnexpectedResponseError as UnexpectedResponseError,
    )
    from smmlib.errors import (
        UnknownPlatformError as UnknownPlatformError,
    )
    from smmlib.errors import (
        UnreachableError as UnreachableError,
    )
    from smmlib.errors import (
        UnsupportedError as UnsupportedError,
    )
    from smmlib.errors import (
        ValidationError as ValidationError,
    )
    from smmlib.errors import (
        VersionSunsetError as VersionSunsetError,
    )
    from smmlib.model import (
        BASE_METRICS as BASE_METRICS,
    )
    from smmlib.model import (
        BEFORE_SHOW_MORE as BEFORE_SHOW_MORE,
    )
    from smmlib.model import (
        CTA as CTA,
    )
    from smmlib.model import (
        KPI as KPI,
    )
    from smmlib.model import (
        Ad as Ad,
    )
    from smmlib.model import (
        AdAddress as AdAddress,
    )
    from smmlib.model import (
        AdBudget as AdBudget,
    )
    from smmlib.model import (
        AdCampaign as AdCampaign,
    )
    from smmlib.model import (
        AdSet as AdSet,
    )
    from smmlib.model import (
        AdText as AdText,
    )
    from smmlib.model import (
        AgeRange as AgeRange,
    )
    from smmlib.model import (
        Approval as Approval,
    )
    from smmlib.model import (
        Audience as Audience,
    )
    from smmlib.model import (
        Better as Better,
    )
    from smmlib.model import (
        Bid as Bid,
    )
    from smmlib.model import (
        BidStrategy as BidStrategy,
    )
    from smmlib.model import (
        Brand as Brand,
    )
    from smmlib.model import (
        BrandStyle as BrandStyle,
    )
    from smmlib.model import (
        Brief as Brief,
    )
    from smmlib.model import (
        Budget as Budget,
    )
    from smmlib.model import (
        Buying as Buying,
    )
    from smmlib.model import (
        Caps as Caps,
    )
    from smmlib.model import (
        Card as Card,
    )
    from smmlib.model import (
        Channel as Channel,
    )
    from smmlib.model import (
        Conversion as Conversion,
    )
    from smmlib.model import (
        ConversionKind as ConversionKind,
    )
    from smmlib.model import (
        CostParts as CostParts,
    )
    from smmlib.model import (
        Creative as Creative,
    )
    from smmlib.model import (
        CustomAudience as CustomAudience,
    )
    from smmlib.model import (
        Delivery as Delivery,
    )
    from smmlib.model import (
        Flight as Flight,
    )
    from smmlib.model import (
        FrozenMap as FrozenMap,
    )
    from smmlib.model import (
        FxRate as FxRate,
    )
    from smmlib.model import (
        FxRates as FxRates,
    )
    from smmlib.model import (
        Gender as Gender,
    )
    from smmlib.model import (
        Goal as Goal,
    )
    from smmlib.model import (
        GrowthRow as GrowthRow,
    )
    from smmlib.model import (
        Guardrail as Guardrail,
    )
    from smmlib.model import (
        Image as Image,
    )
    from smmlib.model import (
        KPIResult as KPIResult,
    )
    from smmlib.model import (
        KPIStatus as KPIStatus,
    )
    from smmlib.model import (
        KPITarget as KPITarget,
    )
    from smmlib.model import (
        LineItem as LineItem,
    )
    from smmlib.model import (
        Lookalike as Lookalike,
    )
    from smmlib.model import (
        Managed as Managed,
    )
    from smmlib.model import (
        MediaPlan as MediaPlan,
    )
    from smmlib.model import (
        Message as Message,
    )
    from smmlib.model import (
        MessageKind as MessageKind,
    )
    from smmlib.model import (
        MetricRow as MetricRow,
    )
    from smmlib.model import (
        Milestone as Milestone,
    )
    from smmlib.model import (
        Money as Money,
    )
    from smmlib.model import (
        NamePattern as NamePattern,
    )
    from smmlib.model import (
        Network as Network,
    )
    from smmlib.model import (
        Objective as Objective,
    )
    from smmlib.model import (
        OptimiseFor as OptimiseFor,
    )
    from smmlib.model import (
        Pacing as Pacing,
    )
    from smmlib.model import (
        Person as Person,
    )
    from smmlib.model import (
        Place as Place,
    )
    from smmlib.model import (
        Placement as Placement,
    )
    from smmlib.model import (
        PlanChange as PlanChange,
    )
    from smmlib.model import (
        PlanStatus as PlanStatus,
    )
    from smmlib.model import (
        Position as Position,
    )
    from smmlib.model import (
        Post as Post,
    )
    from smmlib.model import (
        PostResult as PostResult,
    )
    from smmlib.model import (
        PostState as PostState,
    )
    from smmlib.model import (
        Radius as Radius,
    )
    from smmlib.model import (
        RetargetKind as RetargetKind,
    )
    from smmlib.model import (
        Role as Role,
    )
    from smmlib.model import (
        Schedule as Schedule,
    )
    from smmlib.model import (
        Seniority as Seniority,
    )
    from smmlib.model import (
        SourceMap as SourceMap,
    )
    from smmlib.model import (
        SpecialCategory as SpecialCategory,
    )
    from smmlib.model import (
        Stage as Stage,
    )
    from smmlib.model import (
        Status as Status,
    )
    from smmlib.model import (
        Strategy as Strategy,
    )
    from smmlib.model import (
        Task as Task,
    )
    from smmlib.model import (
        TaskState as TaskState,
    )
    from smmlib.model import (
        TextState as TextState,
    )
    from smmlib.model import (
        TextVariant as TextVariant,
    )
    from smmlib.model import (
        Touch as Touch,
    )
    from smmlib.model import (
        TouchKind as TouchKind,
    )
    from smmlib.model import (
        Traits as Traits,
    )
    from smmlib.model import (
        Unit as Unit,
    )
    from smmlib.model import (
        Utm as Utm,
    )
    from smmlib.model import (
        Verdict as Verdict,
    )
    from smmlib.model import (
        Video as Video,
    )
    from smmlib.model import (
        compare as compare,
    )
    from smmlib.model import (
        content_hash as content_hash,
    )
    from smmlib.model import (
        kpi as kpi,
    )
    from smmlib.model import (
        kpi_library as kpi_library,
    )
    from smmlib.model import (
        platform_name as platform_name,
    )
    from smmlib.model import (
        wall_time as wall_time,
    )
    from smmlib.planning import (
        Split as Split,
    )
    from smmlib.planning import (
        split as split,
    )
    from smmlib.report import (
        Report as Report,
    )
    from smmlib.report import (
        report as report,
    )
    from smmlib.sandbox import (
        Sandbox as Sandbox,
    )
    from smmlib.sandbox import (
        SandboxClient as SandboxClient,
    )
    from smmlib.sandbox import (
        SandboxServer as SandboxServer,
    )
    from smmlib.workspace import (
        Workspace as Workspace,
    )
    from smmlib.workspace import (
        check as check,
    )
    from smmlib.workspace import (
        connect as connect,
    )

_HOMES = {
    "smmlib.analytics": """
        Facts read_conversions read_metrics roi track
    """,
    "smmlib.codec": """
        dump dumps load loads
    """,
    "smmlib.deploy": """
        ChangeSet
    """,
    "smmlib.errors": """
        ApplyInterruptedError AuthenticationError CodecError ConfigurationError
        ConflictError CurrencyMismatch DeployError InvalidRequestError Issue
        MissingCredentialsError MissingExtraError MoneyError NotFoundError Outcome
        OutcomeUnknownError PermissionDeniedError PlatformError PlatformTimeoutError
        PolicyRejectedError RateLimitError Retry SandboxError ServerError Severity
        SmmError SpendGuardError StaleChangesError StateCorruptError StateLockedError
        UnexpectedResponseError UnknownPlatformError UnreachableError UnsupportedError
        ValidationError VersionSunsetError
    """,
    "smmlib.model": """
        Ad AdAddress AdBudget AdCampaign AdSet AdText AgeRange Approval Audience
        BASE_METRICS BEFORE_SHOW_MORE Better Bid BidStrategy Brand BrandStyle Brief
        Budget Buying CTA Caps Card Channel Conversion ConversionKind CostParts
        Creative CustomAudience Delivery Flight FrozenMap FxRate FxRates Gender Goal
        GrowthRow Guardrail Image KPI KPIResult KPIStatus KPITarget LineItem Lookalike
        Managed MediaPlan Message MessageKind MetricRow Milestone Money NamePattern
        Network Objective OptimiseFor Pacing Person Place Placement PlanChange
        PlanStatus Position Post PostResult PostState Radius RetargetKind Role
        Schedule Seniority SourceMap SpecialCategory Stage Status Strategy Task
        TaskState TextState TextVariant Touch TouchKind Traits Unit Utm Verdict Video
        compare content_hash kpi kpi_library platform_name wall_time
    """,
    "smmlib.planning": """
        Split split
    """,
    "smmlib.report": """
        Report report
    """,
    "smmlib.sandbox": """
        Sandbox SandboxClient SandboxServer
    """,
    "smmlib.workspace": """
        Workspace check connect
    """,
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}

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
    "ApplyInterruptedError",
    "Approval",
    "Audience",
    "AuthenticationError",
    "Better",
    "Bid",
    "BidStrategy",
    "Brand",
    "BrandStyle",
    "Brief",
    "Budget",
    "Buying",
    "Caps",
    "Card",
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
    "Image",
    "InvalidRequestError",
    "Issue",
    "KPIResult",
    "KPIStatus",
    "KPITarget",
    "LineItem",
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
    "Radius",
    "RateLimitError",
    "Report",
    "RetargetKind",
    "Retry",
    "Role",
    "Sandbox",
    "SandboxClient",
    "SandboxError",
    "SandboxServer",
    "Schedule",
    "Seniority",
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
    "VersionSunsetError",
    "Video",
    "Workspace",
    "__version__",
    "check",
    "compare",
    "connect",
    "content_hash",
    "dump",
    "dumps",
    "kpi",
    "kpi_library",
    "load",
    "loads",
    "platform_name",
    "read_conversions",
    "read_metrics",
    "report",
    "roi",
    "split",
    "track",
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
        home = _HOME_OF.get(name)
        if home is None:
            message = f"module 'smmlib' has no attribute {name!r}"
            raise AttributeError(message)
        value = getattr(import_module(home), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """
    All public names, for tab completion.
    """
    return sorted({*__all__, *globals()})
