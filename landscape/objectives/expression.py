"""Expressions as graphs: built once, differentiated exactly, and written out as functions of floats or of arrays.

An operation stands in the graph once, however often it is used, and after the operations it needs. A derivative is then
one walk along the list, the chain rule at each operation (forward accumulation: Griewank and Walther, Evaluating
Derivatives, 2008, chapter 3), and its size is proportional to the expression's. No expression explodes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Node = int  # an operation's place in its graph


class Graph:
    """Operations, each ``("number", value)``, ``("variable", name)`` or ``(name, node, …)`` of earlier nodes."""

    def __init__(self) -> None:
        self.operations: list[tuple[Any, ...]] = []
        self._places: dict[tuple[Any, ...], Node] = {}

    def node(self, *operation: Any) -> Node:
        """The operation's place; it is added unless it is there already."""
        place = self._places.setdefault(operation, len(self.operations))
        if place == len(self.operations):
            self.operations.append(operation)
        return place

    def number(self, value: float) -> Node:
        return self.node("number", value if value == value else math.nan)

    def value(self, node: Node) -> float | None:
        """The number at this node, if it is one."""
        name, *rest = self.operations[node]
        return rest[0] if name == "number" else None

    def call(self, name: str, *arguments: Node) -> Node:
        """An operation, carried out now if its arguments are numbers. 0·log(x) stays: it has a domain."""
        values = [self.value(argument) for argument in arguments]
        if None in values:
            return self.node(name, *arguments)
        with np.errstate(all="ignore"):
            return self.number(float((INFIX | ARRAYS)[name](*np.array(values))))

    # Derivatives are full of zeros and ones, which these leave out.

    def plus(self, a: Node, b: Node) -> Node:
        if self.value(a) == 0:
            return b
        if self.value(b) == 0:
            return a
        return self.times(self.number(2.0), a) if a == b else self.call("+", a, b)

    def minus(self, a: Node, b: Node) -> Node:
        if self.value(b) == 0:
            return a
        return self.times(self.number(-1.0), b) if self.value(a) == 0 else self.call("-", a, b)

    def times(self, a: Node, b: Node) -> Node:
        if self.value(b) is not None:
            a, b = b, a
        match self.value(a), self.operations[b]:
            case 0, _:
                return a
            case 1, _:
                return b
            case float(), ("*", int(c), int(d)) if self.value(c) is not None:
                return self.times(self.call("*", a, c), d)
        return self.call("*", a, b)

    def power(self, base: Node, exponent: Node) -> Node:
        """base**exponent; √u and e**u have slopes of their own."""
        match self.value(base), self.value(exponent):
            case _, 1:
                return base
            case _, 0.5:
                return self.call("sqrt", base)
            case math.e, _:
                return self.call("exp", exponent)
        return self.call("pow", base, exponent)

    def needed(self, outputs: list[Node]) -> list[Node]:
        """The nodes that the outputs are computed from, and the outputs, in order."""
        needed = set(outputs)
        for node in range(max(outputs), -1, -1):
            if node in needed:
                needed.update(self.arguments(node))
        return sorted(needed)

    def arguments(self, node: Node) -> tuple[Node, ...]:
        name, *rest = self.operations[node]
        return () if name in ("number", "variable") else tuple(rest)

    def derivative(self, output: Node, variable: str) -> Node:
        """∂output/∂variable.

        Where there is none, at a kink, it is 0 for abs, sign and relu, the mean of both sides where min or max has
        equal arguments, and 0 for √u where u and its slope vanish together (the tip of the cone √(x² + y²)).
        """
        slopes: dict[Node, Node] = {}
        for node in self.needed([output]):
            match self.operations[node]:
                case "number", _:
                    slopes[node] = self.number(0.0)
                case "variable", name:
                    slopes[node] = self.number(float(name == variable))
                case _:
                    slopes[node] = self._chain(node, [slopes[each] for each in self.arguments(node)])
        return slopes[output]

    def _chain(self, f: Node, slopes: list[Node]) -> Node:
        """The slope of the operation f from those of its arguments."""
        if all(self.value(slope) == 0 for slope in slopes):
            return self.number(0.0)
        name, arguments = self.operations[f][0], self.arguments(f)
        match name, arguments, slopes:
            case "+", _, (da, db):
                return self.plus(da, db)
            case "-", _, (da, db):
                return self.minus(da, db)
            case "*", (a, b), (da, db):
                return self.plus(self.times(b, da), self.times(a, db))
            case "/", (_, b), (da, _) if divisor := self.value(b):
                return self.times(self.number(1 / divisor), da)
            case "/" | "ratio", (_, b), (da, db):
                return self.call(name, self.minus(da, self.times(f, db)), b)
            case "sqrt", _, (da,):
                return self.call("ratio", da, self.times(self.number(2.0), f))
            case "pow", (a, b), (da, db):
                less = self.power(a, self.call("-", b, self.number(1.0)))
                slope = self.times(self.times(b, less), da)
                if self.value(db) != 0:
                    slope = self.plus(slope, self.times(self.times(f, self.call("log", a)), db))
                return slope
            case "min", (a, b), (da, db):
                return self.call("choose", a, b, da, db)
            case "max", (a, b), (da, db):
                return self.call("choose", b, a, da, db)
            case "choose", (a, b, _, _), (_, _, dp, dq):
                return self.call("choose", a, b, dp, dq)
        (u,), (du,) = arguments, slopes
        return self.times(SLOPES[name](self, u, f), du)


