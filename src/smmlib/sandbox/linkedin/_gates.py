"""
The gates before any handler, in LinkedIn's order: version, protocol, route, scope.

Source: LinkedIn versioning and error pages, checked 2026-08; Rest.li framework source.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from smmlib.sandbox.linkedin._errors import (
    GATEWAY,
    ApiError,
    forbidden,
    not_found,
    not_modelled,
    routing,
)
from smmlib.sandbox.linkedin._operations import (
    ELSEWHERE,
    LEFT_OUT,
    OPERATIONS,
    RESOURCES,
)
from smmlib.sandbox.linkedin._tables import DECEMBER, MONTHS, NEWEST, sunset
from smmlib.sandbox.linkedin._wire import HTTP_OF, known_params

if TYPE_CHECKING:
    from smmlib.sandbox.linkedin._operations import Operation
    from smmlib.sandbox.linkedin._wire import Route

_VERSION = re.compile(r"(\d{4})(\d{2})(\.\d{2})?")


def version_of(header: str | None, now: float) -> int:
    """
    The version a request asks for.

    Raises:
        ApiError: 400 without a version, 426 for one that does not answer.
    """
    if not header:
        text = "A version must be present. Please specify a version header."
        raise ApiError(400, text, "VERSION_MISSING", GATEWAY)
    match = _VERSION.fullmatch(header.strip())
    if match is None or not 1 <= int(match.group(2)) <= MONTHS:
        raise ApiError(400, f"Invalid version {header!r}", "ILLEGAL_ARGUMENT", GATEWAY)
    version = int(match.group(1) + match.group(2))
    unborn = version > NEWEST or version % 100 == DECEMBER
    # The newest version has no announced end; simulations may outlast it.
    if unborn or (version != NEWEST and now >= sunset(version)):
        raise retired(str(version))
    return version


def retired(version: str) -> ApiError:
    """
    The 426 for a version that is over, or never was.
    """
    text = f"Requested version {version}01 is not active"
    return ApiError(426, text, "NONEXISTENT_VERSION", GATEWAY)


def check_protocol(header: str | None) -> None:
    """
    Let Rest.li 2.0.0 through.

    Raises:
        ApiError: 400 for an unknown protocol, 501 for the old one.
    """
    protocol = header or "1.0.0"
    if protocol == "1.0.0":
        raise not_modelled("Rest.li protocol 1.0.0, which a missing header means")
    if protocol != "2.0.0":
        raise routing(f"Rest.li protocol version {protocol} is not supported")


def operation_of(route: Route) -> Operation:
    """
    What a route asks for.

    Raises:
        ApiError: 400, 404, 405 or 501.
    """
    name = ""
    if route.method in {"FINDER", "ACTION"}:
        given = route.params.get("q" if route.method == "FINDER" else "action")
        name = given if isinstance(given, str) else ""
    key = (route.resource, route.method, name)
    found = OPERATIONS.get(key)
    if found is None:
        raise _no_operation(route, name)
    if found.keyed != route.has_key:
        raise routing(f"{route.method} does not fit this path")
    return found


def _no_operation(route: Route, name: str) -> ApiError:
    key = (route.resource, route.method, name)
    if key in LEFT_OUT:
        return not_modelled(LEFT_OUT[key])
    if route.resource in ELSEWHERE:
        return not_modelled(f"the resource {route.resource}")
    if route.resource not in RESOURCES:
        return not_found(f"No virtual resource found for {route.resource}: it")
    if route.method in {"FINDER", "ACTION"}:
        return routing(f"{route.resource} has no {route.method.lower()} {name!r}")
    if route.method not in HTTP_OF:
        return routing(f"{route.method} is not a Rest.li method")
    return ApiError(405, f"{route.resource} has no {route.method}", "", GATEWAY)


def check_scope(operation: Operation, scopes: tuple[str, ...]) -> None:
    """
    Any of the operation's scopes is enough.

    Raises:
        ApiError: 403.
    """
    if not set(operation.scopes) & set(scopes):
        raise forbidden(
            f"Not enough permissions; needs {' or '.join(operation.scopes)}"
        )


def check_params(operation: Operation, route: Route) -> None:
    """
    Only parameters that the operation has.

    Raises:
        ApiError: 400.
    """
    known_params(route.params, operation.params)
