"""PageSettings: everything that can be set on a page, and its form in the address.

One table of properties holds the defaults and what is allowed; the address carries what differs from the defaults, so
that a copied link gives the same page. Parts of a value are joined by "~" and runs by "~~", which stay as they are.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

from landscape.locale import LANGUAGES
from landscape.objectives.notation import MAX_LENGTH

__all__ = [
    "REFUSED",
    "PageSettings",
    "PartlyUnderstood",
    "automatic",
    "flag",
    "formula_setting",
    "number",
    "numbers",
    "one_of",
    "setting",
    "short",
    "whole",
    "written",
]


REFUSED = (KeyError, ValueError, OverflowError)
"""What is raised by a text that is not understood."""


class PartlyUnderstood(ValueError):
    """A text of which a part is kept, while a person is told that the rest was not understood."""

    def __init__(self, kept: Any) -> None:
        super().__init__(kept)
        self.kept = kept


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


def automatic(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """As `read`, and None for what is chosen by itself; that has to be told where a scenario has another value."""
    return lambda text: None if text == "auto" else read(text)


def written(value: Any) -> str:
    """A value as it stands in the address."""
    if value is None:
        return "auto"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "~".join(written(part) for part in value)
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def setting(
    default: Any,
    read: Callable[[str], Any],
    write: Callable[[Any], str] = written,
    fits: Callable[[Any], bool] = lambda value: True,
) -> Any:
    """A property of a page: its default, and its text in the address (`read` raises ValueError: not understood).

    A value that does not fit into an address is kept by the page alone.
    """
    return field(default=default, metadata={"read": read, "write": write, "fits": fits})


def formula_setting(default: str = "") -> Any:
    """The formula that a person types; an address is spared one that is too long to be one."""
    return setting(default, short, fits=lambda text: len(text) <= MAX_LENGTH)


@dataclass(frozen=True)
class PageSettings:
    """What every page has. A page adds its own fields; a field's metadata reads it from the address."""

    scenario: str = setting("", short)
    """The key of the page's scenario that is open, or ""."""
    revealed: bool = setting(False, flag)
    """Is the scenario's answer shown?"""
    lang: str = setting("", one_of(["", *LANGUAGES]))
    projector: bool = setting(False, flag)

    @property
    def asking(self) -> bool:
        """Is a question open whose answer is not shown yet?"""
        return bool(self.scenario) and not self.revealed

    def address(self, base: Self | None = None) -> dict[str, str]:
        """The parameters of the address: what differs from `base`, by default the defaults."""
        default, told = base or type(self)(), self.told
        changed = [each for each in fields(told) if getattr(told, each.name) != getattr(default, each.name)]
        return {each.name: each.metadata["write"](getattr(told, each.name)) for each in changed}

    @property
    def told(self) -> Self:
        """These settings as an address tells them: what does not fit into one is at its default."""
        unfit = [each.name for each in fields(self) if not each.metadata["fits"](getattr(self, each.name))]
        return replace(self, **{name: getattr(type(self), name) for name in unfit})

    @classmethod
    def read(cls, address: Mapping[str, str], base: Self | None = None) -> tuple[Self, list[str]]:
        """The settings of an address over `base`, and the names of the parameters that were not understood."""
        known = {each.name: each for each in fields(cls)}
        values, refused = {}, []
        for name, text in address.items():
            try:
                values[name] = known[name].metadata["read"](text)
            except PartlyUnderstood as partly:
                values[name] = partly.kept
                refused.append(name)
            except REFUSED:
                refused.append(name)
        settings, unfit = replace(base or cls(), **values).mended()
        return settings, [*refused, *unfit]

    def mended(self) -> tuple[Self, list[str]]:
        """These settings with what does not fit together at its default, and the names of what a person is told of."""
        return self, []

    def same_subject(self, other: Self) -> bool:
        """Is an answer about the other settings one about these? So it is where moving about is what is asked for."""
        return True

    def carried(self, before: "PageSettings") -> Self:
        """These settings with what goes with a person from page to page: the language, the projector."""
        return replace(self, lang=before.lang, projector=before.projector)
