"""Expressions as graphs: built once, differentiated exactly, turned into functions of floats or of arrays.

Every operation stands in the graph once, however often it is used, and after the operations it needs. So a derivative
is one walk along the list (forward accumulation; Griewank & Walther, Evaluating Derivatives, 2008), and its size and
time are proportional to the size of the formula: no formula explodes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

Node = int  # the place of an operation in the graph


def sigmoid(u: float) -> float:
    z = math.exp(-abs(u))
    return (1.0 if u >= 0 else z) / (1.0 + z)


def sigmoid_array(u: Any) -> Any:
    z = np.exp(-np.abs(u))
    return np.where(u >= 0, 1.0, z) / (1.0 + z)


# The same generated source runs on floats with these names and on arrays with those below. Where a float has no
# answer (log(0), overflow) these raise, and the arrays say inf or NaN.
FLOATS: dict[str, Any] = {
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "tanh": math.tanh,
    "exp": math.exp,
    "log": math.log,
    "log10": math.log10,
    "sqrt": math.sqrt,
    "abs": abs,
    "sign": lambda u: 1.0 if u > 0 else -1.0 if u < 0 else u,
    "relu": lambda u: 0.0 if u <= 0 else u,
    "sigmoid": sigmoid,
    "min": lambda a, b: a if a <= b else b if b < a else math.nan,
    "max": lambda a, b: a if a >= b else b if b > a else math.nan,
    "pow": math.pow,
    "step": lambda u: 1.0 if u > 0 else 0.0,
    "where_less": lambda a, b, p, q: p if a < b else q if b < a else (p + q) / 2,
    "ratio": lambda a, b: a / b if a or b else 0.0,
}
ARRAYS: dict[str, Any] = {
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "exp": np.exp,
    "log": np.log,
    "log10": np.log10,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "sign": np.sign,
    "relu": lambda u: np.maximum(u, 0.0),
    "sigmoid": sigmoid_array,
    "min": np.minimum,
    "max": np.maximum,
    "pow": np.power,
    "step": lambda u: np.where(u > 0, 1.0, 0.0),
    "where_less": lambda a, b, p, q: np.where(a < b, p, np.where(b < a, q, (p + q) / 2)),
    "ratio": lambda a, b: np.where((a == 0) & (b == 0), 0.0, a / b),
}
INFIX = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}


class Graph:
    def __init__(self) -> None:
        self.operations: list[tuple[Any, ...]] = []  # (name, node, node, …), ("number", value) or ("variable", name)
        self._place: dict[tuple[Any, ...], Node] = {}

    def node(self, *operation: Any) -> Node:
        place = self._place.setdefault(operation, len(self.operations))
        if place == len(self.operations):
            self.operations.append(operation)
        return place

    def number(self, value: float) -> Node:
        return self.node("number", value if value == value else math.nan)

    def value(self, node: Node) -> float | None:
        """The number that stands at this node, if one does."""
        name, *rest = self.operations[node]
        return rest[0] if name == "number" else None

    def call(self, name: str, *arguments: Node) -> Node:
        """An operation, computed at once if it has numbers only; otherwise left as it is, so that its domain stays."""
        values = [self.value(argument) for argument in arguments]
        if None in values:
            return self.node(name, *arguments)
        with np.errstate(all="ignore"):
            return self.number(float({**INFIX, **ARRAYS}[name](*map(np.float64, values))))

    # Derivatives are full of 0 and 1: these three leave them out.

    def plus(self, a: Node, b: Node) -> Node:
        if self.value(a) == 0:
            return b
        if self.value(b) == 0:
            return a
        if a == b:
            return self.times(self.number(2.0), a)
        return self.call("+", a, b)

    def minus(self, a: Node, b: Node) -> Node:
        if self.value(b) == 0:
            return a
        if self.value(a) == 0:
            return self.times(self.number(-1.0), b)
        return self.call("-", a, b)

    def times(self, a: Node, b: Node) -> Node:
        if self.value(b) is not None:
            a, b = b, a
        factor = self.value(a)
        if factor == 0 or factor == 1:
            return a if factor == 0 else b
        if factor is not None and self.operations[b][0] == "*":
            _, c, d = self.operations[b]
            if self.value(c) is not None:
                return self.times(self.call("*", a, c), d)
        return self.call("*", a, b)

    def over(self, name: str, a: Node, b: Node) -> Node:
        return a if self.value(a) == 0 or self.value(b) == 1 else self.call(name, a, b)

    def power(self, base: Node, exponent: Node) -> Node:
        n = self.value(exponent)
        if n == 0:
            return self.number(1.0)
        if n == 1:
            return base
        if n == 0.5:
            return self.call("sqrt", base)
        if self.value(base) == math.e:
            return self.call("exp", exponent)
        return self.call("pow", base, exponent)

    def reachable(self, *outputs: Node) -> list[Node]:
        """The nodes that the outputs need, in order."""
        needed = set(outputs)
        for node in range(max(outputs), -1, -1):
            if node in needed and self.operations[node][0] not in ("number", "variable"):
                needed.update(self.operations[node][1:])
        return sorted(needed)

    def derivative(self, output: Node, variable: str) -> Node:
        """∂output/∂variable. At a kink, where there is none: 0 for abs, sign and relu; for min and max of equals
        the mean of the two; for the root of a sum of squares at its tip, 0."""
        d: dict[Node, Node] = {}
        for node in self.reachable(output):
            name, *arguments = self.operations[node]
            if name == "number":
                d[node] = self.number(0.0)
            elif name == "variable":
                d[node] = self.number(1.0 if arguments[0] == variable else 0.0)
            else:
                d[node] = self._rule(name, node, arguments, [d[a] for a in arguments])
        return d[output]

    def _rule(self, name: str, f: Node, arguments: list[Node], d: list[Node]) -> Node:
        if all(self.value(each) == 0 for each in d):
            return self.number(0.0)
        match name, arguments, d:
            case "+", _, (da, db):
                return self.plus(da, db)
            case "-", _, (da, db):
                return self.minus(da, db)
            case "*", (a, b), (da, db):
                return self.plus(self.times(b, da), self.times(a, db))
            case ("/" | "ratio"), (_, b), (da, db):
                return self.over(name, self.minus(da, self.times(f, db)), b)
            case "sqrt", _, (da,):
                return self.over("ratio", da, self.times(self.number(2.0), f))
            case "pow", (a, b), (da, db):
                lowered = self.power(a, self.minus(b, self.number(1.0)))
                along_base = self.times(self.times(b, lowered), da)
                if self.value(db) == 0:
                    return along_base
                return self.plus(along_base, self.times(self.times(f, self.call("log", a)), db))
            case "min", (a, b), (da, db):
                return self.call("where_less", a, b, da, db)
            case "max", (a, b), (da, db):
                return self.call("where_less", b, a, da, db)
            case "where_less", (a, b, _, _), (_, _, dp, dq):
                return self.call("where_less", a, b, dp, dq)
            case _, (a,), (da,):
                return self.times(SLOPES[name](self, a, f), da)
        raise AssertionError(name)


def _one_minus_square(g: Graph, u: Node) -> Node:
    return g.minus(g.number(1.0), g.power(u, g.number(2.0)))


# df/du of f(u) from the graph, u and f.
SLOPES: dict[str, Callable[[Graph, Node, Node], Node]] = {
    "sin": lambda g, u, f: g.call("cos", u),
    "cos": lambda g, u, f: g.times(g.number(-1.0), g.call("sin", u)),
    "tan": lambda g, u, f: g.plus(g.number(1.0), g.power(f, g.number(2.0))),
    "asin": lambda g, u, f: g.call("/", g.number(1.0), g.call("sqrt", _one_minus_square(g, u))),
    "acos": lambda g, u, f: g.call("/", g.number(-1.0), g.call("sqrt", _one_minus_square(g, u))),
    "atan": lambda g, u, f: g.call("/", g.number(1.0), g.plus(g.number(1.0), g.power(u, g.number(2.0)))),
    "sinh": lambda g, u, f: g.call("cosh", u),
    "cosh": lambda g, u, f: g.call("sinh", u),
    "tanh": lambda g, u, f: _one_minus_square(g, f),
    "exp": lambda g, u, f: f,
    "log": lambda g, u, f: g.call("/", g.number(1.0), u),
    "log10": lambda g, u, f: g.call("/", g.number(1 / math.log(10)), u),
    "abs": lambda g, u, f: g.call("sign", u),
    "sign": lambda g, u, f: g.number(0.0),
    "relu": lambda g, u, f: g.call("step", u),
    "step": lambda g, u, f: g.number(0.0),
    "sigmoid": lambda g, u, f: g.times(f, g.call("sigmoid", g.times(g.number(-1.0), u))),
}


def source(graph: Graph, outputs: list[Node]) -> tuple[list[str], list[str]]:
    """Lines of Python that compute the outputs from x and y, and the name of each output.

    A name is used again once its value has served: thousands of lines hold only a few arrays at a time.
    """
    graph, outputs = _multiplied_out(graph, outputs)
    order = graph.reachable(*outputs)
    last_use = {a: node for node in order for a in _arguments(graph, node)} | dict.fromkeys(outputs, len(order) + max(order))
    names: dict[Node, str] = {}
    free: list[str] = []
    lines: list[str] = []
    for node in order:
        name, *arguments = graph.operations[node]
        if name == "number":
            names[node] = f"({arguments[0]!r})"
            continue
        if name == "variable":
            names[node] = arguments[0]
            continue
        words = [names[a] for a in arguments]
        free += [names[a] for a in dict.fromkeys(arguments) if last_use[a] == node and names[a][0] == "t"]
        names[node] = free.pop() if free else f"t{len(lines)}"
        value = f"{words[0]} {name} {words[1]}" if name in INFIX else f"{name}({', '.join(words)})"
        lines.append(f"{names[node]} = {value}")
    return lines, [names[node] for node in outputs]


def _arguments(graph: Graph, node: Node) -> tuple[Node, ...]:
    operation = graph.operations[node]
    return () if operation[0] in ("number", "variable") else operation[1:]


def _multiplied_out(graph: Graph, outputs: list[Node]) -> tuple[Graph, list[Node]]:
    """The same with u**n as products for small whole n: faster than pow, and alike on floats and arrays."""
    out = Graph()
    new: dict[Node, Node] = {}

    def whole_power(base: Node, n: int) -> Node:
        if n == 1:
            return base
        half = whole_power(base, n // 2)
        square = out.node("*", half, half)
        return out.node("*", square, base) if n % 2 else square

    for node in graph.reachable(*outputs):
        name, *arguments = graph.operations[node]
        if name in ("number", "variable"):
            new[node] = out.node(name, *arguments)
            continue
        n = graph.value(arguments[1]) if name == "pow" else None
        if n is not None and n == int(n) and 1 < abs(n) <= 16:
            power = whole_power(new[arguments[0]], abs(int(n)))
            new[node] = power if n > 0 else out.node("/", out.number(1.0), power)
        else:
            new[node] = out.node(name, *(new[a] for a in arguments))
    return out, [new[node] for node in outputs]
