"""What the worst texts cost that anybody can type: seconds and memory until their landscape and runs are ready.

Run: python -m benchmarks.formula. Beside them stands Himmelblau's function typed as a formula, in the same run. The
worst are those of tests/test_formula.py; the limit is 2 s and 200 MB for any of them, whatever it says.
"""

import time
import tracemalloc
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from landscape.pages.explore.scene import Scene
from landscape.pages.explore.settings import Settings
from tests.test_formula import WORST

PLAIN = "(x^2 + y - 11)^2 + (x + y^2 - 7)^2"


def shown(text: str) -> None:
    """All that the Explore page computes of a formula."""
    scene = Scene(Settings(function="", formula=text))
    scene.landscape("light", "en")
    assert all(descent.trajectory.loss.size for descent in scene.descents)


def seconds(text: str) -> float:
    shown("x + y")  # what is loaded once
    before = time.perf_counter()
    shown(text)
    return time.perf_counter() - before


def megabytes(text: str) -> float:
    tracemalloc.start()
    shown(text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


if __name__ == "__main__":
    # Each in a process of its own, where no cache knows the text.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as fresh:
        for text in (PLAIN, *WORST):
            spent, held = (fresh.submit(measure, text).result() for measure in (seconds, megabytes))
            print(f"{text[:32]:32} {spent:6.2f} s {held:6.0f} MB", flush=True)
