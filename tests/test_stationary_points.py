"""Minima, saddle points and maxima of a view, against closed forms and published tables."""

import numpy as np
import pytest

import landscape as ls
from landscape.analysis.stationary_points import StationaryPoints, stationary_points

VIEW = ((-4.0, 4.0), (-3.0, 3.0))


def find(text, view=VIEW):
    return stationary_points(ls.formula(text), view)


def test_a_quadratic_has_one_point():
    assert find("(x - 1)^2 + 3(y + 0.5)^2") == StationaryPoints(((1.0, -0.5),), (), ())
    assert find("x^2 - y^2 + x y") == StationaryPoints((), ((0.0, 0.0),), ())
    assert find("-(x - 1)^2 - (y - 2)^2") == StationaryPoints((), (), ((1.0, 2.0),))


def test_himmelblau_has_nine():
    found = stationary_points(ls.FUNCTIONS["himmelblau"], ((-6, 6), (-6, 6)))
    np.testing.assert_allclose(found.minima, sorted(ls.FUNCTIONS["himmelblau"].minima), atol=1e-6)
    saddles = [(-3.0730, -0.0814), (-0.1280, -1.9537), (0.0867, 2.8843), (3.3852, 0.0739)]
    np.testing.assert_allclose(found.saddles, saddles, atol=1e-4)
    np.testing.assert_allclose(found.maxima, [(-0.2708, -0.9230)], atol=1e-4)


def test_a_wave_has_a_lattice_of_them():
    found = find("cos(pi x) + cos(pi y)", ((-2.5, 2.5), (-2.5, 2.5)))
    lattice = [(float(x), float(y)) for x in range(-2, 3) for y in range(-2, 3)]
    for kind, odd in (("maxima", 0), ("saddles", 1), ("minima", 2)):
        points = [(x, y) for x, y in lattice if x % 2 + y % 2 == odd]
        np.testing.assert_allclose(getattr(found, kind), points, atol=1e-8)


@pytest.mark.parametrize("text", ["3", "x + 2y", "x^3 - 3x y^2", "x^4 + y^4", "x^2", "sqrt(-1 - x^2)", "1/(x^2 + y^2)"])
def test_where_no_point_can_be_told_there_is_none(text):
    assert find(text) == StationaryPoints((), (), ())


def test_only_what_lies_in_the_view_is_found():
    text = "(x^2 - 1)^2 + y^2"
    assert find(text) == StationaryPoints(((-1.0, 0.0), (1.0, 0.0)), ((0.0, 0.0),), ())
    assert find(text, ((0.5, 4.0), (-1.0, 1.0))) == StationaryPoints(((1.0, 0.0),), (), ())


def test_a_kink_and_a_border_of_the_domain_stop_nothing():
    assert find("abs(x - 1) + y^2") == StationaryPoints((), (), ())
    found = find("log(x) + y^2 + 1/x")
    np.testing.assert_allclose(found.minima, [(1.0, 0.0)], atol=1e-12)


@pytest.mark.parametrize("key", ls.FUNCTIONS)
def test_what_is_found_has_no_slope(key):
    function = ls.FUNCTIONS[key]
    found = stationary_points(function, function.domain)
    for kind, points in (("minimum", found.minima), ("saddle", found.saddles), ("maximum", found.maxima)):
        for point in points:
            assert ls.curvature(function, point).kind == kind
