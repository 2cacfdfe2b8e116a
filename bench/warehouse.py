"""
The report's questions to the warehouse, beside SQL written by hand and beside pandas.

    python bench/warehouse.py                      10,000,000 rows, a few minutes
    python bench/warehouse.py --rows 1000000
    python bench/warehouse.py --growth             1, 10 and 30 million rows
    python bench/warehouse.py --pandas PYTHON      an interpreter that has pandas
    python bench/warehouse.py --engines URL ...    equal answers on other engines

Daily ad rows with exact decimals in one DuckDB file. Each question is asked in turns
through the warehouse and in SQL by hand; medians of seven. pandas reads the same rows
from Parquet, columns it needs only, with exact decimals, and is timed without reading.
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
from datetime import date
from pathlib import Path

from smmlib import Warehouse

_FILL = """
INSERT INTO metrics BY NAME
SELECT 'meta:' || (i % 8) AS scope,
       DATE '2026-01-01' + CAST(i * 365 // {rows} AS INT) AS "on",
       'meta' AS platform,
       CASE i % 5 WHEN 0 THEN 'facebook' WHEN 1 THEN 'instagram'
            WHEN 2 THEN 'linkedin' WHEN 3 THEN 'x' ELSE 'telegram' END AS network,
       'account' || (i % 8) AS account, 'campaign' || (i % 200) AS campaign,
       'set' || (i % 2000) AS ad_set, 'ad' || (i % 27397) AS ad,
       '' AS breakdown, '' AS address, '' AS line, 'facebook' AS channel,
       'EUR' AS currency, 'bench' AS source,
       CAST(hash(i) % 100000000 AS DECIMAL(28, 9)) / 1000000 AS spend,
       CAST(hash(i + 1) % 20000 AS BIGINT) AS impressions,
       CAST(hash(i + 2) % 300 AS BIGINT) AS clicks
FROM range({rows}) t(i)
"""
_LOADED = """
INSERT INTO loads BY NAME SELECT 'metrics:bench' AS scope, DATE '2026-01-01' AS "on",
'metrics' AS "of", '' AS digest, 0 AS rows, 'EUR' AS currencies
"""
_METRICS = ("spend", "impressions", "clicks")
_SUMS = "sum(spend), sum(impressions), sum(clicks), count(*)"
_MARCH = "\"on\" BETWEEN DATE '2026-03-01' AND DATE '2026-03-31'"
_MONTH = "date_trunc('month', \"on\"), network, campaign"
# Name, how the warehouse is asked, and the same by hand.
QUESTIONS = {
    "by network": (
        {"by": ["network"]},
        f"SELECT network, {_SUMS} FROM metrics GROUP BY 1",
    ),
    "month x network x campaign": (
        {"by": ["month", "network", "campaign"]},
        f"SELECT {_MONTH}, {_SUMS} FROM metrics GROUP BY 1, 2, 3",
    ),
    "top 20 ads": (
        {"by": ["ad"], "order": "-spend", "limit": 20},
        f"SELECT ad, {_SUMS} FROM metrics GROUP BY 1 ORDER BY 2 DESC LIMIT 20",
    ),
    "one month by day": (
        {"by": ["on"], "first": date(2026, 3, 1), "last": date(2026, 3, 31)},
        f'SELECT "on", {_SUMS} FROM metrics WHERE {_MARCH} GROUP BY 1',
    ),
}
_PANDAS = """
import json, sys, time
import pandas as pd
frame = pd.read_parquet(sys.argv[1])
keys = {"by network": ["network"], "top 20 ads": ["ad"], "one month by day": ["on"],
        "month x network x campaign": ["month", "network", "campaign"]}
took = {}
for name, by in keys.items():
    began = time.perf_counter()
    rows = frame
    if "month" in by:
        rows = rows.assign(month=pd.to_datetime(rows["on"]).dt.to_period("M"))
    if name == "one month by day":
        on = pd.to_datetime(rows["on"])
        rows = rows[(on >= "2026-03-01") & (on <= "2026-03-31")]
    sums = rows.groupby(by)[["spend", "impressions", "clicks"]].sum()
    if name == "top 20 ads":
        sums = sums.sort_values("spend", ascending=False).head(20)
    took[name] = time.perf_counter() - began
print(json.dumps(took))
"""


def fill(warehouse: Warehouse, rows: int) -> None:
    """
    Rows made inside the database: only its speed is measured here.
    """
    database = warehouse._engine._connection  # noqa: SLF001 -- to fill it fast
    database.execute(_FILL.format(rows=rows))
    database.execute(_LOADED)


def ask(warehouse: Warehouse) -> dict[str, tuple[float, float]]:
    """
    Seconds of each question, through the warehouse and by hand.
    """
    found = {}
    for name, (question, sql) in QUESTIONS.items():
        mine, raw = [], []
        for turn in range(8):
            began = time.perf_counter()
            warehouse.totals(metrics=_METRICS, **question)
            middle = time.perf_counter()
            warehouse._engine.fetch(sql)  # noqa: SLF001 -- the same way back
            if turn:  # the first turn reads the file
                mine.append(middle - began)
                raw.append(time.perf_counter() - middle)
        found[name] = (statistics.median(mine), statistics.median(raw))
    return found


def by_pandas(python: str, warehouse: Warehouse, folder: Path) -> dict[str, float]:
    """
    Seconds of pandas on the same rows.
    """
    file = folder / "rows.parquet"
    warehouse._engine.fetch(  # noqa: SLF001 -- to hand it the same rows
        'COPY (SELECT "on", network, campaign, ad, spend, impressions, clicks '
        f"FROM metrics) TO '{file}' (FORMAT parquet)"
    )
    done = subprocess.run(
        [python, "-c", _PANDAS, str(file)], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def equal(urls: list[str], rows: int) -> None:
    """
    The same rows on several engines give the same answers.
    """
    answers = {}
    with Warehouse.connect() as source:
        fill(source, rows)
        facts = source.facts()
    for url in ["duckdb://", *urls]:
        with Warehouse.connect(url) as warehouse:
            warehouse.ingest(facts)
            answers[url.partition(":")[0]] = [
                warehouse.totals(metrics=_METRICS, **question)
                for question, _ in QUESTIONS.values()
            ]
    same = all(answer == answers["duckdb"] for answer in answers.values())
    print(f"{rows:,} rows on {', '.join(answers)}: answers equal: {same}")


def tell(rows: int, python: str | None) -> float:
    """
    One table; gives the seconds of all questions together.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Warehouse.connect(f"duckdb:///{folder / 'facts.duckdb'}") as warehouse:
            fill(warehouse, rows)
            found = ask(warehouse)
            slow = by_pandas(python, warehouse, folder) if python else {}
    print(
        f"{rows:,} rows{'question':>22}{'ours ms':>10}{'SQL ms':>9}{'ratio':>7}", end=""
    )
    print(f"{'pandas ms':>12}{'pandas/ours':>13}" if slow else "")
    for question, (mine, raw) in found.items():
        line = f"{question:>34}{mine * 1000:10.1f}{raw * 1000:9.1f}{mine / raw:7.2f}"
        if slow:
            line += f"{slow[question] * 1000:12.0f}{slow[question] / mine:13.1f}"
        print(line)
    together = sum(mine for mine, _ in found.values())
    whole = together / sum(raw for _, raw in found.values())
    print(f"{'all of them':>34}{together * 1000:10.1f}  ratio {whole:.2f} (goal 1.2)")
    return together


def main() -> None:
    """
    Fill, ask, tell.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--pandas", default=None)
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--engines", nargs="*", default=[])
    asked = parser.parse_args()
    if asked.engines:
        equal(asked.engines, min(asked.rows, 20_000))
        return
    if not asked.growth:
        tell(asked.rows, asked.pandas)
        return
    sizes = (1_000_000, 10_000_000, 30_000_000)
    took = [tell(size, None) for size in sizes]
    for size, seconds in zip(sizes[1:], took[1:], strict=True):
        grown = seconds / took[0] / (size / sizes[0])
        print(f"{size:,} rows: {grown:.2f} x linear growth from 1,000,000")


if __name__ == "__main__":
    sys.exit(main())
