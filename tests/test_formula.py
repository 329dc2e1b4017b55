"""Formulas: the border of their domain, shapes of θ, hostile texts, and many threads."""

import copy
import gc
import math
import pickle
import subprocess
import sys
import threading
import tracemalloc

import latex2mathml.converter
import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landscape.gradients.numerical import numerical_gradient
from landscape.objectives.formula import LANES, Formula, FormulaError, formula
from landscape.objectives.functions import FUNCTIONS
from landscape.objectives.notation import MAX_LENGTH, UNARY, VARIADIC

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


WORST = [
    "xy" * (MAX_LENGTH // 2),
    "*".join(["x^y^x^y"] * (MAX_LENGTH // 8)),
    "".join(f"(x+{i}y)^9" for i in range(1, MAX_LENGTH // 9 - 5)),
    "+".join(f"x^(y+{i})" for i in range(MAX_LENGTH // 10)),
    f"max({','.join(f'{i}x' for i in range(110))})",
]


@pytest.mark.parametrize("text", WORST, ids=range(len(WORST)))
def test_memory_stays_small(text):
    theta = np.ones((2, 160, 160))
    tracemalloc.start()
    try:
        f = Formula(text)
        f.value_and_gradient(0.3, 0.4)
        f.hessian(theta)
        gc.collect()  # what nobody holds any more is not kept
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


def understood(text):
    """The formula, or None if it is refused as a text should be."""
    try:
        return formula(text)
    except FormulaError as refusal:
        error = refusal
    assert 0 <= error.position <= len(text)
    assert str(error)
    return None


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


class TestComplex:
    """Formulas of complex numbers, as the complex step asks for them."""

    @pytest.mark.parametrize("key", FUNCTIONS)
    def test_a_complex_step_gives_the_exact_gradient_of_every_named_function(self, key):
        f = FUNCTIONS[key]
        found = numerical_gradient(f, np.array(f.start), 1e-20, "complex")
        assert found == pytest.approx(f.gradient(f.start), rel=1e-11, abs=1e-13)

    @pytest.mark.parametrize(
        "text", ["abs(x)", "relu(x)", "min(x, y)", "max(x, 2y)", "x*sign(x)", "x^20", "sigmoid(x)"]
    )
    @pytest.mark.parametrize("theta", [(1.3, 0.7), (-1.3, 0.4)])
    def test_beside_a_kink_the_step_stays_on_its_side(self, text, theta):
        found = numerical_gradient(formula(text), np.array(theta), 1e-20, "complex")
        assert found == pytest.approx(formula(text).gradient(theta), rel=1e-13)

    @pytest.mark.parametrize("text", ["log(x)", "sqrt(x)", "x^0.3", "asin(2x)"])
    def test_outside_the_real_domain_there_is_no_value(self, text):
        value = formula(text)(np.array([-1 + 1e-9j, 0]))
        assert np.isnan(value.real)
        assert np.isnan(value.imag)
