"""A computational graph that is stepped through in the browser, as a Streamlit component.

Streamlit's own Graphviz chart lays the graph out, unseen, from names and widths alone; graph.js copies what it drew and
writes the numbers in. So numbers change without a new layout, and nothing jumps.
"""

import hashlib
import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from landscape.analysis.computational_graph import ComputationalGraph, Edge, Node
from landscape.figures.numeral import plain
from landscape.stage import playback
from landscape.stage.assets import script
from landscape.stage.heard import hears

__all__ = ["graph", "graph_message", "upright"]

HERE = Path(__file__).parent
MOST_PATHS = 6  # that are written out
SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
SUPERSCRIPT = str.maketrans("0123456789−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
PLAIN = str.maketrans("∂·−₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "d.-01234567890123456789-")

Translate = Callable[[str], str]

_graph = st.components.v2.component(
    "landscape_graph",
    html=(HERE / "graph.html").read_text(encoding="utf-8").replace("{playback}", playback.HTML),
    css=(HERE / "graph.css").read_text(encoding="utf-8") + playback.CSS,
    js=script("graph.js", "graph"),
    isolate_styles=False,
)


def graph(message: dict[str, Any], *, on_key: Callable[[str], None], key: str = "graph") -> None:
    """Show a graph. `message` is graph_message's; `on_key` is called with a key that is meant for the page. A browser
    with little room asks for a graph that stands upright: see `upright`."""
    with st.container(key="graph_layout"):
        st.graphviz_chart(message["dot"])
    told = json.dumps({name: value for name, value in message.items() if name != "dot"})
    _graph(
        key=key,
        data={"graph": told},
        on_key_change=hears(key, "key", on_key),
        on_way_change=hears(key, "way", lambda way: st.session_state.update(graph_way=way)),
    )


def upright() -> bool:
    """Has this visit's browser asked for graphs that go down instead of to the right?"""
    return bool(st.session_state.get("graph_way") == "down")


def graph_message(
    drawn: ComputationalGraph, *, projector: bool, language: str, _: Translate, down: bool = False
) -> dict[str, Any]:
    """The layout's source and all that is written into it, step by step: first the values, then the gradients."""
    titles = _titles(drawn)
    nodes = [
        {
            "kind": "input" if not node.edges else "output" if node is drawn.nodes[-1] else "operation",
            "title": title,
            "value": short(node.value),
            "gradient": f"∂L/∂{_named(node.name)} = {short(node.gradient)}",
        }
        for node, title in zip(drawn.nodes, titles, strict=True)
    ]
    edges = [
        {"id": f"e{user}-{i}", "from": edge.operand, "to": user, "derivative": short(edge.derivative)}
        for user, node in enumerate(drawn.nodes)
        for i, edge in enumerate(node.edges)
        if edge.operand is not None
    ]
    layout, dot = _dot(nodes, edges, down)
    return {
        "dot": dot,
        "formula": drawn.latex,
        "layout": layout,
        "way": "down" if down else "right",
        "projector": projector,
        "nodes": nodes,
        "edges": edges,
        "steps": _steps(drawn, titles, _),
        "rows": _rows(drawn, _),
        "texts": playback.words(_)
        | {
            "language": language,
            "graph": _("The computational graph; the text below says what each step computes"),
            "input": _("Input"),
            "value": _("Value"),
            "gradient": _("Gradient"),
            "paths": _("Product along each path, added up"),
            "differences": _("By central differences"),
        },
    }


def _titles(drawn: ComputationalGraph) -> list[str]:
    """The formula of each operation, v₁ = a · b, and the name of each input."""
    names = [_named(node.name) for node in drawn.nodes]
    return [
        f"{name} = {_in_symbols(node.template, node.edges, names, name)}" if node.edges else name
        for name, node in zip(names, drawn.nodes, strict=True)
    ]


def _dot(nodes: list[dict[str, Any]], edges: list[dict[str, Any]], down: bool) -> tuple[str, str]:
    """A layout's id, and the graph in Graphviz's language. Its labels only take the room that numbers will need."""
    labels = []
    for node in nodes:
        # Graphviz counts the bytes of what is not ASCII, and a letter of Arial is wider than one of the page's (15 px).
        title, gradient = node["title"].translate(PLAIN), node["gradient"].partition("=")[0].translate(PLAIN)
        labels.append(f"{title}\\n-1.2345\\n{gradient}= -0.001234")
    ends = [(edge["id"], edge["from"], edge["to"]) for edge in edges]
    layout = f"graph_{hashlib.sha256(repr((labels, ends, down)).encode()).hexdigest()[:12]}"
    # The drawing library prepares to move whatever has the name of something drawn before, which takes it two seconds.
    name = f"{layout}_{{}}".format
    lines = [f'{name(place)} [id="n{place}" label="{label}"]' for place, label in enumerate(labels)]
    lines += [f'{name(start)} -> {name(end)} [id="{edge}" label="-0.01234"]' for edge, start, end in ends]
    way = "rankdir=TB nodesep=0.08 pad=0.02" if down else "rankdir=LR nodesep=0.3 pad=0.1"
    style = (
        f'{way} bgcolor="transparent" ranksep=0.4; '
        'node [shape=box style=rounded fontname="Arial" fontsize=13 margin="0.1,0.09"]; '
        'edge [fontname="Arial" fontsize=13 arrowsize=0.8]'
    )
    return layout, f'digraph {{ id="{layout}"; {style}; {"; ".join(lines)} }}'


def _steps(drawn: ComputationalGraph, titles: list[str], _: Translate) -> list[dict[str, Any]]:
    nodes = drawn.nodes
    operations = [place for place, node in enumerate(nodes) if node.edges]
    steps: list[dict[str, Any]] = [
        {
            "node": None,
            "head": _("The inputs are given. Forward: each operation is computed from what is known."),
            "lines": [],
        }
    ]
    for k, place in enumerate(operations, 1):
        node = nodes[place]
        numbers = _with_numbers(node.template, node.edges)
        steps.append(
            {
                "node": place,
                "head": _forward(node, _).format(k=k, n=len(operations)),
                "lines": [f"{titles[place]} = {numbers} = {number(node.value)}"],
            }
        )
    for k, place in enumerate(reversed(range(len(nodes))), 1):
        head = _("Backward, {k} of {n}")
        if place == len(nodes) - 1 and math.isnan(nodes[-1].value):
            head = _("Backward, {k} of {n}: L is not defined here, so there is no gradient")
        elif place == len(nodes) - 1:
            head = _("Backward, {k} of {n}: it starts from L itself")
        elif _ambiguous(drawn, place):
            head = _("Backward, {k} of {n}: paths meet here; each use gets a number, and their shares are added")
        elif len(drawn.uses(place)) > 1:
            head = _("Backward, {k} of {n}: paths meet here, and their shares are added")
        steps.append(
            {"node": place, "back": True, "head": head.format(k=k, n=len(nodes)), "lines": _gathered(drawn, place)}
        )
    return steps


def _forward(node: Node, _: Translate) -> str:
    """The heading of the step that computes an operation."""
    if not math.isnan(node.value):
        return _("Forward, {k} of {n}")
    if any(math.isnan(edge.value) for edge in node.edges):
        return _("Forward, {k} of {n}: what enters has no value, so this has none either")
    return _(
        "Forward, {k} of {n}: the operation has no value for these numbers, so neither L nor a gradient is defined"
    )


def _gathered(drawn: ComputationalGraph, place: int) -> list[str]:
    """The gradient in a node from those of the operations that it enters, with the local derivatives in between."""
    names = [_named(node.name) for node in drawn.nodes]
    here, uses = names[place], drawn.uses(place)
    if not uses:
        return [f"∂L/∂L = {number(drawn.nodes[place].gradient)}"]
    single = [f"{here}⁽{str(k).translate(SUPERSCRIPT)}⁾" for k in range(1, len(uses) + 1)]
    operands = single if _ambiguous(drawn, place) else [here] * len(uses)
    local = []
    for (user, edge), operand in zip(uses, operands, strict=True):
        rule = _in_symbols(edge.rule, drawn.nodes[user].edges, names, names[user])
        rule = f"[{rule}]" if re.search("[<>]", rule) else rule  # Iverson's bracket: 1 where it holds, 0 where not
        value = number(edge.derivative)
        local.append(f"∂{names[user]}/∂{operand} = {rule}" + (f" = {value}" if value != rule else ""))
    last = len(drawn.nodes) - 1
    if [user for user, _edge in uses] == [last]:  # nothing follows: it is the local derivative
        return local
    symbols = " + ".join(
        f"∂L/∂{names[user]} · ∂{names[user]}/∂{operand}" if user != last else f"∂L/∂{operand}"
        for (user, _edge), operand in zip(uses, operands, strict=True)
    )
    numbers = " + ".join(
        f"{_factor(drawn.nodes[user].gradient)} · {_factor(edge.derivative)}"
        if user != last
        else _factor(edge.derivative)
        for user, edge in uses
    )
    return [*dict.fromkeys(local), f"∂L/∂{here} = {symbols} = {numbers} = {number(drawn.nodes[place].gradient)}"]


def _ambiguous(drawn: ComputationalGraph, place: int) -> bool:
    """Does more than one path lead to an operation that a node enters, so that ∂operation/∂node is not one edge's?"""
    return any(drawn.path_count(place, user) > 1 for user, _edge in drawn.uses(place))


def _rows(drawn: ComputationalGraph, _: Translate) -> list[dict[str, Any]]:
    """The inputs, each with its gradient found in three ways."""
    rows = []
    for place, difference in enumerate(drawn.differences):
        node, count = drawn.nodes[place], drawn.path_count(place)
        if count <= MOST_PATHS:
            terms = [" · ".join(_factor(edge.derivative) for edge in path) for path in drawn.paths(place)]
            paths = " + ".join(terms)
        else:
            paths = _("{count} paths").format(count=count)
        rows.append(
            {
                "node": place,
                "input": _named(node.name),
                "value": number(node.value),
                "gradient": number(node.gradient),
                "paths": paths,
                "differences": number(difference),
            }
        )
    return rows


def _named(name: str) -> str:
    return name.translate(SUBSCRIPT)


def _in_symbols(template: str, edges: tuple[Edge, ...], names: list[str], result: str) -> str:
    words = [number(edge.value) if edge.operand is None else names[edge.operand] for edge in edges]
    return _set(template, [f"({word})" if word.startswith("−") else word for word in words], result)


def _with_numbers(template: str, edges: tuple[Edge, ...]) -> str:
    return _set(template, [_factor(edge.value) for edge in edges], "")


def _set(template: str, words: list[str], result: str) -> str:
    """A template filled in, with whole exponents as print sets them and no parentheses twice."""
    text = re.sub(r"\((\([^()]*\))\)", r"\1", template.format(*words, result=result))
    text = re.sub(r"\^\((−?\d+)\)", r"^\1", text)
    return re.sub(r"\^(−?\d+)(?![\d.])", lambda power: power[1].translate(SUPERSCRIPT), text)


def _factor(value: float) -> str:
    text = number(value)
    return f"({text})" if text.startswith("−") or "×" in text else text


def number(value: float) -> str:
    """A number as it stands in a line of text."""
    return plain(value, 6)


def short(value: float) -> str:
    """A number as it stands in a box of the graph."""
    text = plain(value, 4)
    return plain(value, 2).replace("\N{NO-BREAK SPACE}", "") if "×" in text else text
