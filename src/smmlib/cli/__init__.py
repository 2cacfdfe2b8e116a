"""
The command `smm`: every word of the library from a terminal or a CI job, no logic.

Exit codes: 0 done, 1 our own failure, 2 bad input or usage, 3 changes are pending,
4 approval needed, 5 an outcome is unknown.
"""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """
    Run `smm` with the arguments of this process, and exit with its code.
    """
    try:
        from smmlib.cli._app import smm
    except ModuleNotFoundError as error:
        if error.name != "click":
            raise
        from smmlib.errors import MissingExtraError

        missing = MissingExtraError("the command smm", "cli")
        sys.stderr.write(f"{missing}\n")
        sys.exit(2)
    smm()
