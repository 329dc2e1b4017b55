"""A race that was measured at a few places: no formula stands behind it, so differences of neighbours are all there is.

Usain Bolt's 100 m in Berlin on 16 August 2009, 9.58 s: the time at every 20 m, and his reaction to the gun.
Source: Graubner and Nixdorf, Biomechanical analysis of the sprint and hurdles events at the 2009 IAAF World
Championships in Athletics, New Studies in Athletics 26 (2011) 1/2, 19-53.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = ["METRES", "SECONDS", "speeds"]

SECONDS = np.array([0.146, 2.89, 4.64, 6.31, 7.92, 9.58])
METRES = np.array([0.0, 20.0, 40.0, 60.0, 80.0, 100.0])


def speeds() -> NDArray[np.float64]:
    """The speed at each of the measured times, (6,), in m/s: numpy.gradient over times that are not evenly spaced."""
    found: NDArray[np.float64] = np.gradient(METRES, SECONDS)
    return found
