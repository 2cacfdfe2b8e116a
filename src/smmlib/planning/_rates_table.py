"""
Published benchmarks, each with source and date; what has none is called an assumption.

They are averages over every trade and country, and advertisers differ from them by a
factor of three. One's own numbers replace them as soon as there are any.
"""

from __future__ import annotations

from smmlib.model import Network
from smmlib.planning._rates import Rate, pooled

_SUPERADS = (
    "superads.ai/facebook-ads-costs, medians of all industries and countries, "
    "December 2024 to December 2025, read 2026-11-23"
)
_HOUSE = (
    "theb2bhouse.com/linkedin-ad-benchmarks, sponsored content, read 2026-11-23; "
    "its middle is an assumption"
)
_STACKMATIX = (
    "stackmatix.com/blog/linkedin-ads-benchmarks, 2026, read 2026-11-23; its middle "
    "is an assumption"
)
_ADSLY = (
    "adsly.pro, Telegram Ads benchmark report, July 2025 to February 2026, read "
    "2026-11-23; its range is an assumption"
)
_X = (
    "low: Gupta Media, August 2023 (prweb.com); high: statista.com/topics/5063; both "
    "read 2026-11-23; its middle is an assumption"
)
_PAGES = (
    "low: paid social, conversioniq-app.com, 2026; middle and high: whole sites and "
    "software pages, First Page Sage and Unbounce 2024 as cited by omegapoint.systems; "
    "read 2026-11-23"
)
_NOBODY = "nobody publishes it; judge it by your own numbers"

# Rate: low, middle, high, currency, source.
_Row = tuple[float, float, float, str, str]
_META_ROWS: dict[str, _Row] = {
    "cpm": (17.80, 20.10, 24.72, "USD", _SUPERADS),
    "ctr": (1.66, 1.86, 2.23, "", _SUPERADS),
}
_TABLE: dict[Network, dict[str, _Row]] = {
    Network.FACEBOOK: _META_ROWS,
    Network.INSTAGRAM: _META_ROWS,
    Network.LINKEDIN: {
        "cpm": (25.0, 33.0, 44.0, "USD", _STACKMATIX),
        "ctr": (0.44, 0.54, 0.65, "", _HOUSE),
    },
    Network.X: {"cpm": (0.61, 3.0, 6.46, "USD", _X)},
    Network.TELEGRAM: {
        "cpm": (1.5, 2.34, 4.0, "EUR", _ADSLY),
        "ctr": (0.26, 0.52, 1.5, "", _ADSLY),
    },
}
_EVERYWHERE: dict[str, _Row] = {
    "ctr": (0.3, 0.8, 2.0, "", _NOBODY),
    "landing_rate": (60.0, 75.0, 90.0, "", _NOBODY),
    "registration_rate": (1.8, 2.3, 3.8, "", _PAGES),
}


def benchmark(name: str, networks: tuple[Network, ...], currency: str) -> Rate:
    """
    The published rate of networks, or an assumption that says it is one.

    Args:
        name: Which rate.
        networks: Where the ads stand.
        currency: The plan's; a price in another one is taken as it is, and told so.
    """
    return pooled([_one(name, network, currency) for network in networks])


def _one(name: str, network: Network, currency: str) -> Rate:
    row = _TABLE.get(network, {}).get(name) or _EVERYWHERE[name]
    low, middle, high, money, source = row
    basis = "assumption" if source is _NOBODY else "benchmark"
    if money and money != currency:
        # No rate of exchange is known here: the range grows by a fifth on both sides.
        low, high = low * 0.8, high * 1.2
        source = f"{source}; {money} taken as {currency}"
        basis = "assumption"
    return Rate(
        name,
        middle,
        low=low,
        high=high,
        basis=basis,
        source=source,
        currency=currency if money else "",
    )
