"""
One audience on every platform: what each can say of it, as what, and what it cannot.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from html import escape
from typing import TYPE_CHECKING, Any, overload

import attrs

from smmlib.errors import Issue, Severity, ValidationError
from smmlib.model import (
    AdBudget,
    AdCampaign,
    AdSet,
    Audience,
    Creative,
    CustomAudience,
    LineItem,
    MediaPlan,
    Money,
    Objective,
    Place,
)
from smmlib.model._checks import did_you_mean
from smmlib.ports import Kind, Ref
from smmlib.rules import RULES
from smmlib.rules import check as check_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smmlib.ports import AdPlatform, Resource

_TRAITS = {
    "age": "age",
    "genders": "gender",
    "places": "places",
    "exclude_places": "places left out",
    "languages": "languages",
    "interests": "interests",
    "professions": "professions",
    "industries": "industries",
    "seniorities": "seniority",
    "behaviours": "behaviours",
    "narrow_by": "narrowed by",
    "retarget": "people we know",
    "lookalike": "people like them",
    "excluded": "people left out",
}
_NAMES = {"excluded": "exclude"}
_NO_KEY, _LONGEST = re.compile(r"[^A-Za-z0-9_-]+"), 60
_KEY = "probe"
_PLACES = ("DE", "FR", "IT", "ES", "PL")
_LINK = "https://example.com/"


class Fit(StrEnum):
    """
    How well a platform expresses one part of an audience.
    """

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@attrs.frozen
class AudienceFit:
    """
    One part of an audience on one platform.

    Attributes:
        trait: Which part, by its name in plan files: `age`, `interests`, ...
        platform: Which platform.
        fit: yes, partly or no.
        expressed_as: The platform's own words for it; empty where it has none.
        wanted: What the plan says.
        issue: What stands in the way, or should be known.
    """

    trait: str
    platform: str
    fit: Fit
    expressed_as: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    wanted: str = attrs.field(default="", kw_only=True)
    issue: Issue | None = attrs.field(default=None, kw_only=True)

    def __str__(self) -> str:
        """
        The cell of the table.
        """
        words = ", ".join(self.expressed_as)
        if self.fit is Fit.YES:
            return words
        why = self.issue.message if self.issue else "it has no words for it"
        return f"{self.fit.value}: {why}"


@attrs.frozen(repr=False)
class AudienceFits(Sequence[AudienceFit]):
    """
    One audience on several platforms; a sequence that shows itself as one table.

    Attributes:
        audience: Key or name of the audience.
        described: The audience in one line.
        platforms: The columns.
        rows: Every part on every platform.
    """

    audience: str
    described: str
    platforms: tuple[str, ...]
    rows: tuple[AudienceFit, ...] = ()

    @overload
    def __getitem__(self, place: int) -> AudienceFit: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[AudienceFit, ...]: ...
    def __getitem__(self, place: int | slice) -> AudienceFit | tuple[AudienceFit, ...]:
        return self.rows[place]

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"<AudienceFits of {self.audience} on {', '.join(self.platforms)}>"

    @property
    def traits(self) -> tuple[str, ...]:
        """
        The parts the audience has, in the order plans write them.
        """
        return tuple(dict.fromkeys(row.trait for row in self.rows))

    def at(self, trait: str, platform: str) -> AudienceFit:
        """
        One cell: a part of the audience on a platform.

        Raises:
            KeyError: The audience has no such part, or the platform is not compared.
        """
        for row in self.rows:
            if (row.trait, row.platform) == (trait, platform):
                return row
        raise KeyError((trait, platform))

    @property
    def missing(self) -> tuple[AudienceFit, ...]:
        """
        What cannot be said, or only in part.
        """
        return tuple(row for row in self.rows if row.fit is not Fit.YES)

    def to_dict(self) -> dict[str, Any]:
        """
        The table as JSON-ready data.
        """
        return {
            "audience": self.audience,
            "described": self.described,
            "platforms": list(self.platforms),
            "rows": [
                {
                    "trait": row.trait,
                    "platform": row.platform,
                    "fit": row.fit.value,
                    "expressed_as": list(row.expressed_as),
                    "wanted": row.wanted,
                    "issue": row.issue.to_dict() if row.issue else None,
                }
                for row in self.rows
            ],
        }

    def cells(self) -> Iterator[tuple[str, ...]]:
        """
        The lines of the table: the part, what the plan says, and a cell per platform.
        """
        for trait in self.traits:
            found = [self.at(trait, platform) for platform in self.platforms]
            word = next(_TRAITS[k] for k in _TRAITS if _NAMES.get(k, k) == trait)
            yield (word, found[0].wanted, *(str(row) for row in found))

    def head(self) -> tuple[str, ...]:
        """
        The titles of the columns.
        """
        return ("", "wanted", *self.platforms)

    def __str__(self) -> str:
        lines = [f"{self.audience}: {self.described}"]
        for word, wanted, *cells in self.cells():
            lines.append(f"\n{word}: {wanted}")
            lines += [
                f"  {platform:<10}{cell}"
                for platform, cell in zip(self.platforms, cells, strict=True)
            ]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        head = "".join(f"<th style='text-align:left'>{t}</th>" for t in self.head())
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in line) + "</tr>"
            for line in self.cells()
        )
        caption = escape(f"{self.audience}: {self.described}")
        return f"<table><caption>{caption}</caption><tr>{head}</tr>{rows}</table>"


def audience_fits(
    plan: MediaPlan, audience: Audience | str, platforms: Mapping[str, AdPlatform]
) -> AudienceFits:
    """
    What every platform makes of an audience. Reads names, writes nothing.

    Raises:
        ValidationError: The plan has no such audience.
    """
    key, found = _found(plan, audience)
    parts = [name for name in _TRAITS if getattr(found, name)]
    rows = []
    for platform in platforms.values():
        probe = _Probe(plan, key, platform)
        issues = probe.issues(found)
        rows += [_fit(probe, found, part, issues) for part in parts]
    return AudienceFits(key, found.describe(), tuple(platforms), tuple(rows))


def _found(plan: MediaPlan, audience: Audience | str) -> tuple[str, Audience]:
    if isinstance(audience, Audience):
        # A shown name may hold blanks and umlauts, a key of a plan may not.
        return _NO_KEY.sub("-", audience.name).strip("-_")[:_LONGEST] or _KEY, audience
    if audience not in plan.audiences:
        problem = Issue(
            f"audiences.{audience}",
            "reference.audience",
            f"the plan has no audience '{audience}'",
            value=audience,
            limit=", ".join(plan.audiences),
            hint=did_you_mean(audience, plan.audiences),
        )
        raise ValidationError([problem])
    return audience, plan.audiences[audience]


def _fit(
    probe: _Probe, audience: Audience, part: str, issues: tuple[Issue, ...]
) -> AudienceFit:
    words = probe.words(audience, part)
    found = _worst(issues, _paths(audience, probe.key, part))
    fit = Fit.YES if words else Fit.NO
    if found is not None and found.severity is not Severity.INFO:
        # A part of a list that has no meaning there leaves the others as they are.
        fit = Fit.PARTLY if words else Fit.NO
    return AudienceFit(
        _NAMES.get(part, part),
        probe.name,
        fit,
        expressed_as=words,
        wanted=_said(getattr(audience, part)),
        issue=found,
    )


def _paths(audience: Audience, key: str, part: str) -> tuple[str, ...]:
    """
    Where problems with a part stand: in it, or in the audiences it names.
    """
    named = [e for e in audience.excluded if isinstance(e, str)]
    others = named if part == "excluded" else []
    if part == "lookalike" and audience.lookalike:
        others = [audience.lookalike.of]
    return (
        f"audiences.{key}.{_NAMES.get(part, part)}",
        *(f"audiences.{other}." for other in others),
    )


def _worst(issues: tuple[Issue, ...], paths: tuple[str, ...]) -> Issue | None:
    order = list(Severity)
    hit = [i for i in issues if i.path.startswith(paths)]
    return min(hit, key=lambda issue: order.index(issue.severity), default=None)


def _said(value: Any) -> str:
    items = value if isinstance(value, tuple) else (value,)
    return ", ".join(_word(item) for item in items)


def _word(item: Any) -> str:
    if hasattr(item, "of"):
        return f"like {item.of} in {item.country}, {item.percent} %"
    if attrs.has(type(item)) and not isinstance(item, (CustomAudience, Place)):
        parts = attrs.asdict(item, recurse=False).values()
        if all(isinstance(part, tuple) for part in parts):
            return " or ".join(str(word) for part in parts for word in part)
    return str(getattr(item, "value", item))


class _Probe:
    """
    Asks one platform by a plan of a single ad set that nobody will ever see.
    """

    def __init__(self, plan: MediaPlan, key: str, platform: AdPlatform) -> None:
        self.key = key
        self.name = platform.name
        self._plan = plan
        self._platform = platform
        self._seen: dict[Audience, dict[str, list[str]] | None] = {}

    def issues(self, audience: Audience) -> tuple[Issue, ...]:
        """
        Everything the platform and its rules say about the whole audience.
        """
        plan = self._with(audience)
        rules = [rule for rule in RULES if rule.platform == self.name]
        told = self._platform.wanted(plan).issues
        return (*told, *check_rules(plan, platforms=[self.name], rules=rules))

    def words(self, audience: Audience, part: str) -> tuple[str, ...]:
        """
        What changes on the platform when a part is added to an audience without it.
        """
        # Another place to compare places with, and one from which ads may be shown.
        there = {place.country for place in audience.places}
        bare = Audience(places=[Place(_elsewhere(there))])
        full = attrs.evolve(bare, **{_NAMES.get(part, part): getattr(audience, part)})
        before, after = self._fields(bare), self._fields(full)
        if before is None or after is None:
            return ()
        names = {*before, *after}
        changed = [n for n in sorted(names) if before.get(n) != after.get(n)]
        # Who pays, say, may follow from the places; that is no targeting.
        targeting = [n for n in changed if "target" in n.partition(".")[0]]
        words = (n.partition(".")[2] for n in targeting) if targeting else changed
        short = (word.removesuffix(".id").removesuffix(".key") for word in words)
        return tuple(dict.fromkeys(short))

    def _fields(self, audience: Audience) -> dict[str, list[str]] | None:
        if audience not in self._seen:
            wanted = self._platform.wanted(self._with(audience))
            found = [r for r in wanted.resources if r.kind is Kind.AD_SET]
            self._seen[audience] = _flat(found[0]) if found else None
        return self._seen[audience]

    def _with(self, audience: Audience) -> MediaPlan:
        networks = self._platform.capabilities.networks
        money = Money(1000, self._platform.account().currency)
        return attrs.evolve(
            self._plan,
            audiences={**self._plan.audiences, self.key: audience},
            lines={_KEY: LineItem(networks, money, buy="cpc")},
            campaigns={
                _KEY: AdCampaign(
                    _KEY,
                    {_KEY: AdSet(self.key, [_KEY])},
                    objective=Objective.TRAFFIC,
                    budget=AdBudget(lifetime=money),
                    special_ad_categories=(),
                )
            },
            creatives={_KEY: Creative("Taste first.", link=_LINK)},
            posts={},
        )


def _elsewhere(there: set[str]) -> str:
    return next((c for c in _PLACES if c not in there), _PLACES[0])


def _flat(resource: Resource) -> dict[str, list[str]]:
    """
    All leaves of an object's fields by the names above them, whatever their order.
    """
    found: dict[str, list[str]] = {}
    for name, leaf in _leaves(dict(resource.fields), ""):
        found.setdefault(name, []).append(leaf)
    return {name: sorted(leaves) for name, leaves in found.items()}


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _leaves(item, path)
    else:
        yield path, value.address if isinstance(value, Ref) else repr(value)
