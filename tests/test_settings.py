"""The address carries the page: whatever is set comes back from it, and nonsense in it is left out and named."""

from dataclasses import fields, replace
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape.descent.optimizers import OPTIMIZERS
from landscape.descent.stopping import Stopping
from landscape.locale import LANGUAGES
from landscape.objectives.functions import FUNCTIONS
from landscape.pages.batches.settings import Settings as BatchSettings
from landscape.pages.explore.scenarios import SCENARIOS
from landscape.pages.explore.settings import MOST_STEPS, Settings
from landscape.pages.run_settings import MOST_RUNS, RATES, RunSettings
from landscape.pages.stage_settings import HEIGHTS, QUANTITIES


def numbers(low, high):
    return st.floats(low, high, allow_nan=False).map(lambda value: value + 0.0)  # no −0


def points(count):
    return st.tuples(*[numbers(-1e9, 1e9)] * count)


@st.composite
def run_settings(draw):
    optimizer, schedule = draw(st.sampled_from([*OPTIMIZERS])), draw(st.sampled_from([*RATES]))
    options = {}
    for each in (*fields(OPTIMIZERS[optimizer]), *fields(RATES[schedule])):
        if each.name != "initial" and draw(st.booleans()):
            low, high = each.metadata["minimum"], min(each.metadata["maximum"], 1e12)
            options[each.name] = draw(st.integers(low, high) if each.type is int else numbers(low, high))
    if schedule == "warmup_cosine" and options.get("warmup", 30) >= options.get("steps", 300):
        options["warmup"] = 0
    return RunSettings(
        optimizer,
        draw(st.none() | numbers(0, 1e6)),
        schedule,
        tuple(sorted(options.items())),
        draw(st.none() | points(2)),
        draw(st.booleans()),
    )


@st.composite
def views(draw):
    left, bottom = draw(numbers(-1e8, 1e8)), draw(numbers(-1e8, 1e8))
    return left, left + draw(numbers(1, 1e8)), bottom, bottom + draw(numbers(1, 1e8))


@st.composite
def settings(draw):
    runs = tuple(draw(st.lists(run_settings(), max_size=MOST_RUNS)))
    return Settings(
        function=draw(st.sampled_from([*FUNCTIONS, ""])),
        formula=draw(st.text(st.characters(codec="utf-8"), max_size=40)),
        view=draw(st.none() | views()),
        height=draw(st.sampled_from(HEIGHTS)),
        lines=draw(st.integers(4, 60)),
        field=draw(st.booleans()),
        arrows=draw(st.booleans()),
        start=draw(st.none() | points(2)),
        steps=draw(st.integers(1, MOST_STEPS)),
        stop_gradient=draw(st.none() | numbers(0, 1e9)),
        stop_step=draw(numbers(0, 1e9)),
        stop_loss=draw(st.none() | numbers(-1e12, 1e12)),
        divergence=draw(st.none() | numbers(1, 1e300)),
        runs=runs,
        focus=draw(st.integers(0, max(0, len(runs) - 1))),
        curve=draw(st.sampled_from(QUANTITIES)),
        logarithmic=draw(st.booleans()),
        scenario=draw(st.sampled_from(["", *SCENARIOS])),
        revealed=draw(st.booleans()),
        lang=draw(st.sampled_from(["", *LANGUAGES])),
        projector=draw(st.booleans()),
    )


@given(settings())
def test_an_address_gives_the_same_settings(before):
    link = urlencode(before.address())
    assert Settings.read(dict(parse_qsl(link, keep_blank_values=True))) == (before, [])


@given(settings(), st.sampled_from([*SCENARIOS.values()]))
def test_an_address_may_tell_only_what_differs_from_a_scenario(before, scenario):
    before = replace(before, start=before.start or scenario.settings.start)  # a chosen start is moved, never undone
    assert Settings.read(before.address(scenario.settings), scenario.settings) == (before, [])
    assert scenario.settings.address(scenario.settings) == {}


@given(run_settings())
def test_a_run_is_read_as_it_was_written(run):
    assert RunSettings.read(str(run)) == run


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_a_scenario_comes_back_from_its_address(scenario):
    opened = scenario.opened(Settings(lang="zh-Hant", projector=True))
    assert (opened.scenario, opened.lang, opened.projector) == (scenario.key, "zh-Hant", True)
    assert Settings.read(opened.address()) == (opened, [])


