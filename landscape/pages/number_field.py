"""A field for a number or some, as people write numbers; what is none stays there, with a sentence that says why."""

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import streamlit as st

from landscape.figures.numeral import plain
from landscape.locale.sentence import filled
from landscape.pages.address import bound
from landscape.pages.markdown import quoted

__all__ = ["number_field", "numbers_field", "read_number", "read_numbers", "written_number"]

Translate = Callable[[str], str]
RAISED = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"
LOWERED = str.maketrans(RAISED, "-0123456789")


def number_field(
    label: str,
    low: float,
    high: float,
    *,
    key: str,
    value: float | None,
    act: Callable[[Any], None],
    _: Translate,
    whole: bool = False,
    place: Any = st,
    below: Any = None,
    **look: Any,
) -> None:
    """Show a number from `low` to `high`; `act` gets the one that a person types instead, or None when they empty it.

    Streamlit's own field drops what it does not know, so that −2.8 becomes 2.8 and 0,5 becomes 5. `place` is where the
    field stands and `below` where its sentence does, by default under it.
    """
    _field(
        label,
        written_number(value),
        key=key,
        read=lambda text: read_number(text, low, high, whole, _),
        act=act,
        place=place,
        below=below,
        _=_,
        **look,
    )


def numbers_field(
    label: str,
    low: float,
    high: float,
    most: int,
    *,
    key: str,
    values: Sequence[float],
    act: Callable[[Any], None],
    _: Translate,
    **look: Any,
) -> None:
    """Show up to `most` numbers, with commas between them; `act` gets what a person types instead, as number_field."""
    _field(
        label,
        ", ".join(map(written_number, values)),
        key=key,
        read=lambda text: read_numbers(text, low, high, most, _),
        act=act,
        place=st,
        below=None,
        _=_,
        **look,
    )


def _field(
    label: str,
    shown: str,
    *,
    key: str,
    read: Callable[[str], Any],
    act: Callable[[Any], None],
    place: Any,
    below: Any,
    _: Translate,
    **look: Any,
) -> None:
    """A field that shows a text, and keeps another one that is refused as long as it would show the same without."""
    refused: dict[str, tuple[str, str]] = st.session_state.setdefault("refused_numbers", {})

    def take(text: str) -> None:
        refused.pop(key, None)
        try:
            found = read(text)
        except ValueError:
            refused[key] = text, shown
        else:
            act(found)

    text, beside = refused.get(key, ("", ""))
    wrong = key in refused and beside == shown  # by another way the number was changed since
    place.text_input(label, **bound(key, text if wrong else shown, take), **look)
    if wrong:
        try:
            read(text)
        except ValueError as sentence:
            (below or place).error(_("{field}: {sentence}").format(field=label, sentence=sentence))


def read_number(text: str, low: float, high: float, whole: bool, _: Translate) -> float | None:
    """The number that a text means, None for an empty one; ValueError, whose text is Markdown, says what is wrong.

    Understood are −3 and -3, 0.5 and 0,5, 5e-4, 5 × 10⁻⁴ and 10^-4, also in the wide letters of an East Asian keyboard.
    """
    raised = re.sub(f"[{RAISED}]+", lambda power: f"^{power[0].translate(LOWERED)}", text)
    plainer = re.sub(r"\s", "", unicodedata.normalize("NFKC", raised)).replace("−", "-").replace("。", ".").lower()
    if power := re.fullmatch(r"([+-]?)(?:(.+)[×*·])?10(?:\^|\*\*)(.+)", plainer):
        plainer = f"{power[1]}{power[2] or 1}e{power[3]}"
    if not plainer:
        return None
    if re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", plainer):
        raise ValueError(
            filled(
                _("{text} can be read in two ways. Write {one} or {other}."),
                text=plainer,
                one=plainer.replace(",", ""),
                other=plainer.replace(",", "."),
            )
        )
    if plainer.count(",") == 1 and "." not in plainer:
        plainer = plainer.replace(",", ".")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", plainer):
        raise ValueError(_no_number(text, _))
    found = float(plainer)
    if not low <= found <= high or not math.isfinite(found):
        ends = {"low": plain(low, 12), "high": plain(high, 12)}  # an end may lie close below 1
        value = plain(found, 12) if math.isfinite(found) else quoted(text.strip())
        raise ValueError(filled(_("{value} is out of range: {low} to {high}."), value=value, **ends))
    if whole and found != int(found):
        raise ValueError(filled(_("{value} is no whole number."), value=plain(found, 12)))
    return int(found) if whole else found


def read_numbers(text: str, low: float, high: float, most: int, _: Translate) -> tuple[float, ...] | None:
    """The numbers of a list, None for an empty one; ValueError, whose text is Markdown, says what is wrong.

    A comma with a space beside it stands between two numbers. So do spaces, semicolons and the commas of Chinese, and
    beside those a bare comma is the decimal sign: 0,5 1,5. Bare commas alone stand between numbers, 1,2,3; but 0,5
    alone could be one number or two.
    """
    bare = text.strip("()[],;，；、 \t")
    if not bare:
        return None
    parts = re.split(r"\s*[;；，、]\s*|\s+,\s*|,\s+|\s+", bare)
    if parts == [bare]:
        if re.fullmatch(r"[+−-]?\d+,\d+(e[+−-]?\d+)?", bare, re.IGNORECASE):
            raise ValueError(
                filled(
                    _("{text} can be read in two ways. Write {one} or {other}."),
                    text=bare,
                    one=bare.replace(",", "."),
                    other=bare.replace(",", ", "),
                )
            )
        parts = bare.split(",")
    if len(parts) > most:
        raise ValueError(_("At most {count} numbers can be shown.").format(count=most))
    found = tuple(each for part in parts if (each := read_number(part, low, high, False, _)) is not None)
    if len(found) < len(parts):
        raise ValueError(_no_number(text, _))
    return found


def _no_number(text: str, _: Translate) -> str:
    return filled(_("“{text}” is no number. Write it like 0.5, −3 or 2e-4."), text=quoted(text.strip()))


def written_number(value: float | None) -> str:
    """A number as a person would type it, to six digits where it is no whole one: 0.00001, 1234567, 2.5e-8."""
    if value is None:
        return ""
    digits = max(6, len(f"{abs(value):.0f}")) if abs(value) < 1e9 else 6
    size, power = f"{value or 0:.{digits - 1}e}".split("e")
    if -6 <= int(power) < 9:
        return f"{Decimal(f'{size}e{power}').normalize():f}"
    return f"{Decimal(size).normalize():f}e{int(power)}"
