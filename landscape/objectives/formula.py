"""formula(text): an objective from any formula in x and y."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from .expression import ARRAYS, FLOATS, Graph, Node, source
from .notation import FormulaError, Tree, latex, parse

__all__ = ["Formula", "FormulaError", "formula"]

MAX_EXPONENT = 100.0
LANES = 8192  # computed at a time: the intermediate arrays stay in the processor's cache, and memory stays small

Array = npt.NDArray[np.float64]
Domain = tuple[tuple[float, float], tuple[float, float]]


@lru_cache(maxsize=64)
def formula(text: str) -> Formula:
    """The objective that a formula in x and y describes, such as ``x^2/2 + 10y^2``; FormulaError if it is none."""
    try:
        return Formula(text)
    except FormulaError as error:
        if error.position is not None:
            error.add_note(f"{text}\n{' ' * error.position}^")
        raise


@dataclass(frozen=True, eq=False)
class Formula:
    """A formula in x and y with its exact gradient and Hessian.

    θ has shape (2, *lanes). Results are float64, NaN outside the real domain, ±inf at poles and on overflow.
    """

    text: str
    domain: Domain | None = field(default=None, init=False, repr=False)
    minima: tuple[tuple[float, float], ...] = field(default=(), init=False, repr=False)

    def __post_init__(self) -> None:
        _graph(self._tree)  # refuses absurd exponents

    def __getstate__(self) -> dict[str, Any]:  # compiled code cannot be pickled, and need not be
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @cached_property
    def _tree(self) -> Tree:
        return parse(self.text)

    @cached_property
    def latex(self) -> str:
        """The formula in LaTeX, in the order in which it was written."""
        return latex(self._tree)

    def __call__(self, theta: npt.ArrayLike) -> Array:
        """f(θ), shape lanes."""
        return self._on_arrays(self._value_kernel, theta)[0][()]

    def gradient(self, theta: npt.ArrayLike) -> Array:
        """∇f(θ), shape (2, *lanes)."""
        return self._on_arrays(self._gradient_kernel, theta)[1:]

    def hessian(self, theta: npt.ArrayLike) -> Array:
        """∇²f(θ), shape (2, 2, *lanes)."""
        _, xx, xy, yy = self._on_arrays(self._hessian_kernel, theta)
        return np.stack([np.stack([xx, xy]), np.stack([xy, yy])])

    @cached_property
    def value_and_gradient(self) -> Callable[[float, float], tuple[float, float, float]]:
        """(x, y) -> (f, ∂f/∂x, ∂f/∂y) on plain floats: the fast way for a single path."""
        return _float_function(self._tree, 1, "{0}, {1}, {2}", lambda x, y: self._at(self._gradient_kernel, x, y))

    @cached_property
    def hessian_at(self) -> Callable[[float, float], tuple[float, float, float]]:
        """(x, y) -> (∂²f/∂x², ∂²f/∂x∂y, ∂²f/∂y²) on plain floats."""
        return _float_function(self._tree, 2, "{1}, {2}, {3}", lambda x, y: self._at(self._hessian_kernel, x, y)[1:])

    @cached_property
    def _value_kernel(self) -> Callable[..., Any]:
        return _array_function(self._tree, 0)

    @cached_property
    def _gradient_kernel(self) -> Callable[..., Any]:
        return _array_function(self._tree, 1)

    @cached_property
    def _hessian_kernel(self) -> Callable[..., Any]:
        return _array_function(self._tree, 2)

    def _at(self, kernel: Callable[..., Any], x: float, y: float) -> Any:
        return tuple(self._on_arrays(kernel, (x, y)).tolist())

    @staticmethod
    def _on_arrays(kernel: Callable[..., Any], theta: npt.ArrayLike) -> Array:
        theta = np.asarray(theta, dtype=np.float64)
        if theta.ndim == 0 or theta.shape[0] != 2:
            raise ValueError(f"theta must have shape (2, ...), its first axis x and y; it has shape {theta.shape}.")
        x, y = theta.reshape(2, -1)
        blocks = []
        with np.errstate(all="ignore"):
            for start in range(0, max(x.size, 1), LANES):
                part = slice(start, start + LANES)
                results = kernel(x[part], y[part])
                block = np.empty((len(results), x[part].size))
                for row, result in zip(block, results, strict=True):
                    row[:] = result
                block[1:, np.isnan(block[0])] = np.nan  # 1/x would be finite where log(x) is not defined
                blocks.append(block)
        return np.concatenate(blocks, axis=1).reshape(-1, *theta.shape[1:])


def _graph(tree: Tree) -> tuple[Graph, Node]:
    graph = Graph()

    def build(tree: Tree) -> Node:
        match tree.kind:
            case "number":
                return graph.number(float(tree.text))
            case "name" if tree.text in ("x", "y"):
                return graph.node("variable", tree.text)
            case "name":
                return graph.number({"pi": math.pi, "e": math.e}[tree.text])
            case "power":
                base, exponent = map(build, tree.parts)
                n = graph.value(exponent)
                if n is not None and not abs(n) <= MAX_EXPONENT:
                    raise FormulaError(
                        "The exponent {exponent} is too large: at most {limit}.",
                        tree.parts[1].position,
                        exponent=f"{n:.6g}",
                        limit=f"{MAX_EXPONENT:g}",
                    )
                return graph.power(base, exponent)
            case "call":
                name = "log" if tree.text == "ln" else tree.text
                node, *others = map(build, tree.parts)
                if not others and name not in ("min", "max"):
                    return graph.call(name, node)
                for other in others:
                    node = graph.call(name, node, other)
                return node
        node = build(tree.parts[0])
        if tree.text[0] == "-":
            node = graph.call("*", graph.number(-1.0), node)
        for sign, part in zip(tree.text[1:], tree.parts[1:], strict=True):
            node = graph.call(sign, node, build(part))
        return node

    return graph, build(tree)


def _derivatives(tree: Tree, order: int) -> tuple[list[str], list[str]]:
    """Source of f alone (order 0), of f and its gradient (1), or of f and its three second derivatives (2)."""
    graph, f = _graph(tree)
    outputs = [f]
    if order:
        fx, fy = graph.derivative(f, "x"), graph.derivative(f, "y")
        outputs += [fx, fy]
        if order == 2:
            outputs = [f, graph.derivative(fx, "x"), graph.derivative(fx, "y"), graph.derivative(fy, "y")]
    return source(graph, outputs)


def _array_function(tree: Tree, order: int) -> Callable[..., Any]:
    lines, names = _derivatives(tree, order)
    return _function([*lines, f"return ({', '.join(names)},)"], ARRAYS)


def _float_function(tree: Tree, order: int, results: str, elsewhere: Callable[..., Any]) -> Callable[..., Any]:
    """A function on floats that turns to the arrays for poles, overflow and points outside the domain."""
    lines, names = _derivatives(tree, order)
    body = [*lines, f"if {names[0]} == {names[0]}:", f"    return {results.format(*names)}"]
    body = ["try:", *(f"    {line}" for line in body), "except (ValueError, ArithmeticError):", "    pass"]
    return _function([*body, "return elsewhere(x, y)"], {**FLOATS, "elsewhere": elsewhere})


def _function(body: list[str], namespace: dict[str, Any]) -> Callable[..., Any]:
    # The lines are made from the graph alone: names from the tables of expression.py, t0, t1, …, and numbers.
    scope = {**namespace, "inf": math.inf, "nan": math.nan, "__builtins__": {"ValueError": ValueError, "ArithmeticError": ArithmeticError}}
    exec(compile("\n".join(["def function(x, y):", *(f"    {line}" for line in body)]), "<formula>", "exec"), scope)
    function: Callable[..., Any] = scope["function"]
    return function