def test_a_page_without_runs_has_an_address():
    assert Settings.read(Settings(runs=()).address()) == (Settings(runs=()), [])


def test_the_address_says_only_what_differs():
    assert Settings().address() == {}
    assert Settings(lines=30, start=(1.0, -2.5), field=True).address() == {
        "lines": "30",
        "start": "1~-2.5",
        "field": "yes",
    }
    run = RunSettings("rmsprop", 0.2, "exponential", (("alpha", 0.9), ("factor", 0.98)), (1.0, 2.0), visible=False)
    assert str(run) == "rmsprop~0.2~schedule.exponential~alpha.0.9~factor.0.98~x.1~y.2~hidden"


NONSENSE = {
    "function": ["no_such", "Himmelblau", "himmelblau "],
    "formula": ["x" * 1001],
    "view": ["", "1~2~3", "1~2~3~4~5", "nan~1~0~1", "0~inf~0~1", "2~1~0~1", "0~1~3~3", "0~1e10~0~1", "a~b~c~d"],
    "height": ["", "cubic"],
    "lines": ["3", "61", "12.5", "", "many", "1e1"],
    "field": ["", "true", "1", "YES"],
    "arrows": ["maybe"],
    "start": ["", "1", "1~2~3", "nan~1", "1~-inf", "1e10~0", "x~y", "1,2"],
    "steps": ["0", "-5", "10001", "1.5", "nan", "9" * 5000],
    "stop_gradient": ["-1", "nan", "inf", "small", ""],
    "stop_step": ["-1e-9", "nan"],
    "stop_loss": ["nan", "-inf", "1e13", "None"],
    "divergence": ["0", "inf", "nan", "-1"],
    "runs": [
        "adam",
        "sdg~0.1",
        "adam~fast",
        "adam~-0.1",
        "adam~nan",
        "adam~inf",
        "adam~1e301",
        "adam~0.1~beta1.1",
        "adam~0.1~beta1.x",
        "adam~0.1~beta1",
        "adam~0.1~momentum.0.9",
        "adam~0.1~schedule.sometimes",
        "adam~0.1~schedule.exponential~factor.2",
        "adam~0.1~schedule.warmup_cosine~warmup.300",
        "adam~0.1~x.1",
        "adam~0.1~x.1~y.nan",
        "lbfgs~1~memory.2.5",
        "adam~0.1~beta1.x~~sgd~0.1",
        "~~",
    ],
    "focus": ["-1", "6", "first"],
    "curve": ["height"],
    "logarithmic": ["log"],
    "revealed": ["true"],
    "lang": ["fr", "zh", "zh-hans"],
    "projector": ["on"],
    "theme": ["dark"],
    "": ["", "1"],
    "__class__": ["int"],
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in NONSENSE.items() for text in texts])
def test_nonsense_is_named_and_gives_the_default(name, text):
    assert Settings.read({name: text}) == (Settings(), [name])


@pytest.mark.parametrize("kind", [Settings, BatchSettings])
@pytest.mark.parametrize(
    "text",
    [
        "adam~0.1~~newton~1~~gradient_descent~-1",
        "sdg~1~~adam~0.1~~newton~1",
        "adam~0.1~~adam~0.1~x.1~~newton~1",
        "adam~0.1~~~sgd~0.1~~newton~1~~",
    ],
)
def test_a_bad_run_is_named_and_leaves_the_good_ones_alone(kind, text):
    good = kind.read({"runs": "adam~0.1~~newton~1"})[0]
    assert [run.optimizer for run in good.runs] == ["adam", "newton"]
    assert kind.read({"runs": text}) == (good, ["runs"])
    assert kind.read({"runs": text, "focus": "1"}) == (good, ["runs"]), "which run that is nobody knows any more"


@pytest.mark.parametrize("kind", [Settings, BatchSettings])
def test_of_more_runs_than_there_can_be_the_first_ones_are_kept(kind):
    texts = [f"adam~{rate}" for rate in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)]
    read, refused = kind.read({"runs": "~~".join(texts)})
    assert [run.learning_rate for run in read.runs] == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    assert refused == ["runs"]


