"""
The contract of what publishes posts, as a test class: scenarios 7xx.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

from smmlib.errors import Outcome, PlatformError, RateLimitError, UnsupportedError
from smmlib.model import Flight, Image, Network, Post
from smmlib.ports import (
    GrowthSource,
    PostEditor,
    PostPublisher,
    PostReader,
    PublishedPost,
    Result,
)
from smmlib.testing._conformance_base import Gaps

_LINE = "organic"
_LONGEST = 99_999
_THREADS = 4


class PostPublisherConformance(Gaps):
    """
    What everything that publishes posts must do; the docstrings are the claims.

    Example:
        ```python
        class TestMyChannel(PostPublisherConformance):
            never = {"test_713_a_post_is_read_back": "bots cannot read a channel"}

            @pytest.fixture
            def publisher(self):
                return MyChannel(service, "t0ken")

            @pytest.fixture
            def standing(self, service):
                return lambda: [post.text for post in service.posts]
        ```

    `publisher` and `standing` must be overridden; `network`, `post`, `trouble`,
    `writes`, `settle`, `now`, `secrets` and `unknown_id` where the defaults do not fit.
    Gaps are declared as for an ad platform: `notimpl`, `notyet`, `never`.
    """

    @pytest.fixture
    def publisher(self) -> PostPublisher:
        """
        The adapter, connected to an empty page or channel. Override this.
        """
        pytest.fail("override the fixture 'publisher': a PostPublisher on a fresh page")

    @pytest.fixture
    def standing(self) -> Callable[[], list[str]]:
        """
        Tells the texts that stand there, oldest first, by another way. Override this.
        """
        pytest.fail("override the fixture 'standing': the texts that stand there")

    @pytest.fixture
    def network(self, publisher: PostPublisher) -> Network:
        """
        Where is posted; the platform's first network.
        """
        return publisher.capabilities.networks[0]

    @pytest.fixture
    def post(self, network: Network) -> Post:
        """
        What is posted. Override it where a bare text is not enough.
        """
        return Post(_LINE, "We are open. The first cup is on us.", networks=[network])

    @pytest.fixture
    def trouble(self) -> Callable[[str], object] | None:
        """
        Plans what happens to the next post that is sent, or None where nothing can be.

        `unreachable`: no connection; `lost_before`: the answer is lost and nothing was
        posted; `lost_after`: it is lost and the post stands; `too_fast`: refused, with
        the moment from which it may be tried again. Without it four scenarios are
        skipped.
        """
        return None

    @pytest.fixture
    def writes(self) -> Callable[[], int] | None:
        """
        A function that counts the writes the platform received so far, or None.
        """
        return None

    @pytest.fixture
    def settle(self) -> Callable[[], object]:
        """
        Waits until what was just posted can be read. Override it for slow platforms.
        """
        return lambda: None

    @pytest.fixture
    def now(self) -> datetime:
        """
        The present on the platform's clock. Override it for emulated platforms.
        """
        return datetime.now(UTC)

    @pytest.fixture
    def secrets(self) -> tuple[str, ...]:
        """
        Texts that must never be seen: the token. Override it.
        """
        return ()

    @pytest.fixture
    def unknown_id(self) -> str:
        """
        An id in the platform's own form that belongs to nothing.
        """
        return "990000000000001"

    # -- what it is ----------------------------------------------------------------

    def test_701_it_says_that_it_publishes(self, publisher: PostPublisher) -> None:
        """
        It has every method of the port, a name, networks, and declares to publish.
        """
        assert isinstance(publisher, PostPublisher)
        assert publisher.name == publisher.name.strip().casefold() != ""
        assert publisher.capabilities.publishes
        assert publisher.capabilities.networks
        assert publisher.capabilities == publisher.capabilities

    # -- sending -------------------------------------------------------------------

    def test_702_a_post_stands_there_once(
        self,
        publisher: PostPublisher,
        network: Network,
        post: Post,
        standing: Callable[[], list[str]],
    ) -> None:
        """
        What is published is applied, has an id, and is what people read, once.
        """
        result = publisher.publish(post, network, marker="posts.a")

        assert (Outcome.APPLIED, "posts.a") == (result.outcome, result.address)
        assert result.remote_id
        assert [post.text] == standing()

    def test_703_two_posts_are_two(
        self,
        publisher: PostPublisher,
        network: Network,
        post: Post,
        standing: Callable[[], list[str]],
    ) -> None:
        """
        Each post has an id of its own, and they stand in the order they were sent.
        """
        other = attrs.evolve(post, text="Closed on Monday.")
        ids = [
            publisher.publish(p, network, marker=f"posts.{n}").remote_id
            for n, p in enumerate((post, other))
        ]

        assert len(ids) == len(set(ids))
        assert [post.text, other.text] == standing()

    def test_704_a_network_gets_its_own_words(
        self,
        publisher: PostPublisher,
        network: Network,
        post: Post,
        standing: Callable[[], list[str]],
    ) -> None:
        """
        The variant for the network is what people read there.
        """
        own = attrs.evolve(post, variants={network.value: "Only for you."})

        publisher.publish(own, network, marker="posts.a")

        assert ["Only for you."] == standing()

    def test_705_hard_characters_arrive_as_typed(
        self,
        publisher: PostPublisher,
        network: Network,
        post: Post,
        standing: Callable[[], list[str]],
    ) -> None:
        """
        Brackets, hashes, quotes, signs and other scripts break nothing.
        """
        text = '5 < 6 & "7" > 4! (yes) [no] {x} #1 @nobody 50% c:\\d e=f | ☕ Кофе 咖啡'
        hard = attrs.evolve(post, text=text)

        result = publisher.publish(hard, network, marker="posts.a")

        assert Outcome.APPLIED is result.outcome
        assert [text] == standing()

    # -- when it goes wrong --------------------------------------------------------

    def test_706_a_lost_answer_is_never_sent_again(
        self,
        publisher: PostPublisher,
        network: Network,
        post: Post,
        standing: Callable[[], list[str]],
        trouble: Callable[[str], object] | None,
    ) -> None:
        """
        A post that arrived without an answer stands once, found or of unknown outcome.
        """
        _plan(trouble, "lost_after")

        result = publisher.publish(post, network, marker="posts.a")

        assert result.outcome in {Outcome.UNKNOWN, Outcome.APPLIED}
        assert (result.outcome is Outcome.APPLIED) is bool(result.remote_id)
        assert [post.text] == standing()

    def test_707_what_may_not_have_arrived_is_not_repeated(
        self,
        publisher: PostPublisher,
        network: Network,
        post: Post,
        standing: Callable[[], list[str]],
        trouble: Callable[[str], object] | None,
    ) -> None:
        """
        Without an answer nobody knows: it is not called published and not sent again.
        """
        _plan(trouble, "lost_before")

        result = publisher.publish(post, network, marker="posts.a")

        assert result.outcome is not Outcome.APPLIED
        assert isinstance(result.error, PlatformError)
        assert [] == standing()

    def test_708_no_connection_means_not_published(
        self,
        publisher: PostPublisher,
        network: Network,
        post: Post,
        standing: Callable[[], list[str]],
        trouble: Callable[[str], object] | None,
    ) -> None:
        """
        Where nothing left this computer, nothing was posted, and that is known.
        """
        _plan(trouble, "unreachable")

        result = publisher.publish(post, network, marker="posts.a")

        assert Outcome.NOT_APPLIED is result.outcome
        assert [] == standing()

    def test_709_a_pause_that_is_asked_for_is_kept(
        self,
        publisher: PostPublisher,
        network: Network,
        post: Post,
        standing: Callable[[], list[str]],
        trouble: Callable[[str], object] | None,
    ) -> None:
        """
        Refused for being too fast it waits and posts once, or says when to come back.
        """
        _plan(trouble, "too_fast")

        result = publisher.publish(post, network, marker="posts.a")

        if result.outcome is Outcome.APPLIED:
            assert [post.text] == standing()
        else:
            assert Outcome.NOT_APPLIED is result.outcome
            assert isinstance(result.error, RateLimitError)
            assert [] == standing()

    # -- what is refused -----------------------------------------------------------

    def test_710_what_is_too_long_never_leaves(
        self,
        publisher: PostPublisher,
        network: Network,
        post: Post,
        writes: Callable[[], int] | None,
    ) -> None:
        """
        A text beyond the network's limit is refused with the limit, before it is sent.
        """
        long = attrs.evolve(post, text="a" * _LONGEST)

        error = _refused(publisher, long, network, writes)

        assert any(character.isdigit() for character in error.message)

    def test_711_a_missing_file_never_leaves(
        self,
        publisher: PostPublisher,
        network: Network,
        post: Post,
        writes: Callable[[], int] | None,
    ) -> None:
        """
        A picture that is not there is refused before anything is sent.
        """
        lost = attrs.evolve(post, media=[Image("there-is-no-such.png")])

        _refused(publisher, lost, network, writes)

    def test_712_other_networks_are_refused(
        self,
        publisher: PostPublisher,
        post: Post,
        writes: Callable[[], int] | None,
    ) -> None:
        """
        It posts on its own networks and on no other.
        """
        foreign = next(n for n in Network if n not in publisher.capabilities.networks)
        moved = attrs.evolve(post, networks=[foreign])

        error = _refused(publisher, moved, foreign, writes)

        assert isinstance(error, UnsupportedError)

    # -- what stands there ---------------------------------------------------------

    def test_713_a_post_is_read_back(
        self,
        publisher: PostPublisher,
        network: Network,
        post: Post,
        settle: Callable[[], object],
        unknown_id: str,
    ) -> None:
        """
        By its id it says where it stands and what it says; nothing is made up.
        """
        reader = _offers(publisher, PostReader)
        posted = publisher.publish(post, network, marker="posts.a").remote_id
        settle()

        found = reader.read_post(posted, network)

        assert isinstance(found, PublishedPost)
        assert (posted, network) == (found.id, found.network)
        assert post.text == found.text
        assert found.at is None or found.at.tzinfo is not None
        assert None is reader.read_post(unknown_id, network)

    def test_714_a_post_is_found_by_its_words(
        self,
        publisher: PostPublisher,
        network: Network,
        post: Post,
        settle: Callable[[], object],
        now: datetime,
    ) -> None:
        """
        It is found among others since its moment; not another text, and not later.
        """
        reader = _offers(publisher, PostReader)
        other = attrs.evolve(post, text="Closed on Monday.")
        ids = [
            publisher.publish(p, network, marker=f"posts.{n}").remote_id
            for n, p in enumerate((other, post))
        ]
        settle()
        since = now - timedelta(minutes=5)

        found = reader.find_posts(post, network, since=since)
        missing = attrs.evolve(post, text="Nobody wrote this.")

        assert [ids[1]] == [there.id for there in found]
        assert () == reader.find_posts(missing, network, since=since)
        assert () == reader.find_posts(post, network, since=now + timedelta(days=30))

    def test_715_a_lost_post_is_found(  # noqa: PLR0917 - fixtures
        self,
        publisher: PostPublisher,
        network: Network,
        post: Post,
        settle: Callable[[], object],
        trouble: Callable[[str], object] | None,
        now: datetime,
    ) -> None:
        """
        A post whose answer was lost can be looked up; one that never arrived cannot.
        """
        reader = _offers(publisher, PostReader)
        since = now - timedelta(minutes=5)
        _plan(trouble, "lost_before")
        publisher.publish(post, network, marker="posts.a")
        settle()
        nothing = reader.find_posts(post, network, since=since)
        _plan(trouble, "lost_after")
        publisher.publish(post, network, marker="posts.b")
        settle()

        assert () == nothing
        assert 1 == len(reader.find_posts(post, network, since=since))

    def test_716_results_belong_to_posts(
        self,
        publisher: PostPublisher,
        network: Network,
        post: Post,
        unknown_id: str,
    ) -> None:
        """
        Results name the post they are of; for what is not there, there are none.
        """
        posted = publisher.publish(post, network, marker="posts.a").remote_id

        found = publisher.results([posted, unknown_id])

        assert {posted} >= {result.post_id for result in found}
        assert {network} >= {result.network for result in found}
        assert () == tuple(publisher.results([]))

    def test_717_a_post_is_changed(
        self,
        publisher: PostPublisher,
        network: Network,
        post: Post,
        standing: Callable[[], list[str]],
        unknown_id: str,
    ) -> None:
        """
        A new text replaces the old one, the same change twice is done once, and what
        is not there is refused.
        """
        editor = _offers(publisher, PostEditor)
        posted = publisher.publish(post, network, marker="posts.a").remote_id
        changed = attrs.evolve(post, text="Closed.")

        results = [editor.edit(posted, changed) for _ in range(2)]

        assert [Outcome.APPLIED] * 2 == [result.outcome for result in results]
        assert ["Closed."] == standing()
        assert Outcome.NOT_APPLIED is editor.edit(unknown_id, changed).outcome

    def test_718_a_post_is_taken_away(
        self,
        publisher: PostPublisher,
        network: Network,
        post: Post,
        standing: Callable[[], list[str]],
    ) -> None:
        """
        It stands there no more, and taking it away twice is no mistake.
        """
        editor = _offers(publisher, PostEditor)
        posted = publisher.publish(post, network, marker="posts.a").remote_id

        results = [editor.delete(posted) for _ in range(2)]

        assert [Outcome.APPLIED] * 2 == [result.outcome for result in results]
        assert [] == standing()

    # -- how it fails and shares ---------------------------------------------------

    def test_719_errors_are_complete_and_hold_no_secret(
        self, publisher: PostPublisher, post: Post, secrets: tuple[str, ...]
    ) -> None:
        """
        An error names platform and operation, can be pickled, and shows no token.
        """
        foreign = next(n for n in Network if n not in publisher.capabilities.networks)
        error = publisher.publish(post, foreign, marker="posts.a").error
        assert error is not None
        copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

        assert publisher.name == error.platform
        assert error.operation
        assert (type(error), str(error)) == (type(copy), str(copy))
        shown = f"{error} {error!r} {vars(error)} {publisher!r} {publisher}"
        assert [] == [secret for secret in secrets if secret in shown]

    def test_720_lost_answers_hold_no_secret(
        self,
        publisher: PostPublisher,
        network: Network,
        post: Post,
        trouble: Callable[[str], object] | None,
        secrets: tuple[str, ...],
    ) -> None:
        """
        Neither does an error of the network below, nor what it was made from.
        """
        _plan(trouble, "unreachable")
        error: BaseException | None = publisher.publish(
            post, network, marker="posts.a"
        ).error
        shown = ""
        while error is not None:
            shown += f"{error} {error!r} {vars(error)}"
            error = error.__cause__ or error.__context__

        assert shown
        assert [] == [secret for secret in secrets if secret in shown]

    def test_721_parallel_posts_all_stand_once(
        self,
        publisher: PostPublisher,
        network: Network,
        post: Post,
        standing: Callable[[], list[str]],
    ) -> None:
        """
        Posts from several threads each get their own result.
        """
        posts = [attrs.evolve(post, text=f"Number {n}") for n in range(_THREADS)]

        def send(one: Post) -> Result:
            return publisher.publish(one, network, marker=one.text)

        with ThreadPoolExecutor(_THREADS) as pool:
            results = list(pool.map(send, posts))

        assert [p.text for p in posts] == [result.address for result in results]
        assert _THREADS == len({result.remote_id for result in results})
        assert sorted(p.text for p in posts) == sorted(standing())

    def test_722_growth_has_a_day_a_network_and_a_source(
        self, publisher: PostPublisher, now: datetime
    ) -> None:
        """
        Followers are told for days that were asked for, one row a day and page.
        """
        source = _offers(publisher, GrowthSource)
        today = now.date()
        days = Flight.from_dates(today - timedelta(days=3), today, "UTC")

        rows = list(source.growth(days))

        assert {row.network for row in rows} <= set(publisher.capabilities.networks)
        assert {row.on for row in rows} <= set(days.dates())
        assert len(rows) == len({(row.network, row.account, row.on) for row in rows})
        assert all(row.source for row in rows)


def _offers(publisher: Any, port: Any) -> Any:
    """
    The publisher as something it may be as well; whoever is not declares the gap.
    """
    if not isinstance(publisher, port):
        pytest.fail(f"offers no {port.__name__}: declare the scenario as a gap")
    return publisher


def _plan(trouble: Callable[[str], object] | None, kind: str) -> None:
    if trouble is None:
        pytest.skip("needs the fixture 'trouble', which lets the next post go wrong")
    trouble(kind)


def _refused(
    publisher: PostPublisher,
    post: Post,
    network: Network,
    writes: Callable[[], int] | None,
) -> PlatformError:
    """
    The error of a post that is refused without a single write.
    """
    before = writes() if writes else 0
    result = publisher.publish(post, network, marker="posts.a")

    assert Outcome.NOT_APPLIED is result.outcome
    assert "" == result.remote_id
    assert isinstance(result.error, PlatformError)
    assert before == (writes() if writes else 0)
    return result.error
