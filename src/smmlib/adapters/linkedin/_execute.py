"""
Sending writes: creates once and as drafts, the rest absolute, batched where LinkedIn
allows it and side by side where it does not.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from smmlib.adapters.linkedin import _tables as tables
from smmlib.adapters.linkedin._build import (
    entity,
    inline,
    patch,
    referring,
    status_field,
    status_patch,
)
from smmlib.adapters.linkedin._errors import at_address
from smmlib.adapters.linkedin._lookup import key_of
from smmlib.adapters.linkedin._media import marked_upload
from smmlib.adapters.linkedin._overlay import keeping
from smmlib.adapters.linkedin._parse import GONE
from smmlib.adapters.linkedin._restli import encoded
from smmlib.errors import (
    InvalidRequestError,
    NotFoundError,
    Outcome,
    PlatformError,
    UnexpectedResponseError,
)
from smmlib.ports import Action, Kind, Operation, Result

if TYPE_CHECKING:
    from smmlib.adapters.linkedin._api import LinkedInApi
    from smmlib.adapters.linkedin._lookup import Lookup
    from smmlib.adapters.linkedin._segments import Segments
    from smmlib.adapters.linkedin._uploads import Uploader

Patches = Mapping[str, Mapping[str, Any]]
Answer = str | PlatformError
_STATUSES = {
    Action.ACTIVATE: "ACTIVE",
    Action.PAUSE: "PAUSED",
    Action.ARCHIVE: "ARCHIVED",
}
_OVER = frozenset({"ARCHIVED", "CANCELED", "CANCELLED", *GONE})


class Executor:
    """
    Carries out operations on one ad account.
    """

    def __init__(
        self,
        api: LinkedInApi,
        lookup: Lookup,
        uploader: Uploader,
        segments: Segments,
        *,
        account: str,
        organisation: str,
        conversion: str,
    ) -> None:
        self._api = api
        self._lookup = lookup
        self._uploader = uploader
        self._segments = segments
        self._lock = threading.Lock()
        self._account = account
        self._organisation = organisation
        self._conversion = conversion.removeprefix(tables.CONVERSION_URN)

    def run(self, operations: Sequence[Operation]) -> tuple[Result, ...]:
        """
        One result for each operation, in order.
        """
        results: dict[int, Result] = {}
        for wave in _waves(operations):
            answers = self._wave([operation for _, operation in wave])
            for (place, operation), answer in zip(wave, answers, strict=True):
                results[place] = _result(operation, answer)
        return tuple(results[place] for place in range(len(operations)))

    def _wave(self, operations: list[Operation]) -> list[Answer]:
        """
        Operations of one kind and action.
        """
        first = operations[0]
        if first.action is Action.CREATE:
            return self._create(first.kind, operations)
        if first.kind in {Kind.MEDIA, Kind.AUDIENCE}:
            # Uploads cost nothing and may be shared: they are left alone.
            return [operation.remote_id for operation in operations]
        if first.action is Action.UPDATE:
            return self._updated(first.kind, operations)
        return self._switched(first.kind, first.action, operations)

    # -- creating ------------------------------------------------------------------

    def _create(self, kind: Kind, operations: list[Operation]) -> list[Answer]:
        if kind is Kind.MEDIA:
            return _side_by_side(self._upload, operations)
        if kind is Kind.AUDIENCE:
            return _side_by_side(self._list, operations)
        if kind is Kind.AD:
            return _side_by_side(self._ad, operations)
        bodies = [entity(operation, self._account) for operation in operations]
        path = self._lookup.path(kind)
        try:
            if len(bodies) == 1:
                return [self._api.create(path, bodies[0])]
            return list(self._api.batch_create(path, bodies))
        except PlatformError as error:
            return [_share(error) for _ in operations]

    def _ad(self, operation: Operation) -> Answer:
        path = self._lookup.path(Kind.AD)
        try:
            if "reference" in operation.fields:
                return self._api.create(path, referring(operation))
            body = inline(operation, self._account, self._organisation)
            _, found = self._api.act(path, "createInline", body)
        except PlatformError as error:
            return error
        return found or _unread(operation)

    def _list(self, operation: Operation) -> Answer:
        try:
            return self._segments.create(operation)
        except PlatformError as error:
            return error

    def _upload(self, operation: Operation) -> Answer:
        if operation.content is None:
            return InvalidRequestError(
                "there are no bytes to upload", platform="linkedin", operation="upload"
            )
        try:
            urn = self._uploader.upload(operation.content)
            return marked_upload(urn, operation.marker)
        except PlatformError as error:
            return error

    # -- switching -----------------------------------------------------------------

    def _switched(
        self, kind: Kind, action: Action, operations: list[Operation]
    ) -> list[Answer]:
        """
        Set statuses; a draft is paused already, and archived by deleting it.
        """
        try:
            rows = self._lookup.rows(kind, [o.remote_id for o in operations])
            if kind is Kind.AD_SET and action is Action.ACTIVATE:
                self._make_ready(rows)
        except PlatformError as error:
            return [_share(error) for _ in operations]
        now = {one: str(row.get(status_field(kind), "")) for one, row in rows.items()}
        if action is Action.ARCHIVE:
            return self._archived(kind, operations, now)
        goal = _STATUSES[action]
        same = {goal, "DRAFT"} if action is Action.PAUSE else {goal}
        due = [o for o in operations if now.get(o.remote_id, "?") not in same]
        sent = {o.remote_id: status_patch(kind, goal) for o in due}
        answers = dict(zip(sent, self._patched(kind, due, sent), strict=True))
        return [answers.get(o.remote_id, o.remote_id) for o in operations]

    def _archived(
        self, kind: Kind, operations: list[Operation], now: Mapping[str, str]
    ) -> list[Answer]:
        found: dict[str, Answer] = {}
        drafts = [o for o in operations if now.get(o.remote_id) == "DRAFT"]
        try:
            if kind is Kind.AD_SET and drafts:
                self._empty([operation.remote_id for operation in drafts])
        except PlatformError as error:
            found |= {o.remote_id: _share(error) for o in drafts}
            drafts = []
        for operation in drafts:
            found[operation.remote_id] = self._deleted(kind, operation)
        due = [
            o
            for o in operations
            if now.get(o.remote_id, "REMOVED") not in {*_OVER, "DRAFT"}
        ]
        sent = {o.remote_id: status_patch(kind, "ARCHIVED") for o in due}
        found |= dict(zip(sent, self._patched(kind, due, sent), strict=True))
        # What is neither a draft nor alive is archived or gone already.
        return [found.get(o.remote_id, o.remote_id) for o in operations]

    def _empty(self, campaigns: Iterable[str]) -> None:
        """
        Delete the ads of draft campaigns, which have never run: nobody says that they
        go with their campaign, and a lost state knows only some of them.
        """
        urns = {f"{tables.URNS[Kind.AD_SET]}{number}" for number in campaigns}
        path = self._lookup.path(Kind.AD)
        for row in list(self._lookup.every(Kind.AD, tables.LIVE)):
            if row.get("campaign") in urns:
                with suppress(NotFoundError):
                    self._api.delete(f"{path}/{encoded(str(row.get('id')))}")

    def _deleted(self, kind: Kind, operation: Operation) -> Answer:
        key = encoded(key_of(kind, operation.remote_id))
        try:
            self._api.delete(f"{self._lookup.path(kind)}/{key}")
        except NotFoundError:
            return operation.remote_id
        except PlatformError as error:
            return error
        return operation.remote_id

    def _make_ready(self, rows: Mapping[str, Mapping[str, Any]]) -> None:
        """
        What campaigns need before they may be switched on.

        LinkedIn refuses active campaigns in a draft group, and a draft group can only
        become active: it does so while all its campaigns are drafts still, and is
        paused at once. It stays off until it is activated itself.
        """
        groups = {
            str(row.get("campaignGroup", "")).rpartition(":")[2]
            for row in rows.values()
        }
        with self._lock:
            self._end_drafts(groups)
        for number, row in rows.items():
            if row.get("optimizationTargetType") == "MAX_CONVERSION":
                self._associate(number)

    def _end_drafts(self, groups: Iterable[str]) -> None:
        path = self._lookup.path(Kind.CAMPAIGN)
        found = self._lookup.rows(Kind.CAMPAIGN, sorted(groups))
        for number, row in found.items():
            for status in ("ACTIVE", "PAUSED") if row.get("status") == "DRAFT" else ():
                change = status_patch(Kind.CAMPAIGN, status)
                self._api.update(f"{path}/{number}", change)

    def _associate(self, campaign: str) -> None:
        """
        Say which conversion a campaign is optimised for; saying it again is harmless.
        """
        if not self._conversion:
            return
        pair = {
            "campaign": f"{tables.URNS[Kind.AD_SET]}{campaign}",
            "conversion": f"{tables.CONVERSION_URN}{self._conversion}",
        }
        self._api.put(f"campaignConversions/{encoded(pair)}", pair)

    # -- changing ------------------------------------------------------------------

    def _updated(self, kind: Kind, operations: list[Operation]) -> list[Answer]:
        given = {o.remote_id: patch(o) for o in operations}
        sets = {own: p["$set"] for own, p in given.items() if "$set" in p}
        due = [own for own, values in sets.items() if "targetingCriteria" in values]
        try:
            rows = self._lookup.rows(kind, due) if due else {}
        except PlatformError as error:
            return [_share(error) for _ in operations]
        for own, row in rows.items():
            values = sets[own]
            there = row.get("targetingCriteria") or {}
            values["targetingCriteria"] = keeping(there, values["targetingCriteria"])
        return self._patched(kind, operations, given)

    def _patched(
        self, kind: Kind, operations: list[Operation], patches: Patches
    ) -> list[Answer]:
        path = self._lookup.path(kind)
        due = {key_of(kind, one): p for one, p in patches.items() if p}
        try:
            if len(due) == 1:
                ((key, one),) = due.items()
                self._api.update(f"{path}/{encoded(key)}", one)
                errors: dict[str, PlatformError | None] = {}
            else:
                errors = self._api.batch_update(path, due) if due else {}
        except PlatformError as error:
            return [_share(error) for _ in operations]
        return [
            errors.get(key_of(kind, o.remote_id)) or o.remote_id for o in operations
        ]


def _waves(
    operations: Sequence[Operation],
) -> Iterator[list[tuple[int, Operation]]]:
    """
    Neighbours of one kind and action together; an object stands in each once.
    """
    wave: list[tuple[int, Operation]] = []
    seen: set[str] = set()
    for place, operation in enumerate(operations):
        head = wave[0][1] if wave else operation
        other = (head.kind, head.action) != (operation.kind, operation.action)
        if wave and (other or operation.remote_id in seen):
            yield wave
            wave, seen = [], set()
        wave.append((place, operation))
        if operation.remote_id:
            seen.add(operation.remote_id)
    if wave:
        yield wave


def _side_by_side(
    act: Callable[[Operation], Answer], operations: list[Operation]
) -> list[Answer]:
    """
    One request each, several in flight: LinkedIn has no batch for these.
    """
    if len(operations) == 1:
        return [act(operations[0])]
    with ThreadPoolExecutor(min(tables.TOGETHER, len(operations))) as pool:
        return list(pool.map(act, operations))


def _share(error: PlatformError) -> PlatformError:
    """
    The failure of a whole request, as the failure of one of its parts.
    """
    return copy.copy(error)


def _result(operation: Operation, answer: Answer) -> Result:
    if isinstance(answer, str):
        whole = operation.kind in {Kind.MEDIA, Kind.AUDIENCE}
        own = answer if whole else answer.rpartition(":")[2]
        return Result(operation.address, Outcome.APPLIED, own)
    told = at_address(answer, operation.address)
    return Result(operation.address, told.outcome, error=told)


def _unread(operation: Operation) -> PlatformError:
    """
    An answer without what it must have: what was done is unknown.
    """
    return UnexpectedResponseError(
        "a create was answered without an id",
        platform="linkedin",
        operation=f"{operation.action.value} {operation.kind.value}",
        outcome=Outcome.UNKNOWN,
    )
