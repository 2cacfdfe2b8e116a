"""
What a campaign must fulfil: group, money, bid, formats, run, targeting, activation.

Sources: LinkedIn campaign and bidding pages at li-lms-2026-02; budgets from the help
centre, 2026-08; bid limits are the simulation's own.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from smmlib.sandbox.linkedin._common import Data, amount_of, money, named, schedule
from smmlib.sandbox.linkedin._errors import Problem
from smmlib.sandbox.linkedin._groups import planned_total, shares_budget
from smmlib.sandbox.linkedin._segments_state import MINIMUM_MATCHED
from smmlib.sandbox.linkedin._status import GONE, status_of
from smmlib.sandbox.linkedin._tables import (
    BID_USD,
    BIDDING,
    FEED_FORMATS,
    LOCALES,
    MINIMUM_DAILY_USD,
    MINIMUM_TOTAL_USD,
    from_usd,
)
from smmlib.sandbox.linkedin._targeting import audience
from smmlib.sandbox.linkedin._targeting import check as check_targeting

if TYPE_CHECKING:
    from smmlib.sandbox.linkedin._context import Call
    from smmlib.sandbox.linkedin._store import Node

REQUIRED = (
    "account", "name", "type", "status", "costType", "locale", "targetingCriteria",
    "offsiteDeliveryEnabled",
)  # fmt: skip
MOST, MOST_ACTIVE, MOST_IN_GROUP = 5_000, 1_000, 2_000


def check(call: Call, account: Node, data: Data, old: Node | None) -> list[Problem]:
    """
    Everything wrong with a campaign that has its required fields.
    """
    currency = account.data["currency"]
    before = old.data if old else None
    draft = old is not None and status_of(old, call.now) == "DRAFT"
    group = call.world.by_urn(data["campaignGroup"])
    found = named(data)
    found += _group(call, account, data, group)
    found += money(data, ("unitCost", "dailyBudget", "totalBudget"), currency)
    found += schedule(data, before, call.now, draft=draft)
    found += _entity(call, data) + _locale(data)
    found += check_targeting(call.site, data["targetingCriteria"], call.now)
    if found or group is None:
        return found
    found += _budget(data, group, old, currency) + _ceiling(call, data, group, old)
    found += _configuration(data) + _bid(data, currency)
    found += _counts(call, account, data, old)
    if not found and data["status"] == "ACTIVE":
        found += _activation(call, data, old)
    return found


def _group(call: Call, account: Node, data: Data, group: Node | None) -> list[Problem]:
    path = "campaignGroup"
    if group is None or group.account != account.id:
        return [Problem("FIELD_VALUE_DOES_NOT_EXIST", path)]
    status = status_of(group, call.now)
    if status in {*GONE, "ARCHIVED"} and data["status"] in {"ACTIVE", "DRAFT"}:
        return [Problem("FIELD_VALUE_NOT_ACTIVE", path)]
    if status == "DRAFT" and data["status"] != "DRAFT":
        code = "ONLY_DRAFT_CAMPAIGNS_ALLOWED_IN_DRAFT_CAMPAIGN_GROUPS"
        return [Problem(code, path)]
    objective = group.data.get("objectiveType")
    if objective is not None and objective != data.get("objectiveType"):
        text = f"the group's objective is {objective}"
        return [Problem("MISMATCH_FIELDS", "objectiveType", text)]
    return []


def _entity(call: Call, data: Data) -> list[Problem]:
    entity = data.get("associatedEntity")
    if entity is None:
        return [Problem("MISSING_FIELD", "associatedEntity")]
    if entity != call.site.identity.organization:
        return [Problem("FIELD_VALUE_DOES_NOT_EXIST", "associatedEntity")]
    return []


def _locale(data: Data) -> list[Problem]:
    locale = f"{data['locale']['language']}_{data['locale']['country']}"
    if locale in LOCALES:
        return []
    text = f"{locale} is not a supported locale"
    return [Problem("INVALID_VALUE_FOR_FIELD", "locale", text)]


def _budget(data: Data, group: Node, old: Node | None, currency: str) -> list[Problem]:
    daily, total = amount_of(data, "dailyBudget"), amount_of(data, "totalBudget")
    if daily is None and total is None:
        return [] if shares_budget(group) else [Problem("MISSING_FIELD", "dailyBudget")]
    if shares_budget(group):
        text = "the group spreads its own budget over its campaigns"
        path = "totalBudget" if daily is None else "dailyBudget"
        return [Problem("CONDITIONAL_FIELD_NOT_ALLOWED", path, text)]
    found = []
    least = from_usd(MINIMUM_DAILY_USD, currency)
    if daily is not None and daily < least:
        text = f"at least {least} {currency} a day"
        found.append(Problem("FIELD_VALUE_TOO_LOW", "dailyBudget/amount", text))
    if total is None:
        return found
    if "end" not in data.get("runSchedule", {}):
        found.append(Problem("CONDITIONAL_MISSING_FIELD", "runSchedule/end"))
    least = from_usd(MINIMUM_TOTAL_USD, currency)
    if old is None and total < least:
        text = f"at least {least} {currency} for a new campaign"
        found.append(Problem("FIELD_VALUE_TOO_LOW", "totalBudget/amount", text))
    if daily is not None and total < daily:
        found.append(Problem("CONDITIONAL_VALUE_TOO_LOW", "totalBudget/amount"))
    return found


def _ceiling(call: Call, data: Data, group: Node, old: Node | None) -> list[Problem]:
    total = amount_of(data, "totalBudget")
    ceiling = amount_of(group.data, "totalBudget")
    if total is None or ceiling is None or shares_budget(group):
        return []
    others = planned_total(call, group, old)
    if others + total <= ceiling:
        return []
    text = f"{others} of {ceiling} are planned, {total} more do not fit"
    code = "INSUFFICIENT_CAMPAIGN_GROUP_BUDGET"
    return [Problem(code, "totalBudget/amount", text)]


def _configuration(data: Data) -> list[Problem]:
    objective = data.get("objectiveType")
    if objective == "TALENT_LEAD":
        return [Problem("INVALID_ENTITLEMENT_FOR_TALENT_LEAD", "objectiveType")]
    target, cost = data["optimizationTargetType"], data["costType"]
    form = data.get("format")
    _, costs, objectives = BIDDING[target]
    fits = (
        cost in costs
        and (objective is None or objective in objectives)
        and (target == "NONE" or objective is not None)
        and (cost != "CPV" or objective == "VIDEO_VIEW")
        and (form is None or form in FEED_FORMATS)
        and (objective != "VIDEO_VIEW" or form == "SINGLE_VIDEO")
    )
    if fits:
        return []
    values = (objective, form, data["type"], target, cost)
    text = f"{values} cannot be combined"
    return [Problem("INVALID_CAMPAIGN_CONFIGURATION", "objectiveType", text)]


def _bid(data: Data, currency: str) -> list[Problem]:
    bid = amount_of(data, "unitCost")
    who = BIDDING[data["optimizationTargetType"]][0]
    if who == "auto":
        if bid:
            text = "automatic bidding takes no bid"
            return [Problem("CONDITIONAL_INVALID_VALUE", "unitCost/amount", text)]
        return []
    if bid is None:
        return [Problem("MISSING_FIELD", "unitCost")]
    low, _, high = (from_usd(one, currency) for one in BID_USD[data["costType"]])
    if bid < low:
        text = f"at least {low} {currency}"
        return [Problem("FIELD_VALUE_TOO_LOW", "unitCost/amount", text)]
    if bid > high:
        text = f"at most {high} {currency}"
        return [Problem("FIELD_VALUE_TOO_HIGH", "unitCost/amount", text)]
    return []


def _counts(call: Call, account: Node, data: Data, old: Node | None) -> list[Problem]:
    """
    Entity limits; LinkedIn does not say with which code it refuses.
    """
    siblings = call.world.family(account.ref, "campaign")
    group = call.world.by_urn(data["campaignGroup"])
    found = []
    if old is None and len(siblings) >= MOST:
        found.append(Problem("FIELD_VALUE_TOO_HIGH", "account", "too many campaigns"))
    if old is None and group is not None and not group.inner.get("backfilled"):
        inside = len(call.world.family(group.ref, "campaign"))
        if inside >= MOST_IN_GROUP:
            found.append(Problem("FIELD_VALUE_TOO_HIGH", "campaignGroup"))
    if data["status"] == "ACTIVE" and (old is None or old.data["status"] != "ACTIVE"):
        active = sum(1 for one in siblings if one.data["status"] == "ACTIVE")
        if active >= MOST_ACTIVE:
            text = f"{active} campaigns are active, at most {MOST_ACTIVE}"
            found.append(Problem("FIELD_VALUE_TOO_HIGH", "status", text))
    return found


def _activation(call: Call, data: Data, old: Node | None) -> list[Problem]:
    """
    What LinkedIn looks at only when a campaign leaves DRAFT.
    """
    size = audience(call.site, data["targetingCriteria"], call.now)
    if size < MINIMUM_MATCHED:
        text = f"about {size} members, at least {MINIMUM_MATCHED}"
        return [Problem("AUDIENCE_SIZE_TOO_SMALL", "targetingCriteria", text)]
    linked = old.inner.get("conversions") if old else None
    if data["optimizationTargetType"] == "MAX_CONVERSION" and not linked:
        code = "CONVERSION_CAMPAIGN_MISSING_ASSOCIATED_CONVERSION"
        return [Problem(code, "optimizationTargetType")]
    return []


def total_cap(node: Node) -> Decimal | None:
    """
    What an account, group or campaign may spend in its life.
    """
    return amount_of(node.data, "totalBudget")
