"""Every named function: derivatives against SymPy and differences, minima to 40 digits, sentences against numbers."""

import copy
import math
import pickle
import re
from functools import cache

import latex2mathml.converter
import mpmath
import numpy as np
import pytest
import sympy
from scipy.optimize import minimize
from sympy.parsing.sympy_parser import (
    convert_xor,
    function_exponentiation,
    implicit_multiplication,
    parse_expr,
    standard_transformations,
)

from landscape import FUNCTIONS
from landscape.objectives.formula import formula

KINKED = {"ackley", "bukin_6"}  # at their minimum
CROWDED = {"rastrigin", "ackley", "levy_13", "easom", "bukin_6", "schwefel"}  # only the global minimum is listed

each = pytest.mark.parametrize("f", FUNCTIONS.values(), ids=list(FUNCTIONS))


@cache
def oracle(key):
    """f, its gradient and its Hessian by SymPy's own parser and derivatives, in mpmath."""
    x, y = sympy.symbols("x y", real=True)
    rules = (*standard_transformations, convert_xor, function_exponentiation, implicit_multiplication)
    names = {"x": x, "y": y, "e": sympy.E, "abs": sympy.Abs, "sigmoid": lambda u: 1 / (1 + sympy.exp(-u))}
    f = parse_expr(FUNCTIONS[key].text, local_dict=names, transformations=rules)
    away_from_kinks = [{"DiracDelta": lambda *_: 0}, "mpmath"]
    return (
        sympy.lambdify((x, y), f, away_from_kinks),
        sympy.lambdify((x, y), [f.diff(x), f.diff(y)], away_from_kinks),
        sympy.lambdify((x, y), [f.diff(x, x), f.diff(x, y), f.diff(y, y)], away_from_kinks),
    )


def somewhere(f, n, seed=0):
    """(2, n) points of the domain."""
    low, high = np.array(f.domain).T
    return np.random.default_rng(seed).uniform(low[:, None], high[:, None], size=(2, n))


