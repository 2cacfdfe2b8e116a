"""
Nobody waits for what is there already.
"""

from __future__ import annotations

import smmlib as smm
from _cli import EXAMPLES, PLAN


def test_planning_right_after_an_apply_does_not_wait():
    """
    Everything reads back as it was applied, on every platform: no settle window passes.
    """
    plan = smm.load(EXAMPLES / PLAN)
    with smm.connect("sandbox", seed=7, root=EXAMPLES) as work:
        work.apply(work.plan(plan))
        before = work.now()
        changes = work.plan(plan)

        assert changes.empty
        assert before == work.now()
