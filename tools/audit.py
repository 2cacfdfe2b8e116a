"""
What smmlib stands on, and whether anybody has warned of it.

    python tools/audit.py [--sbom FILE]

Writes a bill of materials (CycloneDX, JSON) of the installed environment and asks an
advisory source about every package in it. A source that does not answer, or knows
nothing at all, proves nothing: then the audit says "skipped" and does not pretend.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

# Versions everybody has been warned of: a source that does not know them is none.
_WARNED_OF = "jinja2==2.10\npyyaml==5.3\n"
_LEAST_WARNINGS = 2
_PATIENCE_S = 600
# Not in any registry: the project itself.
_OURS = {"smmlib"}


def _audit(*arguments: str) -> list[dict[str, object]]:
    """
    What pip-audit says of each package; an empty list when it says nothing readable.
    """
    command = [sys.executable, "-m", "pip_audit", "--progress-spinner", "off"]
    try:
        done = subprocess.run(
            [*command, "--format", "json", *arguments],
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
        )
        found: list[dict[str, object]] = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError, TypeError):
        return []
    return found


def _source_answers() -> bool:
    """
    Whether an advisory source warns of what everybody knows to be dangerous.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "requirements.txt"
        path.write_text(_WARNED_OF, encoding="utf-8")
        found = _audit("--requirement", str(path), "--no-deps", "--disable-pip")
    return sum(bool(one.get("vulns")) for one in found) >= _LEAST_WARNINGS


def write_sbom(path: Path) -> int:
    """
    Write the bill of materials; how many parts it lists.
    """
    from importlib.metadata import distributions

    parts = {}
    for dist in distributions():
        name = dist.metadata["Name"].lower()
        licence = dist.metadata.get("License-Expression") or ""
        parts[name] = {
            "type": "library",
            "name": name,
            "version": dist.version,
            "purl": f"pkg:pypi/{name}@{dist.version}",
            **({"licenses": [{"expression": licence}]} if licence else {}),
        }
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": parts.pop("smmlib", {"name": "smmlib"})},
        "components": [parts[name] for name in sorted(parts)],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(bill, indent=1) + "\n", encoding="utf-8")
    return len(parts)


def main() -> int:
    """
    Write the bill, audit what stands on it; the exit code says whether all is well.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sbom", type=Path, default=Path("build/sbom.cdx.json"))
    given = parser.parse_args()
    print(f"bill of materials: {write_sbom(given.sbom)} parts in {given.sbom}")
    if not _source_answers():
        print("dependency audit: skipped, no advisory source answers")
        return 0
    found = [one for one in _audit("--local") if one.get("name") not in _OURS]
    warned = [one for one in found if one.get("vulns")]
    unknown = [one for one in found if one.get("skip_reason")]
    for one in warned + unknown:
        print(f"  {one['name']} {one.get('version', '')}: {one}")
    print(
        f"dependency audit: {len(found)} packages, {len(warned)} with warnings, "
        f"{len(unknown)} nobody knows"
    )
    return 1 if warned or unknown or not found else 0


if __name__ == "__main__":
    sys.exit(main())
