"""
LinkedIn as an ad platform.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

import attrs

from smmlib.adapters._clock import SystemClock
from smmlib.adapters._http import HttpClient
from smmlib.adapters._secrets import scrub
from smmlib.adapters.linkedin import _tables as tables
from smmlib.adapters.linkedin._analytics import Report
from smmlib.adapters.linkedin._api import LinkedInApi, Refresh
from smmlib.adapters.linkedin._errors import judge, sunset_issue
from smmlib.adapters.linkedin._estimate import estimate
from smmlib.adapters.linkedin._execute import Executor
from smmlib.adapters.linkedin._exports import OPTIONS, growth_rows, post_results
from smmlib.adapters.linkedin._import import Importer, read_rows
from smmlib.adapters.linkedin._lists import PREFIX, lists_in
from smmlib.adapters.linkedin._lookup import Lookup
from smmlib.adapters.linkedin._names import NameFinder
from smmlib.adapters.linkedin._oauth import TokenRefresher, oauth_url
from smmlib.adapters.linkedin._parse import account_of
from smmlib.adapters.linkedin._publish import Publisher
from smmlib.adapters.linkedin._segments import Segments
from smmlib.adapters.linkedin._settings import Settings
from smmlib.adapters.linkedin._uploads import Uploader
from smmlib.adapters.linkedin._wanted import is_here, wanted
from smmlib.errors import ConfigurationError
from smmlib.model import Network
from smmlib.ports import Capabilities, Kind, Wanted

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from smmlib.model import (
        Audience,
        Flight,
        GrowthRow,
        MediaPlan,
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

_CAPABILITIES = Capabilities(
    (Network.LINKEDIN,),
    kinds=(Kind.AUDIENCE, Kind.MEDIA, Kind.CAMPAIGN, Kind.AD_SET, Kind.AD),
    # What a post shows never changes once it is in an ad.
    immutable=(Kind.AUDIENCE, Kind.MEDIA, Kind.AD),
    fixed=tuple(
        (Kind.AD_SET, field)
        for field in ("objectiveType", "associatedEntity", "format", "locale")
    ),
    batch_size=tables.BATCH,
    settle_window=timedelta(seconds=60),
    metrics_restated=tables.RESTATED_DAYS,
    publishes=True,
)
_SEGMENTS = "segments."
_KNOWN_OPTIONS = frozenset(
    {
        "organisation",
        "api_version",
        "lead_form",
        "conversion",
        "media_root",
        *OPTIONS,
    }
)
_MONTHS = 12


class LinkedInPlatform:
    """
    One ad account on LinkedIn, through its Marketing API.

    Make one with `LinkedInPlatform.connect`; safe to use from several threads.

    Options of the connection: `organisation` (the page ads speak for), `api_version`
    (default 202609), `lead_form`, `conversion`, `media_root` (default: the plan file's
    folder), `growth_csv` and `results_csv` (files with the page's followers and what
    came of its posts), for each matched audience `segments.<name>`, its number on
    LinkedIn, and for each customer list `customer_lists.<name>`, the path of its CSV.
    """

    name = "linkedin"

    def __init__(
        self,
        http: HttpClient,
        api: LinkedInApi,
        account: str,
        settings: Settings,
        clock: Clock,
        *,
        version: str = tables.VERSION,
    ) -> None:
        self._version = version
        self._http = http
        self._api = api
        self._clock = clock
        self._account = account
        self._settings = settings
        self._names = NameFinder(api)
        self._lookup = Lookup(api, account)
        self._segments = Segments(api, account, clock)
        uploader = Uploader(api, settings.organisation)
        self._publisher = Publisher(api, uploader, settings, clock)
        self._executor = Executor(
            api,
            self._lookup,
            uploader,
            self._segments,
            account=account,
            organisation=settings.organisation,
            conversion=settings.conversion,
        )

    @classmethod
    def connect(
        cls,
        connection: Connection,
        *,
        transport: Any = None,
        clock: Clock | None = None,
        random: Random | None = None,
        media_root: str = "",
        refresh: Refresh | None = None,
    ) -> Self:
        """
        The ad account behind a connection. Nothing is sent yet.

        Args:
            connection: Account, token, options.
            transport: An httpx transport; None for the network.
            clock: Time; None for the computer's.
            random: Source of jitter.
            media_root: Folder pictures are in, unless the options name one.
            refresh: Gives a new token when LinkedIn refuses the old one, which ends
                after 60 days; left out, the connection's secrets renew it, if it has
                any.

        Raises:
            ConfigurationError: Account, version, address or token cannot be right.
        """
        options = connection.options
        version = options.get("api_version") or tables.VERSION
        account = connection.account.removeprefix(tables.ACCOUNT_URN)
        _check_options(connection, account, version)
        time = clock or SystemClock()
        http = _client(connection, transport, time, random)
        settings = _settings(options, media_root)
        if refresh is None and connection.secrets:
            refresh = TokenRefresher(
                connection.secrets,
                url=oauth_url(connection.base_url),
                clock=time,
                transport=transport,
            )
        api = LinkedInApi(http, version, time, refresh)
        return cls(http, api, account, settings, time, version=version)

    def __repr__(self) -> str:
        return f"<LinkedInPlatform {self._account}>"

    @property
    def capabilities(self) -> Capabilities:
        """
        What LinkedIn can do through smmlib.
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
        return account_of(self._api.get(f"adAccounts/{self._account}"))

    def wanted(self, plan: MediaPlan) -> Wanted:
        """
        What a plan wants on LinkedIn. Reads account and names only.
        """
        if not any(is_here(plan, one) for one in plan.campaigns.values()):
            return Wanted(())
        found = wanted(plan, self.account(), self._settings, self._names)
        near = sunset_issue(self._version, self._clock.now().date())
        return attrs.evolve(found, issues=(*found.issues, near)) if near else found

    def read(self, kind: Kind, ids: Iterable[str]) -> Mapping[str, Remote]:
        """
        Objects by id; what is gone is not in the answer.
        """
        if kind is Kind.AUDIENCE:
            return self._segments.read(ids)
        return self._lookup.read(kind, ids) if kind in _CAPABILITIES.kinds else {}

    def find(self, kind: Kind, markers: Iterable[str]) -> tuple[Remote, ...]:
        """
        Live objects with one of these markers, oldest first.
        """
        if kind is Kind.AUDIENCE:
            return self._segments.find(markers)
        return self._lookup.find(kind, markers) if kind in _CAPABILITIES.kinds else ()

    def execute(self, operations: Sequence[Operation]) -> tuple[Result, ...]:
        """
        Send writes; one result for each, in order. Creates are sent once.
        """
        return self._executor.run(operations)

    def metrics(self, flight: Flight) -> Iterator[MetricRow]:
        """
        Daily numbers of every ad that could run, days of zeros included.
        """
        today = self._clock.now().date()
        yield from self._report().rows(flight, today)

    def spent(self, flight: Flight) -> Decimal:
        """
        What the whole account spent in a flight: the figure daily rows must add up to.
        """
        return self._report().spend(flight)

    def search(self, kind: str, query: str) -> tuple[TargetingMatch, ...]:
        """
        Ids for a name: interest, profession, industry, behaviour, skill, function,
        country, region, city.
        """
        return self._names.search(kind, query)

    def estimate(self, audience: Audience) -> Estimate:
        """
        How many members an audience holds.

        Raises:
            ValidationError: Something in it has no meaning on LinkedIn.
        """
        now, segments = self._clock.now(), self._settings.segments
        return estimate(self._api, self._names, audience, segments, now)

    def import_account(self) -> ImportedAccount:
        """
        The account as it stands, as a plan that would change nothing.

        What a plan has no words for is kept in it, and told.
        """
        now, segments = self._clock.now(), self._settings.segments
        rows = read_rows(self._lookup)
        importer = Importer(rows, self.account(), self._names, segments, now)
        return importer.run(self.wanted)

    # -- posts and followers -------------------------------------------------------

    def publish(self, post: Post, network: Network, *, marker: str) -> Result:
        """
        Publish one post on the company's page, at most once.
        """
        return self._publisher.publish(post, network, marker=marker)

    def read_post(self, post_id: str, network: Network) -> PublishedPost | None:
        """
        A published post by its id; None when it is not there (any more).
        """
        return self._publisher.read_post(post_id, network)

    def find_posts(
        self, post: Post, network: Network, *, since: datetime
    ) -> tuple[PublishedPost, ...]:
        """
        Posts on the page that say what this one says there, oldest first.
        """
        return self._publisher.find_posts(post, network, since=since)

    def edit(self, post_id: str, post: Post) -> Result:
        """
        Give a published post its new text.
        """
        return self._publisher.edit(post_id, post)

    def delete(self, post_id: str) -> Result:
        """
        Take a post away.
        """
        return self._publisher.delete(post_id)

    def results(self, post_ids: Iterable[str]) -> tuple[PostResult, ...]:
        """
        What came of posts, as the file `results_csv` says; nothing without one.
        """
        path = self._settings.results_csv
        return post_results(path, post_ids) if path else ()

    def growth(self, flight: Flight) -> Iterator[GrowthRow]:
        """
        Followers of the page, as the file `growth_csv` says; nothing without one.
        """
        if self._settings.growth_csv:
            page = self._settings.organisation
            yield from growth_rows(self._settings.growth_csv, flight, page)

    def _report(self) -> Report:
        return Report(self._api, self._lookup, self.account())


