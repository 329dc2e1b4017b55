"""The cloud of gradients: every sample's gradient at one point around their mean, and how batches narrow it.

The gradient of a batch of b samples drawn at random scatters around the whole gradient with the covariance

    Σ / b with replacement,   Σ / b · (n − b) / (n − 1) without,

Σ being that of a single sample's gradient (divided by n). The second factor is the correction for finite populations:
W. G. Cochran, Sampling Techniques (1977), theorem 2.2. So the scatter shrinks as 1/√b, and without replacement to 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.analysis.curvature import principal_axes
from landscape.descent.batches import sample_order

__all__ = ["GradientCloud", "GradientSpread", "gradient_cloud", "gradient_spread"]

CORNERS = 64  # of the polygon that is drawn as an ellipse
FEWEST_DRAWS, MOST_DRAWS = 16, 500  # batches of each size
DRAWN_SAMPLES = 2**20  # in all of them, if that leaves enough

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class GradientCloud:
    """The gradients of all samples at one point. Lengths are those of gradients; penalties count in every sample's."""

    samples: Array
    """(2, n): each sample's gradient."""

    @cached_property
    def whole(self) -> Array:
        """(2,): their mean, the gradient of the loss."""
        mean: Array = self.samples.mean(axis=1)
        return mean

    @cached_property
    def covariance(self) -> Array:
        """(2, 2): Σ, the mean product of the deviations from `whole`."""
        away = self.samples - self.whole[:, None]
        covariance: Array = away @ away.T / away.shape[1]
        return covariance

    @property
    def uphill(self) -> int:
        """How many samples' gradients point against the whole one: a step against one of them goes uphill."""
        return int((self.whole @ self.samples < 0).sum())

    def ellipse(self, batch_size: int = 1, replacement: bool = False) -> Array:
        """(2, 65): a closed line, one standard deviation around `whole` in each direction, of batches of this size."""
        spreads, axes = principal_axes(self.covariance * self._narrowed(batch_size, replacement))
        angle = np.linspace(0, 2 * np.pi, CORNERS + 1)
        along = np.sqrt(np.maximum(spreads, 0))[:, None] * np.array([np.cos(angle), np.sin(angle)])
        line: Array = self.whole[:, None] + axes @ along
        return line

    def spread(self, batch_size: int = 1, replacement: bool = False) -> float:
        """The root mean square distance of a batch's gradient from the whole one."""
        return float(np.sqrt(np.trace(self.covariance) * self._narrowed(batch_size, replacement)))

    def _narrowed(self, batch_size: int, replacement: bool) -> float:
        """The part of a single sample's covariance that is left to a batch."""
        n = self.samples.shape[1]
        if not 1 <= batch_size <= n:
            raise ValueError(f"batch_size must be a whole number from 1 to {n}, but it is {batch_size!r}.")
        return (1.0 if replacement else (n - batch_size) / max(1, n - 1)) / batch_size


@dataclass(frozen=True, eq=False)
class GradientSpread:
    """How far batches' gradients lie from the whole one, by batch size."""

    batch_size: NDArray[np.int64]
    """(m,): 1, 2, 4, … and n."""
    predicted: Array
    """(m,): the root mean square distance by the formula."""
    measured: Array
    """(m,): the same of batches that were drawn, 500 of each size or, of very large data, at least 16."""


def gradient_cloud(loss: Any, theta: Sequence[float]) -> GradientCloud:
    """The GradientCloud of a loss over samples at θ, shape (2,)."""
    return GradientCloud(np.ascontiguousarray(loss.sample_gradients(theta).T))


def gradient_spread(loss: Any, theta: Sequence[float], seed: int = 0, replacement: bool = False) -> GradientSpread:
    """The GradientSpread of a loss over samples at θ, shape (2,), over batches in the order of this seed."""
    cloud = gradient_cloud(loss, theta)
    n = cloud.samples.shape[1]
    sizes = np.array(sorted({*(2**k for k in range(n.bit_length()) if 2**k < n), n}))
    return GradientSpread(
        sizes,
        np.array([cloud.spread(b, replacement) for b in sizes.tolist()]),
        np.array([_measured(cloud, b, seed, replacement) for b in sizes.tolist()]),
    )


def _measured(cloud: GradientCloud, batch_size: int, seed: int, replacement: bool) -> float:
    """Over full batches alone: a short one, where n is no multiple of b, scatters more."""
    n = cloud.samples.shape[1]
    per_epoch, draws = n // batch_size, min(MOST_DRAWS, max(FEWEST_DRAWS, DRAWN_SAMPLES // batch_size))
    drawn = sample_order(n, -(-draws // per_epoch), seed, replacement=replacement)[:, : per_epoch * batch_size]
    away = (cloud.samples - cloud.whole[:, None])[:, drawn.reshape(-1, batch_size)[:draws]].mean(axis=-1)
    return float(np.sqrt((away * away).sum(axis=0).mean()))
