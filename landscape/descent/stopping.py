"""Why a run ended."""

import math
from dataclasses import dataclass
from enum import StrEnum

from landscape.descent.hyperparameters import Hyperparameters, hyperparameter


class StopReason(StrEnum):
    """Why a run ended."""

    MAX_STEPS = "max_steps"
    GRADIENT = "gradient"
    STEP = "step"
    LOSS = "loss"
    DIVERGED = "diverged"
    LEFT_DOMAIN = "left_domain"
    NOT_A_NUMBER = "not_a_number"
    INFINITE = "infinite"
    NO_GRADIENT = "no_gradient"
    NO_DIRECTION = "no_direction"


MESSAGES = {
    StopReason.MAX_STEPS: "All {step} steps were taken.",
    StopReason.GRADIENT: "At step {step} the gradient is {gradient:.3g} long, shorter than {threshold:.3g}.",
    StopReason.STEP: "Step {step} was {length:.3g} long, shorter than {threshold:.3g}.",
    StopReason.LOSS: "At step {step} the loss is {loss:.3g}, at or below {threshold:.3g}.",
    StopReason.DIVERGED: "Diverged: at step {step} the loss or a parameter is beyond {threshold:.3g}.",
    StopReason.LEFT_DOMAIN: "At step {step} the run left the function's domain, at ({x:.4g}, {y:.4g}).",
    StopReason.NOT_A_NUMBER: "At step {step} the loss is not a number, at ({x:.4g}, {y:.4g}).",
    StopReason.INFINITE: "At step {step} the loss is infinite, at ({x:.4g}, {y:.4g}).",
    StopReason.NO_GRADIENT: "At step {step} the function has no finite gradient, at ({x:.4g}, {y:.4g}).",
    StopReason.NO_DIRECTION: "At step {step} the optimizer finds no direction: its update divides by zero or overflows.",
}


@dataclass(frozen=True)
class Stop:
    """The end of a run: the reason, the index of the last recorded point, an English template and its values."""

    reason: StopReason
    step: int
    message: str
    values: dict[str, float]

    @property
    def text(self) -> str:
        """The message in English, with its numbers."""
        return self.message.format(**self.values)


@dataclass(frozen=True)
class Stopping(Hyperparameters):
    """When to stop before the last step: gradient and step length below a threshold (0: never), loss at or below one
    (None: never), |loss| or a coordinate beyond `divergence`."""

    gradient: float = hyperparameter(
        1e-6, minimum=0.0, maximum=math.inf, symbol=r"\lVert g \rVert", scale="log", help="Stop at a shorter gradient."
    )
    step: float = hyperparameter(
        0.0, minimum=0.0, maximum=math.inf, symbol=r"\eta \lVert d \rVert", scale="log", help="Stop at a shorter step."
    )
    loss: float | None = None
    divergence: float = hyperparameter(
        1e12, minimum=0.0, maximum=math.inf, symbol=r"\lvert f \rvert", scale="log", help="Stop beyond this size."
    )
