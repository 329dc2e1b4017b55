"""Every page: it opens in every language, is left and found again, and its scenarios ask before they tell."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import landscape.pages
from landscape.locale import LANGUAGES, translation
from landscape.locale.sentence import filled
from landscape.pages import in_flight
from landscape.pages.menu import PAGES

FRAME = Path(landscape.pages.__file__).with_name("frame.py")

SCENARIOS = [(page, scenario) for page in PAGES.values() for scenario in page.scenarios.values()]
LABORATORIES = [(page, scenario) for page, scenario in SCENARIOS if page.key not in ("", "batches")]
NAMES = {"Adam", "AdaGrad", "RMSProp"}  # of methods, which are the same in every language

each_page = pytest.mark.parametrize("page", PAGES.values(), ids=lambda page: page.key or "explore")
each_scenario = pytest.mark.parametrize(
    ("page", "scenario"), SCENARIOS, ids=[f"{page.key or 'explore'}-{scenario.key}" for page, scenario in SCENARIOS]
)
languages = pytest.mark.parametrize("language", LANGUAGES)


class Visit:
    """A visit to the app, from page to page by the navigation."""

    def __init__(self, page, address=None):
        self.app = AppTest.from_file(FRAME, default_timeout=60)
        for popover in ("view", "first_weights"):
            self.app.session_state[popover] = True  # it is open
        self.go(page, address)

    def go(self, page, address=None):
        """Follow a link to a page; one of the navigation's has no address."""
        self.app._page_hash = calc_hash(page.key)  # switch_page knows files only
        self.app.query_params.clear()
        self.app.query_params.update(address or {})
        self.run()
        if self.app.session_state.landing:
            self.run()  # as the browser does when it has come there

    def run(self):
        self.app.run()
        assert [f"{error.message}\n{''.join(error.stack_trace)}" for error in self.app.exception] == []

    def set(self, name, value):
        kinds = ("selectbox", "toggle", "slider", "select_slider", "text_input", "button_group")
        (widget,) = [each for kind in kinds for each in getattr(self.app, kind) if each.key == f"set_{name}"]
        widget.set_value(value)
        self.run()

    @property
    def address(self):
        return {name: text if isinstance(text, str) else text[-1] for name, text in self.app.query_params.items()}

    @property
    def heading(self):
        (heading,) = [each.value for each in self.app.markdown if each.value.startswith("## ")]
        return heading.removeprefix("## ")


@each_page
@languages
def test_a_page_opens_in_every_language(page, language):
    visit = Visit(page, {"lang": language})
    assert visit.heading == translation(language)(page.title)
    assert visit.app.error.len == visit.app.info.len == 0
    assert visit.address == {"lang": language}


@each_page
def test_nonsense_in_the_address_is_named_and_left_out(page):
    names = [each.name for each in fields(page.settings)]
    visit = Visit(page, {"colour": "blue", names[-1]: "?!", "scenario": "none"})
    assert [text in visit.app.info[0].value for text in ("colour", "scenario")] == [True, True]
    assert visit.heading == page.title


def test_a_page_is_found_again_as_it_was_left():
    explore, *others = PAGES.values()
    visit = Visit(explore, {"steps": "50"})
    visit.set("lang", "zh-Hans")
    visit.set("projector", True)
    for page in others:
        visit.go(page)
        assert visit.heading == translation("zh-Hans")(page.title)
        assert visit.address == {"lang": "zh-Hans", "projector": "yes"}
    visit.set("lang", "en")
    visit.go(explore)
    assert visit.heading == explore.title
    assert visit.address == {"steps": "50", "lang": "en", "projector": "yes"}


def test_who_goes_back_over_a_link_of_the_navigation_finds_the_page_as_it_was():
    explore, other, *_ = PAGES.values()
    visit = Visit(explore, {"scenario": "ravine", "steps": "50"})
    visit.go(other)
    visit.go(explore)
    assert visit.address == {"scenario": "ravine", "steps": "50"}
    visit.app.query_params.clear()  # back, to the address of that link
    visit.run()
    assert visit.app.session_state.set_scenario == "ravine"
    visit.run()
    assert visit.address == {}  # the next step back leaves the page
    visit.set("lines", 30)
    assert visit.address == {"scenario": "ravine", "steps": "50", "lines": "30"}
    visit.app.query_params.clear()
    visit.run()
    assert (visit.app.session_state.set_lines, visit.app.session_state.set_scenario) == (24, "ravine")


