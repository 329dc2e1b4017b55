"""Kinks, jumps and edges, where an exact gradient means nothing."""

import numpy as np
import pytest

from landscape.objectives.differentiability import is_differentiable
from landscape.objectives.formula import formula
from landscape.objectives.functions import FUNCTIONS


@pytest.mark.parametrize(
    ("text", "point", "smooth"),
    [
        ("abs(x) + abs(y)", (0, 0), False),
        ("sqrt(x^2 + y^2)", (0, 0), False),
        ("abs(x)", (0, 1), False),
        ("abs(x)", (1e-3, 1), True),
        ("sign(x)", (0, 0), False),
        ("1000y^3 + abs(x)", (0, 100), False),
        ("abs(x) + 1e8 y", (0, 0), False),
        ("max(x, y)", (1, 1), False),
        ("1/(x*y)", (0, 0), False),
        ("sqrt(x)", (0, 0), False),
        ("abs(x)^1.5", (0, 0), True),
        ("x^2 + y^2", (0, 0), True),
        ("sin(x)*y", (1e8, 3), True),
        ("1e12 x^2", (1, 1), True),
    ],
)
def test_a_kink_a_jump_and_an_edge_have_no_gradient(text, point, smooth):
    f = formula(text)
    assert is_differentiable(f, point) is smooth


@pytest.mark.parametrize("key", FUNCTIONS)
def test_the_named_functions_have_one_nearly_everywhere(key):
    f = FUNCTIONS[key]
    places = np.random.default_rng(0).uniform(*np.transpose(f.domain), (50, 2))
    assert all(is_differentiable(f, tuple(place)) for place in places)


def test_two_named_functions_have_a_kink_in_their_minimum():
    assert {key for key, f in FUNCTIONS.items() if not all(is_differentiable(f, at) for at in f.minima)} == {
        "ackley",
        "bukin_6",
    }
