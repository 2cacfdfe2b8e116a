"""
What is wrong in the accounts, and how much money hangs on it? Nothing is changed.
"""

from __future__ import annotations

import smmlib as smm

plan = smm.load("launch.plan.yaml")
with smm.connect("sandbox", seed=7) as work:
    work.apply(work.plan(plan))
    work.activate(work.plan(plan), approve="25500.00 EUR", by="eva")
    work.advance(days=21)
    print(smm.audit(work, plan))  # what the plan knows
    print(found := smm.audit(work), *found.fixes)  # all else: as if nobody knew it
