"""Arrays as the stage is sent them."""

import base64

import numpy as np


def unpacked(text):
    """What landscape/stage/packed.js reads in such a text."""
    if text.startswith("way:"):
        data = base64.b64decode(text[4:])
        return np.cumsum([*np.frombuffer(data[:8], "<f8"), *np.frombuffer(data[8:], "<f4").astype(float)])
    kind, data = ("<f8", text[3:]) if text.startswith("f8:") else ("<f4", text)
    return np.frombuffer(base64.b64decode(data), dtype=kind)
