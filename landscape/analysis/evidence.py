"""The facts that a diagnosis rests on: where a run came to rest, what it swings across, what would do better."""

import math
from dataclasses import dataclass, fields, replace
from functools import cached_property, lru_cache
from itertools import islice, takewhile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.analysis.curvature import FLAT, STATIONARY, Curvature, PointKind, curvature
from landscape.analysis.field import View
from landscape.analysis.learning_rate import USUAL, good_runs, is_calm, lowest, rungs, stays_near
from landscape.analysis.opening import opening
from landscape.analysis.quadratic import largest_stable_learning_rate
from landscape.analysis.stationary_points import stationary_points
from landscape.descent.descend import Trajectory, descend
from landscape.descent.line_search import Backtracking
from landscape.descent.optimizers import Newton, Optimizer
from landscape.descent.schedules import Schedule
from landscape.descent.stopping import Stopping, StopReason, usual_gradient
from landscape.objectives.formula import Formula

Array = NDArray[np.float64]

ARRIVED_DISTANCE = 0.02  # of the distance from the start: as near to a stationary point a run has arrived
ARRIVED_LOSS = 1e-3  # of the difference in loss from the start, likewise
ARRIVED_GRADIENT = 0.1  # of the gradients that are usual around it, likewise
LAST_POINTS = 5
NEGLIGIBLE = 1e-4  # of the usual gradient: however it grows, a run with less has not diverged
SETTLED_LOSS = 1e-6  # of the same: so little above a minimum, it does not matter whether a run still moves
LEAST_GROWTH = 3  # points in each third of a run that may have diverged
LEAST_RISES = 4  # of the gradient, one after the other, in a run that is too short for thirds
LEVEL_GROUND = 0.005  # of the height above the next minimum below, for what the loss differs around a plateau
LEAST_LEVEL = 5  # steps in a quarter of a run over batches that may have levelled off
LEVEL = 0.5  # of the height above the minimum that is left from a quarter to the next, if it has
NOW_AND_THEN = 0.5  # of the usual height is the least one, where noise makes the height
AMIDST = 0.5  # of the usual height above the minimum, for the middle of all points, where they lie around it
AIMLESS = 0.5  # of the gradients' length, for their mean, where they point to and fro
MOST_BATCHES = 200  # that are searched for one that curves too much
STEADY = 0.9  # of the descent in one third of a run in the next one, where it goes on and on
ENOUGH_STEPS = 300  # to see whether another learning rate is stable
RANGE = 1e4  # times as small or as large are the learning rates that are tried
MANY = 10  # times as large is a learning rate beside which a run crawls
MOST_DAMPINGS = 9  # that are tried, three decades of them
LARGEST_DAMPING = next(each for each in fields(Newton) if each.name == "damping").metadata["maximum"]
MOST_STEPS = 2000  # that another learning rate is tried for


@dataclass(frozen=True, eq=False)
class StationaryPoint:
    """A point without gradient (or the tip of a known minimum), and what kind of point it is."""

    theta: Array
    loss: float
    kind: PointKind
    curvature: Curvature


@dataclass(frozen=True, eq=False)
class Axis:
    """The direction in which a landscape curves most at a point, and the largest stable learning rate for it.

    `limit` is inf without upward curvature, and NaN for optimizers of which nothing of the kind holds.
    """

    direction: Array
    eigenvalue: float
    limit: float


