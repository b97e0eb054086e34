"""Functions of a square matrix: exponential, logarithm, square root, powers with a name.

f(X) acts on the eigenvalues of X and keeps its eigenvectors.  Its differential has a closed form
in matrix notation only where dX commutes with X, and against functions of X in a trace:
d tr f(X) = tr(f'(X) dX).  The root's always has one: S = X^½ gives dX = S dS + dS S, solved by
(I⊗S + S'⊗I) vec(dS) = vec(dX).

Source: Higham, Functions of Matrices (2008), chapters 1 and 3; Magnus & Neudecker, section 8.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NoReturn

from matdiff.dimensions import Dimension
from matdiff.errors import DomainProblem, ShapeProblem
from matdiff.operations.algebra import (
    CONSTRUCTORS,
    HALF,
    MINUS_ONE,
    NUMBER_ONE,
    Expression,
    add,
    apply,
    identity,
    make,
    number_value,
    scale,
)
from matdiff.operations.elementwise import exp, log, power, root
from matdiff.operations.linear import kron, unvec, vec
from matdiff.operations.matrix_numerics import (
    _expm,
    _hadamard,
    _logm,
    _powm,
    _sqrtm,
)
from matdiff.operations.nonlinear import inverse, matrix_power
from matdiff.operations.properties import TRIANGLES, Properties, Rule, always
from matdiff.operations.record import Notation, Operation, constant

HALF_OF_ONE = Fraction(1, 2)
LARGEST_ORDER = 4096  # of hadamard(n)


def no_closed_form(name: str, hint: str) -> Callable[..., NoReturn]:
    """The rule of an operation whose differential matrix notation cannot state: a refusal."""

    def refuse(*_: Expression) -> NoReturn:
        raise DomainProblem(
            f"the derivative of {name} has no closed form in matrix notation here",
            hint=hint,
            code="MX258",
        )

    return refuse


def _keeping_structure(added: str = "", **gained: str) -> Rule:
    """The properties of f(X): symmetry and triangles are kept; of a property of X follows another
    one by `gained`, and one there always is."""
    kept = frozenset({"symmetric"}) | TRIANGLES

    def rule(_: Expression, given: Sequence[Properties], mirrors: object) -> Properties:
        names = given[0] & kept | {new for old, new in gained.items() if old in given[0]}
        return names | {added} if added else names

    return rule


def _of_traces(call: str) -> str:
    return f"tr({call}) has one, also with functions of X as factors, and {call} by t for X = t A"


EXPM = Operation(
    "expm", signature="ii->ii", spellings=("expm",),
    notation=Notation(
        "function", "expm", latex=r"\operatorname{expm}", numpy="_expm(np, {0})", helpers=(_expm,),
        code={"jax": "jax.scipy.linalg.expm({0})", "torch": "torch.linalg.matrix_exp({0})",
              "julia": "exp({0})", "matlab": "expm({0})"},
    ),
    evaluate=_expm,
    over_field=lambda field, X: field.expm(X),
    differential=(no_closed_form("expm(X)", _of_traces("expm(X)")),),
    spectral=lambda X: expm(X),
    properties=_keeping_structure(
        "posdet", symmetric="spd", skew="orthogonal", nonnegative="nonnegative"
    ),
    summary="matrix exponential",
    source="Higham, section 10.2",
)  # fmt: skip
LOGM = Operation(
    "logm", signature="ii->ii", spellings=("logm",),
    notation=Notation(
        "function", "logm", latex=r"\operatorname{logm}", numpy="_logm(np, {0})",
        helpers=(_sqrtm, _logm), code={"julia": "log({0})", "matlab": "logm({0})"},
    ),
    evaluate=_logm,
    over_field=lambda field, X: field.logm(X),
    differential=(no_closed_form("logm(X)", _of_traces("logm(X)")),),
    spectral=lambda X: inverse(X),
    properties=_keeping_structure(orthogonal="skew"),
    domain="principal",
    summary="principal logarithm of a matrix",
    source="Higham, section 11.5",
)  # fmt: skip
SQRTM = Operation(
    "sqrtm", signature="ii->ii", spellings=("sqrtm",),
    notation=Notation(
        "function", "sqrtm", latex=r"\operatorname{sqrtm}", numpy="_sqrtm(np, {0})",
        helpers=(_sqrtm,), code={"julia": "sqrt({0})", "matlab": "sqrtm({0})"},
    ),
    evaluate=_sqrtm,
    over_field=lambda field, X: field.sqrtm(X),
    differential=(lambda X, dX: _sylvester(X, dX),),
    spectral=lambda X: scale(HALF, inverse(sqrtm(X))),
    properties=_keeping_structure("posdet", symmetric="spd", orthogonal="orthogonal"),
    domain="principal",
    summary="principal square root of a matrix",
    source="Higham, section 6.3",
)  # fmt: skip
MATRIX_POWER = Operation(
    "matrix_power", signature="ii,->ii",
    notation=Notation(
        "infix", "^", strength=7, latex="{0}^{{{1}}}", numpy="_powm(np, {0}, {1})",
        helpers=(_sqrtm, _logm, _expm, _powm),
        code={
            "julia": "{0}^only({1})",
            "matlab": "if {1} == floor({1})\n    {a} = {0}^{1};\nelse\n"
            "    {a} = expm({1} * logm({0}));\nend\n{a}",
        },
    ),
    evaluate=_powm,
    over_field=lambda field, X, k: field.matrix_power(X, k),
    differential=(
        no_closed_form(
            "X^k",
            "tr(X^k) has one, and so has X^k for a whole number k, as in X^3",
        ),
        lambda X, k, dk: scale(dk, powm(X, k) @ logm(X)),
    ),
    spectral=lambda X, k: scale(k, powm(X, add(k, MINUS_ONE))),
    properties=_keeping_structure(spd="spd", orthogonal="orthogonal", posdet="posdet"),
    domain="principal",
    summary="power of a square matrix whose exponent is not a number",
    source="Higham, section 7.1",
)  # fmt: skip
SYLVESTER = Operation(
    "sylvester", symmetric=True, properties=always("symmetric", "invertible"),
    notation=Notation(
        "atom", "hadamard", latex=r"\mathrm{hadamard}", numpy="_hadamard(np, {0})",
        helpers=(_hadamard,),
        code=constant(
            "_hadamard(np, {0})", matlab="hadamard({0})",
            julia="[{T}((-1)^count_ones(({a} - 1) & ({b} - 1))) for {a} in 1:{0}, {b} in 1:{0}]",
        ),
    ),
    evaluate=_hadamard,
    example=lambda m, n: (Dimension.of(4),),
    summary="Hadamard matrix of order n = 2^k: H'H = n I",
    source="Sylvester 1867",
)  # fmt: skip


def expm(X: Expression) -> Expression:
    return exp(X) if X.is_scalar else apply(EXPM, X)


def logm(X: Expression) -> Expression:
    return log(X) if X.is_scalar else apply(LOGM, X)


def sqrtm(X: Expression) -> Expression:
    return root(X) if X.is_scalar else apply(SQRTM, X)


def powm(X: Expression, k: Expression) -> Expression:
    """X^k of a square matrix for a scalar k, of a half the principal root; ShapeProblem for any
    other number that is not whole."""
    if X.is_scalar:
        return power(X, k)
    value = number_value(k)
    if value is None:
        return apply(MATRIX_POWER, X, k)
    if isinstance(value, int):
        return matrix_power(X, value)
    if abs(value) != HALF_OF_ONE:
        raise ShapeProblem(
            f"a matrix to the power {value}: the exponent is neither whole nor a half"
        )
    return sqrtm(X) if value > 0 else inverse(sqrtm(X))


def sylvester(n: Dimension) -> Expression:
    """Sylvester's Hadamard matrix; ShapeProblem unless n is a number that is a power of two."""
    order = n.value
    if order is None or order < 1 or order & (order - 1) or order > LARGEST_ORDER:
        raise ShapeProblem(
            f"hadamard({n}) is not a matrix that is known: the order is a power of two, "
            f"at most {LARGEST_ORDER}",
            hint="write the order as a number, hadamard(4)",
            code="MX228",
        )
    return NUMBER_ONE if order == 1 else make(SYLVESTER, (), (n, n), (n,))


def _sylvester(X: Expression, dX: Expression) -> Expression:
    """The dS with S dS + dS S = dX, for S = sqrtm(X)."""
    S, one = sqrtm(X), identity(X.rows)
    return unvec(inverse(kron(one, S) + kron(S.T, one)) @ vec(dX), *X.shape)


CONSTRUCTORS.update(
    {EXPM: expm, LOGM: logm, SQRTM: sqrtm, MATRIX_POWER: powm, SYLVESTER: sylvester}
)
