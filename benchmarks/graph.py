"""A computational graph of 31 nodes laid out and drawn in a real Chromium, beside one of 4.

Run: python -m benchmarks.graph. Needs Playwright and /usr/bin/chromium. The layout is measured from Graphviz's start to
the graph in its place; beside it the whole way from the Enter key in the formula's field to the picture, with server,
messages and the fields of the inputs. Figures are medians, with the least and the largest behind them; both pages take
turns.
"""

from playwright.sync_api import Browser, sync_playwright

from benchmarks.page import FLAGS, QUIET, WATCH, show, visit
from benchmarks.server import APP, serving

# A formula that differs in one constant's place has a layout of its own.
FORMULAS = {
    "4 nodes": ("a*b + {k}", "a*b - {k}"),
    "31 nodes": (
        "(tanh(w1*x1 + w2*x2 + b)*v1 + sigmoid(u1*x1 + u2*x2 + b)*v2 - y)^2 + {k}c + sin(c*x1)",
        "(tanh(w1*x1 + w2*x2 + b)*v1 + sigmoid(u1*x1 + u2*x2 + b)*v2 - y)^2 - {k}c + sin(c*x1)",
    ),
}
FIELD = ".st-key-set_formula input"
START = """() => document.querySelector(".stGraphVizChart").__graphviz__.on("start", () => {
    window.started = performance.now() - window.pressed;
})"""
TIMES = 12


def layout(browser: Browser) -> None:
    """How long a graph takes that was not drawn before."""
    with serving(APP) as (host, _):
        pages = [visit(browser, f"http://{host}/chain-rule", ".graph-stage[data-drawn]") for _ in FORMULAS]
        for page in pages:
            page.evaluate(WATCH, [".graph-stage", "data-drawn"])
            page.evaluate(START)
        took: list[list[tuple[float, float]]] = [[] for _ in FORMULAS]
        for k in range(TIMES):
            for page, texts, times in zip(pages, FORMULAS.values(), took, strict=True):
                page.locator(FIELD).fill(texts[k % 2].format(k=k // 2 + 2))
                page.locator(FIELD).press("Enter")
                page.wait_for_function("() => window.took")
                page.evaluate(QUIET, 500)
                times.append(page.evaluate("[window.took, window.took - window.started]"))
    for name, times in zip(FORMULAS, took, strict=True):
        whole, layouts = (list(each) for each in zip(*times[2:], strict=True))  # the first warm up
        show(f"{name}: layout", layouts, "ms", target="300 ms")
        show(f"{name}: Enter to picture", whole, "ms")


if __name__ == "__main__":
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        print(f"layout: {layout.__doc__}")
        layout(chromium)
        chromium.close()