def test_nonsense_leaves_the_rest_alone():
    read, refused = Settings.read({"lines": "a lot", "steps": "50", "nothing": "", "runs": "adam~auto"})
    assert read == Settings(steps=50, runs=(RunSettings("adam"),))
    assert sorted(refused) == ["lines", "nothing"]


names = st.sampled_from([each.name for each in fields(Settings)])
fragments = st.sampled_from(
    [
        *("~", "~~", "*", ".", "-", "+", "e", "_", "0", "1", "2", "9", "１", "1e400", "nan", "inf", "auto", "hidden"),
        *("schedule.", "x.", "y.", "initial.", "momentum.", "beta1.", "steps.", "warmup.", "factor.", "yes", "no"),
        *(*OPTIMIZERS, *RATES, *FUNCTIONS),
    ]
)


@given(
    st.dictionaries(names | st.text(max_size=5), st.text(max_size=20) | st.lists(fragments).map("".join), max_size=5)
)
def test_no_address_raises_and_what_is_taken_can_be_used(address):
    read, refused = Settings.read(address)
    assert set(refused) <= set(address)
    assert len(refused) == len(set(refused))
    assert Settings.read(read.address()) == (read, [])
    assert 0 <= read.focus <= max(0, len(read.runs) - 1)
    for run in read.runs:
        run.method(), run.rate(0.1), run.rate(0.0)
    read.stopping(Stopping())


def test_the_focus_is_on_a_run_that_exists():
    assert Settings.read({"runs": "adam~0.1", "focus": "4"})[0].focus == 0


@given(run_settings())
def test_a_run_has_the_options_that_were_set(run):
    method, schedule = run.method(), run.rate(0.25)
    assert type(method) is OPTIMIZERS[run.optimizer]
    assert (type(schedule), schedule.initial) == (RATES[run.schedule], 0.25)
    for name, value in run.options:
        assert getattr(method if hasattr(method, name) else schedule, name) == value


def test_an_option_replaces_the_one_before():
    run = RunSettings("momentum").with_option("momentum", 0.5).with_option("momentum", 0.7)
    assert (run.options, run.method().momentum) == ((("momentum", 0.7),), 0.7)


def test_another_function_brings_its_own_view_start_and_learning_rates():
    before = Settings(view=(0.0, 1.0, 0.0, 1.0), start=(0.5, 0.5), scenario="", revealed=False)
    after = before.with_function("rosenbrock", formula="x")
    assert (after.function, after.view, after.start, after.steps) == ("rosenbrock", None, None, 300)
    assert [run.learning_rate for run in after.runs] == [None, None, None]
    assert [run.optimizer for run in after.runs] == [run.optimizer for run in before.runs]


def test_another_function_keeps_what_a_person_chose():
    before = Settings(runs=(RunSettings("adam", 0.3),), steps=77, formula="x^2 + y^2", lines=40, lang="en")
    after = before.with_function("beale", formula=before.formula)
    assert (after.runs, after.steps, after.lines, after.lang) == (before.runs, 77, 40, "en")
    assert after.formula == "x^2 + y^2"


def test_a_formula_that_is_changed_keeps_the_start_and_the_view_that_somebody_chose():
    typed = replace(Settings(), function="", formula="x^2 + y^2", start=(1.0, 2.0), view=(-3.0, 3.0, -3.0, 3.0))
    changed = typed.with_function("", formula="x^2 + 2y^2")
    assert (changed.start, changed.view) == (typed.start, typed.view)
    assert all(run.learning_rate is None for run in changed.runs), "the rates are chosen anew"
    for other in (
        typed.with_function("beale", formula="x"),
        replace(typed, scenario="ravine").with_function("", formula="x"),
    ):
        assert (other.start, other.view) == (None, None)
    named = replace(typed, function="beale").with_function("", formula="x^2 + y^2")
    assert (named.start, named.view) == (None, None)


@pytest.mark.parametrize("between", [["rosenbrock"], ["rosenbrock", "beale"], ["", "bowl"]])
def test_who_comes_back_to_the_first_function_finds_the_first_screen(between):
    settings = Settings()
    for function in (*between, "himmelblau"):
        settings = settings.with_function(function, formula="")
    assert settings == Settings()


