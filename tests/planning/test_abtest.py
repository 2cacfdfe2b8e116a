"""
Variant tests: winners that are real, answers that can be acted on.
"""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmlib.errors import ValidationError
from smmlib.planning import Variant, compare_variants, sample_size
from smmlib.planning._abtest_best import best_shares


def _test(*counts, **more):
    return compare_variants(
        [Variant(f"v{k}", n, won=w) for k, (n, w) in enumerate(counts)], **more
    )


def test_a_clear_winner_is_named():
    """
    Twice the rate over ten thousand chances wins, with an interval above zero.
    """
    found = _test((10_000, 400), (10_000, 200), days=10)

    assert ("winner", "v0", 0) == (found.verdict, found.winner, found.more)
    assert found.difference[0] > 0
    assert found.rows[0].best > 0.999
    assert "v0 wins" == found.answer


def test_too_little_data_says_how_much_more():
    """
    A small difference asks for days at today's speed, more than were run.
    """
    found = _test((1_000, 24), (1_000, 20), days=5)

    assert "not enough data" == found.verdict
    assert found.days == -(-found.more * 5 // 1_000)
    assert found.more > 1_000
    assert "more days" in found.answer
    assert "more days" not in _test((1_000, 24), (1_000, 20)).answer


def test_no_difference_is_an_answer():
    """
    When all that matters is ruled out, nobody has to wait.
    """
    found = _test((400_000, 20_000), (400_000, 20_050))

    assert "no difference" == found.verdict
    assert "take any" in found.answer


def test_a_handful_of_results_decides_nothing():
    """
    Twelve against none is no proof yet.
    """
    found = _test((100, 12), (100, 0))

    assert "not enough data" == found.verdict
    assert "fewer than 20" in " ".join(found.notes)


def test_unequal_spend_is_told():
    """
    A platform that gave one variant twice the money made the comparison unfair.
    """
    found = compare_variants(
        [
            Variant("a", 1_000, won=30, spend="10 EUR"),
            Variant("b", 1_000, won=30, spend="20 EUR"),
        ]
    )

    assert "unequal" in " ".join(found.notes)


@given(
    st.lists(
        st.integers(1, 10_000).flatmap(
            lambda n: st.tuples(st.integers(0, n), st.just(n))
        ),
        min_size=2,
        max_size=5,
    )
)
def test_probabilities_to_be_best_sum_to_one(counts):
    """
    One of the variants is the best, and equal ones are equally likely to be.
    """
    shares = best_shares(counts)
    twins = best_shares([counts[0], counts[0]])

    assert 1 == pytest.approx(sum(shares))
    assert [0.5, 0.5] == pytest.approx(twins)


def test_the_probability_to_be_best_is_that_of_drawn_rates():
    """
    Forty thousand rates drawn from both distributions say the same.
    """
    rng = random.Random(3)
    counts = [(30, 1_000), (36, 1_000), (20, 900)]
    wins = [0, 0, 0]
    for _ in range(40_000):
        rates = [rng.betavariate(w + 1, n - w + 1) for w, n in counts]
        wins[rates.index(max(rates))] += 1

    assert [w / 40_000 for w in wins] == pytest.approx(best_shares(counts), abs=0.01)


def test_peeking_every_day_names_no_false_winner_too_often():
    """
    Two same variants looked at on sixty days: at most one test in twenty is wrong.
    """
    rng = random.Random(11)
    false = 0
    for _ in range(150):
        shown, wins = 0, [0, 0]
        for _ in range(60):
            shown += 500
            wins = [won + round(max(rng.gauss(25, 4.87), 0)) for won in wins]
            if _test(*((shown, won) for won in wins)).verdict == "winner":
                false += 1
                break

    assert false <= 0.05 * 150


def test_the_size_is_told_beforehand():
    """
    Smaller effects and more variants take longer; looking every day costs something.
    """
    usual = sample_size(0.02, 0.2, a_day=4_000)

    assert usual.fixed < usual.each < 4 * usual.fixed
    assert usual.days == -(-usual.total // 4_000)
    assert sample_size(0.02, 0.1).each > 3 * usual.each
    assert sample_size(0.02, 0.2, variants=4).each > usual.each


def test_bad_input_is_refused_all_at_once():
    """
    Negative rates, more results than chances, doubles: path, limit and hint for each.
    """
    with pytest.raises(ValidationError) as caught:
        compare_variants(
            [
                Variant("a", 10, won=11, spend="1 EUR"),
                Variant("a", 10, won=-1, spend="1 USD"),
            ],
            risk=2,
            days=-1,
        )
    assert 6 == len(caught.value.issues)
    assert all(issue.path and issue.hint for issue in caught.value.issues)
    with pytest.raises(ValidationError):
        compare_variants([Variant("a", 10, won=1)])
    with pytest.raises(ValidationError) as caught:
        sample_size(-0.1, 0, variants=1, a_day=-5)
    assert 4 == len(caught.value.issues)


def test_a_test_shows_itself_everywhere():
    """
    Text, notebook and JSON carry the answer; names cannot carry markup.
    """
    found = compare_variants([Variant("<i>", 900, won=30), Variant("b", 900, won=40)])

    assert found.answer in str(found)
    assert "<i>" not in found._repr_html_()
    assert found.answer == found.to_dict()["answer"]
