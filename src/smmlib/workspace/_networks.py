"""
Who publishes on which network, and who knows how many follow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smmlib.workspace._doors import publishes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from smmlib.model import Network
    from smmlib.ports import AdPlatform, PostPublisher


class Networks:
    """
    Everything that publishes posts, connected when it is first needed.

    Args:
        platforms: The ad platforms, some of which publish as well.
        connect: What publishes, by platform, for a folder of pictures.
    """

    def __init__(
        self,
        platforms: Iterable[AdPlatform],
        connect: Callable[[str], Mapping[str, PostPublisher]] | None = None,
    ) -> None:
        self._platforms = tuple(platforms)
        self._connect = connect
        self._found: dict[str, dict[str, PostPublisher]] = {}

    def __iter__(self) -> Iterator[PostPublisher]:
        for found in self._found.values():
            yield from found.values()

    def publishers(self, folder: str) -> dict[str, PostPublisher]:
        """
        What publishes posts, by platform.
        """
        if folder not in self._found:
            self._found[folder] = dict(
                self._connect(folder) if self._connect else self._among_platforms()
            )
        return self._found[folder]

    def _among_platforms(self) -> dict[str, PostPublisher]:
        found: dict[str, PostPublisher] = {}
        for platform in self._platforms:
            if publishes(platform):
                found[platform.name] = platform
        return found

    def by_network(self, folder: str) -> dict[Network, PostPublisher]:
        """
        Who publishes on each network.
        """
        return {
            network: publisher
            for publisher in self.publishers(folder).values()
            for network in publisher.capabilities.networks
        }
