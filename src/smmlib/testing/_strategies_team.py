"""
Why, by whom and by when: KPIs, goals, strategy, people, work, posts.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from smmlib.model import (
    BASE_METRICS,
    KPI,
    Approval,
    Better,
    Brand,
    BrandStyle,
    Brief,
    Channel,
    FactCheck,
    Goal,
    Idea,
    IdeaState,
    KPIResult,
    KPIStatus,
    KPITarget,
    Milestone,
    Money,
    Network,
    Objective,
    Person,
    Post,
    PostResult,
    PostState,
    Role,
    Slot,
    Stage,
    Strategy,
    Task,
    TaskState,
    Unit,
    Verdict,
    kpi_library,
)
from smmlib.testing._strategies_ads import images, networks, videos
from smmlib.testing._strategies_basics import (
    cached,
    currencies,
    days,
    decimals,
    instants,
    keys,
    languages,
    links,
    money,
    optional_keys,
    optional_texts,
    text_lists,
    texts,
    tuples_of,
    utms,
)


@cached
@st.composite
def kpi_definitions(draw: DrawFn) -> KPI:
    """
    Indicators of one's own: sums, differences and ratios of base metrics.
    """
    first, second = (
        draw(st.sampled_from(BASE_METRICS)),
        draw(st.sampled_from(BASE_METRICS)),
    )
    pattern = draw(
        st.sampled_from(["{0}", "{0} / {1}", "({0} - {1}) / {1} * 100", "{0} + {1}"])
    )
    return KPI(
        draw(keys()),
        pattern.format(first, second),
        unit=draw(st.sampled_from(Unit)),
        better=draw(st.sampled_from(Better)),
        title=draw(optional_texts()),
        aliases=draw(text_lists(most=2)),
    )


@cached
def amounts(kpi_name: str, currency: str | None = None) -> SearchStrategy[Any]:
    """
    Amounts a KPI may have: money for the ones in money, exact numbers for the others.
    """
    if kpi_library()[kpi_name].unit is Unit.MONEY:
        return money(currency, high=100_000)
    return decimals("0.01", 100_000)


@cached
@st.composite
def kpi_targets(draw: DrawFn, currency: str | None = None) -> KPITarget:
    """
    Targets for the trade's KPIs, in the KPI's own unit.
    """
    name = draw(st.sampled_from(sorted(kpi_library())))
    return KPITarget(
        name,
        draw(amounts(name, currency)),
        by=draw(st.none() | days()),
        network=draw(st.none() | networks()),
    )


@cached
@st.composite
def goals(
    draw: DrawFn, currency: str | None = None, owners: Sequence[str] | None = None
) -> Goal:
    """
    Targets with an owner and a starting point.
    """
    name = draw(st.sampled_from(sorted(kpi_library())))
    return Goal(
        name,
        draw(amounts(name, currency)),
        by=draw(st.none() | days()),
        network=draw(st.none() | networks()),
        owner=draw(optional_keys(owners)),
        baseline=draw(st.none() | amounts(name, currency)),
        note=draw(optional_texts()),
    )


@cached
@st.composite
def kpi_results(draw: DrawFn) -> KPIResult:
    """
    Standings against a target, with and without data.
    """
    value = draw(st.none() | decimals())
    known = [status for status in KPIStatus if status is not KPIStatus.NO_DATA]
    status = KPIStatus.NO_DATA if value is None else draw(st.sampled_from(known))
    return KPIResult(
        draw(kpi_targets() | goals()),
        value=value,
        status=status,
        expected=draw(st.none() | decimals()),
        as_of=draw(st.none() | days()),
        source=draw(optional_texts()),
    )


@cached
def brand_styles() -> SearchStrategy[BrandStyle]:
    """
    Looks and voices.
    """
    colours = st.sampled_from(["#7a3b10", "#FFFFFF", "#000000"])
    return st.builds(
        BrandStyle,
        optional_texts(),
        do=text_lists(most=2),
        dont=text_lists(most=2),
        colours=tuples_of(colours, most=2, unique=True),
        fonts=text_lists(most=2),
        logo=st.none() | images(),
    )


@cached
def brands() -> SearchStrategy[Brand]:
    """
    Advertisers with and without a payer and a style.
    """
    return st.builds(
        Brand,
        texts(),
        optional_texts(),
        payer=optional_texts(),
        voice=optional_texts(),
        style=st.none() | brand_styles(),
    )


@cached
def channels(owners: Sequence[str] | None = None) -> SearchStrategy[Channel]:
    """
    Pages and channels, paid and free.
    """
    return st.builds(
        Channel,
        networks(),
        st.sampled_from(["", "@alpenkaffee", "company/alpen"]),
        paid=st.booleans(),
        organic=st.booleans(),
        owner=optional_keys(owners),
        new=st.booleans(),
    )


@cached
def strategies_(
    currency: str | None = None,
    owners: Sequence[str] | None = None,
    personas: Sequence[str] | None = None,
) -> SearchStrategy[Strategy]:
    """
    Strategies with goals, personas and channels; also with objectives in free words.
    """
    whom = keys() if personas is None else st.sampled_from(personas or [""])
    meant = st.just(()) if personas == () else tuples_of(whom, most=2, unique=True)
    free = st.sampled_from(["Brand love", "Mehr Umsatz"])
    return st.builds(
        Strategy,
        brands(),
        st.none() | st.sampled_from(Objective) | free,
        goals=tuples_of(goals(currency, owners), most=2),
        personas=meant,
        channels=tuples_of(channels(owners), most=2),
        summary=optional_texts(),
    )


@cached
def people() -> SearchStrategy[Person]:
    """
    Colleagues and clients.
    """
    return st.builds(
        Person,
        texts(),
        st.sampled_from(Role),
        approves=tuples_of(st.sampled_from(Stage), unique=True),
        email=st.sampled_from(["", "mila@alpen.example", "jürgen@bücher.example"]),
        language=st.just("") | languages(),
        hours_per_week=st.none() | decimals(0, 60, places=1),
    )


@cached
def milestones(owners: Sequence[str] | None = None) -> SearchStrategy[Milestone]:
    """
    Dates by which something must stand.
    """
    return st.builds(
        Milestone,
        texts(),
        days(),
        done=st.booleans(),
        owner=optional_keys(owners),
    )


@cached
def tasks(
    owners: Sequence[str] | None = None, before: Sequence[str] | None = None
) -> SearchStrategy[Task]:
    """
    Work to do; `before` are keys of tasks it may wait for.
    """
    waits = keys() if before is None else st.sampled_from(before or [""])
    return st.builds(
        Task,
        texts(),
        optional_keys(owners),
        due=st.none() | days(),
        state=st.sampled_from(TaskState),
        hours=st.none() | decimals("0.5", 80, places=1),
        after=st.just(()) if before == () else tuples_of(waits, most=2, unique=True),
        note=optional_texts(),
    )


@cached
def briefs(
    owners: Sequence[str] | None = None, items: Sequence[str] | None = None
) -> SearchStrategy[Brief]:
    """
    Briefs for colleagues; `items` are the paths they may cover.
    """
    paths = st.sampled_from(items or ["creatives.taste"])
    return st.builds(
        Brief,
        texts(),
        st.sampled_from(Role),
        text=optional_texts(),
        owner=optional_keys(owners),
        due=st.none() | days(),
        items=st.just(()) if items == () else tuples_of(paths, most=2, unique=True),
        requirements=text_lists(most=2),
    )


@cached
def approvals(
    by: Sequence[str] | None = None, zone: str | None = None
) -> SearchStrategy[Approval]:
    """
    Decisions on versions.
    """
    return st.builds(
        Approval,
        st.sampled_from(Stage),
        st.sampled_from(by) if by else keys(),
        at=instants(zone),
        content_hash=st.sampled_from(["0" * 64, "ab12" * 16]),
        verdict=st.sampled_from(Verdict),
        note=optional_texts(),
    )


@cached
@st.composite
def posts(
    draw: DrawFn,
    line: str | None = None,
    *,
    owners: Sequence[str] | None = None,
    networks_: Sequence[Network] = tuple(Network),
    zone: str | None = None,
) -> Post:
    """
    Posts with texts, pictures and films, and other texts for some of their networks.

    Args:
        draw: Given by hypothesis.
        line: Key of the line it belongs to; None where any key will do.
        owners: Keys of people it may name.
        networks_: Where it may be published.
        zone: Zone of its time.
    """
    some = tuples_of(st.sampled_from(networks_), most=3, unique=True)
    where = draw(some)
    special = draw(tuples_of(st.sampled_from(where), unique=True)) if where else ()
    return Post(
        line or draw(keys()),
        draw(optional_texts()),
        networks=where,
        at=draw(st.none() | instants(zone)),
        media=draw(tuples_of(images() | videos(), most=2)),
        link=draw(st.just("") | links()),
        variants={network.value: draw(texts()) for network in special},
        owner=draw(optional_keys(owners)),
        approver=draw(optional_keys(owners)),
        state=draw(st.sampled_from(PostState)),
        tags=draw(text_lists(most=2)),
        utm=draw(st.none() | utms()),
    )


@cached
@st.composite
def ideas(
    draw: DrawFn,
    owners: Sequence[str] | None = None,
    published: Sequence[str] | None = None,
) -> Idea:
    """
    Ideas; `published` are keys of posts they may have become.
    """
    check = draw(st.sampled_from(FactCheck))
    sound = check in {FactCheck.CHECKED, FactCheck.NOT_NEEDED}
    states = list(IdeaState) if sound else [IdeaState.NEW, IdeaState.DROPPED]
    became = optional_keys(published) if published != () else st.just("")
    return Idea(
        draw(texts()),
        draw(optional_texts()),
        source=draw(st.just("") | links()),
        tags=draw(text_lists(most=2)),
        networks=draw(tuples_of(networks(), most=2, unique=True)),
        owner=draw(optional_keys(owners)),
        fact_check=check,
        checked_by=draw(optional_keys(owners)),
        state=draw(st.sampled_from(states)),
        post=draw(became),
    )


@cached
@st.composite
def slots(
    draw: DrawFn, line: str | None = None, *, owners: Sequence[str] | None = None
) -> Slot:
    """
    Room for posts that comes again: daily, on weekdays, on days of the month.
    """
    every = draw(st.sampled_from(["day", "week", "month"]))
    weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    choices = {"day": [], "week": weekdays, "month": [str(n) for n in range(1, 32)]}
    least = 1 if every == "week" else 0
    chosen = st.lists(
        st.sampled_from(choices[every] or [""]),
        min_size=least,
        max_size=3 if choices[every] else 0,
        unique=True,
    )
    first, last = sorted([draw(days()), draw(days())])
    return Slot(
        line or draw(keys()),
        draw(optional_texts()),
        networks=draw(tuples_of(networks(), most=2, unique=True)),
        every=every,
        days=draw(chosen),
        at=f"{draw(st.integers(4, 23)):02}:{draw(st.sampled_from([0, 15, 30])):02}",
        interval=draw(st.integers(1, 4)),
        first=draw(st.sampled_from([None, first])),
        last=draw(st.sampled_from([None, last])),
        skip_holidays=draw(st.sampled_from(["", "DE", "DE-BY", "ES"])),
        owner=draw(optional_keys(owners)),
        approver=draw(optional_keys(owners)),
    )


@cached
def post_results() -> SearchStrategy[PostResult]:
    """
    What came of posts; some networks do not say everything.
    """
    counts = st.none() | st.integers(0, 10**7)
    return st.builds(
        PostResult,
        networks(),
        texts(),
        on=days(),
        post=optional_keys(),
        reach=counts,
        impressions=counts,
        likes=counts,
        comments=counts,
        shares=counts,
        clicks=counts,
        source=optional_texts(),
    )


@cached
def totals() -> SearchStrategy[dict[str, Decimal]]:
    """
    Sums of every base metric, zeros included: what KPI formulas are fed with.
    """
    some = st.just(Decimal(0)) | decimals(0, 10**6)
    return st.fixed_dictionaries(dict.fromkeys(BASE_METRICS, some))


@cached
def any_amounts() -> SearchStrategy[Money | Decimal]:
    """
    Limits and targets: money or a number.
    """
    return currencies().flatmap(money) | decimals("0.01", 10_000)
