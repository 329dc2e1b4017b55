"""The Explore page driven without a browser: every control, every bad input, and the address that carries it all."""

import base64
import itertools
import math
import re
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from sent import strict, unpacked
from stage_visit import StageVisit
from streamlit.testing.v1 import AppTest

import landscape.pages
from landscape.descent.optimizers import OPTIMIZERS
from landscape.locale import LANGUAGES, translation
from landscape.locale.sentence import filled
from landscape.objectives.functions import FUNCTIONS
from landscape.pages.explore.page import EXPLORE
from landscape.pages.explore.scenarios import SCENARIOS
from landscape.pages.explore.settings import Settings
from landscape.pages.run_settings import MOST_RUNS, RATES

FRAME = Path(landscape.pages.__file__).with_name("frame.py")

OPENED = "This is about the example as it was opened."

languages = pytest.mark.parametrize("language", LANGUAGES)


class Visit(StageVisit):
    """A visit to the page. Every step of it fails if the page shows an exception or sends the stage what is no JSON."""

    page = EXPLORE

    def __init__(self, address=None, **context):
        self.app = AppTest.from_file(FRAME, default_timeout=60)
        self.app.query_params.update(address or {})
        self.app.context.update(context)
        for popover in ("method", "ending", "pictures", "view"):
            self.app.session_state[popover] = True
        self.run(self.app)

    def run(self, node):
        node.run()
        assert [f"{error.message}\n{''.join(error.stack_trace)}" for error in self.app.exception] == []
        sent = {part.proto.component_name: part.proto.json for part in self.app.get("bidi_component")}
        self.landscape = strict(strict(sent["landscape_stage"])["landscape"])
        self.paths = strict(strict(sent["landscape_paths"])["paths"])
        assert self.paths["landscape"] == self.landscape["id"], "the paths lie on another landscape"

    def set(self, name, value):
        """Give a widget, known by the end of its key, a value."""
        kinds = ("selectbox", "text_input", "slider", "select_slider", "toggle", "button_group")
        (widget,) = [each for kind in kinds for each in getattr(self.app, kind) if each.key == f"set_{name}"]
        self.run(widget.set_value(str(value) if widget.type == "text_input" else value))

    def value(self, name):
        return self.app.session_state[f"set_{name}"]

    def same(self):
        """Assert that whoever opens the address of this page sees the same."""
        other = Visit(self.app.query_params)
        assert other.paths == self.paths
        assert other.landscape == self.landscape
        assert other.app.query_params == self.app.query_params
        assert other.app.info.len == self.app.info.len


def drawn(figure):
    return np.frombuffer(base64.b64decode(figure["data"][0]["z"]["bdata"]), dtype=figure["data"][0]["z"]["dtype"])


def first(run):
    """Where a run begins, as far as single precision knows."""
    return tuple(round(float(unpacked(run[axis])[0]), 5) for axis in "xy")


def test_the_first_screen_shows_three_runs_in_three_valleys():
    visit = Visit()
    assert visit.app.query_params == {}
    assert visit.app.info.len == visit.app.warning.len == visit.app.error.len == 0
    assert [run["name"] for run in visit.runs] == ["Gradient descent 0.01", "Momentum 0.01", "Adam 0.1"]
    ends = {(round(float(unpacked(run["x"])[-1])), round(float(unpacked(run["y"])[-1]))) for run in visit.runs}
    assert len(ends) == 3
    assert {first(run) == (0.4, 4.1) for run in visit.runs} == {True}
    assert "Himmelblau" in visit.text
    assert FUNCTIONS["himmelblau"].about in visit.text
    assert all(run["name"] in visit.paths["summary"] for run in visit.runs)
    visit.same()


