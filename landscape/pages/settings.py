"""Everything that can be set on the Explore page, and its form in the address.

One table of properties holds the defaults and what is allowed; the address carries what differs from the defaults, so
that a copied link gives the same page. Parts of a value are joined by "~" and runs by "~~", which stay as they are.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

from landscape.descent.hyperparameters import Hyperparameters
from landscape.descent.line_search import Backtracking
from landscape.descent.optimizers import OPTIMIZERS, Optimizer
from landscape.descent.schedules import SCHEDULES, Schedule
from landscape.descent.stopping import Stopping
from landscape.locale import LANGUAGES
from landscape.objectives.functions import FUNCTIONS

__all__ = ["HEIGHTS", "MOST_RUNS", "MOST_STEPS", "QUANTITIES", "RATES", "RunSettings", "Settings"]

Method = TypeVar("Method", bound=Hyperparameters)

RATES: dict[str, type[Schedule]] = {**SCHEDULES, "backtracking": Backtracking}
"""What may stand where a learning rate stands."""
MOST_RUNS = 6
MOST_STEPS = 10_000
HEIGHTS = ("auto", "linear", "logarithmic")
QUANTITIES = ("loss", "gradient", "distance", "step")


def number(low: float, high: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        value = float(text)
        if not low <= value <= high:
            raise ValueError(text)
        return value

    return read


def whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        value = int(text)
        if not low <= value <= high:
            raise ValueError(text)
        return value

    return read


def one_of(allowed: Iterable[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError(text)
        return text

    return read


def flag(text: str) -> bool:
    return bool(("no", "yes").index(text))


def short(text: str) -> str:
    if len(text) > 1000:
        raise ValueError(text)
    return text


def numbers(count: int) -> Callable[[str], tuple[float, ...]]:
    def read(text: str) -> tuple[float, ...]:
        values = tuple(float(part) for part in text.split("~"))
        if len(values) != count or not all(abs(value) <= 1e9 for value in values):
            raise ValueError(text)
        return values

    return read


def written(value: Any) -> str:
    """A value as it stands in the address."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "~".join(written(part) for part in value)
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


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

    def with_option(self, name: str, value: float) -> "RunSettings":
        """These settings with one option changed."""
        return replace(self, options=tuple(sorted({**dict(self.options), name: value}.items())))

    def __str__(self) -> str:
        parts = [self.optimizer, "auto" if self.learning_rate is None else written(self.learning_rate)]
        if self.schedule != "constant":
            parts.append(f"schedule.{self.schedule}")
        parts += [f"{name}.{written(value)}" for name, value in self.options]
        if self.start:
            parts += [f"x.{written(self.start[0])}", f"y.{written(self.start[1])}"]
        return "~".join(parts if self.visible else [*parts, "hidden"])

    @classmethod
    def read(cls, text: str) -> "RunSettings":
        """The run that an address describes; ValueError if it describes none."""
        optimizer, rate, *rest = text.split("~")
        hidden = "hidden" in rest
        values = dict(part.split(".", 1) for part in rest if part != "hidden")
        schedule = one_of(RATES)(values.pop("schedule", "constant"))
        place = [values.pop(axis) for axis in "xy"] if {"x", "y"} & set(values) else None
        run = cls(
            one_of(OPTIMIZERS)(optimizer),
            None if rate == "auto" else number(0, 1e6)(rate),
            schedule,
            tuple(sorted((name, number(-1e12, 1e12)(value)) for name, value in values.items())),
            numbers(2)("~".join(place)) if place else None,
            not hidden,
        )
        run.method(), run.rate(0.1)  # their own ranges
        allowed = {each.name for kind in (OPTIMIZERS[optimizer], RATES[schedule]) for each in fields(kind)}
        if not set(values) <= allowed:
            raise ValueError(text)
        return run


def setting(default: Any, read: Callable[[str], Any]) -> Any:
    """A property of the page: its default, and how a text from the address is read (ValueError: not understood)."""
    return field(default=default, metadata={"read": read})


def runs(text: str) -> tuple[RunSettings, ...]:
    found = tuple(RunSettings.read(part) for part in text.split("~~")) if text != "none" else ()
    if len(found) > MOST_RUNS:
        raise ValueError(text)
    return found


DEFAULT_RUNS = (
    RunSettings("gradient_descent", 0.01),
    RunSettings("momentum", 0.01),
    RunSettings("adam", 0.1),
)


@dataclass(frozen=True)
class Settings:
    """The whole page. A field's metadata reads it from the address."""

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
    runs: tuple[RunSettings, ...] = setting(DEFAULT_RUNS, runs)
    focus: int = setting(0, whole(0, MOST_RUNS - 1))
    curve: str = setting("loss", one_of(QUANTITIES))
    logarithmic: bool = setting(True, flag)
    scenario: str = setting("", short)
    revealed: bool = setting(False, flag)
    lang: str = setting("", one_of(["", *LANGUAGES]))
    projector: bool = setting(False, flag)

    def address(self, base: "Settings | None" = None) -> dict[str, str]:
        """The parameters of the address: what differs from `base`, by default the defaults."""
        changed = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if value != getattr(base or type(self)(), each.name):
                changed[each.name] = "~~".join(map(str, value)) or "none" if each.name == "runs" else written(value)
        return changed

    @classmethod
    def read(cls, address: Mapping[str, str], base: "Settings | None" = None) -> tuple["Settings", list[str]]:
        """The settings of an address over `base`, and the names of the parameters that were not understood."""
        known = {each.name: each for each in fields(cls)}
        values, refused = {}, []
        for name, text in address.items():
            try:
                values[name] = known[name].metadata["read"](text)
            except (KeyError, ValueError, OverflowError):
                refused.append(name)
        settings = replace(base or cls(), **values)
        if settings.view and not settings.well_formed_view():
            settings, refused = replace(settings, view=None), [*refused, "view"]
        return replace(settings, focus=min(settings.focus, max(0, len(settings.runs) - 1))), refused

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
