"""How people write formulas: text to a tree, and the tree to LaTeX.

The grammar, loosest first. A product without a sign binds like one with a sign, so ``1/2x`` is half of x; ``-x^2`` is
−(x²), ``x^y^2`` is x^(y²), and ``xy`` and ``xsin(y)`` are products, for no known name begins with x or y::

    sum      [+-] product {(+|-) product}
    product  power {[*|/] [+-] power}           2x   2(x+1)   x y   xy   3sin(x)   (x+1)(y-2)
    power    atom [^ [+-] power]                ^ and ** are the same, and so are x² and x^2
    atom     number | variable | pi | e | function(sum, …) | (sum)  sin^2(x) is sin(x)^2

log is the natural logarithm. Signs of print (− × · ÷ π) and full-width characters （ｘ＋１） mean the plain ones.

The variables are x and y, or any letters: there ``ab`` is a·b and ``w1`` one variable, and no letter may stand before a
parenthesis, since ``f(a)`` could be a function as well.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import NamedTuple, NoReturn

MAX_LENGTH = 500  # characters
MAX_DEPTH = 30  # parentheses, functions and exponents inside one another

VARIABLES = ("x", "y")
CONSTANTS = {"pi": r"\pi", "e": "e"}
UNARY = {
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
    "sqrt": r"\sqrt{<>}",  # <> is the argument, where it does not follow in parentheses
    "abs": r"\left|<>\right|",
    "sign": r"\operatorname{sign}",
    "relu": r"\operatorname{ReLU}",
    "sigmoid": r"\sigma",
}
VARIADIC = {"min": r"\min", "max": r"\max"}  # of two or more
POWERED = (*UNARY.keys() - {"exp", "sqrt", "abs"}, *VARIADIC)  # sin(x)^2 is set as sin²(x)
NAMES = (*VARIABLES, *CONSTANTS, *UNARY, *VARIADIC)


class FormulaError(ValueError):
    """A text that is no formula: ``template.format(**values)`` says why, and ``position`` where (column from 0)."""

    def __init__(self, template: str, position: int | None = None, values: Mapping[str, object] | None = None) -> None:
        super().__init__(template, position, values)
        self.template = template
        self.position = position
        self.values = dict(values or {})

    def __str__(self) -> str:
        return self.template.format(**self.values)


class Tree(NamedTuple):
    """A formula as it was written: a number, a name, or an operation on parts."""

    kind: str  # number, name, call, power, product or sum
    text: str  # the number, the name, or the signs of the parts: "*/…" of a product, "+-…" of a sum
    parts: tuple[Tree, ...]
    position: int


def parse(text: str, any_variables: bool = False) -> Tree:
    """The tree of a formula in x and y, or in any variables; FormulaError if it is none."""
    if len(text) > MAX_LENGTH:
        raise FormulaError("The formula is longer than {limit} characters.", MAX_LENGTH, {"limit": MAX_LENGTH})
    return _Parser(_tokens(text, any_variables)).formula()


def variables(tree: Tree) -> tuple[str, ...]:
    """The names of the variables in a formula, in the order in which they come."""
    if tree.kind == "name":
        return () if tree.text in CONSTANTS else (tree.text,)
    return tuple(dict.fromkeys(name for part in tree.parts for name in variables(part)))


def constants(tree: Tree) -> tuple[str, ...]:
    """The names of the constants in a formula, in the order in which they come."""
    if tree.kind == "name":
        return (tree.text,) if tree.text in CONSTANTS else ()
    return tuple(dict.fromkeys(name for part in tree.parts for name in constants(part)))


class _Token(NamedTuple):
    kind: str  # number, name, end, or the sign itself
    text: str
    position: int


_PRINTED = {"−": "-", "–": "-", "×": "*", "·": "*", "⋅": "*", "∗": "*", "÷": "/", "∕": "/"}
_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z_0-9]*|π)"
    r"|(?P<superscript>[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
    r"|(?P<power>\*\*|\^)"
    r"|(?P<sign>[-+*/(),])"
)
_PRODUCT = re.compile(rf"([xy]*)({'|'.join(sorted(NAMES, key=len, reverse=True))})")
_LETTER = re.compile(r"[a-z][0-9]*")
MOST_LETTERS = 3  # that a product may have without a sign: what is longer is a word


def _tokens(text: str, any_variables: bool) -> list[_Token]:
    plain = "".join(map(_plain, text))  # one character for one, so that columns hold
    tokens: list[_Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(plain, at)
        if match is None:
            _refuse_character(plain[at], at)
        word = match.group()
        match match.lastgroup:
            case "number":
                if float(word) == float("inf"):
                    raise FormulaError("The number {number} is too large.", at, {"number": _short(word)})
                tokens.append(_Token("number", word, at))
            case "name":
                word = "pi" if word == "π" else word.lower()
                factors = (_letters if any_variables else _factors)(word, at, plain[match.end() :])
                tokens += [_Token("name", name, at + i) for i, name in factors]
            case "superscript":
                exponent = unicodedata.normalize("NFKC", word).replace("−", "-")
                tokens.append(_Token("^", "^", at))
                if exponent[0] in "+-":
                    tokens.append(_Token(exponent[0], exponent[0], at))
                tokens.append(_Token("number", exponent.lstrip("+-"), at))
            case "power":
                tokens.append(_Token("^", word, at))
            case "sign":
                tokens.append(_Token(word, word, at))
        at = match.end()
    return [*tokens, _Token("end", "", len(text))]


def _factors(word: str, position: int, after: str) -> list[tuple[int, str]]:
    """The names that a word consists of, each with its place in it: any number of x and y, then one name."""
    product = _PRODUCT.fullmatch(word)
    if not product:
        if after.lstrip().startswith("("):
            functions = ", ".join((*UNARY, *VARIADIC))
            template = "There is no function “{name}”. The functions are {functions}."
            _refuse_name(word, position, template, functions=functions)
        _refuse_name(word, position, "“{name}” is not known. The variables are x and y.")
    letters, name = product.groups()
    return [*enumerate(letters), (len(letters), name)]


def _letters(word: str, position: int, after: str) -> list[tuple[int, str]]:
    """The same where any letter is a variable."""
    if word in NAMES:
        return [(0, word)]
    letters = [(found.start(), found.group()) for found in _LETTER.finditer(word)]
    if sum(len(letter) for _, letter in letters) < len(word) or len(letters) > MOST_LETTERS:
        _refuse_name(
            word, position, "“{name}” is not known. A variable is a letter, or a letter with digits, as in w1."
        )
    if after.startswith("("):
        _refuse_name(word, position, "There is no function “{name}”. A product is written {name}*(…).")
    if held := [name for name in (*UNARY, *VARIADIC) if name in word]:
        raise FormulaError("{function} needs parentheses, as in {function}(x).", position, {"function": held[-1]})
    return letters


def _plain(character: str) -> str:
    if unicodedata.decomposition(character).startswith(("<wide>", "<narrow>")):
        character = unicodedata.normalize("NFKC", character)
    return _PRINTED.get(character, character)


def _refuse_character(character: str, position: int) -> NoReturn:
    if character in "=<>!≤≥≠":
        template = "A formula is a single expression, without “{character}”."
    elif character in "'\"“”‘’`":
        template = "A formula has no quotation marks."
    elif character == ".":
        template = "A point belongs inside a number, as in 0.5."
    elif character == "|":
        template = "The absolute value is written abs(x)."
    elif character in "[]{}":
        template = "Only round parentheses are understood, ( and )."
    else:
        template = "“{character}” has no meaning in a formula."
    raise FormulaError(template, position, {"character": character})


def _refuse_name(name: str, position: int, template: str, **values: str) -> NoReturn:
    values |= {"name": _short(name)}
    if near := difflib.get_close_matches(name, NAMES, n=1):
        template = "“{name}” is not known. Did you mean {suggestion}?"
        raise FormulaError(template, position, values | {"suggestion": near[0]})
    raise FormulaError(template, position, values)


def _short(word: str) -> str:
    return word if len(word) <= 20 else word[:19] + "…"


class _Parser:
    """Recursive descent, one method for each line of the grammar."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    @property
    def next(self) -> _Token:
        return self.tokens[self.at]

    def take(self, *kinds: str) -> _Token | None:
        if self.next.kind not in kinds:
            return None
        self.at += 1
        return self.tokens[self.at - 1]

    def formula(self) -> Tree:
        if self.next.kind == "end":
            raise FormulaError("The formula is empty.", 0)
        tree = self.sum()
        if self.next.kind != "end":
            self.refuse()
        return tree

    def sum(self) -> Tree:
        position = self.next.position
        signs, parts = self.sign(), [self.product()]
        while self.next.kind in ("+", "-"):
            signs += self.sign()
            parts.append(self.product())
        return parts[0] if signs == "+" else Tree("sum", signs, tuple(parts), position)

    def product(self) -> Tree:
        position = self.next.position
        signs, parts = "*", [self.power()]
        while True:
            if sign := self.take("*", "/"):
                signs += sign.kind
                parts.append(self.signed_power())
            elif self.next.kind in ("name", "(") or (self.next.kind, self.tokens[self.at - 1].kind) == ("number", ")"):
                signs += "*"
                parts.append(self.power())
            else:
                return parts[0] if len(parts) == 1 else Tree("product", signs, tuple(parts), position)

    def signed_power(self) -> Tree:
        position = self.next.position
        sign, power = self.sign(), self.power()
        return power if sign == "+" else Tree("sum", "-", (power,), position)

    def power(self) -> Tree:
        base = self.atom()
        if self.take("^"):
            return Tree("power", "^", (base, self.nested(self.signed_power)), base.position)
        return base

    def atom(self) -> Tree:
        if number := self.take("number"):
            return Tree("number", number.text, (), number.position)
        if name := self.take("name"):
            return self.call(name) if name.text in (*UNARY, *VARIADIC) else Tree("name", name.text, (), name.position)
        if opening := self.take("("):
            inside = self.nested(self.sum)
            self.close(opening)
            return inside
        raise FormulaError("Here a number, a variable or a function is missing.", self.next.position)

    def call(self, name: _Token) -> Tree:
        exponent = None
        if self.next.kind == "^" and self.tokens[self.at + 1].kind == "number":  # sin^2(x)
            self.take("^")
            exponent = self.atom()
        opening = self.take("(")
        if opening is None:
            template = "{function} needs parentheses, as in {function}(x)."
            raise FormulaError(template, self.next.position, {"function": name.text})
        arguments = [] if self.next.kind == ")" else [self.nested(self.sum)]
        while arguments and self.take(","):
            arguments.append(self.nested(self.sum))
        self.close(opening)
        values = {"function": name.text, "given": len(arguments)}
        if name.text in UNARY and len(arguments) != 1:
            raise FormulaError("{function} takes one argument; here it has {given}.", name.position, values)
        if name.text in VARIADIC and len(arguments) < 2:
            raise FormulaError("{function} takes two or more arguments; here it has {given}.", name.position, values)
        call = Tree("call", name.text, tuple(arguments), name.position)
        return Tree("power", "^", (call, exponent), name.position) if exponent else call

    def sign(self) -> str:
        negative = False
        while sign := self.take("+", "-"):
            negative ^= sign.kind == "-"
        return "-" if negative else "+"

    def nested(self, rule: Callable[[], Tree]) -> Tree:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FormulaError("The formula is nested deeper than {limit}.", self.next.position, {"limit": MAX_DEPTH})
        tree = rule()
        self.depth -= 1
        return tree

    def close(self, opening: _Token) -> None:
        if self.next.kind == "end":
            raise FormulaError("This parenthesis is never closed.", opening.position)
        if not self.take(")"):
            self.refuse()

    def refuse(self) -> NoReturn:
        """The next token does not continue the formula."""
        template = "A sign such as + or * is missing before “{text}”."
        if self.next.kind == ")":
            template = "This parenthesis was never opened."
        elif self.next.kind == ",":
            template = "A comma separates the arguments of min and max; the decimal sign is a point."
        raise FormulaError(template, self.next.position, {"text": _short(self.next.text)})


