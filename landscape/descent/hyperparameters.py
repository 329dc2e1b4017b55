"""Numbers that people set: each field of a method declares its default, range, symbol and meaning once.

Validation, widgets and the formula on the page all read the same metadata of the dataclass field.
"""

from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any

import numpy as np


def hyperparameter(
    default: Any = MISSING, *, minimum: float, maximum: float, symbol: str, help: str, scale: str = "linear"
) -> Any:
    """A dataclass field with an inclusive range, a LaTeX symbol, an English explanation and the widget's scale."""
    metadata = {"minimum": minimum, "maximum": maximum, "symbol": symbol, "help": help, "scale": scale}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True)
class Hyperparameters:
    """Base of every method with settings: refuses a value outside its range by ValueError, naming field and range.

    A value may be an array of lanes (one setting for each of many runs at once); then all of them are checked.
    """

    def __post_init__(self) -> None:
        for setting in fields(self):
            if setting.metadata:
                self._check(setting)

    def _check(self, setting: Field[Any]) -> None:
        value, low, high = getattr(self, setting.name), setting.metadata["minimum"], setting.metadata["maximum"]
        whole = setting.type is int
        try:
            fine = bool(np.all((value >= low) & (value <= high))) and not isinstance(value, bool)
            fine = fine and (not whole or value == int(value))
        except (TypeError, ValueError):
            fine = False
        if not fine:
            kind = "a whole number" if whole else "a number"
            raise ValueError(
                f"{type(self).__name__}: {setting.name} must be {kind} from {low:g} to {high:g}, not {value!r}"
            )