@pytest.mark.parametrize("key", FUNCTIONS)
def test_a_function_brings_its_view_its_start_and_runs_that_descend(key):
    function = FUNCTIONS[key]
    visit = Visit({"function": "ackley" if key == "himmelblau" else "himmelblau"})
    visit.set("function", key)
    assert (visit.settings.function, visit.settings.view, visit.settings.start) == (key, None, None)
    assert function.name in visit.text
    assert function.about in visit.text
    assert visit.paths["start"] == pytest.approx(function.start)
    (left, right), (bottom, top) = (visit.landscape["contour"]["layout"][axis]["range"] for axis in ("xaxis", "yaxis"))
    (x0, x1), (y0, y1) = function.domain
    assert left <= x0 < x1 <= right
    assert bottom <= y0 < y1 <= top
    for run in visit.runs:
        loss = unpacked(run["loss"])
        assert np.isfinite(loss).all()
        assert loss[-1] < loss[0]


def test_a_formula_is_typed():
    visit = Visit()
    before = visit.landscape
    (menu,) = [each for each in visit.app.selectbox if each.key == "set_function"]
    assert menu.options[0] == "Your own formula …"  # no person looks for it after thirty names
    visit.set("function", "")
    assert visit.landscape["id"] != before["id"]  # a formula to begin with
    visit.set("formula", "sin(x) + y^2/5")
    landscape = visit.landscape
    assert visit.app.error.len == 0
    assert r"\sin" in visit.text
    assert visit.settings.formula == "sin(x) + y^2/5"
    visit.same()
    visit.set("formula", "sin(x) + y^2/")
    assert visit.app.error.len == 1
    assert visit.app.code[0].value == "sin(x) + y^2/\n" + " " * 13 + "^"
    assert visit.landscape == landscape  # the stage keeps what was
    assert visit.value("formula") == "sin(x) + y^2/"
    visit.set("rate", 0.1)  # and the runs on it can be changed meanwhile
    assert visit.runs[0]["name"] == "Gradient descent 0.1"
    visit.set("formula", "sin(x) + y^2/6")
    assert visit.app.error.len == 0
    assert visit.landscape["id"] != landscape["id"]
    visit.set("function", "bowl")
    visit.set("function", "")
    assert visit.value("formula") == "sin(x) + y^2/6"  # it is not forgotten


@pytest.mark.parametrize(
    ("text", "blank"), [("log(x)", True), ("sqrt(x + 3) + y^2", True), ("1/x", False), ("exp(exp(exp(x)))", False)]
)
def test_a_view_with_holes_says_so(text, blank):
    visit = Visit({"function": "", "formula": text, "view": "-5~5~-5~5"})
    assert ("where the plot is blank it has no finite value" in visit.text) is blank


@pytest.mark.parametrize("optimizer", ["nesterov", "adagrad", "adadelta", "adam", "lbfgs"])
def test_another_optimizer_brings_a_learning_rate_at_which_it_arrives(optimizer):
    visit = Visit()
    visit.set("optimizer", optimizer)
    assert visit.settings.runs[0].learning_rate is None
    assert unpacked(visit.runs[0]["loss"])[-1] < 0.001


def test_a_learning_rate_is_chosen():
    visit = Visit()
    landscape, second = visit.landscape, visit.runs[1]
    visit.set("rate", 0.02)
    assert visit.runs[0]["name"] == "Gradient descent 0.02"
    visit.set("rate_exact", 0.0123)
    assert visit.runs[0]["name"] == "Gradient descent 0.0123"
    assert visit.value("rate") == 0.0123  # between two of the ladder's
    assert visit.landscape == landscape
    assert visit.runs[1] == second
    gradient = np.array([unpacked(visit.runs[0]["gx"])[0], unpacked(visit.runs[0]["gy"])[0]])
    step = [unpacked(visit.runs[0][axis])[1] - unpacked(visit.runs[0][axis])[0] for axis in "xy"]
    np.testing.assert_allclose(step, -0.0123 * gradient, rtol=1e-4)
    visit.same()
    visit.set("rate_exact", "")  # an empty field: one that suits
    assert visit.settings.runs[0].learning_rate is None
    visit.same()


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_every_setting_of_an_optimizer_has_a_field(key):
    visit = Visit()
    visit.set("optimizer", key)
    before = visit.runs[0]
    for each in fields(OPTIMIZERS[key]):
        name, value = f"option_{OPTIMIZERS[key].__name__}_{each.name}", each.default + 1 if each.type is int else 0.5
        visit.set(name, value)
        assert dict(visit.settings.runs[0].options)[each.name] == value
        assert each.type is int or visit.runs[0]["x"] != before["x"]
        visit.set(name, "")  # an empty field: the default again
        assert visit.settings.runs[0].options == ()
        assert visit.runs[0] == before
    visit.set(name, value)
    visit.same()


