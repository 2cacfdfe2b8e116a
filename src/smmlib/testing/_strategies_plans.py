"""
Money and lines, and whole media plans whose references lead somewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from smmlib.model import (
    AdAddress,
    AdCampaign,
    Budget,
    Buying,
    Caps,
    CostParts,
    Creative,
    Flight,
    FrozenMap,
    Guardrail,
    LineItem,
    Managed,
    MediaPlan,
    Money,
    Network,
    Pacing,
    PlanChange,
    PlanStatus,
    Post,
    Slot,
    SourceMap,
    Task,
    kpi_library,
)
from smmlib.testing._strategies_ads import (
    ad_campaigns,
    ad_sets,
    ads,
    audiences,
    creatives,
    networks,
)
from smmlib.testing._strategies_basics import (
    cached,
    currencies,
    flights,
    frozen_maps,
    instants,
    keys,
    money,
    name_patterns,
    optional_keys,
    optional_texts,
    texts,
    tuples_of,
    utms,
    zones,
)
from smmlib.testing._strategies_curves import response_curves
from smmlib.testing._strategies_team import (
    amounts,
    any_amounts,
    approvals,
    briefs,
    ideas,
    kpi_targets,
    milestones,
    people,
    posts,
    slots,
    strategies_,
    tasks,
)

_LINE_COINS = 5_000_000
_PART_COINS = 100_000


@cached
@st.composite
def caps(draw: DrawFn, currency: str | None = None) -> Caps:
    """
    Ceilings, each of them stated or not.
    """
    code = currency or draw(currencies())
    some = st.none() | money(code)
    return Caps(per_day=draw(some), per_campaign_day=draw(some), total=draw(some))


@cached
def guardrails() -> SearchStrategy[Guardrail]:
    """
    Limits for KPIs.
    """
    return st.builds(
        Guardrail,
        st.sampled_from(sorted(kpi_library())),
        any_amounts(),
        after=st.none() | money(),
    )


@st.composite
def budgets(
    draw: DrawFn,
    currency: str | None = None,
    *,
    media: Money | None = None,
    allocations: FrozenMap[Money] | None = None,
) -> Budget:
    """
    Budgets whose total holds all parts and the media money.

    Args:
        draw: Given by hypothesis.
        currency: Currency of everything in it.
        media: What must be left for the lines; some amount if None.
        allocations: Money fixed per line; some if None.
    """
    code = media.currency if media else currency or draw(currencies())
    part = st.none() | money(code, low=0, high=_PART_COINS)
    names = ("agency_fee", "production", "tax", "reserve")
    parts = {name: draw(part) for name in names}
    left = draw(money(code)) if media is None else media
    fixed = draw(frozen_maps(money(code))) if allocations is None else allocations
    kept = (p for p in parts.values() if p is not None)
    return Budget(
        sum(kept, left),
        allocations=fixed,
        caps=draw(st.none() | caps(code)),
        guardrails=draw(tuples_of(guardrails(), most=2)),
        **parts,
    )


@cached
@st.composite
def cost_parts(draw: DrawFn, currency: str | None = None) -> CostParts:
    """
    Prices made of parts in one currency.
    """
    code = currency or draw(currencies())
    part = st.none() | money(code, low=0, high=_PART_COINS)
    return CostParts(
        draw(money(code, low=0, high=_LINE_COINS)),
        agency_fee=draw(part),
        production=draw(part),
        tax=draw(part),
    )


@cached
@st.composite
def line_items(
    draw: DrawFn,
    currency: str | None = None,
    *,
    networks_: Sequence[Network] | None = None,
    audiences_: Sequence[str] | None = None,
    owners: Sequence[str] | None = None,
    within: Flight | None = None,
    extra: bool = True,
) -> LineItem:
    """
    Paid and free lines, run by smmlib or by hand.

    Args:
        draw: Given by hypothesis.
        currency: Currency of all its money.
        networks_: Exactly these networks; any if None.
        audiences_: Keys of audiences it may name.
        owners: Keys of people it may name.
        within: Its flight stays inside this one.
        extra: Whether it may carry things of other tools.
    """
    code = currency or draw(currencies())
    where = networks_ or draw(tuples_of(networks(), least=1, unique=True))
    paid = draw(st.booleans())
    least, most = sorted(draw(st.tuples(money(code), money(code))))
    names = draw(
        st.lists(st.sampled_from(sorted(kpi_library())), max_size=2, unique=True)
    )
    return LineItem(
        where,
        draw(money(code, high=_LINE_COINS)) if paid else None,
        name=draw(optional_texts()),
        paid=paid,
        buy=draw(st.none() | st.sampled_from(Buying)),
        flight=draw(st.none() | flights(within=within)),
        expect={name: draw(amounts(name, code)) for name in names},
        response=draw(st.dictionaries(st.sampled_from(names), response_curves()))
        if names
        else {},
        audience=draw(optional_keys(audiences_)),
        owner=draw(optional_keys(owners)),
        managed=draw(st.sampled_from(Managed)),
        parts=draw(st.none() | cost_parts(code)) if paid else None,
        minimum=draw(st.sampled_from([None, least])),
        maximum=draw(st.sampled_from([None, most])),
        pacing=draw(st.sampled_from(Pacing)),
        targets=draw(tuples_of(kpi_targets(code), most=1)),
        utm=draw(st.none() | utms()),
        results=draw(st.sampled_from(["", "results/bloggers.csv"])),
        ad_format=draw(optional_texts()),
        note=draw(optional_texts()),
        extra=draw(frozen_maps(st.just('{"a": [1, null]}'), most=1)) if extra else {},
    )


@cached
@st.composite
def plans(
    draw: DrawFn, zone: str | None = None, currency: str | None = None
) -> MediaPlan:
    """
    Whole plans: one zone, one currency, and every reference leads somewhere.

    Args:
        draw: Given by hypothesis.
        zone: Only in this zone.
        currency: Only in this currency.
    """
    place, code = zone or draw(zones()), currency or draw(currencies())
    flight = draw(flights(place))
    team = draw(frozen_maps(people()))
    owners = tuple(team)
    crowd = draw(_audience_maps())
    whom = tuple(crowd)
    items = line_items(code, audiences_=whom, owners=owners, within=flight)
    lines = draw(frozen_maps(items))
    published = draw(_post_maps(lines, owners, place))
    shown = draw(frozen_maps(creatives(tuple(published)), most=2))
    campaigns = draw(_campaign_maps(lines, whom, shown, flight))
    paths = tuple(f"creatives.{key}" for key in shown)
    return MediaPlan(
        draw(texts()),
        str(draw(_project_ids())),
        zone=place,
        flight=flight,
        budget=draw(st.none() | _budgets_for(lines, code)),
        strategy=draw(st.none() | strategies_(code, owners, whom)),
        people=team,
        audiences=crowd,
        lines=lines,
        campaigns=campaigns,
        creatives=shown,
        posts=published,
        ideas=draw(frozen_maps(ideas(owners, tuple(published)), most=1)),
        slots=draw(_slot_maps(lines, owners)),
        milestones=draw(frozen_maps(milestones(owners), most=1)),
        tasks=draw(_task_maps(owners)),
        briefs=draw(frozen_maps(briefs(owners, paths), most=1)),
        approvals=draw(tuples_of(approvals(owners, place), most=1)) if owners else (),
        naming=draw(st.none() | name_patterns()),
        version=draw(st.integers(1, 20)),
        parent=draw(st.sampled_from(["", "ab12" * 16])),
        status=draw(st.sampled_from(PlanStatus)),
        created_at=draw(st.none() | instants(place)),
        author=draw(optional_texts()),
        note=draw(optional_texts()),
        extra=draw(frozen_maps(st.just("[1, 2.5]"), most=1)),
    )


def _slot_maps(
    lines: FrozenMap[LineItem], owners: Sequence[str]
) -> SearchStrategy[FrozenMap[Slot]]:
    if not lines:
        return st.just(FrozenMap())
    return frozen_maps(slots(next(iter(lines)), owners=owners), most=1)


@cached
def _project_ids() -> SearchStrategy[UUID]:
    return st.integers(0, 2**128 - 1).map(lambda number: UUID(int=number, version=4))


@st.composite
def _audience_maps(draw: DrawFn) -> FrozenMap[Any]:
    """
    Audiences that may exclude, or resemble, those before them.
    """
    names = draw(st.lists(keys(), max_size=2, unique=True))
    made: dict[str, Any] = {}
    for name in names:
        made[name] = draw(audiences(tuple(made)))
    return FrozenMap(made)


@st.composite
def _task_maps(draw: DrawFn, owners: Sequence[str]) -> FrozenMap[Task]:
    """
    Tasks that wait for tasks before them, so that no circle closes.
    """
    names = draw(st.lists(keys(), max_size=2, unique=True))
    made: dict[str, Task] = {}
    for name in names:
        made[name] = draw(tasks(owners, tuple(made)))
    return FrozenMap(made)


@st.composite
def _post_maps(
    draw: DrawFn, lines: FrozenMap[LineItem], owners: Sequence[str], zone: str
) -> FrozenMap[Post]:
    if not lines:
        return FrozenMap()
    names = draw(st.lists(keys(), max_size=2, unique=True))
    made: dict[str, Post] = {}
    for name in names:
        key = draw(st.sampled_from(list(lines)))
        made[name] = draw(
            posts(key, owners=owners, networks_=lines[key].networks, zone=zone)
        )
    return FrozenMap(made)


@st.composite
def _campaign_maps(
    draw: DrawFn,
    lines: FrozenMap[LineItem],
    audiences_: Sequence[str],
    creatives_: FrozenMap[Creative],
    flight: Flight,
) -> FrozenMap[AdCampaign]:
    """
    At most one campaign for each line that smmlib sets up, within its money and time.
    """
    made: dict[str, AdCampaign] = {}
    deployed = {key: line for key, line in lines.items() if line.is_deployed}
    for key, line in deployed.items():
        if line.cost is None or draw(st.booleans()):
            continue
        coins = int(line.cost.amount.scaleb(line.cost.decimals))
        made[key] = draw(
            ad_campaigns(
                key,
                audiences_=audiences_,
                creatives_=tuple(creatives_),
                networks_=line.networks,
                currency=line.cost.currency,
                within=line.flight or flight,
                most_coins=coins,
            )
        )
    return FrozenMap(made)


@st.composite
def _budgets_for(draw: DrawFn, lines: FrozenMap[LineItem], currency: str) -> Budget:
    """
    A budget that pays for these lines, some of which it fixes.
    """
    costs = {key: line.cost for key, line in lines.items() if line.cost}
    spent = sum(costs.values(), draw(money(currency)))
    fixed = {key: cost for key, cost in costs.items() if draw(st.booleans())}
    return draw(budgets(media=spent, allocations=FrozenMap(fixed)))


@cached
@st.composite
def ad_addresses(draw: DrawFn) -> AdAddress:
    """
    One ad of some campaign, resolved.
    """
    names = {part: draw(keys()) for part in ("campaign_key", "ad_set_key", "ad_key")}
    path = "campaigns.{campaign_key}.ad_sets.{ad_set_key}.ads.{ad_key}"
    return AdAddress(
        path.format(**names),
        names["campaign_key"],
        campaign=draw(ad_campaigns()),
        ad_set_key=names["ad_set_key"],
        ad_set=draw(ad_sets()),
        ad_key=names["ad_key"],
        ad=draw(ads()),
    )


def plan_changes() -> SearchStrategy[PlanChange]:
    """
    Sentences about what changed.
    """
    values = st.none() | money() | texts()
    return st.builds(PlanChange, keys(), texts(), before=values, after=values)


@cached
def source_maps() -> SearchStrategy[SourceMap]:
    """
    Lines and columns of a plan file.
    """
    place = st.tuples(st.integers(1, 999), st.integers(1, 80))
    paths = st.sampled_from(["", "lines", "lines.x", "campaigns.a.ad_sets.b"])
    return st.builds(
        SourceMap, st.just("launch.plan.yaml"), st.dictionaries(paths, place)
    )
