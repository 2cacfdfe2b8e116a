"""
From LinkedIn's error answers to our errors: by status and code, never by the text.

LinkedIn has five shapes of errors: the legacy one, that of validations, the gateway's,
that of OAuth and that of schemas. What they share is the status.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from smmlib.adapters._http import Repeat, parse_json
from smmlib.adapters.linkedin import _tables as tables
from smmlib.errors import (
    AuthenticationError,
    ConflictError,
    InvalidRequestError,
    Issue,
    NotFoundError,
    Outcome,
    PermissionDeniedError,
    PlatformError,
    RateLimitError,
    ServerError,
    Severity,
    UnexpectedResponseError,
    UnsupportedError,
    VersionSunsetError,
)

if TYPE_CHECKING:
    from smmlib.adapters._http import HttpRequest, HttpResponse
    from smmlib.ports import Clock

_OK = 300
_SERVER = 500
_THROTTLED = 429
_TOO_LONG = 414
_CLASSES: dict[int, type[PlatformError]] = {
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    408: ServerError,
    409: ConflictError,
    412: ConflictError,
    426: VersionSunsetError,
    501: UnsupportedError,
}
HINTS: dict[type[PlatformError], str] = {
    AuthenticationError: "renew the access token of this environment; LinkedIn's last "
    "60 days",
    PermissionDeniedError: "the token needs rw_ads, r_ads_reporting and "
    "r_organization_social, and a role in the ad account that may write",
    NotFoundError: "it was deleted, or this token may not see it",
    ServerError: "try again later; nothing is ever created twice",
    UnsupportedError: "this part of LinkedIn is not available here",
    ConflictError: "somebody else changed it at the same moment; try again",
}
# Texts of quotas per day begin like this; it is the one text that is read, for LinkedIn
# tells its throttles apart by nothing else.
_DAILY = "resource level throttle"
_DATA_WAIT = timedelta(seconds=330)  # metric values are counted over 5 minutes
_SCHEMA = re.compile(r"ERROR :: /([^ ]+) ::")
_TRACES = ("x-li-uuid", "x-li-request-id")
# Which part of a plan's object a field comes from.
_PLAN_PATHS = {
    "name": "name",
    "runSchedule": "flight",
    "dailyBudget": "budget",
    "totalBudget": "budget",
    "budgetOptimization": "budget",
    "unitCost": "bid",
    "costType": "bid",
    "targetingCriteria": "audience",
    "locale": "audience",
    "objectiveType": "objective",
    "optimizationTargetType": "optimise_for",
    "politicalIntent": "special_ad_categories",
    "format": "ads",
    "content": "creative",
    "inlineContent": "creative",
    "leadgenCallToAction": "creative",
}


def judge(
    clock: Clock, scrub: Callable[[str], str]
) -> Callable[[HttpRequest, HttpResponse], PlatformError | None]:
    """
    The reader of answers that the HTTP client asks which error they are.
    """

    def verdict(request: HttpRequest, answer: HttpResponse) -> PlatformError | None:
        if answer.status < _OK:
            return None
        return error_of(request, answer, clock.now(), scrub)

    return verdict


def error_of(
    request: HttpRequest,
    answer: HttpResponse,
    now: datetime,
    scrub: Callable[[str], str] = str,
) -> PlatformError:
    """
    The error an answer with a bad status is.
    """
    try:
        body = parse_json(answer.body) if answer.body else {}
    except ValueError:
        body = {}
    if not isinstance(body, dict):
        body = {}
    error = status_error(
        answer.status, body, now, scrub, repeat=request.repeat, name=request.name
    )
    trace = (answer.headers.get(name, "") for name in _TRACES)
    error.request_id = next((scrub(t) for t in trace if t), "")
    return error


def status_error(
    status: int,
    body: Mapping[str, Any],
    now: datetime,
    scrub: Callable[[str], str] = str,
    *,
    repeat: Repeat = Repeat.READ,
    name: str = "",
) -> PlatformError:
    """
    Our error for a status and its body: of a whole answer, or of one of a batch.
    """
    kind = _class(status)
    said = scrub(str(body.get("message") or body.get("error_description") or ""))
    open_ = kind is ServerError or kind is UnexpectedResponseError
    details: dict[str, Any] = {
        "outcome": Outcome.UNKNOWN
        if open_ and repeat is not Repeat.READ
        else Outcome.NOT_APPLIED,
        "status": status,
        "code": _code(body),
        "subcode": body.get("serviceErrorCode"),
        "fields": _blamed(body),
        "hint": HINTS.get(kind, ""),
    }
    if kind is RateLimitError:
        return _throttled(said, now, details, name)
    if kind is VersionSunsetError:
        details["hint"] = _versions(now)
    if status == _TOO_LONG:
        details["hint"] = "this is a fault of the adapter; please report it"
    message = _message(body, said, scrub) or f"answered HTTP {status}"
    return kind(message, **details)


def _class(status: int) -> type[PlatformError]:
    if status in _CLASSES:
        return _CLASSES[status]
    if status == _THROTTLED:
        return RateLimitError
    if status >= _SERVER:
        return ServerError
    return InvalidRequestError if status >= 400 else UnexpectedResponseError  # noqa: PLR2004


def _code(body: Mapping[str, Any]) -> str | None:
    code = body.get("code") or body.get("error")
    return str(code) if code else None


def _throttled(
    said: str, now: datetime, details: Mapping[str, Any], name: str
) -> RateLimitError:
    """
    Quotas are counted until midnight UTC, values of reports over five minutes.
    """
    report = "adAnalytics" in name and not said.casefold().startswith(_DAILY)
    resume_at = now + _DATA_WAIT if report else next_midnight(now)
    return RateLimitError(
        said or "too many calls",
        resume_at=resume_at,
        **{
            **details,
            "hint": "wait; running the same command again goes on where it stopped",
        },
    )


def next_midnight(now: datetime) -> datetime:
    """
    When LinkedIn's daily quotas begin anew.
    """
    day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(days=1)


def sunset_issue(version: str, today: date) -> Issue | None:
    """
    A warning about a version that soon stops answering; None while there is time.
    """
    end = tables.sunset(version)
    if end - today > tables.SUNSET_NEAR:
        return None
    known = "is" if version in tables.SUNSETS else "is about"
    return Issue(
        "campaigns",
        "linkedin.version_sunset",
        f"the last day of version {version} of LinkedIn's API {known} {end}; then "
        "every call fails",
        severity=Severity.WARNING,
        value=version,
        limit=end.isoformat(),
        hint="set `api_version` of this environment in smm.toml to a newer one, as "
        f"far as is known up to {tables.VERSION}",
        source="LinkedIn Marketing API, versioning, 2026-11",
    )


def _versions(now: datetime) -> str:
    alive = [v for v, end in tables.SUNSETS.items() if end > now.date()]
    known = f"{alive[0]} to {tables.VERSION}" if alive else tables.VERSION
    return (
        f"set `api_version` of the connection to one that is alive: {known} as far as "
        "is known"
    )


def _message(body: Mapping[str, Any], said: str, scrub: Callable[[str], str]) -> str:
    """
    LinkedIn's own words, and those about each field where there are several.
    """
    parts = [scrub(str(e.get("description") or "")) for e in _inputs(body)]
    details = "; ".join(dict.fromkeys(p for p in parts if p and p not in said))
    return "; ".join(p for p in (said, details) if p) or (_code(body) or "")


def _inputs(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    details = body.get("errorDetails")
    if not isinstance(details, Mapping):
        return []
    found: list[Mapping[str, Any]] = []
    for name in ("inputErrors", "conditionalInputErrors"):
        rows = details.get(name)
        found += [r for r in rows if isinstance(r, Mapping)] if rows else []
    return found


def _blamed(body: Mapping[str, Any]) -> tuple[str, ...]:
    """
    Fields by their path, as validations and schemas name them.
    """
    paths = []
    for row in _inputs(body):
        where = row.get("input")
        path = where.get("inputPath") if isinstance(where, Mapping) else None
        if isinstance(path, Mapping) and path.get("fieldPath"):
            paths.append(str(path["fieldPath"]))
    paths += _SCHEMA.findall(str(body.get("message") or ""))
    return tuple(dict.fromkeys(path.strip("/") for path in paths))


def at_address(error: PlatformError, address: str) -> PlatformError:
    """
    The error with the place in the plan that caused it, as far as LinkedIn blames one.
    """
    error.address = address
    places = [_place(path) for path in error.fields]
    error.issues = tuple(
        Issue(
            f"{address}.{place}",
            f"linkedin.refused_{str(error.code or error.status).lower()}",
            error.message,
            hint=error.hint or "correct it and apply again",
            source="LinkedIn's answer",
        )
        for place in dict.fromkeys(p for p in places if p)
    )
    return error


def _place(path: str) -> str | None:
    named = (part for part in path.split("/") if part in _PLAN_PATHS)
    return next((_PLAN_PATHS[part] for part in named), None)
