"""
What smmlib proves itself with, for everybody who builds on it.

`AdPlatformConformance` is the contract of an ad platform as a test class, and
`PostPublisherConformance` that of whatever publishes posts;
`smmlib.testing.strategies` makes values of the whole model with hypothesis;
`smmlib.testing.plugin` brings pytest fixtures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from smmlib.testing._conformance import AdPlatformConformance
    from smmlib.testing._conformance_posts import PostPublisherConformance
    from smmlib.testing._conformance_tools import small_plan
    from smmlib.testing.plugin import FakeClock

__all__ = [
    "AdPlatformConformance",
    "FakeClock",
    "PostPublisherConformance",
    "small_plan",
]

_HOMES = {
    "AdPlatformConformance": "_conformance",
    "FakeClock": "plugin",
    "PostPublisherConformance": "_conformance_posts",
    "small_plan": "_conformance_tools",
}


# Hidden from type checkers, so that a mistyped name is an error to them.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """
        Load a public name when it is first used: pytest imports this package always.
        """
        if name not in _HOMES:
            message = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(message)
        from importlib import import_module

        from smmlib.errors import MissingExtraError

        try:
            return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        except ModuleNotFoundError as error:
            if error.name not in {"pytest", "hypothesis"}:
                raise
            raise MissingExtraError("the test kit", "testing") from error


def __dir__() -> list[str]:
    return sorted(__all__)
