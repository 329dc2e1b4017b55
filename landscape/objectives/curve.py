"""CURVES: functions of one variable, named or typed, with their exact derivative."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.objectives.differentiability import SAME, around, come_together
from landscape.objectives.formula import Formula, FormulaError, formula
from landscape.objectives.notation import Tree, parse

__all__ = ["CURVES", "Curve", "NamedCurve", "curve"]


@lru_cache(maxsize=128)
def curve(text: str) -> Curve:
    """The curve that a formula in x such as ``x^3 - 3x`` describes; FormulaError, with the place, if it is none."""
    made = Curve(text)
    point = _beginning(made)
    return made if point == made.point else replace(made, point=point)


def _beginning(made: Curve) -> float:
    """Where one begins: where `Curve` does, or else amid the places in view where the curve has a value and a slope."""
    places = np.append(made.point, np.linspace(*made.view, 81))
    there = places[np.isfinite(made(places)) & np.isfinite(made.derivative(places))]
    if not there.size or there[0] == made.point:
        return made.point
    return round(float(there[there.size // 2]), 6)


@dataclass(frozen=True, eq=False)
class Curve:
    """A function of one variable, from a formula in x.

    Called with a number or an array of any shape, real or complex, it answers in the same shape: NaN outside its
    domain, ±inf at poles. `view` is the part of the axis worth looking at, `point` a place to begin at.
    """

    text: str
    view: tuple[float, float] = (-4.0, 4.0)
    point: float = 1.0

    def __call__(self, x: ArrayLike) -> NDArray[Any]:
        """f(x), float64, or complex128 for a complex x."""
        return self.objective(_on_the_axis(x))

    def derivative(self, x: ArrayLike) -> NDArray[np.float64]:
        """f′(x), exact. At a kink it is what Graph.derivative says; `slopes` knows whether there is one."""
        slope: NDArray[np.float64] = self.objective.gradient(_on_the_axis(x))[0]
        return slope

    def slopes(self, x: float) -> tuple[float, float]:
        """The slopes at x from the left and from the right, which are equal where the curve has a derivative.

        ±inf at a jump or a vertical tangent, NaN on a side where the curve is not defined.
        """
        here, exact = float(self(x)), float(self.derivative(x))
        if not math.isfinite(here):
            return math.nan, math.nan
        away = around(x)
        left, right = self.derivative(x - away), self.derivative(x + away)
        with np.errstate(all="ignore"):  # ∞ − ∞
            apart = abs(right - left)
            whole = [_continuous(self(x - away) - here), _continuous(self(x + away) - here)]
        # Beside a smooth point the slopes come together as the points do.
        if come_together(apart, exact) and all(whole) and math.isfinite(exact):
            return exact, exact
        if not any(whole) and abs(exact) > max(abs(left[1]), abs(right[1])) and left[1] * right[1] > 0:
            return (math.copysign(math.inf, exact),) * 2  # a pole between this float and the next
        rise = (here - self(x - away)[1], self(x + away)[1] - here)
        return _limit(left, whole[0], rise[0]), _limit(right, whole[1], rise[1])

    def around(self, x: float) -> tuple[float, float]:
        """The view, moved along the axis if x lies outside of it."""
        left, right = self.view
        half = (right - left) / 2
        return self.view if left <= x <= right else (x - half, x + half)

    @property
    def latex(self) -> str:
        """LaTeX of the formula, in the order in which it was written."""
        return self.objective.latex

    @cached_property
    def objective(self) -> Formula:
        """The same as a formula in x and y that y does not change."""
        for name in _names(_tree(self.text)):
            if name.text == "y":
                raise FormulaError("A curve has one variable, x.", name.position)
        return formula(self.text)


def _tree(text: str) -> Tree:
    try:
        return parse(text)
    except FormulaError as error:
        if error.values.keys() != {"name"}:
            raise
        # Of an unknown name the notation says that there are x and y.
        template = "“{name}” is not known. The variable is x."
        raise FormulaError(template, error.position, error.values) from None


def _on_the_axis(x: ArrayLike) -> NDArray[Any]:
    x = np.asarray(x)
    return np.stack([x, np.zeros_like(x)])


def _names(tree: Tree) -> Iterator[Tree]:
    if tree.kind == "name":
        yield tree
    for part in tree.parts:
        yield from _names(part)


def _continuous(gap: NDArray[np.float64]) -> bool:
    return not abs(gap[1]) > max(0.5 * abs(gap[0]), SAME)


def _limit(slopes: NDArray[np.float64], continuous: bool, rise: float) -> float:
    """The slope on one side, from those at both distances."""
    if not continuous:
        return math.copysign(math.inf, rise)
    if abs(slopes[1]) > 1.5 * abs(slopes[0]):
        return math.copysign(math.inf, slopes[1])
    return float(slopes[1])


@dataclass(frozen=True, eq=False, kw_only=True)
class NamedCurve(Curve):
    """A curve with a name and what it teaches."""

    key: str
    name: str
    about: str


def _by_key(*curves: NamedCurve) -> dict[str, NamedCurve]:
    return {each.key: each for each in curves}


CURVES = _by_key(
    NamedCurve(
        key="parabola",
        name="Parabola",
        text="x^2",
        about="Its slope is 2x. The forward difference is off by exactly h, the central one by nothing but rounding.",
        view=(-3.0, 5.0),
        point=3.0,
    ),
    NamedCurve(
        key="cubic",
        name="Cubic",
        text="x^3 - 3x",
        about="A hill at −1 and a valley at 1, where the slope vanishes. The central difference is off by h².",
        view=(-2.6, 2.6),
        point=1.6,
    ),
    NamedCurve(
        key="sine",
        name="Sine",
        text="sin(x)",
        about="Its slope is the cosine.",
        view=(-4.0, 6.0),
        point=1.0,
    ),
    NamedCurve(
        key="exponential",
        name="Exponential function",
        text="exp(x)",
        about="Its slope is its height, everywhere.",
        view=(-3.0, 3.0),
        point=1.0,
    ),
    NamedCurve(
        key="logarithm",
        name="Logarithm",
        text="log(x)",
        about="Its slope is 1/x. Left of 0 it is not defined: a difference that reaches there has no value.",
        view=(-1.0, 5.0),
        point=0.5,
    ),
    NamedCurve(
        key="sigmoid",
        name="Sigmoid",
        text="sigmoid(x)",
        about="Steepest at 0, with slope 1/4; far from 0 it is flat, and a gradient through it vanishes.",
        view=(-6.0, 6.0),
        point=0.0,
    ),
    NamedCurve(
        key="absolute",
        name="Absolute value",
        text="abs(x)",
        about="A kink at 0: slope −1 on the left, 1 on the right, and no derivative between them.",
        view=(-3.0, 3.0),
        point=0.0,
    ),
    NamedCurve(
        key="root",
        name="Square root",
        text="sqrt(x)",
        about="Steeper and steeper towards 0, where its tangent is vertical.",
        view=(-1.0, 5.0),
        point=1.0,
    ),
    NamedCurve(
        key="ripples",
        name="Ripples",
        text="x^2/2 + sin(40x)/20",
        about="A large h sees the bowl and not the ripples: the difference is the mean slope over its whole width.",
        view=(-2.5, 2.5),
        point=1.0,
    ),
    NamedCurve(
        key="high_up",
        name="Parabola high up",
        text="x^2 + 1000000",
        about="The same slope as x², but the values are large and their difference small: rounding costs six digits.",
        view=(-3.0, 5.0),
        point=3.0,
    ),
)
