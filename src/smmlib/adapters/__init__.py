"""
Adapters: how each platform is spoken to. They are found by entry point, by name.
"""

from __future__ import annotations

from smmlib.adapters._clock import SystemClock
from smmlib.adapters._http import HttpClient, HttpRequest, HttpResponse
from smmlib.adapters._patience import RetryPolicy
from smmlib.adapters._registry import connect_platform, platform_names

__all__ = [
    "HttpClient",
    "HttpRequest",
    "HttpResponse",
    "RetryPolicy",
    "SystemClock",
    "connect_platform",
    "platform_names",
]
