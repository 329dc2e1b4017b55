"""Data that people bring to the Batches page, without a browser."""

import gc
import re
import weakref

import numpy as np
import pytest
from batches_visit import Visit
from sent import unpacked

from landscape.locale import LANGUAGES, translation
from landscape.objectives.sample_loss import LOSSES
from landscape.pages.batches.data import Own
from landscape.pages.batches.own_controls import LONGEST_TEXT
from landscape.pages.batches.settings import OWN

languages = pytest.mark.parametrize("language", LANGUAGES)


def test_data_are_pasted():
    visit = Visit()
    visit.set("data", OWN)
    assert visit.app.info.len == 1
    assert visit.samples.shape == (2, 64)  # the plots keep what was
    visit.paste("km; Preis\n1,5; 10\n2,5; 20\n3,5; 31\n")
    assert visit.app.info.len == visit.app.error.len == 0
    np.testing.assert_allclose(visit.samples, [[1.5, 2.5, 3.5], [10, 20, 31]])
    assert "Preis from km, n = 3" in visit.text
    assert visit.settings.data == OWN
    assert "km" not in str(visit.app.query_params)
    assert visit.data["names"] == ["km", "Preis"]
    for run in visit.runs:
        assert unpacked(run["loss"])[-1] < unpacked(run["loss"])[0]


def test_whoever_has_not_the_data_gets_others_and_is_told():
    visit = Visit({"data": OWN, "edits": "0~1~1"})
    assert visit.app.info.len == 1
    assert visit.samples.shape == (2, 64)
    assert len(visit.runs) == 3


WRONG = {
    "a word": ("x,y\n1,2\n2,zwei\n3,4\n", "Line 3"),
    "one column": ("1\n2\n3\n", "one column"),
    "two separators": ("1,2\n3,4,5\n", "Line 2"),
    "names alone": ("x,y\n", "no row"),
    "words": ("a,b\nc,d\ne,f\n", "words"),
    "nothing in common": ("1,\n,2\n", "No row"),
    "too large": ("1,2\n3,1e31\n4,5\n", "Another unit"),
    "too small": ("1,2\n1e-31,4\n4,5\n", "Another unit"),
}


@languages
@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_in_pasted_data_gets_a_sentence_and_the_data_of_before_stay(name, language):
    text, part = WRONG[name]
    visit = Visit({"lang": language})
    visit.paste("1 2\n2 4\n3 7\n")
    before = visit.landscape, visit.data
    visit.paste(text)
    (error,) = visit.app.error
    assert (part in error.value) or language != "en"
    assert bool(re.search("[\u4e00-\u9fff]", error.value)) is (language != "en")
    assert not re.search(r"(?<!\\)[{}]", error.value)
    assert (visit.landscape, visit.data) == before
    kept = translation(language)("The last table was not understood; the one before stays.")
    assert [each.value for each in visit.app.warning] == [kept]  # also while the popover is closed
    assert visit.widget("own_text").value == text  # nothing that was typed is lost


def test_after_a_mistake_the_next_data_are_taken_and_kept_for_the_visit():
    visit = Visit()
    visit.paste(WRONG["two separators"][0])
    assert visit.app.error.len == 1
    visit.paste("1 2\n2 4\n3 8\n")
    assert visit.app.error.len == visit.app.warning.len == 0
    visit.set("data", "fuel")
    visit.set("data", OWN)
    np.testing.assert_allclose(visit.samples[1], [2, 4, 8])
    assert visit.widget("own_text").value == "1 2\n2 4\n3 8\n"


def test_what_a_person_wrote_cannot_write_into_the_page():
    visit = Visit()
    visit.paste("![](http://example.com/x.png),**y**\n1,2\n2,<b>x</b>\n")
    assert visit.app.error.len == 1
    visit.paste("![](http://example.com/x.png),**y**\n1,2\n2,3\n")
    assert "![](" not in visit.text
    assert "**y**" not in visit.text


