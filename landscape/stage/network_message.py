"""What the server tells the stage of a network by hand: the arrays of one training step, and the lesson through them.

JSON. An array is sent once, under a short name such as "W1"; the steps, the picture and the equations refer to it.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from latex2mathml.converter import convert
from numpy.typing import NDArray

from landscape.descent.optimizers import GradientDescent, Optimizer, typeset
from landscape.figures.palette import RUNS, THEMES
from landscape.gradients.backpropagation import LayerPass, NetworkPass
from landscape.gradients.tasks import Task
from landscape.gradients.tensor import Tensor
from landscape.locale.sentence import filled
from landscape.stage import playback

__all__ = ["Check", "TrainingStep", "network_message"]

Array = NDArray[np.float64]
Translate = Callable[[str], str]

SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
VANISHING = 10.0  # so many times shorter at the first weights than at the last is worth a sentence
AGREEMENT = 1e-6  # so close, relative to the largest number, two gradients are the same

FUNCTIONS = {
    "ReLU": (r"\operatorname{ReLU}", r"\mathbf{1}_{<Z> > 0}"),
    "Tanh": (r"\tanh", r"1 - {<H>}^{2}"),
    "Sigmoid": (r"\sigma", r"<H> \odot (1 - <H>)"),
}
"""The LaTeX of each activation and of its slope."""


@dataclass(frozen=True, eq=False)
class TrainingStep:
    """A pass through a network, the update that follows, and the pass after it."""

    task: Task
    criterion: str
    before: NetworkPass
    after: NetworkPass
    optimizer: Optimizer
    learning_rate: float
    directions: tuple[Array, ...]
    """The optimizer's, for each weight and bias in their order."""

    @property
    def classes(self) -> bool:
        """Are the outputs turned into probabilities?"""
        return self.criterion == "cross_entropy"


@dataclass(frozen=True, eq=False)
class Check:
    """The gradient of one parameter by differences of step h. parameter: "W1", "b1", "W2" …"""

    parameter: str
    h: float
    differences: Array


def network_message(
    shown: TrainingStep, check: Check | None, *, theme: str, projector: bool, language: str, scenario: str, _: Translate
) -> dict[str, Any]:
    """Everything that the stage shows of one pass and one update."""
    lesson = Lesson(shown, _)
    lesson.batch()
    lesson.forward()
    lesson.loss()
    lesson.backward()
    lesson.update()
    colours = THEMES[theme]
    message = {
        "arrays": lesson.arrays,
        "steps": lesson.steps,
        "dead": lesson.dead,
        "norms": lesson.norms,
        "check": lesson.check(check) if check else None,
        "scenario": scenario,
        "texts": {"language": language, **playback.words(_), **words(_)},
        "look": {
            "text": colours.text,
            "muted": colours.muted,
            "rule": colours.rule,
            "page": colours.page,
            "accent": colours.accent,
            "positive": RUNS[1].colour[theme],
            "negative": RUNS[2].colour[theme],
            "projector": projector,
        },
    }
    return message | {"serial": hashlib.sha256(json.dumps(message).encode()).hexdigest()[:16]}


def words(_: Translate) -> dict[str, str]:
    """The stage's own words."""
    return {
        "spoken": _("{step}: {title}. {text}"),
        "sentences": _("{finding} {advice}"),
        "pictureLabel": _("The network: units as circles, weights as lines"),
        "panelLabel": _("This step in formulas and numbers"),
        "sample": _("Sample"),
        "positive": _("positive"),
        "negative": _("negative"),
        "dead": _("dead unit"),
        "lines": _("lines: {names}, the thicker the larger"),
        "norms": _("Length of the gradient of each layer’s weights"),
        "notYet": _("found on the way back"),
        "zero": _("zero"),
        "arrays": _("Every array so far"),
        "forwardPass": _("forward pass"),
        "backwardPass": _("backpropagation"),
        "updating": _("update of the weights"),
        "exact": _("by backpropagation"),
        "numerical": _("by differences"),
        "off": _("their difference"),
        "check": _("Checked by differences"),
        "pick": _("Click a number of the result, or use the arrow keys there, to see how it comes about."),
    }


