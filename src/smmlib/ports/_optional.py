"""
What some platforms can do as well, each a small Protocol of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import attrs

from smmlib.errors import Issue
from smmlib.ports._platform import AdPlatform, Capabilities
from smmlib.ports._values import Result

if TYPE_CHECKING:
    from smmlib.model import (
        Audience,
        Conversion,
        Flight,
        GrowthRow,
        MediaPlan,
        Message,
        MetricRow,
        Network,
        Post,
        PostResult,
    )


@runtime_checkable
class PostPublisher(Protocol):
    """
    Publishes posts and reads what came of them.

    `smmlib.testing.PostPublisherConformance` says precisely what must hold.
    """

    @property
    def name(self) -> str:
        """
        Name of the platform, e.g. `telegram`.
        """
        ...

    @property
    def capabilities(self) -> Capabilities:
        """
        What it can do; `publishes` is true, `networks` are those it publishes on.
        """
        ...

    def publish(self, post: Post, network: Network, *, marker: str) -> Result:
        """
        Publish one post on one network, at most once.
        """
        ...

    def results(self, post_ids: Iterable[str]) -> tuple[PostResult, ...]:
        """
        What came of published posts.
        """
        ...


@attrs.frozen
class PublishedPost:
    """
    A post as it stands on a network now.

    Attributes:
        id: The network's id of it.
        network: Where it stands.
        text: What people read there, as far as the network tells.
        at: When it was published, if the network tells.
        url: Where people see it, if the network tells.
    """

    id: str
    network: Network
    text: str = ""
    at: datetime | None = None
    url: str = ""


@runtime_checkable
class PostReader(Protocol):
    """
    Reads published posts back: the proof that one stands there, and the way to find
    one whose answer was lost. A platform that cannot be asked does not offer it.
    """

    def read_post(self, post_id: str, network: Network) -> PublishedPost | None:
        """
        A published post by its id; None when it is not there (any more).
        """
        ...

    def find_posts(
        self, post: Post, network: Network, *, since: datetime
    ) -> tuple[PublishedPost, ...]:
        """
        Posts on our own page that say what this one says there, oldest first.

        Args:
            post: What was, or may have been, published.
            network: Where.
            since: Nothing that was published earlier is meant.
        """
        ...


@runtime_checkable
class PostEditor(Protocol):
    """
    Changes and takes away what is published already, where the platform allows it.
    """

    def edit(self, post_id: str, post: Post) -> Result:
        """
        Give a published post its new text; the same change twice is done once.
        """
        ...

    def delete(self, post_id: str) -> Result:
        """
        Take a post away; one that is gone already is taken away.
        """
        ...


@runtime_checkable
class GrowthSource(Protocol):
    """
    Knows how many people follow a page, day by day.
    """

    def growth(self, flight: Flight) -> Iterator[GrowthRow]:
        """
        Followers and reach per day.
        """
        ...


@runtime_checkable
class SpendSource(Protocol):
    """
    Tells what the whole account spent, so that the sum of its ads can be held to it.
    """

    def spent(self, flight: Flight) -> Decimal:
        """
        Spend of the account on the days of a flight, exact.
        """
        ...


@runtime_checkable
class BreakdownSource(Protocol):
    """
    Tells daily numbers by the people and places behind them: age, country, device.
    """

    @property
    def breakdowns(self) -> tuple[tuple[str, ...], ...]:
        """
        What numbers can be broken down by, alone or together.
        """
        ...

    def metrics_by(
        self, flight: Flight, *by: str, level: str = "ad"
    ) -> Iterator[MetricRow]:
        """
        Daily numbers of accounts, campaigns, ad sets or ads, one row for each part.

        The parts stand in the rows' `breakdown`; they sum to the numbers without it.
        """
        ...


@attrs.frozen
class ImportedAccount:
    """
    An ad account read back, and what a plan has no words for.

    Attributes:
        plan: The account as a plan; what it cannot say is kept in its `extra`.
        ids: The platform's id of every object in it, by its path in the plan.
        issues: Each field that is kept, and everything that was left out.
    """

    plan: MediaPlan
    ids: Mapping[str, str]
    issues: tuple[Issue, ...] = ()


@runtime_checkable
class AccountSource(AdPlatform, Protocol):
    """
    Reads an account that was set up by others back as a plan.
    """

    def import_account(self) -> ImportedAccount:
        """
        The account as it stands, as a plan that would change nothing.
        """
        ...


@runtime_checkable
class LeadSource(Protocol):
    """
    Collects enquiries people left on the platform.
    """

    def leads(self, since: datetime) -> Iterator[Message]:
        """
        Leads that came in since a moment.
        """
        ...


@attrs.frozen
class Estimate:
    """
    How many people an audience holds, as the platform guesses.

    Attributes:
        low: At least so many.
        high: At most so many.
        source: Which platform, on which day.
    """

    low: int
    high: int
    source: str = ""


@runtime_checkable
class Estimator(Protocol):
    """
    Guesses how many people an audience holds.
    """

    def estimate(self, audience: Audience) -> Estimate:
        """
        The size of an audience on this platform.
        """
        ...


@attrs.frozen
class TargetingMatch:
    """
    One thing a platform can target by, found by its name.

    Attributes:
        kind: interest, profession, city, region, ...
        id: The platform's id.
        name: The platform's name of it.
        path: Where it stands in the platform's tree, e.g. country and region of a city.
        size: How many people it covers, if the platform says so.
    """

    kind: str
    id: str
    name: str
    path: tuple[str, ...] = ()
    size: int | None = None


@runtime_checkable
class TargetingSearch(Protocol):
    """
    Finds the platform's id for a name: interests, professions, cities.
    """

    def search(self, kind: str, query: str) -> tuple[TargetingMatch, ...]:
        """
        Matches for a name, best first; several when the name is ambiguous.
        """
        ...


class ConversionSource(Protocol):
    """
    The brand's own record of registrations and sales.
    """

    def conversions(self) -> Iterator[Conversion]:
        """
        Every conversion on record, refunds included.
        """
        ...
