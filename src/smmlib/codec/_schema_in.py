"""
mediaplanschema 3.0 in: another tool's media plan as ours, with a report of each guess.

The document is first turned into what a plan file would hold, then read like one, so
that nothing gets in that a plan file could not say. What smmlib does not use is kept as
JSON texts in `extra`, and goes out again unchanged.
"""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from os import PathLike
from typing import Any

import attrs

from smmlib.codec import _scalars as scalars
from smmlib.codec import _schema_words as words
from smmlib.codec._context import REFUSALS, codec_error
from smmlib.codec._files import as_path, read_text
from smmlib.codec._json import read_json
from smmlib.codec._plan import FORMAT, read_data
from smmlib.codec._schema_reader import Reader
from smmlib.errors import Issue
from smmlib.model import MediaPlan, PlanStatus, SourceMap, kpi
from smmlib.model._checks import KEY
from smmlib.model._enums import Unit
from smmlib.model._money import currency_code

_VERSIONS = ("3.0", "v3.0")
_AGES = (13, 99)


@attrs.frozen
class Imported:
    """
    A plan from another tool's file, and what had to be guessed on the way.

    Attributes:
        plan: The plan.
        issues: What was guessed, split or kept aside: information and warnings.
    """

    plan: MediaPlan
    issues: tuple[Issue, ...] = ()


def load_mediaplanschema(
    path: str | PathLike[str], *, currency: str | None = None, zone: str | None = None
) -> Imported:
    """
    The media plan in a mediaplanschema 3.0 file.

    Args:
        path: A JSON file.
        currency: Currency of its amounts, for files that do not say; never guessed.
        zone: Time zone of its dates; UTC when nobody says, which is reported.

    Returns:
        The plan, and what was guessed.

    Raises:
        CodecError: No such file, or amounts without currency; `.issues` has every
            problem with path and line.
    """
    where = as_path(path)
    document = read_json(read_text(where), str(path))
    source = SourceMap(str(path), document.places)
    reader = Reader(currency=None if currency is None else _currency(currency))
    data = derive(document.data, reader, zone)
    issues = tuple(source.place(issue) for issue in reader.issues)
    errors = [issue for issue in issues if issue.is_error]
    if errors:
        raise codec_error(errors)
    reading = read_data(data, str(path))
    if reading.plan is None or reading.issues:
        raise codec_error(reading.issues, reading.cause)
    return Imported(reading.plan, issues)


def _currency(code: str) -> str:
    try:
        return currency_code(code)
    except REFUSALS as error:
        raise codec_error(error.issues, error) from error


def derive(document: Any, reader: Reader, zone: str | None = None) -> dict[str, Any]:
    """
    What a plan file would hold, from a document of the schema.

    Args:
        document: The document as builtins with exact numbers.
        reader: Takes notes of problems and guesses.
        zone: Time zone of its dates.
    """
    root = reader.table(document, "")
    meta = reader.table(root.get("meta"), "meta")
    campaign = reader.table(root.get("campaign"), "campaign")
    _version(meta, reader)
    reader.currency = _document_currency(campaign, reader)
    own = _own(meta)
    data = {
        "smmlib": FORMAT,
        **_head(meta, campaign, reader),
        "zone": own.get("zone") or zone or _guessed_zone(reader),
        **_money(campaign, reader),
        **_strategy(campaign, reader),
        **_audiences(campaign, reader),
    }
    names = {a.get("name", key): key for key, a in data.get("audiences", {}).items()}
    lines, kept = _lines(root.get("lineitems"), names, data["flight"], reader)
    data["lines"] = lines
    extra = _extra(root, meta, campaign, kept, reader)
    data["extra"] = {**data.pop("extra", {}), **extra}
    return words.patched(data, own)  # type: ignore[no-any-return]


def _own(record: dict[str, Any]) -> dict[str, Any]:
    """
    What smmlib itself put into a record when it exported it.
    """
    custom = record.get("custom_properties")
    own = custom.get(words.OWN) if isinstance(custom, dict) else None
    return own if isinstance(own, dict) else {}


