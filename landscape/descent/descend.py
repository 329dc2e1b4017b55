"""The loop: `descend` walks an objective with an optimizer and returns the Trajectory."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.descent.optimizers import GradientDescent, Optimizer
from landscape.descent.schedules import Constant, Schedule
from landscape.descent.stopping import MESSAGES, Stop, Stopping, StopReason

Array = NDArray[np.float64]
MOST_STEPS = 1_000_000


@dataclass(frozen=True, eq=False)
class Trajectory:
    """A recorded run of n steps."""

    objective: Any
    optimizer: Optimizer
    schedule: float | Schedule
    stopping: Stopping
    theta: Array
    loss: Array
    gradient: Array
    learning_rate: Array
    stop: Stop

    @cached_property
    def _replay(self) -> Array:
        """Every quantity of every step, (quantities, 2, n): the optimizer run again over the recorded gradients."""
        rule = self.optimizer.rule(self.objective)
        points = zip(*self.theta.tolist(), *self.gradient.tolist(), range(1, self.theta.shape[1]), strict=False)
        shape = (self.theta.shape[1] - 1, 2, len(self.optimizer.quantities))
        return np.array([rule(*point) for point in points], dtype=float).reshape(shape).T

    @property
    def direction(self) -> Array:
        """(2, n): what the optimizer returned at each step."""
        return self._replay[0]

    @property
    def states(self) -> dict[str, Array]:
        """Each quantity of the optimizer's formula after each step, (2, n)."""
        return dict(zip(self.optimizer.quantities, self._replay, strict=True))


def descend(
    objective: Any,
    *,
    start: tuple[float, float],
    optimizer: Optimizer = GradientDescent(),
    learning_rate: float | Schedule = 0.01,
    max_steps: int = 1000,
    stop: Stopping = Stopping(),
) -> Trajectory:
    """Walk from `start` and record every point."""
    schedule = learning_rate if isinstance(learning_rate, Schedule) else Constant(learning_rate)
    evaluate = _evaluation(objective)
    rule = optimizer.rule(objective)
    x, y = map(float, start)
    bound, target, flat, short = stop.divergence, stop.loss, stop.gradient**2, stop.step
    goal = -bound if target is None else max(-bound, target)

    points: list[float] = []
    rates: list[float] = []
    reason, values = StopReason.MAX_STEPS, {}
    for step in range(max_steps + 1):
        try:
            loss, slope_x, slope_y = evaluate(x, y)
        except (ValueError, ArithmeticError):
            loss, slope_x, slope_y = _by_arrays(objective, x, y)
        points += (x, y, loss, slope_x, slope_y)
        if not (-bound <= x <= bound and -bound <= y <= bound and goal < loss <= bound) or not (
            flat <= slope_x * slope_x + slope_y * slope_y < math.inf
        ):
            why = _why(x, y, loss, slope_x, slope_y, stop)
            if why:
                reason, values = why
                break
        if step == max_steps:
            break
        rate = schedule(step)
        try:
            in_x, in_y = rule(x, y, slope_x, slope_y, step + 1)
        except ArithmeticError:
            reason = StopReason.NO_DIRECTION
            break
        before = x, y
        x -= rate * in_x[0]
        y -= rate * in_y[0]
        if not (math.isfinite(x) and math.isfinite(y)):
            reason = StopReason.NO_DIRECTION
            break
        rates.append(rate)
        if short and math.dist(before, (x, y)) < short:
            reason, values = StopReason.STEP, {"length": math.dist(before, (x, y)), "threshold": short}
            loss, slope_x, slope_y = _by_arrays(objective, x, y)
            points += (x, y, loss, slope_x, slope_y)
            break

    record = np.array(points).reshape(-1, 5).T
    last = record.shape[1] - 1
    return Trajectory(
        objective,
        optimizer,
        learning_rate,
        stop,
        record[:2],
        record[2],
        record[3:],
        np.array(rates[:last], dtype=float),
        Stop(reason, last, MESSAGES[reason], {"step": last, **values}),
    )


def _why(x: float, y: float, loss: float, slope_x: float, slope_y: float, stop: Stopping) -> Any:
    place = {"x": x, "y": y}
    if math.isnan(loss):
        return StopReason.NOT_A_NUMBER, place
    if math.isinf(loss):
        return StopReason.INFINITE, place
    if max(abs(x), abs(y), abs(loss)) > stop.divergence:
        return StopReason.DIVERGED, {"threshold": stop.divergence}
    if not (math.isfinite(slope_x) and math.isfinite(slope_y)):
        return StopReason.NO_GRADIENT, place
    if stop.loss is not None and loss <= stop.loss:
        return StopReason.LOSS, {"loss": loss, "threshold": stop.loss}
    slope = math.hypot(slope_x, slope_y)
    if slope < stop.gradient:
        return StopReason.GRADIENT, {"gradient": slope, "threshold": stop.gradient}
    return None


def _evaluation(objective: Any) -> Callable[[float, float], tuple[float, float, float]]:
    if hasattr(objective, "value_and_gradient"):
        return objective.value_and_gradient  # type: ignore[no-any-return]
    return lambda x, y: _by_arrays(objective, x, y)


def _by_arrays(objective: Any, x: float, y: float) -> tuple[float, float, float]:
    theta = np.array([x, y])
    slope_x, slope_y = objective.gradient(theta).tolist()
    return float(objective(theta)), slope_x, slope_y
