"""
All pages that follow from the code, as texts by path below `docs/`.
"""

from __future__ import annotations

from _api import api_pages
from _commands import cli_page
from _errors import errors_page
from _plan_file import plan_file_page
from _rules import kpis_page, platforms_page, rules_page
from _sandbox import coverage_page, sandbox_page
from _settings import settings_page


def pages() -> dict[str, str]:
    """
    The reference, as it is now.
    """
    found = {
        "plan-file": plan_file_page(),
        "settings": settings_page(),
        "rules": rules_page(),
        "kpis": kpis_page(),
        "platforms": platforms_page(),
        "errors": errors_page(),
        "cli": cli_page(),
        "sandbox": sandbox_page(),
        "coverage": coverage_page(),
        **{f"api/{name}": text for name, text in api_pages().items()},
    }
    return {f"reference/{name}.md": text for name, text in found.items()}