def test_another_function_closes_the_scenario():
    opened = replace(SCENARIOS["speed_limit"].opened(Settings()), revealed=True)
    after = opened.with_function("beale", formula="")
    assert (after.scenario, after.revealed) == ("", False)
    assert {run.learning_rate for run in after.runs} == {None}


def test_one_run_is_replaced():
    first, second, third = Settings().runs
    changed = replace(second, learning_rate=0.5)
    assert Settings().with_run(1, changed).runs == (first, changed, third)


@pytest.mark.parametrize(
    ("view", "well"),
    [
        ((0.0, 1.0, 0.0, 1.0), True),
        ((1.0, 0.0, 0.0, 1.0), False),
        ((0.0, 1.0, 1.0, 0.0), False),
        ((0.0, 0.0, 0.0, 1.0), False),
        ((1e9, 1e9 + 0.5, 0.0, 1.0), False),
        ((1e6, 1e6 + 0.5, 0.0, 1.0), True),
    ],
)
def test_a_view_has_an_area(view, well):
    assert Settings(view=view).well_formed_view() is well


def test_the_stopping_conditions_are_those_that_were_set():
    stop = Settings(stop_gradient=1e-3, stop_step=1e-4, stop_loss=-2.0, divergence=50.0).stopping(Stopping())
    assert (stop.gradient, stop.step, stop.loss, stop.divergence) == (1e-3, 1e-4, -2.0, 50.0)


def test_a_stopping_condition_that_nobody_chose_suits_whatever_else_was_chosen():
    suited = Stopping(gradient=1e-15, divergence=1e20)
    assert Settings().stopping(suited) == suited
    assert Settings(stop_loss=-1.0).stopping(suited) == replace(suited, loss=-1.0)
    assert Settings(stop_gradient=1e-6).stopping(suited) == replace(suited, gradient=1e-6)
    assert Settings(divergence=1e12).stopping(suited) == replace(suited, divergence=1e12)


def test_a_link_that_names_another_function_alone_gets_learning_rates_that_suit_it():
    suited = tuple(replace(run, learning_rate=None) for run in Settings().runs)
    for address in ({"function": "rosenbrock"}, {"formula": "1e6*x^2 + y^2"}):
        settings, refused = Settings.read(address)
        assert settings.runs == suited
        assert not refused
        assert Settings.read(settings.address())[0] == settings
    assert Settings.read({"function": "himmelblau"})[0].runs == Settings().runs
    chosen = replace(Settings(), function="rosenbrock")
    assert Settings.read(chosen.address())[0] == chosen  # whoever shares the first screen's rates on it means them


def test_a_link_that_names_only_a_function_stays_as_it_is():
    for link in ({"function": "bowl"}, {"formula": "x^2", "function": ""}):
        settings, refused = Settings.read(link)
        assert refused == []
        assert settings.address() == link


OTHER_LANDSCAPES = [
    ({"function": "rosenbrock"}, lambda: Settings().with_function("rosenbrock", formula="")),
    ({"data": "fuel"}, lambda: BatchSettings().with_data("fuel")),
    ({"loss": "absolute"}, lambda: BatchSettings().with_landscape(loss="absolute")),
    ({"scaled": "yes"}, lambda: BatchSettings().with_landscape(scaled=True)),
    ({"size": "500"}, lambda: BatchSettings().with_landscape(size=500)),
    ({"noise": "5"}, lambda: BatchSettings().with_landscape(noise=5.0)),
    ({"data_seed": "5"}, lambda: BatchSettings().with_landscape(data_seed=5)),
    ({"l2": "1"}, lambda: BatchSettings().with_landscape(l2=1.0)),
]


@pytest.mark.parametrize(("link", "choose"), OTHER_LANDSCAPES)
def test_a_link_to_another_landscape_gives_what_the_menus_give(link, choose):
    chosen = replace(choose(), **({"steps": 125} if "function" in link else {}))
    assert {run.learning_rate for run in chosen.runs} == {None}
    assert chosen.address() == link
    assert type(chosen).read(link) == (chosen, [])
    assert type(chosen).read(link | {"runs": "garbage"}) == (chosen, ["runs"])
