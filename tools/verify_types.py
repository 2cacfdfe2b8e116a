"""
Is every public name typed so that all type checkers read it alike?

Runs `pyright --verifytypes smmlib` and fails for what it finds, but for `smmlib.aio`:
its calls take their types from the blocking ones through a descriptor, which pyright
counts as "could be inferred differently"; tests/typing holds them to both checkers.
"""

from __future__ import annotations

import json
import subprocess
import sys

_INFERRED = "aio.py"


def main() -> int:
    """
    Print what is wrong and how much; 1 when anything is.
    """
    done = subprocess.run(
        ["pyright", "--ignoreexternal", "--verifytypes", "smmlib", "--outputjson"],
        capture_output=True,
        text=True,
        check=False,
    )
    if not done.stdout.startswith("{"):
        print(done.stdout, done.stderr)
        return 1
    symbols = json.loads(done.stdout)["typeCompleteness"]["symbols"]
    found = [
        f"{symbol['name']}: {problem['message'].splitlines()[0]}"
        for symbol in symbols
        if symbol["isExported"] or not symbol["isTypeKnown"]
        for problem in symbol["diagnostics"]
        if problem["severity"] == "error" and not problem["file"].endswith(_INFERRED)
    ]
    for line in found:
        print(line)
    print(f"{len(symbols)} names, {len(found)} without a type of their own")
    return 1 if found or not symbols else 0


if __name__ == "__main__":
    sys.exit(main())
