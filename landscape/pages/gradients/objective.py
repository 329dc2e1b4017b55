"""The function of two variables that a laboratory looks at: its settings, its view, its menu and its contour plot."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, wraps
from typing import Any, Self, TypeVar

import plotly.graph_objects as go
import streamlit as st

from landscape.analysis.field import View, field
from landscape.analysis.opening import opening
from landscape.figures.height import Height
from landscape.figures.landscape import Marks, contour
from landscape.figures.layout import font_size
from landscape.locale import translation
from landscape.objectives.formula import Formula, FormulaError, formula
from landscape.objectives.functions import FUNCTIONS
from landscape.pages.address import current, publish, translate
from landscape.pages.function_controls import formula_field, function_menu
from landscape.pages.header import header
from landscape.pages.page import Page
from landscape.pages.parameters import PageSettings, numbers, one_of, setting, short
from landscape.stage.figure import ground

__all__ = ["ObjectiveSettings", "on_a_contour_plot", "shown"]

Translate = Callable[[str], str]
NEARER = 0.55


@dataclass(frozen=True)
class ObjectiveSettings(PageSettings):
    """A function and a point in its plane."""

    function: str = setting("himmelblau", one_of([*FUNCTIONS, ""]))
    """A key of FUNCTIONS, or "" for the formula that was typed."""
    formula: str = setting("", short)
    point: tuple[float, ...] | None = setting(None, numbers(2))
    """None: one that suits the function."""

    def with_function(self, function: str, *, formula: str) -> Self:
        """Another function, with its own view and point."""
        return replace(self, function=function, formula=formula, point=None, scenario="", revealed=False)

    @property
    def objective(self) -> Formula:
        """What is looked at. FormulaError."""
        return FUNCTIONS[self.function] if self.function else formula(self.formula)

    @property
    def view(self) -> View:
        """What is seen."""
        return opening(self.objective).view

    @property
    def place(self) -> tuple[float, float]:
        """The point, chosen or suitable: nearer to the middle than where runs start, with room around it."""
        if self.point:
            return float(self.point[0]), float(self.point[1])
        x, y = ((low + high) / 2 for low, high in self.view)
        start = opening(self.objective).start
        return round(x + NEARER * (start[0] - x), 3), round(y + NEARER * (start[1] - y), 3)


Chosen = TypeVar("Chosen", bound=ObjectiveSettings)


def shown(settings: Chosen) -> Chosen:
    """These settings, or with the function before while the formula that is being typed is none yet.

    FormulaError if there was none before.
    """
    try:
        settings.objective  # noqa: B018
    except FormulaError:
        if "last_objective" not in st.session_state:
            raise
        function, text = st.session_state.last_objective
        return replace(settings, function=function, formula=text)
    st.session_state.last_objective = (settings.function, settings.formula)
    return settings


def on_a_contour_plot(
    laboratory: Callable[[Any, dict[str, str], str], None],
    below: Callable[[Any, Translate], None],
    *,
    arrows: bool,
) -> Callable[[Page], None]:
    """The drawing of a page: the choice of a function; a laboratory on its contour plot, called with the settings, the
    plot's mark and the theme; and what stands below it.

    The laboratory runs alone when something in it moves. While there is no function yet, it is not there.
    """

    @st.fragment
    @wraps(laboratory)
    def moving(under: dict[str, str], theme: str) -> None:
        laboratory(shown(current()), under, theme)
        publish()

    def draw(page: Page) -> None:
        header(page)
        settings = current()
        language, _ = translate(settings)
        theme = st.context.theme.type or "light"
        choose_objective(settings, _)
        try:
            now = shown(settings)
        except FormulaError:  # as is said below the formula
            pass
        else:
            text = "" if now.function else now.formula
            plot = contour_plot(now.function, text, now.view, arrows, theme, now.projector, language)
            moving(ground(plot, key=f"{page.key}_ground"), theme)
        below(settings, _)
        publish()

    return draw


def choose_objective(settings: ObjectiveSettings, _: Translate) -> None:
    """The function's menu, the field of one's own formula, and the line that says what it is."""
    menu, field, about = st.columns(
        [1, 1.2, 1.8] if not settings.function else [1, 2.9, 0.1], vertical_alignment="bottom"
    )
    with menu:
        function_menu(settings, _)
    if not settings.function:
        with field:
            formula_field(settings, _)
    try:
        now = shown(settings)
    except FormulaError:
        return
    with field if settings.function else about, st.container(key="overview"):
        about_it = f"{_(FUNCTIONS[now.function].about)} $\\;$ " if now.function else ""
        st.markdown(f"{about_it}$f(x, y) = {now.objective.latex}$")


@lru_cache(maxsize=16)
def contour_plot(
    function: str, text: str, view: View, arrows: bool, theme: str, projector: bool, language: str
) -> go.Figure:
    """The contour plot of a function, with arrows of the gradient if they are wanted."""
    _ = translation(language)
    objective: Formula = FUNCTIONS[function] if function else formula(text)
    samples = field(objective, view)
    return contour(
        samples,
        Height.of(
            samples.loss,
            minima=tuple(float(objective(minimum)) for minimum in objective.minima),
            logarithmic=getattr(objective, "logarithmic", None),
        ),
        theme=theme,
        lines=24,
        marks=Marks(objective.minima, _("minimum")),
        arrows=field(objective, view, (12, 12)) if arrows else None,
        loss=_("loss"),
        size=font_size(projector),
    )
