"""
From operations to what X takes. Pure: nothing is sent here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.adapters.x import _tables as tables
from smmlib.adapters.x._normal import MONEY, Criterion, micros
from smmlib.errors import InvalidRequestError
from smmlib.ports import Action, Kind

if TYPE_CHECKING:
    from smmlib.ports import Operation

Values = dict[str, Any]

_MARK = re.compile(r" ?\[smm:([a-z0-9]+)(?: ([0-9a-z]{1,13}))?\]\Z")
_CARD = re.compile(r"smm:([a-z0-9]+) ")
CARDS = "smm:"
"""
How the names of our cards begin: they are searched by it.
"""
GONE = "archived"
"""
Stands in place of the marker in the name of a post whose ad was archived.
"""
STATUSES = {Action.ACTIVATE: "ACTIVE", Action.PAUSE: "PAUSED"}


@attrs.frozen
class Named:
    """
    A name with what smmlib put behind it.

    Attributes:
        name: What people called it.
        marker: How it is found again; empty for objects of others.
        line_item: Of an ad's post: the line item it is for.
    """

    name: str
    marker: str = ""
    line_item: str = ""


def marked_name(name: str, marker: str, line_item: str = "") -> str:
    """
    The name an object gets on X, which has no labels: with its marker behind.

    A post also says which line item it is for, because only a promotion, which comes
    later, would tie it to one.
    """
    if not marker:
        return name
    tail = f" {line_item}" if line_item else ""
    return f"{name} [smm:{marker}{tail}]"


def split_name(name: Any) -> Named:
    """
    Name, marker and line item of an object.
    """
    text = str(name or "")
    found = _MARK.search(text)
    if found is None:
        return Named(text)
    return Named(text[: found.start()], found.group(1), found.group(2) or "")


def card_name(marker: str, name: str) -> str:
    """
    The name of a card, with the marker of its ad in front: X searches beginnings.
    """
    return f"{CARDS}{marker} {name}"[: tables.CARD_NAME]


def card_marker(name: Any) -> str:
    """
    The marker of the ad a card was made for.
    """
    found = _CARD.match(str(name or ""))
    return found.group(1) if found else ""


# -- campaigns and line items ----------------------------------------------------------


def create_item(operation: Operation) -> Values:
    """
    A batch's item that makes a campaign or line item: paused, its marker in the name.
    """
    return {
        "operation_type": "Create",
        "params": {
            "name": marked_name(operation.name, operation.marker),
            "entity_status": "PAUSED",
            **wire(operation.fields),
        },
    }


def update_item(operation: Operation) -> Values:
    """
    A batch's item that changes fields, and only those.

    Raises:
        InvalidRequestError: X never changes one of them.
    """
    values = wire(operation.fields)
    fixed = [name for name in tables.FIXED if name in values]
    if operation.kind is Kind.AD_SET and fixed:
        raise InvalidRequestError(
            f"X never changes {', '.join(fixed)} of an ad set",
            platform="x",
            operation="PUT line_items",
            fields=fixed,
            hint="give the ad set another key in the plan: a new one is made, and the "
            "old one is archived",
        )
    if operation.name:
        values["name"] = marked_name(operation.name, operation.marker)
    return _change(operation, values) if values else {}


def status_item(operation: Operation) -> Values:
    """
    A batch's item that switches on or off.
    """
    return _change(operation, {"entity_status": STATUSES[operation.action]})


def delete_item(operation: Operation) -> Values:
    """
    A batch's item that archives: X keeps what it deletes.
    """
    own = {tables.ID_NAMES[operation.kind]: operation.remote_id}
    return {"operation_type": "Delete", "params": own}


def _change(operation: Operation, values: Values) -> Values:
    own = {tables.ID_NAMES[operation.kind]: operation.remote_id}
    return {"operation_type": "Update", "params": {**own, **values}}


def wire(fields: Mapping[str, Any]) -> Values:
    """
    Normal form as X's parameters; an empty text clears a field.
    """
    values: Values = {}
    for name, value in fields.items():
        if name == "targeting":
            continue
        if name in MONEY:
            values[MONEY[name]] = micros(value) if value else ""
        elif isinstance(value, (list, tuple)):
            values[name] = list(value)
        else:
            values[name] = "" if value is None else value
    return values


def criterion_item(line_item: str, criterion: Criterion) -> Values:
    """
    A batch's item that adds a criterion.
    """
    kind, operator, value = criterion
    return {
        "operation_type": "Create",
        "params": {
            "line_item_id": line_item,
            "operator_type": operator,
            "targeting_type": kind,
            "targeting_value": value,
        },
    }


def drop_item(criterion_id: str) -> Values:
    """
    A batch's item that takes a criterion away.
    """
    params = {"targeting_criterion_id": criterion_id}
    return {"operation_type": "Delete", "params": params}


# -- cards and posts -------------------------------------------------------------------


def card_body(card: Mapping[str, Any], name: str) -> Values:
    """
    A card to create.
    """
    if "slides" in card:
        return {"name": name, "slides": [_parts(slide) for slide in card["slides"]]}
    return {"name": name, "components": _parts(card)}


def _parts(card: Mapping[str, Any]) -> list[Values]:
    keys = list(card["media"])
    media: Values = (
        {"type": "MEDIA", "media_key": keys[0]}
        if len(keys) == 1
        else {"type": "SWIPEABLE_MEDIA", "media_keys": keys}
    )
    details = {
        "type": "DETAILS",
        "title": card["title"],
        "destination": {"type": "WEBSITE", "url": card["link"]},
    }
    return [media, details]


def post_params(
    operation: Operation, user: str, card_uri: str | None
) -> dict[str, Any]:
    """
    A post to create that only ads show, with the ad's marker in its name.
    """
    fields = operation.fields
    line_item = str(fields["line_item_id"])
    return {
        "as_user_id": user,
        "text": fields.get("text"),
        "media_keys": list(fields["media"]) if fields.get("media") else None,
        "card_uri": card_uri,
        "name": marked_name(operation.name, operation.marker, line_item),
        "nullcast": True,
    }
