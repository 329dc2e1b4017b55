"""The computational graph of a formula: values forward, gradients back, and the local derivative on every edge."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import e, pi
from typing import Any

import numpy as np

from landscape.gradients.numerical import numerical_gradient
from landscape.gradients.tensor import Directions, Tensor, operation, tensor
from landscape.objectives.formula import formula
from landscape.objectives.notation import FormulaError, Tree, latex, parse, variables

__all__ = ["ComputationalGraph", "Edge", "Node", "computational_graph", "inputs"]

MOST_OPERATIONS = 60
MOST_INPUTS = 12
CONSTANTS = {"pi": pi, "e": e}


@dataclass(frozen=True)
class Edge:
    """An operand on its way into an operation.

    operand: its place among the graph's nodes, None for a constant. derivative: ∂result/∂operand, a number; NaN for a
    constant, which needs none, and where something in the rule has no value. rule: the same in symbols, with {0}, {1}
    for the operands and {result}.
    """

    operand: int | None
    value: float
    derivative: float
    rule: str


@dataclass(frozen=True)
class Node:
    """An input, or an operation on earlier nodes and constants. template: its formula, with {0}, {1} for operands."""

    name: str
    value: float
    gradient: float
    template: str
    edges: tuple[Edge, ...]


@dataclass(frozen=True)
class ComputationalGraph:
    """What backward() walked along. nodes: the inputs, then the operations as they were computed; the output L is last.

    differences: ∂L/∂input of each input by central differences, which know nothing of the chain rule.
    """

    nodes: tuple[Node, ...]
    differences: tuple[float, ...]
    latex: str

    @property
    def kinks(self) -> tuple[Node, ...]:
        """The operations that have no derivative where they are: at a kink, a jump, or a tie of min or max."""
        return tuple(node for node in self.nodes if node.template and _has_kink(node))

    def uses(self, place: int) -> list[tuple[int, Edge]]:
        """Where a node goes: (place of the operation, edge into it), once for each time it is an operand."""
        return [(user, edge) for user, node in enumerate(self.nodes) for edge in node.edges if edge.operand == place]

    def path_count(self, place: int, end: int | None = None) -> int:
        """How many paths lead from a node to a later one, by default the output."""
        end = len(self.nodes) - 1 if end is None else end
        counts = [0] * end + [1]
        for node in range(end - 1, place - 1, -1):
            counts[node] = sum(counts[user] for user, _ in self.uses(node) if user <= end)
        return counts[place]

    def paths(self, place: int) -> Iterator[tuple[Edge, ...]]:
        """Every path from a node to the output, as edges from the output back: the factors of one term of the sum."""
        if place == len(self.nodes) - 1:
            yield ()
        for user, edge in self.uses(place):
            for rest in self.paths(user):
                yield (*rest, edge)


def inputs(text: str) -> tuple[str, ...]:
    """The inputs of a formula in any variables, in the order in which they come; FormulaError if it has no graph."""
    tree = parse(text, any_variables=True)
    names = variables(tree)
    if not names:
        raise FormulaError("Without a variable there is nothing to differentiate by.", 0)
    if tree.kind == "name":
        raise FormulaError("A variable alone has no operation in it. Write one, as in a*b.", 0)
    if len(names) > MOST_INPUTS:
        raise FormulaError("The formula has more than {limit} variables.", None, {"limit": MOST_INPUTS})
    return names


def computational_graph(text: str, values: Mapping[str, float]) -> ComputationalGraph:
    """The graph of a formula such as ``(a*b + c)*f`` at the values of its inputs, gradients and all.

    Equal parts of a formula are one node. What has no value or no slope is NaN or ±inf; nothing raises because of it.
    Where the output has no value there is no gradient either.
    Raises FormulaError as `inputs` does and for more than MOST_OPERATIONS operations, ValueError for an input without a
    value or with an infinite one.
    Source: Griewank and Walther, Evaluating Derivatives, 2nd ed., section 3.2; at kinks as Graph.derivative says.
    """
    names = inputs(text)
    if missing := [name for name in names if name not in values]:
        raise ValueError(f"{', '.join(missing)} has no value.")
    tree = parse(text, any_variables=True)
    given = [Tensor(values[name]) for name in names]
    output = _evaluated(tree, dict(zip(names, given, strict=True)))
    output.backward()
    tensors = [node for node in output.graph() if node.requires_grad]
    if len(tensors) - len(names) > MOST_OPERATIONS:
        raise FormulaError("The formula has more than {limit} operations.", None, {"limit": MOST_OPERATIONS})
    places = {node: place for place, node in enumerate(tensors)}

    def loss(moved: Any) -> float:
        return float(_evaluated(tree, dict(zip(names, map(Tensor, moved), strict=True))).data)

    return ComputationalGraph(
        nodes=tuple(
            Node(name, float(node.data), _gradient(node, output), *_described(node, places))
            for name, node in zip([*names, *_operation_names(names, len(tensors))], tensors, strict=True)
        ),
        differences=tuple(numerical_gradient(loss, [float(node.data) for node in given]).tolist()),
        latex=latex(tree),
    )


def _has_kink(node: Node) -> bool:
    operation, values = node.template.partition("(")[0], [edge.value for edge in node.edges]
    if operation in ("min", "max"):  # max(a, a) is a, and has none
        return values[0] == values[1] and node.edges[0].operand != node.edges[1].operand
    return operation in ("relu", "abs", "sign") and values == [0]


def _gradient(node: Tensor, output: Tensor) -> float:
    return float("nan") if node.grad is None or np.isnan(output.data) else float(node.grad)


def _operation_names(names: tuple[str, ...], count: int) -> list[str]:
    """v1, v2, … and the output, L. Another letter if an input has this one."""
    taken = {name[0] for name in names}
    letter = next(letter for letter in "vuzhqpstmnkrgd" if letter not in taken)
    return [*(f"{letter}{i}" for i in range(1, count - len(names))), "L"]


def _evaluated(tree: Tree, known: dict[str, Tensor]) -> Tensor:
    """The formula computed with tensors; the tensor itself for what was computed before."""
    before: dict[tuple[Any, ...], Tensor] = {}

    def apply(name: str, *operands: Tensor) -> Tensor:
        key = (name, *(id(each) if each.requires_grad else float(each.data) for each in operands))
        if key not in before:
            before[key] = _operation(name)(*operands)
        return before[key]

    def visit(tree: Tree) -> Tensor:
        parts = [visit(part) for part in tree.parts]
        match tree.kind:
            case "number":
                return tensor(float(tree.text))
            case "name":
                return known[tree.text] if tree.text in known else tensor(CONSTANTS[tree.text])
            case "power":
                return apply("pow", *parts)
            case "call" if len(parts) == 1:
                return apply("log" if tree.text == "ln" else tree.text, *parts)
        signs = [tree.text] * len(parts) if tree.kind == "call" else [SIGNS[sign] for sign in tree.text]
        result = apply("neg", parts[0]) if signs[0] == "sub" else parts[0]
        for sign, part in zip(signs[1:], parts[1:], strict=True):
            result = apply(sign, result, part)
        return result

    return visit(tree)


SIGNS = {"+": "add", "-": "sub", "*": "mul", "/": "truediv"}


@cache
def _operation(name: str) -> Any:
    """An operation on tensors: their own, or made of a function of formulas and its exact gradient."""
    for own in (f"__{name}__", name):
        if hasattr(Tensor, own) and name not in ("min", "max"):  # of a tensor these are over its elements
            return getattr(Tensor, own)
    count = len(OPERATIONS[name][1])
    known = formula(f"{name}({'x, y'[: 3 * count - 2]})")

    def directions(*operands: Tensor) -> Directions:
        theta = np.array([float(each.data) for each in operands] + [0.0] * (2 - count))
        slopes = known.gradient(theta)
        return known(theta), *((each, lambda g, s=slope: g * s) for each, slope in zip(operands, slopes, strict=False))

    directions.__name__ = name
    return operation(directions)


def _described(node: Tensor, places: dict[Tensor, int]) -> tuple[str, tuple[Edge, ...]]:
    """An operation's formula and its edges."""
    if not node.edges:
        return "", ()
    template, rules = OPERATIONS[node.operation]
    lost = ["{result}"] * bool(np.isnan(node.data))  # what has no value, in the rules' words
    lost += [f"{{{place}}}" for place, (operand, _) in enumerate(node.edges) if np.isnan(operand.data)]
    undefined = lost == ["{result}"]  # here, and not before
    if node.operation == "pow" and not node.edges[1][0].requires_grad:
        rules = (_power_rule(float(node.edges[1][0].data)), "")
    if node.operation in ("min", "max") and node.edges[0][0].data == node.edges[1][0].data:
        rules = ("1 / 2", "1 / 2")
    edges = []
    with np.errstate(all="ignore"):
        for (operand, rule), symbols in zip(node.edges, rules, strict=True):
            known = operand.requires_grad and not undefined and not any(word in symbols for word in lost)
            slope = float(rule(1.0)) if known else np.nan  # type: ignore[arg-type]
            edges.append(Edge(places.get(operand), float(operand.data), slope, symbols))
    return template, tuple(edges)


