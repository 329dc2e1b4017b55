"""The secant of a difference quotient: its points, its line, its error."""

import math

import numpy as np
import pytest

from landscape.gradients.numerical import DIFFERENCES, numerical_gradient
from landscape.gradients.secant import secant

BOTH_SIDES = {"central": (0.8, 1.2), "forward": (1.0, 1.2), "backward": (0.8, 1.0)}


def square(x):
    return x * x


@pytest.mark.parametrize("method", DIFFERENCES)
def test_the_line_has_the_slope_of_the_quotient(method):
    found = secant(square, 1.0, 0.2, method, exact=2.0)
    assert found.slope == numerical_gradient(square, 1.0, 0.2, method)
    assert found.error == abs(found.slope - 2)
    assert found.line(np.array([3.0, 4.0])) == pytest.approx(found.line(3.0) + found.slope * np.array([0, 1]))


@pytest.mark.parametrize(("method", "points"), BOTH_SIDES.items())
def test_the_line_goes_through_both_points(method, points):
    found = secant(square, 1.0, 0.2, method)
    assert found.points == pytest.approx(points)
    assert found.values == pytest.approx([square(x) for x in points])
    assert [found.line(x) for x in points] == pytest.approx([square(x) for x in points])
    assert found.divisor == pytest.approx(points[1] - points[0])
    assert found.end == pytest.approx((0.8, 0.64) if method == "backward" else (1.2, 1.44))


def test_the_complex_step_asks_beside_the_real_line():
    found = secant(square, 1.0, 0.1, "complex", exact=2.0)
    assert found.points == (1 + 0.1j,)
    assert found.values == pytest.approx((0.99 + 0.2j,))
    assert found.slope == pytest.approx(2)
    assert (found.end, found.divisor) == (None, 0.1)


def test_what_is_left_of_a_tiny_step():
    assert secant(square, 1.0, 1e-17, "forward").same
    assert secant(square, 1.0, 1e-16, "central").same is False  # 1 − 10⁻¹⁶ is another number than 1
    assert not secant(square, 1.0, 1e-15, "forward").same
    assert secant(square, 1.0, 1e-15, "forward").stairs
    assert not secant(square, 1.0, 1e-10, "forward").stairs
    assert not secant(square, 1.0, 1e-30, "complex").same


def test_no_value_no_slope():
    with np.errstate(invalid="ignore"):
        found = secant(np.log, -1.0, 0.1)
    assert math.isnan(found.slope)
    assert math.isnan(found.error)
