"""The function of two variables that a laboratory looks at: its settings, its view, its menu and its contour plot."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Self

import plotly.graph_objects as go
import streamlit as st

from landscape.analysis.field import View, field
from landscape.analysis.opening import opening
from landscape.figures.height import Height
from landscape.figures.landscape import Marks, contour, line_count
from landscape.figures.layout import font_size
from landscape.locale import translation
from landscape.objectives.formula import Formula, formula
from landscape.objectives.functions import FUNCTIONS
from landscape.pages.address import translate
from landscape.pages.function_controls import function_menu, own_formula
from landscape.pages.gradients.laboratory import laboratory, shown, shown_instead
from landscape.pages.page import Page
from landscape.pages.parameters import PageSettings, formula_setting, numbers, one_of, setting
from landscape.stage.figure import ground

__all__ = ["ObjectiveSettings", "on_a_contour_plot"]

Translate = Callable[[str], str]
NEARER = 0.55


@dataclass(frozen=True)
class ObjectiveSettings(PageSettings):
    """A function and a point in its plane."""

    function: str = setting("himmelblau", one_of([*FUNCTIONS, ""]))
    """A key of FUNCTIONS, or "" for the formula that was typed."""
    formula: str = formula_setting()
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
    def named(self) -> tuple[str, str, str]:
        return "objective", self.function, self.formula

    @property
    def subject(self) -> Formula:
        return self.objective

    def naming(self, key: str, formula: str) -> Self:
        return replace(self, function=key, formula=formula)

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


def on_a_contour_plot(
    task: Callable[[Translate], str],
    moving: Callable[[Any, str, dict[str, str]], None],
    below: Callable[[Any, Translate], None],
    *,
    arrows: bool,
) -> Callable[[Page], None]:
    """The drawing of a page: the choice of a function, what is to be done there, what moves on its contour plot, called
    with the mark of that plot too, and what stands below it."""

    def still(page: Page, settings: ObjectiveSettings, theme: str, _: Translate) -> tuple[dict[str, str]]:
        st.markdown(task(_))
        text, language = "" if settings.function else settings.formula, translate(settings)[0]
        plot = contour_plot(settings.function, text, settings.view, arrows, theme, settings.projector, language)
        return (ground(plot, key=f"{page.key}_ground"),)

    return laboratory(choose_objective, still, moving, below)


def choose_objective(settings: ObjectiveSettings, _: Translate) -> None:
    """The function's menu, the field of one's own formula, and the line that says what it is."""
    menu, field, about = st.columns(
        [1, 1.2, 1.8] if not settings.function else [1, 2.9, 0.1], vertical_alignment="center"
    )
    below = st.container()
    with menu:
        function_menu(settings, _, label_visibility="collapsed")
    if not settings.function:
        with field:
            own_formula(settings, _, shown_instead(settings, _), below=below, label_visibility="collapsed")
    now = shown(settings)
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
    height = Height.of(
        samples.loss,
        minima=tuple(float(objective(minimum)) for minimum in objective.minima),
        logarithmic=getattr(objective, "logarithmic", None),
    )
    return contour(
        samples,
        height,
        theme=theme,
        lines=line_count(samples, height),
        marks=Marks(objective.minima, _("minimum")),
        arrows=field(objective, view, (12, 12)) if arrows else None,
        loss="f =",
        size=font_size(projector),
    )
