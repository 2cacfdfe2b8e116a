"""
KPI formulas as expressions of a database: the same ratio of sums on every engine.
"""

from __future__ import annotations

import ast
import operator
from typing import TYPE_CHECKING, Any

from smmlib.analytics._extras import extra
from smmlib.errors import Issue, ValidationError
from smmlib.model import KPI, kpi
from smmlib.model._formula import parse

if TYPE_CHECKING:
    from collections.abc import Collection

_EXACT = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}


def kpi_expression(name: str | KPI, sums: Any) -> Any:
    """
    A KPI as an Ibis expression over a table of sums, for questions of your own.

    By zero, and where a sum is missing, it is null on every engine: undefined is not
    zero. Numbers are floats in the database; `kpi_table` gives exact ones.

    Args:
        name: Name of a KPI, or a KPI of your own.
        sums: An Ibis table with a column for each base metric the formula needs, summed
            already: ratios are ratios of sums.

    Raises:
        ValidationError: No such KPI, or the table lacks a sum it needs.
        MissingExtraError: The `analytics` extra is not installed.
    """
    known = name if isinstance(name, KPI) else kpi(name)
    lacking = missing_sums(known, sums.columns)
    if lacking:
        raise ValidationError(
            [
                Issue(
                    f"kpi.{known.name}",
                    "kpi.sums",
                    f"{known.label} needs the sum of {lacking[0]}",
                    value=", ".join(lacking),
                    limit=known.formula,
                    hint="sum it in the same question first",
                )
            ]
        )
    return _compiled(parse(known.formula), sums)


def missing_sums(known: KPI, names: Collection[str]) -> tuple[str, ...]:
    """
    The sums that a KPI needs and a table does not have.
    """
    return tuple(metric for metric in known.metrics if metric not in names)


def _compiled(node: ast.expr, sums: Any) -> Any:
    ibis = extra("ibis", "KPIs in a database")
    if isinstance(node, ast.Constant):
        return ibis.literal(float(node.value))  # type: ignore[arg-type]  # a whole number
    if isinstance(node, ast.Name):
        return sums[node.id].cast("float64")
    assert isinstance(node, ast.BinOp)  # noqa: S101 - parse() lets nothing else through
    left, right = _compiled(node.left, sums), _compiled(node.right, sums)
    if isinstance(node.op, ast.Div):
        # Engines disagree about dividing by zero: infinity, an error, or nothing.
        return left / right.nullif(0.0)
    return _EXACT[type(node.op)](left, right)
