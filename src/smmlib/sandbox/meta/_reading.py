"""
How a node's data becomes a field: the small readers that all tables of fields share.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable

    from smmlib.sandbox.meta._context import Context
    from smmlib.sandbox.meta._world_state import Node


@attrs.frozen
class Ref:
    """
    A field that is another node; shown by its id unless more is asked for.
    """

    node: Node
    default: tuple[str, ...] = ()


def plain(name: str) -> Callable[[Context, Node], Any]:
    return lambda _, node: node.data.get(name)


def text(name: str) -> Callable[[Context, Node], Any]:
    def get(_: Context, node: Node) -> str | None:
        value = node.data.get(name)
        return None if value is None else str(value)

    return get


def moment(name: str) -> Callable[[Context, Node], Any]:
    def get(ctx: Context, node: Node) -> str | None:
        value = node.data.get(name)
        return None if not value else ctx.when(node, value)

    return get


def ref(key: str) -> Callable[[Context, Node], Any]:
    def get(ctx: Context, node: Node) -> Ref | None:
        target = ctx.world.get(node.data.get(key, ""))
        return Ref(target) if target else None

    return get


def absent(_ctx: Context, _node: Node) -> None:
    return None


def account_ref(ctx: Context, node: Node) -> Ref | None:
    account = ctx.world.get(f"act_{node.account}")
    return Ref(account) if account else None


def labels(ctx: Context, node: Node) -> list[Ref] | None:
    labels = [ctx.world.get(label) for label in node.data.get("adlabels", ())]
    return [Ref(label, ("id", "name")) for label in labels if label] or None


def created(ctx: Context, node: Node) -> str:
    return ctx.when(node, node.created)


def updated(ctx: Context, node: Node) -> str:
    return ctx.when(node, node.updated)


COMMON: dict[str, Any] = {
    "id": lambda _, node: node.id,
    "name": plain("name"),
    "account_id": lambda _, node: node.account,
    "created_time": created,
    "updated_time": updated,
    "status": plain("status"),
    "adlabels": labels,
}
