"""How a landscape curves at a point: eigenvalues and eigenvectors of the Hessian, and the kind of point they make."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

STATIONARY = (
    1e-6  # the gradient at which runs stop by default; more where the curvature is so large that θ's digits end
)
FLAT = 1e-9  # smaller than this part of the other curvature, a curvature cannot be told from 0
ROUNDING = 2 * np.finfo(float).eps  # smaller than this part of the other curvature, one is 0 but for rounding
NEAR = 1e-2  # a small gradient with the nearest stationary point farther away than this belongs to a plateau


class PointKind(StrEnum):
    """What a point is, judged by its gradient and its curvatures."""

    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    SADDLE = "saddle"
    FLAT = "flat"  # hardly a gradient, and no curvature in some direction: second derivatives do not decide
    SLOPE = "slope"  # not stationary
    UNDEFINED = "undefined"  # no finite gradient or Hessian


KINDS = np.array([*PointKind], dtype=object)


@dataclass(frozen=True, eq=False)
class Curvature:
    """The Hessian at points of shape lanes, by its principal axes; NaN where it is not finite.

    eigenvalues (2, *lanes) ascend. eigenvectors (2, 2, *lanes): [:, i] is the unit vector of eigenvalue i, and points
    to the right, or straight up. gradient (2, *lanes).
    """

    gradient: Array
    eigenvalues: Array
    eigenvectors: Array

    @property
    def condition_number(self) -> Array:
        """max|λ| / min|λ|, shape lanes; inf for a Hessian that is singular to rounding, as for numpy's matrix_rank."""
        smaller, larger = np.sort(np.abs(self.eigenvalues), axis=0)
        with np.errstate(all="ignore"):
            ratio: Array = np.where(smaller <= ROUNDING * larger, np.inf, larger / smaller)
        return ratio[()]

    @property
    def kind(self) -> Any:
        """The PointKind of one point, or an array of them, shape lanes."""
        return self.kind_within(STATIONARY)

    def kind_within(self, tolerance: float) -> Any:
        """The same where gradients below another length than 1e-6 are none, as of a loss in tiny units."""
        low, high = self.eigenvalues
        bend = np.abs(self.eigenvalues)
        with np.errstate(all="ignore"):
            slope = np.abs(np.einsum("i...,ij...->j...", self.gradient, self.eigenvectors))
        answers = [
            (PointKind.UNDEFINED, ~np.isfinite(bend + slope).all(axis=0)),
            (PointKind.SLOPE, (slope > tolerance * (1 + bend)).any(axis=0)),
            (PointKind.FLAT, (bend.min(axis=0) <= FLAT * bend.max(axis=0)) | (slope > NEAR * bend).any(axis=0)),
            (PointKind.MINIMUM, low > 0),
            (PointKind.MAXIMUM, high < 0),
        ]
        places = [[*PointKind].index(kind) for kind, _ in answers]
        return KINDS[np.select([holds for _, holds in answers], places, [*PointKind].index(PointKind.SADDLE))]


def curvature(objective: Any, theta: ArrayLike) -> Curvature:
    """The Curvature of an objective with `gradient` and `hessian` at θ (2, *lanes): one point, a path or a grid."""
    theta = np.asarray(theta, dtype=np.float64)
    return Curvature(objective.gradient(theta), *principal_axes(objective.hessian(theta)))


def principal_axes(hessian: Array) -> tuple[Array, Array]:
    """Ascending eigenvalues (2, *lanes) and unit eigenvectors (2, 2, *lanes) of symmetric matrices (2, 2, *lanes).

    In closed form. The eigenvalue of larger size is a sum without cancellation and the other one follows from the
    determinant, as in LAPACK's dlaev2; the eigenvectors follow from the half angle.
    """
    with np.errstate(all="ignore"):
        size = np.abs(hessian).max(axis=(0, 1))
        size = np.where(size > 0, size, 1.0)
        (a, b), (_, c) = np.where(np.isfinite(size), hessian / size, np.nan)

        half = (a - c) / 2
        radius = np.hypot(half, b)
        outer = (a + c) / 2 + np.copysign(radius, a + c)
        larger, smaller = np.where(np.abs(a) >= np.abs(c), (a, c), (c, a))
        inner = np.where(outer == 0, 0.0, larger / outer * smaller - b / outer * b)
        eigenvalues = np.sort(np.stack([inner, outer]), axis=0) * size

        x, y = np.where(half >= 0, (half + radius, b), (b, radius - half))  # along the larger eigenvalue
        x = np.where(radius == 0, 1.0, x)
        sign = np.where((x < 0) | ((x == 0) & (y < 0)), -1.0, 1.0)
        x, y = sign * x / np.hypot(x, y), sign * y / np.hypot(x, y)
        turn = np.where(y > 0, 1.0, -1.0)  # the other axis, to the right as well
        eigenvectors = np.stack([np.stack([turn * y, x]), np.stack([-turn * x, y])]) + 0.0
    return eigenvalues, eigenvectors
