"""The script that Streamlit runs for every visit: the frame around the pages."""

from pathlib import Path

import streamlit as st

from landscape.pages import explore
from landscape.pages.address import arrive, current, translate

arrive()
_ = translate(current())[1]
st.set_page_config(
    page_title=_("Loss landscape explorer"), page_icon=str(Path(__file__).with_name("icon.svg")), layout="wide"
)
st.navigation([st.Page(explore.page, title=_("Explore"), url_path="explore", default=True)], position="hidden").run()
