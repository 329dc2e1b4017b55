"""What the graph's component is told: the layout's source, the numbers in its boxes, and every step in words."""

import json
import re

import pytest

from landscape.analysis.computational_graph import computational_graph
from landscape.locale import translation
from landscape.stage.graph import graph_message


def told(text, **values):
    return graph_message(computational_graph(text, values), projector=False, language="en", _=translation("en"))


@pytest.fixture(scope="module")
def default():
    return told("(a*b + c)*f", a=2, b=-3, c=10, f=-2)


def result(message, step):
    return message["steps"][step]["lines"][-1]


class TestSteps:
    def test_values_come_forward_one_operation_at_a_time(self, default):
        assert [step["node"] for step in default["steps"][:4]] == [None, 4, 5, 6]
        assert [result(default, step) for step in (1, 2, 3)] == [
            "v₁ = a · b = 2 · (−3) = −6",
            "v₂ = v₁ + c = (−6) + 10 = 4",
            "L = v₂ · f = 4 · (−2) = −8",
        ]

    def test_gradients_go_back_one_node_at_a_time(self, default):
        back = default["steps"][4:]
        assert all(step["back"] for step in back)
        assert [step["node"] for step in back] == [6, 5, 4, 3, 2, 1, 0]
        assert back[0]["lines"] == ["∂L/∂L = 1"]
        assert back[1]["lines"] == ["∂L/∂v₂ = f = −2"], "∂L/∂L = 1 is no factor that anybody writes"
        assert back[-1]["lines"] == ["∂v₁/∂a = b = −3", "∂L/∂a = ∂L/∂v₁ · ∂v₁/∂a = (−2) · (−3) = 6"]

    def test_where_paths_meet_the_sum_is_spelled_out(self):
        message = told("x*x + sin(x)", x=1.5)
        last = message["steps"][-1]
        assert "paths meet" in last["head"]
        assert last["lines"] == [
            "∂v₁/∂x⁽¹⁾ = x = 1.5",
            "∂v₁/∂x⁽²⁾ = x = 1.5",
            "∂v₂/∂x⁽³⁾ = cos(x) = 0.0707372",
            "∂L/∂x = ∂L/∂v₁ · ∂v₁/∂x⁽¹⁾ + ∂L/∂v₁ · ∂v₁/∂x⁽²⁾ + ∂L/∂v₂ · ∂v₂/∂x⁽³⁾ "
            "= 1 · 1.5 + 1 · 1.5 + 1 · 0.0707372 = 3.07074",
        ]

    @pytest.mark.parametrize("text", ["a*a*a", "sin(a)/a", "a*a + sin(a)", "sin(a) + cos(a)", "a*(a + b)"])
    def test_one_symbol_is_one_number(self, text):
        message = told(text, a=2, b=3)
        found = {}
        for step in message["steps"]:
            for line in step["lines"]:
                symbol, _, rest = line.partition(" = ")
                value = rest.rpartition(" = ")[2] or rest
                if symbol.startswith("∂"):
                    assert found.setdefault(symbol, value) == value, line

    def test_where_operations_are_apart_no_use_needs_a_number(self):
        assert told("sin(a) + cos(a)", a=2)["steps"][-1]["lines"][0].startswith("∂v₁/∂a = cos(a)")

    def test_without_a_value_there_is_no_gradient(self):
        message = told("log(x - 1)", x=0.5)
        assert "L is not defined here" in message["steps"][3]["head"]
        assert [step["lines"][-1].rpartition(" = ")[2] for step in message["steps"][3:]] == ["–", "–", "–"]
        assert message["rows"][0]["gradient"] == "–"

    def test_where_the_value_is_lost_is_said_going_forward_and_what_is_known_keeps_its_derivative(self):
        message = told("log(a) + b*c", a=-1, b=2, c=3)
        assert [step["head"].partition(": ")[2] for step in message["steps"][1:4]] == [
            "the operation has no value for these numbers, so neither L nor a gradient is defined",
            "",
            "what enters has no value, so this has none either",
        ]
        derivatives = {(edge["from"], edge["to"]): edge["derivative"] for edge in message["edges"]}
        assert derivatives == {(0, 3): "–", (1, 4): "3", (2, 4): "2", (3, 5): "1", (4, 5): "1"}

    @pytest.mark.parametrize(
        ("text", "forward", "local"),
        [
            ("sin(x^2)", "v₁ = x² = (−1.5)² = 2.25", "∂v₁/∂x = 2 · x = −3"),
            ("x^-1", "L = x⁻¹ = (−1.5)⁻¹ = −0.666667", "∂L/∂x = (−1) · x⁻² = −0.444444"),
            ("-3x", "v₁ = 3 · x = 3 · (−1.5) = −4.5", "∂v₁/∂x = 3"),
            ("2/x", "L = 2 / x = 2 / (−1.5) = −1.33333", "∂L/∂x = −2 / x² = −0.888889"),
            ("relu(x)", "L = relu(x) = relu(−1.5) = 0", "∂L/∂x = [x > 0] = 0"),
            ("tanh(x)", "L = tanh(x) = tanh(−1.5) = −0.905148", "∂L/∂x = 1 − L² = 0.180707"),
            ("log(x)", "L = ln(x) = ln(−1.5) = –", "∂L/∂x = 1 / x = –"),
        ],
    )
    def test_formulas_are_set_as_in_print(self, text, forward, local):
        message = told(text, x=-1.5)
        assert result(message, 1) == forward
        assert message["steps"][-1]["lines"][0] == local


