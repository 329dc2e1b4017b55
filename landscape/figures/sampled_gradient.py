"""Two gradient fields over one another, numpy.gradient's and the exact one, and the map of the error."""

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from landscape.analysis.sampled_gradient import SampledGradient
from landscape.figures.layout import TEMPLATE, layout, margin
from landscape.figures.palette import RUNS, THEMES

__all__ = ["EXACT", "SAMPLED", "error_map", "fields"]

Array = NDArray[np.float64]

EXACT, SAMPLED = RUNS[1], RUNS[2]
"""How the two gradients look."""
MOST = 20  # arrows along an axis
SMALLEST = 1e-4  # errors below it look alike


def fields(found: SampledGradient, *, theme: str, size: int) -> go.Figure:
    """What lies over the contour plot: at each sample both arrows from one tail, on one scale, longer if steeper."""
    exact = found.exact
    stride = _stride(found)
    thinned = (slice(None, None, stride), slice(None, None, stride))
    longest = exact.magnitude[np.isfinite(exact.magnitude)].max(initial=0) or 1.0
    cell = 0.95 * stride * min(found.spacing)
    tail = np.stack(np.meshgrid(exact.x, exact.y))[:, *thinned]
    traces = []
    for gradient, style, width in ((exact.gradient, EXACT, size / 4), (found.sampled, SAMPLED, size / 9)):
        arrow = gradient[:, *thinned]
        with np.errstate(all="ignore"):
            length = np.hypot(*arrow)
            # A root, so that gentle slopes are seen beside steep ones.
            head = tail + arrow / length * (length / longest) ** 0.35 * cell
        usable = np.isfinite(head).all(axis=0)
        traces += _arrows(tail[:, usable], head[:, usable], style.colour[theme], width, size)
    return go.Figure(data=traces, layout={"template": TEMPLATE, **_axes(found, theme)})


def _arrows(tail: Array, head: Array, colour: str, width: float, size: int) -> list[go.Scatter]:
    gap = np.full_like(tail[0], np.nan)
    x, y = (np.stack([tail[i], head[i], gap], axis=-1).ravel().astype(np.float32) for i in (0, 1))
    angle = np.degrees(np.arctan2(*(head - tail)))  # as Plotly has it: clockwise from "up"
    marker = {"symbol": "arrow", "size": size * 0.4 + width, "angle": angle.astype(np.float32), "color": colour}
    style: dict[str, Any] = {"hoverinfo": "skip"}
    return [
        go.Scatter(x=x, y=y, mode="lines", line={"color": colour, "width": width}, **style),
        go.Scatter(x=head[0].astype(np.float32), y=head[1].astype(np.float32), mode="markers", marker=marker, **style),
    ]


def error_map(found: SampledGradient, *, theme: str, size: int, error: str, share: str) -> go.Figure:
    """The length of the error at every sample, as a part of the longest gradient, on a logarithmic scale.

    `error` and `share` are the words for both. Samples without an error have a colour that is none of the scale's.
    """
    colours, exact = THEMES[theme], found.exact
    with np.errstate(all="ignore"):
        decades = np.log10(found.relative_error.clip(SMALLEST, 1))
        decades = np.where(np.isfinite(found.error), decades, np.nan).astype(np.float32)
        length = found.error.astype(np.float32)
    errors = go.Heatmap(
        x=exact.x,
        y=exact.y,
        z=decades,
        customdata=length,
        zmin=np.log10(SMALLEST),
        zmax=0,
        colorscale=[[0, colours.panel], [1, SAMPLED.colour[theme]]],
        hovertemplate=f"x = %{{x:.4g}}, y = %{{y:.4g}}<br>{error} %{{customdata:.4g}}<extra></extra>",
        xgap=1 if _stride(found) == 1 else 0,
        ygap=1 if _stride(found) == 1 else 0,
        colorbar={
            "tickvals": [-4, -3, -2, -1, 0],
            "ticktext": ["≤ 0.01 %", "0.1 %", "1 %", "10 %", "≥ 100 %"],
            "thickness": size,
            "title": {"text": share, "side": "right"},
            "outlinewidth": 0,
        },
    )
    without = go.Heatmap(
        x=exact.x,
        y=exact.y,
        z=np.where(np.isfinite(found.error), np.nan, 0).astype(np.float32),
        colorscale=[[0, colours.muted], [1, colours.muted]],
        hovertemplate="x = %{x:.4g}, y = %{y:.4g}<br>–<extra></extra>",
        showscale=False,
        xgap=errors.xgap,
        ygap=errors.ygap,
    )
    return go.Figure(
        data=[errors, without] if found.missing else [errors],
        layout=layout(colours, size) | _axes(found, theme) | {"margin": margin(size, left=3.4)},
    )


def _stride(found: SampledGradient) -> int:
    """Every how many samples have an arrow."""
    return -(-(len(found.exact.x) - 1) // MOST)


def _axes(found: SampledGradient, theme: str) -> dict[str, Any]:
    """Both figures show the samples and as much around them as the arrows of the border need."""
    axis = {
        "showgrid": False,
        "zeroline": False,
        "linecolor": THEMES[theme].rule,
        "ticks": "outside",
        "tickcolor": THEMES[theme].rule,
        "constrain": "domain",
        "fixedrange": True,
    }
    ranges = [
        [float(samples[0] - _stride(found) * step), float(samples[-1] + _stride(found) * step)]
        for samples, step in zip((found.exact.x, found.exact.y), found.spacing, strict=True)
    ]
    return {
        "xaxis": {**axis, "range": ranges[0], "title": {"text": "x", "standoff": 2}},
        "yaxis": {
            **axis,
            "range": ranges[1],
            "title": {"text": "y", "standoff": 2},
            "scaleanchor": "x",
            "constraintoward": "top",
        },
        "dragmode": False,
    }
