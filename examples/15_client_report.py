"""
The client's report after three weeks: one page and one workbook with the same numbers.
"""

from __future__ import annotations

import smmlib as smm

plan = smm.load("launch.plan.yaml")
with smm.connect("sandbox", seed=7) as work:
    work.apply(work.plan(plan))
    work.activate(work.plan(plan), approve="25500.00 EUR", by="eva")
    work.advance(days=21)
    report = smm.report(plan, facts := work.pull(plan))
print(report.save("client.html"), report.save("client.xlsx"), smm.track(plan, facts))
