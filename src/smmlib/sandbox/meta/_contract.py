"""
The Marketing API's names and types as data: nodes, edges, parameters, enumerations.

`contract.json` beside this module holds the facts of version 26.0: what each edge
takes, what each node has. The rules that no specification holds are code.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

import attrs


@attrs.frozen
class Edge:
    """
    One thing a client may do with a node: parameters with their types.
    """

    params: dict[str, str]
    required: tuple[str, ...]
    returns: str


@attrs.frozen
class Contract:
    """
    Look-ups into the table.
    """

    fields: dict[str, dict[str, str]]
    edges: dict[tuple[str, str], Edge]
    structs: dict[str, dict[str, str]]
    enums: dict[str, frozenset[str]]

    def edge(self, node: str, verb: str) -> Edge | None:
        """
        The edge, e.g. `("Campaign", "GET adsets")`, or None when Meta has none.
        """
        return self.edges.get((node, verb))


@lru_cache(maxsize=1)
def contract() -> Contract:
    """
    The table, read once.
    """
    text = files(__package__).joinpath("contract.json").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    return Contract(
        fields={name: node["fields"] for name, node in data["nodes"].items()},
        edges={
            (name, verb): Edge(
                params=edge["params"],
                required=tuple(edge["required"] or ()),
                returns=edge["returns"],
            )
            for name, node in data["nodes"].items()
            for verb, edge in node["edges"].items()
        },
        structs=data["structs"],
        enums={name: frozenset(values) for name, values in data["enums"].items()},
    )
