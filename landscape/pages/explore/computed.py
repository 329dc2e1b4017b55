"""What the pages compute once and keep for all visitors. Keys are plain values; every cache is bounded."""

import json
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from landscape.analysis.diagnosis import Diagnosis, diagnose
from landscape.analysis.field import Field, View, field
from landscape.analysis.learning_rate import suggest_learning_rate
from landscape.analysis.opening import opening
from landscape.analysis.stationary_points import stationary_points
from landscape.descent.descend import Trajectory, descend
from landscape.descent.stopping import Stopping
from landscape.figures.height import Height
from landscape.figures.landscape import line_count
from landscape.locale import translation
from landscape.objectives.formula import Formula, formula
from landscape.objectives.functions import FUNCTIONS
from landscape.pages.run_settings import RunSettings
from landscape.stage.message import landscape_message

__all__ = ["diagnosis", "drawable", "has_holes", "heights", "landscape", "learning_rate", "lines", "objective", "run"]


WHOLE = 0.98  # of a view: less has holes


def objective(function: str, text: str) -> Formula:
    """The function of that key, or the formula of that text. FormulaError."""
    return FUNCTIONS[function] if function else formula(text)


@lru_cache(maxsize=32)
def grid(function: str, text: str, view: View, size: int) -> Field:
    return field(objective(function, text), view, (size, size))


def drawable(function: str, text: str, view: View) -> bool:
    """Is there a finite loss anywhere in a view?"""
    return bool(np.isfinite(grid(function, text, view, 121).loss).any())


def has_holes(function: str, text: str, view: View) -> bool:
    """Is a part of a view left blank, more than a line? What is infinite is drawn, as high as all that is too high."""
    return bool(np.isnan(grid(function, text, view, 121).loss).mean() > 1 - WHOLE)


@lru_cache(maxsize=64)
def heights(function: str, text: str, view: View, kind: str) -> Height:
    """The heights at which losses are drawn in a view; `kind` is automatic, linear or logarithmic."""
    shown = objective(function, text)
    chosen = getattr(shown, "logarithmic", None) if kind == "auto" else kind == "logarithmic"
    minima = tuple(float(shown(minimum)) for minimum in shown.minima)
    return Height.of(grid(function, text, view, 121).loss, minima=minima, logarithmic=chosen)


def lines(function: str, text: str, view: View, kind: str) -> int:
    """How many contour lines suit a view."""
    return line_count(grid(function, text, view, 121), heights(function, text, view, kind))


@lru_cache(maxsize=48)
def landscape(
    function: str,
    text: str,
    view: View,
    kind: str,
    lines: int,
    arrows: bool,
    theme: str,
    projector: bool,
    language: str,
) -> str:
    """The stage's message about the landscape, as JSON."""
    message: dict[str, Any] = landscape_message(
        objective(function, text),
        grid(function, text, view, 121),
        heights(function, text, view, kind),
        stationary=stationary_points(objective(function, text), view),
        arrows=grid(function, text, view, 17) if arrows else None,
        lines=lines,
        theme=theme,
        projector=projector,
        language=language,
        _=translation(language),
    )
    return json.dumps(message, separators=(",", ":"))


@lru_cache(maxsize=256)
def learning_rate(function: str, text: str, settings: RunSettings, start: tuple[float, float], steps: int) -> float:
    """A learning rate for a run of so many steps whose own is left open."""
    shown = objective(function, text)
    return float(suggest_learning_rate(shown, settings.method(), start, steps, view=opening(shown).view))


@lru_cache(maxsize=128)
def run(
    function: str, text: str, settings: RunSettings, rate: float, start: tuple[float, float], steps: int, stop: Stopping
) -> Trajectory:
    """A run, recorded."""
    return descend(
        objective(function, text),
        start=start,
        optimizer=settings.method(),
        learning_rate=settings.rate(rate),
        max_steps=steps,
        stop=stop,
    )


FINDINGS: WeakKeyDictionary[Trajectory, Diagnosis] = WeakKeyDictionary()


def diagnosis(trajectory: Trajectory) -> Diagnosis:
    """What a run did and why; kept as long as the run is."""
    if trajectory not in FINDINGS:
        FINDINGS[trajectory] = diagnose(trajectory)
    return FINDINGS[trajectory]