def latex(tree: Tree) -> str:
    """LaTeX of the formula, in the order in which it was written."""
    match tree.kind:
        case "number":
            return _number(tree.text)
        case "name":
            return CONSTANTS.get(tree.text) or re.sub("([0-9]+)", r"_{\1}", tree.text)
        case "sum":
            terms = [latex(part) if part.kind != "sum" else _parenthesised(part) for part in tree.parts]
            signs = [tree.text[0].strip("+"), *(f" {sign} " for sign in tree.text[1:])]
            return "".join(sign + term for sign, term in zip(signs, terms, strict=True))
        case "product":
            return _product(tree)
        case "power":
            return _power(*tree.parts)
    inside = ", ".join(map(latex, tree.parts))
    if tree.text == "exp" and len(inside) < 40 and not re.search(r"\\frac|\\sqrt|e\^", inside):
        return f"e^{{{inside}}}"
    head = (UNARY | VARIADIC)[tree.text]
    return head.replace("<>", inside) if "<>" in head else rf"{head}\left({inside}\right)"


def _number(text: str) -> str:
    mantissa, _, exponent = text.lower().partition("e")
    mantissa = f"0{mantissa}" if mantissa[0] == "." else mantissa.removesuffix(".")
    if not exponent:
        return mantissa
    power = f"10^{{{int(exponent)}}}"
    return power if mantissa == "1" else rf"{mantissa} \cdot {power}"


def _product(tree: Tree) -> str:
    out, alone = "", None  # alone: the only factor so far, which needs no parentheses above a fraction's line
    for sign, part in zip(tree.text, tree.parts, strict=True):
        if sign == "/":
            out, alone = rf"\frac{{{latex(alone) if alone else out}}}{{{latex(part)}}}", None
            continue
        factor = _parenthesised(part) if part.kind == "sum" else latex(part)
        joint = r" \cdot " if factor[0].isdigit() or factor.startswith(r"\frac") or out.endswith(factor) else " "
        out, alone = (out + joint + factor, None) if out else (factor, part)
    return out


def _power(base: Tree, exponent: Tree) -> str:
    if base.kind == "call" and base.text in POWERED and exponent.kind == "number":
        head = (UNARY | VARIADIC)[base.text]
        return latex(base).replace(head, f"{head}^{{{latex(exponent)}}}", 1)
    bare = base.kind == "name" or base.text in ("abs", "sqrt") or (base.kind == "number" and "10^" not in latex(base))
    return f"{latex(base) if bare else _parenthesised(base)}^{{{latex(exponent)}}}"


def _parenthesised(tree: Tree) -> str:
    return rf"\left({latex(tree)}\right)"
