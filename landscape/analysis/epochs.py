"""How many epochs a first look takes, found by trying."""

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

import numpy as np

from landscape.analysis.field import View
from landscape.analysis.learning_rate import rungs
from landscape.descent.descend import Trajectory, descend

__all__ = ["ends_near", "suggest_epochs"]

FEWEST = 10
NEAR = 0.05  # of the view: there the symbols of a run and of the minimum touch


def suggest_epochs(loss: Any, learning_rate: float, start: Sequence[float], view: View, most_updates: int) -> int:
    """The fewest of 10, 20, 50, 100, … epochs after which gradient descent over single samples is near the minimum.

    10 where no number of them with at most so many updates is enough, and where there is no minimum.
    """
    if loss.minimum is None:
        return FEWEST
    for epochs in map(int, takewhile(lambda rung: rung * loss.sample_count <= most_updates, rungs(FEWEST))):
        run = descend(loss, start=start, learning_rate=learning_rate, epochs=epochs, batch_size=1)
        if ends_near(run, view):
            return epochs
    return FEWEST


def ends_near(run: Trajectory, view: View) -> bool:
    """Whether the last tenth of a run, in the mean of its noise, is a small part of the view away from the minimum."""
    minimum = run.objective.minimum
    if minimum is None:
        return False
    with np.errstate(all="ignore"):  # of a run that explodes
        end = run.theta[:, -1 - run.stop.step // 10 :].mean(axis=1)
        return bool((np.abs(end - minimum) <= NEAR * np.ptp(view, axis=1)).all())
