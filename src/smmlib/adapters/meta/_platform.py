"""
Facebook and Instagram as an ad platform.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

import attrs

from smmlib.adapters._clock import SystemClock
from smmlib.adapters._http import HttpClient
from smmlib.adapters._secrets import scrub
from smmlib.adapters.meta import _tables as tables
from smmlib.adapters.meta._api import GraphApi
from smmlib.adapters.meta._errors import judge
from smmlib.adapters.meta._estimate import estimate
from smmlib.adapters.meta._execute import Executor
from smmlib.adapters.meta._growth import instagram_growth, page_growth
from smmlib.adapters.meta._import import Importer, read_rows
from smmlib.adapters.meta._insights import (
    account_spend,
    daily_rows,
    metric_columns,
    metric_row,
)
from smmlib.adapters.meta._leads import leads
from smmlib.adapters.meta._lists import PREFIX, lists_in
from smmlib.adapters.meta._lookup import Lookup
from smmlib.adapters.meta._names import NameFinder
from smmlib.adapters.meta._parse import account_of
from smmlib.adapters.meta._publish import Publisher
from smmlib.adapters.meta._reports import TOGETHER, Report, ReportReader
from smmlib.adapters.meta._usage import pause_after
from smmlib.adapters.meta._wanted import Settings, wanted
from smmlib.errors import ConfigurationError
from smmlib.model import Network
from smmlib.ports import Capabilities, Kind, Wanted

if TYPE_CHECKING:
    from random import Random

    from smmlib.adapters.meta._columns import MetricColumns
    from smmlib.adapters.meta._leads import Lead
    from smmlib.model import (
        Audience,
        Conversion,
        Flight,
        GrowthRow,
        MediaPlan,
        Message,
        MetricRow,
        Post,
        PostResult,
    )
    from smmlib.ports import (
        Account,
        Clock,
        Connection,
        Estimate,
        ImportedAccount,
        Operation,
        PublishedPost,
        Remote,
        Result,
        TargetingMatch,
    )

_ACCOUNT_FIELDS = (
    "account_id,name,currency,timezone_name,default_dsa_payor,default_dsa_beneficiary"
)
_CAPABILITIES = Capabilities(
    (Network.FACEBOOK, Network.INSTAGRAM),
    kinds=tuple(tables.EDGES),
    # The content of creatives, uploads and known people never changes.
    immutable=(Kind.AUDIENCE, Kind.MEDIA, Kind.CREATIVE),
    batch_size=tables.BATCH,
    parallel=tables.PARALLEL,
    settle_window=timedelta(seconds=60),
    metrics_restated=28,
    publishes=True,
)
_KNOWN_OPTIONS = frozenset(
    {"page", "pixel", "instagram_user", "api_version", "media_root"}
)


class MetaPlatform:
    """
    One ad account on Facebook and Instagram, through Meta's Marketing API.

    Make one with `MetaPlatform.connect`; safe to use from several threads.

    Options of the connection: `page`, `pixel`, `instagram_user`, `api_version`
    (default v26.0), `media_root` (default: the plan file's folder), and for each
    customer list `customer_lists.<name>`, the path of its CSV.
    """

    name = "meta"

    def __init__(
        self,
        http: HttpClient,
        account: str,
        settings: Settings,
        version: str,
        clock: Clock,
    ) -> None:
        self._http = http
        self._clock = clock
        self._account = account
        self._settings = settings
        self._api = GraphApi(http, version, clock)
        self._names = NameFinder(self._api)
        self._lookup = Lookup(self._api, account, clock, self._currency)
        # An account keeps its currency for life, so it is read once.
        self._billed_in = ""
        self._executor = Executor(self._api, account, clock)
        self._publisher = Publisher(self._api, settings, clock)
        self._reports = ReportReader(self._api, account, clock)

    @classmethod
    def connect(
        cls,
        connection: Connection,
        *,
        transport: Any = None,
        clock: Clock | None = None,
        random: Random | None = None,
        media_root: str = "",
    ) -> Self:
        """
        The ad account behind a connection. Nothing is sent yet.

        Args:
            connection: Account, token, options.
            transport: An httpx transport; None for the network.
            clock: Time; None for the computer's.
            random: Source of jitter.
            media_root: Folder pictures are in, unless the options name one.

        Raises:
            ConfigurationError: Account, version, address or token cannot be right.
        """
        options = connection.options
        version = options.get("api_version") or tables.VERSION
        _check_options(connection, version)
        time = clock or SystemClock()
        http = _client(connection, transport, time, random)
        settings = Settings(
            page=options.get("page", ""),
            pixel=options.get("pixel", ""),
            instagram_user=options.get("instagram_user", ""),
            media_root=options.get("media_root", "") or media_root,
            lists=lists_in(options),
        )
        account = f"act_{connection.account.removeprefix('act_')}"
        return cls(http, account, settings, version, time)

    def __repr__(self) -> str:
        return f"<MetaPlatform {self._account}>"

    @property
    def capabilities(self) -> Capabilities:
        """
        What Meta can do through smmlib.
        """
        return _CAPABILITIES

    def close(self) -> None:
        """
        Close all connections.
        """
        self._http.close()

    def account(self) -> Account:
        """
        Read the ad account.
        """
        return account_of(self._read_account())

    def wanted(self, plan: MediaPlan) -> Wanted:
        """
        What a plan wants on Facebook and Instagram. Reads account and names only.
        """
        raw = self._read_account()
        settings = attrs.evolve(
            self._settings,
            default_payor=str(raw.get("default_dsa_payor") or ""),
            default_beneficiary=str(raw.get("default_dsa_beneficiary") or ""),
        )
        return wanted(plan, account_of(raw), settings, self._names)

    def read(self, kind: Kind, ids: Iterable[str]) -> Mapping[str, Remote]:
        """
        Objects by id; what is gone is not in the answer.
        """
        return self._lookup.read(kind, ids)

    def find(self, kind: Kind, markers: Iterable[str]) -> tuple[Remote, ...]:
        """
        Live objects with one of these markers, oldest first.
        """
        return self._lookup.find(kind, markers)

    def execute(self, operations: Sequence[Operation]) -> tuple[Result, ...]:
        """
        Send writes; one result for each, in order. Creates are sent once.
        """
        return self._executor.run(operations)

    def metrics(self, flight: Flight) -> Iterator[MetricRow]:
        """
        Daily numbers of every ad on each network, deleted ads included.
        """
        return self._rows(flight, Report())

    @property
    def breakdowns(self) -> tuple[tuple[str, ...], ...]:
        """
        What daily numbers can be broken down by, alone or together.
        """
        return TOGETHER

    def metrics_by(
        self, flight: Flight, *by: str, level: str = "ad"
    ) -> Iterator[MetricRow]:
        """
        Daily numbers by age, gender, country, network, placement or device.

        Args:
            flight: The days.
            by: One of `breakdowns`; `placement` and `device` bring the network along.
            level: `account`, `campaign`, `ad_set` or `ad`.

        Raises:
            ValidationError: Meta does not tell these together.
        """
        return self._rows(flight, Report.of(level, by))

    def _rows(self, flight: Flight, report: Report) -> Iterator[MetricRow]:
        for row in daily_rows(self._reports, report, flight):
            yield metric_row(row, self._account, report)

    def metric_columns(
        self, flight: Flight, *by: str, level: str = "ad"
    ) -> MetricColumns:
        """
        The same numbers as columns, for reports of very many rows.

        Args:
            flight: The days.
            by: As in `metrics_by`; the network, unless something is given.
            level: As in `metrics_by`.

        Raises:
            ValidationError: Meta does not tell these together.
        """
        report = Report.of(level, by or ("network",))
        return metric_columns(self._reports, report, flight)

    def spent(self, flight: Flight) -> Decimal:
        """
        What the whole account spent in a flight: the figure daily rows must add up to.
        """
        return account_spend(self._api, self._account, flight)

    def search(self, kind: str, query: str) -> tuple[TargetingMatch, ...]:
        """
        Ids for a name: interest, profession, industry, behaviour, city, region,
        country, language.
        """
        return self._names.search(kind, query)

    def estimate(self, audience: Audience) -> Estimate:
        """
        How many people an audience holds on Facebook and Instagram.

        Raises:
            ValidationError: Something in it has no meaning on Meta.
        """
        now = self._clock.now()
        return estimate(self._api, self._account, self._names, audience, now)

    def import_account(self) -> ImportedAccount:
        """
        The account as it stands, as a plan that would change nothing.

        What a plan has no words for is kept in it, and told.
        """
        rows = read_rows(self._api, self._account)
        importer = Importer(rows, self.account(), self._names, self._clock.now())
        return importer.run(self.wanted)

    # -- posts, followers, leads ---------------------------------------------------

    def publish(self, post: Post, network: Network, *, marker: str) -> Result:
        """
        Publish one post on the Page or on Instagram, at most once.
        """
        return self._publisher.publish(post, network, marker=marker)

    def results(self, post_ids: Iterable[str]) -> tuple[PostResult, ...]:
        """
        What came of posts and media up to now; those that are gone are left out.
        """
        return self._publisher.results(post_ids)

    def read_post(self, post_id: str, network: Network) -> PublishedPost | None:
        """
        A published post as it stands there; None when it is gone.
        """
        return self._publisher.read_post(post_id, network)

    def find_posts(
        self, post: Post, network: Network, *, since: datetime
    ) -> tuple[PublishedPost, ...]:
        """
        Our posts that say what this one says on a network, oldest first.
        """
        return self._publisher.find_posts(post, network, since=since)

    def growth(self, flight: Flight) -> Iterator[GrowthRow]:
        """
        Followers and reach of the Page and of Instagram, a row for each day and each.
        """
        now = self._clock.now()
        if self._settings.page:
            yield from page_growth(self._api, self._settings.page, flight, now)
        if self._settings.instagram_user:
            user = self._settings.instagram_user
            yield from instagram_growth(self._api, user, flight, now)

    def leads(self, since: datetime) -> Iterator[Message]:
        """
        What people wrote into instant forms, with the key of the ad it came from.
        """
        for lead in self._leads(since):
            yield lead.message()

    def lead_conversions(self, since: datetime) -> Iterator[Conversion]:
        """
        The same leads as conversions, tagged with the ad's address in the plan.
        """
        for lead in self._leads(since):
            yield lead.conversion()

    def _leads(self, since: datetime) -> Iterator[Lead]:
        if self._settings.page:
            yield from leads(self._api, self._settings.page, since)

    def _read_account(self) -> dict[str, Any]:
        raw = self._api.get(self._account, fields=_ACCOUNT_FIELDS)
        self._billed_in = str(raw.get("currency") or "")
        return raw

    def _currency(self) -> str:
        return self._billed_in or account_of(self._read_account()).currency


def _client(
    connection: Connection, transport: Any, clock: Clock, random: Random | None
) -> HttpClient:
    token = connection.token
    return HttpClient(
        connection.base_url or f"https://{tables.HOST}",
        platform=MetaPlatform.name,
        token=token,
        judge=judge(clock, lambda text: scrub(text, token.reveal())),
        pace=pause_after,
        allowed_hosts=(tables.HOST,),
        transport=transport,
        clock=clock,
        random=random,
    )


def _check_options(connection: Connection, version: str) -> None:
    digits = connection.account.removeprefix("act_")
    if not (digits.isascii() and digits.isdigit()):
        raise ConfigurationError(
            f"{connection.account!r} is no ad account of Meta",
            hint="write its number as Ads Manager shows it, e.g. act_1234567890",
        )
    major, dot, minor = version.removeprefix("v").partition(".")
    if not (version.startswith("v") and dot and major.isdigit() and minor.isdigit()):
        raise ConfigurationError(
            f"{version!r} is no version of the Graph API",
            hint=f"write it like {tables.VERSION}",
        )
    given = (key for key in connection.options if not key.startswith(PREFIX))
    unknown = sorted(set(given) - _KNOWN_OPTIONS)
    if unknown:
        raise ConfigurationError(
            f"unknown option {unknown[0]!r} for Meta",
            hint=f"known: {', '.join(sorted(_KNOWN_OPTIONS))}",
        )
