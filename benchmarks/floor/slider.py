"""The least page that answers a slider: what Streamlit and the browser cost without the app."""

import streamlit as st

rate = st.slider("learning rate", 1, 1000, 500)
with st.container(key="line"):
    st.write(f"learning rate {rate}")
