"""The playback's controls, for every component that has a playhead: HTML, style and words; playback.js moves them."""

from collections.abc import Callable
from pathlib import Path

__all__ = ["CSS", "HTML", "words"]

HTML = Path(__file__).with_suffix(".html").read_text(encoding="utf-8")
CSS = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")


def words(_: Callable[[str], str]) -> dict[str, str]:
    """The texts of the buttons and of the count."""
    return {
        "play": _("Play (space)"),
        "pause": _("Pause (space)"),
        "first": _("To the start (Home)"),
        "back": _("One step back (←)"),
        "forward": _("One step on (→)"),
        "end": _("To the end (End)"),
        "scrub": _("Step"),
        "speed": _("Speed"),
        "stepOf": _("step {k} of {n}"),
        "playbackLabel": _("Playback"),
    }
