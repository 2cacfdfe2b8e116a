"""
From the warehouse's table of journeys to credits per channel, beside two packages.

    python bench/attribution.py                       ours alone, and what it equals
    python bench/attribution.py --peers FOLDER        with both peers

A peer wants an environment of its own (one is GPL, both want pandas); `--install`
makes them in FOLDER: `mam` with marketing-attribution-models, `ca` with
ChannelAttribution, both with duckdb to read the same file. Each contender is a process
of its own: reading and preparing what it needs counts, importing does not. Medians of
three; the largest resident memory of the process, imports included, and beyond them.
"""

# ruff: noqa: S608 -- every query here is our own text
from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

MODELS = (
    *("last", "first", "linear", "position_based", "time_decay"),
    *("markov", "shapley"),
)
PEERS = {
    "mam": ["marketing-attribution-models", "duckdb==1.5.6"],
    "ca": ["ChannelAttribution", "matplotlib", "duckdb==1.5.6", "pyarrow"],
}
_NAMES = (
    *("facebook", "instagram", "linkedin", "x", "telegram", "facebook (organic)"),
    *("telegram (organic)", "google / organic", "newsletter / email", "google / cpc"),
)
_DAY = 86_400_000_000
_BUY = 0.092
_STEPS = """
SELECT j.journey, l.name AS channel, j.step, j.steps, j.hours, j.won,
       CASE WHEN j.step = j.steps THEN j.worth ELSE 0 END AS worth
FROM journeys j JOIN labels l ON l.level = 'channel' AND l.code = j.channel
WHERE j.kind IN ('purchase', '')
"""


