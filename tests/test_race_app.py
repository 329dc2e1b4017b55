"""Batches in a real browser, as a lesson goes: the race of three batch sizes, and data that a person pastes."""

import re

import numpy as np
import pytest

import landscape as ls
from landscape.locale import LANGUAGES
from landscape.objectives.samples import SAMPLES

STAGE = ".stage[data-paths][data-space]"


@pytest.fixture
def batches(open_page):
    """A function that opens the page and waits until all of it is drawn."""

    def visit(address="", **visitor):
        page = open_page(f"/batches{address}", **visitor)
        page.wait_for_selector(STAGE)
        return page

    return visit


def winner(page):
    return page.locator(".st-key-results strong").nth(1).inner_text()


CURVES = """() => document.querySelector('.curves .plot').data.map(
    ({ name, mode, fill, y }) => ({ name, mode, fill, y: Array.from(y) })
)"""
POINT = """([run, k]) => {
    const plot = document.querySelector('.curves .plot'), { xaxis, yaxis } = plot._fullLayout;
    const { left, top } = plot.getBoundingClientRect();
    const { x, y } = plot.data.find(({ name }) => name === run);
    return [left + xaxis._offset + xaxis.d2p(x[k]), top + yaxis._offset + yaxis.d2p(y[k])];
}"""
"""Where on the screen a point of a run's curve is."""
COLOURS = """selector => {
    const canvas = document.querySelector(selector), { width, height } = canvas, found = {};
    const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 250) {
        const colour = [data[i], data[i + 1], data[i + 2]].join();
        found[colour] = (found[colour] ?? 0) + 1;
    }
    return found;
}"""
"""How many pixels of each colour are painted over a plot."""
BLACK, BLUE, RED = ("17,17,17", "31,95,208", "209,53,15")  # of the three runs
LINE = SAMPLES["noisy_line"].samples()
LOSS = ls.LinearRegression(LINE.x, LINE.y)


def follows(drawn, losses):
    """Is a logarithmic curve that of these losses above the minimum, as far as 32 bits tell them apart?"""
    gap = losses - LOSS(LOSS.minimum)
    far = gap > 1e-3
    return far.sum() > len(gap) / 4 and np.array(drawn, float)[far] == pytest.approx(gap[far], rel=1e-2)


def test_the_paths_the_two_losses_and_many_seeds_are_drawn(batches, settle):
    page = batches("?lang=en")
    page.keyboard.press("End")
    settle(page)
    for canvas in (".plane > canvas", ".space > canvas"):
        painted = page.evaluate(COLOURS, canvas)
        assert all(painted.get(colour, 0) > 10 for colour in (BLACK, BLUE, RED)), canvas
    curves = page.evaluate(CURVES)
    sizes = {"Batch size 1": 1, "Batch size 8": 8, "Whole batch (64)": 64}
    walks = {
        name: ls.descend(LOSS, start=(-1.5, 2.5), learning_rate=0.05, epochs=10, batch_size=size)
        for name, size in sizes.items()
    }
    named = {curve["name"]: curve["y"] for curve in curves if curve.get("name")}
    assert named.keys() == walks.keys()
    assert all(follows(named[name], walk.loss) for name, walk in walks.items())
    (own,) = [curve["y"] for curve in curves if curve["mode"] == "markers"]
    assert follows(own[:-1], walks["Batch size 1"].batch_loss), "what the method in focus sees"

    page.mouse.move(*page.evaluate(POINT, ["Whole batch (64)", 5]))
    tip = page.locator(".curves .tip").inner_text()
    assert tip.startswith("Whole batch (64) · update 5\n")
    assert tip.endswith(f"\nloss {walks['Whole batch (64)'].loss[5]:.5g}")
    page.mouse.move(10, 10)
    page.locator(".curves .tip").wait_for(state="hidden")

    before = page.evaluate(COLOURS, ".plane > canvas")
    page.locator(".st-key-set_seeds label").click()
    page.wait_for_function("() => document.querySelector('.curves .plot').data.some(({ fill }) => fill)")
    settle(page)
    curves = page.evaluate(CURVES)
    assert [curve.get("fill") for curve in curves].count("tonexty") == 3, "a band for each run"
    many = ls.repeats(LOSS, start=(-1.5, 2.5), learning_rate=0.05, epochs=10, batch_size=1, seeds=30)
    lower, upper, median = (curve["y"] for curve in curves[:3])
    for drawn, quartile in zip((lower, median, upper), many.quartiles, strict=True):
        assert follows(drawn, quartile)
    after = page.evaluate(COLOURS, ".plane > canvas")
    assert after["255,255,255"] > before["255,255,255"] + 100, "the end points, white with the run's colour around them"


