"""Stochastic gradient descent on 500 samples, 1,000 updates with batches of 32, beside torch.optim.SGD.

Run: python -m benchmarks.batches. One run stands beside PyTorch's DataLoader, and 30 seeds at once beside PyTorch with
the seeds as one more axis. All see the same samples in the same order and end at the same place. All record positions,
and 30 seeds the loss over all samples. (Ours adds the loss and gradient over all samples to a run, and quartiles to 30
seeds.) They take turns, so that a busy machine disturbs all alike; the fastest counts.

Then 30 seeds with their quartiles for a single sample, a mini-batch and all 500, which stand beside the 100 ms in which
an answer to a slider seems immediate (J. Nielsen, Usability Engineering, 1993, section 5.5).
"""

import math
import time
from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset

from landscape import LinearRegression, descend, repeats
from landscape.descent.batches import sample_order

N, BATCH_SIZE, UPDATES, SEEDS = 500, 32, 1000, 30
START, LEARNING_RATE = (-1.5, 2.5), 0.05
EPOCHS = math.ceil(UPDATES / math.ceil(N / BATCH_SIZE))

rng = np.random.default_rng(0)
X = rng.standard_normal(N)
Y = 1.5 * X - 0.5 + 0.6 * rng.standard_normal(N)
LOSS = LinearRegression(X, Y)
SGD = {"start": START, "learning_rate": LEARNING_RATE, "batch_size": BATCH_SIZE, "max_steps": UPDATES}


def one_run() -> np.ndarray:
    return descend(LOSS, seed=0, **SGD).theta


def one_run_in_torch() -> np.ndarray:
    data = TensorDataset(torch.tensor(X), torch.tensor(Y))
    weight, bias = (torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in START)
    optimizer = torch.optim.SGD([weight, bias], lr=LEARNING_RATE)
    path = [START]
    for epoch in sample_order(N, EPOCHS, seed=0).tolist():
        for x, y in DataLoader(data, batch_size=BATCH_SIZE, sampler=epoch):
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(weight * x + bias, y).backward()
            optimizer.step()
            path.append((weight.item(), bias.item()))
    return np.array(path[: UPDATES + 1]).T


def many_seeds(batch_size: int = BATCH_SIZE) -> np.ndarray:
    many = repeats(LOSS, seeds=SEEDS, **SGD | {"batch_size": batch_size})
    assert many.quartiles.shape == (3, UPDATES + 1)
    return many.theta


def many_seeds_in_torch() -> np.ndarray:
    x, y = torch.tensor(X), torch.tensor(Y)
    orders = torch.tensor(np.stack([sample_order(N, EPOCHS, seed) for seed in range(SEEDS)], axis=1))
    weight, bias = (torch.full((SEEDS, 1), value, dtype=torch.float64, requires_grad=True) for value in START)
    optimizer = torch.optim.SGD([weight, bias], lr=LEARNING_RATE)
    path = [torch.cat([weight, bias], dim=1).detach()]
    for epoch in orders:
        for batch in epoch.split(BATCH_SIZE, dim=1):
            optimizer.zero_grad()
            (weight * x[batch] + bias - y[batch]).square().mean(dim=1).sum().backward()
            optimizer.step()
            path.append(torch.cat([weight, bias], dim=1).detach())
    theta = torch.stack(path[: UPDATES + 1])
    losses = torch.cat([(part[..., :1] * x + part[..., 1:] - y).square().mean(dim=-1) for part in theta.split(100)])
    assert losses.numel() == SEEDS * (UPDATES + 1)
    return theta.permute(2, 1, 0).numpy()


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


def compare(name: str, ours: Callable[[], np.ndarray], theirs: Callable[[], np.ndarray], target: int) -> None:
    np.testing.assert_allclose(ours(), theirs(), rtol=1e-9)
    quick, slow = best([ours, theirs], rounds=5)
    print(f"{name}  {quick * 1e3:7.2f} ms   PyTorch {slow * 1e3:8.1f} ms  {slow / quick:6.1f} ×   (target {target})")


if __name__ == "__main__":
    torch.set_num_threads(1)
    compare("one run, beside a DataLoader   ", one_run, one_run_in_torch, 200)
    compare(f"{SEEDS} seeds, beside one more axis", many_seeds, many_seeds_in_torch, 12)
    for batch_size in (1, BATCH_SIZE, N):
        (seconds,) = best([partial(many_seeds, batch_size)], rounds=2)
        print(f"{SEEDS} seeds, batch size {batch_size:3}         {seconds * 1e3:7.2f} ms   (target 100 ms)")
