"""
The sandbox's contract with other programs, and what it models.
"""

from __future__ import annotations

import json
import re
from typing import Any

import attrs
from _text import attributes, code, first_paragraph, page, sentence, table

from smmlib.sandbox import FAULTS, Sandbox, SandboxClient, SandboxServer, coverage
from smmlib.sandbox import _control as control
from smmlib.sandbox._faults import Fault
from smmlib.sandbox._log import LogEntry

_INTRO = """
# Sandbox

A contract for other people's programs: how to start the embedded platforms, how to
steer them, and what is modelled. How to use it is shown
[step by step](../how-to/use-the-sandbox.md).

## The server

`smm sandbox serve` listens on the loopback address, prints one line of JSON as soon as
it answers requests, and serves until SIGTERM or SIGINT. Its options stand on
[the page of the command line](cli.md#smm-sandbox-serve).

The line, shown here on several lines (port, ids and test credentials are examples):
"""
_COVERAGE = """
What is modelled is listed with its source; parameters that are known to the platform
and not modelled are refused. Everything else answers HTTP 501, never a plausible 200.
`GET /_sandbox/coverage` has the lists in full, and
[fidelity](../explanation/fidelity.md) says how true it is.
"""
_SHOWN = 12  # the whole list is long, and GET /_sandbox/coverage has it
_ORIGIN = "http://127.0.0.1:8080"


def sandbox_page() -> str:
    """
    Ready line, control API, faults, Python.
    """
    details = Sandbox(seed=0).details(_ORIGIN)
    return page(
        _INTRO,
        "```json\n" + json.dumps(details, indent=2) + "\n```",
        "Ids follow from the seed: the same seed gives the same account. The\n"
        "credentials work on this server only.",
        "## The control API",
        "Requests to `control_url`, without any token. Bodies and answers are JSON.",
        _control_table(),
        "Every refusal is JSON with `error` and `hint`.",
        "### An entry of the log",
        table(("field", "meaning"), _entry_rows()),
        "## Faults",
        '`POST /_sandbox/faults` plans a failure: `{"kind": "timeout_after", "match":\n'
        '"POST /act_[0-9]+/campaigns$", "nth": 1}`.',
        table(("kind", "what happens"), [(code(k), v) for k, v in FAULTS.items()]),
        "Options of a fault:",
        table(("option", "default", "meaning"), _fault_rows()),
        "## In Python",
        "`Sandbox` runs in this process, `SandboxServer` serves it from a thread,\n"
        "`SandboxClient` steers a server that was started elsewhere.\n"
        "Their calls stand in [the API reference](api/sandbox.md).",
        table(("call of SandboxClient", "does"), _methods(SandboxClient)),
        table(("call of SandboxServer", "does"), _methods(SandboxServer)),
    )


def _control_table() -> str:
    rows = re.findall(r"^\|.*\|$", control.__doc__ or "", re.MULTILINE)
    return "\n".join(rows)


def _entry_rows() -> list[tuple[str, str]]:
    said = attributes(LogEntry)
    names = [field.name for field in attrs.fields(LogEntry)]
    plain = {
        "platform": "Which platform was asked.",
        "method": "HTTP method.",
        "headers": "Headers of the request; secrets are masked.",
    }
    return [(code(name), said.get(name) or plain.get(name, "")) for name in names]


def _fault_rows() -> list[tuple[str, str, str]]:
    said = attributes(Fault)
    rows = [("`platform`", code("*"), "Which platform; `*` for all.")]
    hidden = {"platform", "kind", "id", "seen", "fired"}
    for field in attrs.fields(Fault):
        if field.name not in hidden:
            default = "* /" if field.name == "match" else field.default
            shown = "" if default is None else code(default)
            rows.append((code(field.name), shown, sentence(said.get(field.name, ""))))
    return rows


def _methods(kind: type) -> list[tuple[str, str]]:
    return [
        (code(name), first_paragraph(thing))
        for name, thing in vars(kind).items()
        if not name.startswith("_") and (callable(thing) or isinstance(thing, property))
    ]


# -- coverage --------------------------------------------------------------------------


def coverage_page() -> str:
    """
    What the embedded platforms model.
    """
    parts = [
        "# Coverage of the sandbox",
        _COVERAGE,
    ]
    for name, rows in coverage().items():
        done = [row for row in rows if row["modelled"]]
        rest = [row for row in rows if not row["modelled"]]
        parts += [
            f"## {name}",
            f"{len(done)} of {len(rows)} methods and paths.",
            table(
                ("request", "modelled", "not modelled", "source"), map(_modelled, done)
            ),
            "### Answered with 501",
            ", ".join(code(f"{row['method']} {row['path']}") for row in rest) + ".",
        ]
    return page(*parts)


def _modelled(row: dict[str, Any]) -> tuple[str, ...]:
    request = f"{row['method']} {row['path']}"
    missing = row["not_modelled"]
    shown = ", ".join(missing[:_SHOWN])
    more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
    return code(request), row["features"], shown + more, row["source"]
