"""A raster of cells laid over a figure: painted by the page itself, as a line is."""

from dataclasses import dataclass
from typing import Any

__all__ = ["Cells"]


@dataclass(frozen=True)
class Cells:
    """Cells of one size from `x` to `x` and from `y` to `y`, (left, right) and (bottom, top) in the figure's data.

    `shares` is (rows, columns), the first row below: 0 has the first of the two `colours` and 1 the second; where it is
    not finite a cell is `missing`. `gap` is the width of the lines between them, in pixels.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    shares: Any
    colours: tuple[str, str]
    missing: str
    gap: float = 0.0
