"""
Rules about names and keys: what people read must not be mistaken for something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from smmlib.rules._rule import Found, rule
from smmlib.rules._view import PlanView

_KEYED = (
    "people",
    "audiences",
    "lines",
    "campaigns",
    "creatives",
    "posts",
    "ideas",
    "slots",
    "milestones",
    "tasks",
    "briefs",
)
_NAMED = ("people", "audiences", "lines", "campaigns", "creatives", "milestones")


def _groups(view: PlanView, kinds: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """
    Path and map of everything whose names or keys must not meet.
    """
    for kind in kinds:
        yield kind, getattr(view.plan, kind)
    for key, campaign in view.plan.campaigns.items():
        path = f"campaigns.{key}.ad_sets"
        yield path, campaign.ad_sets
        for set_key, ad_set in campaign.ad_sets.items():
            yield f"{path}.{set_key}.ads", ad_set.ads


def _twins(words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """
    Keys whose word was seen before, with the key that had it first.
    """
    seen: dict[str, str] = {}
    for key, word in words.items():
        if word and (first := seen.setdefault(word, key)) != key:
            yield key, first


@rule(
    "name.duplicate", "No two things of a kind share a shown name.", severity="warning"
)
def name_duplicate(view: PlanView) -> Iterator[Found]:
    """
    Shown names that appear twice, so that nobody can tell two rows of a report apart.
    """
    for path, things in _groups(view, _NAMED):
        names = {key: " ".join(t.name.casefold().split()) for key, t in things.items()}
        for key, first in _twins(names):
            yield Found(
                f"{path}.{key}.name",
                f"'{things[key].name}' is already the name of '{first}'",
                value=things[key].name,
                limit="a name of its own",
                hint="add what makes it different, e.g. the audience",
            )


@rule("key.similar", "Keys differ in more than case and dashes.", severity="warning")
def key_similar(view: PlanView) -> Iterator[Found]:
    """
    Keys that people, and tools which ignore case, take for the same address.
    """
    for path, things in _groups(view, _KEYED):
        plain = {key: re.sub("[-_]", "", key.casefold()) for key in things}
        for key, first in _twins(plain):
            yield Found(
                f"{path}.{key}",
                f"the keys '{first}' and '{key}' are hard to tell apart",
                value=key,
                limit=f"different from '{first}'",
                hint="choose another key; names are what people see",
            )


@rule("name.pattern", "Campaign names follow the plan's pattern.", severity="warning")
def name_pattern(view: PlanView) -> Iterator[Found]:
    """
    Campaign names that cannot be read back by the plan's own pattern.
    """
    pattern = view.plan.naming
    for item in view.campaigns if pattern else ():
        name = item.campaign.name
        if name and pattern and pattern.parse(name) is None:
            yield Found(
                f"{item.path}.name",
                f"'{name}' does not follow the naming pattern",
                value=name,
                limit=pattern.template,
                hint="build it with plan.naming.build(...)",
            )


RULES = (name_duplicate, key_similar, name_pattern)
