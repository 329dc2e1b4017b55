"""The script that Streamlit runs for every visit: the navigation, and the page that is open."""

from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from landscape.locale import translation
from landscape.pages.address import arrive, current, publish_when_landed, spoken, translate
from landscape.pages.menu import PAGES
from landscape.stage.theme import theme

_ = translation(spoken())
listed: dict[str, list[StreamlitPage]] = {}
for page in PAGES.values():
    place = st.Page(partial(page.draw, page), title=_(page.name), url_path=page.key, default=not page.key)
    listed.setdefault(_(page.heading) if page.heading else "", []).append(place)
opened = st.navigation(listed, position="top")
page = PAGES[opened.url_path]
arrive(page)
_ = translate(current())[1]
st.set_page_config(page_title=_(page.title), page_icon=str(Path(__file__).with_name("icon.svg")), layout="wide")
opened.run()
theme()
publish_when_landed()
