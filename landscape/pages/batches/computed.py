"""What the Batches page computes once and keeps: for all visitors, or of somebody's own data for their visit alone.

Keys are plain values; every cache is bounded.
"""

import json
import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from landscape.analysis.curvature import Curvature, curvature
from landscape.analysis.diagnosis import Diagnosis, diagnose
from landscape.analysis.efficiency import positions, seconds_per_update
from landscape.analysis.epochs import suggest_epochs
from landscape.analysis.field import Field, View, field
from landscape.analysis.framing import framing
from landscape.analysis.learning_rate import suggest_learning_rate
from landscape.descent.descend import Trajectory, descend
from landscape.descent.repeats import repeats
from landscape.descent.stopping import Stopping
from landscape.figures.height import Height
from landscape.figures.landscape import line_count
from landscape.locale import translation
from landscape.objectives.regression import LinearRegression, LogisticRegression
from landscape.objectives.samples import Standardized, standardize
from landscape.pages.batches.cached import cached
from landscape.pages.batches.data import Data
from landscape.pages.batches.settings import BatchRun
from landscape.stage.batch_message import data_message
from landscape.stage.message import landscape_message

__all__ = [
    "Problem",
    "Race",
    "Record",
    "bend",
    "epochs",
    "heights",
    "landscape",
    "learning_rate",
    "lines",
    "longest",
    "longest_repeats",
    "objective",
    "planned",
    "repeated",
    "run",
    "samples",
    "seconds",
    "standardized",
    "view",
]


GRID = 121  # rows and columns of losses
MOST_UPDATES = 20_000
"""Of one run: what a page answers quickly."""
MOST_SEEN = 500_000  # samples, likewise
TRIED = 100  # updates for which a learning rate is tried
TIMED = 16  # updates that are timed
MOST_FRAMES = 1024  # points of a run that a page sends
FIRST_FRAMES = 512  # of a longer one, after every update
SEEDS = 30
MOST_DRAWN = 5_000_000  # samples of all seeds together


@dataclass(frozen=True)
class Problem:
    """What is minimised: a loss over samples, in terms that a cache can compare."""

    data: Data
    loss: str
    l2: float
    l1: float
    scaled: bool

    @property
    def own(self) -> bool:
        """Are the samples somebody's own?"""
        return self.data.own


@dataclass(frozen=True)
class Race:
    """What all runs of the page have in common."""

    start: tuple[float, float]
    epochs: int
    sampling: str
    seed: int

    def batches(self, problem: Problem, settings: BatchRun) -> dict[str, Any]:
        """How the batches of a run are drawn, in descend's words. Without a batch size it is the ordinary run."""
        if settings.batch_size is None:
            return {"batch_size": problem.data.count}
        return {
            "batch_size": settings.batch_size,
            "reshuffle": self.sampling != "shuffled",
            "replacement": self.sampling == "replacement",
        }


@cached(64)
def standardized(data: Data) -> Standardized:
    """The features on one scale."""
    return standardize(data.samples.x)


@cached(128)
def objective(problem: Problem) -> Any:
    """The loss."""
    data = problem.data
    x = standardized(data).x if problem.scaled else data.samples.x
    if data.classes:
        return LogisticRegression(x, data.samples.y, l2=problem.l2, l1=problem.l1)
    return LinearRegression(x, data.samples.y, loss=problem.loss, l2=problem.l2, l1=problem.l1)


@cached(128)
def view(problem: Problem, start: tuple[float, float]) -> View:
    """What is seen unless the view was chosen."""
    return framing(objective(problem), start)


@cached(128)
def bend(problem: Problem, start: tuple[float, float]) -> Curvature:
    """The curvature at the minimum, or at the start where there is none."""
    loss = objective(problem)
    return curvature(loss, np.array(loss.minimum or start))


@cached(32)
def grid(problem: Problem, view: View, size: int) -> Field:
    return field(objective(problem), view, (size, size))


