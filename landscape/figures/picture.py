"""picture: a named function as a small image without axes, to choose it by."""

import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.analysis.field import field
from landscape.analysis.opening import opening
from landscape.figures.height import Height
from landscape.figures.palette import THEMES
from landscape.objectives.functions import Function

__all__ = ["picture"]

SIZE = 176  # pixels, two of a dense screen's for each of the 88 that it is shown at
LINES = 9
WIDTH = 1.5  # of a line, in pixels
SHADES = 4  # between a band of the landscape and the line at its edge


def picture(function: Function, theme: str) -> bytes:
    """The contour plot of a function over the view that it opens with, as a PNG."""
    shown = field(function, opening(function).view, (SIZE, SIZE))
    minima = tuple(float(function(minimum)) for minimum in function.minima)
    heights = Height.of(shown.loss, minima=minima, logarithmic=function.logarithmic)(shown.loss)[::-1]
    # Nine lines at equal distances of height miss shallow wells, and with equally much ground between them they show
    # wells on a plateau that has none: half way between the two they tell a landscape from the others.
    parts = np.linspace(0, 1, LINES + 2)
    low, high = heights.min(), heights.max()
    level = np.interp(heights, (low + parts * (high - low) + np.quantile(heights, parts)) / 2, np.arange(LINES + 2))
    band = np.clip(np.floor(level), 0, LINES).astype(int)
    # How far away the nearest line is, in pixels, is how far away its level is over how fast levels change.
    slope = np.hypot(*np.gradient(level))
    edge = np.clip(np.rint(level), 1, LINES)
    away = np.abs(level - edge) / np.maximum(slope, 1e-12)
    shade = np.rint(np.clip(0.5 + WIDTH / 2 - away, 0, 1) * SHADES).astype(int)
    return _png(band * (SHADES + 1) + shade, _palette(theme))


def _palette(theme: str) -> NDArray[np.uint8]:
    """(bands · shades, 3): each band's colour, and its way to the colour of the lines."""
    places, colours = zip(*THEMES[theme].landscape, strict=True)
    stops, line = np.array([_rgb(colour) for colour in colours]), _rgb(THEMES[theme].contour)
    middles = (np.arange(LINES + 1) + 0.5) / (LINES + 1)
    bands = np.stack([np.interp(middles, places, channel) for channel in stops.T], axis=-1)[:, None]
    part = np.linspace(0, 1, SHADES + 1)[:, None]
    mixed: NDArray[np.uint8] = np.rint(bands + (line - bands) * part).astype(np.uint8).reshape(-1, 3)
    return mixed


def _rgb(colour: str) -> NDArray[np.float64]:
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], dtype=float)


def _png(index: NDArray[Any], palette: NDArray[np.uint8]) -> bytes:
    """Pixels that number the colours of a palette, as PNG's own chunks."""
    rows, columns = index.shape
    lines = np.insert(index.astype(np.uint8), 0, 0, axis=1)  # each begins with its filter: none
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0)),
        (b"PLTE", palette.tobytes()),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
