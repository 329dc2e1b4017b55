"""What is understood of a text, how it is set in LaTeX, and what is refused, where and why."""

import math
import pickle

import numpy as np
import pytest

from landscape.objectives.formula import FormulaError, formula
from landscape.objectives.notation import MAX_DEPTH, MAX_LENGTH, NAMES, UNARY, VARIADIC, latex, parse, variables

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
    "2x*x*y": r"2 x \cdot x y",
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
    ("foo(x)", 0, "There is no function “foo”. The functions are sin, cos, tan, asin, acos, atan, sinh, cosh"),
    ("2 + foo (x)", 4, "There is no function “foo”"),
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
    assert len(str(error)) < 180, "the longest names all functions"
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


# ---- Any letters as variables ---------------------------------------------------------------------------------------

VARIABLES = {
    "(a*b + c)*f": ("a", "b", "c", "f"),
    "(ab + c) f": ("a", "b", "c", "f"),
    "w1x1 + w2 x2 + b": ("w1", "x1", "w2", "x2", "b"),
    "sigmoid(w*x + b)": ("w", "x", "b"),
    "x*x + sin(x)": ("x",),
    "2pi r + e^z + ez": ("r", "z"),  # e and pi stay what they are
    "W*x": ("w", "x"),
    "a (b + 1)": ("a", "b"),
    "max(p, q, 3)": ("p", "q"),
    "３ｕ − ｖ²": ("u", "v"),
    "2 + 3": (),
}


@pytest.mark.parametrize("text", VARIABLES)
def test_any_letters_are_variables_where_that_is_asked_for(text):
    assert variables(parse(text, any_variables=True)) == VARIABLES[text]


def test_variables_with_digits_are_set_with_an_index():
    assert latex(parse("w1x1 + a b", any_variables=True)) == "w_{1} x_{1} + a b"


WORDS = [
    ("alpha + b", 0, "“alpha” is not known. A variable is a letter"),
    ("a_b", 0, "“a_b” is not known"),
    ("2 + sine(x)", 4, "Did you mean sin?"),
    ("lg(x)", 0, "Did you mean log?"),
    ("q1(x)", 0, "no function “q1”"),
    ("f(g(x))", 0, "A product is written f*(…)."),
    ("h + 2uv(c)", 5, "uv*(…)"),
    ("lnx", 0, "ln needs parentheses"),
    ("sinx", 0, "Did you mean sin?"),
    ("asinh(x)", 0, "Did you mean sinh?"),
    ("L = a*b", 2, "without “=”"),
    ("a *", 3, "a variable or a function is missing"),
]


@pytest.mark.parametrize(("text", "position", "reason"), WORDS)
def test_words_are_no_products_of_letters(text, position, reason):
    with pytest.raises(FormulaError) as caught:
        parse(text, any_variables=True)
    assert reason in str(caught.value)
    assert caught.value.position == position
