r"""How a gradient becomes a direction: OPTIMIZERS, with PyTorch's names, defaults and conventions.

An optimizer returns a direction d; `descend` alone multiplies it by the learning rate: θ ← θ − η d.

First-order methods treat every coordinate by itself, so each of them is one function in plain arithmetic,

    update(gradient, state, step, theta) -> state

which runs on a Python float and on an array of any shape alike. A state is the tuple of all the quantities that the
method's formula names, the direction first: what is shown is what was computed. Before the first step all are 0.
(It is 1.0 - β and not 1 - β there, because Python is markedly faster at two floats than at an int and a float.)

Formulas are LaTeX with slots in angle brackets: <g> the gradient, <m> a quantity of this step, <m-> the same quantity
of the step before, <beta1> a hyperparameter, <t> the step counted from 1, <d> the direction, <eta> the learning rate.
`typeset` fills the slots with symbols; a page may fill them with numbers.
"""

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np

from .hyperparameters import Hyperparameters, hyperparameter

Lanes = Any  # a float or an array: the arithmetic is the same
State = tuple[Lanes, ...]
Rule = Callable[[float, float, float, float, int], tuple[State, State]]

STEP = r"<theta+> = <theta> - <eta> \cdot <d>"


@dataclass(frozen=True)
class Optimizer(Hyperparameters):
    """What every optimizer has: words and a formula for people, and a rule for `descend`."""

    name: ClassVar[str]
    about: ClassVar[str]
    source: ClassVar[str]
    formula: ClassVar[tuple[str, ...]]
    quantities: ClassVar[tuple[str, ...]]
    """The names of a state's entries; the first is "d"."""

    def rule(self, objective: Any) -> Rule:
        """A new function (x, y, ∂f/∂x, ∂f/∂y, step from 1) -> (state of x, state of y) that remembers the last states.

        It may raise ArithmeticError where the arithmetic of the method has no result.
        """
        raise NotImplementedError


class Elementwise(Optimizer):
    """An optimizer that treats every coordinate by itself."""

    def update(self, gradient: Lanes, state: State, step: int, theta: Lanes) -> State:
        """The state after the step that is counted from 1; floats, or arrays of one shape."""
        raise NotImplementedError

    def rule(self, objective: Any) -> Rule:
        update = self.update
        in_x = in_y = (0.0,) * len(self.quantities)

        def advance(x: float, y: float, slope_x: float, slope_y: float, step: int) -> tuple[State, State]:
            nonlocal in_x, in_y
            in_x = update(slope_x, in_x, step, x)
            in_y = update(slope_y, in_y, step, y)
            return in_x, in_y

        return advance


def _decay(default: float, symbol: str, help: str) -> Any:
    return hyperparameter(default, minimum=0.0, maximum=0.999999, symbol=symbol, help=help)


def _momentum() -> Any:
    return _decay(0.9, r"\beta", "The part of its velocity that the ball keeps at each step.")


def _beta1() -> Any:
    return _decay(0.9, r"\beta_{1}", "How much of the mean gradient is kept at each step.")


def _beta2() -> Any:
    return _decay(0.999, r"\beta_{2}", "How much of the mean squared gradient is kept at each step.")


def _epsilon(default: float = 1e-8) -> Any:
    help = "Added to the divisor, so that a vanishing gradient is not divided by zero."
    return hyperparameter(default, minimum=0.0, maximum=1.0, symbol=r"\epsilon", help=help, scale="log")


def _weight_decay(default: float) -> Any:
    help = "Pulls every parameter towards zero, in proportion to its size."
    return hyperparameter(default, minimum=0.0, maximum=10.0, symbol=r"\lambda", help=help)


def _larger(a: Lanes, b: Lanes) -> Lanes:
    return max(a, b) if isinstance(a, float) and isinstance(b, float) else np.maximum(a, b)


