"""
What exports call their columns, and what smmlib calls the same thing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.analytics._csv import Problems
from smmlib.errors import CodecError, Issue
from smmlib.model import FrozenMap
from smmlib.model._checks import did_you_mean

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

COUNTS = (
    "impressions",
    "reach",
    "clicks",
    "link_clicks",
    "visits",
    "video_views",
    "engagements",
    "leads",
    "registrations",
    "conversions",
    "approved_conversions",
)
AMOUNTS = ("spend", "revenue")
TEXTS = ("network", "currency", "platform", "account", "campaign", "ad_set", "ad")
FIELDS = ("on", *AMOUNTS, *COUNTS, *TEXTS)

# Headers of Meta Ads Manager's exports (English and German screens, read in 2026) and
# of the public data set "Sales Conversion Optimization". The first that is found wins.
NAMES: dict[str, tuple[str, ...]] = {
    "on": ("day", "date", "tag", "datum", "reporting starts", "berichtsstart"),
    "spend": (
        "amount spent",
        "spend",
        "spent",
        "cost",
        "ausgegebener betrag",
    ),
    "impressions": ("impressions", "impressionen"),
    "reach": ("reach", "reichweite"),
    "clicks": ("clicks (all)", "clicks", "klicks (alle)"),
    "link_clicks": ("link clicks", "link-klicks"),
    "visits": ("landing page views", "website landing page views"),
    "video_views": ("3-second video plays", "video plays"),
    "engagements": ("post engagements", "post engagement", "beitragsinteraktionen"),
    "leads": ("leads", "website leads", "on-facebook leads", "meta leads"),
    "registrations": (
        "registrations completed",
        "website registrations completed",
        "registrations",
    ),
    "conversions": (
        "conversions",
        "total_conversion",
        "purchases",
        "website purchases",
        "results",
        "ergebnisse",
    ),
    "approved_conversions": ("approved_conversion", "approved conversions"),
    "revenue": (
        "purchases conversion value",
        "website purchases conversion value",
        "conversion value",
    ),
    "currency": ("currency", "währung"),
    "network": ("platform", "publisher platform", "plattform"),
    "account": ("account name", "account id", "kontoname", "konto-id"),
    "campaign": (
        "campaign name",
        "kampagnenname",
        "name der kampagne",
        "campaign",
        "campaign id",
        "xyz_campaign_id",
    ),
    "ad_set": (
        "ad set name",
        "anzeigengruppenname",
        "name der anzeigengruppe",
        "ad set id",
        "fb_campaign_id",
    ),
    "ad": ("ad name", "anzeigenname", "name der anzeige", "ad id", "ad_id"),
}
# Headers of LinkedIn's Campaign Manager and X's Ads Manager (English screens). What one
# platform calls a campaign is the other's ad set, so each has a table of its own.
_OF_LINKEDIN: dict[str, tuple[str, ...]] = {
    "on": ("start date (in utc)", "start date", "date (in utc)", "date", "day"),
    "spend": ("total spent", "total spent in usd", "amount spent", "spend"),
    "link_clicks": ("clicks to landing page",),
    "video_views": ("video views",),
    "engagements": ("total engagements",),
    "revenue": ("total conversion value", "conversion value"),
    "campaign": ("campaign group name", "campaign group id"),
    "ad_set": ("campaign name", "campaign id"),
    "ad": ("creative name", "ad name", "creative id", "ad id"),
}
_OF_X: dict[str, tuple[str, ...]] = {
    "on": ("time period", "date", "day"),
    "spend": ("spend", "amount spent"),
    "link_clicks": ("link clicks", "url clicks"),
    "video_views": ("video views",),
    "engagements": ("engagements", "post engagements", "tweet engagements"),
    "campaign": ("campaign name", "campaign", "campaign id"),
    "ad_set": ("ad group name", "line item name", "ad group id", "line item id"),
    "ad": ("ad name", "ad id", "post id", "tweet id"),
}
_SIGNS = {
    "linkedin": {"campaign group name", "campaign group id", "total spent"},
    "x": {"ad group name", "line item name", "tweet id", "url clicks"},
}
BREAKDOWNS: dict[str, tuple[str, ...]] = {
    "age": ("age", "alter"),
    "gender": ("gender", "geschlecht"),
    "interest": ("interest",),
    "country": ("country", "land"),
    "region": ("region",),
    "placement": ("placement", "platzierung"),
    "device": ("impression device", "device platform"),
}
LAST_DAY = ("reporting ends", "berichtsende")
RESULT_KIND = ("result indicator", "result type", "ergebnisindikator", "ergebnistyp")
_CURRENCY = re.compile(r"\s*\(([A-Z]{3})\)\Z")
_OPTIONS = {"decimal": (".", ","), "dates": ("day", "month"), "separator": None}


def known_name(header: str) -> str:
    """
    A header as the tables above spell it: no currency in brackets, small letters.
    """
    return _CURRENCY.sub("", header.strip()).casefold()


def dialect_of(header: Iterable[str]) -> tuple[str, Mapping[str, tuple[str, ...]]]:
    """
    The network whose export has such a header, or an empty text, and its names.
    """
    plain = {known_name(cell) for cell in header}
    if plain & _SIGNS["linkedin"]:
        return "linkedin", NAMES | _OF_LINKEDIN
    if plain & _SIGNS["x"]:
        return "x", NAMES | _OF_X
    return "", NAMES


@attrs.frozen
class Columns:
    """
    Which column of a file holds what.

    Attributes:
        places: Place of a column by field.
        breakdowns: Place of a column by name of breakdown.
        last_day: Place of the column with the last day a row covers.
        result_kind: Place of the column that says what a row's results are.
        currency: Currency that a header names, e.g. in "Amount spent (EUR)".
        ignored: Headers that nothing was read from.
        options: Decimal mark, order of dates and separator, where the user stated them.
    """

    places: FrozenMap[int]
    breakdowns: FrozenMap[int] = attrs.field(kw_only=True)
    last_day: int | None = attrs.field(kw_only=True)
    result_kind: int | None = attrs.field(kw_only=True)
    currency: str = attrs.field(kw_only=True)
    ignored: tuple[str, ...] = attrs.field(kw_only=True)
    options: FrozenMap[str] = attrs.field(kw_only=True)


@attrs.frozen
class ColumnMap:
    """
    A user's own names of columns, checked.

    Attributes:
        names: Header by field.
        breakdowns: Header by name of breakdown.
        options: `decimal`, `dates` and `separator`, where stated.
    """

    names: FrozenMap[str] = attrs.field(factory=FrozenMap)
    breakdowns: FrozenMap[str] = attrs.field(factory=FrozenMap)
    options: FrozenMap[str] = attrs.field(factory=FrozenMap, kw_only=True)


def column_map(
    columns: Mapping[str, Any] | str | os.PathLike[str] | None,
    fields: Iterable[str] = FIELDS,
) -> ColumnMap:
    """
    A mapping or TOML file that names columns, such as `impressions = "Impr."`.

    Raises:
        CodecError: The file is no TOML.
        ValidationError: It names a field that does not exist.
    """
    if columns is None:
        return ColumnMap()
    file = "columns" if isinstance(columns, Mapping) else str(columns)
    given = columns if isinstance(columns, Mapping) else _toml(file)
    problems = Problems(file)
    names, options = {}, {}
    breakdowns = given.get("breakdown", {})
    if not isinstance(breakdowns, Mapping):
        problems.add("breakdown", "columns.breakdown", "breakdown must be a table")
        breakdowns = {}
    allowed = tuple(fields)
    for key, value in given.items():
        if key == "breakdown":
            continue
        if not isinstance(value, str) or not value:
            text = f"'{key}' must be the header of a column"
            problems.add(key, "columns.value", text, value=str(value))
        elif key in _OPTIONS:
            _check_option(key, value, problems)
            options[key] = value
        elif key in allowed:
            names[key] = value
        else:
            problems.add(
                key,
                "columns.unknown",
                f"there is nothing called '{key}'",
                value=key,
                limit=", ".join(allowed),
                hint=did_you_mean(key, (*allowed, *_OPTIONS, "breakdown")),
            )
    problems.stop()
    return ColumnMap(
        FrozenMap(names), FrozenMap(breakdowns), options=FrozenMap(options)
    )


def _check_option(key: str, value: str, problems: Problems) -> None:
    choices = _OPTIONS[key]
    right = value in choices if choices else len(value) == 1
    if not right:
        limit = " or ".join(f"'{c}'" for c in choices) if choices else "one character"
        text = f"'{key}' cannot be {value!r}"
        problems.add(key, "columns.option", text, value=value, limit=limit)


def _toml(file: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(Path(file).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        text = f"the column map cannot be read: {error}"
        hint = 'write lines such as impressions = "Impr."'
        issue = Issue("", "columns.file", text, file=file, hint=hint)
        raise CodecError([issue]) from error


def find_columns(
    header: tuple[str, ...],
    chosen: ColumnMap,
    problems: Problems,
    *,
    names: Mapping[str, tuple[str, ...]] = NAMES,
    breakdowns: Mapping[str, tuple[str, ...]] = BREAKDOWNS,
) -> Columns:
    """
    Where each field stands: the user's own names first, then the known ones.
    """
    plain = [known_name(cell) for cell in header]
    _check_doubles(header, problems)
    places: dict[str, int] = {}
    kinds: dict[str, int] = {}
    for target, stated, known in (
        (places, chosen.names, names),
        (kinds, chosen.breakdowns, breakdowns),
    ):
        for field, name in stated.items():
            place = _stated_place(field, name, header, problems)
            if place is not None:
                target[field] = place
        for field, aliases in known.items():
            taken = {*places.values(), *kinds.values()}
            found = (plain.index(a) for a in aliases if a in plain)
            free = next((place for place in found if place not in taken), None)
            if field not in target and free is not None:
                target[field] = free
    last = next((plain.index(name) for name in LAST_DAY if name in plain), None)
    kind = next((plain.index(name) for name in RESULT_KIND if name in plain), None)
    used = {*places.values(), *kinds.values(), last, kind}
    spend = places.get("spend")
    match = _CURRENCY.search(header[spend]) if spend is not None else None
    return Columns(
        FrozenMap(places),
        breakdowns=FrozenMap(kinds),
        last_day=last,
        result_kind=kind,
        currency=match[1] if match else "",
        ignored=tuple(h for n, h in enumerate(header) if n not in used and h),
        options=chosen.options,
    )


def _check_doubles(header: tuple[str, ...], problems: Problems) -> None:
    for place, name in enumerate(header):
        if name and header.index(name) != place:
            problems.add(
                name,
                "metrics.column_twice",
                f"the column '{name}' stands twice in the file",
                line=1,
                column=place + 1,
                limit="one column of a name",
                hint="remove or rename one of them",
            )


def _stated_place(
    field: str, name: str, header: tuple[str, ...], problems: Problems
) -> int | None:
    if name in header:
        return header.index(name)
    plain = [cell.casefold() for cell in header]
    if name.casefold() in plain:
        return plain.index(name.casefold())
    problems.add(
        field,
        "metrics.column_missing",
        f"the file has no column '{name}'",
        value=name,
        limit=", ".join(header)[:400],
        line=1,
        hint=did_you_mean(name, header),
    )
    return None