class Lesson:
    """Arrays and steps as they come together."""

    def __init__(self, shown: TrainingStep, _: Translate) -> None:
        self.shown, self._ = shown, _
        self.depth = len(shown.before.learning)
        self.arrays: dict[str, dict[str, Any]] = {}
        self.steps: list[dict[str, Any]] = []
        self.norms: list[dict[str, Any]] = []
        self.dead: dict[int, dict[str, Any]] = {}
        self.columns = ["X"] + [""] * self.depth  # what the picture's circles show at the moment
        self.edges = [f"W{i}" for i in range(1, self.depth + 1)]  # and its lines
        self.found: dict[str, int] = {}  # the step at which a gradient is known
        self.phase = "forward"

    def array(self, name: str, symbol: str, values: Array, plain: str = "", samples: bool = False) -> str:
        """Add an array. `plain` is its name over a column of the picture; `samples`: its rows are the samples."""
        self.arrays[name] = {
            "name": _math(symbol),
            "plain": plain.translate(SUBSCRIPT),
            "shape": list(values.shape),
            "values": [_number(value) for value in values.ravel()],
            "samples": samples,
        }
        return name

    def transposed(self, name: str, symbol: str) -> str:
        self.arrays[f"{name}T"] = {"name": _math(symbol), "transpose": name}
        return f"{name}T"

    def step(
        self,
        title: str,
        text: str,
        formulas: list[str],
        equations: list[dict[str, Any]],
        reveals: list[str],
        **more: Any,
    ) -> None:
        """Add a step. `reveals`: the arrays that have been seen from here on."""
        self.steps.append(
            {
                "title": title,
                "text": text,
                "phase": self.phase,
                "formulas": [_math(formula, "block") for formula in formulas],
                "equations": equations,
                "reveals": reveals,
                "columns": list(self.columns),
                "edges": list(self.edges),
                **more,
            }
        )

    def symbol(self, i: int) -> str:
        """What layer i returns before its activation: Z, or the prediction if it is the last."""
        return rf"Z_{{{i}}}" if i < self.depth or self.shown.classes else r"\hat{Y}"

    def entering(self, i: int) -> tuple[str, str]:
        """The array that enters layer i, its name and its symbol."""
        return (f"H{i - 1}", rf"H_{{{i - 1}}}") if i > 1 else ("X", "X")

    def plain(self, i: int) -> str:
        return f"z{i}" if i < self.depth or self.shown.classes else "ŷ"

    def batch(self) -> None:
        _, task = self._, self.shown.task
        targets = np.eye(task.classes)[task.y.astype(int)] if self.shown.classes else task.y[:, None]
        self.array("X", "X", task.x, "x", samples=True)
        self.array("Y", "Y", targets, "y", samples=True)
        for i, layer in enumerate(self.shown.before.learning, 1):
            self.array(f"W{i}", f"W_{{{i}}}", layer.parameters[0])
            self.array(f"b{i}", f"b_{{{i}}}", layer.parameters[1])
            self.transposed(f"W{i}", rf"W_{{{i}}}^{{\top}}")
        self.step(
            _("The batch"),
            filled(_("{about} Each row of X is a sample, the same row of Y its target."), about=_(task.about)),
            [],
            [{"parts": ["X", "Y"]}, *({"parts": [f"W{i}", f"b{i}"]} for i in range(1, self.depth + 1))],
            [name for name, array in self.arrays.items() if "values" in array],
            active=0,
        )

    def forward(self) -> None:
        _ = self._
        i = 0
        for layer in self.shown.before.layers:
            if layer.gradients:
                i += 1
                self.forward_linear(layer, i)
            else:
                self.forward_activation(layer, i)
        if self.shown.classes:
            self.array("S", "S", Tensor(self.shown.before.output).softmax().data, "s", samples=True)
            self.columns[i] = "S"
            z = f"Z_{{{i}}}"
            self.step(
                _("Forward: softmax"),
                _("Softmax turns the outputs of each sample into probabilities; they sum to 1."),
                [
                    rf"S = \operatorname{{softmax}}({z}) \qquad "
                    r"s_{k} = \frac{e^{z_{k}}}{\sum_{j} e^{z_{j}}}"
                ],
                [{"result": "S", "parts": [f"Z{i}"], "kind": "softmax"}],
                ["S"],
                active=i,
            )

    def forward_linear(self, layer: LayerPass, i: int) -> None:
        _, symbol, (name, before) = self._, self.symbol(i), self.entering(i)
        z = self.columns[i] = self.array(f"Z{i}", symbol, layer.output, self.plain(i), samples=True)
        w, b = f"W_{{{i}}}", f"b_{{{i}}}"
        self.step(
            filled(_("Forward: weights and bias of layer {i}"), i=i),
            _("Each unit adds its inputs times its weights, and its bias: left for all samples, right for one."),
            [rf"{symbol} = {before} {w}^{{\top}} + {b} \qquad {symbol.lower()} = {w} {before.lower()} + {b}"],
            [{"result": z, "parts": [name, "·", f"W{i}T", "+", f"b{i}"], "kind": "product"}],
            [z],
            active=i,
            layer=i,
        )

    def forward_activation(self, layer: LayerPass, i: int) -> None:
        _, kind = self._, type(layer.layer).__name__
        h = self.columns[i] = self.array(f"H{i}", f"H_{{{i}}}", layer.output, f"h{i}", samples=True)
        notes = []
        if layer.dead.any():
            self.dead[i] = {"units": layer.dead.tolist(), "from": len(self.steps)}
            text = _("0 for every sample, so dead for this batch, and its weights do not learn: unit {units}.")
            units = ", ".join(str(unit + 1) for unit in np.flatnonzero(layer.dead))
            notes.append(filled(text, units=units))
        self.step(
            filled(_("Forward: activation of layer {i}"), i=i),
            filled(_("{name} of every number."), name=kind),
            [rf"H_{{{i}}} = {FUNCTIONS[kind][0]}(Z_{{{i}}})"],
            [{"result": h, "parts": [f"Z{i}"], "kind": "each", "function": kind}],
            [h],
            active=i,
            notes=notes,
        )

    def loss(self) -> None:
        _, n, loss = self._, len(self.shown.task.y), _latex(self.shown.before.loss)
        if self.shown.classes:
            text = _("The mean of −ln of the probability that each sample gives to its own class.")
            formula = rf"L = -\frac{{1}}{{{n}}} \sum_{{i,k}} Y_{{ik}} \ln S_{{ik}} = {loss}"
        else:
            text = _("The mean of the squared distances from the targets.")
            formula = rf"L = \frac{{1}}{{{n}}} \sum_{{i}} (\hat{{Y}}_{{i}} - Y_{{i}})^{{2}} = {loss}"
        predicted = "S" if self.shown.classes else f"Z{self.depth}"
        self.step(_("The loss"), text, [formula], [{"parts": [predicted, "Y"]}], [], active=self.depth)

    def backward(self) -> None:
        self.phase = "backward"
        _, i, n = self._, self.depth, len(self.shown.task.y)
        symbol = self.symbol(i)
        d = self.array(f"dZ{i}", _d(symbol), self.shown.before.layers[-1].output_gradient, f"∂L/∂{self.plain(i)}", True)
        self.columns[i] = d
        if self.shown.classes:
            text = _("Softmax and cross-entropy together have a simple derivative: probability minus target.")
            formula, parts = rf"{_d(symbol)} = \frac{{1}}{{{n}}} (S - Y)", ["S", "−", "Y"]
        else:
            text = _("The derivative of the squares.")
            formula, parts = rf"{_d(symbol)} = \frac{{2}}{{{n}}} (\hat{{Y}} - Y)", [f"Z{i}", "−", "Y"]
        factor = f"1/{n}" if self.shown.classes else f"2/{n}"
        equation = {"result": d, "parts": [f"{factor} · (", *parts, ")"], "kind": "error", "factor": factor}
        self.step(_("Backward: the loss in the outputs"), text, [formula], [equation], [d], active=i)
        for layer in reversed(self.shown.before.layers):
            if layer.gradients:
                self.backward_weights(layer, i)
                if i > 1:
                    self.backward_units(layer, i)
                i -= 1
            else:
                self.backward_activation(layer, i)
        self.norms.reverse()
        self.steps[-1]["notes"] = way_back(self.shown.before, _)

    def backward_weights(self, layer: LayerPass, i: int) -> None:
        _, symbol, (name, before) = self._, self.symbol(i), self.entering(i)
        w, b = f"W_{{{i}}}", f"b_{{{i}}}"
        in_weight = self.edges[i - 1] = self.array(f"dW{i}", _d(w), layer.gradients[0])
        in_bias = self.array(f"db{i}", _d(b), layer.gradients[1])
        self.found |= {f"W{i}": len(self.steps), f"b{i}": len(self.steps)}
        norm = {"name": f"W{i}".translate(SUBSCRIPT), "value": _number(layer.gradient_norm), "from": len(self.steps)}
        self.norms.append(norm)
        self.step(
            filled(_("Backward: weights and bias of layer {i}"), i=i),
            _("Chain rule: what has arrived at a unit, times what had come into it, summed over the samples."),
            [
                rf"{_fraction(w)} = {{{_fraction(symbol)}}}^{{\top}} {before}",
                rf"{_fraction(b)} = \sum_{{\text{{{_('samples')}}}}} {_fraction(symbol)}",
            ],
            [
                {
                    "result": in_weight,
                    "parts": [self.transposed(f"dZ{i}", rf"({_d(symbol)})^{{\top}}"), "·", name],
                    "kind": "product",
                },
                {"result": in_bias, "parts": [f"dZ{i}"], "kind": "columns"},
            ],
            [in_weight, in_bias],
            active=i,
            layer=i,
        )

    def backward_units(self, layer: LayerPass, i: int) -> None:
        _, h = self._, f"H_{{{i - 1}}}"
        d = self.columns[i - 1] = self.array(f"dH{i - 1}", _d(h), layer.input_gradient, f"∂L/∂h{i - 1}", samples=True)
        self.step(
            filled(_("Backward: to the units of layer {i}"), i=i - 1),
            _("Chain rule: what has arrived, times the weights, summed over the units that were fed."),
            [rf"{_fraction(h)} = {_fraction(self.symbol(i))} \, W_{{{i}}}"],
            [{"result": d, "parts": [f"dZ{i}", "·", f"W{i}"], "kind": "product"}],
            [d],
            active=i - 1,
            layer=i,
        )

    def backward_activation(self, layer: LayerPass, i: int) -> None:
        _, kind, z = self._, type(layer.layer).__name__, f"Z_{{{i}}}"
        slope = FUNCTIONS[kind][1].replace("<Z>", z).replace("<H>", f"H_{{{i}}}")
        self.array(f"slope{i}", slope, layer.slope, samples=True)
        d = self.columns[i] = self.array(f"dZ{i}", _d(z), layer.input_gradient, f"∂L/∂z{i}", samples=True)
        self.step(
            filled(_("Backward: through the activation of layer {i}"), i=i),
            filled(_("Chain rule: times the slope of {name} at each number."), name=kind),
            [rf"{_fraction(z)} = {_fraction(f'H_{{{i}}}')} \odot ({slope})"],
            [{"result": d, "parts": [f"dH{i}", "⊙", f"slope{i}"], "kind": "times"}],
            [f"slope{i}", d],
            active=i,
        )

    def update(self) -> None:
        self.phase = "update"
        _, shown = self._, self.shown
        rate, directions = shown.learning_rate, iter(shown.directions)
        plain = isinstance(shown.optimizer, GradientDescent)
        for i, layer in enumerate(shown.after.learning, 1):
            equations: list[dict[str, Any]] = []
            formulas = []
            for letter, parameter in zip("Wb", layer.parameters, strict=True):
                name, symbol, direction = f"{letter}{i}", f"{letter}_{{{i}}}", next(directions)
                new = self.array(f"{name}+", rf"{symbol}^{{+}}", parameter)
                by = f"d{name}" if plain else self.array(f"{name}d", rf"d({symbol})", direction)
                equations.append({"result": new, "parts": [name, f"− {rate:g} ·", by], "kind": "update", "rate": rate})
                step = _fraction(symbol) if plain else f"d({symbol})"
                formulas.append(rf"{symbol}^{{+}} = {symbol} - {_latex(rate)} \cdot {step}")
            if not plain:
                formulas = [*map(typeset, shown.optimizer.formula[:-1]), *formulas]
            self.edges[i - 1] = f"W{i}+"
            text = _("Against the gradient, times the learning rate {rate:g}: W ← W − η ∂L/∂W.")
            if not plain:
                text = _(
                    "{name} makes a direction d of the gradient g; it is multiplied by the learning rate {rate:g}."
                )
            self.step(
                filled(_("Update: layer {i}"), i=i),
                filled(text, rate=rate, name=_(shown.optimizer.name)),
                formulas,
                equations,
                [name for each in equations for name in (each["result"], each["parts"][-1])],
                layer=i,
            )
        before, now = shown.before.loss, shown.after.loss
        if not np.isfinite(now):
            text = _("The same batch with the new weights: the loss is no longer a finite number. Far too long a step.")
        elif f"{now:.5g}" == f"{before:.5g}":
            text = _("The same batch with the new weights: the loss stayed at {now:.5g}.")
        elif now < before:
            text = _("The same batch with the new weights: the loss fell from {before:.5g} to {now:.5g}.")
        else:
            text = _(
                "The same batch with the new weights: the loss rose from {before:.5g} to {now:.5g}: too long a step."
            )
        line = rf"L^{{+}} = {_latex(now)} \qquad L = {_latex(before)}"
        notes = []
        units = [dead for layer in shown.before.layers if not layer.gradients for dead in layer.dead.tolist()]
        if any(units) and f"{now:.5g}" == f"{before:.5g}":
            why = _("{dead} of {units} hidden units are dead for this batch: no gradient gets through them.")
            notes.append(filled(why, dead=sum(units), units=len(units)))
        self.step(_("The loss after the update"), filled(text, before=before, now=now), [line], [], [], notes=notes)

    def check(self, check: Check) -> dict[str, Any]:
        _, passed, name = self._, self.shown.before, check.parameter
        exact = passed.learning[int(name[1:]) - 1].gradients["Wb".index(name[0])]
        off = check.differences - exact
        largest = float(np.abs(off).max())
        if not exact.any() and not check.differences.any():
            text = _("Both gradients are exactly 0 here with h = {h:g}, so nothing is compared.")
        elif largest <= AGREEMENT * max(1.0, float(np.abs(exact).max())):
            text = _("The largest difference is {largest:.2g} with h = {h:g}: both ways lead to the same gradient.")
        elif passed.at_kink:
            text = _(
                "The largest difference is {largest:.2g} with h = {h:g}. The input of a unit is exactly 0, the kink of "
                "ReLU: differences see both sides of it, backpropagation takes the slope 0."
            )
        else:
            text = _(
                "The largest difference is {largest:.2g} with h = {h:g}: a larger h cuts corners, a smaller one drowns "
                "in rounding."
            )
        symbol = _d(f"{name[0]}_{{{name[1:]}}}")
        self.array("numerical", symbol, check.differences)
        self.array("off", r"\Delta", off)
        return {"exact": f"d{name}", "text": filled(text, largest=largest, h=check.h), "from": self.found[name]}


