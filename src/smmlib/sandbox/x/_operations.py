"""
What is modelled: one row per operation, with what it does and what it leaves out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from smmlib.sandbox.x import (
    _accounts,
    _audiences,
    _batch,
    _campaigns,
    _cards,
    _criteria,
    _jobs,
    _line_items,
    _lookups,
    _media,
    _promoted,
    _stats,
    _tweets,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from smmlib.sandbox.x._context import Context, Result
    from smmlib.sandbox.x._resources import Resource

_SOURCE = "X Ads API reference, 2026-08"
_A = "/accounts/{account_id}"


@attrs.frozen
class Row:
    """
    One modelled operation.

    Attributes:
        note: What it does, for the coverage page.
        without: Parameters that X knows and the sandbox does not.
        lax: Required parameters whose absence X tolerates.
    """

    run: Callable[[Context], Result]
    note: str
    without: frozenset[str] = frozenset()
    lax: tuple[str, ...] = ()
    source: str = _SOURCE


Table = dict[tuple[str, str], Row]


def _reads(path: str, resource: Resource, what: str) -> Table:
    one = f"{path}/{{{resource.id_name}}}"
    return {
        ("GET", path): Row(resource.page, f"{what}: filters, sorting, opaque cursors"),
        ("GET", one): Row(resource.get, f"one of the {what}"),
    }


def _deletes(path: str, resource: Resource) -> Table:
    one = f"{path}/{{{resource.id_name}}}"
    note = "soft: stays visible with with_deleted; a second one is 404"
    return {("DELETE", one): Row(resource.delete, note)}


def _without(*names: str) -> frozenset[str]:
    return frozenset(names)


_ACCOUNTS: Table = {
    ("GET", "/accounts"): Row(_accounts.list_accounts, "the user's ad accounts"),
    ("GET", _A): Row(_accounts.get_account, "one ad account with its time zone"),
    ("PUT", _A): Row(_accounts.put_account, "name and industry"),
    **_reads(f"{_A}/funding_instruments", _accounts.FUNDING, "funding instruments"),
    **_deletes(f"{_A}/funding_instruments", _accounts.FUNDING),
    **_reads(f"{_A}/promotable_users", _accounts.PROMOTABLE, "promotable users"),
    ("GET", f"{_A}/authenticated_user_access"): Row(
        _accounts.user_access, "the user's roles"
    ),
    ("GET", f"{_A}/features"): Row(_accounts.features, "the account's features"),
    ("GET", "/bidding_rules"): Row(_accounts.bidding_rules, "bids by currency"),
    ("GET", "/line_items/placements"): Row(
        _accounts.placements, "placements that go together"
    ),
}

_TREE: Table = {
    **_reads(f"{_A}/campaigns", _campaigns.CAMPAIGNS, "campaigns"),
    **_deletes(f"{_A}/campaigns", _campaigns.CAMPAIGNS),
    ("POST", f"{_A}/campaigns"): Row(
        _campaigns.create, "ACTIVE unless told otherwise; budgets; 200 per account"
    ),
    ("PUT", f"{_A}/campaigns/{{campaign_id}}"): Row(
        _campaigns.update, "only what is sent; an empty text clears"
    ),
    ("PUT", f"{_A}/campaigns/{{campaign_id}}/activate"): Row(
        _campaigns.activate, "switches on"
    ),
    ("POST", "/batch" + f"{_A}/campaigns"): Row(
        _batch.run, "40 operations in order, all or nothing, operation_errors"
    ),
    **_reads(f"{_A}/line_items", _line_items.LINE_ITEMS, "line items"),
    **_deletes(f"{_A}/line_items", _line_items.LINE_ITEMS),
    ("POST", f"{_A}/line_items"): Row(
        _line_items.create,
        "objective, goal, bid, placements, budget and time judged together",
        lax=("end_time",),
    ),
    ("PUT", f"{_A}/line_items/{{line_item_id}}"): Row(
        _line_items.update, "only what is sent; objective and placements never change"
    ),
    ("PUT", f"{_A}/line_items/{{line_item_id}}/activate"): Row(
        _line_items.activate, "switches on"
    ),
    ("POST", "/batch" + f"{_A}/line_items"): Row(
        _batch.run, "40 operations in order, all or nothing, operation_errors"
    ),
    **_reads(f"{_A}/promoted_tweets", _promoted.PROMOTED_TWEETS, "promoted posts"),
    **_deletes(f"{_A}/promoted_tweets", _promoted.PROMOTED_TWEETS),
    ("POST", f"{_A}/promoted_tweets"): Row(
        _promoted.create,
        "up to 50 posts of one line item; reviewed within half an hour",
    ),
}

_TARGETING: Table = {
    **_reads(f"{_A}/targeting_criteria", _criteria.CRITERIA, "targeting criteria"),
    ("POST", f"{_A}/targeting_criteria"): Row(
        _criteria.create, "33 types with the form of their values, operators, limits"
    ),
    ("DELETE", f"{_A}/targeting_criteria/{{targeting_criterion_id}}"): Row(
        _criteria.delete, "soft; there is no PUT"
    ),
    ("POST", "/batch" + f"{_A}/targeting_criteria"): Row(
        _batch.run, "500 operations in order, all or nothing, operation_errors"
    ),
    ("GET", "/targeting_criteria/locations"): Row(
        _lookups.locations, "countries, regions and cities by name"
    ),
    ("GET", "/targeting_criteria/network_operators"): Row(
        _lookups.network_operators, "a few networks of some countries"
    ),
    ("GET", "/targeting_criteria/events"): Row(_lookups.events, "a few events"),
    ("GET", "/targeting_criteria/tv_markets"): Row(_lookups.tv_markets, "six markets"),
    ("GET", "/targeting_criteria/tv_shows"): Row(_lookups.tv_shows, "a few shows"),
    ("GET", "/iab_categories"): Row(_lookups.iab_categories, "a few categories"),
    ("GET", "/targeting_criteria/platforms"): Row(
        _lookups.lookup("PLATFORM"), "platforms by name", _without("lang")
    ),
    **{
        ("GET", f"/targeting_criteria/{name}"): Row(
            _lookups.lookup(kind), f"{name.replace('_', ' ')} by name"
        )
        for name, kind in {
            "app_store_categories": "APP_STORE_CATEGORY",
            "conversations": "CONVERSATION",
            "devices": "DEVICE",
            "interests": "INTEREST",
            "languages": "LANGUAGE",
            "platform_versions": "PLATFORM_VERSION",
        }.items()
    },
    ("POST", f"{_A}/audience_estimate"): Row(
        _audiences.estimate, "range of people; needs a primary criterion"
    ),
}

_AUDIENCES: Table = {
    **_reads(f"{_A}/custom_audiences", _audiences.AUDIENCES, "custom audiences"),
    **_deletes(f"{_A}/custom_audiences", _audiences.AUDIENCES),
    ("POST", f"{_A}/custom_audiences"): Row(_audiences.create, "an empty list"),
    ("PUT", f"{_A}/custom_audiences/{{custom_audience_id}}"): Row(
        _audiences.update, "name and description"
    ),
    ("POST", f"{_A}/custom_audiences/{{custom_audience_id}}/users"): Row(
        _audiences.users,
        "hashed people in and out, 2,500 at once; matched after six hours",
    ),
    ("GET", f"{_A}/custom_audiences/{{custom_audience_id}}/targeted"): Row(
        _audiences.targeted, "campaigns and line items that name a list"
    ),
}

_CREATIVES: Table = {
    **_reads(f"{_A}/cards", _cards.CARDS, "cards"),
    **_deletes(f"{_A}/cards", _cards.CARDS),
    ("GET", f"{_A}/cards"): Row(
        _cards.CARDS.page,
        "cards: by id, URI, type, name",
        _without("include_legacy_cards"),
    ),
    ("POST", f"{_A}/cards"): Row(
        _cards.create, "pictures, films and carousels with a website or an app"
    ),
    ("PUT", f"{_A}/cards/{{card_id}}"): Row(_cards.update, "replaces what is sent"),
    ("GET", f"{_A}/cards/all"): Row(_cards.by_uri, "cards by URI"),
    ("GET", f"{_A}/cards/all/{{card_id}}"): Row(_cards.CARDS.get, "one card"),
    **_reads(f"{_A}/media_library", _media.MEDIA, "media"),
    **_deletes(f"{_A}/media_library", _media.MEDIA),
    ("POST", f"{_A}/media_library"): Row(_media.add, "takes an uploaded file in"),
    ("PUT", f"{_A}/media_library/{{media_key}}"): Row(_media.update, "names and texts"),
    ("POST", f"{_A}/tweet"): Row(
        _tweets.publish,
        "promoted-only or organic; twice the same is refused; 280 weighted characters",
        _without(
            "trim_user", "tweet_mode", "video_cta", "video_cta_value",
            "video_description", "video_title",
        ),
    ),
    ("GET", f"{_A}/tweets"): Row(
        _tweets.list_tweets,
        "published, drafts, scheduled; promoted-only, organic or all",
        _without("include_mentions_and_replies", "trim_user"),
    ),
    ("PUT", f"{_A}/tweets/{{tweet_id}}/name"): Row(
        _tweets.rename, "the name that advertisers see"
    ),
    **_reads(f"{_A}/draft_tweets", _tweets.DRAFTS, "drafts"),
    ("POST", f"{_A}/draft_tweets"): Row(_tweets.create_draft, "a draft"),
    ("PUT", f"{_A}/draft_tweets/{{draft_tweet_id}}"): Row(
        _tweets.update_draft, "changes a draft"
    ),
    ("DELETE", f"{_A}/draft_tweets/{{draft_tweet_id}}"): Row(
        _tweets.DRAFTS.erase, "for good"
    ),
    **_reads(f"{_A}/scheduled_tweets", _tweets.SCHEDULED, "scheduled posts"),
    ("POST", f"{_A}/scheduled_tweets"): Row(
        _tweets.schedule, "published at its minute; 30 within a quarter of an hour"
    ),
    ("PUT", f"{_A}/scheduled_tweets/{{scheduled_tweet_id}}"): Row(
        _tweets.update_scheduled, "until it is published"
    ),
    ("DELETE", f"{_A}/scheduled_tweets/{{scheduled_tweet_id}}"): Row(
        _tweets.SCHEDULED.erase, "for good"
    ),
}  # fmt: skip

_S = "/stats/accounts/{account_id}"
_J = "/stats/jobs/accounts/{account_id}"
_STATS: Table = {
    ("GET", _S): Row(
        _stats.sync,
        "20 ids, 7 days, one placement; HOUR, DAY (the account's midnight), TOTAL;"
        " mobile conversions are null",
    ),
    ("GET", f"{_S}/active_entities"): Row(
        _stats.active_entities, "what had activity, by the hour, up to 90 days"
    ),
    ("GET", f"{_S}/reach/campaigns"): Row(
        _stats.reach("CAMPAIGN", "campaign_ids"), "different people per campaign"
    ),
    ("GET", f"{_S}/reach/funding_instruments"): Row(
        _stats.reach("FUNDING_INSTRUMENT", "funding_instrument_ids"),
        "different people per funding instrument",
    ),
    ("POST", _J): Row(
        _jobs.create,
        "90 days, 45 with segments (AGE, GENDER, PLATFORMS, CONVERSION_TAGS; METROS"
        " answers 501); 100 under way",
        _without("platform"),
    ),
    ("GET", _J): Row(_jobs.list_jobs, "moves jobs on; packed file with their figures"),
    ("DELETE", f"{_J}/{{job_id}}"): Row(_jobs.cancel, "while it is under way"),
}

OPERATIONS: Table = {
    **_ACCOUNTS,
    **_TREE,
    **_TARGETING,
    **_AUDIENCES,
    **_CREATIVES,
    **_STATS,
}
