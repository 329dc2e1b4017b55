"""read_table: columns of numbers out of pasted text or an uploaded file, in the forms in which people have them.

Cells are separated by tabs, semicolons, commas or spaces, with or without a first line of names; where the separator is
not a comma, or the cell is quoted, a comma may be the decimal sign. Full-width signs （１，５） mean the plain ones.
"""

from __future__ import annotations

import codecs
import csv
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from landscape.objectives.samples import Column, Samples

__all__ = ["Note", "Table", "TableError", "read_table"]

MOST_ROWS = 2000  # of a larger text so many are drawn: a landscape, its gradients and its plot stay quick
LONGEST_LINE = 10_000  # bytes
LOOK_AT = 50  # lines that tell the separator
MOST_COLUMNS = 100
LONGEST_NAME = 40
SHOWN = 24  # characters of a cell in a message

SEPARATORS = ("\t", ";", ",", " ")
NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
MISSING = {"", "-", "--", ".", "?", "na", "n/a", "nan", "nil", "none", "null"}
PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xA0: " ", 0x2212: "-"}

Array = NDArray[np.float64]


class TableError(ValueError):
    """A text that is no table of numbers: ``template.format(**values)`` says why, ``line`` where (from 1, or None)."""

    def __init__(self, template: str, values: Mapping[str, object] | None = None, line: int | None = None) -> None:
        super().__init__(template, values, line)
        self.template = template
        self.values = dict(values or {})
        self.line = line

    def __str__(self) -> str:
        return self.template.format(**self.values)


class Note(NamedTuple):
    """Something to know about a table: ``template.format(**values)``."""

    template: str
    values: dict[str, object]

    def __str__(self) -> str:
        return self.template.format(**self.values)


@dataclass(frozen=True, eq=False)
class Table:
    """The columns of numbers of a text, by name and of equal length, NaN where a cell is empty; and notes on them."""

    columns: dict[str, Array]
    rows: int
    """How many rows the text has; the columns may hold fewer, drawn at random."""
    notes: tuple[Note, ...]

    def samples(self, features: Sequence[str], target: str) -> Samples:
        """The rows in which no chosen cell is empty, with one or two columns as features and one as the target.

        Raises TableError where no row is left, KeyError for a name that is not in the table.
        """
        chosen = np.array([self.columns[name] for name in (*features, target)])
        *x, y = chosen[:, np.isfinite(chosen).all(axis=0)]
        if not len(y):
            raise TableError("No row has a number in every chosen column.")
        return Samples(x[0] if len(x) == 1 else np.stack(x, axis=1), y, tuple(map(Column, features)), Column(target))


def read_table(text: str | bytes, seed: int = 0) -> Table:
    """The Table in a text; TableError, with the line, if there is none.

    Of more than 2000 rows so many are drawn, always the same ones for a seed, and no others are read: that is what
    makes large files quick. Columns of words are left out, and a note says so. Bytes may be UTF-8, UTF-16 with its
    mark, or GB 18030.
    """
    lines, filled = _lines(text, seed)
    separator = _separator(lines[:LOOK_AT])
    first, *others = rows = _rows(lines, separator)
    named = any(_value(cell, separator) == math.inf for cell in first.cells)
    body = others if named else rows
    if not body:
        raise TableError("Below the names there is no row of numbers.")
    cells = first.cells
    if named and {len(row.cells) for row in body} == {len(cells) + 1}:  # R leaves out the name of the rows' names
        cells = ["", *cells]
    names = _names(cells if named else [""] * len(cells))
    notes: list[Note] = []
    total = len(body) if len(lines) == filled else filled - named
    if total > len(body):
        template = "The text has {rows} rows; {used} of them, drawn at random, are used."
        notes.append(Note(template, {"rows": total, "used": len(body)}))
    if len(body) == 1:
        notes.append(Note("There is only one row, and many lines pass through one point.", {}))
    columns = _columns(names, body, separator, notes)
    if len(columns) < 2:
        for note in notes:
            if "cell" in note.values:
                template = "Two columns of numbers are needed, but column {column} holds words, such as “{cell}”."
                raise TableError(template, note.values)
        raise TableError("Two columns of numbers are needed, a feature and a target.")
    return Table(columns, total, tuple(notes))


class _Line(NamedTuple):
    number: int
    text: str


class _Row(NamedTuple):
    line: int
    cells: list[str]


def _lines(text: str | bytes, seed: int) -> tuple[list[_Line], int]:
    """The lines to read, which of a large text are the first and some others, and how many lines are not empty."""
    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = data.decode("utf-16", "replace").encode("utf-8", "replace")
    if b"\0" in data:
        raise TableError("This file is not a text file. Save the table as CSV and upload that.")
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    breaks = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n"))
    starts, ends = np.append(0, breaks + 1), np.append(breaks, len(data))
    filled = np.flatnonzero(ends > starts)
    if not len(filled):
        raise TableError("There is no text to read.")
    read = filled
    if len(filled) > MOST_ROWS + 1:
        others = np.random.default_rng(seed).choice(filled[1:], MOST_ROWS, replace=False)
        read = np.append(filled[0], np.sort(others))
    too_long = read[ends[read] - starts[read] > LONGEST_LINE]
    if len(too_long):
        line = int(too_long[0]) + 1
        values = {"line": line, "limit": LONGEST_LINE}
        raise TableError("Line {line} is longer than {limit} characters, so that it can hardly be a row.", values, line)
    chosen = b"\n".join(data[starts[i] : ends[i]] for i in read.tolist())
    try:
        plain = chosen.decode("utf-8-sig")
    except UnicodeDecodeError:
        plain = chosen.decode("gb18030", "replace")
    texts = plain.translate(PLAIN).split("\n")
    return [_Line(i + 1, text) for i, text in zip(read.tolist(), texts, strict=True)], len(filled)