@pytest.mark.parametrize("key", RATES)
def test_every_setting_of_a_schedule_has_a_field(key):
    visit = Visit()
    visit.set("schedule", key)
    assert visit.settings.runs[0].schedule == key
    for each in fields(RATES[key]):
        if each.name != "initial":
            value = each.default + 1 if each.type is int else 0.25
            visit.set(f"option_{RATES[key].__name__}_{each.name}", value)
            assert dict(visit.settings.runs[0].options)[each.name] == value
    visit.same()
    visit.set("schedule", "constant")
    assert visit.settings.runs[0].options == ()  # it knows none of them


def test_an_option_that_the_next_schedule_does_not_allow_stays_behind():
    visit = Visit({"runs": "adam~0.1~schedule.exponential~factor.0.98"})
    visit.set("schedule", "backtracking")  # its factor is 0.9 at most
    visit.same()


@pytest.mark.parametrize(
    ("warmup", "steps"), [(30, 30), (30, 1), (300, None), (1_000_000, None), (0, 1), (29, 30)], ids=str
)
def test_a_warm_up_longer_than_its_schedule_is_no_accident(warmup, steps):
    visit = Visit({"runs": "adam~0.1~schedule.warmup_cosine"})
    if steps:
        visit.set("option_WarmupCosine_steps", steps)
    visit.set("option_WarmupCosine_warmup", warmup)
    visit.same()


def test_all_optimizers_with_all_schedules():
    pairs = list(itertools.product(OPTIMIZERS, RATES))
    for i in range(0, len(pairs), MOST_RUNS):
        batch = pairs[i : i + MOST_RUNS]
        visit = Visit({"runs": "~~".join(f"{optimizer}~0.01~schedule.{rate}" for optimizer, rate in batch)})
        assert [len(run["ended"]) > 5 for run in visit.runs] == [True] * len(batch)
        for focus in range(1, len(batch)):
            visit.set("focus", focus)
            assert (visit.value("optimizer"), visit.value("schedule")) == batch[focus]


def test_runs_are_added_duplicated_hidden_and_removed():
    visit = Visit()
    visit.click("add")
    assert len(visit.runs) == 4
    assert visit.paths["focus"] == 3
    assert visit.settings.runs[3].optimizer not in {"gradient_descent", "momentum", "adam"}
    visit.set("rate", 0.05)
    visit.click("duplicate")
    assert visit.settings.runs[4] == visit.settings.runs[3]
    assert (visit.runs[4]["x"], visit.runs[4]["y"]) == (visit.runs[3]["x"], visit.runs[3]["y"])
    assert visit.runs[4]["colour"] != visit.runs[3]["colour"]
    visit.click("hide")
    assert [run["visible"] for run in visit.runs] == [True, True, True, True, False]
    visit.same()
    visit.click("add")
    assert len(visit.runs) == MOST_RUNS
    assert visit.app.button(key="add").disabled
    assert visit.app.button(key="duplicate").disabled
    visit.same()
    visit.set("focus", 4)
    visit.click("hide")
    assert all(run["visible"] for run in visit.runs)
    visit.set("focus", 0)
    visit.click("remove")
    assert [run.optimizer for run in visit.settings.runs][:2] == ["momentum", "adam"]
    assert not visit.app.button(key="add").disabled
    for left in (4, 3, 2, 1, 0):
        visit.click("remove")
        assert len(visit.runs) == left
    assert visit.app.info.len == 1
    assert visit.app.button(key="remove").disabled
    visit.same()
    visit.set("function", "bowl")
    visit.click("add")
    assert (visit.app.info.len, len(visit.runs)) == (0, 1)
    visit.same()


