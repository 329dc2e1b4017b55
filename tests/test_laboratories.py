"""What the laboratories that draw figures have in common, without a browser."""

import pytest
from laboratory_visit import Visit
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from landscape.figures.layout import TEMPLATE
from landscape.pages.gradients import functions, grid, plane
from landscape.pages.gradients.functions import COMMON_FUNCTIONS
from landscape.pages.gradients.grid import GRID
from landscape.pages.gradients.plane import PLANE
from landscape.pages.gradients.slope import SLOPE
from landscape.pages.gradients.step_size import STEP_SIZE


@pytest.mark.parametrize(
    ("page", "first", "most"),
    [
        (SLOPE, ["slope"], 15),
        (STEP_SIZE, ["error_curves", "errors"], 14),
        (PLANE, ["plane", "slopes"], 14),
        (GRID, ["", "fields", "", "errors"], 14),
    ],
)
def test_what_moves_is_few_elements_and_the_figure_comes_first(monkeypatch, page, first, most):
    sent = []
    finished = LocalScriptRunner._on_script_finished

    def look(runner, *told):
        sent.append([message.delta for message in runner.forward_msgs() if message.delta.fragment_id])
        finished(runner, *told)

    monkeypatch.setattr(LocalScriptRunner, "_on_script_finished", look)
    Visit(page)
    elements = [delta.new_element for delta in sent[-1] if delta.WhichOneof("type") == "new_element"]
    names = [each.bidi_component.id.rpartition("-")[2] for each in elements]  # "" of all that is no figure
    assert names[: len(first)] == first
    assert len(sent[-1]) <= most
    assert not any("Drag" in each.markdown.body for each in elements), "what is to be done never changes"


@pytest.mark.parametrize(
    ("page", "module"),
    [(PLANE, plane), (GRID, grid), (COMMON_FUNCTIONS, functions)],
    ids=["plane", "grid", "functions"],
)
@pytest.mark.parametrize("projector", ["yes", "no"])
def test_a_projector_has_larger_letters_in_every_figure(page, module, projector):
    visit = Visit(page, {"projector": projector} if projector == "yes" else {})
    sizes = {each["figure"]["layout"]["font"]["size"] for each in visit.figures if "font" in each["figure"]["layout"]}
    assert sizes == {18 if projector == "yes" else 12}


@pytest.mark.parametrize("page", [PLANE, GRID, STEP_SIZE], ids=["plane", "grid", "step"])
def test_what_lies_over_a_ground_leaves_it_its_ticks(page):
    over = Visit(page).figures[0]
    assert over["over"]["ground"]
    assert over["figure"]["layout"].get("template", TEMPLATE) == TEMPLATE