def _separator(lines: list[_Line]) -> str:
    """The separator that gives the most rows of one width, and the most numbers in them."""

    def fitness(separator: str) -> float:
        rows = _rows(lines, separator)
        if not rows:
            return 0.0
        widths = [len(row.cells) for row in rows]
        width = max(widths, key=lambda width: (widths.count(width), width))
        cells = [cell for row in rows[1:] or rows for cell in row.cells]
        numbers = sum(_value(cell, separator) != math.inf for cell in cells)
        return (width > 1) * widths.count(width) / len(rows) * (1 + numbers / len(cells))

    fits = {separator: fitness(separator) for separator in SEPARATORS}
    if not any(line.text.strip() for line in lines):
        raise TableError("There is no text to read.")
    if not any(fits.values()):
        raise TableError(
            "The text has only one column. A feature and a target need two, "
            "separated by commas, semicolons, tabs or spaces."
        )
    return max(fits, key=lambda separator: fits[separator])


def _rows(lines: list[_Line], separator: str) -> list[_Row]:
    texts = [" ".join(line.text.split()) if separator == " " else line.text for line in lines]
    reader = csv.reader(texts, delimiter=separator, skipinitialspace=True)
    rows, begin = [], 0
    try:
        for cells in reader:
            row = _Row(lines[begin].number, [cell.strip() for cell in cells])
            begin = reader.line_num  # a quoted cell may go over several lines
            if any(row.cells):
                rows.append(row)
    except csv.Error:
        line = lines[begin].number
        raise TableError("A quotation mark in line {line} is never closed.", {"line": line}, line) from None
    return rows


def _value(cell: str, separator: str) -> float:
    """A cell's number, NaN where it is empty, inf where it holds words or a number too large."""
    if NUMBER.fullmatch(cell) and not (separator == "," and "," in cell):  # “1,234” means two things to two people
        return float(cell.replace(",", "."))
    return math.nan if cell.lower() in MISSING else math.inf


def _names(cells: list[str]) -> list[str]:
    """One name a column, all different: A, B, C … where there is none."""
    if len(cells) > MOST_COLUMNS:
        values = {"found": len(cells), "limit": MOST_COLUMNS}
        raise TableError("The text has {found} columns, but at most {limit} can be read.", values)
    names: list[str] = []
    for i, cell in enumerate(cells):
        name = cell[:LONGEST_NAME] or (chr(ord("A") + i) if i < 26 else str(i + 1))
        while name in names:
            name += "′"
        names.append(name)
    return names


def _columns(names: list[str], rows: list[_Row], separator: str, notes: list[Note]) -> dict[str, Array]:
    """The columns of numbers by name; what is to be said of any column is added to the notes."""
    for row in rows:
        if any(row.cells[len(names) :]) or len(row.cells) < len(names):
            values = {"line": row.line, "found": len(row.cells), "expected": len(names)}
            template = "Line {line} should have as many cells as the first, {expected}, but it has {found}."
            raise TableError(template, values, row.line)
    columns, mistakes = {}, []
    for i, name in enumerate(names):
        column = np.array([_value(row.cells[i], separator) for row in rows])
        numbers, words = column[np.isfinite(column)], np.flatnonzero(np.isinf(column)).tolist()
        if len(words) >= max(1, len(numbers)):
            template = "Column {column} holds words, such as “{cell}”, and is left out."
            notes.append(Note(template, {"column": name, "cell": rows[words[0]].cells[i][:SHOWN]}))
        elif words:
            mistakes.append((rows[words[0]].line, name, rows[words[0]].cells[i][:SHOWN]))
        elif not len(numbers):
            notes.append(Note("Column {column} is empty and is left out.", {"column": name}))
        else:
            columns[name] = column
            if len(numbers) < len(column):
                template = "Empty cells in column {column}: {missing}. Rows that lack a chosen number are left out."
                notes.append(Note(template, {"column": name, "missing": len(column) - len(numbers)}))
            if len(column) > 1 and numbers.min() == numbers.max():
                template = "Column {column} is {value} everywhere: there is nothing to learn from it."
                notes.append(Note(template, {"column": name, "value": f"{numbers[0]:.6g}"}))
    if mistakes:
        line, name, cell = min(mistakes)
        large = NUMBER.fullmatch(cell)  # and its value inf
        template = "Line {line}, column {column}: “{cell}” is not a number."
        if large:
            template = "Line {line}, column {column}: “{cell}” is too large a number."
        raise TableError(template, {"line": line, "column": name, "cell": cell}, line)
    return columns
