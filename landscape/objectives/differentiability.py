"""Where a function has a derivative: at a kink, a jump or an edge of its domain its exact gradient means nothing."""

from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["SAME", "Differentiable", "around", "come_together", "is_differentiable"]

SAME = 1e-7  # what rounding may make of two equal numbers
NEAR = np.array([1e-6, 1e-9])  # how far beside a point one looks,
ULPS = np.array([64, 4])  # but at least so many floats


class Differentiable(Protocol):
    """What has values and a gradient; at a kink the gradient may be anything."""

    def __call__(self, theta: ArrayLike) -> Any: ...

    def gradient(self, theta: ArrayLike) -> Any: ...


def around(x: float) -> NDArray[np.float64]:
    """Two distances from x, (2,), the second far smaller; x moved by either is another float."""
    distances: NDArray[np.float64] = np.maximum(NEAR, np.spacing(abs(x)) * ULPS)
    return distances


def come_together(apart: ArrayLike, size: ArrayLike) -> NDArray[np.bool_]:
    """Whether what lies `apart` at both distances, (2, *lanes), is one at the point, where it has this size, (*lanes).

    NaN comes together with nothing.
    """
    far, near = np.asarray(apart)
    together: NDArray[np.bool_] = near <= np.maximum(0.5 * far, SAME * (1 + np.abs(size)))
    return together


def is_differentiable(f: Differentiable, point: tuple[float, float]) -> bool:
    """Whether f has a gradient at a point: it is finite there, and the values and gradients around come together to it.

    They are asked for in eight directions, at two distances.
    """
    here = np.array(point)
    value, gradient = np.asarray(f(here)), np.asarray(f.gradient(here))
    if not (np.isfinite(value) and np.isfinite(gradient).all()):
        return False
    angles = np.arange(8) * np.pi / 4
    ring = np.stack([np.cos(angles), np.sin(angles)])[:, None]
    places = here[:, None, None] + ring * around(float(np.abs(here).max()))[:, None]  # (2, 2 distances, 8 directions)
    with np.errstate(all="ignore"):
        gaps = np.abs(f(places) - value).max(axis=-1)
        apart = np.abs(f.gradient(places) - gradient[:, None, None]).max(axis=-1)
    return bool(come_together(gaps, value) and come_together(apart.T, gradient).all())
