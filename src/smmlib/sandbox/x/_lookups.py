"""
The targeting search endpoints: what criteria may name.

Source: X Ads API, targeting options reference, 2026-08.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.sandbox.x._catalogue import LOCATION_TYPES, MARKETS, options
from smmlib.sandbox.x._context import Result
from smmlib.sandbox.x._errors import invalid, not_modelled
from smmlib.sandbox.x._resources import cut
from smmlib.sandbox.x._status import seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from smmlib.sandbox.x._catalogue import Option
    from smmlib.sandbox.x._context import Context


def lookup(kind: str) -> Callable[[Context], Result]:
    """
    The operation that lists the options of a targeting type.
    """

    def search(ctx: Context) -> Result:
        rows = list(_named(ctx, options(kind).values()))
        for name in ("os_type", "conversation_type"):
            asked = ctx.params.get(name)
            if asked:
                rows = [row for row in rows if row.told.get(name) == asked]
        if "cursor" not in ctx.operation.params:
            return Result([row.told for row in rows][: ctx.params.get("count", 1_000)])
        return cut(ctx, [row.told for row in rows])

    return search


def locations(ctx: Context) -> Result:
    """
    Places by name, kind and country; the best known first.
    """
    params = ctx.params
    kind = params.get("location_type")
    if kind and kind not in LOCATION_TYPES.values():
        raise not_modelled(f"locations of type {kind}")
    rows = [
        row
        for row in _named(ctx, options("LOCATION").values())
        if (not kind or row.told["location_type"] == kind)
        and params.get("country_code") in (None, row.told["country_code"])
    ]
    return cut(ctx, [row.told for row in rows])


def network_operators(ctx: Context) -> Result:
    """
    Mobile networks of one country, the United States unless said otherwise.
    """
    country = ctx.params.get("country_code", "US")
    rows = _named(ctx, options("NETWORK_OPERATOR").values())
    return cut(ctx, [row.told for row in rows if row.told["country_code"] == country])


def events(ctx: Context) -> Result:
    """
    Events of the kinds asked for that touch the time asked for.
    """
    begin = seconds(ctx.params.get("start_time"))
    end = seconds(ctx.params.get("end_time"))
    kinds = ctx.params["event_types"].split(",")
    rows = [
        row.told
        for row in options("EVENT").values()
        if row.told["event_type"] in kinds and _touches(row, begin, end)
    ]
    return cut(ctx, [] if ctx.params.get("country_codes") else rows)


def tv_markets(_ctx: Context) -> Result:
    """
    Countries whose television can be named.
    """
    return Result(
        [
            {"name": name, "country_code": country, "locale": locale}
            for locale, (country, name) in MARKETS.items()
        ]
    )


def tv_shows(ctx: Context) -> Result:
    """
    Shows of one market.
    """
    locale = ctx.params["locale"]
    if locale not in MARKETS:
        raise invalid("locale", f"Expected one of {', '.join(MARKETS)}", locale)
    rows = [
        row.told
        for row in _named(ctx, options("TV_SHOW").values())
        if f"{_first(row)['language']}-{_first(row)['country']}" == locale
    ]
    return cut(ctx, rows)


def iab_categories(ctx: Context) -> Result:
    """
    Categories of content, for pre-roll.
    """
    rows = [
        {
            "id": row.value,
            "name": row.name,
            "parent_id": row.told.get("parent_id"),
        }
        for row in options("IAB_CATEGORY").values()
    ]
    return cut(ctx, rows)


def _first(row: Option) -> dict[str, Any]:
    first: dict[str, Any] = row.told["locales"][0]
    return first


def _touches(row: Option, begin: float | None, end: float | None) -> bool:
    opens, closes = seconds(row.told["start_time"]), seconds(row.told["end_time"])
    return (end is None or (opens or 0) < end) and (
        begin is None or (closes or 0) > begin
    )


def _named(ctx: Context, rows: Iterable[Option]) -> list[Option]:
    """
    The rows whose name begins with `q`, or has a word that does.
    """
    asked = str(ctx.params.get("q") or "").casefold()
    return [
        row
        for row in rows
        if not asked
        or row.name.casefold().startswith(asked)
        or any(part.startswith(asked) for part in row.name.casefold().split())
        or any(part.startswith(asked) for part in row.name.casefold().split("/"))
    ]
