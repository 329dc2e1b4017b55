"""Everything that can be set on the Explore page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from landscape.descent.stopping import Stopping
from landscape.objectives.functions import FUNCTIONS
from landscape.pages.parameters import automatic, formula_setting, number, one_of, setting, whole
from landscape.pages.run_settings import RunSettings, runs, written_runs
from landscape.pages.stage_settings import StageSettings

__all__ = ["MOST_STEPS", "Settings"]

MOST_STEPS = 10_000
STEPS = 125
MORE_STEPS = 300
"""Where the learning rates are chosen by themselves, with care."""

DEFAULT_RUNS = (
    RunSettings("gradient_descent", 0.01),
    RunSettings("momentum", 0.01),
    RunSettings("adam", 0.1),
)


@dataclass(frozen=True)
class Settings(StageSettings):
    """The whole page."""

    function: str = setting("himmelblau", one_of([*FUNCTIONS, ""]))
    """A key of FUNCTIONS, or "" for the formula that was typed."""
    formula: str = formula_setting()
    steps: int = setting(STEPS, whole(1, MOST_STEPS))
    stop_gradient: float | None = setting(None, automatic(number(0, 1e9)))
    """None, as for `divergence`: one that suits the function."""
    stop_step: float = setting(Stopping().step, number(0, 1e9))
    stop_loss: float | None = setting(None, number(-1e12, 1e12))
    divergence: float | None = setting(None, automatic(number(1, 1e300)))
    runs: tuple[RunSettings, ...] = setting(DEFAULT_RUNS, runs(RunSettings), written_runs)

    LANDSCAPE = ("function",)

    def address(self, base: Self | None = None) -> dict[str, str]:
        """As PageSettings; a formula is told with the function, for whoever writes a formula alone wants to see it."""
        told = super().address(base)
        return told | ({"function": self.function} if "formula" in told else {})

    @classmethod
    def read(cls, address: Mapping[str, str], base: Self | None = None) -> tuple[Self, list[str]]:
        """As PageSettings; a formula without a function is the one to show."""
        settings, refused = super().read(address, base)
        alone = settings.formula and "formula" in address and "function" not in address
        return super().read({**address, "function": ""}, base) if alone else (settings, refused)

    def with_function(self, function: str, *, formula: str) -> "Settings":
        """Another landscape, and so many steps as suit it if nobody chose how many.

        A formula that is changed keeps the start and the view that somebody chose for it.
        """
        kept = {} if function or self.function or self.scenario else {"view": self.view, "start": self.start}
        there = self.on_another_landscape(function=function, formula=formula, **kept)
        usual, other = (STEPS, MORE_STEPS) if there.runs == DEFAULT_RUNS else (MORE_STEPS, STEPS)
        return replace(there, steps=usual) if there.runs != self.runs and self.steps == other else there

    def stopping(self, suited: Stopping) -> Stopping:
        """The conditions that end a run; those that nobody chose are as in `suited`."""
        chosen = {"gradient": self.stop_gradient, "divergence": self.divergence}
        given = {name: value for name, value in chosen.items() if value is not None}
        return replace(suited, step=self.stop_step, loss=self.stop_loss, **given)
