"""What every figure has in common: its letters, its ground, the room for its labels."""

from typing import Any

from landscape.figures.palette import Theme

__all__ = ["FONT", "TEMPLATE", "font_size", "layout", "margin"]

FONT = (
    "'Source Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', "
    "'PingFang TC', 'Microsoft JhengHei', 'Noto Sans CJK TC', sans-serif"
)

# Plotly's own prefixes, 80k and 0.5p, are nothing that people write.
TICKS = {"exponentformat": "power", "minexponent": 4}
# Named in full: Streamlit's own template is made of placeholder colours that only its chart resolves.
TEMPLATE = {"layout": {"xaxis": TICKS, "yaxis": TICKS, "scene": {"xaxis": TICKS, "yaxis": TICKS, "zaxis": TICKS}}}


def layout(theme: Theme, size: int) -> dict[str, Any]:
    """Plotly's layout of a figure, with letters of a size in pixels."""
    return {
        "template": TEMPLATE,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": theme.panel,
        "font": {"color": theme.muted, "size": size, "family": FONT},
        "showlegend": False,
        "hoverlabel": {
            "bgcolor": theme.page,
            "bordercolor": theme.rule,
            "font": {"color": theme.text, "size": size + 1},
        },
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": theme.muted, "activecolor": theme.accent, "orientation": "v"},
    }


def font_size(projector: bool) -> int:
    """The size of a figure's letters, in pixels: on a projector they are read from the back row."""
    return 18 if projector else 12


def margin(size: int, *, left: float) -> dict[str, float]:
    """Room for tick labels and an axis title of a font size."""
    return {"l": left * size, "r": 8, "t": 8, "b": 3.4 * size}
