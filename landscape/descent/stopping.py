"""Why a run ended: StopReason, the thresholds of Stopping, and the Stop that a run carries."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

import numpy as np

from .hyperparameters import Hyperparameters, hyperparameter


class StopReason(StrEnum):
    """Why a run ended."""

    MAX_STEPS = "max_steps"
    GRADIENT = "gradient"
    STEP = "step"
    LOSS = "loss"
    DIVERGED = "diverged"
    LEFT_DOMAIN = "left_domain"
    INFINITE = "infinite"
    NO_GRADIENT = "no_gradient"
    NO_STEP = "no_step"
    UPHILL = "uphill"
    NO_DECREASE = "no_decrease"


GROWTH = 1e6  # of loss and coordinates, until a run that began with huge ones has diverged
LARGEST = 1e300  # numbers, almost

MESSAGES = {
    StopReason.MAX_STEPS: "All {step} steps were taken.",
    StopReason.GRADIENT: "Step {step}: the gradient is {gradient:.3g} long, less than {threshold:.3g}.",
    StopReason.STEP: "Step {step} was {length:.3g} long, less than {threshold:.3g}.",
    StopReason.LOSS: "Step {step}: the loss is {loss:.6g}, not above {threshold:.6g}.",
    StopReason.DIVERGED: "Step {step}: diverged, at ({x:.3g}, {y:.3g}) with loss {loss:.3g}: beyond ±{threshold:.3g}.",
    StopReason.LEFT_DOMAIN: "Step {step}: the function has no real value at ({x:.6g}, {y:.6g}).",
    StopReason.INFINITE: "Step {step}: the loss is infinite at ({x:.6g}, {y:.6g}), a pole or too large a number.",
    StopReason.NO_GRADIENT: "Step {step}: the function has no finite gradient at ({x:.6g}, {y:.6g}).",
    StopReason.NO_STEP: "Step {step}: the next step is no finite number: its formula divides by zero or overflows.",
    StopReason.UPHILL: "Step {step}: the direction goes uphill, so no learning rate lowers the loss along it.",
    StopReason.NO_DECREASE: "Step {step}: no learning rate that was tried lowers the loss enough.",
}


@dataclass(frozen=True)
class Stop:
    """The end of a run: why, and the index of the last point that was recorded.

    `message` is an English template for str.format, `values` the numbers in it.
    """

    reason: StopReason
    step: int
    values: dict[str, float]

    @property
    def message(self) -> str:
        return MESSAGES[self.reason]

    @property
    def text(self) -> str:
        """The message in English with its numbers."""
        return self.message.format(**self.values)


@dataclass(frozen=True)
class Stopping(Hyperparameters):
    """When to stop before the last step.

    A gradient or a step is short when it is less than its threshold (0: never); a loss is reached when it is not above
    its threshold (None: never); a run has diverged when the size of the loss or of a coordinate is above `divergence`.
    """

    gradient: float = hyperparameter(
        1e-6,
        minimum=0.0,
        maximum=math.inf,
        symbol=r"\lVert g \rVert",
        scale="log",
        help="Stop when the gradient is shorter.",
    )
    step: float = hyperparameter(
        0.0,
        minimum=0.0,
        maximum=math.inf,
        symbol=r"\lVert \eta d \rVert",
        scale="log",
        help="Stop after a shorter step.",
    )
    loss: float | None = hyperparameter(
        None, minimum=-math.inf, maximum=math.inf, symbol="f", help="Stop when the loss is no larger."
    )
    divergence: float = hyperparameter(
        1e12,
        minimum=0.0,
        maximum=math.inf,
        symbol=r"\lvert f \rvert",
        scale="log",
        help="Give up when the loss or a coordinate is larger.",
    )

    @classmethod
    def suiting(cls, objective: Any, start: Sequence[float]) -> Self:
        """The usual thresholds, on the scale of a problem whose numbers are tiny or huge, as in other units.

        A gradient is short below a millionth of `usual_gradient`, but below 1e-6 where that is 0 or above 1; and a run
        has diverged only when the loss or a coordinate is also a million times as large as the largest of them at the
        start.
        """
        usual = cls()
        with np.errstate(all="ignore"):
            sizes = np.abs([float(objective(np.array(start, dtype=np.float64))), *start])
        slope, largest = usual_gradient(objective, start), float(sizes.max(initial=0.0, where=np.isfinite(sizes)))
        return cls(
            gradient=usual.gradient * min(1.0, slope or 1.0),
            divergence=max(usual.divergence, min(GROWTH * largest, LARGEST)),
        )

    def reason(
        self, x: float, y: float, loss: float, gradient: tuple[float, float], moved: float
    ) -> tuple[StopReason, dict[str, float]] | None:
        """Why to stop at (x, y), where a step of length `moved` led, with the message's numbers; None to go on."""
        place = {"x": x, "y": y, "loss": loss}
        slope = math.hypot(*gradient)
        if max(abs(x), abs(y)) > self.divergence or self.divergence < abs(loss) < math.inf:
            return StopReason.DIVERGED, place | {"threshold": self.divergence}
        if math.isnan(loss):
            return StopReason.LEFT_DOMAIN, place
        if math.isinf(loss):
            return StopReason.INFINITE, place
        if self.loss is not None and loss <= self.loss:
            return StopReason.LOSS, place | {"threshold": self.loss}
        if not math.isfinite(slope):
            return StopReason.NO_GRADIENT, place
        if slope < self.gradient:
            return StopReason.GRADIENT, place | {"gradient": slope, "threshold": self.gradient}
        if moved < self.step:
            return StopReason.STEP, place | {"length": moved, "threshold": self.step}
        return None


def usual_gradient(objective: Any, start: Sequence[float]) -> float:
    """How long gradients are: of a loss over samples, the sample gradients at 0; otherwise those at and 1 away from θ.

    The longest of them counts, and 0 if none is finite.
    """
    with np.errstate(all="ignore"):
        if hasattr(objective, "sample_gradients"):
            gradients = objective.sample_gradients(np.zeros(2)).T
        else:
            around = np.array([[0, 1, -1, 0, 0], [0, 0, 0, 1, -1]])
            gradients = objective.gradient(np.array(start, dtype=np.float64)[:, None] + around)
        length = np.hypot(*gradients)
    return float(length.max(initial=0.0, where=np.isfinite(length)))
