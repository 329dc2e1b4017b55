"""The laboratories in a real Chromium: from a key on a slider to the figure drawn, beside the floor page.

Run: python benchmarks/laboratories.py. Needs Playwright and /usr/bin/chromium. Figures are medians, with the least and
the largest behind them; the pages take turns, so that what else the machine does falls on all of them alike.
"""

from collections.abc import Iterator

from page import FLAGS, QUIET, WATCH, changes, received, show, visit
from playwright.sync_api import Browser, Page, sync_playwright
from server import APP, DEFAULTS, SLIDER, serving

H = ".st-key-set_h input[type=range]"


def handle(key: str, name: str) -> str:
    return f".st-key-{key} .handle[data-id={name}]"


def drawn(key: str) -> tuple[str, str]:
    return f".st-key-{key} .figure", "data-drawn"


# The page, what is moved there by a key or typed into, and what answers: an element, and its attribute if one tells.
LABORATORIES: dict[str, tuple[str, str, tuple[str, str]]] = {
    "slope: h, curve and secant": ("slope?h=0.01", H, drawn("slope")),
    "slope: h, magnifier": ("slope?h=0.01", H, drawn("magnified")),
    "slope: point on the curve": ("slope?h=0.01", handle("slope", "point"), drawn("slope")),
    "which h: h": ("step-size", H, drawn("errors")),
    "which h: point x, typed": ("step-size", ".st-key-set_x input", drawn("errors")),
    "plane: point": ("plane", handle("plane", "point"), drawn("plane")),
    "plane: direction": ("plane", handle("slopes", "direction"), drawn("plane")),
    "plane: h, numerical and exact": ("plane", H, (".stMarkdown:has(table)", "")),
    "numpy.gradient: spacing": ("numpy-gradient", ".st-key-set_intervals input[type=range]", drawn("fields")),
    "common functions: x": ("common-functions", handle("activation", "x"), drawn("activation")),
    "common functions: a logit": ("common-functions", handle("logits", "x1"), drawn("pushes")),
    "network: h of the differences": ("network?at=13", H, (".network", "data-serial")),
}


def slider(browser: Browser) -> None:
    """From a key to the figure drawn."""
    with serving(SLIDER, *DEFAULTS) as (floor, _), serving(APP) as (app, _):
        pages = {"slider and a line of text": (visit(browser, f"http://{floor}/", ".st-key-line"), "input[type=range]")}
        pages["slider and a line of text"][0].evaluate(WATCH, [".st-key-line", ""])
        for name, (path, moved, (target, attribute)) in LABORATORIES.items():
            page = visit(browser, f"http://{app}/{path}", f"{target}{f'[{attribute}]' if attribute else ''}")
            page.evaluate(WATCH, [target, attribute])
            pages[name] = (page, moved)
        turns = zip(*(moves(page, moved, 16) for page, moved in pages.values()), strict=True)
        took = [[page.evaluate("window.took") for page, _ in pages.values()] for _ in turns]
        for page, _ in pages.values():
            page.context.close()
    columns = [list(times) for times in zip(*took[4:], strict=True)]  # the first warm up
    for name, times in zip(pages, columns, strict=True):
        show(name, times, "ms", beside=columns[0], target="1.6 ×" if times is not columns[0] else "")


def moves(page: Page, moved: str, count: int) -> Iterator[None]:
    """As `changes`; what is no slider gets numbers, each with the Enter key."""
    if "range" in moved or "handle" in moved:
        yield from changes(page, moved, count)
        return
    for index in range(count):
        page.locator(moved).fill(f"{1.1 + index % 7 / 10:.1f}")
        page.locator(moved).press("Enter")
        page.wait_for_function("() => window.took")
        page.evaluate(QUIET, 500)
        yield


def bytes_per_change(browser: Browser) -> None:
    """What the server sends for a change: its messages, and what of them is on the wire."""
    with serving(APP) as (host, _):
        for name, (path, moved, (target, attribute)) in LABORATORIES.items():
            if "typed" in name:
                continue
            messages, wire = received(browser, host, path, moved, f"{target}{f'[{attribute}]' if attribute else ''}")
            show(name, messages, "KB")
            show("  compressed, as it is sent", wire, "KB")


if __name__ == "__main__":
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for section in (slider, bytes_per_change):
            print(f"{section.__name__}: {section.__doc__}")
            section(chromium)
        chromium.close()
