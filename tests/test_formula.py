"""Formulas: what is understood, what is refused, and derivatives against an independent source (mpmath)."""

import copy
import math
import pickle
import subprocess
import sys
import threading
import tracemalloc
from functools import partial

import latex2mathml.converter
import mpmath
import numpy as np
import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from landscape.objectives.expression import TEMPLATES, source
from landscape.objectives.formula import LANES, Formula, FormulaError, _derivatives, formula
from landscape.objectives.notation import MAX_DEPTH, MAX_LENGTH, NAMES, UNARY, VARIADIC, parse

POINTS = [(0.7, 1.3), (2.0, 3.0), (0.25, 0.5), (1.9, 0.1)]


# ---- What is understood ---------------------------------------------------------------------------------------------

READINGS = {
    "x": lambda x, y: x,
    "7": lambda x, y: 7.0,
    "x**2/2 + 10*y**2": lambda x, y: x * x / 2 + 10 * y * y,
    "x^2": lambda x, y: x * x,
    "2x": lambda x, y: 2 * x,
    "2(x+1)": lambda x, y: 2 * (x + 1),
    "x y": lambda x, y: x * y,
    "xy": lambda x, y: x * y,
    "xyx": lambda x, y: x * y * x,
    "x(y+1)": lambda x, y: x * (y + 1),
    "(x+1)(y-2)": lambda x, y: (x + 1) * (y - 2),
    "(x+1)2": lambda x, y: (x + 1) * 2,
    "3sin(x)": lambda x, y: 3 * math.sin(x),
    "xsin(y)": lambda x, y: x * math.sin(y),
    "sin(x)cos(y)": lambda x, y: math.sin(x) * math.cos(y),
    "2pi x": lambda x, y: 2 * math.pi * x,
    "1/2x": lambda x, y: x / 2,
    "1/2(x^2 + 10y^2)": lambda x, y: (x * x + 10 * y * y) / 2,
    "x/y/2": lambda x, y: x / y / 2,
    "x - y - 1": lambda x, y: x - y - 1,
    "x^2y": lambda x, y: x * x * y,
    "2^3x": lambda x, y: 8 * x,
    "x^y^2": lambda x, y: x ** (y * y),
    "-x^2": lambda x, y: -x * x,
    "(-x)^2": lambda x, y: x * x,
    "2^-x": lambda x, y: 2**-x,
    "x*-y": lambda x, y: -x * y,
    "x^-2": lambda x, y: 1 / (x * x),
    "--x+-+y": lambda x, y: x - y,
    "x^0.5": lambda x, y: math.sqrt(x),
    "x^17": lambda x, y: x**17,
    "x^-17": lambda x, y: x**-17,
    "e^x": lambda x, y: math.exp(x),
    "2e x": lambda x, y: 2 * math.e * x,
    "2e3x": lambda x, y: 2000 * x,
    "1.5e-1x": lambda x, y: 0.15 * x,
    ".5x + 2.": lambda x, y: 0.5 * x + 2,
    "sin^2(x)": lambda x, y: math.sin(x) ** 2,
    "sin²(x)": lambda x, y: math.sin(x) ** 2,
    "x² + y³": lambda x, y: x**2 + y**3,
    "x⁻²": lambda x, y: x**-2,
    "x¹²": lambda x, y: x**12,
    "3×x·y ÷ 2 − 1": lambda x, y: 3 * x * y / 2 - 1,
    "2πx": lambda x, y: 2 * math.pi * x,
    "（ｘ＋１）＊ｙ": lambda x, y: (x + 1) * y,
    "ｍａｘ（ｘ，ｙ）": lambda x, y: max(x, y),
    "X^2 + Sin(Y)": lambda x, y: x * x + math.sin(y),
    " x\t+\n y ": lambda x, y: x + y,
    "log(x) + ln(y)": lambda x, y: math.log(x) + math.log(y),
    "log10(x)": lambda x, y: math.log10(x),
    "sqrt(x)": lambda x, y: math.sqrt(x),
    "exp(-(x^2+y^2))": lambda x, y: math.exp(-(x * x + y * y)),
    "tan(x) + atan(y)": lambda x, y: math.tan(x) + math.atan(y),
    "asin(x/4) + acos(y/4)": lambda x, y: math.asin(x / 4) + math.acos(y / 4),
    "sinh(x) + cosh(y) + tanh(x)": lambda x, y: math.sinh(x) + math.cosh(y) + math.tanh(x),
    "abs(x-1) + sign(y-1)": lambda x, y: abs(x - 1) + math.copysign(1, y - 1),
    "min(x, y, 1)": lambda x, y: min(x, y, 1),
    "max(x, y, 1)": lambda x, y: max(x, y, 1),
    "relu(x-1)": lambda x, y: max(x - 1, 0),
    "sigmoid(x)": lambda x, y: 1 / (1 + math.exp(-x)),
}


