"""Derivatives by a variable with structure, against differences along the structure.

The reference knows only the function and which entries of a structure are independent: E_k is the
change of all entries that goes with a change of the k-th independent one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from numerics import SIZES, close, differences, draw, matrix, n, p, q, value

from matdiff.derivatives import Derivative, derive
from matdiff.dimensions import ONE
from matdiff.emission import numpy_source
from matdiff.errors import MatdiffError, ShapeProblem, UsageProblem
from matdiff.judging.claims import confirmation
from matdiff.judging.identity import identity as same
from matdiff.operations.algebra import Expression, hadamard, symbol
from matdiff.operations.elementwise import EXP, apply
from matdiff.operations.linear import total, trace
from matdiff.operations.nonlinear import logdet
from matdiff.rendering import text
from matdiff.session import Session
from matdiff.settings import Settings
from matdiff.verification import verify
from matdiff.verification.structure import endow

STRUCTURES = ("symmetric", "skew", "diagonal", "lower", "upper")
ORDERS = {"column": "F", "row": "C"}
STEP = 1e-4
A, B, C, P, Q = (
    matrix("A", n, n), matrix("B", n, n), matrix("C", n, n), matrix("P", p, n), matrix("Q", n, q),
)  # fmt: skip

of_each_structure = pytest.mark.parametrize("structure", STRUCTURES)
of_each_vec = pytest.mark.parametrize("vec", ORDERS)


def variable(*properties: str) -> Expression:
    return symbol("X", n, n, properties)


def scalar_of(X: Expression) -> Expression:
    return trace(A @ X @ B @ X) + total(C * apply(EXP, X))


def matrix_of(X: Expression) -> Expression:
    return P @ X @ hadamard(C, X.T) @ Q


def values_for(X: Expression, *others: Expression) -> dict[Expression, np.ndarray]:
    values = draw(X, *others)
    random = np.random.default_rng(3)
    values[X] = endow(np, random, random.normal(size=values[X].shape), X.parameters[3:])
    return values


def changes(structure: str, order: int) -> Iterator[np.ndarray]:
    """E_k of each independent entry, column by column; of an upper triangle row by row."""
    for j in range(order):
        for i in range(j, order):
            E = np.zeros((order, order))
            E[i, j] = 1
            if structure == "upper":
                yield E.T
            elif structure == "lower" or (structure in ("symmetric", "diagonal") and i == j):
                yield E
            elif structure in ("symmetric", "skew") and i != j:
                yield E + E.T if structure == "symmetric" else E - E.T


def slope(f: Expression, X: Expression, values: dict[Expression, np.ndarray], E: np.ndarray):
    def at(s: float) -> np.ndarray:
        return value(f, {**values, X: values[X] + s * STEP * E})

    return (8 * (at(1) - at(-1)) - at(2) + at(-2)) / (12 * STEP)


def curvature(f: Expression, X: Expression, values, E: np.ndarray, F: np.ndarray) -> float:
    def at(s: int, t: int) -> float:
        h = 1e-3
        return value(f, {**values, X: values[X] + h * (s * E + t * F)}).item() / (4 * h * h)

    return at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)


def stack(E: np.ndarray, vec: str) -> np.ndarray:
    return E.ravel(order=ORDERS[vec])  # type: ignore[call-overload]


def the_derivative(kind: str, X: Expression, way: str | None, **options: str) -> Derivative:
    f = matrix_of(X) if kind == "jacobian" else scalar_of(X)
    return derive(kind, f, X, structure=way, **options)


@of_each_structure
def test_gradients(structure: str) -> None:
    X = variable(structure)
    f = scalar_of(X)
    values = values_for(X, f)
    slopes = [(E, slope(f, X, values, E).item()) for E in changes(structure, SIZES["n"])]
    # the projection is the one matrix of the structure with <G, E> = Df[E]
    projected = sum(d * E / np.sum(E * E) for E, d in slopes)
    # each entry of the other is the derivative by the independent entry that stands there
    by_entries = sum(d * E for E, d in slopes)
    for way, expected in (("projection", projected), ("entries", by_entries)):
        assert close(value(the_derivative("gradient", X, way).formula, values), expected), way
    free = differences(f, X, values).reshape(values[X].shape, order="F")
    assert close(value(the_derivative("gradient", X, "free").formula, values), free)


@of_each_structure
@of_each_vec
def test_jacobians(structure: str, vec: str) -> None:
    X = variable(structure)
    Y = matrix_of(X)
    values = values_for(X, Y)
    slopes = [(E, stack(slope(Y, X, values, E), vec)) for E in changes(structure, SIZES["n"])]
    expected = {
        "projection": sum(np.outer(d, stack(E, vec)) / np.sum(E * E) for E, d in slopes),
        "entries": np.array([d for _, d in slopes]).T,
        "free": differences(Y, X, values, ORDERS[vec]),
    }
    for way, J in expected.items():
        for layout, matrix_ in (("numerator", J), ("denominator", J.T)):
            found = the_derivative("jacobian", X, way, layout=layout, vec=vec)
            assert close(value(found.formula, values), matrix_), (way, layout)


@of_each_structure
@of_each_vec
def test_hessians(structure: str, vec: str) -> None:
    X = variable(structure)
    f = scalar_of(X)
    values = values_for(X, f)
    basis = list(changes(structure, SIZES["n"]))
    inner = np.array([[curvature(f, X, values, E, F) for F in basis] for E in basis])
    outer = np.array([stack(E, vec) / np.sum(E * E) for E in basis])
    expected = {"entries": inner, "projection": outer.T @ inner @ outer}
    for way, H in expected.items():
        for layout in ("numerator", "denominator"):
            found = the_derivative("hessian", X, way, layout=layout, vec=vec)
            assert close(value(found.formula, values), H, 1e-5), (way, layout)


@of_each_structure
@pytest.mark.parametrize("kind", ["gradient", "jacobian", "hessian"])
@of_each_vec
def test_each_is_verified_and_no_other_passes_for_it(structure: str, kind: str, vec: str) -> None:
    X = variable(structure)
    found = {
        way: the_derivative(kind, X, way, vec=vec) for way in ("projection", "free", "entries")
    }
    for way, right in found.items():
        assert verify(right, seed=5).passed is True, (way, text(right.formula))
        for other in found.values():
            if other.formula is not right.formula:
                formula, right.formula = right.formula, other.formula
                assert verify(right, seed=5).passed is False, (way, other.structure)
                right.formula = formula


@of_each_structure
@pytest.mark.parametrize("way", ["projection", "entries"])
def test_emitted_code_has_the_value(structure: str, way: str) -> None:
    X = variable(structure)
    for kind in ("gradient", "jacobian", "hessian"):
        found = the_derivative(kind, X, way)
        values = values_for(X, found.formula)
        source, parameters = numpy_source(found.formula, name="f", result="matrix")
        space: dict[str, Callable[..., np.ndarray]] = {}
        exec(compile(source, kind, "exec"), space)
        arrays = {node.parameters[0]: array for node, array in values.items()}
        given = {parameter: arrays[name] for parameter, name in parameters.items()}
        assert close(space["f"](**given), value(found.formula, values), 1e-12)


SHORT = {
    ("gradient", "logdet(S)", "spd", "projection"): "S^-1",
    ("gradient", "logdet(S)", "spd", "entries"): "2 S^-1 - diag(diag(S^-1))",
    ("hessian", "logdet(S)", "spd", "projection"): "-(S^-1⊗S^-1)(I + K(n,n))/2",
    ("hessian", "logdet(S)", "spd", "entries"): "-D(n)'(S^-1⊗S^-1)D(n)",
    ("hessian", "logdet(S)", "spd", "free"): "-(S^-1⊗S^-1)K(n,n)",
    ("jacobian", "A S B", "symmetric", "entries"): "(B'⊗A)D(n)",
    ("jacobian", "vech(S)", "symmetric", "entries"): "I(n*(n+1)/2)",
    ("jacobian", "vec(S)", "symmetric", "entries"): "D(n)",
    ("jacobian", "A S B", "skew", "entries"): "(B'⊗A)D_skew(n)",
    ("jacobian", "A S B", "diagonal", "entries"): "B'⊛A",
    ("hessian", "tr(A S B S)", "diagonal", "entries"): "A'∘B + A∘B'",
    ("jacobian", "vech(S)", "lower", "entries"): "I(n*(n+1)/2)",
    ("gradient", "tr(A S)", "lower", "entries"): "tril(A')",
    ("gradient", "tr(A S)", "upper", "projection"): "tril(A)'",
}  # fmt: skip


@pytest.mark.parametrize("kind, function, structure, way", SHORT)
def test_formulas_are_as_short_as_an_expert_writes_them(
    kind: str, function: str, structure: str, way: str
) -> None:
    session = Session()
    session.declare(f"S: n×n {structure}, A: n×n, B: n×n")
    answer = session.differentiate(kind, session.parse(function), "S", Settings(structure=way))
    assert answer.derivative is not None
    assert text(answer.derivative.formula) == SHORT[kind, function, structure, way]


def asked(kind: str, properties: str, way: str | None, shape: str = "n×n") -> Derivative:
    session = Session()
    session.declare(f"S: {shape} {properties}, W: n×q")
    formula = session.parse("S W" if kind == "jacobian" else "norm(S W)^2")
    answer = session.differentiate(kind, formula, "S", Settings(structure=way))
    assert answer.derivative is not None
    return answer.derivative


@pytest.mark.parametrize(
    "kind, properties, way, note",
    [
        ("gradient", "symmetric", None,
         "S is symmetric: this is the gradient projected onto that structure"),
        ("gradient", "spd", "entries", "S is spd: this is the gradient by its independent entries"),
        ("gradient", "skew", "entries",
         "S is skew: this is the gradient by its independent entries, those below the diagonal"),
        ("jacobian", "lower", "projection",
         "S is lower: this is the Jacobian projected onto that structure"),
        ("jacobian", "symmetric", "entries",
         "S is symmetric: this is the Jacobian by its independent entries, vech(S)"),
        ("hessian", "upper", "entries",
         "S is upper: this is the Hessian by its independent entries, vech(S')"),
        ("jacobian", "skew", "entries", "S is skew: this is the Jacobian by its independent "
         "entries, those below the diagonal, column by column"),
        ("jacobian", "symmetric", None, "the entries of S were varied independently, its structure "
         "left aside (projection or entries uses it)"),
        ("hessian", "symmetric", "free",
         "the entries of S were varied independently, its structure left aside"),
        ("gradient", "orthogonal", None,
         "the entries of S were varied independently, its structure left aside"),
        ("gradient", "orthogonal", "entries",
         "the entries of S were varied independently: orthogonal is no linear structure"),
    ],
)  # fmt: skip
def test_the_note_says_what_was_done(
    kind: str, properties: str, way: str | None, note: str
) -> None:
    assert asked(kind, properties, way).notes == [note]


def test_what_is_no_linear_structure_is_varied_freely() -> None:
    for properties in ("orthogonal", "invertible", "positive", "binary"):
        free = asked("jacobian", properties, "free").formula
        for way in (None, "projection", "entries"):
            assert asked("jacobian", properties, way).formula is free


def test_the_word_after_as() -> None:
    assert Settings().structure is None
    for way in ("projection", "free", "entries"):
        assert Settings().changed_by([way]).structure == way
    with pytest.raises(UsageProblem) as refusal:
        Settings().changed_by(["whole"])
    assert refusal.value.hint == "numerator, denominator, row, column, projection, free or entries"


def test_refusals() -> None:
    with pytest.raises(ShapeProblem, match="the independent entries of S are stacked only if") as e:
        asked("jacobian", "lower", "entries", "m×n")
    assert e.value.code == "MX230" and e.value.hint
    with pytest.raises(MatdiffError) as refusal:
        derive("jacobian", symbol("S", ONE, ONE, ["skew"]), symbol("S", ONE, ONE, ["skew"]),
               structure="entries")  # fmt: skip
    assert refusal.value.code == "MX229"
    with pytest.raises(UsageProblem, match=r"structure is .*, not 'whole'"):
        asked("gradient", "symmetric", "whole")


def test_an_oblong_triangle_is_projected_on() -> None:
    T = symbol("T", p, n, ["lower"])
    Y = A @ T.T
    for kind, f in (("gradient", trace(Y @ P)), ("jacobian", Y), ("hessian", trace(Y @ T @ A))):
        assert verify(derive(kind, f, T, structure="projection"), seed=2).passed is True


def test_the_variable_is_not_taken_for_symmetric_while_it_is_varied() -> None:
    # d logdet S = tr(S^-1 dS), so the free Hessian is that of any invertible matrix
    S = symbol("S", n, n, ["spd"])
    H = derive("hessian", logdet(S), S, structure="free")
    assert text(H.formula) == "-(S^-1⊗S^-1)K(n,n)" and verify(H, seed=1).passed


@of_each_structure
@pytest.mark.parametrize("way", ["projection", "free", "entries"])
def test_the_judge_confirms_each_by_the_differential(structure: str, way: str) -> None:
    X = variable(structure)
    for kind in ("gradient", "jacobian", "hessian"):
        f = matrix_of(X) if kind == "jacobian" else trace(A @ X @ B @ X)
        found = derive(kind, f, X, structure=way, vec="row")
        assert same(*confirmation(found, found.formula), (f,), seed=4).holds
        assert not same(*confirmation(found, 2 * found.formula), (f,), seed=4).holds
