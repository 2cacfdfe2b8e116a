"""
Meta's own words for the failures that a test asks for.

Source: Graph API error handling and Marketing API error reference, 2026-09.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smmlib.sandbox.meta._errors import GraphError

if TYPE_CHECKING:
    from smmlib.sandbox._faults import Fault

_THROTTLED = {
    4: "Application request limit reached",
    17: "User request limit reached",
    32: "Page request limit reached",
    613: "Calls to this api have exceeded the rate limit.",
}
_TOO_MANY = (
    "There have been too many calls from this ad-account. Wait a bit and try again."
)
_SUBCODES = {17: 2446079, 613: 1487742, 80004: 2446079}
_SESSIONS = {
    458: "The user has not authorized the application",
    459: "The session is invalid because the user has been checkpointed",
    460: "The session has been invalidated because the user changed the password",
    463: "Session has expired",
    464: "The session is invalid because the user account is not confirmed",
    467: "The session is invalid because the user logged out",
    492: "The session lacks the role that the page asks for",
}
_UNKNOWN = "An unknown error occurred"
_LATER = "An unexpected error has occurred. Please retry your request later."


def error_for(fault: Fault) -> GraphError:
    """
    The refusal that a planned failure stands for.
    """
    if fault.kind == "auth_expired":
        return _session(fault)
    if fault.kind == "rate_limit":
        return _throttled(fault)
    code = fault.code or 2
    return GraphError(
        code,
        _UNKNOWN if code == 1 else _LATER,
        subcode=fault.subcode,
        status=500,
        transient=code != 1,
    )


def _session(fault: Fault) -> GraphError:
    subcode = fault.subcode or 463
    text = _SESSIONS.get(subcode, "The access token is not valid any more")
    message = f"Error validating access token: {text}."
    return GraphError(fault.code or 190, message, subcode=subcode)


def _throttled(fault: Fault) -> GraphError:
    code = fault.code or 80004
    return GraphError(
        code,
        f"(#{code}) {_THROTTLED.get(code, _TOO_MANY)}",
        subcode=fault.subcode or _SUBCODES.get(code),
        transient=True,
    )
