"""What a run over batches costs, and how soon it arrives: counted in updates, epochs, samples, and measured seconds.

Which batch size is best depends on what is counted: large batches need few updates, small ones few samples.
L. Bottou, F. E. Curtis, J. Nocedal, Optimization methods for large-scale machine learning, SIAM Review 60 (2018).
"""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.descent.descend import Trajectory

__all__ = [
    "ALIKE",
    "AXES",
    "Efficiency",
    "alike",
    "efficiency",
    "positions",
    "seconds_per_update",
    "target_loss",
    "winners",
]

AXES = ("updates", "epochs", "samples", "seconds")
LAST_PART = 4  # the last quarter of a run is its end

TIMED_UPDATES, TIMED_SAMPLES = 16, 2**16  # at most, in a round
ROUNDS, LEAST_ROUNDS = 25, 3  # of which each update's fastest time counts
PATIENCE = 0.03  # seconds for each run, after which no round beyond the least is begun
ALIKE = 0.1  # of a time: what is less apart was measured apart by chance

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Efficiency:
    """What a run costs and how soon it is there."""

    updates_per_epoch: int
    seconds_per_update: float
    memory: int
    """Bytes of data that an update reads: b samples."""
    noise: float
    """The standard deviation of the loss over all samples in the last quarter of the run."""
    reached: dict[str, float] | None
    """For each of AXES the first position with a loss not above the target; None if it was never reached."""


def efficiency(run: Trajectory, target: float, seconds: float) -> Efficiency:
    """The Efficiency of a run over batches: how soon it reaches the loss `target` if an update takes `seconds`."""
    data, late = run.objective, run.loss[-1 - run.stop.step // LAST_PART :]
    there = np.flatnonzero(run.loss <= target)
    axes = positions(run, seconds)
    return Efficiency(
        updates_per_epoch=_batches(run).per_epoch,
        seconds_per_update=seconds,
        memory=_batches(run).batch_size * (data.x[0].nbytes + data.y[0].nbytes),
        noise=float(late[np.isfinite(late)].std()) if np.isfinite(late).any() else float("nan"),
        reached={axis: float(axes[axis][there[0]]) for axis in AXES} if there.size else None,
    )


def positions(run: Trajectory, seconds: float) -> dict[str, Array]:
    """Where each point of a run over batches lies on each of AXES, (n+1,), if an update takes `seconds`."""
    updates = np.arange(run.stop.step + 1)
    samples = _batches(run).seen(updates)
    values = (updates, samples / _batches(run).samples, samples, updates * seconds)
    return {axis: value.astype(np.float64) for axis, value in zip(AXES, values, strict=True)}


def seconds_per_update(runs: Sequence[Trajectory]) -> list[float]:
    """How long an update of each of some runs over batches takes on this computer now: their first are timed again.

    What is timed reads the batch's samples, computes their mean gradient and asks the optimizer for a direction, for
    every batch size in the same way. Each update counts with the fastest of some rounds, since a busy computer is only
    ever slower, as the documentation of Python's timeit advises. The runs take turns, and what one takes of a round is
    the median over all of them: a computer may become idle while one run has its turn. 0 for a run without updates.
    """
    replays = [_first_updates(run) for run in runs]
    fastest = [np.full(len(replay), np.inf) for replay in replays]
    rounds = []
    begin = time.perf_counter()
    for done in range(ROUNDS):
        if done >= LEAST_ROUNDS and time.perf_counter() - begin >= PATIENCE * len(runs):
            break
        times = [_timed(run, replay) for run, replay in zip(runs, replays, strict=True)]
        fastest = [np.minimum(*pair) for pair in zip(fastest, times, strict=True)]
        rounds.append([_mean(each) for each in times])
    total = sum(map(_mean, fastest))
    if not total:
        return [0.0 for run in runs]
    parts = np.median([np.divide(each, sum(each)) for each in rounds], axis=0)
    return [float(total * part) for part in parts / parts.sum()]


def _timed(run: Trajectory, replay: list[Any]) -> Array:
    """How long each of these updates takes."""
    advance, times = run.optimizer.rule(run.objective), []
    for theta, x, y, batch, step in replay:
        before = time.perf_counter()
        with suppress(ArithmeticError):  # a rounding apart from the run, where it still had a direction
            slope_x, slope_y = run.objective.batch_gradient(theta, batch).tolist()
            advance(x, y, slope_x, slope_y, step)
        times.append(time.perf_counter() - before)
    return np.array(times)


def _mean(times: Array) -> float:
    return float(times.mean()) if times.size else 0.0


def _first_updates(run: Trajectory) -> list[Any]:
    batches = _batches(run)
    first = range(min(len(batches), TIMED_UPDATES, max(1, TIMED_SAMPLES // batches.batch_size)))
    return [(run.theta[:, k], *run.theta[:, k].tolist(), batches[k], k + 1) for k in first]


def alike(times: Sequence[float]) -> bool:
    """Are measured times no farther apart than by chance?"""
    return max(times, default=0.0) <= (1 + ALIKE) * min(times, default=0.0)


def target_loss(runs: Sequence[Trajectory], part: float = 0.01) -> float:
    """A loss to race for: what is left above the minimum when all but this part of the descent from the start is done.

    The runs share objective and start. Where the loss has no minimum, the lowest loss of any of them stands for it.
    """
    start, minimum = float(runs[0].loss[0]), runs[0].objective.minimum
    known = [runs[0].objective(minimum)] if minimum is not None else [np.fmin.reduce(run.loss) for run in runs]
    lowest = float(min(known))
    return lowest + part * (start - lowest)


def winners(rows: Sequence[Efficiency]) -> dict[str, tuple[int, ...]]:
    """For each of AXES the places of the runs that reach the target first: several if they tie, none if none does.

    Times that are alike tie.
    """
    reached = [(place, row.reached) for place, row in enumerate(rows) if row.reached is not None]
    won = {}
    for axis in AXES:
        soonest = min((there[axis] for _, there in reached), default=0.0)
        won[axis] = tuple(
            place
            for place, there in reached
            if there[axis] == soonest or (axis == "seconds" and alike((soonest, there[axis])))
        )
    return won


def _batches(run: Trajectory) -> Any:
    if run.batches is None:
        raise ValueError("This run has no batches: it was made without epochs or batch_size.")
    return run.batches
