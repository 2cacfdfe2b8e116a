"""
The tree of errors, and every code an issue can carry.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from _text import attributes, before_sections, code, page, table

import smmlib
from smmlib import errors
from smmlib.cli._exits import exit_of
from smmlib.errors import Outcome, SmmError
from smmlib.rules import RULES

_SOURCE = Path(smmlib.__file__).parent
_AREAS = (
    "age allocate attribution audience bid brand budget bulk calendar card cell "
    "columns community conversion conversions cost creative deploy enum extra facts "
    "file fit flight forecast format fx growth import invoice journeys json key kpi "
    "language line link linkedin list media message meta metrics money name number "
    "pace person place placement platform post publish reference response roi rules "
    "schedule schema settings sheet slot split task test text time toml touches "
    "type warehouse work yaml"
)
_NO_CODES = {  # places and paths that look alike
    "budget.allocations",
    "budget.caps",
    "linkedin.feed",
}
_CODE = re.compile(rf"(?:{_AREAS.replace(' ', '|')})\.(?!csv)[a-z]+(?:_[a-z0-9]+)*\Z")
_NOT_HERE = ("cli", "rules", "sandbox", "testing")
# Messages that are all value, in words of their own.
_SAID = {
    "work.mode": "an unknown way to share out the work",
    "media.ratio": "a picture or film of a shape that its place does not take",
    "columns.file": "the column map cannot be read",
    "conversion.value": "a conversion's value does not fit its kind",
    "deploy.halted": "the platform takes nothing right now; the rest was not sent",
    "deploy.not_sent": "not sent, because something it needs could not be made",
    "enum.unknown": "an unknown word; the limit lists the known ones",
    "file.more": "more problems of the same kind than are shown",
    "link.refused": "no link that may be advertised, such as javascript:",
    "money.invalid": "no amount: not a number, infinite, or more decimals than its "
    "currency has",
    "money.not_positive": "an amount must be above zero (or not below it)",
    "number.range": "a number outside of what is allowed",
    "split.no_budget": "nothing says how much money there is",
    "time.year": "a year that cannot be meant",
    "toml.syntax": "no TOML",
    "type.wrong": "another kind of value than is due here",
    "allocate.column": "a column of an allocation has another length, or no numbers",
    "attribution.game": "which game the Shapley values belong to",
    "attribution.no_times": "time decay needs the time of every touch",
    "attribution.too_many": "too many channels for this model to be solved",
    "bulk.value": "a cell of a table of ads or lines cannot be what its column is",
    "columns.option": "an option of a column map that does not exist",
    "columns.value": "a column map names no column as text",
    "conversions.contradiction": "one id stands for several records; the first is kept",
    "conversions.read": "how many records were read, and of what kinds",
    "cost.incomplete": "the cost of own work lacks hours or the rate of an hour",
    "facts.not_reconciled": "the ads' spend is not what the account spent",
    "facts.reconciled": "the ads' spend is what the account spent",
    "growth.none": "no followers and no reach of any page are known",
    "journeys.column": "a table of paths has no such column, or another form",
    "metrics.repeated": "rows repeat others exactly, and were counted all the same",
    "metrics.result_kinds": "the file's results are of several kinds",
    "roi.late": "conversions came after the flight's end and are counted",
    "roi.no_conversions": "no own records: returns are the platforms' claims only",
    "roi.no_value": "purchases have no value and add nothing to revenue",
    "roi.one_touch": "every record holds its last touch only: the models agree",
    "roi.source_guessed": "misspelt tags were read as the nearest network",
    "roi.unmatched": "own records that fit no line of the plan",
    "rules.form": "a decision rule is not of the form it must have",
    "touches.read": "how many touches were read",
    "warehouse.decimals": "a number is finer than any platform reports",
    "warehouse.kept": "what new numbers no longer name was kept",
    "warehouse.scope": "totals of an account need rows of one account, or its scope",
}

_INTRO = """
# Errors

