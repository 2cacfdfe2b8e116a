"""
A large report as columns: numbers in arrays, every name kept once.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any

import attrs

from smmlib.errors import UnexpectedResponseError

COUNTS = ("impressions", "reach", "clicks")
SOURCES = {
    "on": "date_start",
    "currency": "account_currency",
    "campaign": "campaign_id",
    "ad_set": "adset_id",
    "ad": "ad_id",
    "network": "publisher_platform",
}
"""
The texts every report has, and where Meta tells them.
"""

WHOLES = (*COUNTS, "inline_link_clicks")
"""
Fields of a row that hold whole numbers.
"""
_NUMBERS = (*WHOLES, "spend", "actions", "action_values")
_NANO = 9
_NONE = -1
_REMEMBERED = 50_000
_CENT = 10_000_000
_TENS = tuple(int(f"1{'0' * n}") for n in range(_NANO + 1))


@attrs.define
class MetricColumns:
    """
    The rows of a report, column by column.

    Attributes:
        texts: For each text column (`on`, `network`, `campaign`, `ad_set`, `ad`,
            `currency`, and what the report is broken down by) the place of its text
            in `words`.
        counts: Whole numbers by name; -1 where Meta says nothing.
        spend: Exact spend in billionths of the currency.
        revenue: Value of the purchases Meta claims, in the same unit.
        words: Every text once.
    """

    texts: dict[str, array[int]] = attrs.field(factory=dict)
    counts: dict[str, array[int]] = attrs.field(factory=dict)
    spend: array[int] = attrs.field(factory=lambda: array("q"))
    revenue: array[int] = attrs.field(factory=lambda: array("q"))
    words: list[str] = attrs.field(factory=list)

    def __len__(self) -> int:
        return len(self.spend)

    def column(self, name: str) -> list[Any]:
        """
        The values of one column: texts, counts (None for nothing said), or money.

        Raises:
            KeyError: There is no such column.
        """
        if name in {"spend", "revenue"}:
            return [Decimal(value).scaleb(-_NANO) for value in getattr(self, name)]
        if name in self.texts:
            words = self.words
            return [words[place] for place in self.texts[name]]
        return [None if value == _NONE else value for value in self.counts[name]]

    def spent(self) -> Decimal:
        """
        The spend of all rows, exact.
        """
        return Decimal(sum(self.spend)).scaleb(-_NANO)

    def append(self, part: MetricColumns) -> None:
        """
        Put the rows of another part of the same report behind these.
        """
        known = {word: place for place, word in enumerate(self.words)}
        moved: list[int] = []
        for word in part.words:
            if word not in known:
                known[word] = len(self.words)
                self.words.append(word)
            moved.append(known[word])
        for name, places in part.texts.items():
            self.texts[name].fromlist([moved[place] for place in places])
        for name, counts in part.counts.items():
            self.counts[name].extend(counts)
        self.spend.extend(part.spend)
        self.revenue.extend(part.revenue)


class _Places(dict[Any, int]):
    """
    The place of every text in a list of words, given when it is first asked for.
    """

    def __init__(self, words: list[str]) -> None:
        super().__init__()
        self._words = words

    def __missing__(self, text: Any) -> int:
        if not isinstance(text, str):
            # Ids may come as numbers, and nothing at all where Meta has none.
            place = self[text] = self["" if text is None else str(text)]
            return place
        place = self[text] = len(self._words)
        self._words.append(text)
        return place


class _Read(dict[Any, int]):
    """
    Numbers by their text: the same few texts come again and again.
    """

    def __init__(self, read: Callable[[Any], int]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: Any) -> int:
        number = self._read(text)
        if len(self) < _REMEMBERED:
            self[text] = number
        return number


@attrs.frozen
class Numbers:
    """
    The numbers read so far by their text; shared by all parts of a report.
    """

    counts: _Read = attrs.field(factory=lambda: _Read(_count))
    wholes: _Read = attrs.field(factory=lambda: _Read(_whole))


class ColumnReader:
    """
    Puts rows of a report into columns.

    Args:
        events: Names of counted events, and the action types that mean each, best
            first.
        more: Text columns besides the usual ones, and where Meta tells them.
        numbers: What other parts of the report have read.
    """

    def __init__(
        self,
        events: Mapping[str, Sequence[str]],
        more: Mapping[str, str] | None = None,
        numbers: Numbers | None = None,
    ) -> None:
        self._sources = {**SOURCES, **(more or {})}
        self._named = events
        self._numbers = numbers or Numbers()
        self._columns = MetricColumns()
        self._columns.texts = {name: array("i") for name in self._sources}
        self._columns.counts = {name: array("i") for name in (*COUNTS, *events)}
        self._places = _Places(self._columns.words)
        self._kinds = {
            kind: (name, rank)
            for name, kinds in events.items()
            for rank, kind in enumerate(kinds)
        }

    @property
    def columns(self) -> MetricColumns:
        """
        What was read so far.
        """
        return self._columns

    @property
    def fields(self) -> tuple[str, ...]:
        """
        The fields of a row that are read.
        """
        return (*self._sources.values(), *_NUMBERS)

    def add(self, rows: Sequence[Any]) -> None:
        """
        Append the rows of one page, all plain or all of a decoder's kind.

        Raises:
            UnexpectedResponseError: A number is none.
        """
        if not rows:
            return
        try:
            self._add(rows, plain=isinstance(rows[0], dict))
        except (
            ValueError,
            TypeError,
            KeyError,
            AttributeError,
            ArithmeticError,
        ) as error:
            raise UnexpectedResponseError(
                f"Meta answered with a report row that cannot be read: {error}",
                platform="meta",
                operation="insights",
            ) from error

    def _add(self, rows: Sequence[Any], *, plain: bool) -> None:
        table = (self._plain if plain else _decoded)(rows, self.fields)
        done, links = self._columns, table["inline_link_clicks"]
        for name, source in self._sources.items():
            done.texts[name].extend(self._placed(table[source]))
        for name in COUNTS:
            done.counts[name].fromlist(table[name])
        done.spend.fromlist(_amounts(table["spend"]))
        for name, column in self._events(table["actions"], plain=plain).items():
            if name == "link_clicks":
                _prefer(column, links)
            done.counts[name].extend(column)
        done.revenue.fromlist(self._revenue(table["action_values"], plain=plain))

    def _plain(
        self, rows: Sequence[Mapping[str, Any]], names: tuple[str, ...]
    ) -> dict[str, list[Any]]:
        """
        The named fields of all rows, None for what is not told, counts as numbers.
        """
        counts = self._numbers.counts
        table = {name: _told(rows, name) for name in names}
        for name in WHOLES:
            table[name] = [counts[text] for text in table[name]]
        return table

    def _placed(self, texts: Sequence[Any]) -> array[int]:
        places, first = self._places, texts[0]
        if first == texts[-1] and texts.count(first) == len(texts):
            # One day, one currency: a page has the same text over and over.
            return array("i", [places[first]]) * len(texts)
        return array("i", [places[text] for text in texts])

    def _events(self, actions: Sequence[Any], *, plain: bool) -> dict[str, array[int]]:
        """
        The events of one page. A part counts only where there is no whole.
        """
        zeros = bytes(array("i").itemsize * len(actions))
        fresh = {name: array("i", zeros) for name in self._named}
        kinds = self._kinds.items()
        firsts = {kind: fresh[name] for kind, (name, rank) in kinds if not rank}
        others = {kind: (rank, fresh[name]) for kind, (name, rank) in kinds if rank}
        find = self._plain_events if plain else _decoded_events
        parts = sorted(find(actions, firsts, others), key=_by_rank)
        for _, column, place, value in parts:
            column[place] = column[place] or value
        return fresh

    def _plain_events(
        self, actions: Sequence[Any], firsts: _Firsts, others: _Others
    ) -> Iterator[_Part]:
        wholes = self._numbers.wholes
        for place, row in enumerate(actions):
            for action in row or ():
                kind = action["action_type"]
                if kind not in firsts and kind not in others:
                    continue
                # Without an own value only attribution windows were told.
                value = wholes[action["value"]] if "value" in action else 0
                if kind in firsts:
                    firsts[kind][place] = value
                else:
                    yield (*others[kind], place, value)

    def _revenue(self, values: Sequence[Any], *, plain: bool) -> list[int]:
        if not any(values):
            return [0] * len(values)
        of = _plain_pair if plain else attrgetter("action_type", "value")
        kinds = self._named.get("conversions", ())
        ranks = {kind: rank for rank, kind in enumerate(kinds)}
        done = []
        for row in values:
            pairs = [(kind, _nano(text)) for kind, text in map(of, row or ())]
            found = [(ranks[kind], money) for kind, money in pairs if kind in ranks]
            done.append(min(found)[1] if found else 0)
        return done


_Firsts = Mapping[str, "array[int]"]
_Others = Mapping[str, tuple[int, "array[int]"]]
_Part = tuple[int, "array[int]", int, int]


def _decoded_events(
    actions: Sequence[Any], firsts: _Firsts, others: _Others
) -> Iterator[_Part]:
    for place, row in enumerate(actions):
        for action in row or ():
            kind = action.action_type
            if kind in firsts:
                firsts[kind][place] = action.value
            elif kind in others:
                yield (*others[kind], place, action.value)


def _told(rows: Sequence[Mapping[str, Any]], name: str) -> list[Any]:
    try:
        return [row[name] for row in rows]
    except KeyError:  # some rows do not tell it
        return [row.get(name) for row in rows]


def _plain_pair(action: Mapping[str, Any]) -> tuple[str, Any]:
    return action["action_type"], action.get("value", "0")


def _decoded(rows: Sequence[Any], names: tuple[str, ...]) -> dict[str, list[Any]]:
    return {name: list(map(attrgetter(name), rows)) for name in names}


def _prefer(column: array[int], told: list[int]) -> None:
    """
    Take the clicks that Meta tells by themselves, wherever it does.
    """
    if _NONE not in told:
        column[:] = array("i", told)
        return
    for place, number in enumerate(told):
        if number != _NONE:
            column[place] = number


def _by_rank(part: _Part) -> int:
    return part[0]


def _amounts(texts: Sequence[Any]) -> list[int]:
    """
    Money in billionths; two decimals are what Meta usually writes.
    """
    found = [
        int(text[:-3] + text[-2:]) * _CENT
        if type(text) is str and text[-3:-2] == "."
        else _nano(text)
        for text in texts
    ]
    if min(found) < 0:
        raise ValueError("money below zero")
    return found


def _nano(text: Any) -> int:
    if type(text) is str:
        point = text.find(".")
        digits = text if point < 0 else text[:point] + text[point + 1 :]
        left = _NANO if point < 0 else _NANO - len(digits) + point
        if left >= 0 and digits.isdigit():
            return int(digits) * _TENS[left]
    amount = Decimal(0 if text is None else str(text)).scaleb(_NANO)
    if amount < 0 or amount != amount.to_integral_value():
        raise ValueError(f"{text!r} is no amount of money")
    return int(amount)


def _whole(text: Any) -> int:
    number = int(Decimal(str(text)).to_integral_value())
    if number < 0:
        raise ValueError(f"{text!r} is no count")
    return number


def _count(text: Any) -> int:
    return _NONE if text is None else _whole(text)
