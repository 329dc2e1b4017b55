"""Which literals of the source are text for people, and so have to be translated."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

__all__ = ["messages", "texts"]

CALLS = {"_", "FormulaError"}
"""Their first argument is text."""

WORDS = {"name", "about", "help", "message", "messages", "template", "templates"}
"""What is bound to one of these is text: by a keyword argument, an assignment or an entry of a dictionary. The core
cannot call `_`, since it knows no language; it says what is text by these names."""

CORE = {"objectives", "descent", "gradients", "analysis"}


def messages(package: Path) -> dict[str, list[str]]:
    """Every English text of the package and of the app beside it, in the source's order, with the files that hold it.

    ValueError: a text that is put together before `_` sees it, with its place.
    """
    found: dict[str, list[str]] = {}
    app = package.parent / "app.py"
    for path in [*sorted(package.rglob("*.py")), *([app] if app.exists() else [])]:
        core = path.relative_to(package.parent).parts[1] in CORE if path != app else False
        place = path.relative_to(package.parent).as_posix()
        try:
            for text in texts(path.read_text(encoding="utf-8"), core=core):
                files = found.setdefault(text, [])
                if place not in files:
                    files.append(place)
        except ValueError as error:
            raise ValueError(f"{place}, {error}") from None
    return found


def texts(source: str, *, core: bool) -> Iterator[str]:
    """The texts of one file in their order; those bound to a word of WORDS count in the core alone.

    ValueError: a text that is put together before `_` sees it, with its line.
    """
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt | ast.expr | ast.keyword)]
    for node in sorted(nodes, key=lambda node: (node.lineno, node.col_offset)):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[first, *_]) if name in CALLS:
                if isinstance(first, ast.JoinedStr | ast.BinOp):
                    raise ValueError(f"line {node.lineno}: a text has to be one literal; put values in by str.format.")
                yield from _literals([first])
            case ast.keyword(arg=str(word), value=value) if core and word in WORDS:
                yield from _literals([value])
            case ast.Assign(targets=targets, value=value) if core and any(map(_is_text, targets)):
                yield from _literals([value])
            case ast.AnnAssign(target=target, value=ast.expr() as value) if core and _is_text(target):
                yield from _literals([value])
            case ast.Dict(keys=keys, values=values) if core:
                yield from _literals(v for k, v in zip(keys, values, strict=True) if k and _is_text(k))


def _is_text(node: ast.expr) -> bool:
    match node:
        case ast.Name(id=word) | ast.Attribute(attr=word) | ast.Constant(value=str(word)):
            return word.lower() in WORDS
    return False


def _literals(nodes: Iterable[ast.expr]) -> Iterator[str]:
    for node in nodes:
        match node:
            case ast.Constant(value=str(text)) if text:
                yield text
            case ast.IfExp(body=one, orelse=other):
                yield from _literals([one, other])
            case ast.Dict(values=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts):
                yield from _literals(parts)
            case ast.BoolOp(values=parts):
                yield from _literals(parts)