@dataclass(frozen=True)
class GradientDescent(Elementwise):
    """Steepest descent, A.-L. Cauchy 1847; with weight decay as torch.optim.SGD."""

    weight_decay: float = _weight_decay(0.0)

    name = "Gradient descent"
    about = "Steps straight against the gradient: long where it is steep, short where it is flat."
    source = "A.-L. Cauchy, Comptes rendus 25 (1847) 536–538"
    formula = (r"<d> = <g> + <weight_decay> \cdot <theta>", STEP)
    quantities = ("d",)

    def __post_init__(self) -> None:
        super().__post_init__()
        if np.all(self.weight_decay == 0):  # a term that does nothing would only distract
            object.__setattr__(self, "formula", ("<d> = <g>", STEP))

    def update(self, gradient: Lanes, state: State, step: int, theta: Lanes) -> State:
        return (gradient + self.weight_decay * theta,)


@dataclass(frozen=True)
class Momentum(Elementwise):
    """The heavy ball, B. T. Polyak 1964; as torch.optim.SGD(momentum=β): no factor 1 − β before the gradient."""

    momentum: float = _momentum()

    name = "Momentum"
    about = "A heavy ball: it gathers speed along a valley, rolls over small bumps, and overshoots."
    source = "B. T. Polyak, USSR Computational Mathematics and Mathematical Physics 4 (1964) 1–17"
    formula = (r"<v> = <momentum> \cdot <v-> + <g>", "<d> = <v>", STEP)
    quantities = ("d", "v")

    def update(self, gradient: Lanes, state: State, step: int, theta: Lanes) -> State:
        v = self.momentum * state[1] + gradient
        return v, v


@dataclass(frozen=True)
class Nesterov(Elementwise):
    """Accelerated gradient, Y. Nesterov 1983, as I. Sutskever et al. 2013 and torch.optim.SGD(nesterov=True)."""

    momentum: float = _momentum()

    name = "Nesterov momentum"
    about = "A heavy ball that looks ahead: it uses the gradient twice and brakes before it overshoots."
    source = "Y. Nesterov, Soviet Mathematics Doklady 27 (1983) 372–376"
    formula = (r"<v> = <momentum> \cdot <v-> + <g>", r"<d> = <g> + <momentum> \cdot <v>", STEP)
    quantities = ("d", "v")

    def update(self, gradient: Lanes, state: State, step: int, theta: Lanes) -> State:
        v = self.momentum * state[1] + gradient
        return gradient + self.momentum * v, v


@dataclass(frozen=True)
class AdaGrad(Elementwise):
    """Adaptive subgradients, J. Duchi, E. Hazan, Y. Singer 2011; as torch.optim.Adagrad."""

    epsilon: float = _epsilon(1e-10)

    name = "AdaGrad"
    about = (
        "Divides each coordinate's gradient by the root of the sum of its squares so far: it never forgets, so it only"
        " slows down."
    )
    source = "J. Duchi, E. Hazan, Y. Singer, JMLR 12 (2011) 2121–2159"
    formula = ("<s> = <s-> + <g>^{2}", r"<d> = \frac{<g>}{\sqrt{<s>} + <epsilon>}", STEP)
    quantities = ("d", "s")

    def update(self, gradient: Lanes, state: State, step: int, theta: Lanes) -> State:
        s = state[1] + gradient * gradient
        return gradient / (s**0.5 + self.epsilon), s


@dataclass(frozen=True)
class RMSProp(Elementwise):
    """Root mean square propagation, T. Tieleman, G. Hinton 2012; as torch.optim.RMSprop."""

    alpha: float = _decay(0.99, r"\alpha", "How much of the mean squared gradient is kept at each step.")
    epsilon: float = _epsilon()

    name = "RMSProp"
    about = "Divides each coordinate's gradient by its recent size: steps stay about as long as the learning rate."
    source = "T. Tieleman, G. Hinton, Neural Networks for Machine Learning, lecture 6.5 (2012)"
    formula = (
        r"<v> = <alpha> \cdot <v-> + (1 - <alpha>) \cdot <g>^{2}",
        r"<d> = \frac{<g>}{\sqrt{<v>} + <epsilon>}",
        STEP,
    )
    quantities = ("d", "v")

    def update(self, gradient: Lanes, state: State, step: int, theta: Lanes) -> State:
        v = self.alpha * state[1] + (1.0 - self.alpha) * gradient * gradient
        return gradient / (v**0.5 + self.epsilon), v


