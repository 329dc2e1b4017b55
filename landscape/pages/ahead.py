"""What a person waits for is drawn ahead of everything else that a change of the page sends."""

import time

__all__ = ["drawn_ahead"]

PAUSE = 0.03
"""Seconds in which what was sent reaches a browser and is painted there."""


def drawn_ahead() -> None:
    """Let what was sent so far be drawn before the rest is sent.

    A browser renders all that has come in one go, and the forty controls of a page take it longer than all else does.
    """
    time.sleep(PAUSE)
