"""
Plan, apply, activate: seen, set up paused, started once the amount is approved.
"""

from __future__ import annotations

import smmlib as smm

plan = smm.load("launch.plan.yaml")
with smm.connect("sandbox") as work:
    changes = work.plan(plan)
    print(changes)
    print(work.apply(changes))
    print(work.activate(work.plan(plan), approve="25500.00 EUR", by="eva"))
