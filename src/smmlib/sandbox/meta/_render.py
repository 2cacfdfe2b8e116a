"""
Reading nodes: the asked-for fields, nested objects and edges inside fields.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.sandbox.meta._contract import contract
from smmlib.sandbox.meta._errors import bad_param, no_field, not_modelled
from smmlib.sandbox.meta._fields import Field, parse_fields
from smmlib.sandbox.meta._getters import GETTERS
from smmlib.sandbox.meta._listing import choose, page
from smmlib.sandbox.meta._reading import Ref
from smmlib.sandbox.meta._types import parse_param

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from smmlib.sandbox.meta._context import Context, Params
    from smmlib.sandbox.meta._world_state import Node

_LIST_PARAMS = {
    "limit": "int",
    "after": "string",
    "before": "string",
    "filtering": "list<object>",
    "summary": "string",
}


class Reader:
    """
    Renders nodes; knows which edges may be read inside fields.

    Args:
        edges: (node kind, edge name) -> (kind of the rows, how to find them).
    """

    def __init__(
        self,
        edges: Mapping[
            tuple[str, str],
            tuple[str, Callable[[Context, Node, Params], list[Node]]],
        ],
    ) -> None:
        self._edges = edges

    def node(
        self, ctx: Context, node: Node, fields: tuple[Field, ...]
    ) -> dict[str, Any]:
        """
        One node with the fields that have a value, and always its id.
        """
        self.check(node.kind, fields)
        return self._row(ctx, node, fields)

    def _row(
        self, ctx: Context, node: Node, fields: tuple[Field, ...]
    ) -> dict[str, Any]:
        row = {}
        for field in fields:
            value = self._value(ctx, node, field)
            if value is not None:
                row[field.name] = value
        row["id"] = node.id
        return row

    def page(
        self,
        ctx: Context,
        nodes: list[Node],
        kind: str,
        params: Params,
        fields: tuple[Field, ...],
    ) -> dict[str, Any]:
        """
        One page of nodes.
        """
        self.check(kind, fields)
        chosen = choose(ctx, nodes, kind, params)
        return page(ctx, chosen, params, lambda node: self._row(ctx, node, fields))

    def check(self, kind: str, fields: tuple[Field, ...]) -> None:
        """
        Refuse fields that a kind does not have, also where no node is shown.
        """
        table = contract()
        for field in fields:
            edge = self._edges.get((kind, field.name))
            if field.name in GETTERS[kind]:
                inner = table.fields[kind].get(field.name, "").removeprefix("list<")
                target = inner.removeprefix("ref:").removesuffix(">")
                if target in GETTERS:
                    self.check(target, field.inside)
            elif edge is not None:
                self.check(edge[0], field.inside)
            elif (
                field.name in table.fields[kind]
                or table.edge(kind, f"GET {field.name}") is not None
            ):
                raise not_modelled(f"the field {field.name} of {kind}")
            else:
                raise no_field(field.name, kind)

    def _value(self, ctx: Context, node: Node, field: Field) -> Any:
        getter = GETTERS[node.kind].get(field.name)
        if getter is not None:
            if field.args:
                raise bad_param("fields", f"has arguments on {field.name}.")
            return self._expand(ctx, getter(ctx, node), field)
        return self._edge(ctx, node, field, self._edges[node.kind, field.name])

    def _expand(self, ctx: Context, value: Any, field: Field) -> Any:
        if isinstance(value, Ref):
            inside = field.inside or tuple(Field(name) for name in value.default)
            return self._row(ctx, value.node, inside)
        if isinstance(value, list):
            return [self._expand(ctx, item, field) for item in value]
        if isinstance(value, dict) and field.inside:
            return {
                inner.name: self._expand(ctx, value[inner.name], inner)
                for inner in field.inside
                if inner.name in value
            }
        return value

    def _edge(
        self,
        ctx: Context,
        node: Node,
        field: Field,
        edge: tuple[str, Callable[[Context, Node, Params], list[Node]]],
    ) -> dict[str, Any] | None:
        kind, rows = edge
        params = {
            name: parse_param(name, text, _LIST_PARAMS[name])
            for name, text in field.args.items()
        }
        body = self.page(ctx, rows(ctx, node, params), kind, params, field.inside)
        return body if body["data"] else None


def fields_of(params: Params) -> tuple[Field, ...]:
    """
    The fields a request asks for.
    """
    return parse_fields(params.get("fields", ""))