class TestRows:
    def test_each_input_has_its_gradient_in_three_ways(self, default):
        assert [(row["input"], row["value"], row["gradient"], row["differences"]) for row in default["rows"]] == [
            ("a", "2", "6", "6"),
            ("b", "−3", "−4", "−4"),
            ("c", "10", "−2", "−2"),
            ("f", "−2", "4", "4"),
        ]
        assert default["rows"][0]["paths"] == "(−2) · 1 · (−3)"

    def test_the_factors_of_a_chain_and_the_terms_of_a_sum(self):
        """Row 14 of the source material: each factor of h = f(g(x)), and their product."""
        assert told("sin(x^2)", x=1.5)["rows"][0]["paths"] == "(−0.628174) · 3"
        assert told("x*x + sin(x)", x=1.5)["rows"][0]["paths"] == "1 · 1.5 + 1 · 1.5 + 1 · 0.0707372"

    def test_many_paths_are_counted(self):
        assert told("(x+x+x+x)*(x+x+x+x)", x=1)["rows"][0]["paths"] == "8 paths"


class TestLayout:
    def test_it_stays_where_only_values_change(self):
        first, second = told("w*x + b", w=1, x=2, b=3), told("w*x + b", w=-1e-7, x=2e5, b=0)
        assert first["dot"] == second["dot"]
        assert first["nodes"] != second["nodes"]
        assert told("w*x - b", w=1, x=2, b=3)["layout"] != first["layout"]

    def test_each_node_and_edge_can_be_found_in_it(self, default):
        dot = default["dot"]
        assert f'id="{default["layout"]}"' in dot
        layout = default["layout"]
        assert [f'{layout}_{i} [id="n{i}"' in dot for i in range(7)] == [True] * 7
        assert [edge["id"] for edge in default["edges"]] == ["e4-0", "e4-1", "e5-0", "e5-1", "e6-0", "e6-1"]
        arrows = [f'{layout}_{edge["from"]} -> {layout}_{edge["to"]} [id="{edge["id"]}"' for edge in default["edges"]]
        assert all(arrow in dot for arrow in arrows)
        assert dot.isascii()

    def test_an_operand_used_twice_has_two_edges_and_a_constant_none(self):
        message = told("2x*x", x=3)
        assert [(edge["id"], edge["from"], edge["to"]) for edge in message["edges"]] == [
            ("e1-1", 0, 1),
            ("e2-0", 1, 2),
            ("e2-1", 0, 2),
        ]

    def test_numbers_fit_into_the_room_that_is_kept(self):
        for value in (-1.23456e-7, 123456.789, -99999.4, 1e300):
            message = told("x + y", x=value, y=value)
            assert all(len(node["value"]) <= 9 for node in message["nodes"])

    def test_it_is_json_even_where_nothing_has_a_value(self):
        message = told("log(x)/y", x=-1, y=0)
        assert not re.search("NaN|Infinity", json.dumps(message))
