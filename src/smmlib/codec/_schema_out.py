"""
mediaplanschema 3.0 out: our plan for other tools, and for us to read back unchanged.

What the schema has no place for goes into `custom_properties.smmlib`, as the difference
between the plan and what a reader of the schema would make of the document. So nothing
is said twice, and an edit by another tool is not overruled by a stale copy.
"""

from __future__ import annotations

import json
from datetime import UTC
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from smmlib.codec import _schema_words as words
from smmlib.codec._context import codec_error
from smmlib.codec._plan import data_of
from smmlib.codec._schema_audiences import places_of
from smmlib.codec._schema_in import derive
from smmlib.codec._schema_reader import Reader
from smmlib.errors import Issue
from smmlib.model import Audience, LineItem, MediaPlan, Money, PlanStatus
from smmlib.model import kpi as known_kpi
from smmlib.model._iso import country_names

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNKNOWN_AUTHOR = "unknown"
# A document must say when it was made; plans that do not know say so with this.
_NO_MOMENT = "1970-01-01T00:00:00Z"


def dump_mediaplanschema(plan: MediaPlan) -> dict[str, Any]:
    """
    A plan as a mediaplanschema 3.0 document.

    Args:
        plan: The plan.

    Returns:
        JSON-ready data; `load_mediaplanschema` makes the same plan of it.
    """
    lines = {key: _line(key, line, plan) for key, line in plan.lines.items()}
    document: dict[str, Any] = {
        "meta": _meta(plan),
        "campaign": _campaign(plan),
        "lineitems": _with_kept(list(lines.values()), plan),
    }
    if dictionary := _kept(plan.extra, words.EXTRA_DICTIONARY):
        document["dictionary"] = dictionary
    document |= _kept(plan.extra, words.EXTRA_OTHER)
    _add_own(document, lines, plan)
    return document


def dumps_mediaplanschema(plan: MediaPlan) -> str:
    """
    A plan as the text of a mediaplanschema 3.0 file.

    Args:
        plan: The plan.
    """
    return json.dumps(dump_mediaplanschema(plan), indent=2) + "\n"


def _kept(extra: Mapping[str, str], key: str) -> dict[str, Any]:
    """
    What another tool's file held and smmlib does not use.
    """
    try:
        found = json.loads(extra.get(key, "{}"))
    except json.JSONDecodeError as error:
        issue = Issue(
            f"extra.{key}",
            "extra.json",
            "holds no JSON",
            limit="a JSON text",
            hint="remove it, or take it again from the original file",
        )
        raise codec_error([issue], error) from error
    return found if isinstance(found, dict) else {}


def _add_own(
    document: dict[str, Any], lines: dict[str, dict[str, Any]], plan: MediaPlan
) -> None:
    """
    Note what a reader of the document alone would miss.
    """
    plain = json.loads(json.dumps(document), parse_float=Decimal)
    derived = derive(plain, Reader())
    wanted = json.loads(json.dumps(data_of(plan)))
    ours, theirs = wanted.pop("lines", {}), derived.pop("lines", {})
    for key, record in lines.items():
        _put(record, words.difference(theirs.get(key, {}), ours[key]))
    _put(document["meta"], words.difference(derived, wanted))


def _put(record: dict[str, Any], own: dict[str, Any]) -> None:
    if own:
        custom = record.get("custom_properties")
        others = custom if isinstance(custom, dict) else {}
        record["custom_properties"] = {**others, words.OWN: own}


# -- meta and campaign -------------------------------------------------------------


def _meta(plan: MediaPlan) -> dict[str, Any]:
    created = plan.created_at.astimezone(UTC) if plan.created_at else None
    found = {
        **_kept(plan.extra, words.EXTRA_META),
        "id": plan.project_id,
        "schema_version": words.VERSION,
        "name": plan.name,
        "created_by_name": plan.author or _UNKNOWN_AUTHOR,
        "created_at": created.isoformat().replace("+00:00", "Z")
        if created
        else _NO_MOMENT,
        "is_archived": plan.status is PlanStatus.ARCHIVED,
    }
    found |= {"comments": plan.note} if plan.note else {}
    found |= {"parent_id": plan.parent} if plan.parent else {}
    return found


def _campaign(plan: MediaPlan) -> dict[str, Any]:
    kept = _kept(plan.extra, words.EXTRA_CAMPAIGN)
    found: dict[str, Any] = {
        "id": plan.project_id,
        "name": plan.name,
        **kept,
        "start_date": plan.flight.first_day.isoformat(),
        "end_date": plan.flight.last_day.isoformat(),
        "budget_total": _amount(plan.budget.total if plan.budget else None),
        "workflow_status_name": _status(plan, kept),
    }
    goals = plan.strategy.goals if plan.strategy else ()
    if code := plan.currency or _currency([goal.target for goal in goals]):
        found["budget_currency"] = code
    found |= _strategy(plan, kept)
    if plan.audiences:
        found["target_audiences"] = _audiences(plan)
        places = _locations(plan, kept)
        found |= {"target_locations": places} if places else {}
    return found


def _amount(money: Money | None) -> int | float:
    return words.number_of(money.amount) if money else 0


def _currency(amounts: list[Any]) -> str | None:
    """
    The currency of the first amount that is money.
    """
    found = (amount.currency for amount in amounts if isinstance(amount, Money))
    return next(found, None)


