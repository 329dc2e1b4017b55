"""Slopes in all directions against SymPy and against differences."""

import math

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from landscape.analysis.directional_derivative import Ascent, directional_derivative
from landscape.gradients.numerical import numerical_gradient
from landscape.objectives.formula import formula
from landscape.objectives.functions import FUNCTIONS

components = st.floats(-1e6, 1e6)


@given(components, components, st.floats(-10, 10))
def test_is_the_gradients_length_times_the_cosine_of_the_angle_between(gx, gy, angle):
    phi = angle - math.atan2(gy, gx)
    assert directional_derivative([gx, gy], angle) == pytest.approx(math.hypot(gx, gy) * math.cos(phi), abs=1e-6)


@pytest.mark.parametrize("angle", np.linspace(0, 2 * np.pi, 9))
def test_agrees_with_sympy(angle):
    x, y, t = sympy.symbols("x y t")
    f = (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2
    moved = f.subs({x: 1 + t * math.cos(angle), y: -2 + t * math.sin(angle)}, simultaneous=True)
    expected = float(moved.diff(t).subs(t, 0))
    gradient = FUNCTIONS["himmelblau"].gradient([1, -2])
    assert directional_derivative(gradient, angle) == pytest.approx(expected, abs=1e-10)


def test_uphill_is_the_gradient_and_across_it_all_is_level():
    f, point = FUNCTIONS["rosenbrock"], np.array([-0.5, 0.8])
    gradient = f.gradient(point)
    angles = np.radians(np.arange(360)) + math.atan2(gradient[1], gradient[0])
    slopes = directional_derivative(gradient, angles)
    assert slopes.shape == (360,)
    assert slopes.argmax() == 0
    assert slopes[0] == pytest.approx(np.hypot(*gradient))
    assert slopes[[90, 270]] == pytest.approx(0, abs=1e-12)
    assert slopes[180] == pytest.approx(-slopes.max())
    for angle, slope in zip(angles[::45], slopes[::45], strict=True):
        along = np.array([math.cos(angle), math.sin(angle)])
        assert numerical_gradient(lambda t, u=along: f(point + t * u), 0.0) == pytest.approx(slope, abs=1e-6)


@given(components, components, st.floats(0, 359))
def test_an_ascent_counts_in_degrees_from_the_gradient(gx, gy, direction):
    ascent = Ascent((gx, gy))
    assert ascent.slope(direction) == pytest.approx(
        gx * math.cos(math.radians(direction)) + gy * math.sin(math.radians(direction))
    )
    if ascent.exists:
        assert 0 <= ascent.uphill <= 360
        assert 0 <= ascent.between(direction) <= 180
        assert ascent.slope(ascent.uphill) == pytest.approx(ascent.length)
        share = math.cos(math.radians(ascent.between(direction)))
        assert ascent.slope(direction) == pytest.approx(ascent.length * share, abs=1e-6)


def test_the_gradient_of_the_worked_example_is_ten_long_and_points_outwards():
    ascent = Ascent((6.0, 8.0))
    assert ascent.length == 10
    assert ascent.uphill == pytest.approx(53.13, abs=0.01)
    assert ascent.slope(0) == 6
    assert ascent.slope(90) == pytest.approx(8)
    assert ascent.between(350) == pytest.approx(63.13, abs=0.01)


@pytest.mark.parametrize("gradient", [(0.0, 0.0), (math.nan, 1.0), (math.inf, 0.0)])
def test_where_there_is_no_gradient_there_is_no_steepest_way(gradient):
    ascent = Ascent(gradient)
    assert not ascent.exists
    assert ascent.slope(30) == 0 if gradient == (0, 0) else math.isnan(ascent.slope(30))


@pytest.mark.parametrize(("text", "gradient"), [("abs(x) + 2y", (math.nan, math.nan)), ("x^2 + 2y", (0, 2))])
def test_there_is_no_ascent_at_a_kink(text, gradient):
    assert Ascent.at(formula(text), (0, 1)).gradient == pytest.approx(gradient, nan_ok=True)
