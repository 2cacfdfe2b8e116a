"""
What the emulated platforms model, as rows for people and generated pages.
"""

from __future__ import annotations

from typing import Any

from smmlib.sandbox.linkedin._coverage import rows as linkedin_rows
from smmlib.sandbox.meta._coverage import rows as meta_rows
from smmlib.sandbox.telegram._coverage import rows as telegram_rows
from smmlib.sandbox.x._coverage import rows as x_rows


def coverage() -> dict[str, list[dict[str, Any]]]:
    """
    Per platform: method, path, whether it is modelled, features, source.

    What is not modelled stands in the list too, and answers HTTP 501.
    """
    return {
        "meta": meta_rows(),
        "linkedin": linkedin_rows(),
        "telegram": telegram_rows(),
        "x": x_rows(),
    }
