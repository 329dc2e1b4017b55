"""BatchedLoss: a regression's loss over consecutive batches of samples, made ready for quick updates.

The gradient of a squared loss needs five sums over a batch, Σ u², Σ uv, Σ v², Σ ut, Σ vt, whatever the batch's size,
and the sums of all batches are found at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import copysign

import numpy as np
from numpy.typing import NDArray

from landscape.objectives.sample_loss import LOSSES, SampleLoss

__all__ = ["BatchedLoss"]

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
OnFloats = Callable[[int, float, float], tuple[float, float]]
InLanes = Callable[[int, Array], Array]


@dataclass(frozen=True, eq=False)
class BatchedLoss:
    """The mean over each batch of ℓ(u p + v q − t), plus the penalties, over θ = (p, q).

    Batch k is indices[..., starts[k] : starts[k + 1]], the last one all the rest.
    """

    rows: Array
    """(n, 2): u and v of every sample."""
    targets: Array
    """(n,): t."""
    sample_loss: SampleLoss
    l2: Array
    """(2,): the strength of the penalty on p² and on q²."""
    l1: Array
    """(2,): the strength of the penalty on |p| and on |q|."""
    indices: Indices
    """(*lanes, m)."""
    starts: Indices
    """(batches,)."""

    def gradient_on_floats(self) -> OnFloats:
        """A function (k, p, q) -> the gradient of batch k, on plain floats; for indices of shape (m,)."""
        if self._squared:
            gradient = self._squares_on_floats()
        elif len(self.starts) == len(self.indices):
            gradient = self._single_samples_on_floats()
        else:
            gradient = self._samples_on_floats()
        if not self.l1.any():
            return gradient
        l1_p, l1_q = self.l1.tolist()

        def with_l1(k: int, p: float, q: float) -> tuple[float, float]:
            in_p, in_q = gradient(k, p, q)
            return in_p + (copysign(l1_p, p) if p else 0.0), in_q + (copysign(l1_q, q) if q else 0.0)

        return with_l1

    def gradient_in_lanes(self) -> InLanes:
        """A function (k, θ) -> the gradient of every lane's batch k, both (2, lanes); for indices (lanes, m)."""
        gradient = self._squares_in_lanes() if self._squared else self._samples_in_lanes()
        if not self.l1.any():
            return gradient
        l1 = self.l1[:, None]

        def with_l1(k: int, theta: Array) -> Array:
            total: Array = gradient(k, theta) + l1 * np.sign(theta)
            return total

        return with_l1

    def losses(self, theta: Array) -> Array:
        """The loss of each batch at a point of its own, θ (2, batches) -> (batches,); for indices of shape (m,)."""
        u, v, t = self._gathered
        p, q = np.repeat(theta, self._sizes, axis=1)
        with np.errstate(all="ignore"):
            value = np.add.reduceat(self.sample_loss.value(u * p + v * q - t), self.starts) / self._sizes
            losses: Array = value + self.l2 @ (theta * theta) + self.l1 @ np.abs(theta)
        return losses

    @property
    def _squared(self) -> bool:
        return self.sample_loss is LOSSES["squared"]

    @cached_property
    def _sizes(self) -> Indices:
        return np.diff(self.starts, append=self.indices.shape[-1])

    @property
    def _gathered(self) -> tuple[Array, Array, Array]:
        """u, v and t of the batches' samples, each (*lanes, m)."""
        u, v = self.rows.T.copy()
        return u[self.indices], v[self.indices], self.targets[self.indices]

    @property
    def _sums(self) -> Array:
        """Twice the means of u², uv, v², ut and vt over each batch, the first and third with l2: (5, *lanes, batches).

        Of such sums is the gradient: (Σ u² p + Σ uv q − Σ ut, Σ uv p + Σ v² q − Σ vt).
        """
        (u, v), t = self.rows.T, self.targets
        products = np.stack([u * u, u * v, v * v, u * t, v * t])
        sums: Array = np.add.reduceat(np.take(products, self.indices, axis=1), self.starts, axis=-1)
        sums *= 2 / self._sizes
        sums[0] += 2 * self.l2[0]
        sums[2] += 2 * self.l2[1]
        return sums

    def _squares_on_floats(self) -> OnFloats:
        sums = self._sums.T.tolist()

        def gradient(k: int, p: float, q: float) -> tuple[float, float]:
            uu, uv, vv, ut, vt = sums[k]
            return uu * p + uv * q - ut, uv * p + vv * q - vt

        return gradient

    def _single_samples_on_floats(self) -> OnFloats:
        samples = np.stack(self._gathered, axis=1).tolist()
        slope_at = self.sample_loss.slope_on_floats
        l2_p, l2_q = (2 * self.l2).tolist()

        def gradient(k: int, p: float, q: float) -> tuple[float, float]:
            u, v, t = samples[k]
            slope = slope_at(u * p + v * q - t)
            return u * slope + l2_p * p, v * slope + l2_q * q

        return gradient

    def _samples_on_floats(self) -> OnFloats:
        u, v, t = self._gathered
        starts, ends = self.starts.tolist(), (self.starts + self._sizes).tolist()
        slope_at = self.sample_loss.slope
        l2_p, l2_q = (2 * self.l2).tolist()

        def gradient(k: int, p: float, q: float) -> tuple[float, float]:
            start, end = starts[k], ends[k]
            batch_u, batch_v = u[start:end], v[start:end]
            slope = slope_at(batch_u * p + batch_v * q - t[start:end])
            size = end - start
            return float(batch_u @ slope) / size + l2_p * p, float(batch_v @ slope) / size + l2_q * q

        return gradient

    def _squares_in_lanes(self) -> InLanes:
        uu, uv, vv, ut, vt = np.moveaxis(self._sums, -1, 1)  # each (batches, lanes)
        along, across, aside = np.stack([uu, vv], axis=1), uv[:, None].copy(), np.stack([ut, vt], axis=1)

        def gradient(k: int, theta: Array) -> Array:
            slope: Array = along[k] * theta + across[k] * theta[::-1] - aside[k]
            return slope

        return gradient

    def _samples_in_lanes(self) -> InLanes:
        u, v, t = self._gathered
        starts, ends = self.starts.tolist(), (self.starts + self._sizes).tolist()
        l2 = 2 * self.l2[:, None]

        def gradient(k: int, theta: Array) -> Array:
            batch = slice(starts[k], ends[k])
            batch_u, batch_v = u[:, batch], v[:, batch]
            slope = self.sample_loss.slope(batch_u * theta[0, :, None] + batch_v * theta[1, :, None] - t[:, batch])
            slope /= batch.stop - batch.start
            return np.stack([(batch_u * slope).sum(axis=1), (batch_v * slope).sum(axis=1)]) + l2 * theta

        return gradient