@dataclass(frozen=True, eq=False)
class Evidence:
    """What is known about a run. Each fact is found out when it is first asked for."""

    run: Trajectory

    @property
    def steps(self) -> int:
        return self.run.stop.step

    @property
    def start(self) -> Array:
        return self.run.theta[:, 0]

    @property
    def end(self) -> Array:
        return self.run.theta[:, -1]

    @cached_property
    def end_kind(self) -> Any:
        return curvature(self.run.objective, self.end).kind_within(self.gradient_tolerance)

    @cached_property
    def gradient_tolerance(self) -> float:
        """A gradient below this length is none, on the scale of the objective or for the run that stopped at it."""
        suiting = Stopping.suiting(self.run.objective, self.start.tolist()).gradient
        stopped = self.run.stop.reason is StopReason.GRADIENT
        return max(suiting, min(self.run.stopping.gradient, STATIONARY)) if stopped else suiting

    @cached_property
    def extent(self) -> float:
        """The distance from the end to the farthest point of the path."""
        return float(np.hypot(*(self.run.theta - self.end[:, None])).max())

    @cached_property
    def step_lengths(self) -> Array:
        lengths: Array = np.hypot(*np.diff(self.run.theta))
        return lengths

    @cached_property
    def tail(self) -> int:
        """How many of the last steps are looked at for what a run ends up doing."""
        return min(self.steps, max(10, self.steps // 3))

    @property
    def losses_of_tail(self) -> tuple[float, float]:
        """The loss before and after the last `tail` steps; over batches the median of some there, for it jumps."""
        some = max(1, self.tail // 5) if self.noisy else 1
        late = self.run.loss[-1 - self.tail :]
        return float(np.median(late[:some])), float(np.median(late[-some:]))

    # Where it is

    @cached_property
    def nearest(self) -> StationaryPoint | None:
        """The stationary point or known minimum next to the end, no farther from it than the path is long."""
        objective, reach = self.run.objective, max(self.extent, 1e-2)
        found = _newton(objective, self.end, reach, self.gradient_tolerance)
        known = [np.array(minimum) for minimum in getattr(objective, "minima", ())]
        candidates = [point for point in (found, *known) if point is not None and math.dist(point, self.end) <= reach]
        if not candidates:
            return None
        point = min(candidates, key=lambda point: math.dist(point, self.end))
        here = curvature(objective, point)
        loss = self._rounded(float(objective(point)))
        kind = PointKind.MINIMUM if point is not found else here.kind_within(self.gradient_tolerance)
        if kind is PointKind.FLAT:
            radius = 1e-2 * max(self.extent, 1)
            rounding = 1e-12 * (abs(loss) + min(1.0, radius * self.gradient_tolerance / STATIONARY))
            if _slopes(objective, point, radius, rounding):
                return None
            kind = _kind_without_curvature(objective, point, loss, radius, rounding)
        return StationaryPoint(point, loss, kind, here)

    @property
    def negligible(self) -> bool:
        """Whether the gradient at the end is nothing against those that are usual for the objective."""
        return bool(np.hypot(*self.run.gradient[:, -1]) < NEGLIGIBLE * self.usual)

    @cached_property
    def usual(self) -> float:
        """The length of the gradients that are usual for the objective."""
        return usual_gradient(self.run.objective, self.start.tolist())

    @property
    def on_a_plateau(self) -> bool:
        """Whether the run ended where nothing tells which way is down, or where the loss hardly differs."""
        return self.end_kind is PointKind.FLAT or self.on_level_ground

    @cached_property
    def on_level_ground(self) -> bool:
        """Whether the loss hardly differs around the end, though the nearest minimum below lies far below.

        Down a straight slope, a tenth of the way is a tenth of the height.
        """
        objective, here = self.run.objective, self.run.loss[-1]
        if not isinstance(objective, Formula):  # a loss over samples is the steeper the farther from its minimum
            return False
        below = [minimum for minimum in _minima(objective) if objective(minimum) < here]
        nearest = min(below, key=lambda minimum: math.dist(minimum, self.end), default=None)
        if nearest is None:
            return False
        around = _around(objective, self.end, 0.1 * math.dist(nearest, self.end))
        return bool(np.abs(around - here).max() <= LEVEL_GROUND * (here - objective(nearest)))

    @property
    def minimum(self) -> StationaryPoint | None:
        """`nearest`, if it is a minimum."""
        return self.nearest if self.nearest is not None and self.nearest.kind is PointKind.MINIMUM else None

    @cached_property
    def arrived(self) -> bool:
        """Whether `nearest` is where the run is, or as good as."""
        point = self.nearest
        if point is None:
            return False
        distance = np.hypot(*(self.run.theta - point.theta[:, None]))
        gap = np.abs(self.run.loss - point.loss)
        rests = self.run.stop.reason is StopReason.GRADIENT
        last = slice(-1 if rests else -LAST_POINTS, None)  # a run that only passes by has not arrived
        close = distance[last] <= ARRIVED_DISTANCE * distance[0]
        deep = gap[last] <= ARRIVED_LOSS * gap[0]
        # From a start that is far away, a run that is still far from the point has both.
        steepest = float(np.abs(point.curvature.eigenvalues).max())
        beside = max(min(1.0, self.usual), steepest)  # the gradient about 1 away from it
        gentle = np.hypot(*self.run.gradient[:, last]) <= ARRIVED_GRADIENT * beside
        at_rest = self.end_kind in (PointKind.MINIMUM, PointKind.MAXIMUM, PointKind.SADDLE)
        return at_rest or bool((close & deep & gentle).all())

    @cached_property
    def arrival(self) -> int:
        """The step from which on less than a thousandth of the descent to `nearest` is left."""
        assert self.nearest
        gap = np.abs(self.run.loss - self.nearest.loss)
        away = np.flatnonzero(gap > ARRIVED_LOSS * gap[0])
        return min(int(away[-1]) + 1, self.steps) if away.size else 0

    @cached_property
    def lower_minimum(self) -> tuple[tuple[float, float], float] | None:
        """The lowest known minimum and its loss, if it is lower than `nearest`."""
        assert self.nearest
        minima = getattr(self.run.objective, "minima", ())
        known = [(self._rounded(float(self.run.objective(minimum))), minimum) for minimum in minima]
        loss, minimum = min(known, default=(math.inf, (math.nan, math.nan)))
        return (minimum, loss) if loss < self.nearest.loss - 1e-6 * (1 + abs(self.nearest.loss)) else None

    def _rounded(self, loss: float) -> float:
        """A loss that is 0 but for rounding is 0."""
        return 0.0 if abs(loss) <= 1e-14 * abs(self.run.loss[0]) else loss

    @cached_property
    def bare(self) -> View | None:
        """The view of a formula in which no minimum was found, if the run found none either and goes ever farther."""
        objective = self.run.objective
        if not isinstance(objective, Formula) or self.minimum is not None or _minima(objective):
            return None
        seen = opening(objective)
        before, now = (math.dist(self.start, self.run.theta[:, k]) for k in (-1 - self.tail, -1))
        return seen.view if seen.bare and before < now else None

    # How it moves

    @cached_property
    def settles_nowhere(self) -> bool:
        """Whether the run moves to and fro in the end, and gets no lower."""
        part = self.steps // 6
        if part < 5:
            return False
        late = self.run.loss[-2 * part :]
        floor = late.min() if self.minimum is None else min(late.min(), self.minimum.loss)
        before, after = np.median(late[:part]) - floor, np.median(late[part:]) - floor
        way, progress = self.step_lengths[-2 * part :].sum(), math.dist(self.end, self.run.theta[:, -1 - 2 * part])
        settled = after <= SETTLED_LOSS * (self.run.loss[0] - floor)
        return bool(after >= 0.9 * before and way > 0 and progress <= 0.2 * way and not settled)

    @cached_property
    def climbs(self) -> float:
        """How much of what the loss falls in the last `tail` steps it climbs again; inf if it only climbs."""
        change = np.diff(self.run.loss[-1 - self.tail :])
        rises, falls = change.clip(min=0).sum(), -change.clip(max=0).sum()
        return float(rises / falls) if falls else math.inf if rises else 0.0

    @property
    def turned(self) -> int:
        """The step since which the loss has only risen: the last one, unless it rose there."""
        falls = np.flatnonzero(np.diff(self.run.loss) <= 0)
        return int(falls[-1]) + 1 if falls.size else 0

    @cached_property
    def grows(self) -> bool:
        """Whether the gradient gets longer and longer from the lowest loss on.

        A run that was only thrown for a few steps may come back.
        """
        length = np.hypot(*self.run.gradient[:, int(np.nanargmin(self.run.loss)) :])
        third = length.size // 3
        if third < LEAST_GROWTH:
            return bool(length.size > LEAST_RISES and (np.diff(length) > 0).all())
        first, middle, last = (part.max() for part in (length[:third], length[third:-third], length[-third:]))
        return bool(first < middle < last)

    @cached_property
    def turns(self) -> int:
        """How often in the last `tail` steps the loss turns from falling to climbing or back."""
        change = np.diff(self.run.loss[-1 - self.tail :])
        return int((change[1:] * change[:-1] < 0).sum())

    def surrounds(self, point: StationaryPoint) -> bool:
        """Whether the last third of the path lies about a point on all sides."""
        late = self.run.theta[:, -1 - self.tail :]
        middle = late.mean(axis=1)
        return bool(math.dist(middle, point.theta) <= np.hypot(*(late - middle[:, None])).max())

    @cached_property
    def across(self) -> Axis:
        """The axis about the middle of the last step, which in a ravine is near its floor."""
        return self.axis(self.run.theta[:, -2:].mean(axis=1))

    @cached_property
    def flips(self) -> int:
        """How many of the last `tail` steps changed sides along `across`; 0 if the gradient points elsewhere."""
        gradient = self.run.gradient[:, -1 - self.tail :]
        along = self.across.direction @ gradient
        flips = int((along[1:] * along[:-1] < 0).sum())
        return flips if np.median(np.abs(along)) >= 0.3 * np.median(np.hypot(*gradient)) else 0

    @cached_property
    def overstep(self) -> tuple[int, Axis] | None:
        """The first point since the lowest loss whose curvature did not bear the learning rate, and its axis."""
        lowest_point = int(np.nanargmin(self.run.loss))
        path = self.run.theta[:, lowest_point : self.steps]
        limits = largest_stable_learning_rate(self.run.optimizer, curvature(self.run.objective, path).eigenvalues[1])
        above = np.flatnonzero(self.run.learning_rate[lowest_point:] > limits)
        return (lowest_point + int(above[0]), self.axis(path[:, above[0]])) if above.size else None

    @cached_property
    def steepest(self) -> Axis:
        """The axis at the point of the path that curves most."""
        bend = curvature(self.run.objective, self.run.theta).eigenvalues[1]
        return self.axis(self.run.theta[:, bend.argmax()])

    def axis(self, theta: Array, objective: Any = None) -> Axis:
        """The Axis of one point, of the run's objective or of another one."""
        here = curvature(objective or self.run.objective, theta)
        steepest = float(here.eigenvalues[1])
        return Axis(
            here.eigenvectors[:, 1], steepest, float(largest_stable_learning_rate(self.run.optimizer, steepest))
        )

    # What batches make of it

    @property
    def noisy(self) -> bool:
        """Whether it took batches, whose gradients differ from the whole one."""
        return self.run.batches is not None and not self.run.batches.whole

    @cached_property
    def noise(self) -> float:
        """How far the batches' gradients were from the whole one in the last `tail` steps: root mean square."""
        assert self.run.batch_gradient is not None
        off = (self.run.batch_gradient - self.run.gradient[:, :-1])[:, -self.tail :]
        return float(np.sqrt(np.square(off).sum(axis=0).mean()))

    @cached_property
    def floor(self) -> Array | None:
        """The losses above the minimum in the later half of a run over batches, if these are what noise keeps up.

        They get no lower on the whole, though now and then they are much lower, the gradient points to and fro, and the
        middle of the points is lower than most of them: in a ravine a run still goes along its floor.
        """
        part, minimum = self.steps // 4, self.run.objective.minimum
        if part < LEAST_LEVEL or minimum is None:
            return None
        if self.run.learning_rate[-1] < 0.9 * self.run.learning_rate[-2 * part]:  # with it, the noise goes on sinking
            return None
        late, gradient = self.run.loss[-2 * part :] - self.run.objective(minimum), self.run.gradient[:, -2 * part :]
        middle = float(np.median(late))
        level = np.median(late[part:]) >= LEVEL * np.median(late[:part]) and late.min() <= NOW_AND_THEN * middle
        aimless = np.hypot(*gradient.mean(axis=1)) <= AIMLESS * np.sqrt(np.square(gradient).sum(axis=0).mean())
        lowest = self.run.objective(minimum)
        around = self.run.objective(self.run.theta[:, -2 * part :].mean(axis=1)) - lowest <= AMIDST * middle
        settled = middle <= SETTLED_LOSS * (self.run.loss[0] - lowest)
        return late if level and aimless and around and not settled else None

    @cached_property
    def steepest_batch(self) -> Axis | None:
        """Of the batches since the lowest loss the axis of largest curvature, if it does not bear the learning rate."""
        batches = self.run.batches
        assert batches is not None
        first = max(int(np.nanargmin(self.run.loss)), self.steps - MOST_BATCHES)
        axes = [self.axis(self.run.theta[:, k], self.run.objective.batch(batches[k])) for k in range(first, self.steps)]
        steepest = max(axes, key=lambda axis: axis.eigenvalue, default=None)
        return steepest if steepest and self.run.learning_rate[-1] > steepest.limit else None

    # What would do better

    @cached_property
    def rate(self) -> float | None:
        """The learning rate that was set; None for a line search, which has none."""
        return None if isinstance(self.run.schedule, Backtracking) else initial(self.run)

    @property
    def searches(self) -> bool:
        """Whether a line search made the last steps what they are: it may find nothing wrong with its first rate."""
        schedule = self.run.schedule
        return isinstance(schedule, Backtracking) and bool(
            (self.run.learning_rate[-self.tail :] < schedule.initial).any()
        )

    @cached_property
    def slower(self) -> Trajectory | None:
        """The best run with a smaller learning rate, if one is calm, and better in as many steps."""
        set_rate = self.rate
        if not set_rate:
            return None
        steps = self._steps if self.run.stop.reason is StopReason.MAX_STEPS else max(self._steps, ENOUGH_STEPS)
        calm = good_runs(lambda rate: self._with_rate(rate, steps), set_rate / RANGE, is_calm)
        smaller = takewhile(lambda run: initial(run) < set_rate, calm)
        best = lowest(reversed([*smaller]))  # of equals the nearest to what was set
        if best is None or (steps == self.steps and best.loss[-1] >= self.run.loss[-self.steps // 10 - 1 :].max()):
            return None
        return best

    @cached_property
    def faster(self) -> Trajectory | None:
        """The best run with a larger learning rate, if one descends a tenth more in as many steps, and slows down.

        A run that crawls along the floor of a ravine came down its sides at once, with most of its descent: where its
        border allows a rate many times as large, that need only leave a tenth of the height above the minimum. Where
        the loss falls without end, a larger learning rate only leads farther, and out of what is looked at.
        """
        if self.rate is None:
            return None
        larger = takewhile(lambda rate: rate <= RANGE * (self.rate or USUAL), rungs(self.rate or USUAL / RANGE))
        rates = (rate for rate in larger if rate > (self.rate or 0))
        best = lowest(takewhile(is_calm, (self._with_rate(rate, self._steps) for rate in rates)))
        if best is None or not _comes_to_an_end(best) or self._flees(best):
            return None
        here = self.run.loss[self._steps]
        gained, whole = here - best.loss[-1], self.run.loss[0] - best.loss[-1]
        left = here - self.minimum.loss if self.minimum else math.inf
        many = MANY * (self.rate or USUAL)
        far_below = initial(best) >= many and self.steepest.limit >= many  # NaN where a method has no border
        much = far_below and gained >= 0.9 * left > 0
        return best if much or gained >= 0.1 * whole else None

    @cached_property
    def lighter(self) -> tuple[float, Trajectory] | None:
        """A smaller momentum and the best run with one, if it is better."""
        optimizer: Any = self.run.optimizer
        trials = {
            self._trial(self.run.schedule, replace(optimizer, momentum=beta), self._steps): beta
            for beta in (0.95, 0.9, 0.8, 0.7, 0.5, 0.3, 0.0)
            if beta < optimizer.momentum
        }
        best = lowest(filter(is_calm, trials))
        return (trials[best], best) if best is not None and best.loss[-1] < self.run.loss[self._steps] else None

    def _flees(self, run: Trajectory) -> bool:
        """Whether a run ends far out of what is looked at, which holds this one's path, and near no minimum."""
        if not isinstance(self.run.objective, Formula):
            return False
        seen = np.column_stack([np.transpose(opening(self.run.objective).view), self.run.theta])
        low, high = seen.min(axis=1), seen.max(axis=1)
        if stays_near(run.theta[:, -1:], ((low[0], high[0]), (low[1], high[1]))):
            return False
        return Evidence(run).minimum is None

    @cached_property
    def uphill(self) -> int | None:
        """The first step that Newton's method took uphill, in a run that ends higher than it began."""
        if not isinstance(self.run.optimizer, Newton) or not self.run.loss[-1] > self.run.loss[0]:
            return None
        steps = np.flatnonzero((self.run.direction * self.run.gradient[:, :-1]).sum(axis=0) < 0)
        return int(steps[0]) + 1 if steps.size else None

    @cached_property
    def curvature_uphill(self) -> Curvature:
        """The curvature from where the first step uphill was taken."""
        assert self.uphill
        return curvature(self.run.objective, self.run.theta[:, self.uphill - 1])

    @cached_property
    def damped(self) -> tuple[float, Trajectory] | None:
        """A damping above the negative curvature at the first step uphill, and the best run with one, if it is calm.

        None also where the curvature is more negative than any damping that can be set.
        """
        optimizer: Any = self.run.optimizer
        negative = float(self.curvature_uphill.eigenvalues[0])
        steps = min(self.run.max_steps, MOST_STEPS)
        trials = {
            self._trial(self.run.schedule, replace(optimizer, damping=damping), steps): damping
            for damping in islice((each for each in rungs(-negative) if each > -negative), MOST_DAMPINGS)
            if damping <= LARGEST_DAMPING
        }
        best = lowest(filter(is_calm, trials))
        return (trials[best], best) if best is not None else None

    @property
    def _steps(self) -> int:
        return min(self.steps, MOST_STEPS)

    def _with_rate(self, rate: float, steps: int) -> Trajectory:
        """The run with another learning rate."""
        schedule = self.run.schedule
        return self._trial(
            replace(schedule, initial=rate) if isinstance(schedule, Schedule) else rate, self.run.optimizer, steps
        )

    def _trial(self, schedule: float | Schedule, optimizer: Optimizer, steps: int) -> Trajectory:
        """The run with another learning rate or optimizer, over the same batches if it has any."""
        batches: dict[str, Any] = {}
        if self.run.batches is not None:
            names = ("batch_size", "seed", "reshuffle", "replacement")
            batches = {name: getattr(self.run.batches, name) for name in names}
        return descend(
            self.run.objective,
            start=tuple(self.start),
            optimizer=optimizer,
            learning_rate=schedule,
            max_steps=steps,
            stop=self.run.stopping,
            **batches,
        )


def _comes_to_an_end(run: Trajectory) -> bool:
    """Whether the gradient is shorter in the end than on the way, and the loss does not fall as if for ever."""
    third = max(1, run.stop.step // 3)
    before, between, end = run.loss[[max(-1 - 2 * third, -len(run.loss)), -1 - third, -1]]
    steadily = STEADY * (before - between) < between - end < (before - between) / STEADY
    length = np.hypot(*run.gradient)
    return bool(length[-1] <= 0.5 * length.max() and not steadily)


def initial(run: Trajectory) -> float:
    """The learning rate that was set for a run."""
    return run.schedule.initial if isinstance(run.schedule, Schedule) else float(run.schedule)


def _newton(objective: Any, theta: Array, reach: float, tolerance: float) -> Array | None:
    """The stationary point that Newton's method finds from θ without going farther than `reach`."""
    point = theta
    for _ in range(50):
        here = curvature(objective, point)
        bend = np.abs(here.eigenvalues)
        if not np.isfinite(bend).all():
            return None
        slope = here.gradient @ here.eigenvectors
        curved = bend > FLAT * bend.max()
        step = here.eigenvectors @ np.where(curved, slope / np.where(curved, here.eigenvalues, 1), 0)
        point = point - step
        if not math.dist(point, theta) <= reach:
            return None
        if np.hypot(*step) <= 1e-15 * (1 + np.hypot(*point)):
            break
    if curvature(objective, point).kind_within(tolerance) in (PointKind.SLOPE, PointKind.UNDEFINED):
        return None
    return np.where(np.abs(point) <= 1e-9 * reach, 0.0, point)


@lru_cache(maxsize=128)
def _minima(objective: Formula) -> Any:
    """The minima of a formula that are known, or else those in its first view, which all of its runs ask for."""
    return objective.minima or stationary_points(objective, opening(objective).view).minima


def _around(objective: Any, point: Array, radius: float) -> Array:
    """The losses at 16 places on a circle."""
    angle = np.arange(16) * (math.pi / 8)
    losses: Array = objective(point[:, None] + radius * np.stack([np.cos(angle), np.sin(angle)]))
    return losses


def _slopes(objective: Any, point: Array, radius: float, rounding: float) -> bool:
    """Whether what gradient there is goes on around a point, as on a way to infinity: by it the losses differ."""
    gradient = objective.gradient(point)
    slope = float(np.hypot(*gradient))
    if not slope:
        return False
    way = radius * gradient / slope
    fall = float(objective(point + way) - objective(point - way))
    return fall > rounding and 0.5 <= fall / (2 * radius * slope) <= 2


def _kind_without_curvature(objective: Any, point: Array, loss: float, radius: float, rounding: float) -> PointKind:
    """What a stationary point is whose second derivatives do not say it: judged by the losses around it."""
    around = _around(objective, point, radius) - loss
    if (around < -rounding).all():
        return PointKind.MAXIMUM
    if (around < -rounding).any():
        return PointKind.SADDLE
    return PointKind.MINIMUM if (around > rounding).any() else PointKind.FLAT
