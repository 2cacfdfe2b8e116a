from __future__ import annotations

import itertools
from decimal import Decimal
from fractions import Fraction
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smmlib.analytics import Journeys, attribute, read_paths
from smmlib.analytics._journeys import numpy as _numpy
from smmlib.analytics._weights import HEURISTICS, MODELS, Rule
from smmlib.errors import ConfigurationError, MissingExtraError, ValidationError

_PATHS = {
    "path": ["a > b > c", "b", "a > c", "c > a > a"],
    "total_conversions": [2, 1, 0, 3],
    "total_conversion_value": ["20.00", "7.50", 0, "9.99"],
    "total_null": [3, 4, 5, 1],
}
_NAMES = ("ads", "blog", "mail", "posts")


@st.composite
def _ways(draw, names=_NAMES):
    """
    A few journeys over a few channels.
    """
    count = draw(st.integers(1, 12))
    touches = st.lists(st.sampled_from(names), min_size=1, max_size=6)
    return {
        "path": [draw(touches) for _ in range(count)],
        "won": [draw(st.integers(0, 4)) for _ in range(count)],
        "worth": [draw(st.integers(0, 9999)) / 100 for _ in range(count)],
        "lost": [draw(st.integers(0, 4)) for _ in range(count)],
    }


def _journeys(ways, hours=None):
    return Journeys.from_paths(
        ways["path"],
        conversions=ways["won"],
        values=ways["worth"],
        nulls=ways["lost"],
        hours=hours,
    )


def _by_channel(table):
    return {row.channel: row.conversions for row in table.credits}


def test_a_path_table_by_hand():
    """
    Four paths give the credits anyone can compute with a pencil.
    """
    journeys = read_paths(_PATHS)

    last = _by_channel(attribute(journeys))
    first = _by_channel(attribute(journeys, model="first"))
    linear = attribute(journeys, model="linear")
    position = _by_channel(attribute(journeys, model="position_based"))

    assert {"a": 3, "b": 1, "c": 2} == last
    assert {"a": 2, "b": 1, "c": 3} == first
    assert Decimal("1.666667") == linear.credit("b").conversions
    assert Decimal("37.49") == linear.value == sum(r.value for r in linear.credits)
    assert {
        "a": Decimal("0.8") + Decimal("1.8"),
        "b": Decimal("1.4"),
        "c": Decimal(2),
    } == position


@given(_ways(), st.sampled_from([m for m in MODELS if m != "time_decay"]))
def test_every_model_credits_every_conversion_once(ways, model):
    """
    Credits sum to the conversions and to their value, to the millionth.
    """
    table = attribute(_journeys(ways), model=model)

    # A chain in which nothing converts, or a game nobody wins, has nothing to share.
    assert sum(ways["won"]) == table.conversions
    assert table.conversions == sum(row.conversions for row in table.credits)
    assert table.value == sum(row.value for row in table.credits)


@given(_ways(), st.sampled_from(HEURISTICS), st.data())
def test_columns_and_exact_shares_are_the_same(ways, model, data):
    """
    The rule for millions of journeys gives what the exact rule gives for one.
    """
    hours = [
        sorted(data.draw(st.floats(0, 900)) for _ in path)[::-1]
        for path in ways["path"]
    ]
    rule = Rule(model)

    columns = rule.columns(_journeys(ways, hours))

    exact = [float(share) for path in hours for share in rule.shares(path)]
    assert np.allclose(exact, columns, atol=1e-12)


def _chance(paths, removed=None):
    """
    The chance to convert, by exact fractions and elimination of one state at a time.
    """
    counts = {}
    for path, won, lost in paths:
        states = ["start", *path]
        for here, there in itertools.pairwise(states):
            counts[here, there] = counts.get((here, there), 0) + won + lost
        for end, times in (("won", won), ("lost", lost)):
            counts[states[-1], end] = counts.get((states[-1], end), 0) + times
    chain = {}
    for (here, there), times in counts.items():
        there = "lost" if there == removed else there  # noqa: PLW2901 -- who is lost
        row = chain.setdefault(here, {})
        row[there] = row.get(there, Fraction(0)) + times
    for state in [name for name in chain if name != "start"]:
        gone = chain.pop(state)
        stays = gone.pop(state, Fraction(0))
        leaves = sum(gone.values())
        for row in chain.values():
            flow = row.pop(state, Fraction(0))
            for there, times in gone.items():
                if leaves:
                    row[there] = row.get(there, Fraction(0)) + flow * times / leaves
        assert stays >= 0
    row = chain.get("start", {})
    total = sum(row.values())
    return row.get("won", Fraction(0)) / total if total else Fraction(0)


