"""descend: the loop, written once for all optimizers, and the Trajectory that it records."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count, islice
from math import hypot, inf, isfinite, nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .arguments import (
    USUAL_STEPS,
    check_objective,
    check_optimizer,
    check_stopping,
    point_of,
    refuse_the_whole,
    schedule_of,
    steps_of,
    which_batches,
)
from .batches import Batches, blocks
from .line_search import Backtracking, Evaluate
from .optimizers import GradientDescent, Optimizer, Rule
from .schedules import Schedule, proposed
from .stopping import Stop, Stopping, StopReason

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Trajectory:
    """The record of a run of n steps: n + 1 points, the first of them the start.

    All positions are finite. Loss and gradient are not at a last point where `stop` says so. The arrays are read-only.
    With batches, loss and gradient are still those of all samples; what the optimizer saw is recorded besides.
    """

    objective: Any
    optimizer: Optimizer
    schedule: float | Schedule
    stopping: Stopping
    max_steps: int
    """How many steps it was allowed."""
    theta: Array
    """(2, n+1): the positions."""
    loss: Array
    """(n+1,): f(θ)."""
    gradient: Array
    """(2, n+1): ∇f(θ)."""
    learning_rate: Array
    """(n,): η of each step."""
    stop: Stop
    """Why and where the run ended."""
    batches: Batches | None = None
    """The samples of each update: batches[k] has their indices. None for a run without batches."""
    batch_gradient: Array | None = None
    """(2, n): the gradient of the loss over batch k before update k; None likewise."""

    @cached_property
    def batch_loss(self) -> Array | None:
        """(n,): the loss over batch k before update k; None for a run without batches."""
        if self.batches is None:
            return None
        if self.batches.whole:
            return self.loss[:-1]
        values, done = [np.empty(0)], 0
        for indices, starts in blocks(self.batches.order, self.batches.batch_size, len(self.batches)):
            over_batches = self.objective.over_batches(indices, starts)
            values.append(over_batches.losses(self.theta[:, done : done + len(starts)]))
            done += len(starts)
        losses = np.concatenate(values)
        losses.flags.writeable = False
        return losses

    @property
    def direction(self) -> Array:
        """(2, n): what the optimizer returned; the step is −η times it."""
        return self.states["d"]

    @cached_property
    def states(self) -> dict[str, Array]:
        """Every quantity in the optimizer's formula after each step, each (2, n); before the first step all are 0.

        Nothing but points and gradients is recorded on the way: the optimizer is run again over them when asked.
        """
        rule, steps = self.optimizer.rule(self.objective), range(1, len(self.loss))
        gradient = self.gradient if self.batch_gradient is None else self.batch_gradient
        replay = [rule(*numbers) for numbers in zip(*self.theta.tolist(), *gradient.tolist(), steps, strict=False)]
        table = np.array(replay, dtype=float).reshape(len(steps), 2, len(self.optimizer.quantities))
        table.flags.writeable = False
        return dict(zip(self.optimizer.quantities, table.transpose(2, 1, 0), strict=True))


def descend(
    objective: Any,
    *,
    start: Sequence[float],
    optimizer: Optimizer = GradientDescent(),  # noqa: B008 (it is immutable)
    learning_rate: float | Schedule = 0.01,
    max_steps: int | None = None,
    epochs: int | None = None,
    batch_size: int | None = None,
    seed: int = 0,
    reshuffle: bool = True,
    replacement: bool = False,
    stop: Stopping = Stopping(),  # noqa: B008
) -> Trajectory:
    """Walk from `start` (x, y) by θ ← θ − η d, direction d from the optimizer, learning rate η; record every step.

    The objective has `objective(theta)` and `objective.gradient(theta)`; if it has `value_and_gradient(x, y)` on
    floats, that is used, which is many times faster. The numbers of a run never raise: overflow, poles, and points
    outside the function's domain end it, with everything up to there kept. ValueError for an unfit argument.

    With `epochs` or `batch_size` the objective has to be a loss over samples, and each step, called an update, takes
    the gradient of its mean over the next batch of `batch_size` samples, all of them unless told. They are ordered by
    the seed alone, so that runs of all batch sizes see the same: anew in each epoch, or with `reshuffle=False` as in
    the first one, or drawn with `replacement`. A run is as long as `epochs` or `max_steps` allow, 1000 steps if neither
    is set. A schedule counts updates. What `stop` says of a short gradient, a short step and a low loss holds at the
    end of each epoch, for the loss over all samples; that a run has diverged is seen at once. Where an update sees some
    samples alone, a gradient is short only where every sample's is: elsewhere batches lead on.
    """
    check_objective(objective)
    check_optimizer(optimizer)
    check_stopping(stop)
    place, schedule = point_of(start), schedule_of(learning_rate)
    batches = which_batches(objective, max_steps, epochs, batch_size, seed, reshuffle, replacement)
    most = len(batches) if batches is not None else steps_of(USUAL_STEPS if max_steps is None else max_steps)
    if batches is None or batches.whole:
        record = _over_everything(objective, optimizer.rule(objective), schedule, stop, place, most)
        if batches is not None:
            record |= {"batches": replace(batches, updates=record["stop"].step)}
            record |= {"batch_gradient": record["gradient"][:, :-1]}
    else:
        refuse_the_whole(optimizer, schedule, batches)
        record = _over_batches(objective, optimizer.rule(objective), schedule, stop, place, batches)
    for each in record.values():
        if isinstance(each, np.ndarray):
            each.flags.writeable = False
    return Trajectory(
        objective=objective, optimizer=optimizer, schedule=learning_rate, stopping=stop, max_steps=most, **record
    )


def _over_everything(
    objective: Any, advance: Rule, schedule: Schedule, stop: Stopping, place: tuple[float, float], most: int
) -> dict[str, Any]:
    """The Trajectory's fields of a walk by the objective's own gradient."""
    with np.errstate(all="ignore"):
        points, rates, (reason, values) = _walk(_evaluation(objective), advance, schedule, stop, place, most)
    record = np.fromiter(points, np.float64, len(points)).reshape(-1, 5).T.copy()
    return {
        "theta": record[:2],
        "loss": record[2],
        "gradient": record[3:],
        "learning_rate": np.array(rates, dtype=np.float64),
        "stop": Stop(reason, len(rates), {"step": len(rates), **values}),
    }


def _over_batches(
    objective: Any, advance: Rule, schedule: Schedule, stop: Stopping, place: tuple[float, float], batches: Batches
) -> dict[str, Any]:
    """The same of a walk by the gradients of batches.

    The walk itself looks at batches alone. All that needs all samples, also whether to stop, is found out afterwards
    for all points at once, and what was walked beyond the stop is dropped.
    """
    with np.errstate(all="ignore"):
        updates = _updates(objective, advance, schedule, place, batches)
        record = np.fromiter(updates, np.float64, len(updates)).reshape(-1, 5).T
        theta = np.column_stack([place, record[:2]])
        loss, gradient = objective(theta), objective.gradient(theta)
        reason, n, values = _first_stop(objective, stop, theta, loss, gradient, batches)
    return {
        "theta": theta[:, : n + 1],
        "loss": loss[: n + 1],
        "gradient": gradient[:, : n + 1],
        "learning_rate": record[4, :n],
        "stop": Stop(reason, n, {"step": n, **values}),
        "batches": replace(batches, updates=n),
        "batch_gradient": record[2:4, :n],
    }


def _updates(
    objective: Any, advance: Rule, schedule: Schedule, place: tuple[float, float], batches: Batches
) -> list[float]:
    """x and y after each update, the batch's gradient that led there, and the learning rate, one after another.

    They end early where the next step would not be a finite number.
    """
    x, y = place
    taken: list[float] = []
    rates, steps = proposed(schedule), count(1)
    for indices, starts in blocks(batches.order, batches.batch_size, len(batches)):
        gradient = objective.over_batches(indices, starts).gradient_on_floats()
        for k, rate, step in zip(range(len(starts)), rates, steps, strict=False):
            slope_x, slope_y = gradient(k, x, y)
            try:
                in_x, in_y = advance(x, y, slope_x, slope_y, step)
            except ArithmeticError:
                return taken
            x -= rate * in_x[0]
            y -= rate * in_y[0]
            if not (-inf < x < inf and -inf < y < inf):
                return taken
            taken += (x, y, slope_x, slope_y, rate)
    return taken


def _first_stop(
    objective: Any, stop: Stopping, theta: Array, loss: Array, gradient: Array, batches: Batches
) -> tuple[StopReason, int, dict[str, float]]:
    """Why to stop, and after how many updates: at once beyond all bounds, otherwise only at the end of an epoch."""
    length, moved = np.hypot(*gradient), np.hypot(*np.diff(theta, prepend=inf))
    lost = ~((np.abs(theta) <= stop.divergence).all(axis=0) & (np.abs(loss) <= stop.divergence) & (length < inf))
    enough = (length < stop.gradient) | (moved < stop.step)
    if stop.loss is not None:
        enough |= loss <= stop.loss
    enough &= np.arange(len(loss)) % batches.per_epoch == 0
    for n in np.flatnonzero(lost | enough).tolist():
        (x, y), slope, reached = theta[:, n].tolist(), gradient[:, n], stop
        if length[n] < stop.gradient:  # it is the mean of the samples' own, which may be long
            each = objective.sample_gradients(theta[:, n])
            if np.hypot(*each.T).max() >= stop.gradient:
                reached = replace(stop, gradient=0.0)
        reason = reached.reason(x, y, float(loss[n]), tuple(slope.tolist()), float(moved[n]))
        if reason:
            return reason[0], n, reason[1]
    return StopReason.MAX_STEPS if len(loss) > len(batches) else StopReason.NO_STEP, len(loss) - 1, {}


def _walk(
    evaluate: Evaluate, advance: Rule, schedule: Schedule, stop: Stopping, place: tuple[float, float], most: int
) -> tuple[list[float], list[float], tuple[StopReason, dict[str, float]]]:
    """The points (x, y, f, ∂f/∂x, ∂f/∂y one after another), the learning rates, and why the walk ended."""
    # One test passes every ordinary point; stop.reason looks closely at the others.
    bound, short = stop.divergence, stop.step
    far, flat = bound * bound, stop.gradient * stop.gradient
    reached = -bound if stop.loss is None else max(-bound, stop.loss)
    search = schedule if isinstance(schedule, Backtracking) else None

    points: list[float] = []
    rates: list[float] = []
    x, y = place
    moved = inf
    for step, rate in enumerate(islice(proposed(schedule), most + 1)):
        try:
            loss, slope_x, slope_y = evaluate(x, y)
        except ArithmeticError:  # overflow, a pole
            loss, slope_x, slope_y = inf, nan, nan
        except ValueError:  # outside the domain, as math.log(-1)
            loss, slope_x, slope_y = nan, nan, nan
        points += (x, y, loss, slope_x, slope_y)
        if not (
            x * x + y * y < far
            and reached < loss <= bound
            and flat <= slope_x * slope_x + slope_y * slope_y < inf
            and short <= moved
        ):
            if not (isfinite(x) and isfinite(y)):  # there is no such place: the step was not taken
                del points[-5:], rates[-1]
                return points, rates, (StopReason.NO_STEP, {})
            reason = stop.reason(x, y, loss, (slope_x, slope_y), moved)
            if reason:
                return points, rates, reason
        if step == most:
            break

        try:
            in_x, in_y = advance(x, y, slope_x, slope_y, step + 1)
        except ArithmeticError:
            return points, rates, (StopReason.NO_STEP, {})
        d_x, d_y = in_x[0], in_y[0]
        if search:
            slope = slope_x * d_x + slope_y * d_y
            if slope <= 0:
                return points, rates, (StopReason.UPHILL, {})
            accepted = search.accepted(evaluate, (x, y), (d_x, d_y), loss, slope)
            if accepted is None:
                return points, rates, (StopReason.NO_DECREASE, {})
            rate = accepted
        if short:
            moved = rate * hypot(d_x, d_y)
        x -= rate * d_x
        y -= rate * d_y
        rates.append(rate)
    return points, rates, (StopReason.MAX_STEPS, {})


def _evaluation(objective: Any) -> Evaluate:
    """(x, y) -> (f, ∂f/∂x, ∂f/∂y) on floats."""

    def by_arrays(x: float, y: float) -> tuple[float, float, float]:
        theta = np.array([x, y])
        slope_x, slope_y = objective.gradient(theta)
        return float(objective(theta)), float(slope_x), float(slope_y)

    return getattr(objective, "value_and_gradient", by_arrays)
