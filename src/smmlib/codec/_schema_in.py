"""
mediaplanschema 3.0 in: another tool's media plan as ours, with a report of each guess.

The document is first turned into what a plan file would hold, then read like one, so
that nothing gets in that a plan file could not say. What smmlib does not use is kept as
JSON texts in `extra`, and goes out again unchanged.
"""

from __future__ import annotations

from datetime import datetime
from os import PathLike
from typing import Any

import attrs

from smmlib.codec import _scalars as scalars
from smmlib.codec import _schema_words as words
from smmlib.codec._context import REFUSALS, codec_error
from smmlib.codec._files import as_path, read_text
from smmlib.codec._json import read_json
from smmlib.codec._plan import FORMAT, read_data
from smmlib.codec._schema_audiences import audiences_of
from smmlib.codec._schema_lines import lines_of, target_of
from smmlib.codec._schema_reader import Reader
from smmlib.errors import Issue
from smmlib.model import MediaPlan, PlanStatus, SourceMap
from smmlib.model._money import currency_code

_VERSIONS = ("3.0", "v3.0")


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
    own = words.own_of(meta)
    data = {
        "smmlib": FORMAT,
        **_head(meta, campaign, reader),
        "zone": own.get("zone") or zone or _guessed_zone(reader),
        **_money(campaign, reader),
        **_strategy(campaign, reader),
        **audiences_of(campaign, reader),
    }
    names = {a.get("name", key): key for key, a in data.get("audiences", {}).items()}
    lines, kept = lines_of(root.get("lineitems"), names, data["flight"], reader)
    data["lines"] = lines
    extra = _extra(root, meta, campaign, kept, reader)
    data["extra"] = {**data.pop("extra", {}), **extra}
    return words.patched(data, own)  # type: ignore[no-any-return]


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
        goal = target_of(name, campaign, "campaign", keys, reader)
        if goal is not None:
            found.append(goal)
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
    return {key: words.json_text(value) for key, value in parts.items() if value}


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
        if target_of(name, campaign, "campaign", keys, silent) is not None:
            for key in keys:
                rest.pop(key)
    return rest


__all__ = ["Imported", "derive", "load_mediaplanschema"]
