"""Curves of one variable: values, exact slopes, and the places where there is none."""

import math
import re

import numpy as np
import pytest
import sympy

from landscape.gradients.numerical import numerical_gradient
from landscape.objectives.curve import CURVES, Curve, curve
from landscape.objectives.formula import FormulaError


@pytest.mark.parametrize("key", CURVES)
def test_every_named_curve_has_the_slope_that_its_formula_has(key):
    shown = CURVES[key]
    x = sympy.Symbol("x", real=True)
    known = {"abs": sympy.Abs, "sigmoid": lambda u: 1 / (1 + sympy.exp(-u))}
    text = re.sub(r"(\d)([a-z])", r"\1*\2", shown.text)
    slope = sympy.lambdify(x, sympy.diff(sympy.sympify(text, {"x": x, **known}), x), "mpmath")
    for at in np.linspace(*shown.view, 7) + 0.01:
        if np.isfinite(shown(at)):
            assert shown.derivative(at) == pytest.approx(float(slope(float(at))), rel=1e-12, abs=1e-12)
            assert shown.slopes(at) == (shown.derivative(at),) * 2


@pytest.mark.parametrize("key", CURVES)
def test_every_named_curve_can_be_shown_and_begun_at(key):
    shown = CURVES[key]
    assert shown.key == key
    assert shown.view[0] < shown.point < shown.view[1]
    assert np.isfinite(shown(shown.point))
    assert np.isfinite(shown(np.linspace(*shown.view, 101))).mean() > 0.7
    assert shown.name
    assert shown.about


def test_a_curve_answers_in_the_shape_it_is_asked_in():
    f = curve("x^3 - 3x")
    assert f(2) == 2
    assert f(np.ones((2, 3))).shape == (2, 3)
    assert f.derivative(np.ones((2, 3))).shape == (2, 3)
    assert f.latex == "x^{3} - 3 x"


def test_a_complex_step_goes_through_every_curve():
    for shown in CURVES.values():
        at = shown.point + 0.3
        assert numerical_gradient(shown, at, 1e-20, "complex") == pytest.approx(float(shown.derivative(at)), rel=1e-13)


@pytest.mark.parametrize(
    ("text", "x", "slopes"),
    [
        ("abs(x)", 0.0, (-1, 1)),
        ("abs(x)", 1e-7, (1, 1)),
        ("relu(x)", 0.0, (0, 1)),
        ("max(x, x^2)", 1.0, (1, 2)),
        ("sign(x)", 0.0, (math.inf, math.inf)),
        ("-sign(x - 2)", 2.0, (-math.inf, -math.inf)),
        ("sqrt(abs(x))", 0.0, (-math.inf, math.inf)),
        ("sqrt(x)", 0.0, (math.nan, math.inf)),
        ("x^2", 0.0, (0, 0)),
        ("x*abs(x)", 0.0, (0, 0)),
        ("sin(1000x)", 1.0, (1000 * math.cos(1000),) * 2),
        ("exp(10x)", 10.0, (10 * math.exp(100),) * 2),
        ("3", 1.0, (0, 0)),
        ("1/x", 0.0, (math.nan, math.nan)),
        ("tan(x)", math.pi / 2, (math.inf, math.inf)),
        ("-tan(x)", math.pi / 2, (-math.inf, -math.inf)),
        ("log(x)", -1.0, (math.nan, math.nan)),
        ("sin(x)", 1e8, (math.cos(1e8),) * 2),
        ("sin(x)", 1e15, (math.cos(1e15),) * 2),
        ("abs(x - 100000000)", 1e8, (-1, 1)),
    ],
)
def test_the_slopes_of_both_sides(text, x, slopes):
    assert curve(text).slopes(x) == pytest.approx(slopes, nan_ok=True, rel=1e-8)


def test_a_curve_has_one_variable():
    with pytest.raises(FormulaError, match="one variable, x") as caught:
        curve("x^2 + 2y")
    assert caught.value.position == 7
    with pytest.raises(FormulaError, match="never closed"):
        curve("sin(x")


def test_the_view_moves_with_a_point_outside_of_it():
    assert Curve("x", view=(-1.0, 3.0)).around(3.0) == (-1.0, 3.0)
    assert Curve("x", view=(-1.0, 3.0)).around(10.0) == (8.0, 12.0)


@pytest.mark.parametrize(
    ("text", "point"), [("x^2", 1), ("log(x - 3)", 3.5), ("sqrt(x - 1)", 2.5), ("1/(x - 1)", 0), ("log(x - 9)", 1)]
)
def test_one_begins_where_the_curve_has_a_slope(text, point):
    assert curve(text).point == pytest.approx(point, abs=0.11)
