"""
A large report as columns: numbers in arrays, every name kept once.

Days do not depend on each other, so a report is read in slices at the same time; one
slice is a chain of pages that each wait for the one before.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.errors import UnexpectedResponseError
from smmlib.model import Flight

if TYPE_CHECKING:
    from smmlib.adapters.meta._api import GraphApi

IN_FLIGHT = 4
TEXTS = ("on", "network", "campaign", "ad_set", "ad", "currency")
COUNTS = ("impressions", "reach", "clicks")
_NANO = 9
_NONE, _NOTHING = -1, "-1"
_REMEMBERED = 100_000
_SOURCES = (
    "date_start",
    "publisher_platform",
    "campaign_id",
    "adset_id",
    "ad_id",
    "account_currency",
)


@attrs.define
class MetricColumns:
    """
    The rows of a report, column by column.

    Attributes:
        texts: For each of `TEXTS` the place of its text in `words`.
        counts: Whole numbers by name; -1 where Meta says nothing.
        spend: Exact spend in billionths of the currency.
        words: Every text once.
    """

    texts: dict[str, array[int]] = attrs.field(
        factory=lambda: {name: array("i") for name in TEXTS}
    )
    counts: dict[str, array[int]] = attrs.field(factory=dict)
    spend: array[int] = attrs.field(factory=lambda: array("q"))
    words: list[str] = attrs.field(factory=list)

    def __len__(self) -> int:
        return len(self.spend)

    def column(self, name: str) -> list[Any]:
        """
        The values of one column: texts, counts (None for nothing said), or spend.

        Raises:
            KeyError: There is no such column.
        """
        if name == "spend":
            return [Decimal(value).scaleb(-_NANO) for value in self.spend]
        if name in self.texts:
            words = self.words
            return [words[place] for place in self.texts[name]]
        return [None if value == _NONE else value for value in self.counts[name]]

    def spent(self) -> Decimal:
        """
        The spend of all rows, exact.
        """
        return Decimal(sum(self.spend)).scaleb(-_NANO)


class _Places(dict[str, int]):
    """
    The place of every text in a list of words, given when it is first asked for.
    """

    def __init__(self, words: list[str]) -> None:
        super().__init__()
        self._words = words

    def __missing__(self, text: str) -> int:
        place = self[text] = len(self._words)
        self._words.append(text)
        return place


class _Read(dict[str, int]):
    """
    Numbers by their text: the same few texts come again and again.
    """

    def __init__(self, read: Callable[[str], int]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> int:
        number = self._read(text)
        if len(self) < _REMEMBERED:
            self[text] = number
        return number


class ColumnReader:
    """
    Puts rows of a report into columns.

    Args:
        events: Names of counted events, and the action types that mean each, best
            first.
    """

    def __init__(self, events: Mapping[str, Sequence[str]]) -> None:
        self._columns = MetricColumns()
        self._columns.counts = {name: array("i") for name in (*COUNTS, *events)}
        self._places = _Places(self._columns.words)
        self._wholes = _Read(_whole)
        self._kinds = {
            kind: (name, rank)
            for name, kinds in events.items()
            for rank, kind in enumerate(kinds)
        }
        self._events = tuple(events)

    @property
    def columns(self) -> MetricColumns:
        """
        What was read so far.
        """
        return self._columns

    def add(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """
        Append rows.

        Raises:
            UnexpectedResponseError: A number is none.
        """
        places, wholes = self._places, self._wholes
        try:
            for name, source in zip(TEXTS, _SOURCES, strict=True):
                found = [places[row.get(source, "")] for row in rows]
                self._columns.texts[name].extend(found)
            for name in COUNTS:
                numbers = [wholes[row.get(name, _NOTHING)] for row in rows]
                self._columns.counts[name].extend(numbers)
            spend = [_nano(row.get("spend", "0")) for row in rows]
            self._columns.spend.extend(spend)
            self._add_events(rows)
        except (ValueError, TypeError, KeyError, ArithmeticError) as error:
            raise UnexpectedResponseError(
                f"Meta answered with a report row that cannot be read: {error}",
                platform="meta",
                operation="insights",
            ) from error

    def _add_events(self, rows: Sequence[Mapping[str, Any]]) -> None:
        fresh = {
            name: array("i", bytes(array("i").itemsize * len(rows)))
            for name in self._events
        }
        known = {kind: (fresh[n], rank) for kind, (n, rank) in self._kinds.items()}
        wholes = self._wholes
        for place, row in enumerate(rows):
            parts = []
            for action in row.get("actions", ()):
                found = known.get(action["action_type"])
                if found is None:
                    continue
                column, rank = found
                if rank:
                    parts.append((rank, column, action.get("value", "0")))
                else:
                    column[place] = wholes[action.get("value", "0")]
            # A part counts only where there is no whole.
            for _, column, value in sorted(parts, key=_by_rank):
                column[place] = column[place] or wholes[value]
        for name, column in fresh.items():
            self._columns.counts[name].extend(column)


def _by_rank(part: tuple[int, array[int], str]) -> int:
    return part[0]


def _nano(text: str) -> int:
    whole, _, part = text.partition(".")
    if whole.isdigit() and len(part) <= _NANO and (part.isdigit() or not part):
        return int(whole + part.ljust(_NANO, "0"))
    return int(Decimal(text).scaleb(_NANO))


def _whole(text: str) -> int:
    if text == _NOTHING:
        return _NONE
    return int(text) if text.isdigit() else int(Decimal(text).to_integral_value())


def slices(flight: Flight) -> Iterator[Flight]:
    """
    A flight in parts that can be read at the same time.
    """
    days = flight.days()
    size = max(-(-len(days) // (5 * IN_FLIGHT)), 1)
    for start in range(0, len(days), size):
        part = days[start : start + size]
        yield Flight(part[0].start, part[-1].end)


def read_columns(
    api: GraphApi,
    account: str,
    parts: Sequence[Mapping[str, Any]],
    events: Mapping[str, Sequence[str]],
) -> MetricColumns:
    """
    The rows of several reports in order, read at the same time.
    """

    def read(values: Mapping[str, Any]) -> MetricColumns:
        reader = ColumnReader(events)
        for rows in api.row_pages(f"{account}/insights", **values):
            reader.add(rows)
        return reader.columns

    whole = ColumnReader(events).columns
    with ThreadPoolExecutor(IN_FLIGHT, thread_name_prefix="smm-report") as pool:
        for part in pool.map(read, parts):
            _append(whole, part)
    return whole


def _append(whole: MetricColumns, part: MetricColumns) -> None:
    known = {word: place for place, word in enumerate(whole.words)}
    moved = []
    for word in part.words:
        if word not in known:
            known[word] = len(whole.words)
            whole.words.append(word)
        moved.append(known[word])
    for name, places in part.texts.items():
        whole.texts[name].extend([moved[place] for place in places])
    for name, counts in part.counts.items():
        whole.counts[name].extend(counts)
    whole.spend.extend(part.spend)
