"""
Ads: a card, a post that only ads show, and the promotion that shows it.

X knows no paused promotion: one that exists runs as soon as its line item does. So an
ad is set up as a post that says in its name what it is for, and is promoted when it is
activated, up to 50 posts of a line item in one request.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from smmlib.adapters.x import _tables as tables
from smmlib.adapters.x._api import Body, chunks
from smmlib.adapters.x._build import (
    GONE,
    Named,
    card_body,
    card_name,
    marked_name,
    post_params,
    split_name,
)
from smmlib.adapters.x._errors import DUPLICATE
from smmlib.adapters.x._normal import ad_id, ad_parts, media_of, text_of
from smmlib.adapters.x._parse import tweet_id
from smmlib.errors import (
    InvalidRequestError,
    NotFoundError,
    Outcome,
    PlatformError,
    UnexpectedResponseError,
)
from smmlib.ports import Action, Kind, Operation

if TYPE_CHECKING:
    from smmlib.adapters.x._api import XApi
    from smmlib.adapters.x._lookup import Lookup

Answer = str | PlatformError
Pair = tuple[str, str]


class AdWriter:
    """
    Makes, names and promotes posts.

    Args:
        api: The ad account.
        lookup: Reads it.
        user: Gives the id of the user posts speak for.
    """

    def __init__(self, api: XApi, lookup: Lookup, user: Callable[[], str]) -> None:
        self._api = api
        self._lookup = lookup
        self._user = user

    def run(self, action: Action, operations: list[Operation]) -> list[Answer]:
        """
        One answer for each operation, all of one action.
        """
        if action is Action.CREATE:
            return self._create(operations)
        found = self._known(operations)
        ready = [o for o in operations if o.address not in found]
        if action is Action.UPDATE:
            found |= _by_address(ready, self._side_by_side(self._rename, ready))
        elif action is Action.ACTIVATE:
            found |= self._promote(ready)
        else:
            found |= self._stop(ready)
            if action is Action.ARCHIVE:
                found |= self._retire([o for o in ready if _fine(found, o)])
        return [found[operation.address] for operation in operations]

    def _known(self, operations: Sequence[Operation]) -> dict[str, Answer]:
        """
        Answers of operations whose id is none of ours.
        """
        return {
            o.address: NotFoundError(
                f"{o.remote_id!r} is no ad of X",
                platform="x",
                operation=f"{o.action.value} ad",
            )
            for o in operations
            if ad_parts(o.remote_id) is None
        }

    def _side_by_side(
        self, act: Callable[[Operation], Answer], operations: list[Operation]
    ) -> list[Answer]:
        """
        One request each, several in flight: X has no batch for these.
        """
        if len(operations) <= 1:
            return [act(operation) for operation in operations]
        with ThreadPoolExecutor(min(tables.TOGETHER, len(operations))) as pool:
            return list(pool.map(act, operations))

    # -- creating ------------------------------------------------------------------

    def _create(self, operations: list[Operation]) -> list[Answer]:
        # A post that is there needs nothing before it is promoted.
        found: dict[str, Answer] = {
            o.address: ad_id(str(o.fields["line_item_id"]), str(o.fields["tweet_id"]))
            for o in operations
            if "tweet_id" in o.fields
        }
        new = [o for o in operations if o.address not in found]
        if new:
            found |= self._new(new)
        return [found[operation.address] for operation in operations]

    def _new(self, operations: list[Operation]) -> dict[str, Answer]:
        try:
            user = self._user()
            carded = any("card" in o.fields for o in operations)
            cards = self._lookup.cards() if carded else {}
        except PlatformError as error:
            return {o.address: copy.copy(error) for o in operations}

        def make(operation: Operation) -> Answer:
            try:
                return self._post(operation, user, cards)
            except PlatformError as error:
                return error

        return _by_address(operations, self._side_by_side(make, operations))

    def _post(
        self, operation: Operation, user: str, cards: Mapping[str, Body]
    ) -> Answer:
        """
        Make the card, unless a former try left it, then the post.

        Raises:
            PlatformError: One of them was refused or is uncertain.
        """
        uri = None
        if "card" in operation.fields:
            card = cards.get(operation.marker)
            if card is None:
                name = card_name(operation.marker, operation.name)
                card = self._api.json(
                    "cards", card_body(operation.fields["card"], name)
                )
            uri = str(card["card_uri"])
        line_item = str(operation.fields["line_item_id"])
        try:
            rows = self._api.post("tweet", **post_params(operation, user, uri))
        except PlatformError as error:
            if error.code != DUPLICATE:
                raise
            return self._twin(operation, line_item, uri) or error
        return ad_id(line_item, tweet_id(rows[0]))

    def _twin(self, operation: Operation, line_item: str, card: str | None) -> Answer:
        """
        The post X calls a duplicate: of a former try, or of an ad this one replaces.

        X takes the same post once, so a post whose ad was archived, or stands in an ad
        set of the same name, gets our marker and is shown again. Others' stay theirs.
        """
        rows = [row for row in self._lookup.made() if _says(row, operation, card)]
        named = [(tweet_id(row), split_name(row.get("name"))) for row in rows]
        for tweet, own in named:
            if (own.marker, own.line_item) == (operation.marker, line_item):
                return ad_id(line_item, tweet)
        free = self._free([own for _, own in named], line_item)
        for tweet, own in named:
            if own in free:
                name = marked_name(operation.name, operation.marker, line_item)
                self._api.put(f"tweets/{tweet}/name", name=name)
                return ad_id(line_item, tweet)
        return ""

    def _free(self, named: list[Named], line_item: str) -> list[Named]:
        """
        Names of posts that no other ad needs.
        """
        ours = [own for own in named if own.marker]
        if not ours:
            return []
        ids = [line_item, *(own.line_item for own in ours)]
        lines = self._lookup.rows(Kind.AD_SET, ids)
        titles = {i: split_name(row.get("name")).name for i, row in lines.items()}
        return [
            own
            for own in ours
            if own.marker == GONE
            or titles.get(own.line_item) in {None, titles.get(line_item)}
        ]

    # -- promoting -----------------------------------------------------------------

    def _promote(self, operations: list[Operation]) -> dict[str, Answer]:
        """
        Promote what is not promoted yet; a lost answer is settled by reading.
        """
        if not operations:
            return {}
        try:
            there = self._lookup.promoted(_lines(operations))
        except PlatformError as error:
            return {o.address: copy.copy(error) for o in operations}
        due: dict[str, list[Operation]] = {}
        for operation in operations:
            pair = _pair(operation)
            if pair not in there:
                due.setdefault(pair[0], []).append(operation)
        parts = [
            (line, part)
            for line, some in due.items()
            for part in chunks(some, tables.PROMOTED)
        ]
        found: dict[str, Answer] = {o.address: o.remote_id for o in operations}
        with ThreadPoolExecutor(min(tables.TOGETHER, max(1, len(parts)))) as pool:
            for answers in pool.map(lambda row: self._part(*row), parts):
                found |= answers
        return found

    def _part(
        self, line_item: str, operations: Sequence[Operation]
    ) -> dict[str, Answer]:
        tweets = [_pair(operation)[1] for operation in operations]
        try:
            rows = self._api.post(
                "promoted_tweets", line_item_id=line_item, tweet_ids=tweets
            )
        except PlatformError as error:
            return self._settle(line_item, operations, error)
        told = {str(row.get("tweet_id")) for row in rows}
        missing = UnexpectedResponseError(
            "a promotion was answered without one of its posts",
            platform="x",
            operation="POST promoted_tweets",
            outcome=Outcome.UNKNOWN,
        )
        return {
            o.address: o.remote_id if _pair(o)[1] in told else copy.copy(missing)
            for o in operations
        }

    def _settle(
        self, line_item: str, operations: Sequence[Operation], error: PlatformError
    ) -> dict[str, Answer]:
        """
        What of a request stands there although its answer was lost.
        """
        there: Mapping[Pair, Any] = {}
        if error.outcome is Outcome.UNKNOWN:
            try:
                there = self._lookup.promoted([line_item])
            except PlatformError:
                # It cannot be looked up either: the first error says what is known.
                there = {}
        return {
            o.address: o.remote_id if _pair(o) in there else copy.copy(error)
            for o in operations
        }

    # -- stopping ------------------------------------------------------------------

    def _stop(self, operations: list[Operation]) -> dict[str, Answer]:
        """
        Take promotions away, which is how X pauses one.
        """
        if not operations:
            return {}
        try:
            there = self._lookup.promoted(_lines(operations))
        except PlatformError as error:
            return {o.address: copy.copy(error) for o in operations}

        def drop(operation: Operation) -> Answer:
            row = there.get(_pair(operation))
            try:
                if row is not None:
                    self._api.delete(f"promoted_tweets/{row['id']}")
            except NotFoundError:
                return operation.remote_id
            except PlatformError as error:
                return error
            return operation.remote_id

        return _by_address(operations, self._side_by_side(drop, operations))

    def _retire(self, operations: list[Operation]) -> dict[str, Answer]:
        """
        Take our marker off posts whose ads are archived; posts themselves stay on X.
        """
        try:
            there = self._lookup.tweets(_pair(o)[1] for o in operations)
        except PlatformError as error:
            return {o.address: copy.copy(error) for o in operations}

        def mark(operation: Operation) -> Answer:
            line_item, tweet = _pair(operation)
            named = split_name(there.get(tweet, {}).get("name"))
            if not named.marker or named.line_item != line_item:
                return operation.remote_id
            name = marked_name(named.name, GONE, line_item)
            return self._named(operation, tweet, name)

        return _by_address(operations, self._side_by_side(mark, operations))

    # -- naming --------------------------------------------------------------------

    def _rename(self, operation: Operation) -> Answer:
        """
        Give a post its new name; what it shows never changes.
        """
        line_item, tweet = _pair(operation)
        if operation.fields:
            return InvalidRequestError(
                "what a post shows never changes on X",
                platform="x",
                operation="update ad",
                fields=tuple(operation.fields),
                hint="a new ad takes its place when the plan is applied",
            )
        if not operation.name:
            return operation.remote_id
        name = marked_name(operation.name, operation.marker, line_item)
        return self._named(operation, tweet, name)

    def _named(self, operation: Operation, tweet: str, name: str) -> Answer:
        try:
            self._api.put(f"tweets/{tweet}/name", name=name)
        except PlatformError as error:
            return error
        return operation.remote_id


def _pair(operation: Operation) -> Pair:
    """
    Line item and post of an ad.
    """
    found = ad_parts(operation.remote_id)
    assert found is not None  # noqa: S101 - others were sorted out before
    return found


def _says(row: Body, operation: Operation, card: str | None) -> bool:
    """
    Whether a post says and shows what an ad is to say and show.
    """
    fields = operation.fields
    return (
        text_of(row) == str(fields.get("text") or "")
        and media_of(row) == [str(key) for key in fields.get("media") or ()]
        and ("card_uri" not in row or (row["card_uri"] or None) == card)
    )


def _lines(operations: Sequence[Operation]) -> Iterator[str]:
    yield from dict.fromkeys(_pair(operation)[0] for operation in operations)


def _by_address(
    operations: Sequence[Operation], answers: Sequence[Answer]
) -> dict[str, Answer]:
    return {o.address: a for o, a in zip(operations, answers, strict=True)}


def _fine(found: Mapping[str, Answer], operation: Operation) -> bool:
    return isinstance(found[operation.address], str)
