"""
How many different people were reached over several days, ads and networks.
"""

from __future__ import annotations

from math import exp, fsum, log1p
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smmlib.sandbox._world._facts import AdDay, AdFacts


def reach_of(rows: Iterable[AdDay], ads: Iterable[AdFacts]) -> int:
    """
    Count the people behind rows of any level once.

    Never below the largest row, never above the sum of rows or the people in
    the ad sets' audiences; more rows never make it smaller.
    """
    sizes = {ad.ad_id: (ad.ad_set_id, ad.audience_size) for ad in ads}
    audiences: dict[str, int] = {}
    for ad_set_id, size in sizes.values():
        audiences[ad_set_id] = max(size, audiences.get(ad_set_id, 0))
    reached: dict[str, list[int]] = {}
    for row in rows:
        reached.setdefault(sizes[row.ad_id][0], []).append(row.reach)
    if not reached:
        return 0
    by_set = [_joint(counts, audiences[name]) for name, counts in reached.items()]
    everyone = sum(audiences.values())
    joint = _joint(by_set, everyone)
    largest = max(count for counts in reached.values() for count in counts)
    return max(round(joint), largest)


def _joint(counts: Iterable[float], people: int) -> float:
    """
    Join groups drawn independently from *people*; logarithms keep it orderless.
    """
    groups = list(counts)
    if len(groups) == 1 or max(groups) >= people:
        return min(float(people), max(groups)) if people else 0.0
    missed = fsum(log1p(-group / people) for group in groups)
    return people * (1.0 - exp(missed))
