"""What a small network can be taught: TASKS, each a handful of samples that can be followed by hand."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from landscape.gradients.layers import cross_entropy, mean_squared_error
from landscape.gradients.tensor import Array, Tensor


@dataclass(frozen=True, eq=False)
class Task:
    """A batch of n samples. x: (n, features). y: (n,), numbers, or whole numbers from 0 if there are `classes`."""

    name: str
    about: str
    x: Array
    y: Array
    classes: int = 0

    @property
    def criteria(self) -> tuple[str, ...]:
        """The losses that fit, keys of CRITERIA, the usual one first."""
        return ("cross_entropy", "mean_squared_error") if self.classes else ("mean_squared_error",)

    def outputs(self, criterion: str) -> int:
        """How many outputs a network needs for that loss: one for each class, or one number."""
        return self.classes if criterion == "cross_entropy" else 1

    def loss(self, criterion: str) -> Callable[[Tensor], Tensor]:
        """The loss as a function of the network's output (n, outputs).

        Raises ValueError for a loss that does not fit.
        """
        if criterion not in self.criteria:
            raise ValueError(f"the loss of this task must be one of {', '.join(self.criteria)}, not {criterion!r}.")
        if criterion == "cross_entropy":
            return lambda output: cross_entropy(output, self.y)
        return lambda output: mean_squared_error(output, self.y[:, None])


CRITERIA = ("cross_entropy", "mean_squared_error")

TASKS = {
    "xor": Task(
        name="Exclusive or",
        about="One of two inputs, but not both: no straight line separates the classes, so a hidden layer is needed.",
        x=np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]),
        y=np.array([0.0, 1, 1, 0]),
        classes=2,
    ),
    "clusters": Task(
        name="Two clusters",
        about="Four points around (1, 1) and four around (−1, −1): a straight line separates them.",
        x=np.array([[1.5, 1], [1, 1.5], [0.5, 1], [1, 0.5], [-1.5, -1], [-1, -1.5], [-0.5, -1], [-1, -0.5]]),
        y=np.array([0.0, 0, 0, 0, 1, 1, 1, 1]),
        classes=2,
    ),
    "ring": Task(
        name="Centre and ring",
        about="Three points in the middle and five around them: the border is a closed curve.",
        x=np.array([[0.3, 0], [-0.2, 0.2], [0, -0.3], [1.5, 0], [0.5, 1.4], [-1.2, 0.9], [-1.2, -0.9], [0.5, -1.4]]),
        y=np.array([0.0, 0, 0, 1, 1, 1, 1, 1]),
        classes=2,
    ),
    "product": Task(
        name="Product",
        about="A regression: the output should be the product of the two inputs, a saddle.",
        x=np.array([[1.0, 1], [1, -1], [-1, 1], [-1, -1], [1, 0], [0, 1], [0.5, 0.5], [0.5, -0.5]]),
        y=np.array([1.0, -1, -1, 1, 0, 0, 0.25, -0.25]),
    ),
    "ten_features": Task(
        name="Ten features",
        about="A regression with ten inputs: three samples, each with the mean of its inputs as the target.",
        x=np.array([
            [1.0, 0, 2, -1, 0, 1, 3, 0, -2, 1],
            [0, 1, -1, 2, 1, 0, 0, -2, 1, 3],
            [2, -1, 0, 0, 1, -3, 1, 1, 0, -1],
        ]),
        y=np.array([0.5, 0.5, 0]),
    ),
}  # fmt: skip
