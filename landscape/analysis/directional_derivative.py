"""The slope in any direction, from the gradient, where there is one."""

import math
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

NEAR = np.array([1e-6, 1e-9])  # how far around a point its gradient is asked for,
ULPS = np.array([64, 4])  # but at least so many floats
SAME = 1e-7  # what rounding may make of two equal numbers


def directional_derivative(gradient: ArrayLike, angle: ArrayLike) -> NDArray[np.float64]:
    """∇f·u = |∇f| cos φ for the unit vector u at an angle, in radians from the x axis; φ is the angle between both.

    gradient: (2,). Returns a slope for each angle, of the angles' shape.
    Source: Nocedal and Wright, Numerical Optimization, 2nd ed., appendix A.2.
    """
    along_x, along_y = np.asarray(gradient, np.float64)
    slope: NDArray[np.float64] = along_x * np.cos(angle) + along_y * np.sin(angle)
    return slope


class Differentiable(Protocol):
    """What has values and a gradient; at a kink the gradient may be anything."""

    def __call__(self, theta: ArrayLike) -> Any: ...

    def gradient(self, theta: ArrayLike) -> Any: ...


def is_differentiable(f: Differentiable, point: tuple[float, float]) -> bool:
    """Whether f has a gradient at a point: it is finite there, and the values and gradients around come together to it.

    They are asked for in eight directions, at two distances of which the second is far smaller.
    """
    here = np.array(point)
    value, gradient = np.asarray(f(here)), np.asarray(f.gradient(here))
    if not (np.isfinite(value) and np.isfinite(gradient).all()):
        return False
    away = np.maximum(NEAR, np.spacing(np.abs(here).max()) * ULPS)
    angles = np.arange(8) * np.pi / 4
    around = here[:, None, None] + np.stack([np.cos(angles), np.sin(angles)])[:, None] * away[:, None]  # (2, 2, 8)
    with np.errstate(all="ignore"):
        gap = np.abs(f(around) - value).max(axis=-1)
        apart = np.hypot(*(f.gradient(around) - gradient[:, None, None])).max(axis=-1)
    steady = gap[1] <= max(0.5 * gap[0], SAME * (1 + abs(float(value))))
    return bool(steady and apart[1] <= max(0.5 * apart[0], SAME * (1 + math.hypot(*gradient))))


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
