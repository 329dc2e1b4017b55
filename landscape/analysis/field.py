"""The loss and its exact gradient on a grid: what contours, surfaces and arrows are drawn from."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
View = tuple[tuple[float, float], tuple[float, float]]

FARTHEST = 1e12  # no run goes beyond it with the usual Stopping, and squares are still far from overflow


@dataclass(frozen=True, eq=False)
class Field:
    """Loss (rows, columns) and gradient (2, rows, columns) over x (columns,) and y (rows,); NaN outside the domain."""

    x: Array
    y: Array
    loss: Array
    gradient: Array

    @property
    def magnitude(self) -> Array:
        """(rows, columns): the length of the gradient."""
        with np.errstate(over="ignore"):
            length: Array = np.hypot(*self.gradient)
        return length

    @property
    def direction(self) -> Array:
        """(2, rows, columns): the gradient at length 1; 0 where the gradient is 0, NaN where it is not finite."""
        with np.errstate(all="ignore"):
            largest = np.abs(self.gradient).max(axis=0)
            scaled = self.gradient / np.where(largest == 0, 1.0, largest)  # so that no square over- or underflows
            length = np.hypot(*scaled)
            direction: Array = scaled / np.where(length == 0, 1.0, length)
        return direction


def field(objective: Any, view: View, shape: tuple[int, int] = (121, 121)) -> Field:
    """The Field of an objective over view ((x0, x1), (y0, y1)), edges included, at shape (rows, columns).

    Raises ValueError for a view without area, with an end that is not finite or beyond 1e12, and for a shape
    with fewer than 2 rows or columns.
    """
    rows, columns = shape
    if rows < 2 or columns < 2:
        raise ValueError(f"A field needs at least 2 rows and 2 columns, not {rows} and {columns}.")
    x, y = (_axis(name, *ends, count) for name, ends, count in zip("xy", view, (columns, rows), strict=True))
    theta = np.stack(np.meshgrid(x, y))
    return Field(x, y, objective(theta), objective.gradient(theta))


def _axis(name: str, low: float, high: float, count: int) -> Array:
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError(f"The view must end at finite numbers, but {name} goes from {low:g} to {high:g}.")
    if low >= high:
        raise ValueError(f"The view must go from a smaller to a larger {name}, not from {low:g} to {high:g}.")
    if max(-low, high) > FARTHEST:
        raise ValueError(
            f"The view reaches to {name} = {max(low, high, key=abs):g}; at most {FARTHEST:g} can be shown."
        )
    axis = np.linspace(low, high, count)
    if (np.diff(axis) <= 0).any():
        raise ValueError(
            f"The view is too narrow: {count} different numbers do not fit between {name} = {low!r} and {high!r}."
        )
    return axis
