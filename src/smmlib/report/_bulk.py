"""
Ads by the dozen: from a spreadsheet, or every text with every picture and audience.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.errors import Issue, ValidationError
from smmlib.model import Ad, AdCampaign, AdSet, Creative, Image, MediaPlan, Video
from smmlib.model._checks import did_you_mean
from smmlib.report._bulk_source import Cells, Source, source_of
from smmlib.rules import check

if TYPE_CHECKING:
    from smmlib.model import AdText

FIELDS: dict[str, tuple[str, ...]] = {
    "campaign": ("campaign", "campaign key", "campaign name", "kampagne"),
    "ad_set": ("ad set", "ad_set", "ad set name", "ad group", "anzeigengruppe"),
    "audience": ("audience", "zielgruppe", "saved audience"),
    "ad": ("ad", "key", "ad name", "name", "anzeigenname", "anzeige"),
    "text": ("text", "primary text", "body", "copy", "introductory text", "tweet text"),
    "headline": ("headline", "title", "überschrift", "titel"),
    "description": ("description", "link description", "beschreibung"),
    "cta": ("cta", "call to action", "call-to-action", "button"),
    "link": ("link", "url", "website url", "landing page", "destination url"),
    "image": ("image", "image file", "image file name", "picture", "bild"),
    "video": ("video", "video file", "video file name", "film"),
    "language": ("language", "sprache"),
}
"""
Fields of an ad, and what spreadsheets usually call them.
"""

_CREATIVE = ("text", "headline", "description", "cta", "link", "language")


@attrs.frozen
class BulkAd:
    """
    One ad of a batch: what people see, and whom it is for.

    Attributes:
        key: Key of ad and creative; unique within the batch and ad set.
        creative: What people see.
        audience: Key of the plan's audience.
        campaign: Key of the plan's campaign; empty to be said later.
        ad_set: Key of the ad set; that of the audience when left out.
        row: The row it came from, from 1.
    """

    key: str
    creative: Creative
    audience: str = attrs.field(default="", kw_only=True)
    campaign: str = attrs.field(default="", kw_only=True)
    ad_set: str = attrs.field(default="", kw_only=True)
    row: int = attrs.field(default=0, kw_only=True)


@attrs.frozen(repr=False)
class BulkAds:
    """
    A batch of ads, and every problem of its rows.

    Attributes:
        ads: The ads whose rows are fine.
        issues: What is wrong, with row and column.
        columns: Column of each field in the source, from 1.
        file: Where they came from.
    """

    ads: tuple[BulkAd, ...]
    issues: tuple[Issue, ...] = ()
    columns: Mapping[str, int] = attrs.field(factory=dict, kw_only=True)
    file: str = attrs.field(default="", kw_only=True)

    @property
    def ok(self) -> bool:
        """
        Whether every row passes.
        """
        return not any(issue.is_error for issue in self.issues)

    def passed(self) -> BulkAds:
        """
        Only the ads that pass, once somebody has looked at what does not.
        """
        kept = tuple(issue for issue in self.issues if not issue.is_error)
        return attrs.evolve(self, issues=kept)

    def into(self, plan: MediaPlan, *, campaign: str = "") -> MediaPlan:
        """
        The plan with these ads in it: all of them, or none.

        Ad sets that are missing are made, one per audience. Rules of the platforms are
        asked too, and what they refuse is told with row and column.

        Args:
            plan: The plan.
            campaign: Key of the campaign for ads that name none.

        Raises:
            ValidationError: A row does not pass; nothing was added.
        """
        if not self.ok:
            raise _refused(self.issues)
        issues = [
            issue for ad in self.ads for issue in self._homeless(ad, plan, campaign)
        ]
        if issues:
            raise _refused(issues)
        found = _with_ads(plan, self.ads, campaign)
        known = {(i.path, i.code) for i in check(plan)}
        fresh = [
            self._placed(issue)
            for issue in check(found)
            if issue.is_error and (issue.path, issue.code) not in known
        ]
        if fresh:
            raise _refused(fresh)
        return found

    def _homeless(self, ad: BulkAd, plan: MediaPlan, campaign: str) -> Iterable[Issue]:
        """
        What a row names and the plan has not.
        """
        key = ad.campaign or campaign
        home = plan.campaigns.get(key)
        if home is None:
            yield self._missing(ad, "campaign", key, plan.campaigns)
            return
        at = ad.ad_set or ad.audience
        if at not in home.ad_sets and ad.audience not in plan.audiences:
            field = "audience" if ad.audience or not at else "ad_set"
            known = plan.audiences if field == "audience" else home.ad_sets
            yield self._missing(ad, field, ad.audience or at, known)
        if ad.key in plan.creatives and plan.creatives[ad.key] != ad.creative:
            yield Issue(
                f"rows[{ad.row}].ad",
                "bulk.repeated",
                f"the plan has another creative '{ad.key}'",
                value=ad.key,
                file=self.file,
                line=ad.row,
                column=self.columns.get("ad"),
                hint="give this ad another name",
            )

    def _missing(
        self, ad: BulkAd, field: str, key: str, known: Mapping[str, Any]
    ) -> Issue:
        what = field.replace("_", " ")
        return Issue(
            f"rows[{ad.row}].{field}",
            "bulk.unknown",
            f"the plan has no {what} '{key}'" if key else f"no {what} is named",
            value=key or None,
            limit=", ".join(known)[:400],
            file=self.file,
            line=ad.row,
            column=self.columns.get(field),
            hint=did_you_mean(key, known) if key else f"name the {what}",
        )

    def _placed(self, issue: Issue) -> Issue:
        """
        A problem of the plan with the row and column it came from.
        """
        steps = issue.path.split(".")
        rows = {ad.key: ad.row for ad in self.ads}
        if steps[0] != "creatives" or steps[1] not in rows:
            return issue
        field = re.split(r"[.\[]", steps[2])[0] if len(steps) > 2 else ""  # noqa: PLR2004 - creatives.key.field
        return attrs.evolve(
            issue,
            file=self.file or None,
            line=rows[steps[1]],
            column=self.columns.get(field),
        )

    def __repr__(self) -> str:
        bad = len({issue.line for issue in self.issues if issue.is_error})
        return f"<BulkAds: {len(self.ads):,} ads, {bad:,} rows with problems>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{ad.row}</td><td>{escape(ad.key)}</td>"
            f"<td>{escape(ad.audience)}</td><td>{_length(ad.creative.text)}</td>"
            f"<td>{escape(str(ad.creative.text or ''))}</td></tr>"
            for ad in self.ads
        )
        bad = "".join(f"<li>{escape(str(issue))}</li>" for issue in self.issues)
        head = (
            "<tr><th>row</th><th>ad</th><th>audience</th><th>chars</th><th></th></tr>"
        )
        return f"<table>{head}{rows}</table>" + (f"<ul>{bad}</ul>" if bad else "")


def _length(text: AdText | None) -> int:
    return len(str(text)) if text else 0


def _refused(issues: Sequence[Issue]) -> ValidationError:
    errors = [issue for issue in issues if issue.is_error]
    first = errors[0]
    more = f" (+{len(errors) - 1:,} more problems)" if len(errors) > 1 else ""
    return ValidationError(
        errors, message=f"{first.where}: {first.message}{more}; no ad was added"
    )


def _with_ads(plan: MediaPlan, ads: Sequence[BulkAd], campaign: str) -> MediaPlan:
    creatives = {**plan.creatives, **{ad.key: ad.creative for ad in ads}}
    campaigns: dict[str, AdCampaign] = dict(plan.campaigns)
    wanted: dict[str, dict[str, list[BulkAd]]] = {}
    for ad in ads:
        home = wanted.setdefault(ad.campaign or campaign, {})
        home.setdefault(ad.ad_set or ad.audience, []).append(ad)
    for key, sets in wanted.items():
        ad_sets = dict(campaigns[key].ad_sets)
        for name, found in sets.items():
            old = ad_sets.get(name) or AdSet(found[0].audience)
            more = {ad.key: Ad(ad.key) for ad in found}
            ad_sets[name] = attrs.evolve(old, ads={**old.ads, **more})
        campaigns[key] = attrs.evolve(campaigns[key], ad_sets=ad_sets)
    return attrs.evolve(plan, creatives=creatives, campaigns=campaigns)


# -- from a table ------------------------------------------------------------------


def read_ads(source: Any, *, columns: Mapping[str, str] | None = None) -> BulkAds:
    """
    Read ads from a spreadsheet, one per row, with every problem by row and column.

    Args:
        source: Path of a CSV or XLSX file, a pandas, polars or Arrow table, or rows
            as mappings.
        columns: Head by field, where it is not a usual one: `{"text": "Copy v2"}`.

    Returns:
        The ads and all problems; `into(plan)` adds them once every row passes.

    Raises:
        CodecError: The file cannot be read at all.
    """
    table = source_of(source, FIELDS, columns)
    ads: list[BulkAd] = []
    seen: dict[tuple[str, str, str], int] = {}
    for row in table.rows:
        ad = _ad_of(table, row)
        if ad is None:
            continue
        place = (ad.campaign, ad.ad_set or ad.audience, ad.key)
        if place in seen:
            table.problem(
                row.line,
                "ad",
                "bulk.repeated",
                f"'{ad.key}' stands in row {seen[place]} already",
                value=ad.key,
                hint="give each ad a name of its own",
            )
            continue
        seen[place] = row.line
        ads.append(ad)
    _same_key_same_ad(table, ads)
    return BulkAds(
        tuple(ads), tuple(table.issues), columns=table.columns, file=table.file
    )


def _same_key_same_ad(table: Source, ads: Sequence[BulkAd]) -> None:
    """
    One name in two ad sets is one creative, so both rows must say the same.
    """
    first: dict[str, BulkAd] = {}
    for ad in ads:
        known = first.setdefault(ad.key, ad)
        if known.creative != ad.creative:
            table.problem(
                ad.row,
                "ad",
                "bulk.repeated",
                f"'{ad.key}' is another ad in row {known.row}",
                value=ad.key,
                hint="give each ad a name of its own",
            )


def _ad_of(table: Source, row: Cells) -> BulkAd | None:
    """
    One row as an ad, or None after its problems were noted.
    """
    before = len(table.issues)
    texts = row.texts
    if not {"text", "image", "video"} & texts.keys():
        table.problem(
            row.line,
            "text",
            "bulk.empty",
            "the row has neither text nor picture nor film",
            hint="write the ad's text, or clear the row",
        )
        return None
    creative = _creative(table, row)
    if creative is None or len(table.issues) > before:
        return None
    return BulkAd(
        key_of(texts.get("ad", "")) or f"row-{row.line}",
        creative,
        audience=texts.get("audience", ""),
        campaign=texts.get("campaign", ""),
        ad_set=key_of(texts.get("ad_set", "")),
        row=row.line,
    )


def _creative(table: Source, row: Cells) -> Creative | None:
    fields: dict[str, Any] = {
        name: row.texts[name] for name in _CREATIVE if name in row.texts
    }
    kinds: tuple[tuple[str, type[Image | Video]], ...] = (
        ("image", Image),
        ("video", Video),
    )
    for name, kind in kinds:
        if name in row.texts:
            value = made(table, row.line, name, kind, (row.texts[name],))
            if value is None:
                return None
            fields[name] = value
    # Field by field, so that one row tells all its problems and not only the first.
    bad = [
        name
        for name in ("text", "cta", "link", "language")
        if name in fields
        and made(table, row.line, name, Creative, (), **{**_LEAST, name: fields[name]})
        is None
    ]
    if bad:
        return None
    found: Creative | None = made(table, row.line, "", Creative, (), **fields)
    return found


_LEAST = {"text": "x", "link": "https://example.com/"}


def made(
    table: Source, line: int, field: str, kind: Any, given: tuple[Any, ...], **more: Any
) -> Any:
    """
    A value of the model, or None after its refusal was noted.
    """
    try:
        return kind(*given, **more)
    except ValidationError as error:
        for issue in error.issues:
            at = issue.path if not field or issue.path.startswith(field) else field
            table.placed(line, attrs.evolve(issue, path=at))
    return None


def key_of(name: str) -> str:
    """
    A name as a key: letters, digits and dashes.
    """
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-")[:64]
