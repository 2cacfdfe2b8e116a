"""
Line items of mediaplanschema 3.0 as lines of a plan.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from smmlib.codec import _schema_words as words
from smmlib.codec._context import REFUSALS
from smmlib.codec._schema_reader import Reader
from smmlib.model import kpi
from smmlib.model._checks import KEY
from smmlib.model._enums import Unit


def target_of(
    name: str,
    record: dict[str, Any],
    path: str,
    keys: tuple[str, str],
    reader: Reader,
    *,
    currency: str | None = None,
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
        reader.money(record, path, value_key, currency=currency)
        if known.unit is Unit.MONEY
        else reader.count(record, path, value_key)
    )
    if not target:
        return None
    sign = " %" if known.unit is Unit.PERCENT else ""
    return {"kpi": known.name, "target": f"{target}{sign}"}


def lines_of(
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
    code = reader.line_currency(record, path)
    line |= _line_money(record, path, used, reader, currency=code)
    line |= _line_words(record, path, used, audiences, reader)
    line |= _line_results(record, path, used, reader, currency=code)
    rest = {key: value for key, value in record.items() if key not in used}
    own = words.own_of(rest)
    rest = words.without_own(rest)
    if rest:
        line["extra"] = {words.EXTRA_LINE: words.json_text(rest)}
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
    record: dict[str, Any],
    path: str,
    used: set[str],
    reader: Reader,
    *,
    currency: str | None,
) -> dict[str, Any]:
    cost = reader.money(record, path, "cost_total", required=True, currency=currency)
    used.add("cost_currency")
    found: dict[str, Any] = {"cost": cost}
    channel = reader.text(record, path, "channel")
    if words.is_organic(channel) or not cost:
        found["paid"] = False
    if channel in words.CHANNELS.values():
        used.add("channel")
    for ours, theirs in (("minimum", "cost_minimum"), ("maximum", "cost_maximum")):
        if record.get(theirs) is not None:
            found[ours] = reader.money(record, path, theirs, currency=currency)
            used.add(theirs)
    found |= _parts(record, path, used, currency, reader)
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
    _compare_parts(stated, record, path, reader)
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


def _compare_parts(
    stated: dict[str, Decimal | None],
    record: dict[str, Any],
    path: str,
    reader: Reader,
) -> None:
    """
    Warn where the parts of a cost come to more than the whole.
    """
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
    record: dict[str, Any],
    path: str,
    used: set[str],
    reader: Reader,
    *,
    currency: str | None,
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
    keys = ("kpi", "kpi_value")
    target = (
        target_of(name, record, path, keys, reader, currency=currency) if name else None
    )
    if target is not None:
        found["targets"] = [target]
        used |= {"kpi", "kpi_value"}
    return found
