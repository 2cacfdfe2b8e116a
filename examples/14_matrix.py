"""
Four texts, five pictures, three audiences: thirty even ads, and why a text is out.
"""

from __future__ import annotations

import smmlib as smm

texts = ["Four roasts, one box.", "Taste first, pay later.", "At your door.", "x" * 481]
images = [f"img/{n}.png" for n in ("box", "opening", "office", "roast-dark", "logo")]
same = {"cta": "sign_up", "link": "https://alpenkaffee.example/box"}
ads = smm.matrix(texts, images, ["baristas", "visitors", "curious"], cap=30, **same)
plan = ads.passed().into(smm.load("launch.plan.yaml"), campaign="leads")
with smm.connect("sandbox", seed=7) as work:
    print(*ads.issues, work.plan(plan), sep="\n")
