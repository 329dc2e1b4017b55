"""How fast a run converges: the factor per step measured from its gradients beside the one a quadratic predicts."""

import math
from dataclasses import dataclass

import numpy as np

from landscape.analysis.curvature import principal_axes
from landscape.analysis.quadratic import contraction
from landscape.descent.descend import Trajectory
from landscape.descent.optimizers import GradientDescent

ROUNDING = 1e-13  # of the largest gradient: below it a run measures its own rounding


@dataclass(frozen=True)
class Convergence:
    """Factors per step by which the gradient's length shrinks (below 1) or grows; that of f − f* is their square.

    measured: NaN for fewer than 3 gradients to measure. predicted: of the parabola at the last point with the last
    learning rate; NaN where the last point has no upward curvature or nothing is known of the optimizer.
    """

    measured: float
    predicted: float


def convergence(run: Trajectory) -> Convergence:
    """The Convergence of a run of an objective that has `hessian`."""
    return Convergence(_measured(run), _predicted(run))


def _measured(run: Trajectory) -> float:
    """Tukey's resistant line (Exploratory Data Analysis, 1977) through the logarithm of the gradient's envelope.

    The envelope, the longest gradient still to come, bridges the moments at which an oscillation passes the minimum;
    medians of thirds, over the later half of the steps after the longest gradient, do not follow single outliers.
    """
    gradient = run.gradient
    if isinstance(run.optimizer, GradientDescent):
        gradient = gradient + run.optimizer.weight_decay * run.theta
    with np.errstate(all="ignore"):
        length = np.hypot(*gradient)
    length = length[np.isfinite(length)]
    if not length.any():
        return math.nan
    if length.argmax() >= 0.9 * length.size:  # it grows: the envelope is then the longest gradient so far
        envelope = np.maximum.accumulate(length)
    else:
        descent = length[length.argmax() :]
        envelope = np.maximum.accumulate(descent[::-1])[::-1]
    envelope = envelope[envelope > ROUNDING * envelope.max()]
    tail = np.log(envelope[envelope.size // 2 :])
    third = tail.size // 3
    if not third:
        return math.nan
    slope = (np.median(tail[-third:]) - np.median(tail[:third])) / (tail.size - third)
    return float(np.exp(slope))


def _predicted(run: Trajectory) -> float:
    if not run.learning_rate.size:
        return math.nan
    eigenvalues, _ = principal_axes(run.objective.hessian(run.theta[:, -1]))
    if not eigenvalues[0] > 0:
        return math.nan
    return float(contraction(run.optimizer, run.learning_rate[-1], eigenvalues).max())
