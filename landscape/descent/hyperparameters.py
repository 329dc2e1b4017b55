"""Numbers that people set: a field declares its default, range, symbol and meaning once.

Validation, widgets and the formulas on the page all read the same metadata of the dataclass field.
"""

import math
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any

import numpy as np


def hyperparameter(
    default: Any = MISSING, *, minimum: float, maximum: float, symbol: str, help: str, scale: str = "linear"
) -> Any:
    """A dataclass field with an inclusive range, a LaTeX symbol, an English explanation and a scale for its widget.

    An infinite end of the range means that any finite number is allowed there. With the default None, None is too.
    """
    metadata = {"minimum": minimum, "maximum": maximum, "symbol": symbol, "help": help, "scale": scale}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True)
class Hyperparameters:
    """Base of everything with settings; ValueError names the field that is out of its range, and the range.

    A setting may be an array: one value for each of many lanes that run at once.
    """

    def __post_init__(self) -> None:
        for setting in fields(self):
            value = getattr(self, setting.name)
            if value is None and setting.default is None:
                continue
            if not _fits(value, setting):
                raise ValueError(
                    f"{type(self).__name__}: {setting.name} must be {_range(setting)}, but it is {value!r}."
                )
            if not isinstance(value, np.ndarray):  # NumPy's scalars are slow and may be of low precision
                object.__setattr__(self, setting.name, int(value) if setting.type is int else float(value))


def _fits(value: Any, setting: Field[Any]) -> bool:
    numbers = np.asarray(value)
    low, high = setting.metadata["minimum"], setting.metadata["maximum"]
    return (
        not isinstance(value, list | tuple)
        and numbers.dtype.kind in ("iu" if setting.type is int else "iuf")
        and bool(np.all((low <= numbers) & (numbers <= high) & np.isfinite(numbers)))
    )


def _range(setting: Field[Any]) -> str:
    number = "a whole number" if setting.type is int else "a number"
    low, high = setting.metadata["minimum"], setting.metadata["maximum"]
    if math.isfinite(high):
        return f"{number} from {low:g} to {high:g}"
    return f"a finite number of at least {low:g}" if math.isfinite(low) else "a finite number"
