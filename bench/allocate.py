"""
How good and how fast is the allocation, beside what the field uses?

Same lines, same objective, same bounds, one process. Every peer gets analytic gradients
and its answer is repaired to feasibility in its favour. The peers' ways were read in
their sources: pymc-marketing calls scipy's SLSQP from a uniform start (ftol 1e-9, 1,000
iterations) on its saturation curves: that recipe is run here, not the package, which
needs a compiler stack. mediaplanpy has the adbudg formula and no optimiser: its way is
to keep the shares people typed, here a split in proportion to the curves' ceilings.

Reported are medians of process CPU time over rounds, the gap to the certified bound,
and each goal beside its ratio; only ratios within one run mean anything.

Needs numpy, scipy and cvxpy, in an environment of its own:
    python -m venv peers && peers/bin/pip install numpy scipy cvxpy && \
    peers/bin/pip install -e . && peers/bin/python bench/allocate.py [--fast] [--json]
"""

from __future__ import annotations

import argparse
import json
import math
import random
import statistics
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from smmlib.model import HillResponse, LogResponse, PowerResponse
from smmlib.planning import (
    Allocation,
    AllocationLine,
    allocate,
    allocate_arrays,
    verify,
)
from smmlib.planning._allocate_fill import Block
from smmlib.planning._allocate_search import search
from smmlib.planning._curves import shape_of

CONCAVE_GAP, FASTER, NEVER_BELOW = 1e-9, 20.0, 1e-9
# A peer that stopped early, far from the best, is shown but is no measure of speed.
RIGHT = 1e-6
S_GAP, S_TIME, NEAR_GAP, MANY_GAP, EVALUATIONS = 1e-6, 0.15, 1e-4, 1e-8, 100

FREE = 0.7  # so many lines have no minimum


class Line(NamedTuple):
    """
    One line: family, parameters, bounds in cents of whole euros.
    """

    family: str
    scale: float
    unit: float
    shape: float
    low: float
    high: float


class Case(NamedTuple):
    """
    Lines and what there is to spend.
    """

    name: str
    lines: list[Line]
    total: float


def mixed(n: int, seed: int, *, s_shaped: bool) -> Case:
    """
    Hill, log and power curves of very different sizes; or S-shaped hills only.
    """
    rng = random.Random(seed)  # noqa: S311 - drawn problems
    lines = []
    for _ in range(n):
        unit, scale = math.exp(rng.gauss(8.5, 1)), math.exp(rng.gauss(6.9, 1))
        family = "hill" if s_shaped else rng.choice(["hill", "log", "power"])
        if family == "hill":
            shape = rng.uniform(1.2, 4) if s_shaped else rng.choice([0.5, 0.7, 0.9, 1])
        else:
            shape = rng.choice([0.3, 0.5, 0.7])
        scale = scale / unit**shape if family == "power" else scale
        low = 0.0 if rng.random() < FREE else round(rng.uniform(0, 0.2) * unit, 2)
        lines.append(
            Line(family, scale, unit, shape, low, round(unit * rng.uniform(2, 10), 2))
        )
    room = sum(x.high - x.low for x in lines)
    total = round(sum(x.low for x in lines) + (0.12 if s_shaped else 0.3) * room, 2)
    return Case("S-shaped" if s_shaped else "concave", lines, total)


def alike(n: int, seed: int, spread: float) -> Case:
    """
    Nearly or exactly equal S-shaped lines, with money for about half of them.
    """
    rng = random.Random(seed)  # noqa: S311 - as above

    def near(x: float) -> float:
        return x * (1 + spread * rng.uniform(-1, 1))

    lines = [
        Line("hill", near(1000), near(5000), near(2.5), 0.0, 30000.0) for _ in range(n)
    ]
    total = round(n * 0.52 * 5000 * 1.5**0.4, 2)
    return Case("equal" if not spread else "nearly equal", lines, total)


# -- ours --------------------------------------------------------------------------


def ours(case: Case, *, nodes: int = 2000) -> Allocation:
    """
    The public call, from lines to whole cents with a certificate.
    """
    return allocate(ours_lines(case), f"{case.total:.2f} EUR", nodes=nodes)


def ours_lines(case: Case) -> list[AllocationLine]:
    """
    The lines as a user states them.
    """
    makers: dict[str, Callable[[Line], Any]] = {
        "hill": lambda x: HillResponse(x.scale, x.unit, shape=x.shape),
        "log": lambda x: LogResponse(x.scale, x.unit),
        "power": lambda x: PowerResponse(x.scale, x.shape),
    }
    return [
        AllocationLine(
            f"l{k}",
            makers[x.family](x),
            minimum=f"{x.low:.2f} EUR",
            maximum=f"{x.high:.2f} EUR",
        )
        for k, x in enumerate(case.lines)
    ]


