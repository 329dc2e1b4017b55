"""Derivatives against an independent source (mpmath), conventions at kinks, and the size of what is generated."""

import math
from functools import partial

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from landscape.objectives.expression import TEMPLATES, source
from landscape.objectives.formula import FormulaError, _derivatives, formula
from landscape.objectives.notation import MAX_DEPTH, MAX_LENGTH, parse


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
    try:
        f = formula(text)
    except FormulaError:  # an exponent beyond the limit
        reject()
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


# ---- The size of what is generated


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
