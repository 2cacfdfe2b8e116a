"""
Which version wins? The answer may be looked at every day, and may be "wait".
"""

from __future__ import annotations

import smmlib as smm

size = smm.sample_size(0.03, effect=0.2, variants=3, a_day=4_000)
old = smm.Variant("old text", 21_400, won=610, spend="900 EUR")
new = smm.Variant("new text", 20_900, won=812, spend="890 EUR")
film = smm.Variant("film", 21_100, won=655, spend="910 EUR")
print(size, smm.compare_variants([old, new, film], days=16), sep="\n")
print(smm.compare_variants([old, film], days=16).answer)