@settings(max_examples=60)
@given(_ways())
def test_removal_effects_are_those_of_exact_fractions(ways):
    """
    What would be lost without a channel equals elimination by fractions, to 1e-12.
    """
    people = list(zip(ways["path"], ways["won"], ways["lost"], strict=True))
    whole = _chance(people)

    table = attribute(_journeys(ways), model="markov")

    for row in table.credits:
        lost = 1 - _chance(people, row.channel) / whole if whole else 0
        assert float(lost) == pytest.approx(row.removal_effect, abs=1e-12)
    assert table.residual <= 1e-12


def _worth(ways, coalition, game):
    """
    What a set of channels brings on its own.
    """
    inside = [set(path) <= coalition for path in ways["path"]]
    won = sum(n for n, ok in zip(ways["won"], inside, strict=True) if ok)
    if game == "conversions":
        return Fraction(won)
    seen = won + sum(n for n, ok in zip(ways["lost"], inside, strict=True) if ok)
    return Fraction(won, seen) if seen else Fraction(0)


@settings(max_examples=60)
@given(_ways(), st.sampled_from(["rate", "conversions"]))
def test_shapley_values_are_those_of_the_definition(ways, game):
    """
    Shapley values equal the sum over all coalitions, by exact fractions.
    """
    names = sorted({name for path in ways["path"] for name in path})
    people = sum(ways["won"]) + sum(ways["lost"])

    table = _by_channel(attribute(_journeys(ways), model="shapley", game=game))

    for name in names:
        others = [other for other in names if other != name]
        value = Fraction(0)
        for size in range(len(others) + 1):
            weight = Fraction(
                factorial(size) * factorial(len(others) - size), factorial(len(names))
            )
            for chosen in itertools.combinations(others, size):
                without = set(chosen)
                gain = _worth(ways, without | {name}, game)
                value += weight * (gain - _worth(ways, without, game))
        scale = people if game == "rate" else 1
        assert float(value * scale) == pytest.approx(float(table[name]), abs=2e-6)


def test_beyond_twelve_channels_shapley_says_how_sure_it_is():
    """
    Thirteen channels are sampled: errors are stated and hold the exact answer.
    """
    random = np.random.default_rng(5)
    names = [f"c{n:02}" for n in range(13)]
    ways = {
        "path": [
            [names[k] for k in random.integers(0, 12, size=2)] for _ in range(400)
        ],
        "won": random.integers(0, 2, size=400),
        "worth": random.integers(0, 50, size=400),
        "lost": random.integers(0, 3, size=400),
    }
    exact = _by_channel(attribute(_journeys(ways), model="shapley"))
    # A thirteenth channel that only ever appears alone and lost changes no other pair.
    more = {key: list(column) for key, column in ways.items()}
    more["path"].append([names[12]])
    more["won"] = [*more["won"], 0]
    more["worth"] = [*more["worth"], 0]
    more["lost"] = [*more["lost"], 0]

    table = attribute(_journeys(more), model="shapley", samples=400)

    assert table.conversions == sum(row.conversions for row in table.credits)
    for row in table.credits:
        assert row.error is not None
        assert abs(exact.get(row.channel, 0) - row.conversions) <= 5 * row.error + 1e-6