def _client(
    connection: Connection, transport: Any, clock: Clock, random: Random | None
) -> HttpClient:
    token = connection.token
    return HttpClient(
        connection.base_url or f"https://{tables.HOST}",
        platform=LinkedInPlatform.name,
        token=token,
        judge=judge(clock, lambda text: scrub(text, token.reveal())),
        allowed_hosts=(tables.HOST, *tables.UPLOAD_HOSTS),
        transport=transport,
        clock=clock,
        random=random,
    )


def _settings(options: Mapping[str, str], media_root: str) -> Settings:
    return Settings(
        organisation=_number(options, "organisation", tables.ORGANISATION_URN),
        lead_form=_number(options, "lead_form", tables.FORM_URN),
        conversion=_number(options, "conversion", tables.CONVERSION_URN),
        media_root=options.get("media_root", "") or media_root,
        lists=lists_in(options),
        growth_csv=options.get("growth_csv", ""),
        results_csv=options.get("results_csv", ""),
        segments={
            key.removeprefix(_SEGMENTS): value
            for key, value in options.items()
            if key.startswith(_SEGMENTS)
        },
    )


def _number(options: Mapping[str, str], name: str, urn: str) -> str:
    """
    The number of something LinkedIn knows, written with or without its URN.
    """
    found = options.get(name, "").removeprefix(urn)
    if found and not (found.isascii() and found.isdigit()):
        raise ConfigurationError(
            f"{name} {found!r} is no number of LinkedIn's",
            hint=f'write its number, e.g. {name} = "1234567"',
        )
    return found


def _check_options(connection: Connection, account: str, version: str) -> None:
    if not (account.isascii() and account.isdigit()):
        raise ConfigurationError(
            f"{connection.account!r} is no ad account of LinkedIn",
            hint="write its number as Campaign Manager shows it, e.g. 512345678",
        )
    month = version[4:]
    plain = version.isascii() and version.isdigit() and len(version) == len("202609")
    if not plain or not 1 <= int(month) <= _MONTHS:
        raise ConfigurationError(
            f"{version!r} is no version of LinkedIn's API",
            hint=f"write year and month like {tables.VERSION}",
        )
    named = (_SEGMENTS, PREFIX)
    given = (key for key in connection.options if not key.startswith(named))
    unknown = sorted(set(given) - _KNOWN_OPTIONS)
    if unknown:
        raise ConfigurationError(
            f"unknown option {unknown[0]!r} for LinkedIn",
            hint=f"known: {', '.join(sorted(_KNOWN_OPTIONS))}, segments.<name>, "
            "customer_lists.<name>",
        )
