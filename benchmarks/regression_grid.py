"""A 200 × 200 grid of a regression's loss over 500 samples, beside the direct sum over all samples in plain NumPy.

Run: python -m benchmarks.regression_grid. The direct sums hold all 200 × 200 × 500 residuals at once; that of logistic
regression is timed as people write it, with numpy.logaddexp, and in the quickest form that does not overflow. The best
of several repetitions counts, in turns, so that a busy machine disturbs all alike.
"""

import math
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np

from landscape import LinearRegression, LogisticRegression

N, SIDE, ROUNDS = 500, 200, 5

rng = np.random.default_rng(0)
X = rng.standard_normal(N)
Y = 1.5 * X - 0.5 + 0.6 * rng.standard_normal(N)
CLASS = (Y > 0).astype(float)
AXIS = np.linspace(-5, 5, SIDE)
THETA = np.stack(np.meshgrid(AXIS, AXIS))


def predictions() -> np.ndarray:
    weight, bias = THETA[..., None]
    return weight * X + bias


def direct(loss: str) -> np.ndarray:
    r = predictions() - Y
    match loss:
        case "squared":
            return np.mean(r**2, axis=-1)
        case "absolute":
            return np.mean(np.abs(r), axis=-1)
    return np.mean(np.where(np.abs(r) <= 1, r**2 / 2, np.abs(r) - 0.5), axis=-1)


def direct_logaddexp() -> np.ndarray:
    z = predictions()
    return np.mean(np.logaddexp(0, z) - CLASS * z, axis=-1)


def direct_stable() -> np.ndarray:
    z = predictions()
    return np.mean(np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))) - CLASS * z, axis=-1)


def best(ways: list[Callable[[], np.ndarray]]) -> list[float]:
    """Seconds of each way's fastest run."""
    seconds = [math.inf] * len(ways)
    for _ in range(ROUNDS):
        for index, way in enumerate(ways):
            before = time.perf_counter()
            way()
            seconds[index] = min(seconds[index], time.perf_counter() - before)
    return seconds


def compare(name: str, ours: Callable[[], np.ndarray], theirs: Callable[[], np.ndarray], target: str = "") -> None:
    difference = np.abs(ours() / theirs() - 1).max()
    quick, slow = best([ours, theirs])
    times = f"{quick * 1e3:7.2f} ms   direct sum {slow * 1e3:7.2f} ms {slow / quick:8.1f} ×"
    print(f"{name:22}{times}  {target:13} largest relative difference {difference:.0e}")


if __name__ == "__main__":
    squared = LinearRegression(X, Y)
    compare("squared", lambda: squared(THETA), lambda: direct("squared"), "(target 100)")
    for key in ("absolute", "huber"):
        robust = LinearRegression(X, Y, key)
        compare(key, lambda loss=robust: loss(THETA), lambda key=key: direct(key))
    logistic = LogisticRegression(X, CLASS)
    compare("logistic, logaddexp", lambda: logistic(THETA), direct_logaddexp, "(target 3)")
    compare("logistic, stable form", lambda: logistic(THETA), direct_stable, "(target 3)")
