"""
Checks and finder parts that accounts, groups and campaigns share.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from smmlib.sandbox.linkedin._context import texts_of
from smmlib.sandbox.linkedin._errors import VALIDATION, Problem, bad_param, refused
from smmlib.sandbox.linkedin._status import GONE, key_of, may_become, status_of
from smmlib.sandbox.linkedin._store import URNS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smmlib.sandbox.linkedin._context import Call
    from smmlib.sandbox.linkedin._store import Node

Data = dict[str, Any]
_GRACE_MS = 86_400_000
"""How far in the past a start may lie; LinkedIn does not say."""


def demand(problems: list[Problem]) -> None:
    """
    Refuse when there is a problem.

    Raises:
        ApiError: 400 in the validation shape.
    """
    if problems:
        raise refused(problems, VALIDATION)


def missing(data: Data, names: Iterable[str]) -> list[Problem]:
    """
    Required fields that are absent.
    """
    return [Problem("MISSING_FIELD", name) for name in names if name not in data]


def named(data: Data, most: int | None = None) -> list[Problem]:
    """
    A name must say something and not too much.
    """
    name = data.get("name")
    if name is None:
        return []
    if not name.strip():
        return [Problem("INVALID_VALUE_BLANK_FIELD", "name")]
    if most is not None and len(name) > most:
        text = f"name has {len(name)} characters, at most {most}"
        return [Problem("FIELD_LENGTH_TOO_LONG", "name", text)]
    return []


def amount_of(data: Data, name: str) -> Decimal | None:
    """
    A money field as a number.
    """
    money = data.get(name)
    return None if money is None else Decimal(money["amount"])


def money(data: Data, names: Iterable[str], currency: str) -> list[Problem]:
    """
    Money must be in the account's currency and not negative.
    """
    found = []
    for name in names:
        if name not in data:
            continue
        given = data[name]["currencyCode"]
        if given != currency:
            text = f"{name} is in {given}, the account in {currency}"
            path = f"{name}/currencyCode"
            found.append(Problem("CURRENCY_MISMATCH", path, text))
        if Decimal(data[name]["amount"]) < 0:
            found.append(Problem("FIELD_VALUE_TOO_LOW", f"{name}/amount"))
    return found


def schedule(data: Data, old: Data | None, now: float, *, draft: bool) -> list[Problem]:
    """
    Start before end, neither of them long past.
    """
    run = data.get("runSchedule", {})
    before = (old or {}).get("runSchedule", {})
    start, end = run.get("start"), run.get("end")
    found = []
    if start is not None and end is not None and start >= end:
        found.append(Problem("START_DATE_AFTER_END_DATE", "runSchedule/start"))
    now_ms = now * 1000
    if start != before.get("start"):
        passed = before.get("start", now_ms + 1) <= now_ms
        if passed and not draft:
            found.append(Problem("DATE_IMMUTABLE_WHEN_PASSED", "runSchedule/start"))
        elif start is not None and start < now_ms - _GRACE_MS:
            found.append(Problem("DATE_TOO_EARLY", "runSchedule/start"))
    if end is not None and end != before.get("end") and end <= now_ms:
        found.append(Problem("DATE_TOO_EARLY", "runSchedule/end"))
    return found


def transition(node: Node, new: Data, now: float) -> list[Problem]:
    """
    Whether the status may become what a patch says.
    """
    key = key_of(node)
    before, after = status_of(node, now), new[key]
    if before in {"CANCELED", "CANCELLED"}:
        return [Problem("ACTION_NOT_ALLOWED_FOR_CANCELLED_STATUS", key)]
    if before in GONE or not may_become(node.kind, before, after):
        text = f"{key} cannot change from {before} to {after}"
        return [Problem("STATUS_CHANGE_NOT_ALLOWED", key, text)]
    return []


def doomed(node: Node, new: Data, now: float) -> None:
    """
    Note when a deletion was asked for.
    """
    if new[key_of(node)] == "PENDING_DELETION" and "doomed" not in node.inner:
        node.inner["doomed"] = now


def filters(
    call: Call, name: str, known: dict[str, str], symbols: dict[str, tuple[str, ...]]
) -> tuple[dict[str, list[str]], bool | None]:
    """
    Read a `search=(field:(values:List(..)),test:false)` parameter.

    Args:
        call: The request.
        name: The parameter.
        known: Fields; the value is the URN prefix its values must have, or empty.
        symbols: Allowed words of fields that are enumerations.

    Raises:
        ApiError: 400.
    """
    value = call.params.get(name, {})
    if not isinstance(value, dict):
        raise bad_param(name, f"{name} must be a record")
    found: dict[str, list[str]] = {}
    test: bool | None = None
    for field, inner in value.items():
        if field == "test":
            if inner not in ("true", "false"):
                raise bad_param(name, "test is true or false", "FIELD_INVALID")
            test = inner == "true"
        elif field not in known:
            raise bad_param(name, f"{field} cannot be searched", "FIELD_INVALID")
        elif not isinstance(inner, dict) or set(inner) != {"values"}:
            raise bad_param(name, f"{field} is (values:List(..))", "FIELD_INVALID")
        else:
            found[field] = texts_of(name, inner["values"])
            _check_values(name, field, found[field], known[field], symbols)
    return found, test


def _check_values(
    name: str,
    field: str,
    values: list[str],
    prefix: str,
    symbols: dict[str, tuple[str, ...]],
) -> None:
    for one in values:
        if not one.startswith(prefix):
            text = f"Invalid Urn Format: {one} does not begin with {prefix}"
            raise bad_param(name, text, "FIELD_INVALID")
        if field in symbols and one not in symbols[field]:
            raise bad_param(name, f"{one} is not a {field}", "FIELD_INVALID")


def picked(
    nodes: Iterable[Node],
    wanted: dict[str, list[str]],
    test: bool | None,  # noqa: FBT001
    now: float,
) -> list[Node]:
    """
    The entities that match every filter.
    """
    found = []
    for node in nodes:
        values = {**node.data, "id": node.urn, "status": status_of(node, now)}
        if test is not None and bool(node.inner.get("test")) != test:
            continue
        if all(values.get(field) in allowed for field, allowed in wanted.items()):
            found.append(node)
    return found


def account_urn(account: Node) -> str:
    """
    An account's name in records.
    """
    return URNS["account"] + account.id
