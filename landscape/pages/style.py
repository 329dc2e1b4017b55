"""The page's style sheet: less air than Streamlit's, the parts' order on a phone."""

import streamlit as st

from landscape.pages.parameters import PageSettings

__all__ = ["style"]

SHEET = """
.stMainBlockContainer { padding: 3.6rem 1.6rem 2rem; }
.stMainBlockContainer h2 { font-size: 1.35rem; padding: 0; margin: 0; line-height: 1.2; }
.st-key-header [data-testid="stMarkdownContainer"] { margin: 0; }
.st-key-header [data-testid="stHeaderActionElements"] { display: none; } /* a link to the top, and its room */
[data-testid="stCaptionContainer"] { opacity: 1; }
/* Nothing turns grey while it is computed anew. Even the start of it is a layer for every part, and a slow frame. */
[data-stale] { opacity: 1 !important; transition: none !important; }
[data-testid="stSliderTickBar"] { transition: none !important; } /* frames and frames of it at every key */
.st-key-overview p { margin: 0; }
[class*="st-key-followed_"] { display: none; }
:is(.st-key-theme, .st-key-landed, [class*="st-key-live_"], [class*="_ground"]) {
    position: absolute; width: 0; overflow: hidden;
}
/* How many letters there are would stand over them, and Enter is not needed. */
.st-key-set_formula [data-testid="InputInstructions"] { display: none; }
/* What is said while somebody types pushes little away. */
.st-key-formula_error { gap: 0.25rem; }
.st-key-formula_error [data-testid="stAlertContainer"] { padding: 0.35rem 0.8rem; }
.st-key-formula_error pre { padding: 0.3rem 0.8rem; }
.st-key-slope ~ * .katex .base { margin-block: 0.35em; } /* fractions that go on in a second line */
:is(.st-key-run_actions, .st-key-pictures) button :is([data-testid="stMarkdownContainer"], p) {
  position: absolute; width: 1px; overflow: hidden;
}
:is(.st-key-run_actions, .st-key-function_menu) { flex-wrap: nowrap; gap: 0.3rem; }
.st-key-run_actions button { padding: 0.25rem 0.55rem; min-height: 2rem; min-width: 0; }
.st-key-set_focus button { height: auto; }
.st-key-set_focus button :is(div, p) { white-space: normal; text-align: left; overflow-wrap: anywhere; }
.st-key-run_actions [data-testid="stMarkdown"] p { font-size: 0.875rem; white-space: nowrap; }
@media (min-width: 1000px) { /* beside the navigation, in the bar that stays */
  .st-key-header { position: fixed; top: 0.25rem; right: 4rem; width: auto !important; z-index: 1000000; }
}
@media (max-width: 1240px) { /* the name of the page is in the navigation */
  .st-key-header > div:has(h2) { position: absolute; clip-path: inset(50%); }
}
[data-testid="stExpandSidebarButton"] { width: auto; gap: 0.4rem; padding: 0 0.6rem; }
[data-testid="stExpandSidebarButton"]::after { font-size: 1rem; font-weight: 600; }
.st-key-paths { height: 0; overflow: hidden; }
/* The popover opens on the side that has this room, though the pictures come later. */
.st-key-gallery { height: min(34rem, 58dvh); overflow-y: auto; }
/* The layers share a row, which is as wide as it may be. */
.st-key-layers { flex-wrap: nowrap; contain: inline-size; & > * { flex: 1 1 0; min-width: 0; } }
.st-key-layers input { padding-inline: 0.5rem 0 !important; }
@media (max-width: 640px) {
  .stMainBlockContainer { padding: 4.2rem 0.8rem 2rem; }
  [data-testid="stHorizontalBlock"]:has(> .stColumn .st-key-controls) { flex-direction: column; }
  /* The controls stand between the stage's parts, after the playback, as if nothing wrapped these. */
  [data-testid="stHorizontalBlock"]:has(> .stColumn :is(.stage, .graph-stage)) {
    flex-flow: column nowrap; align-items: stretch; gap: 8px;
  }
  [data-testid="stHorizontalBlock"] :has(:is(.stage, .graph-stage)) { display: contents; }
  .stColumn:has(.st-key-controls) { order: 4; width: auto; min-width: 0; }
  :is(.st-key-paths, .st-key-glimpse), :has(> .st-key-results) { order: 10; }
  .stMarkdown :is(th, td) { padding: 0.35rem 0.3rem; font-size: 0.875rem; }
  .stMarkdown :is(th, td) code { white-space: normal; overflow-wrap: normal; word-break: normal; }
  [data-testid="stMarkdownContainer"]:has(> table) { overflow-x: auto; }
  .st-key-script, div:has(> .st-key-script) { height: auto !important; max-height: 400px; flex-basis: auto !important; }
  .st-key-results tr { display: flex; flex-wrap: wrap; }
  .st-key-results :is(th, td) { flex: 1 1 0; min-width: 0; padding: 0.2rem 0.15rem; font-size: 0.75rem; border: none; }
  .st-key-results :is(th, td):is(:first-child, :last-child) { flex: 0 0 100%; }
  /* What is seen, and then what moves it. */
  [data-testid="stHorizontalBlock"]:has(> .stColumn .st-key-set_x) > .stColumn:not(:first-child) { order: -1; }
}
"""

