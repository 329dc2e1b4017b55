"""The chain rule's page in a real browser: stepping through the graph by buttons and keys, typing, a phone."""

import pytest

VISIBLE = """() => [...document.querySelectorAll('.graph-stage .node')].map(node =>
    ['title', 'value', 'gradient'].map(name => {
        const text = node.querySelector(`.${name}`);
        return getComputedStyle(text).visibility === 'visible' ? text.textContent : null;
    }))"""

# What stands on each edge: into which node, as which of its operands.
EDGES = """() => Object.fromEntries([...document.querySelectorAll('.graph-stage .edge')]
    .map(edge => [edge.dataset.id, edge.querySelector('text')])
    .filter(([, text]) => getComputedStyle(text).visibility === 'visible')
    .map(([id, text]) => [id, text.textContent]))"""

# A text that reaches out of its box, two boxes that meet, a box under the text of an edge, two such texts that meet.
OVERLAPS = """() => {
    const boxes = [...document.querySelectorAll('.graph-stage .node path')].map(path => path.getBoundingClientRect());
    const edges = [...document.querySelectorAll('.graph-stage .edge text')].map(text => text.getBoundingClientRect());
    const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    const out = [...document.querySelectorAll('.graph-stage .node')].flatMap((node, i) =>
        [...node.querySelectorAll('text')].filter(text => {
            const { left, right, top, bottom } = text.getBoundingClientRect();
            return left < boxes[i].left || right > boxes[i].right || top < boxes[i].top || bottom > boxes[i].bottom;
        }).map(text => text.textContent));
    const pairs = all => all.filter((a, i) => all.slice(i + 1).some(b => meet(a, b))).length;
    return [boxes.length, out, pairs(boxes), edges.filter(a => boxes.some(b => meet(a, b))).length, pairs(edges)];
}"""

LONG = "(tanh(w1*x1 + w2*x2 + b)*v1 + sigmoid(u1*x1 + u2*x2 + c)*v2 + d - y)^2 + b^2 + c^2"


@pytest.fixture
def open_graph(open_page):
    """A function that opens the page and waits for its graph."""

    def visit(query="", **screen):
        page = open_page(f"/chain-rule{query}", **screen)
        page.wait_for_selector(".graph-stage[data-drawn] .node")
        return page

    return visit


def nodes(page):
    return {title.split(" ")[0]: (value, gradient) for title, value, gradient in page.evaluate(VISIBLE)}


def at_step(page, step):
    page.wait_for_function("step => document.querySelector('.graph-stage').dataset.step === String(step)", arg=step)


def type_formula(page, text, settle):
    page.get_by_label("L =", exact=True).fill(text)
    page.get_by_label("L =", exact=True).press("Enter")
    settle(page)


def test_values_come_forward_and_gradients_go_back_step_by_step(open_graph):
    page = open_graph()
    inputs = {"a": ("2", None), "b": ("−3", None), "c": ("10", None), "f": ("−2", None)}
    assert nodes(page) == inputs | {"v₁": (None, None), "v₂": (None, None), "L": (None, None)}

    on = page.get_by_role("button", name="One step on")
    for step in (1, 2, 3):
        on.click()
        at_step(page, step)
    assert nodes(page) == inputs | {"v₁": ("−6", None), "v₂": ("4", None), "L": ("−8", None)}
    assert page.evaluate(EDGES) == {}
    assert "L = v₂ · f = 4 · (−2) = −8" in page.locator(".graph-stage .saying").inner_text().replace("\u00a0", " ")

    page.keyboard.press("ArrowRight")
    at_step(page, 4)
    assert nodes(page)["L"] == ("−8", "∂L/∂L = 1")
    assert nodes(page)["v₂"] == ("4", None)
    page.keyboard.press("End")
    assert [nodes(page)[name][1] for name in "abcf"] == ["∂L/∂a = 6", "∂L/∂b = −4", "∂L/∂c = −2", "∂L/∂f = 4"]
    local = {"e4-0": "−3", "e4-1": "2", "e5-0": "1", "e5-1": "1", "e6-0": "−2", "e6-1": "4"}
    assert page.evaluate(EDGES) == local, "of each operation by each of its operands"
    page.keyboard.press("ArrowLeft")
    assert nodes(page)["a"] == ("2", None)
    assert page.evaluate(EDGES).keys() == local.keys() - {"e4-0"}
    page.keyboard.press("Home")
    assert nodes(page)["v₁"] == (None, None)
    page.keyboard.press("Space")
    at_step(page, 2)


def test_a_typed_formula_is_laid_out_anew_and_the_sum_where_paths_meet_is_said(open_graph, settle):
    page = open_graph()
    type_formula(page, "x*x + sin(x)", settle)
    page.wait_for_function("document.querySelectorAll('.graph-stage .node').length === 4")
    page.get_by_label("x", exact=True).fill("1.5")
    page.get_by_label("x", exact=True).press("Enter")
    settle(page)
    page.get_by_label("L =", exact=True).press("End")
    assert page.locator(".graph-stage").get_attribute("data-step") == "0", "a key in a field is the field's"
    page.get_by_role("button", name="To the end").click()
    said = page.locator(".graph-stage .saying").inner_text()
    assert "their shares are added" in said
    assert said.endswith("= 3.07074")
    assert nodes(page)["x"] == ("1.5", "∂L/∂x = 3.071")


