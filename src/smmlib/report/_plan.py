"""
The report of a media plan: targets, money, trend, funnel, returns.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from smmlib.analytics import Facts, LineSpend, roi, spend_versus_plan, track
from smmlib.analytics._join import origins, place_of
from smmlib.analytics._spend import planned_words
from smmlib.analytics._totals import summed
from smmlib.model import Better, ConversionKind, Managed, Unit, kpi, platform_name
from smmlib.report import _format as fmt
from smmlib.report._brand import brand_of
from smmlib.report._numbers import imports_of, note_of, numbers, ratio
from smmlib.report._outlook import (
    alerts_of,
    audiences_of,
    calendar_of,
    previews_of,
)
from smmlib.report._period import period_view
from smmlib.report._view import (
    Figure,
    FunnelStep,
    GrowthView,
    LineView,
    Numbers,
    ReportView,
    ReturnsView,
    ReturnView,
    TargetView,
)

if TYPE_CHECKING:
    from datetime import date

    from smmlib.analytics import ReturnRow, Returns, TrackedKPI
    from smmlib.model import GrowthRow, MediaPlan, MetricRow

_WAITING = "no numbers yet"
_BY_PLAN = (
    "no results file yet: its price counts as planned, as much of it as of its flight "
    "is over"
)
_NOTHING = ("Nothing was reported yet.",)


def plan_view(
    plan: MediaPlan,
    facts: Facts,
    as_of: date | None,
    title: str | None,
    period: str | None = None,
) -> ReportView:
    """
    Everything a plan's report shows, as of one day.
    """
    day = as_of or facts.last_day
    known = facts.between(last=day)
    returns = roi(known, plan, as_of=day)
    lines = tuple(
        _line(line, known) for line in spend_versus_plan(plan, known, as_of=day)
    )
    targets = tuple(_target(row, plan) for row in track(plan, known, as_of=day).rows)
    currency = known.currency or plan.currency or ""
    last = day if day is not None else plan.flight.last_day
    sums = known.totals()
    total = numbers(sums[0] if sums else None, {})
    return ReportView(
        "plan",
        title or plan.name,
        subtitle=fmt.period(plan.flight.first_day, plan.flight.last_day),
        currency=currency,
        as_of=day,
        first=plan.flight.first_day,
        last=min(last, plan.flight.last_day),
        brand=brand_of(plan),
        summary=_summary(lines, targets, returns, currency) if day else _NOTHING,
        figures=_figures(total, lines, returns, currency),
        targets=targets,
        lines=lines,
        daily=_daily(known, plan),
        funnel=_funnel(total, plan, known, returns),
        returns=_returns(returns),
        totals=total,
        claimed=returns.claimed,
        campaigns=_campaigns(known, plan),
        growth=_growth(known),
        imports=imports_of(known),
        notes=tuple(note_of(issue) for issue in (*known.notes, *returns.notes)),
        comparison=period_view(plan, known, day, period),
        alerts=alerts_of(plan, known, day),
        calendar=calendar_of(plan),
        previews=previews_of(plan),
        audiences=audiences_of(plan),
    )


def _line(line: LineSpend, facts: Facts) -> LineView:
    state, text = _state(line, facts)
    return LineView(
        line.line,
        line.name,
        networks=tuple(network.value for network in line.networks),
        planned=None if line.planned is None else line.planned.amount,
        spend=line.spend,
        expected=line.expected,
        elapsed=line.elapsed,
        share_spent=line.share_spent,
        basis=line.basis,
        state=state,
        state_text=text,
    )


def _state(line: LineSpend, facts: Facts) -> tuple[str, str]:
    """
    How far a line is; what was said of it while numbers were fetched explains why.
    """
    if not line.paid:
        return "free", "free of charge"
    if not line.started and line.spend is None:
        return "not_started", f"not started, begins on {fmt.day(line.starts)}"
    if line.managed is Managed.BY_HAND:
        told = "results imported" if line.basis == "reported" else _BY_PLAN
        return "by_hand", f"run by hand, {told}"
    if line.spend is not None:
        return "running", "running"
    path = f"lines.{line.line}"
    said = next((n.message for n in facts.notes if n.path == path), "")
    known = {row.platform for row in facts.metrics}
    platforms = {platform_name(network.value) for network in line.networks}
    if said or (known and not platforms & known):
        where = ", ".join(fmt.network(n.value) for n in line.networks)
        reason = said or f"nothing was reported from {where}"
        return "not_set_up", f"not set up yet: {reason}"
    return "waiting", _WAITING


def _target(row: TrackedKPI, plan: MediaPlan) -> TargetView:
    result, known = row.result, kpi(row.result.target.kpi)
    person = plan.people.get(row.owner)
    wanted = result.target.amount
    growing = result.expected is not None and result.value is not None
    name = plan.lines[row.line].name or row.line if row.line else ""
    network = result.target.network
    where = name or (fmt.network(network.value) if network else "")
    return TargetView(
        known.name,
        _titled(known.label, name, where),
        value=result.value,
        target=wanted,
        expected=result.expected,
        unit=known.unit,
        status=result.status.value,
        deadline=row.deadline,
        elapsed=row.elapsed,
        progress=result.value / wanted if growing and result.value else None,
        lower_is_better=known.better is Better.LOWER,
        owner=person.name if person else row.owner,
        source=result.source,
        line=row.line,
    )


def _titled(label: str, line: str, where: str) -> str:
    """
    What is measured and where, so that a comma in a line's name splits nothing.
    """
    if line:
        return f"{label} of '{line}'"
    return f"{label}, {where}" if where else label


def _figures(
    total: Numbers, lines: tuple[LineView, ...], returns: Returns, currency: str
) -> tuple[Figure, ...]:
    planned = sum((line.planned for line in lines if line.planned), Decimal(0))
    own = returns.total
    of_plan = ratio(total.spend, planned, 100)
    figures = [
        Figure(
            "spend",
            "Media spend",
            value=total.spend,
            unit=Unit.MONEY,
            detail="reported by the platforms and results files; "
            f"{fmt.percent(of_plan)} of {fmt.money(planned, currency)} planned",
        ),
        Figure(
            "impressions",
            "Impressions",
            value=total.impressions,
            unit=Unit.COUNT,
            detail=f"CPM {fmt.money(total.cpm, currency)}",
        ),
        Figure(
            "clicks",
            "Clicks",
            value=total.clicks,
            unit=Unit.COUNT,
            detail=f"CTR {fmt.percent(total.ctr, 2)}",
        ),
        Figure(
            "registrations",
            "Registrations",
            value=_decimal(own.registrations),
            unit=Unit.COUNT,
            detail="own records; platforms claim "
            f"{fmt.count(total.registrations)} registrations",
        ),
        Figure(
            "revenue",
            "Revenue",
            value=own.revenue,
            unit=Unit.MONEY,
            detail=f"own records: {fmt.count(own.purchases)} purchases, "
            f"{fmt.count(own.refunds)} refunded",
        ),
        Figure(
            "roi",
            "ROI",
            value=own.roi,
            unit=Unit.PERCENT,
            detail=f"ROAS {fmt.decimal(own.roas)} on {fmt.money(own.spend, currency)}"
            + (f", {words}" if (words := _planned(own, currency)) else ""),
        ),
    ]
    return tuple(figures)


def _planned(row: ReturnRow, currency: str) -> str:
    """
    What of a cost is planned and not reported, in words.
    """
    if not row.planned_spend:
        return ""
    return planned_words(row.planned_spend, row.planned_for, currency)


def _decimal(value: Decimal | int | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _pace(lines: tuple[LineView, ...], currency: str) -> list[str]:
    running = [line for line in lines if line.basis == "reported" and line.expected]
    spend = sum((line.spend or Decimal(0) for line in running), Decimal(0))
    due = sum((line.expected or Decimal(0) for line in running), Decimal(0))
    if not due:
        return []
    pace = fmt.percent(ratio(spend, due, 100), 0)
    text = f"Lines with numbers have spent {fmt.money(spend, currency)}, {pace}"
    return [f"{text} of what an even pace would have spent by now."]


def _summary(
    lines: tuple[LineView, ...],
    targets: tuple[TargetView, ...],
    returns: Returns,
    currency: str,
) -> tuple[str, ...]:
    """
    What matters, in sentences made of the numbers and nothing else.
    """
    said = _pace(lines, currency)
    good = [t for t in targets if t.status in {"on_track", "exceeded"}]
    bad = [t for t in targets if t.status in {"at_risk", "missed"}]
    if targets:
        text = f"{len(good)} of {len(targets)} targets are on track or exceeded"
        worst = "; ".join(f"{t.label} {t.status.replace('_', ' ')}" for t in bad[:3])
        said.append(f"{text}. {worst}." if worst else f"{text}.")
    waiting = [v for v in lines if v.state in {"waiting", "not_set_up"}]
    over = [v for v in lines if v.planned and v.elapsed >= 1 and not v.spend]
    names = [fmt.quoted(v.name) for v in waiting if v not in over]
    if names:
        said.append(f"Without numbers so far: {', '.join(names)}.")
    said += [
        f"Not spent: {fmt.money(line.planned, currency)} of {fmt.quoted(line.name)}, "
        "its flight is over."
        for line in over
    ]
    return (*said, *_best(returns, currency))


def _best(returns: Returns, currency: str) -> list[str]:
    """
    The channel that earned most of its cost back.
    """
    known = [row for row in returns.channels if row.roi is not None]
    best = max(known, key=lambda row: row.roi or Decimal(0), default=None)
    if best is None or best.roi is None:
        return []
    name, gain = fmt.network(best.name), fmt.percent(best.roi)
    earned, cost = fmt.money(best.revenue, currency), fmt.money(best.spend, currency)
    if best.roi < 0:
        text = "No channel has earned its cost back so far; nearest is"
        return [f"{text} {name} with {earned} on {cost}."]
    return [f"Best return: {name} with {gain} ROI ({earned} on {cost})."]


def _daily(facts: Facts, plan: MediaPlan) -> tuple[Numbers, ...]:
    """
    Days with spend, and the registrations of the brand's own records beside it.
    """
    own: dict[date, int] = {}
    found = origins(facts.conversions, plan)
    for conversion, origin in zip(facts.conversions, found, strict=True):
        if conversion.kind is ConversionKind.REGISTRATION and origin.line:
            day = facts.day_of(conversion)
            own[day] = own.get(day, 0) + 1
    days: dict[date, list[MetricRow]] = {}
    for row in facts.metrics:
        days.setdefault(row.on, []).append(row)
    return tuple(
        numbers(
            summed(days[day])[0],
            {"on": day.isoformat()},
            registrations=Decimal(own.get(day, 0)) if facts.conversions else None,
        )
        for day in sorted(days)
    )


def _funnel(
    total: Numbers, plan: MediaPlan, facts: Facts, returns: Returns
) -> tuple[FunnelStep, ...]:
    """
    The path of people who saw ads: lines without ad numbers have no first step.
    """
    with_ads = {place_of(row, plan).line for row in facts.metrics}
    rows = [row for row in returns.lines if row.key in with_ads]
    own = returns.total.registrations is not None
    registrations = sum(row.registrations or 0 for row in rows)
    purchases = sum(row.purchases or 0 for row in rows)
    steps: list[tuple[str, str, Decimal | None, str]] = [
        ("impressions", "Impressions", total.impressions, "platforms"),
        ("clicks", "Clicks", total.clicks, "platforms"),
        ("visits", "Visits", total.visits, "platforms"),
        (
            "registrations",
            "Registrations",
            Decimal(registrations) if own else total.registrations,
            "own records" if own else "claimed by platforms",
        ),
        ("purchases", "Purchases", Decimal(purchases) if own else None, "own records"),
    ]
    found: list[FunnelStep] = []
    for name, label, count, source in steps:
        if count is not None:
            rate = ratio(count, found[-1].count, 100) if found else None
            found.append(FunnelStep(name, label, count=count, rate=rate, source=source))
    return tuple(found)


def _return(row: ReturnRow, currency: str, name: str = "") -> ReturnView:
    return ReturnView(
        row.key,
        name or row.name,
        spend=row.spend,
        claimed_conversions=row.claimed_conversions,
        claimed_registrations=row.claimed_registrations,
        claimed_value=row.claimed_value,
        registrations=row.registrations,
        purchases=row.purchases,
        refunds=row.refunds,
        revenue=row.revenue,
        roi=row.roi,
        roas=row.roas,
        cac=row.cac,
        # A row that is planned as a whole needs no sum beside its sum.
        note=row.note
        if row.spend_basis == "planned"
        else _planned(row, currency) or row.note,
    )


def _returns(returns: Returns) -> ReturnsView:
    money = returns.currency
    return ReturnsView(
        _return(returns.total, money),
        tuple(_return(row, money, fmt.network(row.name)) for row in returns.channels),
        lines=tuple(_return(row, money) for row in returns.lines),
        campaigns=tuple(_return(row, money) for row in returns.campaigns),
        model=returns.model,
        claimed=returns.claimed,
        refunds=sum((row.refunds or 0 for row in returns.channels), start=0),
        conversions=returns.conversions,
        unmatched=returns.unmatched,
        unmatched_share=returns.unmatched_share,
        elsewhere=returns.elsewhere,
    )


def _campaigns(facts: Facts, plan: MediaPlan) -> tuple[Numbers, ...]:
    """
    Ad numbers per campaign and ad set, under the names of the plan.
    """
    groups: dict[tuple[str, str], list[MetricRow]] = {}
    for row in facts.metrics:
        place = place_of(row, plan)
        groups.setdefault((place.campaign, place.ad_set), []).append(row)
    found = []
    for (key, set_key), rows in sorted(groups.items()):
        campaign = plan.campaigns.get(key)
        ad_set = campaign.ad_sets.get(set_key) if campaign else None
        labels = {
            "campaign": (campaign.name if campaign else "") or key or "not stated",
            "ad_set": (ad_set.name if ad_set else "") or set_key or "not stated",
        }
        found.append(numbers(summed(rows)[0], labels))
    return tuple(found)


def _growth(facts: Facts) -> tuple[GrowthView, ...]:
    """
    Followers per network, from the first to the last day that is known.
    """
    accounts: dict[str, dict[str, list[GrowthRow]]] = {}
    for row in sorted(facts.growth, key=lambda row: row.on):
        if row.followers is not None:
            home = accounts.setdefault(row.network.value, {})
            home.setdefault(row.account, []).append(row)
    found = []
    for network, rows in sorted(accounts.items()):
        before = Decimal(sum(one[0].followers or 0 for one in rows.values()))
        now = Decimal(sum(one[-1].followers or 0 for one in rows.values()))
        found.append(
            GrowthView(
                network,
                before,
                now=now,
                growth=ratio(now - before, before, 100),
                since=min(one[0].on for one in rows.values()),
                until=max(one[-1].on for one in rows.values()),
            )
        )
    return tuple(found)
