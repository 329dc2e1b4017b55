"""train: a network's parameters moved by the optimizers of this layer, and the Training that it records."""

from dataclasses import dataclass
from math import isfinite

import numpy as np
import numpy.typing as npt

from landscape.gradients.backpropagation import Loss
from landscape.gradients.layers import Layer
from landscape.gradients.tensor import tensor

from .arguments import check_optimizer, schedule_of, steps_of
from .line_search import Backtracking
from .optimizers import Elementwise, GradientDescent, Optimizer, State
from .schedules import Schedule

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Training:
    """The record of a training of n steps. The model itself holds the parameters that it ended with."""

    optimizer: Elementwise
    loss: Array
    """(n+1,): before the first step and after each. If the last is not finite, the training ended there."""
    states: tuple[State, ...]
    """For each parameter the optimizer's quantities after the last step, in the order of its `quantities`."""

    @property
    def steps(self) -> int:
        """How many steps were taken."""
        return len(self.loss) - 1

    @property
    def directions(self) -> tuple[Array, ...]:
        """For each parameter the direction d of the last step, W ← W − η d; empty before the first."""
        return tuple(state[0] for state in self.states) if self.steps else ()


def train(
    model: Layer,
    x: npt.ArrayLike,
    loss: Loss,
    *,
    optimizer: Optimizer = GradientDescent(),  # noqa: B008 (it is immutable)
    learning_rate: float | Schedule = 0.01,
    steps: int = 100,
    after: Training | None = None,
) -> Training:
    """Move a network's parameters by W ← W − η d, with d from the optimizer and the whole batch in every step.

    x: the batch, of a shape that the model takes. loss: of the model's output, a single number. after: a training of
    this model that is to be gone on with; its record is continued. Gradients stored in the model are forgotten.
    The numbers of a training never raise: it ends where the loss is no longer finite. ValueError for an optimizer that
    is not first-order, a line search, and unfit numbers.
    """
    check_optimizer(optimizer)
    if not isinstance(optimizer, Elementwise):
        raise ValueError(
            f"a network is trained by a first-order optimizer; {optimizer.name} needs more than its gradient."
        )
    schedule, most, parameters = schedule_of(learning_rate), steps_of(steps), model.parameters()
    if isinstance(schedule, Backtracking):
        raise ValueError("a network is trained with a number or a schedule as learning_rate, not with a line search.")
    states: list[State] = [(0.0,) * len(optimizer.quantities) for _ in parameters]
    losses: list[float] = []
    if after:
        states, losses = list(after.states), after.loss[:-1].tolist()
    taken = len(losses)
    batch = tensor(x)
    with np.errstate(all="ignore"):
        for step in range(taken + 1, taken + most + 2):
            for parameter in parameters:
                parameter.zero_grad()
            value = loss(model(batch))
            losses.append(float(value.data))
            if step > taken + most or not isfinite(losses[-1]):
                break
            value.backward()
            rate = schedule(step - 1)
            for i, parameter in enumerate(parameters):
                states[i] = optimizer.update(parameter.grad, states[i], step, parameter.data)
                parameter.data = parameter.data - rate * states[i][0]
    return Training(optimizer, np.array(losses), tuple(states))
