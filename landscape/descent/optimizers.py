r"""How a gradient becomes a direction: OPTIMIZERS, with PyTorch's names, defaults and conventions.

An optimizer returns a direction d; `descend` alone multiplies it by the learning rate: θ ← θ − η d.

The first-order methods treat every coordinate by itself, so each is one function

    update(gradient, state, step, theta) -> state

in plain arithmetic, which runs on one Python float and on an array of any shape alike. The state is the tuple of all
quantities that the method's formula names, the direction first: what the page shows is what was computed.

Formulas are LaTeX with slots in angle brackets: <g> the gradient, <m> a quantity of this step, <m-> the same before
the step, <beta1> a hyperparameter, <t> the step counted from 1, <d> the direction, <eta> the learning rate.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from landscape.descent.hyperparameters import Hyperparameters, hyperparameter

Lanes = Any  # one float, or an array of them: the arithmetic is the same
State = tuple[Lanes, ...]
Rule = Callable[[float, float, float, float, int], tuple[State, State]]

STEP = r"<theta+> = <theta> - <eta> \cdot <d>"
FIRST_MOMENT = r"<m> = <beta1> \cdot <m-> + (1 - <beta1>) \cdot <g>"
SECOND_MOMENT = r"<v> = <beta2> \cdot <v-> + (1 - <beta2>) \cdot <g>^{2}"
FIRST_CORRECTED = r"<m_hat> = \frac{<m>}{1 - <beta1>^{<t>}}"
SECOND_CORRECTED = r"<v_hat> = \frac{<v>}{1 - <beta2>^{<t>}}"

SYMBOLS = {
    "theta": r"\theta",
    "theta+": r"\theta^{+}",
    "eta": r"\eta",
    "t": "t",
    "g": "g",
    "d": "d",
    "m": "m",
    "v": "v",
    "m_hat": r"\hat{m}",
    "v_hat": r"\hat{v}",
    "momentum": r"\beta",
    "beta1": r"\beta_{1}",
    "beta2": r"\beta_{2}",
    "epsilon": r"\epsilon",
    "weight_decay": r"\lambda",
}


def typeset(line: str) -> str:
    """The LaTeX of a formula's line with every slot replaced by its symbol."""
    return re.sub(r"<([a-z_0-9]+\+?)(-?)>", lambda slot: SYMBOLS[slot[1]] + ("^{-}" if slot[2] else ""), line)


@dataclass(frozen=True)
class Optimizer(Hyperparameters):
    """What every optimizer has: words and formula for people, `rule` for `descend`."""

    name: ClassVar[str]
    about: ClassVar[str]
    source: ClassVar[str]
    formula: ClassVar[tuple[str, ...]]
    quantities: ClassVar[dict[str, float]]
    """Names in the state, the direction "d" first, with their values before the first step."""

    def rule(self, objective: Any) -> Rule:
        """A fresh function (x, y, slope in x, slope in y, step) -> (state in x, state in y), which remembers."""
        raise NotImplementedError


class Elementwise(Optimizer):
    """An optimizer that treats every coordinate by itself."""

    def update(self, gradient: Lanes, state: State, step: int, theta: Lanes) -> State:
        """The state after `step` (counted from 1), its first entry the direction; floats or arrays of one shape."""
        raise NotImplementedError

    def rule(self, objective: Any) -> Rule:
        update = self.update
        in_x = in_y = tuple(self.quantities.values())

        def advance(x: float, y: float, slope_x: float, slope_y: float, step: int) -> tuple[State, State]:
            nonlocal in_x, in_y
            in_x = update(slope_x, in_x, step, x)
            in_y = update(slope_y, in_y, step, y)
            return in_x, in_y

        return advance


@dataclass(frozen=True)
class GradientDescent(Elementwise):
    """Steepest descent. A. Cauchy (1847); weight decay as in torch.optim.SGD."""

    weight_decay: float = hyperparameter(
        0.0, minimum=0.0, maximum=10.0, symbol=r"\lambda", help="Pulls the parameters towards zero."
    )

    name = "Gradient descent"
    about = "Steps straight against the gradient, in proportion to its length."
    source = "A. Cauchy, Comptes rendus 25 (1847)"
    formula = (r"<d> = <g> + <weight_decay> \cdot <theta>", STEP)
    quantities: ClassVar[dict[str, float]] = {"d": 0.0}

    def update(self, gradient: Lanes, state: State, step: int, theta: Lanes) -> State:
        return (gradient + self.weight_decay * theta,)


@dataclass(frozen=True)
class Momentum(Elementwise):
    """The heavy ball. B. T. Polyak (1964); v ← βv + g as in torch.optim.SGD(momentum=β)."""

    momentum: float = hyperparameter(
        0.9, minimum=0.0, maximum=0.9999, symbol=r"\beta", help="The part of the velocity that a step keeps."
    )

    name = "Momentum"
    about = "A heavy ball: it keeps a part of its velocity, rolls through narrow valleys and overshoots."
    source = "B. T. Polyak, USSR Comput. Math. Math. Phys. 4 (1964)"
    formula = (r"<v> = <momentum> \cdot <v-> + <g>", r"<d> = <v>", STEP)
    quantities: ClassVar[dict[str, float]] = {"d": 0.0, "v": 0.0}

    def update(self, gradient: Lanes, state: State, step: int, theta: Lanes) -> State:
        velocity = self.momentum * state[1] + gradient
        return velocity, velocity


@dataclass(frozen=True)
class Adam(Elementwise):
    """Adaptive moments. D. P. Kingma, J. Ba, arXiv:1412.6980 (2014); as torch.optim.Adam."""

    beta1: float = hyperparameter(
        0.9, minimum=0.0, maximum=0.999999, symbol=r"\beta_{1}", help="Memory of the mean gradient."
    )
    beta2: float = hyperparameter(
        0.999, minimum=0.0, maximum=0.999999, symbol=r"\beta_{2}", help="Memory of the mean squared gradient."
    )
    epsilon: float = hyperparameter(
        1e-8, minimum=0.0, maximum=1.0, symbol=r"\epsilon", help="Keeps the division from exploding.", scale="log"
    )

    name = "Adam"
    about = "Momentum whose step in each coordinate is divided by the usual size of that coordinate's gradient."
    source = "D. P. Kingma, J. Ba, arXiv:1412.6980 (2014)"
    formula = (
        FIRST_MOMENT,
        SECOND_MOMENT,
        FIRST_CORRECTED,
        SECOND_CORRECTED,
        r"<d> = \frac{<m_hat>}{\sqrt{<v_hat>} + <epsilon>}",
        STEP,
    )
    quantities: ClassVar[dict[str, float]] = {"d": 0.0, "m": 0.0, "v": 0.0, "m_hat": 0.0, "v_hat": 0.0}

    def update(self, gradient: Lanes, state: State, step: int, theta: Lanes) -> State:
        _, m, v, _, _ = state
        m = self.beta1 * m + (1 - self.beta1) * gradient
        v = self.beta2 * v + (1 - self.beta2) * gradient * gradient
        m_hat = m / (1 - self.beta1**step)
        v_hat = v / (1 - self.beta2**step)
        return m_hat / (v_hat**0.5 + self.epsilon), m, v, m_hat, v_hat


OPTIMIZERS: dict[str, type[Optimizer]] = {
    "gradient_descent": GradientDescent,
    "momentum": Momentum,
    "adam": Adam,
}
