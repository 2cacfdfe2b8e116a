"""
Packages of the `analytics` extra, asked for where they are needed and never before.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from smmlib.errors import MissingExtraError

if TYPE_CHECKING:
    from types import ModuleType


def extra(module: str, feature: str, name: str = "analytics") -> Any:
    """
    A package of an extra.

    Raises:
        MissingExtraError: It is not installed; the hint is the pip command.
    """
    found: ModuleType
    try:
        found = import_module(module)
    except ImportError as error:
        raise MissingExtraError(feature, name) from error
    return found
