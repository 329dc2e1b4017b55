"""The laboratories in a real Chromium: from a key on a slider to the figure drawn, beside the floor page.

Run: python benchmarks/laboratories.py. Needs Playwright and /usr/bin/chromium. Figures are medians, with the least and
the largest behind them; the pages take turns, so that what else the machine does falls on all of them alike.
"""

from page import FLAGS, WATCH, changes, received, show, visit
from playwright.sync_api import Browser, sync_playwright
from server import APP, DEFAULTS, SLIDER, serving

STEP = ".st-key-set_h input[type=range]"
POINT = ".st-key-slope .handle[data-id=point]"

# What is moved by a key, and the figure that answers.
LABORATORIES = {
    "slope: h, curve and secant": ("slope?h=0.01", STEP, ".st-key-slope .figure"),
    "slope: h, magnifier": ("slope?h=0.01", STEP, ".st-key-magnified .figure"),
    "slope: point on the curve": ("slope?h=0.01", POINT, ".st-key-slope .figure"),
    "which h: h": ("step-size", STEP, ".st-key-errors .figure"),
    "plane: point": ("plane", ".st-key-plane .handle[data-id=point]", ".st-key-plane .figure"),
    "plane: direction": ("plane", ".st-key-slopes .handle[data-id=direction]", ".st-key-plane .figure"),
    "common functions: x": (
        "common-functions",
        ".st-key-activation .handle[data-id=x]",
        ".st-key-activation .figure",
    ),
}


def slider(browser: Browser) -> None:
    """From a key to the figure drawn."""
    with serving(SLIDER, *DEFAULTS) as (floor, _), serving(APP) as (app, _):
        pages = {"slider and a line of text": (visit(browser, f"http://{floor}/", ".st-key-line"), "input[type=range]")}
        pages["slider and a line of text"][0].evaluate(WATCH, [".st-key-line", None])
        for name, (path, moved, drawn) in LABORATORIES.items():
            page = visit(browser, f"http://{app}/{path}", f"{drawn}[data-drawn]")
            page.evaluate(WATCH, [drawn, "data-drawn"])
            pages[name] = (page, moved)
        turns = zip(*(changes(page, moved, 16) for page, moved in pages.values()), strict=True)
        took = [[page.evaluate("window.took") for page, _ in pages.values()] for _ in turns]
        for page, _ in pages.values():
            page.context.close()
    columns = [list(times) for times in zip(*took[4:], strict=True)]  # the first warm up
    for name, times in zip(pages, columns, strict=True):
        show(name, times, "ms", beside=columns[0], target="1.6 ×" if times is not columns[0] else "")


def bytes_per_change(browser: Browser) -> None:
    """What the server sends for a change: its messages, and what of them is on the wire."""
    with serving(APP) as (host, _):
        for name, (path, moved, drawn) in LABORATORIES.items():
            messages, wire = received(browser, host, path, moved, f"{drawn}[data-drawn]")
            show(name, messages, "KB")
            show("  compressed, as it is sent", wire, "KB")


if __name__ == "__main__":
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for section in (slider, bytes_per_change):
            print(f"{section.__name__}: {section.__doc__}")
            section(chromium)
        chromium.close()
