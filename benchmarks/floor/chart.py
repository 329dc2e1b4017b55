"""The least page with a picture: one chart by Streamlit's own means."""

import plotly.graph_objects as go
import streamlit as st

st.plotly_chart(go.Figure(go.Scatter(y=[4, 2, 1, 0.5])))