@dataclass(frozen=True)
class AdaDelta(Elementwise):
    """An adaptive learning rate method, M. D. Zeiler 2012; as torch.optim.Adadelta."""

    rho: float = _decay(0.9, r"\rho", "How much of the mean squares of gradients and steps is kept at each step.")
    epsilon: float = _epsilon(1e-6)

    name = "AdaDelta"
    about = (
        "Sets its own step length from the size of its past steps: it starts very slowly. Its usual learning rate is 1."
    )
    source = "M. D. Zeiler, arXiv:1212.5701 (2012)"
    formula = (
        r"<v> = <rho> \cdot <v-> + (1 - <rho>) \cdot <g>^{2}",
        r"<d> = \frac{\sqrt{<u-> + <epsilon>}}{\sqrt{<v> + <epsilon>}} \cdot <g>",
        r"<u> = <rho> \cdot <u-> + (1 - <rho>) \cdot <d>^{2}",
        STEP,
    )
    quantities = ("d", "v", "u")

    def update(self, gradient: Lanes, state: State, step: int, theta: Lanes) -> State:
        _, v, u = state
        v = self.rho * v + (1.0 - self.rho) * gradient * gradient
        d = (u + self.epsilon) ** 0.5 / (v + self.epsilon) ** 0.5 * gradient
        u = self.rho * u + (1.0 - self.rho) * d * d
        return d, v, u


FIRST_MOMENT = r"<m> = <beta1> \cdot <m-> + (1 - <beta1>) \cdot <g>"
SECOND_MOMENT = r"<v> = <beta2> \cdot <v-> + (1 - <beta2>) \cdot <g>^{2}"
FIRST_UNBIASED = r"<m_hat> = \frac{<m>}{1 - <beta1>^{<t>}}"
SECOND_UNBIASED = r"<v_hat> = \frac{<v>}{1 - <beta2>^{<t>}}"
MOMENTS = (FIRST_MOMENT, SECOND_MOMENT, FIRST_UNBIASED, SECOND_UNBIASED)


@dataclass(frozen=True)
class Adam(Elementwise):
    """Adaptive moments, D. P. Kingma, J. Ba 2014; as torch.optim.Adam."""

    beta1: float = _beta1()
    beta2: float = _beta2()
    epsilon: float = _epsilon()

    name = "Adam"
    about = (
        "Momentum divided, in each coordinate, by the recent size of the gradient; both averages are corrected for"
        " their start at 0."
    )
    source = "D. P. Kingma, J. Ba, arXiv:1412.6980 (2014)"
    formula = (*MOMENTS, r"<d> = \frac{<m_hat>}{\sqrt{<v_hat>} + <epsilon>}", STEP)
    quantities = ("d", "m", "v", "m_hat", "v_hat")

    def update(self, gradient: Lanes, state: State, step: int, theta: Lanes) -> State:
        _, m, v, _, _ = state
        m = self.beta1 * m + (1.0 - self.beta1) * gradient
        v = self.beta2 * v + (1.0 - self.beta2) * gradient * gradient
        m_hat = m / (1.0 - self.beta1**step)
        v_hat = v / (1.0 - self.beta2**step)
        return m_hat / (v_hat**0.5 + self.epsilon), m, v, m_hat, v_hat


@dataclass(frozen=True)
class AdamW(Adam):
    """Adam with decoupled weight decay, I. Loshchilov, F. Hutter 2017; as torch.optim.AdamW."""

    weight_decay: float = _weight_decay(0.01)

    name = "AdamW"
    about = (
        "Adam that also pulls the parameters towards 0, apart from the gradient: it settles between the minimum and 0."
    )
    source = "I. Loshchilov, F. Hutter, arXiv:1711.05101 (2017)"
    formula = (
        *MOMENTS,
        r"<d> = \frac{<m_hat>}{\sqrt{<v_hat>} + <epsilon>} + <weight_decay> \cdot <theta>",
        STEP,
    )

    def update(self, gradient: Lanes, state: State, step: int, theta: Lanes) -> State:
        d, *moments = super().update(gradient, state, step, theta)
        return d + self.weight_decay * theta, *moments


