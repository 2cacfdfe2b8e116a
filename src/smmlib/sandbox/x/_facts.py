"""
From X's objects to the world's facts: what the market sees of a promoted post.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from smmlib.sandbox import _world as people
from smmlib.sandbox.x._audience_size import ages_of, countries_of, genders_of, size_of
from smmlib.sandbox.x._media import kind_of, known_media
from smmlib.sandbox.x._money import major
from smmlib.sandbox.x._status import children
from smmlib.sandbox.x._store import stable_hex
from smmlib.sandbox.x._tables import GOAL_IN_WORLD
from smmlib.sandbox.x._tweets import URL

if TYPE_CHECKING:
    from smmlib.sandbox.x._audience_size import Criterion
    from smmlib.sandbox.x._store import Record, Store

Data = dict[str, Any]


def post_facts(store: Store, promoted: Record, sizes: dict[str, int]) -> Data:
    """
    The facts of one promoted post as plain JSON, ready to be kept as a version.

    Args:
        store: All objects.
        promoted: The promotion.
        sizes: Sizes of audiences by line item, as far as they were counted.
    """
    line_item = store.get("line_item", promoted.data["line_item_id"])
    campaign = store.get("campaign", promoted.data["campaign_id"])
    tweet = store.get("tweet", promoted.data["tweet_id"])
    if line_item is None or campaign is None or tweet is None:
        return {}
    criteria = criteria_of(store, line_item)
    if line_item.id not in sizes:
        sizes[line_item.id] = size_of(store, criteria)
    currency = store.accounts[promoted.account].currency
    manual = line_item.data["bid_strategy"] != "AUTO"
    bid = major(line_item.data["bid_amount_local_micro"], currency) if manual else None
    card = card_of(store, tweet)
    return {
        "audience_size": sizes[line_item.id],
        "bid": None if bid is None else str(bid),
        "goal": GOAL_IN_WORLD[line_item.data["goal"]],
        "creative_key": _creative_key(tweet),
        "text_length": len(tweet.data["text"]),
        "cards": _cards(card),
        "countries": list(countries_of(criteria)),
        "ages": list(ages_of(criteria)),
        "genders": list(genders_of(criteria)),
        "landing_url": landing_of(tweet, card),
        "ad_name": tweet.data["name"] or tweet.data["text"][:80],
        "ad_set_name": line_item.data["name"] or line_item.id,
        "campaign_name": campaign.data["name"],
    }


def as_ad_facts(promoted: Record, facts: Data, **extra: Any) -> people.AdFacts:
    """
    A kept version as the value that the simulation reads.
    """
    bid = facts["bid"]
    return people.AdFacts(
        promoted.id,
        promoted.data["line_item_id"],
        campaign_id=promoted.data["campaign_id"],
        networks=("x",),
        **{
            **facts,
            "bid": None if bid is None else Decimal(bid),
            "countries": tuple(facts["countries"]),
            "ages": tuple(facts["ages"]),
            "genders": tuple(facts["genders"]),
        },
        **extra,
    )


def criteria_of(store: Store, line_item: Record) -> list[Criterion]:
    """
    The living criteria of a line item as type, operator, value.
    """
    return [
        (
            one.data["targeting_type"],
            one.data["operator_type"],
            one.data["targeting_value"],
        )
        for one in children(store, line_item.id, "targeting_criterion")
    ]


def card_of(store: Store, tweet: Record) -> Record | None:
    """
    The card a post carries.
    """
    uri = tweet.data["card_uri"]
    return store.get("card", uri.removeprefix("card://")) if uri else None


def has_video(store: Store, tweet: Record) -> bool:
    """
    Whether a post shows a film, itself or on its card.
    """
    card = card_of(store, tweet)
    if card is not None and card.data["card_type"].startswith("VIDEO"):
        return True
    found = [known_media(store, key) for key in tweet.data["media_keys"]]
    return any(one is not None and kind_of(one) == "VIDEO" for one in found)


def landing_of(tweet: Record, card: Record | None) -> str:
    """
    Where a click leads: the card's website, otherwise the first address of the text.
    """
    for address in _addresses(card):
        return address
    found = URL.search(tweet.data["text"])
    return found.group(0) if found else ""


def _addresses(card: Record | None) -> list[str]:
    if card is None:
        return []
    parts = list(card.data["components"] or ())
    for slide in card.data["slides"] or ():
        parts.extend(slide)
    targets = [part.get("destination") or {} for part in parts]
    return [str(target["url"]) for target in targets if "url" in target]


def _cards(card: Record | None) -> int:
    if card is None:
        return 0
    if card.data["slides"]:
        return len(card.data["slides"])
    first = card.data["components"][0]
    return len(first.get("media_keys") or (1,))


def _creative_key(tweet: Record) -> str:
    # Not by the keys of its media: those depend on which upload arrived first.
    data = tweet.data
    return stable_hex(16, data["text"], data["card_uri"], len(data["media_keys"]))
