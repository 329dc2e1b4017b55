"""The widgets of data that a person brings: text or a file, what was read in it, and the choice of columns."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from landscape.locale.sentence import filled
from landscape.objectives.table import Note, TableError, read_table
from landscape.pages.address import bound, change, current, translate
from landscape.pages.batches.data import FEW, Own
from landscape.pages.batches.scene import Scene, owned
from landscape.pages.batches.settings import OWN
from landscape.pages.markdown import literal
from landscape.pages.popover import popover
from landscape.stage.heard import while_here

__all__ = ["own_controls"]

Translate = Callable[[str], str]
LONGEST_TEXT = 200_000
"""Characters that stay in the field: a browser sends all its fields at every change."""
LARGEST_FILE = 64  # MB
EXAMPLE = "x; y\n1; 2,1\n2; 3,9\n3; 6,2"
PREVIEWED = 100  # rows
UPLOADER = """<style>
[data-testid="stFileUploaderDropzone"] button p,
[data-testid="stFileUploaderDropzoneInstructions"],
[role="tooltip"]:has([data-testid="stTooltipErrorContent"]) {{ display: none; }}
[data-testid="stFileUploaderDropzone"] button [data-testid="stMarkdownContainer"]::after {{ content: "{choose}"; }}
[data-testid="stFileUploaderDropzone"] > input + :not(:has(button)) > * {{ font-size: 0; }}
[data-testid="stFileUploaderDropzone"] > input + :not(:has(button)) > *::after {{
  content: "{drop}"; font-size: 0.875rem;
}}
[data-testid="stFileChips"]:has([aria-invalid="true"])::after {{
  content: "{refused}"; flex-basis: 100%; font-size: 0.875rem;
}}
</style>"""
"""Streamlit's own words there, also those while a file is dragged over it, are English in every language, and why a
file is refused is told to the pointer alone.

Its announcement of that to screen readers stays: of our own sentence they would hear only where they look for it.
"""


def own_controls(scene: Scene, _: Translate) -> None:
    """Paste or upload a table, and see what came of it."""
    own, error = owned(), st.session_state.get("table_error")
    with st.container():  # empty or not: what follows stays where it is, and so stays open
        if own is None:
            st.info(_("Paste a table or upload a file. Until then the plots show other data."))
        elif error:  # told here too, for the popover may be closed
            st.warning(_("The last table was not understood; the one before stays."))
    popover(
        _("Paste or upload data"),
        lambda: table_controls(scene, _),
        icon=":material/table:",
        key="bring",
        height=460,
    )
    if own:
        told(own, scene, _)


def table_controls(scene: Scene, _: Translate) -> None:
    """The table: its field or its file, what is wrong with it, what was read, which columns are meant."""
    own, error = owned(), st.session_state.get("table_error")
    st.text_area(
        _("Two or three columns, with or without names"),
        height=140,
        placeholder=EXAMPLE,
        help=_("Separated by tabs, semicolons, commas or spaces, as a spreadsheet copies them."),
        **bound("own_text", st.session_state.get("own_draft", ""), take_text),
    )
    wrong = st.empty()  # what it showed is taken away at once, not only when all else is drawn
    if error:
        with wrong.container():
            say(error, _)
    # A new key after each file: what was read is kept, the file is not.
    key = f"own_file_{st.session_state.get('own_files', 0)}"
    text = _("Or a CSV file of up to {size} MB").format(size=LARGEST_FILE)
    st.file_uploader(text, key=key, max_upload_size=LARGEST_FILE, on_change=while_here(take_file), args=(key,))
    refused = _("This file has more than {size} MB.").format(size=LARGEST_FILE)
    st.html(UPLOADER.format(choose=_("Choose a file"), drop=_("Drop the file here"), refused=refused))
    st.caption(_("It stays in this server's memory, for this visit only."))
    if own:
        told(own, scene, _)
        preview(own, _)
        column_controls(own, _)


def take_text(text: str) -> None:
    too_long = len(text) > LONGEST_TEXT
    template = (
        "The pasted text has {count:,} characters: it was read, but is too long to stay in the field. "
        "Such a table is better uploaded as a file."
    )
    notes = [Note(template, {"count": len(text)})] if too_long else []
    read = take(text, "", *notes)
    if not text and owned():
        _ = translate(current())[1]
        st.toast(_("The field is empty. The table before stays."), icon=":material/table:")
    st.session_state.own_draft = "" if too_long and read else text  # it is there again when a person comes back


def take_file(key: str) -> None:
    file = st.session_state[key]
    if file is not None:
        take(file.getvalue(), file.name)
        st.session_state.own_files = st.session_state.get("own_files", 0) + 1


def take(content: str | bytes, name: str, *notes: Note) -> bool:
    """Read a table, and tell whether it was one; what cannot be read leaves the one before in place."""
    state = st.session_state
    state.table_error = None
    if content == "":  # a field that was emptied is no mistake, an empty file is one
        return False
    try:
        table = read_table(content)
        own = Own.of(replace(table, notes=(*table.notes, *notes)), name)
        own.data()
    except TableError as error:
        state.table_error = error
        return False
    adopt(own)
    return True


def adopt(own: Own) -> None:
    """Make a table the page's data."""
    st.session_state.own_table = own
    change(current().with_data(OWN))


