"""A regression with tensors, one statement at a time: what each does to values, gradients and the recording.

The data are small enough for a calculation by hand: x = 1, 2, 3 and y = 6, 9, 12, fitted by y ≈ w x + b with the mean
squared error as the loss.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from landscape.gradients.numerical import numerical_gradient
from landscape.gradients.tensor import Tensor, no_grad

__all__ = ["PRINTED", "STATEMENTS", "State", "Statement", "X", "Y", "after_update", "gradient", "script", "states"]

X, Y = np.array([1.0, 2.0, 3.0]), np.array([6.0, 9.0, 12.0])

PRINTED = (4.6667, 3.0)
"""∂loss/∂w and ∂loss/∂b at w = 2, b = 1 as an article prints them, wrong in size and in sign."""


@dataclass(frozen=True)
class State:
    """What the names of the script mean after a statement; None for what is not there yet.

    recorded: how many operations lie behind the loss. loss_is_current: no update came after it. error: what the
    statement raised.
    """

    w: float
    b: float
    w_grad: float | None = None
    b_grad: float | None = None
    loss: float | None = None
    recorded: int = 0
    loss_is_current: bool = True
    error: str = ""

    def can(self, statement: str) -> bool:
        """Does the statement make sense here?"""
        needed = {"backward": self.loss, "zero_grad": self.w_grad, "update": self.w_grad}
        return needed.get(statement, 0) is not None


class Names:
    """The names of the script while it runs."""

    loss: Tensor | None = None
    loss_is_current = True

    def __init__(self, w: float, b: float, learning_rate: float) -> None:
        self.w, self.b, self.learning_rate = Tensor(w), Tensor(b), learning_rate

    def forward(self) -> None:
        self.loss = _loss(self.w, self.b)
        self.loss_is_current = True

    def unrecorded(self) -> None:
        with no_grad():
            self.loss = _loss(self.w, self.b)
        self.loss_is_current = True

    def backward(self) -> None:
        if self.loss is not None:
            self.loss.backward()

    def zero_grad(self) -> None:
        self.w.zero_grad()
        self.b.zero_grad()

    def update(self) -> None:
        if self.w.grad is not None and self.b.grad is not None:
            with no_grad():
                self.w -= self.learning_rate * self.w.grad
                self.b -= self.learning_rate * self.b.grad
            self.loss_is_current = False

    def state(self) -> State:
        return State(
            w=float(self.w.data),
            b=float(self.b.data),
            w_grad=None if self.w.grad is None else float(self.w.grad),
            b_grad=None if self.b.grad is None else float(self.b.grad),
            loss=None if self.loss is None else float(self.loss.data),
            recorded=0 if self.loss is None else sum(bool(node.edges) for node in self.loss.graph()),
            loss_is_current=self.loss_is_current,
        )


@dataclass(frozen=True)
class Statement:
    """A statement as it stands in a script, with {learning_rate}; what it does; what is worth telling after it."""

    code: str
    run: Callable[[Names], None]
    tells: str


STATEMENTS = {
    "forward": Statement(
        "loss = ((w * x + b - y) ** 2).mean()", Names.forward, "loss = {loss}, {recorded} operations recorded"
    ),
    "unrecorded": Statement(
        "with ls.no_grad():\n    loss = ((w * x + b - y) ** 2).mean()",
        Names.unrecorded,
        "loss = {loss}, {recorded} operations recorded",
    ),
    "backward": Statement("loss.backward()", Names.backward, "w.grad = {w_grad}, b.grad = {b_grad}"),
    "zero_grad": Statement("w.zero_grad(); b.zero_grad()", Names.zero_grad, "w.grad = {w_grad}, b.grad = {b_grad}"),
    "update": Statement(
        "with ls.no_grad():\n    w -= {learning_rate} * w.grad\n    b -= {learning_rate} * b.grad",
        Names.update,
        "w = {w}, b = {b}",
    ),
}
"""What a person may do next, as it stands in a script and as it is done here."""


def states(statements: Sequence[str], w: float, b: float, learning_rate: float) -> list[State]:
    """The State before the first statement and after each. A statement that raises is told of, and changes nothing.

    Raises KeyError for what is none of STATEMENTS, ValueError for one that makes no sense where it stands.
    """
    names = Names(w, b, learning_rate)
    known = [names.state()]
    for key in statements:
        statement = STATEMENTS[key]
        if not known[-1].can(key):
            raise ValueError(f"{statement.code} makes no sense here: something in it has no value yet.")
        try:
            with np.errstate(all="ignore"):
                statement.run(names)
        except RuntimeError as error:
            known.append(replace(known[-1], error=str(error)))
        else:
            known.append(names.state())
    return known


def script(statements: Sequence[str], w: float, b: float, learning_rate: float) -> str:
    """The same as a Python script; a comment after each statement says what is known then."""
    lines = [
        "import numpy as np",
        "import landscape as ls",
        "",
        f"x = np.array({X.astype(int).tolist()})",
        f"y = np.array({Y.astype(int).tolist()})",
        f"w, b = ls.Tensor({w:.12g}), ls.Tensor({b:.12g})",
    ]
    for key, state in zip(statements, states(statements, w, b, learning_rate)[1:], strict=True):
        statement = STATEMENTS[key]
        told = {
            name: "None" if value is None else f"{value:.6g}" for name, value in vars(state).items() if name != "error"
        }
        comment = f"RuntimeError: {state.error}" if state.error else statement.tells.format(**told)
        lines += ["", statement.code.format(learning_rate=f"{learning_rate:.12g}"), f"# {comment}"]
    return "\n".join(lines) + "\n"


def gradient(w: float, b: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """(∂loss/∂w, ∂loss/∂b) by the recorded operations, and by central differences."""
    at = Tensor(w), Tensor(b)
    _loss(*at).backward()
    differences = numerical_gradient(_value, [w, b])
    by_record = tuple(float(np.nan if each.grad is None else each.grad) for each in at)
    return (by_record[0], by_record[1]), (float(differences[0]), float(differences[1]))


def after_update(w: float, b: float, gradient: tuple[float, float], learning_rate: float) -> float:
    """The loss after one update against that gradient, right or wrong."""
    return _value([w - learning_rate * gradient[0], b - learning_rate * gradient[1]])


def _loss(w: Tensor, b: Tensor) -> Tensor:
    return ((w * X + b - Y) ** 2).mean()


def _value(theta: npt.ArrayLike) -> float:
    w, b = np.asarray(theta)
    return float(_loss(Tensor(w), Tensor(b)).data)
