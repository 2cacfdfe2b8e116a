"""
What happened: numbers from platforms, growth, conversions, touches, messages.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import attrs

from smmlib.model._checks import (
    are_strings,
    is_aware,
    is_optional,
    is_optional_key,
    is_optional_language,
    is_optional_text,
    is_text,
    is_type,
    is_whole,
    refuse,
)
from smmlib.model._enums import ConversionKind, MessageKind, Network, TouchKind
from smmlib.model._link import Utm
from smmlib.model._maps import EMPTY, FrozenMap, are_keyed, as_map
from smmlib.model._money import Money, currency_code, decimal_of, optional_decimal
from smmlib.model._value import Value
from smmlib.model._words import (
    as_conversion_kind,
    as_message_kind,
    as_network,
    as_optional_network,
    as_touch_kind,
)

COUNTS = (
    "impressions",
    "reach",
    "clicks",
    "link_clicks",
    "visits",
    "video_views",
    "engagements",
    "leads",
    "registrations",
    "conversions",
    "approved_conversions",
)
"""
Counts a `MetricRow` can hold; None means "not reported", which is not zero.
"""

_WORDS = (
    "platform",
    "account",
    "campaign",
    "ad_set",
    "ad",
    "address",
    "line",
    "source",
)


@attrs.frozen(eq=False, repr=False)
class MetricRow(Value):
    """
    One day of one ad (or ad set, campaign, account) on one network.

    Attributes:
        on: The day, in the ad account's zone.
        network: Where; None when the export does not say.
        spend: Exact, unrounded amount; reports have up to nine decimals.
        currency: Currency of spend and revenue.
        platform: The API or export it came from.
        account: The ad account.
        campaign: Name or id of the campaign.
        ad_set: Name or id of the ad set.
        ad: Name or id of the ad.
        address: Path of the ad in the plan, where it is known.
        line: Key of the media plan's line, where it is known.
        impressions: How often it was seen.
        reach: How many people saw it; never summed over days.
        clicks: Clicks of all kinds.
        link_clicks: Clicks on the link.
        visits: Visits the platform counted on the page behind the link.
        video_views: Views of the film.
        engagements: Reactions, comments, shares.
        leads: Enquiries the platform claims.
        registrations: Registrations the platform claims.
        conversions: Conversions the platform claims.
        approved_conversions: Conversions that were confirmed afterwards.
        revenue: Value of conversions the platform claims.
        breakdown: By age, gender, ... where the export is split.
        source: Where the row comes from.
    """

    on: date
    network: Network | None = attrs.field(default=None, converter=as_optional_network)
    spend: Decimal = attrs.field(default=Decimal(0), converter=decimal_of, kw_only=True)
    currency: str = attrs.field(converter=currency_code, kw_only=True)
    platform: str = attrs.field(default="", kw_only=True)
    account: str = attrs.field(default="", kw_only=True)
    campaign: str = attrs.field(default="", kw_only=True)
    ad_set: str = attrs.field(default="", kw_only=True)
    ad: str = attrs.field(default="", kw_only=True)
    address: str = attrs.field(default="", kw_only=True)
    line: str = attrs.field(default="", kw_only=True)
    impressions: int | None = attrs.field(default=None, kw_only=True)
    reach: int | None = attrs.field(default=None, kw_only=True)
    clicks: int | None = attrs.field(default=None, kw_only=True)
    link_clicks: int | None = attrs.field(default=None, kw_only=True)
    visits: int | None = attrs.field(default=None, kw_only=True)
    video_views: int | None = attrs.field(default=None, kw_only=True)
    engagements: int | None = attrs.field(default=None, kw_only=True)
    leads: int | None = attrs.field(default=None, kw_only=True)
    registrations: int | None = attrs.field(default=None, kw_only=True)
    conversions: int | None = attrs.field(default=None, kw_only=True)
    approved_conversions: int | None = attrs.field(default=None, kw_only=True)
    revenue: Decimal | None = attrs.field(
        default=None, converter=optional_decimal, kw_only=True
    )
    breakdown: FrozenMap[str] = attrs.field(
        default=EMPTY, converter=as_map, kw_only=True
    )
    source: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        are_strings(self, *_WORDS)
        are_keyed("breakdown", self.breakdown, str)
        is_type("on", self.on, date)
        for name in COUNTS:
            value = getattr(self, name)
            if value is not None:
                is_whole(name, value, low=0)
        if self.spend < 0:
            refuse(
                "spend",
                f"spend of {self.spend} is below zero",
                code="metrics.spend",
                value=str(self.spend),
                expected="zero or more",
            )


@attrs.frozen(eq=False, repr=False)
class GrowthRow(Value):
    """
    How many follow a page on one day, and how many people it reached.

    Attributes:
        on: The day.
        network: Where.
        followers: Followers at the end of the day.
        reach: People reached that day; None where the network does not say.
        account: Page, profile or channel.
        source: Where the numbers come from.
    """

    on: date
    network: Network = attrs.field(converter=as_network)
    followers: int | None = attrs.field(default=None, kw_only=True)
    reach: int | None = attrs.field(default=None, kw_only=True)
    account: str = attrs.field(default="", kw_only=True)
    source: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        are_strings(self, "account", "source")
        is_type("on", self.on, date)
        for name in ("followers", "reach"):
            if getattr(self, name) is not None:
                is_whole(name, getattr(self, name), low=0)


@attrs.frozen(eq=False, repr=False)
class Conversion(Value):
    """
    Something a person did that the brand's own records show: a registration, a sale.

    Attributes:
        conversion_id: The record's own id; the same id is the same conversion.
        kind: What it was.
        at: When, as an aware instant.
        value: What it was worth; negative for refunds.
        utm: The tags the visit came with; None when there were none.
        click_id: The platform's click id, if the link carried one.
        refunds: Id of the purchase a refund takes back.
        source: Which record.
        person: Anonymous id that joins it to touches; the click id where it is empty.
    """

    conversion_id: str
    kind: ConversionKind = attrs.field(converter=as_conversion_kind)
    at: datetime = attrs.field(kw_only=True)
    value: Money | None = attrs.field(default=None, kw_only=True)
    utm: Utm | None = attrs.field(default=None, kw_only=True)
    click_id: str = attrs.field(default="", kw_only=True)
    refunds: str = attrs.field(default="", kw_only=True)
    source: str = attrs.field(default="", kw_only=True)
    person: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        are_strings(self, "click_id", "refunds", "source", "person")
        is_text("conversion_id", self.conversion_id, longest=200)
        is_type("at", self.at, datetime)
        is_aware("at", self.at)
        is_optional("value", self.value, Money)
        is_optional("utm", self.utm, Utm)
        refund = self.kind is ConversionKind.REFUND
        if self.value is not None and (self.value.amount < 0) and not refund:
            refuse(
                "value",
                f"a {self.kind} of {self.value}",
                code="conversion.value",
                value=str(self.value),
                expected="zero or more; refunds are of kind 'refund'",
            )


@attrs.frozen(eq=False, repr=False)
class Touch(Value):
    """
    One moment in which a person met the brand before a conversion.

    Attributes:
        person: Anonymous id that joins touches to conversions.
        at: When.
        network: Where.
        kind: How.
        campaign: Campaign or utm_campaign.
        ad: Ad or utm_content.
        utm: All tags of the visit, where they are known; they come first.
    """

    person: str
    at: datetime
    network: Network | None = attrs.field(
        default=None,
        converter=as_optional_network,
        kw_only=True,
    )
    kind: TouchKind = attrs.field(
        default=TouchKind.CLICK, converter=as_touch_kind, kw_only=True
    )
    campaign: str = attrs.field(default="", kw_only=True)
    ad: str = attrs.field(default="", kw_only=True)
    utm: Utm | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        are_strings(self, "campaign", "ad")
        is_optional("utm", self.utm, Utm)
        is_text("person", self.person, longest=200)
        is_type("at", self.at, datetime)
        is_aware("at", self.at)


@attrs.frozen(eq=False, repr=False)
class Message(Value):
    """
    Words of a person that reached the brand: a comment, a lead, a review.

    Attributes:
        text: What they wrote.
        at: When.
        network: Where.
        kind: Through which door.
        author: Who, as the network shows them.
        message_id: The network's id.
        post: Key of the post or ad it belongs to.
        language: Language, as BCP 47 tag, if known.
    """

    text: str
    at: datetime
    network: Network = attrs.field(converter=as_network, kw_only=True)
    kind: MessageKind = attrs.field(
        default=MessageKind.COMMENT,
        converter=as_message_kind,
        kw_only=True,
    )
    author: str = attrs.field(default="", kw_only=True)
    message_id: str = attrs.field(default="", kw_only=True)
    post: str = attrs.field(default="", kw_only=True)
    language: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        are_strings(self, "author", "message_id")
        is_optional_text("text", self.text, longest=100_000)
        is_type("at", self.at, datetime)
        is_aware("at", self.at)
        is_optional_key("post", self.post)
        is_optional_language("language", self.language)