def local_minima(f, n=120):
    """Where descents from the lowest points of a grid end inside the domain."""
    x, y = (np.linspace(*side, n) for side in f.domain)
    theta = np.stack(np.meshgrid(x, y))
    value = f(theta)
    around = np.pad(value, 1, constant_values=np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(around, (3, 3))
    found = []
    for lane in np.argwhere(value == windows.min(axis=(2, 3))):
        end = minimize(f, theta[:, *lane], jac=f.gradient, method="BFGS", options={"gtol": 1e-9}).x
        inside = all(low < u < high for u, (low, high) in zip(end, f.domain, strict=True))
        if inside and not any(math.dist(end, other) < 1e-3 for other in found):
            found.append(end)
    return found


def test_there_are_enough_and_the_menu_begins_gently():
    assert len(FUNCTIONS) >= 24
    assert list(FUNCTIONS)[:3] == ["round_bowl", "bowl", "himmelblau"]
    assert len({f.name for f in FUNCTIONS.values()}) == len(FUNCTIONS)
    assert len({f.text for f in FUNCTIONS.values()}) == len(FUNCTIONS)


@each
def test_record_is_complete(f):
    assert FUNCTIONS[f.key] is f
    assert re.fullmatch("[a-z][a-z0-9_]*", f.key)
    assert f.formula == f.text
    assert 30 < len(f.about) < 115
    assert f.about.endswith(".")
    assert re.search("MATLAB|1[89][0-9]{2}|20[0-9]{2}|Jamil and Yang", f.source)
    for (low, high), start in zip(f.domain, f.start, strict=True):
        assert low < start < high
    for minimum in f.minima:
        assert all(low < u < high for u, (low, high) in zip(minimum, f.domain, strict=True))
    latex2mathml.converter.convert(f.latex)


@each
def test_start_is_worth_descending_from(f):
    value, slope = f(f.start), np.linalg.norm(f.gradient(f.start))
    assert np.isfinite(value)
    assert slope > 1e-3
    assert all(f(minimum) < value for minimum in f.minima)
    assert all(math.dist(f.start, minimum) > 0.15 * (f.domain[0][1] - f.domain[0][0]) for minimum in f.minima[:1])


@each
def test_is_finite_over_its_domain(f):
    theta = np.stack(np.meshgrid(*(np.linspace(*side, 101) for side in f.domain)))
    assert np.isfinite(f(theta)).all()
    assert np.isfinite(f.gradient(somewhere(f, 1000))).all()


@each
def test_value_gradient_and_hessian_against_sympy(f):
    value, gradient, hessian = oracle(f.key)
    with mpmath.workdps(30):
        for x, y in [*somewhere(f, 5).T.tolist(), f.start]:
            h = [float(u) for u in hessian(mpmath.mpf(x), mpmath.mpf(y))]
            g = [float(u) for u in gradient(mpmath.mpf(x), mpmath.mpf(y))]
            v = float(value(mpmath.mpf(x), mpmath.mpf(y)))
            size = 1e-12 * (1 + max(map(abs, [v, *g, *h])))
            assert f((x, y)) == pytest.approx(v, rel=1e-12, abs=size)
            assert f.gradient((x, y)) == pytest.approx(np.array(g), rel=1e-12, abs=size)
            assert f.value_and_gradient(x, y) == pytest.approx((v, *g), rel=1e-12, abs=size)
            assert f.hessian_at(x, y) == pytest.approx(tuple(h), rel=1e-12, abs=size)
            assert f.hessian((x, y)).ravel() == pytest.approx(np.array([h[0], h[1], h[1], h[2]]), rel=1e-12, abs=size)


@each
def test_gradient_and_hessian_against_differences(f):
    theta = somewhere(f, 200, seed=1)
    h = 1e-6 * (f.domain[0][1] - f.domain[0][0])
    for i in range(2):
        step = np.zeros((2, 1))
        step[i] = h
        slope = (f(theta + step) - f(theta - step)) / (2 * h)
        bend = (f.gradient(theta + step) - f.gradient(theta - step)) / (2 * h)
        scale = np.abs(f(theta)).max() * 1e-8 + np.abs(f.gradient(theta)).max() * 1e-6
        wide = np.abs(f.hessian(theta)).max() * 1e-4 + np.abs(f.gradient(theta)).max() * 1e-6
        smooth = np.ones(200, dtype=bool)
        if f.key == "bukin_6":  # differences across its kink mean nothing
            smooth = np.abs(theta[1] - 0.01 * theta[0] ** 2) > 0.3
        assert slope[smooth] == pytest.approx(f.gradient(theta)[i, smooth], rel=1e-5, abs=scale)
        assert bend[:, smooth] == pytest.approx(f.hessian(theta)[i][:, smooth], rel=1e-4, abs=wide)


@each
def test_floats_and_arrays_agree(f):
    theta = somewhere(f, 100, seed=2)
    value, gradient, hessian = f(theta), f.gradient(theta), f.hessian(theta)
    single = np.array([f.value_and_gradient(x, y) for x, y in theta.T.tolist()]).T
    second = np.array([f.hessian_at(x, y) for x, y in theta.T.tolist()]).T
    close = {"rtol": 1e-11, "atol": 1e-11 * np.abs(value).max()}
    np.testing.assert_allclose(single[0], value, **close)
    np.testing.assert_allclose(single[1:], gradient, rtol=1e-11, atol=1e-11 * np.abs(gradient).max())
    np.testing.assert_allclose(second, hessian[[0, 0, 1], [0, 1, 1]], rtol=1e-11, atol=1e-11 * np.abs(hessian).max())


# ---- Minima ---------------------------------------------------------------------------------------------------------

KNOWN = {  # from the sources, minimum by minimum
    "himmelblau": [0, 0, 0, 0],
    "saddle": [-0.25, -0.25],
    "monkey_saddle": [],
    "two_wells": [-1.434973, -0.587656],
    "sharp_and_flat": [0.0538725, 0.1539974],
    "cliff": [0.00079891],
    "mccormick": [-1.913222954981, 1.228369698609],
    "three_hump_camel": [0, 0.298638442, 0.298638442],
    "six_hump_camel": [-1.031628453, -1.031628453, -0.215463824, -0.215463824, 2.104250310, 2.104250310],
    "styblinski_tang": [-78.332331408, -64.195612359, -64.195612359, -50.058893311],
    "peaks": [-6.551133333, -3.049849403, -0.064935868],
    "goldstein_price": [3, 30, 84, 840],
    "griewank": [0, *[0.007396040334] * 4, *[0.009864672061] * 2],
    "easom": [-1],
}


@each
def test_values_at_the_minima_are_the_known_ones(f):
    values = [float(f(minimum)) for minimum in f.minima]
    assert values == pytest.approx(KNOWN.get(f.key, [0]), rel=1e-6, abs=1e-8)
    assert values == sorted(values) or max(np.diff(sorted(values))) < 1e-9  # the deepest first


@each
def test_minima_are_stationary_and_curve_upwards(f):
    for minimum in f.minima:
        size = np.nanmax(np.abs(f.hessian(minimum)), where=np.isfinite(f.hessian(minimum)), initial=1.0)
        assert np.linalg.norm(f.gradient(minimum)) < 1e-14 * size * (1 + math.hypot(*minimum))
        if f.key not in KINKED:
            assert np.linalg.eigvalsh(f.hessian(minimum))[0] > 0


@each
def test_minima_are_exact_to_double_precision(f):
    _, gradient, _ = oracle(f.key)
    for minimum in () if f.key in KINKED else f.minima:
        with mpmath.workdps(40):
            exact = mpmath.findroot(gradient, minimum, tol=1e-60)
            assert [float(u) for u in exact] == pytest.approx(list(minimum), rel=1e-16, abs=1e-30)


@each
def test_all_around_a_minimum_is_higher(f):
    angle = np.linspace(0, 2 * np.pi, 100)
    for minimum in f.minima:
        for radius in (1e-4, 1e-2):
            ring = np.array(minimum)[:, None] + radius * np.array([np.cos(angle), np.sin(angle)])
            assert (f(ring) > f(minimum)).all()


@each
def test_no_minimum_is_missing(f):
    if f.key in CROWDED:
        lowest = f(f.minima[0])
        assert all(f(end) > lowest - 1e-9 for end in local_minima(f))
        assert f(np.stack(np.meshgrid(*(np.linspace(*side, 500) for side in f.domain)))).min() > lowest
        return
    found = [end for end in local_minima(f) if np.linalg.norm(f.gradient(end)) < 1e-5]
    if f.key == "monkey_saddle":
        found = []
    assert len(found) == len(f.minima)
    for end in found:
        assert min(math.dist(end, minimum) for minimum in f.minima) < 1e-3


# ---- What they teach is true ----------------------------------------------------------------------------------------


def curvatures(f, point):
    return np.linalg.eigvalsh(f.hessian(point))


@pytest.mark.parametrize(
    ("key", "smallest", "largest"),
    [
        ("round_bowl", 1, 1),
        ("bowl", 1, 10),
        ("ravine", 1, 25),
        ("steep_ravine", 1, 100),
        ("rotated_ravine", 1, 50),
        ("booth", 2, 18),
        ("matyas", 0.04, 1),
    ],
)
def test_quadratics_have_the_condition_number_they_promise(key, smallest, largest):
    f = FUNCTIONS[key]
    for point in (f.start, f.minima[0]):
        assert curvatures(f, point) == pytest.approx([smallest, largest])


def test_the_limit_of_the_sharp_minimum_is_the_one_told():
    f = FUNCTIONS["sharp_and_flat"]
    sharp, flat = (2 / curvatures(f, minimum)[1] for minimum in f.minima)
    assert round(sharp, 3) == 0.083
    assert flat > 1


def test_the_best_step_on_the_steep_ravine_keeps_98_percent():
    f, rate = FUNCTIONS["steep_ravine"], 2 / 101
    theta = np.array(f.start)
    after = theta - rate * f.gradient(theta)
    assert np.abs(after / theta) == pytest.approx([0.98, 0.98], abs=0.001)


def test_the_round_bowl_takes_one_step_of_learning_rate_one():
    f = FUNCTIONS["round_bowl"]
    assert (np.array(f.start) - f.gradient(f.start)).tolist() == [0, 0]


def test_the_rotated_ravine_is_a_turned_ravine():
    f, straight = FUNCTIONS["rotated_ravine"], formula("1/2(x^2 + 50y^2)")
    turn = np.array([[1, -1], [1, 1]]) / 2**0.5
    theta = somewhere(f, 50)
    assert f(turn @ theta) == pytest.approx(straight(theta))
    assert turn @ [-4, 1] == pytest.approx(f.start)


def test_the_logarithmic_valley_is_the_logarithm_of_rosenbrock():
    f, rosenbrock = FUNCTIONS["log_valley"], FUNCTIONS["rosenbrock"]
    theta = somewhere(f, 50)
    assert f(theta) == pytest.approx(np.log1p(rosenbrock(theta)))
    steeper = np.linalg.norm(rosenbrock.gradient(theta), axis=0) / np.linalg.norm(f.gradient(theta), axis=0)
    assert (steeper > 1).all()


def test_the_saddles():
    saddle, monkey = FUNCTIONS["saddle"], FUNCTIONS["monkey_saddle"]
    assert saddle.gradient((0, 0)).tolist() == [0, 0]
    assert curvatures(saddle, (0, 0)).tolist() == [-1, 1]
    assert saddle.gradient((-2, 0))[1] == 0
    assert monkey.gradient((0, 0)).tolist() == [0, 0]
    assert (monkey.hessian((0, 0)) == 0).all()
    angle = np.linspace(0, 2 * np.pi, 600, endpoint=False) + 0.001
    downhill = monkey(np.array([np.cos(angle), np.sin(angle)])) < 0
    assert np.count_nonzero(downhill & ~np.roll(downhill, 1)) == 3


def test_sizes_that_the_sentences_name():
    beale, goldstein, levy = FUNCTIONS["beale"], FUNCTIONS["goldstein_price"], FUNCTIONS["levy_13"]
    assert np.linalg.norm(beale.gradient(beale.start)) == pytest.approx(608, abs=0.5)
    grid = np.stack(np.meshgrid(*(np.linspace(*side, 201) for side in goldstein.domain)))
    assert goldstein(grid).max() == pytest.approx(1e6, rel=0.05)
    assert len(local_minima(levy)) > 200
    cliff = FUNCTIONS["cliff"]
    assert abs(cliff.gradient((1.0, 0.0))[0]) > 20 * abs(cliff.gradient((2.5, 0.0))[0])
    easom = FUNCTIONS["easom"]
    assert np.median(np.linalg.norm(easom.gradient(somewhere(easom, 2000)), axis=0)) < 1e-3


def test_copies_and_pickles_are_the_same_function():
    f = FUNCTIONS["himmelblau"]
    f.value_and_gradient(1.0, 1.0)
    for again in (copy.copy(f), pickle.loads(pickle.dumps(f))):
        assert again.minima == f.minima
        assert again.value_and_gradient(1.0, 1.0) == f.value_and_gradient(1.0, 1.0)
