"""SCENARIOS: classroom questions. Each sets the whole page and asks first; the answer quotes the runs' own numbers."""

from typing import Any

from landscape.pages.batches.settings import Settings
from landscape.pages.page import Scenario

__all__ = ["SCENARIOS", "facts"]


def facts(settings: Settings) -> dict[str, Any]:
    """The runs' facts under the names a, b, c, …"""
    return {}


SCENARIOS: dict[str, Scenario] = {}
