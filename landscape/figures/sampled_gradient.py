"""Two gradient fields over one another, numpy.gradient's and the exact one, and the map of the error."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from landscape.analysis.sampled_gradient import SampledGradient
from landscape.figures.cells import Cells
from landscape.figures.layout import TEMPLATE, layout, margin
from landscape.figures.line import Line
from landscape.figures.palette import RUNS, THEMES

__all__ = ["EXACT", "SAMPLED", "axes", "error_axes", "error_map", "fields"]

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


def error_axes(found: SampledGradient, *, theme: str, size: int, share: str) -> go.Figure:
    """The empty map of the error, with the scale of its colours; `share` is the word for what they mean."""
    scale = go.Heatmap(
        x=[0],
        y=[0],
        z=[[0]],
        opacity=0,  # nothing is seen of it but the scale
        zmin=np.log10(SMALLEST),
        zmax=0,
        colorscale=[*enumerate(_colours(theme))],
        colorbar={
            "tickvals": [-4, -3, -2, -1, 0],
            "ticktext": ["≤ 0.01 %", "0.1 %", "1 %", "10 %", "≥ 100 %"],
            "thickness": size,
            "title": {"text": share, "side": "right"},
            "outlinewidth": 0,
        },
        hoverinfo="skip",
    )
    look = layout(THEMES[theme], size) | _axes(found, theme) | {"margin": margin(size, left=3.4)}
    return go.Figure(data=[scale], layout=look)


def error_map(found: SampledGradient, *, theme: str) -> Cells:
    """The length of the error at every sample, as a part of the longest gradient, on that logarithmic scale."""
    with np.errstate(all="ignore"):
        decades = np.log10(found.relative_error.clip(SMALLEST, 1))
    shares = 1 - decades / np.log10(SMALLEST)
    x, y = (
        (float(samples[0] - step / 2), float(samples[-1] + step / 2))
        for samples, step in zip((found.exact.x, found.exact.y), found.spacing, strict=True)
    )
    return Cells(
        x,
        y,
        np.where(np.isfinite(found.error), shares, np.nan).astype(np.float32),
        _colours(theme),
        THEMES[theme].muted,
        gap=1 if _stride(found) == 1 else 0,
    )


def _colours(theme: str) -> tuple[str, str]:
    """Of no error, and of one as long as the longest gradient."""
    return THEMES[theme].panel, SAMPLED.colour[theme]


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
