"""RunSettings: one run of a comparison as a person sets it, and its form in the address."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from typing import Self, TypeVar

from landscape.descent.descend import Trajectory
from landscape.descent.hyperparameters import Hyperparameters
from landscape.descent.line_search import Backtracking
from landscape.descent.optimizers import OPTIMIZERS, Optimizer
from landscape.descent.schedules import SCHEDULES, Schedule
from landscape.descent.stopping import LARGEST
from landscape.pages.parameters import REFUSED, PartlyUnderstood, number, numbers, one_of, whole, written

__all__ = ["MOST_RUNS", "RATES", "Descent", "RunSettings", "runs", "written_runs"]

Method = TypeVar("Method", bound=Hyperparameters)

RATES: dict[str, type[Schedule]] = {**SCHEDULES, "backtracking": Backtracking}
"""What may stand where a learning rate stands."""
MOST_RUNS = 6


@dataclass(frozen=True)
class RunSettings:
    """One run of the comparison. `options` holds what differs from the defaults of its optimizer and its schedule."""

    optimizer: str
    learning_rate: float | None = None
    """None: one that suits the function."""
    schedule: str = "constant"
    options: tuple[tuple[str, float], ...] = ()
    start: tuple[float, ...] | None = None
    """None: the start of all runs."""
    visible: bool = True
    look: int | None = None
    """Its colour, dash and marker, as an index of the palette's RUNS; None: those of its place among the runs."""

    def method(self) -> Optimizer:
        """The optimizer with its settings."""
        return self._made(OPTIMIZERS[self.optimizer])

    def rate(self, learning_rate: float) -> Schedule:
        """The schedule with its settings, beginning at a learning rate."""
        return self._made(RATES[self.schedule], initial=learning_rate)

    def _made(self, kind: type[Method], **given: float) -> Method:
        known = {each.name: each.type for each in fields(kind) if each.name != "initial"}
        whole = {name for name, value in self.options if known.get(name) is int and value == int(value)}
        chosen = {name: int(value) if name in whole else value for name, value in self.options if name in known}
        return kind(**chosen, **given)

    def with_option(self, name: str, value: float) -> Self:
        """These settings with one option changed."""
        return replace(self, options=tuple(sorted({**dict(self.options), name: value}.items())))

    def __str__(self) -> str:
        parts = [self.optimizer, "auto" if self.learning_rate is None else written(self.learning_rate)]
        if self.schedule != "constant":
            parts.append(f"schedule.{self.schedule}")
        parts += [f"{name}.{written(value)}" for name, value in self.options]
        if self.start:
            parts += [f"x.{written(self.start[0])}", f"y.{written(self.start[1])}"]
        if self.look is not None:
            parts.append(f"look.{self.look}")
        return "~".join(parts if self.visible else [*parts, "hidden"])

    @classmethod
    def read(cls, text: str) -> Self:
        """The run that an address describes; ValueError if it describes none."""
        optimizer, rate, *rest = text.split("~")
        hidden = "hidden" in rest
        values = dict(part.split(".", 1) for part in rest if part != "hidden")
        schedule = one_of(RATES)(values.pop("schedule", "constant"))
        look = values.pop("look", None)
        place = [values.pop(axis) for axis in "xy"] if {"x", "y"} & set(values) else None
        run = cls(
            one_of(OPTIMIZERS)(optimizer),
            None if rate == "auto" else number(0, LARGEST)(rate),
            schedule,
            tuple(sorted((name, number(-1e12, 1e12)(value)) for name, value in values.items())),
            numbers(2)("~".join(place)) if place else None,
            not hidden,
            None if look is None else whole(0, MOST_RUNS - 1)(look),
        )
        run.method(), run.rate(0.1)  # their own ranges
        allowed = {each.name for kind in (OPTIMIZERS[optimizer], RATES[schedule]) for each in fields(kind)}
        if not set(values) <= allowed:
            raise ValueError(text)
        return run


@dataclass(frozen=True)
class Descent:
    """A run of the page: its settings, the learning rate that it began with, and its record."""

    settings: RunSettings
    learning_rate: float
    trajectory: Trajectory


def runs(kind: type[RunSettings]) -> Callable[[str], tuple[RunSettings, ...]]:
    """How an address's runs are read. One that is not understood is left out, and so is one more than there can be, for
    the others are still a comparison."""

    def read(text: str) -> tuple[RunSettings, ...]:
        parts = text.split("~~") if text != "none" else []
        found = []
        for part in parts:
            with suppress(*REFUSED):
                found.append(kind.read(part))
        good = tuple(found[:MOST_RUNS])
        if parts and not good:
            raise ValueError(text)
        if len(good) < len(parts):
            raise PartlyUnderstood(good)
        return good

    return read


def written_runs(runs: tuple[RunSettings, ...]) -> str:
    """Runs as they stand in the address."""
    return "~~".join(map(str, runs)) or "none"
