"""Page: one page of the app; Scenario: a question that sets it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from landscape.pages.parameters import PageSettings

__all__ = ["Page", "Scenario"]


@dataclass(frozen=True)
class Scenario:
    """A classroom question. It sets the whole page; `answer` is a template that the page's `facts` fill."""

    key: str
    title: str
    question: str
    choices: tuple[str, ...]
    answer: str
    settings: Any

    def opened(self, before: PageSettings) -> Any:
        """The page as this scenario sets it; language and projector stay as they were."""
        return replace(self.settings, scenario=self.key).carried(before)


@dataclass(frozen=True, eq=False)
class Page:
    """A page: its path in the address, what can be set on it, its scenarios, and the function that draws it.

    `facts` makes what a scenario's answer may quote out of the scenario's settings.
    """

    key: str
    name: str
    """In the navigation."""
    title: str
    settings: type[PageSettings]
    draw: Callable[["Page"], None]
    scenarios: dict[str, Scenario] = field(default_factory=dict)
    facts: Callable[[Any], dict[str, Any]] = lambda settings: {}
    heading: str = ""
    """Under which the navigation lists it."""
