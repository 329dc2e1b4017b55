"""The page's style sheet: less air than Streamlit's, the parts' order on a phone."""

import streamlit as st

from landscape.pages.parameters import PageSettings

__all__ = ["style"]

SHEET = """
.stMainBlockContainer { padding: 3.6rem 1.6rem 2rem; }
.stMainBlockContainer h2 { font-size: 1.35rem; padding: 0; margin: 0; line-height: 1.2; }
.st-key-header [data-testid="stMarkdownContainer"] { margin: 0; }
[data-testid="stCaptionContainer"] { opacity: 1; }
.st-key-controls [data-testid="stPills"] button { justify-content: flex-start; }
.st-key-overview p { margin: 0; }
.st-key-run_actions [data-testid="stMarkdownContainer"] { position: absolute; width: 1px; overflow: hidden; }
.st-key-run_actions button { padding: 0.25rem 0.8rem; }
@media (min-width: 1000px) { /* beside the navigation, in the bar that stays */
  .st-key-header { position: fixed; top: 0.25rem; right: 4rem; width: auto !important; z-index: 1000000; }
}
@media (max-width: 1200px) {
  .st-key-header > div:has(h2) { position: absolute; clip-path: inset(50%); }
}
[data-testid="stExpandSidebarButton"] { width: auto; gap: 0.4rem; padding: 0 0.6rem; }
[data-testid="stExpandSidebarButton"]::after { font-size: 1rem; font-weight: 600; }
.st-key-paths { height: 0; overflow: hidden; }
@media (max-width: 640px) {
  .stMainBlockContainer { padding: 4.2rem 0.8rem 2rem; }
  [data-testid="stHorizontalBlock"]:has(> .stColumn .st-key-controls) { flex-direction: column-reverse; }
  .st-key-results tr { display: flex; flex-wrap: wrap; }
  .st-key-results :is(th, td) { flex: 1 1 0; min-width: 0; padding: 0.2rem 0.3rem; font-size: 0.8rem; border: none; }
  .st-key-results :is(th, td):is(:first-child, :last-child) { flex: 0 0 100%; }
  [data-testid="stHorizontalBlock"]:has(> .stColumn .st-key-figure_controls) > .stColumn:nth-child(2) { order: -1; }
}
"""


def style(settings: PageSettings, here: str) -> None:
    """Put the style sheet into the page, whose name is `here`."""
    size = "html { font-size: 23px; } .st-key-header h2 { display: none; }" if settings.projector else ""
    # Where the navigation is folded away, its button says where one is.
    folded = f'[data-testid="stExpandSidebarButton"]::after {{ content: "{here}"; }}'
    # What stands above the plots and the playback under them, so that both fit into the window.
    above = "20.5rem" if settings.revealed else "17.5rem" if settings.scenario else "14rem"
    st.html(f"<style>:root {{ --above: {above}; }}{SHEET}{size}{folded}</style>")
