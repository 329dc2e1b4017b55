"""StageSettings: what can be set on every page that has the stage, with runs over a landscape."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, Self

from landscape.pages.parameters import PageSettings, automatic, flag, numbers, one_of, setting, whole
from landscape.pages.run_settings import MOST_RUNS, RunSettings, written_runs

__all__ = ["HEIGHTS", "QUANTITIES", "StageSettings"]

HEIGHTS = ("auto", "linear", "logarithmic")
QUANTITIES = ("loss", "gradient", "distance", "step")


@dataclass(frozen=True)
class StageSettings(PageSettings):
    """The view, the start, the curves, and which run is in focus. A page adds `runs`, with its own at first."""

    runs: Any = ()
    view: tuple[float, ...] | None = setting(None, numbers(4))
    """Left, right, bottom and top end; None: chosen by itself."""
    height: str = setting("auto", one_of(HEIGHTS))
    lines: int | None = setting(None, automatic(whole(4, 60)))
    """Contour lines; None: as many as suit the landscape."""
    field: bool = setting(False, flag)
    arrows: bool = setting(True, flag)
    start: tuple[float, ...] | None = setting(None, numbers(2))
    focus: int = setting(0, whole(0, MOST_RUNS - 1))
    curve: str = setting("loss", one_of(QUANTITIES))
    logarithmic: bool = setting(True, flag)

    LANDSCAPE: ClassVar[tuple[str, ...]] = ()
    """The settings that make a landscape; one that is not the first has learning rates of its own."""
    LOOKS: ClassVar[tuple[str, ...]] = (
        *(each.name for each in fields(PageSettings)),
        *("view", "height", "lines", "field", "arrows", "focus", "curve", "logarithmic"),
    )
    """The settings that leave the runs as they are: how they are looked at, and what is shown beside them."""

    def address(self, base: Self | None = None) -> dict[str, str]:
        """As PageSettings; the runs are told with another landscape, which brings learning rates of its own."""
        told = super().address(base)
        if self._elsewhere and _without_runs(base):
            told.pop("runs", None)
            return told if self._suited == self.runs else told | {"runs": written_runs(self.runs)}
        return told

    @classmethod
    def read(cls, address: Mapping[str, str], base: Self | None = None) -> tuple[Self, list[str]]:
        """As PageSettings; whoever names another landscape and no runs gets learning rates that suit it."""
        settings, refused = super().read(address, base)
        if "runs" in refused:
            settings = replace(settings, focus=0)  # it counted those that are left out, too
        unsaid = "runs" not in address or ("runs" in refused and settings.runs == cls().runs)
        if unsaid and settings._elsewhere and _without_runs(base):
            settings = replace(settings, runs=settings._suited)
        return settings, refused

    def on_another_landscape(self, **changes: Any) -> Self:
        """These settings changed, with a view and a start of their own.

        Learning rates that nobody chose become ones that suit; the first landscape has its own.
        """
        first = type(self)()
        runs = self.runs
        if self.scenario or runs == first.runs:
            runs = tuple(replace(run, learning_rate=None, start=None) for run in runs)
        unset = {"view": None, "start": None, "scenario": "", "revealed": False, "runs": runs}
        there = replace(self, **{**unset, **changes})
        return replace(there, runs=first.runs) if runs == self._suited and not there._elsewhere else there

    def same_subject(self, other: Self) -> bool:
        """Is the same on the stage, however it is looked at?"""
        return self._unseen == other._unseen

    @property
    def _unseen(self) -> Self:
        """These settings with what changes only what is seen at its default."""
        runs = tuple(replace(run, visible=True, look=None) for run in self.runs)
        return replace(self, runs=runs, **{name: getattr(type(self), name) for name in self.LOOKS})

    @property
    def _elsewhere(self) -> bool:
        """Is this another landscape than the first?"""
        first = type(self)()
        return any(getattr(self, name) != getattr(first, name) for name in self.LANDSCAPE)

    @property
    def _suited(self) -> tuple[RunSettings, ...]:
        """The runs that an address without any means there."""
        return tuple(replace(run, learning_rate=None) for run in type(self)().runs)

    def mended(self) -> tuple[Self, list[str]]:
        """A view that has an area, a focus on a run that exists, and no two runs that look alike."""
        settings, unfit = replace(self, focus=min(self.focus, max(0, len(self.runs) - 1))), []
        if len({*self.looks}) < len(self.runs):
            settings, unfit = replace(settings, runs=tuple(replace(run, look=None) for run in self.runs)), ["runs"]
        if self.view and not self.well_formed_view():
            settings, unfit = replace(settings, view=None), [*unfit, "view"]
        return settings, unfit

    def well_formed_view(self) -> bool:
        """Are the ends of the view in order and not too close together?"""
        left, right, bottom, top = self.view or (0, 0, 0, 0)
        return all(high - low > 1e-9 * max(1, abs(low), abs(high)) for low, high in ((left, right), (bottom, top)))

    def with_start(self, start: tuple[float, float]) -> Self:
        """Another start for the run in focus: in place of its own if it has one, or of that of all others."""
        run = self.runs[self.focus] if self.runs else None
        if run is None or run.start is None:
            return replace(self, start=start)
        return self.with_run(self.focus, replace(run, start=start))

    def with_run(self, index: int, run: RunSettings) -> Self:
        """These settings with one run replaced."""
        return replace(self, runs=(*self.runs[:index], run, *self.runs[index + 1 :]))

    @property
    def looks(self) -> tuple[int, ...]:
        """Which of the palette's RUNS each run looks like."""
        return tuple(i if run.look is None else run.look for i, run in enumerate(self.runs))

    def with_another(self, run: RunSettings) -> Self:
        """These settings with a run more, in focus; it looks like none of the others."""
        look = next(look for look in range(MOST_RUNS) if look not in self.looks)
        return replace(self, runs=_placed([*self.runs, run], [*self.looks, look]), focus=len(self.runs))

    def without(self, index: int) -> Self:
        """These settings without one run; the others keep their looks."""
        runs, looks = list(self.runs), list(self.looks)
        del runs[index], looks[index]
        return replace(self, runs=_placed(runs, looks), focus=max(0, min(index, len(runs) - 1)))


def _without_runs(base: StageSettings | None) -> bool:
    """Is what an address differs from the first screen, and no scenario that has its own runs?"""
    return base is None or base == type(base)()


def _placed(runs: Sequence[RunSettings], looks: Sequence[int]) -> tuple[RunSettings, ...]:
    pairs = enumerate(zip(runs, looks, strict=True))
    return tuple(replace(run, look=None if look == i else look) for i, (run, look) in pairs)
