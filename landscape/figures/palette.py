"""The colours of the page and its figures: plain data, read by Plotly figures, style sheets and tests alike."""

from dataclasses import dataclass

__all__ = ["RUNS", "THEMES", "RunStyle", "Theme"]


@dataclass(frozen=True)
class RunStyle:
    """What tells one run of a comparison from the others: colour, dash and marker, each enough by itself.

    `colour` maps the key of a theme to sRGB "#rrggbb". `dash` and the symbols are Plotly's names; its three-dimensional
    scatter has no triangles, hence a second symbol.
    """

    colour: dict[str, str]
    dash: str
    symbol: str
    symbol_3d: str


@dataclass(frozen=True)
class Theme:
    """The colours of one theme, each as sRGB "#rrggbb".

    `landscape` is a Plotly colour scale from the lowest loss to the highest. It is quiet on purpose: the contour lines
    draw the relief, and every run keeps a contrast of 3.4 : 1 over the whole scale. Text keeps 7 : 1 on page and panel,
    so a projector needs larger letters but no other colours.
    """

    key: str
    page: str
    panel: str  # behind widgets, code and tables
    text: str
    muted: str  # captions, axis titles, tick labels
    accent: str  # links, buttons, the selected
    rule: str  # borders, axes, grid lines
    landscape: tuple[tuple[float, str], ...]
    contour: str  # lines of equal loss
    halo: str  # casing around paths and marks, where they cross
    mark: str  # minima, saddle points, gradient arrows


# In the order in which a comparison takes them.
RUNS = (
    RunStyle({"light": "#111111", "dark": "#FAFCFD"}, "solid", "circle", "circle"),
    RunStyle({"light": "#1F5FD0", "dark": "#7088FF"}, "dash", "square", "square"),
    RunStyle({"light": "#D1350F", "dark": "#FF5B20"}, "dot", "cross", "cross"),
    RunStyle({"light": "#2E8B57", "dark": "#86CF9A"}, "dashdot", "diamond", "diamond"),
    RunStyle({"light": "#A63F9B", "dark": "#E198C1"}, "longdash", "triangle-up", "diamond-open"),
    RunStyle({"light": "#4E3B12", "dark": "#FDE445"}, "longdashdot", "triangle-down", "x"),
)

THEMES = {
    "light": Theme(
        key="light",
        page="#FFFFFF",
        panel="#F3F6F8",
        text="#17202A",
        muted="#46525F",
        accent="#175373",
        rule="#D5DCE3",
        landscape=((0.0, "#C4EEF4"), (0.35, "#D8EFF0"), (0.7, "#EBF2EA"), (1.0, "#F7F4EA")),  # shallows to sand
        contour="#86A0AD",
        halo="#FFFFFF",
        mark="#2F3B47",
    ),
    "dark": Theme(
        key="dark",
        page="#0D1117",
        panel="#171D26",
        text="#EEF2F6",
        muted="#AEB9C5",
        accent="#7CC0E8",
        rule="#2B3540",
        landscape=((0.0, "#032532"), (0.35, "#0E2C3C"), (0.7, "#1F3145"), (1.0, "#30354C")),  # deep sea to dusk
        contour="#58758C",
        halo="#0D1117",
        mark="#DBE3EA",
    ),
}
