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
    figure = go.Figure(layout={"template": "none"})
    figure.add_trace(_line(level, colours.text, wide))
    figure.add_trace(
        _line([x + dial.radius * np.cos(turn), y + dial.radius * np.sin(turn)], colours.mark, wide / 2, dash="dot")
    )
    if ascent.exists:
        up, tip = ascent.uphill, dial.at(ascent.uphill)
        share = math.cos(math.radians(ascent.between(degrees)))
        foot = Dial(dial.centre, share * dial.radius).at(degrees)
        ends = [Dial(dial.centre, 1.4 * dial.radius).at(up + side) for side in (90, -90)]
        figure.add_traces(
            [
                _line(np.transpose(ends), colours.text, wide / 2, dash="dash"),
                _line(np.transpose([tip, foot]), uphill, wide / 2, dash="dot"),
                _line(np.transpose([dial.centre, tip]), uphill, 1.2 * wide),
                _arrow_head(tip, up, uphill, size),
                _line(np.transpose([dial.centre, dial.at(degrees)]), chosen, wide / 2),
                _line(np.transpose([dial.centre, foot]), chosen, 2.2 * wide),
            ]
        )
        left = math.cos(math.radians(up)) < 0
        figure.add_annotation(
            x=tip[0],
            y=tip[1],
            text="∇f",
            showarrow=False,
            xanchor="right" if left else "left",
            yanchor="bottom" if math.sin(math.radians(up)) >= 0 else "top",
            xshift=-size / 2 if left else size / 2,
            font={"color": uphill, "size": size + 4},
            bgcolor=colours.page,
            opacity=0.9,
        )
    else:
        figure.add_trace(_line(np.transpose([dial.centre, dial.at(degrees)]), chosen, wide / 2))
    return figure


def slopes(ascent: Ascent, *, theme: str, size: int, words: dict[str, str]) -> go.Figure:
    """The slope in every direction: a cosine, highest along the gradient. `words`: x, y, up, down of the figure."""
    colours = THEMES[theme]
    figure = go.Figure(layout=layout(colours, size))
    angles = np.arange(0, 361, 3.0)
    with np.errstate(invalid="ignore"):
        values = directional_derivative(ascent.gradient, np.radians(angles))
    most = ascent.length if ascent.exists else 1.0
    figure.add_trace(
        go.Scatter(
            x=angles,
            y=values,
            mode="lines",
            name="slope",
            line={"color": DIRECTION.colour[theme], "width": size / 5},
            hovertemplate="%{x:.0f}°: %{y:.4g}<extra></extra>",
        )
    )
    if ascent.exists:
        for place, word, colour in (
            (ascent.uphill, words["up"], GRADIENT.colour[theme]),
            ((ascent.uphill + 180) % 360, words["down"], colours.text),
        ):
            figure.add_vline(x=place, line={"color": colour, "width": size / 8, "dash": "dot"})
            figure.add_annotation(
                x=place,
                y=1,
                yref="paper",
                yanchor="top",
                xanchor="left" if place < 270 else "right",
                text=word,
                showarrow=False,
                font={"color": colour, "size": size},
            )
    figure.update_layout(
        xaxis={
            "range": [0, 360],
            "tickvals": [0, 90, 180, 270, 360],
            "ticktext": ["0°", "90°", "180°", "270°", "360°"],
            "title": {"text": words["x"], "standoff": 2},
            "gridcolor": colours.rule,
            "zeroline": False,
            "fixedrange": True,
        },
        yaxis={
            "range": [-1.25 * most, 1.25 * most],
            "title": {"text": words["y"], "standoff": 4},
            "gridcolor": colours.rule,
            "zerolinecolor": colours.text,
            "zerolinewidth": 1,
            "exponentformat": "power",
            "nticks": 6,
            "fixedrange": True,
        },
        margin=margin(size, left=4.6) | {"r": 1.5 * size},
        dragmode=False,
    )
    return figure


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