@pytest.mark.parametrize("text", READINGS)
def test_is_read_as_people_mean_it(text):
    for x, y in POINTS:
        assert formula(text)((x, y)) == pytest.approx(READINGS[text](x, y), rel=1e-14)


LATEX = {
    "x^2/2 + 10y^2": r"\frac{x^{2}}{2} + 10 y^{2}",
    "x**2/2 + 10*y**2": r"\frac{x^{2}}{2} + 10 y^{2}",
    "10.0*x": "10.0 x",
    "y + x - 1": "y + x - 1",
    "-x - (y - 1)": r"-x - \left(y - 1\right)",
    "x*-y": r"x \left(-y\right)",
    "2*3x": r"2 \cdot 3 x",
    "1/2(x+y)": r"\frac{1}{2} \left(x + y\right)",
    "(x+y)/2": r"\frac{x + y}{2}",
    "x/(y+1)": r"\frac{x}{y + 1}",
    "x*y/2": r"\frac{x y}{2}",
    "(x+1)^2": r"\left(x + 1\right)^{2}",
    "(2x)^2": r"\left(2 x\right)^{2}",
    "(x^2)^3": r"\left(x^{2}\right)^{3}",
    "x^(y+1)": "x^{y + 1}",
    "sin(x)^2": r"\sin^{2}\left(x\right)",
    "sin(x)^-1": r"\left(\sin\left(x\right)\right)^{-1}",
    "exp(x)^2": r"\left(e^{x}\right)^{2}",
    "exp(-(x^2+y^2))": r"e^{-\left(x^{2} + y^{2}\right)}",
    "exp(-x/2)": r"\exp\left(-\frac{x}{2}\right)",
    "sqrt(x)^3 + abs(x)^2": r"\sqrt{x}^{3} + \left|x\right|^{2}",
    "log(x) + log10(y)": r"\ln\left(x\right) + \log_{10}\left(y\right)",
    "asin(x)relu(y)": r"\arcsin\left(x\right) \operatorname{ReLU}\left(y\right)",
    "max(x, y, 0)": r"\max\left(x, y, 0\right)",
    "2pi x + e": r"2 \pi x + e",
    "1e-3x + 2.5e3": r"10^{-3} x + 2.5 \cdot 10^{3}",
    "(1e3)^2": r"\left(10^{3}\right)^{2}",
    ".5x + 2.": "0.5 x + 2",
}


@pytest.mark.parametrize("text", LATEX)
def test_latex_keeps_the_writers_order_and_numbers(text):
    assert formula(text).latex == LATEX[text]


# ---- What is refused ------------------------------------------------------------------------------------------------