# ∂f/∂u of f(u), from the graph, u and f itself.
SLOPES: dict[str, Callable[[Graph, Node, Node], Node]] = {
    "sin": lambda g, u, f: g.call("cos", u),
    "cos": lambda g, u, f: g.times(g.number(-1.0), g.call("sin", u)),
    "tan": lambda g, u, f: g.call("+", g.number(1.0), _square(g, f)),
    "asin": lambda g, u, f: g.call("/", g.number(1.0), g.call("sqrt", g.call("-", g.number(1.0), _square(g, u)))),
    "acos": lambda g, u, f: g.call("/", g.number(-1.0), g.call("sqrt", g.call("-", g.number(1.0), _square(g, u)))),
    "atan": lambda g, u, f: g.call("/", g.number(1.0), g.call("+", g.number(1.0), _square(g, u))),
    "sinh": lambda g, u, f: g.call("cosh", u),
    "cosh": lambda g, u, f: g.call("sinh", u),
    "tanh": lambda g, u, f: g.call("-", g.number(1.0), _square(g, f)),
    "exp": lambda g, u, f: f,
    "log": lambda g, u, f: g.call("/", g.number(1.0), u),
    "log10": lambda g, u, f: g.call("/", g.number(1 / math.log(10)), u),
    "abs": lambda g, u, f: g.call("sign", u),
    "sign": lambda g, u, f: g.number(0.0),
    "relu": lambda g, u, f: g.call("step", u),
    "step": lambda g, u, f: g.number(0.0),
    "sigmoid": lambda g, u, f: g.times(f, g.call("sigmoid", g.times(g.number(-1.0), u))),
}


def _square(graph: Graph, node: Node) -> Node:
    return graph.call("pow", node, graph.number(2.0))


