"""Text of a person inside Streamlit's Markdown: shown as it was typed."""

import re

__all__ = ["literal", "quoted"]

LONGEST = 60  # letters that are quoted


def literal(text: str) -> str:
    """The Markdown that shows exactly this text: no emphasis, link, formula or icon comes of it."""
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|$~:&])", r"\\\1", text)


def quoted(text: str) -> str:
    """The same, and of a long text its beginning."""
    return literal(text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…")
