"""
From method, path and parameters to a handler: the Graph API's one grammar.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from smmlib.sandbox.meta._contract import contract
from smmlib.sandbox.meta._errors import (
    GraphError,
    missing,
    no_alias,
    no_object,
    not_modelled,
    unknown_param,
)
from smmlib.sandbox.meta._fields import Field
from smmlib.sandbox.meta._leads import find_lead
from smmlib.sandbox.meta._operations import LISTINGS, OPERATIONS
from smmlib.sandbox.meta._render import Reader, fields_of
from smmlib.sandbox.meta._reports import poll
from smmlib.sandbox.meta._types import parse_param

if TYPE_CHECKING:
    from smmlib.sandbox.meta._context import Context, Params
    from smmlib.sandbox.meta._contract import Edge
    from smmlib.sandbox.meta._world_state import Node

READ_PARAMS = {
    "fields": "string",
    "limit": "int",
    "after": "string",
    "before": "string",
    "summary": "string",
    "filtering": "list<object>",
}
_PLATFORM_PARAMS = {"access_token", "appsecret_proof"}
_REMOVED = {"pretty", "debug", "date_format"}
_MOST_SEGMENTS = 2
_OTHER_ROOTS = {"debug_token", "oauth"}
_NODE_VERBS = {"GET": "#get", "POST": "#update", "DELETE": "#delete"}

_DEFAULT_FIELDS = {
    "AdReportRun": (
        Field("account_id"),
        Field("time_ref"),
        Field("async_status"),
        Field("async_percent_completion"),
    ),
    "Lead": (Field("created_time"), Field("field_data")),
}
"""
What a read gives without `fields`, beside the id.
"""

READER = Reader({key: (edge.kind, edge.rows) for key, edge in LISTINGS.items()})


def dispatch(
    ctx: Context, method: str, path: tuple[str, ...], raw: dict[str, str]
) -> dict[str, Any]:
    """
    Answer one request to a node or an edge.

    Raises:
        GraphError: Every refusal.
    """
    if method not in _NODE_VERBS:
        raise GraphError(100, f"(#100) Unsupported method {method}")
    if len(path) > _MOST_SEGMENTS:
        raise GraphError(2500, f"Unknown path components: /{'/'.join(path[1:])}")
    if path[0] in _OTHER_ROOTS:
        raise not_modelled(f"/{'/'.join(path)}")
    node = _node(ctx, path[0], method)
    edge = _NODE_VERBS[method] if len(path) == 1 else path[1]
    verb = f"{method} {edge}"
    known = contract().edge(node.kind, verb)
    if known is None:
        raise _no_edge(node, method, edge)
    listing = LISTINGS.get((node.kind, edge)) if method == "GET" else None
    if listing is not None:
        params = parse_params(known, raw, listing.params, READ_PARAMS)
        _check_required(known, params)
        rows = listing.rows(ctx, node, params)
        fields = fields_of(params) or _DEFAULT_FIELDS.get(listing.kind, ())
        return READER.page(ctx, rows, listing.kind, params, fields)
    if verb == "GET #get":
        if node.kind == "AdReportRun":
            poll(ctx, node)
        params = parse_params(known, raw, frozenset(), {"fields": "string"})
        fields = fields_of(params) or _DEFAULT_FIELDS.get(node.kind, ())
        return READER.node(ctx, node, fields)
    return _operate(ctx, node, verb, known, raw)


def parse_params(
    edge: Edge, raw: dict[str, str], modelled: frozenset[str], generic: dict[str, str]
) -> Params:
    """
    Check every parameter of a request against the contract and what is modelled.
    """
    params: Params = {}
    for name, text in raw.items():
        if name in _PLATFORM_PARAMS:
            continue
        if name in generic:
            if text:
                params[name] = parse_param(name, text, generic[name])
        elif name in modelled:
            kind = edge.params.get(name, "string")
            if text or kind == "string":
                params[name] = parse_param(name, text, kind)
        elif name in edge.params and name not in _REMOVED:
            raise not_modelled(f"the parameter {name} here")
        else:
            raise unknown_param(name)
    return params


def _operate(
    ctx: Context, node: Node, verb: str, edge: Edge, raw: dict[str, str]
) -> dict[str, Any]:
    operation = OPERATIONS.get((node.kind, verb))
    if operation is None:
        raise not_modelled(f"{verb} of {node.kind}")
    generic = READ_PARAMS if verb.startswith("GET") else {"fields": "string"}
    if operation.also:
        other = contract().edge(*operation.also)
        edge = attrs.evolve(
            edge, params={**(other.params if other else {}), **edge.params}
        )
    if operation.kinds:
        edge = attrs.evolve(edge, params={**edge.params, **operation.kinds})
    params = parse_params(edge, raw, operation.params, generic)
    fields = fields_of(params)
    if not verb.startswith("GET") and "fields" not in operation.params:
        params.pop("fields", None)
    _check_required(edge, params)
    body = operation.handler(ctx, node, params)
    made = ctx.world.get(str(body.get("id", "")))
    if made is not None and fields:
        body = {**READER.node(ctx, made, fields), **body}
    return body


def _check_required(edge: Edge, params: Params) -> None:
    for name in edge.required:
        if name not in params:
            raise missing(name)


def _node(ctx: Context, name: str, method: str) -> Node:
    if name == "me":
        name = ctx.identity.user
    digits = name.removeprefix("act_").partition(":")[0].replace("_", "")
    if not (digits.isascii() and digits.isdigit()):
        raise no_alias(name)
    node = ctx.world.get(name) or find_lead(ctx, name)
    if node is None:
        raise no_object(name, method.lower())
    if method == "GET" and not ctx.visible(node):
        raise no_object(name)
    return node


def _no_edge(node: Node, method: str, edge: str) -> GraphError:
    if edge.startswith("#"):
        return no_object(node.id, method.lower())
    methods = ("GET", "POST", "DELETE")
    if any(contract().edge(node.kind, f"{other} {edge}") for other in methods):
        return no_object(node.id, method.lower())
    return not_modelled(f"the edge /{edge} of {node.kind}")