def way_back(passed: NetworkPass, _: Translate) -> list[str]:
    """What is to be said of the gradients when all have been found."""
    if passed.learning[0].gradient_norm == 0:
        return [_("No gradient arrives at the first weights: this batch teaches them nothing.")]
    if passed.shrinkage > VANISHING:
        text = _(
            "The gradient vanishes on its way back: at the first weights it is {times:.3g} times shorter than at the "
            "last, so they learn that much more slowly."
        )
        return [filled(text, times=passed.shrinkage)]
    return []


@lru_cache(maxsize=1024)
def _math(formula: str, display: str = "inline") -> str:
    """MathML."""
    return str(convert(formula, display=display))


def _d(symbol: str) -> str:
    return rf"\partial L / \partial {symbol}"


def _fraction(symbol: str) -> str:
    return rf"\frac{{\partial L}}{{\partial {symbol}}}"


def _number(value: float) -> float | str:
    """To six digits; JSON has no word for what is not finite, JavaScript's Number has."""
    if np.isfinite(value):
        return float(f"{value:.6g}")
    return "NaN" if np.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _latex(value: float) -> str:
    """A number as LaTeX."""
    if not np.isfinite(value):
        return r"\text{–}" if np.isnan(value) else r"\infty"
    mantissa, _, exponent = f"{value:.5g}".partition("e")
    return rf"{mantissa} \times 10^{{{int(exponent)}}}" if exponent else mantissa
