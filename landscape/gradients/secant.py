"""A difference quotient at one point with all its numbers: the secant that turns into the tangent."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from landscape.gradients.numerical import DIFFERENCES, numerical_gradient

__all__ = ["Secant", "secant"]


@dataclass(frozen=True)
class Secant:
    """A difference quotient and what it is made of.

    points, values: where the function was asked, from left to right, and what it answered; one point off the real
    line for the complex step. slope: the quotient. exact: the derivative. All float64, NaN where there is none.
    """

    method: str
    x: float
    h: float
    points: tuple[complex, ...]
    values: tuple[complex, ...]
    slope: float
    exact: float

    @property
    def error(self) -> float:
        """How far the slope is off."""
        return abs(self.slope - self.exact)

    @property
    def through(self) -> tuple[float, float]:
        """A point of the line, as (x, y): the left one, or the middle one for the complex step."""
        return self.points[0].real, self.values[0].real

    @property
    def end(self) -> tuple[float, float] | None:
        """The point beside x that the line goes through, as (x, y); None for the complex step."""
        if len(self.points) < 2:
            return None
        at = 0 if DIFFERENCES[self.method].steps[-1] == 0 else -1
        return self.points[at].real, self.values[at].real

    @property
    def divisor(self) -> float:
        """What the quotient divides by: h, or 2h."""
        steps = DIFFERENCES[self.method].steps
        return self.h * (abs(steps[-1] - steps[0]) or 1)

    def line(self, x: Any) -> Any:
        """The secant's height at x, of any shape."""
        left, value = self.through
        with np.errstate(all="ignore"):  # a slope of ∞, or near it
            return value + self.slope * (x - left)

    @property
    def same(self) -> bool:
        """Is h so small that both points are one and the same number, or nothing is left of it?"""
        return len(set(self.points)) < len(DIFFERENCES[self.method].steps)

    @property
    def stairs(self) -> bool:
        """Is h so small that the spacing of 64-bit numbers around x shows beside it?"""
        return self.h < 64 * float(np.spacing(abs(self.x)))


def secant(
    function: Callable[[Any], Any], x: float, h: float, method: str = "central", *, exact: float = np.nan
) -> Secant:
    """The difference quotient of a function of one variable at x, with its numbers beside the exact derivative.

    Raises ValueError as numerical_gradient does.
    """
    slope = numerical_gradient(function, x, h, method)
    points = tuple(x + step * h for step in DIFFERENCES[method].steps)
    with np.errstate(all="ignore"):
        values = tuple(complex(function(np.asarray(point)[()])) for point in points)
    return Secant(method, x, h, points, values, slope, exact)
