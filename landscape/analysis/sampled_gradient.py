"""A gradient field from samples alone, as numpy.gradient finds it, beside the exact one."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from landscape.analysis.field import Field, View, field

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Quotient:
    """The difference quotient at one sample: (Σ weight · value) / (divisor · spacing), over neighbours along an axis.

    offsets count samples from this one; weights and divisor are whole numbers.
    """

    offsets: tuple[int, ...]
    weights: tuple[int, ...]
    values: tuple[float, ...]
    divisor: int
    spacing: float


@dataclass(frozen=True, eq=False)
class SampledGradient:
    """What numpy.gradient makes of a grid of losses. exact: the Field at the samples; sampled: (2, rows, columns)."""

    exact: Field
    sampled: Array
    edge_order: Literal[1, 2]

    @property
    def spacing(self) -> tuple[float, float]:
        """The distance between neighbouring samples along x and along y."""
        x, y = self.exact.x, self.exact.y
        return float(x[1] - x[0]), float(y[1] - y[0])

    @property
    def error(self) -> Array:
        """(rows, columns): the length of the difference between both gradients; not finite where one of them is not."""
        with np.errstate(all="ignore"):
            length: Array = np.hypot(*(self.sampled - self.exact.gradient))
        return length

    @property
    def relative_error(self) -> Array:
        """(rows, columns): the error as a part of the longest exact gradient of the grid."""
        magnitude = self.exact.magnitude
        longest = magnitude[np.isfinite(magnitude)].max(initial=0)
        return self.error / (longest or 1.0)

    @property
    def missing(self) -> int:
        """At how many samples there is no error, as one of the two gradients does not exist."""
        return int((~np.isfinite(self.error)).sum())

    @property
    def border(self) -> NDArray[np.bool_]:
        """(rows, columns): the samples that lack a neighbour on one side."""
        border = np.ones(self.exact.loss.shape, bool)
        border[1:-1, 1:-1] = False
        return border

    def worst(self, among: NDArray[np.bool_]) -> tuple[int, int] | None:
        """Row and column of the largest error among some of the samples; None if none of them has a value."""
        error = np.where(among & np.isfinite(self.error), self.error, -1.0)
        row, column = np.unravel_index(error.argmax(), error.shape)
        return (int(row), int(column)) if error[row, column] >= 0 else None

    def nearest(self, point: tuple[float, float]) -> tuple[int, int]:
        """Row and column of the sample nearest to a point (x, y)."""
        return int(abs(self.exact.y - point[1]).argmin()), int(abs(self.exact.x - point[0]).argmin())

    def quotient(self, sample: tuple[int, int], axis: Literal[0, 1]) -> Quotient:
        """How the component along x (axis 0) or y (axis 1) comes about at the sample (row, column)."""
        row, column = sample
        line, place = (self.exact.loss[row], column) if axis == 0 else (self.exact.loss[:, column], row)
        inwards = 1 if place == 0 else -1
        offsets: tuple[int, ...] = (1, -1)
        weights, divisor = offsets, 2
        if place in (0, line.size - 1):
            steps, factors, divisor = ((0, 1), (-1, 1), 1) if self.edge_order == 1 else ((0, 1, 2), (-3, 4, -1), 2)
            offsets, weights = (tuple(inwards * each for each in part) for part in (steps, factors))
        values = tuple(float(line[place + offset]) for offset in offsets)
        return Quotient(offsets, weights, values, divisor, self.spacing[axis])


def sampled_gradient(
    objective: Any, view: View, shape: tuple[int, int], edge_order: Literal[1, 2] = 1
) -> SampledGradient:
    """The SampledGradient of an objective over view ((x0, x1), (y0, y1)), edges included, at shape (rows, columns).

    Inside, numpy.gradient takes central differences over twice the spacing h, off by h²f‴/6. On the border it takes
    one-sided differences: off by h f″/2 with edge_order 1, by h²f‴/3 with edge_order 2.
    Raises ValueError as `field` does, for an edge_order other than 1 and 2, and for fewer than edge_order + 1 samples.
    Source: numpy.gradient; Quarteroni, Sacco and Saleri, Numerical Mathematics, 2nd ed., section 10.10.
    """
    if edge_order not in (1, 2):
        raise ValueError(f"edge_order must be 1 or 2, not {edge_order!r}.")
    if min(shape) <= edge_order:
        raise ValueError(f"edge_order {edge_order} needs {edge_order + 1} samples each way; there are {min(shape)}.")
    exact = field(objective, view, shape)
    result = SampledGradient(exact, np.empty((2, *shape)), edge_order)
    along_x, along_y = result.spacing
    with np.errstate(all="ignore"):
        result.sampled[1], result.sampled[0] = np.gradient(exact.loss, along_y, along_x, edge_order=edge_order)
    return result
