"""
From operations to requests. Pure: nothing is sent here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from smmlib.adapters.meta._api import Call, json_text
from smmlib.adapters.meta._findings import with_units
from smmlib.adapters.meta._tables import EDGES
from smmlib.ports import Action, Kind

if TYPE_CHECKING:
    from smmlib.ports import Operation

LABEL = "smm:"
"""
How the labels begin that carry our markers.
"""

DELIVERING = frozenset({Kind.CAMPAIGN, Kind.AD_SET, Kind.AD})
STATUSES = {
    Action.ACTIVATE: "ACTIVE",
    Action.PAUSE: "PAUSED",
    Action.ARCHIVE: "ARCHIVED",
}
# How a field is taken away again; what is not here cannot be, and is sent empty.
_CLEARED = {"end_time": "0", "special_ad_category_country": []}


def marked_name(name: str, marker: str) -> str:
    """
    The name of an object that cannot carry a label.
    """
    return f"{name} [{LABEL}{marker}]"


def split_name(name: str) -> tuple[str, str]:
    """
    Name and marker of such an object.
    """
    plain, opened, rest = name.rpartition(f" [{LABEL}")
    if opened and rest.endswith("]") and rest[:-1].isalnum():
        return plain, rest[:-1]
    return name, ""


def create_call(operation: Operation, account: str) -> Call:
    """
    The call that creates an object: paused, with its marker inside.
    """
    values = _wire(operation.kind, operation.fields)
    if operation.kind is Kind.AUDIENCE:
        values["name"] = marked_name(operation.name, operation.marker)
    else:
        values["name"] = operation.name
        values["adlabels"] = [{"name": f"{LABEL}{operation.marker}"}]
    if operation.kind in DELIVERING:
        values["status"] = "PAUSED"
    return Call("POST", f"{account}/{EDGES[operation.kind]}", values)


def change_call(operation: Operation) -> Call | None:
    """
    The call for anything but a create; None where nothing has to be sent.

    Uploads and known people are shared and cost nothing: they are left alone.
    """
    if operation.action is Action.UPDATE:
        return Call("POST", operation.remote_id, _update(operation))
    if operation.kind in DELIVERING:
        status = STATUSES[operation.action]
        return Call("POST", operation.remote_id, {"status": status})
    if operation.kind is Kind.CREATIVE and operation.action is Action.ARCHIVE:
        return Call("DELETE", operation.remote_id)
    return None


def _update(operation: Operation) -> dict[str, Any]:
    given = {k: v for k, v in operation.fields.items() if v is not None}
    values = _wire(operation.kind, given)
    for name, value in operation.fields.items():
        if value is None:
            values[name] = _CLEARED.get(name, "")
    if operation.name:
        audience = operation.kind is Kind.AUDIENCE and operation.marker
        values["name"] = (
            marked_name(operation.name, operation.marker)
            if audience
            else operation.name
        )
    return values


def _wire(kind: Kind, fields: Mapping[str, Any]) -> dict[str, Any]:
    """
    Normal form as Meta's parameters.
    """
    shape = _SHAPES.get(kind)
    values = with_units({name: plain(value) for name, value in fields.items()})
    return shape(values) if shape else values


def plain(value: Any) -> Any:
    """
    Nested values as ordinary dicts and lists.
    """
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def _ad_set(values: dict[str, Any]) -> dict[str, Any]:
    for name in ("start_time", "end_time"):
        if name in values:
            # Meta writes offsets without a colon, and reads them so.
            values[name] = str(values[name]).replace("Z", "+0000")
    return values


def _creative(values: dict[str, Any]) -> dict[str, Any]:
    link = values.get("object_story_spec", {}).get("link_data", {})
    if "child_attachments" in link:
        # Left open, Meta reorders the cards and adds one for the page.
        link.setdefault("multi_share_optimized", False)
        link["multi_share_end_card"] = False
    return values


def _ad(values: dict[str, Any]) -> dict[str, Any]:
    if "creative_id" in values:
        values["creative"] = {"creative_id": values.pop("creative_id")}
    return values


def _audience(values: dict[str, Any]) -> dict[str, Any]:
    if "rule" in values:
        return {**values, "rule": json_text(values["rule"]), "prefill": True}
    if "lookalike_spec" in values:
        spec = values["lookalike_spec"]
        spec = {"country": spec["country"], "ratio": float(spec["ratio"])}
        values |= {"subtype": "LOOKALIKE", "lookalike_spec": json_text(spec)}
        return values
    # Which people it holds is said once it holds them all.
    values.pop("list", None)
    return {**values, "subtype": "CUSTOM"}


_SHAPES: dict[Kind, Callable[[dict[str, Any]], dict[str, Any]]] = {
    Kind.AD_SET: _ad_set,
    Kind.CREATIVE: _creative,
    Kind.AD: _ad,
    Kind.AUDIENCE: _audience,
}
