"""A visit to a laboratory without a browser, for the tests of each of them."""

from pathlib import Path

from sent import plotted, strict
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import landscape.pages

FRAME = Path(landscape.pages.__file__).with_name("frame.py")


class Visit:
    """A visit to a page; every step of it fails if the page shows an exception."""

    def __init__(self, page, address=None, *, arithmetic=False):
        self.page = page
        self.app = AppTest.from_file(FRAME, default_timeout=60)
        self.app._page_hash = calc_hash(page.key)  # switch_page knows files only
        self.app.query_params.update(address or {})
        self.app.session_state["arithmetic"] = arithmetic  # is it open?
        self.run(self.app)

    def run(self, node):
        node.run()
        assert [f"{error.message}\n{''.join(error.stack_trace)}" for error in self.app.exception] == []
        sent = [
            part.proto for part in self.app.get("bidi_component") if part.proto.component_name == "landscape_figure"
        ]
        self.figures = [{name: strict(text) for name, text in strict(each.json).items()} for each in sent]

    def set(self, name, value):
        kinds = ("text_input", "selectbox", "slider", "select_slider", "button_group")
        (widget,) = [each for kind in kinds for each in getattr(self.app, kind) if each.key == f"set_{name}"]
        self.run(widget.set_value(value))

    def value(self, name):
        return self.app.session_state[f"set_{name}"]

    @property
    def text(self):
        kinds = ("markdown", "error", "success", "code")
        text = "\n".join(each.value for kind in kinds for each in getattr(self.app, kind))
        return text.replace("\N{WORD JOINER}", "")

    def handle(self, name):
        """The first figure's handle of that id, and with it where it is."""
        return next(each for figure in self.figures for each in figure["over"]["handles"] if each["id"] == name)

    def lines(self, figure):
        """The lines laid over a figure, an x and a y each."""
        return [(plotted(each["x"]), plotted(each["y"])) for each in self.figures[figure]["over"]["lines"]]

    def trace(self, figure, name):
        (trace,) = [each for each in self.figures[figure]["figure"]["data"] if each.get("name") == name]
        return {axis: plotted(trace[axis]) for axis in "xyz" if axis in trace}

    def same(self):
        """Assert that whoever opens the address of this page sees the same."""
        other = Visit(self.page, self.app.query_params)
        assert [each["figure"] for each in other.figures] == [each["figure"] for each in self.figures]
        assert [each["over"]["lines"] for each in other.figures] == [each["over"]["lines"] for each in self.figures]
        assert other.text == self.text
        assert other.app.query_params == self.app.query_params


def acted(monkeypatch, module, settings, act):
    """The settings after something that a figure calls when a handle was moved."""
    told = []
    monkeypatch.setattr(module, "current", lambda: settings)
    monkeypatch.setattr(module, "change", lambda settings, *, final: told.append(settings))
    act()
    (changed,) = told
    return changed
