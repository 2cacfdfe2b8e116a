"""
Names of a package that are loaded when they are first used.

Embedding smmlib costs a host program only what it touches: a package that offers a
dozen names does not load a dozen modules for one of them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazy_names(
    package: str, homes: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """
    The `__getattr__` and `__dir__` of a package whose names live in its modules.

    Args:
        package: Name of the package.
        homes: Public name to the module of the package it lives in.
    """

    def load(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f"{package}.{homes[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    def listed() -> list[str]:
        return sorted(homes)

    return load, listed