def test_a_run_keeps_its_look_when_others_come_and_go():
    visit = Visit()

    def looks():
        return [(run["colour"], run["dash"], run["marker"]) for run in visit.runs]

    gradient_descent, momentum, adam = looks()
    visit.set("focus", 0)
    visit.click("remove")
    assert looks() == [momentum, adam]
    assert visit.app.button_group(key="set_focus").options == ["■ Momentum 0.01", "✚ Adam 0.1"]
    visit.same()
    visit.click("duplicate")
    assert looks() == [momentum, adam, gradient_descent]  # the first look that is free
    visit.click("remove")
    visit.set("focus", 0)
    visit.click("remove")
    assert looks() == [adam]
    assert visit.app.query_params["runs"] == "adam~0.1~look.2"
    visit.same()


def test_runs_of_an_address_that_would_look_alike_look_as_in_their_order():
    visit = Visit({"runs": "adam~0.1~~momentum~0.01~look.0"})
    assert "at least in part: Runs." in visit.app.info[0].value
    assert [run["colour"] for run in visit.runs] == [run["colour"] for run in Visit().runs[:2]]


def test_a_start_without_a_loss_is_told_on_the_plane():
    visit = Visit({"function": "", "formula": "log(x) + y^2", "start": "1~1"})
    assert visit.paths["notice"] == ""
    visit.set("start_x", -1)
    assert "no finite value at this start" in visit.paths["notice"]


def test_a_run_has_a_start_of_its_own():
    visit = Visit({"focus": "1"})
    visit.set("own_start", True)
    visit.set("own_x", -3.0)
    visit.set("own_y", 1.25)
    assert first(visit.runs[1]) == (-3.0, 1.25)
    assert first(visit.runs[0]) == first(visit.runs[2]) == (0.4, 4.1)
    visit.set("start_x", 2.0)
    visit.set("start_y", -1.0)
    assert first(visit.runs[0]) == (2.0, -1.0)
    assert first(visit.runs[1]) == (-3.0, 1.25) == pytest.approx(visit.paths["start"]), "of the run in focus"
    visit.same()
    visit.set("own_start", False)
    assert first(visit.runs[1]) == (2.0, -1.0) == pytest.approx(visit.paths["start"])


def test_the_end_is_chosen():
    visit = Visit()
    visit.set("steps", 10)
    assert {len(unpacked(run["x"])) for run in visit.runs} == {11}
    visit.set("steps", 125)
    reasons = {
        "stop_gradient": (5.0, "gradient"),
        "stop_step": (0.05, "long"),
        "stop_loss": (50.0, "loss"),
        "divergence": (10.0, "diverged"),
    }
    for name, (value, word) in reasons.items():
        before = visit.settings
        visit.set(name, value)
        assert word in visit.runs[0]["ended"]
        assert len(unpacked(visit.runs[0]["x"])) < 67
        visit.same()
        visit.set(name, "")
        assert visit.settings == before


def test_an_end_that_is_chosen_leaves_the_others_as_they_suit_the_function():
    visit = Visit({"function": "", "formula": "1e-9*(x^2+y^2)"})
    assert float(visit.value("stop_gradient")) < 1e-12
    steps = [len(unpacked(run["x"])) for run in visit.runs]
    visit.set("stop_loss", -1.0)  # is never reached
    assert [len(unpacked(run["x"])) for run in visit.runs] == steps
    assert min(steps) > 1
    visit.same()
    visit.set("stop_gradient", 1e-6)
    assert {len(unpacked(run["x"])) for run in visit.runs} == {1}
    visit.set("stop_gradient", "")
    assert [len(unpacked(run["x"])) for run in visit.runs] == steps


