"""
What an export from Ads Manager alone tells: totals, and people by age and gender.
"""

from __future__ import annotations

import smmlib as smm

facts = smm.read_metrics("ads_export.csv")  # the header says EUR
for total in facts.totals(("age", "gender")):
    who = " ".join(total.labels.values())
    print(who, total["spend"], total["impressions"], total["clicks"])
