"""A learning rate for a first look, found by trying."""

from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Any

import numpy as np

from landscape.descent.descend import Trajectory, descend
from landscape.descent.optimizers import LBFGS, Newton, Optimizer
from landscape.descent.stopping import StopReason

LADDER = (*(float(f"{digit}e{exponent}") for exponent in range(-5, 1) for digit in (1, 2, 5)), 10.0)
USUAL = 0.01

ENDED_WELL = (StopReason.MAX_STEPS, StopReason.GRADIENT, StopReason.STEP, StopReason.LOSS)
TIE = 1e-5  # of the descent: less is not worth a larger learning rate
CLIMB = 0.1  # of the descent: a run that was higher above its start has been thrown
BOUNCE = 0.01  # of the descent: a run that still climbs as much in its last tenth has not settled
MARGIN = 0.25  # of the domain's width: farther outside its edges a run is lost


def suggest_learning_rate(
    objective: Any, optimizer: Optimizer, start: Sequence[float], max_steps: int = 300, batch_size: int | None = None
) -> float:
    """The smallest of 1e-5, 2e-5, 5e-5, … 10 that brings the loss as low as any below the first one that misbehaves.

    They are run one after the other, until one explodes, is thrown above its start or out of the domain, or still
    bounces at the end: beyond it a low loss is luck. For Newton and L-BFGS, whose own step is 1, the first calm one
    from 1 downwards. 0.01 where the loss cannot be lowered, as from a point that is stationary or outside the domain.
    With `batch_size` the runs take batches: noise is bouncing too, so that a rate is found at which it hardly matters.
    """

    def runs(rates: Iterable[float]) -> Iterable[Trajectory]:
        for rate in rates:
            yield descend(
                objective,
                start=start,
                optimizer=optimizer,
                learning_rate=rate,
                max_steps=max_steps,
                batch_size=batch_size,
            )

    if isinstance(optimizer, Newton | LBFGS):
        best = next(filter(is_calm, runs(rate for rate in reversed(LADDER) if rate <= 1)), None)
    else:
        best = lowest(takewhile(is_calm, runs(LADDER))) or lowest(filter(ends_lower, runs(LADDER)))
    return USUAL if best is None else float(best.learning_rate[0])


def lowest(runs: Iterable[Trajectory]) -> Trajectory | None:
    """The first of some runs from one start that ends as low as any of them does; None if there are none."""
    runs = list(runs)
    enough = min((run.loss[-1] + TIE * (run.loss[0] - run.loss[-1]) for run in runs), default=None)
    return next((run for run in runs if run.loss[-1] <= enough), None)


def ends_lower(run: Trajectory) -> bool:
    return run.stop.reason in ENDED_WELL and bool(run.loss[-1] < run.loss[0])


def is_calm(run: Trajectory) -> bool:
    """Whether a run ends lower without having been thrown or lost on the way, and without bouncing in the end."""
    if not ends_lower(run):
        return False
    descent = run.loss[0] - run.loss[-1]
    last_tenth = run.loss[-2 - len(run.loss) // 10 :]
    return (
        bool(run.loss.max() <= run.loss[0] + CLIMB * descent)
        and bool(np.diff(last_tenth).clip(min=0).sum() <= BOUNCE * descent)
        and _stays_near(run.theta, getattr(run.objective, "domain", None))
    )


def _stays_near(theta: Any, domain: Any) -> bool:
    if domain is None:
        return True
    low, high = np.transpose(domain)
    room = MARGIN * (high - low)
    return bool((theta.min(axis=1) >= low - room).all() and (theta.max(axis=1) <= high + room).all())
