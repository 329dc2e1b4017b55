"""A learning rate for a first look, found by trying."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, count, islice, takewhile
from typing import Any

import numpy as np

from landscape.analysis.field import View
from landscape.analysis.framing import framing
from landscape.descent.arguments import check_objective, check_optimizer, point_of, steps_of, which_batches
from landscape.descent.descend import Trajectory, descend
from landscape.descent.optimizers import LBFGS, Newton, Optimizer
from landscape.descent.stopping import LARGEST, Stopping, StopReason

USUAL = 0.01
OWN = 1.0  # the step of the methods that know the curvature

ENDED_WELL = (StopReason.MAX_STEPS, StopReason.GRADIENT, StopReason.STEP, StopReason.LOSS)
TIE = 1e-5  # of the descent: less is not worth a larger learning rate
ROUNDING = 1e-13  # of the loss: less is no descent
CLIMB = 0.1  # of the descent: a run that was higher above its start has been thrown
BOUNCE = 0.01  # of the descent: a run that still climbs as much in its last tenth has not settled
NOISY_TIE, NOISE = 1e-4, 0.1  # the same of a run over batches: its loss in the last tenth varies by no more of it
MARGIN = 0.25  # of the view's width: farther outside its edges a run is lost
STROLL = 0.01  # of the view's width: the way of the slowest run, if the gradient stays as it is at the start
DECADES = 15  # that are searched for a rate small enough
MOST = 15  # rungs on which a run that is not good will do, if none is

Trial = Callable[[float], Trajectory]


def suggest_learning_rate(
    objective: Any,
    optimizer: Optimizer,
    start: Sequence[float],
    max_steps: int = 300,
    batch_size: int | None = None,
    view: View | None = None,
) -> float:
    """The smallest of …, 0.1, 0.2, 0.5, 1, … that brings the loss as low as any below the first one that misbehaves.

    They are run one after the other, from one that hardly moves, until one explodes, is thrown above its start or out
    of the view, or still bounces at the end: beyond it a low loss is luck. The view is that of `framing` if the
    objective has no domain and none is given. For Newton and L-BFGS, whose own step is 1, the first calm one from 1
    downwards. Where the loss cannot be lowered, as from a point that is stationary or outside the domain, 0.01, or 1.
    With `batch_size` the runs take batches, and what counts is the mean loss in the end, and noise that is small there.
    ValueError for what `descend` refuses.
    """
    check_objective(objective)
    check_optimizer(optimizer)
    start, max_steps = point_of(start), steps_of(max_steps)
    batches = which_batches(objective, max_steps, None, batch_size, seed=0, reshuffle=True, replacement=False)
    if batches is not None and max_steps > batches.per_epoch:  # whole epochs, for a part of one may lead uphill
        max_steps -= max_steps % batches.per_epoch
    seen = view or getattr(objective, "domain", None) or framing(objective, start)
    stop = Stopping.suiting(objective, start)

    def trial(rate: float) -> Trajectory:
        return descend(
            objective,
            start=start,
            optimizer=optimizer,
            learning_rate=rate,
            max_steps=max_steps,
            batch_size=batch_size,
            stop=stop,
        )

    def is_good(run: Trajectory) -> bool:
        return is_calm(run) and stays_near(run.theta, seen)

    if isinstance(optimizer, Newton | LBFGS):
        own = takewhile(lambda rate: rate > 1e-4 * OWN, rungs(OWN, downwards=True))
        best = next(filter(is_good, map(trial, own)), None)
        return OWN if best is None else float(best.learning_rate[0])
    length = _first_step(objective, optimizer, start)
    if not 0 < length < math.inf:
        return USUAL
    slow = STROLL * float(np.ptp(seen, axis=1).max()) / length / max(max_steps, 1)
    best = lowest(good_runs(trial, slow, is_good))
    if best is None and batch_size is not None and batch_size < objective.sample_count:
        # Noise hides the way down, and a run that ends lower does so by luck. In proportion to the batch size, rates do
        # alike (Goyal and others, Accurate, large minibatch SGD, 2017).
        whole = suggest_learning_rate(objective, optimizer, start, max_steps, view=view)
        return next(rungs(whole * batch_size / objective.sample_count, downwards=True), whole)
    best = best or lowest(filter(ends_lower, map(trial, islice(rungs(slow), MOST))))
    return USUAL if best is None else float(best.learning_rate[0])


def rungs(rate: float, *, downwards: bool = False) -> Iterator[float]:
    """The learning rates 1, 2, 5 times a power of ten, from the first one not below `rate` upwards, or downwards.

    They end before what is too large or too small a number; 0 and inf have none.
    """
    if not 0 < rate < math.inf:
        return iter(())
    exponent = math.floor(math.log10(rate))
    if downwards:
        ladder = (float(f"{digit}e{exponent - decade}") for decade in count() for digit in (5, 2, 1))
        return takewhile(bool, (each for each in ladder if each <= min(rate, LARGEST)))
    ladder = (float(f"{digit}e{exponent + decade}") for decade in count() for digit in (1, 2, 5))
    return (each for each in takewhile(lambda each: each <= LARGEST, ladder) if each >= rate)


def good_runs(trial: Trial, rate: float, is_good: Callable[[Trajectory], bool]) -> Iterator[Trajectory]:
    """The runs at the rungs from `rate` upwards, to the first that is not good.

    If `rate` itself is not, a good one is looked for below it, a decade at a time. That one may be good by luck, as
    over batches: so the rungs of the decade below it come first, as far as they are good.
    """
    for decade in range(DECADES):
        ladder = rungs(rate / 10**decade)
        found = [*islice(ladder, 1)]
        runs = [*filter(is_good, map(trial, found))]
        if runs:
            below = islice(rungs(found[0], downwards=True), 1, 4) if decade else ()
            smaller = [*takewhile(is_good, map(trial, below))]
            return chain(reversed(smaller), runs, takewhile(is_good, map(trial, ladder)))
    return iter(())


def lowest(runs: Iterable[Trajectory]) -> Trajectory | None:
    """The first of some runs from one start that ends as low as any of them does; None if there are none."""
    ends = [(run, *_end(run)) for run in runs]
    enough = min((low + tie * (run.loss[0] - low) for run, low, tie in ends), default=math.inf)
    return next((run for run, low, _ in ends if low <= enough), None)


def ends_lower(run: Trajectory) -> bool:
    """Whether a run ends by itself, and lower than it began by more than rounding, which is all that tiny rates do."""
    first, last = run.loss[0], run.loss[-1]
    return run.stop.reason in ENDED_WELL and bool(first - last > ROUNDING * abs(first))


def is_calm(run: Trajectory) -> bool:
    """Whether a run ends lower without having been thrown on the way, and without bouncing in the end.

    Thrown and bouncing are measured by its descent, and bouncing is how high it gets again. Over batches the noise is
    as large a part of slow descents as of fast ones: there, what could be descended counts.
    """
    if not ends_lower(run):
        return False
    last_tenth = _last_tenth(run)
    if _is_noisy(run):
        minimum = run.objective.minimum
        descent = run.loss[0] - (0.0 if minimum is None else run.objective(minimum))
        settled = np.ptp(last_tenth) <= NOISE * descent
    else:
        descent = run.loss[0] - run.loss[-1]
        settled = (last_tenth - np.minimum.accumulate(last_tenth)).max() <= BOUNCE * descent
    return bool(settled and run.loss.max() <= run.loss[0] + CLIMB * descent)


def stays_near(theta: Any, view: View) -> bool:
    """Whether no point lies farther outside a view than a quarter of its width."""
    low, high = np.transpose(view)
    room = MARGIN * (high - low)
    return bool((theta.min(axis=1) >= low - room).all() and (theta.max(axis=1) <= high + room).all())


def _end(run: Trajectory) -> tuple[float, float]:
    """How low a run ends, and how much of its descent is no difference there."""
    return (float(_last_tenth(run).mean()), NOISY_TIE) if _is_noisy(run) else (float(run.loss[-1]), TIE)


def _last_tenth(run: Trajectory) -> Any:
    return run.loss[-2 - len(run.loss) // 10 :]


def _is_noisy(run: Trajectory) -> bool:
    return run.batches is not None and not run.batches.whole


def _first_step(objective: Any, optimizer: Optimizer, start: Sequence[float]) -> float:
    """How long the first step is at learning rate 1; NaN where there is none."""
    x, y = map(float, start)
    slope_x, slope_y = objective.gradient(np.array([x, y])).tolist()
    try:
        in_x, in_y = optimizer.rule(objective)(x, y, slope_x, slope_y, 1)
    except ArithmeticError:
        return math.nan
    return math.hypot(in_x[0], in_y[0])
