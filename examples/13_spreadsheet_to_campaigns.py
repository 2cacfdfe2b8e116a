"""
A table of 120 ads to campaigns on three platforms: all rows pass, or nothing is sent.
"""

from __future__ import annotations

import smmlib as smm

plan = smm.read_ads("ads.csv").into(smm.load("launch.plan.yaml"))
with smm.connect("sandbox", seed=7) as work:
    print(work.apply(work.plan(plan)))
    work.activate(work.plan(plan), approve="25500.00 EUR", by="eva")
    for ad in work.status(plan):
        print(ad.kind, ad.remote_id, ad.name, ad.status)
    print(work.plan(plan).summary(), work.rollback(plan).summary(), sep="\n")