def test_large_tables_are_sampled_and_it_says_so():
    visit = Visit()
    visit.paste("x,y\n" + "\n".join(f"{i},{i % 7}" for i in range(9000)))
    assert visit.samples.shape == (2, 2000)
    assert "9000 rows; 2000 of them" in visit.text.replace(",", "")
    assert "The first 100 of 2000 rows" in visit.text.replace(",", "")
    (preview,) = visit.app.dataframe
    assert list(preview.value.columns) == ["x", "y"]
    assert len(preview.value) == 100


def test_a_file_of_a_million_rows_is_sampled_and_it_says_so():
    visit = Visit({"data": OWN})
    visit.app.session_state["file"] = b"x,y\n" + b"1,2\n2,3\n3,5\n5,4\n" * 250_000
    visit.run(visit.app)
    assert visit.samples.shape == (2, 2000)
    assert "The text has 1000000 rows; 2000 of them, drawn at random, are used." in visit.text


UPLOADS = {
    "decimal commas": ("Größe;Preis\n1,5;2,5\n2,5;3,75\n3,5;5,5\n".encode(), "Preis from Größe, n = 3."),
    "an old Chinese encoding": ("面积,价格\n1,2\n2,3\n3,5\n".encode("gb18030"), "价格 from 面积, n = 3."),
    "UTF-16, as spreadsheets save it": ("面积\t价格\n1\t2\n2\t3\n".encode("utf-16"), "价格 from 面积, n = 2."),
    "no text": (b"PK\x03\x04" + bytes(range(256)), "This file is not a text file."),
    "nothing": (b"", "There is no text to read."),
    "missing cells": (b"x,y\n1,2\n,3\n3,NA\n4,9\n", "Empty cells in column x: 1."),
    "words": (b"name,x,y\nanna,1,2\nbert,2,3\n", "Column name holds words, such as “anna”"),
    "one row": (b"x,y\n1,2\n", "many lines pass through one point"),
    "a constant": (b"x,y\n1,5\n2,5\n", "Column y is 5 everywhere"),
    "many rows": (b"x,y\n" + b"1,2\n2,3\n3,5\n" * 100_000, "The text has 300000 rows; 2000 of them"),
}


@pytest.mark.parametrize(("content", "sentence"), UPLOADS.values(), ids=UPLOADS)
def test_a_file_is_read_or_gets_its_sentence(content, sentence):
    visit = Visit({"data": "own"})
    visit.app.session_state.own_data = True  # the popover is open
    visit.run(visit.app)
    (field,) = visit.app.file_uploader
    field.set_value(("some.csv", content, "text/csv"))
    visit.run(field)
    assert sentence in visit.text


