"""
Publishing what is due and approved: each post at most once on each network.

Before a post leaves, the state store remembers durably that it is on its way. Where the
answer is lost the network is asked, if it can be; else a person has to look.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import attrs

from smmlib.deploy._guard import holder
from smmlib.errors import (
    Issue,
    Outcome,
    PermissionDeniedError,
    PlatformError,
    UnsupportedError,
    ValidationError,
)
from smmlib.model import PostState, Status, content_hash
from smmlib.ports import Action, Intent, Kind, Phase, PostReader, Tracked
from smmlib.workspace._approve import objection
from smmlib.workspace._media import media_issues
from smmlib.workspace._posts import Publication, Publications, PublishStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from smmlib.model import MediaPlan, Network, Post
    from smmlib.ports import (
        Clock,
        PostPublisher,
        PublishedPost,
        Result,
        State,
        StateStore,
    )

ACCOUNT = "posts"
"""
Where posts are filed in the state: beside the ad accounts, which know nothing of them.
"""

# A clock beside ours, or a network that rounds, may date a post a little earlier.
_SKEW = timedelta(minutes=2)
_NOT_MENDED = "nobody knows whether it was published: its answer was lost"


@attrs.frozen
class _Item:
    """
    One post on one network, with how to get there.
    """

    key: str
    post: Post
    network: Network
    publisher: PostPublisher | None

    @property
    def address(self) -> str:
        return f"posts.{self.key}"

    @property
    def tracked_key(self) -> str:
        return f"{self.network.value}/{ACCOUNT}/{self.address}#0"

    def row(
        self, status: PublishStatus, note: str = "", hint: str = "", **more: object
    ) -> Publication:
        return Publication(
            self.key,
            self.network,
            status,
            due=self.post.at,
            note=note,
            hint=hint,
            **more,  # type: ignore[arg-type]
        )


class Desk:
    """
    All posts of one plan, and the networks they go to.

    Args:
        plan: The plan.
        publishers: What publishes on each network.
        store: What was published before.
        clock: The present.
        folder: Where pictures are; beside the plan's file when left out.
    """

    def __init__(
        self,
        plan: MediaPlan,
        publishers: Mapping[Network, PostPublisher],
        store: StateStore,
        clock: Clock,
        *,
        folder: str = "",
    ) -> None:
        self._plan = plan
        self._folder = folder
        self._store = store
        self._clock = clock
        self._items = [
            _Item(key, post, network, publishers.get(network))
            for key, post in sorted(plan.posts.items(), key=_when)
            for network in post.networks
            if post.state is not PostState.ARCHIVED
        ]

    def standing(self, due: datetime) -> Publications:
        """
        How everything stands; nothing is sent or asked.
        """
        state = self._store.snapshot()
        return Publications(self._known(item, state, due) for item in self._items)

    def publish(self, due: datetime) -> Publications:
        """
        Send what is due and approved; everything else says why not.

        Raises:
            StateLockedError: Somebody else publishes or applies right now.
        """
        with self._store.lock(holder()):
            return Publications([self._handled(item, due) for item in self._items])

    def settle(self, key: str, network: Network, post_id: str) -> None:
        """
        Record what a person saw on a network after an answer was lost.

        Args:
            key: Key of the post.
            network: Where.
            post_id: Its id there; empty when it is not there.

        Raises:
            ValidationError: No outcome of this post is open there.
        """
        found = post_id.rstrip("/").rpartition("/")[2]  # people copy the address
        with self._store.lock(holder()):
            state = self._store.snapshot()
            for item in self._items:
                intent = _open(item, state)
                if (item.key, item.network) == (key, network) and intent:
                    if found:
                        self._settled(item, intent, found)
                    else:
                        self._failed(intent, "somebody looked: it is not there")
                    return
        raise ValidationError(
            [
                Issue(
                    f"posts.{key}",
                    "publish.not_open",
                    f"no outcome of post '{key}' on {network.value} is open",
                    hint="smm publish shows how every post stands",
                )
            ]
        )

    # -- how it stands -------------------------------------------------------------

    def _known(self, item: _Item, state: State, due: datetime) -> Publication:
        found = self._settled_row(item, state)
        if found is not None:
            return found
        if _open(item, state):
            return item.row(PublishStatus.UNKNOWN, _NOT_MENDED, self._mend_hint(item))
        note, hint = objection(self._plan, item.key, self._store)
        at = item.post.at
        if at is None or at > due:
            text = note if at else "; ".join(filter(None, ("it has no date", note)))
            return item.row(PublishStatus.WAITING, text, hint if note else "")
        if note:
            return item.row(PublishStatus.UNAPPROVED, note, hint)
        if item.publisher is None:
            return item.row(
                PublishStatus.REFUSED,
                f"nothing that publishes on {item.network.value} is connected",
                f"publish it by hand and write posts.{item.key}.state: published, or "
                "connect it in smm.toml",
            )
        return item.row(PublishStatus.DUE)

    @staticmethod
    def _settled_row(item: _Item, state: State) -> Publication | None:
        thing = state.resources.get(item.tracked_key)
        if thing is not None:
            return item.row(
                PublishStatus.PUBLISHED,
                post_id=thing.remote_id,
                published_at=thing.applied_at,
                url=str(thing.fields.get("url", "")),
            )
        if item.post.state is PostState.PUBLISHED:
            return item.row(PublishStatus.PUBLISHED, "by hand, as the plan says")
        return None

    def _mend_hint(self, item: _Item) -> str:
        name = f"{item.key}:{item.network.value}"
        if isinstance(item.publisher, PostReader):
            return "run it again: the network is asked before anything is sent"
        return (
            f"look there, then say what you see: smm publish --there {name}=ID, or "
            f"--not-there {name}"
        )

    # -- sending -------------------------------------------------------------------

    def _handled(self, item: _Item, due: datetime) -> Publication:
        state = self._store.snapshot()
        row = self._known(item, state, due)
        publisher = item.publisher
        if row.status is PublishStatus.UNKNOWN and publisher is not None:
            intent = _open(item, state)
            mended = self._mended(item, intent, publisher) if intent else row
            if mended is not None:
                return mended
            row = self._known(item, self._store.snapshot(), due)
        if row.status is not PublishStatus.DUE or publisher is None:
            return row
        refused = self._unfit(item)
        return refused or self._sent(item, publisher)

    def _mended(
        self, item: _Item, intent: Intent, publisher: PostPublisher
    ) -> Publication | None:
        """
        Look up a post whose answer was lost; None when it certainly is not there.
        """
        if not isinstance(publisher, PostReader):
            return item.row(PublishStatus.UNKNOWN, _NOT_MENDED, self._mend_hint(item))
        try:
            there = self._look(item, publisher, intent.sent_at)
        except PlatformError as error:
            note = f"{_NOT_MENDED}, and the network cannot be asked: {error.message}"
            return item.row(PublishStatus.UNKNOWN, note, error.hint)
        if there is not None:
            self._settled(item, intent, there.id, there)
            note = "found there; its answer had been lost"
            return self._row_of(item, there, note=note)
        until = intent.sent_at + publisher.capabilities.settle_window
        if self._clock.now() < until:
            return item.row(
                PublishStatus.UNKNOWN,
                "its answer was lost, and the network does not show it yet",
                f"run it again after {until:%H:%M:%S %Z}",
            )
        self._failed(intent, "looked up: it is not there")
        return None

    def _look(
        self, item: _Item, reader: PostReader, since: datetime
    ) -> PublishedPost | None:
        """
        The post as it stands there already, and is no other post of the plan.
        """
        ours = {
            thing.remote_id
            for thing in self._store.snapshot().resources.values()
            if thing.kind is Kind.POST and thing.platform == item.network.value
        }
        found = reader.find_posts(item.post, item.network, since=since - _SKEW)
        return next((post for post in found if post.id not in ours), None)

    def _unfit(self, item: _Item) -> Publication | None:
        """
        A refusal by what the network is known to take, before anything is sent.
        """
        part = attrs.evolve(
            item.post,
            networks=(item.network,),
            variants={k: v for k, v in item.post.variants.items() if k == item.network},
        )
        alone = attrs.evolve(self._plan, posts={item.key: part}, creatives={})
        for issue in _problems(alone, self._folder):
            return item.row(PublishStatus.REFUSED, issue.message, issue.hint)
        return None

    def _sent(self, item: _Item, publisher: PostPublisher) -> Publication:
        try:
            there = self._stands_already(item, publisher)
        except PlatformError as error:
            return _refused(item, error)
        intent = self._intent(item)
        self._store.intend([intent])
        if there is not None:
            self._settled(item, intent, there.id, there)
            return self._row_of(item, there, note="it stood there already")
        try:
            result = publisher.publish(item.post, item.network, marker=intent.marker)
        except PlatformError as error:
            return self._unsent(item, intent, publisher, error)
        if result.outcome is not Outcome.APPLIED or not result.remote_id:
            return self._unsent(item, intent, publisher, result.error, result)
        self._settled(item, intent, result.remote_id)
        row = self._read_back(item, publisher, result.remote_id, intent)
        # It stands there, and not quite as it was meant.
        flaw = result.error
        return attrs.evolve(row, note=flaw.message, hint=flaw.hint) if flaw else row

    def _stands_already(
        self, item: _Item, publisher: PostPublisher
    ) -> PublishedPost | None:
        """
        A state that was lost, or a colleague who was quicker: nobody posts it again.
        """
        if not isinstance(publisher, PostReader) or item.post.at is None:
            return None
        try:
            return self._look(item, publisher, item.post.at)
        except (PermissionDeniedError, UnsupportedError):
            return None  # it may post and not read: then the state alone knows

    def _unsent(
        self,
        item: _Item,
        intent: Intent,
        publisher: PostPublisher,
        error: PlatformError | None,
        result: Result | None = None,
    ) -> Publication:
        """
        Say what is known of a post that was not plainly published.
        """
        outcome = result.outcome if result else error.outcome if error else None
        if outcome is Outcome.NOT_APPLIED:
            self._failed(intent, error.message if error else "not published")
            return _refused(item, error)
        found = self._mended(item, intent, publisher)
        if found is None or found.status is not PublishStatus.UNKNOWN:
            return found or item.row(
                PublishStatus.REFUSED,
                "it did not arrive: the network was asked",
                "run it again",
            )
        why = f" ({error.message})" if error else ""
        return attrs.evolve(found, note=f"{found.note}{why}", sent=False)

    def _read_back(
        self, item: _Item, publisher: PostPublisher, post_id: str, intent: Intent
    ) -> Publication:
        """
        The post as the network shows it, where it can be read.
        """
        sent = item.row(
            PublishStatus.PUBLISHED,
            post_id=post_id,
            published_at=intent.sent_at,
            sent=True,
        )
        if not isinstance(publisher, PostReader):
            return sent
        try:
            there = publisher.read_post(post_id, item.network)
        except PlatformError as error:
            return attrs.evolve(sent, note=f"not read back: {error.message}")
        if there is None:
            return attrs.evolve(sent, note="the network does not show it yet")
        self._store.settle((), [_thing(item, intent, post_id, there)])
        return attrs.evolve(self._row_of(item, there), post_id=post_id, sent=True)

    # -- what is remembered --------------------------------------------------------

    def _intent(self, item: _Item) -> Intent:
        return Intent(
            uuid4().hex,
            "publish",
            address=item.address,
            platform=item.network.value,
            account=ACCOUNT,
            kind=Kind.POST,
            action=Action.PUBLISH,
            marker=f"{item.address}:{item.network.value}",
            payload_hash=content_hash(item.post),
            sent_at=self._clock.now(),
        )

    def _settled(
        self,
        item: _Item,
        intent: Intent,
        post_id: str,
        there: PublishedPost | None = None,
    ) -> None:
        done = attrs.evolve(intent, phase=Phase.DONE, remote_id=post_id)
        self._store.settle([done], [_thing(item, intent, post_id, there)])

    def _failed(self, intent: Intent, why: str) -> None:
        self._store.settle([attrs.evolve(intent, phase=Phase.FAILED, error=why)])

    @staticmethod
    def _row_of(item: _Item, there: PublishedPost, note: str = "") -> Publication:
        return item.row(
            PublishStatus.PUBLISHED,
            note,
            post_id=there.id,
            published_at=there.at,
            url=there.url,
        )


def _when(entry: tuple[str, Post]) -> tuple[bool, float]:
    at = entry[1].at
    return at is None, at.timestamp() if at else 0.0


def _open(item: _Item, state: State) -> Intent | None:
    wanted = (Kind.POST, item.address, item.network.value)
    return next(
        (
            intent
            for intent in state.open_intents
            if (intent.kind, intent.address, intent.platform) == wanted
        ),
        None,
    )


def _thing(
    item: _Item, intent: Intent, post_id: str, there: PublishedPost | None
) -> Tracked:
    """
    What is remembered of a published post.
    """
    return Tracked(
        item.address,
        item.network.value,
        account=ACCOUNT,
        kind=Kind.POST,
        remote_id=post_id,
        marker=intent.marker,
        fields={"url": there.url} if there and there.url else {},
        name=item.key,
        status=Status.ACTIVE,
        applied_at=(there.at if there else None) or intent.sent_at,
    )


def _problems(plan: MediaPlan, folder: str) -> Iterator[Issue]:
    """
    What stands in the way of the one post a plan is left with.
    """
    from smmlib.rules import RULES, check

    rules = [rule for rule in RULES if rule.code.startswith("post.")]
    yield from (i for i in check(plan, platforms=(), rules=rules) if i.is_error)
    yield from (i for i in media_issues(plan, folder) if i.is_error)


def _refused(item: _Item, error: PlatformError | None) -> Publication:
    if error is None:
        return item.row(PublishStatus.REFUSED, "it was refused", "run it again")
    return item.row(PublishStatus.REFUSED, error.message, error.hint)


def published_ids(state: State) -> dict[tuple[str, str], str]:
    """
    The ids of a plan's published posts, by key of the post and network.
    """
    return {
        (thing.address.removeprefix("posts."), thing.platform): thing.remote_id
        for thing in state.resources.values()
        if thing.kind is Kind.POST and thing.account == ACCOUNT
    }
