"""The top of every page: what it is, its examples, the language; and the question that is open."""

from dataclasses import replace
from typing import Any

import streamlit as st

from landscape.locale import LANGUAGES
from landscape.locale.sentence import filled
from landscape.pages.address import bound, change, current, head_shown, refused, setter, translate
from landscape.pages.markdown import literal
from landscape.pages.page import Page
from landscape.pages.stage_settings import StageSettings
from landscape.pages.style import style
from landscape.stage.heard import while_here

__all__ = ["header", "press"]


TWO_LINES = 180  # letters in two lines of an answer on a projector; a Chinese one is as wide as two of others


def header(page: Page) -> None:
    """Draw the top of a page, with its style sheet."""
    settings = current()
    language, _ = translate(settings)
    style(settings, _(page.name), listed=bool(page.heading))
    head_shown()
    with st.container(key="header", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"## {_(page.title)}", width="content")
        if page.scenarios:
            st.selectbox(
                _("Example"),
                ["", *page.scenarios],
                format_func=lambda key: _(page.scenarios[key].title) if key else _("Examples, each with a question"),
                label_visibility="collapsed",
                width=260,
                **bound("scenario", settings.scenario, lambda key: open_scenario(page, key)),
            )
        st.selectbox(
            "Language · 语言 · 語言",
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            label_visibility="collapsed",
            width=130,
            **bound("lang", language, setter("lang")),
        )
        st.toggle(
            _("Projector"),
            help=_("Larger text and thicker lines, for a room. Key: P"),
            **bound("projector", settings.projector, setter("projector")),
        )
        st.button(
            _("Reset"),
            icon=":material/restart_alt:",
            type="tertiary",
            help=_("Everything as at first. Key: 0"),
            on_click=while_here(reset),
        )
    # One container, empty or not: what comes and goes must not move the stage to another place in the page's tree,
    # where it would be made anew.
    with st.container(key="notices", gap="small"):
        if refused():
            text = _("Not understood in the address and left out, at least in part: {names}.")
            known = words(_)
            st.info(text.format(names=", ".join(named(known.get(name, ""), literal(name)) for name in refused())))
        if settings.scenario:
            question(page, settings, _)


def named(word: str, parameter: str) -> str:
    """A parameter of an address, after the page's own word for it; once where they are the same."""
    return f"{word} ({parameter})" if word and word.casefold() != parameter else word or parameter


def words(_: Any) -> dict[str, str]:
    """What the page calls the parameters of an address that most links have."""
    return {
        "scenario": _("Example"),
        "projector": _("Projector"),
        "function": _("Function"),
        "formula": _("Your formula"),
        "view": _("View"),
        "height": _("Colour and height"),
        "lines": _("Contour lines"),
        "runs": _("Runs"),
        "start": _("start"),
        "steps": _("Steps"),
        "epochs": _("Epochs"),
        "data": _("Data"),
        "curve": _("Quantity") if isinstance(current(), StageSettings) else _("Curve"),
        "axis": _("Horizontal axis"),
        "optimizer": _("Optimizer"),
        "learning_rate": _("Learning rate"),
        "size": _("Number of samples"),
        "noise": _("Noise, as a standard deviation"),
        "data_seed": _("Seed of the data"),
        "edits": _("Samples changed by hand"),
        "loss": _("Loss of a sample"),
        "l2": _("L2 penalty λ₂"),
        "l1": _("L1 penalty λ₁"),
        "scaled": _("Scale the features"),
        "batch_lines": _("Batch's contours"),
        "gradients": _("Gradients"),
        "sampling": _("Order of the samples"),
        "seed": _("Seed of the order"),
        "seeds": _("Repeats with other seeds"),
        "target": _("Loss to reach"),
    }


def question(page: Page, settings: Any, _: Any) -> None:
    """Predict, play, reveal."""
    scenario = page.scenarios[settings.scenario]
    with st.container(key="question", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{_(scenario.question)}**", width="content")
        st.pills(
            _("Your prediction"),
            range(len(scenario.choices)),
            format_func=lambda i: _(scenario.choices[i]),
            label_visibility="collapsed",
            key=f"prediction_{scenario.key}",
            width="content",
            wrap=True,
        )
        if not settings.revealed:
            st.button(_("Show the answer"), on_click=while_here(setter("revealed")), args=(True,))
    if settings.revealed:
        # The answer is about the scenario's own runs, whatever was changed since.
        answer = filled(_(scenario.answer), **page.facts(scenario.settings))
        if not settings.same_subject(scenario.settings):
            opened = _("This is about the example as it was opened.")
            answer = _("{finding} {advice}").format(finding=answer, advice=opened)
        st.success(answer, icon=":material/lightbulb:")
        if settings.projector:  # an answer of fewer lines than there is room for leaves that to the plots
            wide = sum(1 + 1.2 * (letter > "\u2e7f") for letter in answer)
            st.html(f"<style>:root {{ --spare: {3 if wide < TWO_LINES else 1.6}rem; }}</style>")


def open_scenario(page: Page, key: str) -> None:
    now = current()
    if not key:
        change(replace(now, scenario="", revealed=False))
    elif key in page.scenarios:  # else the menu of another page said it while this one was opened
        st.session_state.refused_numbers = {}
        change(page.scenarios[key].opened(now))


def reset() -> None:
    now, state = current(), st.session_state
    change(type(now)().carried(now))
    state.refused_numbers = {}
    state.resets = state.get("resets", 0) + 1


def press(page: Page, key: str) -> None:
    """Do what a key of the keyboard does on every page."""
    if key == "p":
        setter("projector")(not current().projector)
    elif key == "0":
        reset()
    elif key.isdigit() and int(key) <= len(page.scenarios):
        open_scenario(page, list(page.scenarios)[int(key) - 1])
