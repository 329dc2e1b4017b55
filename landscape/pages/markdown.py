"""Text of a person inside Streamlit's Markdown: shown as it was typed."""

import re

__all__ = ["literal"]


def literal(text: str) -> str:
    """The Markdown that shows exactly this text: no emphasis, link, formula or icon comes of it."""
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|$~:&])", r"\\\1", text)
