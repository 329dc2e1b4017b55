"""The catalogues say exactly what the source says, and the right language is found for a visitor."""

import dataclasses
from pathlib import Path

import pytest

import landscape
from landscape.locale import LANGUAGES, best_language, catalogue_path, translation
from landscape.locale.catalogue import faults, read, updated, write
from landscape.locale.extract import messages, sources

TRANSLATED = [language for language in LANGUAGES if language != "en"]


@pytest.fixture(scope="module")
def wanted():
    return messages(sources(Path(landscape.__file__).parent))


# The catalogues of the app


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_of_the_app_is_translated(language, wanted):
    catalogue = read(catalogue_path(language).read_text(encoding="utf-8"), language)
    assert sorted(faults(catalogue, wanted)) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_files_are_as_the_script_leaves_them(language, wanted):
    text = catalogue_path(language).read_text(encoding="utf-8")
    assert write(updated(read(text, language), wanted)) == text, "run python -m landscape.locale"


def test_no_text_of_a_registered_thing_is_overlooked(wanted):
    """The texts are collected by reading the source; this finds them by walking what the package offers at run time."""
    registries = [getattr(landscape, name) for name in landscape.__all__]
    for thing in (thing for registry in registries if isinstance(registry, dict) for thing in registry.values()):
        for word in ("name", "about"):
            assert getattr(thing, word, None) in {None, *wanted}
        for field in dataclasses.fields(thing) if dataclasses.is_dataclass(thing) else ():
            assert field.metadata.get("help") in {None, *wanted}


# How text is found in the source


def found(source, path="landscape/pages/explore.py"):
    return list(messages({path: source}))


def test_a_page_marks_its_text_by_the_underscore():
    assert found('st.title(_("Explore"))') == ["Explore"]
    assert found('_("{count} steps").format(count=3)') == ["{count} steps"]
    assert found('_("one" " literal"); self._("method")') == ["one literal", "method"]
    assert found('_("a" if wide else "b")') == ["a", "b"]
    assert found("_(run.stop.message)") == []


def test_the_core_marks_its_text_by_the_name_it_is_bound_to():
    source = """
class Adam:
    name = "Adam"
    about: ClassVar[str] = "Remembers."
    formula = r"<m>"
    beta: float = hyperparameter(0.9, symbol="b", help="Memory.")
MESSAGES = {Reason.LOSS: "At {step}."}
template = "Unknown {name}." if near else "Unknown."
record = {"message": "In a dictionary.", "key": "not text"}
"""
    texts = ["Adam", "Remembers.", "Memory.", "At {step}.", "Unknown {name}.", "Unknown.", "In a dictionary."]
    assert found(source, "landscape/descent/optimizers.py") == texts
    assert found(source, "landscape/figures/contour.py") == [], "there these are Plotly's words"


def test_text_given_by_position_is_found_across_files():
    sources = {
        "landscape/descent/a.py": """
class FormulaError(ValueError):
    def __init__(self, template, position=None, **values): ...
class Scenario:
    kind: ClassVar[str]
    key: str
    title: str
    choices: tuple[str, ...]
def momentum(default, help): ...
def widget(name, default): ...
""",
        "landscape/pages/b.py": """
raise FormulaError("Empty.", 3, name="word")
Scenario("speed", "The speed limit", ("One", "Two"))
momentum(0.9, "Memory.")
widget("key", "default")
""",
    }
    assert list(messages(sources)) == ["Empty.", "word", "The speed limit", "One", "Two", "Memory."]


@pytest.mark.parametrize("source", ['x\n_(f"{n} steps")', 'x\n_("a" + b)', 'x\n_("%d" % n)'])
def test_a_text_put_together_too_early_is_refused_with_its_place(source):
    with pytest.raises(ValueError, match=r"explore\.py, line 2"):
        found(source)


def test_messages_come_in_the_order_of_the_source_with_their_files(tmp_path):
    package = tmp_path / "package"
    (package / "descent").mkdir(parents=True)
    (package / "pages").mkdir()
    (package / "descent" / "stop.py").write_text('name = "Stop"')
    (package / "pages" / "explore.py").write_text('_("Go"); _("Stop"); _("Go")')
    (tmp_path / "app.py").write_text('_("Title")')
    assert messages(sources(package)) == {
        "Stop": ["package/descent/stop.py", "package/pages/explore.py"],
        "Go": ["package/pages/explore.py"],
        "Title": ["app.py"],
    }


# Bringing a catalogue up to date


OLD = """\
msgid "kept"
msgstr "保留"

#, fuzzy
msgid "unsure"
msgstr "不定"

msgid "gone"
msgstr "没了"
"""


