"""
The sockets of the house: what an ad platform, a state store or a clock must offer.

Engines know these Protocols and nothing behind them. An ad platform takes part by six
methods and one record of what it can do; everything else is optional and has a small
Protocol of its own. Values that cross a socket are frozen.
"""

from __future__ import annotations

from smmlib.ports._optional import (
    AccountSource,
    BreakdownSource,
    ConversionSource,
    Estimate,
    Estimator,
    GrowthSource,
    ImportedAccount,
    LeadSource,
    PostEditor,
    PostPublisher,
    PostReader,
    PublishedPost,
    SpendSource,
    TargetingMatch,
    TargetingSearch,
)
from smmlib.ports._platform import (
    AdPlatform,
    Capabilities,
)
from smmlib.ports._state import (
    Clock,
    Event,
    Intent,
    Phase,
    SpendApproval,
    State,
    StateStore,
    Tracked,
)
from smmlib.ports._values import (
    Account,
    Action,
    Connection,
    Kind,
    Operation,
    Ref,
    Remote,
    Resource,
    Result,
    Secret,
    Wanted,
)

__all__ = [
    "Account",
    "AccountSource",
    "Action",
    "AdPlatform",
    "BreakdownSource",
    "Capabilities",
    "Clock",
    "Connection",
    "ConversionSource",
    "Estimate",
    "Estimator",
    "Event",
    "GrowthSource",
    "ImportedAccount",
    "Intent",
    "Kind",
    "LeadSource",
    "Operation",
    "Phase",
    "PostEditor",
    "PostPublisher",
    "PostReader",
    "PublishedPost",
    "Ref",
    "Remote",
    "Resource",
    "Result",
    "Secret",
    "SpendApproval",
    "SpendSource",
    "State",
    "StateStore",
    "TargetingMatch",
    "TargetingSearch",
    "Tracked",
    "Wanted",
]
