"""
What rules would change today, why, what it was before, and what they would have done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any

import attrs

from smmlib.errors import CurrencyMismatch, Issue, ValidationError
from smmlib.model import AdBudget, MediaPlan, MetricRow, Money, Status
from smmlib.planning._decide_places import budgeted, room_of, thing_at, with_thing
from smmlib.planning._decide_rules import Rule, check_rules
from smmlib.planning._decide_show import (
    decisions_data,
    decisions_html,
    decisions_text,
    rehearsal_data,
    rehearsal_html,
    rehearsal_text,
)
from smmlib.planning._rates import History

_COUNTS = (
    *("impressions", "clicks", "link_clicks", "visits", "video_views", "engagements"),
    *("leads", "registrations", "conversions", "approved_conversions"),
)
_RESULTS = ("registrations", "leads", "conversions")


@attrs.frozen
class Decision:
    """
    One thing a rule does, with its reason and what was there before.

    Attributes:
        rule: Name of the rule.
        address: Path in the plan of what it is about.
        action: `pause`, `raise`, `lower`, or `hold` when it would have but must not.
        reason: The sentences that held, with their numbers, or what holds it back.
        before: What stood in the plan, e.g. `active` or `20.00 EUR a day`.
        after: What stands there then.
        on: The last day that was looked at.
        spend: What was spent on it in the rule's days.
    """

    rule: str
    address: str
    action: str = attrs.field(kw_only=True)
    reason: str = attrs.field(kw_only=True)
    before: str = attrs.field(kw_only=True)
    after: str = attrs.field(kw_only=True)
    on: date = attrs.field(kw_only=True)
    spend: Decimal = attrs.field(kw_only=True)

    @property
    def acts(self) -> bool:
        """
        Whether it changes anything.
        """
        return self.action != "hold"

    def to_dict(self) -> dict[str, str]:
        """
        One line of the log, JSON-ready.
        """
        return {
            "on": self.on.isoformat(),
            "rule": self.rule,
            "address": self.address,
            "action": self.action,
            "reason": self.reason,
            "before": self.before,
            "after": self.after,
            "spend": f"{self.spend:f}",
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, str]) -> Decision:
        """
        A line of the log read back.
        """
        return cls(
            data["rule"],
            data["address"],
            action=data["action"],
            reason=data["reason"],
            before=data["before"],
            after=data["after"],
            on=date.fromisoformat(data["on"]),
            spend=Decimal(data["spend"]),
        )


@attrs.frozen
class Decisions:
    """
    All that rules decide on a day; nothing is set before its plan is applied.

    Attributes:
        rows: Every decision, those held back too.
        before: The plan as it is.
        plan: The plan as decided: see it with `work.plan`, apply it with an approval.
            Without a change it is the plan as it is.
    """

    rows: tuple[Decision, ...]
    before: MediaPlan = attrs.field(kw_only=True, repr=False)
    plan: MediaPlan = attrs.field(kw_only=True, repr=False)

    @property
    def acting(self) -> tuple[Decision, ...]:
        """
        Those that change something.
        """
        return tuple(row for row in self.rows if row.acts)

    @property
    def log(self) -> list[dict[str, str]]:
        """
        The log: one JSON-ready line per decision.
        """
        return [row.to_dict() for row in self.rows]

    def revert(self) -> MediaPlan:
        """
        A plan that puts everything back as it was; a new version like any other.
        """
        plan = self.plan
        for row in reversed(self.acting):
            old = thing_at(self.before, row.address)
            now = thing_at(plan, row.address)
            back = attrs.evolve(now, status=old.status)
            if hasattr(old, "budget"):
                back = attrs.evolve(back, budget=old.budget)
            plan = with_thing(plan, row.address, back)
        return plan.next_version() if self.acting else plan

    def __str__(self) -> str:
        return decisions_text(self)

    def _repr_html_(self) -> str:
        return decisions_html(self)

    def to_dict(self) -> dict[str, Any]:
        """
        JSON-ready data.
        """
        return decisions_data(self)


def decide(
    plan: MediaPlan,
    facts: History,
    *,
    rules: Iterable[Rule],
    as_of: date | None = None,
    log: Sequence[Decision] = (),
) -> Decisions:
    """
    Say what rules would change today.

    The first rule that fits decides about a thing; what an earlier decision of the log
    touched within a rule's cooldown is left alone, and money is given to winners only
    where their line still has some.

    Args:
        plan: The plan as it runs.
        facts: What was reported, joined to the plan.
        rules: The rules, the most important first.
        as_of: The last day that counts; the last of the facts when left out.
        log: Earlier decisions.

    Raises:
        ValidationError: Rules that can never be right; all at once.
        CurrencyMismatch: Facts or rules are in another currency than the plan.
    """
    wanted = tuple(rules)
    check_rules(wanted)
    _check_currencies(plan, facts.metrics, wanted)
    day = as_of or max((row.on for row in facts.metrics), default=None)
    if day is None:
        return Decisions((), before=plan, plan=plan)
    found: list[Decision] = []
    changed = plan
    for rule in wanted:
        for address, values in _summed(facts.metrics, rule, day).items():
            if any(_touches(row, address) for row in found if row.acts):
                continue
            row, changed = _judge(
                changed, rule, address, values=values, day=day, log=log
            )
            if row is not None:
                found.append(row)
    acts = any(row.acts for row in found)
    after = plan.next_version(campaigns=changed.campaigns) if acts else plan
    return Decisions(tuple(found), before=plan, plan=after)


def _touches(row: Decision, address: str) -> bool:
    """
    Whether a decision is about a thing or about what it stands in.
    """
    return address == row.address or address.startswith(f"{row.address}.")


def _check_currencies(
    plan: MediaPlan, rows: Iterable[MetricRow], rules: Iterable[Rule]
) -> None:
    found = {row.currency: "facts" for row in rows}
    for k, rule in enumerate(rules):
        limits = [one.limit for one in rule.when]
        for money in [*limits, rule.after]:
            if isinstance(money, Money):
                found.setdefault(money.currency, f"rules[{k}]")
    wanted = plan.currency or next(iter(found), "")
    issues = [
        Issue(
            path,
            "money.currency_mismatch",
            f"{code} cannot be held to a plan in {wanted}",
            value=code,
            limit=wanted,
            hint="facts.converted(currency, rates), or rules in the plan's currency",
        )
        for code, path in found.items()
        if code != wanted
    ]
    if issues:
        raise CurrencyMismatch(issues)


def _place(row: MetricRow, level: str) -> str:
    """
    The path of what a row belongs to, on a level; empty when it is not of the plan.
    """
    parts = row.address.split(".")
    wanted = {"campaign": 2, "ad_set": 4, "ad": 6}[level]
    return ".".join(parts[:wanted]) if len(parts) >= wanted else ""


def _summed(
    rows: Iterable[MetricRow], rule: Rule, day: date
) -> dict[str, dict[str, Decimal | None]]:
    """
    Numbers of a rule's days, per thing it judges.
    """
    first = day - timedelta(days=rule.days - 1) if rule.days else date.min
    found: dict[str, dict[str, Decimal | None]] = {}
    for row in rows:
        address = _place(row, rule.level)
        if not address or not first <= row.on <= day:
            continue
        sums = found.setdefault(address, {})
        sums["spend"] = (sums.get("spend") or Decimal(0)) + row.spend
        for name in _COUNTS:
            value = getattr(row, name)
            if value is not None:
                sums[name] = (sums.get(name) or Decimal(0)) + value
        if row.revenue is not None:
            sums["revenue"] = (sums.get("revenue") or Decimal(0)) + row.revenue
    return dict(sorted(found.items()))


def _judge(
    plan: MediaPlan,
    rule: Rule,
    address: str,
    *,
    values: Mapping[str, Decimal | None],
    day: date,
    log: Sequence[Decision],
) -> tuple[Decision | None, MediaPlan]:
    """
    What a rule says of one thing, and the plan after that.
    """
    thing = thing_at(plan, address)
    spend = values.get("spend") or Decimal(0)
    if thing is None or thing.status is not Status.ACTIVE or not _proven(rule, values):
        return None, plan
    if not all(condition.holds(values) for condition in rule.when):
        return None, plan
    reason = " and ".join(condition.said(values) for condition in rule.when)
    days = f"in {rule.days} days" if rule.days else "in all"
    reason = f"{reason}; {spend:,.2f} spent {days}"

    def made(action: str, before: str, after: str, why: str = "") -> Decision:
        text = f"{reason}; {why}" if why else reason
        return Decision(
            rule.name,
            address,
            action=action,
            reason=text,
            before=before,
            after=after,
            on=day,
            spend=spend,
        )

    state = str(thing.status)
    if cooled := _cooling(rule, address, day, log):
        return made("hold", state, state, cooled), plan
    if rule.action == "pause":
        paused = attrs.evolve(thing, status=Status.PAUSED)
        after = with_thing(plan, address, paused)
        return made("pause", state, str(Status.PAUSED)), after
    return _moved(plan, rule, address, made=made)


def _proven(rule: Rule, values: Mapping[str, Decimal | None]) -> bool:
    """
    Whether there is as much data as the rule asks for.
    """
    spend = values.get("spend") or Decimal(0)
    if rule.after is not None and spend < rule.after.amount:
        return False
    return all((values.get(n) or 0) >= count for n, count in rule.least.items())


def _cooling(rule: Rule, address: str, day: date, log: Sequence[Decision]) -> str:
    recent = [
        row.on
        for row in log
        if row.acts
        and row.address == address
        and 0 <= (day - row.on).days < rule.cooldown
    ]
    return f"touched on {max(recent)}, {rule.cooldown} days' rest" if recent else ""


def _moved(
    plan: MediaPlan, rule: Rule, address: str, *, made: Any
) -> tuple[Decision | None, MediaPlan]:
    """
    A budget raised or lowered by a step, at the thing or above it.
    """
    where = budgeted(plan, address)
    if where is None:
        return made(
            "hold", "no budget", "no budget", "nothing above has a budget"
        ), plan
    thing = thing_at(plan, where)
    budget: AdBudget = thing.budget
    old = budget.amount
    factor = 1 + rule.step if rule.action == "raise" else 1 - rule.step
    new = _rounded(old.amount * factor, old)
    if rule.action == "raise":
        room = room_of(plan, where)
        most = (
            old if room is None else old + _rounded(max(room.amount, Decimal(0)), old)
        )
        new = min(new, most)
    if new == old or not new:
        why = "its line has no money left" if new else "nothing would be left"
        return made("hold", str(budget), str(budget), why), plan
    moved = AdBudget(daily=new) if budget.daily else AdBudget(lifetime=new)
    after = with_thing(plan, where, attrs.evolve(thing, budget=moved))
    row = made(rule.action, str(budget), str(moved))
    return attrs.evolve(row, address=where), after


def _rounded(amount: Decimal, like: Money) -> Money:
    return Money(amount.quantize(like.coin.amount, rounding=ROUND_DOWN), like.currency)


# -- over history ----------------------------------------------------------------------


@attrs.frozen
class Rehearsal:
    """
    What rules would have done, had they run every day of the history.

    Attributes:
        rows: Every decision, in order of days.
        saved: What was spent, later, on what they would have paused.
        lost: Results that came of that spend, by name.
        added: What raised budgets would have spent more, at the same speed.
        gained: Results that would have brought, at the same cost per result: an
            assumption, since the next euro often brings less.
        currency: Of the amounts.
        days: First and last day.
    """

    rows: tuple[Decision, ...]
    saved: Decimal = attrs.field(kw_only=True)
    lost: Mapping[str, int] = attrs.field(kw_only=True)
    added: Decimal = attrs.field(kw_only=True)
    gained: Mapping[str, float] = attrs.field(kw_only=True)
    currency: str = attrs.field(kw_only=True)
    days: tuple[date, date] = attrs.field(kw_only=True)

    def __str__(self) -> str:
        return rehearsal_text(self)

    def _repr_html_(self) -> str:
        return rehearsal_html(self)

    def to_dict(self) -> dict[str, Any]:
        """
        JSON-ready data.
        """
        return rehearsal_data(self)


@attrs.frozen
class _Rows:
    """
    Facts cut down to some rows.
    """

    metrics: tuple[MetricRow, ...]


def rehearse(
    plan: MediaPlan, facts: History, *, rules: Iterable[Rule], days: int = 30
) -> Rehearsal:
    """
    Run rules over the past, day by day, and say what it would have saved and lost.

    What a rule pauses has no rows afterwards; its later spend is saved, its later
    results are lost.

    Args:
        plan: The plan as it ran.
        facts: What happened.
        rules: The rules.
        days: How many of the last days they run on.

    Raises:
        ValidationError: Rules that can never be right, or nothing happened yet.
    """
    wanted = tuple(rules)
    check_rules(wanted)
    if not facts.metrics:
        raise ValidationError(
            [
                Issue(
                    "facts",
                    "rules.no_history",
                    "there is no history to rehearse on",
                    hint="pull facts first: work.pull(plan)",
                )
            ]
        )
    last = max(row.on for row in facts.metrics)
    first = max(min(row.on for row in facts.metrics), last - timedelta(days=days - 1))
    now, rows = plan, facts.metrics
    log: list[Decision] = []
    gone: list[MetricRow] = []
    added, gained = Decimal(0), dict.fromkeys(_RESULTS, 0.0)
    for day in _days(first, last):
        found = decide(now, _Rows(rows), rules=wanted, as_of=day, log=log)
        for row in found.acting:
            log.append(row)
            later = [r for r in rows if r.on > day and _under(r, row.address)]
            if row.action == "pause":
                gone += later
                rows = tuple(
                    r for r in rows if r.on <= day or not _under(r, row.address)
                )
            elif row.action == "raise":
                part = _part(row)
                added += sum((r.spend for r in later), Decimal(0)) * part
                for name in _RESULTS:
                    count = sum(getattr(r, name) or 0 for r in later)
                    gained[name] += count * float(part)
        now = found.plan
    lost = {n: sum(getattr(r, n) or 0 for r in gone) for n in _RESULTS}
    return Rehearsal(
        tuple(log),
        saved=sum((row.spend for row in gone), Decimal(0)),
        lost={name: count for name, count in lost.items() if count},
        added=added,
        gained={name: count for name, count in gained.items() if count},
        currency=plan.currency or facts.metrics[0].currency,
        days=(first, last),
    )


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=k) for k in range((last - first).days + 1))


def _under(row: MetricRow, address: str) -> bool:
    return row.address == address or row.address.startswith(f"{address}.")


def _part(row: Decision) -> Decimal:
    """
    By how much a raised budget is more than before.
    """
    before, after = (Decimal(text.split()[0]) for text in (row.before, row.after))
    return after / before - 1