def _status(plan: MediaPlan, kept: dict[str, Any]) -> str:
    raw = kept.get("workflow_status_name")
    same = isinstance(raw, str) and words.status_of(raw) is plan.status
    return str(raw) if same else plan.status.value


def _strategy(plan: MediaPlan, kept: dict[str, Any]) -> dict[str, Any]:
    strategy = plan.strategy
    if strategy is None:
        return {}
    found: dict[str, Any] = {
        "advertiser_name": strategy.brand.advertiser or strategy.brand.name
    }
    if strategy.objective:
        raw, wanted = kept.get("objective"), str(strategy.objective)
        same = isinstance(raw, str) and words.objective_of(raw) == wanted
        found["objective"] = raw if same else wanted
    free = [n for n in words.KPI_SLOTS if f"kpi_name{n}" not in kept]
    for number, goal in zip(free, strategy.goals, strict=False):
        found[f"kpi_name{number}"] = words.METRIC_OF.get(goal.kpi, goal.kpi)
        found[f"kpi_value{number}"] = words.number_of(goal.amount)
    return found


def _audiences(plan: MediaPlan) -> list[dict[str, Any]]:
    kept = _kept(plan.extra, words.EXTRA_AUDIENCES)
    return [
        _audience(key, audience, kept.get(key, {}))
        for key, audience in plan.audiences.items()
    ]


def _audience(key: str, audience: Audience, kept: dict[str, Any]) -> dict[str, Any]:
    found = {**kept, "name": audience.name or key}
    if audience.note:
        found["description"] = audience.note
    if audience.age:
        found["demo_age_start"] = audience.age.minimum
        if audience.age.maximum:
            found["demo_age_end"] = audience.age.maximum
    single = len(audience.genders) == 1
    found["demo_gender"] = audience.genders[0].title() if single else "Any"
    raw = kept.get("interest_attributes")
    same = isinstance(raw, str) and words.split_words(raw) == list(audience.interests)
    if audience.interests and not same:
        found["interest_attributes"] = ", ".join(audience.interests)
    elif not audience.interests:
        found.pop("interest_attributes", None)
    return found


def _locations(plan: MediaPlan, kept: dict[str, Any]) -> list[dict[str, Any]]:
    """
    Target locations: those of the other tool while they still hold, else our countries.
    """
    raw = kept.get("target_locations")
    wanted, unwanted = places_of(kept, Reader())
    same = all(
        [str(place) for place in audience.places] == wanted
        and [str(place) for place in audience.exclude_places] == unwanted
        for audience in plan.audiences.values()
    )
    if isinstance(raw, list) and same:
        return raw
    names = country_names()
    return [
        {
            "name": audience.name or key,
            "location_type": "Country",
            "location_list": [names[place.country] for place in places],
        }
        for key, audience in plan.audiences.items()
        if (places := [p for p in audience.places if not (p.city or p.region)])
    ]


# -- lines -------------------------------------------------------------------------


def _with_kept(lines: list[dict[str, Any]], plan: MediaPlan) -> list[dict[str, Any]]:
    """
    Our lines, and between them those of the other tool that are not ours to plan.
    """
    found = list(lines)
    kept = _kept(plan.extra, words.EXTRA_LINES)
    for place in sorted(kept, key=int):
        found.insert(int(place), kept[place])
    return found


def _line(key: str, line: LineItem, plan: MediaPlan) -> dict[str, Any]:
    kept = _kept(line.extra, words.EXTRA_LINE)
    flight = line.flight or plan.flight
    raw = kept.get("channel")
    same = isinstance(raw, str) and words.is_organic(raw) is not line.paid
    found: dict[str, Any] = {
        "id": key,
        "name": line.name or key,
        **kept,
        "start_date": flight.first_day.isoformat(),
        "end_date": flight.last_day.isoformat(),
        "channel": raw if same else words.CHANNELS[line.paid],
        "vehicle": ", ".join(words.VEHICLES[network] for network in line.networks),
        "cost_total": _amount(line.cost),
    }
    targets = [target.target for target in line.targets[:1]]
    parts = line.parts.media if line.parts else None
    if code := _currency([line.cost, line.minimum, line.maximum, parts, *targets]):
        found["cost_currency"] = code
    return found | _line_money(line) | _line_words(line, plan) | _line_results(line)


def _line_money(line: LineItem) -> dict[str, Any]:
    parts = line.parts
    amounts = {
        "cost_minimum": line.minimum,
        "cost_maximum": line.maximum,
        "cost_media": parts.media if parts else None,
        "cost_buying": parts.agency_fee if parts else None,
        "cost_creative": parts.production if parts else None,
    }
    return {key: _amount(money) for key, money in amounts.items() if money is not None}


def _line_words(line: LineItem, plan: MediaPlan) -> dict[str, Any]:
    found = {"adformat": line.ad_format} if line.ad_format else {}
    if line.audience:
        audience = plan.audiences.get(line.audience)
        found["target_audience"] = (audience and audience.name) or line.audience
    if line.buy:
        found["buy_type"] = line.buy.value.upper()
    return found


def _line_results(line: LineItem) -> dict[str, Any]:
    found: dict[str, Any] = {
        words.METRIC_OF[name]: words.number_of(amount)
        for name, amount in line.expect.items()
        if name in words.METRIC_OF and isinstance(amount, Decimal)
    }
    if line.targets:
        target = line.targets[0]
        found["kpi"] = known_kpi(target.kpi).label
        found["kpi_value"] = words.number_of(target.amount)
    return found
