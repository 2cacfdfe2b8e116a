"""
Which methods of the Bot API are modelled.
"""

from __future__ import annotations

from typing import Any

from smmlib.sandbox.telegram._methods import METHODS, NOT_MODELLED

_MISSING = {
    "sendMessage": ["replies, effects, paid broadcasts", "links marked in plain text"],
    "getChat": ["photo, permissions, linked chat"],
    "getChatAdministrators": ["people"],
}
_SOURCE = "Bot API 10.1 (2026-06)"


def rows() -> list[dict[str, Any]]:
    """
    One row per method; what is not modelled answers 501.
    """
    return [
        {
            "method": "GET" if name.startswith("get") else "POST",
            "path": f"/bot{{token}}/{name}",
            "modelled": name in METHODS,
            "features": "",
            "not_modelled": _MISSING.get(name, []),
            "source": _SOURCE,
        }
        for name in (*METHODS, *NOT_MODELLED)
    ]
