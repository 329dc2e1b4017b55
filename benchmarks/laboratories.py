"""The laboratories in a real Chromium: from a key on a slider to the figure drawn, beside the floor page.

Run: python -m benchmarks.laboratories. Needs Playwright and /usr/bin/chromium. Figures are medians, with the least and
the largest behind them; the two pages take turns, so that what else the machine does falls on both alike.
"""

from collections.abc import Iterator
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.page import FLAGS, QUIET, WATCH, changes, received, show, visit
from benchmarks.server import APP, DEFAULTS, SLIDER, serving

H = ".st-key-set_h input[type=range]"


def handle(key: str, name: str) -> str:
    return f".st-key-{key} .handle[data-id={name}]"


def drawn(key: str) -> tuple[str, str]:
    return f".st-key-{key} .figure", "data-drawn"


class Change(NamedTuple):
    """Something that is moved by a key, or typed into, on a page, and the element or attribute that answers."""

    path: str
    moved: str
    answer: tuple[str, str]
    typed: bool = False
    turn: int = 5
    """How many steps are made one way before as many back."""

    @property
    def ready(self) -> str:
        target, attribute = self.answer
        return f"{target}[{attribute}]" if attribute else target


FLOOR = Change("", "input[type=range]", (".st-key-line", ""))
LABORATORIES = {
    "slope: h, curve and secant": Change("slope?h=0.01", H, drawn("slope")),
    "slope: h, magnifier": Change("slope?h=0.01", H, drawn("magnified")),
    "slope: point on the curve": Change("slope?h=0.01", handle("slope", "point"), drawn("slope")),
    "which h: h": Change("step-size", H, drawn("errors")),
    "which h: point x, typed": Change("step-size", ".st-key-set_x input", drawn("errors"), typed=True),
    "plane: point": Change("plane", handle("plane", "point"), drawn("plane")),
    "plane: direction": Change("plane", handle("slopes", "direction"), drawn("plane")),
    "plane: h, numerical and exact": Change("plane", H, (".stMarkdown:has(table)", "")),
    "numpy.gradient: spacing": Change(
        "numpy-gradient", ".st-key-set_intervals input[type=range]", drawn("errors"), turn=3
    ),
    "common functions: x": Change("common-functions", handle("activation", "x"), drawn("activation")),
    "common functions: a logit": Change("common-functions", handle("logits", "x1"), drawn("pushes")),
    "network: h of the differences": Change("network#step=13", H, (".network", "data-serial")),
}


def slider(browser: Browser) -> None:
    """From a key to the figure drawn; each page takes turns with the floor page, and no other is open beside them."""
    with serving(SLIDER, *DEFAULTS) as (least, _), serving(APP) as (app, _):
        for name, change in LABORATORIES.items():
            pair = [
                (visit(browser, f"http://{host}/{each.path}", each.ready), each)
                for host, each in ((least, FLOOR), (app, change))
            ]
            for page, each in pair:
                page.evaluate(QUIET, 1000)
                page.evaluate(WATCH, each.answer)
            turns = zip(*(made(each, page, 16) for page, each in pair), strict=True)
            took = [[page.evaluate("window.took") for page, _each in pair] for _turn in turns]
            for page, _each in pair:
                page.context.close()
            floor, times = (list(each) for each in zip(*took[4:], strict=True))  # the first warm up
            show(name, times, "ms", beside=floor, target="1.6 ×")


def made(change: Change, page: Page, count: int) -> Iterator[None]:
    """As `changes`; what is typed into gets numbers, each with the Enter key."""
    if not change.typed:
        yield from changes(page, change.moved, count, change.turn)
        return
    for index in range(count):
        page.locator(change.moved).fill(f"{1.1 + index % 7 / 10:.1f}")
        page.locator(change.moved).press("Enter")
        page.wait_for_function("() => window.took")
        page.evaluate(QUIET, 500)
        yield


def bytes_per_change(browser: Browser) -> None:
    """What the server sends for a change: its messages, and what of them is on the wire."""
    with serving(APP) as (host, _):
        for name, change in LABORATORIES.items():
            if not change.typed:
                messages, wire = received(browser, host, change.path, change.moved, change.ready)
                show(name, messages, "KB")
                show("  compressed, as it is sent", wire, "KB")


if __name__ == "__main__":
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for section in (slider, bytes_per_change):
            print(f"{section.__name__}: {section.__doc__}")
            section(chromium)
        chromium.close()