# -- head and money ----------------------------------------------------------------


def _version(meta: dict[str, Any], reader: Reader) -> None:
    version = meta.get("schema_version")
    if version not in _VERSIONS:
        reader.problem(
            "meta.schema_version",
            "schema.version",
            f"mediaplanschema {version!r} is not read",
            value=version,
            limit=words.VERSION,
            hint="export the plan as mediaplanschema 3.0",
        )


def _document_currency(campaign: dict[str, Any], reader: Reader) -> str | None:
    stated = reader.text(campaign, "campaign", "budget_currency")
    if not stated:
        return reader.currency
    try:
        code = currency_code(stated)
    except REFUSALS as error:
        reader.refused("campaign.budget_currency", error)
        return None
    if reader.currency not in (None, code):
        reader.warn(
            "campaign.budget_currency",
            "schema.currency",
            f"the file says {code}, not {reader.currency}: {code} is used",
            value=code,
        )
    return code


def _guessed_zone(reader: Reader) -> str:
    reader.inform(
        "meta",
        "schema.zone",
        "the file has no time zone; its days are read as days in UTC",
        value="UTC",
        hint='say it, e.g. zone="Europe/Berlin"',
    )
    return "UTC"


def _head(
    meta: dict[str, Any], campaign: dict[str, Any], reader: Reader
) -> dict[str, Any]:
    first = reader.day(campaign, "campaign", "start_date", required=True)
    last = reader.day(campaign, "campaign", "end_date", required=True)
    name = reader.text(meta, "meta", "name") or reader.text(
        campaign, "campaign", "name", required=True
    )
    found: dict[str, Any] = {
        "project_id": reader.text(meta, "meta", "id", required=True),
        "name": name,
        "flight": f"{first}..{last}",
        "author": reader.text(meta, "meta", "created_by_name", required=True),
        "note": reader.text(meta, "meta", "comments"),
        "parent": reader.text(meta, "meta", "parent_id"),
        "created_at": _created(meta, reader),
    }
    status = _status(meta, campaign, reader)
    if status is not None and status is not PlanStatus.DRAFT:
        found["status"] = status.value
    return {key: value for key, value in found.items() if value}


def _created(meta: dict[str, Any], reader: Reader) -> str | None:
    stated = reader.text(meta, "meta", "created_at", required=True)
    if not stated:
        return None
    try:
        moment = datetime.fromisoformat(stated)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        reader.warn(
            "meta.created_at",
            "schema.time",
            f"{stated[:40]!r} is no instant with a time zone; it is left out",
            value=stated[:40],
            limit="an RFC 3339 date-time, e.g. 2027-02-01T10:15:00Z",
        )
        return None
    return scalars.moment_text(moment, "UTC")


def _status(
    meta: dict[str, Any], campaign: dict[str, Any], reader: Reader
) -> PlanStatus | None:
    if meta.get("is_archived") is True:
        return PlanStatus.ARCHIVED
    stated = reader.text(campaign, "campaign", "workflow_status_name")
    found = words.status_of(stated)
    if stated and found is None:
        reader.warn(
            "campaign.workflow_status_name",
            "schema.status",
            f"the status {stated!r} is not known; the plan is a draft",
            value=stated,
            limit=", ".join(PlanStatus),
        )
    elif found is not None and stated.casefold() != found.value:
        reader.inform(
            "campaign.workflow_status_name",
            "schema.status",
            f"the status {stated!r} is read as '{found}'",
            value=stated,
        )
    return found


def _money(campaign: dict[str, Any], reader: Reader) -> dict[str, Any]:
    total = reader.money(campaign, "campaign", "budget_total", required=True)
    return {"budget": {"total": total}} if total else {}


# -- strategy ----------------------------------------------------------------------


