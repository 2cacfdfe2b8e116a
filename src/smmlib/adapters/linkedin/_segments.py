"""
Matched audiences made of customer lists: created, filled, named whole, waited for.

Source: dmpSegments of LinkedIn's Marketing API, 2026-08: people are streamed as hashes,
matching takes a day or two, and campaigns target the segment LinkedIn makes of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from smmlib.adapters.linkedin import _tables as tables
from smmlib.adapters.linkedin._api import rows_of
from smmlib.adapters.linkedin._build import marked_name, split_name
from smmlib.adapters.linkedin._lists import digest_of, elements, whole
from smmlib.errors import (
    ConflictError,
    Outcome,
    PlatformError,
    Retry,
    UnexpectedResponseError,
)
from smmlib.ports import Kind, Remote

if TYPE_CHECKING:
    from smmlib.adapters.linkedin._api import LinkedInApi
    from smmlib.ports import Clock, Operation

_PATH = "dmpSegments"
_PAGE = 100
_MOST_PAGES = 1_000
_SETTLED_S = 5.0
_TRIES = 3
_FIRST_LOOK_S, _LONGEST_LOOK_S = 30.0, 120.0
_PATIENCE = timedelta(minutes=10)
_DEAD = frozenset({"EXPIRED", "FAILED", "ERROR"})

Row = dict[str, Any]


class Segments:
    """
    The customer lists of one ad account.
    """

    def __init__(self, api: LinkedInApi, account: str, clock: Clock) -> None:
        self._api = api
        self._account = f"{tables.ACCOUNT_URN}{account}"
        self._clock = clock

    # -- reading -------------------------------------------------------------------

    def read(self, ids: Iterable[str]) -> dict[str, Remote]:
        """
        Lists by what campaigns target; what is gone or dead is left out.
        """
        wanted = frozenset(i for i in ids if i)
        if not wanted:
            return {}
        found = {_target(row): row for row in self._rows()}
        return {own: _remote(own, row) for own, row in found.items() if own in wanted}

    def find(self, markers: Iterable[str]) -> tuple[Remote, ...]:
        """
        Lists with one of these markers that hold all of their people.

        One that is still matched has no id yet, and is none: making it goes on with it.
        """
        wanted = frozenset(m for m in markers if m)
        return tuple(
            _remote(_target(row), row) for row in self._whole(wanted) if _target(row)
        )

    def _whole(self, markers: frozenset[str]) -> Iterator[Row]:
        """
        Living lists with one of these markers, all people in them.
        """
        for row in self._rows() if markers else ():
            name, marker = split_name(str(row.get("name") or ""))
            if marker in markers and digest_of(name)[1] and _status(row) not in _DEAD:
                yield row

    def _rows(self) -> Iterator[Row]:
        for page in range(_MOST_PAGES):
            asked = {
                "q": "account",
                "account": self._account,
                "start": page * _PAGE,
                "count": _PAGE,
            }
            rows = rows_of(self._api.find(_PATH, asked), _PATH)
            yield from rows
            if not rows:
                return

    # -- making --------------------------------------------------------------------

    def create(self, operation: Operation) -> str:
        """
        Create a list, fill it and wait until it can be targeted; what is targeted.

        The name that tells which people are in it is written last: a list that was left
        half full never passes for the whole one. One that is whole already is only
        waited for.

        Raises:
            PlatformError: Nothing is there, or (outcome unknown) an unfinished list.
        """
        for row in self._whole(frozenset({operation.marker} - {""})):
            return _target(row) or self._ready(str(row["id"]))
        body = {
            "name": marked_name(f"{operation.name} (filling)", operation.marker),
            "account": self._account,
            "type": "USER",
            "sourcePlatform": "API",
            "accessPolicy": "PRIVATE",
            "destinations": [{"destination": "LINKEDIN"}],
        }
        number = self._api.create(_PATH, body)
        try:
            self._fill(number, operation)
        except PlatformError as error:
            self._take_back(number, error)
            raise
        return self._ready(number)

    def _fill(self, number: str, operation: Operation) -> None:
        # LinkedIn asks to wait after a segment was made.
        self._clock.sleep(_SETTLED_S)
        for part in elements(operation.content or b"[]"):
            self._stream(f"{_PATH}/{number}/users", part)
        digest = str(operation.fields.get("list", ""))
        name = marked_name(whole(operation.name, digest), operation.marker)
        self._api.update(f"{_PATH}/{number}", {"$set": {"name": name}})

    def _stream(self, path: str, part: list[dict[str, object]]) -> None:
        """
        Add people; adding the same ones twice adds them once.
        """
        left = part
        for _ in range(_TRIES):
            answers = self._api.stream(path, left)
            bad = [pair for pair in zip(left, answers, strict=True) if pair[1]]
            if not bad:
                return
            left = [one for one, _ in bad]
            error = bad[0][1]
        assert error is not None  # noqa: S101 - bad ones have one
        raise error

    def _take_back(self, number: str, error: PlatformError) -> None:
        """
        Remove the unfinished list, so that it can be made again from the beginning.
        """
        try:
            self._api.delete(f"{_PATH}/{number}")
        except PlatformError:
            error.outcome = Outcome.UNKNOWN
        else:
            error.outcome = Outcome.NOT_APPLIED

    def _ready(self, number: str) -> str:
        """
        Look less and less often until LinkedIn has matched the people; not for ever.

        It takes a day or two: what needs no list is set up meanwhile, and the next
        apply goes on from here.
        """
        until, pause = self._clock.now() + _PATIENCE, _FIRST_LOOK_S
        while True:
            row = self._api.get(f"{_PATH}/{number}")
            if _status(row) in _DEAD:
                raise _unusable(f"LinkedIn could not match it: {_status(row)}")
            if _target(row):
                return _target(row)
            if self._clock.now() >= until:
                raise _matching()
            self._clock.sleep(pause)
            pause = min(pause * 2, _LONGEST_LOOK_S)


def _unusable(text: str) -> PlatformError:
    return UnexpectedResponseError(
        f"the customer list cannot be targeted: {text}",
        platform="linkedin",
        operation=_PATH,
        outcome=Outcome.UNKNOWN,
        hint="see Audiences in Campaign Manager; running the same command again goes "
        "on where it stopped",
    )


def _matching() -> PlatformError:
    return ConflictError(
        "LinkedIn is still matching the customer list, which takes a day or two",
        platform="linkedin",
        operation=_PATH,
        outcome=Outcome.NOT_APPLIED,
        retry=Retry.NEVER,  # not within this run
        hint="apply the same plan again tomorrow: what needs no list is set up, and "
        "the rest goes on from here",
    )


def _destination(row: Row) -> dict[str, Any]:
    found = row.get("destinations")
    first = found[0] if isinstance(found, list) and found else {}
    return first if isinstance(first, dict) else {}


def _target(row: Row) -> str:
    return str(_destination(row).get("destinationSegmentId") or "")


def _status(row: Row) -> str:
    return str(_destination(row).get("status") or "")


def _remote(own: str, row: Row) -> Remote:
    name, marker = split_name(str(row.get("name") or ""))
    shown, digest = digest_of(name)
    fields = {"list": digest} if digest else {}
    return Remote(Kind.AUDIENCE, own, fields=fields, marker=marker, name=shown)
