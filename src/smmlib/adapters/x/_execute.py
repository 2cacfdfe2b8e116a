"""
Sending writes: creates once and paused, the rest absolute, batched as X takes it.

A batch is done wholly or not at all, so what X refuses of it is taken out and the rest
is sent again.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from smmlib.adapters._http import Repeat
from smmlib.adapters.x import _tables as tables
from smmlib.adapters.x._api import Body, chunks
from smmlib.adapters.x._build import (
    create_item,
    delete_item,
    marked_name,
    status_item,
    update_item,
)
from smmlib.adapters.x._criteria import CriteriaWriter
from smmlib.adapters.x._errors import at_address
from smmlib.adapters.x._lookup import Lookup
from smmlib.adapters.x._normal import single
from smmlib.adapters.x._posts import AdWriter
from smmlib.errors import (
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    Outcome,
    PlatformError,
    Retry,
)
from smmlib.ports import Action, Kind, Operation, Result

if TYPE_CHECKING:
    from smmlib.adapters.x._api import XApi
    from smmlib.adapters.x._uploads import Uploader
    from smmlib.ports import Clock

Answer = str | PlatformError
_LOOKS_S = (0.0, 60.0)  # at once, and when reads are sure to show what was made
Item = Callable[[Operation], Body]


class Executor:
    """
    Carries out operations on one ad account.
    """

    def __init__(
        self,
        api: XApi,
        lookup: Lookup,
        criteria: CriteriaWriter,
        ads: AdWriter,
        *,
        uploader: Uploader,
        clock: Clock,
    ) -> None:
        self._clock = clock
        self._uploader = uploader
        self._api = api
        self._lookup = lookup
        self._criteria = criteria
        self._ads = ads

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
        if first.kind is Kind.MEDIA:
            return [self._media(operation) for operation in operations]
        if first.kind is Kind.AD:
            return self._ads.run(first.action, operations)
        if first.action is Action.CREATE:
            return self._create(first.kind, operations)
        if first.action is Action.UPDATE:
            return self._update(first.kind, operations)
        return self._switch(first.kind, first.action, operations)

    def _media(self, operation: Operation) -> Answer:
        """
        Upload a file and take it into the library, where it keeps its name.
        """
        if operation.action is not Action.CREATE:
            return operation.remote_id  # uploads are shared: they are left alone
        content = operation.content
        if content is None:
            return InvalidRequestError(
                "there are no bytes to upload", platform="x", operation="upload"
            )
        name = operation.name.rpartition("/")[2]
        try:
            key = self._uploader.upload(content, name)
            self._api.post(
                "media_library",
                again=True,
                media_key=key,
                file_name=name[: tables.NAME],
                name=marked_name(name[-60:], operation.marker),
            )
        except PlatformError as error:
            return error
        return key

    # -- campaigns and line items --------------------------------------------------

    def _create(self, kind: Kind, operations: list[Operation]) -> list[Answer]:
        if kind is Kind.CAMPAIGN:
            return self._batched(kind, operations, create_item, Repeat.CREATE)
        bare = {
            place: _worldwide(operation)
            for place, operation in enumerate(operations)
            if not operation.fields.get("targeting")
        }
        ready = [o for place, o in enumerate(operations) if place not in bare]
        answers = iter(self._create_ready(ready))
        return [
            bare[place] if place in bare else next(answers)
            for place in range(len(operations))
        ]

    def _create_ready(self, operations: list[Operation]) -> list[Answer]:
        """
        Line items first, all paused, then all their criteria together.
        """
        kind = Kind.AD_SET
        sent = self._batched(kind, operations, create_item, Repeat.CREATE)
        answers = self._looked_up(operations, sent)
        wanted = {
            answer: single(operation.fields["targeting"])
            for operation, answer in zip(operations, answers, strict=True)
            if isinstance(answer, str)
        }
        failed = self._criteria.put({}, wanted)
        return [
            self._undone(answer, failed[answer])
            if isinstance(answer, str) and answer in failed
            else answer
            for answer in answers
        ]

    def _looked_up(
        self, operations: list[Operation], answers: list[Answer]
    ) -> list[Answer]:
        """
        Line items whose answer was lost, by their markers: they still need criteria.

        What is not there once reads are sure to show it was never made.
        """
        lost = {
            operation.marker: answer
            for operation, answer in zip(operations, answers, strict=True)
            if _lost(answer)
        }
        found: dict[str, str] = {}
        for seconds in _LOOKS_S if lost else ():
            self._clock.sleep(seconds)
            try:
                for remote in self._lookup.find(Kind.AD_SET, lost.keys() - found):
                    found.setdefault(remote.marker, remote.id)
            except PlatformError:
                # It cannot be asked now: the first error says what is known.
                return answers
            if lost.keys() == found.keys():
                break
        return [
            found.get(operation.marker) or _never_made(answer)
            if _lost(answer)
            else answer
            for operation, answer in zip(operations, answers, strict=True)
        ]

    def _undone(self, line_item: str, error: PlatformError) -> PlatformError:
        """
        Take away a line item whose criteria X refused: nobody may ever switch it on.
        """
        if error.outcome is Outcome.UNKNOWN:
            return error
        try:
            self._api.delete(f"line_items/{line_item}")
        except NotFoundError:
            return error
        except PlatformError:
            # It stands there, paused and bare: found by its marker, it is mended.
            error.outcome = Outcome.UNKNOWN
        return error

    def _update(self, kind: Kind, operations: list[Operation]) -> list[Answer]:
        """
        Fields first, then the set of criteria of those that have a new one.
        """
        refused: dict[str, PlatformError] = {}
        items: dict[str, Body] = {}
        for operation in operations:
            try:
                items[operation.remote_id] = update_item(operation)
            except InvalidRequestError as error:
                refused[operation.remote_id] = error
            if kind is Kind.AD_SET and _strips(operation):
                refused[operation.remote_id] = _worldwide(operation)
        due = [o for o in operations if o.remote_id not in refused]
        sent = [o for o in due if items[o.remote_id]]
        done = self._batched(kind, sent, lambda o: items[o.remote_id], Repeat.UPDATE)
        found: dict[str, Answer] = {**refused}
        found |= {o.remote_id: a for o, a in zip(sent, done, strict=True)}
        targeted = [
            o
            for o in due
            if "targeting" in o.fields
            and isinstance(found.get(o.remote_id, o.remote_id), str)
        ]
        found |= self._retarget(targeted)
        return [found.get(o.remote_id, o.remote_id) for o in operations]

    def _retarget(self, operations: list[Operation]) -> Mapping[str, PlatformError]:
        if not operations:
            return {}
        ids = [operation.remote_id for operation in operations]
        try:
            there = self._lookup.criteria(ids)
        except PlatformError as error:
            return {own: copy.copy(error) for own in ids}
        wanted = {o.remote_id: single(o.fields["targeting"]) for o in operations}
        return self._criteria.put(there, wanted)

    def _switch(
        self, kind: Kind, action: Action, operations: list[Operation]
    ) -> list[Answer]:
        """
        Set statuses, absolutely; what is gone already needs no archive.
        """
        ids = [operation.remote_id for operation in operations]
        try:
            bare = self._bare(kind, action, ids)
            there = self._lookup.rows(kind, ids) if action is Action.ARCHIVE else ids
        except PlatformError as error:
            return [copy.copy(error) for _ in operations]
        due = [o for o in operations if o.remote_id in there]
        due = [o for o in due if o.remote_id not in bare]
        item = delete_item if action is Action.ARCHIVE else status_item
        answers = self._batched(kind, due, item, Repeat.UPDATE)
        found: dict[str, Answer] = {
            o.remote_id: _settled(action, a, o)
            for o, a in zip(due, answers, strict=True)
        }
        return [
            _worldwide(o)
            if o.remote_id in bare
            else found.get(o.remote_id, o.remote_id)
            for o in operations
        ]

    def _bare(self, kind: Kind, action: Action, ids: Sequence[str]) -> frozenset[str]:
        """
        Line items that would be shown to everybody in the world.
        """
        if kind is not Kind.AD_SET or action is not Action.ACTIVATE:
            return frozenset()
        there = self._lookup.criteria(ids)
        return frozenset(own for own in ids if not there.get(own))

    # -- batches -------------------------------------------------------------------

    def _batched(
        self, kind: Kind, operations: list[Operation], item: Item, repeat: Repeat
    ) -> list[Answer]:
        answers: dict[int, Answer] = {}
        places = range(len(operations))
        for part in chunks(places, tables.ENTITY_BATCH):
            self._part(kind, list(part), operations, item, repeat, answers)
        return [answers[place] for place in places]

    def _part(  # noqa: PLR0917 - one request and all it is about
        self,
        kind: Kind,
        places: list[int],
        operations: list[Operation],
        item: Item,
        repeat: Repeat,
        answers: dict[int, Answer],
    ) -> None:
        """
        Send one batch; without those X refuses, again, until the rest is done.
        """
        left = places
        while left:
            try:
                told = self._api.batch(
                    tables.COLLECTIONS[kind],
                    [item(operations[place]) for place in left],
                    repeat=repeat,
                )
            except PlatformError as error:
                answers.update((place, copy.copy(error)) for place in left)
                return
            rows = dict(zip(left, told, strict=True))
            held = [place for place, row in rows.items() if _held(row)]
            # All that is refused for itself is settled; without such, everything is.
            settled = [place for place in left if place not in held] or left
            for place in settled:
                row = rows[place]
                answers[place] = row if isinstance(row, PlatformError) else _id(row)
            left = [place for place in left if place not in settled]


def _lost(answer: Answer) -> bool:
    return isinstance(answer, PlatformError) and answer.outcome is Outcome.UNKNOWN


def _never_made(answer: Answer) -> Answer:
    if not isinstance(answer, PlatformError):
        return answer
    told = copy.copy(answer)
    told.outcome, told.retry = Outcome.NOT_APPLIED, Retry.NOW
    return told


def _held(row: Body | PlatformError) -> bool:
    return isinstance(row, ConflictError) and row.code is None


def _id(row: Body) -> str:
    return str(row.get("id") or "")


def _settled(action: Action, answer: Answer, operation: Operation) -> Answer:
    gone = isinstance(answer, NotFoundError) and action is Action.ARCHIVE
    return operation.remote_id if gone else answer


def _strips(operation: Operation) -> bool:
    return "targeting" in operation.fields and not operation.fields["targeting"]


def _worldwide(operation: Operation) -> PlatformError:
    return InvalidRequestError(
        "an ad set without targeting criteria is shown to everybody in the world",
        platform="x",
        operation=f"{operation.action.value} line_items",
        fields=("targeting_type",),
        hint="give its audience a place, or people to reach",
    )


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


def _result(operation: Operation, answer: Answer) -> Result:
    if isinstance(answer, str):
        return Result(operation.address, Outcome.APPLIED, answer)
    told = at_address(answer, operation.address)
    told.platform = told.platform or "x"
    kind = f"{operation.action.value} {operation.kind.value}"
    told.operation = told.operation or kind
    return Result(operation.address, told.outcome, error=told)
