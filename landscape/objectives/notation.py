"""How people write formulas: text to a tree, and the tree back to LaTeX.

The grammar, loosest first; ``-x^2`` is −(x²), ``x^y^2`` is x^(y²), and a product without a sign binds like one with a
sign, so ``1/2x`` is half of x::

    sum      [+-] product {(+|-) product}
    product  power {[*|/] [+-] power}           2x   2(x+1)   x y   xy   3sin(x)   (x+1)(y-2)
    power    atom [^ [+-] power]                ^ and ** alike; also x²
    atom     number | x | y | pi | e | function(sum, …) | (sum)     sin^2(x) is sin(x)^2
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from typing import NamedTuple, NoReturn

MAX_LENGTH = 500  # characters
MAX_DEPTH = 40  # parentheses, functions, exponents and signs inside one another

VARIABLES = ("x", "y")
CONSTANTS = {"pi": r"\pi", "e": "e"}
# LaTeX of each function of one argument; {} is the argument.
FUNCTIONS_OF_ONE = {
    "sin": r"\sin",
    "cos": r"\cos",
    "tan": r"\tan",
    "asin": r"\arcsin",
    "acos": r"\arccos",
    "atan": r"\arctan",
    "sinh": r"\sinh",
    "cosh": r"\cosh",
    "tanh": r"\tanh",
    "exp": r"\exp",
    "log": r"\ln",
    "ln": r"\ln",
    "log10": r"\log_{10}",
    "sqrt": r"\sqrt",
    "abs": r"\left|",
    "sign": r"\operatorname{sign}",
    "relu": r"\operatorname{ReLU}",
    "sigmoid": r"\sigma",
}
FUNCTIONS_OF_MANY = {"min": r"\min", "max": r"\max"}
NAMES = (*VARIABLES, *CONSTANTS, *FUNCTIONS_OF_ONE, *FUNCTIONS_OF_MANY)


class FormulaError(ValueError):
    """A text that is not a formula: ``template.format(**values)`` says why, ``position`` (column from 0) says where."""

    def __init__(self, template: str, position: int | None = None, **values: object) -> None:
        super().__init__(template.format(**values))
        self.template = template
        self.position = position
        self.values = values


class Tree(NamedTuple):
    """A formula as it was written. ``text`` holds the number, the name, or one operator for each part."""

    kind: str  # number, name, call, power, product ("*" or "/" a part) or sum ("+" or "-" a part)
    text: str
    parts: tuple[Tree, ...]
    position: int


class Token(NamedTuple):
    kind: str  # number, name, end, or the sign itself
    text: str
    position: int


def parse(text: str) -> Tree:
    """The tree of a formula in x and y; FormulaError if it is not one."""
    if len(text) > MAX_LENGTH:
        raise FormulaError("The formula is longer than {limit} characters.", MAX_LENGTH, limit=MAX_LENGTH)
    tokens = _tokens(text)
    if tokens[0].kind == "end":
        raise FormulaError("The formula is empty.", 0)
    return _Parser(tokens).formula()


_SAME = str.maketrans({"−": "-", "–": "-", "×": "*", "·": "*", "⋅": "*", "∗": "*", "÷": "/", "∕": "/", "π": "ₚ"})
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<pi>ₚ)"
    rf"|(?P<superscript>⁻?[{_SUPERSCRIPTS}]+)"
    r"|(?P<power>\*\*|\^)"
    r"|(?P<sign>[-+*/(),])"
)


def _tokens(text: str) -> list[Token]:
    # One character stays one character, so that columns hold; NFKC turns the full-width （ ＋ ｘ of Chinese keyboards
    # into their plain selves.
    plain = "".join(
        c if c in _SUPERSCRIPTS + "⁻ₚ" or len(unicodedata.normalize("NFKC", c)) != 1 else unicodedata.normalize("NFKC", c)
        for c in text.translate(_SAME)
    )
    tokens: list[Token] = []
    at = 0
    while at < len(plain):
        match = _TOKEN.match(plain, at)
        if match is None:
            _refuse_character(plain[at], at)
        kind, word = str(match.lastgroup), match.group()
        if kind == "number" and float(word) == float("inf"):
            raise FormulaError("The number {number} is too large.", at, number=_short(word))
        if kind == "name" and set(word) == set(VARIABLES):
            tokens += [Token("name", letter, at + i) for i, letter in enumerate(word)]
        elif kind == "pi":
            tokens.append(Token("name", "pi", at))
        elif kind == "superscript":
            tokens.append(Token("^", "^", at))
            if word[0] == "⁻":
                tokens.append(Token("-", "-", at))
            tokens.append(Token("number", unicodedata.normalize("NFKC", word.lstrip("⁻")), at))
        elif kind == "power":
            tokens.append(Token("^", word, at))
        elif kind != "space":
            tokens.append(Token(word if kind == "sign" else kind, word, at))
        at = match.end()
    return [*tokens, Token("end", "", len(text))]


def _refuse_character(character: str, position: int) -> NoReturn:
    if character in "=<>!≤≥≠":
        template = "A formula is a single expression, without {character}."
    elif character in "'\"“”‘’`":
        template = "A formula has no quotation marks."
    elif character == ".":
        template = "A point belongs inside a number, as in 0.5."
    elif character == "|":
        template = "Write abs(x) for the absolute value."
    elif character in "[]{}":
        template = "Use round parentheses, ( and )."
    else:
        template = "{character} is not part of a formula."
    raise FormulaError(template, position, character=character)


def _short(word: str) -> str:
    return word if len(word) <= 20 else word[:17] + "…"


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def take(self, *kinds: str) -> Token | None:
        if self.token.kind not in kinds:
            return None
        self.at += 1
        return self.tokens[self.at - 1]

    def formula(self) -> Tree:
        tree = self.sum()
        match self.token.kind:
            case "end":
                return tree
            case ")":
                raise FormulaError("This parenthesis was never opened.", self.token.position)
            case ",":
                raise FormulaError(
                    "A comma belongs between the arguments of min and max; the decimal sign is a point.",
                    self.token.position,
                )
        raise FormulaError("A sign such as + or * is missing before {text}.", self.token.position, text=self.token.text)

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FormulaError("The formula is nested more than {limit} deep.", self.token.position, limit=MAX_DEPTH)

    def sum(self) -> Tree:
        self.deeper()
        position = self.token.position
        signs, parts = "", []
        while True:
            signs += self.sign()
            parts.append(self.product())
            if self.token.kind not in ("+", "-"):
                break
        self.depth -= 1
        return parts[0] if signs == "+" else Tree("sum", signs, tuple(parts), position)

    def sign(self) -> str:
        negative = False
        while sign := self.take("+", "-"):
            negative ^= sign.kind == "-"
        return "-" if negative else "+"

    def product(self) -> Tree:
        position = self.token.position
        signs, parts = "*", [self.power()]
        while True:
            if sign := self.take("*", "/"):
                signs += sign.kind
                parts.append(self.signed(self.power))
            elif self.token.kind in ("name", "(") or (
                self.token.kind == "number" and self.tokens[self.at - 1].kind == ")"
            ):
                signs += "*"
                parts.append(self.power())
            else:
                return parts[0] if len(parts) == 1 else Tree("product", signs, tuple(parts), position)

    def signed(self, operand) -> Tree:  # type: ignore[no-untyped-def]
        position = self.token.position
        sign = self.sign()
        part = operand()
        return part if sign == "+" else Tree("sum", "-", (part,), position)

    def power(self) -> Tree:
        self.deeper()
        base = self.atom()
        if sign := self.take("^"):
            base = Tree("power", "^", (base, self.signed(self.power)), sign.position)
        self.depth -= 1
        return base

    def atom(self) -> Tree:
        if number := self.take("number"):
            return Tree("number", number.text, (), number.position)
        if name := self.take("name"):
            return self.named(name)
        if opening := self.take("("):
            inside = self.sum()
            self.close(opening)
            return inside
        raise FormulaError("Something is missing here: a number, x, y or a function.", self.token.position)

    def named(self, name: Token) -> Tree:
        if name.text in VARIABLES or name.text in CONSTANTS:
            return Tree("name", name.text, (), name.position)
        if name.text not in NAMES:
            self.refuse_name(name)
        exponent = None
        if self.token.kind == "^" and self.tokens[self.at + 1].kind == "number":  # sin^2(x)
            sign, number = self.tokens[self.at], self.tokens[self.at + 1]
            exponent = Tree("number", number.text, (), number.position)
            self.at += 2
        opening = self.take("(")
        if not opening:
            raise FormulaError(
                "{function} needs parentheses, as in {function}(x).", self.token.position, function=name.text
            )
        arguments = [] if self.token.kind == ")" else [self.sum()]
        while arguments and self.take(","):
            arguments.append(self.sum())
        self.close(opening)
        if name.text in FUNCTIONS_OF_ONE and len(arguments) != 1:
            raise FormulaError(
                "{function} takes one argument, not {given}.", name.position, function=name.text, given=len(arguments)
            )
        if name.text in FUNCTIONS_OF_MANY and len(arguments) < 2:
            raise FormulaError(
                "{function} takes two or more arguments, not {given}.",
                name.position,
                function=name.text,
                given=len(arguments),
            )
        call = Tree("call", name.text, tuple(arguments), name.position)
        return Tree("power", "^", (call, exponent), sign.position) if exponent else call

    def close(self, opening: Token) -> None:
        if self.take(")"):
            return
        if self.token.kind in ("end", ","):
            raise FormulaError("This parenthesis is never closed.", opening.position)
        raise FormulaError("A sign such as + or * is missing before {text}.", self.token.position, text=self.token.text)

    def refuse_name(self, name: Token) -> NoReturn:
        near = difflib.get_close_matches(name.text.lower(), NAMES, n=1)
        template = "{name} is not known here: the variables are x and y."
        if near:
            template = "{name} is not known here. Did you mean {suggestion}?"
        raise FormulaError(
            template, name.position, name=_short(name.text), **({"suggestion": near[0]} if near else {})
        )


# ---- LaTeX ----------------------------------------------------------------------------------------------------------


def latex(tree: Tree) -> str:
    """LaTeX of the formula in the order in which it was written."""
    parts = tree.parts
    match tree.kind:
        case "number":
            mantissa, _, exponent = tree.text.lower().partition("e")
            return (f"{mantissa} \\cdot 10^{{{int(exponent)}}}") if exponent else mantissa
        case "name":
            return CONSTANTS.get(tree.text, tree.text)
        case "sum":
            out = ""
            for i, (sign, part) in enumerate(zip(tree.text, parts, strict=True)):
                body = latex(part) if part.kind != "sum" or i == 0 and sign == "+" else _parenthesised(part)
                out += body if not out and sign == "+" else f"-{body}" if not out else f" {sign} {body}"
            return out
        case "product":
            return _product(tree)
        case "power":
            base, exponent = parts
            if base.kind == "call" and base.text not in ("exp", "sqrt", "abs"):
                head, argument = _call(base)
                return f"{head}^{{{latex(exponent)}}}{argument}"
            simple = base.kind in ("name", "call") or base.kind == "number" and "e" not in base.text.lower()
            if base.kind == "call" and base.text == "exp":
                simple = False
            return f"{latex(base) if simple else _parenthesised(base)}^{{{latex(exponent)}}}"
    if tree.text == "sqrt":
        return rf"\sqrt{{{latex(parts[0])}}}"
    if tree.text == "abs":
        return rf"\left|{latex(parts[0])}\right|"
    if tree.text == "exp" and len(latex(parts[0])) < 40 and "frac" not in latex(parts[0]):
        return f"e^{{{latex(parts[0])}}}"
    return "".join(_call(tree))


def _call(tree: Tree) -> tuple[str, str]:
    head = {**FUNCTIONS_OF_ONE, **FUNCTIONS_OF_MANY}[tree.text]
    return head, rf"\left({', '.join(latex(part) for part in tree.parts)}\right)"


def _parenthesised(tree: Tree) -> str:
    return rf"\left({latex(tree)}\right)"


def _product(tree: Tree) -> str:
    out, before = "", None
    for sign, part in zip(tree.text, tree.parts, strict=True):
        if sign == "/":
            out, before = rf"\frac{{{out}}}{{{latex(part)}}}", None
            continue
        body = _parenthesised(part) if part.kind == "sum" and len(tree.parts) > 1 else latex(part)
        joint = r" \cdot " if body[0].isdigit() or (body.startswith(r"\frac") and before) else " "
        out, before = out + joint + body if out else body, part
    return out