def _strategy(campaign: dict[str, Any], reader: Reader) -> dict[str, Any]:
    goals = _goals(campaign, reader)
    stated = reader.text(campaign, "campaign", "objective")
    advertiser = reader.text(campaign, "campaign", "advertiser_name")
    if not (goals or stated or advertiser):
        return {}
    name = advertiser or reader.text(campaign, "campaign", "name") or "unnamed"
    if not advertiser:
        reader.warn(
            "campaign.name",
            "schema.brand",
            f"the file names no advertiser; the brand is called {name!r}",
            value=name,
        )
    brand = {"name": name, "advertiser": advertiser} if advertiser else {"name": name}
    found: dict[str, Any] = {"brand": brand}
    if stated:
        found["objective"] = words.objective_of(stated)
        if found["objective"] != stated:
            reader.inform(
                "campaign.objective",
                "schema.objective",
                f"the objective {stated!r} is read as '{found['objective']}'",
                value=stated,
            )
    if goals:
        found["goals"] = goals
    return {"strategy": found}


def _goals(campaign: dict[str, Any], reader: Reader) -> list[dict[str, Any]]:
    found = []
    for number in words.KPI_SLOTS:
        name = reader.text(campaign, "campaign", f"kpi_name{number}")
        if not name:
            continue
        keys = (f"kpi_name{number}", f"kpi_value{number}")
        goal = _target(name, campaign, "campaign", keys, reader)
        if goal is not None:
            found.append(goal)
    return found


def _target(
    name: str, record: dict[str, Any], path: str, keys: tuple[str, str], reader: Reader
) -> dict[str, Any] | None:
    """
    A KPI and what it should reach, by the keys of both; None where one of them is not
    understood.
    """
    name_key, value_key = keys
    try:
        known = kpi(words.METRICS.get(name, name.removeprefix("metric_")))
    except REFUSALS:
        reader.warn(
            f"{path}.{name_key}",
            "schema.kpi",
            f"the KPI {name!r} is not known; it is kept aside",
            value=name,
        )
        return None
    target = (
        reader.money(record, path, value_key)
        if known.unit is Unit.MONEY
        else reader.count(record, path, value_key)
    )
    if not target:
        return None
    sign = " %" if known.unit is Unit.PERCENT else ""
    return {"kpi": known.name, "target": f"{target}{sign}"}


# -- audiences ---------------------------------------------------------------------


def _audiences(campaign: dict[str, Any], reader: Reader) -> dict[str, Any]:
    path = "campaign.target_audiences"
    found: dict[str, Any] = {}
    unused: dict[str, Any] = {}
    for place, raw in enumerate(reader.items(campaign.get("target_audiences"), path)):
        where = f"{path}[{place}]"
        record = reader.table(raw, where)
        name = reader.text(record, where, "name", required=True)
        key = words.key_of(name, found)
        found[key], rest = _audience(name, record, where, reader)
        if rest:
            unused[key] = rest
    places, excluded = places_of(campaign, reader)
    for audience in found.values():
        audience.update({"places": places} if places else {})
        audience.update({"exclude_places": excluded} if excluded else {})
    if (places or excluded) and not found:
        reader.warn(
            "campaign.target_locations",
            "schema.places",
            "places without a target audience; they are kept aside",
        )
    result: dict[str, Any] = {"audiences": found} if found else {}
    if unused:
        result["extra"] = {words.EXTRA_AUDIENCES: _json(unused)}
    return result


def _audience(
    name: str, record: dict[str, Any], path: str, reader: Reader
) -> tuple[dict[str, Any], dict[str, Any]]:
    found: dict[str, Any] = {"name": name}
    used = {"name"}
    if note := reader.text(record, path, "description"):
        found["note"] = note
        used.add("description")
    if age := _age(record, path, reader):
        found["age"] = age
        used |= {"demo_age_start", "demo_age_end"}
    gender = record.get("demo_gender")
    if gender in ("Male", "Female", "Any"):
        used.add("demo_gender")
        if gender != "Any":
            found["genders"] = [gender.casefold()]
    if stated := reader.text(record, path, "interest_attributes"):
        found["interests"] = words.split_words(stated)
        if ", ".join(found["interests"]) == stated:
            used.add("interest_attributes")
        reader.inform(
            f"{path}.interest_attributes",
            "schema.split",
            f"free text was split into {len(found['interests'])} interests",
            value=stated[:80],
            hint="check them: each must be found on the network later",
        )
    rest = {key: value for key, value in record.items() if key not in used}
    _report_unused(rest, path, reader)
    return found, rest


