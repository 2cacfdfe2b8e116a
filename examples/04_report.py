"""
Run three weeks on the embedded platform, then write the client's report.
"""

from __future__ import annotations

import smmlib as smm

plan = smm.load("launch.plan.yaml")
with smm.connect("sandbox", seed=7) as work:
    work.apply(work.plan(plan))
    work.activate(work.plan(plan), approve="25500.00 EUR", by="eva")
    work.advance(days=21)
    smm.report(plan, work.pull(plan)).save("report.html")
