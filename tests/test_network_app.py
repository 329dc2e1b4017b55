"""The network's page in a real Chromium: stepping through a pass, training, and a phone."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

READY = "() => document.querySelector('.network')?.dataset.step !== undefined"
TOO_WIDE = """() => [...document.querySelectorAll('.stMain *')]
    .filter((e) => e.checkVisibility() && !e.closest('.unseen, .array, .formulas, .panel, .katex, svg'))
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
    .map((e) => `${e.tagName}.${e.className}`).slice(0, 5)"""


@pytest.fixture
def visit(open_page, settle):
    """A function that opens the page and waits for its picture."""

    def visit(address="", **screen):
        page = open_page(f"/network?{address}", **screen)
        page.wait_for_function(READY)
        settle(page)
        return page

    return visit


def title(page):
    return page.locator(".network .panel h3").inner_text()


def at(page, step):
    page.wait_for_function(f"() => document.querySelector('.network').dataset.step === '{step}'")


def test_a_pass_is_stepped_through_and_nothing_is_shown_before_its_step(visit):
    page = visit("lang=en")
    assert title(page) == "The batch"
    assert page.locator(".network .picture svg[role=img] circle + text").count() == 2  # the two inputs
    assert page.locator(".network .track i").count() == 0
    heading = page.locator(".network svg[role=img] text").first.bounding_box()
    columns = page.locator(".network svg[role=img] circle").evaluate_all(
        "(all) => all.map((each) => each.getBoundingClientRect().top)"
    )
    assert 0 < min(columns) - heading["y"] < 50, "the columns' names stand over the units"
    page.keyboard.press("ArrowRight")
    at(page, 1)
    assert title(page) == "Forward: weights and bias of layer 1"
    page.get_by_role("button", name="One step on (→)").click()
    at(page, 2)
    page.keyboard.press("End")
    at(page, 13)
    assert title(page) == "The loss after the update"
    assert re.search(r"the loss fell from 0\.\d+ to 0\.\d+", page.locator(".network .panel").inner_text())
    assert page.locator(".network .track").count() == 2
    assert "both ways lead to the same gradient" in page.locator(".network .check").inner_text()
    assert page.locator(".network .arrays .array").count() > 15
    captions = page.locator(".network .arrays figcaption span:first-of-type").all_inner_texts()
    assert {"4 × 2", "2 × 4", "4"} <= set(captions), "each array says how large it is"
    assert all(re.fullmatch(r"\d+( × \d+)?", caption) for caption in captions)
    page.keyboard.press("Home")
    at(page, 0)
    assert page.locator(".network .arrays .array").count() == 6
    assert "both ways" not in page.locator(".network .check").inner_text()
    page.wait_for_url(re.compile(r"\?lang=en#step=0$"))


def test_the_step_that_is_looked_at_is_in_the_address(visit, settle):
    page = visit("lang=en#step=3")
    at(page, 3)
    entries = page.evaluate("history.length")
    for step in (4, 5):
        page.keyboard.press("ArrowRight")
        page.wait_for_url(re.compile(f"#step={step}"))
        settle(page)
        at(page, step)
    assert page.evaluate("history.length") == entries, "no way back leads through the steps"
    page.get_by_role("button", name="+10", exact=True).click()
    page.wait_for_url(re.compile("steps=10#step=5"))
    page.keyboard.press("Home")
    page.wait_for_url(re.compile("steps=10#step=0$"))
    settle(page)
    page.go_back()
    page.wait_for_url(re.compile(r"lang=en#step=5$"))
    at(page, 5)
    page.goto(page.url.replace("step=5", "step=99"))
    at(page, 13)


def test_a_number_of_the_result_shows_its_sum(visit):
    page = visit("lang=en")
    page.keyboard.press("ArrowRight")
    at(page, 1)
    table = page.locator(".network table.result")
    table.locator("td").nth(5).click()
    first = page.locator(".network .sum").inner_text()
    assert re.fullmatch(r"0 · .+ \+ 1 · .+ = .+", first)
    page.keyboard.press("ArrowDown")
    assert page.locator(".network .sum").inner_text() != first
    at(page, 1)  # the arrow belongs to the table
    assert page.locator(".network td.picked").count() == 1


def test_a_hundred_steps_of_training_lower_the_loss_and_the_place_in_the_pass_is_kept(visit, settle):
    page = visit("lang=en")
    page.keyboard.press("ArrowRight")
    at(page, 1)
    weights = page.locator(".network .panel .array").nth(2).inner_text()
    for more, steps in (("+1", "1"), ("+100", "101")):
        page.get_by_role("button", name=more, exact=True).click()
        page.wait_for_function("steps => location.search.endsWith(`steps=${steps}`)", arg=steps)
        settle(page)
    assert parse_qs(urlsplit(page.url).query)["steps"] == ["101"]
    before, after = re.search(r"loss ([\d.]+) → ([\d.]+)", page.locator(".st-key-train").inner_text()).groups()
    assert float(after) < float(before) / 5
    at(page, 1)
    assert page.locator(".network .panel .array").nth(2).inner_text() != weights
    page.locator(".figure .scatterlayer .trace").first.wait_for()
    _, last = page.evaluate("() => document.querySelector('.st-key-loss_curve .plot')._fullLayout.xaxis.range")
    assert last >= 101, "the axis goes as far as the training does"


def test_the_largest_network_on_a_phone_scrolls_in_its_own_boxes(visit):
    page = visit(
        "hidden=6~6~6&task=clusters&activation=relu&init=he",
        viewport=(390, 844),
        touch=True,
        locale="zh-TW",
        theme="dark",
    )
    for key in ("End", "ArrowLeft", "ArrowLeft"):
        page.keyboard.press(key)
    spoken = page.locator(".network [role=status]").inner_text()
    assert re.match("第 23 步，共 25 步：[^.:]+。", spoken), "the punctuation is of the language"
    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    picture, playback, panel = (
        page.locator(f".network .{part}").bounding_box() for part in ("picture", "playback", "panel")
    )
    assert picture["y"] < playback["y"] < panel["y"]
    chosen = page.locator(".st-key-layers").bounding_box()
    assert picture["y"] + picture["height"] <= 844 < chosen["y"], "the picture comes first"
    box = page.locator(".network .panel .array > div").first
    assert box.evaluate("(e) => e.scrollWidth > e.clientWidth || e.getBoundingClientRect().right <= innerWidth")


def test_dead_units_are_crossed_out_from_the_step_that_finds_them(visit):
    page = visit("scenario=dead&lang=en")
    assert page.locator(".network .picture path").count() == 0
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    at(page, 2)
    assert page.locator(".network .picture path").count() == 2
    assert "dead for this batch" in page.locator(".network .note").inner_text()


def test_keys_open_an_example_with_its_question_and_the_projector(visit, settle):
    page = visit("lang=en")
    page.keyboard.press("1")
    page.locator(".st-key-question").wait_for()
    settle(page)
    assert "which weights learn most slowly" in page.locator(".st-key-question").inner_text()
    assert page.locator(".network .picture circle").count() >= 2 + 3 * 6 + 2
    page.keyboard.press("p")
    page.locator(".network.projector").wait_for()
    settle(page)
    page.set_viewport_size({"width": 1280, "height": 720})
    page.wait_for_function(
        """() => document.querySelector('.network .playback').getBoundingClientRect().bottom <= 720"""
    )
    bar, slider, speed = (
        page.locator(f".network .playback{part}").bounding_box() for part in ("", " input", " select")
    )
    assert speed["x"] + speed["width"] <= bar["x"] + bar["width"]
    assert slider["width"] > 200
    rows = page.locator(".st-key-set_activation button, .st-key-layers input").evaluate_all(
        "(all) => all.map((each) => [each.tagName, each.getBoundingClientRect().top])"
    )
    assert len({tuple(row) for row in rows}) == 2, "the activations are in one row, and so are the layers"
    page.keyboard.press("0")
    page.locator(".st-key-question").wait_for(state="detached")
    settle(page)
    assert parse_qs(urlsplit(page.url).query) == {"lang": ["en"], "projector": ["yes"]}
