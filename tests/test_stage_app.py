"""What the stage works out for itself, in a real browser: heights and distances are those of the core."""

import math
import re
from dataclasses import asdict

import numpy as np
import pytest

import landscape as ls
from landscape.figures.height import Height
from landscape.stage.assets import address


def worked_out(page, function, *arguments):
    """What a function of the stage's module height.js makes of arguments."""
    script = """async ([address, name, given]) => {
        const module = await import(new URL(address, document.baseURI).href);
        return Array.from(module[name](...given), (value) => (Number.isNaN(value) ? null : value));
    }"""
    return page.evaluate(script, [address("stage/height.js"), function, arguments])


@pytest.mark.parametrize("logarithmic", [True, False])
def test_paths_are_lifted_like_the_surface(open_page, logarithmic):
    height = Height(logarithmic, lowest=-2.5, unit=0.3, ceiling=400.0)
    losses = [-2.5, -2.4999, 0.0, 17.0, 399.9, 400.1, 1e30, math.nan]
    *lifted, nothing = worked_out(open_page(), "heights", losses, asdict(height))
    assert nothing is None
    np.testing.assert_allclose(lifted, height(losses[:-1]), rtol=1e-12)


def test_the_distance_is_to_the_nearest_minimum(open_page):
    minima, page = ls.FUNCTIONS["himmelblau"].minima, open_page()
    x, y = np.random.default_rng(3).uniform(-5, 5, (2, 40)).tolist()
    nearest = [min(math.dist(point, minimum) for minimum in minima) for point in zip(x, y, strict=True)]
    np.testing.assert_allclose(worked_out(page, "distances", x, y, minima), nearest, rtol=1e-12)
    assert worked_out(page, "distances", x, y, []) == []


def test_a_click_sets_a_start_that_can_be_read(open_page, settle):
    page = open_page("/?function=himmelblau")
    box = page.locator(".stage .plane .nsewdrag").first.bounding_box()
    page.mouse.click(box["x"] + 0.3137 * box["width"], box["y"] + 0.7291 * box["height"])
    page.wait_for_function("() => location.search.includes('start=')")
    start = page.evaluate("new URLSearchParams(location.search).get('start')")
    assert max(len(part.partition(".")[2]) for part in re.split("[~,]", start)) <= 2, start