def test_who_goes_back_to_the_first_address_finds_the_first_screen():
    explore, *_ = PAGES.values()
    visit = Visit(explore)
    visit.set("lang", "zh-Hans")
    visit.set("lines", 30)
    visit.app.query_params.clear()
    visit.run()
    assert (visit.heading, visit.app.session_state.set_lines, visit.address) == (explore.title, 23, {})


def test_an_address_says_more_than_what_was_left():
    explore, other, *_ = PAGES.values()
    visit = Visit(explore, {"steps": "50", "lang": "en"})
    visit.go(other)
    visit.go(explore, {"steps": "60", "lang": "zh-Hant"})
    assert visit.address == {"steps": "60", "lang": "zh-Hant"}
    assert visit.heading == translation("zh-Hant")(explore.title)


def test_what_is_set_after_going_back_is_told_even_if_it_is_set_back():
    def app():
        from dataclasses import replace

        import streamlit as st

        from landscape.pages.address import arrive, change, current, head_shown, publish
        from landscape.pages.explore.page import EXPLORE

        state = st.session_state
        if state.pop("whole", False):  # otherwise a fragment runs alone
            arrive(EXPLORE)
            head_shown()
        if "lines" in state:
            change(replace(current(), lines=state.pop("lines")))
        publish()

    def step(**doing):
        for name, value in doing.items():
            page.session_state[name] = value
        page.run()
        assert page.exception.len == 0
        return dict(page.query_params)

    page = AppTest.from_function(app)
    page.session_state["whole"] = True
    page.run()
    assert step(lines=30) == {"lines": "30"}
    page.query_params.clear()
    assert step(whole=True) == {}
    assert step(lines=40) == {"lines": "40"}
    assert step(lines=None) == {}


def test_a_wrong_number_stays_on_its_page():
    visit = Visit(PAGES["batches"])
    visit.set("seed", "abc")
    assert visit.app.error.len == 1
    visit.go(PAGES["network"])
    (seed,) = [field for field in visit.app.text_input if field.key == "set_seed"]
    assert (seed.value, visit.app.error.len) == ("0", 0)


@each_scenario
def test_a_scenario_asks_before_it_tells(page, scenario):
    assert page.scenarios[scenario.key] is scenario
    assert "?" in scenario.question
    assert 2 <= len(scenario.choices) <= 4
    assert len(set(scenario.choices)) == len(scenario.choices)
    assert (scenario.settings.scenario, scenario.settings.revealed) == ("", False)


@each_scenario
def test_a_scenario_comes_back_from_its_address(page, scenario):
    opened = scenario.opened(page.settings(lang="zh-Hant", projector=True))
    assert (opened.scenario, opened.lang, opened.projector) == (scenario.key, "zh-Hant", True)
    assert page.settings.read(opened.address()) == (opened, [])
    assert scenario.settings.address(scenario.settings) == {}


@each_scenario
def test_a_scenario_is_answered_in_every_language(page, scenario):
    facts = page.facts(scenario.settings)
    for language in LANGUAGES:
        _ = translation(language)
        answer = filled(_(scenario.answer), **facts)
        assert not re.search(r"[{}]|\bnan\b|–|None|\de[+-]\d", re.sub(r"\$.*?\$", "", answer))
        words = [text for text in scenario.choices if re.search("[a-z]", text) and text not in NAMES]
        for text in (_(scenario.title), _(scenario.question), answer, *map(_, words)):
            assert bool(re.search("[\u4e00-\u9fff]", text)) is (language != "en")


@pytest.mark.parametrize(
    ("page", "scenario"), LABORATORIES, ids=[f"{page.key}-{scenario.key}" for page, scenario in LABORATORIES]
)
def test_an_address_opens_a_scenario_with_its_answer(page, scenario):
    visit = Visit(page, {"scenario": scenario.key, "revealed": "yes"})
    shown = filled(scenario.answer, **page.facts(scenario.settings))
    assert shown in [each.value for each in visit.app.success]


def test_what_was_on_its_way_while_an_example_opened_changes_nothing():
    visit = AppTest.from_file(FRAME, default_timeout=60).run()
    kinds = ("selectbox", "text_input", "select_slider", "toggle")
    before = {(kind, each.key): each.value for kind in kinds for each in getattr(visit, kind)}
    visit.selectbox("set_scenario").set_value("speed_limit").run()
    opened = {"scenario": "speed_limit"}
    assert visit.query_params == opened
    for (kind, key), value in before.items():  # as a browser tells them that has not heard of the example's yet
        if key != "set_scenario":
            getattr(visit, kind)(key).set_value(value)
    visit.run()
    assert visit.query_params == opened
    # One that has heard of it tells what a person did, though it be what was there before.
    visit.text_input("set_steps").set_value(before["text_input", "set_steps"]).run()
    assert visit.query_params == opened | {"steps": before["text_input", "set_steps"]}


