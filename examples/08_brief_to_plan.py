"""
From a brief to a plan that can be launched: split to the cent, forecast, workbook.
"""

from __future__ import annotations

import smmlib as smm

plan = smm.load("launch.plan.yaml")
plan = plan.with_budgets(smm.split(plan, maximise="registrations"))
smm.check(plan).raise_if_errors()
with smm.connect("sandbox", seed=7) as work:
    forecast = smm.forecast(plan, people=smm.audience_sizes(work, plan))
    print(forecast, work.plan(plan), smm.save_workbook(plan, "plan.xlsx"), sep="\n")
