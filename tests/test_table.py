import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape.objectives.samples import SAMPLES
from landscape.objectives.table import MOST_ROWS, TableError, read_table


def read(text):
    """The columns as lists, with None where a cell is empty."""
    columns = read_table(text).columns
    return {name: [None if math.isnan(cell) else cell for cell in column.tolist()] for name, column in columns.items()}


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("x,y\n1,2\n3,4", {"x": [1, 3], "y": [2, 4]}),
        ("1,2\n3,4\n", {"A": [1, 3], "B": [2, 4]}),
        ("x;y\n1,5;2\n3;4,25\n", {"x": [1.5, 3], "y": [2, 4.25]}),
        ("1\t2.5\n3\t4\n", {"A": [1, 3], "B": [2.5, 4]}),
        ("1,5\t2\n3\t4\n", {"A": [1.5, 3], "B": [2, 4]}),
        ("1 2\n  3    4  \n", {"A": [1, 3], "B": [2, 4]}),
        ("1,5 2,5\n3 4", {"A": [1.5, 3], "B": [2.5, 4]}),
        ("1, 2\n3,   4", {"A": [1, 3], "B": [2, 4]}),
        ("speed (mph),dist (ft)\n4,2\n5,10", {"speed (mph)": [4, 5], "dist (ft)": [2, 10]}),
        ('"speed","stops, ft"\n"4","2"\n"5","10"', {"speed": [4, 5], "stops, ft": [2, 10]}),
        ('"speed" "dist"\n"1" 4 2\n"2" 5 10\n', {"A": [1, 2], "speed": [4, 5], "dist": [2, 10]}),  # write.table of R
        ("1;2\r\n3;4\r\n", {"A": [1, 3], "B": [2, 4]}),
        ("1;2\r3;4\r", {"A": [1, 3], "B": [2, 4]}),
        ("\n\n1,2\n\n   \n3,4\n\n", {"A": [1, 3], "B": [2, 4]}),
        ("1,2,\n3,4,,\n", {"A": [1, 3], "B": [2, 4]}),
        ("x,x,\n1,2,5\n3,4,6\n", {"x": [1, 3], "x′": [2, 4], "C": [5, 6]}),
        ("\ufeffx,y\n1,2\n3,5", {"x": [1, 3], "y": [2, 5]}),
        ("ｘ，ｙ\n１，２\n３．５，−４", {"x": [1, 3.5], "y": [2, -4]}),
        ("1e3,-2.5E-1\n+.5,4.", {"A": [1000, 0.5], "B": [-0.25, 4]}),
        ("x,y\n1,\n,3\nNA,nan\n5,6", {"x": [1, None, None, 5], "y": [None, 3, None, 6]}),
        ("name,x,y\nMazda RX4,1,2\nValiant,3,4\n", {"x": [1, 3], "y": [2, 4]}),
    ],
)
def test_tables_as_people_have_them(text, columns):
    assert read(text) == columns
    assert read(text.encode()) == columns


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_bytes_in_the_usual_encodings(encoding):
    assert read("速度,距离\n1,2\n3,4".encode(encoding)) == {"速度": [1, 3], "距离": [2, 4]}


numbers = st.floats(allow_nan=False, allow_infinity=False)


@given(
    st.lists(st.tuples(numbers, numbers), min_size=1, max_size=20),
    st.sampled_from([",", ";", "\t", " "]),
    st.booleans(),
    st.booleans(),
)
def test_what_is_written_is_read(rows, separator, named, comma):
    decimal = (lambda number: number.replace(".", ",")) if comma and separator != "," else str
    lines = [separator.join(decimal(repr(number)) for number in row) for row in rows]
    table = read_table("\n".join([f"x{separator}y"] * named + lines))
    assert [column.tolist() for column in table.columns.values()] == [
        list(column) for column in zip(*rows, strict=True)
    ]
    assert list(table.columns) == (["x", "y"] if named else ["A", "B"])
    assert table.rows == len(rows)


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("", None, "There is no text to read."),
        (" \n\n  \n", None, "There is no text to read."),
        ("x,y\n1,2\n2,abc\n3,4", 3, "Line 3, column y: “abc” is not a number."),
        ("1,2\n\n2,3\n4 €,1", 4, "Line 4, column A: “4 €” is not a number."),
        ('"x, of two\nlines",y\n1,2\n3,abc\n4,5', 4, "Line 4, column y: “abc” is not a number."),
        ("1,2\n3,1e999\n5,6", 2, "Line 2, column B: “1e999” is too large a number."),
        ("1,2,3\n4,5\n", 2, "Line 2 should have as many cells as the first, 3, but it has 2."),
        ("1,2\n4,5\n6,7,8\n", 3, "Line 3 should have as many cells as the first, 2, but it has 3."),
        ('1,2\n"3,4\n5,6\n', 2, "Line 2 should have as many cells"),
        ("5\n6\n7", None, "The text has only one column."),
        ("x,y\n", None, "Below the names there is no row of numbers."),
        ("x,y\n1,a\n2,b", None, "Two columns of numbers are needed, but column y holds words, such as “a”."),
        ("x,y\n1,\n2,", None, "Two columns of numbers are needed, a feature and a target."),
        ('"1,234",2\n"2,345",3\n', None, "but column 1,234 holds words, such as “2,345”."),  # 2345, or 2.345?
        ("1,2\n" + "3" * 20_000 + ",4", 2, "Line 2 is longer than 10000 characters"),
        (",".join("1" * 101), None, "The text has 101 columns, but at most 100 can be read."),
        (b"PK\x03\x04\x00\x00\x08", None, "This file is not a text file."),
        (b"\x89PNG\r\n\x1a\n\x00\x00", None, "This file is not a text file."),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(text, line, sentence):
    with pytest.raises(TableError) as caught:
        read_table(text)
    assert sentence in str(caught.value)
    assert caught.value.line == line
    assert caught.value.template.format(**caught.value.values) == str(caught.value)


