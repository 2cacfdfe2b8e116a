"""
Where the links of a text are, for a network that counts every link alike.

Only the endings of domains are looked for, which is quick; each one is then followed to
both sides. Words without a dot before a top-level domain cost nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from smmlib.rules._weighted_grammar import Grammar, grammar
from smmlib.rules._weighted_idna import fits

MAX_LINK = 4096
MAX_SHORT_KEY = 40
_PROTOCOL = len("https://")
# A link without a protocol is none right after these.
_NOT_BARE_AFTER = "-_./"
_TAIL_BEGINS = ":/?"
_RUN_ENDS = " \n:/?,!)"  # the usual ones; the grammar knows all

Span = tuple[int, int]


def link_spans(text: str) -> list[Span]:
    """
    Begin and end of every link X would shorten, in order.

    Args:
        text: A text in normal form C.
    """
    rules = grammar()
    ends = rules.ends_domain
    endings = [end.span() for end in rules.ending.finditer(text) if ends(end)]
    return _Search(text, endings, rules).spans() if endings else []


class _Search:
    """
    One walk over a text, from run to run of characters with endings in them.
    """

    __slots__ = ("_at", "_backwards", "_endings", "_found", "_rules", "_text")

    def __init__(self, text: str, endings: list[Span], rules: Grammar) -> None:
        self._text = text
        self._backwards = text[::-1]
        self._endings = endings
        self._rules = rules
        self._found: list[Span] = []
        self._at = 0  # what stands before belongs to links already seen

    def spans(self) -> list[Span]:
        """
        All links of the text.
        """
        text, endings, place = self._text, self._endings, 0
        size = len(text)
        run = self._rules.run.match
        while place < len(endings):
            dot, end = endings[place]
            if dot < self._at:
                place += 1
                continue
            begin = size - _end(run(self._backwards, size - dot))
            stop = end
            if end < size and text[end] not in _RUN_ENDS:
                stop = _end(run(text, end))
            last = place + 1
            while last < len(endings) and endings[last][0] < stop:
                last += 1
            self._look_into(begin, stop, endings[place:last])
            place = last
        return self._found

    def _look_into(self, begin: int, stop: int, endings: list[Span]) -> None:
        """
        Take the links of one run: as a rule it is one domain from its first character.
        """
        text, rules = self._text, self._rules
        opened = self._opened(begin)
        dot, end = endings[-1]
        if opened >= 0 and rules.names.fullmatch(text, begin, dot):
            self._take(begin, end, opened)
            if self._at >= stop:
                return
            opened = -1
        run = _Run(text, begin, stop, endings, rules)
        if begin == self._at == 0:
            self._take_first(run)
        elif opened >= 0 and (domain := run.domain_at(begin)):
            self._take(*domain, opened if domain[0] == begin else domain[0])
        while domain := run.next_domain(max(self._at, begin) + 1):
            self._take(*domain, domain[0])

    def _take_first(self, run: _Run) -> None:
        """
        At the very start of a text the first character stands before a link, if it can.
        """
        text, rules = self._text, self._rules
        for begin in (1, 0):
            usable = begin == 0 or rules.before.match(text)
            if usable and rules.name.match(text, begin):
                domain = run.domain_at(begin)
                if domain:
                    self._take(*domain, domain[0])
                    return

    def _opened(self, begin: int) -> int:
        """
        Where a link begins whose domain begins here; negative: it cannot.
        """
        text, before = self._text, begin - 1
        if begin == 0:
            return -1 if self._rules.before.match(text) else 0
        if before < self._at:
            return -1
        if text[before] == "/":
            size = len(text)
            protocol = self._rules.protocol.match(self._backwards, size - begin)
            if protocol:
                first = size - protocol.end()
                if first > self._at or first == 0:
                    return first
            return begin
        return begin if self._rules.before.match(text, before) else -1

    def _take(self, begin: int, end: int, opened: int) -> None:
        """
        Take one domain with what follows it; whatever it is, it is used up.
        """
        text = self._text
        stop, path = end, False
        if end < len(text) and text[end] in _TAIL_BEGINS:
            tail = self._rules.tail.match(text, end)
            stop = _end(tail)
            path = tail is not None and tail.end(1) > 0
        self._at = stop
        bare = opened == begin
        # The protocol counts twice where there is one, and once where there is none.
        other = (stop - end) + (_PROTOCOL if bare else 2 * (begin - opened))
        if not fits(text[begin:end], MAX_LINK - other):
            return
        if not bare:
            self._take_whole(opened, stop)
        elif begin == 0 or text[begin - 1] not in _NOT_BARE_AFTER:
            self._take_bare(begin, end, stop if path else end)

    def _take_whole(self, opened: int, stop: int) -> None:
        """
        A link with its protocol; X's own short links end with their key.
        """
        short = self._rules.short.match(self._text, opened, stop)
        if short is None:
            self._found.append((opened, stop))
        elif short.end(1) - short.start(1) <= MAX_SHORT_KEY:
            self._found.append((opened, short.end()))

    def _take_bare(self, begin: int, end: int, stop: int) -> None:
        """
        Links without a protocol are Latin; other letters around them are left out.
        """
        rules = self._rules
        if rules.ascii_domain.fullmatch(self._text, begin, end):
            self._found.append((begin, stop))
            return
        domain, at, found = self._text[begin:end], 0, []
        while names := rules.ascii_names.search(domain, at):
            at = names.end()
            dot = at
            while (dot := domain.rfind(".", names.start(), dot)) >= 0:
                ending = rules.ending.match(domain, dot)
                if ending and rules.ends_domain(ending):
                    at = ending.end()
                    found.append((begin + names.start(), begin + at))
                    break
        if found:
            # The path counts with the last one, wherever in the domain that stands.
            found[-1] = (found[-1][0], found[-1][1] + stop - end)
            self._found += found


def _end(match: re.Match[str] | None) -> int:
    """
    Where an expression stopped that matches anywhere, if only nothing.
    """
    return match.end() if match else 0


class _Run:
    """
    A run of characters that may hold several domains, or broken ones.

    The leftmost domain wins, and of those that begin there the longest; what has been
    looked at is remembered, so that no arrangement of dots makes it slow.
    """

    __slots__ = (
        "_chain", "_clean", "_dots", "_endings", "_rules", "_stop", "_text", "begin"
    )  # fmt: skip

    def __init__(
        self, text: str, begin: int, stop: int, endings: list[Span], rules: Grammar
    ) -> None:
        self._text = text
        self.begin = begin
        self._stop = stop
        self._endings = endings
        self._dots = [dot for dot, _ in endings]
        self._rules = rules
        self._chain = begin  # names are known to be well formed up to here
        # For each ending the last one up to it whose own name has no underscore.
        self._clean: list[int] = []
        clean = -1
        for place, dot in enumerate(self._dots):
            name = max(text.rfind(".", begin, dot) + 1, begin)
            if "_" not in text[name:dot]:
                clean = place
            self._clean.append(clean)

    def next_domain(self, at: int) -> Span | None:
        """
        The leftmost domain that begins here or later, after what may stand before it.
        """
        text, stop = self._text, self._stop
        while begin := self._rules.start.search(text, at, stop):
            at = begin.start()
            domain = self.domain_at(at)
            if domain:
                return domain
            # Every later place of this name would end the same way.
            at = self._chain if self._chain > at else text.find(".", at, stop) + 1
            if at == 0:
                return None
        return None

    def domain_at(self, begin: int) -> Span | None:
        """
        The longest domain from here; from behind an underscore of its only name.
        """
        text, dots = self._text, self._dots
        if begin >= self._chain:
            chain = self._rules.chain.match(text, begin, self._stop)
            if chain is None:
                return None
            self._chain = chain.end()
        first = bisect_left(dots, begin)
        last = bisect_left(dots, self._chain) - 1
        if last < first:
            return None
        clean = self._clean[last]
        if clean >= first:
            return begin, self._endings[clean][1]
        dot, end = self._endings[first]
        underscore = text.rfind("_", begin, dot)
        if underscore < text.rfind(".", begin, dot):
            underscore = -1
        if underscore < 0:
            return begin, end
        name = self._rules.name.search(text, underscore, dot)
        return (name.start(), end) if name else None
