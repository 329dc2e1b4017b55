"""descend: the loop, written once for all optimizers, and the Trajectory that it records."""

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count, islice, repeat
from math import hypot, inf, isfinite, nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .line_search import Backtracking, Evaluate
from .optimizers import GradientDescent, Optimizer, Rule
from .schedules import Constant, Schedule
from .stopping import Stop, Stopping, StopReason

MOST_STEPS = 1_000_000

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Trajectory:
    """The record of a run of n steps: n + 1 points, the first of them the start.

    All positions are finite. Loss and gradient are not at a last point where `stop` says so. The arrays are read-only.
    """

    objective: Any
    optimizer: Optimizer
    schedule: float | Schedule
    stopping: Stopping
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
        replay = [rule(*numbers) for numbers in zip(*self.theta.tolist(), *self.gradient.tolist(), steps, strict=False)]
        table = np.array(replay, dtype=float).reshape(len(steps), 2, len(self.optimizer.quantities))
        table.flags.writeable = False
        return dict(zip(self.optimizer.quantities, table.transpose(2, 1, 0), strict=True))


def descend(
    objective: Any,
    *,
    start: Sequence[float],
    optimizer: Optimizer = GradientDescent(),  # noqa: B008 (it is immutable)
    learning_rate: float | Schedule = 0.01,
    max_steps: int = 1000,
    stop: Stopping = Stopping(),  # noqa: B008
) -> Trajectory:
    """Walk from `start` (x, y) by θ ← θ − η d, direction d from the optimizer, learning rate η; record every step.

    The objective has `objective(theta)` and `objective.gradient(theta)`; if it has `value_and_gradient(x, y)` on
    floats, that is used, which is many times faster. The numbers of a run never raise: overflow, poles, and points
    outside the function's domain end it, with everything up to there kept. ValueError for an unfit argument.
    """
    place, most, schedule = _point(start), _whole(max_steps), _schedule(learning_rate)
    with np.errstate(all="ignore"):
        points, rates, (reason, values) = _walk(
            _evaluation(objective), optimizer.rule(objective), schedule, stop, place, most
        )
    record = np.fromiter(points, np.float64, len(points)).reshape(-1, 5).T.copy()
    taken = np.array(rates, dtype=np.float64)
    record.flags.writeable = taken.flags.writeable = False
    return Trajectory(
        objective=objective,
        optimizer=optimizer,
        schedule=learning_rate,
        stopping=stop,
        theta=record[:2],
        loss=record[2],
        gradient=record[3:],
        learning_rate=taken,
        stop=Stop(reason, len(rates), {"step": len(rates), **values}),
    )


def _walk(
    evaluate: Evaluate, advance: Rule, schedule: Schedule, stop: Stopping, place: tuple[float, float], most: int
) -> tuple[list[float], list[float], tuple[StopReason, dict[str, float]]]:
    """The points (x, y, f, ∂f/∂x, ∂f/∂y one after another), the learning rates, and why the walk ended."""
    # One test passes every ordinary point; stop.reason looks closely at the others.
    bound, short = stop.divergence, stop.step
    far, flat = bound * bound, stop.gradient * stop.gradient
    reached = -bound if stop.loss is None else max(-bound, stop.loss)
    # A constant needs no call at each step.
    proposed = repeat(schedule.initial) if isinstance(schedule, Constant) else map(schedule, count())
    search = schedule if isinstance(schedule, Backtracking) else None

    points: list[float] = []
    rates: list[float] = []
    x, y = place
    moved = inf
    for step, rate in enumerate(islice(proposed, most + 1)):
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


def _point(start: Sequence[float]) -> tuple[float, float]:
    try:
        x, y = map(float, start)
    except (TypeError, ValueError):
        x = y = nan
    if not (isfinite(x) and isfinite(y)):
        raise ValueError(f"start must be two finite numbers x and y, but it is {start!r}.")
    return x, y


def _whole(max_steps: int) -> int:
    try:
        steps = operator.index(max_steps)
    except TypeError:
        steps = -1
    if not 0 <= steps <= MOST_STEPS:
        raise ValueError(f"max_steps must be a whole number from 0 to {MOST_STEPS}, but it is {max_steps!r}.")
    return steps


def _schedule(learning_rate: float | Schedule) -> Schedule:
    if isinstance(learning_rate, Schedule):
        return learning_rate
    try:
        return Constant(learning_rate)
    except ValueError:
        raise ValueError(
            f"learning_rate must be a finite number of at least 0, or a schedule, but it is {learning_rate!r}."
        ) from None
