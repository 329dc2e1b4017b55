"""What the Batches page computes once and keeps for all visitors. Keys are plain values; every cache is bounded."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from landscape.analysis.curvature import Curvature, curvature
from landscape.analysis.diagnosis import Diagnosis, diagnose
from landscape.analysis.field import Field, field
from landscape.analysis.framing import framing
from landscape.analysis.learning_rate import suggest_learning_rate
from landscape.descent.descend import Trajectory, descend
from landscape.figures.height import Height
from landscape.locale import translation
from landscape.objectives.regression import LinearRegression, LogisticRegression
from landscape.objectives.samples import Standardized, standardize
from landscape.pages.batches.data import Data
from landscape.pages.batches.settings import BatchRun
from landscape.stage.message import landscape_message

__all__ = [
    "Problem",
    "Race",
    "bend",
    "diagnosis",
    "heights",
    "landscape",
    "learning_rate",
    "objective",
    "run",
    "standardized",
    "view",
]

View = tuple[tuple[float, float], tuple[float, float]]

GRID = 121  # rows and columns of losses
MOST_UPDATES = 50_000
"""Of one run: what a page answers quickly."""
TRIED = 100  # updates for which a learning rate is tried


@dataclass(frozen=True)
class Problem:
    """What is minimised: a loss over samples, in terms that a cache can compare."""

    data: Data
    loss: str
    l2: float
    l1: float
    scaled: bool


@dataclass(frozen=True)
class Race:
    """What all runs of the page have in common."""

    start: tuple[float, float]
    epochs: int
    sampling: str
    seed: int

    def sampled(self) -> dict[str, Any]:
        """How the batches are drawn."""
        return {"reshuffle": self.sampling != "shuffled", "replacement": self.sampling == "replacement"}


@lru_cache(maxsize=64)
def standardized(data: Data) -> Standardized:
    """The features on one scale."""
    return standardize(data.samples.x)


@lru_cache(maxsize=128)
def objective(problem: Problem) -> Any:
    """The loss."""
    data = problem.data
    x = standardized(data).x if problem.scaled else data.samples.x
    if data.classes:
        return LogisticRegression(x, data.samples.y, l2=problem.l2, l1=problem.l1)
    return LinearRegression(x, data.samples.y, loss=problem.loss, l2=problem.l2, l1=problem.l1)


@lru_cache(maxsize=128)
def view(problem: Problem, start: tuple[float, float]) -> View:
    """What is seen unless the view was chosen."""
    return framing(objective(problem), start)


@lru_cache(maxsize=128)
def bend(problem: Problem, start: tuple[float, float]) -> Curvature:
    """The curvature at the minimum, or at the start where there is none."""
    loss = objective(problem)
    return curvature(loss, np.array(loss.minimum or start))


@lru_cache(maxsize=32)
def grid(problem: Problem, view: View, size: int) -> Field:
    return field(objective(problem), view, (size, size))


@lru_cache(maxsize=64)
def heights(problem: Problem, view: View, kind: str) -> Height:
    """The heights at which losses are drawn in a view; `kind` is automatic, linear or logarithmic."""
    loss = objective(problem)
    chosen = None if kind == "auto" else kind == "logarithmic"
    minima = tuple(float(loss(minimum)) for minimum in loss.minima)
    return Height.of(grid(problem, view, GRID).loss, minima=minima, logarithmic=chosen)


@lru_cache(maxsize=48)
def landscape(problem: Problem, view: View, kind: str, lines: int, theme: str, projector: bool, language: str) -> str:
    """The stage's message about the landscape, as JSON."""
    message: dict[str, Any] = landscape_message(
        objective(problem),
        grid(problem, view, GRID),
        heights(problem, view, kind),
        arrows=None,
        lines=lines,
        theme=theme,
        projector=projector,
        language=language,
        _=translation(language),
    )
    return json.dumps(message, separators=(",", ":"))


@lru_cache(maxsize=256)
def learning_rate(problem: Problem, settings: BatchRun, start: tuple[float, float]) -> float:
    """A learning rate for a run whose own is left open."""
    loss = objective(problem)
    size = None if settings.batch_size is None else min(settings.batch_size, loss.sample_count)
    return float(suggest_learning_rate(loss, settings.method(), start, max_steps=TRIED, batch_size=size))


@lru_cache(maxsize=192)
def run(problem: Problem, settings: BatchRun, rate: float, race: Race) -> Trajectory:
    """A run, recorded."""
    loss = objective(problem)
    n = loss.sample_count
    sampled = {} if settings.batch_size is None else race.sampled()
    return descend(
        loss,
        start=race.start,
        optimizer=settings.method(),
        learning_rate=settings.rate(rate),
        epochs=race.epochs,
        max_steps=MOST_UPDATES,
        batch_size=min(settings.batch_size or n, n),
        seed=race.seed,
        **sampled,
    )


@lru_cache(maxsize=256)
def diagnosis(trajectory: Trajectory) -> Diagnosis:
    """What a run did and why."""
    return diagnose(trajectory)
