"""How texts are read: chains by their shapes, names by their letters, sizes from context."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from matdiff.dimensions import ONE, Dimension, shape_text
from matdiff.errors import ShapeProblem
from matdiff.normal import normalise
from matdiff.operations.algebra import number, postorder
from matdiff.shapes import Environment, Reading, Variable, read, read_together
from matdiff.syntax import parse_declarations, parse_expression
from matdiff.syntax.tree import Tree

Read = Callable[..., Reading]
Named = Callable[[str], Environment]
Parsed = Callable[[str, Environment], Tree]
Inferred = Callable[..., dict[str, str]]

QUESTION = "A : 1×a, B : a×b, X : b×1, C : 1×e, D : b×e, E : a×e, F : e×1"
VECTORS = "a : a, B : a×b, x : b, c : e, D : b×e, E : a×e, f : e"
SQUARE = "A : n×n, B : n×n, C : n×n"


@pytest.mark.parametrize(
    ("text", "plain", "declarations"),
    [
        ("(A(B(X C)∘D)∘E)F", "((A ((B (X C))∘D))∘E) F", QUESTION.replace("D : b×e", "D : a×e")),
        ("A(B(X C)∘D∘E)F", "A ((B ((X C)∘D))∘E) F", QUESTION),
        ("A((B((X C)∘D))∘E)F", "A ((B ((X C)∘D))∘E) F", QUESTION),
        ("a'(B(x c'∘D)∘E)f", "a' ((B ((x c')∘D))∘E) f", VECTORS),
    ],
)
def test_questions_as_asked_have_one_reading(
    read_text: Read, text: str, plain: str, declarations: str
) -> None:
    if "(A(B" in text:
        declarations = declarations.replace("E : a×e", "E : 1×e")
    reading = read_text(text, declarations)
    assert reading.warnings == []
    assert reading.expression is read_text(plain, declarations).expression


def test_a_run_of_letters_is_a_product_of_declared_names(read_text: Read) -> None:
    reading = read_text("(A(B(XC)∘D)∘E)F", QUESTION)
    assert reading.warnings == ["XC is read as X C"]
    assert list(reading.variables) == list("ABXCDEF")
    assert read_text("XC'", "X : m×n, C : p×n").expression.shape[1] is Dimension.of("p")


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2 A∘B", "(2 A)∘B"),
        ("A B C", "(A B) C"),
        ("A∘B⊘C", "(A∘B)⊘C"),
        ("A x'x", "A*(x'x)"),
        ("x'x A", "(x'x) A"),
        ("1/2 norm(x)^2", "(1/2) norm(x)^2"),
        ("A^-1", "inv(A)"),
        ("A^0", "I(n)"),
        ("|A|", "det(A)"),
        ("‖x‖_2", "norm(x)"),
        ("‖A‖_F", "norm(A)"),
        ("x'x/n", "x'(x/n)"),
        ("A - I", "A - I(n)"),
        ("A x + ones", "A x + ones(n)"),
        ("tr(I A I)", "tr(A)"),
        ("rowsum(A)", "A ones(n)"),
        ("colsum(A)", "ones(n)'A"),
        ("K(n,n) vec(A)", "K(n, n) vec(A)"),
    ],
)
def test_ways_to_write_the_same(read_text: Read, text: str, same: str) -> None:
    one, other = (read_text(written, SQUARE + ", x : n") for written in (text, same))
    assert one.warnings == []
    assert one.expression is other.expression


def test_a_text_with_two_readings_is_told(read_text: Read) -> None:
    reading = read_text("tr(A B∘C)", SQUARE)
    assert reading.warnings == [
        "shapes allow several readings of A B∘C: (A B)∘C (taken), or A (B∘C); brackets decide"
    ]
    assert reading.expression is read_text("tr((A B)∘C)", SQUARE).expression
    assert read_text("tr(A∘B C)", SQUARE).warnings == [
        "shapes allow several readings of A∘B C: A∘(B C) (taken), or (A∘B) C; brackets decide"
    ]


def test_a_quotient_is_one_operand_of_the_readings_shown(read_text: Read) -> None:
    assert read_text("A B/2∘C", SQUARE).warnings == [
        "shapes allow several readings of A B/2∘C: (A B/2)∘C (taken), or A (B/2∘C); brackets decide"
    ]


def test_shapes_further_out_decide_inside_a_bracket(read_text: Read) -> None:
    reading = read_text("(A∘B c)d'", "A : n×p, B : n×p, c : p, d : q")
    assert reading.warnings == []
    assert shape_text(reading.expression.shape) == "n×q"


def test_division_takes_one_operand_and_says_so(read_text: Read) -> None:
    reading = read_text("a/b c", "a : scalar, b : scalar, c : scalar")
    assert reading.warnings == [
        "a/b c is read as (a/b) c: `/` takes one operand; for the other reading write a/(b c)"
    ]
    assert read_text("1/n x'x", "x : n").warnings == []
    assert read_text("1/2").expression is number(Fraction(1, 2))


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("x'A x", {"x": "n×1", "A": "n×n"}),
        ("A x + b", {"A": "m×n", "x": "n×1", "b": "m×1"}),
        ("A B C", {"A": "m×n", "B": "n×p", "C": "p×q"}),
        ("t B + A", {"t": "1×1", "B": "m×n", "A": "m×n"}),
        ("norm(x - α∘y)^2", {"x": "n×1", "α": "n×1", "y": "n×1"}),
        ("β'x", {"β": "n×1", "x": "n×1"}),
        ("λ x", {"λ": "1×1", "x": "n×1"}),
        ("1/N sum(x)", {"N": "1×1", "x": "n×1"}),
        ("A⊗B + C", {"A": "m×n", "B": "p×q", "C": "m*p×n*q"}),
        ("x^2 + 1", {"x": "1×1"}),
        ("|A|", {"A": "n×n"}),
        ("x'x I + A", {"x": "m×1", "A": "n×n"}),
        ("(X b + c)'D (X b + c)", {"X": "m×n", "b": "n×1", "c": "m×1", "D": "m×m"}),
    ],
)
def test_what_nobody_declared_is_inferred(
    shapes_inferred: Inferred, text: str, shapes: dict[str, str]
) -> None:
    assert shapes_inferred(text) == shapes


def test_inferred_dimensions_avoid_declared_names(shapes_inferred: Inferred) -> None:
    assert shapes_inferred("tr(X) + sum(A)", "A : n×m") == {"X": "p×p"}


def test_the_cheaper_kind_is_taken_and_equals_are_told(read_text: Read) -> None:
    reading = read_text("exp(b log(a))")
    assert reading.warnings == [
        "undeclared names fit in several ways: b as a column and a as a scalar (taken), or "
        "b as a scalar and a as a column; declarations decide"
    ]
    scalar = read_text("exp(b log(a))", expected=(ONE, ONE))
    assert scalar.inferred == {"b": (ONE, ONE), "a": (ONE, ONE)}


SCALARS = "a : scalar, b : scalar, c : scalar, t : scalar"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x'x/2n", "x' x/2 n is read as (x' x/2) n"),
        ("1/2n", "1/2 n is read as (1/2) n"),
        ("1/n(n-1)", "1/n (n - 1) is read as (1/n) (n - 1)"),
        ("norm(x)^2/2c^2", "norm(x)^2/2 c^2 is read as (norm(x)^2/2) c^2"),
        ("x'y/‖x‖‖y‖", "x' y/‖x‖ ‖y‖ is read as (x' y/‖x‖) ‖y‖"),
        ("x'x/2pi", "x' x/2 pi is read as (x' x/2) pi"),
        ("x'x/tr(A)tr(A)", "x' x/tr(A) tr(A) is read as (x' x/tr(A)) tr(A)"),
        ("x'y/norm(x) norm(y)", "x' y/norm(x) norm(y) is read as (x' y/norm(x)) norm(y)"),
        ("x'y/c^2 b", "x' y/c^2 b is read as (x' y/c^2) b"),
        ("x'A x/2x'x", "x' A x/2 x' x is read as (x' A x/2) x' x"),
        ("Σ_i x[i]^2/2n", "x[i]^2/2 n is read as (x[i]^2/2) n"),
        ("Σ_i x[i]^2/c b", "x[i]^2/c b is read as (x[i]^2/c) b"),
    ],
)
def test_what_may_stand_below_a_line_is_told(
    read_text: Read, refusal: Callable[..., ShapeProblem], text: str, told: str
) -> None:
    declared = f"x : n, y : n, A : n×n, {SCALARS}"
    (warning,) = read_text(text, declared).warnings
    assert warning.partition(": ")[0] == told
    above, _, below = told.partition(" is read as ")[0].partition("/")
    assert warning.endswith(f"for the other reading write {above}/({below})")
    assert refusal(text, declared, strict=True).code == "MX216"


@pytest.mark.parametrize(
    "text",
    [
        "1/2 x'A x", "1/2x'A x", "1/2‖x‖^2", "1/2tr(A)", "1/n sum(x)", "1/n‖x‖^2", "c/2 ‖x‖^2",
        "1/2(x-y)'(x-y)", "1/2 c x'x", "x'x/(2n)", "x'x/2*n", "x'x/c", "a/b/c", "A/2x", "1/2x",
        "1/2 Σ_i x[i]^2", "Σ_i 1/2(x[i]-y[i])^2", "1/n^2 sum(x)", "A/c x",
    ],
)  # fmt: skip
def test_other_quotients_are_plain(read_text: Read, text: str) -> None:
    assert read_text(text, f"x : n, y : n, A : n×n, {SCALARS}").warnings == []


@pytest.mark.parametrize(
    ("text", "code", "advice"),
    [
        ("mean(x^2)", "MX206", "x.^2"),
        ("mean(x^2) - mean(x)^2", "MX206", "x.^2"),
        ("norm(x^2)", "MX206", "x.^2"),
        ("sum(1 - x)", "MX204", "c*ones(n)"),
        ("(1 - x)'(1 - x)", "MX204", "c*ones(n)"),
        ("sum((1 - x).^2)", "MX204", "c*ones(n)"),
        ("‖1 - x‖", "MX204", "c*ones(n)"),
        ("softmax(x + 1)", "MX204", "c*ones(n)"),
        ("sum(1/x)", "MX205", "x.^-1"),
        ("sum(log(1 + exp(x)))", "MX204", "c*ones(n)"),
        ("sum(y∘log(p) + (1 - y)∘log(1 - p))", "MX204", "c*ones(n)"),
        ("(1 - y)∘log(1 - p)", "MX204", "c*ones(n)"),
        ("sum((y - w'x)^2)", "MX204", "c*ones(n)"),
        ("sum(kron(1 - x, y))", "MX204", "c*ones(n)"),
        ("(1 - x)⊗y", "MX204", "c*ones(n)"),
        ("tr(A^2 + A + 1)", "MX231", "c*I"),
        ("det(A + 1)", "MX231", "c*I"),
        ("|A + 1|", "MX231", "c*I"),
        ("logdet(A A' + λ)", "MX231", "c*I"),
        ("sum(log(1 + exp(-X w)))", "MX231", "c*ones(n)"),
        ("sum(1 - θ)", "MX231", "c*ones(n)"),
    ],
)
def test_nothing_is_made_a_scalar_to_be_summed(
    refusal: Callable[..., ShapeProblem], text: str, code: str, advice: str
) -> None:
    problem = refusal(text)
    assert problem.code == code
    assert problem.hint is not None
    assert advice in problem.hint
    assert problem.hint.endswith((": scalar if that is meant", ": 1×n if that is meant"))


def test_declared_scalars_are_taken_as_they_are(read_text: Read) -> None:
    for text in ("mean(x^2)", "sum(1 - x)", "sum(1/x)", "tr(x^2 + x + 1)", "(1 - x)'(1 - x)"):
        assert read_text(text, "x : scalar").inferred == {}


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("tr(x'A x)", {"x": "n×1", "A": "n×n"}),  # a scalar made of arrays
        ("sum(w'x)", {"w": "n×1", "x": "n×1"}),
        ("log(1 + exp(x))", {"x": "1×1"}),  # nothing is asked of it
        ("|x - 1|", {"x": "1×1"}),
        ("sum(t x)", {"t": "1×1", "x": "n×1"}),
        ("logdet(x)", {"x": "n×n"}),
        ("tr(S^-1 T) + (m - μ)'S^-1(m - μ) - k + log(|S|/|T|)",
         {"S": "n×n", "T": "n×n", "m": "n×1", "μ": "n×1", "k": "1×1"}),
    ],
)  # fmt: skip
def test_what_is_asked_of_arrays_decides(
    shapes_inferred: Inferred, text: str, shapes: dict[str, str]
) -> None:
    assert shapes_inferred(text) == shapes


def test_a_dimension_is_a_number_unless_a_variable_has_its_name(read_text: Read) -> None:
    names = {node.operation.name for node in postorder(read_text("x'x/n", "x : n").expression)}
    assert "size" in names
    assert list(read_text("x'x/n", "x : n, n : scalar").variables) == ["x", "n"]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("e^(-t x'x)", "exp(-t x'x)"),
        ("a'e^(A x)", "a'exp(A x)"),
        ("e.^x", "exp(x)"),
        ("e^2 t", "exp(2) t"),
        ("log(1 + e^t) + e^2", "log(1 + exp(t)) + exp(2)"),
        ("Σ_i a[i] e^(-x[i])", "a'exp(-x)"),
    ],
)
def test_powers_of_e_are_exponentials(read_text: Read, text: str, plain: str) -> None:
    declared = "A : n×n, a : n, x : n, t : scalar"
    reading = read_text(text, declared)
    assert normalise(reading.expression) is normalise(read_text(plain, declared).expression)
    assert reading.inferred == {}
    assert reading.warnings == ["e^… is read as exp(…); declare e to give it another meaning"]


@pytest.mark.parametrize(
    ("text", "declared"),
    [("e^t", "e : scalar, t : scalar"), ("e^2", "e : scalar"), ("e*e^t", "t : scalar")],
)
def test_an_e_that_is_something_else_stays_that(read_text: Read, text: str, declared: str) -> None:
    reading = read_text(text, declared)
    assert "e" in reading.variables
    assert not any("exp(" in warning for warning in reading.warnings)


def test_notes(read_text: Read) -> None:
    assert read_text("σ(x)", "x : n").warnings == [
        "σ(…) is read as the sigmoid; declare σ to give it another meaning"
    ]
    assert read_text("I A", "I : m×n, A : n×p").warnings == [
        "I is the variable declared, not the constant of that name"
    ]
    assert read_text("‖A‖_1", "A : m×n").warnings == [
        "‖A‖_1 is the sum of the absolute values of all entries"
    ]


def test_what_a_declared_name_hides_is_told_once(
    read_text: Read, environment_of: Named, tree_of: Parsed
) -> None:
    assert read_text("mean'x + mean'mean", "mean : n, x : n").warnings == [
        "mean is the variable declared, not the function of that name"
    ]
    assert read_text("Σ_i sin[i] x[i]", "sin : n, x : n").warnings == [
        "sin is the variable declared, not the function of that name"
    ]
    assert read_text("x'x", "mean : n, x : n").warnings == []
    environment = environment_of("x : n")
    environment.define("norm", read(tree_of("x'x", environment), environment).expression)
    assert read(tree_of("norm^2", environment), environment).warnings == [
        "norm is the definition made, not the function of that name"
    ]


def test_definitions_bring_their_variables_along(environment_of: Named, tree_of: Parsed) -> None:
    environment = environment_of("A : m×n, x : n")
    inner = read(tree_of("A x + b", environment), environment)
    environment.define("y", inner.expression, variables=inner.variables.values())
    reading = read(tree_of("y'y", environment), environment)
    assert list(reading.variables) == ["A", "x", "b"]
    assert list(reading.inferred) == ["b"]


def test_trees_read_together_share_their_names(tree_of: Parsed) -> None:
    environment = Environment()
    trees = [tree_of(text, environment) for text in ("A x", "b")]
    readings = read_together(trees, environment, same_shape=True)
    assert [shape_text(reading.expression.shape) for reading in readings] == ["m×1", "m×1"]
    further = readings[0].environment
    assert read(tree_of("A'b", further), further).inferred.keys() == {"A", "b"}


def test_a_definition_may_be_deep(environment_of: Named, tree_of: Parsed) -> None:
    environment = environment_of("A : n×n")
    expression = read(tree_of("A", environment), environment).expression
    for _ in range(3000):
        expression = expression @ environment.variables["A"].symbol + expression
    environment.define("Y", expression)
    assert list(read(tree_of("tr(Y)", environment), environment).variables) == ["A"]


def test_a_chain_too_long_to_search_is_told(read_text: Read) -> None:
    reading = read_text(" ".join(["A∘B"] * 21), SQUARE)
    assert reading.warnings == [
        "the chain A∘B A∘B A∘B A∘B A∘B A∘B…A∘B A∘B A∘B A∘B A∘B A∘B has more than 40 operands, so "
        "only the usual reading was tried: products first, then from the left"
    ]


@pytest.mark.parametrize("sign", [" ", "∘", " + ", "*"])
def test_long_runs_are_read_in_linear_time(read_text: Read, sign: str) -> None:
    assert read_text(sign.join(["A"] * 5000), SQUARE).expression.shape[0] is Dimension.of("n")


def test_variables_know_how_they_were_declared(environment_of: Named) -> None:
    environment = environment_of("S : n×n spd, x : n, y : m×1, c : scalar")
    is_vector = {name: variable.is_vector for name, variable in environment.variables.items()}
    assert is_vector == {"S": False, "x": True, "y": False, "c": False}
    assert environment.variables["S"].properties == ("spd",)
    assert environment.dimensions == {"n", "m"}
    assert isinstance(environment.variables["x"], Variable)
    environment.declare(parse_declarations("x : n"))


def test_names_of_dimensions_are_a_space_of_their_own(read_text: Read) -> None:
    assert shape_text(read_text("A", "A : A×A").expression.shape) == "A×A"
    assert parse_expression("A", declared=(), functions=()) is not None
