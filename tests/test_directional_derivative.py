"""Slopes in all directions against SymPy and against differences."""

import math

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from landscape.analysis.directional_derivative import directional_derivative
from landscape.gradients.numerical import numerical_gradient
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
