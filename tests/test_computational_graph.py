"""Graphs of formulas against closed forms, differences, and the exact gradients of the same formulas."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape.analysis.computational_graph import (
    MOST_INPUTS,
    MOST_OPERATIONS,
    OPERATIONS,
    computational_graph,
    inputs,
)
from landscape.objectives.formula import FormulaError, formula
from landscape.objectives.notation import UNARY, VARIADIC

SMALL = st.floats(-3, 3, allow_nan=False).map(lambda value: round(value, 3))


def gradients(text, **values):
    graph = computational_graph(text, values)
    return {node.name: node.gradient for node in graph.nodes if not node.edges}


class TestWorkedExamples:
    def test_the_default_of_the_page(self):
        graph = computational_graph("(a*b + c)*f", {"a": 2, "b": -3, "c": 10, "f": -2})
        assert [node.name for node in graph.nodes] == ["a", "b", "c", "f", "v1", "v2", "L"]
        assert [node.value for node in graph.nodes] == [2, -3, 10, -2, -6, 4, -8]
        assert [node.gradient for node in graph.nodes] == [6, -4, -2, 4, -2, -2, 1]
        assert [edge.derivative for node in graph.nodes for edge in node.edges] == [-3, 2, 1, 1, -2, 4]
        assert graph.differences == pytest.approx((6, -4, -2, 4))

    def test_the_chain_rule_as_a_product_of_factors(self):
        """Row 14 of the source material: h = f(g(x))."""
        x = 1.5
        graph = computational_graph("sin(x^2)", {"x": x})
        ((outer, inner),) = graph.paths(0)
        assert outer.derivative == pytest.approx(math.cos(x**2))
        assert inner.derivative == 2 * x
        assert graph.nodes[0].gradient == pytest.approx(math.cos(x**2) * 2 * x)

    def test_where_paths_meet_their_products_are_added(self):
        graph = computational_graph("x*x + sin(x)", {"x": 1.5})
        products = [math.prod(edge.derivative for edge in path) for path in graph.paths(0)]
        assert products == pytest.approx([1.5, 1.5, math.cos(1.5)])
        assert graph.path_count(0) == 3
        assert graph.nodes[0].gradient == pytest.approx(sum(products))

    def test_a_neuron(self):
        s = 1 / (1 + math.exp(-(2 * 0.5 - 0.4)))
        slope = s * (1 - s)
        assert gradients("sigmoid(w*x + b)", w=2, x=0.5, b=-0.4) == pytest.approx(
            {"w": 0.5 * slope, "x": 2 * slope, "b": slope}
        )


FORMULAS = [
    *(f"{name}(x)" for name in UNARY),
    *(f"{name}(x, y, 0.5)" for name in VARIADIC),
    *(
        "x/y - y/x",
        "x^y",
        "x^3 - y^-2 + x^0.5",
        "2^x*y",
        "-x*-y",
        "pi x + e^y",
        "(x y)^2 sin(x y)",
        "1/(1 + exp(-x)) + y",
    ),
]
POINTS = [(0.7, 0.3), (0.2, 0.9), (0.5, 0.25)]


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("point", POINTS)
def test_values_and_gradients_are_those_of_the_formula(text, point):
    values = dict(zip("xy", point, strict=True))
    graph = computational_graph(text, values)
    exact = formula(text)
    assert graph.nodes[-1].value == pytest.approx(float(exact(point)), rel=1e-13)
    slopes = dict(zip("xy", exact.gradient(point), strict=True))
    names = inputs(text)
    assert [node.gradient for node in graph.nodes[: len(names)]] == pytest.approx([slopes[n] for n in names], rel=1e-12)
    assert graph.differences == pytest.approx([slopes[name] for name in names], rel=1e-6, abs=1e-8)


@given(a=SMALL, b=SMALL, c=SMALL)
def test_the_gradient_is_the_sum_over_all_paths(a, b, c):
    graph = computational_graph("tanh(a b + c) (a b - c)^2 / (1 + a^2)", {"a": a, "b": b, "c": c})
    for place in range(len(graph.nodes)):
        products = [math.prod(edge.derivative for edge in path) for path in graph.paths(place)]
        assert len(products) == graph.path_count(place)
        assert graph.nodes[place].gradient == pytest.approx(sum(products), rel=1e-9, abs=1e-9)


def computed(template, operands, result):
    """A template as a formula of numbers."""
    text = template.format(*(f"({value!r})" for value in operands), result=f"({result!r})").replace("−", "-")
    if sides := re.fullmatch(r"\((.*)\) ([<>]) \((.*)\)|\((.*)\) ([<>]) 0", text):
        left, sign, right = sides[1] or sides[4], sides[2] or sides[5], sides[3] or 0
        return float(float(left) > float(right) if sign == ">" else float(left) < float(right))
    return float(formula(text)((0.0, 0.0)))


@pytest.mark.parametrize("text", [f for f in FORMULAS if "pi" not in f])
def test_what_the_graph_says_in_symbols_is_what_it_says_in_numbers(text):
    graph = computational_graph(text, {"x": 0.7, "y": 0.3})
    for node in graph.nodes:
        operands = [edge.value for edge in node.edges]
        for edge in node.edges:
            if edge.operand is not None:
                assert computed(edge.rule, operands, node.value) == pytest.approx(edge.derivative, rel=1e-12)
        if node.edges:
            assert computed(node.template, operands, node.value) == pytest.approx(node.value, rel=1e-12)


def test_every_function_of_formulas_is_an_operation():
    assert {*UNARY, *VARIADIC} - {"ln"} <= OPERATIONS.keys()


class TestTheGraph:
    def test_equal_parts_are_one_node_and_constants_are_none(self):
        graph = computational_graph("(2x*y) + 3sin(2x*y) + 2pi", {"x": 1, "y": 2})
        assert [node.template for node in graph.nodes] == [
            "", "", "{0} · {1}", "{0} · {1}", "sin({0})", "{0} · {1}", "{0} + {1}", "{0} + {1}"
        ]  # fmt: skip
        assert graph.nodes[2].edges[0].operand is None
        assert graph.nodes[2].edges[0].value == 2
        assert graph.nodes[-1].edges[1].value == pytest.approx(2 * math.pi)

    def test_operations_take_a_letter_that_no_input_has(self):
        graph = computational_graph("v1*u2 + x", {"v1": 1, "u2": 2, "x": 3})
        assert [node.name for node in graph.nodes] == ["v1", "u2", "x", "z1", "L"]

    def test_what_has_no_value_does_not_raise(self):
        graph = computational_graph("log(a) + 1/b", {"a": -1, "b": 0})
        assert math.isnan(graph.nodes[-1].value)
        assert all(math.isnan(node.gradient) for node in graph.nodes), "a loss without a value has no gradient"
        assert np.isfinite([computational_graph("exp(a)", {"a": 1e3}).nodes[0].value]).all()

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("log(a)*b", [2, None]),  # ∂/∂v is b, ∂/∂b is v, which has no value
            ("log(a)/b", [0.5, None]),
            ("relu(log(a)) + b", [None, 1, 1]),  # nobody knows whether log(a) > 0
            ("max(log(a), b)", [None, None]),
            ("exp(log(a)) - b", [None, 1, -1]),
            ("(log(a) + b)^2", [1, 1, None]),
            ("a/(b - 2)*0 + b", [None, None, 0, 1, 1]),
        ],
    )
    def test_a_local_derivative_is_known_where_what_it_is_made_of_is(self, text, expected):
        graph = computational_graph(text, {"a": -1.0 if "log" in text else 0.0, "b": 2.0})
        found = [edge.derivative for node in graph.nodes for edge in node.edges if edge.operand is not None]
        found = found[-len(expected) :]
        assert [None if math.isnan(each) else each for each in found] == expected

    def test_paths_of_a_ladder_are_counted_and_not_walked(self):
        text = "x"
        for _ in range(5):
            text = f"({text} + {text})"
        graph = computational_graph(text, {"x": 1})
        assert graph.path_count(0) == graph.nodes[-1].value == graph.nodes[0].gradient == 32
        assert len(graph.nodes) == 6


REFUSED = [
    ("2 + 3", "Without a variable"),
    ("a", "no operation in it"),
    ("+".join(f"a{i}" for i in range(MOST_INPUTS + 1)), f"more than {MOST_INPUTS} variables"),
    ("+".join(f"{i}a" for i in range(2, MOST_OPERATIONS)), f"more than {MOST_OPERATIONS} operations"),
    ("a +", "missing"),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_has_no_graph_is_refused(text, reason):
    with pytest.raises(FormulaError, match=reason):
        computational_graph(text, dict.fromkeys(["a", *(f"a{i}" for i in range(20))], 1.0))


def test_an_input_needs_a_value():
    with pytest.raises(ValueError, match="b has no value"):
        computational_graph("a*b", {"a": 1})


@pytest.mark.parametrize(
    ("text", "values", "kinks"),
    [
        ("max(a, b)", {"a": 1, "b": 1}, 1),
        ("max(a, b)", {"a": 1, "b": 2}, 0),
        ("relu(a) + abs(a)*sign(a)", {"a": 0}, 3),
        ("relu(a) + abs(a)*sign(a)", {"a": -1}, 0),
        ("min(a, 3)", {"a": 3}, 1),
        ("min(a, a)", {"a": 3}, 0),
        ("sin(a)", {"a": 0}, 0),
    ],
)
def test_what_has_no_derivative_is_known(text, values, kinks):
    graph = computational_graph(text, values)
    assert len(graph.kinks) == kinks


def test_at_a_tie_the_rule_says_what_is_taken():
    (node,) = computational_graph("max(a, b)", {"a": 1, "b": 1}).kinks
    assert [(edge.rule, edge.derivative) for edge in node.edges] == [("1 / 2", 0.5)] * 2
