"""
The morning check: what was spent, what is behind, and an exit code for cron.
"""

from __future__ import annotations

import smmlib as smm

plan = smm.load("launch.plan.yaml")
with smm.connect("sandbox", seed=7) as work:
    work.apply(work.plan(plan))
    work.activate(work.plan(plan), approve="25500.00 EUR", by="eva")
    work.advance(days=7)
    tracking = smm.track(plan, work.pull(plan))
print(tracking)
