"""
Returns from the warehouse: spend beside what conversions were credited with.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.analytics._book import tidy
from smmlib.analytics._returns import ReturnRow, Returns
from smmlib.analytics._warehouse._rows import is_paid
from smmlib.analytics._warehouse._schema import LEVELS, table
from smmlib.errors import Issue, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from smmlib.analytics._attribution import Attribution
    from smmlib.model import Money

    Answer = tuple[tuple[str, ...], list[tuple[Any, ...]]]

_COUNTED = {"purchase": "purchases", "registration": "registrations", "lead": "leads"}
_FIELDS = {**_COUNTED, "refunded": "refunds"}


def returns_of(
    ask: Callable[..., Answer],
    attribute: Callable[[str, str], Attribution],
    claims: Callable[[str], Answer],
    *,
    model: str,
    currency: str,
    costs: Mapping[str, Money],
) -> Returns:
    """
    Channels, campaigns and ads with cost, claims and own records.
    """
    kinds = _kinds(ask)
    levels = {}
    for level in LEVELS:
        rows = _claimed(*claims(level), level)
        _credit(
            rows, {kind: attribute(level, kind) for kind in kinds if kind in _FIELDS}
        )
        _cost(rows, costs, level)
        levels[level] = tuple(_finished(row, kinds) for row in rows.values())
    channels = sorted(levels["channel"], key=lambda r: (-(r.spend or 0), r.key))
    matched, elsewhere = _matched(ask)
    total = _summed([row for row in channels if _is_social(row, kinds)])
    return Returns(
        attrs.evolve(total, key="total", name="All social channels"),
        currency,
        model=model,
        channels=tuple(channels),
        campaigns=tuple(row for row in levels["campaign"] if row.key),
        ads=tuple(row for row in levels["ad"] if row.key),
        conversions=sum(kinds.get(kind, 0) for kind in _COUNTED),
        unmatched=elsewhere,
        elsewhere=matched,
        notes=() if kinds else (_no_records(),),
    )


def _no_records() -> Issue:
    text = "no own records of conversions: returns are the platforms' claims only"
    return Issue("conversions", "roi.no_conversions", text, severity=Severity.INFO)


def _kinds(ask: Callable[..., Answer]) -> dict[str, int]:
    t = table("conversions")
    _, rows = ask(t.group_by("kind").agg(n=t.count()))
    found = {kind: int(count) for kind, count in rows}
    if "refund" in found:
        found["refunded"] = found.pop("refund")
    return found


def _matched(ask: Callable[..., Answer]) -> tuple[int, int]:
    """
    Conversions whose own visit came from elsewhere, and those that lack a line.
    """
    t = table("conversions")
    t = t.filter(t.kind.isin(list(_COUNTED)), t.matched == 0)
    lost = t.channel.endswith("(no line)")
    _, rows = ask(t.group_by(lost=lost).agg(n=t.count()))
    counts = {bool(is_lost): int(n) for is_lost, n in rows}
    return counts.get(False, 0), counts.get(True, 0)


def _claimed(
    names: tuple[str, ...], rows: list[tuple[Any, ...]], level: str
) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        cells = dict(zip(names, row, strict=True))
        labels = [cells[f"by_{n}"] or "" for n in range(2 if level == "ad" else 1)]
        key = " / ".join(label for label in labels if label)
        if level == "ad" and not labels[-1]:
            continue
        found[key] = {
            "spend": cells["spend"],
            "spend_basis": "reported",
            "claimed_conversions": _count(cells["conversions"]),
            "claimed_registrations": _count(cells["registrations"]),
            "claimed_value": cells["revenue"],
            "key": key,
        }
    return found


def _count(cell: Any) -> int | None:
    return None if cell is None else int(cell)


def _credit(rows: dict[str, dict[str, Any]], tables: Mapping[str, Attribution]) -> None:
    for kind, credits_of in tables.items():
        for credit in credits_of.credits:
            row = rows.setdefault(credit.channel, {"key": credit.channel})
            row[_FIELDS[kind]] = credit.conversions
            if kind == "purchase":
                row["revenue"] = credit.value


def _cost(
    rows: dict[str, dict[str, Any]], costs: Mapping[str, Money], level: str
) -> None:
    for key, cost in costs.items():
        if (level == "ad") is not key.startswith("posts.") or level == "campaign":
            continue
        row = rows.setdefault(key, {"key": key})
        row["spend"] = cost.amount + (row.get("spend") or 0)
        row.setdefault("spend_basis", "work")


def _finished(row: dict[str, Any], kinds: Mapping[str, int]) -> ReturnRow:
    own: dict[str, Any] = {
        name: tidy(row.get(name, Decimal(0)))
        for kind, name in _COUNTED.items()
        if kind in kinds
    }
    if "purchase" in kinds:
        own["refunds"] = tidy(row.get("refunds", Decimal(0)))
        own["revenue"] = row.get("revenue", Decimal(0))
    told = ("spend", "spend_basis", "claimed_conversions", "claimed_registrations")
    return ReturnRow(
        row["key"],
        row["key"],
        **{name: row[name] for name in (*told, "claimed_value") if name in row},
        **own,
        paid="spend" in row and not row["key"].startswith("posts."),
    )


def _is_social(row: ReturnRow, kinds: Mapping[str, int]) -> bool:
    return (
        row.spend is not None or is_paid(row.key) or "(organic)" in row.key or not kinds
    )


def _summed(rows: list[ReturnRow]) -> ReturnRow:
    names = (
        *("spend", "claimed_conversions", "claimed_registrations", "claimed_value"),
        *("leads", "registrations", "purchases", "refunds", "revenue"),
    )
    sums: dict[str, Any] = {}
    for name in names:
        known = [v for row in rows if (v := getattr(row, name)) is not None]
        sums[name] = sum(known) if known else None
    return ReturnRow("total", "total", spend_basis="reported", **sums)