def _report_unused(rest: dict[str, Any], path: str, reader: Reader) -> None:
    free = [key for key in rest if key.endswith("_attributes") or "exten" in key]
    free = [key for key in free if key != "interest_attributes"]
    if free:
        reader.inform(
            f"{path}.{free[0]}",
            "schema.kept",
            f"free text in {', '.join(free)} is kept aside, not used",
            value=", ".join(free),
            hint="say it as interests, professions, behaviours or lookalike",
        )


def _age(record: dict[str, Any], path: str, reader: Reader) -> str:
    low, high = record.get("demo_age_start"), record.get("demo_age_end")
    if low is None and high is None:
        return ""
    youngest, oldest = _AGES
    low = youngest if low is None else low
    whole = all(isinstance(age, int) for age in (low, high) if age is not None)
    top = oldest if high is None else high
    if not whole or not youngest <= low <= top <= oldest:
        reader.warn(
            f"{path}.demo_age_start",
            "schema.age",
            f"ages {low} to {high} are kept aside",
            value=f"{low}..{high}",
            limit=f"{youngest}..{oldest}",
        )
        return ""
    return f"{low}+" if high is None else f"{low}-{high}"


def places_of(campaign: dict[str, Any], reader: Reader) -> tuple[list[str], list[str]]:
    """
    Countries of all target locations; other places need an id found by search.
    """
    path = "campaign.target_locations"
    wanted: list[str] = []
    unwanted: list[str] = []
    for place, raw in enumerate(reader.items(campaign.get("target_locations"), path)):
        where = f"{path}[{place}]"
        record = reader.table(raw, where)
        for part, found in (("location", wanted), ("exclusion", unwanted)):
            inside = f"{where}.{part}_list"
            names = reader.items(record.get(f"{part}_list"), inside)
            found.extend(_countries(names, record.get(f"{part}_type"), inside, reader))
    return list(dict.fromkeys(wanted)), list(dict.fromkeys(unwanted))


def _countries(names: list[Any], kind: Any, path: str, reader: Reader) -> list[str]:
    found = []
    for place, name in enumerate(names):
        code = words.country_of(name) if isinstance(name, str) else None
        if kind in (None, "Country") and code is not None:
            found.append(code)
            reader.inform(
                f"{path}[{place}]",
                "schema.place",
                f"{name!r} is the country {code}, for every target audience",
                value=name,
            )
            continue
        reader.warn(
            f"{path}[{place}]",
            "schema.place",
            f"{name!r} ({kind or 'no type'}) is not recognised; it is kept aside",
            value=str(name),
            limit="countries by name or ISO 3166 code",
            hint="add it as a place with country and city",
        )
    return found


# -- lines -------------------------------------------------------------------------


def _lines(
    raw: Any, audiences: dict[str, str], flight: str, reader: Reader
) -> tuple[dict[str, Any], dict[str, Any]]:
    """
    Lines by key, and by place those that are on no network of smmlib.
    """
    lines: dict[str, Any] = {}
    kept: dict[str, Any] = {}
    for place, item in enumerate(reader.items(raw, "lineitems", required=True)):
        path = f"lineitems[{place}]"
        record = reader.table(item, path)
        identity = reader.text(record, path, "id", required=True)
        line = _line(record, path, audiences, flight, reader)
        if line is None:
            kept[str(place)] = record
            continue
        key = identity if KEY.match(identity) else words.key_of(identity, lines)
        if key in lines:
            key = words.key_of(key, lines)
        if key != identity:
            reader.inform(
                f"{path}.id",
                "schema.key",
                f"the id {identity!r} became the key '{key}'",
                value=identity,
            )
        lines[key] = line
    return lines, kept