@given(st.text(alphabet=st.sampled_from('1234.,;\t\n\r "-eaNA？，'), max_size=60) | st.binary(max_size=60) | st.text())
def test_any_text_gives_a_table_or_a_sentence(text):
    try:
        table = read_table(text)
    except TableError:
        return
    assert len(table.columns) >= 2
    assert {len(column) for column in table.columns.values()} == {table.rows}
    assert all(map(str, table.notes))


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("1,2", "There is only one row, and many lines pass through one point."),
        ("x,y\n3,1\n3,2", "Column x is 3 everywhere: there is nothing to learn from it."),
        ("x,y\n1,1\n,2", "Empty cells in column x: 1. Rows that lack a chosen number are left out."),
        ("n,x,y\nbob,1,1\nann,2,2", "Column n holds words, such as “bob”, and is left out."),
        ("x,y,z\n1,2,\n2,3,", "Column z is empty and is left out."),
    ],
)
def test_notes(text, note):
    assert note in [str(each) for each in read_table(text).notes]


def test_an_ordinary_table_needs_no_note():
    assert read_table("x,y\n1,2\n \n3,4\n").notes == ()


def test_of_a_large_text_rows_are_drawn_and_it_says_so():
    rows = 10 * MOST_ROWS
    text = "x,y\n" + "".join(f"{i},{2 * i}\n" for i in range(rows))
    table = read_table(text)
    x, y = table.columns.values()
    assert table.rows == rows
    assert str(table.notes[0]) == f"The text has {rows} rows; {MOST_ROWS} of them, drawn at random, are used."
    assert len(np.unique(x)) == MOST_ROWS
    assert (np.diff(x) > 0).all()
    assert (y == 2 * x).all()
    assert x.mean() == pytest.approx(rows / 2, rel=0.05)
    assert read_table(text.encode()).columns["x"].tolist() == x.tolist()
    assert read_table(text, seed=1).columns["x"].tolist() != x.tolist()
    whole = read_table("x,y\n" + "".join(f"{i},{i}\n" for i in range(MOST_ROWS)))
    assert (whole.rows, len(whole.columns["x"]), whole.notes) == (MOST_ROWS, MOST_ROWS, ())


def test_50_megabytes_and_a_million_rows_are_read_like_others():
    table = read_table(b"x,y\n" + b"1234567.250000000000000,7654321.500000000000000\n" * 1_100_000)
    assert table.rows == 1_100_000
    assert str(table.notes[0]) == f"The text has 1100000 rows; {MOST_ROWS} of them, drawn at random, are used."
    assert {name: np.unique(column).tolist() for name, column in table.columns.items()} == {
        "x": [1234567.25],
        "y": [7654321.5],
    }


def test_a_mistake_in_a_large_text_is_given_its_own_line():
    text = "x,y\n" + "1,2\n" * MOST_ROWS + "1,oops\n" * MOST_ROWS
    with pytest.raises(TableError, match="column y: “oops” is not a number") as caught:
        read_table(text + "1,2\n" * 3 * MOST_ROWS)
    assert text.split("\n")[caught.value.line - 1] == "1,oops"


def test_chosen_columns_become_samples():
    table = read_table("a,b,c\n1,2,\n3,4,5\n6,7,8")
    samples = table.samples(["a"], "b")
    assert (samples.x.tolist(), samples.y.tolist()) == ([1, 3, 6], [2, 4, 7])
    assert (samples.features[0].name, samples.target.name) == ("a", "b")
    samples = table.samples(["a", "c"], "b")
    assert (samples.x.tolist(), samples.y.tolist()) == ([[3, 5], [6, 8]], [4, 7])
    with pytest.raises(TableError, match="No row has a number in every chosen column"):
        read_table("a,b\n1,\n,2").samples(["a"], "b")


def test_pasted_recorded_data_are_read_as_they_are():
    samples = SAMPLES["cars"].samples()
    text = "\n".join(f"{x:g}\t{y:g}" for x, y in zip(samples.x, samples.y, strict=True))
    pasted = read_table(text).samples(["A"], "B")
    assert pasted.x.tolist() == samples.x.tolist()
    assert pasted.y.tolist() == samples.y.tolist()