def test_a_browser_that_has_not_heard_of_the_last_runs_is_followed_where_a_hand_moves():
    visit = AppTest.from_file(FRAME, default_timeout=60).run()
    late = {each.key: each.value for each in visit.text_input if each.key == "set_rate_exact" or "followed" in each.key}
    for rate in (0.02, 0.05, 0.1):
        visit.query_params.clear()
        for key, value in late.items():
            visit.text_input(key).set_value(value)
        visit.select_slider("set_rate").set_value(rate).run()
    assert visit.text_input("set_rate_exact").value == "0.1"
    assert visit.query_params["runs"].startswith("gradient_descent~0.1~~")
    visit.text_input("set_rate_exact").set_value(late["set_rate_exact"]).run()  # it has heard of them now, and means it
    assert (visit.select_slider("set_rate").value, visit.query_params) == (0.01, {})
    visit.query_params["scenario"] = "speed_limit"  # as by going back
    visit.run()
    assert visit.selectbox("set_scenario").value == "speed_limit"


def test_a_hand_that_overtakes_what_is_set_is_followed_and_set_again():
    visit = AppTest.from_file(FRAME, default_timeout=60).run()
    visit.select_slider("set_rate").set_value(0.1).run()
    late = {each.key: each.value for each in visit.text_input if "followed" in each.key}
    next(each for each in visit.button if each.label == "Reset").click().run()
    assert visit.query_params == {}
    for said in (0.2, 0.01):  # moved on from 0.1; then as Reset sets it, when that arrives
        for key, value in late.items():
            visit.text_input(key).set_value(value)
        visit.select_slider("set_rate").set_value(said).run()
        assert visit.query_params["runs"].startswith("gradient_descent~0.2~~")
        assert visit.select_slider("set_rate").proto.set_value


def test_what_is_set_comes_back_as_what_was_set_and_as_nothing_that_a_hand_did(monkeypatch):
    # Between, the browser said the first of two values, and nothing was drawn anew: so it looks like a change.
    state = {"turn": 3, "followed_fields": {"followed_body"}, "followed_body": "2"}
    monkeypatch.setattr(in_flight.st, "session_state", state)
    in_flight.tell("set_target", "294", "292")
    state["turn"] = 4
    in_flight.tell("set_target", "292", "290")
    assert in_flight.untouched("set_target", "292")
    state["followed_body"] = "4"
    assert in_flight.untouched("set_target", "290")
    assert not in_flight.untouched("set_target", "292"), "it knows better, and means it"


def test_an_example_of_another_page_opens_nothing():
    def script():
        import streamlit as st

        from landscape.pages.address import arrive, current
        from landscape.pages.batches.page import BATCHES
        from landscape.pages.header import open_scenario

        arrive(BATCHES)
        open_scenario(BATCHES, "ravine")  # as Explore's menu says it while Batches is being opened
        st.write(f"scenario: {current().scenario}.")

    visit = AppTest.from_function(script).run()
    assert not visit.exception
    assert visit.markdown[0].value == "scenario: ."


def test_what_a_browser_says_in_the_language_before_changes_nothing():
    visit = AppTest.from_file(FRAME, default_timeout=60).run()
    late = {each.key: each.value for each in visit.text_input}
    visit.selectbox("set_lang").set_value("zh-Hans").run()
    assert visit.selectbox("set_scenario").proto.set_value, "the browser is told the new words"
    visit.selectbox("set_function").set_value("bowl")  # in words, which mean nothing now
    for key, value in late.items():
        visit.text_input(key).set_value(value)
    visit.run()
    assert visit.query_params == {"lang": "zh-Hans"}


def test_a_slider_is_not_thrown_back_while_it_is_moved():
    visit = AppTest.from_file(FRAME, default_timeout=60).run()
    slider = visit.select_slider("set_rate").set_value(0.02).run().select_slider("set_rate")
    assert slider.value == 0.02
    assert not slider.proto.set_value
    visit.selectbox("set_scenario").set_value("speed_limit").run()
    assert visit.select_slider("set_rate").proto.set_value