@dataclass(frozen=True)
class AMSGrad(Elementwise):
    """Adam with a divisor that never shrinks, S. J. Reddi et al. 2018; as torch.optim.Adam(amsgrad=True)."""

    beta1: float = _beta1()
    beta2: float = _beta2()
    epsilon: float = _epsilon()

    name = "AMSGrad"
    about = "Adam that divides by the largest mean square so far: it cannot speed up again after a steep place."
    source = "S. J. Reddi, S. Kale, S. Kumar, ICLR (2018), arXiv:1904.09237"
    formula = (
        FIRST_MOMENT,
        SECOND_MOMENT,
        r"<v_max> = \max(<v_max->, <v>)",
        FIRST_UNBIASED,
        r"<v_hat> = \frac{<v_max>}{1 - <beta2>^{<t>}}",
        r"<d> = \frac{<m_hat>}{\sqrt{<v_hat>} + <epsilon>}",
        STEP,
    )
    quantities = ("d", "m", "v", "v_max", "m_hat", "v_hat")

    def update(self, gradient: Lanes, state: State, step: int, theta: Lanes) -> State:
        _, m, v, v_max, _, _ = state
        m = self.beta1 * m + (1.0 - self.beta1) * gradient
        v = self.beta2 * v + (1.0 - self.beta2) * gradient * gradient
        v_max = _larger(v_max, v)
        m_hat = m / (1.0 - self.beta1**step)
        v_hat = v_max / (1.0 - self.beta2**step)
        return m_hat / (v_hat**0.5 + self.epsilon), m, v, v_max, m_hat, v_hat


@dataclass(frozen=True)
class NAdam(Elementwise):
    """Adam with Nesterov momentum, T. Dozat 2016; as torch.optim.NAdam."""

    beta1: float = _beta1()
    beta2: float = _beta2()
    epsilon: float = _epsilon()
    momentum_decay: float = hyperparameter(
        0.004,
        minimum=0.0,
        maximum=1.0,
        symbol=r"\psi",
        help="The larger it is, the sooner the momentum grows to its full strength.",
    )

    name = "NAdam"
    about = "Adam that looks ahead like Nesterov momentum, with a momentum that grows over the first steps."
    source = "T. Dozat, ICLR workshop (2016)"
    formula = (
        FIRST_MOMENT,
        SECOND_MOMENT,
        SECOND_UNBIASED,
        r"<mu> = <beta1> \cdot (1 - 0.5 \cdot 0.96^{<t> \cdot <momentum_decay>})",
        r"<mu_next> = <beta1> \cdot (1 - 0.5 \cdot 0.96^{(<t> + 1) \cdot <momentum_decay>})",
        r"<c> = 1 - (1 - <c->) \cdot <mu>",
        r"<m_hat> = \frac{1 - <mu>}{<c>} \cdot <g> + \frac{<mu_next>}{1 - (1 - <c>) \cdot <mu_next>} \cdot <m>",
        r"<d> = \frac{<m_hat>}{\sqrt{<v_hat>} + <epsilon>}",
        STEP,
    )
    quantities = ("d", "m", "v", "v_hat", "mu", "mu_next", "c", "m_hat")

    def update(self, gradient: Lanes, state: State, step: int, theta: Lanes) -> State:
        _, m, v, _, _, _, c, _ = state
        m = self.beta1 * m + (1.0 - self.beta1) * gradient
        v = self.beta2 * v + (1.0 - self.beta2) * gradient * gradient
        v_hat = v / (1.0 - self.beta2**step)
        mu = self.beta1 * (1.0 - 0.5 * 0.96 ** (step * self.momentum_decay))
        mu_next = self.beta1 * (1.0 - 0.5 * 0.96 ** ((step + 1) * self.momentum_decay))
        c = 1.0 - (1.0 - c) * mu
        m_hat = (1.0 - mu) / c * gradient + mu_next / (1.0 - (1.0 - c) * mu_next) * m
        return m_hat / (v_hat**0.5 + self.epsilon), m, v, v_hat, mu, mu_next, c, m_hat


