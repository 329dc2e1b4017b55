"""Everything that can be set on the Explore page."""

from dataclasses import dataclass, replace

from landscape.descent.stopping import Stopping
from landscape.objectives.functions import FUNCTIONS
from landscape.pages.parameters import PageSettings, flag, number, numbers, one_of, setting, short, whole
from landscape.pages.run_settings import MOST_RUNS, RunSettings, runs, written_runs

__all__ = ["HEIGHTS", "MOST_STEPS", "QUANTITIES", "Settings"]

MOST_STEPS = 10_000
HEIGHTS = ("auto", "linear", "logarithmic")
QUANTITIES = ("loss", "gradient", "distance", "step")

DEFAULT_RUNS = (
    RunSettings("gradient_descent", 0.01),
    RunSettings("momentum", 0.01),
    RunSettings("adam", 0.1),
)


@dataclass(frozen=True)
class Settings(PageSettings):
    """The whole page."""

    function: str = setting("himmelblau", one_of([*FUNCTIONS, ""]))
    """A key of FUNCTIONS, or "" for the formula that was typed."""
    formula: str = setting("", short)
    view: tuple[float, ...] | None = setting(None, numbers(4))
    height: str = setting("auto", one_of(HEIGHTS))
    lines: int = setting(24, whole(4, 60))
    field: bool = setting(False, flag)
    arrows: bool = setting(True, flag)
    start: tuple[float, ...] | None = setting(None, numbers(2))
    steps: int = setting(125, whole(1, MOST_STEPS))
    stop_gradient: float = setting(Stopping().gradient, number(0, 1e9))
    stop_step: float = setting(Stopping().step, number(0, 1e9))
    stop_loss: float | None = setting(None, number(-1e12, 1e12))
    divergence: float = setting(Stopping().divergence, number(1, 1e300))
    runs: tuple[RunSettings, ...] = setting(DEFAULT_RUNS, runs(RunSettings), written_runs)
    focus: int = setting(0, whole(0, MOST_RUNS - 1))
    curve: str = setting("loss", one_of(QUANTITIES))
    logarithmic: bool = setting(True, flag)

    def mended(self) -> tuple["Settings", list[str]]:
        """A view that has an area, and a focus on a run that exists."""
        settings = replace(self, focus=min(self.focus, max(0, len(self.runs) - 1)))
        return (replace(settings, view=None), ["view"]) if self.view and not self.well_formed_view() else (settings, [])

    def well_formed_view(self) -> bool:
        """Are the ends of the view in order and not too close together?"""
        left, right, bottom, top = self.view or (0, 0, 0, 0)
        return all(high - low > 1e-9 * max(1, abs(low), abs(high)) for low, high in ((left, right), (bottom, top)))

    def with_run(self, index: int, run: RunSettings) -> "Settings":
        """These settings with one run replaced."""
        return replace(self, runs=(*self.runs[:index], run, *self.runs[index + 1 :]))

    def with_function(self, function: str, *, formula: str) -> "Settings":
        """Another landscape: its own view and start. Learning rates that nobody chose become ones that suit it."""
        untouched = self.scenario != "" or self.runs == DEFAULT_RUNS
        return replace(
            self,
            function=function,
            formula=formula,
            view=None,
            start=None,
            scenario="",
            revealed=False,
            steps=300 if untouched and self.steps == 125 else self.steps,
            runs=tuple(replace(run, learning_rate=None, start=None) for run in self.runs) if untouched else self.runs,
        )

    def stopping(self) -> Stopping:
        """The conditions that end a run."""
        return Stopping(
            gradient=self.stop_gradient, step=self.stop_step, loss=self.stop_loss, divergence=self.divergence
        )