def test_resamples_tell_how_sure_a_credit_is():
    """
    Ranges hold the credit, narrow with more journeys, and repeat with their seed.
    """
    many = read_paths(
        {**_PATHS, "total_conversions": [2000, 1000, 0, 3000], "total_null": [9] * 4}
    )

    few = attribute(read_paths(_PATHS), model="linear", bootstrap=200, seed=1)
    wide, narrow = few, attribute(many, model="linear", bootstrap=200, seed=1)

    assert few == attribute(read_paths(_PATHS), model="linear", bootstrap=200, seed=1)
    for row in narrow.credits:
        low, high = row.conversions_range
        assert low <= row.conversions <= high
        span = wide.credit(row.channel)
        assert (high - low) / row.conversions < (
            span.conversions_range[1] - span.conversions_range[0]
        ) / span.conversions


def test_paths_are_read_from_any_table(tmp_path):
    """
    A CSV file, columns, rows and an Arrow table hold the same journeys.
    """
    import pyarrow as pa

    file = tmp_path / "paths.csv"
    rows = [
        dict(zip(_PATHS, cells, strict=True))
        for cells in zip(*_PATHS.values(), strict=True)
    ]
    lines = [",".join(str(cell) for cell in row.values()) for row in rows]
    file.write_text("\n".join([",".join(_PATHS), *lines]), encoding="utf-8")
    arrow = pa.table({name: [str(c) for c in cells] for name, cells in _PATHS.items()})

    tables = [
        attribute(read_paths(source), model="markov")
        for source in (file, _PATHS, rows, arrow)
    ]

    assert 1 == len({str(table.to_dict()) for table in tables})


def test_a_credit_table_goes_to_arrow():
    """
    The table is handed on with exact decimals.
    """
    arrow = attribute(read_paths(_PATHS), model="linear").to_arrow()

    assert "decimal128" in str(arrow.schema.field("value").type)
    assert Decimal("37.49") == sum(arrow["value"].to_pylist())


def test_journeys_without_any_touch_are_credited_to_nobody():
    """
    Conversions nobody knows the way of stay visible as unmatched.
    """
    journeys = Journeys.from_paths([["ads"], []], conversions=[3, 1], values=[30, 5])

    table = attribute(journeys)

    assert (Decimal(3), Decimal(1)) == (table.conversions, table.unattributed)
    assert Decimal(25) == table.unmatched_share


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ({"model": "markow"}, "markov"),
        ({"model": "shapley", "game": "chess"}, "rate"),
    ],
)
def test_unknown_models_and_games_name_those_there_are(call, words):
    """
    A slip of the pen is answered with what there is.
    """
    with pytest.raises(ConfigurationError) as caught:
        attribute(read_paths(_PATHS), **call)

    assert words in caught.value.hint


@pytest.mark.parametrize(
    "call",
    [
        {"model": "time_decay"},  # a path table has no times
        {"model": "time_decay", "half_life": 0},
        {"model": "position_based", "ends": ("0.7", "0.7")},
        {"bootstrap": -1},
        {"level": 1},
    ],
)
def test_settings_that_cannot_be_are_refused(call):
    """
    Impossible settings are told by name before anything is computed.
    """
    with pytest.raises(ValidationError):
        attribute(read_paths(_PATHS), **call)


@pytest.mark.parametrize(
    "broken",
    [
        {"total_conversions": [1, 2]},
        {"total_conversions": ["x", 1, 1, 1]},
        {"total_null": [-1, 0, 0, 0]},
        {"total_conversions": [float("nan"), 1, 1, 1]},
    ],
)
def test_broken_columns_are_refused(broken):
    """
    Columns of other lengths, texts and impossible counts name their row or column.
    """
    with pytest.raises(ValidationError):
        read_paths(_PATHS | broken)


def test_a_missing_column_is_named():
    """
    A table without the path says so, with the columns it has.
    """
    with pytest.raises(ValidationError, match="path"):
        read_paths({"way": ["a"], "total_conversions": [1]})


def test_without_the_extra_the_pip_command_is_named(monkeypatch):
    """
    Where numpy is missing the error says what to install.
    """
    monkeypatch.setitem(__import__("sys").modules, "numpy", None)

    with pytest.raises(MissingExtraError) as caught:
        _numpy()

    assert 'pip install "smmlib[analytics]"' == caught.value.hint
