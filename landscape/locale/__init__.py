"""The languages of the app: English text is the key to its translations, kept in .po files beside this one."""

import functools
import gettext
import io
from collections.abc import Callable
from pathlib import Path

__all__ = ["LANGUAGES", "best_language", "catalogue_path", "translation"]

LANGUAGES = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}
"""BCP 47 tag of each language and its name in that language, in the menu's order."""

TRADITIONAL = {"hant", "tw", "hk", "mo"}


def catalogue_path(language: str) -> Path:
    """The .po file of a language other than English."""
    return Path(__file__).parent / language.replace("-", "_") / "messages.po"


@functools.cache
def translation(language: str) -> Callable[[str], str]:
    """The function from an English text to the same text in one of LANGUAGES; text it does not know stays English.

    ValueError: not one of LANGUAGES.
    """
    if language not in LANGUAGES:
        raise ValueError(f"There is no language {language!r}; there are {', '.join(LANGUAGES)}.")
    if language == "en":
        return lambda text: text
    from babel.messages.mofile import write_mo  # only who reads Chinese waits for Babel
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with catalogue_path(language).open("rb") as file:
        write_mo(compiled, read_po(file, locale=language.replace("-", "_")))
    compiled.seek(0)
    translate = gettext.GNUTranslations(compiled).gettext
    return lambda text: translate(text) if text else text  # gettext keeps its header under the empty text


def best_language(accept: str | None) -> str:
    """The language to greet a visitor in: a browser's locale ("zh-TW") or a whole Accept-Language header (RFC 9110).

    The script of a Chinese locale decides, then its region; English is for everybody else.
    """

    def quality(entry: str) -> float:
        try:
            return float(entry.partition("q=")[2] or 1)
        except ValueError:
            return 0.0

    for entry in sorted((accept or "").lower().split(","), key=quality, reverse=True):
        primary, *subtags = entry.partition(";")[0].strip().replace("_", "-").split("-")
        if primary == "zh":
            return "zh-Hant" if "hans" not in subtags and TRADITIONAL & set(subtags) else "zh-Hans"
        if primary == "en":
            return "en"
    return "en"
