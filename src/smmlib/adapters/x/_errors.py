"""
From X's error answers to our errors: by code and status, never by the text.

Source: X Ads API, error codes and responses, and codes that users reported; read in
November 2026. Several errors can come at once; HTML and empty bodies leave the status.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from smmlib.adapters._http import Repeat, parse_json
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
    ServerError,
    UnexpectedResponseError,
    UnsupportedError,
)

if TYPE_CHECKING:
    from smmlib.adapters._http import HttpRequest, HttpResponse
    from smmlib.ports import Clock

_OK = 300
_SERVER = 500
DUPLICATE = "DUPLICATE_TWEET"
JOBS = "TOO_MANY_JOBS"
_JOB_WAIT = timedelta(seconds=30)
_STATUSES: dict[int, type[PlatformError]] = {
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    405: UnsupportedError,
    408: ServerError,
    423: ConflictError,
    429: RateLimitError,
    501: UnsupportedError,
}
_NAMES: dict[type[PlatformError], str] = {
    AuthenticationError: "UNAUTHORIZED_ACCESS",
    PermissionDeniedError: (
        "ACCOUNT_LOCKED_OUT ACCOUNT_NOT_FOUND ACTION_NOT_ALLOWED"
        " CURRENT_USER_SUSPENDED FEATURE_NOT_AVAILABLE"
        " FUNDING_INSTRUMENT_ACCESS_NOT_ALLOWED"
        " NO_PROVIDER_AVAILABLE_FOR_THIS_CLIENT_APPLICATION"
        " READONLY_CLIENT_APPLICATION UNAUTHORIZED_CLIENT_APPLICATION USER_NOT_FOUND"
    ),
    PolicyRejectedError: "GENERIC_TWEET_ERROR MALWARE_STATUS TWEET_IS_SPAM",
    ConflictError: "DUPLICATE_TWEET LOCK_ACQUISITION_TIMEOUT",
    RateLimitError: "TOO_MANY_REQUESTS TWEET_RATE_LIMIT_EXCEEDED TOO_MANY_JOBS",
    ServerError: "CANCELLED_REQUEST INTERNAL_ERROR OVER_CAPACITY SERVICE_UNAVAILABLE",
    UnsupportedError: "METHOD_NOT_ALLOWED ROUTE_NOT_FOUND SANDBOX_NOT_MODELLED",
    InvalidRequestError: (
        "EXCLUSIVE_PARAMETERS FUNDING_INSTRUMENT_EXCEEDS_AVAILABLE_CREDIT_LIMIT"
        " ILLEGAL_CHARACTERS INCLUSIVE_PARAMETERS INVALID INVALID_APP_ID"
        " INVALID_APP_STORE INVALID_DENOMINATION INVALID_FUNDING_INSTRUMENT"
        " INVALID_IAB_CATEGORY INVALID_ID_ILLEGAL_CHARACTERS INVALID_IMAGE"
        " INVALID_MEDIA INVALID_MEDIA_ID INVALID_PARAMETER INVALID_PLACEMENT_TYPE"
        " INVALID_TAILORED_AUDIENCE_TYPE INVALID_TARGETING_TYPE INVALID_TIME_WINDOW"
        " INVALID_TV_SHOW_LOCATIONS INVALID_TWEET INVALID_USER INVALID_USER_ID"
        " MISSING_PARAMETER REQUEST_TOO_COMPLEX SCHEDULED_TWEET_LIMIT_EXCEEDED"
        " SPEND_EXCEEDS_BUDGET TOO_MANY_CAMPAIGNS TOO_MANY_LINE_ITEMS"
        " TV_SHOW_OUTSIDE_MARKET TWEET_CANNOT_BE_BLANK UNKNOWN_CARD_TYPE"
        " UNKNOWN_CRITERIA_TYPE"
    ),
    NotFoundError: (
        "ACCOUNT_MEDIA_NOT_FOUND APP_EVENT_PROVIDER_CONFIGURATION_NOT_FOUND"
        " APP_EVENT_TAG_NOT_FOUND BEHAVIOR_OR_BEHAVIOR_EXPANDED_NOT_FOUND"
        " CAMPAIGN_NOT_FOUND CARD_NOT_FOUND FUNDING_INSTRUMENT_NOT_FOUND"
        " LINE_ITEM_APP_NOT_FOUND LINE_ITEM_NOT_FOUND MACT_APP_NOT_FOUND"
        " MEDIA_CREATIVE_NOT_FOUND MEDIA_NOT_FOUND NOT_FOUND PROMOTABLE_USER_NOT_FOUND"
        " PROMOTED_ACCOUNT_NOT_FOUND PROMOTED_TWEET_NOT_FOUND"
        " TAILORED_AUDIENCE_CHANGE_FILE_NOT_FOUND TAILORED_AUDIENCE_NOT_FOUND"
        " TAILORED_AUDIENCE_OR_TAILORED_AUDIENCE_EXPANDED_NOT_FOUND"
        " TARGETING_CRITERION_NOT_FOUND TWEET_NOT_FOUND WEB_EVENT_TAG_NOT_FOUND"
    ),
}
CODES: dict[str, type[PlatformError]] = {
    code: kind for kind, names in _NAMES.items() for code in names.split()
}
"""
Every documented code, and those seen elsewhere, with the error it is here.
"""

HINTS: dict[type[PlatformError], str] = {
    AuthenticationError: "look at the four keys of this environment, and at the "
    "computer's clock: signatures are good for minutes only",
    PermissionDeniedError: "the app needs access to the Ads API, and the user a role "
    "in the ad account that may write",
    NotFoundError: "it was deleted, or this user may not see it",
    PolicyRejectedError: "change the post; X takes it for spam or harmful",
    ServerError: "try again later; nothing is ever created twice",
    UnsupportedError: "this part of X is not available here",
    ConflictError: "somebody else changed it at the same moment; try again",
}
_HINT_OF = {
    "UNAUTHORIZED_CLIENT_APPLICATION": "the app has no access to the Ads API: apply "
    "for it in X's developer console",
    "READONLY_CLIENT_APPLICATION": "give the app read and write access, then make new "
    "access tokens",
    "TOO_MANY_CAMPAIGNS": "delete old campaigns, or ask X for a higher limit",
    DUPLICATE: "the account posted the same text before; change a word",
}
# Which part of a plan's object a parameter comes from.
_PLAN_PATHS = {
    "name": "name",
    "start_time": "flight",
    "end_time": "flight",
    "daily_budget_amount_local_micro": "budget",
    "total_budget_amount_local_micro": "budget",
    "bid_amount_local_micro": "bid",
    "bid_strategy": "bid",
    "pay_by": "bid",
    "targeting_type": "audience",
    "targeting_value": "audience",
    "operator_type": "audience",
    "objective": "objective",
    "goal": "optimise_for",
    "placements": "placements",
    "text": "creative",
    "card_uri": "creative",
    "media_keys": "creative",
    "tweet_ids": "creative",
    "components": "creative",
    "slides": "creative",
}


def judge(
    clock: Clock, scrub: Callable[[str], str]
) -> Callable[[HttpRequest, HttpResponse], PlatformError | None]:
    """
    The reader of answers that the HTTP client asks which error they are.
    """

    def verdict(request: HttpRequest, answer: HttpResponse) -> PlatformError | None:
        if answer.status < _OK or refused_parts(answer) is not None:
            return None
        return error_of(request, answer, clock.now(), scrub)

    return verdict


def refused_parts(answer: HttpResponse) -> list[Any] | None:
    """
    The lists of errors of a refused batch, one per operation; None for other answers.
    """
    found = _body(answer).get("operation_errors") if answer.status >= _OK else None
    return found if isinstance(found, list) else None


def error_of(
    request: HttpRequest,
    answer: HttpResponse,
    now: datetime,
    scrub: Callable[[str], str] = str,
) -> PlatformError:
    """
    The error an answer with a bad status is.
    """
    body = _body(answer)
    rows = body.get("errors")
    told = rows if isinstance(rows, list) else []
    errors = [row for row in told if isinstance(row, Mapping)]
    found = told_error(answer.status, errors, scrub, repeat=request.repeat)
    found.request_id = scrub(answer.headers.get("x-transaction-id", ""))
    if isinstance(found, RateLimitError):
        found.resume_at = _resume(found, answer.headers, now)
    return found


def told_error(
    status: int,
    errors: list[Mapping[str, Any]],
    scrub: Callable[[str], str] = str,
    *,
    repeat: Repeat = Repeat.READ,
) -> PlatformError:
    """
    Our error for a status and what X tells with it.

    Args:
        status: HTTP status of the answer.
        errors: X's error objects; the first one decides.
        scrub: Takes keys out of texts.
        repeat: What kind of request it was: of failed writes little is known.
    """
    code = scrub(str(errors[0].get("code") or "")) if errors else ""
    kind = CODES.get(code) or _by_status(status)
    open_ = kind in {ServerError, UnexpectedResponseError} and repeat is not Repeat.READ
    texts = [scrub(str(one.get("message") or "")) for one in errors]
    message = "; ".join(dict.fromkeys(t for t in texts if t))
    return kind(
        message or code or f"answered HTTP {status}",
        outcome=Outcome.UNKNOWN if open_ else Outcome.NOT_APPLIED,
        status=status,
        code=code or None,
        fields=tuple(scrub(name) for name in _blamed(errors)),
        hint=_HINT_OF.get(code) or HINTS.get(kind, ""),
    )


def _by_status(status: int) -> type[PlatformError]:
    if status in _STATUSES:
        return _STATUSES[status]
    if status >= _SERVER:
        return ServerError
    return InvalidRequestError if status >= 400 else UnexpectedResponseError  # noqa: PLR2004


def _resume(
    error: PlatformError, headers: Mapping[str, str], now: datetime
) -> datetime | None:
    """
    When calls are allowed again: the account's reset before the user's, never past.
    """
    if error.code == JOBS:
        return now + _JOB_WAIT
    for family in ("x-account-rate-limit", "x-rate-limit"):
        text = headers.get(f"{family}-reset", "")
        if text.isascii() and text.isdigit() and len(text) <= 11:  # noqa: PLR2004
            # Clocks differ: a reset in the past means "now".
            return max(now, datetime.fromtimestamp(int(text), UTC))
    return None


def _blamed(errors: list[Mapping[str, Any]]) -> tuple[str, ...]:
    names = (one.get("parameter") or one.get("attribute") for one in errors)
    return tuple(dict.fromkeys(str(name) for name in names if name))


def at_address(error: PlatformError, address: str) -> PlatformError:
    """
    The error with the place in the plan that caused it, as far as X blames one.
    """
    error.address = address
    places = [_PLAN_PATHS.get(name) for name in error.fields]
    error.issues = tuple(
        Issue(
            f"{address}.{place}",
            f"x.refused_{str(error.code or error.status).lower()}",
            error.message,
            hint=error.hint or "correct it and apply again",
            source="X's answer",
        )
        for place in dict.fromkeys(p for p in places if p)
    )
    return error


def _body(answer: HttpResponse) -> Mapping[str, Any]:
    try:
        body = parse_json(answer.body) if answer.body else {}
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
