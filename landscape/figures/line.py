"""A line laid over a figure: painted by the page itself, so that moving it draws nothing of the figure anew."""

from dataclasses import dataclass
from typing import Any

__all__ = ["Line"]


@dataclass(frozen=True)
class Line:
    """A line through points in the figure's data, broken where one is not finite, with marks at them.

    `name` puts it into the legend, also without points. `dash` is one of Plotly's names, `marker` a shape of ink.js
    and `size` its radius, or "arrow", a head at the end; no width, no line. `text` stands beyond the end. `yaxis` is
    Plotly's name of its axis. `key` names it for a handle that slides along it.
    """

    x: Any
    y: Any
    colour: str
    width: float
    name: str = ""
    dash: str = "solid"
    opacity: float = 1.0
    marker: str = ""
    size: float = 0.0
    text: str = ""
    yaxis: str = "y"
    key: str = ""
