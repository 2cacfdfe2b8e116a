"""
Comments, mentions and enquiries from files: what no platform hands to smmlib.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from io import StringIO
from os import PathLike
from pathlib import Path
from typing import Any

from smmlib.errors import ConfigurationError, Issue, SmmError, ValidationError
from smmlib.model import Message, MessageKind, Network, wall_time

SOURCES: Mapping[tuple[Network, MessageKind], str] = {
    (network, kind): "pull"
    if kind is MessageKind.LEAD and network in {Network.FACEBOOK, Network.INSTAGRAM}
    else "never"
    for network in Network
    for kind in MessageKind
}
"""
Where messages come from: `pull` reads leads of Meta's forms; everything else is `never`
read from a platform, because no contract of it is modelled: import it.
"""
_FIELDS = {
    "text": "text message comment content body nachricht mensaje сообщение текст",
    "at": "at date time datetime created_at created_time timestamp datum fecha дата",
    "network": "network platform plattform channel netzwerk red сеть",
    "kind": "kind type art tipo тип",
    "author": "author from user name autor автор",
    "message_id": "id message_id comment_id",
    "post": "post ad utm_content post_key",
    "language": "language lang sprache idioma язык",
}
_NAMES = {name: field for field, names in _FIELDS.items() for name in names.split()}
_NEEDED = ("text", "at", "network")


def read_messages(
    path: str | PathLike[str], *, zone: str = "UTC", network: str = ""
) -> tuple[Message, ...]:
    """
    Messages of a `.csv` or `.json` file; all rows are right, or none is taken.

    Columns: `text`, `at`, `network`, and where they are known `kind` (comment, direct,
    lead, review, mention), `author`, `id`, `post` (key of a post or ad), `language`;
    usual other names are understood.

    Args:
        path: The file; JSON is a list of objects.
        zone: Zone of times that name none.
        network: Where all of them were written, if no column says so.

    Raises:
        ConfigurationError: The file cannot be read.
        ValidationError: Every wrong row, with its line and column.
    """
    where = Path(path)
    found: list[Message] = []
    problems: list[Issue] = []
    for line, row in _rows(where, _text(where)):
        try:
            found.append(_message(row, zone, network))
        except SmmError as error:
            problems += _placed(error, str(path), line)
    if problems:
        raise ValidationError(problems)
    return tuple(found)


def _text(where: Path) -> str:
    try:
        return where.read_text("utf-8-sig")  # spreadsheets put a mark before it
    except (OSError, ValueError) as error:
        message = f"'{where}' cannot be read: {error}"
        hint = "save it as CSV or JSON in UTF-8"
        raise ConfigurationError(message, hint=hint) from error


def _rows(where: Path, text: str) -> Iterator[tuple[int, dict[str, str]]]:
    if where.suffix.lower() == ".json":
        yield from _json_rows(where, text)
        return
    first = text.lstrip("\ufeff").partition("\n")[0]
    mark = max(",;\t", key=first.count)
    reader = csv.DictReader(StringIO(text.lstrip("\ufeff")), delimiter=mark)
    for row in reader:
        yield reader.line_num, _named({k: v for k, v in row.items() if k})


def _json_rows(where: Path, text: str) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        data = json.loads(text)
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        issue = Issue(
            "", "json.syntax", f"no JSON: {error}", file=str(where), line=line
        )
        raise ValidationError([issue]) from error
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        message = "messages are a list of objects"
        issue = Issue("", "type.wrong", message, file=str(where), limit="[{...}, ...]")
        raise ValidationError([issue])
    for place, row in enumerate(data, start=1):
        yield place, _named(row)


def _named(row: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in row.items():
        field = _NAMES.get(str(name).strip().casefold().replace(" ", "_"))
        if field and field not in found and value is not None:
            found[field] = str(value).strip()
    return found


def _message(row: dict[str, str], zone: str, network: str) -> Message:
    given = {**({"network": network} if network else {}), **row}
    missing = [field for field in _NEEDED if not given.get(field)]
    if missing:
        raise ValidationError(
            [
                Issue(field, "message.missing", f"there is no {field}", limit=field)
                for field in missing
            ]
        )
    more = {k: v for k, v in given.items() if k not in {"text", "at", "network"} and v}
    at = _moment(given["at"], zone)
    return Message(given["text"], at, network=given["network"], **more)


def _moment(text: str, zone: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        issue = Issue(
            "at",
            "time.format",
            f"{text!r} is no moment",
            value=text,
            limit="2027-03-01 09:00, or with its offset",
        )
        raise ValidationError([issue]) from error
    return wall_time(found, zone) if found.tzinfo is None else found


def _placed(error: SmmError, file: str, line: int) -> Iterator[Issue]:
    import attrs

    for issue in error.issues:
        yield attrs.evolve(issue, file=file, line=line)
