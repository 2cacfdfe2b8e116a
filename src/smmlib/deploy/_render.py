"""
How changes look to a person: as text in a terminal, as a table in a notebook.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Any

from smmlib.deploy._canonical import REF
from smmlib.deploy._change import Change, FieldChange
from smmlib.errors import Issue
from smmlib.ports import Action

SIGNS = {
    Action.CREATE: "+",
    Action.UPDATE: "~",
    Action.REPLACE: "-/+",
    Action.ADOPT: "=",
    Action.ACTIVATE: ">",
    Action.PAUSE: "!",
    Action.ARCHIVE: "-",
    Action.FORGET: "x",
}
_LONGEST = 72
_COLOURS = {
    Action.CREATE: "#1a7f37",
    Action.UPDATE: "#9a6700",
    Action.REPLACE: "#9a6700",
    Action.PAUSE: "#9a6700",
    Action.ARCHIVE: "#cf222e",
}


def value_text(value: Any) -> str:
    """
    A field's value in one short line.
    """
    if value is None:
        return "(none)"
    if isinstance(value, dict) and set(value) == {REF}:
        return f"(id of {value[REF]}, known after apply)"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _field_text(field: FieldChange) -> str:
    return f"{field.path}: {value_text(field.before)} -> {value_text(field.after)}"


def _drift_text(field: FieldChange) -> str:
    return (
        f"{field.path}: changed on the platform from {value_text(field.before)} "
        f"to {value_text(field.after)}"
    )


def change_lines(change: Change) -> Iterator[str]:
    """
    One change as lines: what, where, which fields, what somebody else did.
    """
    name = f' "{change.name}"' if change.name else ""
    spend = f", up to {change.exposure}" if change.exposure is not None else ""
    head = f"{SIGNS.get(change.action, ' '):>3} {change.kind.replace('_', ' ')}"
    yield f"{head} {change.address}{name}{spend}"
    if change.action in {Action.UPDATE, Action.REPLACE, Action.PAUSE}:
        for field in change.fields:
            yield f"        {_field_text(field)}"
    for field in change.drift:
        yield f"      ! {_drift_text(field)}"
    if change.note:
        yield f"        ({change.note})"


def as_text(
    changes: Sequence[Change], issues: Iterable[Issue], closing: Iterable[str]
) -> str:
    """
    Changes by account, then problems, then the closing lines.
    """
    lines: list[str] = []
    for target in dict.fromkeys(change.target for change in changes):
        lines.append(target)
        for change in changes:
            if change.target == target:
                lines.extend(change_lines(change))
    lines += [str(issue) for issue in issues]
    return "\n".join([*lines, *closing])


def _cell(content: str, style: str = "text-align:left;vertical-align:top") -> str:
    return f'<td style="{style}">{content}</td>'


def _html_row(change: Change) -> str:
    details = [
        escape(_field_text(field))
        for field in change.fields
        if change.action is not Action.CREATE
    ]
    details += [f"<b>drift</b> {escape(_drift_text(field))}" for field in change.drift]
    details += [f"<i>{escape(change.note)}</i>"] if change.note else []
    colour = _COLOURS.get(change.action, "inherit")
    sign = f'<span style="color:{colour}">{escape(change.action.value)}</span>'
    spend = str(change.exposure) if change.exposure is not None else ""
    cells = [
        _cell(sign),
        _cell(escape(change.kind.replace("_", " "))),
        _cell(f"<code>{escape(change.address)}</code><br>{escape(change.name)}"),
        _cell("<br>".join(details)),
        _cell(escape(spend), "text-align:right;vertical-align:top"),
    ]
    return f"<tr>{''.join(cells)}</tr>"


def as_html(
    changes: Sequence[Change], issues: Iterable[Issue], closing: Iterable[str]
) -> str:
    """
    The same as one table; everything that came from outside is escaped.
    """
    return html_table(
        " ".join(closing),
        ("action", "kind", "what", "details", "can spend"),
        [_html_row(change) for change in changes],
    ) + "".join(f"<p>{escape(str(issue))}</p>" for issue in issues)


def html_table(caption: str, titles: Iterable[str], rows: Iterable[str]) -> str:
    """
    A table of ready rows under escaped titles.
    """
    head = "".join(f'<th style="text-align:left">{escape(t)}</th>' for t in titles)
    return (
        f"<table><caption>{escape(caption)}</caption>"
        f"<tr>{head}</tr>{''.join(rows)}</table>"
    )
