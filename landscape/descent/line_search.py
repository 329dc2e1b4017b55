"""Backtracking: a learning rate found anew at every step, instead of one that is chosen beforehand."""

from collections.abc import Callable
from dataclasses import dataclass
from math import nan
from typing import ClassVar

from .hyperparameters import hyperparameter
from .schedules import Schedule

MOST_TRIALS = 200

Pair = tuple[float, float]
Evaluate = Callable[[float, float], tuple[float, float, float]]


@dataclass(frozen=True)
class Backtracking(Schedule):
    """Armijo's rule: start from `initial` and shrink by `factor` until the loss has fallen enough,

        f(θ − η d) ≤ f(θ) − c η ⟨g, d⟩,

    by at least the part c = `decrease` of what the slope promises. Points where f has no finite value are passed over.
    L. Armijo 1966; J. Nocedal, S. J. Wright, Numerical Optimization (2006), algorithm 3.1.

    It stands where a learning rate stands and works with any optimizer's direction d. Where d does not go downhill,
    ⟨g, d⟩ ≤ 0 (a heavy ball may roll uphill), no learning rate can satisfy the rule, and the run ends there.
    """

    factor: float = hyperparameter(
        0.5, minimum=0.01, maximum=0.9, symbol=r"\tau", help="What a learning rate that failed is multiplied by."
    )
    decrease: float = hyperparameter(
        1e-4,
        minimum=1e-10,
        maximum=0.9,
        symbol="c",
        scale="log",
        help="The part of the promised decrease that is enough.",
    )
    initial: float = hyperparameter(
        1.0, minimum=0.0, maximum=1e300, symbol=r"\eta_{0}", scale="log", help="The learning rate that is tried first."
    )

    name: ClassVar[str] = "Backtracking line search"
    about: ClassVar[str] = "Tries a large learning rate and shrinks it until the loss falls enough: no step goes up."
    latex: ClassVar[str] = r"f(\theta - \eta d) \le f(\theta) - c \cdot \eta \cdot \langle g, d \rangle"

    def __call__(self, step: int) -> float:
        return self.initial

    def accepted(self, evaluate: Evaluate, theta: Pair, direction: Pair, loss: float, slope: float) -> float | None:
        """The first η that satisfies the rule at θ with f(θ) = `loss` and ⟨g, d⟩ = `slope`.

        None if none of the first 200 does, as where rounding hides any decrease.
        """
        (x, y), (d_x, d_y), rate = theta, direction, self.initial
        for _ in range(MOST_TRIALS):
            try:
                lower = evaluate(x - rate * d_x, y - rate * d_y)[0]
            except (ValueError, ArithmeticError):
                lower = nan
            if loss > lower <= loss - self.decrease * rate * slope:
                return rate
            rate *= self.factor
        return None