def _line(
    record: dict[str, Any],
    path: str,
    audiences: dict[str, str],
    flight: str,
    reader: Reader,
) -> dict[str, Any] | None:
    networks = _networks(record, path, reader)
    if not networks:
        return None
    used = {"id", "name", "start_date", "end_date", "vehicle", "cost_total"}
    first = reader.day(record, path, "start_date", required=True)
    last = reader.day(record, path, "end_date", required=True)
    line: dict[str, Any] = {
        "name": reader.text(record, path, "name", required=True),
        "networks": [network.value for network in networks],
        "flight": f"{first}..{last}",
    }
    if line["flight"] == flight:
        del line["flight"]
    line |= _line_money(record, path, used, reader)
    line |= _line_words(record, path, used, audiences, reader)
    line |= _line_results(record, path, used, reader)
    rest = {key: value for key, value in record.items() if key not in used}
    own = _own(rest)
    rest = words.without_own(rest)
    if rest:
        line["extra"] = {words.EXTRA_LINE: _json(rest)}
    line = {
        key: value for key, value in line.items() if value not in ("", None, {}, [])
    }
    return words.patched(line, own)  # type: ignore[no-any-return]


def _networks(record: dict[str, Any], path: str, reader: Reader) -> Any:
    if record.get("is_aggregate") is True:
        reader.warn(
            f"{path}.is_aggregate",
            "schema.aggregate",
            "a line that sums up others is kept aside, so that nothing counts twice",
            value=record.get("name"),
        )
        return ()
    vehicle = reader.text(record, path, "vehicle")
    found = words.networks_of(vehicle) if vehicle else ()
    if not found:
        shown = vehicle or reader.text(record, path, "vehicle_custom")
        reader.warn(
            f"{path}.vehicle" if vehicle else path,
            "schema.vehicle",
            f"{record.get('name')!r} is on {shown or 'no vehicle'}, which smmlib does "
            "not plan; the line is kept aside and not counted",
            value=shown,
            limit=", ".join(words.VEHICLES.values()),
        )
    return found


def _line_money(
    record: dict[str, Any], path: str, used: set[str], reader: Reader
) -> dict[str, Any]:
    code = reader.line_currency(record, path)
    cost = reader.money(record, path, "cost_total", required=True, currency=code)
    used.add("cost_currency")
    found: dict[str, Any] = {"cost": cost}
    channel = reader.text(record, path, "channel")
    if words.is_organic(channel) or not cost:
        found["paid"] = False
    if channel in words.CHANNELS.values():
        used.add("channel")
    for ours, theirs in (("minimum", "cost_minimum"), ("maximum", "cost_maximum")):
        if record.get(theirs) is not None:
            found[ours] = reader.money(record, path, theirs, currency=code)
            used.add(theirs)
    found |= _parts(record, path, used, code, reader)
    return {key: value for key, value in found.items() if value is not None}


def _parts(
    record: dict[str, Any], path: str, used: set[str], code: str | None, reader: Reader
) -> dict[str, Any]:
    """
    What the cost is made of, where smmlib has a name for each of its parts.
    """
    named = {
        "media": "cost_media",
        "agency_fee": "cost_buying",
        "production": "cost_creative",
    }
    stated = {
        key: reader.count(record, path, key)
        for key in record
        if key in words.COST_PARTS and record[key] is not None
    }
    total = reader.count(record, path, "cost_total") or Decimal(0)
    summed = sum((part for part in stated.values() if part is not None), Decimal(0))
    if summed > total:
        reader.warn(
            f"{path}.cost_total",
            "schema.parts",
            f"its parts come to {summed}, more than {total}",
            value=str(summed),
            limit=str(total),
        )
    others = [key for key in stated if key not in named.values()]
    if others or "cost_media" not in stated:
        if stated:
            reader.inform(
                f"{path}.{next(iter(stated))}",
                "schema.kept",
                f"{', '.join(stated)} are kept aside: not all have a place here",
                value=", ".join(stated),
            )
        return {}
    used |= stated.keys()
    return {
        "parts": {
            ours: reader.money(record, path, theirs, currency=code, zero=True)
            for ours, theirs in named.items()
            if theirs in stated
        }
    }


