"""How a number reads: 0.05, −2.5, 6.2 × 10⁻⁹; as plain text and as LaTeX."""

import math
from decimal import Decimal

__all__ = ["aligned", "apart", "latex", "plain"]

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def plain(value: float, digits: int = 5) -> str:
    """A number with so many significant digits at most; "–" where there is none. No line ends inside of it."""
    sign, size, power = _parts(value, digits)
    return sign.replace("-", "−") + _joined(
        size, "\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}", f"10{power.translate(SUPERSCRIPTS)}" if power else ""
    )


def latex(value: float, digits: int = 5) -> str:
    """The same as LaTeX."""
    sign, size, power = _parts(value, digits)
    size = size.replace("∞", r"\infty").replace("–", r"\text{–}")
    return sign + _joined(size, r" \cdot ", f"10^{{{power}}}" if power else "")


def apart(first: float, second: float, digits: int = 4, most: int = 17) -> int:
    """How many significant digits two numbers need, so that their difference shows so many of its own."""
    gap, size = abs(first - second), max(abs(first), abs(second))
    if not (math.isfinite(gap) and size > 0):
        return digits
    return most if not gap else max(digits, min(most, math.floor(math.log10(size / gap)) + digits))


def aligned(first: float, second: float, digits: int = 6, most: int = 18) -> tuple[int, int, int]:
    """How many significant digits each of two numbers needs so that both end at the same place and their difference
    shows so many of its own; and how many what comes of it may have, so that whoever subtracts finds the same."""
    gap, size = abs(first - second), max(abs(first), abs(second))
    if not (math.isfinite(gap) and gap > 0):
        return _shortest(first), _shortest(second), digits - 1
    place = max(_power(gap) - digits + 1, _power(size) - most + 1)
    shown = [max(4, _power(each) - place + 1) if each else digits for each in (first, second)]
    whole = all(Decimal(f"{each:.{n - 1}e}") == Decimal(each) for each, n in zip((first, second), shown, strict=True))
    return shown[0], shown[1], max(1, _power(gap) - place + whole)


def _shortest(value: float) -> int:
    """How many significant digits tell a number from every other float."""
    return len(Decimal(repr(float(value))).normalize().as_tuple().digits) if math.isfinite(value) else 1


def _power(value: float) -> int:
    return math.floor(math.log10(abs(value)))


def _parts(value: float, digits: int) -> tuple[str, str, str]:
    """Sign, digits and power of ten, the last empty where the number is read better without."""
    if math.isnan(value):
        return "", "–", ""
    sign = "-" if value < 0 else ""
    if math.isinf(value):
        return sign, "∞", ""
    size, power = f"{abs(value):.{digits - 1}e}".split("e")
    if value == 0 or -4 < int(power) < max(digits, 5):
        text = f"{abs(value):.{max(0, digits - 1 - int(power))}f}"
        return sign, _trimmed(text), ""
    return sign, _trimmed(size), str(int(power))


def _joined(size: str, times: str, power: str) -> str:
    return power if power and size == "1" else f"{size}{times}{power}" if power else size


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
