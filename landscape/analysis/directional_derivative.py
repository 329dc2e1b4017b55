"""The slope in any direction, from the gradient."""

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.objectives.differentiability import Differentiable, is_differentiable


def directional_derivative(gradient: ArrayLike, angle: ArrayLike) -> NDArray[np.float64]:
    """∇f·u = |∇f| cos φ for the unit vector u at an angle, in radians from the x axis; φ is the angle between both.

    gradient: (2,). Returns a slope for each angle, of the angles' shape.
    Source: Nocedal and Wright, Numerical Optimization, 2nd ed., appendix A.2.
    """
    along_x, along_y = np.asarray(gradient, np.float64)
    slope: NDArray[np.float64] = along_x * np.cos(angle) + along_y * np.sin(angle)
    return slope


@dataclass(frozen=True)
class Ascent:
    """How a function rises at a point with a gradient (∂f/∂x, ∂f/∂y). Directions in degrees, anticlockwise from x."""

    gradient: tuple[float, float]

    @classmethod
    def at(cls, f: Differentiable, point: tuple[float, float]) -> Self:
        """By the exact gradient; NaN where there is none, as at a kink."""
        x, y = f.gradient(np.array(point)).tolist() if is_differentiable(f, point) else (math.nan, math.nan)
        return cls((x, y))

    @property
    def length(self) -> float:
        """|∇f|, the largest of all slopes."""
        return math.hypot(*self.gradient)

    @property
    def exists(self) -> bool:
        """Whether there is a steepest direction: the gradient is finite and not 0."""
        return 0 < self.length < math.inf

    @property
    def uphill(self) -> float:
        """The gradient's direction, from 0 to below 360; 0 if there is none."""
        return math.degrees(math.atan2(self.gradient[1], self.gradient[0])) % 360 if self.exists else 0.0

    def between(self, direction: float) -> float:
        """φ, the angle between the gradient and a direction, from 0 to 180."""
        return abs((direction - self.uphill + 180) % 360 - 180)

    def slope(self, direction: float) -> float:
        """The directional derivative; NaN where the gradient is not finite."""
        return (
            float(directional_derivative(self.gradient, math.radians(direction)))
            if self.length < math.inf
            else math.nan
        )
