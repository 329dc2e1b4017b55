"""Two gradient fields over one another, numpy.gradient's and the exact one, and the map of the error."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from landscape.analysis.sampled_gradient import SampledGradient
from landscape.figures.layout import TEMPLATE, layout, margin
from landscape.figures.line import Line
from landscape.figures.palette import RUNS, THEMES

__all__ = ["EXACT", "SAMPLED", "axes", "error_map", "fields"]

EXACT, SAMPLED = RUNS[1], RUNS[2]
"""How the two gradients look."""
MOST = 20  # arrows along an axis
SMALLEST = 1e-4  # errors below it look alike


def axes(found: SampledGradient, *, theme: str) -> go.Figure:
    """What lies over the contour plot but the arrows: the samples with room around them, whatever their spacing."""
    return go.Figure(layout={"template": TEMPLATE, **_axes(found, theme)})


def fields(found: SampledGradient, *, theme: str, size: int) -> list[Line]:
    """At each sample both arrows from one tail, on one scale, longer if steeper."""
    exact, stride = found.exact, _stride(found)
    thinned = (slice(None, None, stride), slice(None, None, stride))
    longest = exact.magnitude[np.isfinite(exact.magnitude)].max(initial=0) or 1.0
    cell = 0.95 * min(stride * min(found.spacing), *_room(found))
    tail = np.stack(np.meshgrid(exact.x, exact.y))[:, *thinned]
    lines = []
    for gradient, style, width in ((exact.gradient, EXACT, size / 4), (found.sampled, SAMPLED, size / 9)):
        arrow = gradient[:, *thinned]
        with np.errstate(all="ignore"):
            length = np.hypot(*arrow)
            # A root, so that gentle slopes are seen beside steep ones.
            head = tail + arrow / length * (length / longest) ** 0.35 * cell
        usable = np.isfinite(head).all(axis=0)
        ends = np.stack([tail[:, usable], head[:, usable], np.full_like(tail[:, usable], np.nan)], axis=-1)
        x, y = ends.reshape(2, -1).astype(np.float32)
        lines.append(Line(x, y, style.colour[theme], width, marker="arrows", size=0.4 * size + width))
    return lines


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


def _room(found: SampledGradient) -> tuple[float, float]:
    """To the left and right of the samples, and below and above them, for the arrows of the border."""
    across, up = ((samples[-1] - samples[0]) / 10 for samples in (found.exact.x, found.exact.y))
    return float(across), float(up)


def _axes(found: SampledGradient, theme: str) -> dict[str, Any]:
    """Both figures show the samples and the room around them."""
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
        [float(samples[0]) - room, float(samples[-1]) + room]
        for samples, room in zip((found.exact.x, found.exact.y), _room(found), strict=True)
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
