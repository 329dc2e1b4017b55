"""Samples, the line that is fitted to them, and how far each is from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from landscape.figures.layout import layout, margin
from landscape.figures.palette import RUNS, THEMES

__all__ = ["LineWords", "line_fit"]

Array = NDArray[np.float64]
MOST_FAINT = 12  # earlier lines


@dataclass(frozen=True)
class LineWords:
    """The words of the legend."""

    samples: str
    line: str
    earlier: str
    errors: str


def line_fit(
    x: Array, y: Array, lines: Sequence[tuple[float, float]], *, theme: str, words: LineWords, size: int = 12
) -> go.Figure:
    """Samples (n,) and lines (slope, intercept), the last as it is now; lines without a finite value are left out."""
    colours, (own, fitted) = THEMES[theme], RUNS[:2]
    reach = np.array([x.min(), x.max()]) + 0.25 * np.ptp(x) * np.array([-1, 1])
    axis = {"gridcolor": colours.rule, "zeroline": False, "linecolor": colours.rule, "fixedrange": True}
    view = {
        "xaxis": {**axis, "title": {"text": "x", "standoff": 2}, "range": reach.tolist(), "nticks": 6},
        "yaxis": {**axis, "title": {"text": "y", "standoff": 4}, "range": [-1.0, 1.25 * float(y.max())], "nticks": 6},
        "showlegend": True,
        "legend": {
            "orientation": "h",
            "x": 0,
            "y": 1,
            "yanchor": "bottom",
            "bgcolor": "rgba(0,0,0,0)",
            "itemclick": False,
            "itemdoubleclick": False,
        },
        "margin": margin(size, left=3.6) | {"t": 2.4 * size},
        "dragmode": False,
    }
    figure = go.Figure(layout=layout(colours, size) | view)
    before = [line for line, after in pairwise(lines) if line != after and np.isfinite(line).all()][-MOST_FAINT:]
    for i, (slope, intercept) in enumerate(before):
        figure.add_scatter(
            x=reach,
            y=slope * reach + intercept,
            mode="lines",
            line={"color": fitted.colour[theme], "width": size / 10, "dash": "dot"},
            opacity=0.55,
            name=words.earlier,
            showlegend=i == 0,
            hoverinfo="skip",
        )
    slope, intercept = lines[-1]
    if np.isfinite([slope, intercept]).all():
        figure.add_scatter(
            x=np.repeat(x, 3),
            y=np.stack([y, slope * x + intercept, np.full_like(x, np.nan)], 1).ravel(),
            mode="lines",
            line={"color": colours.muted, "width": size / 7, "dash": "dash"},
            name=words.errors,
            hoverinfo="skip",
        )
        figure.add_scatter(
            x=reach,
            y=slope * reach + intercept,
            mode="lines",
            line={"color": fitted.colour[theme], "width": size / 4.5},
            name=words.line,
            hovertemplate="x = %{x:.4g}<br>ŷ = %{y:.5g}<extra></extra>",
        )
    figure.add_scatter(
        x=x,
        y=y,
        mode="markers",
        marker={"color": own.colour[theme], "size": 0.9 * size, "symbol": own.symbol},
        name=words.samples,
        hovertemplate="x = %{x}<br>y = %{y}<extra></extra>",
    )
    return figure
