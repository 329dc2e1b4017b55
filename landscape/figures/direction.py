"""A point on the contour plot with its gradient, its level line and a dial; the slope in every direction."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from landscape.analysis.directional_derivative import Ascent, directional_derivative
from landscape.figures.layout import layout, margin
from landscape.figures.palette import RUNS, THEMES

__all__ = ["DIRECTION", "GRADIENT", "Dial", "directions", "slopes"]

Array = NDArray[np.float64]
Pair = tuple[float, float]

GRADIENT, DIRECTION = RUNS[2], RUNS[1]
"""How the gradient and the chosen direction look, on the plane and beside it."""


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


def directions(dial: Dial, ascent: Ascent, degrees: float, level: Array, *, theme: str, size: int) -> go.Figure:
    """What lies over the contour plot: the level line (2, n), its tangent, the dial, the gradient and a direction.

    The gradient's arrow ends on the circle, so the direction's share of it, |cos φ|, is the length of its shadow.
    """
    colours = THEMES[theme]
    uphill, chosen = GRADIENT.colour[theme], DIRECTION.colour[theme]
    wide = size / 6
    (x, y), turn = dial.centre, np.radians(np.linspace(0, 360, 73))
    traces = [
        _line(level, colours.text, wide),
        _line([x + dial.radius * np.cos(turn), y + dial.radius * np.sin(turn)], colours.mark, wide / 2, dash="dot"),
        _line(np.transpose([dial.centre, dial.at(degrees)]), chosen, wide / 2),
    ]
    label: list[dict[str, Any]] = []
    if ascent.exists:
        up, tip = ascent.uphill, dial.at(ascent.uphill)
        foot = Dial(dial.centre, math.cos(math.radians(ascent.between(degrees))) * dial.radius).at(degrees)
        across = [Dial(dial.centre, 1.4 * dial.radius).at(up + side) for side in (90, -90)]
        traces += [
            _line(np.transpose(across), colours.text, wide / 2, dash="dash"),
            _line(np.transpose([tip, foot]), uphill, wide / 2, dash="dot"),
            _line(np.transpose([dial.centre, tip]), uphill, 1.2 * wide),
            _arrow_head(tip, up, uphill, size),
            _line(np.transpose([dial.centre, foot]), chosen, 2.2 * wide),
        ]
        left = 90 < up < 270
        label = [
            {
                "x": tip[0],
                "y": tip[1],
                "text": "∇f",
                "showarrow": False,
                "xanchor": "right" if left else "left",
                "yanchor": "bottom" if up <= 180 else "top",
                "xshift": -size / 2 if left else size / 2,
                "font": {"color": uphill, "size": size + 4},
                "bgcolor": colours.page,
                "opacity": 0.9,
            }
        ]
    return go.Figure(data=traces, layout={"template": "none", "annotations": label})


def slopes(ascent: Ascent, *, theme: str, size: int, words: dict[str, str]) -> go.Figure:
    """The slope in every direction: a cosine, highest along the gradient. `words`: x, y, up, down of the figure."""
    colours = THEMES[theme]
    angles = np.arange(0, 361, 3.0)
    with np.errstate(invalid="ignore"):
        values = directional_derivative(ascent.gradient, np.radians(angles))
    most = ascent.length if ascent.exists else 1.0
    places = [
        (ascent.uphill, words["up"], GRADIENT.colour[theme]),
        ((ascent.uphill + 180) % 360, words["down"], colours.text),
    ]
    axis = {"gridcolor": colours.rule, "fixedrange": True}
    cosine = go.Scatter(
        x=angles.astype(np.float32),
        y=values.astype(np.float32),
        mode="lines",
        name="slope",
        line={"color": DIRECTION.colour[theme], "width": size / 5, "simplify": False},
        hovertemplate="%{x:.0f}°: %{y:.4g}<extra></extra>",
    )
    return go.Figure(
        data=[cosine],
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
                "range": [-1.25 * most, 1.25 * most],
                "title": {"text": words["y"], "standoff": 4},
                "zerolinecolor": colours.text,
                "zerolinewidth": 1,
                "exponentformat": "power",
                "nticks": 6,
            },
            "shapes": [
                {
                    "type": "line",
                    "x0": place,
                    "x1": place,
                    "y0": 0,
                    "y1": 1,
                    "yref": "paper",
                    "line": {"color": colour, "width": size / 8, "dash": "dot"},
                }
                for place, _word, colour in places
                if ascent.exists
            ],
            "annotations": [
                {
                    "x": place,
                    "y": 1,
                    "yref": "paper",
                    "yanchor": "top",
                    "xanchor": "left" if place < 270 else "right",
                    "text": word,
                    "showarrow": False,
                    "font": {"color": colour, "size": size},
                }
                for place, word, colour in places
                if ascent.exists
            ],
            "margin": margin(size, left=4.6) | {"r": 1.5 * size},
            "dragmode": False,
        },
    )


def _line(points: Any, colour: str, width: float, dash: str = "solid") -> go.Scatter:
    x, y = np.asarray(points, np.float32)
    return go.Scatter(
        x=x, y=y, mode="lines", line={"color": colour, "width": width, "dash": dash}, hoverinfo="skip", cliponaxis=True
    )


def _arrow_head(tip: Pair, degrees: float, colour: str, size: int) -> go.Scatter:
    return go.Scatter(
        x=[tip[0]],
        y=[tip[1]],
        mode="markers",
        # Plotly turns a marker clockwise from "up".
        marker={"symbol": "arrow", "size": size, "angle": 90 - degrees, "color": colour},
        hoverinfo="skip",
    )
