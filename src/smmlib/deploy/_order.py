"""
In which order things are done: parents first, equal things together in one request.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from smmlib.deploy._diff import Planned
from smmlib.deploy._target import ORDER
from smmlib.ports import Action, Capabilities, Kind, Resource

T = TypeVar("T")

_MAKING = {Action.CREATE, Action.REPLACE, Action.UPDATE, Action.PAUSE}


def depths(resources: Iterable[Resource]) -> dict[str, int]:
    """
    How many steps of references lie below each address; a ring counts as one step.
    """
    refs = {r.address: r.refs for r in resources}
    known: dict[str, int] = {}

    def depth(address: str, above: frozenset[str]) -> int:
        if address in known:
            return known[address]
        inside = above | {address}
        below = [
            depth(ref, inside)
            for ref in refs.get(address, ())
            if ref in refs and ref not in inside
        ]
        known[address] = 1 + max(below, default=-1)
        return known[address]

    for address in refs:
        depth(address, frozenset())
    return known


def waves(planned: Sequence[Planned]) -> Iterator[list[Planned]]:
    """
    What makes or changes objects, in steps: all in one step may be sent together.

    Everything in a step has one kind and one action; what it refers to stands in an
    earlier step.
    """
    making = [p for p in planned if p.change.action in _MAKING]
    deep = depths(p.resource for p in making if p.resource is not None)
    groups: dict[tuple[bool, int, int, int], list[Planned]] = {}
    for item in making:
        change = item.change
        # Switching off comes before anything else: it can only lower the spend.
        turn = {Action.PAUSE: 0, Action.UPDATE: 2}.get(change.action, 1)
        depth = deep.get(change.address, 0)  # what goes is not wanted anywhere
        step = (turn > 0, depth, ORDER[change.kind], turn)
        groups.setdefault(step, []).append(item)
    for step in sorted(groups):
        yield groups[step]


def chunks(items: Sequence[T], capabilities: Capabilities) -> Iterator[list[T]]:
    """
    At most as many as fit into one write request.
    """
    size = max(capabilities.batch_size, 1)
    for start in range(0, len(items), size):
        yield list(items[start : start + size])


def together(items: Sequence[T], capabilities: Capabilities) -> Iterator[list[T]]:
    """
    At most as many as may be under way at once: some requests, each as full as can be.
    """
    size = max(capabilities.batch_size, 1) * max(capabilities.parallel, 1)
    for start in range(0, len(items), size):
        yield list(items[start : start + size])


def write_calls(planned: Sequence[Planned], sizes: Mapping[str, int]) -> int:
    """
    How many write requests an apply would send if nothing goes wrong.

    Args:
        planned: What would be done.
        sizes: Batch size by `platform/account`.
    """
    counts: Counter[tuple[str, Kind, Action]] = Counter()
    for item in planned:
        change = item.change
        replaced = change.action is Action.REPLACE
        parts = (Action.CREATE, Action.ARCHIVE) if replaced else (change.action,)
        if change.writes:
            counts.update((change.target, change.kind, part) for part in parts)
    return sum(-(-count // max(sizes[group[0]], 1)) for group, count in counts.items())
