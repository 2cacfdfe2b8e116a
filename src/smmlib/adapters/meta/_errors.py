"""
From Meta's error answers to our errors: by code, then subcode, never by the text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.adapters._http import Repeat
from smmlib.adapters.meta._error_rows import ROWS
from smmlib.adapters.meta._usage import resume_at
from smmlib.errors import (
    AuthenticationError,
    ConflictError,
    InvalidRequestError,
    Issue,
    NotFoundError,
    Outcome,
    PermissionDeniedError,
    PlatformError,
    PolicyRejectedError,
    RateLimitError,
    Retry,
    ServerError,
    UnexpectedResponseError,
    UnsupportedError,
    VersionSunsetError,
)

if TYPE_CHECKING:
    from smmlib.adapters._http import HttpRequest, HttpResponse
    from smmlib.ports import Clock

CLASSES: dict[str, type[PlatformError]] = {
    "throttle": RateLimitError,
    "transient": ServerError,
    "auth": AuthenticationError,
    "permission": PermissionDeniedError,
    "client": InvalidRequestError,
    "validation": InvalidRequestError,
    "policy": PolicyRejectedError,
    "version": VersionSunsetError,
}
_EXCEPTIONS: dict[tuple[int, int | None], type[PlatformError]] = {
    (100, 33): NotFoundError,
    (803, None): NotFoundError,
    (506, None): ConflictError,
}
HINTS = {
    AuthenticationError: "renew the access token of this environment",
    PermissionDeniedError: "let an admin of the ad account grant ads_management",
    RateLimitError: "wait; running the same command again goes on where it stopped",
    ServerError: "try again later; nothing is ever created twice",
    PolicyRejectedError: "read Meta's reason in Account Quality",
    VersionSunsetError: "set `api_version` of the connection to a current version",
    NotFoundError: "it was deleted, or this token may not see it",
}
# Which part of a plan's object a parameter comes from.
_PLAN_PATHS = {
    "daily_budget": "budget",
    "lifetime_budget": "budget",
    "spend_cap": "budget",
    "bid_amount": "bid",
    "bid_strategy": "bid",
    "start_time": "flight",
    "end_time": "flight",
    "targeting": "audience",
    "optimization_goal": "optimise_for",
    "destination_type": "optimise_for",
    "promoted_object": "optimise_for",
    "objective": "objective",
    "special_ad_categories": "special_ad_categories",
    "special_ad_category_country": "special_ad_countries",
    "name": "name",
    "creative": "creative",
    "dsa_payor": "strategy.brand.payer",
    "dsa_beneficiary": "strategy.brand.advertiser",
}
_DIGITS = 12
_ALREADY_GONE = frozenset({1487056, 1487566, 1885088})


@attrs.frozen
class ErrorRow:
    """
    What one code and subcode mean.
    """

    code: int
    subcode: int | None
    kind: str
    blame: tuple[str, ...]
    means: str


@lru_cache(maxsize=1)
def error_rows() -> Mapping[tuple[int, int | None], ErrorRow]:
    """
    The table of known errors by code and subcode.
    """
    rows = {}
    for line in ROWS.strip().splitlines():
        code, subcode, kind, blame, means = line.split(" ", 4)
        fine = None if subcode == "-" else int(subcode)
        named = () if blame == "-" else tuple(blame.split(","))
        rows[int(code), fine] = ErrorRow(int(code), fine, kind, named, means)
    return rows


def judge(
    clock: Clock, scrub: Callable[[str], str]
) -> Callable[[HttpRequest, HttpResponse], PlatformError | None]:
    """
    The reader of answers that the HTTP client asks which error they are.
    """

    def verdict(request: HttpRequest, answer: HttpResponse) -> PlatformError | None:
        return error_of(request, answer, clock.now(), scrub)

    return verdict


def error_of(
    request: HttpRequest,
    answer: HttpResponse,
    now: datetime,
    scrub: Callable[[str], str] = str,
) -> PlatformError | None:
    """
    The error an answer is, or None for a good one.

    An answer with status 200 can be an error, and one that cannot be read settles
    nothing: what a write did is then unknown.
    """
    try:
        body = answer.json()
    except ValueError:
        return _unreadable(request, answer)
    if isinstance(body, dict) and "error" in body:
        return graph_error(body["error"], answer, now, scrub, repeat=request.repeat)
    if answer.status >= 300:  # noqa: PLR2004 - whatever is no success
        return _unreadable(request, answer)
    if not isinstance(body, (dict, list)):
        return UnexpectedResponseError(
            "the answer is no object", status=answer.status, outcome=request.unknown
        )
    return None


def graph_error(
    error: Any,
    answer: HttpResponse,
    now: datetime,
    scrub: Callable[[str], str] = str,
    *,
    repeat: Repeat = Repeat.READ,
) -> PlatformError:
    """
    Our error for the `error` object of an answer.
    """
    if not isinstance(error, dict):
        error = {"message": str(error)}
    code, subcode = _whole(error.get("code")), _whole(error.get("error_subcode"))
    row = _row(code, subcode)
    kind = _class(code, subcode, row, error, answer.status)
    details: dict[str, Any] = {
        "outcome": _outcome(kind, repeat),
        "status": answer.status,
        "code": code,
        "subcode": subcode,
        "request_id": scrub(str(error.get("fbtrace_id") or "")),
        "fields": _blamed(error, row),
        "hint": HINTS.get(kind, ""),
    }
    if kind is RateLimitError:
        return RateLimitError(
            _message(error, row, scrub),
            resume_at=resume_at(answer.headers, subcode, now),
            **details,
        )
    return kind(_message(error, row, scrub), **details)


def is_gone(error: PlatformError) -> bool:
    """
    Whether an error says the object is deleted or archived already.
    """
    return isinstance(error, NotFoundError) or error.subcode in _ALREADY_GONE


def at_address(error: PlatformError, address: str) -> PlatformError:
    """
    The error with the place in the plan that caused it, as far as Meta blames one.
    """
    error.address = address
    places = [_PLAN_PATHS.get(name.split(".")[0]) for name in error.fields]
    paths = [
        place if place.startswith("strategy") else f"{address}.{place}"
        for place in dict.fromkeys(places)
        if place
    ]
    error.issues = tuple(
        Issue(
            path,
            f"meta.refused_{error.subcode or error.code}",
            error.message,
            hint=error.hint or "correct it and apply again",
            source="Meta's answer",
        )
        for path in paths
    )
    return error


def _unreadable(request: HttpRequest, answer: HttpResponse) -> PlatformError:
    """
    No Graph answer at all: a web page, half a body, a bare status.
    """
    status = answer.status
    if status >= 500:  # noqa: PLR2004
        return ServerError(
            f"answered HTTP {status}", status=status, outcome=request.unknown
        )
    if status == 429:  # noqa: PLR2004
        return RateLimitError("too many calls", status=status)
    return UnexpectedResponseError(
        f"answered HTTP {status} with something that is no Graph API answer",
        status=status,
        outcome=request.unknown,
        retry=Retry.NEVER if request.repeat is Repeat.CREATE else Retry.NOW,
        hint="a proxy or firewall may stand in between",
    )


def _whole(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    text = str(value)
    return (
        int(text)
        if text.isascii() and text.isdigit() and len(text) <= _DIGITS
        else None
    )


def _row(code: int | None, subcode: int | None) -> ErrorRow | None:
    if code is None:
        return None
    rows = error_rows()
    return rows.get((code, subcode)) or rows.get((code, None))


def _class(
    code: int | None,
    subcode: int | None,
    row: ErrorRow | None,
    error: Mapping[str, Any],
    status: int,
) -> type[PlatformError]:
    if code is not None:
        for key in ((code, subcode), (code, None)):
            if key in _EXCEPTIONS:
                return _EXCEPTIONS[key]
        if row is not None:
            return CLASSES[row.kind]
        if 200 <= code <= 299:  # noqa: PLR2004 - Meta's range of permission errors
            return PermissionDeniedError
        if 80000 <= code <= 80014:  # noqa: PLR2004 - its range of use case limits
            return RateLimitError
    if error.get("is_transient") is True:
        return ServerError
    return _class_of_status(status)


def _class_of_status(status: int) -> type[PlatformError]:
    named: dict[int, type[PlatformError]] = {
        401: AuthenticationError,
        403: PermissionDeniedError,
        404: NotFoundError,
        409: ConflictError,
        429: RateLimitError,
        501: UnsupportedError,
    }
    if status in named:
        return named[status]
    return ServerError if status >= 500 else InvalidRequestError  # noqa: PLR2004


def _outcome(kind: type[PlatformError], repeat: Repeat) -> Outcome:
    """
    A refusal is a refusal; "an unknown error occurred" leaves a write open.
    """
    open_ = kind is ServerError and repeat is not Repeat.READ
    return Outcome.UNKNOWN if open_ else Outcome.NOT_APPLIED


def _message(
    error: Mapping[str, Any], row: ErrorRow | None, scrub: Callable[[str], str]
) -> str:
    said = error.get("error_user_msg") or error.get("message") or ""
    text = scrub(str(said)).strip()
    if error.get("error_user_msg") and error.get("error_user_title"):
        text = f"{scrub(str(error['error_user_title']))}: {text}"
    if text and text.rstrip(".").casefold() not in {"invalid parameter", "(#100)"}:
        return text
    return row.means if row else text or "Meta gave no reason"


def _blamed(error: Mapping[str, Any], row: ErrorRow | None) -> tuple[str, ...]:
    data = error.get("error_data")
    if isinstance(data, str):
        try:
            data = json.loads(data)
        except (ValueError, RecursionError):
            data = None
    specs = data.get("blame_field_specs") if isinstance(data, dict) else None
    paths = [
        ".".join(str(part) for part in spec) if isinstance(spec, list) else str(spec)
        for spec in (specs if isinstance(specs, list) else [])
    ]
    return tuple(p for p in paths if p) or (row.blame if row else ())
