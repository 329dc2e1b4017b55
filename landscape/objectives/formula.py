"""formula(text): an objective made from any formula in x and y."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.objectives.expression import ARRAYS, COMPLEX, FLOATS, TEMPLATES, Graph, Node, source
from landscape.objectives.notation import FormulaError, Tree, latex, parse

__all__ = ["Domain", "Formula", "FormulaError", "Point", "formula"]

MAX_EXPONENT = 100.0
LANES = 8192  # computed at a time, so that intermediate arrays stay in the processor's cache and memory stays small

Array = NDArray[np.float64]
Domain = tuple[tuple[float, float], tuple[float, float]]
Point = tuple[float, float]
OnFloats = Callable[[float, float], tuple[float, float, float]]


@lru_cache(maxsize=128)
def formula(text: str) -> Formula:
    """The objective that a formula such as ``x^2/2 + 10y^2`` describes; FormulaError, with the place, if it is none.

    notation.py says what is understood.
    """
    try:
        return Formula(text)
    except FormulaError as error:
        if error.position is not None:
            error.add_note(f"{text}\n{' ' * error.position}^")
        raise


@dataclass(frozen=True, eq=False)
class Formula:
    """A formula in x and y, with its exact gradient and Hessian.

    θ has shape (2, *lanes), x and y first. Results are float64: NaN outside the real domain, ±inf at poles and on
    overflow. Graph.derivative says what holds at kinks.
    """

    text: str
    domain: Domain | None = field(default=None, init=False, repr=False)
    minima: tuple[Point, ...] = field(default=(), init=False, repr=False)

    def __post_init__(self) -> None:
        _derivatives(self._tree, order=0)  # finds all that is wrong with the text

    def __call__(self, theta: ArrayLike) -> Array:
        """f(θ), shape lanes. Complex for a complex θ, as the complex step needs it; NaN where θ's real part has NaN."""
        if np.iscomplexobj(theta):
            complex_value: Array = self._complex_value(theta)[0]
            return np.where(np.isnan(self(np.real(theta))), complex(math.nan, math.nan), complex_value)
        value: Array = self._value(theta)[0]
        return value

    def gradient(self, theta: ArrayLike) -> Array:
        """∇f(θ), shape (2, *lanes)."""
        return self._gradient(theta)[1:]

    def hessian(self, theta: ArrayLike) -> Array:
        """∇²f(θ), shape (2, 2, *lanes)."""
        _, xx, xy, yy = self._hessian(theta)
        return np.array([[xx, xy], [xy, yy]])

    @cached_property
    def value_and_gradient(self) -> OnFloats:
        """(x, y) -> (f, ∂f/∂x, ∂f/∂y), on plain floats: the quick way along a single path."""
        return _on_floats(self._tree, 1, lambda x, y: tuple(self._gradient((x, y)).tolist()))

    @cached_property
    def hessian_at(self) -> OnFloats:
        """(x, y) -> (∂²f/∂x², ∂²f/∂x∂y, ∂²f/∂y²), on plain floats."""
        return _on_floats(self._tree, 2, lambda x, y: tuple(self._hessian((x, y))[1:].tolist()))

    @cached_property
    def latex(self) -> str:
        """LaTeX of the formula, in the order in which it was written."""
        return latex(self._tree)

    @cached_property
    def _tree(self) -> Tree:
        return parse(self.text)

    @cached_property
    def _value(self) -> Callable[[ArrayLike], Array]:
        return _on_arrays(self._tree, 0)

    @cached_property
    def _complex_value(self) -> Callable[[ArrayLike], Array]:
        return _on_arrays(self._tree, 0, COMPLEX, np.complex128)

    @cached_property
    def _gradient(self) -> Callable[[ArrayLike], Array]:
        return _on_arrays(self._tree, 1)

    @cached_property
    def _hessian(self) -> Callable[[ArrayLike], Array]:
        return _on_arrays(self._tree, 2)

    def __getstate__(self) -> dict[str, Any]:  # compiled code cannot be pickled, and need not be
        return {each.name: getattr(self, each.name) for each in fields(self)}


