"""Does the centrality of a trade network give the figures of the star, whichever countries are counted?"""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dependency_twin as twin
from schakel.dependency.network import centrality, strength
from schakel.errors import InputError


def star(n: int, value: float = 1.0) -> dict[tuple[str, str], float]:
    """Every country but the hub sells to the hub."""
    return {(f"S{k}", "HUB"): value for k in range(n - 1)}


@pytest.mark.parametrize(("n", "wanted"), [(6, 0.408), (5, 0.447)])
def test_star_of_the_imf(n: int, wanted: float) -> None:
    """n - 1 ones and a zero: mean (n-1)/n, squared deviations (n-1)/n in all, over n - 1 that is 1/n."""
    assert centrality(star(n), nodes="all") == pytest.approx(wanted, abs=5e-4)
    assert centrality(star(n), nodes="all") == pytest.approx(1 / math.sqrt(n))
    assert centrality(star(n, 7e9), nodes="all") == pytest.approx(1 / math.sqrt(n))  # no unit


def test_exporters_only_leaves_the_hub_out() -> None:
    """Five equal sellers do not differ."""
    assert centrality(star(6)) == 0.0
    assert centrality(star(2)) is None  # one exporter has no deviation
    assert centrality({}) is None


def test_one_seller_of_many() -> None:
    """A sells alone to three, B alone to one: C = 3 and 1, deviation over the two sqrt(2); with the four buyers that sell nothing n = 6."""
    trade = {("A", "W"): 5.0, ("A", "X"): 1.0, ("A", "Y"): 9.0, ("B", "Z"): 2.0, ("A", "B"): 0.0}
    assert strength(trade) == {"A": 3.0, "B": 1.0, "W": 0.0, "X": 0.0, "Y": 0.0, "Z": 0.0}
    assert centrality(trade) == pytest.approx(math.sqrt(2))
    assert centrality(trade, sample=False) == pytest.approx(1.0)
    # mean 4/6; 49/9 + 1/9 + 4 x 4/9 = 66/9; over 5
    assert centrality(trade, nodes="all") == pytest.approx(math.sqrt(66 / 45))


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("ABCDE"), st.sampled_from("ABCDE")).filter(lambda p: p[0] != p[1]),
        st.integers(1, 10**6),
        min_size=1,
    )
)
def test_equals_the_twin_and_adds_up_to_the_links(trade: dict[tuple[str, str], int]) -> None:
    assert math.fsum(strength(trade).values()) == pytest.approx(len(trade))
    variance = twin.variance_of_centrality(trade, None)
    got = centrality(trade)
    assert got is None if variance is None else got == pytest.approx(math.sqrt(variance), abs=1e-6)


@pytest.mark.parametrize(
    "trade", [{("A", "A"): 1.0}, {("A", "B"): -1.0}, {("A", "B"): math.nan}, {("A", "B"): math.inf}]
)
def test_what_is_no_trade_is_refused(trade: dict[tuple[str, str], float]) -> None:
    with pytest.raises(InputError, match="no trade between two countries"):
        centrality(trade)
