"""
Accounts, what pays for them, who may speak for them.

Source: X Ads API, accounts, funding instruments, promotable users, 2026-08.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.sandbox.x._context import Result
from smmlib.sandbox.x._errors import invalid
from smmlib.sandbox.x._money import bid_bounds
from smmlib.sandbox.x._resources import Resource, paged
from smmlib.sandbox.x._tables import PER_EURO, PLACEMENTS, denomination
from smmlib.sandbox.x._typed import stamp

if TYPE_CHECKING:
    from smmlib.sandbox.x._context import Context
    from smmlib.sandbox.x._store import Record

FEATURES = ("REACH_AND_FREQUENCY_ANALYTICS", "REACH_FREQUENCY_CAP")
CREDIT = 1_000_000_000_000


def dates(record: Record) -> dict[str, Any]:
    """
    What every object tells of its own life.
    """
    return {
        "created_at": stamp(record.created),
        "updated_at": stamp(record.updated),
        "deleted": record.deleted,
    }


def _account(ctx: Context, record: Record) -> dict[str, Any]:
    return {
        "id": record.id,
        "name": record.data["name"],
        "business_name": None,
        "business_id": None,
        "timezone": str(ctx.store.accounts[record.id].zone),
        "timezone_switch_at": stamp(record.created),
        "industry_type": record.data["industry_type"],
        "approval_status": "ACCEPTED",
        **dates(record),
    }


ACCOUNTS = Resource(
    "account",
    "account_id",
    "ACCOUNT_NOT_FOUND",
    _account,
    filters={"account_ids": "id"},
    sortable=("name",),
)


def list_accounts(ctx: Context) -> Result:
    """
    All ad accounts of the user.
    """
    own = [_there(ctx.store.get("account", one)) for one in ctx.store.accounts]
    ordered = ACCOUNTS.ordered(ctx, own)
    shown = [record for record in ordered if ACCOUNTS.shows(ctx, record)]
    return paged(ctx, ordered, shown, lambda record: _account(ctx, record))


def get_account(ctx: Context) -> Result:
    """
    One ad account.
    """
    record = ctx.store.get("account", ctx.account.id)
    return Result(_account(ctx, _there(record)))


def put_account(ctx: Context) -> Result:
    """
    Rename an account, or tell its industry.
    """
    record = _there(ctx.store.get("account", ctx.account.id))
    told = {key: value for key, value in ctx.params.items() if value is not None}
    ctx.store.touch(record, ctx.now, told)
    return Result(_account(ctx, record))


def _there(record: Record | None) -> Record:
    if record is None:
        raise invalid("account_id", "no such account")
    return record


def _funding(ctx: Context, record: Record) -> dict[str, Any]:
    account = ctx.store.accounts[record.account]
    return {
        "id": record.id,
        "account_id": record.account,
        "type": record.data["type"],
        "description": record.data["description"],
        "currency": account.currency,
        "credit_limit_local_micro": record.data["credit_limit_local_micro"],
        "credit_remaining_local_micro": None,
        "funded_amount_local_micro": None,
        "io_header": None,
        "able_to_fund": not record.deleted,
        "reasons_not_able_to_fund": ["DELETED"] if record.deleted else [],
        "entity_status": "ACTIVE",
        "start_time": stamp(record.created),
        "end_time": None,
        **dates(record),
    }


FUNDING = Resource(
    "funding_instrument",
    "funding_instrument_id",
    "FUNDING_INSTRUMENT_NOT_FOUND",
    _funding,
    filters={"funding_instrument_ids": "id"},
    sortable=("start_time", "end_time", "funded_amount_local_micro"),
)


def _promotable(_ctx: Context, record: Record) -> dict[str, Any]:
    return {
        "id": record.id,
        "user_id": record.data["user_id"],
        "promotable_user_type": "FULL",
        **dates(record),
    }


PROMOTABLE = Resource(
    "promotable_user",
    "promotable_user_id",
    "PROMOTABLE_USER_NOT_FOUND",
    _promotable,
    filters={"promotable_user_ids": "id"},
)


def user_access(ctx: Context) -> Result:
    """
    What the signing user may do with the account.
    """
    _ = ctx.account
    return Result(
        {
            "user_id": ctx.identity.user,
            "permissions": ["ACCOUNT_ADMIN", "TWEET_COMPOSER"],
        }
    )


def features(ctx: Context) -> Result:
    """
    Features that the account has.
    """
    _ = ctx.account
    asked = ctx.params.get("feature_keys")
    return Result([key for key in FEATURES if asked is None or key in asked])


def bidding_rules(ctx: Context) -> Result:
    """
    Lowest and highest bid and its steps, by currency.
    """
    asked = ctx.params.get("currency")
    if asked is not None and asked not in PER_EURO:
        raise invalid("currency", f"{asked!r} is no currency of the sandbox", asked)
    return Result([_rule(code) for code in ([asked] if asked else sorted(PER_EURO))])


def _rule(currency: str) -> dict[str, Any]:
    low, high = bid_bounds(currency)
    return {
        "currency": currency,
        "minimum_cpe_bid_local_micro": low,
        "maximum_cpe_bid_local_micro": high,
        "minimum_denomination": denomination(currency),
    }


def placements(ctx: Context) -> Result:
    """
    Which placements go together, by product.
    """
    asked = ctx.params.get("product_type")
    return Result(
        [
            {
                "product_type": name,
                "placements": [list(one) for one in PLACEMENTS[name]],
            }
            for name in ([asked] if asked else PLACEMENTS)
        ]
    )
