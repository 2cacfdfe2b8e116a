"""
Adapters: how each platform is spoken to. They are found by entry point, by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smmlib._lazy import lazy_names

if TYPE_CHECKING:
    from smmlib.adapters._clock import SystemClock
    from smmlib.adapters._http import HttpClient, HttpRequest, HttpResponse
    from smmlib.adapters._patience import RetryPolicy
    from smmlib.adapters._read_only import ReadOnlyTransport
    from smmlib.adapters._registry import (
        connect_platform,
        connect_publisher,
        platform_names,
        publisher_names,
    )
else:
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "HttpClient": "_http",
            "HttpRequest": "_http",
            "HttpResponse": "_http",
            "ReadOnlyTransport": "_read_only",
            "RetryPolicy": "_patience",
            "SystemClock": "_clock",
            "connect_platform": "_registry",
            "connect_publisher": "_registry",
            "platform_names": "_registry",
            "publisher_names": "_registry",
        },
    )

__all__ = [
    "HttpClient",
    "HttpRequest",
    "HttpResponse",
    "ReadOnlyTransport",
    "RetryPolicy",
    "SystemClock",
    "connect_platform",
    "connect_publisher",
    "platform_names",
    "publisher_names",
]
