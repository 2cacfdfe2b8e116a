"""
From spend and orders to the ROI of each channel, by four models, in one currency.
"""

from __future__ import annotations

import smmlib as smm

day = smm.load("launch.plan.yaml").flight.first_day.replace(day=5)
rates = smm.FxRates((smm.FxRate("USD", "EUR", rate="0.92", on=day, source="ECB"),))
facts = smm.read_metrics("ads_export.csv", network="facebook", zone="Europe/Berlin")
facts = facts.with_conversions(smm.read_conversions("shop_orders.csv", zone="UTC"))
facts = facts.with_touches(smm.read_touches("site_visits.csv", zone="UTC"))
for model in ("last", "linear", "position_based", "markov"):
    print(smm.roi(facts, model=model, rates=rates))
