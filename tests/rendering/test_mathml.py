"""Formulas in MathML, read back by a reader of their own: XML to the matdiff language to a node."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from matdiff.dimensions import Dimension
from matdiff.operations.algebra import SYMBOL, Expression, postorder, symbol, symbol_name
from matdiff.operations.nonlinear import PSEUDOINVERSE
from matdiff.rendering import mathml, text
from matdiff.rendering.markup import equation
from matdiff.shapes import Environment, function_names, read
from matdiff.syntax import parse_declarations, parse_expression

NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
CHILDREN = {"msup": 2, "msub": 2, "mfrac": 2, "mover": 2, "msqrt": 1}
LEAVES = {"mi", "mn", "mo", "mspace"}
CORE = {"math", "mrow", "mtable", "mtr", "mtd", *CHILDREN, *LEAVES}
SIGNS = {"−": "-", "\u2062": " ", "⊤": "'"}
SIZED = {"I": "I", "K": "K", "1": "ones", "0": "zeros"}


def tag(element: ElementTree.Element) -> str:
    assert element.tag.startswith(NAMESPACE)
    return element.tag.removeprefix(NAMESPACE)


def well_formed(source: str) -> ElementTree.Element:
    """The tree, after every element was seen to be one of MathML Core with its children."""
    root = ElementTree.fromstring(source)
    for element in root.iter():
        name = tag(element)
        assert name in CORE, name
        assert len(element) == CHILDREN.get(name, len(element)), source
        assert name not in LEAVES or len(element) == 0
        assert name in LEAVES or not (element.text or "").strip()
        assert not (element.tail or "").strip()
        assert set(element.attrib) <= {
            "accent", "class", "form", "lspace", "mathvariant", "rspace", "stretchy", "width",
        }  # fmt: skip
    return root


def in_words(element: ElementTree.Element) -> str:
    """What an element says, in the matdiff language with all brackets written."""
    name = tag(element)
    if name in LEAVES:
        return SIGNS.get(element.text or "", element.text or "")
    parts = [in_words(child) for child in element]
    if name == "mfrac":
        return f"(({parts[0]})/({parts[1]}))"
    if name == "msqrt":
        return f"sqrt({parts[0]})"
    if name == "msup":
        base, exponent = parts
        if exponent == "'":
            return f"({base})'"
        if exponent == "-'":
            return f"({base})^-T"
        if exponent.startswith("∘"):
            return f"({base}).^({exponent[1:]})"
        return f"({base})^({exponent})" if exponent != "-1" else f"({base})^-1"
    if name == "msub":
        base, index = parts
        if base in SIZED and tag(element[0]) == "mi":
            return f"{SIZED[base]}({index.replace('×', ',')})"
        return f"{base}_{index}"
    return "".join(parts)


def environment_of(formula: Expression) -> Environment:
    environment = Environment()
    for node in postorder(formula):
        if node.operation is SYMBOL:
            shape = "scalar" if node.is_scalar else f"{node.rows}×{node.columns}"
            environment.declare(parse_declarations(f"{symbol_name(node)} : {shape}"))
    environment.declare(parse_declarations("U1 : m×n, U2 : n×p"))  # so that all sizes are known
    return environment


def read_back(source: str, formula: Expression) -> Expression:
    environment = environment_of(formula)
    words = in_words(well_formed(source))
    tree = parse_expression(words, declared=environment.names, functions=function_names())
    return read(tree, environment).expression


@pytest.mark.parametrize("start", range(0, 300, 50))
def test_random_formulas(start: int, random_formula: Callable[[int], Expression]) -> None:
    for seed in range(start, start + 50):
        formula = random_formula(seed)
        source = mathml(formula)
        well_formed(source)
        if len(source) < 8000 and not re.search("unvec|softmax", source):
            assert text(read_back(source, formula)) == text(formula), source


def test_names(v: SimpleNamespace) -> None:
    n = v.m
    for name, shown in [
        ("W_1", "<msub><mi>W</mi><mn>1</mn></msub>"),
        ("W1", "<mi>W1</mi>"),
        ("y_hat", '<mover accent="true"><mi>y</mi><mo stretchy="false">^</mo></mover>'),
        ("β", "<mi>β</mi>"),
    ]:
        assert shown in mathml(symbol(name, n, n))


def test_the_sigmoid_and_a_variable_of_its_name_are_told_apart(v: SimpleNamespace) -> None:
    sigmoid = v.SIGMOID
    assert ">σ<" in mathml(v.apply(sigmoid, v.x))
    both = mathml(v.scale(v.σ, v.apply(sigmoid, v.x)))
    assert both.count(">σ<") == 1 and "<mi>sigmoid</mi>" in both


def test_brackets_stand_around_sums(v: SimpleNamespace) -> None:
    source = mathml((v.A + v.B).T @ v.A)
    assert read_back(source, (v.A + v.B).T @ v.A) is (v.A + v.B).T @ v.A
    # the bracket is one element with what it holds, so that it may carry the ⊤
    superscript = well_formed(source).find(f".//{NAMESPACE}msup")
    assert superscript is not None and in_words(superscript[0]) == "(A+B)"


def test_a_sign_behind_its_argument_has_brackets_before_it(v: SimpleNamespace) -> None:
    source = mathml(v.apply(PSEUDOINVERSE, v.A + v.B))
    assert in_words(well_formed(source)[0][0]) == "(A+B)" and "<mi>†</mi>" in source


@pytest.mark.parametrize(("accent", "sign"), [("dot", "˙"), ("ddot", "¨"), ("check", "ˇ")])
def test_accents(v: SimpleNamespace, accent: str, sign: str) -> None:
    base, above = well_formed(mathml(symbol(f"x_{accent}", v.m, v.m)))[0]
    assert (base.text, above.text) == ("x", sign)


def test_a_deep_formula_is_no_trouble() -> None:
    n = Dimension.of("n")
    A, x = symbol("A", n, n), symbol("x", n, n)
    for _ in range(5000):
        x = (A @ x + A).T
    assert mathml(x).endswith("</math>")


@pytest.mark.parametrize("name", ["H", "H_1", "W_xy", "x_hat", "alpha", "H_long_name"])
def test_the_definition_of_a_part(name: str) -> None:
    A = symbol("A", Dimension.of("m"), Dimension.of("n"))
    left, sign, right = well_formed(equation(name, A.T))[0]
    assert (sign.text, in_words(right)) == ("=", "(A)'")
    assert ElementTree.tostring(left) == ElementTree.tostring(
        well_formed(mathml(symbol(name, A.rows, A.columns)))[0]
    )
