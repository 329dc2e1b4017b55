"""Derivatives by differences: one quotient per coordinate, and how its error depends on the step h."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def numerical_gradient(
    function: Callable[[Any], Any], theta: npt.ArrayLike, h: float = 1e-5, method: str = "central"
) -> Any:
    """Gradient of a function at θ by one difference quotient per coordinate.

    theta: a number or an array of any shape and real dtype. Whole numbers and float32 are computed in float64, and
    the function gets a copy each time, so that nothing can change θ.
    method: "central", "forward", "backward" or "complex". The complex step evaluates the function at θ + ih and
    subtracts nothing, so h may be 1e-20; the function must be analytic (no abs, no conjugate) and take complex numbers.
    Returns a float for a number, an array of θ's shape otherwise; NaN where the function is NaN, and by the complex
    step also where it is infinite.
    Raises ValueError for θ that is not real and finite, h that is not positive and finite, an unknown method, and a
    function that does not return one number.
    Source: Nocedal and Wright, Numerical Optimization, 2nd ed., section 8.1; complex step: Squire and Trapp, SIAM
    Review 40 (1998).
    """
    quotient = _difference(method).quotient
    if not (isinstance(h, (float, int, np.floating)) and 0 < h < np.inf):
        raise ValueError(f"h must be a positive, finite number, not {h!r}.")
    point = np.asarray(theta)
    if point.dtype.kind not in "biuf":
        raise ValueError(f"theta must be real numbers, not {point.dtype}.")
    if not np.isfinite(point).all():
        raise ValueError(f"theta must be finite, not {theta!r}.")
    point = point.astype(np.result_type(point.dtype, np.float64))

    def value(index: tuple[int, ...], step: complex) -> Any:
        if step == 0:
            return here()
        moved = point.astype(np.result_type(point.dtype, type(step)))
        moved[index] += step
        return _number(function, moved[()])

    @cache
    def here() -> Any:  # the one value that all coordinates share
        return _number(function, point.copy()[()])

    gradient = np.empty_like(point)
    with np.errstate(all="ignore"):
        for index in np.ndindex(point.shape):
            gradient[index] = quotient(partial(value, index), float(h))
    return gradient if point.ndim else float(gradient)


@dataclass(frozen=True, eq=False)
class ErrorCurve:
    """Error of a difference quotient against its step h, measured and predicted; every field (n,)."""

    h: Array
    error: Array
    truncation: Array
    rounding: Array

    @property
    def measured_best(self) -> float:
        """The h of the least measured error, partly luck because rounding scatters; NaN if there is none."""
        return _best(self.h, self.error)

    @property
    def least(self) -> float:
        """The least measured error; NaN if there is none."""
        return float(np.fmin.reduce(self.error))

    @property
    def predicted_best(self) -> float:
        """The h at which truncation and rounding together are least; NaN if they are unknown."""
        return _best(self.h, self.truncation + self.rounding)


STEPS = np.logspace(-16, 0, 161)  # ten to the decade


def error_curve(
    function: Callable[[Any], Any],
    derivative: Callable[[Any], Any],
    x: float,
    method: str = "central",
    dtype: npt.DTypeLike = np.float64,
    h: npt.ArrayLike = STEPS,
) -> ErrorCurve:
    """Error of the difference quotient of a function of one variable at x, for many h: the V-curve.

    function, derivative: elementwise on arrays; the derivative exact. dtype: np.float64 or np.float32, to which
    arguments, function values and the quotient are rounded.
    Truncation: h²|f‴|/6, and for one-sided differences h|f″|/2 more. Rounding: with values off by ε|f| and arguments
    by ε|x|/2, central ε(|f| + |x f′|/2)/h, one-sided ε(2|f| + |x f′|/2)/h; the complex step subtracts nothing: ε|f′|.
    Raises ValueError for an unknown method or dtype, steps that are not positive, and a function without numbers.
    Source: Press et al., Numerical Recipes, 3rd ed., section 5.7.
    """
    difference, real = _difference(method), np.dtype(dtype)
    if real not in (np.float32, np.float64):
        raise ValueError(f"dtype must be float64 or float32, not {real}.")
    steps, point = np.asarray(h, real), np.asarray(x, real)
    if not (steps > 0).all():
        raise ValueError("every h must be positive.")

    def value(step: Any) -> Array:
        rounded = np.result_type(real, np.complex64) if np.iscomplexobj(step) else real
        return _values(function, (point + step).astype(rounded)).astype(rounded)

    at = np.float64(point)
    with np.errstate(all="ignore"):
        slope = float(derivative(at))
        error = abs(difference.quotient(value, steps).astype(np.float64) - slope)
        lost = difference.values * abs(float(function(at))) + abs(at * slope) / 2
        epsilon, steps = np.finfo(real).eps, steps.astype(np.float64)
        second, third = _next_derivatives(derivative, at)
        return ErrorCurve(
            h=steps,
            error=np.broadcast_to(error, steps.shape),
            truncation=steps**2 * abs(third) / 6 + (0 if difference.symmetric else steps * abs(second) / 2),
            rounding=epsilon * (lost / steps if difference.values else np.full_like(steps, abs(slope))),
        )


def _next_derivatives(derivative: Callable[[Any], Any], x: float) -> tuple[float, float]:
    """f″ and f‴, to the few digits that a predicted line needs; f‴ is zero where differences see only rounding."""
    h = 2.0**-10 * max(1.0, abs(x))
    second = numerical_gradient(derivative, x, h)
    third = numerical_gradient(lambda t: numerical_gradient(derivative, t, h), x, h)
    noise = 2 * np.finfo(np.float64).eps * abs(float(derivative(x))) / h**2
    return second, third * (abs(third) > noise)


def _best(h: Array, error: Array) -> float:
    return float(h[np.nanargmin(error)]) if not np.isnan(error).all() else np.nan


def _difference(method: str) -> "Difference":
    if method not in DIFFERENCES:
        raise ValueError(f"method must be one of {', '.join(DIFFERENCES)}, not {method!r}.")
    return DIFFERENCES[method]


def _number(function: Callable[[Any], Any], argument: Any) -> Any:
    number = _values(function, argument)
    if number.ndim:
        raise ValueError(f"the function must return one number; it returned an array of shape {number.shape}.")
    return number[()]


def _values(function: Callable[[Any], Any], argument: Any) -> Array:
    """What the function returns, which must be numbers: real, or complex for the argument of a complex step."""
    is_complex = np.iscomplexobj(argument)
    try:
        result = function(argument)
    except (TypeError, np.exceptions.ComplexWarning) as error:
        if not is_complex:
            raise
        raise ValueError(
            "the complex step calls the function with complex numbers, which it does not take: "
            "use NumPy's functions (np.sin, not math.sin), or another method."
        ) from error
    values = np.asarray(result)
    if values.dtype.kind not in "biufc":
        raise ValueError(f"the function must return a number; it returned {result!r}.")
    if is_complex and values.dtype.kind != "c":
        raise ValueError(
            "the complex step finds the slope in the imaginary part of the function's value; it "
            f"returned {result!r}, which has none: it is not analytic, or computes with reals only."
        )
    if not is_complex and values.dtype.kind == "c":
        raise ValueError(f"the function must return a real number; it returned {result!r}.")
    return values


@dataclass(frozen=True)
class Difference:
    """A difference quotient, as a function of f(step), the function's value one step away from the point, and h.

    latex typesets the quotient, latex_error what error_curve predicts of its error.
    """

    quotient: Callable[[Callable[[Any], Any], Any], Any]
    symmetric: bool  # whether the error of first order cancels
    values: int  # how many function values per h of distance are subtracted: so much rounding error is left
    steps: tuple[complex, ...]  # where it asks for them, in units of h
    latex: str
    latex_error: str


def _imaginary(value: Any) -> Any:
    """The imaginary part; NaN beside an infinite real part, where it means nothing."""
    return np.where(np.isfinite(value.real), value.imag, np.nan)[()]


_ONE_SIDED = r"\frac{h}{2}|f''| + \frac{h^2}{6}|f'''| + \frac{\varepsilon}{h}\left(2|f| + \tfrac{1}{2}|x f'|\right)"

DIFFERENCES = {
    "central": Difference(
        lambda f, h: (f(h) - f(-h)) / (2 * h),
        symmetric=True,
        values=1,
        steps=(-1, 1),
        latex=r"\frac{f(x + h) - f(x - h)}{2h}",
        latex_error=r"\frac{h^2}{6}|f'''| + \frac{\varepsilon}{h}\left(|f| + \tfrac{1}{2}|x f'|\right)",
    ),
    "forward": Difference(
        lambda f, h: (f(h) - f(0.0)) / h,
        symmetric=False,
        values=2,
        steps=(0, 1),
        latex=r"\frac{f(x + h) - f(x)}{h}",
        latex_error=_ONE_SIDED,
    ),
    "backward": Difference(
        lambda f, h: (f(0.0) - f(-h)) / h,
        symmetric=False,
        values=2,
        steps=(-1, 0),
        latex=r"\frac{f(x) - f(x - h)}{h}",
        latex_error=_ONE_SIDED,
    ),
    "complex": Difference(
        lambda f, h: _imaginary(f(1j * h)) / h,
        symmetric=True,
        values=0,
        steps=(1j,),
        latex=r"\frac{\operatorname{Im} f(x + ih)}{h}",
        latex_error=r"\frac{h^2}{6}|f'''| + \varepsilon|f'|",
    ),
}
