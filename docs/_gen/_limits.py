"""
Limits of fields, read from the checks their classes make.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from typing import Any

_LONGEST = 10_000


def limits_of(kind: type) -> dict[str, str]:
    """
    What the constructor of a class demands, by field, in words.
    """
    source = textwrap.dedent(inspect.getsource(kind.__attrs_post_init__))
    constants = vars(inspect.getmodule(kind))
    found: dict[str, str] = {}
    for names, call in _calls(ast.parse(source), ()):
        words = _words(call, constants)
        for name in names:
            if words and name.isidentifier():
                found.setdefault(name, words)
    return found


def _calls(
    node: ast.AST, loop: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], ast.Call]]:
    if isinstance(node, ast.For) and isinstance(node.iter, ast.Tuple):
        loop = tuple(c.value for c in node.iter.elts if isinstance(c, ast.Constant))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
        first = node.args[0]
        names = (first.value,) if isinstance(first, ast.Constant) else loop
        yield tuple(map(str, names)), node
    for child in ast.iter_child_nodes(node):
        yield from _calls(child, loop)


def _words(call: ast.Call, constants: dict[str, Any]) -> str:
    given = {
        word.arg: _number(word.value, constants) for word in call.keywords if word.arg
    }
    match call.func.id:  # type: ignore[attr-defined] # only names get here
        case "is_text" | "is_optional_text":
            return f"at most {given.get('longest', _LONGEST):,} characters"
        case "is_whole":
            low, high = given.get("low", ""), given.get("high", "")
            return f"{low} to {high}" if high != "" else f"at least {low}"
        case "is_spendable":
            return "zero or more" if given.get("zero") else "above zero"
        case "is_language":
            return "a BCP 47 tag"
        case "are_texts":
            return "at most 500 characters each"
        case _:
            return ""


def _number(node: ast.AST, constants: dict[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return constants.get(node.id, "")
    return node.value if isinstance(node, ast.Constant) else ""
