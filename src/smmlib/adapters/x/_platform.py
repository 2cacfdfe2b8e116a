"""
X as an ad platform.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

import attrs

from smmlib.adapters._clock import SystemClock
from smmlib.adapters._http import HttpClient, HttpResponse, checked_host
from smmlib.adapters._path_token import network_transport
from smmlib.adapters._secrets import check_token, is_local, scrub
from smmlib.adapters.x import _tables as tables
from smmlib.adapters.x._api import XApi
from smmlib.adapters.x._criteria import CriteriaWriter
from smmlib.adapters.x._errors import judge
from smmlib.adapters.x._estimate import estimate
from smmlib.adapters.x._execute import Executor
from smmlib.adapters.x._import import Importer, Rows
from smmlib.adapters.x._lookup import Lookup
from smmlib.adapters.x._names import NameFinder
from smmlib.adapters.x._normal import is_id
from smmlib.adapters.x._oauth import Keys, SigningTransport
from smmlib.adapters.x._parse import account_of
from smmlib.adapters.x._posts import AdWriter
from smmlib.adapters.x._publish import Publisher
from smmlib.adapters.x._stats import Report
from smmlib.adapters.x._uploads import Uploader
from smmlib.adapters.x._wanted import Settings, is_here, wanted
from smmlib.errors import ConfigurationError, NotFoundError
from smmlib.model import Network
from smmlib.ports import Capabilities, Kind, Wanted

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from smmlib.model import (
        Audience,
        Flight,
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
    (Network.X,),
    kinds=(Kind.MEDIA, Kind.CAMPAIGN, Kind.AD_SET, Kind.AD),
    # What a post shows never changes.
    immutable=(Kind.MEDIA, Kind.AD),
    fixed=(
        (Kind.CAMPAIGN, "funding_instrument_id"),
        *((Kind.AD_SET, field) for field in tables.FIXED),
    ),
    shared=((Kind.AD_SET, "objective"), (Kind.AD_SET, "product_type")),
    batch_size=tables.OPERATIONS,
    settle_window=timedelta(seconds=60),
    metrics_restated=tables.RESTATED_DAYS,
    publishes=True,
)
_SEGMENTS = "segments."
_KNOWN_OPTIONS = frozenset(
    {"funding_instrument", "user", "web_event_tag", "api_version", "media_root"}
)
_LONGEST_PACE = 60.0


class XPlatform:
    """
    One ad account on X, through its Ads API.

    Make one with `XPlatform.connect`; safe to use from several threads.

    Beside the access token the connection holds the secrets `consumer_key`,
    `consumer_secret` and `access_token_secret`. Its options: `funding_instrument` (what
    pays; left out, it is the account's only one), `user` (whose posts are promoted;
    left out, the account's own), `web_event_tag`, `api_version` (default 12),
    `media_root` (default: the plan file's folder), and for audiences of other names
    `segments.<name>`, their id on X.
    """

    name = "x"

    def __init__(
        self,
        http: HttpClient,
        api: XApi,
        uploader: Uploader,
        *,
        account: str,
        settings: Settings,
        clock: Clock,
    ) -> None:
        self._http = http
        self._api = api
        self._clock = clock
        self._account = account
        self._settings = settings
        self._names = NameFinder(api)
        self._lookup = Lookup(api, clock)
        self._publisher = Publisher(
            api, uploader, self._user, settings.media_root, clock
        )
        self._executor = Executor(
            api,
            self._lookup,
            CriteriaWriter(api, self._lookup, clock),
            AdWriter(api, self._lookup, self._user),
            uploader=uploader,
            clock=clock,
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
    ) -> Self:
        """
        The ad account behind a connection. Nothing is sent yet.

        Args:
            connection: Account, keys, options.
            transport: An httpx transport; None for the network.
            clock: Time; None for the computer's.
            random: Source of jitter.
            media_root: Folder pictures are in, unless the options name one.

        Raises:
            ConfigurationError: Account, version, address or keys cannot be right.
        """
        options = connection.options
        version = options.get("api_version") or tables.VERSION
        _check_options(connection, version)
        time = clock or SystemClock()
        http, clean = _client(connection, transport, time, random)
        settings = Settings(
            options.get("funding_instrument", ""),
            options.get("user", ""),
            options.get("web_event_tag", ""),
            options.get("media_root", "") or media_root,
            segments={
                key.removeprefix(_SEGMENTS): value
                for key, value in options.items()
                if key.startswith(_SEGMENTS)
            },
        )
        base = connection.base_url or f"https://{tables.HOST}"
        api = XApi(http, connection.account, version, clean)
        uploader = Uploader(http, base, time)
        return cls(
            http,
            api,
            uploader,
            account=connection.account,
            settings=settings,
            clock=time,
        )

    def __repr__(self) -> str:
        return f"<XPlatform {self._account}>"

    @property
    def capabilities(self) -> Capabilities:
        """
        What X can do through smmlib.
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
        return self._read_account()[0]

    def wanted(self, plan: MediaPlan) -> Wanted:
        """
        What a plan wants on X. Reads account and names only.
        """
        if not any(is_here(plan, one) for one in plan.campaigns.values()):
            return Wanted(())
        account, payer = self._read_account()
        settings = attrs.evolve(
            self._settings, funding_instrument=payer, user=self._user()
        )
        return wanted(plan, account, settings, self._names, self._lookup.tweets)

    def read(self, kind: Kind, ids: Iterable[str]) -> Mapping[str, Remote]:
        """
        Objects by id; what is gone is not in the answer.
        """
        return self._lookup.read(kind, ids) if kind in _CAPABILITIES.kinds else {}

    def find(self, kind: Kind, markers: Iterable[str]) -> tuple[Remote, ...]:
        """
        Live objects with one of these markers, oldest first.
        """
        return self._lookup.find(kind, markers) if kind in _CAPABILITIES.kinds else ()

    def execute(self, operations: Sequence[Operation]) -> tuple[Result, ...]:
        """
        Send writes; one result for each, in order. Creates are sent once.
        """
        return self._executor.run(operations)

    def metrics(self, flight: Flight) -> Iterator[MetricRow]:
        """
        Daily numbers of every ad, for days on which it was active.
        """
        yield from self._report().rows(flight)

    def spent(self, flight: Flight) -> Decimal:
        """
        What the whole account spent in a flight: the figure daily rows must add up to.
        """
        return self._report().spend(flight)

    def search(self, kind: str, query: str) -> tuple[TargetingMatch, ...]:
        """
        Ids for a name: interest, conversation, event, device, language, platform,
        audience, country, region, city.
        """
        return self._names.search(kind, query)

    def estimate(self, audience: Audience) -> Estimate:
        """
        How many people an audience holds.

        Raises:
            ValidationError: Something in it has no meaning on X.
        """
        settings = attrs.evolve(self._settings, user=self._user())
        now = self._clock.now()
        return estimate(self._api, self._names, audience, settings, now)

    def import_account(self) -> ImportedAccount:
        """
        The account as it stands, as a plan that would change nothing.

        What a plan has no words for is kept in it, and told.
        """
        rows = Rows.read(self._lookup)
        return Importer(rows, self.account(), self._clock.now()).run(self.wanted)

    # -- organic posts -------------------------------------------------------------

    def publish(self, post: Post, network: Network, *, marker: str) -> Result:
        """
        Publish one post as the account's user, at most once.
        """
        return self._publisher.publish(post, network, marker=marker)

    def results(self, post_ids: Iterable[str]) -> tuple[PostResult, ...]:
        """
        What came of published posts.
        """
        return self._publisher.results(post_ids)

    def read_post(self, post_id: str, network: Network) -> PublishedPost | None:
        """
        A published post by its id; None when it is not there (any more).
        """
        return self._publisher.read_post(post_id, network)

    def find_posts(
        self, post: Post, network: Network, *, since: datetime
    ) -> tuple[PublishedPost, ...]:
        """
        Posts of ours that say what this one says there, oldest first.
        """
        return self._publisher.find_posts(post, network, since=since)

    # -- who and what --------------------------------------------------------------

    def _read_account(self) -> tuple[Account, str]:
        """
        The account, and the id of what pays: the one that is named, or the only one.
        """
        raw = self._api.one()
        if raw is None:
            raise NotFoundError(
                f"there is no ad account {self._account}",
                platform=self.name,
                operation="GET accounts",
                hint="write its id as the address of X's ads manager shows it",
            )
        payers = list(self._api.rows("funding_instruments"))
        named = self._settings.funding_instrument
        able = [row for row in payers if row.get("able_to_fund") is not False]
        chosen = next((row for row in payers if row.get("id") == named), None)
        if chosen is None and not named and len(able) == 1:
            chosen = able[0]
        currency = str((chosen or (payers or [{}])[0]).get("currency") or "")
        return account_of(raw, currency), str((chosen or {}).get("id") or "")

    def _user(self) -> str:
        """
        Whose posts are promoted: the user that is named, or the account's own.
        """
        if not self._settings.user:
            rows = self._api.rows("promotable_users")
            own = [r for r in rows if r.get("promotable_user_type") == "FULL"]
            if own:
                user = str(own[0].get("user_id") or "")
                self._settings = attrs.evolve(self._settings, user=user)
        return self._settings.user

    def _report(self) -> Report:
        return Report(self._api, self.account(), self._clock)


def _client(
    connection: Connection, transport: Any, clock: Clock, random: Random | None
) -> tuple[HttpClient, Callable[[str], str]]:
    """
    A client that signs, and what takes its keys out of texts.
    """
    base = connection.base_url or f"https://{tables.HOST}"
    hosts = (tables.HOST, tables.UPLOAD_HOST, tables.FILE_HOST)
    host = checked_host(base, hosts)
    check_token(connection.token, host)
    keys = Keys.of(connection)
    local = is_local(host)
    inner = transport or network_transport(host, local=local, most=tables.TOGETHER)
    secret = attrs.astuple(keys)

    def clean(text: str) -> str:
        return scrub(text, *secret)

    client = HttpClient(
        base,
        platform=XPlatform.name,
        token=connection.token,
        judge=judge(clock, clean),
        pace=_pace(clock),
        allowed_hosts=hosts,
        transport=SigningTransport(inner, keys, clock, unsigned=(tables.FILE_HOST,)),
        clock=clock,
        random=random,
    )
    return client, clean


def _pace(clock: Clock) -> Callable[[HttpResponse], float]:
    """
    Waits out a minute whose allowance is used up; longer windows tell it by a refusal.
    """

    def seconds(answer: HttpResponse) -> float:
        left = answer.headers.get("x-rate-limit-remaining", "")
        reset = answer.headers.get("x-rate-limit-reset", "")
        if left != "0" or not reset.isascii() or not reset.isdigit():
            return 0.0
        wait = int(reset) - clock.now().timestamp()
        return wait if 0 < wait <= _LONGEST_PACE else 0.0

    return seconds


def _check_options(connection: Connection, version: str) -> None:
    if not is_id(connection.account):
        raise ConfigurationError(
            f"{connection.account!r} is no ad account of X",
            hint="write its id as the address of X's ads manager shows it, e.g. "
            "18ce54d4x5t",
        )
    if version not in tables.VERSIONS:
        raise ConfigurationError(
            f"{version!r} is no version of X's Ads API that answers",
            hint=f"write one of {', '.join(tables.VERSIONS)}",
        )
    given = (key for key in connection.options if not key.startswith(_SEGMENTS))
    unknown = sorted(set(given) - _KNOWN_OPTIONS)
    if unknown:
        raise ConfigurationError(
            f"unknown option {unknown[0]!r} for X",
            hint=f"known: {', '.join(sorted(_KNOWN_OPTIONS))}, segments.<name>",
        )
