"""What a learning rate does on a parabola ½λθ², exactly: the border of stability and the factor of every step.

Gradient descent, momentum and Nesterov momentum are linear there: with p = ηλ a step has the characteristic polynomial
z² − trace(p) z + determinant(p). Its larger root is the factor by which θ shrinks a step in the long run (Polyak 1964;
Lessard, Recht, Packard, SIAM J. Optim. 26, 2016). Methods that divide by the gradients' past size have no such border.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.descent.optimizers import GradientDescent, Momentum, Nesterov, Optimizer

Array = NDArray[np.float64]


def largest_stable_learning_rate(optimizer: Optimizer, eigenvalue: ArrayLike) -> Array:
    """The learning rate beyond which the parabola throws the optimizer out, in the shape of λ.

    2/λ for gradient descent, 2(1 + β)/λ for momentum, 2(1 + β)/((1 + 2β)λ) for Nesterov momentum; inf where λ ≤ 0,
    NaN for all other methods, of which nothing of the kind holds.
    """
    curvature = np.asarray(eigenvalue, dtype=np.float64) + _weight_decay(optimizer)
    flat, steep = _stability(optimizer, 0.0), _stability(optimizer, 1.0)
    with np.errstate(all="ignore"):
        border: Array = np.where(curvature <= 0, np.inf + flat, flat / (flat - steep) / curvature)
    return border[()]


def contraction(optimizer: Optimizer, learning_rate: ArrayLike, eigenvalue: ArrayLike) -> Array:
    """The factor a step of |θ| on ½λθ² in the long run: the spectral radius of the iteration; NaN as above."""
    with np.errstate(all="ignore"):
        trace, determinant = _polynomial(
            optimizer, np.multiply(learning_rate, np.add(eigenvalue, _weight_decay(optimizer)))
        )
        discriminant = np.square(trace / 2) - determinant
        real = np.abs(trace / 2) + np.sqrt(np.maximum(discriminant, 0))
        radius: Array = np.where(discriminant < 0, np.sqrt(np.abs(determinant)), real)
    return radius[()]


def _polynomial(optimizer: Optimizer, p: Any) -> tuple[Any, Any]:
    """Trace and determinant of a step, both linear in p = ηλ; NaN for a method that is not linear."""
    match optimizer:
        case GradientDescent():
            return 1 - p, 0 * p
        case Momentum(momentum=beta):
            return 1 + beta - p, beta + 0 * p
        case Nesterov(momentum=beta):
            return (1 + beta) * (1 - p), beta * (1 - p)
    return np.nan * p, np.nan * p


def _stability(optimizer: Optimizer, p: float) -> float:
    """Positive while no root is below −1, where overshooting begins; linear in p."""
    trace, determinant = _polynomial(optimizer, p)
    return float(1 + trace + determinant)


def _weight_decay(optimizer: Optimizer) -> float:
    return optimizer.weight_decay if isinstance(optimizer, GradientDescent) else 0.0