def test_the_view_is_chosen():
    visit = Visit()

    def ends():
        return [visit.landscape["contour"]["layout"][axis]["range"] for axis in ("xaxis", "yaxis")]

    assert ends() == [[-5.5, 5.5], [-5.5, 5.5]]
    visit.set("view_0", -1.0)
    assert ends() == [[-1.0, 5.5], [-5.5, 5.5]]
    visit.set("view_3", 8.25)
    assert ends() == [[-1.0, 5.5], [-5.5, 8.25]]
    assert visit.app.warning.len == 0
    visit.same()
    for wrong in (-1.0, -3.0):  # no area, and the ends the wrong way round
        visit.set("view_1", wrong)
        assert visit.app.warning.len == 1
        assert ends() == [[-1.0, 5.5], [-5.5, 8.25]]
        assert visit.value("view_1") == "5.5"
    visit.set("view_1", 6.0)
    assert visit.app.warning.len == 0
    visit.click("Automatic view")
    assert ends() == [[-5.5, 5.5], [-5.5, 5.5]]
    assert visit.app.query_params == {}


def test_the_look_of_the_landscape_is_chosen():
    visit = Visit()
    paths = visit.paths["runs"]
    for name, value in (("lines", 50), ("height", "linear"), ("height", "logarithmic"), ("field", True)):
        before = visit.landscape["id"]
        visit.set(name, value)
        assert (visit.landscape["id"] != before) or value == "logarithmic"
        visit.same()
    assert [run["x"] for run in visit.runs] == [run["x"] for run in paths]
    visit.click("Automatic view")
    assert (visit.settings.lines, visit.settings.height, visit.value("lines")) == (None, "auto", 23)
    visit.set("function", "rastrigin")
    assert visit.value("lines") == 8  # its many hills would be crowded by more
    visit.set("arrows", False)
    assert visit.paths["arrows"] is False
    visit.same()


@languages
def test_the_page_speaks(language):
    visit = Visit()
    visit.set("lang", language)
    _ = translation(language)
    widgets = [*visit.app.selectbox, *visit.app.text_input, *visit.app.toggle]
    labels = [each.label for each in widgets if "followed" not in each.key]
    assert {_("Function"), _("Optimizer"), _("Projector"), _("Steps"), _("Start x")} <= set(labels)
    assert _("Loss landscape explorer") in visit.text
    assert _(FUNCTIONS["himmelblau"].about) in visit.text
    assert visit.landscape["texts"]["language"] == language
    assert visit.runs[2]["name"] == f"{_('Adam')} 0.1"
    if language != "en":
        chinese = re.compile("[\u4e00-\u9fff]")
        assert [label for label in labels if not chinese.search(label) and "$" not in label] == []
        assert [run["diagnosis"] for run in visit.runs if not chinese.search(run["diagnosis"])] == []
    visit.same()


@pytest.mark.parametrize(
    ("locale", "language"),
    [("en-GB", "en"), ("de-DE", "en"), ("zh-CN", "zh-Hans"), ("zh-TW", "zh-Hant"), ("zh-HK", "zh-Hant"), (None, "en")],
)
def test_a_visitor_is_greeted_in_the_language_of_the_browser(locale, language):
    visit = Visit(locale=locale) if locale else Visit()
    assert visit.value("lang") == language
    assert visit.landscape["texts"]["language"] == language
    assert visit.app.query_params == {}
    assert Visit({"lang": "en"}, locale="zh-CN").value("lang") == "en"


def test_projector_and_theme():
    visit = Visit(theme="dark")
    assert visit.landscape["theme"] == "dark"
    assert visit.runs[0]["colour"] != Visit().runs[0]["colour"]
    visit.set("projector", True)
    assert visit.landscape["look"]["projector"] is True
    assert visit.settings.projector is True


