"""
Is the money on track? Move it within steps and caps, and apply that with an approval.
"""

from __future__ import annotations

import smmlib as smm

with smm.connect("sandbox", seed=7) as work:
    work.apply(work.plan(plan := smm.load("launch.plan.yaml")))
    work.activate(work.plan(plan), approve="25500.00 EUR", by="eva")
    work.advance(days=21)
    print(pace := smm.pace(plan, work.pull(plan), most={"meta-leads": "400 EUR"}))
    print(changes := work.plan(plan.with_budgets(pace)))
    work.apply(changes, approve=changes.total, by="eva")
