"""
The table of `make faults`: fault by platform, passed of tried.
"""

from __future__ import annotations

import os
from collections import defaultdict


def pytest_terminal_summary(terminalreporter):
    """
    Print what every scenario came to; the numbers travel with the test reports.
    """
    if os.environ.get("SMMLIB_FAULTS") not in {"full", "table"}:
        return
    rows = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, ()):
            for key, value in report.user_properties:
                if key == "faults":
                    fault, platform, good, tried = value
                    cell = rows[fault][platform]
                    cell[0] += good
                    cell[1] += tried
    _print(terminalreporter, rows)


def _print(out, rows):
    names = sorted({name for cells in rows.values() for name in cells} - {"all"})
    width = max((len(fault) for fault in rows), default=10)
    out.section("faults: passed / tried")
    out.write_line(" ".join([f"{'':{width}}", *(f"{name:>13}" for name in names)]))
    total = defaultdict(lambda: [0, 0])
    for fault, cells in sorted(rows.items(), key=lambda row: _order(row[0])):
        shown = [_cell(cells[name]) if name in cells else "" for name in names]
        shown += [_cell(cells["all"])] if "all" in cells else []
        out.write_line(" ".join([f"{fault:{width}}", *(f"{s:>13}" for s in shown)]))
        for name, (good, tried) in cells.items():
            total[name][0] += good
            total[name][1] += tried
    shown = [f"{_cell(total[name]):>13}" for name in names]
    out.write_line(" ".join([f"{'all single faults':{width}}", *shown]))
    good, tried = (sum(cell[i] for cell in total.values()) for i in (0, 1))
    out.write_line(f"{good} of {tried} scenarios passed")


def _cell(cell):
    return f"{cell[0]} / {cell[1]}"


def _order(fault):
    number = fault[1:].partition(" ")[0]
    return (not number.isdigit(), int(number) if number.isdigit() else 0, fault)