def test_three_methods_race_and_the_winner_changes_with_the_axis(batches, settle):
    page = batches("?lang=en")
    names = page.locator(".st-key-set_focus button").all_inner_texts()
    assert [re.sub("^. ", "", name) for name in names] == ["Batch size 1", "Batch size 8", "Whole batch (64)"]
    assert winner(page).startswith("updates: ")
    page.locator("select[name=axis]").select_option("samples")
    page.wait_for_function("() => /axis=samples/.test(location.search)")
    settle(page)
    assert winner(page).startswith("samples seen: Batch size 1 (")
    assert "The winner changes" in page.locator(".st-key-results").inner_text()
    paths = page.locator(".stage").get_attribute("data-paths")
    slider = page.locator(".st-key-set_batch_size input[type=range]")
    slider.focus()
    slider.press("ArrowRight")
    page.wait_for_function("before => document.querySelector('.stage').dataset.paths !== before", arg=paths)
    settle(page)
    assert "Batch size 2" in page.locator(".st-key-set_focus").inner_text()
    assert "batch.2" in page.url
    assert page.locator(".st-key-results table tbody tr").count() == 3
    assert "y = " in page.locator(".data .said").inner_text()
    page.get_by_role("button", name="Hide this run").click()
    page.wait_for_function("() => !document.querySelector('.data .said').textContent")
    assert not page.locator(".cloud .said").inner_text(), "what is hidden is shown nowhere"


def test_a_mistake_in_pasted_data_is_told_and_mended(batches, settle):
    page = batches("?lang=en&data=own")
    before = page.locator(".stage").get_attribute("data-data")
    page.get_by_role("button", name="Paste or upload data").click()
    field = page.locator(".st-key-set_own_text textarea")
    field.fill("hours;points\n1;2\n2;3,5\n3;many\n4;8\n5;9,5\n")
    field.press("Control+Enter")
    beside = page.get_by_test_id("stPopoverBody")
    beside.get_by_text("Line 4, column points: “many” is not a number.").wait_for()
    assert page.locator(".stage").get_attribute("data-data") == before  # the plots stay
    assert field.input_value().startswith("hours;points")  # and what was typed
    field.fill("hours;points\n1;2\n2;3,5\n3;6\n4;8\n5;9,5\n")
    field.press("Control+Enter")
    page.wait_for_function("before => document.querySelector('.stage').dataset.data !== before", arg=before)
    beside.get_by_text("is not a number").wait_for(state="detached")  # the controls come after the plots
    settle(page)
    assert page.get_by_text("is not a number").count() == 0
    assert page.get_by_text("points from hours, n = 5.").count() == 2  # in the popover and under it
    assert re.search(r"points = .* hours", page.locator(".stage .data .said").text_content())


UPLOADS = {
    "an old Chinese encoding": ("面积,价格\n1,2\n2,3\n3,5\n".encode("gb18030"), "价格 from 面积, n = 3."),
    "no text": (b"PK\x03\x04" + bytes(range(256)), "This file is not a text file."),
    "many rows": (b"x,y\n" + b"1,2\n2,3\n3,5\n" * 100_000, "The text has 300000 rows; 2000 of them"),
}


NAMES = {"en": "Choose a file", "zh-Hans": "选择文件", "zh-Hant": "選擇檔案"}
DROPPED = {"en": "Drop the file here", "zh-Hans": "把文件放到这里", "zh-Hant": "把檔案放到這裡"}
DRAG = """field => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['1,2'], 'some.csv', {type: 'text/csv'}));
    field.dispatchEvent(new DragEvent('dragenter', {dataTransfer, bubbles: true, cancelable: true}));
}"""
REFUSED = {
    "en": "This file has more than 64 MB.",
    "zh-Hans": "此文件超过 64 MB。",
    "zh-Hant": "此檔案超過 64 MB。",
}


def test_the_field_for_files_speaks_the_language_of_the_page(batches, settle, choose, tmp_path):
    page = batches("?lang=en&data=own")
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(64 * 2**20 + 1)
    for lang in NAMES:
        if lang != "en":
            choose(page, "lang", LANGUAGES[lang])
            page.wait_for_function("lang => document.querySelector('.stage').lang === lang", arg=lang)
            settle(page)
        field_speaks(page, lang, large)


def field_speaks(page, lang, large):
    page.locator(".st-key-own_data button").click()
    field = page.get_by_test_id("stFileUploaderDropzone")
    assert f'button "{NAMES[lang]}"' in field.aria_snapshot()
    assert not re.search("Upload|per file", field.aria_snapshot() + field.inner_text())
    field.evaluate(DRAG)
    over = field.get_by_text("Drag and drop")
    over.wait_for()
    assert over.evaluate("e => [getComputedStyle(e).fontSize, getComputedStyle(e, '::after').content]") == [
        "0px",
        f'"{DROPPED[lang]}"',
    ]
    page.set_input_files("input[type=file]", large)
    page.locator("[aria-invalid=true]").wait_for()
    sentence = "e => getComputedStyle(e, '::after').content"
    assert REFUSED[lang] in page.get_by_test_id("stFileChips").evaluate(sentence)
    page.keyboard.press("Escape")


def test_files_are_uploaded_and_each_gets_its_sentence(batches, settle):
    page = batches("?lang=en&data=own")
    page.get_by_role("button", name="Paste or upload data").click()
    for name, (content, sentence) in UPLOADS.items():
        page.set_input_files("input[type=file]", {"name": f"{name}.csv", "mimeType": "text/csv", "buffer": content})
        page.get_by_text(sentence).first.wait_for()
        settle(page)
    assert page.get_by_test_id("stAlert").count() == 0, "a mistake is forgotten with the next file"