def _on_arrays(
    tree: Tree, order: int, operations: dict[str, Any] = ARRAYS, dtype: type = np.float64
) -> Callable[[ArrayLike], Array]:
    """θ -> the rows of _derivatives, (rows, *lanes)."""
    graph, outputs = _derivatives(tree, order)
    lines, results = source(graph, outputs, templates={})
    function = _function([*lines, f"return {', '.join(results)},"], operations | {"nan": math.nan, "inf": math.inf})

    def on_arrays(theta: ArrayLike) -> Array:
        theta = np.asarray(theta, dtype=dtype)
        if theta.ndim == 0 or len(theta) != 2:
            raise ValueError(f"θ has shape {theta.shape}; it should be (2, …), with x and y along the first axis.")
        flat = theta.reshape(2, math.prod(theta.shape[1:]))
        rows: Array = np.empty((len(outputs), flat.shape[1]), dtype)
        with np.errstate(all="ignore"):
            for start in range(0, flat.shape[1], LANES):
                lanes = slice(start, start + LANES)
                for row, result in zip(rows, function(*flat[:, lanes]), strict=True):
                    row[lanes] = result
        rows[1:, np.isnan(rows[0])] = math.nan  # the slope of log(x) is 1/x, but not where log(x) is undefined
        return rows.reshape(len(outputs), *theta.shape[1:])

    return on_arrays


def _on_floats(tree: Tree, order: int, elsewhere: Callable[[float, float], tuple[float, ...]]) -> OnFloats:
    """(x, y) -> the last three rows of _derivatives. What floats cannot say is left to elsewhere."""
    graph, outputs = _derivatives(tree, order)
    lines, results = source(graph, outputs, TEMPLATES)
    body = [*lines, f"if {results[0]} == {results[0]}: return {', '.join(results[-3:])}"]
    return _function(
        ["try:", *(f" {line}" for line in body), "except errors: pass", "return elsewhere(x, y)"],
        FLOATS | {"elsewhere": elsewhere, "errors": (ValueError, ArithmeticError)},
    )


def _function(body: list[str], names: dict[str, Any]) -> Callable[..., Any]:
    # The lines come from a graph, never from a text: the names in `names`, x, y, t0, t1, … and numbers.
    scope = names | {"__builtins__": {}}
    exec("\n ".join(["def function(x, y):", *body]), scope)
    function: Callable[..., Any] = scope["function"]
    return function


def _derivatives(tree: Tree, order: int) -> tuple[Graph, list[Node]]:
    """f (order 0), f and its gradient (1), or f and its second derivatives xx, xy and yy (2)."""
    graph = Graph()
    f = _build(graph, tree)
    if order == 0:
        return graph, [f]
    fx, fy = graph.derivative(f, "x"), graph.derivative(f, "y")
    if order == 1:
        return graph, [f, fx, fy]
    return graph, [f, graph.derivative(fx, "x"), graph.derivative(fx, "y"), graph.derivative(fy, "y")]


def _build(graph: Graph, tree: Tree) -> Node:
    parts = [_build(graph, part) for part in tree.parts]
    match tree.kind, tree.text:
        case "number", _:
            return graph.number(float(tree.text))
        case "name", "pi":
            return graph.number(math.pi)
        case "name", "e":
            return graph.number(math.e)
        case "name", _:
            return graph.node("variable", tree.text)
        case "power", _:
            base, exponent = parts
            value = graph.value(exponent)
            if value is not None and not abs(value) <= MAX_EXPONENT:
                template = "The exponent {exponent} is not between −{limit} and {limit}."
                values = {"exponent": f"{value:.6g}", "limit": f"{MAX_EXPONENT:g}"}
                raise FormulaError(template, tree.parts[1].position, values)
            return graph.power(base, exponent)
        case "call", name if len(parts) == 1:
            return graph.call("log" if name == "ln" else name, *parts)
        case "call", name:
            signs = [name] * len(parts)
        case _, text:
            signs = list(text)
    first, *others = parts
    node = graph.times(graph.number(-1.0), first) if signs[0] == "-" else first
    for sign, part in zip(signs[1:], others, strict=True):
        node = graph.call(sign, node, part)
    return node
