"""
Sending writes: creates once and paused, the rest absolute, batched where Meta allows.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.adapters._http import Repeat
from smmlib.adapters.meta import _tables as tables
from smmlib.adapters.meta._api import Call, GraphApi
from smmlib.adapters.meta._build import change_call, create_call
from smmlib.adapters.meta._errors import at_address, is_gone
from smmlib.adapters.meta._films import FilmUploader
from smmlib.adapters.meta._media import upload_name
from smmlib.adapters.meta._overlay import keeping
from smmlib.adapters.meta._parse import id_of, image_hash_of
from smmlib.adapters.meta._people import ListUploader
from smmlib.errors import (
    InvalidRequestError,
    Outcome,
    PlatformError,
    Retry,
    UnexpectedResponseError,
)
from smmlib.ports import Action, Kind, Result

if TYPE_CHECKING:
    from smmlib.ports import Clock, Operation

_WHOLE = frozenset({"targeting"})
Answer = dict[str, Any] | PlatformError


Wave = list[tuple[int, "Operation", Call]]
"""
What is sent in one request: place, operation and call.
"""


class Executor:
    """
    Carries out operations on one ad account.
    """

    def __init__(self, api: GraphApi, account: str, clock: Clock) -> None:
        self._api = api
        self._account = account
        self._under_way = BoundedSemaphore(tables.IN_FLIGHT)
        self._lists = ListUploader(api, account, clock)
        self._films = FilmUploader(api, account, clock)

    def run(self, operations: Sequence[Operation]) -> tuple[Result, ...]:
        """
        One result for each operation, in order.
        """
        results: dict[int, Result] = {}
        sent: list[tuple[int, Operation, Call]] = []
        for place, operation in enumerate(operations):
            if operation.action is Action.CREATE and operation.kind is Kind.MEDIA:
                film = "video" in operation.fields
                results[place] = (self._film if film else self._upload)(operation)
            elif operation.content is not None and operation.kind is Kind.AUDIENCE:
                results[place] = self._list(operation, operation.content)
            else:
                self._prepare(place, operation, results, sent)
        waves = list(_waves(sent))
        for wave, answers in zip(waves, self._send_all(waves), strict=True):
            for (place, operation, _), answer in zip(wave, answers, strict=True):
                results[place] = _result(operation, answer)
        return tuple(results[place] for place in range(len(operations)))

    def _prepare(
        self,
        place: int,
        operation: Operation,
        results: dict[int, Result],
        sent: list[tuple[int, Operation, Call]],
    ) -> None:
        try:
            call = self._call(operation)
        except PlatformError as error:
            results[place] = _failed(operation, error)
            return
        if call is None:
            results[place] = _applied(operation, operation.remote_id)
        else:
            sent.append((place, operation, call))

    def _call(self, operation: Operation) -> Call | None:
        if operation.action is Action.CREATE:
            return create_call(operation, self._account)
        call = change_call(operation)
        whole = _WHOLE & set(operation.fields)
        if call is not None and whole and operation.kind is Kind.AD_SET:
            # These are replaced as a whole: what others put into them stays.
            present = self._api.get(operation.remote_id, fields=",".join(sorted(whole)))
            return attrs.evolve(call, values=_completed(call.values, present))
        return call

    def _send_all(self, waves: Sequence[Wave]) -> Iterable[Sequence[Answer]]:
        """
        Batches do not depend on each other, so they are sent at the same time.
        """
        if len(waves) <= 1:
            return [self._wave(wave) for wave in waves]
        workers = min(len(waves), tables.IN_FLIGHT)
        with ThreadPoolExecutor(workers, thread_name_prefix="smm-meta") as pool:
            return list(pool.map(self._wave, waves))

    def _wave(self, wave: Wave) -> Sequence[Answer]:
        calls = [call for _, _, call in wave]
        creates = any(op.action is Action.CREATE for _, op, _ in wave)
        with self._under_way:
            return self._send(calls, Repeat.CREATE if creates else Repeat.UPDATE)

    def _send(self, calls: list[Call], repeat: Repeat) -> Sequence[Answer]:
        if len(calls) == 1:
            return [self._one(calls[0], repeat)]
        try:
            answers = self._api.batch(calls, repeat=repeat)
        except PlatformError as error:
            return [_share(error, call) for call in calls]
        if repeat is Repeat.CREATE:
            return answers
        # Absolute changes may be sent again, each with the client's whole patience.
        return [
            self._one(call, repeat)
            if isinstance(answer, PlatformError) and answer.retry is not Retry.NEVER
            else answer
            for call, answer in zip(calls, answers, strict=True)
        ]

    def _one(self, call: Call, repeat: Repeat) -> Answer:
        try:
            if call.method == "DELETE":
                return self._api.delete(call.path)
            return self._api.write(call.path, call.values, repeat=repeat)
        except PlatformError as error:
            return error

    def _film(self, operation: Operation) -> Result:
        try:
            return _applied(operation, self._films.create(operation))
        except PlatformError as error:
            return _failed(operation, error)

    def _list(self, operation: Operation, content: bytes) -> Result:
        """
        Create a customer list and fill it.
        """
        try:
            return _applied(operation, self._lists.create(operation, content))
        except PlatformError as error:
            return _failed(operation, error)

    def _upload(self, operation: Operation) -> Result:
        """
        Upload a picture; the same bytes make the same image, so this may be repeated.
        """
        content = operation.content
        if content is None:
            error = InvalidRequestError("there are no bytes to upload", platform="meta")
            return _failed(operation, error)
        name = upload_name(
            operation.name or operation.address, content, operation.marker
        )
        try:
            answer = self._api.write(
                f"{self._account}/adimages",
                {},
                repeat=Repeat.UPDATE,
                files={"filename": (name, content)},
            )
        except PlatformError as error:
            return _failed(operation, error)
        found = image_hash_of(answer)
        return _applied(operation, found) if found else _unread(operation)


def _completed(values: Mapping[str, Any], present: Mapping[str, Any]) -> dict[str, Any]:
    done = dict(values)
    raw = present.get("targeting")
    if isinstance(raw, Mapping) and isinstance(done.get("targeting"), Mapping):
        done["targeting"] = keeping(raw, done["targeting"])
    return done


def _waves(sent: Iterable[tuple[int, Operation, Call]]) -> Iterator[Wave]:
    """
    Batches of at most fifty, in order, with sibling ad sets apart.

    Meta documents that a batch cannot hold several ad sets of one campaign.
    """
    waves: list[tuple[set[str], Wave]] = []
    for entry in sent:
        _, operation, call = entry
        new = operation.kind is Kind.AD_SET and operation.action is Action.CREATE
        parent = str(call.values.get("campaign_id", "")) if new else ""
        for parents, wave in waves:
            if len(wave) < tables.BATCH and not (parent and parent in parents):
                parents.add(parent)
                wave.append(entry)
                break
        else:
            waves.append(({parent}, [entry]))
    return (wave for _, wave in waves)


def _share(error: PlatformError, call: Call) -> PlatformError:
    """
    The failure of a whole batch, as the failure of one of its calls.
    """
    own = copy.copy(error)
    own.operation = f"{call.method} {call.path}"
    return own


def _result(operation: Operation, answer: Answer) -> Result:
    if isinstance(answer, PlatformError):
        if operation.action is Action.ARCHIVE and is_gone(answer):
            return _applied(operation, operation.remote_id)
        return _failed(operation, answer)
    if operation.action is not Action.CREATE:
        return _changed(operation, answer)
    found = id_of(answer)
    return _applied(operation, found) if found else _unread(operation)


def _changed(operation: Operation, answer: Mapping[str, Any]) -> Result:
    if answer.get("success") is True or id_of(answer):
        return _applied(operation, operation.remote_id)
    return _unread(operation)


def _applied(operation: Operation, remote_id: str) -> Result:
    return Result(operation.address, Outcome.APPLIED, remote_id)


def _failed(operation: Operation, error: PlatformError) -> Result:
    told = at_address(error, operation.address)
    return Result(operation.address, told.outcome, error=told)


def _unread(operation: Operation) -> Result:
    """
    An answer without what it must have: what was done is unknown.
    """
    error = UnexpectedResponseError(
        f"{operation.action.value} was answered without an id or success",
        platform="meta",
        operation=f"{operation.action.value} {operation.kind.value}",
        outcome=Outcome.UNKNOWN,
    )
    return _failed(operation, error)
