"""Sentences with numbers, as print sets them: 1.7 × 10⁻⁵ and −3, not 1.7e-05 and -3."""

import re
import string
from typing import Any

__all__ = ["filled"]

SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def filled(template: str, /, **values: Any) -> str:
    """A str.format template with its fields filled in. KeyError: a field that has no value."""
    return _FORMATTER.vformat(template, (), values)


class _Formatter(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        text = str(super().format_field(value, format_spec))
        if not isinstance(value, int | float):
            return text
        text = text.replace("inf", "∞")
        power = re.fullmatch(r"(.*)e([+-]\d+)", text)
        if power:
            text = f"{power[1]} × 10{str(int(power[2])).translate(SUPERSCRIPT)}"
        return text.replace("-", "−")


_FORMATTER = _Formatter()
