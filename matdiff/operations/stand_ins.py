"""Functions that stand for unknown ones where a formula is compared with numbers.

φ(t) = Σ_k a_k sin(b_k t + c_k), g(x) = C sin(B x + d) and f(x) = c'sin(B x + d) are analytic, their
derivatives of every order are exact, and they are general: φ and its derivatives take any values
at finitely many points, and a Hessian or Jacobian has full rank.  In floating point the name
chooses the coefficients; as an expression they are variables of their own, which no text can name.
"""

from __future__ import annotations

from binascii import crc32
from functools import reduce
from math import pi
from typing import Any

from matdiff.dimensions import ONE, Dimension
from matdiff.operations.algebra import (
    Expression,
    add,
    apply,
    hadamard,
    multiply,
    number,
    ones,
    scale,
    symbol,
)
from matdiff.operations.elementwise import COS, SIN, power
from matdiff.operations.linear import diag

_WAVES = 5  # sines of one number in floating point
_TERMS = 4  # the same with coefficients left open; φ(x 1' + 1 y') has at most twice this rank

# -- in floating point, all arrays two-dimensional ------------------------------------------------


def entry_values(np: Any, name: str, order: int, X: Any) -> Any:
    """A derivative of φ at each entry of X."""
    generator = _generator(np, name)
    return _sines(np, generator, order, X) @ generator.normal(size=_WAVES)


def curve_values(np: Any, name: str, order: int, t: Any, m: int = 1) -> Any:
    """A derivative of g(t) = A s, m×1, with s_k = sin(b_k t + c_k)."""
    generator = _generator(np, name)
    s = _sines(np, generator, order, t)[0, 0]
    return generator.normal(size=(m, _WAVES)) @ s[:, None]


def field_values(np: Any, name: str, order: int, x: Any, m: int | None) -> Any:
    """g(x) = C sin(B x + d) or its Jacobian for C of m rows; without m f(x), of which C is one
    row, its gradient or its Hessian."""
    generator = _generator(np, name)
    n = len(x)
    C = generator.normal(size=(m or 1, n + _WAVES))
    B = generator.normal(size=(n + _WAVES, n)) / n**0.5
    inside = B @ x + generator.uniform(-pi, pi, size=(n + _WAVES, 1))
    if order == 0:
        return C @ np.sin(inside)
    if order == 1:
        J = C @ (np.cos(inside) * B)
        return J if m else J.T
    return -B.T @ (C.T * np.sin(inside) * B)


def _generator(np: Any, name: str) -> Any:
    return np.random.default_rng(crc32(name.encode()))


def _sines(np: Any, generator: Any, order: int, t: Any) -> Any:
    """The derivatives by t of sin(b_k t + c_k), for k on a further axis, the last."""
    b, c = generator.uniform(0.4, 1.4, size=_WAVES), generator.uniform(-pi, pi, size=_WAVES)
    return b**order * np.sin(t[..., None] * b + c + order * pi / 2)


# -- as expressions -------------------------------------------------------------------------------


def entries(name: str, order: int, X: Expression) -> Expression:
    """A derivative of φ at each entry of X."""
    terms = [_wave(name, k, order, X) for k in range(_TERMS)]
    return reduce(add, [scale(_coefficient(name, f"a{k}"), term) for k, term in enumerate(terms)])


def curve(name: str, order: int, t: Expression, m: Dimension) -> Expression:
    """A derivative of g(t), m×1."""
    terms = [_wave(name, k, order, t) for k in range(_TERMS)]
    columns = [_coefficient(name, f"a{k}", m) for k in range(_TERMS)]
    return reduce(add, map(scale, terms, columns))


def field(name: str, order: int, x: Expression, m: Dimension) -> Expression:
    """g(x) or its Jacobian; if m is one f(x), its gradient or its Hessian."""
    n = x.rows
    B, C = _coefficient(name, "B", n, n), _coefficient(name, "C", m, n)
    inside = add(multiply(B, x), _coefficient(name, "d", n))
    if order == 0:
        return multiply(C, apply(SIN, inside))
    if order == 1:
        J = multiply(multiply(C, diag(apply(COS, inside))), B)
        return J.T if m is ONE else J
    weights = hadamard(C.T, apply(SIN, inside))
    return -multiply(multiply(B.T, diag(weights)), B)


def _wave(name: str, k: int, order: int, X: Expression) -> Expression:
    """The derivative of sin(b t + c) at each entry."""
    b, c = _coefficient(name, f"b{k}"), _coefficient(name, f"c{k}")
    inside = add(scale(b, X), scale(c, ones(*X.shape)))
    slope = scale(power(b, number(order)), apply(COS if order % 2 else SIN, inside))
    return -slope if order % 4 > 1 else slope


def _coefficient(
    name: str, letter: str, rows: Dimension = ONE, columns: Dimension = ONE
) -> Expression:
    return symbol(f"{letter} of {name}", rows, columns)
