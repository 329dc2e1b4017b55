"""What the settings put on the stage: data, loss, view, start and runs, each computed once for all."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import streamlit as st

from landscape.analysis.curvature import Curvature
from landscape.analysis.field import View
from landscape.descent.line_search import Backtracking
from landscape.descent.optimizers import LBFGS, Newton
from landscape.figures.height import Height
from landscape.figures.numeral import latex
from landscape.locale import translation
from landscape.objectives.sample_loss import LOSSES
from landscape.objectives.samples import SAMPLES
from landscape.pages.batches import computed
from landscape.pages.batches.computed import Problem, Race
from landscape.pages.batches.data import Data, Own, built_in
from landscape.pages.batches.settings import OWN, BatchRun, Settings
from landscape.pages.run_settings import RATES, Descent

__all__ = ["Scene", "on_stage", "owned"]

Translate = Callable[[str], str]
STARTS = {"noisy_line": (-1.5, 2.5), "outliers": (-1.5, 2.5)}
START = (0.0, 0.0)
RAVINE = 10.0  # times the condition number with scaled features


@dataclass(frozen=True)
class Scene:
    """The landscape of some settings and the runs over it; `own` are the data that a person brought."""

    settings: Settings
    own: Data | None = None

    @cached_property
    def unedited(self) -> Data:
        """The data before anything was changed by hand."""
        return self.own if self.settings.data == OWN and self.own else built_in(self.settings)

    @cached_property
    def before(self) -> "Scene":
        """The scene before anything was changed by hand: what is chosen by itself stays while a sample is dragged."""
        return replace(self, settings=replace(self.settings, edits=())) if self.settings.edits else self

    @cached_property
    def data(self) -> Data:
        """The samples."""
        try:
            return self.unedited.edited(self.settings.edits)
        except ValueError:  # of other data, as in a link to data that somebody brought
            return self.unedited

    @cached_property
    def problem(self) -> Problem:
        """The loss over the samples, as caches know it."""
        now = self.settings
        return Problem(self.data, "" if self.data.classes else now.loss, now.l2, now.l1, self.scaled)

    @property
    def scaled(self) -> bool:
        """Are the features on one scale?"""
        return self.scaled_by_itself if self.settings.scaled is None else self.settings.scaled

    @property
    def scaled_by_itself(self) -> bool:
        """Would they be, if nobody had chosen?"""
        return self.settings.data in SAMPLES and SAMPLES[self.settings.data].scaled

    @property
    def objective(self) -> Any:
        """What is minimised."""
        return computed.objective(self.problem)

    def parameters(self, _: Translate) -> tuple[str, str]:
        """What the two parameters are called."""
        return (_("weight 1"), _("weight 2")) if self.data.two_features else (_("weight"), _("bias"))

    @property
    def latex(self) -> str:
        """The loss as a formula."""
        two, now = self.data.two_features, self.settings
        model = r"w_1 x_{1i} + w_2 x_{2i}" if two else r"w x_i + b"
        names = "w_1, w_2" if two else "w, b"
        norms = (r"\lVert w \rVert^2", r"\lVert w \rVert_1") if two else ("w^2", "|w|")
        strengths = zip((now.l2, now.l1), norms, strict=True)
        penalties = " ".join(rf"{{}} + {latex(strength, 4)} \, {norm}" for strength, norm in strengths if strength)
        penalized = [penalties] if penalties else []
        mean = rf"f({names}) = \frac{{1}}{{{self.data.count}}} \sum_i "
        if self.data.classes:
            return stacked(rf"{mean} -\ln P(y_i)", *penalized, rf"P(1) = \frac{{1}}{{1 + e^{{-({model})}}}}")
        sample = {"squared": "r_i^2", "absolute": r"\left|r_i\right|", "huber": r"\ell(r_i)"}[now.loss]
        shape = [r"\ell(r) = " + LOSSES["huber"].latex] if now.loss == "huber" else []
        return stacked(rf"{mean} {sample}", *penalized, rf"r_i = {model} - y_i", *shape)

    def curvature(self, *, scaled: bool) -> Curvature:
        """The curvature at the minimum, or at the start where there is none, with and without scaled features."""
        return computed.bend(replace(self.problem, scaled=scaled), self.start)

    @property
    def ravine(self) -> bool:
        """Would scaled features mend a ravine? Squared loss stands for those with kinks, which have no curvature."""
        squared = replace(self, settings=replace(self.settings, loss=Settings.loss))
        before, after = (squared.curvature(scaled=scaled).condition_number for scaled in (self.scaled, True))
        return bool(before > RAVINE * after)

    @property
    def start(self) -> tuple[float, float]:
        """Where the runs begin."""
        x, y = self.settings.start or self._usual_start
        return float(x), float(y)

    @property
    def _usual_start(self) -> tuple[float, float]:
        return STARTS.get(self.settings.data, START)

    @property
    def epochs(self) -> int:
        """How many epochs the runs have; they stay while the start is dragged."""
        return self.settings.epochs or computed.epochs(self.before.problem, self._usual_start)

    @property
    def view(self) -> View:
        """What is seen: the ends in both directions."""
        if self.settings.view:
            left, right, bottom, top = self.settings.view
            return (left, right), (bottom, top)
        return self.usual_view

    @property
    def usual_view(self) -> View:
        """What is seen unless that was chosen."""
        (left, right), (bottom, top) = first = computed.view(self.before.problem, self.start)
        if self.settings.edits and self.objective.minimum:
            x, y = self.objective.minimum
            if not (left < x < right and bottom < y < top):
                return computed.view(self.problem, self.start)
        return first

    @property
    def height(self) -> Height:
        """How high a loss is drawn."""
        return computed.heights(self.problem, self.view, self.settings.height)

    @property
    def lines(self) -> int:
        """How many contour lines are drawn."""
        return self.settings.lines or computed.lines(self.problem, self.view, self.settings.height)

    def landscape(self, theme: str, language: str, *, starred: bool) -> str:
        """The stage's message about the landscape, as JSON; `starred`: its minimum is marked."""
        now, axes = self.settings, self.parameters(translation(language))
        return computed.landscape(
            self.problem, self.view, now.height, self.lines, now.field, starred, axes, theme, now.projector, language
        )

    def samples(self, language: str) -> str:
        """The stage's message about the samples, as JSON."""
        parameters = self.parameters(translation(language))
        return computed.samples(self.data, repr(self.unedited.key), self.scaled, parameters, language)

    @property
    def race(self) -> Race:
        """What all runs have in common."""
        now = self.settings
        return Race(self.start, self.epochs, now.sampling, now.seed)

    def batch_size(self, run: BatchRun) -> int:
        """How many samples an update of a run sees: all, where its method needs the same loss at every step.

        Where there are fewer samples than a mini-batch should have, it is halved until it is one again.
        """
        n = self.data.count
        if run.batch_size is None or needs_all(run):
            return n
        size = run.batch_size
        while size >= n > 1:
            size //= 2
        return min(size, n)

    @property
    def batch_sizes(self) -> list[int]:
        """Those of the runs, in their order."""
        return [self.batch_size(run) for run in self.settings.runs]

    @cached_property
    def records(self) -> list[computed.Record]:
        """The runs as they went, in their order."""
        return [computed.run(self.problem, method, rate, self.race) for method, rate in self._methods]

    @property
    def cut_short(self) -> dict[tuple[int, int], list[int]]:
        """The places of the runs that end before their epochs do, by (updates that are computed, updates in all)."""
        return self._shorter(computed.longest)

    @property
    def repeats_cut_short(self) -> dict[tuple[int, int], list[int]]:
        """Likewise of the runs whose repeats with many seeds end sooner than they themselves."""
        return self._shorter(partial(computed.longest_repeats, self.problem), computed.longest)

    def _shorter(self, *longest: Callable[[BatchRun], int]) -> dict[tuple[int, int], list[int]]:
        """The places of the runs for which the first of some lengths is less than the others and all epochs."""
        found: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for i, (method, _) in enumerate(self._methods):
            most, *others = (most(method) for most in longest)
            whole = min([computed.planned(self.problem, method, self.race), *others])
            if most < whole:
                found[most, whole].append(i)
        return found

    @cached_property
    def descents(self) -> list[Descent]:
        """The runs as they were set, with their learning rates."""
        return [
            Descent(run, rate, record.trajectory)
            for run, (_, rate), record in zip(self.settings.runs, self._methods, self.records, strict=True)
        ]

    @cached_property
    def seconds(self) -> list[float]:
        """How long an update of each run takes."""
        methods = [method for method, _ in self._methods]
        # Where the samples lie makes no difference, so none that is moved is waited for.
        problem = self.before.problem if self.before.data.count == self.data.count else self.problem
        taken = computed.seconds(problem, tuple(dict.fromkeys(methods)), self.race)
        return [taken[method] for method in methods]

    @cached_property
    def repeated(self) -> list[computed.Repeated]:
        """Every run with many seeds."""
        return [computed.repeated(self.problem, method, rate, self.race) for method, rate in self._methods]

    @cached_property
    def _methods(self) -> list[tuple[BatchRun, float]]:
        """What decides each run's record, and its learning rate."""
        return [self._method(run) for run in self.settings.runs]

    def _method(self, run: BatchRun) -> tuple[BatchRun, float]:
        size = self.batch_size(run)
        whole = size == self.data.count and (needs_all(run) or self.settings.sampling != "replacement")
        method = replace(run, learning_rate=None, visible=True, look=None, batch_size=None if whole else size)
        if run.learning_rate is not None:
            return method, run.learning_rate
        # One rate for all runs that leave it open, so that a difference is the batch size and nothing else. Those whose
        # rate is chosen count too: choosing it changes no other run.
        smallest = min(self.before.batch_size(other) for other in self.settings.runs if _alike(other, run))
        shared = replace(method, batch_size=None if needs_all(run) else smallest)
        return method, computed.learning_rate(self.before.problem, shared, self.start)


def stacked(*lines: str) -> str:
    """Lines of LaTeX one below the other, as a narrow screen has them."""
    return r"\begin{gathered}" + r"\\[4pt]".join(lines) + r"\end{gathered}"


def needs_all(run: BatchRun) -> bool:
    """Does a method need the same loss at every step, so that its batch is always all samples?"""
    return isinstance(run.method(), Newton | LBFGS) or RATES[run.schedule] is Backtracking


def _alike(run: BatchRun, other: BatchRun) -> bool:
    return (run.optimizer, run.options) == (other.optimizer, other.options)


def owned() -> Own | None:
    """The table that a person brought on this visit."""
    own: Own | None = st.session_state.get("own_table")
    return own


def on_stage(settings: Settings) -> Scene:
    """The scene of these settings; of the data before, while those of the person's own are still to come."""
    own = owned()
    if settings.data != OWN:
        st.session_state.last_data = settings.data
    elif own is None:
        last = st.session_state.get("last_data", Settings.data)
        return Scene(replace(settings, data=last, edits=()))
    return Scene(settings, own.data() if own else None)
