"""
The morning check: what needs a look, by the money at risk; exit code 3 for cron if any.
"""

from __future__ import annotations

import smmlib as smm

plan = smm.load("launch.plan.yaml")
with smm.connect("sandbox", seed=7) as work:
    work.apply(work.plan(plan))
    work.activate(work.plan(plan), approve="25500.00 EUR", by="eva")
    work.advance(days=14)
    print(alerts := work.alert(plan, work.pull(plan)))
raise SystemExit(3 if alerts else 0)
