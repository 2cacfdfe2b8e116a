"""
Rules about goals and expectations: what is wanted can be measured and is possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from smmlib.model import KPITarget, LineItem, Managed, Money, Network, Unit, kpi
from smmlib.rules._rule import Found, Limit, rule
from smmlib.rules._view import PlanView, cost_of

_GROWTH = frozenset({"followers", "followers_before", "reach_before"})
_TOLERANCE = Limit(
    "expectations that belong together", Decimal("0.05"), unit="relative difference"
)


def _targets(view: PlanView) -> Iterator[tuple[str, KPITarget, LineItem | None]]:
    """
    Every target of the plan with its path and, if it has one, its line.
    """
    strategy = view.plan.strategy
    for place, goal in enumerate(strategy.goals if strategy else ()):
        yield f"strategy.goals[{place}]", goal, None
    for key, line in view.plan.lines.items():
        for place, wanted in enumerate(line.targets):
            yield f"lines.{key}.targets[{place}]", wanted, line


def _reports(line: LineItem) -> bool:
    """
    Whether numbers of a line can reach us: from a platform, a page, or a file.
    """
    return line.managed is Managed.API or bool(line.results or line.utm)


def _measured(lines: Iterable[LineItem], network: Network | None) -> bool:
    return any(
        _reports(line) and (network is None or network in line.networks)
        for line in lines
    )


def _followed(view: PlanView) -> set[Network]:
    """
    Networks where the brand has a page whose followers can be counted.
    """
    plan = view.plan
    networks = {
        n for line in plan.lines.values() if not line.paid for n in line.networks
    }
    networks |= {n for post in plan.posts.values() for n in post.networks}
    channels = plan.strategy.channels if plan.strategy else ()
    return networks | {channel.network for channel in channels if channel.organic}


def _missing_source(
    view: PlanView, wanted: KPITarget, line: LineItem | None, followed: set[Network]
) -> str:
    """
    What a target lacks to be measured, in a marketer's words; empty if nothing.
    """
    needs, on = set(kpi(wanted.kpi).metrics), wanted.network
    where = f" on {on}" if on else ""
    if needs & _GROWTH and not (on in followed if on else followed):
        return (
            f"the plan has no channel, post or free line{where} to count followers on"
        )
    if needs <= _GROWTH:
        return ""
    lines = (line,) if line else tuple(view.plan.lines.values())
    if "spend" in needs and not any(cost_of(item) for item in lines):
        return "no line has a cost"
    if not _measured(lines, on):
        return (
            f"no line{where} reports numbers: none is run through a platform, and none "
            "run by hand has UTM tags or a results file"
        )
    return ""


@rule(
    "goal.no_data_source",
    "Every goal can be measured with what the plan has.",
    severity="warning",
)
def no_data_source(view: PlanView) -> Iterator[Found]:
    """
    Targets for which no number will ever arrive.
    """
    followed = _followed(view)
    for path, wanted, line in _targets(view):
        why = _missing_source(view, wanted, line, followed)
        if why:
            yield Found(
                f"{path}.kpi",
                f"nothing will ever say how '{wanted.kpi}' stands: {why}",
                value=wanted.kpi,
                limit="a line, channel or file with these numbers",
                hint="add the line or channel, or drop the goal",
            )


@rule("goal.after_end", "A goal is due before the plan ends.", severity="warning")
def after_end(view: PlanView) -> Iterator[Found]:
    """
    Deadlines after the last day of the plan.
    """
    last = view.plan.flight.last_day
    for path, wanted, _ in _targets(view):
        if wanted.by and wanted.by > last:
            yield Found(
                f"{path}.by",
                f"the goal for {wanted.kpi} is due {wanted.by}, after the plan ends",
                value=str(wanted.by),
                limit=str(last),
                hint=f"make it {last}, or let the plan run longer",
            )


@rule("goal.before_start", "A goal is due after the plan starts.")
def before_start(view: PlanView) -> Iterator[Found]:
    """
    Deadlines before the first day of the plan.
    """
    first = view.plan.flight.first_day
    for path, wanted, _ in _targets(view):
        if wanted.by and wanted.by < first:
            yield Found(
                f"{path}.by",
                f"the goal for {wanted.kpi} is due {wanted.by}, before the plan starts",
                value=str(wanted.by),
                limit=str(first),
                hint="correct the date",
            )


@rule("goal.conflict", "One KPI has one target for one date.", severity="warning")
def conflict(view: PlanView) -> Iterator[Found]:
    """
    Two different targets for the same KPI, network and date.
    """
    strategy = view.plan.strategy
    seen: dict[tuple[object, ...], KPITarget] = {}
    for place, goal in enumerate(strategy.goals if strategy else ()):
        due = goal.by or view.plan.flight.last_day
        first = seen.setdefault((goal.kpi, goal.network, due), goal)
        if first.target != goal.target:
            yield Found(
                f"strategy.goals[{place}].target",
                f"{goal.kpi} is to reach {goal.target} here and {first.target} "
                "in another goal",
                value=str(goal.target),
                limit=str(first.target),
                hint="keep one of the two",
            )


def _shares(view: PlanView) -> Iterator[tuple[str, str, Decimal]]:
    for path, wanted, _ in _targets(view):
        if not isinstance(wanted.target, Money):
            yield f"{path}.target", wanted.kpi, wanted.target
    for key, line in view.plan.lines.items():
        for name, amount in line.expect.items():
            if not isinstance(amount, Money):
                yield f"lines.{key}.expect.{name}", name, amount


_WHOLE = 100
_SHARE_KPIS = ("ctr", "landing_rate", "engagement_rate", "video_view_rate")


@rule("kpi.impossible", "A share is at most 100 percent.", severity="warning")
def impossible(view: PlanView) -> Iterator[Found]:
    """
    More clicks than impressions, more visits than clicks.
    """
    for path, name, amount in _shares(view):
        if name in _SHARE_KPIS and kpi(name).unit is Unit.PERCENT and amount > _WHOLE:
            yield Found(
                path,
                f"{name} of {amount} % is more than everybody",
                value=str(amount),
                limit=_WHOLE,
                hint="write percent as 1.2 for 1.2 %",
            )


# Outside these nothing can be expected, and sums would leave what decimals can hold.
_SMALLEST, _LARGEST = Decimal("1e-9"), Decimal("1e15")


def _number(line: LineItem, name: str) -> Decimal | None:
    found = line.expect.get(name)
    amount = found.amount if isinstance(found, Money) else found
    return amount if amount and _SMALLEST <= amount <= _LARGEST else None


# Price, count, how many of the count one price buys.
_PRICES = (
    ("cpm", "impressions", 1000),
    ("cpc", "clicks", 1),
    ("cost_per_lead", "leads", 1),
    ("cost_per_registration", "registrations", 1),
    ("cost_per_conversion", "conversions", 1),
)


def _contradictions(line: LineItem) -> Iterator[tuple[str, str, Decimal, Decimal]]:
    """
    KPI, what it was expected to fit, expected value, value that would fit.
    """
    money = line.media
    for price, count, batch in _PRICES:
        each, many = _number(line, price), _number(line, count)
        if money and each and many:
            yield (
                count,
                f"{price} and the line's cost",
                many,
                money.amount / each * batch,
            )
    cpm, cpc, ctr = (_number(line, name) for name in ("cpm", "cpc", "ctr"))
    if cpm and cpc and ctr:
        yield "cpc", "cpm and ctr", cpc, cpm / (10 * ctr)
    seen, clicks = _number(line, "impressions"), _number(line, "clicks")
    if seen and clicks and ctr:
        yield "clicks", "impressions and ctr", clicks, seen * ctr / 100


@rule(
    "line.expectations",
    "What a line is expected to bring fits together.",
    severity="warning",
    limits=[_TOLERANCE],
)
def expectations(view: PlanView) -> Iterator[Found]:
    """
    Expected prices, counts and rates that contradict one another.
    """
    for key, line in view.plan.lines.items():
        for name, others, stated, fits in _contradictions(line):
            if abs(stated - fits) > _TOLERANCE.value * abs(stated):
                yield Found(
                    f"lines.{key}.expect.{name}",
                    f"expected {name} of {stated:f} does not fit {others}, which give "
                    f"{fits:.2f}",
                    value=str(stated),
                    limit=f"{fits:.2f}",
                    hint="correct one of them; forecasts use what is stated",
                )


RULES = (
    no_data_source,
    after_end,
    before_start,
    conflict,
    impossible,
    expectations,
)