def test_reset_gives_the_first_screen_back_in_the_same_language():
    visit = Visit({"lang": "zh-Hans", "function": "bowl", "runs": "adam~0.3", "lines": "50", "steps": "7", "no": "no"})
    assert visit.app.info.len == 1
    (button,) = [each for each in visit.app.button if each.label == translation("zh-Hans")("Reset")]
    visit.run(button.click())
    assert visit.app.query_params == {"lang": "zh-Hans"}
    assert visit.app.info.len == 0
    first = Visit({"lang": "zh-Hans"}).paths
    assert visit.paths["opening"] != first["opening"]  # the runs set off anew
    assert {**visit.paths, "opening": 0, "serial": ""} == {**first, "opening": 0, "serial": ""}


@pytest.mark.parametrize("key", SCENARIOS)
def test_a_scenario_sets_everything_asks_and_answers(key):
    scenario = SCENARIOS[key]
    visit = Visit({"function": "beale", "lines": "9"})
    visit.set("scenario", key)
    assert visit.settings == scenario.opened(Settings())
    assert scenario.question in visit.text
    assert visit.app.success.len == 0
    (prediction,) = [each for each in visit.app.button_group if each.key.startswith("prediction")]
    assert list(prediction.options) == list(scenario.choices)
    visit.run(prediction.set_value(1))
    assert visit.app.success.len == 0  # no score
    visit.click("Show the answer")
    answer = visit.app.success[0].value
    assert answer == filled(scenario.answer, **EXPLORE.facts(scenario.settings))
    visit.same()
    visit.set("rate", 0.001)
    assert scenario.question in visit.text  # it is not lost by trying something
    same = scenario.settings.runs[0].learning_rate == 0.001
    assert visit.app.success[0].value == (answer if same else f"{answer} {OPENED}")
    visit.same()
    visit.set("scenario", "")
    assert scenario.question not in visit.text
    assert visit.app.success.len == 0


def test_an_answer_says_that_it_is_about_the_example_as_it_was_opened_where_that_is_another():
    visit = Visit({"scenario": "ravine", "revealed": "yes"})
    for name, value in (("lines", 9), ("height", "linear"), ("arrows", False), ("projector", True)):
        visit.set(name, value)
    visit.click("Hide this run")
    assert OPENED not in visit.app.success[0].value
    steps = visit.settings.steps
    visit.set("steps", 60)
    assert visit.app.success[0].value.endswith(OPENED)
    visit.set("steps", steps)
    assert OPENED not in visit.app.success[0].value
    looked = {"view": "-1~1~-1~1", "focus": "1", "curve": "gradient", "logarithmic": "no", "field": "yes"}
    assert OPENED not in Visit({"scenario": "ravine", "revealed": "yes", **looked}).app.success[0].value
    for name, text in (("start", "1~1"), ("stop_gradient", "1"), ("divergence", "9"), ("runs", "adam~0.1")):
        assert OPENED in Visit({"scenario": "ravine", "revealed": "yes", name: text}).app.success[0].value


def test_scenarios_speak_every_language():
    for language in LANGUAGES:
        visit = Visit({"lang": language})
        for key in SCENARIOS:
            visit.set("scenario", key)
            assert translation(language)(SCENARIOS[key].question) in visit.text
            assert visit.settings.lang == language or language == "en"


@languages
def test_nonsense_in_the_address_is_named_and_replaced(language):
    nonsense = {"function": "no_such", "lines": "-3", "runs": "sdg~0.1", "view": "1~0~0~1", "start": "nan~0", "x": "1"}
    visit = Visit(nonsense | {"lang": language, "steps": "50"})
    (notice,) = visit.app.info
    assert set(re.findall(r"\w+", notice.value.replace("\\", "").casefold())) >= set(nonsense)
    assert "Runs (runs)" not in notice.value  # once is enough where the page has the same word
    assert "steps" not in notice.value
    assert {len(unpacked(run["x"])) for run in visit.runs} == {51}
    visit.set("steps", 60)
    assert visit.app.info.len == 0  # quiet again


