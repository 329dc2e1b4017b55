"""FUNCTIONS: the named test functions."""

from __future__ import annotations

from dataclasses import dataclass

from landscape.objectives.formula import Domain, Formula, Point


@dataclass(frozen=True, eq=False, kw_only=True)
class Function(Formula):
    """A formula with a name: where to look at it, where to start, its minima, and what it teaches."""

    key: str
    name: str
    domain: Domain
    start: Point
    minima: tuple[Point, ...]
    about: str
    source: str
    logarithmic: bool = False

    @property
    def formula(self) -> str:
        return self.text


FUNCTIONS = {
    function.key: function
    for function in (
        Function(
            key="bowl",
            name="Bowl",
            text="1/2(x^2 + 10y^2)",
            domain=((-5.0, 5.0), (-3.0, 3.0)),
            start=(-4.0, 1.5),
            minima=((0.0, 0.0),),
            about="The largest stable learning rate is 2/λ, with λ the largest curvature: here 0.2.",
            source="",
        ),
        Function(
            key="himmelblau",
            name="Himmelblau",
            text="(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
            domain=((-5.5, 5.5), (-5.5, 5.5)),
            start=(0.4, 4.1),
            minima=((3.0, 2.0),),
            about="Four equal minima: the start and the optimizer decide which one is reached.",
            source="",
            logarithmic=True,
        ),
        Function(
            key="ravine",
            name="Ravine",
            text="1/2(x^2 + 25y^2)",
            domain=((-5.0, 5.0), (-3.0, 3.0)),
            start=(-4.0, 1.0),
            minima=((0.0, 0.0),),
            about="The gradient points across the ravine, not along it: plain descent zigzags.",
            source="",
        ),
        Function(
            key="rosenbrock",
            name="Rosenbrock",
            text="(1 - x)^2 + 100(y - x^2)^2",
            domain=((-2.0, 2.0), (-1.0, 3.0)),
            start=(-1.5, 2.0),
            minima=((1.0, 1.0),),
            about="A curved valley: easy to find, slow to follow.",
            source="",
            logarithmic=True,
        ),
    )
}
