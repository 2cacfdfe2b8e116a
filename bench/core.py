"""
How fast is the core: load, dump, build, keep, check, beside pydantic, msgspec, cattrs?

One document (`_plans.py`: 20 campaigns, 200 ad sets, 10,000 ads with carousels, money,
zones, audiences; about 13 MB of JSON) and the same rules for everybody. A contender
that accepts one of the broken documents is shown as not comparable.

Times are CPU time of the process, medians over rounds in which all cases take turns, so
that a busy machine slows them alike; only ratios within one run mean anything. Memory
is what Python's allocator holds for the loaded plan, and the most on the way there,
each in a process of its own.

pydantic stands twice: as its users write it, with `HttpUrl` for links, and `tuned`,
with text for links and our own short test for them. Goals are judged against the
first; the second is shown because fair is fair. Both also run with the collector
paused, as ours is during a large load.

Usage: `make bench` or `python bench/core.py [--rounds 7] [--json] [--small]`
"""

from __future__ import annotations

import argparse
import gc
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import _cattrs_plan
import _core_deploy
import _msgspec_plan
import _plans
import _pydantic_plan

from smmlib import codec, model, rules
from smmlib.errors import SmmError

Case = Callable[[], Any]

# What, of whom, beside whom, at most how many times it.
GOALS = (
    ("load", "smmlib", "pydantic", 0.70),
    ("load", "smmlib", "cattrs", 0.45),
    ("load", "smmlib[fast]", "pydantic", 0.40),
    ("dump", "smmlib[fast]", "pydantic", 0.60),
    ("construct", "smmlib", "pydantic", 0.35),
    ("live MB", "smmlib", "pydantic", 0.55),
    ("check", "smmlib", "load", 2.0),
    ("diff", "smmlib", "load", 1.0),
    ("changes", "smmlib", "load", 1.0),
)


@contextmanager
def _without_msgspec() -> Iterator[None]:
    """
    As in the base install.
    """
    held = sys.modules.get("msgspec")
    sys.modules["msgspec"] = None  # type: ignore[assignment] # how Python says "absent"
    try:
        yield
    finally:
        sys.modules.pop("msgspec")
        if held is not None:
            sys.modules["msgspec"] = held


def _base(case: Case) -> Case:
    def run() -> Any:
        with _without_msgspec():
            return case()

    return run


def _paused(case: Case) -> Case:
    def run() -> Any:
        gc.disable()
        try:
            return case()
        finally:
            gc.enable()

    return run


def loads(text: str) -> dict[str, Case]:
    """
    From JSON to objects with every rule checked.
    """

    def ours() -> Any:
        return codec.loads(text, format="json")

    def pydantic() -> Any:
        return _pydantic_plan.load(text)

    def tuned() -> Any:
        return _pydantic_plan.load(text, tuned=True)

    return {
        "smmlib": _base(ours),
        "smmlib[fast]": ours,
        "pydantic": pydantic,
        "pydantic, collector paused": _paused(pydantic),
        "pydantic tuned": tuned,
        "pydantic tuned, collector paused": _paused(tuned),
        "msgspec": lambda: _msgspec_plan.load(text),
        "cattrs": lambda: _cattrs_plan.load(text),
        "json.loads, no checks": lambda: json.loads(text),
    }


def dumps(text: str) -> dict[str, Case]:
    """
    From objects to JSON that the same contender reads again.
    """
    ours, theirs = codec.loads(text, format="json"), _pydantic_plan.load(text)
    structs, classes = _msgspec_plan.load(text), _cattrs_plan.load(text)
    return {
        "smmlib": _base(lambda: codec.dumps(ours, format="json")),
        "smmlib[fast]": lambda: codec.dumps(ours, format="json"),
        "pydantic": lambda: _pydantic_plan.dump(theirs),
        "msgspec": lambda: _msgspec_plan.dump(structs),
        "cattrs": lambda: _cattrs_plan.dump(classes),
    }


def constructs(plan: dict[str, Any]) -> dict[str, Case]:
    """
    Creatives, cards, pictures and ads, built in Python by name.
    """
    return {
        "smmlib": lambda: _build(plan, model, words=False),
        "pydantic": lambda: _build(plan, _pydantic_plan, words=True),
        "pydantic tuned": lambda: _build(plan, _pydantic_plan.Tuned, words=True),
        "msgspec": lambda: _build(plan, _msgspec_plan, words=True),
        "cattrs": lambda: _build(plan, _cattrs_plan, words=True),
    }


def _build(plan: dict[str, Any], kinds: Any, *, words: bool) -> Any:
    """
    Args:
        plan: The document.
        kinds: Where the contender's classes are.
        words: Whether closed lists must be given as members, not as text.
    """
    image, card, creative = kinds.Image, kinds.Card, kinds.Creative
    button = model.CTA if words else str
    creatives = {
        key: creative(
            text=it["text"],
            headline=it["headline"],
            description=it["description"],
            cta=button(it["cta"]),
            link=it["link"],
            image=image(**it["image"]) if "image" in it else None,
            cards=tuple(
                card(
                    image=image(path=c["image"]["path"], alt=c["image"]["alt"]),
                    headline=c["headline"],
                    description=c["description"],
                    link=c["link"],
                )
                for c in it.get("cards", ())
            ),
        )
        for key, it in plan["creatives"].items()
    }
    status = model.Status if words else str
    ads = [
        kinds.Ad(creative=ad["creative"], name=ad["name"], status=status(ad["status"]))
        for campaign in plan["campaigns"].values()
        for ad_set in campaign["ad_sets"].values()
        for ad in ad_set["ads"].values()
    ]
    return creatives, ads


