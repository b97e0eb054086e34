"""matdiff's expressions in SymPy's language, and what SymPy makes of them.

Each operation has one translation, the nearest thing `sympy.matrices.expressions` has; an
operation without one raises `Untranslatable`.  A scalar product x'y stays a 1×1 `MatrixExpr`,
which SymPy differentiates best, until it meets a scalar or a function of scalars: there it is its
`Trace`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import sympy
from references import Untranslatable, Values
from sympy import MatrixExpr, MatrixSymbol, OneMatrix, Rational, Symbol, Trace
from sympy.matrices import expressions as matrices

from matdiff.dimensions import Dimension
from matdiff.operations.algebra import Expression, postorder

NAME, VERSION = "SymPy", sympy.__version__


def translate(f: Expression, wrt: Expression) -> tuple[Any, Any]:
    """The function and the variable in SymPy."""
    made: dict[Expression, Any] = {}
    for node in postorder(f, wrt):
        rule = RULES.get(node.operation.name)
        if rule is None:
            raise Untranslatable(node.operation.name)
        made[node] = rule(node, *(made[argument] for argument in node.arguments))
    return made[f], made[wrt]


def differentiate(f: Any, wrt: Any) -> Any:
    """The derivative, as SymPy gives it."""
    return f.diff(wrt)


def value(answer: Any, symbols: list[Expression], values: Values) -> np.ndarray:
    """The answer at a point, its sides of one left out; an error if it holds a derivative."""
    sizes = {Symbol(name): size for name, size in values.items() if isinstance(size, int)}
    here = answer.subs(sizes)
    points: dict[Any, Any] = {}
    for node in symbols:
        name = str(node.parameters[0])
        if node.is_scalar:
            points[Symbol(name)] = sympy.Float(float(np.squeeze(values[name])))
        else:
            matrix = sympy.ImmutableDenseMatrix(np.asarray(values[name]).tolist())
            points[MatrixSymbol(name, *matrix.shape)] = matrix
    there = here.xreplace(points).doit()
    if hasattr(there, "as_explicit"):
        there = there.as_explicit()
    if not hasattr(there, "shape"):
        return np.array(float(there))
    sides = [int(side) for side in there.shape if side != 1]
    return np.array([float(entry) for entry in sympy.flatten(there)]).reshape(sides)


def _size(side: Dimension) -> Any:
    return sympy.sympify(str(side), locals={name: Symbol(name) for name in side.names()})


def _matrix(node: Expression) -> Any:
    name, shape = str(node.parameters[0]), map(_size, node.shape)
    return Symbol(name) if node.is_scalar else MatrixSymbol(name, *shape)


def _is_matrix(A: Any) -> bool:
    return isinstance(A, MatrixExpr)


def _scalar(A: Any) -> Any:
    return Trace(A) if _is_matrix(A) else A


def _add(node: Expression, A: Any, B: Any) -> Any:
    return A + B if _is_matrix(A) and _is_matrix(B) else _scalar(A) + _scalar(B)


def _scale(node: Expression, s: Any, A: Any) -> Any:
    return _scalar(s) * A


def _of_scalars(rule: Callable[..., Any]) -> Callable[..., Any]:
    """The rule of an elementwise function on a scalar, or on a matrix entry by entry."""

    def apply(node: Expression, A: Any) -> Any:
        if node.is_scalar:
            return rule(_scalar(A))
        t = sympy.Dummy("t", real=True)
        return A.applyfunc(sympy.Lambda(t, rule(t)))

    return apply


def _total(node: Expression, A: Any) -> Any:
    m, n = A.shape
    left = A if m == 1 else OneMatrix(1, m) * A
    return left if n == 1 else left * OneMatrix(n, 1)


def _hadamard(node: Expression, A: Any, B: Any) -> Any:
    if not node.is_scalar:
        return matrices.hadamard_product(A, B)
    numbers = any(not _is_matrix(s) and s.is_number for s in (A, B))
    return A * B if numbers else _scalar(A) * _scalar(B)


def _power(node: Expression, A: Any, exponent: Any) -> Any:
    return _scalar(A) ** exponent if node.is_scalar else matrices.HadamardPower(A, exponent)


def _softmax(node: Expression, x: Any) -> Any:
    e = x.applyfunc(sympy.exp)
    return 1 / _scalar(_total(node, e)) * e


ELEMENTWISE: dict[str, Callable[..., Any]] = {
    "abs": lambda t: sympy.Abs(t),
    "relu": lambda t: sympy.Max(0, t),
    "sigmoid": lambda t: 1 / (1 + sympy.exp(-t)),
    "softplus": lambda t: sympy.log(1 + sympy.exp(t)),
    **{
        name: getattr(sympy, name)
        for name in "exp log sin cos tan sinh cosh tanh asin acos atan sqrt erf sign".split()
    },
}
RULES: dict[str, Callable[..., Any]] = {
    "symbol": lambda node: _matrix(node),
    "number": lambda node: Rational(str(node.parameters[0])),
    "size": lambda node: _size(node.parameters[0]),
    "I": lambda node: matrices.Identity(_size(node.rows)),
    "ones": lambda node: OneMatrix(*map(_size, node.shape)),
    "add": _add,
    "scale": _scale,
    "multiply": lambda node, A, B: A * B,
    "hadamard": _hadamard,
    "transpose": lambda node, A: A.T,
    "inner": lambda node, A, B: Trace(A.T * B),
    "tr": lambda node, A: Trace(A),
    "sum": _total,
    "diag": lambda node, x: matrices.DiagMatrix(x),
    "diagonal": lambda node, A: matrices.DiagonalOf(A),
    "kron": lambda node, A, B: matrices.KroneckerProduct(A, B),
    "inv": lambda node, A: matrices.Inverse(A),
    "det": lambda node, A: matrices.Determinant(A),
    "logdet": lambda node, A: sympy.log(matrices.Determinant(A)),
    "norm": lambda node, A: sympy.sqrt(Trace(A.T * A)),
    "power": _power,
    "softmax": _softmax,
    "logsumexp": lambda node, x: sympy.log(_scalar(_total(node, x.applyfunc(sympy.exp)))),
    **{name: _of_scalars(rule) for name, rule in ELEMENTWISE.items()},
}
