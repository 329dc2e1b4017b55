"""One Adam path of 1,000 steps on Rosenbrock with its record, beside torch.optim and plain NumPy on 2-vectors.

Run: python -m benchmarks.path. All three record position, loss and gradient of every step and stop by the same rule.
They take turns of three runs, so that a busy machine disturbs all alike and each has warm caches; the fastest counts.
"""

import math
import time
from collections.abc import Callable

import numpy as np

from landscape import FUNCTIONS, Adam, descend

START, LEARNING_RATE, STEPS = (-1.2, 1.0), 1e-3, 1000
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8
FLAT, FAR = 1e-6, 1e12


def with_landscape() -> np.ndarray:
    run = descend(FUNCTIONS["rosenbrock"], start=START, optimizer=Adam(), learning_rate=LEARNING_RATE, max_steps=STEPS)
    return run.theta


def with_numpy() -> np.ndarray:
    theta, m, v = np.array(START), np.zeros(2), np.zeros(2)
    thetas, losses, gradients = [], [], []
    for step in range(1, STEPS + 2):
        x, y = theta
        bend = y - x * x
        loss = (1 - x) ** 2 + 100 * bend * bend
        gradient = np.array([-2 * (1 - x) - 400 * x * bend, 200 * bend])
        thetas.append(theta)
        losses.append(loss)
        gradients.append(gradient)
        if step > STEPS or not (abs(loss) <= FAR and np.linalg.norm(gradient) >= FLAT and np.abs(theta).max() <= FAR):
            break
        m = BETA1 * m + (1 - BETA1) * gradient
        v = BETA2 * v + (1 - BETA2) * gradient**2
        m_hat = m / (1 - BETA1**step)
        v_hat = v / (1 - BETA2**step)
        theta = theta - LEARNING_RATE * m_hat / (np.sqrt(v_hat) + EPSILON)
    return np.array(thetas).T


def with_torch() -> np.ndarray:
    theta = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([theta], lr=LEARNING_RATE, betas=(BETA1, BETA2), eps=EPSILON)
    thetas, losses, gradients = [], [], []
    for step in range(1, STEPS + 2):
        optimizer.zero_grad()
        x, y = theta
        loss = (1 - x) ** 2 + 100 * (y - x * x) ** 2
        loss.backward()
        thetas.append(theta.detach().numpy().copy())
        losses.append(loss.item())
        gradients.append(theta.grad.numpy().copy())
        if step > STEPS or not (abs(losses[-1]) <= FAR and math.hypot(*gradients[-1]) >= FLAT):
            break
        optimizer.step()
    return np.array(thetas).T


def best(ways: list[Callable[[], np.ndarray]], rounds: int) -> list[float]:
    """Seconds of each way's fastest run."""
    seconds = [math.inf] * len(ways)
    for _ in range(rounds):
        for index, way in enumerate(ways):
            for _ in range(3):
                before = time.perf_counter()
                way()
                seconds[index] = min(seconds[index], time.perf_counter() - before)
    return seconds


if __name__ == "__main__":
    ours, numpys = best([with_landscape, with_numpy], rounds=40)
    np.testing.assert_allclose(with_landscape(), with_numpy(), rtol=1e-9)
    print(f"landscape    {ours * 1e3:8.2f} ms")
    print(f"plain NumPy  {numpys * 1e3:8.2f} ms   {numpys / ours:6.1f} ×   (target 7)")
    try:
        import torch
    except ImportError:
        print("torch.optim  not installed")
    else:
        torch.set_num_threads(1)
        ours, torchs = best([with_landscape, with_torch], rounds=5)
        np.testing.assert_allclose(with_landscape(), with_torch(), rtol=1e-6)
        print(f"torch.optim  {torchs * 1e3:8.2f} ms   {torchs / ours:6.1f} ×   (target 150)")
