"""Where in a view a landscape has no slope: its minima, saddle points and maxima, found from the whole view at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.analysis.curvature import PointKind, curvature
from landscape.analysis.field import View

__all__ = ["StationaryPoints", "stationary_points"]

Array = NDArray[np.float64]
Points = tuple[tuple[float, float], ...]

SIDE = 41  # starts along each side of the view
STEPS = 30  # Newton's method doubles the digits with every step, once it is near
NEAR = 1e-5  # of the view: points closer than this are one
SETTLED = 1e-9  # of the view: a last step this short is an arrival


@dataclass(frozen=True)
class StationaryPoints:
    """The points (x, y) of a view in which the gradient is 0 and the Hessian says what they are, from left to right."""

    minima: Points
    saddles: Points
    maxima: Points


def stationary_points(objective: Any, view: View) -> StationaryPoints:
    """The stationary points of an objective in a view ((x0, x1), (y0, y1)) whose Hessian is not singular.

    Newton's method (Nocedal and Wright, Numerical Optimization, 2006, section 11.1) on ∇f = 0, from 41 × 41 starts at
    once. A point whose neighbourhood is narrower than the mesh can be missed; none is invented.
    """
    low, high = np.array(view, dtype=np.float64).T
    extent = high - low
    grid = np.meshgrid(*np.linspace(low, high, SIDE).T)
    theta = np.stack([axis.ravel() for axis in grid])
    reach = 3 * extent[:, None] / SIDE  # a longer step leaves the neighbourhood that the Hessian knows of
    moved = np.full(theta.shape, np.inf)
    with np.errstate(all="ignore"):
        for _ in range(STEPS):
            (a, b), (_, c) = objective.hessian(theta)
            p, q = objective.gradient(theta)
            determinant = a * c - b * b
            moved = np.stack([c * p - b * q, a * q - b * p]) / determinant
            moved *= np.minimum(1, (reach / np.abs(moved)).min(axis=0))
            theta = theta - moved
            here = np.isfinite(theta).all(axis=0)
            # Whoever has left the view by half its size does not come back.
            here &= (np.abs(theta - (low + high)[:, None] / 2) <= extent[:, None]).all(axis=0)
            theta, moved = theta[:, here], moved[:, here]
    settled = (np.abs(moved) <= SETTLED * extent[:, None]).all(axis=0)
    inside = ((theta >= low[:, None]) & (theta <= high[:, None])).all(axis=0)
    found = _apart(theta[:, settled & inside], NEAR * extent)
    found = np.where(np.abs(found) <= SETTLED * extent[:, None], 0.0, found)
    kinds = curvature(objective, found).kind

    def of(kind: PointKind) -> Points:
        return tuple((float(x), float(y)) for x, y in found[:, kinds == kind].T)

    return StationaryPoints(of(PointKind.MINIMUM), of(PointKind.SADDLE), of(PointKind.MAXIMUM))


def _apart(theta: Array, near: Array) -> Array:
    """One of every group of points that are nearer to each other than `near` along both axes, sorted."""
    # Hundreds of starts find the same point to all digits; what is left of them is compared one by one.
    theta = theta[:, np.unique(np.round(theta / near[:, None]), axis=1, return_index=True)[1]]
    kept = np.empty((2, 0))
    for point in theta[:, np.lexsort(theta[::-1])].T:
        if not (np.abs(kept - point[:, None]) <= near[:, None]).all(axis=0).any():
            kept = np.column_stack([kept, point])
    return kept
