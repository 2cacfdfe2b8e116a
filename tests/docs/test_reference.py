"""
The reference is complete: whatever users can type has its place in it.
"""

from __future__ import annotations

import ast
import re
import sys
from functools import cache

import attrs
import click
import pytest
from _runner import ROOT
from ruamel.yaml import YAML

import smmlib
from smmlib import model
from smmlib.cli._app import smm
from smmlib.errors import SmmError
from smmlib.rules import RULES
from smmlib.sandbox import FAULTS

_GENERATORS = ROOT / "docs" / "_gen"
_NAMES = sorted(name for name in smmlib.__all__ if not name.startswith("_"))


@cache
def _pages():
    """
    The generated pages by path.
    """
    sys.path.insert(0, str(_GENERATORS))
    try:
        from pages import pages
    finally:
        sys.path.remove(str(_GENERATORS))
    return pages()


def _page(name):
    return _pages()[f"reference/{name}.md"]


def _commands(command, path="smm"):
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from _commands(command.get_command(context, name), f"{path} {name}")


def test_every_public_name_stands_on_one_page_of_the_reference():
    """
    Nobody has to read the source to find a name.
    """
    pages = [text for path, text in _pages().items() if "/api/" in path]
    found = re.findall(r"^::: smmlib\.(\w+)$", "\n".join(pages), re.MULTILINE)

    assert _NAMES == sorted(found)


def test_every_error_is_explained():
    """
    Every class of the tree stands in its table.
    """
    page = _page("errors")
    errors = [
        name
        for name in _NAMES
        if isinstance(getattr(smmlib, name), type)
        and issubclass(getattr(smmlib, name), SmmError)
    ]

    assert [] == [name for name in errors if f'id="{name.lower()}"' not in page]


def test_every_rule_is_listed():
    """
    Whoever sees a code finds the rule.
    """
    page = _page("rules")

    assert [] == [rule.code for rule in RULES if f"`{rule.code}`" not in page]


_CODE = re.compile(r"[a-z][a-z_]*\.[a-z]+(?:_[a-z0-9]+)*\Z")
_REPORTING = {"Issue", "note", "refuse", "add", "problem"}


def _codes_of(tree):
    """
    Codes that a module gives to issues, in calls that make one.
    """
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        parts = [word.value for word in node.keywords if word.arg == "code"]
        if name in _REPORTING:
            parts += node.args[:3]
        for part in parts:
            text = part.value if isinstance(part, ast.Constant) else ""
            if isinstance(text, str) and _CODE.match(text):
                yield text


def test_every_code_of_an_issue_is_listed():
    """
    Whoever meets a code in an answer finds it on one of two pages, with its meaning.
    """
    source = ROOT / "src" / "smmlib"
    pages = _page("errors") + _page("rules")
    codes = {
        code
        for path in source.rglob("*.py")
        if path.relative_to(source).parts[0] not in {"cli", "sandbox", "testing"}
        for code in _codes_of(ast.parse(path.read_text("utf-8")))
    }
    rows = re.findall(r"^\| `[a-z_]+\.[a-z_0-9]+` \|.*$", _page("errors"), re.MULTILINE)

    assert len(codes) > 150
    assert [] == sorted(code for code in codes if f"`{code}`" not in pages)
    assert [] == [row for row in rows if not row.rsplit("|", 2)[1].strip()]


def test_every_kpi_and_metric_is_listed():
    """
    What a plan may set targets for has a formula to read.
    """
    page = _page("kpis")
    words = [*smmlib.kpi_library(), *smmlib.BASE_METRICS]

    assert [] == [word for word in words if f"`{word}`" not in page]


_COMMANDS = dict(_commands(smm))


@pytest.mark.parametrize("path", list(_COMMANDS)[1:])
def test_every_command_and_option_is_explained(path):
    """
    Each command has a heading, each option a row.
    """
    _, _, section = _page("cli").partition(f"### {path}\n")
    section = section.partition("\n### ")[0]
    options = [
        name
        for option in _COMMANDS[path].params
        if isinstance(option, click.Option) and not option.hidden
        for name in option.opts
    ]

    assert section
    assert [] == [name for name in options if name not in section]


def test_every_fault_and_control_request_is_explained():
    """
    Other programs find the whole contract of the sandbox.
    """
    from smmlib.sandbox._control import _ROUTES

    page = _page("sandbox")
    requests = [
        f"{method} /_sandbox{rule.rule}"
        for rule in _ROUTES.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    ]

    assert [] == [kind for kind in FAULTS if f"`{kind}`" not in page]
    assert [] == [request for request in requests if request not in page]


def test_every_key_of_the_example_plan_is_explained():
    """
    What stands in the example stands in the reference.
    """
    page = _page("plan-file")
    text = (ROOT / "examples" / "launch.plan.yaml").read_text(encoding="utf-8")
    top = YAML(typ="safe").load(text)
    classes = (
        model.LineItem,
        model.AdCampaign,
        model.AdSet,
        model.Creative,
        model.Post,
    )
    keys = {field.alias for kind in classes for field in attrs.fields(kind)}

    assert [] == [key for key in sorted({*top, *keys}) if f"| `{key}` |" not in page]


def test_keys_and_arguments_come_with_a_meaning():
    """
    No row of the plan file's reference ends without a word about it.
    """
    rows = re.findall(r"^\| `\w+` \|.*\|$", _page("plan-file"), re.MULTILINE)
    silent = [row for row in rows if not row.rsplit("|", 2)[1].strip()]

    assert len(rows) > 150
    assert [] == silent
