"""Which literals of the source are text for people, and so have to be translated.

A page says `_("…")`. The core and the records of the pages cannot, since they know no language: there, text is what is
bound to one of WORDS, as in `about = "…"`, `help="…"`, `{"message": "…"}`, or by its position to a parameter or a
dataclass field of such a name. (A function that takes a name by position looks something up by it; that is no text.)
"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

__all__ = ["messages", "sources"]

WORDS = {
    "about",
    "advice",
    "answer",
    "choices",
    "heading",
    "help",
    "message",
    "messages",
    "name",
    "question",
    "template",
    "title",
}

DRAWING = {"figures", "stage"}
"""Layers that use these words as Plotly and HTML do, and hold no text of their own beside what they mark."""


def sources(package: Path) -> dict[str, str]:
    """The source of every file of the package and of the app beside it, by its path from there."""
    paths = [*sorted(package.rglob("*.py")), *package.parent.glob("app.py")]
    return {path.relative_to(package.parent).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def messages(sources: Mapping[str, str]) -> dict[str, list[str]]:
    """Every English text in these files (path to source), in their order, with the paths of those that hold it.

    ValueError: a text that is put together before `_` sees it, with its place.
    """
    trees = {path: ast.parse(source, path) for path, source in sources.items()}
    places: defaultdict[str, set[int]] = defaultdict(set)
    for tree in trees.values():
        for name, place in _text_parameters(tree):
            places[name].add(place)
    found: dict[str, list[str]] = {}
    for path, tree in trees.items():
        drawing = bool(DRAWING & set(path.split("/")))
        try:
            for text in dict.fromkeys(_texts(tree, {} if drawing else places, set() if drawing else WORDS)):
                found.setdefault(text, []).append(path)
        except ValueError as error:
            raise ValueError(f"{path}, {error}") from None
    return found


def _text_parameters(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """The functions and classes of a file, each with a position at which it takes text."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name, body=body):
                own = next((f for f in body if isinstance(f, ast.FunctionDef) and f.name == "__init__"), None)
                names = [argument.arg for argument in own.args.args[1:]] if own else list(_fields(body))
            case ast.FunctionDef(name=name, args=arguments):
                names = [argument.arg for argument in arguments.args]
            case _:
                continue
        words = WORDS if isinstance(node, ast.ClassDef) else WORDS - {"name"}
        yield from ((name, place) for place, parameter in enumerate(names) if parameter in words)


def _fields(body: list[ast.stmt]) -> Iterator[str]:
    for statement in body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=kind) if not ast.unparse(kind).startswith(
                "ClassVar"
            ):
                yield name


def _texts(tree: ast.Module, places: Mapping[str, set[int]], words: set[str]) -> Iterator[str]:
    def is_text(node: ast.expr | None) -> bool:
        match node:
            case ast.Name(id=word) | ast.Attribute(attr=word) | ast.Constant(value=str(word)):
                return word.lower() in words
        return False

    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.stmt | ast.expr | ast.keyword)]
    for node in sorted(nodes, key=lambda node: (node.lineno, node.col_offset)):
        match node:
            case ast.Call(func=ast.Name(id="_") | ast.Attribute(attr="_"), args=[text, *_]):
                if isinstance(text, ast.JoinedStr | ast.BinOp):
                    raise ValueError(f"line {node.lineno}: a text has to be one literal; put values in by str.format.")
                yield from _literals([text])
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=arguments):
                yield from _literals(text for place, text in enumerate(arguments) if place in places.get(name, ()))
            case ast.keyword(arg=str(word), value=value) if word in words:
                yield from _literals([value])
            case ast.Assign(targets=targets, value=value) if any(map(is_text, targets)):
                yield from _literals([value])
            case ast.AnnAssign(target=target, value=ast.expr() as value) if is_text(target):
                yield from _literals([value])
            case ast.Dict(keys=keys, values=values):
                yield from _literals(value for key, value in zip(keys, values, strict=True) if is_text(key))


def _literals(nodes: Iterable[ast.expr]) -> Iterator[str]:
    for node in nodes:
        match node:
            case ast.Constant(value=str(text)) if text:
                yield text
            case ast.IfExp(body=one, orelse=other):
                yield from _literals([one, other])
            case ast.Dict(values=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.BoolOp(values=parts):
                yield from _literals(parts)
