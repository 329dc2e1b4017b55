"""The learning rate as a function of the step: SCHEDULES, as in torch.optim.lr_scheduler."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, repeat
from typing import Any, ClassVar

from .hyperparameters import Hyperparameters, hyperparameter


@dataclass(frozen=True)
class Schedule(Hyperparameters):
    """schedule(k) is the learning rate η of the step that is counted from 0, never negative.

    `initial` is the learning rate that a slider moves: the rest of a schedule is in proportion to it.
    """

    initial: float = hyperparameter(
        minimum=0.0,
        maximum=math.inf,
        symbol=r"\eta_{0}",
        scale="log",
        help="The learning rate that the schedule scales.",
    )

    name: ClassVar[str]
    about: ClassVar[str]
    latex: ClassVar[str]

    def __call__(self, step: int) -> float:
        raise NotImplementedError


def _steps(default: int, symbol: str, help: str, minimum: int = 1) -> Any:
    return hyperparameter(default, minimum=minimum, maximum=1_000_000, symbol=symbol, help=help)


def _length() -> Any:
    return _steps(300, "n", "The number of steps from the start to the end of the schedule.")


def _final() -> Any:
    help = "The learning rate at the end."
    return hyperparameter(0.0, minimum=0.0, maximum=math.inf, symbol=r"\eta_{n}", scale="log", help=help)


@dataclass(frozen=True)
class Constant(Schedule):
    """The same learning rate at every step."""

    name = "Constant"
    about = "The same learning rate at every step."
    latex = r"\eta_{k} = \eta_{0}"

    def __call__(self, step: int) -> float:
        return self.initial


@dataclass(frozen=True)
class StepDecay(Schedule):
    """Multiplied by a factor once every so many steps; as StepLR."""

    every: int = _steps(100, "s", "The number of steps between two drops.")
    factor: float = hyperparameter(
        0.5, minimum=0.0, maximum=1.0, symbol=r"\gamma", help="The factor by which a drop multiplies the learning rate."
    )

    name = "Step decay"
    about = "Drops at once after every so many steps, and is constant in between."
    latex = r"\eta_{k} = \eta_{0} \cdot \gamma^{\lfloor k / s \rfloor}"

    def __call__(self, step: int) -> float:
        return self.initial * self.factor ** (step // self.every)


@dataclass(frozen=True)
class ExponentialDecay(Schedule):
    """Multiplied by a factor at every step; as ExponentialLR."""

    factor: float = hyperparameter(
        0.99,
        minimum=0.0,
        maximum=1.0,
        symbol=r"\gamma",
        help="The factor by which a step multiplies the learning rate.",
    )

    name = "Exponential decay"
    about = "Shrinks by the same factor at every step. If it shrinks too fast, the run comes to rest before it arrives."
    latex = r"\eta_{k} = \eta_{0} \cdot \gamma^{k}"

    def __call__(self, step: int) -> float:
        return self.initial * self.factor**step


@dataclass(frozen=True)
class InverseTimeDecay(Schedule):
    """η₀ / (1 + c k), the classical rate of H. Robbins, S. Monro 1951."""

    decay: float = hyperparameter(
        0.01, minimum=0.0, maximum=1e3, symbol="c", scale="log", help="1 / decay is the step at which half is left."
    )

    name = "Inverse time decay"
    about = "Falls as 1/k: slowly enough to get anywhere, fast enough to quiet the noise of single samples."
    latex = r"\eta_{k} = \frac{\eta_{0}}{1 + c \cdot k}"

    def __call__(self, step: int) -> float:
        return self.initial / (1 + self.decay * step)


@dataclass(frozen=True)
class PolynomialDecay(Schedule):
    """To zero along a power of the remaining time, by default a straight line; as PolynomialLR."""

    steps: int = _length()
    power: float = hyperparameter(1.0, minimum=0.0, maximum=10.0, symbol="p", help="1 is a straight line.")

    name = "Polynomial decay"
    about = "Falls to zero at a known step: in a straight line, or along a power of the time that is left."
    latex = r"\eta_{k} = \eta_{0} \cdot (1 - \min(k, n) / n)^{p}"

    def __call__(self, step: int) -> float:
        left = 1.0 - min(step, self.steps) / self.steps
        return self.initial * math.pow(left, self.power)


@dataclass(frozen=True)
class CosineDecay(Schedule):
    """Half a cosine from the initial to the final rate; as CosineAnnealingLR, and as there it rises again afterwards.

    I. Loshchilov, F. Hutter, arXiv:1608.03983 (2016).
    """

    steps: int = _length()
    final: float = _final()

    name = "Cosine decay"
    about = (
        "Stays near its initial value for long, then falls, and ends gently. Beyond its last step it rises again,"
        " as in PyTorch."
    )
    latex = r"\eta_{k} = \eta_{n} + (\eta_{0} - \eta_{n}) \cdot \frac{1 + \cos(\pi k / n)}{2}"

    def __call__(self, step: int) -> float:
        return _half_cosine(self.initial, self.final, step / self.steps)


@dataclass(frozen=True)
class WarmupCosine(Schedule):
    """Rises in a straight line, then falls as a cosine; as SequentialLR of LinearLR and CosineAnnealingLR.

    P. Goyal et al., arXiv:1706.02677 (2017), for the warm-up.
    """

    steps: int = _length()
    warmup: int = _steps(
        30, "w", "The number of steps before the learning rate has risen to its full height.", minimum=0
    )
    final: float = _final()

    name = "Warm-up, then cosine"
    about = "Starts with small steps, while an optimizer's averages still know little, and then falls as a cosine."
    latex = (
        r"\eta_{k} = \begin{cases} \eta_{0} \cdot (k + 1) / w & k < w \\"
        r" \eta_{n} + (\eta_{0} - \eta_{n}) \cdot \frac{1 + \cos(\pi (k - w) / (n - w))}{2} & k \ge w \end{cases}"
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.warmup >= self.steps:
            raise ValueError(f"WarmupCosine: warmup must be less than steps = {self.steps}, but it is {self.warmup}.")

    def __call__(self, step: int) -> float:
        if step < self.warmup:
            return self.initial * (step + 1) / self.warmup
        return _half_cosine(self.initial, self.final, (step - self.warmup) / (self.steps - self.warmup))


@dataclass(frozen=True)
class OneCycle(Schedule):
    """One rise and one longer fall, each half a cosine; as OneCycleLR(max_lr=initial), and constant afterwards.

    L. N. Smith, N. Topin, arXiv:1708.07120 (2017). The highest rate is `initial`: it is the one to be chosen.
    """

    steps: int = _length()
    rise: float = hyperparameter(
        0.3, minimum=0.0, maximum=0.9, symbol="r", help="The part of the steps in which the learning rate rises."
    )

    name = "One cycle"
    about = "Rises from a 25th of its peak to the peak, then falls to nearly 0: one fast journey with a calm end."
    latex = (
        r"\frac{\eta_{0}}{25} \rightarrow \eta_{0} \; (k = r n - 1),"
        r" \quad \eta_{0} \rightarrow \frac{\eta_{0}}{250000} \; (k = n - 1)"
    )

    def __call__(self, step: int) -> float:
        top, end = self.rise * self.steps - 1, self.steps - 1
        start = self.initial / 25
        if step < top:
            return _half_cosine(start, self.initial, step / top)
        return _half_cosine(self.initial, start / 1e4, (min(step, end) - top) / (end - top))


@dataclass(frozen=True)
class WarmRestarts(Schedule):
    """Half a cosine, again and again, each `growth` times longer; as CosineAnnealingWarmRestarts.

    I. Loshchilov, F. Hutter, arXiv:1608.03983 (2016).
    """

    period: int = _steps(100, "T", "The number of steps before the first restart.")
    growth: int = hyperparameter(
        1, minimum=1, maximum=10, symbol="q", help="How many times as long the next period is."
    )
    final: float = _final()

    name = "Warm restarts"
    about = "Falls as a cosine and jumps back to the full learning rate, which may throw the run out of a poor minimum."
    latex = (
        r"\eta_{k} = \eta_{n} + (\eta_{0} - \eta_{n}) \cdot \frac{1 + \cos(\pi j / T_{i})}{2},"
        r" \quad T_{i+1} = q \cdot T_{i}"
    )

    def __call__(self, step: int) -> float:
        period = self.period
        if self.growth == 1:
            step %= period
        while step >= period:
            step -= period
            period *= self.growth
        return _half_cosine(self.initial, self.final, step / period)


def proposed(schedule: Schedule) -> Iterator[float]:
    """The learning rate of each step; a constant needs no call."""
    return repeat(schedule.initial) if isinstance(schedule, Constant) else map(schedule, count())


def _half_cosine(start: float, end: float, part: float) -> float:
    """From start at part 0 to end at part 1."""
    return end + (start - end) * (1 + math.cos(math.pi * part)) / 2


SCHEDULES: dict[str, type[Schedule]] = {
    "constant": Constant,
    "step": StepDecay,
    "exponential": ExponentialDecay,
    "inverse_time": InverseTimeDecay,
    "polynomial": PolynomialDecay,
    "cosine": CosineDecay,
    "warmup_cosine": WarmupCosine,
    "one_cycle": OneCycle,
    "warm_restarts": WarmRestarts,
}
