"""One training step of a 2-16-16-2 network on 200 samples beside PyTorch: forward, backward, update.

Run: python -m benchmarks.training_step. Both start from the same parameters and take turns, so that a busy machine
disturbs both alike, and the fastest of many rounds counts. Measured with one thread, and with as many as each library
takes by itself.
"""

import itertools
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
import torch

from landscape import Adam, GradientDescent, Linear, Sequential, cross_entropy, perceptron
from landscape.descent.optimizers import Elementwise

WIDTHS, SAMPLES, LEARNING_RATE = (2, 16, 16, 2), 200, 0.05
WARM_UP, ROUNDS, STEPS = 50, 40, 50
THREADS = {"1 thread": {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}, "default": {}}

Step = Callable[[], float]


def data() -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    x = generator.normal(size=(SAMPLES, WIDTHS[0]))
    return x, (x[:, 0] * x[:, 1] > 0).astype(int)


def network() -> Sequential:
    return perceptron(*WIDTHS, seed=1)


def with_landscape(optimizer: Elementwise) -> Step:
    (x, labels), model, steps = data(), network(), itertools.count(1)
    parameters = model.parameters()
    states = [(0.0,) * len(optimizer.quantities) for _ in parameters]

    def step() -> float:
        number = next(steps)
        for parameter in parameters:
            parameter.zero_grad()
        loss = cross_entropy(model(x), labels)
        loss.backward()
        for i, parameter in enumerate(parameters):
            states[i] = optimizer.update(parameter.grad, states[i], number, parameter.data)
            parameter.data -= LEARNING_RATE * states[i][0]
        return float(loss.data)

    return step


def with_torch(optimizer: type[torch.optim.Optimizer], dtype: torch.dtype) -> Step:
    x, labels = data()
    inputs, targets = torch.tensor(x, dtype=dtype), torch.tensor(labels)
    layers: list[torch.nn.Module] = []
    for layer in network().layers:
        if isinstance(layer, Linear):
            twin = torch.nn.Linear(*layer.weight.shape[::-1], dtype=dtype)
            twin.weight.data, twin.bias.data = (torch.tensor(p.data, dtype=dtype) for p in layer.parameters())
            layers.append(twin)
        else:
            layers.append(torch.nn.ReLU())
    model, criterion = torch.nn.Sequential(*layers), torch.nn.CrossEntropyLoss()
    update = optimizer(model.parameters(), lr=LEARNING_RATE)  # type: ignore[call-arg]

    def step() -> float:
        update.zero_grad()
        loss = criterion(model(inputs), targets)
        loss.backward()
        update.step()
        return float(loss.detach())

    return step


def seconds(steps: list[Step]) -> list[float]:
    """Seconds a step takes in each contestant's fastest round."""
    fastest = [math.inf] * len(steps)
    for _ in range(ROUNDS):
        for i, step in enumerate(steps):
            before = time.perf_counter()
            for _ in range(STEPS):
                step()
            fastest[i] = min(fastest[i], (time.perf_counter() - before) / STEPS)
    return fastest


def compare(threads: str) -> None:
    for optimizer, theirs in ((GradientDescent(), torch.optim.SGD), (Adam(), torch.optim.Adam)):
        steps = [with_landscape(optimizer), with_torch(theirs, torch.float32), with_torch(theirs, torch.float64)]
        ours, _, double = ([step() for _ in range(WARM_UP)] for step in steps)
        np.testing.assert_allclose(ours, double, rtol=1e-7)  # the same work, to the digit
        ours, *others = (time * 1e6 for time in seconds(steps))
        for name, theirs_is in zip(("float32", "float64"), others, strict=True):
            print(
                f"{threads:9}{theirs.__name__:5}landscape {ours:4.0f} µs   PyTorch, {name} {theirs_is:4.0f} µs   "
                f"{ours / theirs_is:5.2f} ×   (target 1 ×)",
                flush=True,
            )


if __name__ == "__main__":
    if sys.argv[1:]:
        compare(sys.argv[1])
    else:
        for threads, environment in THREADS.items():  # libraries read the number of threads when they are loaded
            subprocess.run([sys.executable, __file__, threads], env=os.environ | environment, check=True)
