"""
Filling a customer list: created, filled, named whole, and waited for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smmlib.adapters._http import Repeat
from smmlib.adapters.meta._build import create_call
from smmlib.adapters.meta._lists import described, payloads
from smmlib.adapters.meta._parse import id_of
from smmlib.errors import Outcome, PlatformError, UnexpectedResponseError

if TYPE_CHECKING:
    from smmlib.adapters.meta._api import GraphApi
    from smmlib.ports import Clock, Operation

_READY = 200
_FIRST_LOOK_S, _LONGEST_LOOK_S, _PATIENCE_S = 5.0, 120.0, 45 * 60.0


class ListUploader:
    """
    Creates the customer lists of one ad account.
    """

    def __init__(self, api: GraphApi, account: str, clock: Clock) -> None:
        self._api = api
        self._account = account
        self._clock = clock

    def create(self, operation: Operation, content: bytes) -> str:
        """
        Create a list, fill it and wait until it can be used; its id.

        The description that tells which people are in it is written last: a list that
        was left half full never passes for the whole one.

        Raises:
            PlatformError: Nothing is there, or (outcome unknown) an unfinished list.
        """
        call = create_call(operation, self._account)
        body = self._api.write(call.path, call.values, repeat=Repeat.CREATE)
        found = id_of(body)
        if found is None:
            raise UnexpectedResponseError(
                "a customer list was created without an id",
                platform="meta",
                operation=f"POST {call.path}",
                outcome=Outcome.UNKNOWN,
            )
        try:
            self._fill(found, content, str(operation.fields.get("list", "")))
        except PlatformError as error:
            self._take_back(found, error)
            raise
        return found

    def _fill(self, list_id: str, content: bytes, digest: str) -> None:
        for payload in payloads(content):
            # Adding the same people twice adds them once.
            self._api.write(
                f"{list_id}/users", {"payload": payload}, repeat=Repeat.UPDATE
            )
        self._api.write(
            list_id, {"description": described(digest)}, repeat=Repeat.UPDATE
        )
        self._wait(list_id)

    def _wait(self, list_id: str) -> None:
        """
        Look less and less often until Meta has matched the people; not for ever.
        """
        waited, pause = 0.0, _FIRST_LOOK_S
        while not self._is_ready(list_id) and waited < _PATIENCE_S:
            self._clock.sleep(pause)
            waited, pause = waited + pause, min(pause * 2, _LONGEST_LOOK_S)

    def _is_ready(self, list_id: str) -> bool:
        body = self._api.get(list_id, fields="operation_status")
        state = body.get("operation_status")
        # A list that is too small to deliver is matched as well; that comes later.
        return not isinstance(state, dict) or state.get("code") == _READY

    def _take_back(self, list_id: str, error: PlatformError) -> None:
        """
        Remove the unfinished list, so that it can be made again from the beginning.
        """
        try:
            self._api.delete(list_id)
        except PlatformError:
            error.outcome = Outcome.UNKNOWN
        else:
            error.outcome = Outcome.NOT_APPLIED