def test_a_pasted_text_too_long_for_the_field_is_read_and_told():
    visit = Visit()
    rows = "x y\n" + "\n".join(f"{i / 7:.6f} {i % 7}" for i in range(LONGEST_TEXT // 8))
    visit.paste(rows)
    assert visit.samples.shape == (2, 2000)
    assert f"The pasted text has {len(rows):,} characters: it was read, but is too long to stay" in visit.text
    assert visit.widget("own_text").value == ""
    wrong = "words alone\n" * 20_000
    visit.set("own_text", wrong)
    assert visit.widget("own_text").value == wrong, "what is to be mended stays"
    assert visit.app.error.len == 1
    visit.set("own_text", "1 2\n2 4\n3 7\n")
    assert "too long" not in visit.text


def test_what_a_person_brought_leaves_with_the_visit(monkeypatch):
    arrays, read = [], Own.data

    def watched(own):
        data = read(own)
        arrays.append(weakref.ref(data.samples))
        return data

    monkeypatch.setattr(Own, "data", watched)
    visit = Visit({"seeds": "yes"})
    visit.paste("1 2\n2 4\n3 7\n4 4\n")
    assert arrays[-1]()
    del visit
    gc.collect()
    assert [array() for array in arrays if array()] == []


def test_columns_are_chosen():
    visit = Visit()
    visit.paste("a,b,c,group\n1,5,2,0\n2,3,4,1\n3,1,7,1\n4,8,8,0\n")
    assert visit.widget("own_target").value == "group", "the last one"
    visit.set("own_target", "c")
    visit.set("own_features", ["b"])
    np.testing.assert_allclose(visit.samples, [[5, 3, 1, 8], [2, 4, 7, 8]])
    visit.set("own_features", ["a", "b"])
    assert visit.data["kind"] == "prediction"
    visit.set("own_target", "group")
    assert visit.data["kind"] in ("probability", "boundary")
    visit.set("own_classes", False)
    assert visit.data["kind"] in ("line", "prediction")
    visit.set("own_features", [])
    assert visit.app.error.len == 0


def test_of_four_columns_the_last_is_the_target_and_the_rows_that_remain_are_counted():
    visit = Visit()
    visit.paste("a,b,c,d\n1,2,3,4\n2,3,4,\n3,5,9,7\n4,6,1,9\n")
    assert visit.text.count("Pasted text: d from a, n = 3 of 4 rows.") == 2, "beside the field and in the popover"
    assert visit.text.count("Empty cells in column d: 1.") == 2
    before = visit.data
    visit.set("own_text", "")
    assert [each.value for each in visit.app.toast] == ["The field is empty. The table before stays."]
    assert visit.data == before


def test_an_emptied_learning_rate_is_one_that_suits_and_says_so():
    visit = Visit()
    visit.set("rate_exact", 0.3)
    assert visit.app.toast.len == 0
    visit.set("rate_exact", "")
    (toast,) = visit.app.toast
    assert toast.value == f"The learning rate is chosen automatically now: {visit.widget('rate').value:.4g}."
    visit.set("epochs", 12)
    assert visit.app.toast.len == 0


def test_what_an_address_says_wrong_is_called_as_the_page_calls_it():
    visit = Visit({"seeds": "many", "l2": "x", "edits": "x", "target": "low"})
    for name in (
        "Repeats with other seeds (seeds)",
        "(l2)",
        "Samples changed by hand (edits)",
        "Loss to reach (target)",
    ):
        assert name in visit.text


def test_a_run_is_named_by_what_tells_it_from_the_others_and_no_more():
    names = [run["name"] for run in Visit({"scenario": "decay"}).runs]
    assert names == ["Batch size 1, Constant", "Batch size 1, Inverse time decay"]


def test_two_values_are_two_classes_whatever_they_are_called():
    visit = Visit()
    visit.paste("x,y\n1,5\n2,5\n3,9\n4,5\n5,9\n")
    assert visit.data["kind"] == "probability"
    assert visit.data["classes"] == ["5", "9"]
    assert set(unpacked(visit.data["y"])) == {0, 1}


STRANGE = {
    "one row": "1 2\n",
    "one point": "1 1\n1 1\n1 1\n",
    "constant feature": "1 5\n1 6\n1 7\n",
    "all zero": "0 0\n0 0\n",
    "huge and tiny": "1e9 1e-9\n2e9 3e-9\n4e9 1e-9",
    "beyond all bounds": "1e-29 1e29\n2e-29 2e29\n3e-29 1e29\n",
    "huge feature": "1e29 1\n-1e29 2\n",
    "two classes": "1 0\n2 1\n",
    "two equal features": "1 1 0\n2 2 1\n3 3 0\n",
}


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_strange_data_are_drawn_and_explained(text):
    visit = Visit()
    visit.paste(text)
    visit.set("scaled", True)
    for name in LOSSES if visit.data["kind"] in ("line", "prediction") else ():
        visit.set("loss", name)
    visit.set("seeds", True)
    assert visit.app.error.len == 0
    for run in visit.runs:
        for sentence in (run["ended"], run["diagnosis"]):
            assert not re.search(r"[{}]|\bnan\b|\binf\b", sentence)
    many = text in [STRANGE[name] for name in ("one row", "one point", "constant feature", "all zero")]
    assert ("The minimum is one of many" in visit.text) is many
    assert ("Condition number ∞; with scaled features ∞." in visit.text) is many
