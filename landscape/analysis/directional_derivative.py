"""The slope in any direction, from the gradient."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def directional_derivative(gradient: ArrayLike, angle: ArrayLike) -> NDArray[np.float64]:
    """∇f·u = |∇f| cos φ for the unit vector u at an angle, in radians from the x axis; φ is the angle between both.

    gradient: (2,). Returns a slope for each angle, of the angles' shape.
    Source: Nocedal and Wright, Numerical Optimization, 2nd ed., appendix A.2.
    """
    along_x, along_y = np.asarray(gradient, np.float64)
    slope: NDArray[np.float64] = along_x * np.cos(angle) + along_y * np.sin(angle)
    return slope
