"""
What a client sent, before it has types: query, form or JSON body.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from smmlib.sandbox.x._errors import ApiError, invalid, not_modelled, refuse

if TYPE_CHECKING:
    from smmlib.sandbox._values import WireRequest

Raw = dict[str, list[str]]
Pairs = list[tuple[str, str]]

_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"
_MULTIPART = "multipart/form-data"


def pairs_of(request: WireRequest) -> Pairs:
    """
    Query and form as pairs in order: what parameters are read from and what is signed.
    """
    query = request.target.partition("?")[2]
    pairs = _parsed(query)
    if request.mimetype == _FORM:
        pairs += _parsed(request.get_data(cache=True).decode("utf-8", "replace"))
    return pairs


def _parsed(text: str) -> Pairs:
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=5_000)
    except ValueError as error:
        raise refuse("REQUEST_TOO_COMPLEX", str(error)) from error


def raw_of(pairs: Pairs) -> Raw:
    """
    Values by name; repeated keys are one list.
    """
    raw: Raw = {}
    for name, value in pairs:
        raw.setdefault(name, []).append(value)
    return raw


def raw_of_json(params: dict[str, Any]) -> Raw:
    """
    The parameters of a batch's item, in the same shape as a query's.
    """
    return {
        name: [_text(part) for part in value]
        if isinstance(value, list)
        else [_text(value)]
        for name, value in params.items()
    }


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return json.dumps(value)
    return str(value)


def json_body(request: WireRequest) -> Any:
    """
    The JSON body of an operation that takes nothing else.

    Raises:
        ApiError: There is none, or it is not JSON.
    """
    if request.mimetype != _JSON:
        raise invalid("", "The request body must be application/json")
    return _json_of(request.get_data(cache=True))


def _json_of(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise invalid("", "The request body is not valid JSON") from error


def check_encoding(request: WireRequest) -> None:
    """
    Refuse bodies that operations with query or form parameters do not read.

    Raises:
        ApiError: A JSON body where parameters belong into query or form.
    """
    if not request.get_data(cache=True):
        return
    if request.mimetype == _JSON:
        raise _wrong_body()
    if request.mimetype not in {_FORM, _MULTIPART}:
        kind = request.mimetype or "unknown type"
        raise not_modelled(f"bodies of type {kind}")


def _wrong_body() -> ApiError:
    text = "This operation takes its parameters in the query string or a form body"
    return invalid("", text)