def fill(path: str, people: int) -> float:
    """
    People with three touches each on average, of whom nine in a hundred buy.
    """
    import numpy as np
    import pyarrow as pa

    from smmlib import Warehouse

    random = np.random.default_rng(7)
    touches = random.geometric(0.3, people).clip(1, 12)
    owner = np.repeat(np.arange(people), touches)
    names = np.char.add("p", np.char.zfill(np.arange(people).astype(str), 8))
    buyers = np.flatnonzero(random.random(people) < _BUY)
    seen = random.integers(0, 25 * _DAY // 1_000_000, len(owner)) * 1_000_000
    ads = pa.table(
        {
            "person": names[owner],
            "at": seen,
            "seq": np.arange(len(owner)),
            "channel": np.array(_NAMES)[random.integers(0, len(_NAMES), len(owner))],
        }
    )
    sales = pa.table(
        {
            "conversion_id": np.char.add("c", buyers.astype(str)),
            "person": names[buyers],
            "at": np.full(len(buyers), 25 * _DAY),
            "value": random.integers(500, 30_000, len(buyers)) / 100,
        }
    )
    with Warehouse.connect(f"duckdb:///{path}") as warehouse:
        database = warehouse._engine._connection  # noqa: SLF001 -- to fill it fast
        database.register("ads", ads)
        database.register("sales", sales)
        database.execute(
            "INSERT INTO touches BY NAME SELECT 'touches' AS scope, "
            "DATE '2027-03-01' AS \"on\", *, 'click' AS kind, 1 AS matched, "
            "'' AS campaign, '' AS ad FROM ads"
        )
        database.execute(
            "INSERT INTO conversions BY NAME SELECT 'records' AS scope, "
            "DATE '2027-03-26' AS \"on\", *, 'purchase' AS kind, 'EUR' AS currency, "
            "'' AS refunds, 'direct' AS channel, '' AS campaign, '' AS ad, "
            "0 AS matched FROM sales"
        )
        began = time.perf_counter()
        warehouse.build_journeys()
        return time.perf_counter() - began


def ours(path: str) -> dict:
    """
    Every model, each from the table to its credits.
    """
    from smmlib import Warehouse

    with Warehouse.connect(f"duckdb:///{path}") as warehouse:
        warehouse.attribute(model="markov", kind="lead")  # imports, on empty sums
        before = _peak()
        found, times = {}, {}
        for model in MODELS:
            took = []
            for _ in range(3):
                warehouse._sql.clear()  # noqa: SLF001 -- as if asked for the first time
                began = time.perf_counter()
                table = warehouse.attribute(model=model)
                took.append(time.perf_counter() - began)
            times[model] = statistics.median(took)
            found[model] = {
                row.channel: [
                    float(row.conversions),
                    float(row.value),
                    row.removal_effect,
                ]
                for row in table.credits
            }
            if table.residual is not None:
                found["residual"] = table.residual
    return {"times": times, "credits": found, "peak": _peak(), "more": _peak() - before}


def _peak() -> float:
    # Not getrusage: that remembers the process this one was forked from.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def mam(path: str) -> dict:
    """
    The first peer, through polars.
    """
    import duckdb
    import polars as pl
    from mam import MAM

    before = _peak()
    began = time.perf_counter()
    rows = duckdb.connect(path, read_only=True).execute(_STEPS).pl()
    rows = rows.with_columns(
        # Steps keep their order where nobody knows the hour.
        (
            pl.datetime(2027, 3, 26)
            + pl.duration(
                microseconds=pl.col("step") - (pl.col("hours") * 3.6e9).round()
            )
        ).alias("at"),
        (pl.col("won") > 0).alias("bought"),
    )
    table = MAM(
        rows,
        format_type="session",
        channels_colname="channel",
        journey_with_conv_colname="bought",
        datetime_colname="at",
        user_id_colname="journey",
        conversion_value_colname="worth",
    )
    prepared = time.perf_counter() - began
    runs = {
        "last": table.run_last_click,
        "first": table.run_first_click,
        "linear": table.run_linear,
        "position_based": table.run_position_based,
        "time_decay": table.run_time_decay,
        "markov": table.run_markov,
        "shapley": table.run_shapley,
    }
    times, found = {}, {}
    for model, run in runs.items():
        began = time.perf_counter()
        result = run()
        times[model] = prepared + time.perf_counter() - began
        parts = [v for v in vars(result).values() if hasattr(v, "iter_rows")]
        if parts and model != "markov":
            found[model] = {str(a): b for a, b in parts[-1].iter_rows()}
        if model == "markov":
            effects = result.metadata["removal_effect"]
            found[model] = {c: float(effects.loc[c].iloc[0]) for c in effects.index}
    return {
        "prepared": prepared,
        "times": times,
        "credits": found,
        "peak": _peak(),
        "more": _peak() - before,
    }


def ca(path: str) -> dict:
    """
    The second peer, from paths as text, each path once.
    """
    import ChannelAttribution
    import duckdb

    before = _peak()
    began = time.perf_counter()
    paths = (
        duckdb.connect(path, read_only=True)
        .execute(
            # Each path once, which is the least work for it.
            "SELECT path, sum(won) AS won, sum(worth) AS worth, sum(1 - won) AS lost "
            "FROM (SELECT string_agg(channel, ' > ' ORDER BY step) AS path, "
            f"max(won) AS won, sum(worth) AS worth FROM ({_STEPS}) GROUP BY journey) "
            "GROUP BY path"
        )
        .df()
    )
    prepared = time.perf_counter() - began
    began = time.perf_counter()
    ChannelAttribution.heuristic_models(
        paths, "path", "won", var_value="worth", flg_pro=False
    )
    rules = prepared + time.perf_counter() - began
    began = time.perf_counter()
    chain = ChannelAttribution.markov_model(
        paths, "path", "won", var_value="worth", var_null="lost", out_more=True,
        flg_pro=False,
    )  # fmt: skip
    markov = prepared + time.perf_counter() - began
    effects = chain["removal_effects"]
    removal = dict(zip(effects.iloc[:, 0], effects.iloc[:, 1], strict=True))
    return {
        "prepared": prepared,
        "times": {"last": rules, "first": rules, "linear": rules, "markov": markov},
        "credits": {"markov": removal},
        "peak": _peak(),
        "more": _peak() - before,
    }  # fmt: skip


def run(name: str, python: str, path: str, *more: str) -> Any:
    """
    One contender in a process of its own.
    """
    command = [python, __file__, "--child", name, "--file", path, *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{name}: not measured: {done.stderr.strip().splitlines()[-1:]}")
        return None
    return json.loads(done.stdout.splitlines()[-1])


def install(folder: Path) -> None:
    """
    Make the peers' environments.
    """
    for name, packages in PEERS.items():
        subprocess.run([sys.executable, "-m", "venv", folder / name], check=True)
        pip = [folder / name / "bin" / "python", "-m", "pip", "install", "-q"]
        subprocess.run([*pip, *packages], check=True)


def tell(mine: dict, peers: dict[str, dict]) -> None:
    """
    Seconds, ratios, memory and agreement.
    """
    print(f"{'model':16}{'ours s':>9}{'best peer s':>13}{'ratio':>8}  goal 0.10")
    for model in MODELS:
        others = [p["times"][model] for p in peers.values() if model in p["times"]]
        best = min(others, default=0.0)
        ratio = f"{mine['times'][model] / best:8.3f}" if best else "       -"
        print(f"{model:16}{mine['times'][model]:9.3f}{best:13.3f}{ratio}")
    for name, peer in {"ours": mine, **peers}.items():
        prepared = (
            f", prepared in {peer['prepared']:.2f} s" if "prepared" in peer else ""
        )
        print(
            f"{name:5} peak {peer['peak']:,.0f} MB, {peer['more']:,.0f} beyond "
            f"imports{prepared}"
        )
    if peers:
        least = min(peer["peak"] for peer in peers.values())
        more = min(peer["more"] for peer in peers.values())
        print(
            f"memory: {mine['peak'] / least:.2f} x the best peer's peak, "
            f"{mine['more'] / more:.2f} x beyond imports (goal 0.2)"
        )
    left = mine["credits"]["residual"]
    print(f"Markov: largest error left in the solved chain {left:.1e}")
    for name, peer in peers.items():
        for model, table in peer["credits"].items():
            column = 2 if model == "markov" else 1
            gaps = [
                abs(value - mine["credits"][model][channel][column])
                for channel, value in table.items()
                if channel in mine["credits"][model]
            ]
            print(f"{name:5}{model:16} largest difference {max(gaps, default=0):.2e}")


def main() -> None:
    """
    Fill, run everybody, tell.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--journeys", type=int, default=1_000_000)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--install", action="store_true")
    parser.add_argument("--child", choices=["fill", "ours", "mam", "ca"])
    parser.add_argument("--file", default="")
    asked = parser.parse_args()
    if asked.child:
        if asked.child == "fill":
            print(json.dumps(fill(asked.file, asked.journeys)))
            return
        call = {"ours": ours, "mam": mam, "ca": ca}[asked.child]
        print(json.dumps(call(asked.file)))
        return
    if asked.install and asked.peers:
        install(asked.peers)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "journeys.duckdb")
        count = str(asked.journeys)
        took = run("fill", sys.executable, path, "--journeys", count)
        print(f"{asked.journeys:,} journeys; their table is made once, in {took:.1f} s")
        mine = run("ours", sys.executable, path)
        peers = {}
        for name in PEERS if asked.peers else ():
            found = run(name, str(asked.peers / name / "bin" / "python"), path)
            if found:
                peers[name] = found
        if mine:
            tell(mine, peers)


if __name__ == "__main__":
    main()