def core(case: Case) -> Any:
    """
    From floats to floats, as the peers: curves, envelope, search, certificate.
    """
    blocks = []
    for k, x in enumerate(case.lines):
        parts = {
            "hill": ("hill", x.scale, x.unit, x.shape),
            "log": ("log", x.scale, x.unit),
            "power": ("power", x.scale, x.shape),
        }[x.family]
        blocks.append(Block(shape_of([parts]), x.low, x.high, owner=k))
    return search(blocks, case.total, gap=1e-9, nodes=2000)


# -- peers -------------------------------------------------------------------------


class Columns:
    """
    The same objective for numpy, with its gradient.
    """

    def __init__(self, case: Case) -> None:
        import numpy as np

        self.np, self.total = np, case.total
        self.low, self.high = (
            np.array([getattr(x, name) for x in case.lines]) for name in ("low", "high")
        )
        self.scale, self.unit, self.shape = (
            np.array([getattr(x, name) for x in case.lines])
            for name in ("scale", "unit", "shape")
        )
        self.family = np.array([x.family for x in case.lines])
        self.masks = {f: self.family == f for f in ("hill", "log", "power")}

    def value(self, x: Any) -> float:
        """
        What the amounts bring.
        """
        np, m = self.np, self.masks
        x = np.maximum(x, 1e-12)
        ratio = (self.unit[m["hill"]] / x[m["hill"]]) ** self.shape[m["hill"]]
        found = (self.scale[m["hill"]] / (1 + ratio)).sum()
        g, p = m["log"], m["power"]
        found += (self.scale[g] * np.log1p(x[g] / self.unit[g])).sum()
        return float(found + (self.scale[p] * x[p] ** self.shape[p]).sum())

    def slope(self, x: Any) -> Any:
        """
        What the next coin brings, line by line.
        """
        np, m = self.np, self.masks
        x, found = np.maximum(x, 1e-9), np.empty(len(x))
        h, g, p = m["hill"], m["log"], m["power"]
        r = (x[h] / self.unit[h]) ** self.shape[h]
        found[h] = self.scale[h] * self.shape[h] * r / (x[h] * (1 + r) ** 2)
        found[g] = self.scale[g] / (self.unit[g] + x[g])
        found[p] = self.scale[p] * self.shape[p] * x[p] ** (self.shape[p] - 1)
        return found

    def repaired(self, x: Any) -> float:
        """
        The value of a peer's answer, brought inside bounds and total in its favour.
        """
        np = self.np
        x = np.clip(x, self.low, self.high)
        for _ in range(60):
            rest = self.total - x.sum()
            if abs(rest) <= 1e-12 * self.total:
                break
            room = self.high - x if rest > 0 else x - self.low
            x = x + np.sign(rest) * room * min(abs(rest) / max(room.sum(), 1e-300), 1)
        return self.value(x)


def scipy_way(case: Case, *, method: str, scaled: bool) -> float:
    """
    SLSQP or trust-constr from a uniform start, in money or in shares of the total.
    """
    from scipy.optimize import LinearConstraint, minimize

    c = Columns(case)
    np, n = c.np, len(case.lines)
    unit = case.total if scaled else 1.0
    start = np.clip(np.full(n, case.total / n), c.low, c.high)
    size = c.value(start) if scaled else 1.0
    kwargs: dict[str, Any] = {
        "constraints": [
            {
                "type": "eq",
                "fun": lambda z: z.sum() - case.total / unit,
                "jac": lambda _: np.ones(n),
            }
        ],
        "options": {"ftol": 1e-9, "maxiter": 1000},
    }
    if method == "trust-constr":
        total = case.total / unit
        kwargs = {
            "constraints": [LinearConstraint(np.ones((1, n)), total, total)],
            "hess": lambda _: np.zeros((n, n)),
            "options": {"maxiter": 1000, "gtol": 1e-10},
        }
    found = minimize(
        lambda z: -c.value(z * unit) / size,
        start / unit,
        jac=lambda z: -c.slope(z * unit) * unit / size,
        bounds=list(zip(c.low / unit, c.high / unit, strict=True)),
        method=method,
        **kwargs,
    )
    return c.repaired(found.x * unit)


def cvxpy_way(case: Case) -> float:
    """
    The concave problem for an interior-point solver; hill only with shape 1.
    """
    import cvxpy as cp

    c = Columns(case)
    x = cp.Variable(len(case.lines))
    m = {f: c.np.flatnonzero(mask) for f, mask in c.masks.items()}
    parts = []
    if len(m["log"]):
        g = m["log"]
        parts.append(c.scale[g] @ cp.log1p(cp.multiply(1 / c.unit[g], x[g])))
    for shape in sorted(set(c.shape[m["power"]])):
        p = [k for k in m["power"] if c.shape[k] == shape]
        parts.append(c.scale[p] @ cp.power(x[p], float(shape), approx=False))
    if len(m["hill"]):
        h = m["hill"]
        ratio = cp.multiply(c.unit[h], cp.inv_pos(x[h] + c.unit[h]))
        parts.append(c.scale[h] @ (1 - ratio))
    limits = [cp.sum(x) == case.total, x >= c.low, x <= c.high]
    cp.Problem(cp.Maximize(sum(parts)), limits).solve(solver=cp.CLARABEL)
    return c.repaired(x.value)


