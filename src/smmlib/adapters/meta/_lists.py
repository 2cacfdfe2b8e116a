"""
Customer lists: read from a CSV, normalised and hashed in memory; no plain address
leaves this module.

Source: Marketing API customer file audiences, hashing and normalisation, 2026-09.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import attrs

from smmlib.errors import ConfigurationError

PREFIX = "customer_lists."
"""
How the options of a connection name a list: `customer_lists.crm`.
"""

MOST_AT_ONCE = 10_000
"""
The most people one request may hold.
"""

_EMAIL_HEADS = frozenset({"email", "e-mail", "mail", "e_mail", "email_address"})
_PHONE_HEADS = frozenset({"phone", "mobile", "telephone", "tel", "phone_number"})
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")
_TRUNK = re.compile(r"\(0\)")
_SHORTEST_PHONE, _LONGEST_PHONE = 7, 15
_MARK = "smmlib list "
_DIGEST = 16
_LARGEST = 256 * 1024 * 1024


@attrs.frozen
class CustomerList:
    """
    The people of a list, as hashes.

    Attributes:
        content: What is uploaded: hashes by schema, as JSON.
        digest: Tells one content from another.
        people: How many rows could be used.
        unusable: How many could not.
    """

    content: bytes = attrs.field(repr=False)
    digest: str
    people: int
    unusable: int


def lists_in(options: Mapping[str, str]) -> dict[str, str]:
    """
    Files by list name, out of a connection's options.
    """
    return {
        key.removeprefix(PREFIX): path
        for key, path in options.items()
        if key.startswith(PREFIX)
    }


def read_list(name: str, path: str) -> CustomerList:
    """
    Read a list from a CSV with a column `email`, `phone` or both.

    Raises:
        ConfigurationError: The file is missing, too large, or has no such column.
    """
    rows = _rows(name, _text(name, path))
    emails: set[str] = set()
    phones: set[str] = set()
    people = unusable = 0
    for row in rows:
        email, phone = _email(row.get("email", "")), _phone(row.get("phone", ""))
        emails |= {email} if email else set()
        phones |= {phone} if phone else set()
        usable = bool(email or phone)
        people, unusable = people + usable, unusable + (not usable)
    hashes = {"EMAIL_SHA256": emails, "PHONE_SHA256": phones}
    found = {schema: sorted(some) for schema, some in hashes.items() if some}
    content = json.dumps(found, separators=(",", ":")).encode()
    digest = hashlib.sha256(content).hexdigest()[:_DIGEST]
    return CustomerList(content, digest, people, unusable)


def payloads(content: bytes) -> Iterable[dict[str, Any]]:
    """
    The uploads a list takes, each small enough for one request.
    """
    for schema, hashes in json.loads(content).items():
        for start in range(0, len(hashes), MOST_AT_ONCE):
            part = hashes[start : start + MOST_AT_ONCE]
            yield {"schema": schema, "is_raw": False, "data": part}


def described(digest: str) -> str:
    """
    The description that says which content a list holds, once it holds all of it.
    """
    return f"{_MARK}{digest}"


def digest_of(description: Any) -> str:
    """
    The content a description speaks of; empty for lists that are not ours, or not
    whole.
    """
    text = description if isinstance(description, str) else ""
    return text.removeprefix(_MARK) if text.startswith(_MARK) else ""


def _text(name: str, path: str) -> str:
    file = Path(path)
    hint = f"correct customer_lists.{name} of this environment in smm.toml"
    try:
        if file.stat().st_size > _LARGEST:
            raise ConfigurationError(
                f"the customer list {name!r} is larger than 256 MB",
                hint="split it into several lists",
            )
        return file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"the customer list {name!r} cannot be read from {file.name}: "
            f"{type(error).__name__}",
            hint=hint,
        ) from None  # an encoding error carries the bytes it stumbled over


def _rows(name: str, text: str) -> list[dict[str, str]]:
    first = text.partition("\n")[0]
    comma = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=comma)
    heads = [_head(column) for column in next(reader, [])]
    if not {"email", "phone"} & set(heads):
        raise ConfigurationError(
            f"the customer list {name!r} has no column email or phone",
            hint="name the column in the first line of the file",
        )
    return [dict(zip(heads, row, strict=False)) for row in reader if any(row)]


def _head(column: str) -> str:
    word = column.strip().casefold().replace(" ", "_")
    if word in _EMAIL_HEADS:
        return "email"
    return "phone" if word in _PHONE_HEADS else word


def _email(text: str) -> str:
    plain = text.strip().lower()
    return _hashed(plain) if _EMAIL.match(plain) else ""


def _phone(text: str) -> str:
    """
    Digits with the country's code in front; a number without one means nobody.
    """
    given = _TRUNK.sub("", text.strip())
    digits = re.sub(r"[^0-9]", "", given)
    if digits.startswith("00"):
        digits = digits[2:]
    elif digits.startswith("0"):
        return ""
    right = _SHORTEST_PHONE <= len(digits) <= _LONGEST_PHONE
    return _hashed(digits) if right else ""


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