def _power_rule(exponent: float) -> str:
    """∂(u^n)/∂u for a number n: 2·u, not 2·u^(2 − 1)."""
    if exponent == 2:
        return "2 · {0}"
    less = f"{exponent - 1:.6g}".replace("-", "−")
    return f"{{1}} · {{0}}^{less}" if exponent != 1 else "1"


OPERATIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "add": ("{0} + {1}", ("1", "1")),
    "sub": ("{0} − {1}", ("1", "−1")),
    "mul": ("{0} · {1}", ("{1}", "{0}")),
    "truediv": ("{0} / {1}", ("1 / {1}", "−{0} / {1}^2")),
    "pow": ("{0}^{1}", ("{1} · {0}^({1} − 1)", "{0}^{1} · ln({0})")),
    "neg": ("−{0}", ("−1",)),
    "sin": ("sin({0})", ("cos({0})",)),
    "cos": ("cos({0})", ("−sin({0})",)),
    "tan": ("tan({0})", ("1 + {result}^2",)),
    "asin": ("asin({0})", ("1 / sqrt(1 − {0}^2)",)),
    "acos": ("acos({0})", ("−1 / sqrt(1 − {0}^2)",)),
    "atan": ("atan({0})", ("1 / (1 + {0}^2)",)),
    "sinh": ("sinh({0})", ("cosh({0})",)),
    "cosh": ("cosh({0})", ("sinh({0})",)),
    "tanh": ("tanh({0})", ("1 − {result}^2",)),
    "exp": ("exp({0})", ("{result}",)),
    "log": ("ln({0})", ("1 / {0}",)),
    "log10": ("log10({0})", ("1 / ({0} · ln(10))",)),
    "sqrt": ("sqrt({0})", ("1 / (2 · {result})",)),
    "abs": ("abs({0})", ("sign({0})",)),
    "sign": ("sign({0})", ("0",)),
    "relu": ("relu({0})", ("{0} > 0",)),
    "sigmoid": ("sigmoid({0})", ("{result} · (1 − {result})",)),
    "min": ("min({0}, {1})", ("{0} < {1}", "{1} < {0}")),
    "max": ("max({0}, {1})", ("{0} > {1}", "{1} > {0}")),
}
"""Formula and local derivatives of every operation, in the notation of formulas. A comparison is 1 where it holds and 0
where it does not; where both sides are equal, it is 0 for relu, and min and max share the slope."""