@dataclass(frozen=True)
class RAdam(Elementwise):
    """Rectified Adam, L. Liu et al. 2019; as torch.optim.RAdam."""

    beta1: float = _beta1()
    beta2: float = _beta2()
    epsilon: float = _epsilon()

    name = "RAdam"
    about = "Adam that trusts its divisor only once it has seen enough gradients: until then it is plain momentum."
    source = "L. Liu et al., arXiv:1908.03265 (2019)"
    formula = (
        FIRST_MOMENT,
        SECOND_MOMENT,
        FIRST_UNBIASED,
        r"<length_max> = \frac{2}{1 - <beta2>} - 1",
        r"<length> = <length_max> - \frac{2 \cdot <t> \cdot <beta2>^{<t>}}{1 - <beta2>^{<t>}}",
        r"<r> = \begin{cases} \sqrt{\frac{(<length> - 4) \cdot (<length> - 2) \cdot <length_max>}"
        r"{(<length_max> - 4) \cdot (<length_max> - 2) \cdot <length>}}"
        r" & <length> > 5 \\ 0 & <length> \le 5 \end{cases}",
        r"<d> = \begin{cases} <r> \cdot \frac{\sqrt{1 - <beta2>^{<t>}}}{\sqrt{<v>} + <epsilon>} \cdot <m_hat>"
        r" & <length> > 5 \\ <m_hat> & <length> \le 5 \end{cases}",
        STEP,
    )
    quantities = ("d", "m", "v", "m_hat", "length_max", "length", "r")

    def update(self, gradient: Lanes, state: State, step: int, theta: Lanes) -> State:
        _, m, v, *_ = state
        m = self.beta1 * m + (1.0 - self.beta1) * gradient
        v = self.beta2 * v + (1.0 - self.beta2) * gradient * gradient
        m_hat = m / (1.0 - self.beta1**step)
        power = self.beta2**step
        length_max = 2.0 / (1.0 - self.beta2) - 1.0
        length = length_max - 2.0 * step * power / (1.0 - power)
        # Up to 5 the root would be of a negative number; `trusted` is 0 there and picks the other case.
        trusted = (length > 5.0) * 1.0
        most, now = _larger(length_max, 5.0), _larger(length, 5.0)
        r = trusted * ((now - 4.0) * (now - 2.0) * most / ((most - 4.0) * (most - 2.0) * now)) ** 0.5
        d = (r * (1.0 - power) ** 0.5 / (v**0.5 + self.epsilon) + (1.0 - trusted)) * m_hat
        return d, m, v, m_hat, length_max, length, r


@dataclass(frozen=True)
class AdaMax(Elementwise):
    """Adam with the largest gradient instead of the mean square, D. P. Kingma, J. Ba 2014; as torch.optim.Adamax."""

    beta1: float = _beta1()
    beta2: float = _decay(0.999, r"\beta_{2}", "The nearer to 1, the longer the largest gradient is remembered.")
    epsilon: float = _epsilon()

    name = "AdaMax"
    about = "Adam that divides by the largest recent gradient instead of the mean square."
    source = "D. P. Kingma, J. Ba, arXiv:1412.6980 (2014), section 7.1"
    formula = (
        FIRST_MOMENT,
        r"<u> = \max(<beta2> \cdot <u->, \lvert <g> \rvert + <epsilon>)",
        FIRST_UNBIASED,
        r"<d> = \frac{<m_hat>}{<u>}",
        STEP,
    )
    quantities = ("d", "m", "u", "m_hat")

    def update(self, gradient: Lanes, state: State, step: int, theta: Lanes) -> State:
        _, m, u, _ = state
        m = self.beta1 * m + (1.0 - self.beta1) * gradient
        u = _larger(self.beta2 * u, abs(gradient) + self.epsilon)
        m_hat = m / (1.0 - self.beta1**step)
        return m_hat / u, m, u, m_hat