def _line_words(
    record: dict[str, Any],
    path: str,
    used: set[str],
    audiences: dict[str, str],
    reader: Reader,
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if form := reader.text(record, path, "adformat"):
        found["ad_format"] = form
        used.add("adformat")
    buying = words.buying_of(reader.text(record, path, "buy_type"))
    if buying is not None:
        found["buy"] = buying.value
        if record["buy_type"] == buying.value.upper():
            used.add("buy_type")
    name = reader.text(record, path, "target_audience")
    if name in audiences:
        found["audience"] = audiences[name]
        used.add("target_audience")
    elif name:
        reader.warn(
            f"{path}.target_audience",
            "schema.audience",
            f"the file has no target audience {name!r}; the name is kept aside",
            value=name,
            limit=", ".join(audiences),
        )
    return found


def _line_results(
    record: dict[str, Any], path: str, used: set[str], reader: Reader
) -> dict[str, Any]:
    """
    Targets and expected counts of a line.
    """
    found: dict[str, Any] = {}
    expect = {}
    for metric, name in words.METRICS.items():
        value = reader.count(record, path, metric)
        if value is not None:
            expect[name] = str(words.plain_number(value))
            used.add(metric)
    if expect:
        found["expect"] = expect
    name = reader.text(record, path, "kpi")
    target = _target(name, record, path, ("kpi", "kpi_value"), reader) if name else None
    if target is not None:
        found["targets"] = [target]
        used |= {"kpi", "kpi_value"}
    return found


# -- what is kept aside ------------------------------------------------------------

_USED_META = frozenset(
    "id schema_version name created_by_name created_at comments parent_id "
    "is_archived".split()
)
_USED_CAMPAIGN = frozenset(
    "start_date end_date budget_total budget_currency advertiser_name "
    "target_audiences".split()
)


def _extra(
    root: dict[str, Any],
    meta: dict[str, Any],
    campaign: dict[str, Any],
    kept: dict[str, Any],
    reader: Reader,
) -> dict[str, str]:
    unknown = sorted(set(root) - {"meta", "campaign", "lineitems", "dictionary"})
    if unknown:
        reader.inform(
            unknown[0],
            "schema.kept",
            f"{', '.join(unknown)} is not in the schema; it is kept aside",
            value=", ".join(unknown),
        )
    meta_rest = {k: v for k, v in meta.items() if k not in _USED_META}
    parts = {
        words.EXTRA_META: words.without_own(meta_rest),
        words.EXTRA_CAMPAIGN: _campaign_rest(meta, campaign, reader),
        words.EXTRA_DICTIONARY: root.get("dictionary"),
        words.EXTRA_LINES: kept,
        words.EXTRA_OTHER: {key: root[key] for key in unknown},
    }
    return {key: _json(value) for key, value in parts.items() if value}


def _campaign_rest(
    meta: dict[str, Any], campaign: dict[str, Any], reader: Reader
) -> dict[str, Any]:
    """
    What of the campaign would not come out again by itself.
    """
    status = words.status_of(str(campaign.get("workflow_status_name", "")))
    plain = {
        "id": meta.get("id"),
        "name": meta.get("name"),
        "objective": words.objective_of(str(campaign.get("objective", ""))),
        "workflow_status_name": status.value if status else None,
    }
    rest = {
        key: value
        for key, value in campaign.items()
        if key not in _USED_CAMPAIGN and not (key in plain and plain[key] == value)
    }
    for number in words.KPI_SLOTS:
        name = rest.get(f"kpi_name{number}")
        silent = Reader(currency=reader.currency)
        keys = (f"kpi_name{number}", f"kpi_value{number}")
        if not isinstance(name, str):
            continue
        if _target(name, campaign, "campaign", keys, silent) is not None:
            for key in keys:
                rest.pop(key)
    return rest


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=words.number_of)


__all__ = ["Imported", "derive", "load_mediaplanschema"]
