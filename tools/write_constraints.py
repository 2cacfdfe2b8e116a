"""
Write constraints.txt anew: resolve every extra in an empty environment and freeze it.

Usage: `make constraints` (or `python tools/write_constraints.py`).
"""

from __future__ import annotations

import subprocess
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = "all,bench,demo,dev,docs,spark"
# Left alone, pip takes the newest holidays and, for its sake, a dateutil of 2024.
NEWEST = ("python-dateutil>=4",)
HEADER = """\
# Versions that smmlib is tested with, on Python 3.11 to 3.13.
# Written by `make constraints`; used as: pip install -c constraints.txt -e ".[demo]"
"""


def freeze_fresh_environment(folder: Path) -> list[str]:
    """
    The exact versions pip chooses today, without smmlib itself.
    """
    venv.create(folder, with_pip=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
    wanted = ["-e", f"{ROOT}[{EXTRAS}]", *NEWEST]
    subprocess.run([*pip, "install", "-q", *wanted], check=True)
    frozen = subprocess.run(
        [*pip, "freeze", "--exclude-editable"],
        check=True,
        capture_output=True,
        text=True,
    )
    return frozen.stdout.splitlines()


def main() -> None:
    """
    Resolve, refuse what a constraints file cannot hold, write.
    """
    with tempfile.TemporaryDirectory() as folder:
        pins = freeze_fresh_environment(Path(folder) / "venv")
    odd = [pin for pin in pins if "==" not in pin or "[" in pin or "@" in pin]
    if odd:
        message = f"these cannot stand in constraints.txt: {odd}"
        raise SystemExit(message)
    lines = "\n".join(sorted(pins, key=str.lower))
    (ROOT / "constraints.txt").write_text(f"{HEADER}{lines}\n", encoding="utf-8")
    print(f"constraints.txt: {len(pins)} versions")


if __name__ == "__main__":
    main()
