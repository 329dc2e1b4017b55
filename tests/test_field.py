import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape.analysis.field import Field, field
from landscape.objectives.formula import formula

VIEW = ((-2.0, 4.0), (-1.0, 3.0))


def test_first_index_is_the_row_so_y_runs_down_and_x_across():
    shown = field(formula("x + 100y"), VIEW, shape=(5, 7))
    assert shown.x.tolist() == [-2, -1, 0, 1, 2, 3, 4]
    assert shown.y.tolist() == [-1, 0, 1, 2, 3]
    assert np.array_equal(shown.loss, shown.x[None, :] + 100 * shown.y[:, None])
    assert shown.gradient.shape == shown.direction.shape == (2, 5, 7)
    assert shown.magnitude == pytest.approx(np.full((5, 7), math.hypot(1, 100)))


def test_gradient_agrees_with_differences_of_a_fine_grid():
    shown = field(formula("sin(x) * exp(-y^2)"), VIEW, shape=(401, 601))
    along_y, along_x = np.gradient(shown.loss, shown.y, shown.x, edge_order=2)
    np.testing.assert_allclose(shown.gradient, np.stack([along_x, along_y]), rtol=0, atol=1e-3)


def test_direction_is_zero_at_a_minimum_and_a_unit_vector_elsewhere():
    shown = field(formula("x^2 + 10y^2"), ((-1, 1), (-1, 1)), shape=(5, 5))
    length = np.hypot(*shown.direction)
    assert shown.direction[:, 2, 2].tolist() == [0, 0]
    assert np.delete(length.ravel(), 12) == pytest.approx(np.ones(24))


def test_outside_the_domain_everything_is_nan_and_nothing_raises():
    shown = field(formula("log(x) + y"), VIEW, shape=(3, 7))
    outside = shown.x < 0
    for values in (shown.loss, shown.magnitude, *shown.direction):
        assert np.isnan(values[:, outside]).all()
        assert np.isfinite(values[:, shown.x > 0]).all()


def test_a_pole_has_no_direction():
    assert np.isnan(field(formula("1/x + y"), ((-1, 1), (-1, 1)), shape=(3, 3)).direction[:, :, 1]).all()


def test_a_constant_has_neither_magnitude_nor_direction():
    shown = field(formula("3"), VIEW, shape=(4, 6))
    assert not shown.gradient.any()
    assert not shown.direction.any()
    assert (shown.loss == 3).all()


components = st.floats(allow_nan=False, allow_infinity=False)


@given(components, components)
def test_direction_of_any_size_is_the_direction_of_the_gradient(along_x, along_y):
    shown = Field(np.zeros(1), np.zeros(1), np.zeros((1, 1)), np.array([along_x, along_y]).reshape(2, 1, 1))
    in_x, in_y = shown.direction.ravel()
    if along_x == along_y == 0:
        assert (in_x, in_y) == (0, 0)
    else:
        angle = math.atan2(along_y, along_x)
        assert (in_x, in_y) == pytest.approx((math.cos(angle), math.sin(angle)), abs=1e-15)


@pytest.mark.parametrize(
    ("view", "sentence"),
    [
        (((1, 1), (0, 1)), "from a smaller to a larger x, not from 1 to 1"),
        (((0, 1), (2, -2)), "from a smaller to a larger y, not from 2 to -2"),
        (((0, math.nan), (0, 1)), "finite numbers, but x goes from 0 to nan"),
        (((0, 1), (-math.inf, 1)), "finite numbers, but y goes from -inf to 1"),
        (((0, 1e13), (0, 1)), r"reaches to x = 1e\+13"),
        (((1, 1 + 1e-15), (0, 1)), "too narrow: 121 different numbers"),
    ],
)
def test_an_impossible_view_is_refused_with_a_reason(view, sentence):
    with pytest.raises(ValueError, match=sentence):
        field(formula("x + y"), view)


@pytest.mark.parametrize("shape", [(1, 5), (5, 1), (0, 0)])
def test_a_grid_needs_two_points_each_way(shape):
    with pytest.raises(ValueError, match="at least 2 rows and 2 columns"):
        field(formula("x + y"), VIEW, shape=shape)
