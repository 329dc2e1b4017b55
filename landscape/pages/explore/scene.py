"""What the settings put on the stage: the objective, the view, the start and the runs, each computed once for all."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import streamlit as st

from landscape.analysis.field import View
from landscape.analysis.opening import opening
from landscape.descent.stopping import Stopping
from landscape.figures.height import Height
from landscape.objectives.formula import Formula, FormulaError
from landscape.objectives.functions import FUNCTIONS, Function
from landscape.pages.explore import computed
from landscape.pages.explore.settings import Settings
from landscape.pages.run_settings import Descent, RunSettings

__all__ = ["Scene", "on_stage"]


MOST_TRIED = 300
"""Steps after which a learning rate that nobody chose has brought a run down, however many more it has."""


@dataclass(frozen=True)
class Scene:
    """The landscape of some settings and the runs over it. FormulaError from any part while the formula is none."""

    settings: Settings

    @property
    def _names(self) -> tuple[str, str]:
        """What the caches know the objective by."""
        return self.settings.function, "" if self.settings.function else self.settings.formula

    @property
    def function(self) -> Function | None:
        """The named function; None for a formula that was typed."""
        return FUNCTIONS[self.settings.function] if self.settings.function else None

    @cached_property
    def objective(self) -> Formula:
        """What is minimised."""
        return computed.objective(*self._names)

    @property
    def view(self) -> tuple[float, float, float, float]:
        """Left, right, bottom and top end of what is seen."""
        if self.settings.view:
            left, right, bottom, top = self.settings.view
            return left, right, bottom, top
        (left, right), (bottom, top) = opening(self.objective).view
        return left, right, bottom, top

    @property
    def _box(self) -> View:
        left, right, bottom, top = self.view
        return (left, right), (bottom, top)

    @property
    def start(self) -> tuple[float, float]:
        """Where the runs begin that have no start of their own."""
        x, y = self.settings.start or opening(self.objective).start
        return float(x), float(y)

    @property
    def focused_start(self) -> tuple[float, float]:
        """Where the run in focus begins."""
        return self.start_of(self.settings.runs[self.settings.focus] if self.settings.runs else None)

    @property
    def defined_at_start(self) -> bool:
        """Has the objective a finite value there?"""
        return bool(np.isfinite(self.objective(np.array(self.focused_start))))

    @property
    def height(self) -> Height:
        """How high a loss is drawn."""
        return computed.heights(*self._names, self._box, self.settings.height)

    @property
    def drawable(self) -> bool:
        """Has the objective a finite value anywhere in the view?"""
        return computed.drawable(*self._names, self._box)

    @property
    def has_holes(self) -> bool:
        """Is a part of the view left blank?"""
        return computed.has_holes(*self._names, self._box)

    @property
    def lines(self) -> int:
        """How many contour lines are drawn."""
        return self.settings.lines or computed.lines(*self._names, self._box, self.settings.height)

    def landscape(self, theme: str, language: str) -> str:
        """The stage's message about the landscape, as JSON."""
        now = self.settings
        return computed.landscape(
            *self._names, self._box, now.height, self.lines, now.field, theme, now.projector, language
        )

    @cached_property
    def descents(self) -> list[Descent]:
        """The runs, in their order."""
        return [self._descent(run) for run in self.settings.runs]

    def _descent(self, run: RunSettings) -> Descent:
        start, steps, stop = self.start_of(run), self.settings.steps, self.stopping(run)
        method = replace(run, learning_rate=None, visible=True, look=None, start=None)  # what decides the record
        rate = run.learning_rate
        if rate is None:
            rate = computed.learning_rate(*self._names, method, start, min(steps, MOST_TRIED))
        return Descent(run, rate, computed.run(*self._names, method, rate, start, steps, stop))

    def start_of(self, run: RunSettings | None) -> tuple[float, float]:
        """Where a run begins; None: one without a start of its own."""
        return (float(run.start[0]), float(run.start[1])) if run and run.start else self.start

    def stopping(self, run: RunSettings | None) -> Stopping:
        """The conditions that end a run; None: one without a start of its own."""
        return self.settings.stopping(Stopping.suiting(self.objective, self.start_of(run)))


def on_stage(settings: Settings) -> Scene:
    """The scene of these settings, or the one before while the formula that is being typed is none yet."""
    scene = Scene(settings)
    try:
        scene.objective  # noqa: B018
    except FormulaError:
        function, formula = st.session_state.get("last_objective", (Settings.function, ""))
        return Scene(replace(settings, function=function, formula=formula))
    st.session_state.last_objective = (settings.function, settings.formula)
    return scene