Everything smmlib raises on purpose is an `SmmError`: catch it to catch all of it.
Each one says in `message` what happened, to which thing, with value and limit; `hint`
is the next step, and `issues` lists every single problem where there are several.
No error ever holds a token, all of them can be pickled, and what caused one is chained
to it.

The last column is the exit code of `smm` when a command ends with this error;
[the command line](cli.md#exit-codes) explains them.
"""


def errors_page() -> str:
    """
    Tree, classes and codes.
    """
    tree = re.search(r"```\n(.*?)```", errors.__doc__ or "", re.DOTALL)
    assert tree, "smmlib.errors draws its tree"  # noqa: S101
    return page(
        _INTRO,
        "```text\n" + tree.group(1) + "```",
        "## Classes",
        table(("error", "is a", "what it means", "exit"), map(_error, _classes())),
        "## What a PlatformError knows",
        table(("attribute", "meaning"), _rows(errors.PlatformError)),
        "## Issues",
        before_sections(errors.Issue),
        table(("attribute", "meaning"), _rows(errors.Issue)),
        "## Codes of issues",
        "Codes are stable; messages may get better.\n"
        "Codes of rules stand on [a page of their own](rules.md), these are the\n"
        "others: what a file, a value, an account or an export can have wrong.",
        table(("code", "message"), _codes()),
    )


def _classes() -> list[type[SmmError]]:
    found: list[type[SmmError]] = [SmmError]
    for one in found:
        found += [kind for kind in one.__subclasses__() if kind not in found]
    public = set(errors.__all__)
    tree = [kind for kind in found if kind.__name__ in public]
    return sorted(tree, key=lambda kind: errors.__all__.index(kind.__name__))


def _error(kind: type[SmmError]) -> tuple[str, ...]:
    parent = next(k for k in kind.__mro__[1:] if not k.__name__.startswith("_"))
    return (
        f'{code(kind.__name__)}<span id="{kind.__name__.lower()}"></span>',
        code(parent.__name__),
        before_sections(kind),
        code(int(exit_of(_bare(kind)))),
    )


def _bare(kind: type[SmmError]) -> SmmError:
    """
    An error of a class with nothing in it.
    """
    error = kind.__new__(kind)
    error.__dict__.update(outcome=Outcome.NOT_APPLIED, unknown=(), failed=(), issues=())
    return error


def _rows(kind: type) -> list[tuple[str, str]]:
    return [(code(name), text) for name, text in attributes(kind).items()]


def _codes() -> list[tuple[str, str]]:
    rules = {rule.code for rule in RULES}
    found: dict[str, str] = {}
    for path in sorted(_SOURCE.rglob("*.py")):
        if path.relative_to(_SOURCE).parts[0] in _NOT_HERE:
            continue
        for name, message in _issues(ast.parse(path.read_text(encoding="utf-8"))):
            if name not in rules and name not in _NO_CODES:
                found[name] = _SAID.get(name) or found.get(name) or message
    return [(code(name), text) for name, text in sorted(found.items())]


def _issues(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """
    Codes beside messages, in calls and in tables.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            parts = [*node.args, *(word.value for word in node.keywords)]
            texts = node.args
        elif isinstance(node, ast.Tuple):
            parts = texts = node.elts
        else:
            continue
        for part in parts:
            for one in ast.walk(part) if isinstance(part, ast.IfExp) else (part,):
                name = one.value if isinstance(one, ast.Constant) else ""
                if isinstance(name, str) and _CODE.match(name):
                    yield name, max(map(_text, texts), key=len, default="")


def _text(node: ast.AST) -> str:
    """
    A message as it is written, with dots where values go in.
    """
    if isinstance(node, ast.Constant):
        text = str(node.value)
        return text if " " in text else ""
    if isinstance(node, ast.IfExp):
        return max(_text(node.body), _text(node.orelse), key=len)
    if isinstance(node, ast.JoinedStr):
        parts: list[Any] = [
            part.value if isinstance(part, ast.Constant) else "…"
            for part in node.values
        ]
        return re.sub("…+", "…", "".join(parts))
    return ""
