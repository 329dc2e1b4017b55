"""The order of the house: who may import whom, what is public, and what a file may be called."""

import ast
import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import landscape

PACKAGE = Path(landscape.__file__).parent
ROOT = PACKAGE.parent

ORDER = ["objectives", "descent", "analysis", "figures", "stage", "pages", "app"]
"""Each imports only what stands before it. `gradients` imports none of them and `locale` nothing at all; both serve any
layer that may know of them."""

MAY_IMPORT = {layer: {"gradients", *ORDER[: i + 1]} for i, layer in enumerate(ORDER)}
MAY_IMPORT |= {layer: MAY_IMPORT[layer] | {"locale", "landscape"} for layer in ("figures", "stage", "pages", "app")}
MAY_IMPORT |= {"gradients": {"gradients"}, "locale": {"locale"}}
MAY_IMPORT["landscape"] = {"gradients", "objectives", "descent", "analysis"}

ONLY_IN = {
    "streamlit": {"stage", "pages", "app"},
    "plotly": {"figures", "stage", "pages", "app"},
    "sympy": {"objectives"},
    "babel": {"locale"},
    "scipy": set(),
    "torch": set(),
    "pandas": {"pages"},
}
"""Packages that only some layers may import; SciPy and PyTorch are for tests and benchmarks."""

SAYS_NOTHING = {"base", "common", "config", "core", "helper", "helpers", "manager", "misc", "tools", "util", "utils"}

SOURCES = [*sorted(PACKAGE.rglob("*.py")), *ROOT.glob("app.py")]
MODULES = [path for path in SOURCES if path.name not in {"app.py", "__main__.py"}]


def place(path):
    return path.relative_to(ROOT).as_posix()


def module_name(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def layer(name):
    """The layer of a module's dotted name, "landscape" for the package's own face."""
    first, *rest = name.split(".")
    return first if first == "app" or not rest else rest[0]


def imported(path):
    """The dotted name of every module that a file imports, wherever in it."""
    package = module_name(path).split(".")
    if path.name != "__init__.py":
        package.pop()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            folders = {path.name for path in PACKAGE.iterdir() if path.is_dir()}
            for alias in node.names:
                yield f"{module}.{alias.name}" if module == "landscape" and alias.name in folders else module


@pytest.mark.parametrize("path", SOURCES, ids=place)
def test_imports_go_one_way(path):
    here = layer(module_name(path))
    assert here in MAY_IMPORT, f"{here} is no layer of the house"
    for name in imported(path):
        if name.split(".")[0] == "landscape":
            assert layer(name) in MAY_IMPORT[here], f"{here} imports {name}"
        elif name.split(".")[0] in ONLY_IN:
            assert here in ONLY_IN[name.split(".")[0]], f"{here} imports {name}"


def test_import_landscape_loads_neither_the_page_nor_what_a_number_does_not_need():
    script = "import sys, landscape; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    run = subprocess.run([sys.executable, "-W", "error", "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert sorted(set(run.stdout.split()) & {*ONLY_IN, "latex2mathml"}) == []


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_a_file_says_what_it_is_about(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not tree.body or ast.get_docstring(tree), "no docstring"


@pytest.mark.parametrize(
    "path", [path for path in MODULES if layer(module_name(path)) not in {"stage", "pages"}], ids=place
)
def test_public_names_exist_and_are_explained(path):
    module = importlib.import_module(module_name(path))
    names = getattr(module, "__all__", [])
    assert len(set(names)) == len(names), "a name is listed twice"
    for name in names:
        thing = getattr(module, name)
        if inspect.isclass(thing) or inspect.isfunction(thing):
            assert thing.__doc__, f"{name} has no docstring"
            assert not thing.__doc__.startswith(f"{name}("), f"{name} has only the signature that dataclass gave it"


def test_the_public_names_are_those_of_the_core():
    assert landscape.__all__, "nothing is public"
    for name in landscape.__all__:
        thing = getattr(landscape, name)
        if inspect.isclass(thing) or inspect.isfunction(thing):
            assert layer(thing.__module__) in MAY_IMPORT["landscape"], f"{name} comes from {thing.__module__}"


@pytest.mark.parametrize(
    "path", [*SOURCES, *(ROOT / "tests").glob("*.py"), *(ROOT / "benchmarks").glob("*.py")], ids=place
)
def test_a_file_is_named_by_its_subject(path):
    assert not SAYS_NOTHING & set(path.stem.split("_")), "a name that fits everything says nothing"
    assert path.stem == path.stem.lower()


def test_every_module_has_its_test_file():
    tested = {path.stem.removeprefix("test_") for path in (ROOT / "tests").glob("test_*.py")}
    core = [path for path in MODULES if layer(module_name(path)) in {"objectives", "descent", "gradients", "analysis"}]
    assert sorted(path.stem for path in core if path.stem != "__init__" and path.stem not in tested) == []


def test_what_a_widget_calls_is_done_only_on_its_page():
    """`bound` sees to it for what a person sets; see landscape/stage/heard.py."""
    calls = [
        (path.name, each.lineno, ast.unparse(each.value))
        for path in SOURCES
        if "pages" in path.parts
        for each in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(each, ast.keyword) and each.arg in {"on_click", "on_change"}
    ]
    assert len(calls) > 10
    assert [call for call in calls if not call[2].startswith("while_here(") and call[2] != "'rerun'"] == []


def test_a_popover_is_filled_when_it_opens():
    """What was drawn in one before stands there empty: the browser has not kept what the server told it."""
    made = [path.name for path in SOURCES if "st.popover(" in path.read_text(encoding="utf-8")]
    assert made == []
