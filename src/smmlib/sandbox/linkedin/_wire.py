"""
From HTTP to a Rest.li call: tunnelling, the path, the method.

Source: linkedin/rest.li framework source, 2026-07; linkedin-api-client 0.3.0.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.sandbox.linkedin._errors import ApiError, bad_param, not_found, routing
from smmlib.sandbox.linkedin._restli import parse_key, parse_query
from smmlib.sandbox.linkedin._tables import LONGEST_TARGET

if TYPE_CHECKING:
    from smmlib.sandbox._values import WireRequest
    from smmlib.sandbox.linkedin._restli import Value

FORM = "application/x-www-form-urlencoded"
HTTP_OF = {
    "GET": "GET", "BATCH_GET": "GET", "GET_ALL": "GET", "FINDER": "GET",
    "BATCH_FINDER": "GET", "CREATE": "POST", "BATCH_CREATE": "POST", "UPDATE": "PUT",
    "BATCH_UPDATE": "PUT", "PARTIAL_UPDATE": "POST", "BATCH_PARTIAL_UPDATE": "POST",
    "DELETE": "DELETE", "BATCH_DELETE": "DELETE", "ACTION": "POST",
}  # fmt: skip
_BOUNDARY = re.compile(r'boundary="?([^";]+)"?')


@attrs.frozen
class Message:
    """
    One request after tunnelling is undone.
    """

    verb: str
    query: str
    kind: str
    body: bytes


@attrs.frozen
class Route:
    """
    What a request is about.
    """

    method: str
    resource: str
    keys: tuple[Value, ...]
    has_key: bool
    params: dict[str, Value]


def message(request: WireRequest) -> Message:
    """
    Undo query tunnelling.

    Raises:
        ApiError: 414 for a long URL, 400 for a broken tunnel.
    """
    if len(request.target) > LONGEST_TARGET:
        raise ApiError(414, "Request-URI Too Long", "URI_TOO_LONG", "C")
    query = request.target.partition("?")[2]
    body = request.get_data(cache=True)
    verb = request.headers.get("X-HTTP-Method-Override", "").upper()
    if not verb:
        return Message(request.method, query, request.mimetype, body)
    if request.method != "POST" or verb not in {"GET", "PUT", "POST", "DELETE"}:
        raise routing(f"{request.method} cannot carry a {verb}")
    if query:
        raise routing("a tunnelled request has its query in the body")
    if request.mimetype == FORM:
        return Message(verb, _ascii(body), "", b"")
    if request.mimetype == "multipart/mixed":
        return _mixed(verb, request.headers.get("Content-Type", ""), body)
    raise routing(f"a tunnel of type {request.mimetype or 'unknown'}")


def _ascii(body: bytes) -> str:
    try:
        return body.decode("ascii").strip()
    except UnicodeDecodeError as error:
        raise routing("a tunnelled query is percent-encoded text") from error


def _mixed(verb: str, kind: str, body: bytes) -> Message:
    match = _BOUNDARY.search(kind)
    if match is None:
        raise routing("multipart/mixed has no boundary")
    fence = b"\r\n--" + match.group(1).encode("latin-1")
    found: dict[str, bytes] = {}
    for part in (b"\r\n" + body).split(fence)[1:]:
        head, gap, content = part.partition(b"\r\n\r\n")
        if gap:
            name = head.decode("latin-1").partition(":")[2].strip().partition(";")[0]
            found[name.lower()] = content
    if set(found) != {FORM, "application/json"}:
        raise routing("a tunnel carries one query part and one JSON part")
    query = _ascii(found[FORM])
    return Message(verb, query, "application/json", found["application/json"])


def route(request: WireRequest, told: Message, path: str) -> Route:
    """
    Read path and query and find the Rest.li method.

    Raises:
        ApiError: 400 or 404.
    """
    parts = [part for part in path.split("/") if part]
    if not parts:
        raise not_found("the root")
    keys = tuple(parse_key(part) for part in parts[1::2])
    has_key = not len(parts) % 2
    params = parse_query(told.query)
    inferred = _inferred(told.verb, params, has_key=has_key)
    asked = request.headers.get("X-RestLi-Method", "").upper()
    if asked and asked != inferred and not _fits(asked, inferred):
        raise routing(f"{told.verb} on this path is {inferred}, not {asked}")
    return Route(asked or inferred, "/".join(parts[0::2]), keys, has_key, params)


def _fits(asked: str, inferred: str) -> bool:
    return asked == "BATCH_CREATE" and inferred == "CREATE"


def _inferred(verb: str, params: dict[str, Value], *, has_key: bool) -> str:
    several = "ids" in params
    if verb == "GET":
        return _reading(params, has_key=has_key, several=several)
    if verb == "POST" and "action" in params:
        return "ACTION"
    name = {"POST": "PARTIAL_UPDATE", "PUT": "UPDATE", "DELETE": "DELETE"}.get(verb)
    if name is None:
        raise ApiError(405, f"{verb} is not a method of this API", "", "C")
    if has_key:
        return name
    if several:
        return f"BATCH_{name}"
    if verb == "POST":
        return "CREATE"
    raise routing(f"{verb} needs a key")


def _reading(params: dict[str, Value], *, has_key: bool, several: bool) -> str:
    if has_key:
        return "GET"
    if "q" in params:
        return "FINDER"
    if "bq" in params:
        return "BATCH_FINDER"
    return "BATCH_GET" if several else "GET_ALL"


def json_body(told: Message) -> Any:
    """
    The JSON of a body; None when there is none.

    Raises:
        ApiError: 400 or 415.
    """
    if not told.body.strip():
        return None
    if told.kind not in {"application/json", ""}:
        raise ApiError(415, f"{told.kind} is not supported", "", "C")
    try:
        return json.loads(told.body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise routing(f"the body is not JSON: {error}") from error


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def known_params(params: dict[str, Value], known: frozenset[str]) -> None:
    """
    Refuse parameters that an operation does not have.

    Raises:
        ApiError: 400 QUERY_PARAM_NOT_ALLOWED.
    """
    for name in params:
        if name not in known:
            text = f"{name} is not a parameter here"
            raise bad_param(name, text, "QUERY_PARAM_NOT_ALLOWED")
