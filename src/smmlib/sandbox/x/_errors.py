"""
X's refusals: the documented codes, each with its HTTP status.

Source: X Ads API, error codes and responses, 2026-08.
"""

from __future__ import annotations

from typing import Any

import attrs

_BY_STATUS = {
    400: (
        "DUPLICATE_TWEET EXCLUSIVE_PARAMETERS FEATURE_NOT_AVAILABLE ILLEGAL_CHARACTERS"
        " INCLUSIVE_PARAMETERS INVALID_DENOMINATION INVALID_FUNDING_INSTRUMENT"
        " INVALID_IMAGE INVALID_MEDIA INVALID_MEDIA_ID INVALID_PARAMETER"
        " INVALID_PLACEMENT_TYPE INVALID_TAILORED_AUDIENCE_TYPE INVALID_TARGETING_TYPE"
        " INVALID_TIME_WINDOW INVALID_TV_SHOW_LOCATIONS INVALID_TWEET INVALID_USER"
        " INVALID_USER_ID MISSING_PARAMETER REQUEST_TOO_COMPLEX SPEND_EXCEEDS_BUDGET"
        " TOO_MANY_CAMPAIGNS TOO_MANY_LINE_ITEMS TV_SHOW_OUTSIDE_MARKET"
        " TWEET_CANNOT_BE_BLANK UNKNOWN_CARD_TYPE UNKNOWN_CRITERIA_TYPE"
        # Seen in reports of users, not in the table of the documentation:
        " TOO_MANY_JOBS SCHEDULED_TWEET_LIMIT_EXCEEDED INVALID"
    ),
    401: "UNAUTHORIZED_ACCESS",
    403: (
        "ACCOUNT_LOCKED_OUT ACCOUNT_NOT_FOUND ACTION_NOT_ALLOWED CURRENT_USER_SUSPENDED"
        " FUNDING_INSTRUMENT_ACCESS_NOT_ALLOWED"
        " FUNDING_INSTRUMENT_EXCEEDS_AVAILABLE_CREDIT_LIMIT GENERIC_TWEET_ERROR"
        " MALWARE_STATUS READONLY_CLIENT_APPLICATION TWEET_IS_SPAM"
        " UNAUTHORIZED_CLIENT_APPLICATION USER_NOT_FOUND"
    ),
    404: (
        "ACCOUNT_MEDIA_NOT_FOUND APP_EVENT_PROVIDER_CONFIGURATION_NOT_FOUND"
        " APP_EVENT_TAG_NOT_FOUND BEHAVIOR_OR_BEHAVIOR_EXPANDED_NOT_FOUND"
        " CAMPAIGN_NOT_FOUND CARD_NOT_FOUND FUNDING_INSTRUMENT_NOT_FOUND INVALID_APP_ID"
        " INVALID_APP_STORE INVALID_IAB_CATEGORY INVALID_ID_ILLEGAL_CHARACTERS"
        " LINE_ITEM_APP_NOT_FOUND LINE_ITEM_NOT_FOUND MACT_APP_NOT_FOUND"
        " MEDIA_CREATIVE_NOT_FOUND MEDIA_NOT_FOUND"
        " NO_PROVIDER_AVAILABLE_FOR_THIS_CLIENT_APPLICATION NOT_FOUND"
        " PROMOTABLE_USER_NOT_FOUND PROMOTED_ACCOUNT_NOT_FOUND PROMOTED_TWEET_NOT_FOUND"
        " ROUTE_NOT_FOUND TAILORED_AUDIENCE_CHANGE_FILE_NOT_FOUND"
        " TAILORED_AUDIENCE_NOT_FOUND"
        " TAILORED_AUDIENCE_OR_TAILORED_AUDIENCE_EXPANDED_NOT_FOUND"
        " TARGETING_CRITERION_NOT_FOUND TWEET_NOT_FOUND WEB_EVENT_TAG_NOT_FOUND"
    ),
    405: "METHOD_NOT_ALLOWED",
    408: "CANCELLED_REQUEST",
    423: "LOCK_ACQUISITION_TIMEOUT",
    429: "TOO_MANY_REQUESTS TWEET_RATE_LIMIT_EXCEEDED",
    500: "INTERNAL_ERROR",
    501: "SANDBOX_NOT_MODELLED",
    503: "SERVICE_UNAVAILABLE OVER_CAPACITY",
}
STATUS: dict[str, int] = {
    code: status for status, codes in _BY_STATUS.items() for code in codes.split()
}


@attrs.frozen
class Flaw:
    """
    One error object: its code and what it is about.
    """

    code: str
    message: str
    parameter: str | None = None
    attribute: str | None = None
    value: Any = None

    def to_json(self) -> dict[str, Any]:
        """
        The error object; what does not apply is left out.
        """
        told: dict[str, Any] = {"code": self.code, "message": self.message}
        for name in ("parameter", "attribute", "value"):
            if getattr(self, name) is not None:
                told[name] = getattr(self, name)
        return told


class ApiError(Exception):
    """
    A request is refused for one or several reasons; the first one gives the status.
    """

    def __init__(self, *flaws: Flaw) -> None:
        super().__init__("; ".join(flaw.message for flaw in flaws))
        self.flaws = flaws

    @property
    def status(self) -> int:
        """
        The HTTP status of the first reason.
        """
        return STATUS[self.flaws[0].code]


class BatchError(Exception):
    """
    Some operations of a batch are refused, so none was done.

    Attributes:
        lists: The reasons, one list per operation.
    """

    def __init__(self, lists: list[tuple[Flaw, ...]]) -> None:
        super().__init__("batch refused")
        self.lists = lists

    @property
    def status(self) -> int:
        """
        The HTTP status of the first reason.
        """
        first = next(flaws[0] for flaws in self.lists if flaws)
        return STATUS[first.code]


def refuse(
    code: str,
    message: str,
    *,
    parameter: str | None = None,
    attribute: str | None = None,
    value: Any = None,
) -> ApiError:
    """
    One reason as an exception to raise.
    """
    return ApiError(Flaw(code, message, parameter, attribute, value))


def invalid(parameter: str, message: str, value: Any = None) -> ApiError:
    """
    A parameter's value that cannot be.
    """
    return refuse("INVALID_PARAMETER", message, parameter=parameter, value=value)


def missing(parameter: str, why: str = "") -> ApiError:
    """
    A parameter that must be there.
    """
    text = f'"{parameter}" is a required parameter'
    return refuse("MISSING_PARAMETER", text + why, parameter=parameter)


def not_modelled(what: str) -> ApiError:
    """
    An honest 501 instead of a plausible answer.
    """
    text = f"The sandbox does not model {what}."
    return refuse("SANDBOX_NOT_MODELLED", text)
