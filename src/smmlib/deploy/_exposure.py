"""
How much money can be spent: per account, per day, in all, and against the ceilings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from smmlib.deploy._target import Target, parents
from smmlib.errors import CurrencyMismatch, Issue, Severity
from smmlib.model import Caps, MediaPlan, Money, Status
from smmlib.ports import Resource


def spenders(target: Target) -> Iterator[Resource]:
    """
    The objects whose budgets count: wanted active, all parents active, topmost budget.

    A budget below another one is part of it and must not be counted twice.
    """
    by_address = {r.address: r for r in target.wanted.resources}
    for resource in target.wanted.resources:
        if resource.exposure is None or resource.status is not Status.ACTIVE:
            continue
        above = list(_ancestors(resource, by_address))
        if all(a.status is Status.ACTIVE and a.exposure is None for a in above):
            yield resource


def is_active(resource: Resource, by_address: dict[str, Resource]) -> bool:
    """
    Whether it should deliver: it and everything it hangs in is wanted active.
    """
    above = _ancestors(resource, by_address)
    return all(r.status is Status.ACTIVE for r in (resource, *above))


def _ancestors(
    resource: Resource, by_address: dict[str, Resource]
) -> Iterator[Resource]:
    # Adapters hand over parents before children, so there are no rings to run in.
    for parent in parents(resource, by_address):
        yield parent
        yield from _ancestors(parent, by_address)


def _add(amounts: Iterable[Money], currency: str) -> Money:
    return sum(amounts, Money.zero(currency))


def exposure_of(target: Target) -> Money:
    """
    The most that can be spent in one account.

    Raises:
        CurrencyMismatch: A budget is not in the account's currency.
    """
    amounts = [r.exposure for r in spenders(target) if r.exposure is not None]
    return _add(amounts, target.account.currency)


def _daily(resource: Resource) -> Money | None:
    # Without a daily limit a platform may spend it all on one day.
    if resource.daily_exposure is not None:
        return resource.daily_exposure
    return resource.exposure


def currency_issues(plan: MediaPlan, targets: Sequence[Target]) -> list[Issue]:
    """
    Accounts and budgets in another currency than the plan: never converted silently.
    """
    return [issue for target in targets for issue in _currency_of(plan, target)]


def _currency_of(plan: MediaPlan, target: Target) -> Iterator[Issue]:
    account = target.account
    if plan.currency and account.currency != plan.currency:
        yield Issue(
            "budget.total",
            "deploy.currency",
            f"the plan is in {plan.currency}, account {target.key} "
            f"in {account.currency}",
            value=plan.currency,
            limit=account.currency,
            hint="plan in the account's currency, or use another account",
        )
    for resource in spenders(target):
        money = resource.exposure
        if money is not None and money.currency != account.currency:
            yield Issue(
                resource.address,
                "deploy.currency",
                f"a budget in {money.currency} in an account in {account.currency}",
                value=money.currency,
                limit=account.currency,
                hint="write the budget in the account's currency",
            )


def cap_issues(
    plan: MediaPlan,
    targets: Sequence[Target],
    extra: Caps | None = None,
    severity: Severity = Severity.ERROR,
) -> list[Issue]:
    """
    Ceilings that would be passed: of the plan, its media money, the environment.
    """
    own = plan.budget.caps if plan.budget else None
    found: list[Issue] = []
    try:
        total = _sum_of(targets)
        days = _days_of(targets)
        for caps, path in ((own, "budget.caps"), (extra, "environment.caps")):
            found += _against(caps, path, total, days, severity)
        if plan.budget and not (own and own.total):
            media = plan.budget.media
            found += _check(
                "budget.total", "the media budget", total, media, severity=severity
            )
    except CurrencyMismatch as error:
        # Sums across currencies have their own issue; here there is nothing to compare.
        found += error.issues
    return found


def _sum_of(targets: Sequence[Target]) -> Money | None:
    amounts = [exposure_of(target) for target in targets]
    return sum(amounts[1:], amounts[0]) if amounts else None


def _days_of(targets: Sequence[Target]) -> list[tuple[str, str, Money]]:
    """
    What each budget allows on one day, beside its account and its campaign's address.
    """
    found: list[tuple[str, str, Money]] = []
    for target in targets:
        by_address = {r.address: r for r in target.wanted.resources}
        for resource in spenders(target):
            daily = _daily(resource)
            if daily is not None:
                above = [resource, *_ancestors(resource, by_address)]
                found.append((target.key, above[-1].address, daily))
    return found


def _against(
    caps: Caps | None,
    path: str,
    total: Money | None,
    days: list[tuple[str, str, Money]],
    severity: Severity,
) -> Iterator[Issue]:
    if caps is None:
        return
    yield from _check(
        f"{path}.total", "the cap of all", total, caps.total, severity=severity
    )
    for _, whole in _summed(("", money) for _, _, money in days):
        yield from _check(
            f"{path}.per_day", "the cap per day", whole, caps.per_day, severity=severity
        )
    for account, daily in _summed((account, money) for account, _, money in days):
        yield from _check(
            account,
            "the cap per account and day",
            daily,
            caps.per_account_day,
            severity=severity,
        )
    for campaign, daily in _summed((campaign, money) for _, campaign, money in days):
        yield from _check(
            campaign,
            "the cap per campaign and day",
            daily,
            caps.per_campaign_day,
            severity=severity,
        )


def _summed(days: Iterable[tuple[str, Money]]) -> Iterator[tuple[str, Money]]:
    """
    What all of one name may spend on one day together.
    """
    sums: dict[str, Money] = {}
    for name, daily in days:
        sums[name] = sums[name] + daily if name in sums else daily
    yield from sums.items()


def _check(
    path: str,
    what: str,
    amount: Money | None,
    limit: Money | None,
    *,
    severity: Severity,
) -> Iterator[Issue]:
    if amount is None or limit is None or amount <= limit:
        return
    yield Issue(
        path,
        "deploy.cap",
        f"up to {amount} could be spent, {what} is {limit}",
        severity=severity,
        value=str(amount),
        limit=str(limit),
        hint="lower the budgets, or raise the cap on purpose",
    )