def test_runs_that_are_alike_are_told_apart_in_every_language():
    runs = "adamw~0.1~weight_decay.0.1~~adamw~0.1~weight_decay.0.2~~adam~0.1~~adam~0.1"
    for language, word in (("en", "weight decay"), ("zh-Hans", "权重衰减"), ("zh-Hant", "權重衰減")):
        visit = Visit({"lang": language, "runs": runs})
        assert [run["name"] for run in visit.runs] == [
            f"AdamW 0.1, {word} 0.1",
            f"AdamW 0.1, {word} 0.2",
            "Adam 0.1, #1",
            "Adam 0.1, #2",
        ]


def test_a_start_of_the_run_in_focus_is_the_one_that_is_told_to_be_bad():
    address = {"function": "", "formula": "log(x) + y^2", "start": "-1~1"}
    own = Visit(address | {"runs": "adam~0.1~x.2~y.1"})
    assert own.paths["notice"] == ""
    assert Visit(address | {"runs": "adam~0.1"}).paths["notice"]


@pytest.mark.parametrize("name", ["scenario", "revealed", "focus", "curve", "theme", "lang", "formula"])
def test_any_parameter_may_be_nonsense(name):
    visit = Visit({name: "%7B**[x](http://example.com)$" * 50})
    assert visit.app.info.len == 1
    assert visit.paths["serial"] == Visit().paths["serial"]


def test_a_name_in_the_address_cannot_write_into_the_page():
    visit = Visit({"![](https://example.com/x.png)": "1"})
    assert "![](" not in visit.app.info[0].value


@pytest.mark.parametrize("focus", ["0", "5"])
def test_a_page_without_runs_opens(focus):
    address = Settings(runs=()).address()
    visit = Visit(address | {"focus": focus})
    assert (visit.runs, visit.app.info.len) == ([], 1)


WRONG = [
    "",
    " ",
    "x +",
    "2 + (x",
    "x y z",
    "foo(x)",
    "sin",
    "sin(x, y)",
    "x.real",
    "__import__('os').system('ls')",
    "'text'",
    "x < y",
    "x = y",
    "x if y else 1",
    "[x]",
    "{x}",
    "{0}",
    "$x$",
    "x # y",
    "9**9**9**9",
    "x**1e9",
    "x" * 1001,
    "(" * 300 + "x" + ")" * 300,
    "𝕏 + 😀",
    "nan",
    "inf x",
    "1e999",
    "x ** ** y",
    "*x*_y_`",
]


@languages
def test_a_wrong_formula_gets_a_sentence_and_the_landscape_of_before(language):
    visit = Visit({"lang": language, "function": "", "formula": "x^2 + 2y^2"})
    before = visit.landscape
    for text in WRONG:
        visit.set("formula", text)
        (error,) = visit.app.error
        assert len(error.value) > 5
        assert not re.search(r"(?<!\\)[{}]", error.value), text
        assert bool(re.search("[\u4e00-\u9fff]", error.value)) is (language != "en"), text
        assert visit.landscape == before
        assert len(visit.runs) == 3


@pytest.mark.parametrize("text", ["", "x +", "9**9**9**9", "z" * 1001])
def test_a_wrong_formula_in_a_link_shows_a_landscape_all_the_same(text):
    visit = Visit({"function": "", "formula": text})
    assert visit.app.error.len >= 1
    assert len(visit.runs) == 3
    visit.set("formula", "x^2 + y^2")
    assert visit.app.error.len == 0


