"""What is said when shapes do not agree: message, way out, and place."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from matdiff.errors import LimitReached, MatdiffError, NameProblem, ShapeProblem
from matdiff.shapes import Environment
from matdiff.syntax import parse_declarations

Refusal = Callable[..., MatdiffError]
Named = Callable[[str], Environment]
TO_MATRIX = "write c*ones(m,n) to add c to every entry, or c*I to add it to the diagonal"


@pytest.mark.parametrize(
    ("text", "declarations", "message", "hint", "place"),
    [
        ("A B", "A : m×n, B : k×p",
         "inner dimensions differ: A is m×n, B is k×p (n ≠ k)", None, "A B"),
        ("A*B", "A : m×n, B : m×n",
         "inner dimensions differ: A is m×n, B is m×n (n ≠ m)",
         "the elementwise product is written A∘B", "A*B"),
        ("x*y", "x : n, y : n",
         "inner dimensions differ: x is n×1, y is n×1 (1 ≠ n)",
         "the elementwise product is written x∘y, the inner product x'y", "x*y"),
        ("x A x", "A : n×n, x : n",
         "inner dimensions differ: x is n×1, A is n×n (1 ≠ n)", "x'A would fit", "x A"),
        ("tr(A (B C))", "A : m×n, B : n×p, C : q×m",
         "inner dimensions differ: B is n×p, C is q×m (p ≠ q)", None, "B C"),
        ("A C∘B", "A : m×n, B : n×m, C : n×n",
         "`∘` needs two operands of one shape: A C is m×n, B is n×m",
         "B' has the shape of A C", "A C∘B"),
        ("x + y'", "x : n, y : n",
         "`+` needs two operands of one shape: x is n×1, y' is 1×n", "y has the shape of x",
         "x + y'"),
        ("x + 1", "x : n",
         "`+` needs two operands of one shape: x is n×1, 1 is a scalar",
         "write c*ones(n) to add c to every entry", "x + 1"),
        ("A:B:C", "A : n×n, B : n×n, C : n×n",
         "`:` needs two operands of one shape: A : B is a scalar, C is n×n", None, "A:B:C"),
        ("A∘c", "A : n×n, c : scalar",
         "`∘` needs two operands of one shape: A is n×n, c is a scalar",
         "a scalar is a factor without ∘: c A", "A∘c"),
        ("1/x", "x : n", "`/` divides by a scalar, x is n×1",
         "elementwise: x.^-1; / takes one operand, so a product below it stands in brackets",
         "1/x"),
        ("1/x'x", "x : n", "`/` divides by a scalar, x' is 1×n",
         "`/` takes one operand: write 1/(x' x)", "1/x'"),
        ("logdet(A)", "A : m×n", "logdet needs a square matrix, A is m×n", None, "A"),
        ("tr(A B)", "A : m×n, B : n×p", "tr needs a square matrix, A B is m×p", None, "A B"),
        ("softmax(A)", "A : m×n", "softmax takes a column, A is m×n",
         "softmax(A, rows) is that of every row", "softmax(A)"),
        ("kron(A)", "A : m×n", "kron takes 2 arguments, 1 given", None, "kron(A)"),
        ("norm(x, 1)", "x : n", "norm takes 1 argument, 2 given",
         "norm is the 2-norm of a vector and the Frobenius norm of a matrix; there are also norm1, "
         "norm_inf and nuclear", "norm(x, 1)"),
        ("x^-1", "x : n", "the inverse needs a square matrix, x is n×1",
         "the power of every entry is x.^-1", "x^-1"),
        ("x^2", "x : n", "a matrix power needs a square matrix, x is n×1",
         "the power of every entry is x.^2, the square of the length norm(x)^2", "x^2"),
        ("A^2.2", "A : n×n",
         "the exponent of a matrix is a whole number, a half or a name, not 2.2",
         "the power of every entry is A.^2.2", "2.2"),
        ("1/x'x", "", "`/` divides by a scalar, x' is 1×n",
         "`/` takes one operand: write 1/(x' x); x is not declared; a declaration such as x : m×n "
         "may help", "1/x'"),
        ("logdet(X)/X", "",
         "the shapes agree only if X is a scalar, of which there is no logdet(X)",
         "brackets may be missing, as in a/(b c), or a dot, as in X.^2; declare X : scalar if it "
         "is one; X is not declared; a declaration such as X : m×n may help", "logdet(X)"),
        ("c^A", "A : n×n, c : scalar", "the exponent after ^ is a scalar, A is n×n", None, "A"),
        ("|x|", "x : n",
         "|…| is the absolute value of a scalar or the determinant of a square matrix, x is n×1",
         "the norm is written ‖x‖ or norm(x), absolute values of all entries abs(x)", "|x|"),
        ("‖A‖_2", "A : m×n",
         "‖…‖_2 is the length of a column, A is m×n; the spectral norm is not supported yet",
         "the Frobenius norm is written ‖A‖_F", "‖A‖_2"),
        ("sum(I)", "x : n", "the size of I is not fixed by anything: write I(n)", None, "I"),
        ("x'x I", "x : n", "the size of I is not fixed by anything: write I(n)", None, "I"),
        ("I(2.5)", "x : n",
         "`2.5` is no dimension: a dimension is a whole number, at least 1, a name, or a sum, "
         "difference or product of those", None, "2.5"),
        ("tr(I(n) A)", "A : p×p, x : n",
         "inner dimensions differ: I(n) is n×n, A is p×p (n ≠ p)", None, "I(n) A"),
        ("A⊛x", "A : m×n, x : n",
         "`⊛` needs two operands with as many columns: A is m×n, x is n×1",
         "A⊛x' would fit", "A⊛x"),
        ("vec(X) + v", "v : m*n", "the sizes of X are not fixed by the text",
         "declare X, as in X : m×n", "vec(X) + v"),
    ],
)  # fmt: skip
def test_the_message_in_full(
    refusal: Refusal, text: str, declarations: str, message: str, hint: str | None, place: str
) -> None:
    problem = refusal(text, declarations)
    assert isinstance(problem, ShapeProblem)
    assert (problem.message, problem.hint) == (message, hint)
    assert problem.span is not None
    assert text[slice(*problem.span)] == place


def test_an_undeclared_name_in_a_clash_is_named(refusal: Refusal) -> None:
    problem = refusal("A + Q B", "A : m×n, B : p×q")
    assert problem.message == "`+` needs two operands of one shape: A is m×n, Q B is k×q"
    assert problem.hint == "Q is not declared; a declaration such as Q : m×n may help"


def test_strict_refuses_what_is_ambiguous(refusal: Refusal) -> None:
    problem = refusal("A B∘C", "A : n×n, B : n×n, C : n×n", strict=True)
    assert problem.code == "MX216"
    assert "(A B)∘C (taken), or A (B∘C)" in problem.message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("9^(9^(9^9))", "the number 9^(9^9) has more than 1000 digits, the limit"),
        ("A^100", "the exponent 100 of a matrix power is beyond 64, the limit"),
        ("I(10000000000) A", "the dimension 10000000000 is beyond 1000000000, the limit"),
        ("⊗".join(["A"] * 80),
         "a dimension is a product of more than 64 factors or a sum of more than 256 terms, "
         "the limit"),
    ],
)  # fmt: skip
def test_limits_are_named(refusal: Refusal, text: str, message: str) -> None:
    problem = refusal(text, "A : n×n")
    assert isinstance(problem, LimitReached)
    assert problem.message == message


@pytest.mark.parametrize(
    ("declarations", "later", "message"),
    [
        ("A : m×n", "A : n×m", "A is declared twice, and differently"),
        ("", "A : m×n symmetric", "A is m×n; only a square matrix can be symmetric"),
        ("", "x : n spd", "x is a column; only a square matrix can be spd"),
        ("φ : n", "φ : elementwise", "φ is already declared as a variable"),
        ("φ : elementwise", "φ : n → m", "φ is declared twice, and differently"),
        (
            "",
            "D : elementwise",
            "D cannot be declared as a function: D(…) has a meaning of its own",
        ),
        ("", "A : 10000000000×n", "the dimension 10000000000 is beyond 1000000000, the limit"),
    ],
)
def test_declarations_are_checked(
    environment_of: Named, declarations: str, later: str, message: str
) -> None:
    environment = environment_of(declarations)
    with pytest.raises(MatdiffError) as caught:
        environment.declare(parse_declarations(later))
    assert caught.value.message == message
    assert caught.value.span is not None


def test_a_definition_does_not_take_a_variable_name(environment_of: Named) -> None:
    environment = environment_of("A : m×n")
    with pytest.raises(NameProblem, match="A is already declared as a variable"):
        environment.define("A", environment.variables["A"].symbol)
