"""When a run arrives: the first step whose loss is close to the lowest, and the step from which on it stays so."""

import math
from dataclasses import dataclass

import numpy as np

from landscape.descent.descend import Trajectory

__all__ = ["Arrival", "arrival"]


@dataclass(frozen=True)
class Arrival:
    """Steps, counted from 0 at the start; None where it never happens."""

    first: int | None
    settled: int | None


def arrival(run: Trajectory, tolerance: float = 1e-3) -> Arrival:
    """The first step with f − f* < tolerance, and the first from which on that holds to the end.

    f* is the loss at the lowest of the objective's known minima, or the run's own lowest loss where none is known.
    """
    minima = run.objective.minima
    lowest = (
        min(float(run.objective(minimum)) for minimum in minima)
        if minima
        else min(run.loss[np.isfinite(run.loss)], default=math.nan)
    )
    with np.errstate(invalid="ignore"):
        close = run.loss - lowest < tolerance
    if not close.any():
        return Arrival(None, None)
    away = np.flatnonzero(~close)
    settled = int(away[-1]) + 1 if away.size else 0
    return Arrival(int(close.argmax()), settled if settled < close.size else None)
