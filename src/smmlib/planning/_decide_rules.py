"""
Rules of a media buyer as data: when, over how many days, with how much proof, do what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import attrs

from smmlib.errors import Issue, SmmError, ValidationError
from smmlib.model import Better, Money, kpi
from smmlib.model._budget import as_money
from smmlib.model._kpi import as_amount

LEVELS = ("campaign", "ad_set", "ad")
ACTIONS = ("pause", "raise", "lower")
_SIGNS = (">", ">=", "<", "<=")


@attrs.frozen
class Condition:
    """
    One sentence such as `cost_per_registration > 28.00 EUR`.

    Attributes:
        kpi: Name of a KPI, or of a number such as `spend`.
        sign: `>`, `>=`, `<` or `<=`.
        limit: What it is held to.
    """

    kpi: str
    sign: str
    limit: Decimal | Money = attrs.field(converter=as_amount, kw_only=True)

    @property
    def amount(self) -> Decimal:
        """
        The limit as a number.
        """
        return self.limit.amount if isinstance(self.limit, Money) else self.limit

    def holds(self, values: Mapping[str, Decimal | None]) -> bool:
        """
        Whether it is true of summed numbers.

        A cost per result without a single result is above every limit; any other
        number that is not known makes no sentence true.
        """
        known = kpi(self.kpi)
        value = known.value(values)
        if value is None:
            costly = known.better is Better.LOWER and bool(values.get("spend"))
            # Not reported is not zero: what a platform never tells pauses nothing.
            counts = [values.get(m) for m in known.metrics if m != "spend"]
            nothing = all(count is not None and not count for count in counts)
            return costly and nothing and self.sign.startswith(">")
        if self.sign.startswith(">"):
            return value >= self.amount if "=" in self.sign else value > self.amount
        return value <= self.amount if "=" in self.sign else value < self.amount

    def said(self, values: Mapping[str, Decimal | None]) -> str:
        """
        The sentence with what was found, for the log.
        """
        value = kpi(self.kpi).value(values)
        found = "no result at all" if value is None else f"{value:,.2f}"
        return f"{self.kpi} {found} {self.sign} {self.limit}"

    def __str__(self) -> str:
        return f"{self.kpi} {self.sign} {self.limit}"


def _conditions(value: Iterable[Condition]) -> tuple[Condition, ...]:
    return tuple(value)


def _step(value: Decimal | float | str) -> Decimal:
    return Decimal(str(value))


@attrs.frozen
class Rule:
    """
    What to do with a campaign, ad set or ad, and when.

    Attributes:
        name: What it is called in the log.
        when: Sentences that must all be true.
        action: `pause`, `raise` (more money) or `lower` (less money).
        level: What is judged: `campaign`, `ad_set` or `ad`.
        days: Over how many days the numbers are summed; 0 for all there are.
        after: Spend there must be before anything is said.
        least: Counts there must be, by name, e.g. `{"clicks": 100}`.
        step: How far a budget moves at once; the step limit.
        cooldown: Days before the same thing is touched again.
    """

    name: str
    when: tuple[Condition, ...] = attrs.field(converter=_conditions)
    action: str = attrs.field(kw_only=True)
    level: str = attrs.field(default="ad", kw_only=True)
    days: int = attrs.field(default=3, kw_only=True)
    after: Money | None = attrs.field(default=None, converter=as_money, kw_only=True)
    least: Mapping[str, int] = attrs.field(factory=dict, converter=dict, kw_only=True)
    step: Decimal = attrs.field(default=Decimal("0.2"), converter=_step, kw_only=True)
    cooldown: int = attrs.field(default=3, kw_only=True)

    def __str__(self) -> str:
        days = f"over {self.days} days" if self.days else "over all days"
        when = " and ".join(map(str, self.when))
        what = self.level.replace("_", " ")
        what = f"an {what}" if what.startswith("a") else f"a {what}"
        return f"{self.name}: {self.action} {what} when {when} {days}"


def pause_losers(cost: Money | str, *, name: str = "cost_per_registration") -> Rule:
    """
    Pause ads that cost 1.4 times the target, once they spent three targets.

    Args:
        cost: What one result may cost.
        name: Which cost, e.g. `cpa`.
    """
    money = Money.parse(cost) if isinstance(cost, str) else cost
    limit = Money.rounded(money.amount * Decimal("1.4"), money.currency)
    rule = Condition(name, ">", limit=limit)
    return Rule("pause losers", (rule,), action="pause", days=3, after=money * 3)


def feed_winners(cost: Money | str, *, name: str = "cost_per_registration") -> Rule:
    """
    Give ad sets a fifth more that cost 0.8 times the target or less.

    Args:
        cost: What one result may cost.
        name: Which cost, e.g. `cpa`.
    """
    money = Money.parse(cost) if isinstance(cost, str) else cost
    limit = Money.rounded(money.amount * Decimal("0.8"), money.currency)
    return Rule(
        "feed winners",
        (Condition(name, "<=", limit=limit),),
        action="raise",
        level="ad_set",
        days=7,
        after=money * 3,
    )


def stop_at_cap(cap: Money | str) -> Rule:
    """
    Pause every campaign that has spent its cap.

    Args:
        cap: The most one campaign may spend.
    """
    money = Money.parse(cap) if isinstance(cap, str) else cap
    rule = Condition("spend", ">=", limit=money)
    return Rule("stop at cap", (rule,), action="pause", level="campaign", days=0)


def read_rules(rows: Iterable[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """
    Rules from plain data, e.g. a JSON or YAML file.

    Each row holds what a `Rule` does; `when` lists texts such as `cpc > 2.00 EUR`.

    Raises:
        ValidationError: Whatever is wrong in any of them, all at once.
    """
    issues: list[Issue] = []
    found = []
    for place, row in enumerate(rows):
        path = f"rules[{place}]"
        try:
            found.append(_read(row, path))
        except SmmError as error:
            issues += [
                attrs.evolve(one, path=_under(path, one.path)) for one in error.issues
            ]
    if not issues:
        try:
            check_rules(found)
        except ValidationError as error:
            issues += error.issues
    if issues:
        raise ValidationError(issues)
    return tuple(found)


def _under(path: str, inner: str) -> str:
    return inner if inner.startswith(path) else f"{path}.{inner}"


def _read(row: Mapping[str, Any], path: str) -> Rule:
    known = {field.name for field in attrs.fields(Rule)}
    odd = [name for name in row if name not in known]
    missing = [name for name in ("name", "when", "action") if name not in row]
    if odd or missing:
        raise ValidationError(
            [
                *(_issue(f"{path}.{n}", f"a rule has no '{n}'", n) for n in odd),
                *(_issue(f"{path}.{n}", f"a rule needs '{n}'", None) for n in missing),
            ]
        )
    given = dict(row)
    texts = given.pop("when")
    conditions = tuple(_sentence(text, f"{path}.when") for text in texts)
    return Rule(given.pop("name"), conditions, **given)


def _sentence(text: str, path: str) -> Condition:
    words = str(text).split(maxsplit=2)
    if len(words) != 3 or words[1] not in _SIGNS:  # noqa: PLR2004 - name, sign, limit
        raise ValidationError(
            [_issue(path, f"'{text}' is no condition", text)],
        )
    name, sign, limit = words
    return Condition(name, sign, limit=limit)


def _issue(path: str, message: str, value: object) -> Issue:
    return Issue(
        path,
        "rules.form",
        message,
        value=value,
        limit="name, when, action, level, days, after, least, step, cooldown",
        hint="e.g. {name: pause losers, when: ['cpc > 2.00 EUR'], action: pause}",
    )


def check_rules(rules: Iterable[Rule]) -> None:
    """
    Refuse rules that can never be right, all at once.

    Raises:
        ValidationError: With path and hint for each.
    """
    found = tuple(rules)
    issues = []
    if not found:
        issues.append(_issue("rules", "there is no rule", None))
    for place, rule in enumerate(found):
        issues += _rule_issues(rule, f"rules[{place}]")
    if issues:
        raise ValidationError(issues)


def _rule_issues(rule: Rule, path: str) -> list[Issue]:
    wrong = {
        "action": rule.action not in ACTIONS and "one of " + ", ".join(ACTIONS),
        "level": rule.level not in LEVELS and "one of " + ", ".join(LEVELS),
        "days": rule.days < 0 and "zero or more",
        "cooldown": rule.cooldown < 0 and "zero or more",
        "step": not 0 < rule.step < 1 and "above 0 and below 1",
        "when": not rule.when and "one condition or more",
    }
    issues = [
        Issue(
            f"{path}.{name}",
            "rules.value",
            f"{name} of '{rule.name}' is {getattr(rule, name)}",
            value=str(getattr(rule, name)),
            limit=limit,
            hint="see Rule for what each field means",
        )
        for name, limit in wrong.items()
        if limit
    ]
    for k, condition in enumerate(rule.when):
        issues += _condition_issues(condition, f"{path}.when[{k}]")
    return issues


def _condition_issues(condition: Condition, path: str) -> list[Issue]:
    try:
        kpi(condition.kpi)
    except ValidationError as error:
        return [attrs.evolve(one, path=path) for one in error.issues]
    if condition.sign in _SIGNS and condition.amount >= 0:
        return []
    return [
        Issue(
            path,
            "rules.value",
            f"'{condition}' can never be meant",
            value=str(condition),
            limit=f"{', '.join(_SIGNS)} and a limit of zero or more",
            hint="e.g. cpc > 2.00 EUR",
        )
    ]