@cached(64)
def heights(problem: Problem, view: View, kind: str) -> Height:
    """The heights at which losses are drawn in a view; `kind` is automatic, linear or logarithmic."""
    loss = objective(problem)
    chosen = None if kind == "auto" else kind == "logarithmic"
    minima = tuple(float(loss(minimum)) for minimum in loss.minima)
    return Height.of(grid(problem, view, GRID).loss, minima=minima, logarithmic=chosen)


def lines(problem: Problem, view: View, kind: str) -> int:
    """How many contour lines suit a view."""
    return line_count(grid(problem, view, GRID), heights(problem, view, kind))


@cached(48)
def landscape(
    problem: Problem,
    view: View,
    kind: str,
    lines: int,
    arrows: bool,
    starred: bool,
    axes: tuple[str, str],
    theme: str,
    projector: bool,
    language: str,
) -> str:
    """The stage's message about the landscape, as JSON."""
    message: dict[str, Any] = landscape_message(
        objective(problem),
        grid(problem, view, GRID),
        heights(problem, view, kind),
        arrows=grid(problem, view, 17) if arrows else None,
        starred=starred,
        lines=lines,
        axes=axes,
        theme=theme,
        projector=projector,
        language=language,
        _=translation(language),
    )
    return json.dumps(message, separators=(",", ":"))


@cached(48)
def samples(data: Data, key: str, scaled: bool, parameters: tuple[str, str], language: str) -> str:
    """The stage's message about the samples, as JSON; `key` stays while they are changed by hand."""
    message = data_message(
        data.samples,
        scaled=standardized(data) if scaled else None,
        classes=data.classes,
        key=key,
        parameters=parameters,
        class_names=data.class_names,
        _=translation(language),
    )
    return json.dumps(message, separators=(",", ":"))


@cached(256)
def learning_rate(problem: Problem, settings: BatchRun, start: tuple[float, float]) -> float:
    """A learning rate for a run whose own is left open."""
    method, size = settings.method(), settings.batch_size
    return float(suggest_learning_rate(objective(problem), method, start, max_steps=TRIED, batch_size=size))


@cached(128)
def epochs(problem: Problem, start: tuple[float, float]) -> int:
    """How many epochs runs have where that is left open."""
    rate = learning_rate(problem, BatchRun("gradient_descent", batch_size=1), start)
    return suggest_epochs(objective(problem), rate, start, view(problem, start), MOST_UPDATES)


def planned(problem: Problem, settings: BatchRun, race: Race) -> int:
    """The updates of all epochs of a run."""
    n = problem.data.count
    return race.epochs * math.ceil(n / (settings.batch_size or n))


