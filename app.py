"""The app: `streamlit run app.py`."""

from pathlib import Path

import streamlit as st

import landscape.pages
from landscape.stage.assets import ROUTES

app = st.App(Path(landscape.pages.__file__).parent / "frame.py", routes=ROUTES)
