"""repeats: the same run with many seeds at once, and the Repeats that it records."""

import operator
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .arguments import check_optimizer, point_of, refuse_the_whole, schedule_of, which_batches
from .batches import Batches, blocks
from .descend import descend
from .optimizers import GradientDescent, Optimizer, State
from .schedules import Schedule, proposed
from .stopping import Stopping

MOST_SAMPLES = 20_000_000  # that all runs together may draw: 160 MB
MOST_POSITIONS = 10_000_000  # that are recorded: 160 MB

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Repeats:
    """The record of s runs of n updates that differ in the order of samples alone. The arrays are read-only.

    Where a run overflows its positions are no longer finite, and its loss counts as infinite from there on.
    """

    objective: Any
    seeds: tuple[int, ...]
    theta: Array
    """(2, s, n+1): the positions."""
    batches: Batches
    """The batches of the first run."""

    @cached_property
    def loss(self) -> Array:
        """(s, n+1): f(θ), over all samples."""
        different = self.theta[:, :1] if self.batches.whole else self.theta
        loss: Array = self.objective(different)
        loss[np.isnan(loss)] = np.inf
        return np.broadcast_to(loss, self.theta.shape[1:])

    @cached_property
    def quartiles(self) -> Array:
        """(3, n+1): the loss that a quarter, a half and three quarters of the runs are not above."""
        with np.errstate(invalid="ignore"):
            quartiles: Array = np.quantile(self.loss, [0.25, 0.5, 0.75], axis=0)
        quartiles[np.isnan(quartiles)] = np.inf  # between two runs, one of which has overflown
        quartiles.flags.writeable = False
        return quartiles

    @property
    def end(self) -> Array:
        """(2, s): where each run ends."""
        return self.theta[:, :, -1]

    @cached_property
    def floor(self) -> float | None:
        """The noise floor: how far the loss is above the minimum on average over runs and the second half of updates.

        None where the loss has no minimum.
        """
        minimum = self.objective.minimum
        if minimum is None:
            return None
        return float(self.loss[:, self.loss.shape[1] // 2 :].mean() - self.objective(minimum))


def repeats(
    objective: Any,
    *,
    start: Sequence[float],
    batch_size: int,
    optimizer: Optimizer = GradientDescent(),  # noqa: B008 (it is immutable)
    learning_rate: float | Schedule = 0.01,
    max_steps: int | None = None,
    epochs: int | None = None,
    seeds: int | Sequence[int] = 30,
    reshuffle: bool = True,
    replacement: bool = False,
) -> Repeats:
    """The runs that `descend` makes with these arguments and each of the seeds, which are 0, 1, 2, … or given.

    All take all their updates: nothing stops them before. They go side by side, every array holding a number of each.
    ValueError for what `descend` refuses, and for more updates or samples than memory should hold.
    """
    check_optimizer(optimizer)
    try:
        chosen = tuple(seeds if isinstance(seeds, Iterable) else range(operator.index(seeds)))
    except TypeError:
        chosen = ()
    if not chosen:
        raise ValueError(f"seeds must be a number of at least 1, or some seeds, but it is {seeds!r}.")
    place, schedule = point_of(start), schedule_of(learning_rate)
    batches = which_batches(objective, max_steps, epochs, batch_size, chosen[0], reshuffle, replacement)
    assert batches is not None  # there is a batch_size
    if len(chosen) * len(batches) > MOST_POSITIONS:
        raise ValueError(f"{len(chosen)} runs of {len(batches):,} updates are more than {MOST_POSITIONS:,} updates.")
    if batches.whole:  # then the seed makes no difference
        stop = Stopping(gradient=0.0, divergence=sys.float_info.max)
        run = descend(
            objective, start=place, optimizer=optimizer, learning_rate=learning_rate, max_steps=len(batches), stop=stop
        )
        path = np.pad(run.theta, ((0, 0), (0, len(batches) - run.stop.step)), mode="edge")
        theta = np.broadcast_to(path[:, None], (2, len(chosen), path.shape[1]))
        return Repeats(objective, chosen, theta, batches)

    refuse_the_whole(optimizer, schedule, batches)
    drawn = len(chosen) * batches.epochs * batches.samples
    if drawn > MOST_SAMPLES:
        raise ValueError(f"{len(chosen)} runs would draw {drawn:,} samples, more than {MOST_SAMPLES:,}.")
    theta = _side_by_side(objective, optimizer, schedule, place, [replace(batches, seed=seed) for seed in chosen])
    theta.flags.writeable = False
    return Repeats(objective, chosen, theta, batches)


def _side_by_side(
    objective: Any, optimizer: Any, schedule: Schedule, place: tuple[float, float], runs: list[Batches]
) -> Array:
    """The positions of runs that differ in their seed alone, (2, runs, updates + 1)."""
    updates, size = len(runs[0]), runs[0].batch_size
    orders = np.stack([batches.order for batches in runs])
    theta = np.repeat(np.array(place)[:, None], len(runs), axis=1)
    path = np.empty((updates + 1, *theta.shape))
    path[0] = theta
    state: State = (0.0,) * len(optimizer.quantities)
    rates, steps = proposed(schedule), count(1)
    with np.errstate(all="ignore"):
        for indices, starts in blocks(orders, size, updates):
            gradient = objective.over_batches(indices, starts).gradient_in_lanes()
            for k, rate, step in zip(range(len(starts)), rates, steps, strict=False):
                state = optimizer.update(gradient(k, theta), state, step, theta)
                theta = theta - rate * state[0]
                path[step] = theta
    return np.ascontiguousarray(np.moveaxis(path, 0, -1))
