"""A point on the contour plot with its gradient, its level line and a dial; the slope in every direction.

What moves with the point and with the direction is laid over the figures as lines.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from landscape.analysis.directional_derivative import Ascent, directional_derivative
from landscape.figures.layout import layout, margin
from landscape.figures.line import Line
from landscape.figures.palette import RUNS, THEMES

__all__ = ["COSINE", "DIRECTION", "GRADIENT", "Dial", "cosine", "directions", "slopes", "steepest"]

Array = NDArray[np.float64]
Pair = tuple[float, float]

GRADIENT, DIRECTION = RUNS[2], RUNS[1]
"""How the gradient and the chosen direction look, on the plane and beside it."""

NARROW = 20  # degrees between two directions whose names would lie over one another

COSINE = "cosine"
"""The key of the line of slopes."""


@dataclass(frozen=True)
class Dial:
    """A circle around a point, in the plane's coordinates, on which a direction is turned."""

    centre: Pair
    radius: float

    def at(self, degrees: float) -> Pair:
        """The point of the circle in a direction, counted anticlockwise from the x axis."""
        turn = math.radians(degrees)
        return self.centre[0] + self.radius * math.cos(turn), self.centre[1] + self.radius * math.sin(turn)

    def degrees(self, x: float, y: float) -> float:
        """The direction in which a point lies, from 0 to below 360, in whole degrees."""
        return round(math.degrees(math.atan2(y - self.centre[1], x - self.centre[0]))) % 360.0


def directions(dial: Dial, ascent: Ascent, degrees: float, level: Array, *, theme: str, size: int) -> list[Line]:
    """What lies over the contour plot: the level line (2, n), its tangent, the dial, the gradient and a direction.

    The gradient's arrow ends on the circle, so the direction's share of it, |cos φ|, is the length of its shadow.
    """
    colours = THEMES[theme]
    uphill, chosen = GRADIENT.colour[theme], DIRECTION.colour[theme]
    wide = size / 6
    (x, y), turn = dial.centre, np.radians(np.linspace(0, 360, 73))
    lines = [
        _line(level.astype(np.float32), colours.text, wide),
        Line(x + dial.radius * np.cos(turn), y + dial.radius * np.sin(turn), colours.mark, wide / 2, dash="dot"),
        _line(np.transpose([dial.centre, dial.at(degrees)]), chosen, wide / 2),
    ]
    if ascent.exists:
        up, tip = ascent.uphill, dial.at(ascent.uphill)
        foot = Dial(dial.centre, math.cos(math.radians(ascent.between(degrees))) * dial.radius).at(degrees)
        # Its name stands where there is room for it beside the gradient's.
        shadow = "|∇f| cos φ" if NARROW < ascent.between(degrees) < 180 - NARROW else ""
        across = [Dial(dial.centre, 1.4 * dial.radius).at(up + side) for side in (90, -90)]
        lines += [
            _line(np.transpose(across), colours.text, wide / 2, dash="dash"),
            _line(np.transpose([tip, foot]), uphill, wide / 2, dash="dot"),
            _line(np.transpose([dial.centre, tip]), uphill, 1.2 * wide, marker="arrow", text="∇f"),
            _line(np.transpose([dial.centre, foot]), chosen, 2.2 * wide, text=shadow),
        ]
    return lines


def steepest(ascent: Ascent) -> float:
    """How far the axis of slopes reaches: at least to the gradient's length, and the same for lengths alike."""
    if not ascent.exists:
        return 1.0
    power = math.ceil(2 * math.log2(ascent.length))
    return 1.2 * math.sqrt(2.0) ** min(power, 2047)


def slopes(reach: float, *, theme: str, size: int, words: dict[str, str]) -> go.Figure:
    """The empty figure of slopes, from −reach to reach, against the direction. `words`: x and y, the axes' titles."""
    colours = THEMES[theme]
    axis = {"gridcolor": colours.rule, "fixedrange": True}
    return go.Figure(
        layout=layout(colours, size)
        | {
            "xaxis": {
                **axis,
                "range": [0, 360],
                "tickvals": [0, 90, 180, 270, 360],
                "ticktext": ["0°", "90°", "180°", "270°", "360°"],
                "title": {"text": words["x"], "standoff": 2},
                "zeroline": False,
            },
            "yaxis": {
                **axis,
                "range": [-reach, reach],
                "title": {"text": words["y"], "standoff": 4},
                "zerolinecolor": colours.text,
                "zerolinewidth": 1,
                "nticks": 6,
            },
            "margin": margin(size, left=4.6) | {"r": 1.5 * size},
            "dragmode": False,
        },
    )


def cosine(ascent: Ascent, reach: float, *, theme: str, size: int) -> list[Line]:
    """The slope in every direction, over that figure: highest along the gradient, lowest against it."""
    angles = np.arange(0, 361, 3.0)
    with np.errstate(invalid="ignore"):
        values = directional_derivative(ascent.gradient, np.radians(angles))
    lines = [Line(angles, values, DIRECTION.colour[theme], size / 5, key=COSINE)]
    if not ascent.exists:
        return lines
    for place, word, colour in (
        (ascent.uphill, "∇f", GRADIENT.colour[theme]),
        ((ascent.uphill + 180) % 360, "−∇f", THEMES[theme].text),
    ):
        aside = 1 if place < 270 else -1  # where there is room for the word
        lines += [
            Line([place, place], [-reach, reach], colour, size / 8, dash="dot"),
            Line([place - aside, place], [0.85 * reach, 0.85 * reach], colour, 0, text=word),
        ]
    return lines


def _line(points: Array | NDArray[np.float32], colour: str, width: float, **more: Any) -> Line:
    x, y = points
    return Line(x, y, colour, width, **more)
