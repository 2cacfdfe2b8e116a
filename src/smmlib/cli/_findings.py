"""
Problems of a plan as a table: the worst first, each with its place and what to do.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from smmlib.cli._text import console, plain, plural
from smmlib.errors import Issue, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_RANK = {severity: place for place, severity in enumerate(Severity)}
_COLOURS = {
    Severity.ERROR: "bold red",
    Severity.WARNING: "yellow",
    Severity.INFO: "cyan",
}
_LONGEST_VALUE = 120
_MOST_ALIKE = 20
_FEW_ROWS = 8


def in_order(issues: Iterable[Issue]) -> list[Issue]:
    """
    By severity, then by place.
    """
    return sorted(
        issues,
        key=lambda i: (
            _RANK[i.severity],
            i.file or "",
            i.line or 0,
            i.column or 0,
            i.path,
        ),
    )


def severity_word(severity: Severity) -> str:
    """
    What people call a severity: an `info` is a note.
    """
    return "note" if severity is Severity.INFO else severity.value


def counted(issues: Iterable[Issue]) -> str:
    """
    `2 errors, 1 warning`, or that there is nothing.
    """
    counts = Counter(issue.severity for issue in issues)
    parts = [plural(counts[one], severity_word(one)) for one in Severity if counts[one]]
    return ", ".join(parts) or "no problems"


def shortened(issues: Sequence[Issue]) -> Iterator[Issue | str]:
    """
    The first problems of each kind; after them, how many more there are and where.
    """
    rest: dict[str, list[Issue]] = {}
    for issue in issues:
        rest.setdefault(issue.code, []).append(issue)
    shown: Counter[str] = Counter()
    for issue in issues:
        shown[issue.code] += 1
        if shown[issue.code] <= _MOST_ALIKE:
            yield issue
        more = rest[issue.code][_MOST_ALIKE:]
        if shown[issue.code] == _MOST_ALIKE and more:
            yield f"and {len(more)} more like this [{issue.code}]{_rows(more)}"


def _rows(issues: Sequence[Issue]) -> str:
    rows = sorted({issue.line for issue in issues if issue.line})
    if not rows:
        return ""
    table = (issues[0].file or "").endswith((".csv", ".tsv", ".txt"))
    noun = ("row" if table else "line") + ("s" if len(rows) > 1 else "")
    few = ", ".join(map(str, rows))
    many = f"{rows[0]} to {rows[-1]}"
    return f" ({noun} {few if len(rows) <= _FEW_ROWS else many})"


def show_findings(issues: Sequence[Issue]) -> None:
    """
    Print a table of problems and their count.
    """
    screen = console()
    if issues:
        screen.print(_table(issues))
    summary = counted(issues)
    screen.print(f"{summary[:1].upper()}{summary[1:]}.")


def _table(issues: Sequence[Issue]) -> Any:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 1, 0))
    table.add_column("", no_wrap=True)
    table.add_column("Where", ratio=2, overflow="fold")
    table.add_column("What", ratio=3, overflow="fold")
    for issue in shortened(issues):
        if isinstance(issue, str):
            table.add_row(Text(""), Text(""), Text(plain(issue), style="dim"))
            continue
        table.add_row(
            Text(severity_word(issue.severity), style=_COLOURS[issue.severity]),
            Text(plain(_place(issue))),
            Text(plain(_story(issue))),
        )
    return table


def _place(issue: Issue) -> str:
    parts = [str(p) for p in (issue.file, issue.line, issue.column) if p is not None]
    return "\n".join(part for part in (":".join(parts), issue.path) if part)


def _story(issue: Issue) -> str:
    facts = [
        f"{word} {_short(value)}"
        for word, value in (("found", issue.value), ("limit", issue.limit))
        if value is not None and str(value)
    ]
    lines = [f"{issue.message} [{issue.code}]", ", ".join(facts)]
    lines.append(f"→ {issue.hint}" if issue.hint else "")
    return "\n".join(line for line in lines if line)


def _short(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 3]}..."
