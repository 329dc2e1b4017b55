"""SCENARIOS: classroom questions. Each sets the whole page and asks first; the answer quotes the runs' own numbers."""

from dataclasses import replace
from typing import Any

from landscape.analysis.arrival import arrival
from landscape.descent.descend import Trajectory
from landscape.pages.explore.settings import Settings
from landscape.pages.page import Scenario
from landscape.pages.run_settings import RunSettings

__all__ = ["SCENARIOS", "facts"]


class Facts:
    """What an answer may quote of a run."""

    def __init__(self, run: Trajectory) -> None:
        reached = arrival(run)
        self.first = "–" if reached.first is None else reached.first
        self.settled = "–" if reached.settled is None else reached.settled
        self.steps = run.stop.step
        self.x, self.y = (float(value) for value in run.theta[:, -1])
        self.loss = float(run.loss[-1])
        self.lowest = min((float(run.objective(point)) for point in run.objective.minima), default=0.0)
        self.gap = self.loss - self.lowest


def facts(runs: list[Trajectory]) -> dict[str, Any]:
    """The runs' facts under the names a, b, c, …"""
    return {"abcdef"[i]: Facts(run) for i, run in enumerate(runs)}


def gradient_descent(rate: float, **options: float) -> RunSettings:
    return RunSettings("gradient_descent", rate, options=tuple(sorted(options.items())))


def momentum(rate: float, beta: float = 0.9) -> RunSettings:
    return RunSettings("momentum", rate, options=(("momentum", beta),))


def nesterov(rate: float, beta: float = 0.9) -> RunSettings:
    return RunSettings("nesterov", rate, options=(("momentum", beta),))


def rmsprop(rate: float, schedule: str = "constant", **options: float) -> RunSettings:
    return RunSettings("rmsprop", rate, schedule, tuple(sorted({"alpha": 0.9, **options}.items())))


ADAM = RunSettings("adam", 0.1)

