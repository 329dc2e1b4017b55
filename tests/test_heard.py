"""What the browser's part of a component says."""

from types import SimpleNamespace

from streamlit.testing.v1 import AppTest


def script():
    import streamlit as st

    from landscape.stage.heard import hears

    acted = []
    hears("stage", "key", acted.append)()
    st.json(acted)


def heard(**state):
    visit = AppTest.from_function(script)
    for key, value in state.items():
        visit.session_state[key] = value
    return visit.run()


def leave():
    import streamlit as st

    from landscape.stage.heard import enter, while_here

    acted = []
    enter("explore")
    act = while_here(acted.append)
    act("here")
    enter("batches")
    act("left")
    st.json(acted)


def test_that_what_a_page_has_asked_for_is_not_done_on_another():
    assert AppTest.from_function(leave).run().json[0].value == '["here"]'


class TestHears:
    def test_that_what_a_component_says_is_acted_upon(self):
        assert heard(stage=SimpleNamespace(key="p")).json[0].value == '["p"]'
        assert heard(stage=SimpleNamespace(key=0)).json[0].value == "[0]"

    def test_that_a_component_says_nothing_whose_page_was_left(self):
        visit = heard()
        assert not visit.exception
        assert visit.json[0].value == "[]"

    def test_that_nothing_is_acted_upon_when_a_component_takes_back_what_it_said(self):
        assert heard(stage=SimpleNamespace(key=None)).json[0].value == "[]"
        assert heard(stage=SimpleNamespace()).json[0].value == "[]"