PROJECTOR = """
html { font-size: 23px; }
.st-key-set_projector [data-testid="stTooltipIcon"] { display: none; }
.st-key-header h2 { font-size: 0.9rem; white-space: nowrap; }
@media (max-width: 1150px) { .st-key-header { position: static; } } /* no room for it beside the navigation */
@media (min-width: 1000px) {
  .st-key-header, .rc-overflow { zoom: 0.87; }
  .st-key-header .st-key-set_scenario { min-width: 14.6rem; }
  .st-key-header .st-key-set_lang { min-width: 6.6rem; }
  [data-testid="stHeader"] { height: 3.3rem; min-height: 0; }
  .stMainBlockContainer { padding-top: 3rem; }
  /* The function and its formula stand over the plots. */
  .stMainBlockContainer:has([class*="_ground"]) { --row: 2rem; }
  .stMainBlockContainer:has([class*="_ground"]):has(.st-key-set_formula) { --row: 3.4rem; }
  /* So does the curve, and under its slope there is what it is worked out from. */
  .stMainBlockContainer:has(:is(.st-key-slope, .st-key-errors)) { --row: 4.4rem; }
  .stVerticalBlock:has(> div :is(.st-key-slope, .st-key-errors)) { gap: 0.5rem; }
  :is(.st-key-slope, .st-key-magnified) .area {
    min-height: 0; max-height: max(var(--least), 100dvh - var(--above) - var(--below));
  }
  .st-key-slope { --least: 230px; --below: 10.5rem; & ~ * .katex { font-size: 1em; } & ~ * p { margin-bottom: 0; } }
  .st-key-magnified { --least: 170px; --below: 13rem; & ~ * :is(th, td) { padding: 0.1rem 0.5rem; font-size: 0.9rem; } }
  .st-key-controls, .st-key-controls .stVerticalBlock { gap: 0.22rem; }
  .st-key-controls :is(button, .react-aria-ComboBox > div, [data-testid="stTextInputRootElement"]) {
    height: auto; min-height: 1.65rem; padding-block: 0;
  }
  /* What these menus are for is seen from what they say. */
  :is(.st-key-set_function, .st-key-set_data, .st-key-set_optimizer) [data-testid="stWidgetLabel"] {
    position: absolute; clip-path: inset(50%);
  }
  .st-key-overview p { line-height: 1.3; }
  .st-key-overview p:has(br) {
    line-height: 1.4; white-space: nowrap; overflow-x: auto; overflow-y: hidden; scrollbar-width: thin;
  }
  .stColumn:has(.st-key-overview br) .stage { --lesson: 1.4rem; }
  .st-key-run_actions button { padding-inline: 0.35rem; }
  .st-key-controls :is([data-testid="stWidgetLabel"], button) p { line-height: 1.2; }
  .st-key-controls [data-testid="stWidgetLabel"] { margin-bottom: 0.1rem; }
  .st-key-controls [data-testid="stSlider"] [data-orientation] > [data-orientation] { padding-block: 1.75rem 0; }
  .st-key-controls [data-testid="stSliderTickBar"] { display: none; }
  .st-key-controls [data-testid="stSlider"] [data-testid="stWidgetLabel"] { margin-bottom: 0.65rem; }
  .st-key-controls [data-testid="stButtonGroup"] button { min-height: 1.5rem; }
  .st-key-set_activation button { padding-inline: 0.55rem; }
  .st-key-controls [data-testid="stButtonGroup"] [role="radiogroup"] { gap: 0.15rem; }
  .st-key-controls [data-testid="stCheckbox"] label { align-items: center; }
  .st-key-folded { flex-wrap: nowrap; gap: 0.3rem; }
  .st-key-folded button { padding-inline: 0.3rem; & > div > [aria-hidden] { display: none; } }
  .st-key-controls [data-testid="stTextInputRootElement"] input { padding-inline: 0.2rem; }
  /* A question stands over the plots alone: beside it the controls keep their place. */
  .stVerticalBlock:has(> div > .st-key-header):has(> div > .stHorizontalBlock > .stColumn .st-key-controls) {
    display: grid; grid-template: auto auto 1fr / minmax(0, 1fr) minmax(0, 3.4fr); gap: 0.5rem 1rem;
  }
  div:has(> .st-key-header) ~ * { grid-column: 1 / -1; }
  div:has(> .st-key-header) ~ div:has(> .st-key-notices) { grid-area: 2 / 2; }
  div:has(> .st-key-header) ~ div:has(> .stHorizontalBlock > .stColumn .st-key-controls),
  div:has(> .st-key-header) ~ div > .stHorizontalBlock:has(> .stColumn .st-key-controls) { display: contents; }
  div:has(> .st-key-header) ~ div > * > .stColumn:has(.st-key-controls) { grid-area: 2 / 1 / 4; width: auto; }
  div:has(> .st-key-header) ~ div > * > .stColumn:has(.st-key-controls) + * { grid-area: 3 / 2; width: auto; }
  .st-key-question { gap: 0.25rem 0.75rem; }
  /* The answer is all there is to say, and with what a person had predicted it needs the room. */
  .st-key-notices:has(.stAlert) { gap: 0.4rem; }
  .st-key-notices:has([data-testid="stAlertContentSuccess"]) button[aria-checked="false"] { display: none; }
  .st-key-notices [data-testid="stAlertContainer"] { padding: 0.25rem 0.7rem; & p { line-height: 1.35; } }
  .st-key-question button { min-height: 1.7rem; padding-block: 0; }
  .st-key-controls :is(input, label) { height: auto; min-height: 0; padding-block: 0.1rem; }
  /* In the table of what each run costs, the words of its last column stand below the numbers. */
  .st-key-results tr { display: flex; flex-wrap: wrap; }
  .st-key-results :is(th, td) { flex: 1 1 0; min-width: 0; padding: 0.2rem 0.4rem; font-size: 0.8rem; border: none; }
  .st-key-results :is(th, td):last-child { flex: 0 0 100%; }
  .st-key-results td:last-child { border-bottom: 1px solid var(--st-border-color, #8884); }
  .st-key-results th:last-child { display: none; }
}
"""


def style(settings: PageSettings, here: str, *, listed: bool) -> None:
    """Put the style sheet into the page, whose name is `here`.

    `listed`: whether the navigation folds it into a list, so that in a room its title is to be seen.
    """
    size = PROJECTOR if settings.projector else ""
    if settings.projector and not listed:
        size += ".st-key-header h2 { display: none; }"
    if listed:  # Streamlit marks the page that is open in its list, and nothing while that is folded
        size += '[data-testid="stTopNavSection"] { background: rgb(146 182 200 / 25%); p { font-weight: 600; } }'
    # Where the navigation is folded away, its button says where one is.
    folded = f'[data-testid="stExpandSidebarButton"]::after {{ content: "{here}"; }}'
    # What stands above the plots and the playback under them, so that both fit into the window.
    question, answer = bool(settings.scenario), settings.revealed
    above = 8.5 + 4.3 * question + 4.4 * answer if settings.projector else 14 + 3.5 * question + 3 * answer
    st.html(f"<style>:root {{ --above: {above}rem; }}{SHEET}{size}{folded}</style>")
