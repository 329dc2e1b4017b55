"""A visit to the Batches page without a browser, for its tests."""

import re
from html import unescape
from pathlib import Path

import numpy as np
from sent import strict, unpacked
from stage_visit import StageVisit
from streamlit.testing.v1 import AppTest

import landscape.pages
from landscape.objectives.regression import LinearRegression, LogisticRegression
from landscape.objectives.samples import SAMPLES, standardize
from landscape.pages.batches.page import BATCHES
from landscape.pages.batches.settings import OWN

FRAME = Path(landscape.pages.__file__).with_name("frame.py")
PAGE = """
import streamlit as st

from landscape.pages.address import arrive
from landscape.pages.batches.own_controls import take
from landscape.pages.batches.page import BATCHES
from landscape.pages.batches.points import on_points

arrive(BATCHES)
if "wish" in st.session_state:  # what the stage sends when a person changes a sample
    on_points(st.session_state.pop("wish"))
if "file" in st.session_state:
    take(st.session_state.pop("file"), "data.csv")
BATCHES.draw(BATCHES)
"""


class Visit(StageVisit):
    """A visit to the page. Every step of it fails if the page shows an exception or sends the stage what is no JSON."""

    page = BATCHES

    def __init__(self, address=None, **context):
        self.app = AppTest.from_string(PAGE, default_timeout=60)
        self.app.query_params.update(address or {})
        self.app.context.update(context)
        for popover in ("bring", "samples", "loss", "view", "method", "order"):
            self.app.session_state[popover] = True
        self.run(self.app)

    def run(self, node):
        node.run()
        assert [f"{error.message}\n{''.join(error.stack_trace)}" for error in self.app.exception] == []
        sent = {part.proto.component_name: part.proto.json for part in self.app.get("bidi_component")}
        self.landscape = strict(strict(sent["batches_stage"])["landscape"])
        self.data = strict(strict(sent["batches_stage"])["data"])
        self.paths = strict(strict(sent["landscape_paths"])["paths"])
        assert self.paths["landscape"] == self.landscape["id"], "the paths lie on another landscape"

    def widget(self, name):
        kinds = "selectbox text_input text_area slider select_slider toggle button_group radio multiselect"
        found = [each for kind in kinds.split() for each in getattr(self.app, kind)]
        (widget,) = [each for each in found if each.key in (name, f"set_{name}")]
        return widget

    def set(self, name, value):
        """Give a widget, known by its key or the end of it, a value."""
        widget = self.widget(name)
        self.run(widget.set_value(str(value) if widget.type == "text_input" else value))

    def paste(self, text):
        """Bring data of one's own."""
        if self.settings.data != OWN:
            self.set("data", OWN)
        self.set("own_text", text)

    def act(self, **wish):
        """Change a sample on the stage."""
        self.app.session_state["wish"] = wish
        self.run(self.app)

    @property
    def table(self):
        """The cells of the table of what each run costs, in its rows."""
        (table,) = [each.value for each in self.app.markdown if each.value.startswith("<table")]
        rows = re.findall("<tr.*?</tr>", table)
        return [[unescape(cell) for cell in re.findall("<t[hd].*?>(.*?)<", row)] for row in rows]

    @property
    def samples(self):
        return np.array([unpacked(self.data["x"]), unpacked(self.data["y"])])

    def same(self):
        """Assert that whoever opens the address of this page sees the same."""
        other = Visit(self.app.query_params)
        assert other.paths == self.paths
        assert other.landscape == self.landscape
        assert other.data == self.data
        assert other.app.query_params == self.app.query_params
        assert other.app.info.len == self.app.info.len


def updates(run):
    """The updates after which a run's frames are."""
    return unpacked(run["updates"]).astype(int) if "updates" in run else np.arange(path(run).shape[1])


def path(run):
    return np.array([unpacked(run["x"]), unpacked(run["y"])])


def loss_of(settings, samples=None):
    """The loss that a page with these settings is about, made by hand."""
    data_set = SAMPLES[settings.data]
    samples = samples or data_set.samples()
    scaled = data_set.scaled if settings.scaled is None else settings.scaled
    x = standardize(samples.x).x if scaled else samples.x
    if data_set.classes:
        return LogisticRegression(x, samples.y, l1=settings.l1, l2=settings.l2)
    return LinearRegression(x, samples.y, loss=settings.loss, l1=settings.l1, l2=settings.l2)
