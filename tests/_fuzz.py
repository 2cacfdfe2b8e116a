"""
Damage for fuzz tests: to values, to texts and to answers, all from one seed.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from random import Random

FULL = os.environ.get("SMMLIB_FUZZ") == "full"
"""
Whether all of it is run, as `make fuzz` does, and not the part that fits into CI.
"""

_ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1e17, 1e400, 2**63, 10**30, 0.1, "", " ", "0", "1,234.5",
    "-", "null", "\x00", "\ud800", "\u202e", "é" * 300, "9" * 400, "2027-13-45",
    "2027-02-29", "9999-12-31T23:59:59Z",
    "https://[", "javascript:alert(1)", "../../etc", "=1+1", "<script>", "{{7*7}}",
    "%s%n", [], {}, [[]], [None], {"": ""}, {"id": None},
    {"data": None}, [1, "2", None], "urn:li:x:", "act_", "EUR", "0.001 JPY",
    "1e9999 EUR",
    "NaN", "Infinity", "12345678901234567890 EUR", "P1D", "yes", "no", "~",
    "!!python/x",
)  # fmt: skip


def damaged(value: Any, random: Random) -> Any:  # noqa: PLR0911
    """
    A value with one thing in it changed: gone, odd, doubled, or in another place.
    """
    if isinstance(value, dict) and value and random.random() < 0.8:
        key = random.choice([*value])
        way = random.random()
        if way < 0.6:
            return {**value, key: damaged(value[key], random)}
        if way < 0.75:
            return {k: v for k, v in value.items() if k != key}
        return {**value, random.choice([*value, "x", "id", ""]): random.choice(_ODD)}
    if isinstance(value, list) and value and random.random() < 0.8:
        place = random.randrange(len(value))
        way = random.random()
        if way < 0.6:
            changed = damaged(value[place], random)
            return [*value[:place], changed, *value[place + 1 :]]
        if way < 0.8:
            return [*value[:place], *value[place + 1 :]]
        return [*value, *value[-3:]]
    if isinstance(value, str) and value and random.random() < 0.3:
        return cut(value, random)
    return random.choice(_ODD)


_BITS = (
    *"\t\n\r\0\"'{}[]:,#&*!|>%@`-?=<\\/ 0e.", "\ufeff", "\u2028", "\ud83d", "  ",
    "\n- ",
    "&a ", "*a", "<<: ", "!!", "---\n", "0x1", "1_0", "null", "~", '"\\u0000"', "{{",
)  # fmt: skip


def cut(text: str, random: Random) -> str:
    """
    A text with some characters gone, doubled, swapped or new.
    """
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(text) + 1)
        to = min(len(text), at + random.choice((0, 1, 1, 2, 5, 40)))
        way = random.random()
        if way < 0.4:
            text = text[:at] + random.choice(_BITS) + text[to:]
        elif way < 0.6:
            text = text[:at] + text[to:]
        elif way < 0.8:
            text = text[:to] + text[at:to] + text[to:]
        else:
            text = (
                text[:at]
                + chr(random.choice((random.randrange(128), 0x1F600)))
                + text[at:]
            )
    return text


def broken_answer(answer: httpx.Response, random: Random) -> httpx.Response:
    """
    An answer with something wrong in body, status or headers.
    """
    body, status = answer.content, answer.status_code
    headers = {k: v for k, v in answer.headers.items() if k != "content-length"}
    way = random.random()
    if way < 0.65:
        body = _damaged_json(body, random)
    elif way < 0.75:
        body = body[: random.randrange(len(body) + 1)]
    elif way < 0.8:
        body = random.randbytes(random.randrange(200))
    elif way < 0.85:
        body = b"[" * random.choice((10, 2000, 100_000))
    elif way < 0.95:
        status = random.choice(
            (200, 201, 204, 207, 301, 400, 401, 404, 409, 418, 429, 500, 599)
        )
    else:
        name = random.choice(
            [*headers, "retry-after", "content-encoding", "x-restli-id"]
        )
        headers[name] = random.choice(("", "-1", "gzip", "9" * 50, "x\ty", "never"))
    return httpx.Response(status, headers=headers, content=body, request=answer.request)


def _damaged_json(body: bytes, random: Random) -> bytes:
    try:
        value = json.loads(body)
    except ValueError:
        return b"{}"
    for _ in range(random.randint(1, 3)):
        value = damaged(value, random)
    return json.dumps(value).encode("utf-8", "surrogatepass")
