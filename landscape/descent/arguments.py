"""What the arguments of a run may be: each is checked here, and refused in a sentence by ValueError."""

import operator
from collections.abc import Sequence
from dataclasses import replace
from math import isfinite, nan
from typing import Any

from .batches import Batches
from .line_search import Backtracking
from .optimizers import Elementwise, Optimizer
from .schedules import Constant, Schedule
from .stopping import Stopping

__all__ = [
    "check_objective",
    "check_optimizer",
    "check_stopping",
    "point_of",
    "refuse_the_whole",
    "schedule_of",
    "steps_of",
    "which_batches",
]

USUAL_STEPS = 1000
MOST_STEPS = 1_000_000


def check_objective(objective: Any) -> None:
    """It has to have a value and a gradient, in arrays or on floats."""
    in_arrays = callable(objective) and hasattr(objective, "gradient")
    if not (in_arrays or hasattr(objective, "value_and_gradient")):
        raise ValueError(
            "The objective must have objective(theta) and objective.gradient(theta), as formula(text), FUNCTIONS and"
            f" the regressions have, but it is {objective!r:.60}."
        )


def check_optimizer(optimizer: Any) -> None:
    """It has to be an object such as Adam(), not its class, nor its name."""
    if not isinstance(optimizer, Optimizer):
        raise ValueError(f"optimizer must be an optimizer such as Adam(), but it is {optimizer!r:.60}.")


def check_stopping(stop: Any) -> None:
    """It has to be a Stopping."""
    if not isinstance(stop, Stopping):
        raise ValueError(f"stop must be conditions such as Stopping(gradient=1e-6), but it is {stop!r:.60}.")


def point_of(start: Sequence[float]) -> tuple[float, float]:
    """Two finite numbers."""
    try:
        x, y = map(float, start)
    except (TypeError, ValueError):
        x = y = nan
    if not (isfinite(x) and isfinite(y)):
        raise ValueError(f"start must be two finite numbers x and y, but it is {start!r}.")
    return x, y


def steps_of(number: Any, name: str = "max_steps") -> int:
    """A whole number that is not negative."""
    try:
        steps = operator.index(number)
    except TypeError:
        steps = -1
    if not 0 <= steps <= MOST_STEPS:
        raise ValueError(f"{name} must be a whole number from 0 to {MOST_STEPS}, but it is {number!r}.")
    return steps


def schedule_of(learning_rate: float | Schedule) -> Schedule:
    """The schedule, or the one that stays at a number."""
    if isinstance(learning_rate, Schedule):
        return learning_rate
    try:
        return Constant(learning_rate)
    except ValueError:
        raise ValueError(
            f"learning_rate must be a finite number of at least 0, or a schedule, but it is {learning_rate!r}."
        ) from None


def which_batches(
    objective: Any,
    max_steps: int | None,
    epochs: int | None,
    batch_size: int | None,
    seed: int,
    reshuffle: bool,
    replacement: bool,
) -> Batches | None:
    """The batches of a run; None if none were asked for."""
    if epochs is None and batch_size is None and reshuffle and not replacement:
        return None
    n = getattr(objective, "sample_count", None)
    if n is None:
        raise ValueError("Batches need a loss over samples, such as a LinearRegression; this objective has no samples.")
    batches = Batches(n, n if batch_size is None else batch_size, 0, seed, reshuffle, replacement)
    limits = [steps_of(epochs, "epochs") * batches.per_epoch] if epochs is not None else []
    if max_steps is not None or epochs is None:
        limits.append(steps_of(USUAL_STEPS if max_steps is None else max_steps))
    if min(limits) > MOST_STEPS:
        raise ValueError(f"A run may take {MOST_STEPS} updates, but {epochs} epochs have {min(limits)}.")
    return replace(batches, updates=min(limits))


def refuse_the_whole(optimizer: Optimizer, schedule: Schedule, batches: Batches) -> None:
    """ValueError for what makes no sense while the loss is another one at each update."""
    needs = [] if isinstance(optimizer, Elementwise) else [optimizer.name]
    if isinstance(schedule, Backtracking):
        needs.append(schedule.name)
    if needs:
        raise ValueError(
            f"{needs[0]} needs the same loss at every step: its batches must be all {batches.samples} samples, without"
            f" replacement, but batch_size is {batches.batch_size}."
        )
