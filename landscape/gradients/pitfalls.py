"""Two numerical gradients that go wrong in silence. They are here to be looked at; numerical_gradient is right."""

from collections.abc import Callable
from typing import Any

import numpy as np


def in_place_gradient(function: Callable[[Any], Any], theta: Any, h: float = 1e-4) -> Any:
    """Central differences that move θ itself, one entry at a time: right for a vector of floats, and only there.

    In an array of whole numbers, 3 + 0.0001 is stored as 3 and 3 − 0.0001 as 2, so the difference is that of a whole
    step, divided by 0.0002. An index into a matrix is a whole row, and there are fewer rows than entries: IndexError.
    """
    gradient = np.zeros_like(theta)
    for i in range(theta.size):
        before = theta[i]
        theta[i] = before + h
        ahead = function(theta)
        theta[i] = before - h
        behind = function(theta)
        gradient[i] = (ahead - behind) / (2 * h)
        theta[i] = before
    return gradient


def scalar_gradient(function: Callable[[float], float], theta: float) -> Any:
    """NumPy's gradient of one function value: empty, for it takes differences of neighbours and one value has none."""
    return np.gradient(function(theta))
