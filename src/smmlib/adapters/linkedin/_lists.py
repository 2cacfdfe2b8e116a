"""
Customer lists: read from a CSV, normalised and hashed in memory; no plain address
leaves this module.

Source: matched audiences of LinkedIn's Marketing API and its help pages, 2026-08:
lower-case SHA-256 of e-mail addresses without blanks, in lower case.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import attrs

from smmlib.errors import ConfigurationError

PREFIX = "customer_lists."
"""
How the options of a connection name a list: `customer_lists.crm`.
"""

MOST_AT_ONCE = 5_000
FEWEST = 300
"""
Members LinkedIn must find before a list is shown ads.
"""

_HEADS = frozenset({"email", "e-mail", "mail", "e_mail", "email_address"})
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")
_WHOLE = re.compile(r"(.*) #([0-9a-f]{16})\Z")
_LARGEST = 256 * 1024 * 1024
_DIGEST = 16


@attrs.frozen
class CustomerList:
    """
    The people of one or several lists, as hashes.

    Attributes:
        content: What is uploaded, as JSON.
        digest: Tells one content from another.
        people: How many addresses there are.
        unusable: How many rows hold none.
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


def read_lists(files: Mapping[str, str]) -> CustomerList:
    """
    Read lists, each a CSV with a column `email`, as one.

    Args:
        files: Paths by the lists' names.

    Raises:
        ConfigurationError: A file is missing, too large, or has no such column.
    """
    hashes: set[str] = set()
    unusable = 0
    for name, path in files.items():
        for text in _emails(name, path):
            plain = text.strip().lower()
            if _EMAIL.match(plain):
                hashes.add(hashlib.sha256(plain.encode()).hexdigest())
            else:
                unusable += 1
    content = json.dumps(sorted(hashes), separators=(",", ":")).encode()
    digest = hashlib.sha256(content).hexdigest()[:_DIGEST]
    return CustomerList(content, digest, len(hashes), unusable)


def elements(content: bytes) -> Iterator[list[dict[str, object]]]:
    """
    The uploads a list takes, each small enough for one request.
    """
    hashes = json.loads(content)
    for start in range(0, len(hashes), MOST_AT_ONCE):
        yield [
            {
                "action": "ADD",
                "userIds": [{"idType": "SHA256_EMAIL", "idValue": one}],
            }
            for one in hashes[start : start + MOST_AT_ONCE]
        ]


def whole(name: str, digest: str) -> str:
    """
    The name that says which content a list holds, once it holds all of it.
    """
    return f"{name} #{digest}"


def digest_of(name: str) -> tuple[str, str]:
    """
    Shown name and content of a list; no content for lists that are not whole.
    """
    found = _WHOLE.match(name)
    return (found.group(1), found.group(2)) if found else (name, "")


def _emails(name: str, path: str) -> Iterable[str]:
    text = _text(name, path)
    first = text.partition("\n")[0]
    comma = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=comma)
    heads = [head.strip().casefold().replace(" ", "_") for head in next(reader, [])]
    place = next((n for n, head in enumerate(heads) if head in _HEADS), None)
    if place is None:
        raise ConfigurationError(
            f"the customer list {name!r} has no column email",
            hint="name the column in the first line of the file",
        )
    for row in reader:
        if any(row):
            yield row[place] if place < len(row) else ""


def _text(name: str, path: str) -> str:
    file = Path(path)
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
            hint=f"correct customer_lists.{name} of this environment in smm.toml",
        ) from None  # an encoding error carries the bytes it stumbled over
