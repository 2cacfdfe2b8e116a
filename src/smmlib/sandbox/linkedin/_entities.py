"""
What can be targeted, found by list, typeahead, likeness or URN; how many it reaches;
what it costs.

Source: LinkedIn targeting, audience count and budget pricing pages at li-lms-2026-02.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from smmlib.sandbox.linkedin._common import demand
from smmlib.sandbox.linkedin._context import Call, Reply
from smmlib.sandbox.linkedin._errors import ApiError, bad_param, not_modelled
from smmlib.sandbox.linkedin._facets import (
    AHEAD,
    FACET,
    FACETS,
    LIST,
    SIMILAR,
    Entity,
    Facet,
    entities,
    typeahead,
    urn_name,
)
from smmlib.sandbox.linkedin._paging import shown, sliced
from smmlib.sandbox.linkedin._schema import urn_kind
from smmlib.sandbox.linkedin._segments_state import MINIMUM_MATCHED
from smmlib.sandbox.linkedin._store import stable_digits
from smmlib.sandbox.linkedin._tables import (
    BID_USD,
    CAMPAIGN_TYPES,
    COST_TYPES,
    MINIMUM_DAILY_USD,
    OBJECTIVES,
    TARGETS,
    from_usd,
)
from smmlib.sandbox.linkedin._targeting import CRITERIA, Criteria, audience, check

if TYPE_CHECKING:
    from smmlib.sandbox.linkedin._restli import Value

_SENTINEL = 2**31 - 1
_ROUND = 1_000
_SIMILAR = 10


def facets(call: Call) -> Reply:
    """
    GET_ALL of adTargetingFacets.
    """
    rows = [
        shown(
            call,
            {
                "facetName": one.name,
                "adTargetingFacetUrn": one.urn,
                "availableEntityFinders": list(one.finders),
                "entityTypes": list(one.types),
            },
        )
        for one in FACETS.values()
    ]
    paging = {"start": 0, "count": _SENTINEL, "links": [], "total": len(rows)}
    return Reply(200, {"elements": rows, "paging": paging})


def _facet(call: Call, finder: str) -> Facet:
    urn = call.text("facet")
    if urn is None:
        raise bad_param("facet", "facet is required")
    facet = FACETS.get(urn.removeprefix(FACET)) if urn.startswith(FACET) else None
    if facet is None:
        raise bad_param("facet", f"{urn} is not a facet", "FIELD_INVALID")
    if finder not in facet.finders:
        raise ApiError(400, f"{facet.name} has no finder {finder}")
    if not facet.family:
        raise not_modelled(f"the entities of {facet.name}")
    return facet


def _asked(call: Call) -> None:
    version = call.text("queryVersion")
    if version not in {None, "QUERY_USES_URNS"}:
        raise bad_param("queryVersion", "only QUERY_USES_URNS is known")
    locale = call.params.get("locale")
    if locale not in (None, {"language": "en", "country": "US"}):
        raise not_modelled("entity names in other languages")
    if "useCase" in call.params:
        raise not_modelled("connected television")
    kind = call.text("entityType")
    types = {one for facet in FACETS.values() for one in facet.types}
    if kind is not None and kind not in types:
        raise bad_param("entityType", f"{kind} is not an entity type")


def _rows(call: Call, found: list[Entity], facet: Facet | None) -> Reply:
    def row(one: Entity) -> Any:
        facet_urn = facet.urn if facet else _home(one.urn)
        return {"urn": one.urn, "facetUrn": facet_urn, "name": one.name}

    if "start" in call.params or "count" in call.params:
        return sliced(call, found, row)
    body = {
        "elements": [shown(call, row(one)) for one in found],
        "paging": {"start": 0, "count": _SENTINEL, "links": []},
    }
    return Reply(200, body)


def _home(urn: str) -> str:
    return next(
        one.urn
        for one in FACETS.values()
        if one.family not in {"", "segment"} and urn in entities(one.family)
    )


def by_facet(call: Call) -> Reply:
    """
    FINDER adTargetingFacet.
    """
    facet = _facet(call, LIST)
    _asked(call)
    call.boolean("totals")
    return _rows(call, list(entities(facet.family).values()), facet)


def by_words(call: Call) -> Reply:
    """
    FINDER typeahead.
    """
    facet = _facet(call, AHEAD)
    _asked(call)
    words = call.text("query")
    if not words or not words.strip():
        raise bad_param("query", "query is required")
    kind = call.text("entityType")
    if kind is not None and kind not in facet.types:
        return _rows(call, [], facet)
    return _rows(call, typeahead(facet.family, words), facet)


def similar(call: Call) -> Reply:
    """
    FINDER similarEntities: neighbours from the same shelf.
    """
    facet = _facet(call, SIMILAR)
    _asked(call)
    given = call.texts("entities")
    if not given:
        raise bad_param("entities", "entities is required")
    known = entities(facet.family)
    for one in given:
        if one not in known:
            raise bad_param("entities", f"{one} does not exist", "FIELD_INVALID")
    key = "".join(sorted(given))
    others = sorted(
        (one for one in known.values() if one.urn not in given),
        key=lambda one: stable_digits(9, key, one.urn),
    )
    return _rows(call, others[:_SIMILAR], facet)


def by_urns(call: Call) -> Reply:
    """
    FINDER urns: names of what is already known.
    """
    _asked(call)
    given = call.texts("urns")
    if given is None:
        raise bad_param("urns", "urns is required")
    if call.symbol("fetchType", ("SINGLE_NODE", "LAZY")) == "LAZY":
        raise not_modelled("fetchType LAZY")
    families = {one.family for one in FACETS.values()} - {"", "segment"}
    found = []
    for one in given:
        kind = urn_kind(one)
        found += [
            entities(family)[one]
            for family in sorted(families)
            if urn_name(family) == kind and one in entities(family)
        ]
    return _rows(call, found, None)


def criteria_of(call: Call) -> Criteria:
    """
    Targeting criteria from a parameter, checked.

    Raises:
        ApiError: 400 or 422.
    """
    value = call.params.get("targetingCriteria")
    if value is None:
        raise bad_param("targetingCriteria", "targetingCriteria is required")
    criteria = CRITERIA.made(value, "targetingCriteria", version=call.version)
    demand(check(call.site, criteria, call.now))
    return criteria


def audience_counts(call: Call) -> Reply:
    """
    FINDER targetingCriteriaV2.
    """
    size = audience(call.site, criteria_of(call), call.now)
    step = _ROUND if size >= 10 * _ROUND else 10
    total = 0 if size < MINIMUM_MATCHED else size // step * step
    body = {
        "elements": [shown(call, {"total": total, "active": 0})],
        "paging": {"start": 0, "count": 10, "links": []},
    }
    return Reply(200, body)


def budget_pricing(call: Call) -> Reply:
    """
    FINDER criteriaV2: bid and budget bounds; elements are empty without an audience.
    """
    account = call.world.by_urn(_needed(call, "account"))
    if account is None or account.kind != "account":
        raise ApiError(400, "account does not exist")
    bid_type = _chosen(call, "bidType", COST_TYPES)
    if _chosen(call, "campaignType", CAMPAIGN_TYPES) != "SPONSORED_UPDATES":
        raise not_modelled("prices of other campaign types")
    _chosen(call, "matchType", ("EXACT", "AUDIENCE_EXPANDED"))
    call.symbol("objectiveType", OBJECTIVES)
    call.symbol("optimizationTargetType", TARGETS)
    currency = account.data["currency"]
    if call.text("currency") not in {None, currency}:
        raise ApiError(400, f"the account's currency is {currency}")
    _money(call.params.get("dailyBudget"), currency)
    size = audience(call.site, criteria_of(call), call.now)
    rows = [] if size < MINIMUM_MATCHED else [_prices(bid_type, currency)]
    body = {
        "elements": [shown(call, row) for row in rows],
        "paging": {"start": 0, "count": 10, "links": []},
    }
    return Reply(200, body)


def _money(value: Value | None, currency: str) -> None:
    if value is None:
        return
    if not isinstance(value, dict) or set(value) != {"amount", "currencyCode"}:
        raise bad_param("dailyBudget", "dailyBudget is (amount:..,currencyCode:..)")
    if value["currencyCode"] != currency:
        raise ApiError(400, f"the account's currency is {currency}")


def _needed(call: Call, name: str) -> str:
    value = call.text(name)
    if value is None:
        raise bad_param(name, f"{name} is required")
    return value


def _chosen(call: Call, name: str, symbols: tuple[str, ...]) -> str:
    _needed(call, name)
    value = call.symbol(name, symbols)
    return value or ""


def _prices(bid_type: str, currency: str) -> dict[str, Any]:
    low, middle, high = BID_USD[bid_type]

    def money(usd: Decimal) -> dict[str, str]:
        return {"amount": str(from_usd(usd, currency)), "currencyCode": currency}

    return {
        "bidLimits": {"min": money(low), "max": money(high)},
        "suggestedBid": {
            "default": money(middle),
            "min": money(middle * Decimal("0.7")),
            "max": money(middle * Decimal("1.6")),
        },
        "dailyBudgetLimits": {
            "default": money(MINIMUM_DAILY_USD * 5),
            "min": money(MINIMUM_DAILY_USD),
            "max": money(MINIMUM_DAILY_USD * 10_000),
        },
    }