SCENARIOS = {
    scenario.key: scenario
    for scenario in (
        Scenario(
            "which_valley",
            "Which valley?",
            "Same start, three optimizers: do they end in the same valley?",
            ("All in one", "In two", "In three different ones"),
            "In three different ones. Gradient descent ends at ({a.x:.3g}, {a.y:.3g}), momentum at ({b.x:.3g}, {b.y:.3g}), "
            "Adam at ({c.x:.3g}, {c.y:.3g}). Nothing in the function prefers one: the path decides.",
            Settings(),
        ),
        Scenario(
            "speed_limit",
            "The speed limit",
            "Learning rates 0.19, 0.20 and 0.21 on a bowl whose largest curvature is 10. Which arrive?",
            ("All three", "Only 0.19", "0.19 and 0.20"),
            "Only 0.19: its loss stays below 10⁻³ from step {a.settled} on. The border is 2/λ = 2/10: at 0.20 the run bounces at |y| = {b.y:.3g} for "
            "ever, above it every step is longer than the last.",
            Settings(
                function="bowl",
                start=(-4.0, 1.5),
                steps=150,
                runs=(gradient_descent(0.19), gradient_descent(0.2), gradient_descent(0.21)),
            ),
        ),
        Scenario(
            "ravine",
            "The ravine",
            "Gradient descent zigzags between the walls. What stops the zigzag?",
            ("A smaller learning rate", "A memory of past steps", "Nothing"),
            "A memory: what points across the ravine cancels, what points along it adds up. Gradient descent needs {a.settled} steps "
            "until its loss stays below 10⁻³, momentum with β = 0.7 {b.settled}, Nesterov with β = 0.8 {c.settled}.",
            Settings(
                function="ravine",
                start=(-4.0, 1.0),
                steps=100,
                runs=(gradient_descent(0.076), momentum(0.04, 0.7), nesterov(0.04, 0.8)),
            ),
        ),
        Scenario(
            "heavy_ball",
            "Too heavy a ball",
            "If momentum helps, does more momentum help more?",
            ("Yes, always", "No, there is a best value", "It makes no difference"),
            "There is a best value. With β = 0.7 the loss stays below 10⁻³ from step {a.settled} on, with 0.9 from {b.settled}, with 0.95 from "
            "{c.settled}, with 0.99 from {d.settled}: a heavy ball swings for long.",
            Settings(
                function="ravine",
                start=(-4.0, 1.0),
                steps=1000,
                runs=(momentum(0.04, 0.7), momentum(0.04, 0.9), momentum(0.04, 0.95), momentum(0.04, 0.99)),
            ),
        ),
        Scenario(
            "valley",
            "The curved valley",
            "The valley is found at once. Who walks along it?",
            ("Gradient descent", "Momentum", "Adam"),
            "Those with a memory. Loss below 10⁻³ for the first time: gradient descent at step {a.first}, momentum {b.first}, "
            "Nesterov {c.first}, Adam {d.first}.",
            Settings(
                function="rosenbrock",
                start=(-1.5, 2.0),
                steps=8000,
                runs=(gradient_descent(0.001), momentum(0.001), nesterov(0.001), ADAM),
            ),
        ),
        Scenario(
            "saddle",
            "The saddle point",
            "The start is exactly on the ridge towards a saddle point. Which runs get past it?",
            ("All", "Only those with momentum", "Only the one a hair beside the ridge"),
            "Only the one beside the ridge. On the ridge −gradient points exactly at the saddle, so gradient descent and Adam end {a.gap:.3g} "
            "above the minimum. From y = 10⁻⁶ gradient descent arrives at step {c.first}.",
            Settings(
                function="saddle",
                start=(-2.0, 0.0),
                steps=250,
                runs=(gradient_descent(0.1), ADAM, replace(gradient_descent(0.1), start=(-2.0, 1e-6))),
            ),
        ),
        Scenario(
            "cliff",
            "The cliff",
            "The first gradient is 608 long. Who recovers from it?",
            ("AdaGrad", "RMSProp", "Adam"),
            "RMSProp (with α = 0.9) and Adam: their loss first falls below 10⁻³ at step {b.first} and at step {c.first}. AdaGrad never forgets the "
            "first gradient: after {a.steps} steps its loss is still {a.gap:.2g} above the minimum. Gradient descent with 0.01 explodes at step {d.steps}.",
            Settings(
                function="beale",
                start=(1.5, 2.0),
                steps=2000,
                runs=(RunSettings("adagrad", 0.5), rmsprop(0.01), ADAM, gradient_descent(0.01)),
            ),
        ),
        Scenario(
            "never_still",
            "Never still",
            "RMSProp divides by the gradient's own size. Does it ever come to rest?",
            ("Yes, when the gradient vanishes", "Only if the learning rate decays", "Never"),
            "Only if the learning rate decays. Near the minimum every step is about one learning rate long: with 0.2 it hops for ever, at a "
            "loss of {a.loss:.2g}; with 0.05 at {b.loss:.2g}; with 0.2 · 0.98ᵗ the loss stays below 10⁻³ from step {c.settled} on.",
            Settings(
                function="bowl",
                start=(-4.0, 1.5),
                steps=300,
                stop_gradient=0.0,  # a hop may land on the minimum by chance
                runs=(rmsprop(0.2), rmsprop(0.05), rmsprop(0.2, "exponential", factor=0.98)),
            ),
        ),
        Scenario(
            "plateau",
            "The plateau",
            "Far out the gradient is 0.0054 long. Who escapes first?",
            ("Gradient descent", "Momentum", "Adam"),
            "Adam: it divides by the gradient's size, so a small gradient is no obstacle. Loss below 10⁻³ for the first time: gradient descent at "
            "step {a.first}, momentum {b.first}, Adam {c.first}.",
            Settings(
                function="plateau",
                start=(3.0, 2.0),
                steps=800,
                runs=(gradient_descent(0.1), momentum(0.1), ADAM),
            ),
        ),
        Scenario(
            "two_wells",
            "Two wells",
            "The nearer well is not the deeper one. Who rolls over the bump?",
            ("Nobody", "Momentum with β = 0.8", "Momentum with β = 0.9"),
            "Only β = 0.9: it has enough speed left and ends at x = {d.x:.4g}. Gradient descent, momentum with 0.8 and Adam stay at x = "
            "{a.x:.3g}, {a.gap:.3g} above the lowest point.",
            Settings(
                function="two_wells",
                start=(2.3, 1.5),
                steps=150,
                runs=(gradient_descent(0.05), momentum(0.05, 0.8), ADAM, momentum(0.05, 0.9)),
            ),
        ),
        Scenario(
            "rotated",
            "The rotated ravine",
            "The same ravine, turned by 45°. Who notices?",
            ("None of them", "Gradient descent", "Adam and AdaGrad"),
            "Adam and AdaGrad scale each axis by itself, and now no axis lies along the ravine: their loss first falls below 10⁻³ at step "
            "{a.first} (Adam) and {b.first} (AdaGrad), in the ravine along an axis at 95 and 86. Gradient descent ({c.first}) and momentum ({d.first}) do not notice.",
            Settings(
                function="rotated_ravine",
                start=(-4 * 0.5**0.5 - 0.5**0.5, -4 * 0.5**0.5 + 0.5**0.5),
                steps=400,
                height="logarithmic",  # else all lines are in the corners, and none shows the ravine
                runs=(ADAM, RunSettings("adagrad", 0.5), gradient_descent(0.0384), momentum(0.02)),
            ),
        ),
    )
}