def test_update_keeps_what_stands_adds_what_is_new_and_drops_what_is_stale():
    text = write(updated(read(OLD, "zh-Hans"), {"new": ["a.py"], "unsure": ["b.py"], "kept": ["b.py", "a.py"]}))
    again = read(text, "zh-Hans")
    assert [message.id for message in again if message.id] == ["new", "unsure", "kept"]
    assert again["kept"].string == "保留"
    assert again["new"].string == ""
    assert again["unsure"].fuzzy
    assert "没了" not in text
    assert write(again) == text, "what is written is read back as it was"


@pytest.mark.parametrize(
    "text",
    ['"quotes" and \\ backslash', r"$\frac{1}{2}$", "two\nlines", "tab\t", "a very long line " * 20, "ünïcödé ∇"],
)
def test_any_text_survives_the_file(text):
    catalogue = updated(read("", "zh-Hant"), {text: ["a.py"]})
    catalogue[text].string = text
    assert read(write(catalogue), "zh-Hant")[text].string == text


# What is wrong with a catalogue


def complaints(text, translated, language="zh-Hans", flags=()):
    catalogue = updated(read("", language), {text: ["a.py"]})
    catalogue[text].string = translated
    catalogue[text].flags.update(flags)
    return [complaint.split(": ")[1] for complaint in faults(catalogue, {text: ["a.py"]})]


@pytest.mark.parametrize(
    ("text", "translated"),
    [
        ("Steps", "步数"),
        ("Adam", "Adam"),
        ("At step {step} of {total}.", "共 {total} 步，第 {step} 步。"),
        (
            "Rate $2/\\lambda$, `x**2`: **stop** [here](https://a.b)",
            "`x**2` 的速率 $2/\\lambda$：**停在**[这里](https://a.b)",
        ),
        ("Which arrives?", "哪个先到？"),
        ("1.5 to 2:3", "1.5 到 2:3"),
    ],
)
def test_a_good_translation_is_not_complained_of(text, translated):
    assert complaints(text, translated) == []


@pytest.mark.parametrize(
    ("text", "translated", "complaint"),
    [
        ("Steps", "", "not translated"),
        ("At {step}", "在 {steps}", "another field"),
        ("At {loss:.3g}", "在 {loss:.2g}", "another field"),
        ("Rate $2/L$", "速率 $2/l$", "another formula"),
        ("Type `x**2`", "输入 x**2", "another code"),
        (":material/help: Help", "帮助", "another icon"),
        ("**Bold**", "粗体", "another emphasis"),
        ("[here](a)", "[这里](b)", "another address"),
        ("a<br>b", "甲乙", "another tag"),
        ("a\n\nb", "甲\n乙", "another line break"),
        ("A sentence.", "一句话", "ends otherwise"),
        ("No sentence", "一句话。", "ends otherwise"),
        ("Why?", "为何。", "ends otherwise"),
        ("one, two", "一,二", "Western punctuation after a Chinese character"),
        ("gradient", "學習率", "characters of another script, 學習"),
    ],
)
def test_a_wrong_translation_is_complained_of(text, translated, complaint):
    assert complaint in complaints(text, translated)


def test_traditional_text_in_simplified_characters_is_complained_of():
    assert complaints("learning rate", "学习率", "zh-Hant") == ["characters of another script, 学习"]
    assert complaints("learning rate", "學習率", "zh-Hant") == []


def test_missing_stale_and_fuzzy_are_told_apart():
    assert complaints("Steps", "步数", flags=["fuzzy"]) == ["marked fuzzy"]
    assert sorted(faults(read(OLD, "zh-Hans"), {"kept": [], "unsure": [], "new": []})) == [
        "zh_Hans: marked fuzzy: 'unsure'",
        "zh_Hans: missing: 'new'",
        "zh_Hans: stale: 'gone'",
    ]


# At run time


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_nobody_translated_stays_english(language):
    assert translation(language)("No such text, {name}.") == "No such text, {name}."
    assert translation(language)("") == ""


@pytest.mark.parametrize("language", TRANSLATED)
def test_translation_gives_what_the_catalogue_says(language):
    translate = translation(language)
    for message in read(catalogue_path(language).read_text(encoding="utf-8"), language):
        assert translate(message.id) == (message.string if message.id else "") or not message.string
    assert translation(language) is translate, "a file is read once"


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="zh-Hant"):
        translation("fr")


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("en-GB", "en"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-Hant", "zh-Hant"),
        ("zh-Hant-CN", "zh-Hant"),
        ("zh-Hans-TW", "zh-Hans"),
        ("zh_TW", "zh-Hant"),
        ("ZH-tw", "zh-Hant"),
        ("fr", "en"),
        ("fr-FR, zh-TW;q=0.8, en;q=0.5", "zh-Hant"),
        ("en;q=0.3, zh-CN;q=0.9", "zh-Hans"),
        ("en, zh", "en"),
        ("zh;q=nonsense, en;q=0.1", "en"),
        ("zhuang", "en"),
        ("-;q=;,", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_the_browser_s_language_is_found(accept, language):
    assert best_language(accept) == language
