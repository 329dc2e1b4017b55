"""The Batches page in a real browser: samples changed by pointer and keys, four axes, what the batch sees."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

import landscape as ls
from landscape.descent.batches import Batches
from landscape.figures.palette import THEMES
from landscape.locale import LANGUAGES
from landscape.objectives.samples import SAMPLES
from landscape.stage.assets import address

STAGE = ".stage[data-paths][data-space]"
PHONE = ".stage[data-paths][data-data]"  # where the surface is drawn on demand
MOVED = "id => document.querySelector('.stage').dataset.data !== id"
FIRST_SAMPLE = """() => {
    const field = document.querySelector('.data .field'), area = field.getBoundingClientRect();
    for (let x = 4; x < area.width; x += 4) for (let y = 4; y < area.height; y += 4) {
        const at = {clientX: area.left + x, clientY: area.top + y, bubbles: true};
        field.dispatchEvent(new PointerEvent('pointermove', at));
        if (field.classList.contains('on-sample')) return [at.clientX, at.clientY];
    }
}"""
"""Where the pointer is first told that it is on a sample, from the left."""


@pytest.fixture
def batches(open_page):
    """A function that opens the page and waits until all of it is drawn."""

    def visit(address="", drawn=STAGE, **visitor):
        page = open_page(f"/batches{address}", **visitor)
        page.wait_for_selector(drawn)
        return page

    return visit


def data(page):
    return page.locator(".stage").get_attribute("data-data")


def told(page):
    return page.locator(".data [role=status]").text_content()


def equation(page):
    return page.locator(".data .said").text_content()


def seek(page, frame):
    page.locator(".playback input").evaluate("(e, k) => { e.value = k; e.dispatchEvent(new Event('input')); }", frame)


def says(page, selector, pattern):
    """Wait until a text matches."""
    page.wait_for_function(
        "([selector, pattern]) => new RegExp(pattern).test(document.querySelector(selector).textContent)",
        arg=[selector, pattern],
    )


def test_a_sample_that_is_dragged_changes_the_landscape_and_the_address(batches, settle):
    page = batches("?data=five_points")
    before, contour, line = data(page), page.locator(".stage").get_attribute("data-space"), equation(page)
    x, y = page.evaluate(FIRST_SAMPLE)
    places = page.evaluate("history.length")
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 7):
        page.mouse.move(x, y - 12 * step)
        settle(page)
    page.mouse.up()
    page.wait_for_function(MOVED, arg=before)
    page.wait_for_function("id => document.querySelector('.stage').dataset.space !== id", arg=contour)
    page.wait_for_function("() => location.search.includes('edits=')")
    settle(page)
    assert page.evaluate("history.length") == places + 1, "the way back leads over one place, not all on the way"
    assert equation(page) != line
    kept = data(page)
    page.reload()
    page.wait_for_selector(STAGE)
    assert data(page) == kept, "a link brings the moved sample back"


def test_samples_are_changed_by_keys_alone(batches, settle, choose):
    page = batches("?data=five_points")
    field = page.locator(".data .field")
    field.focus()
    page.keyboard.press("ArrowRight")
    assert told(page) == "Sample 1 of 5: (1, 2)"
    page.keyboard.press("ArrowRight")
    assert told(page) == "Sample 2 of 5: (2, 4)"
    before = data(page)
    page.keyboard.press("Shift+ArrowUp")
    page.wait_for_function(MOVED, arg=before)
    assert re.fullmatch(r"Sample 2 of 5: \(2, 4\.\d+\)", told(page))
    for key, count in (("+", 6), ("Delete", 5), ("Delete", 4)):
        before = data(page)
        page.keyboard.press(key)
        page.wait_for_function(MOVED, arg=before)
        assert told(page).startswith(f"Sample {count} of {count}:"), "what is next, or last, is chosen then"
    settle(page)
    assert page.locator(".playback .playing").count() == 0, "the panel's keys are its own"
    choose(page, "data", "Noisy line")
    says(page, ".data [role=status]", "^$")


def test_what_a_person_does_while_the_stage_asks_for_a_glimpse_is_not_lost(batches, settle):
    page = batches("?data=five_points")
    settle(page)
    page.locator(".data .field").focus()
    # A busy browser is late with what Streamlit wants to send at once, so that two wishes become one message.
    page.evaluate(
        """() => {
            const later = window.setTimeout, held = [];
            window.setTimeout = (act, delay, ...rest) => (delay ? later(act, delay, ...rest) : held.push(act));
            window.release = () => {
                window.setTimeout = later;
                held.forEach((act) => later(act));
                return held.length;
            };
        }"""
    )
    before = data(page)
    seek(page, 3)
    page.wait_for_timeout(200)
    page.keyboard.press("+")
    assert page.evaluate("window.release()") > 0
    page.wait_for_function(MOVED, arg=before)
    says(page, ".cloud .said", r"^Next, update 4: 1 of 6 samples")
    assert "edits=add" in page.url


def test_a_click_adds_a_sample_and_a_double_click_removes_it(batches, settle):
    page = batches("?data=five_points")
    before = data(page)
    area = page.locator(".data .field").bounding_box()
    place = (area["x"] + 0.85 * area["width"], area["y"] + 0.6 * area["height"])
    page.mouse.click(*place)
    page.wait_for_function(MOVED, arg=before)
    assert told(page).startswith("Sample 6 of 6:")
    settle(page)
    page.mouse.dblclick(*place)
    says(page, ".data [role=status]", r"^5 samples\.$")
    page.wait_for_function("id => document.querySelector('.stage').dataset.data === id", arg=before)


def test_samples_of_two_features_are_changed_in_two_plots(batches, settle):
    page = batches("?data=two_features&epochs=4")
    before = data(page)
    page.mouse.click(*page.evaluate(FIRST_SAMPLE))
    place, measured = re.match(r"Sample \d+ of 100: (\(.*\)) → (\S+)", told(page)).groups()
    x, y = page.evaluate(FIRST_SAMPLE)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y + 30, steps=4)
    page.mouse.up()
    page.wait_for_function("() => location.search.includes('edits=')")
    settle(page)
    page.locator(".data .field").focus()
    page.keyboard.press("Shift+ArrowRight")
    says(page, ".data [role=status]", re.escape(f": {place} → "))
    now = float(told(page).split("→ ")[1].replace("−", "-"))
    assert now > float(measured.replace("−", "-")) + 20, "what was measured follows the hand, the features stay"
    assert "target=" not in page.url
    settle(page)
    page.get_by_label("features", exact=True).check()
    settle(page)
    assert "features=yes" in page.url
    before, area, fitted = data(page), page.locator(".data .field").bounding_box(), equation(page)
    page.mouse.click(area["x"] + 0.9 * area["width"], area["y"] + 0.85 * area["height"])
    page.wait_for_function(MOVED, arg=before)
    u, v = (float(re.sub("−[ ]?", "-", number)) for number in re.findall(r"((?:− ?)?[\d.]+) · ", fitted))
    x, y, target = (float(each.replace("−", "-")) for each in re.findall(r"[−\d.]+", told(page).split(": ")[1]))
    assert target == pytest.approx(u * x + v * y, rel=1e-2), "as the run predicted it"
    page.get_by_role("button", name="Remove the chosen point (Delete)").click()
    says(page, ".data [role=status]", r"^Sample 100 of 100:")
    settle(page)
    assert page.url.count("edits=") == 1


def test_the_axis_of_the_curves_moves_the_playhead_of_every_run(batches, settle):
    page = batches()
    axis, count = page.locator("select[name=axis]"), page.locator(".playback output")
    seek(page, 64)
    assert count.text_content() == "update 64 of 640"
    axis.select_option("epochs")
    says(page, ".playback output", r"^epoch 1 of 10$")
    settle(page)
    assert "axis=epochs" in page.url
    assert page.locator(".curves .xtitle").text_content() == "epochs"
    page.keyboard.press("End")
    assert count.text_content() == "epoch 10 of 10"
    axis.select_option("seconds")
    says(page, ".playback output", r"^(\S+) of \1 ms$")
    axis.select_option("samples")
    says(page, ".playback output", r"^sample 640 of 640$")
    settle(page)
    page.evaluate("location.hash = '#step=20'")
    says(page, ".playback output", r"^sample 20 of 640$")
    page.keyboard.press("ArrowRight")
    says(page, ".playback output", r"^sample 21 of 640$")
    page.wait_for_function("() => location.hash === '#step=21'")
    losses = page.locator(".stage-details tbody tr td:nth-child(3)").all_inner_texts()
    line = SAMPLES["noisy_line"].samples()
    for size, updates, told in zip((1, 8, 64), (21, 2, 0), losses, strict=True):
        walk = ls.descend(
            ls.LinearRegression(line.x, line.y), start=(-1.5, 2.5), learning_rate=0.05, epochs=10, batch_size=size
        )
        assert float(told) == pytest.approx(walk.loss[updates], rel=1e-3), "a run stands at its last update"
    page.reload()
    page.wait_for_selector(STAGE)
    assert axis.input_value() == "samples"


def test_the_cloud_follows_the_playhead(batches, settle):
    page = batches()
    seek(page, 12)
    says(page, ".cloud .said", r"^Next, update 13: 1 of 64 samples\.")
    page.wait_for_function("() => !document.querySelector('.cloud').classList.contains('late')")
    page.locator(".playback [data-act=play]").click()
    says(page, ".cloud .said", r"^Next, update (3|4|5|6|7|8|9|\d\d)\d:")
    page.locator(".playback [data-act=play]").click()
    runs = {}
    for size in (1, 8):
        page.locator(".st-key-set_focus button").filter(has_text=f"Batch size {size}").click()
        page.wait_for_function(
            "size => document.querySelector('.data .said').textContent.startsWith(`Batch size ${size}:`)", arg=size
        )
        seek(page, 16)
        runs[size] = equation(page)
    line = SAMPLES["noisy_line"].samples()
    for size, text in runs.items():
        walk = ls.descend(
            ls.LinearRegression(line.x, line.y), start=(-1.5, 2.5), learning_rate=0.05, epochs=10, batch_size=size
        )
        weight, bias = walk.theta[:, 16]
        assert text.endswith(f"y = {weight:.4g} · x {'−' if bias < 0 else '+'} {abs(bias):.4g}")
    at = int(page.locator(".stage").get_attribute("data-playhead"))
    says(page, ".cloud .said", rf"^Next, update {at + 1}:")

    # Of a long run some updates are left out, and what is shown is always one of the others.
    runs = "~~".join(f"gradient_descent~0.05~batch.{size}" for size in (1, 8))
    page.goto(page.url.split("?")[0] + f"?lang=en&epochs=160&runs={runs}#step=1000")
    page.wait_for_selector(STAGE)
    page.locator(".formula").scroll_into_view_if_needed()
    page.wait_for_selector(".formula h3 span")
    loss = ls.LinearRegression(line.x, line.y)
    walks = [
        ls.descend(loss, start=(-1.5, 2.5), learning_rate=0.05, epochs=160, batch_size=size, max_steps=1200)
        for size in (1, 8)
    ]
    for key, update in (("", 992), ("ArrowRight", 1024)):
        if key:
            page.keyboard.press(key)
        assert page.locator(".playback output").text_content() == f"update {update} of 10240"
        says(page, ".cloud .said", rf"^Next, update {update + 1}:")
        assert page.locator(".formula h3 span").text_content() == f"step {update} → {update + 1}"
        weight, bias = walks[0].theta[:, update]
        assert equation(page).endswith(f"y = {weight:.4g} · x {'−' if bias < 0 else '+'} {abs(bias):.4g}")
        for row, walk in enumerate(walks):
            told = page.locator(".stage-details tbody tr").nth(row).locator("td").all_inner_texts()
            step = np.hypot(*(walk.theta[:, update + 1] - walk.theta[:, update]))
            assert float(told[2]) == pytest.approx(walk.loss[update], rel=1e-3)
            assert float(told[4]) == pytest.approx(step, rel=1e-2), "of one update"


def test_the_spread_of_batches_is_told_where_no_question_asks_for_it(batches, settle):
    page = batches("?scenario=batch_noise")
    says(page, ".cloud .said", r"^Next, update \d+:")
    settle(page)
    assert page.locator(".cloud .spread tr").count() == 0
    page.get_by_role("button", name="Show the answer").click()
    says(page, ".cloud .spread", r"^batch size141664its gradient is off by, measured\d")
    assert page.locator(".cloud .spread tr").count() == 3


def test_the_batchs_landscape_is_drawn_over_the_whole_one(batches, settle):
    page = batches()
    seek(page, 5)
    says(page, ".cloud .said", r"^Next, update 6:")
    settle(page)
    picture = "() => document.querySelector('.plane > canvas').toDataURL()"
    before = page.evaluate(picture)
    page.get_by_label("Batch's contours").check()
    page.wait_for_function(f"before => ({picture})() !== before", arg=before)
    settle(page)
    assert "batch_lines=" in page.url
    lines = page.evaluate(picture)
    seek(page, 6)
    says(page, ".cloud .said", r"^Next, update 7:")
    settle(page)
    assert page.evaluate(picture) != lines
    page.locator(".playback [data-act=end]").click()
    says(page, ".cloud .said", r"^After 640 updates.*1 of 64 samples\.$")
    settle(page)
    ended = page.evaluate(picture)
    page.get_by_label("Batch's contours").uncheck()
    page.wait_for_function(f"ended => ({picture})() !== ended", arg=ended)


RING = """() => {
    const canvas = document.querySelectorAll('.data canvas')[1], { width, height } = canvas;
    const { data } = canvas.getContext('2d').getImageData(0, 0, width, height), columns = [];
    for (let i = 3; i < data.length; i += 4) if (data[i] > 250) columns.push(((i - 3) / 4) % width);
    return columns.length && (Math.min(...columns) + Math.max(...columns)) / 2 / width;
}"""
"""How far to the right the middle is of what is painted opaque under the samples: of the ring, if nothing else is."""


SIDE = """mark => {
    const [, over, samples] = [...document.querySelectorAll('.data canvas')].map((canvas) =>
        canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data);
    const found = [0, 0];
    for (let i = 0; i < samples.length; i += 4)
        if (samples.slice(i, i + 4).join() === `${mark},255`) found[Number(over[i + 3] > 0)]++;
    return found[1] / (found[0] + found[1]);
}"""
"""How much of what has the colour that fills the samples of class 1 lies on the shaded side of the boundary."""


def test_the_boundary_has_the_class_on_the_side_where_it_is_likelier(batches, settle):
    samples = SAMPLES["separate"].samples()
    loss = ls.LogisticRegression(samples.x, samples.y)
    descent = ls.descend(loss, start=(1, -0.2), learning_rate=0.5, epochs=60, batch_size=1)
    page = batches("?lang=en&data=separate&start=1~-0.2&epochs=60&runs=gradient_descent~0.5~batch.1")
    mark = ",".join(str(int(THEMES["light"].mark[i : i + 2], 16)) for i in (1, 3, 5))
    for key, theta, close in ("Home", (1, -0.2), 0.06), ("End", descent.theta[:, -1], 0.01):
        page.keyboard.press(key)
        settle(page)
        drawn = re.findall(r"(−?) ?([\d.]+) · x", equation(page))
        assert [float(number) * (-1 if sign else 1) for sign, number in drawn] == pytest.approx(list(theta), rel=1e-3)
        likelier = (samples.x[samples.y == 1] @ theta > 0).mean()
        assert page.evaluate(SIDE, mark) == pytest.approx(likelier, abs=close)
    assert likelier == 1


OVER = """() => {
    const canvas = document.querySelector('.plane > canvas'), { width, height } = canvas;
    return canvas.getContext('2d').getImageData(0, 0, width, height).data;
}"""
CHANGED = f"""points => {{
    const now = ({OVER})(), canvas = document.querySelector('.plane > canvas');
    const ratio = canvas.width / canvas.clientWidth, pixel = (axis, value) => axis._offset + axis.l2p(value);
    const {{ xaxis, yaxis }} = document.querySelector('.plane .plot')._fullLayout;
    return points.map(([x, y]) => {{
        const at = [pixel(xaxis, x), pixel(yaxis, y)].map((place) => Math.round(ratio * place));
        for (let i = -1; i <= 1; i++) for (let j = -1; j <= 1; j++) {{
            const place = 4 * ((at[1] + i) * canvas.width + at[0] + j);
            for (let part = 0; part < 4; part++) if (now[place + part] !== window.before[place + part]) return true;
        }}
        return false;
    }});
}}"""
"""Where on the plane what is painted is not what it was when it was kept as `before`."""
PICTURES = """async () => {
    const found = new Set(), canvas = document.querySelector('.plane > canvas');
    document.querySelector('.playback [data-act=play]').click();
    for (let frame = 0; frame < 90; frame++) {
        await new Promise(requestAnimationFrame);
        found.add(canvas.toDataURL());
    }
    document.querySelector('.playback [data-act=play]').click();
    return found.size;
}"""


KEEP_PATHS = """() => {
    const parse = JSON.parse;
    JSON.parse = (text, ...rest) => {
        const found = parse(text, ...rest);
        if (found?.switches) window.paths = text;
        return found;
    };
}"""

# What the switch of the gradients and the menu of the curves say, once they are set while older paths are on their way.
TURNED = """async (address) => {
    const { paths } = await import(address), box = document.querySelector('[data-switch=gradients]');
    const menu = document.querySelector('.curves select');
    box.click();
    menu.value = 'step';
    menu.dispatchEvent(new Event('change'));
    paths({ data: { paths: window.paths } });
    return [box.checked, menu.value];
}"""


def test_what_the_update_takes_is_ringed_and_its_gradients_and_its_landscape_are_drawn(batches, settle):
    # Runs that stay at the start, whose line is outside the plot.
    runs = "gradient_descent~1e-12~batch.1~~gradient_descent~1e-12~batch.2"
    page = batches(f"?data=five_points&start=0~0&epochs=40&seed=4&runs={runs}")
    middles = []
    for update in range(5):
        seek(page, update)
        says(page, ".cloud .said", rf"^Next, update {update + 1}: 1 of 5 samples")
        settle(page)
        page.wait_for_function("() => !document.querySelector('.cloud').classList.contains('late')")
        middles.append(page.evaluate(RING))
    taken = [int(batch[0]) for batch in Batches(5, 1, 5, seed=4)]
    assert taken != sorted(taken)
    first, last = min(middles), max(middles)
    assert last - first > 0.3
    assert [4 * (middle - first) / (last - first) for middle in middles] == pytest.approx(taken, abs=0.05)

    page.evaluate(f"() => {{ window.before = ({OVER})(); }}")
    page.evaluate(KEEP_PATHS)
    gradients = page.get_by_role("checkbox", name="Gradients", exact=True)
    gradients.check()
    says(page, ".switches .scale", "−gradients × ")
    expect(gradients).to_have_accessible_description(re.compile("^−gradients × "))
    page.get_by_role("button", name="Hide this run").click()
    says(page, ".switches .scale", "^$")
    page.get_by_role("button", name="Show this run").click()
    says(page, ".switches .scale", "−gradients × ")
    settle(page)
    scale = float(page.locator(".switches .scale").text_content().split("×")[1])
    downhill = np.array([[2 * 2 * x * x, 2 * 2 * x] for x in range(1, 6)])  # of (w x + b − 2x)² at 0
    assert all(page.evaluate(CHANGED, (0.95 * scale * downhill[2:]).tolist()))
    assert not any(page.evaluate(CHANGED, (-0.95 * scale * downhill).tolist()))
    settle(page)
    assert "gradients=yes" in page.url
    assert page.evaluate(TURNED, f"/{address('stage/stage.js')}") == [False, "step"], "an older answer sets it back"
    settle(page)
    assert not gradients.is_checked()
    assert "gradients=yes" not in page.url
    assert "curve=step" in page.url

    page.get_by_label("Batch's contours").check()
    seek(page, 0)
    settle(page)
    assert page.evaluate(PICTURES) > 2, "the landscape of the batch moves with the playback"
    page.get_by_label("Batch's contours").uncheck()

    page.get_by_text("Batch size 2", exact=False).first.click()
    seek(page, 0)
    says(page, ".cloud .said", "^Next, update 1: 2 of 5 samples")
    settle(page)
    pair = 4 * (page.evaluate(RING) - first) / (last - first)
    assert pair == pytest.approx(Batches(5, 2, 3, seed=4)[0].mean(), abs=0.05)


@pytest.mark.parametrize("data", ["two_features", "five_points"])
def test_a_small_projector_has_room_for_the_data_in_every_language(batches, settle, choose, data):
    page = batches(f"?lang=en&projector=yes&data={data}", viewport=(1280, 720))
    said = page.locator(".data .said")
    for lang, name in LANGUAGES.items():
        if lang != "en":
            choose(page, "lang", name)
            page.wait_for_function("lang => document.querySelector('.stage').lang === lang", arg=lang)
            settle(page)
        box = {
            part: page.locator(f".stage {part}").bounding_box() for part in (".data .field", ".curves .plot", ".data")
        }
        assert box[".data .field"]["height"] > 200
        assert box[".curves .plot"]["height"] > 200
        assert max(part["y"] + part["height"] for part in box.values()) <= 720
        assert said.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 20
        scrubber, size = (page.locator(part).bounding_box() for part in (".playback input", ".st-key-set_batch_size"))
        assert scrubber["width"] > 300
        assert size["y"] + size["height"] <= 720
        assert scrubber["y"] + scrubber["height"] <= 720
        ticks = page.locator(".curves .ytick text").evaluate_all("all => all.map(e => getComputedStyle(e).fontSize)")
        assert (len(ticks) > 1, len({*ticks})) == (True, 1), "a logarithm's ticks are of one size"
        assert page.locator(".cloud .field").bounding_box()["height"] >= 220
        words = page.locator(":is(.st-key-set_seeds, .st-key-order) p").evaluate_all(
            "all => all.map(e => [e.textContent, e.scrollWidth - e.clientWidth])"
        )
        assert [cut for word, cut in words] == [0, 0], words
        label, value = (
            page.locator(f".st-key-set_batch_size [data-testid={part}]").bounding_box()
            for part in ("stWidgetLabel", "stSliderThumbValue")
        )
        assert label["y"] + label["height"] <= value["y"] + 6  # of which some is air


def test_without_a_run_nothing_is_headed(batches):
    page = batches("?runs=none")
    page.locator(".stage .cloud").wait_for(state="hidden")
    assert page.locator(".stage-details table").count() == 0


@pytest.mark.parametrize("data", ["overlapping", "two_features", "old_faithful&loss=huber"])
def test_a_loss_with_penalties_fits_on_a_phone(batches, data):
    page = batches(f"?data={data}&l2=0.0002&l1=0.0005", drawn=PHONE, viewport=(390, 844), touch=True)
    page.get_by_role("button", name="Loss").first.click()
    formula = page.locator(".katex-display")
    formula.wait_for()
    assert formula.evaluate("e => e.scrollWidth - e.clientWidth") < 5  # italics lean out of their boxes


def test_all_panels_fit_on_a_phone(batches):
    page = batches(drawn=PHONE, viewport=(390, 844), touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for panel in (".plane", ".data", ".curves", ".cloud"):
        box = page.locator(f".stage {panel}").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["height"] > 200
    below = [".st-key-overview", ".plane", ".playback", ".st-key-controls", ".data", ".curves", ".cloud", ".unfold"]
    for table in (".st-key-results table", ".stage-details table"):
        # Rows that are laid out as flex boxes or grids are rows by their role alone.
        assert page.locator(f"{table}[role=table] [role=rowgroup] > [role=row]").count() == 4
        assert page.locator(f"{table} [role=cell]").count() == 3 * (7 if "results" in table else 8)
    tops = [page.locator(part).bounding_box()["y"] for part in (*below, ".st-key-results", ".stage-details")]
    assert tops == sorted(tops)
