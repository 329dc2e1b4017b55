"""The app: `streamlit run app.py`."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

import landscape.pages
from landscape.pages.head import Head
from landscape.stage.assets import ROUTES

frame = Path(landscape.pages.__file__).parent / "frame.py"
app = st.App(frame, routes=ROUTES, middleware=[Middleware(Head)])
