"""What the browser is sent, read as it reads it."""

import base64
import json

import numpy as np


def strict(text):
    def refuse(token):
        raise AssertionError(f"{token} is not JSON")

    return json.loads(text, parse_constant=refuse)


def unpacked(text):
    """What landscape/stage/packed.js reads in such a text."""
    if text.startswith("way:"):
        data = base64.b64decode(text[4:])
        return np.cumsum([*np.frombuffer(data[:8], "<f8"), *np.frombuffer(data[8:], "<f4").astype(float)])
    kind, data = ("<f8", text[3:]) if text.startswith("f8:") else ("<f4", text)
    return np.frombuffer(base64.b64decode(data), dtype=kind)


def plotted(values):
    """An array of a Plotly figure, which is packed in its own way."""
    if not isinstance(values, dict):
        return np.array(values, float)
    found = np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"])
    return found.reshape([int(n) for n in str(values["shape"]).split(",")]) if "shape" in values else found