def shares_way(case: Case) -> float:
    """
    Mediaplanpy's way: shares somebody typed, here in proportion to the ceilings.
    """
    c = Columns(case)
    weight = c.scale * c.np.where(c.masks["power"], c.unit**c.shape, 1.0)
    return c.repaired(c.low + (case.total - c.low.sum()) * weight / weight.sum())


# -- the measurement ---------------------------------------------------------------


def timed(call: Callable[[], Any], rounds: int) -> tuple[float, Any]:
    """
    Median CPU time in milliseconds, and the last answer.
    """
    times, found = [], None
    for _ in range(rounds):
        start = time.process_time()
        found = call()
        times.append(time.process_time() - start)
    return statistics.median(times) * 1e3, found


class Report:
    """
    Rows that are printed as they come, and kept for JSON.
    """

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def row(self, what: str, **facts: Any) -> None:
        """
        One contender.
        """
        self.rows.append({"what": what, **facts})
        shown = "  ".join(
            f"{name} {value:.3g}" if isinstance(value, float) else f"{name} {value}"
            for name, value in facts.items()
        )
        print(f"  {what:<34} {shown}", flush=True)

    def goal(self, what: str, got: float, limit: float, *, least: bool = False) -> None:
        """
        One goal and whether it is met.
        """
        met = got >= limit if least else got <= limit
        sign = ">=" if least else "<="
        verdict = "met" if met else "MISSED"
        self.rows.append({"goal": what, "got": got, "limit": limit, "met": met})
        print(
            f"  goal: {what}: {got:.3g} (goal {sign} {limit:g}) {verdict}", flush=True
        )


def compare(
    case: Case, report: Report, peers: dict[str, Callable[[], float]]
) -> dict[str, Any]:
    """
    One case, ours beside the peers; times in milliseconds by name.
    """
    n = len(case.lines)
    print(f"\n{case.name}, {n} lines, {case.total:,.2f} EUR")
    rounds = 50 if n <= 10 else 5 if n <= 100 else 1  # noqa: PLR2004 - sizes
    lines, total = ours_lines(case), f"{case.total:.2f} EUR"
    mine, found = timed(lambda: allocate(lines, total), rounds)
    plain, exact = timed(lambda: core(case), rounds)
    checked = verify(found)
    report.row(
        "ours, lines to cents",
        ms=mine,
        gap=found.gap,
        nodes=found.nodes,
        bound=found.bound,
        verified=checked.ok,
    )
    report.row(
        "ours, floats to floats",
        ms=plain,
        gap=(exact.bound - exact.value) / exact.bound,
        nodes=exact.nodes,
    )
    times: dict[str, Any] = {"ours": mine, "core": plain}
    best, right = -math.inf, []
    for name, call in peers.items():
        times[name], value = timed(call, 3 if n <= 10 else 1)  # noqa: PLR2004 - as above
        best = max(best, value)
        short = (found.bound - value) / found.bound
        report.row(name, ms=times[name], gap=short)
        right += [name] if "SLSQP" in name and short < RIGHT else []
    if best > -math.inf:
        report.goal(
            "below the best peer, relative",
            max((best - found.response) / abs(best), 0.0),
            NEVER_BELOW,
        )
    times["gap"], times["right"] = found.gap, right
    return times


def slsqp(case: Case) -> dict[str, Callable[[], float]]:
    """
    Both ways people call SLSQP.
    """
    return {
        "SLSQP, pymc-marketing's recipe": lambda: scipy_way(
            case, method="SLSQP", scaled=False
        ),
        "SLSQP, scaled": lambda: scipy_way(case, method="SLSQP", scaled=True),
    }


def trust(case: Case) -> dict[str, Callable[[], float]]:
    """
    The interior-point method of scipy, on shares of the total.
    """
    return {
        "trust-constr, scaled": lambda: scipy_way(
            case, method="trust-constr", scaled=True
        )
    }


