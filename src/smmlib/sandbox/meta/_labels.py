"""
Ad labels: the one handle that can be given to an object at its birth.

Source: Marketing API ad label guide; names in the `adlabels` parameter create or
reuse a label of the account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.sandbox.meta._errors import bad_param

if TYPE_CHECKING:
    from smmlib.sandbox.meta._context import Context, Params
    from smmlib.sandbox.meta._world_state import Node


def check_labels(ctx: Context, account: str, items: list[Any]) -> None:
    """
    Refuse labels that do not exist or are not named.
    """
    for item in items:
        if not isinstance(item, dict) or not ({"id", "name"} & set(item)):
            raise bad_param("adlabels", 'must be a list of {"id"} or {"name"}.')
        known = "id" not in item or ctx.owned(str(item["id"]), "AdLabel", account)
        if not known or not str(item.get("name", "x")).strip():
            raise bad_param("adlabels", f"names no label of this account: {item}.")


def label_ids(ctx: Context, account: str, items: list[Any]) -> list[str]:
    """
    The ids of checked labels; labels given by a new name are created.
    """
    ids = [
        str(item["id"])
        if "id" in item
        else label_named(ctx, account, str(item["name"]))
        for item in items
    ]
    return list(dict.fromkeys(ids))


def label_named(ctx: Context, account: str, name: str) -> str:
    """
    The id of the account's label with this name, created when there is none.
    """
    for label in ctx.world.family(account, "AdLabel"):
        if label.data["name"] == name:
            return label.id
    return ctx.world.add("AdLabel", account, {"name": name}, ctx.now).id


def labelled(ctx: Context, account: str, kind: str, params: Params) -> list[Node]:
    """
    The account's objects that carry any (or all) of the labels.
    """
    wanted = set(params["ad_label_ids"])
    every = params.get("operator", "ANY") == "ALL"
    found = []
    for node in ctx.world.family(account, kind):
        own = wanted & set(node.data.get("adlabels", ()))
        if own == wanted if every else own:
            found.append(node)
    return found


def add_labels(ctx: Context, node: Node, params: Params) -> dict[str, Any]:
    """
    POST /{node}/adlabels.
    """
    check_labels(ctx, node.account, params["adlabels"])
    ids = label_ids(ctx, node.account, params["adlabels"])
    present = node.data.get("adlabels", [])
    ctx.world.touch(node, ctx.now, {"adlabels": list(dict.fromkeys([*present, *ids]))})
    return {"success": True}


def remove_labels(ctx: Context, node: Node, params: Params) -> dict[str, Any]:
    """
    DELETE /{node}/adlabels.
    """
    check_labels(ctx, node.account, params["adlabels"])
    gone = set(label_ids(ctx, node.account, params["adlabels"]))
    left = [label for label in node.data.get("adlabels", ()) if label not in gone]
    ctx.world.touch(node, ctx.now, {"adlabels": left})
    return {"success": True}
