"""
What does `import smmlib` cost, beside its peers?

Every case runs in fresh interpreters, all cases in turn within each round, so that a
busy machine slows them alike; the first round warms the bytecode caches and is thrown
away. Reported are medians, over the rounds, of

- import ms: CPU time (user and system) of the process between just before and just
  after the statement, start of the interpreter not included;
- process ms: CPU time of the process from its start until then;
- RSS MB: resident memory of the process at that moment, interpreter included;
- modules: how many modules the statement added.

Only ratios within one run mean anything. mediaplanpy wants python-dateutil below 3 and
with it an environment of its own: name its interpreter with
`--python mediaplanpy=/path/to/python`, and keep the Python version the same.

Usage: `make bench` or `python bench/import.py [--rounds 15] [--json]`
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
from dataclasses import asdict, astuple, dataclass

# Name, what it is compared as, and the statement.
CASES = {
    "python": "pass",
    "attrs": "import attrs",
    "smmlib": "import smmlib",
    "smmlib, whole model": (
        "import smmlib.model as model\n"
        "for name in model.__all__:\n"
        "    getattr(model, name)"
    ),
    "pydantic": "from pydantic import BaseModel",
    "facebook-business": (
        "from facebook_business.api import FacebookAdsApi\n"
        "from facebook_business.adobjects.adaccount import AdAccount"
    ),
    "mediaplanpy": "import mediaplanpy",
}
# Which case may cost how many times the import of which other.
GOALS = (("smmlib", "attrs", 1.2), ("smmlib, whole model", "pydantic", 1.2))

PROBE = """
import sys, time
modules = set(sys.modules)
start = time.process_time()
{statement}
end = time.process_time()
added = len(set(sys.modules) - modules)
try:
    with open("/proc/self/status") as status:
        fields = dict(line.split(":", 1) for line in status)
    rss = int(fields["VmRSS"].split()[0]) / 1024
except OSError:
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rss = peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
import json
print(json.dumps([(end - start) * 1000, end * 1000, rss, added]))
"""


@dataclass(frozen=True)
class Result:
    """
    The medians of one case.
    """

    import_ms: float
    process_ms: float
    rss_mb: float
    modules: int


def measure(python: str, statement: str) -> list[float] | None:
    """
    Run one case once; None where it is not installed.
    """
    done = subprocess.run(
        [python, "-I", "-c", PROBE.format(statement=statement)],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode == 0:
        return [float(value) for value in json.loads(done.stdout.splitlines()[-1])]
    if "ModuleNotFoundError" in done.stderr.strip().rsplit("\n", 1)[-1]:
        return None
    raise SystemExit(done.stderr)


def run(rounds: int, pythons: dict[str, str]) -> dict[str, Result | None]:
    """
    All cases, interleaved; a case that is not installed gives None.
    """
    samples: dict[str, list[list[float]]] = {name: [] for name in CASES}
    for round_number in range(rounds + 1):
        for name, statement in CASES.items():
            sample = measure(pythons.get(name, sys.executable), statement)
            if sample is not None and round_number > 0:
                samples[name].append(sample)
    return {name: _medians(rows) for name, rows in samples.items()}


def _medians(rows: list[list[float]]) -> Result | None:
    if not rows:
        return None
    cpu, process, rss, modules = (
        statistics.median(column) for column in zip(*rows, strict=True)
    )
    return Result(cpu, process, rss, int(modules))


def judge(results: dict[str, Result | None]) -> list[dict[str, object]]:
    """
    Each goal with the ratio that was reached, or None where a part is missing.
    """
    verdicts: list[dict[str, object]] = []
    for case, peer, goal in GOALS:
        ours, theirs = results[case], results[peer]
        ratio = ours.import_ms / theirs.import_ms if ours and theirs else None
        met = None if ratio is None else ratio <= goal
        verdicts.append(
            {"case": case, "peer": peer, "goal": goal, "ratio": ratio, "met": met}
        )
    return verdicts


def print_table(results: dict[str, Result | None], rounds: int) -> None:
    """
    For people.
    """
    print(
        f"Import cost, medians of {rounds} fresh processes each, interleaved; "
        f"Python {platform.python_version()} on {platform.system()}"
    )
    heads = ("import ms", "process ms", "RSS MB", "modules", "x attrs", "x pydantic")
    print(" " * 22 + "".join(f"{head:>12}" for head in heads))
    for name, result in results.items():
        if result is None:
            print(f"{name:22}not installed")
            continue
        cells = [f"{value:.1f}" for value in astuple(result)[:3]]
        cells.append(str(result.modules))
        cells.extend(
            f"{result.import_ms / peer.import_ms:.2f}" if peer else "-"
            for peer in (results["attrs"], results["pydantic"])
        )
        print(f"{name:22}" + "".join(f"{cell:>12}" for cell in cells))
    print("Goals, on import ms:")
    for verdict in judge(results):
        outcome = {True: "met", False: "missed", None: "not measured"}[verdict["met"]]
        ratio = "" if verdict["ratio"] is None else f"{verdict['ratio']:.2f} x, "
        print(
            f"  {verdict['case']} at most {verdict['goal']} x {verdict['peer']}: "
            f"{ratio}{outcome}"
        )


def main() -> None:
    """
    Read the options, measure, print.
    """
    parser = argparse.ArgumentParser(description="What importing smmlib costs.")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", action="store_true", help="print JSON, no table")
    parser.add_argument(
        "--python",
        action="append",
        default=[],
        metavar="CASE=PATH",
        help="interpreter of another environment for one case",
    )
    options = parser.parse_args()
    results = run(options.rounds, dict(pair.split("=", 1) for pair in options.python))
    if options.json:
        cases = {name: result and asdict(result) for name, result in results.items()}
        print(json.dumps({"cases": cases, "goals": judge(results)}, indent=2))
    else:
        print_table(results, options.rounds)


if __name__ == "__main__":
    main()
