"""The heights at which losses are drawn: in order, and finite wherever there is a loss."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from landscape.figures.height import Height
from landscape.pages.number_field import read_number

everything = st.floats(allow_nan=True, allow_infinity=True)
moderate = st.floats(-1e6, 1e6).map(lambda value: round(value, 6) + 0.0)


def grids(values):
    return arrays(float, st.tuples(st.integers(1, 6), st.integers(1, 6)), elements=values)


kinds = st.sampled_from([None, True, False])


@given(grids(everything), kinds)
def test_any_grid_has_a_height(loss, logarithmic):
    height = Height.of(loss, logarithmic=logarithmic)
    drawn = height(loss)
    assert drawn.shape == loss.shape
    np.testing.assert_array_equal(np.isnan(drawn), np.isnan(loss))
    assert np.isfinite(drawn[~np.isnan(loss)]).all()
    assert height.logarithmic is logarithmic or logarithmic is None


@given(grids(everything), kinds)
def test_what_is_higher_is_not_drawn_lower(loss, logarithmic):
    drawn = Height.of(loss, logarithmic=logarithmic)(np.sort(loss, axis=None))
    drawn = drawn[~np.isnan(drawn)]
    assert (np.diff(drawn) >= 0).all()


@given(grids(moderate), st.floats(-1e6, 0))
def test_a_known_minimum_between_the_points_is_the_floor(loss, depth):
    minimum = float(loss.min()) + depth
    height = Height.of(loss, minima=(minimum, minimum + 1), logarithmic=True)
    assert height.lowest == minimum
    assert height(minimum) == 0


def test_a_linear_height_is_the_loss():
    loss = np.linspace(-3, 5, 50).reshape(5, 10)
    np.testing.assert_array_equal(Height.of(loss, logarithmic=False)(loss), loss)


def test_a_pole_does_not_flatten_the_rest():
    x = np.linspace(-1, 1, 201)
    with np.errstate(divide="ignore"):
        loss = 1 / np.abs(x) + np.zeros((11, 1))
    assert np.isinf(loss).any()
    drawn = Height.of(loss, logarithmic=False)(loss)
    assert drawn.max() < 300
    assert (drawn[np.isinf(loss)] == drawn.max()).all()


def test_a_decade_of_losses_is_a_unit_of_height():
    height = Height(True, lowest=5.0, unit=1e-3, ceiling=1e9)
    np.testing.assert_allclose(height(5 + 10.0 ** np.arange(1, 6)), np.arange(1, 6) + 3, atol=1e-3)
    assert height(5.0) == 0


@pytest.mark.parametrize(
    ("loss", "logarithmic"),
    [(np.linspace(0, 1, 100), False), (np.linspace(0, 3, 100) ** 2, False), (np.exp(np.linspace(0, 30, 100)), True)],
)
def test_losses_over_many_decades_are_drawn_logarithmically(loss, logarithmic):
    assert Height.of(loss.reshape(10, 10)).logarithmic is logarithmic


@given(st.floats(-1e3, 1e3), st.floats(1e-6, 1e3), st.floats(0, 12))
def test_the_ticks_are_round_losses_at_their_heights(lowest, unit, decades):
    height = Height(True, lowest, unit, lowest + unit * 10**decades)
    positions, labels = height.ticks()
    assert positions[0] == 0
    assert len(positions) <= 10
    assert (np.diff(positions) > 0).all()
    for position, label in zip(positions, labels, strict=True):
        assert "e" not in label
        loss = read_number(label, -np.inf, np.inf, False, str)
        written = 10.0 ** (np.floor(np.log10(max(abs(loss), 1e-300))) - 2)  # the worth of its last digit
        assert height(loss - written) <= position <= height(loss + written)


def test_a_linear_height_needs_no_ticks_of_its_own():
    assert Height.of(np.arange(9.0).reshape(3, 3), logarithmic=False).ticks() == ([], [])


@given(grids(everything), kinds)
def test_any_grid_has_ticks_that_can_be_drawn(loss, logarithmic):
    positions, labels = Height.of(loss, logarithmic=logarithmic).ticks()
    assert len(positions) == len(labels)
    assert np.isfinite(positions).all()


@pytest.mark.parametrize("loss", [np.full((4, 4), np.nan), np.full((4, 4), 2.5), np.full((4, 4), np.inf)])
@pytest.mark.parametrize("logarithmic", [None, True, False])
def test_a_grid_without_relief_has_a_flat_height(loss, logarithmic):
    drawn = Height.of(loss, logarithmic=logarithmic)(loss)
    known = drawn[~np.isnan(loss)]
    assert (known == known[:1]).all()
    assert np.isfinite(known).all()
