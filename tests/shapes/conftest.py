"""What the tests of shapes share: reading a text under declarations, and the refusal it meets."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from matdiff.dimensions import Shape, shape_text
from matdiff.errors import MatdiffError
from matdiff.shapes import Environment, Reading, function_names, read
from matdiff.syntax import parse_declarations, parse_expression
from matdiff.syntax.tree import Tree


def environment_of(declarations: str) -> Environment:
    environment = Environment()
    if declarations:
        environment.declare(parse_declarations(declarations))
    return environment


def tree_of(text: str, environment: Environment) -> Tree:
    return parse_expression(text, declared=environment.names, functions=function_names())


@pytest.fixture(name="environment_of")
def _environment_of() -> Callable[[str], Environment]:
    return environment_of


@pytest.fixture(name="tree_of")
def _tree_of() -> Callable[[str, Environment], Tree]:
    return tree_of


def read_text(
    text: str, declarations: str = "", *, expected: Shape | None = None, strict: bool = False
) -> Reading:
    environment = environment_of(declarations)
    return read(tree_of(text, environment), environment, expected=expected, strict=strict)


def shapes_inferred(text: str, declarations: str = "") -> dict[str, str]:
    inferred = read_text(text, declarations).inferred
    return {name: shape_text(shape) for name, shape in inferred.items()}


def refusal(text: str, declarations: str = "", *, strict: bool = False) -> MatdiffError:
    with pytest.raises(MatdiffError) as caught:
        read_text(text, declarations, strict=strict)
    assert caught.value.span is not None
    return caught.value


@pytest.fixture(name="read_text")
def _read_text() -> Callable[..., Reading]:
    return read_text


@pytest.fixture(name="shapes_inferred")
def _shapes_inferred() -> Callable[..., dict[str, str]]:
    return shapes_inferred


@pytest.fixture(name="refusal")
def _refusal() -> Callable[..., MatdiffError]:
    return refusal