REFUSALS = [
    ("", 0, "empty"),
    ("   ", 0, "empty"),
    ("x + z", 4, "“z” is not known. The variables are x and y."),
    ("x1 + y", 0, "“x1” is not known"),
    ("2 + sine(x)", 4, "Did you mean sin?"),
    ("expo(x)", 0, "Did you mean exp?"),
    ("arctan(x)", 0, "Did you mean atan?"),
    ("foo(x)", 0, "“foo” is not known"),
    ("x + __import__('os')", 4, "__import__"),
    ("x.real", 1, "inside a number"),
    ("(x).real", 3, "inside a number"),
    ("1..2", 2, "missing before “.2”"),
    ("x < y", 2, "“<”"),
    ("x == y", 2, "“=”"),
    ("z = x^2", 0, "“z”"),
    ("x >= 1", 2, "“>”"),
    ("'x'", 0, "quotation"),
    ('x + "y"', 4, "quotation"),
    ("|x|", 0, "abs(x)"),
    ("[x]", 0, "parentheses"),
    ("{x}", 0, "parentheses"),
    ("x; y", 1, "“;”"),
    ("x % 2", 2, "“%”"),
    ("x! + 1", 1, "“!”"),
    ("0,5x", 1, "decimal sign is a point"),
    ("x, y", 1, "comma"),
    ("(x, y)", 2, "comma"),
    ("x +", 3, "is missing"),
    ("* x", 0, "is missing"),
    ("x ^", 3, "is missing"),
    ("()", 1, "is missing"),
    ("sin(,)", 4, "is missing"),
    ("2 3", 2, "missing before “3”"),
    ("x 2", 2, "missing before “2”"),
    ("(x", 0, "never closed"),
    ("sin(x", 3, "never closed"),
    ("x)", 1, "never opened"),
    ("sin x", 4, "sin(x)"),
    ("sin", 3, "sin(x)"),
    ("sin()", 0, "one argument; here it has 0"),
    ("1 + sin(x, y)", 4, "one argument; here it has 2"),
    ("max(x)", 0, "two or more arguments; here it has 1"),
    ("x**1e9", 3, "exponent 1e+09"),
    ("9**9**9**9", 6, "exponent 3.8742e+08"),
    ("x^(-1000)", 3, "exponent -1000"),
    ("x^(0/0)", 3, "exponent nan"),
    ("x^101", 2, "between −100 and 100"),
    ("1e999 + x", 0, "too large"),
    ("9" * 400, 0, "too large"),
    ("x+" * MAX_LENGTH, MAX_LENGTH, f"longer than {MAX_LENGTH}"),
    ("(" * (MAX_DEPTH + 1) + "x" + ")" * (MAX_DEPTH + 1), MAX_DEPTH + 1, f"deeper than {MAX_DEPTH}"),
    ("sin(" * (MAX_DEPTH + 1) + "x" + ")" * (MAX_DEPTH + 1), 4 * (MAX_DEPTH + 1), "deeper"),
    ("x^" * (MAX_DEPTH + 1) + "x", 2 * (MAX_DEPTH + 1), "deeper"),
    ("(" * 400, MAX_DEPTH + 1, "deeper"),
    ("lambda: x", 0, "lambda"),
    ("x if x else y", 2, "“if”"),
    ("\ud800x", 0, "no meaning"),
    ("x\u200b", 1, "no meaning"),
    ("x\0", 1, "no meaning"),
]