def test_a_changed_value_moves_nothing_but_the_numbers(open_graph, settle):
    page = open_graph()
    page.keyboard.press("End")
    where = "[...document.querySelectorAll('.graph-stage .node path')].map(path => path.getAttribute('d')).join()"
    before, step = page.evaluate(where), page.locator(".graph-stage").get_attribute("data-step")
    page.get_by_label("f", exact=True).fill("-1236")
    page.get_by_label("f", exact=True).press("Enter")
    page.wait_for_function("document.querySelector('.graph-stage').textContent.includes('−1236')")
    settle(page)
    assert page.evaluate(where) == before
    assert page.locator(".graph-stage").get_attribute("data-step") == step
    assert nodes(page)["c"] == ("10", "∂L/∂c = −1236")


def test_what_is_no_formula_leaves_the_last_graph_and_its_step(open_graph, settle):
    page = open_graph("?lang=en")
    page.keyboard.press("End")
    page.wait_for_url("**#step=*")
    settle(page)
    page.evaluate("document.querySelector('.graph-stage').kept = true")
    before = nodes(page)
    type_formula(page, "(a*b + )*f", settle)
    assert page.get_by_text("a variable or a function is missing").count() == 1
    assert page.get_by_text("What is shown is (a*b + c)*f.").count() == 1
    assert nodes(page) == before
    type_formula(page, "(a*b + b)*f", settle)
    page.wait_for_function("document.querySelectorAll('.graph-stage .node').length === 6")
    at_step(page, 0)
    assert page.evaluate("document.querySelector('.graph-stage').kept"), "it is not made anew"


def test_the_worked_example_fits_a_projector(open_graph):
    page = open_graph("?projector=yes", viewport=(1280, 720))
    page.wait_for_function("""() => {
        const paper = document.querySelector('.graph-stage .paper');
        return paper.scrollWidth <= paper.clientWidth && paper.querySelector('svg').style.width;
    }""")
    size = """() => {
        const svg = document.querySelector('.graph-stage .paper svg'), title = svg.querySelector('.title');
        return parseFloat(getComputedStyle(title).fontSize) * svg.getScreenCTM().a;
    }"""
    assert page.evaluate(size) >= 16


def test_the_first_graph_fits_a_phone(open_graph):
    page = open_graph(viewport=(390, 844), touch=True)
    page.wait_for_function("""() => {
        const paper = document.querySelector('.graph-stage .paper');
        return paper.scrollWidth <= paper.clientWidth && paper.querySelector('svg')?.style.width;
    }""")
    assert page.evaluate("document.querySelector('.graph-stage .title').getBoundingClientRect().height") >= 13
    parts = ("graph-stage .playback", "st-key-set_formula", "st-key-inputs", "graph-stage .table")
    tops = [page.locator(f".{part}").bounding_box()["y"] for part in parts]
    assert tops == sorted(tops), "what is typed follows the playback, and the table comes last"
    assert page.locator(".graph-stage .table").bounding_box()["height"] < 300, "no field of it is empty"
    page.keyboard.press("ArrowRight")
    page.set_viewport_size({"width": 844, "height": 390})  # turned on its side it goes to the right again
    page.wait_for_function("""() => {
        const [first, , , last] = document.querySelectorAll('.graph-stage .node');
        return last.getBoundingClientRect().left > first.getBoundingClientRect().right;
    }""")
    at_step(page, 1)


def test_a_large_graph_can_be_read_on_a_phone(open_graph):
    page = open_graph(f"?formula={LONG.replace('+', '%2B')}", viewport=(390, 844), touch=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "only the graph itself scrolls sideways"
    assert page.evaluate(OVERLAPS) == [32, [], 0, 0, 0]
    assert page.evaluate("document.querySelector('.graph-stage .title').getBoundingClientRect().height") >= 13
    for key in ["ArrowRight"] * 16 + ["End"]:
        page.keyboard.press(key)
    page.wait_for_function("""() => {
        const node = document.querySelector('.graph-stage .node.current').getBoundingClientRect();
        const paper = document.querySelector('.graph-stage .paper').getBoundingClientRect();
        const across = node.left >= paper.left - 1 && node.right <= paper.right + 1;
        return across && node.top >= paper.top - 1 && node.bottom <= paper.bottom + 1;
    }""")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.wait_for_function("document.querySelector('.graph-stage .paper').scrollWidth > 900")
    page.wait_for_function("() => document.querySelector('.playback').getBoundingClientRect().bottom <= innerHeight")
    assert page.evaluate(OVERLAPS) == [32, [], 0, 0, 0]


def test_a_link_shows_the_step_that_was_looked_at_and_another_formula_begins_anew(open_graph, settle):
    page = open_graph("?lang=en#step=4")
    at_step(page, 4)
    entries = page.evaluate("history.length")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/chain-rule?lang=en#step=5")
    settle(page)
    at_step(page, 5)
    assert page.evaluate("history.length") == entries, "a step is no place to go back to"
    type_formula(page, "x*x + sin(x)", settle)
    at_step(page, 0)
    page.wait_for_url("**#step=0")
    page.go_back()
    page.wait_for_url("**/chain-rule?lang=en#step=5")
    at_step(page, 5)
