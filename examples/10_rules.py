"""
Pause losers by a rule: decided with reasons, rehearsed over history, applied.
"""

from __future__ import annotations

import smmlib as smm

plan, rules = smm.load("launch.plan.yaml"), [smm.pause_losers("10 EUR")]
with smm.connect("sandbox", seed=7) as work:
    work.apply(work.plan(plan))
    work.activate(work.plan(plan), approve="25500.00 EUR", by="eva")
    work.advance(days=21)
    print(decided := smm.decide(plan, facts := work.pull(plan), rules=rules))
    print(smm.rehearse(plan, facts, rules=rules), work.apply(work.plan(decided.plan)))
