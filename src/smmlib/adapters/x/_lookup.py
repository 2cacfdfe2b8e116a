"""
Finding objects again: by id, and by the marker inside their names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from smmlib.adapters.x import _tables as tables
from smmlib.adapters.x._build import CARDS, card_marker, split_name
from smmlib.adapters.x._normal import ad_parts, is_id
from smmlib.adapters.x._parse import (
    Promotion,
    ad_of,
    campaign_of,
    line_item_of,
    tweet_id,
)
from smmlib.ports import Kind, Remote

if TYPE_CHECKING:
    from smmlib.adapters.x._api import XApi
    from smmlib.ports import Clock

Raw = dict[str, Any]
Pair = tuple[str, str]

_EARLY = datetime(1970, 1, 1, tzinfo=UTC)


class Lookup:
    """
    Reads objects of one ad account.
    """

    def __init__(self, api: XApi, clock: Clock) -> None:
        self._api = api
        self._clock = clock

    def read(self, kind: Kind, ids: Iterable[str]) -> dict[str, Remote]:
        """
        Objects by id; ids that do not exist (any more) are left out.
        """
        wanted = tuple(dict.fromkeys(i for i in ids if i))
        if kind is Kind.MEDIA:
            found = self._library(wanted)
        elif kind is Kind.AD:
            found = self._ads(wanted)
        else:
            found = {r.id: r for r in self._by_id(kind, wanted)}
        return {i: found[i] for i in wanted if i in found}

    def find(self, kind: Kind, markers: Iterable[str]) -> tuple[Remote, ...]:
        """
        Live objects that carry one of these markers, oldest first.

        Posts that were there before carry none; whoever promotes them knows their ids.
        """
        wanted = frozenset(m for m in markers if m)
        if not wanted:
            return ()
        if kind is Kind.MEDIA:
            found = [r for r in self._library().values() if r.marker in wanted]
        elif kind is Kind.AD:
            found = self._marked_ads(wanted)
        else:
            rows = [
                row
                for row in self.every(kind)
                if split_name(row.get("name")).marker in wanted
            ]
            found = list(self._remotes(kind, rows))
        return tuple(sorted(found, key=_age))

    # -- campaigns and line items --------------------------------------------------

    def rows(self, kind: Kind, ids: Iterable[str]) -> dict[str, Raw]:
        """
        Raw campaigns or line items by id; deleted ones are left out.
        """
        usable = [i for i in ids if is_id(i)]
        found = self._api.chosen(
            tables.COLLECTIONS[kind],
            tables.FILTERS[kind],
            usable,
            with_draft=True,
            count=tables.PAGE,
        )
        return {str(row["id"]): row for row in found}

    def every(self, kind: Kind, *, deleted: bool = False) -> Iterator[Raw]:
        """
        Raw campaigns or line items of the whole account, all pages.
        """
        more = {"with_deleted": True} if deleted else {}
        return self._api.rows(
            tables.COLLECTIONS[kind], count=tables.PAGE, with_draft=True, **more
        )

    def criteria(self, line_items: Iterable[str]) -> dict[str, list[Raw]]:
        """
        Criteria by line item.
        """
        found: dict[str, list[Raw]] = defaultdict(list)
        rows = self._api.chosen(
            "targeting_criteria", "line_item_ids", line_items, count=tables.PAGE
        )
        for row in rows:
            found[str(row.get("line_item_id"))].append(row)
        return found

    def _by_id(self, kind: Kind, ids: tuple[str, ...]) -> Iterator[Remote]:
        """
        Campaigns or line items by id; criteria are read at the same time.
        """
        if kind is Kind.CAMPAIGN:
            return self._remotes(kind, list(self.rows(kind, ids).values()), {})
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(self.criteria, [own for own in ids if is_id(own)])
            rows = list(self.rows(kind, ids).values())
            return self._remotes(kind, rows, asked.result())

    def _remotes(
        self,
        kind: Kind,
        rows: list[Raw],
        criteria: Mapping[str, list[Raw]] | None = None,
    ) -> Iterator[Remote]:
        if kind is Kind.CAMPAIGN:
            yield from map(campaign_of, rows)
            return
        if criteria is None:
            criteria = self.criteria(str(row["id"]) for row in rows)
        now = self._clock.now()
        for row in rows:
            yield line_item_of(row, criteria.get(str(row["id"]), []), now)

    # -- ads -----------------------------------------------------------------------

    def tweets(self, ids: Iterable[str]) -> dict[str, Raw]:
        """
        Raw posts by id, whether timelines show them or not.
        """
        found = self._api.chosen(
            "tweets",
            "tweet_ids",
            ids,
            tweet_type="PUBLISHED",
            timeline_type="ALL",
            count=tables.PAGE,
        )
        return {tweet_id(row): row for row in found}

    def promotions(
        self, line_items: Iterable[str], *, deleted: bool = False
    ) -> Iterator[Raw]:
        """
        Raw promotions of some line items.
        """
        more = {"with_deleted": True} if deleted else {}
        return self._api.chosen(
            "promoted_tweets", "line_item_ids", line_items, count=tables.PAGE, **more
        )

    def promoted(self, line_items: Iterable[str]) -> dict[Pair, Raw]:
        """
        Promotions that live, by line item and post.
        """
        return {
            (str(row["line_item_id"]), str(row["tweet_id"])): row
            for row in self.promotions(line_items)
        }

    def made(self) -> Iterator[Raw]:
        """
        Raw posts that only ads show, all pages.
        """
        return self._api.rows(
            "tweets",
            tweet_type="PUBLISHED",
            timeline_type="NULLCAST",
            count=tables.PAGE,
        )

    def cards(self) -> dict[str, Raw]:
        """
        Raw cards that smmlib made, by the marker of their ad.
        """
        rows = self._api.rows("cards", q=CARDS, count=tables.CARDS_PAGE)
        return {mark: row for row in rows if (mark := card_marker(row.get("name")))}

    def _ads(self, ids: Iterable[str]) -> dict[str, Remote]:
        pairs = [pair for one in ids if (pair := ad_parts(one)) is not None]
        with ThreadPoolExecutor(1) as pool:
            above = pool.submit(self._above, [line for line, _ in pairs])
            tweets = self.tweets(tweet for _, tweet in pairs)
            lines = above.result()
        there = [(line, tweets[tweet]) for line, tweet in pairs if tweet in tweets]
        return {remote.id: remote for remote in self._composed(there, lines)}

    def _marked_ads(self, markers: frozenset[str]) -> list[Remote]:
        there = [
            (named.line_item, row)
            for row in self.made()
            for named in (split_name(row.get("name")),)
            if named.marker in markers and named.line_item
        ]
        lines = self._above([line for line, _ in there])
        return list(self._composed(there, lines))

    def _above(self, line_items: list[str]) -> tuple[dict[str, Raw], dict[Pair, Raw]]:
        """
        Line items and what they promote, read at the same time.
        """
        ids = list(dict.fromkeys(line_items))
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(self.promoted, ids)
            return self.rows(Kind.AD_SET, ids), running.result()

    def _composed(
        self,
        pairs: list[tuple[str, Raw]],
        above: tuple[dict[str, Raw], dict[Pair, Raw]],
    ) -> Iterator[Remote]:
        """
        Ads of posts and line items, with what promotes them and their cards.
        """
        lines, promoted = above
        cards = self._cards_of([tweet for _, tweet in pairs])
        there = [(line, tweet) for line, tweet in pairs if line in lines]
        for line, tweet in there:
            own = tweet_id(tweet)
            yield ad_of(
                Promotion(
                    line,
                    tweet,
                    promoted.get((line, own)),
                    lines[line],
                    cards.get(own),
                )
            )

    def _cards_of(self, tweets: Iterable[Mapping[str, Any]]) -> dict[str, Raw]:
        """
        The cards of our posts, by post.

        X's documented answer names no card of a post: then it is known by the marker
        that both carry.
        """
        found: dict[str, Raw] = {}
        told: dict[str, str] = {}
        silent: dict[str, str] = {}
        for row in tweets:
            marker = split_name(row.get("name")).marker
            if not marker:
                continue
            if "card_uri" not in row:
                silent[tweet_id(row)] = marker
            elif row["card_uri"]:
                told[tweet_id(row)] = str(row["card_uri"])
        rows = self._api.chosen(
            "cards", "card_uris", told.values(), count=tables.CARDS_PAGE
        )
        by_uri = {str(row.get("card_uri")): row for row in rows}
        found |= {own: by_uri[uri] for own, uri in told.items() if uri in by_uri}
        if silent:
            ours = self.cards()
            found |= {own: ours[m] for own, m in silent.items() if m in ours}
        return found

    # -- uploads -------------------------------------------------------------------

    def _library(self, ids: tuple[str, ...] | None = None) -> dict[str, Remote]:
        if ids == ():
            return {}
        rows = self._api.rows("media_library", count=tables.LIBRARY_PAGE)
        found = {}
        for row in rows:
            own = str(row.get("media_key") or "")
            if own and (ids is None or own in ids) and not row.get("deleted"):
                named = split_name(row.get("name"))
                found[own] = Remote(
                    Kind.MEDIA, own, marker=named.marker, name=named.name
                )
        return found


def _age(remote: Remote) -> tuple[datetime, int, str]:
    return remote.created_at or _EARLY, len(remote.id), remote.id