@pytest.mark.parametrize(("text", "position", "reason"), REFUSALS, ids=lambda each: repr(each)[:24])
def test_is_refused_with_the_place_and_a_reason(text, position, reason):
    with pytest.raises(FormulaError) as caught:
        formula(text)
    error = caught.value
    assert reason in str(error)
    assert error.position == position
    assert str(error) == error.template.format(**error.values)
    assert len(str(error)) < 120
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_the_deepest_and_longest_that_is_allowed():
    deep = "sin(" * MAX_DEPTH + "x" + ")" * MAX_DEPTH
    assert np.isfinite(formula(deep).hessian((0.5, 0.5))).all()
    long = "x+" * (MAX_LENGTH // 2 - 1) + "x"
    assert formula(long)((1.0, 0.0)) == MAX_LENGTH // 2


def test_every_name_is_understood():
    for name in NAMES:
        text = f"{name}(x, y)" if name in VARIADIC else f"{name}(x)" if name in UNARY else name
        assert np.isfinite(formula(text)((0.3, 0.4)))


def understood(text):
    """The formula, or None if it is refused as a text should be."""
    try:
        return formula(text)
    except FormulaError as refusal:
        error = refusal
    assert 0 <= error.position <= len(text)
    assert str(error)
    return None


# ---- Derivatives ----------------------------------------------------------------------------------------------------


class OutsideDomain(Exception):
    pass


def real(function):
    """The mpmath function on the reals only, away from the borders of its domain, where rounding decides."""

    def on_reals(*arguments):
        try:
            value = function(*arguments)
        except ZeroDivisionError:
            reject()
        if isinstance(value, mpmath.mpc):
            raise OutsideDomain
        if abs(value) > 1e6:
            reject()
        return value

    return on_reals


def away_from(borders, function):
    def guarded(u):
        if any(abs(u - border) < 1e-2 for border in borders):
            reject()
        return real(function)(u)

    return guarded


ORACLES = {
    "sin": real(mpmath.sin),
    "cos": real(mpmath.cos),
    "tan": real(mpmath.tan),
    "asin": away_from((-1, 1), mpmath.asin),
    "acos": away_from((-1, 1), mpmath.acos),
    "atan": real(mpmath.atan),
    "sinh": real(mpmath.sinh),
    "cosh": real(mpmath.cosh),
    "tanh": real(mpmath.tanh),
    "exp": real(mpmath.exp),
    "log": away_from((0,), mpmath.log),
    "log10": away_from((0,), mpmath.log10),
    "sqrt": away_from((0,), mpmath.sqrt),
    "sigmoid": real(lambda u: 1 / (1 + mpmath.exp(-u))),
    "abs": away_from((0,), abs),
    "relu": away_from((0,), lambda u: max(u, 0)),
    "sign": away_from((0,), mpmath.sign),
}
LEAVES = st.sampled_from(
    [
        ("x", lambda x, y: x),
        ("y", lambda x, y: y),
        ("2", lambda x, y: mpmath.mpf(2)),
        ("0.3", lambda x, y: mpmath.mpf(0.3)),
        ("pi", lambda x, y: mpmath.pi()),
        ("e", lambda x, y: mpmath.e()),
    ]
)


def _larger(children):
    def call(name, inner):
        return f"{name}({inner[0]})", lambda x, y: ORACLES[name](inner[1](x, y))

    def infix(sign, a, b):
        def value(x, y):
            u, v = a[1](x, y), b[1](x, y)
            if sign == "/" and abs(v) < 1e-2:
                reject()
            return real({"+": mpmath.fadd, "-": mpmath.fsub, "*": mpmath.fmul, "/": mpmath.fdiv}[sign])(u, v)

        return f"({a[0]}) {sign} ({b[0]})", value

    def power(base, n):
        def value(x, y):
            return away_from((0,), lambda u: mpmath.power(u, n))(base[1](x, y))

        return f"({base[0]})^({n})", value

    def tower(base, exponent):
        def value(x, y):
            u = base[1](x, y)
            if u < 1e-2:  # at a negative base the function has no slope along the exponent
                reject()
            return real(mpmath.power)(u, exponent[1](x, y))

        return f"({base[0]})^({exponent[0]})", value

    def extreme(name, a, b):
        def value(x, y):
            u, v = a[1](x, y), b[1](x, y)
            if abs(u - v) < 1e-2:
                reject()
            return {"min": min, "max": max}[name](u, v)

        return f"{name}({a[0]}, {b[0]})", value

    return st.one_of(
        st.builds(call, st.sampled_from(sorted(ORACLES)), children),
        st.builds(infix, st.sampled_from("+-*/"), children, children),
        st.builds(power, children, st.sampled_from([-3, -2, -1, 2, 3, 5, 20, 0.5, 1.5, -0.5])),
        st.builds(tower, children, children),
        st.builds(extreme, st.sampled_from(["min", "max"]), children, children),
    )


EXPRESSIONS = st.recursive(LEAVES, _larger, max_leaves=8)
COORDINATES = st.floats(-3, 3).map(lambda u: round(u, 6))


@settings(max_examples=300, deadline=None)
@given(EXPRESSIONS, COORDINATES, COORDINATES)
def test_value_gradient_and_hessian_against_mpmath(expression, x, y):
    text, oracle = expression
    assume(len(text) <= MAX_LENGTH)
    f = understood(text)
    assume(f is not None)  # an exponent beyond the limit
    with mpmath.workdps(40):
        try:
            value = oracle(mpmath.mpf(x), mpmath.mpf(y))
        except OutsideDomain:
            assert np.isnan(f((x, y)))
            assert np.isnan(f.gradient((x, y))).all()
            assert np.isnan(f.value_and_gradient(x, y)).all()
            assert np.isnan(f.hessian((x, y))).all()
            return
        first = [mpmath.diff(oracle, (x, y), order) for order in ((1, 0), (0, 1))]
        second = [mpmath.diff(oracle, (x, y), order) for order in ((2, 0), (1, 1), (0, 2))]
    if max(map(abs, [*first, *second])) > 1e6:
        reject()
    close = partial(pytest.approx, rel=1e-7, abs=1e-7)
    assert f((x, y)) == close(float(value))
    assert f.gradient((x, y)) == close(np.array(first, dtype=float))
    xx, xy, yy = map(float, second)
    assert f.hessian((x, y)) == close(np.array([[xx, xy], [xy, yy]]))
    assert f.value_and_gradient(x, y) == close((float(value), *map(float, first)))
    assert f.hessian_at(x, y) == close((xx, xy, yy))


KINKS = {  # at (0, 0): gradient by the conventions of Graph.derivative
    "abs(x)": (0, 0),
    "sign(x) + y": (0, 1),
    "relu(x)": (0, 0),
    "max(x, y)": (0.5, 0.5),
    "min(x, y)": (0.5, 0.5),
    "max(x, -x)": (0, 0),
    "max(x, 2x + y)": (1.5, 0.5),
    "sqrt(x^2 + y^2)": (0, 0),
    "(x^2 + y^2)^(1/2) + y": (0, 1),
    "sqrt(x)": (math.inf, 0),
    "abs(x)abs(y)": (0, 0),
}


@pytest.mark.parametrize("text", KINKS)
def test_slopes_at_kinks(text):
    f = formula(text)
    assert f.gradient((0.0, 0.0)).tolist() == list(KINKS[text])
    assert f.value_and_gradient(0.0, 0.0)[1:] == KINKS[text]
    assert not np.isnan(f.hessian((1.0, 2.0))).any()


def test_a_kink_has_no_curvature():
    for text in ("abs(x)", "sign(x)", "relu(x)", "max(x, y)", "abs(x - y)"):
        assert (formula(text).hessian((0.0, 0.0)) == 0).all()


# ---- The border of the domain, poles and overflow -------------------------------------------------------------------

EXTREMES = {
    "log(x)": ((-1, 0), math.nan),
    "log(x) + 0y": ((0, 0), -math.inf),
    "sqrt(x)": ((-1, 0), math.nan),
    "sqrt(x)^2": ((-1, 0), math.nan),
    "0log(x)": ((-1, 0), math.nan),
    "asin(x)": ((1.1, 0), math.nan),
    "x^0.3": ((-1, 0), math.nan),
    "x^y": ((-8, 1 / 3), math.nan),
    "(-8)^(1/3)": ((0, 0), math.nan),
    "1/x": ((0, 0), math.inf),
    "-1/x^2": ((0, 0), -math.inf),
    "1/0": ((0, 0), math.inf),
    "0/0 + x": ((0, 0), math.nan),
    "x/y": ((0, 0), math.nan),
    "0^0": ((0, 0), 1),
    "x^y ": ((0, 0), 1),
    "0^x": ((-1, 0), math.inf),
    "log(0)": ((0, 0), -math.inf),
    "exp(x)": ((1000, 0), math.inf),
    "exp(exp(x))": ((7, 0), math.inf),
    "exp(-exp(x))": ((7, 0), 0),
    "cosh(x)": ((1000, 0), math.inf),
    "sinh(x)": ((-1000, 0), -math.inf),
    "tanh(x)": ((1000, 0), 1),
    "x^99": ((1e9, 0), math.inf),
    "1/(1 + exp(-x))": ((-1000, 0), 0),
    "sigmoid(x)": ((-1000, 0), 0),
    "sigmoid(x) ": ((1000, 0), 1),
    "sin(x)": ((math.inf, 0), math.nan),
    "max(x, log(y))": ((1, -1), math.nan),
    "min(x, log(y))": ((1, -1), math.nan),
    "relu(log(x))": ((-1, 0), math.nan),
    "log(x)^0": ((-1, 0), math.nan),
    "log(x)^y": ((-1, 0), math.nan),
    "1^log(x)": ((-1, 0), math.nan),
    "acos(2)^x": ((0, 0), math.nan),
    "(x*x - x*x)^y": ((1e200, 0), math.nan),
    "exp(x) - exp(y)": ((800, 800), math.nan),
    "relu(x*x - x*x)": ((1e200, 0), math.nan),
    "min(x*x - x*x, 1)": ((1e200, 0), math.nan),
    "max(x*x - x*x, 1)": ((1e200, 0), math.nan),
    "sign(x*x - x*x)": ((1e200, 0), math.nan),
}


@pytest.mark.parametrize("text", EXTREMES)
def test_nan_outside_the_domain_and_infinity_at_poles_never_a_warning(text):
    point, value = EXTREMES[text]
    f = formula(text)
    assert f(point) == pytest.approx(value, nan_ok=True)
    assert f.value_and_gradient(*map(float, point))[0] == pytest.approx(value, nan_ok=True)
    for result in (f(point), f.gradient(point), f.hessian(point)):
        assert np.asarray(result).dtype == np.float64
    if math.isnan(value):
        assert np.isnan(f.gradient(point)).all()
        assert np.isnan(f.hessian(point)).all()
        assert np.isnan(f.hessian_at(*map(float, point))).all()


def test_sigmoid_keeps_its_digits_in_both_tails():
    f = formula("sigmoid(x)")
    for x in (-700.0, -40.0, 40.0):
        assert f((x, 0)) == pytest.approx(float(1 / (1 + mpmath.exp(-mpmath.mpf(x)))), rel=1e-14)
        slope = mpmath.exp(-abs(mpmath.mpf(x))) / (1 + mpmath.exp(-abs(mpmath.mpf(x)))) ** 2
        assert f.gradient((x, 0))[0] == pytest.approx(float(slope), rel=1e-13)


# ---- Shapes, floats beside arrays -----------------------------------------------------------------------------------


@pytest.mark.parametrize("lanes", [(), (1,), (0,), (5,), (3, 4), (2, 0, 3), (LANES + 7,)])
@pytest.mark.parametrize("text", ["x^2 + 3x y", "2", "1/0", "y"])
def test_lanes_keep_their_shape_and_are_independent(text, lanes):
    f = formula(text)
    theta = np.random.default_rng(0).normal(size=(2, *lanes))
    before = theta.copy()
    value, gradient, hessian = f(theta), f.gradient(theta), f.hessian(theta)
    assert np.shape(value) == lanes
    assert gradient.shape == (2, *lanes)
    assert hessian.shape == (2, 2, *lanes)
    assert (theta == before).all()
    for lane in list(np.ndindex(lanes))[-3:]:
        point = theta[(slice(None), *lane)]
        assert np.asarray(value)[lane] == f(point)
        assert (gradient[(slice(None), *lane)] == f.gradient(point)).all()
        assert (hessian[(slice(None), slice(None), *lane)] == f.hessian(point)).all()


def test_integers_and_lists_are_points_too():
    f = formula("x^2/4 + y")
    assert f([1, 2]) == 2.25
    assert f.gradient(np.array([[1, 3], [2, 2]])).tolist() == [[0.5, 1.5], [1.0, 1.0]]


@pytest.mark.parametrize("theta", [1.0, [1.0], [1.0, 2.0, 3.0], np.zeros((3, 2)), []])
def test_a_theta_of_another_shape_is_refused(theta):
    with pytest.raises(ValueError, match=r"\(2, …\)"):
        formula("x")(theta)


def test_floats_are_plain_floats():
    f = formula("x^2 + log(y)")
    for y in (2.0, 0.0, -1.0):
        assert {type(each) for each in (*f.value_and_gradient(1.0, y), *f.hessian_at(1.0, y))} == {float}


# ---- No text may hang or fill the server ----------------------------------------------------------------------------


def _repeat(piece, join, length=MAX_LENGTH):
    text, i = "", 1
    while len(text + join + piece(i)) <= length:
        text += (join if text else "") + piece(i)
        i += 1
    return text


WORST = {
    "sum": lambda length: _repeat(lambda i: f"sin({i}x)", "+", length),
    "product": lambda length: _repeat(lambda i: f"(x+{i}y)", "", length),
    "letters": lambda length: "xy" * (length // 2),
    "quotients": lambda length: _repeat(lambda i: "x/y", "/", length),
    "powers": lambda length: _repeat(lambda i: f"x^(y+{i})", "", length),
    "towers": lambda length: _repeat(lambda i: "x^y^x^y", "*", length),
    "ninths": lambda length: _repeat(lambda i: f"(x+{i}y)^99", "", length),
    "kinks": lambda length: _repeat(lambda i: f"max(x,{i}y)", "", length),
    "sigmoids": lambda length: _repeat(lambda i: f"sigmoid(x+{i}y)", "", length),
    "max": lambda length: f"max({_repeat(lambda i: f'{i}x', ',', length - 5)})",
}


@pytest.mark.parametrize("kind", WORST)
def test_the_work_is_proportional_to_the_text(kind):
    def lines(length):
        graph, outputs = _derivatives(parse(WORST[kind](length)), order=2)
        return sum(map(len, source(graph, outputs, TEMPLATES)[0]))

    assert lines(480) < 2.5 * lines(240)
    assert lines(480) < 200_000


@pytest.mark.parametrize(
    "nest", ["tan({})", "sigmoid(x{})", "max(y,{})", "abs(y-{})", "asin({})", "sqrt(y+{})", "x^{}"]
)
def test_the_work_is_proportional_to_the_depth(nest):
    def lines(depth):
        text = "x"
        for _ in range(depth):
            text = nest.format(text)
        graph, outputs = _derivatives(parse(text), order=2)
        return sum(map(len, source(graph, outputs, TEMPLATES)[0]))

    assert lines(MAX_DEPTH) < 2.5 * lines(MAX_DEPTH // 2)


@pytest.mark.parametrize("kind", WORST)
def test_memory_stays_small(kind):
    theta = np.ones((2, 160, 160))
    tracemalloc.start()
    try:
        f = Formula(WORST[kind](MAX_LENGTH))
        f.value_and_gradient(0.3, 0.4)
        f.hessian(theta)
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100e6
    assert kept < 4e6  # what one entry of the cache of formulas may hold


NASTY = st.recursive(
    st.sampled_from(
        ["x", "y", "0", "1", "9", "1e9", "1e308", "0.1", "pi", "e", "(-8)", "(1/3)", "log(0)", "(0/0)", "1/0"]
    ),
    lambda inner: st.one_of(
        st.builds("{}({})".format, st.sampled_from(sorted(UNARY)), inner),
        st.builds("{}({},{})".format, st.sampled_from(sorted(VARIADIC)), inner, inner),
        st.builds("{}{}{}".format, inner, st.sampled_from(["+", "-", "*", "/", "^", "**", " ", "", "*-", "^-"]), inner),
        st.builds("({}){}({})".format, inner, st.sampled_from(["", "^", "/", "-"]), inner),
    ),
    max_leaves=40,
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(NASTY, st.text(max_size=40), st.text("xy01.9e+-*/^() ,sinmaxlogqrt²π", max_size=40)))
def test_any_text_is_a_working_formula_or_is_refused(text):
    f = understood(text)
    if f is None:
        return
    latex2mathml.converter.convert(f.latex)
    assert len(f.latex) < 20 * MAX_LENGTH
    theta = np.array([[0.0, 1.0, -1.5, 1e200, math.inf, math.nan], [0.0, 2.0, 0.5, -1e200, 1.0, 1.0]])
    value, gradient, hessian = f(theta), f.gradient(theta), f.hessian(theta)
    assert value.dtype == gradient.dtype == hessian.dtype == np.float64
    assert np.isnan(gradient[:, np.isnan(value)]).all()
    for x, y in theta.T.tolist():
        assert {*map(type, f.value_and_gradient(x, y)), *map(type, f.hessian_at(x, y))} == {float}


# ---- One server, many threads ---------------------------------------------------------------------------------------


def test_threads_share_a_formula_from_its_first_use():
    results = []

    def use():
        f = formula("exp(-x^2) sin(3y) + 0.125x")
        results.append((f((1.0, 2.0)), *f.value_and_gradient(1.0, 2.0), *f.hessian_at(1.0, 2.0)))

    formula.cache_clear()
    threads = [threading.Thread(target=use) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 16
    assert len(set(results)) == 1


def test_the_same_text_is_compiled_once():
    assert formula("x + y") is formula("x + y")


def test_copies_and_pickles_work_after_use():
    f = formula("x^2 + y")
    f.value_and_gradient(1.0, 1.0)
    for again in (copy.deepcopy(f), pickle.loads(pickle.dumps(f))):
        assert again.text == f.text
        assert again.value_and_gradient(2.0, 1.0) == (5.0, 4.0, 1.0)


def test_what_a_formula_is_made_of():
    f = formula("x^2")
    assert f.text == "x^2"
    assert f.minima == ()
    assert f.domain is None
    assert repr(f) == "Formula(text='x^2')"


def test_computer_algebra_is_not_imported():
    code = "import sys, landscape; landscape.formula('x^2').hessian((1, 2)); assert 'sympy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