def measured(cases: dict[str, Case], rounds: int) -> dict[str, float]:
    """
    Milliseconds of CPU time; all cases take turns, the first turn is thrown away.
    """
    samples: dict[str, list[float]] = {name: [] for name in cases}
    for place in range(rounds + 1):
        for name, case in cases.items():
            gc.collect()
            start = time.process_time()
            result = case()
            spent = (time.process_time() - start) * 1000
            del result
            if place:
                samples[name].append(spent)
    return {name: statistics.median(values) for name, values in samples.items()}


_MEMORY = """
import gc, sys, tracemalloc
sys.path.insert(0, {folder!r})
{setup}
load(); gc.collect()
tracemalloc.start()
kept = load()
gc.collect()
print(*tracemalloc.get_traced_memory())
"""
_LOADERS = {
    "smmlib": "sys.modules['msgspec'] = None\nfrom smmlib import codec\n"
    "load = lambda: codec.load({path!r})",
    "smmlib[fast]": "from smmlib import codec\nload = lambda: codec.load({path!r})",
    "pydantic": "import _pydantic_plan as peer\n"
    "load = lambda: peer.load(open({path!r}).read())",
    "pydantic tuned": "import _pydantic_plan as peer\n"
    "load = lambda: peer.load(open({path!r}).read(), tuned=True)",
    "msgspec": "import _msgspec_plan as peer\n"
    "load = lambda: peer.load(open({path!r}).read())",
    "cattrs": "import _cattrs_plan as peer\n"
    "load = lambda: peer.load(open({path!r}).read())",
}


def memory(text: str) -> tuple[dict[str, float], dict[str, float]]:
    """
    Megabytes of the loaded plan, and the most while it was loaded.
    """
    live, peak = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "plan.json"))
        Path(path).write_text(text, encoding="utf-8")
        for name, setup in _LOADERS.items():
            program = _MEMORY.format(
                folder=str(Path(__file__).parent), setup=setup.format(path=path)
            )
            done = subprocess.run(
                [sys.executable, "-c", program],
                check=True,
                capture_output=True,
                text=True,
            )
            kept, most = map(int, done.stdout.split())
            live[name], peak[name] = kept / 1e6, most / 1e6
    return live, peak


def accepted() -> dict[str, list[str]]:
    """
    Which broken documents each contender takes for right.
    """
    found: dict[str, list[str]] = {}
    for name, plan in _plans.broken():
        for contender, case in loads(_plans.as_json(plan)).items():
            if "paused" in contender or "json" in contender:
                continue
            try:
                case()
            except (SmmError, ValueError, TypeError, KeyError, ExceptionGroup):
                found.setdefault(contender, [])
            else:
                found.setdefault(contender, []).append(name)
    return found


def report(table: dict[str, dict[str, float]], wrong: dict[str, list[str]]) -> None:
    """
    One table for each job, and every goal beside what was reached.
    """
    for job, row in table.items():
        unit = "" if job.endswith("MB") else " ms"
        print(f"\n{job}")
        for name, value in row.items():
            ratio = value / row["pydantic"] if "pydantic" in row else None
            beside = "" if ratio is None else f"{ratio:8.2f} x pydantic"
            taken = wrong.get(name)
            note = f"  not comparable: takes {', '.join(taken)}" if taken else ""
            print(f"  {name:34}{value:9.1f}{unit}{beside}{note}")
    print("\nGoals")
    for job, ours, theirs, most in GOALS:
        mine = table[job][ours]
        other = table["load"]["smmlib"] if theirs == "load" else table[job][theirs]
        verdict = "met" if mine / other <= most else "MISSED"
        print(
            f"  {job}, {ours}: at most {most:.2f} x {theirs}: "
            f"{mine / other:.2f} x, {verdict}"
        )
    peak = table["peak MB"]["smmlib[fast]"] / table["live MB"]["smmlib[fast]"]
    verdict = "met" if peak <= 1.5 else "MISSED"  # noqa: PLR2004 - the goal
    print(f"  peak, smmlib[fast]: at most 1.50 x live: {peak:.2f} x, {verdict}")


def main() -> None:
    """
    Measure all, print all.
    """
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=7)
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--small", action="store_true", help="500 ads: a quick look")
    given = arguments.parse_args()
    plan = _plans.document(5, 5, 20) if given.small else _plans.document()
    text = _plans.as_json(plan)
    ours = codec.loads(text, format="json")
    table = {
        "load": measured(loads(text), given.rounds),
        "dump": measured(dumps(text), given.rounds),
        "construct": measured(constructs(plan), given.rounds),
        "check": measured({"smmlib": lambda: rules.check(ours)}, given.rounds),
        **_core_deploy.measure(ours, measured, given.rounds),
    }
    table["live MB"], table["peak MB"] = memory(text)
    wrong = accepted()
    if given.json:
        print(json.dumps({"table": table, "accepted": wrong}, indent=1))
        return
    print(
        f"{len(text) / 1e6:.1f} MB of JSON, {len(plan['creatives'])} ads; Python "
        f"{platform.python_version()} on {platform.system()}; medians of "
        f"{given.rounds} rounds, interleaved; {len(_plans.DAMAGES)} broken documents"
    )
    report(table, wrong)


if __name__ == "__main__":
    main()