def longest(settings: BatchRun) -> int:
    """The most updates of a run."""
    size = settings.batch_size
    return MOST_UPDATES if size is None else min(MOST_UPDATES, max(1, MOST_SEEN // size))


def longest_repeats(problem: Problem, settings: BatchRun) -> int:
    """The most updates of a run that is repeated with many seeds."""
    size = settings.batch_size or problem.data.count
    return min(MOST_UPDATES, max(1, MOST_DRAWN // (SEEDS * size)))


@cached(48)
def run(problem: Problem, settings: BatchRun, rate: float, race: Race) -> "Record":
    """A run, recorded."""
    loss = objective(problem)
    trajectory = descend(
        loss,
        start=race.start,
        optimizer=settings.method(),
        learning_rate=settings.rate(rate),
        epochs=race.epochs,
        max_steps=longest(settings),
        seed=race.seed,
        stop=Stopping.suiting(loss, race.start),
        **race.batches(problem, settings),
    )
    return Record(trajectory)


@cached(128)
def seconds(problem: Problem, methods: tuple[BatchRun, ...], race: Race) -> dict[BatchRun, float]:
    """How long an update of such runs takes on this computer, measured together."""
    loss = objective(problem)
    start = race.start[0] + 1, race.start[1] + 1  # where the start is the minimum, there is nothing to do
    timed = [
        descend(
            loss,
            start=start,
            optimizer=settings.method(),
            learning_rate=0.0,
            max_steps=TIMED,
            stop=replace(Stopping.suiting(loss, start), gradient=0.0),
            **race.batches(problem, settings),
        )
        for settings in methods
    ]
    return dict(zip(methods, seconds_per_update(timed), strict=True))


@dataclass(frozen=True, eq=False)
class Repeated:
    """What many seeds make of a run: quartiles of the loss (3, n + 1), end points (2, seeds), the noise floor."""

    quartiles: Any
    ends: Any
    floor: float | None


@cached(96)
def repeated(problem: Problem, settings: BatchRun, rate: float, race: Race) -> Repeated:
    """A run with many seeds."""
    many = repeats(
        objective(problem),
        start=race.start,
        optimizer=settings.method(),
        learning_rate=settings.rate(rate),
        epochs=race.epochs,
        max_steps=longest_repeats(problem, settings),
        seeds=SEEDS,
        **race.batches(problem, settings),
    )
    return Repeated(many.quartiles, many.end.copy(), many.floor)  # a view would keep all paths


@dataclass(frozen=True, eq=False)
class Record:
    """A run, and what is made of it when it is first asked for."""

    trajectory: Trajectory

    @cached_property
    def diagnosis(self) -> Diagnosis:
        """What the run did and why."""
        return diagnose(self.trajectory)

    @cached_property
    def frames(self) -> "Frames":
        """What of it is sent to the stage."""
        return Frames(self.trajectory)


@dataclass(frozen=True, eq=False)
class Frames:
    """The first updates of a run, of the later ones every so many, and its last point, in the form of a Trajectory.

    How many is a power of two, so that runs of other lengths and batch sizes have frames at the same places.
    """

    run: Trajectory

    @cached_property
    def kept(self) -> Any:
        """The updates after which the frames are."""
        last = self.run.stop.step
        if last < MOST_FRAMES:
            return np.arange(last + 1)
        stride = 2 ** math.ceil(math.log2((last - FIRST_FRAMES) / (MOST_FRAMES - FIRST_FRAMES)))
        return np.concatenate([np.arange(FIRST_FRAMES), np.arange(FIRST_FRAMES, last, stride), [last]])

    @property
    def theta(self) -> Any:
        return self.run.theta[:, self.kept]

    @property
    def loss(self) -> Any:
        return self.run.loss[self.kept]

    @property
    def gradient(self) -> Any:
        return self.run.gradient[:, self.kept]

    @property
    def learning_rate(self) -> Any:
        return self.run.learning_rate[self.kept[:-1]]

    @property
    def states(self) -> dict[str, Any]:
        return {name: values[..., self.kept[:-1]] for name, values in self.run.states.items()}

    @property
    def next(self) -> Any:
        """(2, frames - 1): where one update leads from each frame."""
        return self.run.theta[:, self.kept[:-1] + 1]

    @property
    def before(self) -> dict[str, Any]:
        """The states before those of each frame, which its formula reaches back to."""
        at = self.kept[:-1]
        return {f"{name}-": np.where(at, values[:, at - 1], 0.0) for name, values in self.run.states.items()}

    @property
    def batches(self) -> Any:
        return self.run.batches

    @property
    def objective(self) -> Any:
        return self.run.objective

    @property
    def optimizer(self) -> Any:
        return self.run.optimizer

    @property
    def stop(self) -> Any:
        return self.run.stop

    def positions(self, seconds: float) -> dict[str, Any]:
        """Where each frame stands on each of AXES, if an update takes so long; computing time in ms."""
        places = positions(self.run, 1000 * seconds)
        return {axis: place[self.kept] for axis, place in places.items()}

    def quartiles(self, repeated: Repeated) -> tuple[Any, Any]:
        """The frames that the repeats reach, and the quartiles of the loss there."""
        reached = self.kept[self.kept < repeated.quartiles.shape[1]]
        return np.arange(len(reached)), repeated.quartiles[:, reached]

    @property
    def batch_gradient(self) -> Any:
        gradients = self.run.batch_gradient
        return None if gradients is None else gradients[:, self.kept[:-1]]

    @cached_property
    def batch_loss(self) -> Any:
        """The batch's own loss at every frame; the last one has none. None where it is that of all samples."""
        losses = self.run.batch_loss
        return None if losses is None or self.batches.whole else np.append(losses[self.kept[:-1]], np.nan)
