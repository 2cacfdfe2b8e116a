"""
What ToyAds refuses, as a rule that `smmlib.check` runs like its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from smmlib.rules import Found, PlanView, Rule, rule

_LONGEST = 160


@rule("toyads.text", "Texts on ToyAds have at most 160 characters.", severity="warning")
def short_text(view: PlanView) -> Iterator[Found]:
    """
    Creatives whose text ToyAds would cut.
    """
    for key, creative in view.plan.creatives.items():
        if creative.text is not None and len(creative.text) > _LONGEST:
            yield Found(
                f"creatives.{key}.text",
                f"ToyAds cuts a text of {len(creative.text)} characters",
                value=len(creative.text),
                limit=_LONGEST,
            )


RULES: tuple[Rule, ...] = (short_text,)
