"""
What happened: numbers, growth, conversions, touches, messages.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from smmlib.model import (
    Conversion,
    ConversionKind,
    GrowthRow,
    Message,
    MessageKind,
    MetricRow,
    Touch,
    TouchKind,
)
from smmlib.testing._strategies_ads import networks
from smmlib.testing._strategies_basics import (
    cached,
    currencies,
    days,
    decimals,
    languages,
    money,
    optional_keys,
    optional_texts,
    texts,
    utms,
    zones,
)


@cached
@st.composite
def moments(draw: DrawFn) -> datetime:
    """
    Instants to the microsecond in any zone, also in hours that come twice.
    """
    naive = draw(st.datetimes(datetime(2024, 1, 1), datetime(2032, 12, 31)))  # noqa: DTZ001
    return naive.replace(tzinfo=UTC).astimezone(ZoneInfo(draw(zones())))


@cached
def _counts() -> SearchStrategy[int | None]:
    return st.none() | st.integers(0, 10**7)


@cached
def metric_rows() -> SearchStrategy[MetricRow]:
    """
    Rows with nine-decimal money; platforms leave out what they do not count.
    """
    breakdowns = st.sampled_from([{}, {"age": "25-34", "gender": "female"}])
    return st.builds(
        MetricRow,
        days(),
        st.none() | networks(),
        spend=decimals(0, 10_000, places=9),
        currency=currencies(),
        platform=st.sampled_from(["", "meta", "linkedin"]),
        account=st.sampled_from(["", "act_1"]),
        campaign=optional_texts(),
        ad_set=optional_texts(),
        ad=optional_texts(),
        address=st.sampled_from(["", "campaigns.a.ad_sets.b.ads.c"]),
        line=optional_keys(),
        impressions=_counts(),
        reach=_counts(),
        clicks=_counts(),
        link_clicks=_counts(),
        visits=_counts(),
        video_views=_counts(),
        engagements=_counts(),
        leads=_counts(),
        registrations=_counts(),
        conversions=_counts(),
        approved_conversions=_counts(),
        revenue=st.none() | decimals(0, 10**6, places=6),
        breakdown=breakdowns,
        source=optional_texts(),
    )


@cached
def growth_rows() -> SearchStrategy[GrowthRow]:
    """
    Followers and reach per day.
    """
    return st.builds(
        GrowthRow,
        days(),
        networks(),
        followers=_counts(),
        reach=_counts(),
        account=optional_texts(),
        source=optional_texts(),
    )


@cached
@st.composite
def conversions(draw: DrawFn) -> Conversion:
    """
    Registrations, sales and refunds; refunds are worth less than nothing.
    """
    kind = draw(st.sampled_from(ConversionKind))
    worth = draw(st.none() | money(low=0))
    refund = kind is ConversionKind.REFUND
    return Conversion(
        draw(texts()),
        kind,
        at=draw(moments()),
        value=-worth if refund and worth is not None else worth,
        utm=draw(st.none() | utms()),
        click_id=draw(st.sampled_from(["", "IwAR0-x_y"])),
        refunds=draw(texts()) if refund else "",
        source=draw(optional_texts()),
        person=draw(optional_texts()),
    )


@cached
def touches() -> SearchStrategy[Touch]:
    """
    Moments before a conversion.
    """
    return st.builds(
        Touch,
        texts(),
        moments(),
        network=st.none() | networks(),
        kind=st.sampled_from(TouchKind),
        campaign=optional_texts(),
        ad=optional_texts(),
        utm=st.none() | utms(),
    )


@cached
def messages() -> SearchStrategy[Message]:
    """
    Comments, leads and reviews in many scripts.
    """
    return st.builds(
        Message,
        optional_texts(),
        moments(),
        network=networks(),
        kind=st.sampled_from(MessageKind),
        author=optional_texts(),
        message_id=optional_texts(),
        post=optional_keys(),
        language=st.just("") | languages(),
    )
