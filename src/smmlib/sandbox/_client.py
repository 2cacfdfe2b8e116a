"""
A Python client of the control API, for programs that start the server elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import httpx

from smmlib.errors import SandboxError

if TYPE_CHECKING:
    from types import TracebackType


class SandboxClient:
    """
    Steers a running sandbox: time, faults, log, state.

    Args:
        control_url: As in the ready line, e.g. `http://127.0.0.1:8080/_sandbox`.
        transport: For a sandbox in the same process.
    """

    def __init__(
        self, control_url: str, *, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._url = control_url.rstrip("/")
        self._http = httpx.Client(transport=transport, timeout=30, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """
        Close the connection; the sandbox goes on.
        """
        self._http.close()

    def details(self) -> dict[str, Any]:
        """
        What the ready line says: base URLs, ids, credentials.
        """
        return self._dict("GET", "/")

    def clock(self) -> dict[str, Any]:
        """
        The sandbox's present and the kind of its clock.
        """
        return self._dict("GET", "/clock")

    def advance(self, seconds: float = 0, *, days: float = 0) -> dict[str, Any]:
        """
        Let time pass at once.
        """
        step = seconds + days * 86_400
        return self._dict("POST", "/clock", json={"advance_s": step})

    def add_fault(
        self, kind: str, match: str = "* /", **options: Any
    ) -> dict[str, Any]:
        """
        Plan a failure; see `smmlib.sandbox.FAULTS` for the kinds.
        """
        body = {"kind": kind, "match": match, **options}
        return self._dict("POST", "/faults", json=body)

    def faults(self) -> list[dict[str, Any]]:
        """
        The planned failures with how often they fired.
        """
        return self._list("GET", "/faults")

    def clear_faults(self) -> None:
        """
        Forget all planned failures.
        """
        self._send("DELETE", "/faults")

    def log(self, since: int = 0) -> list[dict[str, Any]]:
        """
        Every request and answer after number *since*.
        """
        return self._list("GET", "/log", params={"since": since})

    def reset(self) -> None:
        """
        Start again with empty platforms.
        """
        self._send("POST", "/reset")

    def state(self) -> dict[str, Any]:
        """
        All objects of all platforms.
        """
        return self._dict("GET", "/state")

    def coverage(self) -> dict[str, Any]:
        """
        What is modelled, per platform.
        """
        return self._dict("GET", "/coverage")

    def conversions_csv(self, account: str | None = None) -> str:
        """
        The shop's own record of what people did after clicking.
        """
        params = {} if account is None else {"account": account}
        return self._send("GET", "/conversions.csv", params=params).text

    def _dict(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        data: dict[str, Any] = self._send(method, path, **options).json()
        return data

    def _list(self, method: str, path: str, **options: Any) -> list[dict[str, Any]]:
        data: list[dict[str, Any]] = self._send(method, path, **options).json()
        return data

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            answer = self._http.request(method, self._url + path, **options)
        except httpx.HTTPError as error:
            raise SandboxError(
                f"no sandbox answers at {self._url}: {error}",
                hint="start one with `smm sandbox serve`",
            ) from error
        if answer.is_error:
            body = answer.json()
            raise SandboxError(body["error"], hint=body.get("hint", ""))
        return answer