@dataclass(frozen=True)
class Newton(Optimizer):
    """(H + λ) d = g with the exact Hessian H, damped as by K. Levenberg 1944.

    Plain Newton (λ = 0) looks for a point with gradient 0 of any kind: where a curvature is negative it walks uphill
    along it, and so into saddles and maxima. A damping above the most negative curvature makes every step go downhill.
    Where H + λ is singular there is no direction, and the run ends.
    """

    damping: float = hyperparameter(
        0.0, minimum=0.0, maximum=1e6, symbol=r"\lambda", scale="log", help="Added to every curvature of the Hessian."
    )

    name = "Newton"
    about = "Jumps to the bottom of the parabola that fits here: right for bowls, but drawn to saddles and maxima too."
    source = "K. Levenberg, Quarterly of Applied Mathematics 2 (1944) 164–168; Nocedal & Wright (2006), section 3.3"
    formula = (
        r"<det> = (<h_ii> + <damping>) \cdot (<h_jj> + <damping>) - <h_ij>^{2}",
        r"<d> = \frac{(<h_jj> + <damping>) \cdot <g> - <h_ij> \cdot <g_j>}{<det>}",
        STEP,
    )
    quantities = ("d", "h_ii", "h_jj", "h_ij", "g_j", "det")

    def rule(self, objective: Any) -> Rule:
        hessian_at, damping = _hessian_at(objective), self.damping

        def advance(x: float, y: float, slope_x: float, slope_y: float, step: int) -> tuple[State, State]:
            xx, xy, yy = hessian_at(x, y)
            det = (xx + damping) * (yy + damping) - xy * xy
            in_x = ((yy + damping) * slope_x - xy * slope_y) / det
            in_y = ((xx + damping) * slope_y - xy * slope_x) / det
            return (in_x, xx, yy, xy, slope_y, det), (in_y, yy, xx, xy, slope_x, det)

        return advance


@dataclass(frozen=True)
class LBFGS(Optimizer):
    """Limited memory BFGS, D. C. Liu, J. Nocedal 1989; as torch.optim.LBFGS(line_search_fn=None).

    The estimate B of the inverse Hessian starts from the size of the last step and learns from the last `memory` steps.
    With two parameters it is a matrix of three numbers, so it is built as such rather than by the two-loop recursion.
    As in PyTorch the first direction is the gradient, shortened to a sum of at most 1, and a step along which the
    slope does not grow is not learnt from.
    """

    memory: int = hyperparameter(10, minimum=1, maximum=100, symbol="m", help="How many steps it learns from.")

    name = "L-BFGS"
    about = (
        "Learns the curvature from how the gradient changed over the last steps: nearly Newton, from gradients alone."
    )
    source = "D. C. Liu, J. Nocedal, Mathematical Programming 45 (1989) 503–528"
    formula = (r"<d> = <b_ii> \cdot <g> + <b_ij> \cdot <g_j>", STEP)
    quantities = ("d", "b_ii", "b_ij", "g_j")

    def rule(self, objective: Any) -> Rule:
        pairs: deque[tuple[float, float, float, float]] = deque(maxlen=self.memory)
        before: tuple[float, float, float, float] | None = None
        scale = 1.0

        def advance(x: float, y: float, slope_x: float, slope_y: float, step: int) -> tuple[State, State]:
            nonlocal before, scale
            if before is None:
                scale = 1 / max(1.0, abs(slope_x) + abs(slope_y))
            else:
                s_x, s_y, y_x, y_y = x - before[0], y - before[1], slope_x - before[2], slope_y - before[3]
                growth = s_x * y_x + s_y * y_y
                if growth > 1e-10:
                    pairs.append((s_x, s_y, y_x, y_y))
                    scale = growth / (y_x * y_x + y_y * y_y)
                elif not pairs:
                    scale = 1.0
            before = x, y, slope_x, slope_y
            xx, xy, yy = _inverse_hessian(scale, pairs)
            in_x = xx * slope_x + xy * slope_y
            in_y = xy * slope_x + yy * slope_y
            return (in_x, xx, xy, slope_y), (in_y, yy, xy, slope_x)

        return advance