def say(error: TableError, _: Translate) -> None:
    """Why a text is no table."""
    values = {name: literal(value) if isinstance(value, str) else value for name, value in error.values.items()}
    st.error(filled(_(error.template), **values))


def told(own: Own, scene: Scene, _: Translate) -> None:
    """What was read, in a line, and what is to know about it."""
    name = literal(own.name) if own.name else _("Pasted text")
    features = ", ".join(map(literal, own.features))
    count, rows = scene.unedited.count, own.table.rows
    all_rows, some = (
        _("{name}: {target} from {features}, n = {count}."),
        _("{name}: {target} from {features}, n = {count} of {rows} rows."),
    )
    sentence = all_rows if count == rows else some
    st.caption(filled(sentence, name=name, count=count, rows=rows, target=literal(own.target), features=features))
    for note in own.table.notes:
        values = {key: literal(value) if isinstance(value, str) else value for key, value in note.values.items()}
        st.caption(filled(_(note.template), **values))


def preview(own: Own, _: Translate) -> None:
    """The first rows of the table."""
    columns = own.table.columns
    st.dataframe({name: column[:PREVIEWED] for name, column in columns.items()}, height=150, hide_index=True)
    rows = len(columns[own.target])
    if rows > PREVIEWED:
        st.caption(filled(_("The first {shown} of {rows} rows."), shown=PREVIEWED, rows=rows))


def column_controls(own: Own, _: Translate) -> None:
    """Which columns are the features and the target, and whether the target is a class."""
    columns = list(own.table.columns)

    def choose(**changes: Any) -> None:
        chosen = replace(own, **changes)
        if "target" in changes:
            chosen = replace(chosen, classes=Own.two_valued(own.table, chosen.target, least=FEW))
            if len(chosen.features) == 2 or chosen.target in chosen.features:
                others = tuple(name for name in chosen.features if name != chosen.target)
                chosen = replace(chosen, features=others or (next(n for n in columns if n != chosen.target),))
        try:
            chosen.data()
        except TableError as error:
            st.session_state.table_error = error
        else:
            st.session_state.table_error = None
            adopt(chosen)

    st.selectbox(_("Target"), columns, **bound("own_target", own.target, lambda name: choose(target=name)))
    st.multiselect(
        _("Features, one or two"),
        [name for name in columns if name != own.target],
        max_selections=2,
        **bound("own_features", list(own.features), lambda names: choose(features=tuple(names) or own.features)),
    )
    if Own.two_valued(own.table, own.target):
        st.toggle(
            _("The target is a class"), **bound("own_classes", own.classes, lambda classes: choose(classes=classes))
        )
