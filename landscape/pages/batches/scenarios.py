"""SCENARIOS: classroom questions. Each sets the whole page and asks first; the answer quotes the runs' own numbers."""

from dataclasses import replace
from typing import Any

from landscape.analysis.arrival import arrival
from landscape.analysis.gradient_cloud import gradient_spread
from landscape.analysis.quadratic import largest_stable_learning_rate
from landscape.descent.optimizers import GradientDescent
from landscape.pages.batches.edits import Edit
from landscape.pages.batches.scene import Scene
from landscape.pages.batches.settings import BatchRun, Settings
from landscape.pages.page import Scenario

__all__ = ["SCENARIOS", "facts", "minimum_asked"]

CLOSE = 0.02  # above the minimum: there a run over the noisy line has arrived


def minimum_asked(settings: Settings) -> bool:
    """Is it a question about where the minimum is, so that to mark it would be the answer?"""
    return settings.asking and settings.scenario in ("outlier", "sparse")


class Facts:
    """What an answer may quote of a run."""

    def __init__(self, scene: Scene, place: int) -> None:
        run = scene.descents[place].trajectory
        batches = run.batches
        self.size = scene.batch_sizes[place]
        self.updates = run.stop.step
        reached = arrival(run, CLOSE).first
        self.first = "–" if reached is None else reached
        self.samples = "–" if reached is None or batches is None else int(batches.seen(reached))
        self.passes = "–" if reached is None or batches is None else float(batches.seen(reached) / batches.samples)
        self._scene, self._place = scene, place

    @property
    def floor(self) -> float | str:
        """The noise floor over many seeds."""
        floor = self._scene.repeated[self._place].floor
        return "–" if floor is None else floor


class Landscape:
    """What an answer may quote of the landscape: its minimum and its shape."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.x, self.y = (round(value, 12) + 0.0 for value in scene.objective.minimum or (float("nan"),) * 2)
        bend = scene.curvature(scaled=scene.scaled)
        self.condition = float(bend.condition_number)
        self.stable = float(largest_stable_learning_rate(GradientDescent(), bend.eigenvalues[-1]))

    @property
    def spread(self) -> dict[str, float]:
        """How far a batch's gradient is from the whole one at the start, measured, by batch size."""
        measured = gradient_spread(self._scene.objective, self._scene.start)
        return {f"of_{size}": float(value) for size, value in zip(measured.batch_size, measured.measured, strict=True)}


def facts(settings: Settings) -> dict[str, Any]:
    """The runs' facts under the names a, b, c, …, the landscape's, and those of the variant that an answer tells of."""
    scene = Scene(settings)
    told: dict[str, Any] = {"abcdef"[i]: Facts(scene, i) for i in range(len(settings.runs))} | {
        "here": Landscape(scene)
    }
    if settings.data == "flats":
        scaled = Scene(replace(settings, scaled=True, runs=(BatchRun("gradient_descent", 0.15),)))
        told |= {"scaled": Landscape(scaled), "quick": arrival(scaled.descents[0].trajectory, 2e-3).first}
        told |= {"slow": arrival(scene.descents[0].trajectory, 2e-3).first}
    if settings.edits:
        told |= {
            "absolute": Landscape(Scene(replace(settings, loss="absolute"))),
            "clean": Landscape(Scene(replace(settings, edits=()))),
        }
    if settings.l1:
        told |= {"free": Landscape(Scene(replace(settings, l1=0.0)))}
        told |= {"squares": Landscape(Scene(replace(settings, l1=0.0, l2=settings.l1)))}
    return told


def descent(rate: float, size: int | None = None, schedule: str = "constant", **options: float) -> BatchRun:
    return BatchRun("gradient_descent", rate, schedule, tuple(sorted(options.items())), batch_size=size)