STRANGE = {
    "outside the domain": {"formula": "log(x) + y^2", "start": "-1~1"},
    "half of the view": {"formula": "sqrt(x) + y^2", "start": "2~1"},
    "nowhere": {"formula": "log(-1 - x^2 - y^2)"},
    "constant": {"formula": "3"},
    "constant in x": {"formula": "0x + y^2"},
    "pole": {"formula": "1/(x^2 + y^2)", "start": "0~0"},
    "beside the pole": {"formula": "1/(x^2 + y^2)", "start": "1e-9~0"},
    "negative pole": {"formula": "-1/(x^2 + y^2)"},
    "overflow": {"formula": "exp(exp(x^2))"},
    "huge": {"formula": "1e300 (x^2 + y^2)"},
    "tiny": {"formula": "1e-300 (x^2 + y^2)"},
    "kink": {"formula": "abs(x) + abs(y)", "start": "0~0"},
    "unbounded": {"formula": "x^3 - y^4"},
    "learning rate 0": {"function": "bowl", "runs": "adam~0~~newton~0~~gradient_descent~0~schedule.backtracking"},
    "learning rate 1e6": {"function": "himmelblau", "runs": "~~".join(f"{key}~1000000" for key in [*OPTIMIZERS][:6])},
    "learning rate 1e-300": {"function": "bowl", "runs": "adam~1e-300~~momentum~1e-300"},
    "start far away": {"function": "rosenbrock", "start": "1e9~-1e9"},
    "view far away": {"function": "goldstein_price", "view": "9e8~1e9~-1e9~1e9"},
    "narrow view": {"function": "bowl", "view": "0~1e-8~0~1e-8"},
    "long and thin": {"function": "bowl", "view": "-1e9~1e9~0~1e-6", "field": "yes"},
    "one step": {"function": "bowl", "steps": "1"},
    "all steps": {"function": "rosenbrock", "steps": "10000"},
    "stops at once": {"function": "bowl", "stop_gradient": "1e9", "stop_loss": "1e12", "divergence": "1"},
    "at the minimum": {"function": "himmelblau", "start": "3~2"},
    "at a saddle": {"function": "saddle", "start": "0~0"},
}


@pytest.mark.parametrize("name", STRANGE)
def test_whatever_can_be_drawn_is_drawn_and_explained(name):
    visit = Visit({"function": "", "field": "yes"} | STRANGE[name])
    for language in LANGUAGES:
        visit.set("lang", language)
        assert visit.app.info.len == visit.app.error.len == 0
        assert visit.app.warning.len == (name == "nowhere")
        # A better start is asked for where there is one.
        assert bool(visit.paths["notice"]) == (name in {"outside the domain", "pole"})
        for run in visit.runs:
            for text in (run["ended"], run["diagnosis"]):
                assert len(text) > 5
                assert not re.search(r"[{}]|\bnan\b|\binf\b", text)
    for run in visit.runs:
        assert np.isfinite([unpacked(run["x"]), unpacked(run["y"])]).all()
    for height in ("linear", "logarithmic"):
        visit.set("height", height)
        z = drawn(visit.landscape["contour"])
        assert np.isfinite(z).any() or name == "nowhere"
        assert not np.isinf(z).any()


@pytest.mark.parametrize(
    "name", ["rate_exact", "stop_gradient", "stop_step", "stop_loss", "divergence", "option_CosineDecay_final"]
)
def test_what_a_field_takes_the_address_takes(name):
    visit = Visit({"runs": "adam~0.1~schedule.cosine"})
    for value in (0.0, 1e-300, 1e13, 1e300, math.inf, math.nan):
        visit.set(name, value)
        visit.same()


def test_a_link_with_a_formula_alone_shows_it():
    visit = Visit({"formula": "x^2 + 3y^2"})
    assert "x^{2} + 3 y^{2}" in visit.text
    assert visit.value("formula") == "x^2 + 3y^2"
    visit.same()
    visit.set("function", "bowl")
    visit.set("function", "himmelblau")
    assert visit.settings.formula == "x^2 + 3y^2"  # it comes back when the person does
    visit.same()


def test_a_link_with_a_text_that_is_no_formula_shows_the_text_and_says_what_is_shown_instead():
    visit = Visit({"formula": "x^2 + *y*"})
    assert visit.value("formula") == "x^2 + *y*"
    assert visit.app.error.len == 1
    assert "**Himmelblau**" in visit.text
    assert "What is shown is Himmelblau." in visit.text
