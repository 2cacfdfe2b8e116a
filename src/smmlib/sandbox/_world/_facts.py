"""
What the world is told and what it answers: plain frozen values, no behaviour.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from smmlib.errors import SandboxError

if TYPE_CHECKING:
    from collections.abc import Iterable

Window = tuple[datetime, datetime]
"""A half-open stretch of time between two aware instants."""


def _require_aware(what: str, instants: Iterable[datetime | None]) -> None:
    """
    A naive instant would be read in the machine's zone and differ between machines.
    """
    for instant in instants:
        if instant is not None and instant.tzinfo is None:
            message = f"{what}: {instant.isoformat()} has no time zone"
            raise SandboxError(message, hint="Give an aware datetime.")


def _edges(windows: tuple[Window, ...] | None) -> tuple[datetime, ...]:
    return tuple(edge for window in windows or () for edge in window)


@attrs.frozen
class AdFacts:
    """
    One ad as the market sees it: who may see it, where, for what goal.

    An ad edited after its start is given as several facts with one *ad_id*;
    a day is delivered with the version in force when the day begins (the
    earliest one when none is older), so an edit never rewrites the past.

    Attributes:
        audience_size: People the ad set may reach (see `audience_size`).
        bid: What one result of *goal* may cost, in account currency; for REACH
            and IMPRESSIONS the price of 1,000 impressions; None lets the
            platform bid.
        goal: Meta's optimisation goal; an unknown one behaves as IMPRESSIONS.
        creative_key: Identity of the creative; ads sharing it share its quality.
        networks: Where it may be shown, e.g. ``("facebook", "instagram")``.
        countries: ISO 3166 codes, empty for worldwide.
        genders: 1 men, 2 women, as on Meta's wire; empty for all.
        landing_url: Where a click leads; may carry utm parameters.
        url_tags: Query string added to *landing_url*; may hold Meta's dynamic
            parameters such as ``{{campaign.name}}``.
        active: When this ad could deliver; None means whenever its budget does.
        valid_from: When this version came into force; None means from the start.
    """

    ad_id: str
    ad_set_id: str
    campaign_id: str = attrs.field(kw_only=True)
    audience_size: int = attrs.field(kw_only=True)
    bid: Decimal | None = attrs.field(default=None, kw_only=True)
    goal: str = attrs.field(default="IMPRESSIONS", kw_only=True)
    creative_key: str = attrs.field(default="", kw_only=True)
    text_length: int = attrs.field(default=120, kw_only=True)
    cards: int = attrs.field(default=0, kw_only=True)
    networks: tuple[str, ...] = attrs.field(default=("facebook",), kw_only=True)
    countries: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    ages: tuple[int, int] = attrs.field(default=(18, 65), kw_only=True)
    genders: tuple[int, ...] = attrs.field(default=(), kw_only=True)
    landing_url: str = attrs.field(default="", kw_only=True)
    url_tags: str = attrs.field(default="", kw_only=True)
    ad_name: str = attrs.field(default="", kw_only=True)
    ad_set_name: str = attrs.field(default="", kw_only=True)
    campaign_name: str = attrs.field(default="", kw_only=True)
    active: tuple[Window, ...] | None = attrs.field(default=None, kw_only=True)
    valid_from: datetime | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        _require_aware(f"ad {self.ad_id}", (self.valid_from, *_edges(self.active)))


@attrs.frozen
class BudgetFacts:
    """
    One purse: a daily or a lifetime amount shared by one or many ads.

    A budget changed later is given as several facts with one *key* and rising
    *valid_from*; what was spent before counts against the later lifetime amount.

    Attributes:
        key: Identity of the purse (the campaign's or ad set's id).
        daily: Amount per day; a day may spend up to 1.25 times as much, any
            seven days in a row never more than 7 times.
        lifetime: Amount for the whole run, paced evenly until *end*; used when
            *daily* is None.
        end: Last instant of the run (excluded).
        ad_ids: Ads that spend from it; ids without facts do not deliver.
        active: When delivery was possible, half-open; clip it at "now" to get
            the figures of an unfinished day.
        valid_from: When this version came into force; None means from the start.
    """

    key: str
    ad_ids: tuple[str, ...]
    daily: Decimal | None = attrs.field(default=None, kw_only=True)
    lifetime: Decimal | None = attrs.field(default=None, kw_only=True)
    start: datetime = attrs.field(kw_only=True)
    end: datetime | None = attrs.field(default=None, kw_only=True)
    active: tuple[Window, ...] = attrs.field(default=(), kw_only=True)
    valid_from: datetime | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        instants = (self.start, self.end, self.valid_from, *_edges(self.active))
        _require_aware(f"budget {self.key}", instants)


@attrs.frozen
class AdDay:
    """
    What the platform claims for one ad on one day in one network.

    *registrations*, *purchases* and *purchase_value* are the platform's claims:
    they include view-through results that the shop's own record never shows.
    """

    ad_id: str
    day: date
    network: str
    impressions: int
    reach: int
    clicks: int
    link_clicks: int
    landing_page_views: int
    leads: int
    registrations: int
    purchases: int
    purchase_value: Decimal
    video_views: int
    likes: int
    comments: int
    shares: int
    spend: Decimal


@attrs.frozen
class ConversionRecord:
    """
    One line of the shop's or CRM's own record, with what it knows of the source.

    *kind* is ``registration``, ``purchase`` or ``refund``; a refund carries a
    negative value and *refers_to* the purchase it undoes.
    """

    conversion_id: str
    date: date
    time: str
    utm_source: str
    utm_medium: str
    utm_campaign: str
    utm_content: str
    utm_term: str
    click_id: str
    kind: str
    value: Decimal
    currency: str
    status: str
    refers_to: str = ""


@attrs.frozen
class CatalogueEntry:
    """
    One interest, job, place ... that targeting can name by its id.

    Attributes:
        kind: interest, job, industry, behaviour, city, region or country.
        path: Categories from wide to narrow; tells homonyms apart.
        country: ISO 3166 code of a place, otherwise empty.
        region: Name of a city's region, otherwise empty.
        size: People it stands for worldwide.
    """

    id: str
    kind: str
    name: str
    path: tuple[str, ...]
    country: str
    region: str
    size: int


@attrs.frozen
class CityRadius:
    """
    A city by its catalogue id, with the kilometres around it.
    """

    city_id: str
    radius_km: float = 0.0
