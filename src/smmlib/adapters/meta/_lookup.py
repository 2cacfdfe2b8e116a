"""
Finding objects again: by id, and by the marker inside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from smmlib.adapters._http import Repeat
from smmlib.adapters.meta import _tables as tables
from smmlib.adapters.meta._api import Call, GraphApi
from smmlib.adapters.meta._build import LABEL
from smmlib.adapters.meta._parse import remote_of
from smmlib.errors import NotFoundError, PlatformError, Retry
from smmlib.model import Status
from smmlib.ports import Kind, Remote

if TYPE_CHECKING:
    from smmlib.ports import Clock

_HASH = 32
_PAID = frozenset({Kind.CAMPAIGN, Kind.AD_SET})
_EARLY = datetime(1970, 1, 1, tzinfo=UTC)


class Lookup:
    """
    Reads objects of one ad account.
    """

    def __init__(
        self, api: GraphApi, account: str, clock: Clock, currency: Callable[[], str]
    ) -> None:
        self._api = api
        self._account = account
        self._clock = clock
        self._currency = currency

    def read(self, kind: Kind, ids: Iterable[str]) -> dict[str, Remote]:
        """
        Objects by id; ids that do not exist (any more) are left out.
        """
        wanted = tuple(dict.fromkeys(i for i in ids if i))
        found: dict[str, Remote] = {}
        for chunk in _chunks(wanted, tables.BATCH):
            rows = (
                self._media(chunk) if kind is Kind.MEDIA else self._by_id(kind, chunk)
            )
            for remote in self._remotes(kind, rows):
                found[remote.id] = remote
        return {i: found[i] for i in wanted if i in found}

    def find(self, kind: Kind, markers: Iterable[str]) -> tuple[Remote, ...]:
        """
        Live objects that carry one of these markers, oldest first.
        """
        wanted = frozenset(m for m in markers if m)
        if not wanted:
            return ()
        if kind in {Kind.MEDIA, Kind.AUDIENCE}:
            rows: Iterable[dict[str, Any]] = self._all(kind)
        else:
            rows = self._labelled(kind, wanted)
        live = [
            remote
            for remote in self._remotes(kind, rows)
            if remote.marker in wanted and remote.status is not Status.ARCHIVED
        ]
        unique = {remote.id: remote for remote in live}
        return tuple(sorted(unique.values(), key=_age))

    # -- rows ----------------------------------------------------------------------

    def _by_id(
        self, kind: Kind, ids: tuple[str, ...], fields: str = ""
    ) -> list[dict[str, Any]]:
        """
        Several objects in one request; a version of the API that could do it with
        `?ids=` is gone, so it is a batch.
        """
        fields = fields or tables.FIELDS[kind]
        if len(ids) == 1:
            try:
                return [self._api.get(ids[0], fields=fields)]
            except NotFoundError:
                return []
        calls = [Call("GET", one, {"fields": fields}) for one in ids]
        answers = self._api.batch(calls, repeat=Repeat.READ)
        rows = []
        for one, answer in zip(ids, answers, strict=True):
            if isinstance(answer, NotFoundError):
                continue
            # Throttled or unanswered within the batch: alone it is tried with patience.
            rows += self._again(answer, one, fields)
        return rows

    def _again(
        self, answer: dict[str, Any] | PlatformError, one: str, fields: str
    ) -> list[dict[str, Any]]:
        if not isinstance(answer, PlatformError):
            return [answer]
        if answer.retry is Retry.NEVER:
            raise answer
        try:
            return [self._api.get(one, fields=fields)]
        except NotFoundError:
            return []

    def _media(self, ids: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        """
        Pictures by hash, films by id.
        """
        hashes = tuple(i for i in ids if len(i) == _HASH)
        films = tuple(i for i in ids if len(i) != _HASH)
        if hashes:
            yield from self._images(hashes)
        if films:
            yield from self._by_id(Kind.MEDIA, films, tables.VIDEO_FIELDS)

    def _films(self) -> Iterator[dict[str, Any]]:
        return self._api.pages(
            f"{self._account}/advideos",
            fields=tables.VIDEO_FIELDS,
            limit=str(tables.PAGE),
        )

    def _images(self, hashes: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        return self._api.pages(
            f"{self._account}/adimages",
            hashes=list(hashes),
            fields=tables.FIELDS[Kind.MEDIA],
            limit=str(tables.PAGE),
        )

    def _all(self, kind: Kind) -> Iterator[dict[str, Any]]:
        if kind is Kind.MEDIA:
            yield from self._films()
        yield from self._api.pages(
            f"{self._account}/{tables.EDGES[kind]}",
            fields=tables.FIELDS[kind],
            limit=str(tables.PAGE),
        )

    def _labelled(
        self, kind: Kind, markers: frozenset[str]
    ) -> Iterator[dict[str, Any]]:
        labels = tuple(
            str(row["id"])
            for row in self._api.pages(
                f"{self._account}/adlabels",
                fields="id,name",
                limit=str(tables.LABEL_PAGE),
            )
            if "id" in row and str(row.get("name", "")).removeprefix(LABEL) in markers
        )
        for chunk in _chunks(labels, tables.BATCH):
            yield from self._api.pages(
                f"{self._account}/{tables.EDGES[kind]}bylabels",
                ad_label_ids=list(chunk),
                operator="ANY",
                fields=tables.FIELDS[kind],
                limit=str(tables.PAGE),
            )

    def _remotes(
        self, kind: Kind, rows: Iterable[Mapping[str, Any]]
    ) -> Iterator[Remote]:
        now, currency = self._clock.now(), ""
        for row in rows:
            if kind in _PAID and not currency:
                currency = self._currency()
            remote = remote_of(kind, row, now, currency)
            if remote is not None:
                yield remote


def _chunks(values: Iterable[str], size: int) -> Iterator[tuple[str, ...]]:
    rest = iter(values)
    while chunk := tuple(islice(rest, size)):
        yield chunk


def _age(remote: Remote) -> tuple[datetime, int, str]:
    return remote.created_at or _EARLY, len(remote.id), remote.id