def source(graph: Graph, outputs: list[Node], templates: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Lines of Python that compute the outputs from x and y, and an expression for each output.

    An operation is an infix sign, or has a template, or is a call. What is used once is written where it is used.
    """
    graph, outputs = _multiplied_out(graph, outputs)
    order = graph.needed(outputs)
    users: dict[Node, list[str]] = {node: [] for node in order}
    for node in order:
        for each in graph.arguments(node):
            users[each].append(graph.operations[node][0])
    texts: dict[Node, str] = {}
    lines: list[tuple[str, str]] = []
    for node in order:
        match graph.operations[node]:
            case "number", value:
                texts[node] = repr(value) if value >= 0 else f"({value!r})"
            case "variable", name:
                texts[node] = name
            case name, *arguments:
                words = [texts[each] for each in arguments]
                if name in INFIX or name in templates:
                    texts[node] = f"({templates.get(name, f'{{0}} {name} {{1}}').format(*words)})"
                else:
                    texts[node] = f"{name}({', '.join(words)})"
                if len(users[node]) != 1 or users[node][0] in templates or node in outputs or len(texts[node]) > 60:
                    lines.append((f"t{node}", texts[node]))
                    texts[node] = f"t{node}"
    return _with_few_names(lines, [texts[node] for node in outputs])


def _with_few_names(lines: list[tuple[str, str]], results: list[str]) -> tuple[list[str], list[str]]:
    """The same lines, where a name serves again once its value has: long ones hold only a few arrays at a time."""
    name = re.compile(r"t[0-9]+")
    last = {each: at for at, (_, text) in enumerate(lines) for each in name.findall(text)}
    last |= dict.fromkeys(results, len(lines))
    new: dict[str, str] = {}
    free: list[str] = []
    out = []
    for at, (target, text) in enumerate(lines):
        short = name.sub(lambda old: new[old[0]], text)
        free += [new[each] for each in set(name.findall(text)) if last[each] == at]
        new[target] = free.pop() if free else f"t{at}"
        out.append(f"{new[target]} = {short}")
    return out, [new.get(each, each) for each in results]


def _multiplied_out(graph: Graph, outputs: list[Node]) -> tuple[Graph, list[Node]]:
    """The same with u**n as products for small whole n: faster than pow, and equal on floats and arrays."""
    out = Graph()
    new: dict[Node, Node] = {}

    def whole_power(base: Node, n: int) -> Node:
        if n == 1:
            return base
        half = whole_power(base, n // 2)
        square = out.node("*", half, half)
        return out.node("*", square, base) if n % 2 else square

    for node in graph.needed(outputs):
        match graph.operations[node]:
            case "pow", base, exponent if (n := graph.value(exponent)) in WHOLE and n is not None:
                power = whole_power(new[base], abs(int(n)))
                new[node] = power if n > 0 else out.node("/", out.number(1.0), power)
            case name, *rest:
                new[node] = out.node(name, *([new[each] for each in graph.arguments(node)] or rest))
    return out, [new[node] for node in outputs]


WHOLE = frozenset(range(-16, 17)) - {0}
INFIX: dict[str, Any] = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}

# What the other names in the source mean. On arrays every number has an answer, be it inf or NaN.
ARRAYS: dict[str, Any] = {
    "pow": lambda a, b: np.where(np.isnan(a) | np.isnan(b), np.nan, np.power(a, b)),  # NaN**0 is 1 to NumPy
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
    "step": lambda u: np.where(u > 0, 1.0, 0.0),
    "sigmoid": lambda u: 1.0 / (1.0 + np.exp(-u)),
    "min": np.minimum,
    "max": np.maximum,
    "choose": lambda a, b, p, q: np.where(a < b, p, np.where(b < a, q, (p + q) / 2)),
    "ratio": lambda a, b: np.where((a == 0) & (b == 0), 0.0, a / b),
}

# On complex numbers, for the complex step: what compares does so by the real part, and a kink keeps the side it is on
# (Martins, Sturdza and Alonso, The complex-step derivative approximation, ACM TOMS 29, 2003).
COMPLEX: dict[str, Any] = ARRAYS | {
    "abs": lambda u: np.where(u.real < 0, -u, u),
    "sign": lambda u: np.sign(u.real),
    "relu": lambda u: np.where(u.real > 0, u, 0.0),
    "min": lambda a, b: np.where(a.real <= b.real, a, b),
    "max": lambda a, b: np.where(a.real >= b.real, a, b),
}

# On floats `math` raises where the arrays say inf or NaN; the rest is written into the line, for a call takes longer.
FLOATS: dict[str, Any] = {
    name: getattr(math, name)
    for name in "pow sin cos tan asin acos atan sinh cosh tanh exp log log10 sqrt".split()  # noqa: SIM905
} | {"abs": abs, "nan": math.nan, "inf": math.inf}
TEMPLATES = {
    "pow": "pow({0}, {1}) if {0} == {0} and {1} == {1} else nan",
    "sign": "1.0 if {0} > 0.0 else -1.0 if {0} < 0.0 else {0}",
    "relu": "0.0 if {0} <= 0.0 else {0}",
    "step": "1.0 if {0} > 0.0 else 0.0",
    "sigmoid": "1.0 / (1.0 + exp(-{0}))",
    "min": "{0} if {0} <= {1} else {1} if {1} < {0} else nan",
    "max": "{0} if {0} >= {1} else {1} if {1} > {0} else nan",
    "choose": "{2} if {0} < {1} else {3} if {1} < {0} else ({2} + {3}) / 2.0",
    "ratio": "{0} / {1} if {0} or {1} else 0.0",
}
