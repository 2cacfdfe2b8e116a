"""
The words of social media marketing as frozen, checked values.

A value that exists is valid: constructors refuse what can never be right, with the
attribute, the value and what was expected. What one *platform* refuses is said by
`smmlib.rules`. Nothing here does I/O or reads a clock.
"""

from __future__ import annotations

from smmlib.model._audience import (
    AgeRange,
    Audience,
    CustomAudience,
    Lookalike,
    Traits,
)
from smmlib.model._budget import AdBudget, Budget, Caps, CostParts, Guardrail
from smmlib.model._campaign import (
    Ad,
    AdCampaign,
    AdSet,
    Bid,
    Placement,
    SpecialCategory,
)
from smmlib.model._compare import PlanChange, compare
from smmlib.model._creative import Card, Creative, Image, Video
from smmlib.model._enums import (
    CTA,
    Better,
    BidStrategy,
    Buying,
    ConversionKind,
    Delivery,
    FactCheck,
    Gender,
    IdeaState,
    KPIStatus,
    Managed,
    MessageKind,
    Network,
    Objective,
    OptimiseFor,
    Pacing,
    PlanStatus,
    Position,
    PostState,
    RetargetKind,
    Role,
    Seniority,
    Stage,
    Status,
    TaskState,
    TextState,
    TouchKind,
    Unit,
    Verdict,
    platform_name,
)
from smmlib.model._facts import Conversion, GrowthRow, Message, MetricRow, Touch
from smmlib.model._flight import Flight, wall_time
from smmlib.model._hash import content_hash
from smmlib.model._ideas import Idea, Slot
from smmlib.model._kpi import (
    BASE_METRICS,
    KPI,
    Goal,
    KPIResult,
    KPITarget,
    kpi,
    kpi_library,
)
from smmlib.model._link import NamePattern, Utm
from smmlib.model._maps import FrozenMap
from smmlib.model._mediaplan import AdAddress, LineItem, MediaPlan
from smmlib.model._money import FxRate, FxRates, Money
from smmlib.model._people import Approval, Brief, Milestone, Person, Task
from smmlib.model._place import Place, Radius
from smmlib.model._post import Post, PostResult
from smmlib.model._response import (
    HillResponse,
    LinearResponse,
    LogResponse,
    PiecewiseResponse,
    PowerResponse,
    curve_of_formula,
)
from smmlib.model._schedule import Schedule
from smmlib.model._source import SourceMap
from smmlib.model._strategy import Brand, BrandStyle, Channel, Strategy
from smmlib.model._text import BEFORE_SHOW_MORE, AdText, TextVariant

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
    "Approval",
    "Audience",
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
    "Channel",
    "Conversion",
    "ConversionKind",
    "CostParts",
    "Creative",
    "CustomAudience",
    "Delivery",
    "FactCheck",
    "Flight",
    "FrozenMap",
    "FxRate",
    "FxRates",
    "Gender",
    "Goal",
    "GrowthRow",
    "Guardrail",
    "HillResponse",
    "Idea",
    "IdeaState",
    "Image",
    "KPIResult",
    "KPIStatus",
    "KPITarget",
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
    "Money",
    "NamePattern",
    "Network",
    "Objective",
    "OptimiseFor",
    "Pacing",
    "Person",
    "PiecewiseResponse",
    "Place",
    "Placement",
    "PlanChange",
    "PlanStatus",
    "Position",
    "Post",
    "PostResult",
    "PostState",
    "PowerResponse",
    "Radius",
    "RetargetKind",
    "Role",
    "Schedule",
    "Seniority",
    "Slot",
    "SourceMap",
    "SpecialCategory",
    "Stage",
    "Status",
    "Strategy",
    "Task",
    "TaskState",
    "TextState",
    "TextVariant",
    "Touch",
    "TouchKind",
    "Traits",
    "Unit",
    "Utm",
    "Verdict",
    "Video",
    "compare",
    "content_hash",
    "curve_of_formula",
    "kpi",
    "kpi_library",
    "platform_name",
    "wall_time",
]
