"""
Response curves of all families: flat ones, straight ones and S-shaped ones.
"""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from smmlib.model import (
    HillResponse,
    LinearResponse,
    LogResponse,
    PiecewiseResponse,
    PowerResponse,
)
from smmlib.model._response import ResponseCurve
from smmlib.testing._strategies_basics import cached

_AMOUNT = st.decimals(0, 10**6, places=3)
_POSITIVE = st.decimals(1, 10**6, places=2)


@cached
def linear_responses() -> SearchStrategy[LinearResponse]:
    """
    Straight lines, with and without a cap.
    """
    return st.builds(LinearResponse, _AMOUNT, st.none() | _POSITIVE)


@cached
def power_responses() -> SearchStrategy[PowerResponse]:
    """
    Powers that flatten, and straight lines.
    """
    return st.builds(PowerResponse, _AMOUNT, st.decimals("0.1", 1, places=2))


@cached
def log_responses() -> SearchStrategy[LogResponse]:
    """
    Logarithms.
    """
    return st.builds(LogResponse, _AMOUNT, _POSITIVE)


@cached
def hill_responses() -> SearchStrategy[HillResponse]:
    """
    Curves with a ceiling, concave and S-shaped.
    """
    shape = st.decimals("0.3", 4, places=2)
    return st.builds(HillResponse, _AMOUNT, _POSITIVE, shape=shape)


@cached
def piecewise_responses() -> SearchStrategy[PiecewiseResponse]:
    """
    Points that rise.
    """

    def rising(xs: list[object], ys: list[object]) -> PiecewiseResponse:
        pairs = zip(sorted(xs), sorted(ys), strict=False)  # type: ignore[type-var]
        return PiecewiseResponse(list(pairs))

    spends = st.lists(_POSITIVE, min_size=2, max_size=4, unique=True)
    results = st.lists(_AMOUNT, min_size=4, max_size=4)
    return st.builds(rising, spends, results)


@cached
def response_curves() -> SearchStrategy[ResponseCurve]:
    """
    Any of them.
    """
    return st.one_of(
        linear_responses(),
        power_responses(),
        log_responses(),
        hill_responses(),
        piecewise_responses(),
    )
