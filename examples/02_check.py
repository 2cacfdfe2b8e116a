"""
Stop a CI job when a plan has errors; show every problem with place and next step.
"""

from __future__ import annotations

import sys

import smmlib as smm

found = smm.check("launch.plan.yaml")
print(found)
sys.exit(0 if found.ok else 2)
