"""
Finding objects again: by id, and by the marker inside their names.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from smmlib.adapters.linkedin import _tables as tables
from smmlib.adapters.linkedin._api import LinkedInApi
from smmlib.adapters.linkedin._build import split_name
from smmlib.adapters.linkedin._media import urn_of
from smmlib.adapters.linkedin._normal import marked_in
from smmlib.adapters.linkedin._parse import remote_of
from smmlib.adapters.linkedin._restli import encoded
from smmlib.errors import NotFoundError
from smmlib.model import Status
from smmlib.ports import Kind, Remote

_EARLY = datetime(1970, 1, 1, tzinfo=UTC)
_MEDIA = {"urn:li:image:": "images", "urn:li:video:": "videos"}
_FAILED = "PROCESSING_FAILED"


class Lookup:
    """
    Reads objects of one ad account.
    """

    def __init__(self, api: LinkedInApi, account: str) -> None:
        self._api = api
        self._account = account

    def path(self, kind: Kind) -> str:
        """
        Where the entities of a kind are.
        """
        return f"adAccounts/{self._account}/{tables.COLLECTIONS[kind]}"

    def read(self, kind: Kind, ids: Iterable[str]) -> dict[str, Remote]:
        """
        Objects by id; ids that do not exist (any more) are left out.
        """
        wanted = tuple(dict.fromkeys(i for i in ids if i))
        if kind is Kind.MEDIA:
            found = self._uploads(wanted)
        else:
            rows = self.rows(kind, wanted).values()
            found = {r.id: r for r in self._remotes(kind, list(rows))}
        return {i: found[i] for i in wanted if i in found}

    def find(self, kind: Kind, markers: Iterable[str]) -> tuple[Remote, ...]:
        """
        Live objects that carry one of these markers, oldest first.

        Uploads carry none; the ads that show them do.
        """
        wanted = frozenset(m for m in markers if m)
        if not wanted:
            return ()
        if kind is Kind.MEDIA:
            return tuple(self._shown(wanted))
        rows = [
            row
            for row in self.every(kind, tables.LIVE)
            if split_name(str(row.get("name") or ""))[1] in wanted
        ]
        live = [
            remote
            for remote in self._remotes(kind, rows)
            if remote.status is not Status.ARCHIVED
        ]
        unique = {remote.id: remote for remote in live}
        return tuple(sorted(unique.values(), key=_age))

    def rows(self, kind: Kind, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """
        Raw entities by our id.
        """
        found: dict[str, dict[str, Any]] = {}
        usable = [i for i in ids if i.isascii() and i.isdigit()]
        for chunk in _chunks(usable, tables.BATCH):
            keys = [key_of(kind, one) for one in chunk]
            for key, row in self._api.batch_get(self.path(kind), keys).items():
                found[key.rpartition(":")[2]] = row
        return found

    def every(self, kind: Kind, statuses: Iterable[str]) -> Iterator[dict[str, Any]]:
        """
        Raw entities of the whole account in some statuses, all pages.
        """
        chosen = list(statuses)
        if kind is Kind.AD:
            asked: dict[str, Any] = {"q": "criteria", "intendedStatuses": chosen}
            size = tables.CREATIVES_PAGE
        else:
            asked = {"q": "search", "search": {"status": {"values": chosen}}}
            size = tables.PAGE
        return self._api.pages(self.path(kind), asked, size)

    # -- what stands behind --------------------------------------------------------

    def _remotes(self, kind: Kind, rows: list[dict[str, Any]]) -> Iterator[Remote]:
        posts = self.posts(rows) if kind is Kind.AD else {}
        for row in rows:
            remote = remote_of(kind, row, posts.get(_reference(row)))
            if remote is not None:
                yield remote

    def posts(self, rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
        """
        The posts that creatives refer to, by URN.
        """
        urns = [urn for urn in dict.fromkeys(map(_reference, rows)) if urn]
        found: dict[str, dict[str, Any]] = {}
        for chunk in _chunks(urns, tables.BATCH):
            found |= self._api.batch_get("posts", chunk)
        return found

    def _shown(self, wanted: Container[str]) -> Iterator[Remote]:
        """
        Uploads with these markers that an ad of ours shows.
        """
        ours = [
            row
            for row in self.every(Kind.AD, tables.LIVE)
            if split_name(str(row.get("name") or ""))[1]
        ]
        found: dict[str, str] = {}
        for post in self.posts(ours).values():
            for _, upload in marked_in(post):
                marker = upload.partition("#")[2]
                if marker in wanted:
                    found[upload] = marker
        for upload, marker in found.items():
            yield Remote(Kind.MEDIA, upload, marker=marker)

    def _uploads(self, ids: Iterable[str]) -> dict[str, Remote]:
        found = {}
        for one in ids:
            resource = next((p for u, p in _MEDIA.items() if one.startswith(u)), "")
            row = self._upload(resource, one) if resource else None
            if row is not None and row.get("status") != _FAILED:
                found[one] = Remote(Kind.MEDIA, one)
        return found

    def _upload(self, resource: str, urn: str) -> dict[str, Any] | None:
        try:
            return self._api.get(f"{resource}/{encoded(urn_of(urn))}")
        except NotFoundError:
            return None


def key_of(kind: Kind, number: str) -> str:
    """
    An id as LinkedIn's paths have it: creatives by URN, the rest by number.
    """
    return f"{tables.URNS[kind]}{number}" if kind is Kind.AD else number


def _reference(row: Mapping[str, Any]) -> str:
    content = row.get("content")
    found = content.get("reference") if isinstance(content, Mapping) else ""
    urn = str(found or "")
    return urn if urn.startswith(("urn:li:share:", "urn:li:ugcPost:")) else ""


def _chunks(values: Iterable[str], size: int) -> Iterator[tuple[str, ...]]:
    rest = iter(values)
    while chunk := tuple(islice(rest, size)):
        yield chunk


def _age(remote: Remote) -> tuple[datetime, int, str]:
    return remote.created_at or _EARLY, len(remote.id), remote.id