def concave(report: Report, *, fast: bool) -> None:
    """
    Curves that flatten from the start.
    """
    for n in (10, 100):
        case = mixed(n, 1, s_shaped=False)
        peers = slsqp(case) | (trust(case) if n == 10 or not fast else {})  # noqa: PLR2004 - as above
        times = compare(
            case, report, peers | {"mediaplanpy's way": lambda c=case: shares_way(c)}
        )
        report.goal("certified gap", times["gap"], CONCAVE_GAP)
        if n == 10:  # noqa: PLR2004 - as above
            for name in times["right"]:
                report.goal(
                    f"{name} / ours to cents",
                    times[name] / times["ours"],
                    FASTER,
                    least=True,
                )
                report.goal(
                    f"{name} / ours in floats",
                    times[name] / times["core"],
                    FASTER,
                    least=True,
                )
    big = mixed(1000, 1, s_shaped=False)
    lines = [x._replace(shape=1.0) if x.family == "hill" else x for x in big.lines]
    case = big._replace(lines=lines)
    times = compare(case, report, {"cvxpy + Clarabel": lambda: cvxpy_way(case)})
    report.goal("certified gap", times["gap"], CONCAVE_GAP)
    for name in ("ours", "core"):
        report.goal(
            f"cvxpy / {name}",
            times["cvxpy + Clarabel"] / times[name],
            FASTER,
            least=True,
        )


def s_shaped(report: Report, *, fast: bool) -> None:
    """
    Curves on which too little money brings next to nothing.
    """
    for n in (10, 100):
        case = mixed(n, 1, s_shaped=True)
        times = compare(case, report, slsqp(case) | ({} if fast else trust(case)))
        report.goal("certified gap", times["gap"], S_GAP)
        for name in slsqp(case):
            if n == 100:  # noqa: PLR2004 - as above
                report.goal(
                    f"ours to cents / {name}", times["ours"] / times[name], S_TIME
                )
    times = compare(mixed(10_000, 1, s_shaped=True), report, {})
    report.goal("certified gap", times["gap"], MANY_GAP)
    for spread in (0.01, 0.0):
        for n in (10, 20, 100):
            worst = 0.0
            for seed in (1, 2, 3):
                case = alike(n, seed, spread)
                peers = slsqp(case) if seed == 1 and n <= 20 else {}  # noqa: PLR2004 - slow beyond
                worst = max(worst, compare(case, report, peers)["gap"])
            report.goal(f"{case.name}, {n} lines: worst certified gap", worst, NEAR_GAP)


def million(report: Report) -> None:
    """
    A million concave lines with numpy.
    """
    case = mixed(1_000_000, 1, s_shaped=False)
    case.lines.sort(key=lambda x: x.family)
    c = Columns(case)
    codes = c.np.select([c.masks["hill"], c.masks["log"]], [0, 1], 2)
    for family, mask in c.masks.items():  # slices: the fastest way to evaluate
        places = c.np.flatnonzero(mask)
        c.masks[family] = slice(int(places[0]), int(places[-1]) + 1)
    print("\nconcave, 1,000,000 lines as columns")
    own, found = timed(
        lambda: allocate_arrays(
            codes,
            case.total,
            scale=c.scale,
            unit=c.unit,
            shape=c.shape,
            minimum=c.low,
            maximum=c.high,
        ),
        3,
    )
    once, _ = timed(lambda: c.value(found.amounts), 5)
    report.row("ours, numpy", ms=own, gap=found.gap, rounds=found.rounds)
    report.row("one evaluation of the objective", ms=once)
    report.goal("certified gap", found.gap, CONCAVE_GAP)
    report.goal("evaluations of the objective", own / once, EVALUATIONS)


def zero_or_minimum(report: Report) -> None:
    """
    Nothing, or at least the platform's minimum: no peer can say that.
    """
    case = mixed(40, 5, s_shaped=False)
    lines = [
        AllocationLine(
            f"l{k}",
            HillResponse(x.scale, x.unit),
            minimum=f"{x.unit:.2f} EUR",
            or_nothing=True,
        )
        for k, x in enumerate(case.lines)
    ]
    total = f"{sum(x.unit for x in case.lines) / 3:.2f} EUR"
    print(f"\nzero or at least the minimum, 40 lines, {total}")
    own, found = timed(lambda: allocate(lines, total), 3)
    report.row(
        "ours, lines to cents",
        ms=own,
        gap=found.gap,
        nodes=found.nodes,
        bound=found.bound,
        verified=verify(found).ok,
    )
    report.goal("certified gap", found.gap, S_GAP)


def main() -> None:
    """
    Run everything and print it.
    """
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--fast", action="store_true", help="leave the slowest out")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    report = Report()
    concave(report, fast=options.fast)
    s_shaped(report, fast=options.fast)
    zero_or_minimum(report)
    million(report)
    if options.json:
        print(json.dumps(report.rows, default=str))
    missed = [row["goal"] for row in report.rows if not row.get("met", True)]
    print(f"\n{len(missed)} goals missed: {missed}" if missed else "\nall goals met")


if __name__ == "__main__":
    main()