SCENARIOS = {
    scenario.key: scenario
    for scenario in (
        Scenario(
            "who_wins",
            "Who wins the race?",
            "One learning rate, three batch sizes. Which run is first at the minimum?",
            ("The whole batch", "Batch size 16", "Batch size 1", "It depends on what is counted"),
            "It depends on what is counted. To get below a loss of 0.3051, 0.02 above the lowest, all need about the same number of updates: {a.first} with "
            "the whole batch, {b.first} with 16 samples, {c.first} with one. But the whole batch has looked at {a.samples} samples by then, "
            "batches of 16 at {b.samples}, single samples at {c.samples}: {c.passes:.2g} of one epoch.",
            Settings(
                epochs=50, runs=(descent(0.05), descent(0.05, 16), descent(0.05, 1)), axis="samples", target=0.3051
            ),
        ),
        Scenario(
            "noise_floor",
            "The noise floor",
            "The learning rate stays constant for 100 epochs. Do small batches come to rest in the minimum?",
            ("Yes, given enough epochs", "No, they hover above it", "Only batch size 1 does not"),
            "No. At the minimum only the mean of the gradients is 0, each single one still pushes. On average over 30 seeds the loss hovers {a.floor:.2g} "
            "above the minimum with 16 samples, {b.floor:.2g} with 4 and {c.floor:.2g} with one.",
            Settings(epochs=100, runs=(descent(0.05, 16), descent(0.05, 4), descent(0.05, 1)), seeds=True),
        ),
        Scenario(
            "decay",
            "Quieting the noise",
            "Batch size 1, twice the same. What happens if the learning rate decays?",
            ("It arrives later", "It stays noisy", "The noise dies out"),
            "The noise dies out, because its floor is proportional to the learning rate. On average over 30 seeds "
            "the second half of the run lies {a.floor:.2g} above the minimum with a constant rate, {b.floor:.2g} with one that falls as 1/k.",
            Settings(
                epochs=100,
                runs=(descent(0.05, 1), descent(0.05, 1, "inverse_time", decay=1 / 64)),
                seeds=True,
            ),
        ),
        Scenario(
            "batch_noise",
            "Four times the batch",
            "A batch's gradient is the mean of its samples' gradients. With 4 samples instead of 1, how much smaller is its error?",
            ("4 times", "About 2 times", "Not at all"),
            "About 2 times: the error of a mean falls as 1/√b, while its cost grows as b. At the start a batch's gradient is off by "
            "{here.spread[of_1]:.3g} with 1 sample, {here.spread[of_4]:.3g} with 4 and {here.spread[of_16]:.3g} with 16: here a little less, "
            "because no sample comes twice in an epoch.",
            Settings(epochs=5, runs=(descent(0.05, 1), descent(0.05, 4), descent(0.05, 16)), batch_lines=True),
        ),
        Scenario(
            "outlier",
            "One outlier",
            "Four points lie on y = 2x, the fifth far below. Where does the squared loss put the line?",
            ("Through the four", "Nearly through the four", "Far away from them"),
            "Far away: its minimum is the line with weight {here.x:.2g} and bias {here.y:.2g}, for the square makes the one large residual count most. The "
            "absolute loss keeps weight {absolute.x:.2g} and bias {absolute.y:.2g}: choose it under Loss. Or drag the point back and watch the minimum move.",
            Settings(
                data="five_points",
                edits=(Edit(4, (5.0, 2.0)),),
                epochs=200,
                start=(3.0, 3.5),
                runs=(descent(0.05), descent(0.02, 1)),
            ),
        ),
        Scenario(
            "scaling",
            "The ravine of flats",
            "Prices of flats by their area. Why is descent so slow, and what would help?",
            ("A larger learning rate", "Smaller batches", "Standardising the area"),
            "Standardising. The condition number is {here.condition:.4g}, so a rate below 2/λmax = {here.stable:.3g} is needed: with 0.005 it takes {slow} updates to get "
            "within 0.002 of the lowest loss, with 0.01 the run diverges at update {b.updates}. With the area standardised the condition number is "
            "{scaled.condition:.3g}, and 0.15 takes {quick} updates: switch on “Scale the features”.",
            Settings(data="flats", epochs=3000, runs=(descent(0.005), descent(0.01))),
        ),
        Scenario(
            "sparse",
            "A weight becomes zero",
            "A classifier with two weights, an L1 penalty on both. What does it do that an L2 penalty does not?",
            ("It makes both smaller", "It makes one exactly 0", "Nothing"),
            "It makes one exactly 0. Without a penalty the weights are {free.x:.3g} and {free.y:.3g}; with L1 of strength 0.3 they are {here.x:.3g} and {here.y:.3g}, "
            "with L2 of the same strength {squares.x:.3g} and {squares.y:.3g}: smaller, but not 0.",
            Settings(data="overlapping", l1=0.3, epochs=100, start=(2.0, 1.5), runs=(descent(0.2), descent(0.05, 8))),
        ),
    )
}