def _hessian_at(objective: Any) -> Callable[[float, float], tuple[float, float, float]]:
    if hasattr(objective, "hessian_at"):
        return objective.hessian_at  # type: ignore[no-any-return]
    if not hasattr(objective, "hessian"):
        raise ValueError("Newton needs the second derivatives: the objective has no method hessian(theta).")

    def hessian_at(x: float, y: float) -> tuple[float, float, float]:
        (xx, xy), (_, yy) = objective.hessian(np.array([x, y])).tolist()
        return xx, xy, yy

    return hessian_at


def _inverse_hessian(scale: float, pairs: deque[tuple[float, float, float, float]]) -> tuple[float, float, float]:
    """B ← (I − ρ s yᵀ) B (I − ρ y sᵀ) + ρ s sᵀ over the pairs (s, y), from B = scale · I, as (B₁₁, B₁₂, B₂₂)."""
    xx, xy, yy = scale, 0.0, scale
    for s_x, s_y, y_x, y_y in pairs:
        rho = 1 / (s_x * y_x + s_y * y_y)
        by_x, by_y = xx * y_x + xy * y_y, xy * y_x + yy * y_y
        c = rho * (1 + rho * (y_x * by_x + y_y * by_y))
        xx += c * s_x * s_x - 2 * rho * s_x * by_x
        xy += c * s_x * s_y - rho * (s_x * by_y + s_y * by_x)
        yy += c * s_y * s_y - 2 * rho * s_y * by_y
    return xx, xy, yy


OPTIMIZERS: dict[str, type[Optimizer]] = {
    "gradient_descent": GradientDescent,
    "momentum": Momentum,
    "nesterov": Nesterov,
    "adagrad": AdaGrad,
    "rmsprop": RMSProp,
    "adadelta": AdaDelta,
    "adam": Adam,
    "adamw": AdamW,
    "amsgrad": AMSGrad,
    "nadam": NAdam,
    "radam": RAdam,
    "adamax": AdaMax,
    "newton": Newton,
    "lbfgs": LBFGS,
}

SYMBOLS = {
    **{each.name: each.metadata["symbol"] for optimizer in OPTIMIZERS.values() for each in fields(optimizer)},
    "theta": r"\theta_{t-1}",
    "theta+": r"\theta_{t}",
    "eta": r"\eta_{t}",
    "t": "t",
    "g": "g_{t}",
    "d": "d_{t}",
    "m": "m_{t}",
    "v": "v_{t}",
    "s": "s_{t}",
    "u": "u_{t}",
    "m_hat": r"\hat{m}_{t}",
    "v_hat": r"\hat{v}_{t}",
    "v_max": r"v^{\max}_{t}",
    "mu": r"\mu_{t}",
    "mu_next": r"\mu_{t+1}",
    "c": "c_{t}",
    "length_max": r"\rho_{\infty}",
    "length": r"\rho_{t}",
    "r": "r_{t}",
    "h_ii": "H_{ii}",
    "h_jj": "H_{jj}",
    "h_ij": "H_{ij}",
    "g_j": "g_{j}",
    "det": r"\Delta",
    "b_ii": "B_{ii}",
    "b_ij": "B_{ij}",
}


def typeset(line: str) -> str:
    """The LaTeX of a formula's line, its slots filled with symbols: <m> is m_t, and <m-> is m_{t-1}."""

    def symbol(slot: re.Match[str]) -> str:
        now: str = SYMBOLS[slot[1]]
        return now.replace("_{t}", "_{t-1}") if slot[2] else now

    return re.sub(r"<(\w+\+?)(-?)>", symbol, line)
