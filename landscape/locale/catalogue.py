"""The .po files: bringing them up to date with the source, and finding what is wrong with them."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

__all__ = ["faults", "read", "updated", "write"]

HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""

MARKUP = {
    "field": r"\{(?:[^{}]|\{[^{}]*\})*\}",
    "formula": r"\$[^$]+\$",
    "code": r"`[^`]+`",
    "icon": r":\w+(?:/\w+)?:",
    "address": r"\]\([^)]*\)",
    "emphasis": r"\*+",
    "tag": r"<[^<>]+>",
    "line break": r"\n",
}
"""What a translation has to carry over as it is, in whatever order."""

ENDS = {".": "。", "?": "？", "!": "！", ":": "：", "…": "…"}
"""The last character of a sentence, and of its translation into Chinese."""

ENCODINGS = {"zh_Hans": "gb2312", "zh_Hant": "big5"}
"""Each of these old character sets has one of the two scripts, and lacks what only the other one writes."""


def read(text: str, language: str) -> Catalog:
    """A catalogue from the text of a .po file; `language` is a tag of LANGUAGES."""
    from babel.messages.pofile import read_po

    return read_po(io.BytesIO(text.encode()), locale=language.replace("-", "_"), abort_invalid=True)


def write(catalogue: Catalog) -> str:
    """The text of a .po file, without dates and line numbers, so that it changes only where a text does."""
    from babel.messages.pofile import write_po

    body = io.BytesIO()
    write_po(body, catalogue, width=0, omit_header=True, include_lineno=False)
    return HEADER.format(language=catalogue.locale) + body.getvalue().decode()


def updated(catalogue: Catalog, messages: dict[str, list[str]]) -> Catalog:
    """The catalogue of exactly these messages (text to files), in their order, each with the translation it had."""
    from babel.messages.catalog import Catalog

    fresh = Catalog(locale=catalogue.locale)
    for text, files in messages.items():
        old = catalogue.get(text)
        fresh.add(
            text,
            old.string if old else "",
            locations=[(file, 1) for file in files],
            flags=old.flags if old else (),
            user_comments=old.user_comments if old else (),
        )
    return fresh


def faults(catalogue: Catalog, messages: dict[str, list[str]]) -> Iterator[str]:
    """A sentence for each text that is missing, stale, untranslated, unsure or translated into something else."""
    language = str(catalogue.locale)
    known = {str(message.id): message for message in catalogue if message.id}
    for text in messages.keys() - known.keys():
        yield f"{language}: missing: {text!r}"
    for text in known.keys() - messages.keys():
        yield f"{language}: stale: {text!r}"
    for text, message in known.items():
        translated = str(message.string)
        if not translated:
            yield f"{language}: not translated: {text!r}"
            continue
        if message.fuzzy:
            yield f"{language}: marked fuzzy: {text!r}"
        for kind, pattern in MARKUP.items():
            if Counter(re.findall(pattern, text)) != Counter(re.findall(pattern, translated)):
                yield f"{language}: another {kind}: {text!r} as {translated!r}"
        if ENDS.get(text[-1]) != (translated[-1] if translated[-1] in ENDS.values() else None):
            yield f"{language}: ends otherwise: {text!r} as {translated!r}"
        if re.search(r"[\u4e00-\u9fff][,;:?!.]", translated):
            yield f"{language}: Western punctuation after a Chinese character: {translated!r}"
        strange = [c for c in translated if "\u4e00" <= c <= "\u9fff" and not _encodes(c, ENCODINGS[language])]
        if strange:
            yield f"{language}: characters of another script, {''.join(strange)}: {translated!r}"


def _encodes(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
