"""How high a loss stands in a picture: linear, or logarithmic above the lowest point, with poles cut off."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.figures.numeral import plain

__all__ = ["Height"]

DRAWABLE = 1e38  # a browser draws 32-bit numbers

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Height:
    """The height at which a loss is drawn.

    Linear: the loss itself, cut at `ceiling`. Logarithmic: log10(1 + (loss - lowest) / unit), which is a straight line
    near the lowest point, so that a minimum has a round floor, and a logarithm far above it.
    """

    logarithmic: bool
    lowest: float
    unit: float
    ceiling: float

    @classmethod
    def of(cls, loss: Array, *, minima: tuple[float, ...] = (), logarithmic: bool | None = None) -> "Height":
        """The height that suits a grid of losses; `logarithmic` None chooses by how unevenly they are spread."""
        finite = loss[np.isfinite(loss)].clip(-DRAWABLE, DRAWABLE)
        if not finite.size:
            return cls(bool(logarithmic), 0.0, 1.0, 1.0)
        lowest = min(float(finite.min()), *minima) if minima else float(finite.min())
        low, middle, high = np.quantile(finite, [0.03, 0.5, 0.98])
        spread = float(high - low)
        # A pole or an overflow would press everything else flat.
        ceiling = min(float(finite.max()), float(high) + 3 * spread) if spread > 0 else float(finite.max())
        if logarithmic is None:
            logarithmic = bool(ceiling - lowest > 12 * (middle - lowest))
        unit = float(low - lowest) if low - lowest > 1e-9 * (ceiling - lowest) else 1e-3 * (ceiling - lowest) or 1.0
        return cls(logarithmic, lowest, unit, float(finite.max()) if logarithmic else ceiling)

    def __call__(self, loss: Any) -> Array:
        """Heights of losses of any shape; NaN stays NaN."""
        cut = np.clip(np.asarray(loss, dtype=float), self.lowest, self.ceiling)
        heights: Array = np.log10(1 + (cut - self.lowest) / self.unit) if self.logarithmic else cut
        return heights

    def ticks(self) -> tuple[list[float], list[str]]:
        """Heights and labels for a scale: round losses."""
        if not self.logarithmic:
            return [], []
        first, last = (
            math.ceil(math.log10(self.unit)),
            math.floor(math.log10(max(self.ceiling - self.lowest, self.unit))),
        )
        step = max(1, (last - first) // 4)
        losses = [self.lowest] + [self.lowest + 10.0**power for power in range(first, last + 1, step)]
        labels = [plain(loss, 6 if abs(loss) >= 1000 else 3) for loss in losses]
        return [float(height) for height in self(losses)], labels
