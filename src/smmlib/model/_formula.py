"""
KPI formulas: sums, differences, products and ratios of base metrics, nothing else.
"""

from __future__ import annotations

import ast
import operator
from decimal import Decimal, localcontext
from functools import lru_cache
from typing import TYPE_CHECKING, NoReturn

from smmlib.model._checks import refuse

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST = 300
_EXACT = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}
_OPERATORS = (*_EXACT, ast.Div)


@lru_cache(maxsize=256)
def parse(formula: str) -> ast.expr:
    """
    The formula as a checked tree; it is never executed as code.
    """
    if not isinstance(formula, str) or len(formula) > _LONGEST:
        _refuse(formula)
    try:
        tree = ast.parse(formula.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        _refuse(formula)
    for node in ast.walk(tree):
        if not _is_allowed(node):
            _refuse(formula)
    return tree


def _is_allowed(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int) and not isinstance(node.value, bool)
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, _OPERATORS)
    return isinstance(node, (ast.Name, ast.Load, *_OPERATORS))


def _refuse(formula: object) -> NoReturn:
    refuse(
        "formula",
        f"{str(formula)[:80]!r} is no KPI formula",
        code="kpi.formula",
        value=str(formula)[:80],
        expected="names of metrics, whole numbers, + - * / and brackets",
        hint='for example "spend / clicks"',
    )


def metrics_of(formula: str) -> tuple[str, ...]:
    """
    The base metrics a formula needs, each once, in the order they appear.
    """
    names = (n.id for n in ast.walk(parse(formula)) if isinstance(n, ast.Name))
    return tuple(dict.fromkeys(names))


def value_of(formula: str, totals: Mapping[str, Decimal | None]) -> Decimal | None:
    """
    The formula over summed metrics; None where a metric is missing or divided by zero.
    """
    with localcontext() as context:
        context.prec = 34
        return _value(parse(formula), totals)


def _value(node: ast.expr, totals: Mapping[str, Decimal | None]) -> Decimal | None:
    if isinstance(node, ast.Constant):
        return Decimal(int(node.value))  # type: ignore[arg-type]
    if isinstance(node, ast.Name):
        return totals.get(node.id)
    assert isinstance(node, ast.BinOp)  # noqa: S101 - parse() lets nothing else through
    left, right = _value(node.left, totals), _value(node.right, totals)
    if left is None or right is None:
        return None
    if isinstance(node.op, ast.Div):
        return left / right if right else None
    exact: Decimal = _EXACT[type(node.op)](left, right)
    return exact
